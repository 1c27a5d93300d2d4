"""How much of a promise's time has gone, and when so much of it will have. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.errors import OutsideCalendar
from backend.kernel import working_time
from backend.kernel.working_time import Calendar
from backend.tickets.promise_rules import Clock, PromiseState, count


def elapsed_share(promise: PromiseState, calendar: Calendar, now: datetime) -> float:
    """How much of a promise's time has gone: 0 when it is given, 1 at its deadline, more after it.

    Counted in the promise's own clock and back from the deadline, so pauses are excluded: open time; open time of
    working days; plain time for days of the calendar. A promise without a date has used nothing; one that stands still
    has used what it had when it was stopped. Never falls while time goes on.
    """
    if promise.due_at is None:
        return 0.0
    clock, start, due = promise.terms.clock, promise.terms.started_at, promise.due_at
    at = max(start, now if promise.paused_at is None else min(now, promise.paused_at))
    try:
        whole = _clock_time(calendar, clock, start, count(promise.terms, calendar).due_at or due)
        passed = _clock_time(calendar, clock, due, at) if at > due else -_clock_time(calendar, clock, at, due)
    except OutsideCalendar:
        return float(at >= due)
    if not whole:
        return float(at >= due)
    return max(0.0, 1 + passed / whole)


def share_reached_at(promise: PromiseState, calendar: Calendar, share: float) -> datetime | None:
    """The first instant, to the second, at which so much (0 to 1) of a promise's time has gone unless it is put off.

    None while it has no date or stands still.
    """
    if promise.due_at is None or promise.paused_at is not None:
        return None
    early, late = promise.terms.started_at, promise.due_at
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if elapsed_share(promise, calendar, middle) >= share:
            late = middle
        else:
            early = middle
    return late


def _clock_time(calendar: Calendar, clock: Clock, start: datetime, end: datetime) -> timedelta:
    match clock:
        case Clock.OPEN_TIME:
            return working_time.open_time_between(calendar, start, end)
        case Clock.WORKING_DAYS:
            return working_time.working_time_between(calendar, start, end)
        case Clock.CALENDAR_DAYS:
            return end - start
