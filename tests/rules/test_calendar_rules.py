"""What an agent may change in the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import reference
from backend.console.settings.calendar_rules import LONGEST, Edit, Kind, edited, is_served
from backend.errors import Refused
from backend.reference.base import plain, read_body
from backend.reference.tables import CalendarTable
from conftest import at
from rules.calendars import HOTLINE

BODY: dict[str, Any] = plain(read_body(reference.DATA, "calendar.yaml"))
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def change(kind: Kind, first: str, last: str = "", opens: str = "", closes: str = "") -> Edit:
    hours = (time.fromisoformat(each) if each else None for each in (opens, closes))
    return Edit(kind, date.fromisoformat(first), date.fromisoformat(last or first), *hours)


def test_closed_days_and_other_hours_are_entered_day_by_day() -> None:
    body = edited(BODY, change(Kind.CLOSED, "2026-12-24", "2026-12-25"))
    body = edited(body, change(Kind.HOURS, "2026-12-25", opens="10:00", closes="16:00"))
    assert body["exceptional_hours"] == {"2026-12-24": "closed", "2026-12-25": "10:00-16:00"}
    assert BODY["exceptional_hours"] == {}


def test_of_a_stretch_holidays_take_the_weekdays_and_make_up_days_the_weekends() -> None:
    body = edited(BODY, change(Kind.HOLIDAY, "2027-02-05", "2027-02-09"))
    assert {day for day in body["working_days"]["holidays"] if day > "2027"} == {
        "2027-02-05",
        "2027-02-08",
        "2027-02-09",
    }
    body = edited(body, change(Kind.MAKE_UP, "2027-02-05", "2027-02-09"))
    assert [day for day in body["working_days"]["make_up_days"] if day > "2027"] == ["2027-02-06", "2027-02-07"]


def test_what_was_entered_can_be_taken_back() -> None:
    body = edited(BODY, change(Kind.CLOSED, "2026-10-01", "2026-10-10"))
    body = edited(body, change(Kind.ORDINARY, "2026-10-01", "2026-10-10"))
    assert body["exceptional_hours"] == {}
    assert not [day for key in ("holidays", "make_up_days") for day in body["working_days"][key] if "2026-10" in day]


def test_a_complete_holiday_table_carries_the_opening_hours_along() -> None:
    assert edited(BODY, change(Kind.THROUGH, "2027-06-30"))["hours_valid_through"] == "2027-12-31"
    body = edited(BODY, change(Kind.THROUGH, "2028-12-31"))
    assert body["valid_through"] == body["hours_valid_through"] == "2028-12-31"


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (change(Kind.CLOSED, "2026-12-25", "2026-12-24"), "bad_days"),
        (change(Kind.CLOSED, "2026-01-01", "2026-12-31"), "bad_days"),
        (change(Kind.HOURS, "2026-12-24"), "bad_hours"),
        (change(Kind.HOURS, "2026-12-24", opens="16:00", closes="10:00"), "bad_hours"),
        (change(Kind.HOLIDAY, "2026-12-26", "2026-12-27"), "no_such_day"),
        (change(Kind.MAKE_UP, "2026-12-24"), "no_such_day"),
    ],
)
def test_what_cannot_be_entered_is_refused(edit: Edit, why: str) -> None:
    with pytest.raises(Refused) as refused:
        edited(BODY, edit)
    assert refused.value.reason == why


@given(
    kind=st.sampled_from([Kind.CLOSED, Kind.HOURS, Kind.HOLIDAY, Kind.MAKE_UP]), first=days, length=st.integers(0, 9)
)
def test_whatever_is_entered_makes_a_calendar_and_taking_it_back_leaves_nothing(
    kind: Kind, first: date, length: int
) -> None:
    assert length < LONGEST
    edit = Edit(kind, first, first + timedelta(days=length), time(10), time(16))
    bare = edited(BODY, replace(edit, kind=Kind.ORDINARY))
    weekends = sum(day.weekday() >= 5 for day in edit.days)
    if {Kind.HOLIDAY: len(edit.days) - weekends, Kind.MAKE_UP: weekends}.get(kind, 1) == 0:
        with pytest.raises(Refused, match="no such day"):
            edited(bare, edit)
        return
    body = edited(bare, edit)
    assert CalendarTable.model_validate(body).calendar() != CalendarTable.model_validate(bare).calendar()
    assert edited(body, replace(edit, kind=Kind.ORDINARY)) == bare


def test_a_window_is_served_when_the_hotline_is_open_for_all_of_it() -> None:
    closed = replace(HOTLINE, exceptional_hours={date(2026, 12, 24): (time(8), time(12))})
    for start, end, served in (
        ("11:30", "12:00", True),
        ("11:45", "12:15", False),
        ("15:00", "15:30", False),
    ):
        assert is_served(closed, at(f"2026-12-24 {start}"), at(f"2026-12-24 {end}")) is served
    assert is_served(HOTLINE, at("2028-01-03 10:00"), at("2028-01-03 10:30")) is False
