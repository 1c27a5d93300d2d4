"""Visits over HTTP, for the bot and for agents: here, because a visit that is agreed gives up its callback."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session

from backend.agents.permissions import Action
from backend.appointments import offering, schemas, settling
from backend.appointments import service as appointments
from backend.appointments.links import Links
from backend.appointments.models import Appointment
from backend.appointments.schemas import (
    Agreed,
    AnswerIn,
    AppointmentIn,
    AppointmentPatch,
    HoldIn,
    MoveIn,
    OffersIn,
    OffersOut,
)
from backend.auth import CurrentAgent, needs
from backend.callbacks import service as callbacks
from backend.callbacks import visits
from backend.callbacks.addresses import instant
from backend.conversations import service as conversations
from backend.conversations.rules import Channel, clean
from backend.depends import Announce, BotOnly, Db, InHouse, Now, Ref
from backend.errors import BadTime, Refused
from backend.kernel.window import Window
from backend.reference import Reference
from backend.tickets import service as tickets
from backend.tickets.schemas import AppointmentOut, as_bilingual

bot = APIRouter(prefix="/api/bot/appointments", tags=["bot"], dependencies=[BotOnly])
desk = APIRouter(prefix="/api/appointments", tags=["appointments"])

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]


@bot.post("/offers")
def offer(form: OffersIn, session: Db, now: Now, reference: Ref) -> OffersOut:
    """Windows to name for a ticket of this conversation; 404 where it may hear of none."""
    wanted = (form.wanted.start, form.wanted.end) if form.wanted else None
    asked = visits.question(session, form.conversation_id, form.ticket_no, wanted, reference=reference, now=now)
    windows = [schemas.window_offered(each, asked.found, reference, now) for each in asked.windows]
    return OffersOut(
        ticket_no=asked.ticket.ticket_no,
        windows=windows,
        fits=asked.fits and bool(windows),
        inside_promise=any(each.inside_promise for each in windows),
        why=asked.found.why.value,
        appointment=schemas.appointment_out(asked.current, reference) if asked.current else None,
    )


@bot.post("", status_code=201)
def hold(form: HoldIn, session: Db, now: Now, reference: Ref, announce: Announce) -> AppointmentOut:
    """Keep a window until the customer has said yes; 422 with alternatives when somebody else was faster."""
    ticket = visits.ticket_of(session, form.conversation_id, form.ticket_no)
    held = appointments.hold(
        session, ticket, Window(form.start, form.end), who=appointments.CUSTOMER, reference=reference, now=now
    )
    announce("desk", ticket=ticket.ticket_no)
    return schemas.appointment_out(held, reference)


@bot.post("/{appointment_id}/confirm")
def confirm(
    appointment_id: Id, form: AnswerIn, session: Db, now: Now, reference: Ref, house: InHouse, announce: Announce
) -> Agreed:
    """The customer has said yes. Saying it again changes nothing."""
    visit = visits.visit_of(session, form.conversation_id, appointment_id)
    appointment, given_up = visits.agree(
        session,
        appointment_id,
        who=appointments.CUSTOMER,
        customer_asked=True,
        tell=not visits.is_by_text(session, form.conversation_id, visit.ticket),
        reference=reference,
        links=Links.of(house),
        now=now,
    )
    announce("desk", ticket=appointment.ticket.ticket_no)
    told = _agreed(session, form.conversation_id, appointment, Links.of(house), reference, now)
    return told.model_copy(update={"callback_cancelled": given_up})


@bot.post("/{appointment_id}/move")
def move(
    appointment_id: Id, form: MoveIn, session: Db, now: Now, reference: Ref, house: InHouse, announce: Announce
) -> Agreed:
    """The customer wants another window; 422 with alternatives when it cannot be had."""
    visit = visits.visit_of(session, form.conversation_id, appointment_id)
    moved = appointments.move(
        session,
        appointment_id,
        Window(form.start, form.end),
        who=appointments.CUSTOMER,
        tell=not visits.is_by_text(session, form.conversation_id, visit.ticket),
        reference=reference,
        links=Links.of(house),
        now=now,
    )
    announce("desk", ticket=moved.ticket.ticket_no)
    return _agreed(session, form.conversation_id, moved, Links.of(house), reference, now)


@bot.post("/{appointment_id}/cancel")
def cancel(
    appointment_id: Id, form: AnswerIn, session: Db, now: Now, reference: Ref, announce: Announce
) -> AppointmentOut:
    """The customer calls a visit off; the ticket stays."""
    visits.visit_of(session, form.conversation_id, appointment_id)
    gone = appointments.cancel(
        session, appointment_id, who=appointments.CUSTOMER, tell=False, reference=reference, now=now
    )
    announce("desk", ticket=gone.ticket.ticket_no)
    return schemas.appointment_out(gone, reference)


def _agreed(
    session: Session, conversation_id: str, appointment: Appointment, links: Links, reference: Reference, now: datetime
) -> Agreed:
    is_web = conversations.get(session, conversation_id).channel is Channel.WEB
    return Agreed(
        appointment=schemas.appointment_out(appointment, reference),
        words=as_bilingual(appointments.words_of(appointments.window_of(appointment), reference, now)),
        visit_code=appointment.ticket.visit_code,
        link=links.in_chat(appointment.id) if is_web else None,
    )


@desk.get("")
def list_appointments(
    _agent: CurrentAgent,
    session: Db,
    reference: Ref,
    since: Annotated[str, Query(alias="from", max_length=40)] = "",
    until: Annotated[str, Query(alias="to", max_length=40)] = "",
    outlet: Annotated[str, Query(max_length=80)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[AppointmentOut]:
    """Visits by the start of their window, earliest first. A plain date means that whole local day."""
    found = appointments.between(
        session,
        instant(since, reference),
        instant(until, reference, is_end=True),
        outlet=outlet,
        limit=limit,
        offset=offset,
    )
    return [schemas.appointment_out(each, reference) for each in found]


@desk.get("/windows/{ticket_no}")
def windows(_agent: CurrentAgent, ticket_no: str, session: Db, now: Now, reference: Ref) -> OffersOut:
    """All windows a visit for a ticket can have, inside the on-site promise first, and why these or none."""
    ticket = tickets.find(session, clean(ticket_no))
    current = appointments.agreed(session, ticket)
    found = offering.offers_for(session, ticket, reference=reference, now=now, besides=current.id if current else None)
    return OffersOut(
        ticket_no=ticket.ticket_no,
        windows=[schemas.window_offered(each, found, reference, now) for each in found.windows],
        fits=bool(found.windows),
        inside_promise=found.inside > 0,
        why=found.why.value,
        appointment=schemas.appointment_out(current, reference) if current else None,
    )


@desk.post("", status_code=201, dependencies=[needs(Action.WORK_TICKETS)])
def book(
    agent: CurrentAgent, form: AppointmentIn, session: Db, now: Now, reference: Ref, house: InHouse, announce: Announce
) -> AppointmentOut:
    """Book a visit for a ticket; with `hold` only keep the window until the customer has said yes."""
    ticket = tickets.find(session, clean(form.ticket_no))
    callbacks.hold_turn(session)
    held = appointments.hold(
        session,
        ticket,
        Window(form.start, form.end),
        who=agent.name,
        noted=form.hold,
        reference=reference,
        now=now,
    )
    if not form.hold:
        held, _given_up = visits.agree(
            session,
            held.id,
            who=agent.name,
            customer_asked=form.customer_asked,
            tell=True,
            reference=reference,
            links=Links.of(house),
            now=now,
        )
    announce("desk", ticket=ticket.ticket_no)
    return schemas.appointment_out(held, reference)


@desk.patch("/{appointment_id}", dependencies=[needs(Action.WORK_TICKETS)])
def change(
    agent: CurrentAgent,
    appointment_id: Id,
    form: AppointmentPatch,
    session: Db,
    now: Now,
    reference: Ref,
    house: InHouse,
    announce: Announce,
) -> AppointmentOut:
    """Confirm, move, call off or settle a visit; 409 when somebody else was faster."""
    who, version, links = agent.name, form.version, Links.of(house)
    callbacks.hold_turn(session)
    match form.action:
        case "confirm":
            visits.agree(
                session,
                appointment_id,
                who=who,
                customer_asked=form.customer_asked,
                tell=True,
                reference=reference,
                links=links,
                now=now,
            )
        case "move":
            if form.start is None or form.end is None:
                raise BadTime("Say which window: `start` and `end` are missing.", code="no_start")
            appointments.move(
                session,
                appointment_id,
                Window(form.start, form.end),
                who=who,
                customer_asked=form.customer_asked,
                version=version,
                reference=reference,
                links=links,
                now=now,
            )
        case "cancel":
            appointments.cancel(session, appointment_id, who=who, version=version, reference=reference, now=now)
        case "late":
            if form.minutes is None:
                raise Refused("Say how late: `minutes` is missing.", code="bad_minutes")
            settling.late(session, appointment_id, form.minutes, who=who, version=version, reference=reference, now=now)
        case "done":
            settling.done(
                session, appointment_id, solved=form.solved, who=who, version=version, reference=reference, now=now
            )
        case "customer_absent":
            settling.customer_absent(
                session, appointment_id, who=who, version=version, reference=reference, links=links, now=now
            )
    appointment = appointments.get(session, appointment_id)
    announce("desk", ticket=appointment.ticket.ticket_no)
    return schemas.appointment_out(appointment, reference)
