"""Callbacks over HTTP: for agents, and for the bot while it agrees on a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.agents.permissions import Action
from backend.audit import service as audit
from backend.audit.rules import Kind, What
from backend.auth import CurrentAgent, needs
from backend.callbacks import schemas, service, ticket_routes, visit_routes, wording
from backend.callbacks.addresses import instant
from backend.callbacks.booking import Span
from backend.callbacks.rules import Status
from backend.callbacks.schemas import (
    CallbackBooked,
    CallbackIn,
    CallbackPatch,
    DeskCallbackIn,
    HandedOut,
    TimeChecked,
    TimeIn,
    WindowOut,
)
from backend.depends import Announce, BotOnly, Db, InHouse, Now, ReadDb, Ref
from backend.errors import BadPhone, BadTime, Refused
from backend.outbox import service as outbox
from backend.reference import Reference
from backend.tickets import service as tickets
from backend.tickets.schemas import CallbackOut, as_bilingual

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
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
    phone = outbox.number(form.phone, own_numbers=house.settings.numbers_of_ours).e164
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


@desk.get("", dependencies=[needs(Action.REVEAL)])
def list_callbacks(
    agent: CurrentAgent,
    session: Db,
    now: Now,
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
    audit.record(session, agent, What.LISTED, Kind.LIST, "callbacks", count=len(callbacks), now=now)
    return [schemas.callback_out(callback, reference.calendar) for callback in callbacks]


@desk.post("", status_code=201, dependencies=[needs(Action.BOOK_CALLBACKS)])
def book_for_customer(
    agent: CurrentAgent, form: DeskCallbackIn, session: Db, now: Now, reference: Ref, house: InHouse, announce: Announce
) -> CallbackOut:
    """Book a call for a customer; without a time, the earliest inside the ticket's reply promise."""
    phone = outbox.number(form.phone, own_numbers=house.settings.numbers_of_ours).e164
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
        by=agent.id,
        reference=reference,
        now=now,
    )
    announce("desk", callback=booked.callback.id)
    return schemas.callback_out(service.get(session, booked.callback.id), reference.calendar)


@desk.post("/next", dependencies=[needs(Action.BOOK_CALLBACKS)])
def take_next(
    agent: CurrentAgent, session: Db, now: Now, reference: Ref, house: InHouse, announce: Announce
) -> HandedOut:
    """The call whose turn it is, now in this agent's hand; asked again, the same one until it is settled."""
    own_numbers = house.settings.numbers_of_ours
    handed = service.take_next(session, agent, own_numbers=own_numbers, reference=reference, now=now)
    if handed.callback is None:
        return HandedOut(
            callback=None, why=as_bilingual(wording.NO_CALL[handed.no_call or "none"]), next_at=handed.next_at
        )
    announce("desk", callback=handed.callback.id)
    why = wording.TURNS[handed.turn] if handed.turn else wording.IN_HAND
    return HandedOut(callback=schemas.callback_out(handed.callback, reference.calendar), why=as_bilingual(why))


@desk.patch("/{callback_id}", dependencies=[needs(Action.BOOK_CALLBACKS)])
def change(
    agent: CurrentAgent,
    callback_id: Id,
    form: CallbackPatch,
    session: Db,
    now: Now,
    reference: Ref,
    house: InHouse,
    announce: Announce,
) -> CallbackOut:
    """Move, cancel, take, give back, record the outcome or take it back; 409 when somebody else was faster."""
    own_numbers = house.settings.numbers_of_ours
    phone = outbox.number(form.phone, own_numbers=own_numbers).e164 if form.phone else None
    shown = _change(session, callback_id, form, agent, phone, own_numbers, reference=reference, now=now)
    announce("desk", callback=shown)
    return schemas.callback_out(service.get(session, shown), reference.calendar)


def _change(
    session: Session,
    callback_id: int,
    form: CallbackPatch,
    agent: Agent,
    phone: str | None,
    own_numbers: Collection[str],
    *,
    reference: Reference,
    now: datetime,
) -> int:
    """Do what is asked; returns the id of the call to show."""
    at: dict[str, Any] = {"reference": reference, "now": now}
    who: dict[str, Any] = {"who": agent.name, "by": agent.id, "version": form.version, **at}
    match form.action:
        case "move":
            start, end = _span(form)
            service.move(session, callback_id, start, end, customer_asked=form.customer_asked, **who)
        case "cancel":
            service.cancel(session, callback_id, **who)
        case "take":
            service.take(session, callback_id, agent, own_numbers=own_numbers, version=form.version, **at)
        case "give_back":
            service.give_back(session, callback_id, agent)
        case "take_back":
            service.take_back(session, callback_id, **who)
        case "number":
            if phone is None:
                raise BadPhone("Say which: `phone` is missing.", code="no_phone")
            return service.give_number(session, callback_id, phone, who=agent.name, by=agent.id, **at).id
        case "outcome":
            _record(session, callback_id, form, phone, who)
    return callback_id


def _record(session: Session, callback_id: int, form: CallbackPatch, phone: str | None, who: dict[str, Any]) -> None:
    if form.outcome is None:
        raise Refused("Say what came of it: `outcome` is missing.", code="no_outcome")
    service.record_outcome(
        session,
        callback_id,
        Status(form.outcome),
        note=form.note or "",
        call_again=_span(form) if form.start else None,
        other_phone=phone,
        **who,
    )


def _span(form: CallbackPatch) -> Span:
    if form.start is None:
        raise BadTime("Say when: `start` is missing.", code="no_start")
    return form.start, form.end


router = APIRouter()
router.include_router(bot)
router.include_router(desk)
router.include_router(ticket_routes.bot)
router.include_router(ticket_routes.desk)
router.include_router(visit_routes.bot)
router.include_router(visit_routes.desk)
