"""Which window a callback gets, when it is announced, and what may become of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from backend.errors import OutsideCalendar
from backend.kernel import shifts, working_time
from backend.kernel.shifts import Roster
from backend.kernel.window import Window, grid, offers
from backend.kernel.working_time import Calendar

ALTERNATIVES = 3


class Status(StrEnum):
    """What has become of a callback. Only a booked one is still to come."""

    BOOKED = "booked"
    DONE = "done"
    WANTS_VISIT = "wants_visit"
    CALL_LATER = "call_later"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"
    REFUSED = "refused"
    CANCELLED = "cancelled"


OUTCOMES = frozenset(Status) - {Status.BOOKED, Status.CANCELLED}
UNDOABLE = OUTCOMES | {Status.CANCELLED}
REACHED = frozenset({Status.DONE, Status.WANTS_VISIT, Status.REFUSED})
"""The customer has had their answer, or has said that they want none: the reply promise is kept."""

UNANSWERED = frozenset({Status.NO_ANSWER, Status.BUSY})


class Problem(StrEnum):
    """Why a wanted time cannot be had."""

    PAST = "past"
    CLOSED = "closed"
    TOO_FAR = "too_far"


@dataclass(frozen=True)
class Policy:
    """How windows are made and calls are tried again (data/callbacks.yaml).

    Attributes:
        ladder: open time until the next try, after the first, second, … unanswered call.
        later: open time until a call that was put off without a time.
        lease: how long a call is its caller's without a sign of them.
        undo: how long an outcome can be taken back.
        noon: local hours people would rather eat in, or None.
    """

    length: timedelta
    per_person: int
    lead: timedelta
    reminder: timedelta
    farthest: timedelta
    ladder: tuple[timedelta, ...]
    later: timedelta
    lease: timedelta
    undo: timedelta
    noon: tuple[time, time] | None


@dataclass(frozen=True)
class Desk:
    """What the choice of a window depends on: calendar, who is on shift, policy, bookings by the start of their window,
    the time."""

    calendar: Calendar
    roster: Roster
    policy: Policy
    taken: Mapping[datetime, int]
    now: datetime

    @property
    def earliest(self) -> datetime:
        """The first instant a window may begin."""
        return self.now + self.policy.lead

    @property
    def latest(self) -> datetime:
        """The last instant a window may end."""
        return self.now + self.policy.farthest

    def windows(self, not_before: datetime, not_after: datetime) -> list[Window]:
        """All windows in open time between two instants, full or not."""
        return grid(self.calendar, self.policy.length, not_before, not_after)

    def free(self, not_before: datetime, not_after: datetime, limit: int = 1) -> list[Window]:
        """Windows with room left, earliest first."""
        return offers(
            self.calendar,
            taken=self.taken,
            capacity=self.capacity,
            length=self.policy.length,
            not_before=not_before,
            not_after=not_after,
            limit=limit,
        )

    def is_free(self, window: Window) -> bool:
        """Whether a window has room left."""
        return self.taken.get(window.start, 0) < self.capacity(window)

    def is_crowded(self, window: Window) -> bool:
        """Whether a window holds more calls than can be made in it."""
        return self.taken.get(window.start, 0) > self.capacity(window)

    def capacity(self, window: Window) -> int:
        """The calls a window holds: what those who are on shift through all of it can make."""
        return shifts.fewest(self.roster, window.start, window.end) * self.policy.per_person


@dataclass(frozen=True)
class Choice:
    """A window, whether it is over-booked, and why it was chosen."""

    window: Window
    over_capacity: bool
    why: str


def soon(desk: Desk, due: datetime | None) -> Choice | None:
    """The window for a callback nobody chose a time for: the earliest free one inside the reply promise.

    The promise outranks the lead time, and both outrank nothing but the opening hours: when no free window inside the
    promise leaves the lead time, one that begins sooner is taken; when all are full, the least loaded is over-booked.
    Without a promise the earliest free window is taken. None: the calendar knows no open window at all.
    """
    if due is not None:
        for not_before, why in (
            (desk.earliest, "inside the reply promise"),
            (desk.now, "inside the promise, at short notice"),
        ):
            if free := desk.free(not_before, due):
                return Choice(free[0], False, why)
        if inside := desk.windows(desk.earliest, due) or desk.windows(desk.now, due):
            least = min(inside, key=lambda window: (desk.taken.get(window.start, 0), window.start))
            return Choice(least, True, "all windows inside the reply promise are full; the promise outranks capacity")
    if free := desk.free(desk.earliest, desk.latest):
        return Choice(free[0], False, "the earliest free window")
    if windows := desk.windows(desk.earliest, desk.latest):
        return Choice(windows[0], True, "no window is free in the whole time bookings are taken for")
    return None


def from_now_on(desk: Desk, start: datetime, due: datetime | None) -> Choice | None:
    """The window for a call that may be made from an instant on: the first free one that has not ended by then.

    Where that would break the reply promise, the least loaded one inside the promise is over-booked. None: the calendar
    knows no open window from there on.
    """
    windows = [each for each in desk.windows(start - desk.policy.length, desk.latest) if each.end > start]
    free = next((each for each in windows if desk.is_free(each)), None)
    inside = [each for each in windows if due is not None and each.end <= due]
    if inside and (free is None or free not in inside):
        least = min(inside, key=lambda each: (desk.taken.get(each.start, 0), each.start))
        return Choice(least, True, "the promise outranks capacity")
    if free is not None:
        return Choice(free, False, "the first window with a free hand")
    return Choice(windows[0], True, "no window is free in the whole time bookings are taken for") if windows else None


@dataclass(frozen=True)
class Fit:
    """The window for a wanted time. `exact` is false when another one than wanted had to be taken (`why`)."""

    window: Window
    exact: bool
    why: str | None = None


@dataclass(frozen=True)
class Unfit:
    """A wanted time that cannot be had, and windows that can."""

    problem: Problem
    alternatives: tuple[Window, ...]


def wanted(desk: Desk, start: datetime, end: datetime | None) -> Fit | Unfit:
    """The window for a time a customer wants a call at: about `start`, or anywhere between `start` and `end`.

    The first free window in the wanted time, in a longer one sooner outside noon; when all of them are full, or the
    customer wants the call right now, the next free one. A time that is past, closed or too far away gets alternatives.
    """
    if start > desk.latest:
        return Unfit(Problem.TOO_FAR, _near(desk, desk.latest))
    start, until = _span(desk, start, end)
    if until <= desk.now:
        return Unfit(Problem.PAST, _near(desk, start))
    if fit := _fit(desk, start, until):
        return fit
    problem = Problem.PAST if start <= desk.now else _beyond_or_closed(desk, start)
    return Unfit(problem, _near(desk, start))


def _fit(desk: Desk, start: datetime, until: datetime) -> Fit | None:
    candidates = _inside(desk, start, until)
    if free := [window for window in candidates if desk.is_free(window)]:
        return Fit(next((window for window in free if not _is_noon(desk, window)), free[0]), exact=True)
    if candidates and (later := desk.free(candidates[-1].end, desk.latest)):
        return Fit(later[0], exact=False, why="full")
    if not candidates and start <= desk.earliest and (first := _at_once(desk)):
        return Fit(first, exact=False, why="first")
    return None


def _is_noon(desk: Desk, window: Window) -> bool:
    noon = desk.policy.noon
    return noon is not None and noon[0] <= window.start.astimezone(desk.calendar.zone).time() < noon[1]


def visit(desk: Desk, start: datetime, end: datetime | None) -> Fit | Unfit:
    """The part of a wanted time for a visit that lies in opening hours and ahead of us."""
    if start > desk.latest:
        return Unfit(Problem.TOO_FAR, _near(desk, desk.latest))
    start, until = _span(desk, start, end)
    if until <= desk.now:
        return Unfit(Problem.PAST, _near(desk, start))
    try:
        opening = working_time.next_opening(desk.calendar, max(start, desk.now))
        closing = working_time.closing(desk.calendar, opening)
    except OutsideCalendar:
        return Unfit(Problem.TOO_FAR, _near(desk, start))
    if opening >= until:
        return Unfit(Problem.CLOSED, _near(desk, start))
    window = Window(opening, min(until, closing))
    exact = window == Window(start, until)
    return Fit(window, exact, None if exact else "hours")


def _span(desk: Desk, start: datetime, end: datetime | None) -> tuple[datetime, datetime]:
    """A wanted time with an end, cut to the days that matter: nothing before yesterday or after the last booking."""
    start = max(start, desk.now - timedelta(days=1))
    until = end if end is not None and end > start else start + desk.policy.length
    return start, min(until, desk.latest + desk.policy.length)


def _inside(desk: Desk, start: datetime, until: datetime) -> list[Window]:
    """Windows of the wanted time that can still be booked: those that lie in it, else those that hold its beginning."""
    not_after = min(until, desk.latest)
    if lying_in := desk.windows(max(start, desk.earliest), not_after):
        return lying_in
    around = desk.windows(start - desk.policy.length, until + desk.policy.length)
    return [each for each in around if each.start <= start < each.end and each.start >= desk.earliest]


def _at_once(desk: Desk) -> Window | None:
    """The next free window today for somebody who wants the call now, while the hotline is open."""
    try:
        if not working_time.is_open(desk.calendar, desk.now):
            return None
        closing = working_time.closing(desk.calendar, desk.now)
    except OutsideCalendar:
        return None
    return next(iter(desk.free(desk.earliest, closing)), None)


def _beyond_or_closed(desk: Desk, start: datetime) -> Problem:
    try:
        working_time.is_open(desk.calendar, start)
    except OutsideCalendar:
        return Problem.TOO_FAR
    return Problem.CLOSED


def _near(desk: Desk, start: datetime) -> tuple[Window, ...]:
    """Free windows around a time: the last before it and the next after it."""
    around = max(start, desk.earliest)
    before = desk.free(max(desk.earliest, around - timedelta(days=1)), around, limit=1000)[-1:]
    after = desk.free(around, desk.latest, limit=ALTERNATIVES - len(before))
    return tuple(before + after)


def remind_at(calendar: Calendar, policy: Policy, window: Window, now: datetime) -> datetime | None:
    """When the reminder of a callback is due: some minutes ahead, inside opening hours, not before now.

    A callback at opening time is announced at opening. None when no such instant is left before the window ends.
    """
    due = working_time.next_opening(calendar, max(window.start - policy.reminder, now))
    return due if due < window.end else None


def is_only_for_the_visit(
    *, reason: str, of_this_ticket: bool, ticket_type: str, other_matters: int, opinion_open: bool
) -> bool:
    """Whether a call is needless once a visit is agreed: it was booked with the ticket itself, and nothing else is left
    to say: no other open matter of the number relies on it, and no opinion is promised.
    """
    return of_this_ticket and reason == ticket_type and other_matters == 0 and not opinion_open


def may_change(booked_confirmed: bool, asks_confirmed: bool, same_conversation: bool) -> bool:
    """Whether whoever names a number may move its callback.

    A call its owner has booked from that very number is moved only by the owner, in the same conversation or from the
    number again; otherwise anybody could put off a stranger's call by typing their number.
    """
    return same_conversation or asks_confirmed or not booked_confirmed
