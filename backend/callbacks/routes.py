"""Callbacks over HTTP: for agents, and for the bot while it agrees on a time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from backend.auth import CurrentAgent
from backend.callbacks import schemas, service, ticket_routes, visit_routes, wording
from backend.callbacks.addresses import instant
from backend.callbacks.rules import Status
from backend.callbacks.schemas import (
    CallbackBooked,
    CallbackIn,
    CallbackPatch,
    DeskCallbackIn,
    TimeChecked,
    TimeIn,
    WindowOut,
)
from backend.depends import Announce, BotOnly, Db, InHouse, Now, ReadDb, Ref
from backend.errors import BadTime, Refused
from backend.kernel import phone as phones
from backend.tickets import service as tickets
from backend.tickets.schemas import CallbackOut, as_bilingual

bot = APIRouter(prefix="/api/bot", tags=["bot"], dependencies=[BotOnly])
desk = APIRouter(prefix="/api/callbacks", tags=["callbacks"])


@bot.post("/times/check")
def check_time(form: TimeIn, session: ReadDb, now: Now, reference: Ref) -> TimeChecked:
    """The window for a wanted time; 422 past, closed or too_far with alternatives."""
    fit = service.check_time(
        session, form.start, form.end, for_visit=form.purpose == "visit", reference=reference, now=now
    )
    return TimeChecked(
        window=WindowOut(start=fit.window.start, end=fit.window.end),
        words=as_bilingual(service.words_of(fit.window, reference, now)),
        exact=fit.exact,
        why=as_bilingual(wording.WHY[fit.why]) if fit.why else None,
    )


@bot.post("/callbacks", status_code=201)
def book(form: CallbackIn, session: Db, now: Now, reference: Ref, house: InHouse, announce: Announce) -> CallbackBooked:
    """Book a call, or move the open one of the number."""
    phone = phones.parse(form.phone, own_numbers=house.settings.numbers_of_ours).e164
    service.hold_turn(session)
    booked = service.book(
        session,
        phone,
        ticket=service.ticket_for(session, form.ticket_no, phone),
        conversation_id=form.conversation_id,
        wanted=(form.wanted.start, form.wanted.end) if form.wanted else None,
        reason=form.reason or "",
        language=service.language_of(session, form.conversation_id),
        reference=reference,
        now=now,
    )
    callback = booked.callback
    announce("desk", callback=callback.id)
    return CallbackBooked(
        id=callback.id,
        start=callback.window_start,
        end=callback.window_end,
        words=as_bilingual(service.words_of(service.window_of(callback), reference, now)),
        moved=booked.moved,
    )


@desk.get("")
def list_callbacks(
    _agent: CurrentAgent,
    session: Db,
    reference: Ref,
    since: Annotated[str, Query(alias="from", max_length=40)] = "",
    until: Annotated[str, Query(alias="to", max_length=40)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[CallbackOut]:
    """Callbacks by the start of their window, earliest first. A plain date means that whole local day."""
    callbacks = service.between(
        session, instant(since, reference), instant(until, reference, is_end=True), limit=limit, offset=offset
    )
    return [schemas.callback_out(callback, reference.calendar) for callback in callbacks]


@desk.post("", status_code=201)
def book_for_customer(
    agent: CurrentAgent, form: DeskCallbackIn, session: Db, now: Now, reference: Ref, house: InHouse, announce: Announce
) -> CallbackOut:
    """Book a call for a customer; without a time, the earliest inside the ticket's reply promise."""
    phone = phones.parse(form.phone, own_numbers=house.settings.numbers_of_ours).e164
    service.hold_turn(session)
    ticket = tickets.find(session, form.ticket_no) if form.ticket_no else None
    booked = service.book(
        session,
        phone,
        ticket=ticket,
        conversation_id=ticket.conversation_id if ticket else None,
        wanted=(form.start, form.end) if form.start else None,
        reason=form.reason or "",
        language=form.language,
        who=agent.name,
        reference=reference,
        now=now,
    )
    announce("desk", callback=booked.callback.id)
    return schemas.callback_out(service.get(session, booked.callback.id), reference.calendar)


Id = Annotated[int, Path(ge=1, le=2**31 - 1)]


@desk.patch("/{callback_id}")
def change(
    agent: CurrentAgent, callback_id: Id, form: CallbackPatch, session: Db, now: Now, reference: Ref, announce: Announce
) -> CallbackOut:
    """Move, cancel, or record the outcome; 409 when somebody else was faster."""
    who, version = agent.name, form.version
    if form.action == "move":
        if form.start is None:
            raise BadTime("Say when: `start` is missing.", code="no_start")
        service.move(
            session,
            callback_id,
            form.start,
            form.end,
            who=who,
            customer_asked=form.customer_asked,
            version=version,
            reference=reference,
            now=now,
        )
    elif form.action == "cancel":
        service.cancel(session, callback_id, who=who, version=version, reference=reference, now=now)
    else:
        if form.outcome is None:
            raise Refused("Say what came of it: `outcome` is missing.", code="no_outcome")
        outcome, note = Status(form.outcome), form.note or ""
        service.record_outcome(
            session, callback_id, outcome, who=who, note=note, version=version, reference=reference, now=now
        )
    announce("desk", callback=callback_id)
    return schemas.callback_out(service.get(session, callback_id), reference.calendar)


router = APIRouter()
router.include_router(bot)
router.include_router(desk)
router.include_router(ticket_routes.bot)
router.include_router(ticket_routes.desk)
router.include_router(visit_routes.bot)
router.include_router(visit_routes.desk)
