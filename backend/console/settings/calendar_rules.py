"""What an agent may change in the calendar, on the table's plain data. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from backend.errors import OutsideCalendar, Refused
from backend.kernel import working_time
from backend.kernel.working_time import Calendar

LONGEST = 62


class Kind(StrEnum):
    """What days are to be. ORDINARY takes back what was entered; THROUGH says how far the holiday table is complete."""

    CLOSED = "closed"
    HOURS = "hours"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    ORDINARY = "ordinary"
    THROUGH = "through"


@dataclass(frozen=True)
class Edit:
    """One change: a kind, from a first to a last day; for HOURS with opening and closing."""

    kind: Kind
    first: date
    last: date
    opens: time | None = None
    closes: time | None = None

    @property
    def days(self) -> list[date]:
        """The days it is about."""
        return [self.first + timedelta(days=step) for step in range((self.last - self.first).days + 1)]


def edited(body: Mapping[str, Any], edit: Edit) -> dict[str, Any]:
    """The calendar's plain data after a change. Of a stretch, holidays take the weekdays and make-up days the weekends.

    Raises:
        Refused: the days are in the wrong order or too many, no such day lies among them, or the hours are missing.
    """
    if edit.kind is Kind.THROUGH:
        last = edit.first.isoformat()
        return dict(body) | {"valid_through": last, "hours_valid_through": max(body["hours_valid_through"], last)}
    if not 0 <= (edit.last - edit.first).days < LONGEST:
        raise Refused(f"Give up to {LONGEST} days, the first before the last.", code="bad_days")
    hours, working = dict(body["exceptional_hours"]), dict(body["working_days"])
    names = [day.isoformat() for day in edit.days]
    match edit.kind:
        case Kind.CLOSED:
            hours |= dict.fromkeys(names, "closed")
        case Kind.HOURS:
            if edit.opens is None or edit.closes is None or edit.opens >= edit.closes:
                raise Refused("Give opening and closing, the opening first.", code="bad_hours")
            hours |= dict.fromkeys(names, f"{edit.opens:%H:%M}-{edit.closes:%H:%M}")
        case Kind.HOLIDAY:
            working["holidays"] = _with(working["holidays"], (day for day in edit.days if day.weekday() < 5))
        case Kind.MAKE_UP:
            working["make_up_days"] = _with(working["make_up_days"], (day for day in edit.days if day.weekday() >= 5))
        case Kind.ORDINARY:
            hours = {day: each for day, each in hours.items() if day not in names}
            working |= {key: [day for day in working[key] if day not in names] for key in ("holidays", "make_up_days")}
    return dict(body) | {"exceptional_hours": dict(sorted(hours.items())), "working_days": working}


def _with(known: Sequence[str], days: Iterable[date]) -> list[str]:
    added = {day.isoformat() for day in days}
    if not added:
        raise Refused("There is no such day among these.", code="no_such_day")
    return sorted({*known, *added})


def is_served(calendar: Calendar, start: datetime, end: datetime) -> bool:
    """Whether the hotline is open for all of a window; one whose hours are not known is not."""
    try:
        return working_time.open_time_between(calendar, start, end) == end - start
    except OutsideCalendar:
        return False
