"""Which windows a visit can have, what may become of it, and when it is announced. Pure.

An outlet's `visits` is what one of its two-hour windows holds. A half day holds as many as its two-hour windows
together: whoever chose half a day is then served in whichever of them has room, and no two-hour window is overrun.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from backend.errors import Conflict, OutsideCalendar
from backend.kernel import working_time
from backend.kernel.window import Window
from backend.kernel.working_time import Calendar

LOOK_BACK = 10
"""Days in which an open evening is looked for before a visit."""

INSTANT = timedelta(hours=1)
"""A wish that names no more than this is a time of day, not a span to choose in."""


class Status(StrEnum):
    """What has become of an appointment. A held one waits for a yes and expires; a moved or late one still stands."""

    HELD = "held"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    LATE = "late"
    DONE = "done"
    CUSTOMER_ABSENT = "customer_absent"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


AGREED = frozenset({Status.CONFIRMED, Status.MOVED, Status.LATE})
OPEN = AGREED | {Status.HELD}
_ENDS = frozenset({Status.DONE, Status.CUSTOMER_ABSENT, Status.CANCELLED})
MAY_BECOME: Mapping[Status, frozenset[Status]] = {
    Status.HELD: frozenset({Status.CONFIRMED, Status.CANCELLED, Status.EXPIRED}),
    **dict.fromkeys(AGREED, _ENDS | {Status.MOVED, Status.LATE}),
}


def check_step(old: Status, new: Status) -> None:
    """Refuse a change that the table does not know.

    Raises:
        Conflict: from this status there is no way to the other.
    """
    if new not in MAY_BECOME.get(old, frozenset()):
        raise Conflict(f"An appointment that is {old} cannot become {new}.", code="bad_status")


class Why(StrEnum):
    """Why windows are offered, or why there are none."""

    INSIDE = "inside"
    UNDATED = "undated"
    NONE_INSIDE = "none_inside"
    PROMISE_OVER = "promise_over"
    NO_VISIT = "no_visit"
    NO_OUTLET = "no_outlet"
    NO_SKILL = "no_skill"
    NO_TEAM = "no_team"
    NONE_FREE = "none_free"
    BEYOND_CALENDAR = "beyond_calendar"


class Problem(StrEnum):
    """Why a window cannot be had."""

    PAST = "past"
    FULL = "full"
    CLOSED = "closed"
    TOO_FAR = "too_far"


@dataclass(frozen=True)
class HalfDay:
    """Half a day on which a technician may come, and the two-hour windows in it; local times."""

    name: str
    start: time
    end: time
    windows: tuple[tuple[time, time], ...]


@dataclass(frozen=True)
class Policy:
    """How visits are agreed (data/appointments.yaml). `lead` is hotline time."""

    half_days: tuple[HalfDay, ...]
    lead: timedelta
    hold: timedelta
    farthest: timedelta
    evening: time
    soon: timedelta
    soon_least: timedelta
    rest: timedelta


@dataclass(frozen=True)
class Team:
    """What an outlet can do: visits a two-hour window holds, kinds of ticket, and whether it works every open day."""

    visits: int
    skills: frozenset[str]
    daily: bool = False


@dataclass(frozen=True)
class Block:
    """A half day of one date, and the windows of it that can be offered at all."""

    whole: Window
    parts: tuple[Window, ...]


@dataclass(frozen=True)
class Diary:
    """One outlet's visits: calendar, policy, team, visits that stand by their window, and the time."""

    calendar: Calendar
    policy: Policy
    team: Team
    taken: Mapping[Window, int]
    now: datetime

    @property
    def earliest(self) -> datetime:
        """The first instant a window may begin.

        Raises:
            OutsideCalendar: the opening hours are not known that far.
        """
        return working_time.add_open_time(self.calendar, self.now, self.policy.lead)

    @property
    def latest(self) -> datetime:
        """The last instant a window may end."""
        return self.now + self.policy.farthest

    def works(self, day: date) -> bool:
        """Whether the outlet sends anybody on a day.

        Raises:
            OutsideCalendar: the calendar does not cover the day: nothing is guessed.
        """
        is_open = working_time.hours_of(self.calendar, day) is not None
        return is_open and (self.team.daily or working_time.is_working_day(self.calendar, day))

    def blocks(self, day: date) -> list[Block]:
        """The half days of a date. A window counts when it begins inside hotline hours.

        Raises:
            OutsideCalendar: the calendar does not cover the day.
        """
        hours = working_time.hours_of(self.calendar, day)
        if hours is None or not self.works(day):
            return []
        opening, closing = hours
        blocks = []
        for half in self.policy.half_days:
            parts = tuple(self._on(day, start, end) for start, end in half.windows)
            usable = tuple(each for each in parts if opening <= each.start < closing)
            if usable:
                blocks.append(Block(self._on(day, half.start, half.end), usable))
        return blocks

    def windows(self, day: date) -> list[Window]:
        """All windows of a date, free or not, earliest first.

        Raises:
            OutsideCalendar: the calendar does not cover the day.
        """
        found = [each for block in self.blocks(day) for each in self._of(block)]
        return sorted(found)

    def _of(self, block: Block) -> Iterator[Window]:
        yield from block.parts
        hours = working_time.hours_of(self.calendar, working_time.local_day(self.calendar, block.whole.start))
        if hours and hours[0] <= block.whole.start < hours[1] and block.whole not in block.parts:
            yield block.whole

    def room(self, window: Window) -> int:
        """How many more visits a window takes; 0 for one the outlet does not have."""
        try:
            blocks = self.blocks(working_time.local_day(self.calendar, window.start))
        except OutsideCalendar:
            return 0
        return next((self._room_in(block, window) for block in blocks if window in self._of(block)), 0)

    def _room_in(self, block: Block, window: Window) -> int:
        load = sum(count for each, count in self.taken.items() if _meet(each, block.whole))
        left = self.team.visits * len(block.parts) - load
        if window != block.whole:
            pinned = sum(n for each, n in self.taken.items() if each != block.whole and _meet(each, window))
            left = min(left, self.team.visits - pinned)
        return max(0, left)

    def free(self) -> list[Window]:
        """Windows with room between the earliest and the latest instant, as far as the calendar is known."""
        found: list[Window] = []
        try:
            earliest, latest = self.earliest, self.latest
            day = working_time.local_day(self.calendar, earliest)
            while day <= working_time.local_day(self.calendar, latest):
                found += sorted(
                    each
                    for block in self.blocks(day)
                    for each in self._of(block)
                    if each.start >= earliest and each.end <= latest and self._room_in(block, each) > 0
                )
                day += timedelta(days=1)
        except OutsideCalendar:
            return found
        return found

    def is_beyond_calendar(self) -> bool:
        """Whether the calendar ends before the last day windows are offered for."""
        try:
            self.works(working_time.local_day(self.calendar, self.latest))
        except OutsideCalendar:
            return True
        return False

    def _on(self, day: date, start: time, end: time) -> Window:
        zone = self.calendar.zone
        return Window(datetime.combine(day, start, zone), datetime.combine(day, end, zone))


