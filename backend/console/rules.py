"""How a promise looks at this moment, and how long something has lasted. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.errors import OutsideCalendar
from backend.kernel import working_time
from backend.kernel.working_time import Calendar

NEAR = 0.2


class Look(StrEnum):
    """How a promise stands; the console gives each its colour."""

    OK = "ok"
    NEAR = "near"
    OVERDUE = "overdue"
    PAUSED = "paused"
    UNDATED = "undated"
    MET = "met"
    LATE = "late"


_URGENCY = (Look.OVERDUE, Look.NEAR, Look.OK, Look.UNDATED, Look.PAUSED, Look.LATE, Look.MET)


@dataclass(frozen=True)
class Pledge:
    """What of a promise decides how it looks."""

    kind: str
    made_at: datetime
    due_at: datetime | None
    met_at: datetime | None = None
    paused_at: datetime | None = None


@dataclass(frozen=True)
class Seen:
    """A promise at one moment; `left` is open time to the deadline, or how long ago it passed."""

    pledge: Pledge
    look: Look
    left: timedelta


def see(pledge: Pledge, *, calendar: Calendar, now: datetime) -> Seen:
    """How a promise stands. It is near its end when a fifth of its open time, or less, is left."""
    due = pledge.due_at
    if pledge.met_at is not None:
        late = due is not None and pledge.met_at > due
        return Seen(pledge, Look.LATE if late else Look.MET, timedelta())
    if due is None:
        return Seen(pledge, Look.UNDATED, timedelta())
    if pledge.paused_at is not None:
        return Seen(pledge, Look.PAUSED, _open_time(calendar, pledge.paused_at, due))
    if now > due:
        return Seen(pledge, Look.OVERDUE, now - due)
    left, whole = _open_time(calendar, now, due), _open_time(calendar, pledge.made_at, due)
    return Seen(pledge, Look.NEAR if left <= whole * NEAR else Look.OK, left)


def most_urgent(seen: Iterable[Seen]) -> Seen | None:
    """The promise to look at first: what is broken, then what is nearest."""
    return min(seen, key=_urgency, default=None)


def _urgency(seen: Seen) -> tuple[int, timedelta]:
    overdue_longest_first = -seen.left if seen.look is Look.OVERDUE else seen.left
    return _URGENCY.index(seen.look), overdue_longest_first


def _open_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Open time between two instants; plain time where the calendar knows no hours."""
    try:
        return working_time.open_time_between(calendar, start, end)
    except OutsideCalendar:
        return max(end - start, timedelta())
