"""When the next row is due: the simulated house jumps there instead of ticking every second.

A query looks at the deadlines of those tables that have been written since the last look (`written` tells which).
Besides, each room is ticked as by a slow clock: what has no line here is not lost, it only comes later. A room with new
deadline columns gets a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, func, select
from sqlalchemy.sql.util import find_tables

from backend.appointments.models import Appointment
from backend.appointments.rules import AGREED
from backend.appointments.rules import Status as VisitStatus
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status as CallStatus
from backend.conversations.models import Conversation, Enclosure, Message
from backend.conversations.rules import Mode
from backend.db import Base, UtcDateTime
from backend.escalations.models import Escalation, MailStatus, Notice, PromiseWatch, StaffMail
from backend.followups.models import FollowUp
from backend.followups.rules import OPEN as OPEN_FOLLOWUP
from backend.followups.rules import Status as FollowUpStatus
from backend.kernel import working_time
from backend.kernel.working_time import Calendar
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import Status as TextStatus
from backend.simulation.written import Written
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import CLOSED, Priority, PromiseKind

BEATS = {
    "conversations": timedelta(days=1), "outbox": timedelta(days=1), "reviews": timedelta(hours=6),
    "revisions": timedelta(days=1), "audit": timedelta(days=1), "privacy": timedelta(hours=6),
    "calls": timedelta(days=1),
    "attachments": timedelta(days=1),
}  # fmt: skip
"""How often rooms are ticked whose work has deadlines throughout, or may wait."""

BEAT = timedelta(hours=1)
"""How often all others are, in hotline hours: by night nothing happens that has no deadline or is not stirred."""
SECOND = timedelta(seconds=1)
NONE = timedelta()
SEEN = bindparam("seen", type_=UtcDateTime())
NOW = bindparam("now", type_=UtcDateTime())


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


calls, messages, texts, promises, tickets, talks = map(
    _table, (Callback, Message, OutboxMessage, Promise, Ticket, Conversation)
)
alarms, watches, mails, visits, followups, photos = map(
    _table, (Escalation, PromiseWatch, StaffMail, Appointment, FollowUp, Enclosure)
)


notices = _table(Notice)


def _first(column: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Select[Any]:
    """The earliest instant of a column among some rows."""
    return select(column).where(column.is_not(None), *conditions).order_by(column).limit(1)


def _promise(*conditions: ColumnElement[bool], order_by_index: bool = False) -> Select[Any]:
    """The earliest date of a promise nobody has kept yet.

    Args:
        order_by_index: keep a planner from collecting all that were never kept, of all times, before it orders them.
    """
    met_at = func.coalesce(promises.c.met_at, promises.c.met_at) if order_by_index else promises.c.met_at
    unsettled = (met_at.is_(None), promises.c.paused_at.is_(None), tickets.c.status.not_in(CLOSED))
    query = _first(promises.c.due_at, *unsettled, *conditions)
    return query.join(tickets, tickets.c.id == promises.c.ticket_id)


def _followup(status: FollowUpStatus, *conditions: ColumnElement[bool]) -> Select[Any]:
    return _first(followups.c.due_at, followups.c.status == status, *conditions)


NOBODY_CALLS = followups.c.caller_id.is_(None)
BOOKED = calls.c.status == CallStatus.BOOKED
FREE = (BOOKED, calls.c.caller_id.is_(None))
CRITICAL = tickets.c.priority == Priority.CRITICAL
AGREED_VISIT = visits.c.status.in_(AGREED)
UNSEEN = (alarms.c.ended_at.is_(None), alarms.c.acknowledged_at.is_(None))

ROOMS: Mapping[str, Mapping[str, tuple[Select[Any], timedelta]]] = {
    "conversations": {"message": (_first(messages.c.retry_at), NONE)},
    "attachments": {"photo": (_first(photos.c.fetch_at), NONE)},
    "callbacks": {
        "reminder": (_first(calls.c.remind_at, *FREE, calls.c.reminded_at.is_(None)), NONE),
        "late": (_first(calls.c.window_end, *FREE), NONE),
        "resume": (_first(promises.c.resume_at), NONE),
        "broken": (_promise(promises.c.missed_at.is_(None), promises.c.due_at >= SEEN, order_by_index=True), SECOND),
    },
    "appointments": {
        "hold": (_first(visits.c.held_until, visits.c.status == VisitStatus.HELD), NONE),
        "evening": (_first(visits.c.remind_evening_at, AGREED_VISIT, visits.c.evening_sent_at.is_(None)), NONE),
        "soon": (_first(visits.c.remind_soon_at, AGREED_VISIT, visits.c.soon_sent_at.is_(None)), NONE),
    },
    "escalations": {
        "rung": (_first(alarms.c.look_at), NONE),
        "promise": (_first(watches.c.look_at), NONE),
        "together": (_first(notices.c.due_at), NONE),
    },
    "mails": {"mail": (_first(mails.c.send_after, mails.c.status == MailStatus.PENDING), NONE)},
    "followups": {
        "ask": (_followup(FollowUpStatus.WAITING), NONE),
        "go_over": (_followup(FollowUpStatus.ASKED), NONE),
        "low": (_followup(FollowUpStatus.GRADED), NONE),
        "give_up": (_first(followups.c.give_up_at, followups.c.status.in_(OPEN_FOLLOWUP), NOBODY_CALLS), NONE),
    },
    "outbox": {
        "text": (_first(texts.c.send_after, texts.c.status == TextStatus.PENDING), NONE),
        "unknown": (_first(texts.c.send_after, texts.c.status == TextStatus.UNKNOWN), NONE),
    },
}
"""By the name of the room's tick: what to look for, and how long after that instant the tick finds it due."""

