"""When the next row is due: the simulated house jumps there instead of ticking every second.

One query looks at all deadlines. A room without a line here is ticked every half hour, as by a slow clock: nothing is
lost, it is only less exact. A room that gets deadline columns gets a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, select
from sqlalchemy.orm import Session

from backend.callbacks.models import Callback
from backend.callbacks.rules import Status as CallStatus
from backend.conversations.models import Conversation, Message
from backend.conversations.rules import Mode
from backend.db import Base, UtcDateTime
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import Status as TextStatus
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import CLOSED, PromiseKind

COARSE = timedelta(minutes=30)
SECOND = timedelta(seconds=1)
NONE = timedelta()
SEEN = bindparam("seen", type_=UtcDateTime())


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


calls, messages, texts, promises, tickets, talks = map(
    _table, (Callback, Message, OutboxMessage, Promise, Ticket, Conversation)
)


def _first(column: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Select[Any]:
    """The earliest instant of a column among some rows."""
    return select(column).where(column.is_not(None), *conditions).order_by(column).limit(1)


def _promise(*conditions: ColumnElement[bool]) -> Select[Any]:
    unsettled = (promises.c.met_at.is_(None), promises.c.paused_at.is_(None), tickets.c.status.not_in(CLOSED))
    query = _first(promises.c.due_at, *unsettled, *conditions)
    return query.join(tickets, tickets.c.id == promises.c.ticket_id)


BOOKED = calls.c.status == CallStatus.BOOKED

ROOMS: Mapping[str, Mapping[str, tuple[Select[Any], timedelta]]] = {
    "conversations": {"message": (_first(messages.c.retry_at), NONE)},
    "callbacks": {
        "reminder": (_first(calls.c.remind_at, BOOKED, calls.c.reminded_at.is_(None)), NONE),
        "broken": (_promise(promises.c.missed_at.is_(None), promises.c.due_at >= SEEN), SECOND),
    },
    "outbox": {
        "text": (_first(texts.c.send_after, texts.c.status == TextStatus.PENDING), NONE),
        "unknown": (_first(texts.c.send_after, texts.c.status == TextStatus.UNKNOWN), NONE),
    },
}
"""By the name of the room's tick: what to look for, and how long after that instant the tick finds it due."""

DESK: Mapping[str, Select[Any]] = {
    "call": _first(calls.c.window_start, BOOKED),
    "later_call": _first(calls.c.window_start, BOOKED, calls.c.window_start > bindparam("now", type_=UtcDateTime())),
    "waiting": _first(talks.c.handoff_requested_at, talks.c.mode == Mode.WAITING),
    "opinion": _promise(promises.c.kind == PromiseKind.OPINION),
}
"""What agents look at: promised calls, people who wait for a person, opinions that are due."""


@dataclass(frozen=True)
class Ahead:
    """What is to come: the instant at which each room is to be ticked, and what lies before the agents.

    A room with nothing to do is left out; so is what the desk has nothing of.
    """

    rooms: Mapping[str, datetime]
    desk: Mapping[str, datetime]


class Timetable:
    """What is to come, as the rows say."""

    def __init__(self, rooms: tuple[str, ...], start: datetime) -> None:
        self._exact = {room: ROOMS[room] for room in rooms if room in ROOMS}
        self._coarse = {room: start for room in rooms if room not in ROOMS}
        self._seen = start
        parts = [
            query.scalar_subquery().label(f"{room}:{name}")
            for room, looks in self._exact.items()
            for name, (query, _) in looks.items()
        ]
        parts += [query.scalar_subquery().label(f"desk:{name}") for name, query in DESK.items()]
        self._query = select(*parts)

    def look(self, session: Session, now: datetime) -> Ahead:
        """What is to come, from `now` on."""
        row = session.connection().execute(self._query, {"seen": self._seen, "now": now}).mappings().one()
        rooms = {room: max(now, at + COARSE) for room, at in self._coarse.items()}
        for room, looks in self._exact.items():
            due = [row[f"{room}:{name}"] + later for name, (_, later) in looks.items() if row[f"{room}:{name}"]]
            if due:
                rooms[room] = max(now, min(due))
        return Ahead(rooms, {name: row[f"desk:{name}"] for name in DESK if row[f"desk:{name}"] is not None})

    def ticked(self, room: str, now: datetime) -> None:
        """A room has just been ticked."""
        if room in self._coarse:
            self._coarse[room] = now
        if room == "callbacks":
            self._seen = now - SECOND
