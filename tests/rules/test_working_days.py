"""Working days: when a technician must be at the door."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import OutsideCalendar
from backend.kernel.working_time import (
    calendar_day_deadline,
    hours_of,
    is_working_day,
    local_day,
    open_time_between,
    working_day_deadline,
    working_time_between,
)
from conftest import at
from rules.calendars import HOTLINE

YEAR = [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]


def test_every_day_of_2026_agrees_with_the_state_council() -> None:
    differing = [day for day in YEAR if is_working_day(HOTLINE, day) != chinese_calendar.is_workday(day)]
    assert differing == []


@pytest.mark.parametrize("day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"])
def test_make_up_days_are_working_days(day: str) -> None:
    assert is_working_day(HOTLINE, date.fromisoformat(day))


def test_a_wednesday_of_the_national_holiday_is_none() -> None:
    assert not is_working_day(HOTLINE, date(2026, 10, 7))


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 1, 1), date(2027, 7, 1)])
def test_a_day_outside_the_table_is_a_named_error_and_never_a_guess(day: date) -> None:
    with pytest.raises(OutsideCalendar, match="to be confirmed"):
        is_working_day(HOTLINE, day)


@pytest.mark.parametrize(
    ("reported", "days", "expected"),
    [
        ("2026-11-24 10:05", 1, "2026-11-25 18:00"),
        ("2026-11-24 10:05", 2, "2026-11-26 18:00"),
        ("2026-11-24 00:00", 1, "2026-11-25 18:00"),
        ("2026-11-24 23:59", 1, "2026-11-25 18:00"),
        ("2026-11-27 09:00", 1, "2026-11-30 18:00"),
        ("2026-11-28 09:00", 1, "2026-11-30 18:00"),
    ],
    ids=["tuesday", "two days", "just after midnight", "just before midnight", "friday", "saturday"],
)
def test_days_are_counted_after_the_local_day_of_the_report(reported: str, days: int, expected: str) -> None:
    assert working_day_deadline(HOTLINE, at(reported), days) == at(expected)


@pytest.mark.parametrize(
    ("reported", "days", "expected"),
    [
        ("2026-02-13 17:50", 1, "2026-02-14 18:00"),
        ("2026-02-13 17:50", 2, "2026-02-24 18:00"),
        ("2026-02-14 09:00", 1, "2026-02-24 18:00"),
        ("2026-02-17 09:00", 1, "2026-02-24 18:00"),
        ("2026-02-27 09:00", 1, "2026-02-28 18:00"),
    ],
)
def test_around_chinese_new_year_2026(reported: str, days: int, expected: str) -> None:
    assert working_day_deadline(HOTLINE, at(reported), days) == at(expected)


@pytest.mark.parametrize(
    ("reported", "days", "expected"),
    [
        ("2026-09-30 16:00", 1, "2026-10-08 18:00"),
        ("2026-09-30 16:00", 2, "2026-10-09 18:00"),
        ("2026-10-01 09:00", 2, "2026-10-09 18:00"),
        ("2026-10-09 09:00", 1, "2026-10-10 18:00"),
        ("2026-09-19 09:00", 1, "2026-09-20 18:00"),
    ],
)
def test_around_the_national_holiday_2026(reported: str, days: int, expected: str) -> None:
    assert working_day_deadline(HOTLINE, at(reported), days) == at(expected)


def test_a_visit_beyond_the_end_of_the_table_is_to_be_confirmed() -> None:
    assert working_day_deadline(HOTLINE, at("2026-12-30 10:00"), 1) == at("2026-12-31 18:00")
    with pytest.raises(OutsideCalendar):
        working_day_deadline(HOTLINE, at("2026-12-30 10:00"), 2)


def test_the_promise_ends_when_the_hotline_closes_that_day() -> None:
    short = replace(HOTLINE, exceptional_hours={date(2026, 11, 25): (time(8), time(12)), date(2026, 11, 26): None})
    assert working_day_deadline(short, at("2026-11-24 10:00"), 1) == at("2026-11-25 12:00")
    assert working_day_deadline(short, at("2026-11-24 10:00"), 2) == at("2026-11-26 18:00")


def test_a_deadline_is_at_least_one_day_away() -> None:
    with pytest.raises(ValueError, match="at least one"):
        working_day_deadline(HOTLINE, at("2026-11-24 10:00"), 0)


def test_days_of_the_calendar_end_at_closing_and_not_on_a_closed_day() -> None:
    closed = replace(HOTLINE, exceptional_hours={date(2026, 11, 27): None, date(2026, 11, 28): (time(10), time(16))})
    assert calendar_day_deadline(HOTLINE, at("2026-11-24 23:59"), 3) == at("2026-11-27 18:00")
    assert calendar_day_deadline(closed, at("2026-11-24 10:00"), 3) == at("2026-11-28 16:00")
    with pytest.raises(ValueError, match="at least one"):
        calendar_day_deadline(HOTLINE, at("2026-11-24 10:00"), 0)
    with pytest.raises(OutsideCalendar):
        calendar_day_deadline(HOTLINE, at("2027-12-30 10:00"), 3)


REPORTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 30)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=HOTLINE.zone)
)


@given(REPORTS, st.integers(1, 15))
def test_a_deadline_is_a_working_day_with_just_so_many_working_days_up_to_it(reported: datetime, days: int) -> None:
    first, last = (local_day(HOTLINE, each) for each in (reported, working_day_deadline(HOTLINE, reported, days)))
    between = [first + timedelta(days=step) for step in range(1, (last - first).days + 1)]
    assert is_working_day(HOTLINE, last)
    assert sum(is_working_day(HOTLINE, day) for day in between) == days


@given(REPORTS, REPORTS, st.integers(1, 5))
def test_who_reports_later_is_never_promised_earlier(one: datetime, other: datetime, days: int) -> None:
    early, late = sorted((one, other))
    assert working_day_deadline(HOTLINE, early, days) <= working_day_deadline(HOTLINE, late, days)


@given(REPORTS, st.integers(1, 15))
def test_a_day_deadline_is_a_closing_at_least_so_many_days_on(reported: datetime, days: int) -> None:
    deadline = calendar_day_deadline(HOTLINE, reported, days)
    day = local_day(HOTLINE, deadline)
    hours = hours_of(HOTLINE, day)
    assert hours is not None
    assert deadline == hours[1]
    assert (day - local_day(HOTLINE, reported)).days == days  # the hotline opens every day


@given(REPORTS, REPORTS)
def test_working_time_is_the_open_time_of_working_days(one: datetime, other: datetime) -> None:
    start, end = sorted((one, other))
    days = [local_day(HOTLINE, start) + timedelta(days=step) for step in range((end - start).days + 2)]
    closed = {day: None for day in days if not is_working_day(HOTLINE, day)}
    working = replace(HOTLINE, exceptional_hours=closed)
    assert working_time_between(HOTLINE, start, end) == open_time_between(working, start, end)
