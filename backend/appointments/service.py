"""Hold a window, confirm it, move and call off. Everything here flushes, nothing commits.

Whoever chooses a window holds the outlet's turn first (`hold_turn`), so that two never take the same last place. A unit
of work that books a callback, too, holds the turn of callbacks before that. An appointment's row is changed before its
ticket's, so that nobody waits for anybody in a circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.appointments import offering, queries, rules, texts
from backend.appointments.links import Links
from backend.appointments.models import Appointment, VisitTurn
from backend.appointments.rules import AGREED, OPEN, Offers, Status
from backend.appointments.texts import window_of, words_of
from backend.errors import Conflict, NotFound, OutsideCalendar
from backend.kernel.window import Window
from backend.outbox import service as outbox
from backend.reference import Reference
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import CLOSED, MAY_BECOME, PromiseKind
from backend.tickets.rules import Status as TicketStatus

__all__ = [
    "CUSTOMER", "agreed", "between", "book", "cancel", "change", "confirm", "customer_confirms", "get", "hold",
    "hold_turn", "latest_of", "move", "note", "open_of", "wants_another", "window_of", "words_of",
]  # fmt: skip

CUSTOMER = "customer"
WAITS_FOR_CUSTOMER = "等客户另约上门时间 / waiting for the customer to choose another time"


def hold(
    session: Session,
    ticket: Ticket,
    window: Window,
    *,
    who: str,
    reference: Reference,
    now: datetime,
    noted: bool = False,
) -> Appointment:
    """Keep a window for a ticket until its customer has said yes; another one held for it is given up.

    Args:
        noted: whether the timeline tells it: not where the yes follows at once.

    Raises:
        BadTime: it cannot be had; `alternatives` stand beside the code.
        Conflict: a visit is agreed already (`has_appointment`), or the ticket is closed.
    """
    hold_turn(session, ticket.outlet)
    current = queries.open_of(session, ticket.id)
    if current is not None and current.status in AGREED:
        raise Conflict("A visit is agreed already: move that one.", code="has_appointment")
    if ticket.status in CLOSED:
        raise Conflict("The ticket is closed.", code="bad_status")
    if current is not None:
        change(session, current, {"status": Status.EXPIRED, "closed_at": now}, now=now)
    found = offering.offers_for(session, ticket, reference=reference, now=now)
    offering.check(session, ticket, window, found, reference, now)
    appointment = Appointment(
        ticket_id=ticket.id,
        ticket=ticket,
        outlet=ticket.outlet,
        window_start=window.start,
        window_end=window.end,
        status=Status.HELD,
        held_until=now + offering.policy_of(reference).hold,
        why=offering.why_this(found, window, offering.due_of(session, ticket), by_wish=who == CUSTOMER),
        offered=[],
        agent=None if who == CUSTOMER else who[:60],
        sequence=0,
        version=1,
        created_at=now,
        changed_at=now,
    )
    session.add(appointment)
    session.flush()
    if noted:
        note(session, appointment, "visit_held", who, reference, now)
    return appointment


def confirm(
    session: Session,
    appointment_id: int,
    *,
    who: str,
    reference: Reference,
    links: Links | None,
    now: datetime,
    customer_asked: bool = True,
    tell: bool = True,
) -> Appointment:
    """A held window becomes the agreed visit: the ticket is scheduled, reminders are planned, the customer gets a text.

    A window later than the on-site promise puts that off when the customer chose it although one inside was free.
    Confirming again changes nothing.

    Raises:
        NotFound: there is no such appointment.
        BadTime: the hold has run out and somebody else has the place.
        Conflict: it is over, or the ticket is closed.
    """
    appointment = get(session, appointment_id)
    hold_turn(session, appointment.outlet)
    appointment = get(session, appointment_id)
    ticket = appointment.ticket
    if appointment.status in AGREED:
        return appointment
    is_lapsed = appointment.held_until is None or appointment.held_until <= now
    found = offering.offers_for(session, ticket, reference=reference, now=now, besides=appointment.id)
    if appointment.status is Status.EXPIRED or (is_lapsed and window_of(appointment) not in found.windows):
        raise offering.bad_time("lapsed", ticket, found, session, reference, now)
    rules.check_step(appointment.status, Status.CONFIRMED)
    planned = _planned(window_of(appointment), reference, now)
    change(session, appointment, {"status": Status.CONFIRMED, "held_until": None, **planned}, now=now)
    _to_scheduled(session, ticket, who, reference, now)
    note(session, appointment, "visit_agreed", who, reference, now, outlet=appointment.outlet)
    if customer_asked:
        _put_off(session, appointment, found, reference, now)
    if tell:
        texts.send(session, appointment, "appointment.agreed", "agreed", links=links, reference=reference, now=now)
    return appointment


def book(
    session: Session,
    ticket: Ticket,
    window: Window,
    *,
    who: str,
    reference: Reference,
    links: Links | None,
    now: datetime,
    customer_asked: bool = True,
    tell: bool = True,
) -> Appointment:
    """Hold and confirm in one step. Without `links` the customer's text has none.

    Raises:
        BadTime: the window cannot be had.
        Conflict: a visit is agreed already, or the ticket is closed.
    """
    held = hold(session, ticket, window, who=who, reference=reference, now=now)
    return confirm(
        session, held.id, who=who, reference=reference, links=links, now=now, customer_asked=customer_asked, tell=tell
    )


def move(
    session: Session,
    appointment_id: int,
    window: Window,
    *,
    who: str,
    reference: Reference,
    links: Links | None,
    now: datetime,
    customer_asked: bool = True,
    tell: bool = True,
    version: int | None = None,
) -> Appointment:
    """Put an agreed visit into another window. The same window again changes nothing.

    Raises:
        NotFound: there is no such appointment.
        BadTime: the window cannot be had.
        Conflict: it is over, or somebody else has just changed it.
    """
    appointment = get(session, appointment_id)
    hold_turn(session, appointment.ticket.outlet)
    appointment = get(session, appointment_id)
    if window == window_of(appointment) and appointment.status in AGREED:
        return appointment
    rules.check_step(appointment.status, Status.MOVED)
    ticket = appointment.ticket
    found = offering.offers_for(session, ticket, reference=reference, now=now, besides=appointment.id)
    offering.check(session, ticket, window, found, reference, now)
    outdated = texts.asking(appointment)
    values = {
        "status": Status.MOVED,
        "outlet": ticket.outlet,
        "window_start": window.start,
        "window_end": window.end,
        "why": offering.why_this(found, window, offering.due_of(session, ticket), by_wish=customer_asked),
        "sequence": Appointment.sequence + 1,
        "late_minutes": None,
        "over_capacity": False,
        "customer_confirmed_at": None,
        **_planned(window, reference, now),
    }
    change(session, appointment, values, now=now, version=version)
    outbox.cancel(session, *outdated)
    note(session, appointment, "visit_moved", who, reference, now)
    if customer_asked:
        _put_off(session, appointment, found, reference, now)
    if tell:
        texts.send(session, appointment, "appointment.moved", "moved", links=links, reference=reference, now=now)
    return appointment


def cancel(
    session: Session,
    appointment_id: int,
    *,
    who: str,
    reference: Reference,
    now: datetime,
    tell: bool = True,
    version: int | None = None,
) -> Appointment:
    """Call a visit off; no reminder goes out. The ticket waits for a customer who called it off, else it goes on.

    Raises:
        NotFound: there is no such appointment.
        Conflict: it is over, or somebody else has just changed it.
    """
    appointment = get(session, appointment_id)
    rules.check_step(appointment.status, Status.CANCELLED)
    was_agreed = appointment.status in AGREED
    outdated = texts.asking(appointment)
    values = {"status": Status.CANCELLED, "closed_at": now, "sequence": Appointment.sequence + 1}
    change(session, appointment, values, now=now, version=version)
    outbox.cancel(session, *outdated)
    note(session, appointment, "visit_cancelled", who, reference, now)
    ticket = appointment.ticket
    if was_agreed and ticket.status is TicketStatus.SCHEDULED:
        goes_to = TicketStatus.WAITING if who == CUSTOMER else TicketStatus.IN_PROGRESS
        tickets.move(session, ticket, goes_to, who=who, reference=reference, now=now, reason=WAITS_FOR_CUSTOMER)
    if was_agreed and tell:
        window_end = appointment.window_end
        texts.send(
            session,
            appointment,
            "appointment.cancelled",
            "cancelled",
            valid_until=window_end,
            reference=reference,
            now=now,
        )
    return appointment


def customer_confirms(session: Session, appointment_id: int, *, reference: Reference, now: datetime) -> Appointment:
    """The customer says that they will be at home. Saying it again changes nothing.

    Raises:
        NotFound: there is no such appointment.
        Conflict: it is over.
    """
    appointment = get(session, appointment_id)
    if appointment.status not in AGREED:
        raise Conflict("This visit is not agreed any more.", code="bad_status")
    if appointment.customer_confirmed_at is None:
        change(session, appointment, {"customer_confirmed_at": now}, now=now)
        note(session, appointment, "visit_confirmed", CUSTOMER, reference, now)
    return appointment


def get(session: Session, appointment_id: int) -> Appointment:
    """An appointment with its ticket.

    Raises:
        NotFound: there is none.
    """
    appointment = queries.with_ticket(session, appointment_id)
    if appointment is None:
        raise NotFound("There is no such appointment.")
    return appointment


def open_of(session: Session, ticket: Ticket) -> Appointment | None:
    """The open appointment of a ticket, held or agreed."""
    return queries.open_of(session, ticket.id)


def agreed(session: Session, ticket: Ticket) -> Appointment | None:
    """The agreed visit of a ticket that is still to come."""
    found = queries.open_of(session, ticket.id)
    return found if found is not None and found.status in AGREED else None


def wants_another(session: Session, ticket: Ticket) -> bool:
    """Whether a ticket had a visit that did not take place and has none now."""
    return queries.open_of(session, ticket.id) is None and queries.was_called_off(session, ticket.id)


def latest_of(session: Session, shown: Sequence[Ticket]) -> dict[int, Appointment]:
    """What to show of visits, by ticket: the open one, else the newest that was made or missed."""
    return queries.latest_of(session, shown)


def between(
    session: Session,
    start: datetime | None,
    end: datetime | None,
    *,
    outlet: str = "",
    limit: int = 200,
    offset: int = 0,
) -> Sequence[Appointment]:
    """Appointments whose window begins in a span, earliest first, with their tickets."""
    return queries.between(session, start, end, outlet=outlet, limit=limit, offset=offset)


def hold_turn(session: Session, outlet: str | None) -> None:
    """Hold an outlet's turn: until the end of this unit of work nobody else chooses one of its windows."""
    if outlet is None:
        return
    if session.get(VisitTurn, outlet, with_for_update=True, populate_existing=True) is None:
        with suppress(IntegrityError), session.begin_nested():  # another process may book its very first visit, too
            session.add(VisitTurn(outlet=outlet))
        session.get_one(VisitTurn, outlet, with_for_update=True, populate_existing=True)