DESK: Mapping[str, Select[Any]] = {
    "alarm": _first(alarms.c.raised_at, *UNSEEN),
    "call": _first(calls.c.dial_at, *FREE),
    "danger_call": _first(calls.c.created_at, *FREE, calls.c.ticket_id.in_(select(tickets.c.id).where(CRITICAL))),
    "later_call": _first(calls.c.dial_at, *FREE, calls.c.dial_at > NOW),
    "waiting": _first(talks.c.handoff_requested_at, talks.c.mode == Mode.WAITING),
    "opinion": _promise(promises.c.kind == PromiseKind.OPINION),
    "followup": _followup(FollowUpStatus.TO_CALL, NOBODY_CALLS),
    "later_followup": _followup(FollowUpStatus.TO_CALL, NOBODY_CALLS, followups.c.due_at > NOW),
}
"""What agents look at: promised calls, people who wait for a person, opinions that are due."""

AFTER_NOW = frozenset({"desk:later_call", "desk:later_followup"})
SINCE_SEEN = frozenset({"callbacks:broken"})
"""The looks that begin at an instant, and therefore find something else when time has passed what they have found."""


@dataclass(frozen=True)
class Ahead:
    """What is to come.

    Attributes:
        rooms: when each room is to be ticked next.
        rows: when the first row of any room is due, or None: then only the beat goes on.
        desk: what lies before the agents; what there is nothing of is left out.
    """

    rooms: Mapping[str, datetime]
    rows: datetime | None
    desk: Mapping[str, datetime]


class Timetable:
    """What is to come, as the rows say."""

    def __init__(self, written: Written, rooms: tuple[str, ...], calendar: Calendar, start: datetime) -> None:
        self._written, self._calendar = written, calendar
        self._exact = {room: ROOMS.get(room, {}) for room in rooms}
        self._beat = dict.fromkeys(rooms, start)
        self._seen = start
        self._looks: dict[str, Select[Any]] = {
            f"{room}:{name}": query for room, looks in self._exact.items() for name, (query, _) in looks.items()
        }
        self._looks |= {f"desk:{name}": query for name, query in DESK.items()}
        self._reads = {
            name: frozenset(table.name for table in find_tables(query, include_joins=True) if isinstance(table, Table))
            for name, query in self._looks.items()
        }
        self._found: dict[str, datetime | None] = {}
        self._queries: dict[tuple[str, ...], Select[Any]] = {}

    def look(self, now: datetime) -> Ahead:
        """What is to come, from `now` on."""
        self._look_again(now)
        rooms, rows = {}, []
        for room, looks in self._exact.items():
            due = [at + later for name, (_, later) in looks.items() if (at := self._found[f"{room}:{name}"])]
            rooms[room] = max(now, min([*due, self._beat[room]]))
            rows += due
        desk = {name: at for name in DESK if (at := self._found[f"desk:{name}"]) is not None}
        return Ahead(rooms, max(now, min(rows)) if rows else None, desk)

    def _look_again(self, now: datetime) -> None:
        """Ask for what may have changed: what stands in tables that were written, and what time has passed by."""
        written = self._written.take()
        past = {name for name, at in self._found.items() if at is not None and self._is_past(name, at, now)}
        names = tuple(
            name for name, tables in self._reads.items() if name not in self._found or name in past or tables & written
        )
        if not names:
            return
        if names not in self._queries:
            self._queries[names] = select(*(self._looks[name].scalar_subquery().label(name) for name in names))
        self._found |= self._written.read(self._queries[names], {"seen": self._seen, "now": now})

    def _is_past(self, name: str, at: datetime, now: datetime) -> bool:
        """Whether a look that begins at an instant has found one that lies before its beginning by now."""
        return (name in AFTER_NOW and at <= now) or (name in SINCE_SEEN and at < self._seen)

    def ticked(self, room: str, now: datetime) -> None:
        """A room has just been ticked."""
        self._beat[room] = working_time.next_opening(self._calendar, now + BEATS.get(room, BEAT))
        if room == "callbacks":
            self._seen = now - SECOND

    def stir(self, room: str, now: datetime) -> None:
        """Something has happened that a room looks for and that has no deadline: it is to be ticked now."""
        self._beat[room] = now
