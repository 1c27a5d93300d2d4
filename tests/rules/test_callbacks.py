"""Which window a callback gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import reference
from backend.callbacks import rules, service
from backend.callbacks.rules import Desk, Fit, Problem, Unfit
from backend.kernel import working_time
from backend.kernel.shifts import Roster, Shift
from backend.kernel.window import Window
from backend.tickets import ledger, promise_rules
from backend.tickets.rules import PromiseKind
from conftest import at

REFERENCE = reference.current()
CALENDAR = REFERENCE.calendar
POLICY = replace(service.policy_of(REFERENCE), per_person=1, lead=timedelta(minutes=5))
TWO = Roster(CALENDAR.zone, dict.fromkeys(range(7), (Shift(time(6), time(22), people=2),)))
PROMISES = ledger.policy_of(REFERENCE)

instants = st.timedeltas(timedelta(), timedelta(days=334)).map(lambda since: at("2026-01-01 00:00") + since)
loads = st.lists(st.integers(0, 3), min_size=48, max_size=48)


def desk(now: str | datetime, taken: Mapping[datetime, int] | None = None) -> Desk:
    return Desk(CALENDAR, TWO, POLICY, taken or {}, at(now) if isinstance(now, str) else now)


def window(text: str, minutes: int = 30) -> Window:
    return Window(at(text), at(text) + timedelta(minutes=minutes))


def reply_due(now: datetime) -> datetime:
    due = promise_rules.promised(PromiseKind.REPLY, calendar=CALENDAR, policy=PROMISES, now=now).due_at
    assert due is not None
    return due


def fits(decision: Fit | Unfit) -> Fit:
    assert isinstance(decision, Fit)
    return decision


def is_inside_hours(each: Window) -> bool:
    return working_time.is_open(CALENDAR, each.start) and working_time.open_time_between(
        CALENDAR, each.start, each.end
    ) == (each.end - each.start)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24 10:05", "2026-11-24 10:30"),
        ("2026-11-24 10:29", "2026-11-24 10:30"),  # at short notice, or the promise would be broken
        ("2026-11-24 17:20", "2026-11-24 17:30"),
        ("2026-11-24 17:40", "2026-11-25 08:00"),
        ("2026-11-24 23:00", "2026-11-25 08:00"),
        ("2026-11-24 08:00", "2026-11-24 08:30"),
    ],
)
def test_a_call_nobody_chose_a_time_for_comes_at_once(now: str, expected: str) -> None:
    choice = rules.soon(desk(now), reply_due(at(now)))
    assert choice is not None
    assert choice.window == window(expected)
    assert not choice.over_capacity
    assert choice.why


def test_when_all_windows_inside_the_promise_are_full_the_least_loaded_is_over_booked() -> None:
    taken = {at("2026-11-25 08:00"): 3, at("2026-11-25 08:30"): 2}
    choice = rules.soon(desk("2026-11-24 22:00", taken), at("2026-11-25 09:00"))
    assert choice is not None
    assert choice.window == window("2026-11-25 08:30")
    assert choice.over_capacity
    assert "outranks" in choice.why


def test_without_a_promise_the_earliest_free_window_is_taken() -> None:
    choice = rules.soon(desk("2026-11-24 10:05", {at("2026-11-24 10:30"): 2}), None)
    assert choice is not None
    assert choice.window == window("2026-11-24 11:00")


def test_beyond_the_calendar_there_is_no_window() -> None:
    assert rules.soon(desk("2028-03-01 10:00"), None) is None
    decision = rules.wanted(desk("2028-03-01 10:00"), at("2028-03-02 10:00"), None)
    assert isinstance(decision, Unfit)


@given(now=instants, load=loads)
def test_a_window_is_inside_hours_and_the_promise_and_within_capacity_unless_flagged(
    now: datetime, load: list[int]
) -> None:
    due = reply_due(now)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    taken = {midnight + timedelta(minutes=30 * index): count for index, count in enumerate(load)}
    choice = rules.soon(desk(now, taken), due)
    assert choice is not None
    assert is_inside_hours(choice.window)
    assert now <= choice.window.start
    assert choice.window.end <= due
    assert choice.over_capacity is (taken.get(choice.window.start, 0) >= 2)


@given(
    now=instants, load=loads, ahead=st.timedeltas(timedelta(days=-1), timedelta(days=20)), length=st.integers(0, 600)
)
def test_whatever_is_wanted_what_is_offered_is_open_free_and_ahead(
    now: datetime, load: list[int], ahead: timedelta, length: int
) -> None:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    taken = {midnight + timedelta(minutes=30 * index): count for index, count in enumerate(load)}
    decision = rules.wanted(desk(now, taken), now + ahead, now + ahead + timedelta(minutes=length))
    offered = [decision.window] if isinstance(decision, Fit) else list(decision.alternatives)
    assert offered == sorted(offered)
    for each in offered:
        assert is_inside_hours(each)
        assert each.start >= now + POLICY.lead
        assert taken.get(each.start, 0) < 2


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-25 15:00", "2026-11-25 18:00", "2026-11-25 15:00"),  # tomorrow after three
        ("2026-11-25 15:00", None, "2026-11-25 15:00"),
        ("2026-11-25 15:10", None, "2026-11-25 15:00"),  # the window that holds it
        ("2026-11-25 08:00", "2026-11-25 12:00", "2026-11-25 08:00"),
        ("2026-11-24 08:00", "2026-11-24 12:00", "2026-11-24 10:30"),  # the rest of the morning
        ("2026-11-25 17:00", "2026-11-25 21:00", "2026-11-25 17:00"),
        ("2026-11-25 12:00", "2026-11-25 18:00", "2026-11-25 13:00"),  # an afternoon begins after noon
        ("2026-11-25 12:00", "2026-11-25 13:00", "2026-11-25 12:00"),  # who wants noon gets noon
        ("2026-11-25 12:30", None, "2026-11-25 12:30"),
        ("2026-11-24 19:00", "2026-11-25 09:00", "2026-11-25 08:00"),
    ],
)
def test_the_wanted_time_is_honoured(start: str, end: str | None, expected: str) -> None:
    fit = fits(rules.wanted(desk("2026-11-24 10:05"), at(start), at(end) if end else None))
    assert fit.window == window(expected)
    assert fit.exact


def test_a_full_wanted_time_gives_the_next_free_one_and_says_why() -> None:
    taken = {at("2026-11-25 15:00"): 2}
    fit = fits(rules.wanted(desk("2026-11-24 10:05", taken), at("2026-11-25 15:00"), None))
    assert fit == Fit(window("2026-11-25 15:30"), exact=False, why="full")


def test_within_a_wanted_span_a_later_window_is_still_what_was_wanted() -> None:
    taken = {at("2026-11-25 15:00"): 2}
    fit = fits(rules.wanted(desk("2026-11-24 10:05", taken), at("2026-11-25 15:00"), at("2026-11-25 18:00")))
    assert fit == Fit(window("2026-11-25 15:30"), exact=True)


def test_somebody_who_wants_the_call_now_gets_the_next_window() -> None:
    fit = fits(rules.wanted(desk("2026-11-24 10:28"), at("2026-11-24 10:28"), None))
    assert fit == Fit(window("2026-11-24 11:00"), exact=False, why="first")


@pytest.mark.parametrize(
    ("start", "end", "problem"),
    [
        ("2026-11-24 08:00", "2026-11-24 09:00", Problem.PAST),
        ("2026-11-01 08:00", None, Problem.PAST),
        ("2026-11-24 20:00", None, Problem.CLOSED),
        ("2026-11-25 18:00", None, Problem.CLOSED),
        ("2026-11-25 02:00", "2026-11-25 05:00", Problem.CLOSED),
        ("2027-03-01 10:00", None, Problem.TOO_FAR),
        ("9999-12-31 23:59", "9999-12-31 23:59", Problem.TOO_FAR),
        ("0001-01-02 00:00", None, Problem.PAST),
    ],
)
def test_a_time_that_cannot_be_had_gets_alternatives(start: str, end: str | None, problem: Problem) -> None:
    decision = rules.wanted(desk("2026-11-24 10:05"), at(start), at(end) if end else None)
    assert isinstance(decision, Unfit)
    assert decision.problem is problem
    assert 1 <= len(decision.alternatives) <= rules.ALTERNATIVES


def test_a_time_after_closing_is_offered_the_last_window_before_and_the_first_after() -> None:
    decision = rules.wanted(desk("2026-11-24 10:05"), at("2026-11-25 19:00"), None)
    assert isinstance(decision, Unfit)
    assert decision.alternatives[:2] == (window("2026-11-25 17:30"), window("2026-11-26 08:00"))


def test_a_visit_keeps_its_span_within_opening_hours() -> None:
    morning = fits(rules.visit(desk("2026-11-24 10:05"), at("2026-11-25 08:00"), at("2026-11-25 12:00")))
    assert morning == Fit(window("2026-11-25 08:00", 240), exact=True)
    evening = fits(rules.visit(desk("2026-11-24 10:05"), at("2026-11-25 16:00"), at("2026-11-25 20:00")))
    assert evening == Fit(window("2026-11-25 16:00", 120), exact=False, why="hours")
    for start, problem in (("2026-11-25 19:00", Problem.CLOSED), ("2026-11-20 10:00", Problem.PAST)):
        decision = rules.visit(desk("2026-11-24 10:05"), at(start), None)
        assert isinstance(decision, Unfit)
        assert decision.problem is problem


@pytest.mark.parametrize(
    ("now", "start", "expected"),
    [
        ("2026-11-24 10:05", "2026-11-24 10:30", "2026-11-24 10:15"),
        ("2026-11-24 10:20", "2026-11-24 10:30", "2026-11-24 10:20"),
        ("2026-11-24 10:05", "2026-11-25 15:00", "2026-11-25 14:45"),
        ("2026-11-24 10:05", "2026-11-25 08:00", "2026-11-25 08:00"),
        ("2026-11-24 22:00", "2026-11-25 08:00", "2026-11-25 08:00"),
    ],
)
def test_a_reminder_goes_out_ahead_inside_hours_and_never_in_the_past(now: str, start: str, expected: str) -> None:
    assert rules.remind_at(CALENDAR, POLICY, window(start), at(now)) == at(expected)


@given(now=instants, ahead=st.integers(0, 500))
def test_a_reminder_is_always_in_open_time_before_the_window_ends(now: datetime, ahead: int) -> None:
    for each in desk(now).free(now, now + timedelta(days=14), limit=ahead + 1)[-1:]:
        due = rules.remind_at(CALENDAR, POLICY, each, now)
        assert due is not None
        assert max(now, each.start - POLICY.reminder) <= due < each.end
        assert working_time.is_open(CALENDAR, due)


def test_a_call_its_owner_has_booked_is_not_moved_by_somebody_who_types_the_number() -> None:
    assert not rules.may_change(booked_confirmed=True, asks_confirmed=False, same_conversation=False)
    assert rules.may_change(booked_confirmed=True, asks_confirmed=True, same_conversation=False)
    assert rules.may_change(booked_confirmed=True, asks_confirmed=False, same_conversation=True)
    assert rules.may_change(booked_confirmed=False, asks_confirmed=False, same_conversation=False)
