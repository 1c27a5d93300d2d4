"""When the hotline is open, what is promised, how calls are booked, who serves where."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, ClassVar, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from backend.kernel.shifts import Roster, Shift
from backend.kernel.working_time import Calendar
from backend.reference.base import NEVER, Frozen, Patterns, Table, Text

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[str, ...] = get_args(Weekday)
Tier = Literal["central_city", "township", "remote_rural"]
Skill = Literal["install", "repair", "relocation"]


def _hours(value: Any) -> Any:
    if value in (None, "closed"):
        return None
    opening, _, closing = str(value).partition("-")
    return time.fromisoformat(opening.strip()), time.fromisoformat(closing.strip())


def _ordered(value: tuple[time, time] | None) -> tuple[time, time] | None:
    if value and value[0] >= value[1]:
        raise ValueError("opening must be before closing")
    return value


Hours = Annotated[tuple[time, time] | None, BeforeValidator(_hours), AfterValidator(_ordered)]


class WorkingDays(Frozen):
    """The holiday table."""

    first: date
    holidays: frozenset[date]
    make_up_days: frozenset[date]

    @model_validator(mode="after")
    def _changes_something(self) -> WorkingDays:
        if on_weekend := sorted(day for day in self.holidays if day.weekday() >= 5):
            raise ValueError(f"holidays lists {on_weekend[0]}, a weekend: list only weekdays on which nobody works")
        if on_weekday := sorted(day for day in self.make_up_days if day.weekday() < 5):
            raise ValueError(f"make_up_days lists {on_weekday[0]}, no weekend: list only weekends that are worked")
        return self


class CalendarTable(Table):
    """Opening hours and working days."""

    file: ClassVar = "calendar.yaml"
    version: str
    zone: str
    hours_valid_through: date
    hours: dict[Weekday, Hours]
    exceptional_hours: dict[date, Hours]
    working_days: WorkingDays

    @model_validator(mode="after")
    def _opens(self) -> CalendarTable:
        if not any(self.hours.values()):
            raise ValueError("the hotline never opens: give at least one day of `hours` its hours")
        return self

    @model_validator(mode="after")
    def _has_a_zone_without_summer_time(self) -> CalendarTable:
        try:
            zone = ZoneInfo(self.zone)
        except (KeyError, ValueError):
            raise ValueError(f"zone {self.zone} is not known here: correct it, or install the package tzdata") from None
        winter, summer = (datetime(self.valid_through.year, month, 1, tzinfo=zone).utcoffset() for month in (1, 7))
        if winter != summer:
            raise ValueError(f"zone {self.zone} has summer time, which open hours are not counted in")
        return self

    def calendar(self, revision: int | None = None) -> Calendar:
        """The calendar as the kernel counts with it; its version names the revision laid over the file, if any."""
        hours = {WEEKDAYS.index(day): value for day, value in self.hours.items() if value}
        return Calendar(
            zone=ZoneInfo(self.zone),
            hours=hours,
            first=self.working_days.first,
            last=self.valid_through,
            hours_last=self.hours_valid_through,
            exceptional_hours=self.exceptional_hours,
            holidays=self.working_days.holidays,
            make_up_days=self.working_days.make_up_days,
            version=self.version if revision is None else f"{self.version}+r{revision}",
        )


class Promises(Table):
    """What the maker promises. Minutes are open time."""

    file: ClassVar = "promises.yaml"
    reply_minutes: int = Field(gt=0)
    opinion_minutes: int = Field(gt=0)
    onsite_working_days: dict[Tier, Annotated[int, Field(gt=0)]]
    quality_working_days: int = Field(gt=0)
    parts_calendar_days: int = Field(gt=0)

    @model_validator(mode="after")
    def _knows_every_tier(self) -> Promises:
        if missing := set(get_args(Tier)) - set(self.onsite_working_days):
            raise ValueError(f"onsite_working_days lacks {', '.join(sorted(missing))}")
        return self


class ShiftRow(Frozen):
    """One shift: how many people, and the usernames of those who are named; without `people` just those."""

    hours: Annotated[tuple[time, time], BeforeValidator(_hours), AfterValidator(_ordered)]
    people: int | None = Field(None, ge=0)
    who: frozenset[str] = frozenset()

    @model_validator(mode="after")
    def _counts_whom_it_names(self) -> ShiftRow:
        if self.people is None and not self.who:
            raise ValueError("say how many `people`, or `who`")
        if self.people is not None and self.people < len(self.who):
            raise ValueError(f"`who` names {len(self.who)}, more than its {self.people} people")
        return self

    def shift(self) -> Shift:
        """The shift as the kernel counts with it."""
        people = len(self.who) if self.people is None else self.people
        return Shift(*self.hours, people=people, who=self.who)


class ShiftGroup(Frozen):
    """The shifts of one group of people."""

    name: Text
    week: dict[Weekday, tuple[ShiftRow, ...]]
    days: dict[date, tuple[ShiftRow, ...]] = Field(default_factory=dict)


class Shifts(Table):
    """Who is on shift when."""

    file: ClassVar = "shifts.yaml"
    groups: dict[str, ShiftGroup] = Field(min_length=1)

    def rosters(self, zone: ZoneInfo) -> dict[str, Roster]:
        """The shifts by group, as the kernel counts with them."""
        return {
            name: Roster(
                zone,
                week={WEEKDAYS.index(day): _shifts(rows) for day, rows in group.week.items()},
                days={day: _shifts(rows) for day, rows in group.days.items()},
            )
            for name, group in self.groups.items()
        }


def _shifts(rows: tuple[ShiftRow, ...]) -> tuple[Shift, ...]:
    return tuple(row.shift() for row in rows)


class Callbacks(Table):
    """How calls are booked, and by which group of people they are made."""

    file: ClassVar = "callbacks.yaml"
    group: str
    window_minutes: int = Field(gt=0, le=240)
    calls_per_person: int = Field(gt=0)
    lead_minutes: int = Field(ge=0)
    reminder_minutes: int = Field(ge=0)
    farthest_days: int = Field(gt=0, le=60)
    retry_minutes: tuple[Annotated[int, Field(gt=0, le=7 * 24 * 60)], ...]
    later_minutes: int = Field(gt=0)
    lease_minutes: int = Field(gt=0)
    undo_minutes: int = Field(ge=0)
    noon: Hours = None

    @property
    def length(self) -> timedelta:
        """How long a window is."""
        return timedelta(minutes=self.window_minutes)


Span = Annotated[tuple[time, time], BeforeValidator(_hours), AfterValidator(_ordered)]


class HalfDay(Frozen):
    """Half a day on which a technician may come, and the two-hour windows in it."""

    hours: Span
    windows: tuple[Span, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _windows_stand_side_by_side(self) -> HalfDay:
        edges = [self.hours[0], *(edge for window in self.windows for edge in window), self.hours[1]]
        if edges != sorted(edges):
            raise ValueError("windows must lie inside the hours of the half day, one after the other")
        return self


class Appointments(Table):
    """How visits are agreed and announced."""

    file: ClassVar = "appointments.yaml"
    half_days: dict[str, HalfDay] = Field(min_length=1)
    lead_minutes: int = Field(ge=0)
    hold_minutes: int = Field(gt=0)
    farthest_days: int = Field(gt=0, le=60)
    offered: int = Field(gt=0, le=9)
    evening_at: time
    soon_minutes: int = Field(gt=0)
    soon_least_minutes: int = Field(ge=0)
    rest_minutes: int = Field(ge=0)
    answer_hours: int = Field(gt=0)
    absences_before_waiting: int = Field(gt=0)
    link_days: int = Field(ge=0)

    @model_validator(mode="after")
    def _half_days_follow_one_another(self) -> Appointments:
        edges = [edge for half in self.half_days.values() for edge in half.hours]
        if edges != sorted(edges):
            raise ValueError("half_days must not overlap, and the earlier one comes first")
        return self


class Outlet(Frozen):
    """A service point. It covers regions by the beginning of their code; the longest match wins.

    Attributes:
        visits: visits a two-hour window holds; 0 where visits are agreed by telephone only.
        skills: kinds of ticket it can be sent for.
        works: on working days, or on every day the hotline is open.
    """

    id: str
    name: str
    kind: Literal["municipal", "provincial", "dealer", "contractor", "headquarters"]
    phone: str
    email: str | None = None
    covers: tuple[str, ...]
    tier: Tier | None = None
    visits: int = Field(2, ge=0)
    skills: frozenset[Skill] = frozenset(get_args(Skill))
    works: Literal["working_days", "daily"] = "working_days"


class Outlets(Table):
    """The service points."""

    file: ClassVar = "outlets.yaml"
    outlets: tuple[Outlet, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> Outlets:
        ids = [outlet.id for outlet in self.outlets]
        if twice := {each for each in ids if ids.count(each) > 1}:
            raise ValueError(f"id {', '.join(sorted(twice))} is given to two outlets")
        return self


class Festival(Frozen):
    """A festival customers ask about by name, and the days on which it falls."""

    name: Text
    words: Patterns
    days: tuple[date, ...] = Field(min_length=1)


class Festivals(Table):
    """Days that customers call by a name. `asks`: words that ask when we are there; `how_soon`: when somebody
    comes; `night`: hours when nobody is here."""

    file: ClassVar = "festivals.yaml"
    outliving: ClassVar = ("asks", "how_soon", "night")
    asks: Patterns = NEVER
    how_soon: Patterns = NEVER
    night: Patterns = NEVER
    weekend: Patterns
    visits: Patterns
    festivals: tuple[Festival, ...]
