"""Reads of the callbacks room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from backend.callbacks.models import Callback
from backend.callbacks.rules import Status
from backend.tickets.models import Ticket


def open_by_phone(session: Session, phone: str) -> Callback | None:
    """The callback a number is waiting for."""
    return session.scalar(select(Callback).where(Callback.phone == phone, Callback.status == Status.BOOKED))


def taken(session: Session, *, since: datetime, besides: int | None) -> dict[datetime, int]:
    """How many callbacks are booked by the start of their window; `besides` leaves one out that is to be moved."""
    query = select(Callback.window_start, func.count()).where(
        Callback.status == Status.BOOKED, Callback.window_start >= since
    )
    if besides is not None:
        query = query.where(Callback.id != besides)
    return dict(session.execute(query.group_by(Callback.window_start)).all())


def between(
    session: Session, start: datetime | None, end: datetime | None, *, limit: int, offset: int
) -> Sequence[Callback]:
    """Callbacks whose window begins in a span, earliest first, with their tickets."""
    query = select(Callback).options(joinedload(Callback.ticket))
    if start is not None:
        query = query.where(Callback.window_start >= start)
    if end is not None:
        query = query.where(Callback.window_start < end)
    return session.scalars(query.order_by(Callback.window_start, Callback.id).limit(limit).offset(offset)).all()


def with_ticket(session: Session, callback_id: int) -> Callback | None:
    """A callback with its ticket, as it stands in the database."""
    query = select(Callback).where(Callback.id == callback_id).options(joinedload(Callback.ticket))
    return session.scalar(query.execution_options(populate_existing=True))


def of_tickets(session: Session, tickets: Sequence[Ticket]) -> dict[int, list[Callback]]:
    """Callbacks by ticket, in the order they were booked, with the tickets they were booked for.

    An open ticket also shows its number's open call that was booked for another matter: one call serves both.
    """
    ticket_ids = {ticket.id for ticket in tickets}
    phones = {ticket.contact_phone for ticket in tickets if ticket.contact_phone}
    shared = and_(Callback.phone.in_(phones), Callback.status == Status.BOOKED)
    query = select(Callback).where(or_(Callback.ticket_id.in_(ticket_ids), shared)).options(joinedload(Callback.ticket))
    callbacks = session.scalars(query.order_by(Callback.id)).all()
    return {
        ticket.id: [
            each
            for each in callbacks
            if each.ticket_id == ticket.id
            or (each.status is Status.BOOKED and each.phone == ticket.contact_phone and ticket.closed_at is None)
        ]
        for ticket in tickets
    }
