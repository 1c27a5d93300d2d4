"""Twilio's webhooks of a call that comes in. Every answer is TwiML; the same post again gets the same."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Annotated, ParamSpec, TypeVar

import structlog
from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from backend import db
from backend.calls import ending, hold_music, rules, service
from backend.calls.desk import Desk, desk_of
from backend.calls.service import Answered, Asked
from backend.conversations.routes import turns_of
from backend.depends import House, InHouse, get_house
from backend.errors import HotlineError, NotFound, Refused
from backend.outbox.webhook import Form, SignedForm
from telephony import twiml, voice
from telephony.ports import BadForm

log = structlog.get_logger(__name__)
T = TypeVar("T")
P = ParamSpec("P")
router = APIRouter(prefix="/telephony/voice", tags=["telephony"])

Number = Annotated[int, Query(ge=0, le=100_000)]


def _never_failing(answer: Callable[P, Awaitable[Response]]) -> Callable[P, Awaitable[Response]]:
    """Whatever fails unforeseen, whoever is on the line is not left with an error of the carrier's."""

    @wraps(answer)
    async def answered(*args: P.args, **more: P.kwargs) -> Response:
        try:
            return await answer(*args, **more)
        except HotlineError:
            raise
        except Exception:
            log.exception("a call cannot go on")
            return _twiml(FALLBACK)

    return answered


@router.post("", response_class=Response)
@_never_failing
async def call_comes_in(request: Request, form: SignedForm) -> Response:
    """Somebody rings (form as Twilio sends it, signed): the greeting."""
    inbound = _read(voice.parse_inbound, form)
    return _twiml(await _first(request, lambda session, desk: service.ring(session, inbound, desk)))


@router.post("/turn", response_class=Response)
@_never_failing
async def call_turn(request: Request, form: SignedForm, house: InHouse, turn: Number = 0, poll: Number = 0) -> Response:
    """The caller has spoken, pressed keys, been silent, or left the queue. The bot's answer is waited for shortly; then
    the caller is asked to wait and the carrier comes back (`poll`)."""
    came, heard, key, turns = time.monotonic(), _read(voice.parse_turn, form), f"turn:{turn}:{poll}", turns_of(request)
    try:
        begun = await _first(request, lambda session, desk: service.begin(session, key, heard, desk, turns))
    except NotFound:  # a call that began before this house did
        inbound = _read(voice.parse_inbound, form)
        return _twiml(await _first(request, lambda session, desk: service.ring(session, inbound, desk)))
    if isinstance(begun, Answered):
        return _told(house, begun)
    if begun.turn is not None:
        turns.start(begun.turn)
    house.bus.publish("desk", conversation=begun.conversation_id)
    await turns.wait(
        begun.conversation_id,
        lambda: _is_answered(house, begun),
        rules.patience(house.reference.voice.answer_within, time.monotonic() - came),
        started=begun.turn if begun.turn is not None and begun.turn.seq == begun.seq else None,
    )
    return _told(house, await _first(request, lambda session, desk: service.finish(session, heard.sid, key, desk)))


@router.post("/queue", response_class=Response)
@_never_failing
async def call_waits(
    request: Request, form: SignedForm, round_: Annotated[int, Query(alias="round", ge=0, le=100_000)] = 0
) -> Response:
    """One round of waiting for a person: the place in the queue and music; the 1 key books a callback instead."""
    heard = _read(voice.parse_turn, form)
    waiting = await _first(request, lambda session, desk: service.wait(session, heard.sid, heard.keys, round_, desk))
    return _twiml(waiting)


@router.post("/recording", response_class=Response)
@_never_failing
async def message_left(request: Request, form: SignedForm, house: InHouse) -> Response:
    """The caller has left a message, or has said nothing."""
    sid, recorded = _read(voice.parse_turn, form).sid, _read(voice.parse_recorded, form)
    answer = await _first(request, lambda session, desk: ending.keep_message(session, sid, recorded, desk))
    await _announce(house, sid)
    return _twiml(answer)


@router.post("/status", status_code=204)
async def call_status(request: Request, form: SignedForm, house: InHouse) -> Response:
    """How far the call has come; a caller who has hung up leaves the queue. Repeated and late ones do no harm."""
    status = _read(voice.parse_status, form)
    await _first(request, lambda session, desk: ending.apply_status(session, status, desk))
    await _announce(house, status.sid)
    return Response(status_code=204)


@router.get("/hold.wav", response_class=Response)
def music_on_hold() -> Response:
    """What callers hear while they wait."""
    return Response(hold_music.wav(), media_type="audio/wav", headers={"Cache-Control": "public, max-age=86400"})


@router.get("/fallback", response_class=Response)
@router.post("/fallback", response_class=Response)
def fallback() -> Response:
    """What the carrier says when a webhook of ours has failed: fixed, asks nothing and nobody."""
    return _twiml(FALLBACK)


FALLBACK = twiml.apology(
    "抱歉，我们的电话系统暂时出了问题。如果有触电、冒烟等危险，请先断电离开，拨打119或120。请过几分钟再打。",
    "Sorry, our telephone system has a problem right now. In danger switch off the power, leave, and call 119 or 120. "
    "Please ring again in a few minutes.",
)


def _read(parse: Callable[[Form], T], form: Form) -> T:
    try:
        return parse(form)
    except BadForm as error:
        raise Refused(f"The form cannot be used: {error}.") from error


async def _first(request: Request, work: Callable[[Session, Desk], T]) -> T:
    """Run a unit of work before what nobody waits for, and commit it."""
    house = get_house(request)

    def unit() -> T:
        return db.done_in_unit(house.sessions, lambda session: work(session, desk_of(house, house.clock.now())))

    return await turns_of(request).way.first(unit)


def _is_answered(house: House, begun: Asked) -> bool:
    with db.read_scope(house.sessions) as session:
        return service.is_answered(session, begun.conversation_id, begun.seq)


def _twiml(document: str) -> Response:
    return Response(document, media_type="application/xml")


def _told(house: House, answered: Answered) -> Response:
    _publish(house, answered.conversation_id, waits=answered.waits)
    return _twiml(answered.twiml)


async def _announce(house: House, sid: str) -> None:
    """Tell consoles to look again at the conversation of a call."""
    found = await to_thread.run_sync(_conversation_of, house, sid)
    if found is not None:
        conversation_id, waits = found
        _publish(house, conversation_id, waits=waits)


def _publish(house: House, conversation_id: str, *, waits: bool) -> None:
    """Tell consoles to look again at a conversation; one that waits for a person rings."""
    house.bus.publish(f"conversation:{conversation_id}", type="changed")
    house.bus.publish("desk", conversation=conversation_id, **({"ring": "asked"} if waits else {}))


def _conversation_of(house: House, sid: str) -> tuple[str, bool] | None:
    with db.read_scope(house.sessions) as session:
        call = service.known(session, sid)
        return None if call is None else (call.conversation_id, call.line is not None)
