"""The carrier's webhooks of calls we make: reminders of visits, and agents who are connected with customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Path, Query, Response
from sqlalchemy.orm import Session

from backend import db
from backend.callbacks import bridging, visit_calls
from backend.callbacks.bridging import Ours
from backend.depends import Announce, House, InHouse
from backend.errors import Refused
from backend.outbox.webhook import SignedForm
from telephony import outgoing
from telephony.outgoing import Heard
from telephony.ports import BadForm

log = structlog.get_logger(__name__)
router = APIRouter(prefix="/telephony/outgoing", tags=["telephony"])

Ref = Annotated[str, Query(max_length=24, pattern=r"^[0-9]+\.[0-9]+$")]


@router.post("/visit", response_class=Response)
def visit_picked_up(form: SignedForm, house: InHouse, ref: Ref) -> Response:
    """A reminder call was picked up."""
    heard, now = _heard(form), house.clock.now()

    def say(session: Session) -> str:
        return visit_calls.picked_up(session, ref, heard, base=_base(house), reference=house.reference, now=now)

    return _answer(house, say)


@router.post("/visit/{asked}/{turn}", response_class=Response)
def visit_answered(
    form: SignedForm,
    house: InHouse,
    announce: Announce,
    ref: Ref,
    asked: Literal["visit", "window"],
    turn: Annotated[int, Path(ge=1, le=20)],
) -> Response:
    """What was answered in a reminder call."""
    heard, now = _heard(form), house.clock.now()

    def say(session: Session) -> str:
        return visit_calls.answered(
            session, ref, heard, asked=asked, turn=turn, base=_base(house), reference=house.reference, now=now
        )

    announce("desk", callbacks="changed")
    return _answer(house, say)


@router.post("/bridge", response_class=Response)
def agent_picked_up(form: SignedForm, house: InHouse, announce: Announce, ref: Ref) -> Response:
    """The telephone of an agent who wants to call a customer was picked up."""
    heard = _heard(form)
    announce("desk", callbacks="changed")
    return _answer(
        house,
        lambda session: bridging.picked_up(session, ref, heard, ours=ours(house)),
    )


@router.post("/bridge/key", response_class=Response)
def agent_pressed(form: SignedForm, house: InHouse, announce: Announce, ref: Ref) -> Response:
    """The agent has pressed a key, or none."""
    heard, now = _heard(form), house.clock.now()
    announce("desk", callbacks="changed")
    return _answer(
        house,
        lambda session: bridging.key_pressed(session, ref, heard, ours=ours(house), reference=house.reference, now=now),
    )


@router.post("/bridge/end", response_class=Response)
def customer_gone(form: SignedForm, house: InHouse, announce: Announce, ref: Ref) -> Response:
    """What came of ringing the customer."""
    heard, now = _heard(form), house.clock.now()
    announce("desk", callbacks="changed")
    return _answer(house, lambda session: bridging.ended(session, ref, heard, reference=house.reference, now=now))


def ours(house: House) -> Ours:
    """What the house calls with."""
    return Ours(house.settings.caller_id, house.settings.numbers_of_ours, _base(house))


def _base(house: House) -> str:
    return house.settings.public_base_url.rstrip("/")


def _heard(form: SignedForm) -> Heard:
    try:
        return outgoing.parse(form)
    except BadForm as error:
        raise Refused(f"The form lacks {error}.", code="bad_form") from None


def _answer(house: House, say: Callable[[Session], str]) -> Response:
    """What is said, once it is stored; whatever fails, whoever is on the line is not left with a carrier's error."""
    try:
        words = db.done_in_unit(house.sessions, say)
    except Exception:
        log.exception("a call we made cannot go on")
        words = outgoing.tell(house.reference.messages.render("call.broken", "zh"), "zh")
    return Response(words, media_type="application/xml")
