"""Reads of the appointments room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from backend.appointments.models import Appointment
from backend.appointments.rules import AGREED, OPEN, Status
from backend.db import UtcDateTime
from backend.kernel.window import Window
from backend.tickets.models import Ticket


def stands(now: datetime) -> ColumnElement[bool]:
    """Appointments that take up room: agreed ones, and held ones whose time has not run out."""
    held = and_(Appointment.status == Status.HELD, Appointment.held_until > now)
    return or_(Appointment.status.in_(AGREED), held)


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether a hold has run out or a reminder is due."""
    return bool(session.scalar(_ANY_DUE, {"now": now}))


_NOW = bindparam("now", type_=UtcDateTime())
_REMINDERS = (
    (Appointment.remind_evening_at, Appointment.evening_sent_at),
    (Appointment.remind_soon_at, Appointment.soon_sent_at),
)
_ANY_DUE = select(
    or_(
        exists().where(Appointment.status == Status.HELD, Appointment.held_until <= _NOW),
        *(
            exists().where(
                Appointment.status.in_(AGREED), due_at <= _NOW, sent_at.is_(None), Appointment.window_start > _NOW
            )
            for due_at, sent_at in _REMINDERS
        ),
    )
)


def taken(session: Session, outlet: str, *, since: datetime, now: datetime, besides: int | None) -> dict[Window, int]:
    """How many visits of an outlet stand, by their window; `besides` leaves one out that is to be moved."""
    query = select(Appointment.window_start, Appointment.window_end, func.count()).where(
        Appointment.outlet == outlet, Appointment.window_end >= since, stands(now)
    )
    if besides is not None:
        query = query.where(Appointment.id != besides)
    rows = session.execute(query.group_by(Appointment.window_start, Appointment.window_end))
    return {Window(start, end): count for start, end, count in rows}


def with_ticket(session: Session, appointment_id: int) -> Appointment | None:
    """An appointment with its ticket, as it stands in the database."""
    return session.scalar(_WITH_TICKET, {"appointment_id": appointment_id})


_WITH_TICKET = (
    select(Appointment)
    .where(Appointment.id == bindparam("appointment_id"))
    .options(joinedload(Appointment.ticket))
    .execution_options(populate_existing=True)
)


def open_of(session: Session, ticket_id: int) -> Appointment | None:
    """The open appointment of a ticket."""
    return session.scalar(_OPEN_OF, {"ticket_id": ticket_id})


_OPEN_OF = (
    select(Appointment)
    .where(Appointment.ticket_id == bindparam("ticket_id"), Appointment.status.in_(OPEN))
    .options(joinedload(Appointment.ticket))
)


def held_of(session: Session, ticket_id: int) -> Appointment | None:
    """The open appointment of a ticket, its row held until the end of the unit of work."""
    query = select(Appointment).where(Appointment.ticket_id == ticket_id, Appointment.status.in_(OPEN))
    return session.scalar(query.with_for_update(of=Appointment))


def latest_of(session: Session, tickets: Sequence[Ticket]) -> dict[int, Appointment]:
    """By ticket, the open appointment, else the newest that was agreed once; nothing else."""
    shown = or_(Appointment.status.in_(OPEN), Appointment.status.in_((Status.DONE, Status.CUSTOMER_ABSENT)))
    query = select(Appointment).where(Appointment.ticket_id.in_([ticket.id for ticket in tickets]), shown)
    return {
        each.ticket_id: each
        for each in session.scalars(query.options(joinedload(Appointment.ticket)).order_by(Appointment.id))
    }


def was_called_off(session: Session, ticket_id: int) -> bool:
    """Whether a visit for a ticket was called off, or found nobody at home."""
    ended = Appointment.status.in_((Status.CANCELLED, Status.CUSTOMER_ABSENT))
    query = select(Appointment.id).where(Appointment.ticket_id == ticket_id, ended)
    return session.scalar(query.limit(1)) is not None


def absences(session: Session, ticket_id: int) -> int:
    """How often nobody was at home for a ticket."""
    query = select(func.count()).select_from(Appointment)
    absent = query.where(Appointment.ticket_id == ticket_id, Appointment.status == Status.CUSTOMER_ABSENT)
    return session.scalar(absent) or 0


def by_offer(session: Session, key: str) -> Appointment | None:
    """The appointment whose customer was asked to choose a window in this text."""
    query = select(Appointment).where(Appointment.offer_key == key).options(joinedload(Appointment.ticket))
    return session.scalar(query.order_by(Appointment.id.desc()).limit(1))


def between(
    session: Session, start: datetime | None, end: datetime | None, *, outlet: str, limit: int, offset: int
) -> Sequence[Appointment]:
    """Appointments whose window begins in a span, earliest first, with their tickets; lapsed holds left out."""
    query = select(Appointment).where(Appointment.status != Status.EXPIRED).options(joinedload(Appointment.ticket))
    if start is not None:
        query = query.where(Appointment.window_start >= start)
    if end is not None:
        query = query.where(Appointment.window_start < end)
    if outlet:
        query = query.where(Appointment.outlet == outlet)
    ordered = query.order_by(Appointment.window_start, Appointment.outlet, Appointment.id)
    return session.scalars(ordered.limit(limit).offset(offset)).all()
