"""What comes of a visit on the day, and what follows when its ticket changes. Flushes, never commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.appointments import offering, queries, rules, service, texts
from backend.appointments.links import Links
from backend.appointments.models import Appointment
from backend.appointments.rules import AGREED, Absence, Status
from backend.appointments.service import CUSTOMER, change, get, note, window_of
from backend.errors import Refused
from backend.outbox import service as outbox
from backend.outlets import service as outlets
from backend.reference import Reference
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import MAY_BECOME, PromiseKind, Words
from backend.tickets.rules import Status as TicketStatus

LATEST = 600
"""Minutes: a technician who comes later than this comes another day."""
SOLVED = Words("已解决", "solved")
UNSOLVED = Words("还需再处理", "more to be done")


def late(
    session: Session,
    appointment_id: int,
    minutes: int,
    *,
    who: str,
    reference: Reference,
    now: datetime,
    version: int | None = None,
) -> Appointment:
    """The technician comes so many minutes after the window: the customer is told.

    Raises:
        NotFound: there is no such appointment.
        Refused: that is no delay of a day.
        Conflict: it is not agreed, or somebody else has just changed it.
    """
    if not 0 < minutes <= LATEST:
        raise Refused("Say how many minutes late, up to ten hours.", code="bad_minutes")
    appointment = get(session, appointment_id)
    rules.check_step(appointment.status, Status.LATE)
    change(session, appointment, {"status": Status.LATE, "late_minutes": minutes}, now=now, version=version)
    note(session, appointment, "visit_late", who, reference, now, minutes=minutes)
    texts.send(
        session,
        appointment,
        "appointment.late",
        f"late:{appointment.version}",
        reference=reference,
        now=now,
        valid_until=max(appointment.window_end, now) + rules.INSTANT,
        minutes=minutes,
    )
    return appointment


def done(
    session: Session,
    appointment_id: int,
    *,
    solved: bool,
    who: str,
    reference: Reference,
    now: datetime,
    version: int | None = None,
) -> Appointment:
    """The technician has been there, which keeps the on-site promise. The ticket is done, or goes on if not `solved`.

    Raises:
        NotFound: there is no such appointment.
        Conflict: it is not agreed, or somebody else has just changed it.
    """
    appointment = get(session, appointment_id)
    rules.check_step(appointment.status, Status.DONE)
    _end(session, appointment, Status.DONE, who, now, version)
    result = SOLVED if solved else UNSOLVED
    note(session, appointment, "visit_done", who, reference, now, result=result.as_dict())
    tickets.meet_promise(session, appointment.ticket, PromiseKind.ONSITE, who, now, why="visited")
    _ticket_to(
        session, appointment.ticket, TicketStatus.DONE if solved else TicketStatus.IN_PROGRESS, who, reference, now
    )
    return appointment


def customer_absent(
    session: Session,
    appointment_id: int,
    *,
    who: str,
    reference: Reference,
    links: Links,
    now: datetime,
    version: int | None = None,
) -> Appointment:
    """Nobody was at home. The technician was at the door, so the on-site promise is kept; the customer is asked by text
    for another time. From the second time on the ticket waits for them.

    Raises:
        NotFound: there is no such appointment.
        Conflict: it is not agreed, or somebody else has just changed it.
    """
    appointment = get(session, appointment_id)
    rules.check_step(appointment.status, Status.CUSTOMER_ABSENT)
    _end(session, appointment, Status.CUSTOMER_ABSENT, who, now, version)
    ticket = appointment.ticket
    times = queries.absences(session, ticket.id)
    note(session, appointment, "visit_absent", who, reference, now, count=times)
    tickets.meet_promise(session, ticket, PromiseKind.ONSITE, who, now, why="visited")
    if rules.after_absence(times, reference.appointments.absences_before_waiting) is Absence.WAIT:
        reason = f"{times} 次上门客户不在家 / nobody at home {times} times"
        _ticket_to(session, ticket, TicketStatus.WAITING, who, reference, now, reason)
    else:
        _ticket_to(session, ticket, TicketStatus.IN_PROGRESS, who, reference, now)
    texts.send(
        session,
        appointment,
        "appointment.absent",
        "absent",
        links=links,
        valid_until=now + rules.INSTANT * reference.appointments.answer_hours,
        reference=reference,
        now=now,
    )
    return appointment


def move_ticket(
    session: Session,
    ticket: Ticket,
    status: TicketStatus,
    *,
    who: str,
    reference: Reference,
    now: datetime,
    reason: str = "",
) -> None:
    """Change a ticket's status and let its visit follow: done with it, called off with it.

    Raises:
        Refused: waiting without a reason.
        Conflict: there is no way from the present status, or somebody else has just changed it.
    """
    appointment = queries.held_of(session, ticket.id)
    tickets.move(session, ticket, status, who=who, reference=reference, now=now, reason=reason)
    appointment = appointment or queries.held_of(session, ticket.id)  # agreed while the ticket was waited for
    if appointment is None:
        return
    if status is TicketStatus.CANCELLED:
        service.cancel(session, appointment.id, who=who, reference=reference, now=now, tell=who != CUSTOMER)
    elif status is TicketStatus.DONE and appointment.status in AGREED and appointment.window_start <= now:
        done(session, appointment.id, solved=True, who=who, reference=reference, now=now)
    elif status is TicketStatus.DONE:
        service.cancel(session, appointment.id, who=who, reference=reference, now=now)


def follow_address(session: Session, ticket: Ticket, *, reference: Reference, now: datetime) -> None:
    """After the address was corrected the outlet that serves it makes the visit, in the same window.

    Where it has no room then, the visit stands all the same, flagged for an agent: the customer was told a time.
    """
    appointment = queries.open_of(session, ticket.id)
    if appointment is None or ticket.outlet is None or appointment.outlet == ticket.outlet:
        return
    service.hold_turn(session, ticket.outlet)
    outlet = outlets.named(ticket.outlet, reference)
    has_room = (
        outlet is not None
        and window_of(appointment)
        in offering.offers_for(session, ticket, reference=reference, now=now, besides=appointment.id).windows
    )
    change(session, appointment, {"outlet": ticket.outlet, "over_capacity": not has_room}, now=now)
    note(session, appointment, "visit_outlet", "system", reference, now, outlet=ticket.outlet)


def let_holds_lapse(session: Session, now: datetime, reference: Reference, limit: int = 200) -> int:
    """Holds whose time has run out give their windows back; returns how many."""
    due = (Appointment.status == Status.HELD, Appointment.held_until <= now)
    chosen = select(Appointment.id).where(*due).limit(limit).with_for_update(skip_locked=True)
    lapsed = session.scalars(
        update(Appointment)
        .where(Appointment.id.in_(chosen), *due)
        .values(status=Status.EXPIRED, closed_at=now, changed_at=now, version=Appointment.version + 1)
        .returning(Appointment.id)
        .execution_options(synchronize_session=False)
    ).all()
    for appointment_id in lapsed:
        note(session, get(session, appointment_id), "visit_expired", "system", reference, now)
    return len(lapsed)


def _end(
    session: Session, appointment: Appointment, status: Status, who: str, now: datetime, version: int | None
) -> None:
    change(session, appointment, {"status": status, "closed_at": now, "agent": who[:60]}, now=now, version=version)
    outbox.cancel(session, *texts.asking(appointment))


def _ticket_to(
    session: Session,
    ticket: Ticket,
    status: TicketStatus,
    who: str,
    reference: Reference,
    now: datetime,
    reason: str = "",
) -> None:
    if status in MAY_BECOME[ticket.status]:
        tickets.move(session, ticket, status, who=who, reference=reference, now=now, reason=reason)