def note(
    session: Session, appointment: Appointment, code: str, who: str, reference: Reference, now: datetime, **more: Any
) -> None:
    """Write what happened to a visit into its ticket's timeline."""
    window = words_of(window_of(appointment), reference).as_dict()
    tickets.note(session, appointment.ticket, code, who=who, now=now, window=window, **more)


def _planned(window: Window, reference: Reference, now: datetime) -> dict[str, Any]:
    """The columns of the reminders of a visit that its customer hears of now."""
    try:
        planned = rules.reminders(reference.calendar, offering.policy_of(reference), window, now)
    except OutsideCalendar:
        return {"remind_evening_at": None, "remind_soon_at": None}
    return {
        "remind_evening_at": planned.evening_at,
        "remind_soon_at": planned.soon_at,
        "evening_sent_at": None,
        "soon_sent_at": None,
    }


def _put_off(session: Session, appointment: Appointment, found: Offers, reference: Reference, now: datetime) -> None:
    """The customer chose a later window than they could have had: the on-site promise waits for it."""
    window = window_of(appointment)
    if rules.puts_off(found, window, offering.due_of(session, appointment.ticket)):
        tickets.put_off(
            session,
            appointment.ticket,
            PromiseKind.ONSITE,
            until=window.end,
            asked_for=words_of(window, reference),
            reference=reference,
            now=now,
        )


def _to_scheduled(session: Session, ticket: Ticket, who: str, reference: Reference, now: datetime) -> None:
    """The ticket is scheduled, which keeps its reply promise."""
    session.refresh(ticket, with_for_update=True)  # somebody may be closing it: one of the two sees the other
    if ticket.status is TicketStatus.SCHEDULED:
        tickets.meet_promise(session, ticket, PromiseKind.REPLY, who, now, why="arranged")
    elif TicketStatus.SCHEDULED in MAY_BECOME[ticket.status]:
        tickets.move(session, ticket, TicketStatus.SCHEDULED, who=who, reference=reference, now=now)
    else:
        raise Conflict("The ticket is closed.", code="bad_status")


def change(
    session: Session, appointment: Appointment, values: dict[str, Any], *, now: datetime, version: int | None = None
) -> None:
    """Change an open appointment unless somebody else has: one conditional UPDATE.

    Raises:
        Conflict: it is over, or no longer the version the change was made for.
    """
    seen = appointment.version if version is None else version
    changed = session.execute(
        update(Appointment)
        .where(Appointment.id == appointment.id, Appointment.status.in_(OPEN), Appointment.version == seen)
        .values(version=Appointment.version + 1, changed_at=now, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict
    get(session, appointment.id)
