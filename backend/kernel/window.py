"""Bookable times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.errors import OutsideCalendar
from backend.kernel.working_time import Calendar, hours_of, local_day, local_words

FARTHEST = timedelta(days=31)


@dataclass(frozen=True, order=True)
class Window:
    """A bookable time, from `start` until just before `end`."""

    start: datetime
    end: datetime

    def words(self, calendar: Calendar, language: str, now: datetime | None = None) -> str:
        """As people say it: "11月25日（周三）15:00–15:30", "Wed 25 Nov, 15:00–15:30"."""
        until = self.end.astimezone(calendar.zone)
        return f"{local_words(calendar, self.start, language, now)}–{until:%H:%M}"


def grid(calendar: Calendar, length: timedelta, not_before: datetime, not_after: datetime) -> list[Window]:
    """All windows inside opening hours that begin at or after `not_before` and end at or before `not_after`.

    Windows stand side by side from each opening on; what remains before closing and is shorter than one is left out.
    """
    windows: list[Window] = []
    day = local_day(calendar, not_before)
    while day <= local_day(calendar, not_after):
        try:
            hours = hours_of(calendar, day)
        except OutsideCalendar:
            return windows
        start = hours[0] if hours else None
        while hours and start and start + length <= hours[1]:
            if start >= not_before and start + length <= not_after:
                windows.append(Window(start, start + length))
            start += length
        day += timedelta(days=1)
    return windows


def offers(
    calendar: Calendar,
    *,
    taken: Mapping[datetime, int],
    capacity: int | Callable[[Window], int],
    length: timedelta,
    not_before: datetime,
    not_after: datetime | None = None,
    limit: int = 6,
) -> list[Window]:
    """Windows that can be booked now, earliest first: open, with room left, after the lead time.

    Args:
        taken: bookings by the start of their window.
        capacity: bookings a window holds: the same number in all, or by window.
        not_before: now plus the lead time, or later.
        not_after: when the last window must have ended; a month ahead when not given.
        limit: how many to offer.
    """
    until = not_after or not_before + FARTHEST
    windows = grid(calendar, length, not_before, until)
    return [
        each
        for each in windows
        if taken.get(each.start, 0) < (capacity if isinstance(capacity, int) else capacity(each))
    ][:limit]
