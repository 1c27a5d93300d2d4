"""Whom we ask how it was, when, and when we stop asking. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.errors import OutsideCalendar
from backend.kernel import working_time
from backend.kernel.working_time import Calendar

LOWEST, HIGHEST = 1, 5


class Status(StrEnum):
    """How far a follow-up has come."""

    WAITING = "waiting"
    ASKED = "asked"
    TO_CALL = "to_call"
    GRADED = "graded"
    UNANSWERED = "unanswered"
    DECLINED = "declined"
    SKIPPED = "skipped"


OPEN = frozenset({Status.WAITING, Status.ASKED, Status.TO_CALL})


class Skip(StrEnum):
    """Why somebody is not asked."""

    KIND = "kind"
    NO_NUMBER = "no_number"
    DANGER = "danger"
    COMPLAINT = "complaint"
    OPTED_OUT = "opted_out"
    LATELY = "lately"
    REOPENED = "reopened"
    TOO_LATE = "too_late"
    CALENDAR = "calendar"


class Outcome(StrEnum):
    """What came of a call."""

    GRADED = "graded"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    WRONG_NUMBER = "wrong_number"


class By(StrEnum):
    """How a grade was given."""

    TEXT = "text"
    WEB = "web"
    CALL = "call"


@dataclass(frozen=True)
class Policy:
    """The times and counts of `data/followups.yaml`."""

    kinds: frozenset[str]
    delay: timedelta
    by_text: bool
    answer: timedelta
    words: timedelta
    calls: int
    call_again: timedelta
    spare: timedelta
    lease: timedelta
    undo: timedelta
    give_up: timedelta
    rest: timedelta


@dataclass(frozen=True)
class Case:
    """What decides whether a customer is asked.

    Attributes:
        reachable: whether there is a number that can be texted or rung, not known to be somebody else's.
        in_danger: whether danger to people was reported, in this case or in another open one of theirs.
        complains: whether another case of theirs is an open complaint.
        asked_before: when they were asked last about another case, or None.
    """

    kind: str
    done: bool
    reachable: bool
    in_danger: bool = False
    complains: bool = False
    opted_out: bool = False
    asked_before: datetime | None = None


def obstacle(case: Case, policy: Policy, now: datetime) -> Skip | None:
    """Why a customer is not asked, or None: they are."""
    lately = case.asked_before is not None and now - case.asked_before < policy.rest
    reasons = (
        (case.kind not in policy.kinds, Skip.KIND),
        (not case.done, Skip.REOPENED),
        (case.in_danger, Skip.DANGER),
        (case.complains, Skip.COMPLAINT),
        (not case.reachable, Skip.NO_NUMBER),
        (case.opted_out, Skip.OPTED_OUT),
        (lately, Skip.LATELY),
    )
    return next((why for applies, why in reasons if applies), None)


@dataclass(frozen=True)
class Plan:
    """Ask at `at`; after `until` nobody asks any more."""

    at: datetime
    until: datetime


def plan(done_at: datetime, policy: Policy, calendar: Calendar) -> Plan | Skip:
    """When a case that ended at `done_at` is asked about: after some open time, inside hotline hours."""
    try:
        after = working_time.add_open_time(calendar, done_at, policy.delay)
        at = working_time.next_opening(calendar, after)
    except OutsideCalendar:
        return Skip.CALENDAR
    until = done_at + policy.give_up
    return Plan(at, until) if at < until else Skip.TOO_LATE


def call_from(asked_at: datetime, policy: Policy, calendar: Calendar) -> datetime | None:
    """From when somebody is called who was asked by text and has not answered; None: never."""
    return _opening(asked_at + policy.answer, calendar) if policy.calls else None


def again(calls: int, policy: Policy, calendar: Calendar, now: datetime) -> datetime | None:
    """When a call nobody answered is made again, or None: it was the last try."""
    if calls >= policy.calls:
        return None
    try:
        return _opening(working_time.add_open_time(calendar, now, policy.call_again), calendar)
    except OutsideCalendar:
        return None


def _opening(at: datetime, calendar: Calendar) -> datetime | None:
    try:
        return working_time.next_opening(calendar, at)
    except OutsideCalendar:
        return None


def has_time_to_spare(calls_due: int, next_call_at: datetime | None, policy: Policy, now: datetime) -> bool:
    """Whether a follow-up may be made now: no promised call is due, nor will be before this one is over."""
    return not calls_due and (next_call_at is None or next_call_at - now > policy.spare)


def is_low(grade: int, low_at_most: int) -> bool:
    """Whether somebody must look at what went wrong."""
    return grade <= low_at_most
