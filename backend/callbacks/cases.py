"""A ticket together with its call: open both, report danger, cancel both, show both. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.appointments import schemas as visit_schemas
from backend.appointments import service as appointments
from backend.appointments import settling
from backend.callbacks import queries, schemas, service, wording
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status
from backend.callbacks.service import Span
from backend.conversations import service as conversations
from backend.errors import BadTime, OutsideCalendar
from backend.kernel import working_time
from backend.reference import Reference
from backend.tickets import corrections
from backend.tickets import service as tickets
from backend.tickets import wording as ticket_wording
from backend.tickets.corrections import Corrections
from backend.tickets.models import Ticket
from backend.tickets.rules import Status as TicketStatus
from backend.tickets.rules import Words
from backend.tickets.schemas import TicketOut
from backend.tickets.service import TicketRequest


@dataclass(frozen=True)
class Case:
    """A ticket and the call that is booked for it; `duplicate` when an open ticket was added to, `disclosed` when it
    may be told."""

    ticket: Ticket
    callback: Callback | None
    duplicate: bool
    disclosed: bool


def open_with_callback(
    session: Session, request: TicketRequest, wanted: Span | None, *, reference: Reference, now: datetime
) -> Case:
    """Open a ticket and book its callback; the same form again returns both as they are.

    Raises:
        NotFound: there is no such conversation.
        TooMany: the day's budget is used up.
        BadTime: the wanted time cannot be had; nothing is opened.
    """
    service.hold_turn(session)
    opened = tickets.open_ticket(session, request, reference=reference, now=now)
    is_replay = not opened.is_new and not opened.duplicate
    if is_replay or opened.ticket.status in (TicketStatus.DONE, TicketStatus.CANCELLED):
        callback = _call_of(session, opened.ticket, request.phone)
    else:
        callback = _book(session, request, opened.ticket, wanted, reference, now)
    return Case(opened.ticket, callback, opened.duplicate, opened.disclosed)


@dataclass(frozen=True)
class Reported:
    """A reported danger: its ticket, and what to tell the customer."""

    ticket: Ticket
    words: Words
    is_new: bool
    needs_phone: bool


def report_hazard(
    session: Session,
    *,
    conversation_id: str,
    message_id: str,
    text: str,
    kind: str,
    phone: str | None,
    address: str | None = None,
    anyone_hurt: bool = False,
    reference: Reference,
    now: datetime,
) -> Reported:
    """Open the critical ticket, ask for a person, and book the earliest call where a number is known.

    Raises:
        NotFound: there is no such conversation.
    """
    service.hold_turn(session)
    opened = tickets.report_hazard(
        session,
        conversation_id=conversation_id,
        message_id=message_id,
        text=text,
        kind=kind,
        phone=phone,
        address=address,
        anyone_hurt=anyone_hurt,
        reference=reference,
        now=now,
    )
    ticket = opened.ticket
    callback = None
    if number := ticket.contact_phone:
        callback = _earliest_call(session, ticket, number, reference, now)
    summary = text if opened.is_new or kind != tickets.ADDED else ""
    handoff = conversations.request_handoff(session, conversation_id, "danger", summary, reference=reference, now=now)

    opening = working_time.next_opening(reference.calendar, now)
    when = (
        service.words_of(service.window_of(callback), reference, now)
        if callback
        else Words(*(working_time.local_words(reference.calendar, opening, language, now) for language in ("zh", "en")))
    )
    words = wording.ring(is_open=handoff.open, has_phone=callback is not None, when=when)
    return Reported(ticket, words, opened.is_new, needs_phone=ticket.contact_phone is None)


def correct(
    session: Session,
    ticket_no: str,
    conversation_id: str,
    right: Corrections,
    *,
    reference: Reference,
    now: datetime,
) -> list[str]:
    """Put a saved ticket right; with another number its call goes there, at the same time if it can be had.

    Raises:
        NotFound: there is no such conversation.
        TicketUnknown: the ticket was not opened in it.
        Conflict: somebody is at work on it already, or it is closed.
    """
    service.hold_turn(session)
    conversation = conversations.get(session, conversation_id)
    ticket = tickets.find(session, ticket_no)
    old_phone = ticket.contact_phone
    changed = corrections.correct(session, ticket, conversation, right, reference=reference, now=now)
    if "phone" in changed:
        move_call(session, ticket, old_phone, reference, now)
    if "address" in changed:
        settling.follow_address(session, ticket, reference=reference, now=now)
    return changed


def move_call(
    session: Session,
    ticket: Ticket,
    old_phone: str | None,
    reference: Reference,
    now: datetime,
    *,
    who: str = service.CUSTOMER,
) -> None:
    """Let the call of a ticket go to its new number, at the same time if the customer chose it and it can be had."""
    callback = queries.open_by_phone(session, old_phone) if old_phone else None
    if callback is None and appointments.agreed(session, ticket) is not None:
        return  # the visit is agreed, nobody waits for a call
    wanted = None
    if callback is not None and callback.ticket_id == ticket.id:
        wanted = (callback.window_start, callback.window_end) if callback.chosen else None
        service.cancel(session, callback.id, who=who, reference=reference, now=now)
    booking = TicketRequest(
        ticket.conversation_id or "", "", ticket.type, ticket.contact_phone or "", language=ticket.language
    )
    try:
        _book(session, booking, ticket, wanted, reference, now)
    except BadTime:
        _book(session, booking, ticket, None, reference, now)


def cancel(session: Session, ticket_no: str, phone: str, *, reference: Reference, now: datetime) -> Words:
    """The customer cancels a ticket; its visit and a call booked for it alone are given up, too. Cancelling again
    changes nothing.

    Raises:
        TicketUnknown: number and phone do not belong together.
        Conflict: the ticket is done already.
    """
    service.hold_turn(session)
    ticket = tickets.lookup(session, ticket_no, phone)
    if ticket.status is not TicketStatus.CANCELLED:
        settling.move_ticket(
            session, ticket, TicketStatus.CANCELLED, who=service.CUSTOMER, reference=reference, now=now
        )
        callback = queries.open_by_phone(session, ticket.contact_phone or "")
        others = tickets.open_of_phone(session, ticket.contact_phone or "")
        if callback is not None and callback.ticket_id == ticket.id and not others:
            service.cancel(session, callback.id, who=service.CUSTOMER, reference=reference, now=now)
    return ticket_wording.CANCELLED


def show(session: Session, shown: Sequence[Ticket], reference: Reference) -> list[TicketOut]:
    """Tickets with their callbacks and visits as the API shows them."""
    callbacks = queries.of_tickets(session, shown)
    as_shown = {
        ticket_id: [schemas.callback_out(each, reference.calendar) for each in each_ticket]
        for ticket_id, each_ticket in callbacks.items()
    }
    visits = {
        ticket_id: visit_schemas.appointment_out(each, reference)
        for ticket_id, each in appointments.latest_of(session, shown).items()
    }
    return tickets.shapes(session, shown, reference, as_shown, visits)


def state(session: Session, ticket: Ticket, *, reference: Reference, now: datetime) -> Words:
    """How a ticket stands, as a sentence in both languages: with its agreed visit, else with its next promise."""
    visit = appointments.agreed(session, ticket)
    if visit is None:
        return tickets.state(session, ticket, reference=reference)
    window = appointments.words_of(appointments.window_of(visit), reference, now)
    return ticket_wording.with_visit(ticket_wording.STATUSES[ticket.status], window, visit.late_minutes)


def _book(
    session: Session, request: TicketRequest, ticket: Ticket, wanted: Span | None, reference: Reference, now: datetime
) -> Callback | None:
    """The call for a ticket. Beyond the calendar there is none: the ticket is kept, its dates are to be confirmed."""
    try:
        return service.book(
            session,
            request.phone,
            ticket=ticket,
            conversation_id=request.conversation_id,
            wanted=wanted,
            reason=ticket.type.value,
            language=request.language,
            reference=reference,
            now=now,
        ).callback
    except OutsideCalendar:
        return None


def _earliest_call(
    session: Session, ticket: Ticket, phone: str, reference: Reference, now: datetime
) -> Callback | None:
    try:
        return service.book(
            session,
            phone,
            ticket=ticket,
            conversation_id=ticket.conversation_id,
            reason="danger",
            language=ticket.language,
            urgent=True,
            reference=reference,
            now=now,
        ).callback
    except OutsideCalendar:
        return None


def _call_of(session: Session, ticket: Ticket, phone: str) -> Callback | None:
    callback = queries.open_by_phone(session, phone)
    if callback is not None or ticket.contact_phone is None:
        return callback
    booked = [each for each in queries.of_tickets(session, [ticket])[ticket.id] if each.status is not Status.CANCELLED]
    return booked[-1] if booked else None
