"""Reads of the callbacks room."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Integer, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, load_only

from backend.callbacks.models import Callback
from backend.callbacks.rules import Status
from backend.db import UtcDateTime
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import CLOSED, PromiseKind

_A_DAY = timedelta(days=1)
_PROMISES = 1000
_SHOWN = (joinedload(Callback.ticket), joinedload(Callback.caller))


def open_by_phone(session: Session, phone: str) -> Callback | None:
    """The callback a number is waiting for."""
    return session.scalar(_OPEN_BY_PHONE, {"phone": phone})


_OPEN_BY_PHONE = select(Callback).where(Callback.phone == bindparam("phone"), Callback.status == Status.BOOKED)


def taken(session: Session, *, since: datetime, besides: int | None) -> dict[datetime, int]:
    """How many callbacks are booked by the start of their window; `besides` leaves one out that is to be moved."""
    return dict(session.execute(_TAKEN, {"since": since, "besides": besides or 0}).all())


_TAKEN = (
    select(Callback.window_start, func.count())
    .where(
        Callback.status == Status.BOOKED,
        Callback.window_start >= bindparam("since", type_=UtcDateTime()),
        Callback.id != bindparam("besides"),
    )
    .group_by(Callback.window_start)
)


def between(
    session: Session, start: datetime | None, end: datetime | None, *, limit: int, offset: int
) -> Sequence[Callback]:
    """Callbacks whose window begins in a span, earliest first, with their tickets and callers."""
    query = select(Callback).options(*_SHOWN)
    if start is not None:
        query = query.where(Callback.window_start >= start)
    if end is not None:
        query = query.where(Callback.window_start < end)
    return session.scalars(query.order_by(Callback.window_start, Callback.id).limit(limit).offset(offset)).all()


def with_ticket(session: Session, callback_id: int) -> Callback | None:
    """A callback with its ticket and its caller, as it stands in the database."""
    return session.scalar(_WITH_TICKET, {"callback_id": callback_id})


_WITH_TICKET = (
    select(Callback)
    .where(Callback.id == bindparam("callback_id"))
    .options(*_SHOWN)
    .execution_options(populate_existing=True)
)


def of_tickets(session: Session, tickets: Sequence[Ticket]) -> dict[int, list[Callback]]:
    """Callbacks by ticket, in the order they were booked, with the tickets they were booked for.

    An open ticket also shows its number's open call that was booked for another matter: one call serves both.
    """
    ticket_ids = {ticket.id for ticket in tickets}
    phones = {ticket.contact_phone for ticket in tickets if ticket.contact_phone}
    shared = and_(Callback.phone.in_(phones), Callback.status == Status.BOOKED)
    query = select(Callback).where(or_(Callback.ticket_id.in_(ticket_ids), shared)).options(*_SHOWN)
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


def booked_after(session: Session, now: datetime) -> Sequence[Callback]:
    """Callbacks that are still to come, earliest first, with their tickets."""
    query = select(Callback).where(Callback.status == Status.BOOKED, Callback.window_end > now)
    ordered = query.options(joinedload(Callback.ticket)).order_by(Callback.window_start, Callback.id)
    return session.scalars(ordered).all()


def is_free_for(agent_id: int | None, now: datetime) -> ColumnElement[bool]:
    """Nobody else than this agent is making the call."""
    return or_(Callback.caller_id.is_(None), Callback.caller_id == agent_id, Callback.lease_until <= now)


def waiting(session: Session, agent_id: int, *, now: datetime, limit: int = 500) -> Sequence[Callback]:
    """Booked calls this agent could take that are due or may be hurried, with their tickets; the longest due first."""
    return session.scalars(_WAITING, {"agent_id": agent_id, "now": now, "most": limit}).all()


def next_dial_at(session: Session, after: datetime) -> datetime | None:
    """When the next booked call may be made."""
    return session.scalar(_NEXT_DIAL_AT, {"after": after})


_NEXT_DIAL_AT = select(func.min(Callback.dial_at)).where(
    Callback.status == Status.BOOKED, Callback.dial_at > bindparam("after", type_=UtcDateTime())
)


def in_hand(session: Session, agent_id: int, now: datetime) -> Callback | None:
    """The call an agent is making, with its ticket."""
    return session.scalar(_IN_HAND, {"agent_id": agent_id, "now": now})


def chain(session: Session, callback: Callback) -> Sequence[Callback]:
    """All calls of the promise a call belongs to, in order."""
    first = callback.first_id or callback.id
    query = select(Callback).where(or_(Callback.id == first, Callback.first_id == first)).options(*_SHOWN)
    return session.scalars(query.order_by(Callback.id)).all()


def reply_due(session: Session, phones: Collection[str]) -> dict[str, datetime]:
    """By number, when the first reply promise of its open tickets is due that is running and not yet missed."""
    rows = session.execute(_REPLY_DUE, {"phones": list(phones)}) if phones else ()
    return {phone: due for phone, due in rows if phone and due}


def late(session: Session, now: datetime, limit: int) -> Sequence[Callback]:
    """Booked calls whose window has ended and that nobody is making, those that should have been made first first."""
    query = select(Callback).where(*_LATE).options(*_SHOWN).order_by(Callback.first_end, Callback.id).limit(limit)
    return session.scalars(query, {"now": now}).all()


@dataclass(frozen=True)
class Seen:
    """Whether there are calls nobody made in their window, and reminders that are due."""

    late: bool
    reminders: bool


def look(session: Session, now: datetime) -> Seen:
    """Whether the tick has anything to do, without a write."""
    return Seen(*session.execute(_LOOK, {"now": now}).one())


_NOW = bindparam("now", type_=UtcDateTime())
_IN_HAND = (
    select(Callback)
    .where(Callback.status == Status.BOOKED, Callback.caller_id == bindparam("agent_id"), Callback.lease_until > _NOW)
    .options(*_SHOWN)
    .order_by(Callback.id)
    .limit(1)
)
_MAY_HURRY = and_(
    Callback.chosen.is_(False),
    Callback.by_hand.is_(False),
    Callback.reminded_at.is_(None),
    Callback.unanswered == 0,
    Callback.ticket_id.is_not(None),
)
_WAITING = (
    select(Callback)
    .where(
        Callback.status == Status.BOOKED,
        or_(Callback.caller_id.is_(None), Callback.caller_id == bindparam("agent_id"), Callback.lease_until <= _NOW),
        or_(Callback.dial_at <= _NOW, _MAY_HURRY),
    )
    .options(
        load_only(
            Callback.ticket_id, Callback.phone, Callback.version, Callback.created_at, Callback.dial_at,
            Callback.first_start, Callback.first_end, Callback.window_start, Callback.window_end, Callback.chosen,
            Callback.by_hand, Callback.reminded_at, Callback.unanswered,
        ),
        joinedload(Callback.ticket).load_only(Ticket.priority),
    )
    .order_by(Callback.dial_at)
    .limit(bindparam("most", type_=Integer()))
)  # fmt: skip
"""With no more than decides about their turn: hundreds may wait, one is taken."""
_NOBODY_CALLS = or_(Callback.caller_id.is_(None), Callback.lease_until <= _NOW)
_LATE = (Callback.status == Status.BOOKED, Callback.window_end <= _NOW, _NOBODY_CALLS)
_LOOK = select(
    exists().where(*_LATE),
    exists().where(
        Callback.status == Status.BOOKED,
        Callback.remind_at <= _NOW,
        Callback.reminded_at.is_(None),
        Callback.window_end > _NOW,
        _NOBODY_CALLS,
    ),
)


def at_risk(session: Session, now: datetime, limit: int) -> list[tuple[Callback, datetime]]:
    """Booked calls still ahead that may be brought forward, and when their reply promise is due that may be missed.

    Promises due within a day, the first due first.

    The promises are read first, by when they are due: however many calls are booked for later, they are not looked at.
    """
    rows = session.execute(_DUE_WITHIN_A_DAY, {"now": now, "until": now + _A_DAY})
    due: dict[str, datetime] = {phone: due for phone, due in rows if phone and due}
    if not due:
        return []
    ahead = session.scalars(_MAY_COME_FORWARD, {"phones": list(due), "now": now})
    calls = [each for each in ahead if _is_in_danger(each, due[each.phone])]
    return sorted(((each, due[each.phone]) for each in calls), key=lambda pair: (pair[1], pair[0].id))[:limit]


def _is_in_danger(callback: Callback, due: datetime) -> bool:
    return due < callback.window_end or callback.over_capacity


_MAY_COME_FORWARD = (
    select(Callback)
    .where(
        Callback.phone.in_(bindparam("phones", expanding=True)),
        Callback.status == Status.BOOKED,
        Callback.window_start > _NOW,
        Callback.chosen.is_(False),
        Callback.by_hand.is_(False),
        Callback.reminded_at.is_(None),
        Callback.unanswered == 0,
        _NOBODY_CALLS,
    )
    .options(*_SHOWN)
)
_RUNNING = (
    Promise.kind == PromiseKind.REPLY,
    Promise.met_at.is_(None),
    Promise.missed_at.is_(None),
    Promise.paused_at.is_(None),
    Promise.due_at.is_not(None),
    Ticket.status.not_in(CLOSED),
)
_REPLY_DUE = (
    select(Ticket.contact_phone, func.min(Promise.due_at))
    .join(Promise, Promise.ticket_id == Ticket.id)
    .where(Ticket.contact_phone.in_(bindparam("phones", expanding=True)), *_RUNNING)
    .group_by(Ticket.contact_phone)
)
_DUE_WITHIN_A_DAY = (
    select(Ticket.contact_phone, func.min(Promise.due_at).label("due"))
    .join(Promise, Promise.ticket_id == Ticket.id)
    .where(
        Promise.due_at > _NOW,
        Promise.due_at <= bindparam("until", type_=UtcDateTime()),
        Ticket.contact_phone.is_not(None),
        *_RUNNING,
    )
    .group_by(Ticket.contact_phone)
    .order_by("due")
    .limit(_PROMISES)
)
