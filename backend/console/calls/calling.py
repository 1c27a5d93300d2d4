"""Making calls: my next call, what came of it, and taking that back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, BackgroundTasks, Form
from pydantic import AwareDatetime, TypeAdapter, ValidationError
from starlette.responses import RedirectResponse, Response

from backend import db
from backend.agents.permissions import Action
from backend.audit.rules import Kind
from backend.auth import needs
from backend.callbacks import bridging, outgoing_routes, service, wording
from backend.callbacks.rules import OUTCOMES, Status
from backend.console.calls import bridges
from backend.console.calls.callbacks import CallbackId, ShownDay, Version, done
from backend.console.looks import reveal
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, is_pane, opens_for
from backend.console.words import mark
from backend.depends import Now, Ref
from backend.errors import BadTime, Conflict, Refused, Unavailable
from backend.outbox import service as outbox

log = structlog.get_logger(__name__)
router = APIRouter(prefix="/callbacks", route_class=ConsoleRoute)

OtherPhone = Annotated[str, Form(max_length=60)]
_INSTANT = TypeAdapter(AwareDatetime)


@router.post("/next", dependencies=[needs(Action.BOOK_CALLBACKS)])
def take_next(page: OpenPage, now: Now, reference: Ref, later: BackgroundTasks) -> Response:
    """Take the call whose turn it is."""
    own_numbers = page.house.settings.numbers_of_ours
    handed = service.take_next(page.session, page.agent, own_numbers=own_numbers, reference=reference, now=now)
    said = wording.NO_CALL[handed.no_call].in_language(page.words.language) if handed.no_call else None
    return done(page, now, reference, None, later, said)


@router.post("/{callback_id}/take", dependencies=[needs(Action.BOOK_CALLBACKS)])
def take(
    page: OpenPage,
    callback_id: CallbackId,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    version: Version,
    day: ShownDay = None,
) -> Response:
    """Take a certain call."""
    own_numbers = page.house.settings.numbers_of_ours
    service.take(
        page.session, callback_id, page.agent, own_numbers=own_numbers, version=version, reference=reference, now=now
    )
    return done(page, now, reference, day, later, None)


@router.post("/{callback_id}/hold", dependencies=[needs(Action.BOOK_CALLBACKS)])
def hold(page: OpenPage, callback_id: CallbackId, now: Now, reference: Ref) -> Response:
    """A sign that the page with this call is still open."""
    if not service.hold(page.session, callback_id, page.agent, reference=reference, now=now):
        raise Conflict
    return Response(status_code=204)


@router.post("/{callback_id}/give-back", dependencies=[needs(Action.BOOK_CALLBACKS)])
def give_back(
    page: OpenPage, callback_id: CallbackId, now: Now, reference: Ref, later: BackgroundTasks, day: ShownDay = None
) -> Response:
    """Not make this call after all."""
    service.give_back(page.session, callback_id, page.agent)
    return done(page, now, reference, day, later, page.say(mark("Given back.")))


@router.post("/{callback_id}/number", dependencies=[needs(Action.REVEAL)])
def number(page: OpenPage, callback_id: CallbackId, now: Now) -> Response:
    """Show the whole number to call, once more checked; who asked for it stands in the audit log."""
    callback = service.get(page.session, callback_id)
    _checked(page, callback.phone)
    return reveal(page, callback.phone, Kind.CALLBACK, str(callback_id), now)


@router.post("/{callback_id}/bridge", dependencies=[needs(Action.BOOK_CALLBACKS)])
def ring_me(page: OpenPage, callback_id: CallbackId, now: Now, reference: Ref) -> Response:
    """Have the house ring this agent, and then the customer"""
    house = page.house
    bridging.begin(
        page.session,
        callback_id,
        page.agent,
        capabilities=house.carrier.capabilities,
        ours=outgoing_routes.ours(house),
        language=page.words.language,
        reference=reference,
        now=now,
    )
    if not is_pane(page.request):
        return RedirectResponse("/console/callbacks", 303)
    return _bridge(page, callback_id, now)


@router.post("/{callback_id}/bridge/end", dependencies=[needs(Action.BOOK_CALLBACKS)])
def hang_up(page: OpenPage, callback_id: CallbackId, now: Now) -> Response:
    """End the call the house makes for this agent: both lines are free."""
    try:
        ended = bridging.hang_up(page.session, callback_id, page.agent, now=now)
    except Conflict:
        raise Conflict(page.say(mark("This call is over already.")), code="told") from None
    if ended.sid is not None:
        try:
            bridges.end_call(page, ended.sid, Kind.CALLBACK, str(callback_id), now)
        except Unavailable:
            bridging.goes_on(page.session, ended)
            db.commit_so_far(page.session)
            raise
    if not is_pane(page.request):
        return RedirectResponse("/console/callbacks", 303)
    return _bridge(page, callback_id, now)


@router.get("/{callback_id}/bridge", dependencies=[opens_for(Action.BOOK_CALLBACKS)])
def how_it_goes(page: ReadPage, callback_id: CallbackId, now: Now) -> Response:
    """How a call stands that the house makes for this agent."""
    return _bridge(page, callback_id, now)


def _bridge(page: Page, callback_id: int, now: datetime) -> Response:
    call = service.get(page.session, callback_id)
    return page.show("calls/_bridge.html", call=call, bridge=bridges.view(page, call, now))


@router.post("/{callback_id}/outcome", dependencies=[needs(Action.BOOK_CALLBACKS)])
def outcome(
    page: OpenPage,
    callback_id: CallbackId,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    outcome: Annotated[Status, Form()],
    version: Version,
    note: Annotated[str, Form(max_length=500)] = "",
    start: Annotated[str, Form(max_length=40)] = "",
    phone: OtherPhone = "",
    day: ShownDay = None,
) -> Response:
    """Record what came of a call."""
    if outcome not in OUTCOMES:
        raise Refused
    wanted = _instant(start)
    service.record_outcome(
        page.session,
        callback_id,
        outcome,
        who=page.agent.name,
        by=page.agent.id,
        reference=reference,
        now=now,
        note=note.strip(),
        version=version,
        call_again=(wanted, wanted + reference.callbacks.length) if wanted else None,
        other_phone=_checked(page, phone) if outcome is Status.WRONG_NUMBER else None,
    )
    return done(page, now, reference, day, later, page.say(mark("Recorded.")))


@router.post("/{callback_id}/take-back", dependencies=[needs(Action.BOOK_CALLBACKS)])
def take_back(
    page: OpenPage,
    callback_id: CallbackId,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    version: Version,
    day: ShownDay = None,
) -> Response:
    """Take a wrongly recorded outcome back; the call is in this agent's hand again."""
    service.take_back(
        page.session,
        callback_id,
        who=page.agent.name,
        by=page.agent.id,
        version=version,
        reference=reference,
        now=now,
    )
    return done(page, now, reference, day, later, page.say(mark("Taken back.")))


@router.post("/{callback_id}/other-number", dependencies=[needs(Action.BOOK_CALLBACKS)])
def other_number(
    page: OpenPage,
    callback_id: CallbackId,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    phone: OtherPhone = "",
    day: ShownDay = None,
) -> Response:
    """Another number of a customer whose number was wrong."""
    checked = _checked(page, phone)
    if checked is None:
        raise Refused(page.say(mark("Enter the other number first.")), code="told")
    service.give_number(
        page.session, callback_id, checked, who=page.agent.name, by=page.agent.id, reference=reference, now=now
    )
    return done(page, now, reference, day, later, page.say(mark("The other number will be called.")))


def _checked(page: Page, text: str) -> str | None:
    """A number in E.164, or None when none was entered.

    Raises:
        BadPhone: it cannot be called.
    """
    return outbox.number(text, own_numbers=page.house.settings.numbers_of_ours).e164 if text.strip() else None


def _instant(text: str) -> datetime | None:
    try:
        return _INSTANT.validate_python(text) if text else None
    except ValidationError:
        raise BadTime from None
