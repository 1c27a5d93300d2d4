"""Whose turn it is to be called, when a call is made again, and when an outcome can be taken back. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.callbacks.rules import Choice, Desk, Policy, from_now_on
from backend.errors import OutsideCalendar
from backend.kernel import shifts, working_time
from backend.kernel.shifts import Roster
from backend.kernel.window import Window
from backend.kernel.working_time import Calendar


@dataclass(frozen=True)
class Retry:
    """The call is made again, not before `at`, in this window."""

    at: datetime
    choice: Choice


class GaveUp(StrEnum):
    """Why a call is not made again."""

    LADDER = "ladder"
    CALENDAR = "calendar"


def again(desk: Desk, unanswered: int, due: datetime | None) -> Retry | GaveUp:
    """What follows when nobody answers: the next step of the ladder in open time, or its end.

    Args:
        unanswered: calls in a row that nobody answered, this one included.
        due: when the reply promise is due, while it can still be kept.
    """
    if unanswered > len(desk.policy.ladder):
        return GaveUp.LADDER
    return _not_before(desk, desk.policy.ladder[unanswered - 1], due)


def later(desk: Desk) -> Retry | GaveUp:
    """When somebody is called who asked for later and named no time."""
    return _not_before(desk, desk.policy.later, None)


def _not_before(desk: Desk, pause: timedelta, due: datetime | None) -> Retry | GaveUp:
    try:
        after = working_time.add_open_time(desk.calendar, desk.now, pause)
        at = working_time.next_opening(desk.calendar, after)
    except OutsideCalendar:
        return GaveUp.CALENDAR
    choice = from_now_on(desk, at, due)
    return Retry(max(at, choice.window.start), choice) if choice else GaveUp.CALENDAR


@dataclass(frozen=True)
class Waiting:
    """What of a booked call decides when its turn comes.

    Attributes:
        since: when the first call of this promise was booked.
        dial_at: from when it may be made.
        first: the window the customer was told first.
        window: the window it stands in.
        due: when its reply promise is due, while that runs.
        danger: whether danger to people was reported.
        fixed: the customer chose the time, an agent set it, or a reminder has told it: never made earlier.
        retry: whether it follows a call nobody answered; its ladder is not hurried.
    """

    id: int
    since: datetime
    dial_at: datetime
    first: Window
    window: Window
    due: datetime | None = None
    danger: bool = False
    fixed: bool = False
    retry: bool = False

    @property
    def at_risk(self) -> bool:
        """Whether the reply promise would be missed in this window."""
        return self.due is not None and self.due < self.window.end

    @property
    def deadline(self) -> datetime:
        """When it should have been made: by its promise, and by the end of the window the customer was told."""
        told = self.window.end if self.retry else self.first.end
        return told if self.due is None else min(self.due, told)


class Turn(StrEnum):
    """Why it is a call's turn, the most urgent first."""

    DANGER = "danger"
    DUE = "due"
    AT_RISK = "at_risk"


def turn_of(call: Waiting, now: datetime) -> Turn | None:
    """Why a call may be made now, or None: not yet."""
    may_hurry = not call.fixed and not call.retry
    if call.danger and (may_hurry or call.dial_at <= now):
        return Turn.DANGER
    if call.dial_at <= now:
        return Turn.DUE
    return Turn.AT_RISK if may_hurry and call.at_risk else None


def in_turn(calls: Iterable[Waiting], now: datetime) -> list[tuple[Waiting, Turn]]:
    """The calls that may be made now: danger first, then windows that have begun, then promises at risk.

    Among these by deadline; of two with one deadline, the one that has waited longer.
    """
    ranks = list(Turn)
    turns = [(call, turn) for call in calls if (turn := turn_of(call, now)) is not None]
    return sorted(turns, key=lambda each: (ranks.index(each[1]), each[0].deadline, each[0].since, each[0].id))


class NoCall(StrEnum):
    """Why somebody gets no call."""

    CLOSED = "closed"
    OFF_SHIFT = "off_shift"
    NONE = "none"


def may_call(calendar: Calendar, roster: Roster, username: str, now: datetime) -> NoCall | None:
    """Why an agent is handed no call at this hour, or None: they are."""
    try:
        if not working_time.is_open(calendar, now):
            return NoCall.CLOSED
    except OutsideCalendar:
        return NoCall.CLOSED
    return None if shifts.on_shift(roster, now).may_include(username) else NoCall.OFF_SHIFT


def is_held(caller_id: int | None, lease_until: datetime | None, by: int | None, now: datetime) -> bool:
    """Whether somebody else than `by` is making the call."""
    return caller_id is not None and caller_id != by and lease_until is not None and now < lease_until


def forward(desk: Desk, call: Waiting) -> Choice | None:
    """An earlier window, with a hand free, for a call whose reply promise would otherwise be missed. None: it stays.

    Missed it would be where the window ends too late, or holds more calls than can be made in it. A time the customer
    chose, an agent set, or a reminder has told is not moved, nor is a step of the ladder.
    """
    if call.fixed or call.retry or call.due is None or not (call.at_risk or desk.is_crowded(call.window)):
        return None
    free = desk.free(desk.now, call.window.start)
    return Choice(free[0], False, "brought forward: its reply promise would be missed") if free else None


class NoUndo(StrEnum):
    """Why an outcome cannot be taken back."""

    TOO_LATE = "too_late"
    GONE_ON = "gone_on"
    LEFT = "left"


def may_undo(settled_at: datetime, *, gone_on: bool, has_left: bool, policy: Policy, now: datetime) -> NoUndo | None:
    """Why an outcome cannot be taken back, or None: it can.

    Args:
        gone_on: the call that follows from it has been touched, or the number has another one by now.
        has_left: a text that follows from it is on its way.
    """
    if now - settled_at > policy.undo:
        return NoUndo.TOO_LATE
    if gone_on:
        return NoUndo.GONE_ON
    return NoUndo.LEFT if has_left else None
