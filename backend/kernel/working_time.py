"""Time as the hotline counts it: open hours, and working days with make-up days.

All instants are aware; the day is the day of the calendar's own zone, which has no summer time. Opening hours are
half-open: at 08:00:00 the hotline is open, at 18:00:00 it is closed. Source of the rules: the maker's service manual;
the holiday table is data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from backend.errors import OutsideCalendar

Hours = tuple[time, time]
LONGEST_CLOSURE = 400

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Calendar:
    """When the hotline is open and which days are working days.

    Attributes:
        zone: the hotline's zone; one without summer time.
        hours: opening hours by weekday (Monday is 0); a missing weekday is closed.
        exceptional_hours: opening hours of single days, None for closed; they win over `hours`.
        holidays: weekdays that are no working days.
        make_up_days: days of a weekend that are working days.
        first, last: the days the holiday table covers.
        hours_last: the last day the opening hours are known for.
        version: the edition of the data, written beside what was promised by it.
    """

    zone: ZoneInfo
    hours: Mapping[int, Hours]
    first: date
    last: date
    hours_last: date
    exceptional_hours: Mapping[date, Hours | None] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    version: str = ""


def hours_of(calendar: Calendar, day: date) -> tuple[datetime, datetime] | None:
    """Opening and closing of a day, or None when it is closed all day.

    Raises:
        OutsideCalendar: the opening hours of that day are not known.
    """
    if day > calendar.hours_last:
        raise OutsideCalendar(f"The opening hours are known up to {calendar.hours_last}; {day} is to be confirmed.")
    hours = calendar.exceptional_hours.get(day, calendar.hours.get(day.weekday()))
    if hours is None:
        return None
    opening, closing = (datetime.combine(day, each, calendar.zone) for each in hours)
    return opening, closing


def local_day(calendar: Calendar, at: datetime) -> date:
    """The hotline's day of an instant."""
    return _local(calendar, at).date()


def _local(calendar: Calendar, at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at} says no zone: it is no instant")
    return at.astimezone(calendar.zone)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the hotline is open at an instant."""
    hours = hours_of(calendar, local_day(calendar, at))
    return hours is not None and hours[0] <= at < hours[1]


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """The instant itself when open, else the next opening.

    Raises:
        OutsideCalendar: there is none within the days the calendar knows.
    """
    day = local_day(calendar, at)
    for _ in range(LONGEST_CLOSURE):
        hours = hours_of(calendar, day)
        if hours and at < hours[1]:
            return max(at.astimezone(calendar.zone), hours[0])
        day += timedelta(days=1)
    raise OutsideCalendar("The calendar never opens; give `hours` in data/calendar.yaml a day.")


def closing(calendar: Calendar, at: datetime) -> datetime:
    """The closing of the open day that holds an instant, or of the next open day when it is closed then."""
    hours = hours_of(calendar, local_day(calendar, next_opening(calendar, at)))
    assert hours is not None
    return hours[1]


def add_open_time(calendar: Calendar, start: datetime, duration: timedelta) -> datetime:
    """The instant at which so much open time has passed since `start`.

    Time that ends exactly at a closing edge ends there, not at the next opening.

    Raises:
        OutsideCalendar: the opening hours of the days it takes are not known.
    """
    if duration < timedelta():
        raise ValueError("open time is added forwards only")
    at, left = _local(calendar, start), duration
    if not left:
        return _settled(calendar, at)
    while True:
        opening = next_opening(calendar, at)
        edge = closing(calendar, opening)
        if left <= edge - opening:
            return opening + left
        left -= edge - opening
        at = edge


def _settled(calendar: Calendar, at: datetime) -> datetime:
    """Open time or a closing edge, for a duration of nothing."""
    hours = hours_of(calendar, local_day(calendar, at))
    return at if hours and hours[0] <= at <= hours[1] else next_opening(calendar, at)


def open_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How much open time lies between two instants; nothing when `end` is not later.

    Raises:
        OutsideCalendar: the opening hours of a day between them are not known.
    """
    total, day = timedelta(), local_day(calendar, start)
    while day <= local_day(calendar, end):
        if hours := hours_of(calendar, day):
            total += max(timedelta(), min(end, hours[1]) - max(start, hours[0]))
        day += timedelta(days=1)
    return total


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Whether a day is a working day by the State Council's arrangement, make-up days included.

    Raises:
        OutsideCalendar: the holiday table does not cover the day.
    """
    if not calendar.first <= day <= calendar.last:
        raise OutsideCalendar(
            f"The holiday table covers {calendar.first} to {calendar.last}; {day} is to be confirmed."
        )
    return day in calendar.make_up_days or (day.weekday() < 5 and day not in calendar.holidays)


def working_day_deadline(calendar: Calendar, start: datetime, days: int) -> datetime:
    """Closing time of the n-th working day strictly after the local day of `start`.

    A working day on which the hotline is closed all day counts, and ends at the latest closing time of the week.

    Raises:
        OutsideCalendar: the holiday table ends before that day.
    """
    if days < 1:
        raise ValueError("a deadline is at least one working day away")
    day, left = local_day(calendar, start), days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(calendar, day)
    hours = hours_of(calendar, day)
    latest = max(closes for _, closes in calendar.hours.values())
    return hours[1] if hours else datetime.combine(day, latest, calendar.zone)


def calendar_day_deadline(calendar: Calendar, start: datetime, days: int) -> datetime:
    """Closing time of the n-th day after the local day of `start`, working day or not.

    When the hotline is closed all that day, closing time of the next open day: a period counted in days leaves out the
    day it begins on, does not end on a day without business, and ends when business ends (source: Civil Code of the
    People's Republic of China, articles 201 and 203).

    Raises:
        OutsideCalendar: the opening hours of that day are not known.
    """
    if days < 1:
        raise ValueError("a deadline is at least one day away")
    day = local_day(calendar, start) + timedelta(days=days)
    return closing(calendar, datetime.combine(day, time(), calendar.zone))


def working_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How much open time of working days lies between two instants; nothing when `end` is not later.

    Raises:
        OutsideCalendar: a day between them is not covered.
    """
    total, day = timedelta(), local_day(calendar, start)
    while day <= local_day(calendar, end):
        if is_working_day(calendar, day) and (hours := hours_of(calendar, day)):
            total += max(timedelta(), min(end, hours[1]) - max(start, hours[0]))
        day += timedelta(days=1)
    return total


def local_words(calendar: Calendar, at: datetime, language: str, now: datetime | None = None) -> str:
    """An instant as people say it: "11月25日（周三）18:00", "Wed 25 Nov, 18:00".

    With `now`, today and tomorrow are called by name, and another year is named.
    """
    local = _local(calendar, at)
    day, clock = local.date(), f"{local:%H:%M}"
    today = local_day(calendar, now) if now else None
    is_today, is_tomorrow = day == today, today is not None and day == today + timedelta(days=1)
    names_year = today is not None and day.year != today.year
    if language == "zh":
        near = "今天" if is_today else "明天" if is_tomorrow else ""
        year = f"{day.year}年" if names_year else ""
        return f"{near}{year}{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）{clock}"
    near = "today, " if is_today else "tomorrow, " if is_tomorrow else ""
    year = f" {day.year}" if names_year else ""
    return f"{near}{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{year}, {clock}"
