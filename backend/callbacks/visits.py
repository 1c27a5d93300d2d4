"""A visit agreed in a conversation or at the desk: the call that was only to fix its time is given up. Flushes only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.appointments import offering
from backend.appointments import rules as visit_rules
from backend.appointments import service as appointments
from backend.appointments.links import Links
from backend.appointments.models import Appointment
from backend.appointments.rules import Offers
from backend.callbacks import queries, rules, service
from backend.conversations.rules import Channel
from backend.errors import Conflict, NotFound, TicketUnknown
from backend.kernel.window import Window
from backend.reference import Reference
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import CLOSED, VISITED, PromiseKind


@dataclass(frozen=True)
class Question:
    """Windows to name to a customer, all that can be had, and the visit that stands already; `fits`: what they want."""

    ticket: Ticket
    windows: Sequence[Window]
    fits: bool
    found: Offers
    current: Appointment | None


def question(
    session: Session,
    conversation_id: str,
    ticket_no: str | None,
    wanted: tuple[datetime, datetime | None] | None,
    *,
    reference: Reference,
    now: datetime,
) -> Question:
    """Which windows to name for a ticket that may be told in a conversation.

    Raises:
        NotFound: there is no such conversation.
        TicketUnknown: it may hear of no such ticket.
    """
    ticket = ticket_of(session, conversation_id, ticket_no)
    current = appointments.agreed(session, ticket)
    found = offering.offers_for(session, ticket, reference=reference, now=now, besides=current.id if current else None)
    stands = appointments.window_of(current) if current else None
    fitting = visit_rules.fitting([each for each in found.windows if each != stands], *wanted) if wanted else []
    others = visit_rules.elsewhere(found.windows, stands)
    pool = fitting or (visit_rules.after(others, wanted[0]) if wanted else others)
    named = fitting or offering.to_name(session, ticket, pool, reference, now)
    return Question(ticket, named[: reference.appointments.offered], bool(fitting) or wanted is None, found, current)


def ticket_of(session: Session, conversation_id: str, ticket_no: str | None) -> Ticket:
    """The ticket a conversation means: the one it names, else the newest of its own with an agreed visit, else the
    newest whose visit was called off and can be agreed anew.

    Raises:
        NotFound: there is no such conversation.
        TicketUnknown: it may hear of no such ticket.
    """
    _conversation, known = tickets.known(session, conversation_id)
    open_ones = [each for each in known if each.status not in CLOSED and each.type in VISITED]
    if ticket_no is not None:
        named = tickets.find(session, ticket_no)
        if named.id not in {each.id for each in known}:
            raise TicketUnknown
        return named
    agreed = [each for each in open_ones if appointments.agreed(session, each) is not None]
    if found := agreed or [each for each in open_ones if appointments.wants_another(session, each)]:
        return found[0]
    raise TicketUnknown


def visit_of(session: Session, conversation_id: str, appointment_id: int) -> Appointment:
    """An appointment for a conversation that may hear of its ticket.

    Raises:
        NotFound: there is none, or none of theirs (the same answer for both).
    """
    appointment = appointments.get(session, appointment_id)
    _conversation, known = tickets.known(session, conversation_id)
    if appointment.ticket_id not in {each.id for each in known}:
        raise NotFound("There is no such appointment.")
    return appointment


def is_by_text(session: Session, conversation_id: str, ticket: Ticket) -> bool:
    """Whether the answer in this conversation reaches the ticket's number as a text: a second would double it."""
    conversation, _known = tickets.known(session, conversation_id)
    return conversation.channel is Channel.SMS and conversation.phone == ticket.contact_phone


def agree(
    session: Session,
    appointment_id: int,
    *,
    who: str,
    customer_asked: bool,
    tell: bool,
    reference: Reference,
    links: Links,
    now: datetime,
) -> tuple[Appointment, bool]:
    """Confirm a held visit and give up the call it makes needless; returns both, the second as whether there was one.

    Raises:
        NotFound: there is no such appointment.
        BadTime: the hold has run out and somebody else has the place.
        Conflict: it is over, or the ticket is closed.
    """
    service.hold_turn(session)
    appointment = appointments.confirm(
        session,
        appointment_id,
        who=who,
        customer_asked=customer_asked,
        tell=tell,
        reference=reference,
        links=links,
        now=now,
    )
    return appointment, _give_up_call(session, appointment.ticket, who=who, reference=reference, now=now)


def _give_up_call(session: Session, ticket: Ticket, *, who: str, reference: Reference, now: datetime) -> bool:
    """Cancel the call that was booked with the ticket only to fix the visit's time."""
    callback = queries.open_by_phone(session, ticket.contact_phone or "")
    if callback is None:
        return False
    others = [each for each in tickets.open_of_phone(session, callback.phone) if each.id != ticket.id]
    opinion = tickets.promise_of(session, ticket, PromiseKind.OPINION)
    is_needless = rules.is_only_for_the_visit(
        reason=callback.reason,
        of_this_ticket=callback.ticket_id == ticket.id,
        ticket_type=ticket.type,
        other_matters=sum(appointments.agreed(session, each) is None for each in others),
        opinion_open=opinion is not None and opinion.met_at is None,
    )
    if not is_needless:
        return False
    try:
        service.cancel(session, callback.id, who=who, reference=reference, now=now)
    except Conflict:  # an agent has just settled it
        return False
    return True
