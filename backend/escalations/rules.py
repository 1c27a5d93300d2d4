"""Which rung is told next, by which means, and when an escalation is over. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.errors import OutsideCalendar
from backend.kernel import working_time
from backend.kernel.working_time import Calendar

LOOK_AGAIN = timedelta(hours=1)
"""After this a row is looked at again that the calendar has no hours for."""


class Trigger(StrEnum):
    """What raises an escalation."""

    PROMISE_HALF = "promise_half"
    PROMISE_NEAR = "promise_near"
    PROMISE_MISSED = "promise_missed"
    REPEAT_CONTACT = "repeat_contact"
    MANAGER_CALLED = "manager_called"
    DANGER = "danger"
    ANGRY_WORDS = "angry_words"
    LOW_GRADE = "low_grade"


class Rung(StrEnum):
    """A step of the ladder, in order upwards."""

    AGENT = "agent"
    OUTLET = "outlet"
    GENERAL = "general"
    MANAGER = "manager"


class Means(StrEnum):
    """How somebody is told."""

    CONSOLE = "console"
    TEXT = "text"
    EMAIL = "email"
    CALL = "call"


class End(StrEnum):
    """Why an escalation is over."""

    BY_HAND = "by_hand"
    PROMISE_MET = "promise_met"
    PUT_OFF = "put_off"
    TICKET_CLOSED = "ticket_closed"
    ANSWERED = "answered"
    OVERTAKEN = "overtaken"
    GONE = "gone"


PROMISED = (Trigger.PROMISE_HALF, Trigger.PROMISE_NEAR, Trigger.PROMISE_MISSED)
"""What is said of one promise, the graver the later."""

TAKES_THE_PLACE_OF: Mapping[Trigger, frozenset[Trigger]] = {
    Trigger.PROMISE_NEAR: frozenset({Trigger.PROMISE_HALF}),
    Trigger.PROMISE_MISSED: frozenset({Trigger.PROMISE_HALF, Trigger.PROMISE_NEAR}),
    Trigger.MANAGER_CALLED: frozenset({Trigger.REPEAT_CONTACT}),
}
"""The lesser ones that need nobody any more once a graver one about the same thing is raised."""


@dataclass(frozen=True)
class Insist:
    """How often a rung is told of danger, how far apart by the wall clock, and by which means."""

    means: tuple[Means, ...]
    every: timedelta
    times: int


@dataclass(frozen=True)
class RungRule:
    """What holds for a rung: by which means it is told, and how much open time it has to acknowledge.

    Attributes:
        danger: instead, when people are in danger.
        night: the same out of hours; None: the rung is passed over then.
    """

    rung: Rung
    means: tuple[Means, ...]
    acknowledge: timedelta
    danger: Insist
    night: Insist | None


@dataclass(frozen=True)
class Ladder:
    """The rungs upwards, and at which of them a trigger begins."""

    rungs: tuple[RungRule, ...]
    first: Mapping[Trigger, Rung]


@dataclass(frozen=True)
class State:
    """How an escalation stands.

    Attributes:
        rung: the rung reached, None before anybody is told.
        floor: it does not begin below this rung, whatever its trigger says; a graver one begins where a lesser stood.
        times: how often this rung has been told.
        waiting_since: since when the rung's time to acknowledge runs.
        by_day, by_night: the rungs at which somebody can be told in and out of hours.
    """

    trigger: Trigger
    rung: Rung | None = None
    floor: Rung | None = None
    times: int = 0
    waiting_since: datetime | None = None
    acknowledged: bool = False
    over: bool = False
    by_day: frozenset[Rung] = frozenset(Rung)
    by_night: frozenset[Rung] = frozenset(Rung)


@dataclass(frozen=True)
class Tell:
    """Tell a rung now, for the `times`-th time; if nobody acknowledges, look again at `look_at`."""

    rung: Rung
    times: int
    means: tuple[Means, ...]
    at_night: bool
    look_at: datetime
    reason: str


@dataclass(frozen=True)
class Stay:
    """Nobody is told now; look again at `look_at`, or never unless something changes."""

    look_at: datetime | None
    reason: str


def next_step(state: State, ladder: Ladder, calendar: Calendar, now: datetime) -> Tell | Stay:
    """What is to be done about an escalation now.

    Out of hours only danger is told, to those the ladder names for the night; everything else waits for the opening.
    A rung that nobody can be told at is passed over. The time to acknowledge is open time, in danger wall-clock time.
    """
    if state.over or state.acknowledged:
        return Stay(None, "over" if state.over else "acknowledged")
    in_danger = state.trigger is Trigger.DANGER
    try:
        is_open = working_time.is_open(calendar, now)
    except OutsideCalendar:
        if not in_danger:
            return Stay(now + LOOK_AGAIN, "outside_calendar")
        is_open = False
    if not is_open and not in_danger:
        return Stay(working_time.next_opening(calendar, now), "closed")

    if state.rung is None:
        first = _higher(state.floor, ladder.first[state.trigger])
        begins = _reachable(state, ladder, first, is_open=is_open)
        if begins is None and is_open:
            begins = _rule(ladder, first)
        return _tell(begins, 1, "raised", in_danger, calendar, now) if begins else _until_morning(calendar, now)
    return _after_telling(state, ladder, calendar, now, is_open=is_open)


def _after_telling(state: State, ladder: Ladder, calendar: Calendar, now: datetime, *, is_open: bool) -> Tell | Stay:
    assert state.rung is not None
    assert state.waiting_since is not None
    in_danger = state.trigger is Trigger.DANGER
    here = _rule(ladder, state.rung)
    was_night = in_danger and not _open(calendar, state.waiting_since)
    if was_night and is_open and state.rung in state.by_day:
        return _tell(here, state.times + 1, "morning", in_danger, calendar, now)
    deadline = _deadline(here, state.waiting_since, calendar, in_danger=in_danger, at_night=was_night)
    if now < deadline:
        return Stay(deadline, "time_to_acknowledge")
    if in_danger and (insist := here.danger if is_open else here.night) and state.times < insist.times:
        return _tell(here, state.times + 1, "not_acknowledged", in_danger, calendar, now)
    place = list(Rung).index(state.rung)
    above = list(Rung)[place + 1 :]
    climbs = _reachable(state, ladder, above[0], is_open=is_open) if above else None
    if climbs is not None:
        return _tell(climbs, 1, "not_acknowledged", in_danger, calendar, now)
    return Stay(None, "top") if is_open else _until_morning(calendar, now)


def _tell(rule: RungRule, times: int, reason: str, in_danger: bool, calendar: Calendar, now: datetime) -> Tell:
    at_night = not _open(calendar, now)
    if in_danger:
        insist = rule.night if at_night and rule.night else rule.danger
        means = insist.means
    else:
        means = rule.means
    deadline = _deadline(rule, now, calendar, in_danger=in_danger, at_night=at_night)
    if at_night:
        deadline = min(deadline, _opening(calendar, now) or deadline)
    return Tell(rule.rung, times, means, at_night, deadline, reason)


def _deadline(rule: RungRule, since: datetime, calendar: Calendar, *, in_danger: bool, at_night: bool) -> datetime:
    if in_danger:
        insist = rule.night if at_night and rule.night else rule.danger
        return since + insist.every
    try:
        return working_time.add_open_time(calendar, since, rule.acknowledge)
    except OutsideCalendar:
        return since + LOOK_AGAIN


def _reachable(state: State, ladder: Ladder, first: Rung, *, is_open: bool) -> RungRule | None:
    """The lowest rung from `first` upwards at which somebody can be told at this hour."""
    order = list(Rung)
    known = state.by_day if is_open else state.by_night
    for rule in ladder.rungs:
        if order.index(rule.rung) >= order.index(first) and rule.rung in known and (is_open or rule.night):
            return rule
    return None


def _rule(ladder: Ladder, rung: Rung) -> RungRule:
    return next(rule for rule in ladder.rungs if rule.rung is rung)


def _higher(one: Rung | None, other: Rung) -> Rung:
    return max(one or other, other, key=list(Rung).index)


def _open(calendar: Calendar, at: datetime) -> bool:
    try:
        return working_time.is_open(calendar, at)
    except OutsideCalendar:
        return False


def _opening(calendar: Calendar, now: datetime) -> datetime | None:
    try:
        return working_time.next_opening(calendar, now)
    except OutsideCalendar:
        return None


def _until_morning(calendar: Calendar, now: datetime) -> Stay:
    return Stay(_opening(calendar, now) or now + LOOK_AGAIN, "nobody_at_night")


def told_together_at(last: datetime | None, apart: timedelta, now: datetime) -> datetime:
    """When somebody is told what has come up now: at once, or so long after they were told something last."""
    return now if last is None else max(now, last + apart)


@dataclass(frozen=True)
class Cause:
    """How that stands which raised an escalation.

    Attributes:
        gone: ticket and conversation have been deleted.
        due_at, met_at, paused: of the promise, when it is about one.
        answered: the opinion is given that a manager was called for; a person has taken the angry customer's
            conversation; the conversation in which danger was reported, but no ticket opened, has been dealt with.
    """

    ticket_closed: bool = False
    gone: bool = False
    due_at: datetime | None = None
    met_at: datetime | None = None
    paused: bool = False
    answered: bool = False


def is_provided_for(due_at: datetime, planned_end: datetime | None, now: datetime) -> bool:
    """Whether what keeps a promise stands in the book in time: a call or a visit that is still to come and ends before
    the deadline. Half the time gone is no threat then."""
    return planned_end is not None and now <= planned_end <= due_at


def is_over(trigger: Trigger, raised_for: datetime | None, cause: Cause) -> End | None:
    """Why an escalation needs nobody any more, or None.

    Args:
        raised_for: the deadline it warned of.
    """
    if trigger in PROMISED:
        if cause.met_at is not None:
            return End.PROMISE_MET
        if trigger is not Trigger.PROMISE_MISSED and (cause.paused or cause.due_at != raised_for):
            return End.PUT_OFF
    if cause.ticket_closed and trigger is not Trigger.LOW_GRADE:  # grades are given after the end of the case
        return End.TICKET_CLOSED
    if cause.answered:
        return End.ANSWERED
    return End.GONE if cause.gone else None


@dataclass(frozen=True)
class Person:
    """Somebody who can be told; `key` names them (`agent:3`, `outlet:fs-sd`, `duty`)."""

    key: str
    name: str
    at_console: bool = False
    phone: str | None = None
    has_mobile: bool = False
    email: str | None = None


def ways(person: Person, means: tuple[Means, ...]) -> tuple[Means, ...]:
    """Those of some means by which a person can be told."""
    has = {
        Means.CONSOLE: person.at_console,
        Means.TEXT: person.has_mobile,
        Means.CALL: person.phone is not None,
        Means.EMAIL: person.email is not None,
    }
    return tuple(each for each in means if has[each])
