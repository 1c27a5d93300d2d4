"""Who is on shift, and how many hands a window has."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import reference
from backend.kernel.shifts import Crew, Roster, Shift, fewest, on_shift
from conftest import SHANGHAI, at
from rules.calendars import instants

GENERAL = reference.load().rosters["general"]
MORNING = Shift(time(8), time(12), people=3, who=frozenset({"chen"}))
NOON = Shift(time(11), time(14), people=1, who=frozenset({"chen"}))
ROSTER = Roster(SHANGHAI, {1: (MORNING, NOON)}, {date(2026, 12, 1): ()})


def shifts() -> st.SearchStrategy[Shift]:
    hours = st.lists(st.times(), min_size=2, max_size=2, unique=True).map(sorted)
    return st.builds(lambda pair, people: Shift(*pair, people=people), hours, st.integers(0, 4))


rosters = st.builds(
    Roster, zone=st.just(SHANGHAI), week=st.dictionaries(st.integers(0, 6), st.lists(shifts(), max_size=3).map(tuple))
)


@pytest.mark.parametrize(
    ("moment", "people"),
    [
        ("2026-11-24 07:59:59", 0),
        ("2026-11-24 08:00", 3),
        ("2026-11-24 12:00", 2),
        ("2026-11-24 13:00", 3),
        ("2026-11-24 17:59:59", 3),
        ("2026-11-24 18:00", 0),
    ],
)
def test_the_general_section_has_three_people_and_two_over_noon(moment: str, people: int) -> None:
    assert on_shift(GENERAL, at(moment)).people == people


def test_the_hour_is_that_of_the_hotline_wherever_the_host_stands() -> None:
    assert on_shift(GENERAL, datetime(2026, 11, 24, 0, 0, tzinfo=UTC)).people == 3
    assert on_shift(GENERAL, datetime(2026, 11, 24, 10, 0, tzinfo=UTC)).people == 0


def test_shifts_that_overlap_add_up_and_nobody_counts_twice() -> None:
    assert on_shift(ROSTER, at("2026-11-24 11:30")) == Crew(3, frozenset({"chen"}))
    assert on_shift(ROSTER, at("2026-11-24 13:00")) == Crew(1, frozenset({"chen"}))


def test_a_single_day_has_shifts_of_its_own() -> None:
    assert on_shift(ROSTER, at("2026-12-01 09:00")) == Crew()


def test_a_place_nobody_is_named_for_is_anybodys() -> None:
    assert on_shift(ROSTER, at("2026-11-24 09:00")).may_include("lin")
    assert not on_shift(ROSTER, at("2026-11-24 13:00")).may_include("lin")
    assert on_shift(ROSTER, at("2026-11-24 13:00")).may_include("chen")
    assert not Crew().may_include("chen")


def test_a_window_has_the_hands_that_stay_through_all_of_it() -> None:
    assert fewest(ROSTER, at("2026-11-24 11:45"), at("2026-11-24 12:15")) == 1
    assert fewest(ROSTER, at("2026-11-24 11:30"), at("2026-11-24 12:00")) == 3
    assert fewest(ROSTER, at("2026-11-24 13:45"), at("2026-11-24 14:15")) == 0
    assert fewest(ROSTER, at("2026-11-23 23:45"), at("2026-11-24 09:00")) == 0


@given(roster=rosters, start=instants(), minutes=st.integers(1, 60 * 24))
def test_at_no_instant_of_a_window_are_there_fewer_hands_than_counted(
    roster: Roster, start: datetime, minutes: int
) -> None:
    counted = fewest(roster, start, start + timedelta(minutes=minutes))
    for part in range(12):
        assert on_shift(roster, start + timedelta(minutes=minutes) * part / 12).people >= counted
