"""A year of the calendar as a picture: what each day is, month by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from backend.kernel.working_time import Calendar, Hours


class Mark(StrEnum):
    """What is special about a day; of several the first in this order shows.

    Attributes:
        CLOSED: the hotline is closed all day.
        HOURS: it has other hours than the weekday has.
        MAKE_UP: a working day of a weekend.
        HOLIDAY: a weekday on which nobody works; the hotline is open.
        UNKNOWN: beyond what the calendar knows; promises are to be confirmed.
        WEEKEND: no working day; the hotline is open.
        ORDINARY: a working day.
    """

    CLOSED = "closed"
    HOURS = "hours"
    MAKE_UP = "make_up"
    HOLIDAY = "holiday"
    UNKNOWN = "unknown"
    WEEKEND = "weekend"
    ORDINARY = "ordinary"


@dataclass(frozen=True)
class Day:
    """A day as the picture shows it, with its opening hours (None: closed, or not known)."""

    date: date
    mark: Mark
    hours: Hours | None


@dataclass(frozen=True)
class Month:
    """A month in weeks from Monday to Sunday; None where a week belongs to its neighbours."""

    number: int
    weeks: tuple[tuple[Day | None, ...], ...]


def day_of(calendar: Calendar, day: date) -> Day:
    """What a day is."""
    if day > calendar.hours_last:
        return Day(day, Mark.UNKNOWN, None)
    hours = calendar.exceptional_hours.get(day, calendar.hours.get(day.weekday()))
    marks = (
        (Mark.CLOSED, hours is None),
        (Mark.HOURS, day in calendar.exceptional_hours),
        (Mark.MAKE_UP, day in calendar.make_up_days),
        (Mark.HOLIDAY, day in calendar.holidays),
        (Mark.UNKNOWN, not calendar.first <= day <= calendar.last),
        (Mark.WEEKEND, day.weekday() >= 5),
    )
    return Day(day, next((mark for mark, applies in marks if applies), Mark.ORDINARY), hours)


def months_of(calendar: Calendar, year: int) -> list[Month]:
    """The twelve months of a year."""
    return [Month(number, tuple(_weeks(calendar, year, number))) for number in range(1, 13)]


def exceptions_of(calendar: Calendar, year: int) -> list[Day]:
    """The days of a year that somebody has entered: other hours, closed, holidays, make-up days."""
    entered = {*calendar.exceptional_hours, *calendar.holidays, *calendar.make_up_days}
    return [day_of(calendar, day) for day in sorted(entered) if day.year == year]


def missing_years(calendar: Calendar, today: date) -> list[int]:
    """This year and the next, as far as the holiday table does not cover them to the end."""
    return [
        year
        for year in (today.year, today.year + 1)
        if not (calendar.first <= date(year, 1, 1) and date(year, 12, 31) <= calendar.last)
    ]


def covers(calendar: Calendar, day: date) -> bool:
    """Whether both the holiday table and the opening hours know a day."""
    return calendar.first <= day <= min(calendar.last, calendar.hours_last)


def _weeks(calendar: Calendar, year: int, month: int) -> Iterator[tuple[Day | None, ...]]:
    day = date(year, month, 1)
    day -= timedelta(days=day.weekday())
    while (day.year, day.month) <= (year, month):
        week = [day + timedelta(days=step) for step in range(7)]
        yield tuple(day_of(calendar, each) if each.month == month else None for each in week)
        day += timedelta(days=7)
