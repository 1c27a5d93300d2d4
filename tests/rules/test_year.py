"""The year as a picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from backend.kernel import working_time
from backend.kernel.year import Mark, covers, day_of, exceptions_of, missing_years, months_of
from rules.calendars import HOTLINE

CLOSED, SHORT = date(2026, 2, 17), date(2026, 2, 18)
FESTIVE = replace(HOTLINE, exceptional_hours={CLOSED: None, SHORT: (time(10), time(16))})


@pytest.mark.parametrize(
    ("day", "mark"),
    [
        ("2026-02-13", Mark.ORDINARY),
        ("2026-02-14", Mark.MAKE_UP),
        ("2026-02-15", Mark.WEEKEND),
        ("2026-02-16", Mark.HOLIDAY),
        ("2026-02-17", Mark.CLOSED),
        ("2026-02-18", Mark.HOURS),
        ("2026-10-07", Mark.HOLIDAY),
        ("2026-12-31", Mark.ORDINARY),
        ("2027-01-01", Mark.UNKNOWN),
        ("2025-12-31", Mark.UNKNOWN),
        ("2028-01-01", Mark.UNKNOWN),
    ],
)
def test_a_day_shows_what_is_special_about_it(day: str, mark: Mark) -> None:
    assert day_of(FESTIVE, date.fromisoformat(day)).mark is mark


@pytest.mark.parametrize("year", [2024, 2026, 2027])
def test_every_day_of_a_year_stands_once_in_its_week(year: int) -> None:
    shown = []
    for month in months_of(HOTLINE, year):
        for week in month.weeks:
            assert len(week) == 7
            shown += [each.date for each in week if each]
            assert all(each is None or each.date.weekday() == place for place, each in enumerate(week))
    assert shown == [date(year, 1, 1) + timedelta(days=step) for step in range(len(shown))]
    assert shown[-1] == date(year, 12, 31)


def test_marks_agree_with_what_is_counted() -> None:
    for month in months_of(FESTIVE, 2026):
        for day in (each for week in month.weeks for each in week if each):
            works = working_time.is_working_day(FESTIVE, day.date)
            assert works is (day.mark in (Mark.ORDINARY, Mark.MAKE_UP)) or day.mark in (Mark.CLOSED, Mark.HOURS)
            assert (working_time.hours_of(FESTIVE, day.date) is None) is (day.mark is Mark.CLOSED)


def test_what_somebody_entered_is_listed_by_day() -> None:
    listed = exceptions_of(FESTIVE, 2026)
    assert len(listed) == len(HOTLINE.holidays) + len(HOTLINE.make_up_days)
    assert [day.date for day in listed] == sorted(day.date for day in listed)
    assert exceptions_of(FESTIVE, 2027) == []


def test_years_the_holiday_table_does_not_cover_are_missing() -> None:
    assert missing_years(HOTLINE, date(2026, 6, 1)) == [2027]
    assert missing_years(replace(HOTLINE, last=date(2026, 12, 30)), date(2026, 6, 1)) == [2026, 2027]
    assert missing_years(replace(HOTLINE, last=date(2027, 12, 31)), date(2026, 6, 1)) == []
    assert covers(HOTLINE, date(2026, 12, 31))
    assert not covers(HOTLINE, date(2027, 1, 1))