def _meet(one: Window, other: Window) -> bool:
    return one.start < other.end and other.start < one.end


@dataclass(frozen=True)
class Offers:
    """Windows that can be had, those inside the on-site promise first, and why these; `inside` counts those."""

    windows: tuple[Window, ...]
    inside: int
    why: Why


def cannot_visit(kind: str, visited: Iterable[str], team: Team | None) -> Why | None:
    """Why an outlet sends nobody for a kind of ticket, or None when it does."""
    if kind not in visited:
        return Why.NO_VISIT
    if team is None:
        return Why.NO_OUTLET
    if kind not in team.skills:
        return Why.NO_SKILL
    return Why.NO_TEAM if team.visits == 0 else None


def offers(diary: Diary, due: datetime | None) -> Offers:
    """All windows that can be had, inside the on-site promise first, each group earliest first.

    Args:
        due: end of the on-site promise; None while it has no date or is settled.
    """
    free = diary.free()
    if not free:
        return Offers((), 0, Why.BEYOND_CALENDAR if diary.is_beyond_calendar() else Why.NONE_FREE)
    if due is None:
        return Offers(tuple(free), 0, Why.UNDATED)
    inside = [each for each in free if each.end <= due]
    later = [each for each in free if each.end > due]
    why = Why.INSIDE if inside else Why.PROMISE_OVER if due <= diary.now else Why.NONE_INSIDE
    return Offers((*inside, *later), len(inside), why)


def half_days_first(diary: Diary, windows: Sequence[Window], limit: int) -> list[Window]:
    """What to name in one question: half days, which are easy to say; two-hour windows where no half day is left."""
    halves = {
        block.whole
        for each in windows
        for block in diary.blocks(working_time.local_day(diary.calendar, each.start))
        if block.whole in windows
    }
    return [each for each in windows if each in halves or not any(_meet(each, half) for half in halves)][:limit]


