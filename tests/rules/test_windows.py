"""Windows: the times that may be offered for a call."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from backend.kernel.window import Window, offers
from backend.kernel.working_time import Calendar, is_open, open_time_between
from conftest import at
from rules.calendars import HOTLINE, calendars, instants

HALF_HOUR = timedelta(minutes=30)
LENGTHS = st.sampled_from([timedelta(minutes=minutes) for minutes in (10, 15, 30, 45, 60, 120)])


def offered(
    not_before: str, *, taken: dict[datetime, int] | None = None, limit: int = 2, **more: datetime
) -> list[str]:
    windows = offers(
        HOTLINE, taken=taken or {}, capacity=1, length=HALF_HOUR, not_before=at(not_before), limit=limit, **more
    )
    return [f"{window.start:%m-%d %H:%M}" for window in windows]


def test_the_next_two_windows_are_offered() -> None:
    assert offered("2026-11-24 10:05") == ["11-24 10:30", "11-24 11:00"]


def test_a_window_that_begins_just_now_is_offered() -> None:
    assert offered("2026-11-24 10:30") == ["11-24 10:30", "11-24 11:00"]


def test_the_last_window_ends_at_closing_and_the_next_is_tomorrow() -> None:
    assert offered("2026-11-24 17:30") == ["11-24 17:30", "11-25 08:00"]
    assert offered("2026-11-24 17:31") == ["11-25 08:00", "11-25 08:30"]


def test_a_full_window_is_left_out() -> None:
    assert offered("2026-11-24 10:05", taken={at("2026-11-24 10:30"): 1}) == ["11-24 11:00", "11-24 11:30"]


def test_windows_are_offered_up_to_an_end() -> None:
    assert offered("2026-11-24 10:05", limit=9, not_after=at("2026-11-24 11:45")) == ["11-24 10:30", "11-24 11:00"]


def test_nothing_is_offered_beyond_the_known_opening_hours() -> None:
    assert offered("2027-12-31 17:00", limit=9) == ["12-31 17:00", "12-31 17:30"]
    assert offered("2028-01-01 09:00") == []


def test_a_window_is_said_as_people_say_it() -> None:
    window = Window(at("2026-11-25 15:00"), at("2026-11-25 15:30"))
    assert window.words(HOTLINE, "zh") == "11月25日（周三）15:00–15:30"
    assert window.words(HOTLINE, "en") == "Wed 25 Nov, 15:00–15:30"
    assert window.words(HOTLINE, "zh", at("2026-11-24 09:00")) == "明天11月25日（周三）15:00–15:30"


@st.composite
def bookings(draw: st.DrawFn) -> tuple[Calendar, timedelta, datetime, dict[datetime, int], int]:
    """A calendar, a length, an earliest start, and bookings spread over the windows there are."""
    calendar, length, start = draw(calendars()), draw(LENGTHS), draw(instants())
    capacity = draw(st.integers(1, 3))
    everything = offers(calendar, taken={}, capacity=1, length=length, not_before=start, limit=12)
    taken = {window.start: draw(st.integers(0, 3)) for window in everything}
    return calendar, length, start, taken, capacity


@given(bookings())
def test_offers_lie_in_open_time_have_room_and_respect_the_lead_time(
    booked: tuple[Calendar, timedelta, datetime, dict[datetime, int], int],
) -> None:
    calendar, length, start, taken, capacity = booked
    found = offers(calendar, taken=taken, capacity=capacity, length=length, not_before=start, limit=50)
    for window in found:
        assert window.start >= start
        assert window.end - window.start == length
        assert is_open(calendar, window.start)
        assert open_time_between(calendar, window.start, window.end) == length
        assert taken.get(window.start, 0) < capacity


@given(bookings(), st.integers(0, 10))
def test_offers_are_in_order_apart_from_each_other_and_no_more_than_asked_for(
    booked: tuple[Calendar, timedelta, datetime, dict[datetime, int], int], limit: int
) -> None:
    calendar, length, start, taken, capacity = booked
    found = offers(calendar, taken=taken, capacity=capacity, length=length, not_before=start, limit=limit)
    assert len(found) <= limit
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(bookings())
def test_taking_the_last_place_of_a_window_removes_it_and_no_other(
    booked: tuple[Calendar, timedelta, datetime, dict[datetime, int], int],
) -> None:
    calendar, length, start, taken, capacity = booked
    asked = {"capacity": capacity, "length": length, "not_before": start, "limit": 50}
    before = offers(calendar, taken=taken, **asked)
    if before:
        after = offers(calendar, taken=taken | {before[0].start: capacity}, **asked)
        assert after[: len(before) - 1] == before[1:]


def test_windows_sort_by_their_start() -> None:
    day = date(2026, 11, 24)
    early, late = (Window(at(f"{day} {clock}"), at(f"{day} {clock}") + HALF_HOUR) for clock in ("09:00", "10:00"))
    assert sorted([late, early]) == [early, late]
