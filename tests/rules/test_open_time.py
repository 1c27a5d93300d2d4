"""Open time: the hour, the three hours, and every text that leaves in hotline hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import OutsideCalendar
from backend.kernel.working_time import (
    Calendar,
    add_open_time,
    closing,
    hours_of,
    is_open,
    local_day,
    local_words,
    next_opening,
    open_time_between,
)
from conftest import SHANGHAI, at
from rules.calendars import HOTLINE, calendars, durations, instants

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("07:59:59", False), ("08:00:00", True), ("17:59:59", True), ("18:00:00", False), ("00:00:00", False)],
)
def test_the_first_second_is_open_and_the_closing_second_is_not(clock: str, expected: bool) -> None:
    assert is_open(HOTLINE, at(f"2026-11-24 {clock}")) is expected


def test_a_report_late_in_the_day_is_answered_early_on_the_next() -> None:
    assert add_open_time(HOTLINE, at("2026-11-24 17:40"), HOUR) == at("2026-11-25 08:40")


def test_an_hour_that_fits_exactly_ends_at_closing_and_not_next_morning() -> None:
    assert add_open_time(HOTLINE, at("2026-11-24 17:00"), HOUR) == at("2026-11-24 18:00")


def test_a_report_in_the_night_starts_its_hour_at_opening() -> None:
    assert add_open_time(HOTLINE, at("2026-11-24 23:10"), HOUR) == at("2026-11-25 09:00")
    assert add_open_time(HOTLINE, at("2026-11-24 04:00"), HOUR) == at("2026-11-24 09:00")


def test_the_hotline_answers_on_weekends_and_holidays_too() -> None:
    assert is_open(HOTLINE, at("2026-11-22 09:00"))
    assert is_open(HOTLINE, at("2026-10-01 09:00"))
    assert add_open_time(HOTLINE, at("2026-02-16 17:40"), HOUR) == at("2026-02-17 08:40")


def test_the_hour_is_still_counted_when_the_holiday_table_has_ended() -> None:
    assert add_open_time(HOTLINE, at("2026-12-31 17:40"), HOUR) == at("2027-01-01 08:40")


def test_beyond_the_known_opening_hours_there_is_a_named_error() -> None:
    with pytest.raises(OutsideCalendar, match="2027-12-31"):
        is_open(HOTLINE, at("2028-01-01 09:00"))
    with pytest.raises(OutsideCalendar):
        add_open_time(HOTLINE, at("2027-12-31 17:40"), HOUR)


def test_exceptional_hours_win_over_the_week() -> None:
    festival = replace(HOTLINE, exceptional_hours={date(2026, 2, 17): (time(10), time(16)), date(2026, 2, 18): None})
    assert not is_open(festival, at("2026-02-17 09:00"))
    assert closing(festival, at("2026-02-17 11:00")) == at("2026-02-17 16:00")
    assert next_opening(festival, at("2026-02-17 16:00")) == at("2026-02-19 08:00")
    assert add_open_time(festival, at("2026-02-17 15:30"), HOUR) == at("2026-02-19 08:30")


def test_the_hotline_day_does_not_depend_on_the_zone_an_instant_is_said_in() -> None:
    evening = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
    assert local_day(HOTLINE, evening) == date(2026, 11, 25)
    assert add_open_time(HOTLINE, evening, HOUR) == at("2026-11-25 09:00")


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="says no zone"):
        is_open(HOTLINE, datetime(2026, 11, 24, 9))  # noqa: DTZ001


def test_time_is_never_added_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_open_time(HOTLINE, at("2026-11-24 09:00"), -HOUR)


@pytest.mark.parametrize("start", ["2026-03-02 09:00", "2027-12-31 19:00"])
def test_a_calendar_that_never_opens_is_an_error_and_not_a_loop(start: str) -> None:
    dead = Calendar(SHANGHAI, hours={}, first=date(2026, 1, 1), last=date(2026, 12, 31), hours_last=date(2099, 12, 31))
    with pytest.raises(OutsideCalendar, match="never opens"):
        add_open_time(dead, at(start), HOUR)


@given(calendars(), instants(), durations())
def test_the_end_is_never_before_the_start(calendar: Calendar, start: datetime, duration: timedelta) -> None:
    assert add_open_time(calendar, start, duration) >= start


@given(calendars(), instants(), durations(30), durations(30))
def test_adding_twice_is_adding_the_sum(calendar: Calendar, start: datetime, one: timedelta, other: timedelta) -> None:
    twice = add_open_time(calendar, add_open_time(calendar, start, one), other)
    assert twice == add_open_time(calendar, start, one + other)


@given(calendars(), instants(), durations())
def test_what_was_added_is_what_has_elapsed(calendar: Calendar, start: datetime, duration: timedelta) -> None:
    assert open_time_between(calendar, start, add_open_time(calendar, start, duration)) == duration


@given(calendars(), instants(), durations())
def test_every_end_is_open_time_or_a_closing_edge(calendar: Calendar, start: datetime, duration: timedelta) -> None:
    end = add_open_time(calendar, start, duration)
    hours = hours_of(calendar, local_day(calendar, end))
    assert hours is not None
    assert hours[0] <= end <= hours[1]


@given(calendars(), instants(), durations(), durations())
def test_a_longer_time_never_ends_earlier(calendar: Calendar, start: datetime, one: timedelta, more: timedelta) -> None:
    assert add_open_time(calendar, start, one + more) >= add_open_time(calendar, start, one)


@given(calendars(), instants(), instants())
def test_a_later_start_never_ends_earlier(calendar: Calendar, one: datetime, other: datetime) -> None:
    early, late = sorted((one, other))
    assert add_open_time(calendar, early, HOUR) <= add_open_time(calendar, late, HOUR)


@given(calendars(), instants())
def test_the_next_opening_is_open_and_nothing_before_it_is(calendar: Calendar, start: datetime) -> None:
    opening = next_opening(calendar, start)
    assert opening >= start
    assert is_open(calendar, opening)
    assert open_time_between(calendar, start, opening) == timedelta()


@given(calendars(), instants(), instants(), instants())
def test_time_elapsed_adds_up(calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
    start, middle, end = sorted((a, b, c))
    whole = open_time_between(calendar, start, end)
    assert whole == open_time_between(calendar, start, middle) + open_time_between(calendar, middle, end)
    assert timedelta() <= whole <= end - start


@pytest.mark.parametrize(
    ("language", "now", "expected"),
    [
        ("zh", None, "11月25日（周三）18:00"),
        ("zh", "2026-11-23 09:00", "11月25日（周三）18:00"),
        ("zh", "2026-11-24 09:00", "明天11月25日（周三）18:00"),
        ("zh", "2026-11-25 09:00", "今天11月25日（周三）18:00"),
        ("zh", "2025-11-25 09:00", "2026年11月25日（周三）18:00"),
        ("en", None, "Wed 25 Nov, 18:00"),
        ("en", "2026-11-24 09:00", "tomorrow, Wed 25 Nov, 18:00"),
        ("en", "2026-11-25 09:00", "today, Wed 25 Nov, 18:00"),
        ("en", "2025-11-25 09:00", "Wed 25 Nov 2026, 18:00"),
    ],
)
def test_an_instant_is_said_as_people_say_it(language: str, now: str | None, expected: str) -> None:
    said = local_words(HOTLINE, datetime(2026, 11, 25, 10, tzinfo=UTC), language, at(now) if now else None)
    assert said == expected


@given(instants(), st.sampled_from(["zh", "en"]))
def test_words_are_in_the_local_clock_whatever_zone_the_instant_is_in(instant: datetime, language: str) -> None:
    assert f"{instant.astimezone(SHANGHAI):%H:%M}" in local_words(HOTLINE, instant, language)
