"""Whose turn it is to be called, and when a call is made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import reference
from backend.callbacks import call_rules, rules, service
from backend.callbacks.call_rules import GaveUp, NoCall, NoUndo, Retry, Turn, Waiting
from backend.callbacks.rules import Desk
from backend.kernel import working_time
from backend.kernel.shifts import Roster, Shift
from backend.kernel.window import Window
from backend.kernel.working_time import Calendar
from conftest import at
from rules.calendars import calendars, durations
from rules.calendars import instants as march

REFERENCE = reference.current()
CALENDAR = REFERENCE.calendar
POLICY = replace(service.policy_of(REFERENCE), per_person=1)
TWO = Roster(CALENDAR.zone, dict.fromkeys(range(7), (Shift(time(0), time(23, 59, 59), people=2),)))

instants = st.timedeltas(timedelta(), timedelta(days=334)).map(lambda since: at("2026-01-01 00:00") + since)
loads = st.lists(st.integers(0, 4), min_size=96, max_size=96)
dues = st.none() | st.timedeltas(timedelta(minutes=-30), timedelta(hours=20))


def desk(now: str | datetime, taken: Mapping[datetime, int] | None = None, calendar: Calendar = CALENDAR) -> Desk:
    return Desk(calendar, TWO, POLICY, taken or {}, at(now) if isinstance(now, str) else now)


def window(text: str) -> Window:
    return Window(at(text), at(text) + timedelta(minutes=30))


def loaded(now: datetime, load: list[int]) -> dict[datetime, int]:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return {midnight + timedelta(minutes=30 * index): count for index, count in enumerate(load)}


def retried(decision: Retry | GaveUp) -> Retry:
    assert isinstance(decision, Retry)
    return decision


class TestTheLadder:
    @pytest.mark.parametrize(
        ("now", "unanswered", "expected"),
        [
            ("2026-11-24 10:35", 1, "2026-11-24 10:45"),
            ("2026-11-24 10:45", 2, "2026-11-24 11:15"),
            ("2026-11-24 11:15", 3, "2026-11-24 13:15"),
            ("2026-11-24 17:55", 1, "2026-11-25 08:05"),  # ten minutes of open time
            ("2026-11-24 17:50", 1, "2026-11-25 08:00"),  # 18:00 is closed
            ("2026-11-24 17:30", 3, "2026-11-25 09:30"),
            ("2026-02-13 17:55", 1, "2026-02-14 08:05"),  # Friday before Spring Festival: the hotline is open on
            ("2026-10-07 17:59:59", 1, "2026-10-08 08:09:59"),
        ],
    )
    def test_each_step_is_counted_in_open_time(self, now: str, unanswered: int, expected: str) -> None:
        assert retried(call_rules.again(desk(now), unanswered, None)).at == at(expected)

    def test_over_days_on_which_the_hotline_is_closed_it_waits(self) -> None:
        closed = dict.fromkeys((date(2026, 2, day) for day in range(14, 24)), None)
        festival = replace(CALENDAR, exceptional_hours=closed)
        retry = retried(call_rules.again(desk("2026-02-13 17:55", calendar=festival), 1, None))
        assert retry.at == at("2026-02-24 08:05")
        assert retry.choice.window == window("2026-02-24 08:00")

    def test_after_its_last_step_it_ends(self) -> None:
        assert call_rules.again(desk("2026-11-24 10:00"), len(POLICY.ladder) + 1, None) is GaveUp.LADDER

    def test_where_the_opening_hours_end_it_ends_too(self) -> None:
        assert call_rules.again(desk("2027-12-31 17:55"), 1, None) is GaveUp.CALENDAR
        assert call_rules.later(desk("2027-12-31 17:00")) is GaveUp.CALENDAR

    def test_the_window_that_runs_is_taken_while_it_has_room(self) -> None:
        retry = retried(call_rules.again(desk("2026-11-24 10:35"), 1, None))
        assert retry.choice.window == window("2026-11-24 10:30")
        full = {at("2026-11-24 10:30"): 2}
        retry = retried(call_rules.again(desk("2026-11-24 10:35", full), 1, None))
        assert (retry.at, retry.choice.window) == (at("2026-11-24 11:00"), window("2026-11-24 11:00"))
        assert not retry.choice.over_capacity

    def test_for_a_promise_that_runs_a_full_window_is_over_booked(self) -> None:
        full = {at("2026-11-24 10:30"): 2}
        retry = retried(call_rules.again(desk("2026-11-24 10:35", full), 1, at("2026-11-24 11:05")))
        assert (retry.at, retry.choice.window) == (at("2026-11-24 10:45"), window("2026-11-24 10:30"))
        assert retry.choice.over_capacity

    @given(now=instants, load=loads, unanswered=st.integers(1, 6), due=dues)
    def test_a_retry_is_open_after_the_outcome_and_within_capacity_but_for_a_promise(
        self, now: datetime, load: list[int], unanswered: int, due: timedelta | None
    ) -> None:
        promised = now + due if due is not None else None
        taken = loaded(now, load)
        decision = call_rules.again(desk(now, taken), unanswered, promised)
        if unanswered > len(POLICY.ladder):
            assert decision is GaveUp.LADDER
            return
        retry = retried(decision)
        assert working_time.is_open(CALENDAR, retry.at)
        assert retry.at >= now + POLICY.ladder[unanswered - 1]
        assert retry.choice.window.start <= retry.at < retry.choice.window.end
        is_full = taken.get(retry.choice.window.start, 0) >= 2
        assert retry.choice.over_capacity is is_full
        assert not is_full or (promised is not None and retry.choice.window.end <= promised)

    @given(calendar=calendars(), now=march(), step=durations(5).filter(bool))
    def test_by_any_calendar_a_retry_falls_into_open_time(
        self, calendar: Calendar, now: datetime, step: timedelta
    ) -> None:
        policy = replace(POLICY, ladder=(step,), farthest=timedelta(days=60))
        decision = call_rules.again(Desk(calendar, TWO, policy, {}, now), 1, None)
        if isinstance(decision, Retry):
            assert working_time.is_open(calendar, decision.at)
            assert decision.at >= now + step

    @given(now=instants, load=loads)
    def test_however_often_nobody_answers_the_ladder_ends(self, now: datetime, load: list[int]) -> None:
        moment, calls = now, 1
        while isinstance(decision := call_rules.again(desk(moment, loaded(now, load)), calls, None), Retry):
            assert decision.at > moment
            moment, calls = decision.at, calls + 1
        assert (calls, decision) == (len(POLICY.ladder) + 1, GaveUp.LADDER)


class TestTheBacklog:
    @given(now=instants, count=st.integers(1, 60))
    def test_it_is_spread_as_hands_are_free(self, now: datetime, count: int) -> None:
        taken: dict[datetime, int] = {}
        starts = []
        for _ in range(count):
            choice = rules.from_now_on(desk(now, taken), now, None)
            assert choice is not None
            starts.append(choice.window.start)
            taken[choice.window.start] = taken.get(choice.window.start, 0) + 1
        assert starts == sorted(starts)
        assert max(taken.values()) <= 2

    def test_what_a_promise_needs_goes_into_the_promise_all_the_same(self) -> None:
        taken = {at("2026-11-25 08:00"): 5, at("2026-11-25 08:30"): 4}
        choice = rules.from_now_on(desk("2026-11-24 18:00", taken), at("2026-11-24 18:00"), at("2026-11-25 09:00"))
        assert choice is not None
        assert (choice.window, choice.over_capacity) == (window("2026-11-25 08:30"), True)


def call(number: int, dial: str, **more: object) -> Waiting:
    slot = window(dial)
    facts = {"since": at("2026-11-24 08:00"), "dial_at": slot.start, "first": slot, "window": slot} | more
    return Waiting(number, **facts)  # type: ignore[arg-type]


def turns(*calls: Waiting, now: str = "2026-11-24 10:35") -> list[tuple[int, Turn]]:
    return [(each.id, turn) for each, turn in call_rules.in_turn(calls, at(now))]


class TestWhoseTurnItIs:
    def test_a_window_that_has_begun_comes_before_one_to_come(self) -> None:
        assert turns(call(1, "2026-11-24 11:00"), call(2, "2026-11-24 10:30")) == [(2, Turn.DUE)]

    def test_what_should_have_been_done_first_comes_first(self) -> None:
        late = replace(call(1, "2026-11-24 10:30"), first=window("2026-11-24 09:00"))
        pressed = call(2, "2026-11-24 10:30", due=at("2026-11-24 10:40"))
        plain = call(3, "2026-11-24 10:30")
        assert turns(plain, pressed, late) == [(1, Turn.DUE), (2, Turn.DUE), (3, Turn.DUE)]

    def test_of_two_alike_the_one_that_has_waited_longer(self) -> None:
        older = call(7, "2026-11-24 10:30", since=at("2026-11-23 17:00"))
        assert turns(call(1, "2026-11-24 10:30"), older) == [(7, Turn.DUE), (1, Turn.DUE)]

    def test_a_retry_waits_for_its_own_time_and_does_not_pass_the_others(self) -> None:
        retry = replace(
            call(1, "2026-11-24 10:30"), dial_at=at("2026-11-24 10:34"), first=window("2026-11-24 09:00"), retry=True
        )
        pressed = call(2, "2026-11-24 10:30", due=at("2026-11-24 10:50"))
        assert turns(retry, pressed) == [(2, Turn.DUE), (1, Turn.DUE)]
        assert turns(replace(retry, dial_at=at("2026-11-24 10:36"))) == []

    def test_danger_does_not_wait_for_its_window(self) -> None:
        danger = call(9, "2026-11-24 11:00", danger=True)
        assert turns(call(1, "2026-11-24 10:30"), danger) == [(9, Turn.DANGER), (1, Turn.DUE)]
        assert turns(replace(danger, fixed=True)) == []

    def test_idle_hands_take_a_call_whose_promise_would_be_missed(self) -> None:
        risky = call(4, "2026-11-24 15:00", due=at("2026-11-24 11:05"))
        assert turns(risky) == [(4, Turn.AT_RISK)]
        assert turns(replace(risky, fixed=True)) == []

    @given(
        dials=st.lists(st.integers(-8, 8), min_size=1, max_size=12),
        fixed=st.booleans(),
        due=st.none() | st.integers(-4, 20),
    )
    def test_nothing_the_customer_was_told_is_made_early(self, dials: list[int], fixed: bool, due: int | None) -> None:
        now = at("2026-11-24 12:00")
        promised = now + timedelta(minutes=15 * due) if due is not None else None
        calls = []
        for number, half_hours in enumerate(dials):
            slot = Window(now + timedelta(minutes=30 * half_hours), now + timedelta(minutes=30 * half_hours + 30))
            calls.append(Waiting(number, now, slot.start, slot, slot, due=promised, fixed=fixed))
        for each, turn in call_rules.in_turn(calls, now):
            assert each.dial_at <= now or (not fixed and turn is Turn.AT_RISK)

    def test_calls_are_handed_out_in_open_time_to_those_on_shift(self) -> None:
        named = Roster(CALENDAR.zone, {1: (Shift(time(8), time(12), 1, frozenset({"chen"})),)})

        def asked(username: str, now: str) -> NoCall | None:
            return call_rules.may_call(CALENDAR, named, username, at(now))

        assert asked("chen", "2026-11-24 09:00") is None
        assert asked("lin", "2026-11-24 09:00") is NoCall.OFF_SHIFT
        assert asked("chen", "2026-11-24 13:00") is NoCall.OFF_SHIFT
        assert asked("chen", "2026-11-24 07:59:59") is NoCall.CLOSED
        assert asked("chen", "2026-11-24 18:00") is NoCall.CLOSED
        assert asked("chen", "2028-03-01 09:00") is NoCall.CLOSED

    def test_a_call_is_its_callers_until_the_lease_ends(self) -> None:
        until = at("2026-11-24 10:05")
        assert call_rules.is_held(1, until, 2, at("2026-11-24 10:04:59"))
        assert not call_rules.is_held(1, until, 2, until)
        assert not call_rules.is_held(1, until, 1, at("2026-11-24 10:00"))
        assert not call_rules.is_held(None, None, 2, at("2026-11-24 10:00"))


class TestBringingForward:
    RISKY = call(1, "2026-11-24 15:00", due=at("2026-11-24 11:05"))

    def test_a_promise_that_would_be_missed_takes_the_first_free_hand(self) -> None:
        taken = {at("2026-11-24 10:30"): 2, at("2026-11-24 15:00"): 1}
        choice = call_rules.forward(desk("2026-11-24 10:05", taken), self.RISKY)
        assert choice is not None
        assert choice.window == window("2026-11-24 11:00")
        assert "promise" in choice.why

    def test_so_does_one_in_a_window_with_more_calls_than_hands(self) -> None:
        crowded = call(1, "2026-11-24 11:00", due=at("2026-11-24 11:35"))
        taken = {at("2026-11-24 11:00"): 3}
        choice = call_rules.forward(desk("2026-11-24 10:05", taken), crowded)
        assert choice is not None
        assert choice.window == window("2026-11-24 10:30")
        assert call_rules.forward(desk("2026-11-24 10:05", {at("2026-11-24 11:00"): 2}), crowded) is None

    @pytest.mark.parametrize("told", [{"fixed": True}, {"retry": True}, {"due": None}])
    def test_what_was_chosen_told_or_is_a_step_of_the_ladder_stays(self, told: dict[str, object]) -> None:
        assert call_rules.forward(desk("2026-11-24 10:05"), replace(self.RISKY, **told)) is None  # type: ignore[arg-type]

    @given(now=instants, load=loads, ahead=st.integers(1, 40), due=st.timedeltas(timedelta(), timedelta(hours=20)))
    def test_it_only_ever_comes_earlier_into_a_window_with_room(
        self, now: datetime, load: list[int], ahead: int, due: timedelta
    ) -> None:
        later = desk(now).windows(now, now + timedelta(days=6))[ahead]
        waiting = Waiting(1, now, later.start, later, later, due=now + due)
        taken = loaded(now, load)
        if choice := call_rules.forward(desk(now, taken), waiting):
            assert now <= choice.window.start < later.start
            assert taken.get(choice.window.start, 0) < 2
            assert not choice.over_capacity


@pytest.mark.parametrize(
    ("minutes", "gone_on", "has_left", "expected"),
    [
        (0, False, False, None),
        (5, False, False, None),
        (6, False, False, NoUndo.TOO_LATE),
        (1, True, False, NoUndo.GONE_ON),
        (1, False, True, NoUndo.LEFT),
    ],
)
def test_an_outcome_is_taken_back_soon_and_while_nothing_has_left(
    minutes: int, gone_on: bool, has_left: bool, expected: NoUndo | None
) -> None:
    settled = at("2026-11-24 10:00")
    now = settled + timedelta(minutes=minutes)
    assert call_rules.may_undo(settled, gone_on=gone_on, has_left=has_left, policy=POLICY, now=now) is expected