def fitting(windows: Sequence[Window], start: datetime, end: datetime | None) -> list[Window]:
    """The windows that a wish means.

    A time of day ("三点") means the shortest window that holds it. A span ("明天下午") means the longest windows that
    lie in it, so that tomorrow is a morning and an afternoon, not eight choices; when none does, those that meet it.
    """
    until = end if end is not None and end > start else start
    if until - start <= INSTANT:
        holding = sorted((each for each in windows if each.start <= start < each.end), key=_length)
        return holding[:1]
    inside = [each for each in windows if start <= each.start and each.end <= until]
    meeting = inside or [each for each in windows if _meet(each, Window(start, until))]
    longest_first = sorted(meeting, key=lambda each: (-_length(each), each.start))
    chosen: list[Window] = []
    for each in longest_first:
        if not any(_meet(each, other) for other in chosen):
            chosen.append(each)
    return sorted(chosen)


def elsewhere(windows: Sequence[Window], stands: Window | None) -> list[Window]:
    """The windows to name to somebody who wants another time than the one that stands: none that meets it."""
    return [each for each in windows if stands is None or not _meet(each, stands)]


def after(windows: Sequence[Window], start: datetime) -> list[Window]:
    """The windows to name when a wish cannot be had: those from the wished time on, else all."""
    return [each for each in windows if each.end > start] or list(windows)


def _length(window: Window) -> timedelta:
    return window.end - window.start


def problem_with(diary: Diary, window: Window) -> Problem | None:
    """Why a window cannot be had now, or None when it can."""
    if window.start <= diary.now:
        return Problem.PAST
    if window.end > diary.latest:
        return Problem.TOO_FAR
    try:
        known = window in diary.windows(working_time.local_day(diary.calendar, window.start))
        if not known:
            return Problem.CLOSED
        if window.start < diary.earliest:
            return Problem.PAST
    except OutsideCalendar:
        return Problem.TOO_FAR
    return None if diary.room(window) > 0 else Problem.FULL


def puts_off(found: Offers, window: Window, due: datetime | None) -> bool:
    """Whether a window is later than the promise by the customer's wish: there was one inside it."""
    return due is not None and window.end > due and found.inside > 0


@dataclass(frozen=True)
class Reminders:
    """When a visit is announced (None: not), each with its reason."""

    evening_at: datetime | None
    soon_at: datetime | None
    why_evening: str
    why_soon: str


def reminders(calendar: Calendar, policy: Policy, window: Window, told_at: datetime) -> Reminders:
    """When to announce a visit that the customer was told of at `told_at`.

    Raises:
        OutsideCalendar: the opening hours around the visit are not known.
    """
    evening, why_evening = _evening(calendar, policy, window, told_at)
    soon, why_soon = _soon(calendar, policy, window, told_at)
    return Reminders(evening, soon, why_evening, why_soon)


def _evening(calendar: Calendar, policy: Policy, window: Window, told_at: datetime) -> tuple[datetime | None, str]:
    day = working_time.local_day(calendar, window.start)
    for back in range(1, LOOK_BACK + 1):
        eve = day - timedelta(days=back)
        hours = working_time.hours_of(calendar, eve)
        if hours is None:
            continue
        opening, closing = hours
        wished = datetime.combine(eve, policy.evening, calendar.zone)
        at = max(opening, min(wished, closing - timedelta(hours=1)))
        if at < told_at + policy.rest:
            return None, "the customer has just been told"
        return at, "the evening before" if back == 1 else "the last open evening before"
    return None, "closed for days before the visit"


def _soon(calendar: Calendar, policy: Policy, window: Window, told_at: datetime) -> tuple[datetime | None, str]:
    hours = working_time.hours_of(calendar, working_time.local_day(calendar, window.start))
    if hours is None:
        return None, "closed on the day"
    at = max(window.start - policy.soon, hours[0])
    if at >= hours[1] or window.start - at < policy.soon_least:
        return None, "too short before the window; the evening's reminder is enough"
    if at < told_at + policy.rest:
        return None, "the customer has just been told"
    return at, "before the window" if at == window.start - policy.soon else "at opening"


class Absence(StrEnum):
    """What follows when nobody was at home."""

    OFFER_AGAIN = "offer_again"
    WAIT = "wait"


def after_absence(times: int, before_waiting: int) -> Absence:
    """At first the customer is asked for another time, then the ticket waits for them. `times` counts this one."""
    return Absence.WAIT if times >= before_waiting else Absence.OFFER_AGAIN
