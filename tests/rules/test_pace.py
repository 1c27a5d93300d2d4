"""A rate shared by several processes is kept by all of them together."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from backend.kernel import pace
from conftest import at

TEN = at("2026-11-24 10:00")
SECOND = timedelta(seconds=1)
rates = st.floats(0.1, 500)
counts = st.integers(1, 200)


def take(free_at: datetime | None, now: datetime, per_second: float | None, most: int = 50) -> pace.Slots:
    return pace.slots(free_at, now, per_second=per_second, reach=SECOND, most=most)


def test_ten_a_second_are_ten_slots_of_a_second() -> None:
    assert take(None, TEN, 10) == pace.Slots(TEN, 10, SECOND / 10)
    assert take(None, TEN, 10, most=3).end == TEN + 0.3 * SECOND
    assert take(TEN + 0.75 * SECOND, TEN, 10) == pace.Slots(TEN + 0.75 * SECOND, 3, SECOND / 10)


def test_without_a_rate_everything_may_leave_now() -> None:
    assert take(TEN + SECOND, TEN, None, most=7) == pace.Slots(TEN, 7, timedelta())


def test_what_others_have_taken_up_to_the_horizon_leaves_nothing() -> None:
    assert take(TEN + SECOND, TEN, 10).count == 0
    assert take(TEN + 4 * SECOND, TEN, 0.2).count == 0


def test_less_than_one_a_second_is_one_slot_at_a_time() -> None:
    assert take(None, TEN, 0.2) == pace.Slots(TEN, 1, 5 * SECOND)


def test_a_pause_is_not_made_good_by_a_burst() -> None:
    assert take(TEN - timedelta(hours=3), TEN, 10) == take(None, TEN, 10)


def test_an_instant_booked_by_a_clock_that_was_set_back_since_counts_as_none() -> None:
    assert take(TEN + timedelta(hours=2), TEN, 10) == take(None, TEN, 10)


@given(rates, st.lists(st.tuples(st.floats(0, 3), counts), min_size=1, max_size=30))
def test_whoever_asks_whenever_slots_never_come_faster_than_the_rate(
    per_second: float, asked: list[tuple[float, int]]
) -> None:
    free_at, now, all_slots = None, TEN, []
    for later_s, most in asked:
        now += timedelta(seconds=later_s)
        slots = take(free_at, now, per_second, most)
        assert slots.count <= most
        assert slots.count == 0 or now <= slots.first < now + SECOND
        all_slots += [slots.first + number * slots.gap for number in range(slots.count)]
        free_at = slots.end if slots.count else free_at
    gap = timedelta(seconds=1 / per_second)
    assert all(second - first >= gap for first, second in pairwise(all_slots))


@given(rates, counts)
def test_who_keeps_asking_gets_every_slot_there_is(per_second: float, seconds: int) -> None:
    free_at, taken = None, 0
    for second in range(min(seconds, 20)):
        slots = take(free_at, TEN + second * SECOND, per_second, most=10_000)
        taken, free_at = taken + slots.count, slots.end if slots.count else free_at
    gap = timedelta(seconds=1 / per_second) + timedelta(microseconds=1)  # gaps are whole microseconds, rounded up
    assert taken >= min(seconds, 20) * SECOND // gap
