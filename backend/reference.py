"""`data/*.yaml` as frozen policy: read once, checked, never guessed beyond its validity."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args
from zoneinfo import ZoneInfo

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from backend.errors import BadReference
from backend.kernel.working_time import Calendar
from backend.settings import ROOT

DATA = ROOT / "data"
WARN_BEFORE = timedelta(days=60)
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[str, ...] = get_args(Weekday)
Language = Literal["zh", "en"]
Tier = Literal["central_city", "township", "remote_rural"]
SAID_BY_THE_HOUSE: Mapping[str, frozenset[str]] = {
    "greeting": frozenset(),
    "warming": frozenset(),
    "bot_down": frozenset(),
    "empty": frozenset(),
    "too_long": frozenset(),
    "taken_over": frozenset({"agent"}),
    "handed_back": frozenset(),
    "waiting_in_hours": frozenset({"opening"}),
    "waiting_out_of_hours": frozenset({"opening"}),
    "opted_in": frozenset(),
    "sms_help": frozenset(),
    "reminder.callback": frozenset({"ticket_no", "window"}),
    "ticket.confirmation": frozenset({"ticket_no", "onsite", "visit_code"}),
}
"""The templates the rooms render, with the values they give."""


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


class Frozen(BaseModel):
    """Data that is never changed and has no key nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Table(Frozen):
    """A file of reference data: where it comes from and until when it may be used."""

    file: ClassVar[str]
    source: str = Field(min_length=1)
    valid_through: date


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

    def calendar(self) -> Calendar:
        """The calendar as the kernel counts with it."""
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
            version=self.version,
        )


class Promises(Table):
    """What the maker promises. Minutes are open time, days are working days."""

    file: ClassVar = "promises.yaml"
    reply_minutes: int = Field(gt=0)
    opinion_minutes: int = Field(gt=0)
    onsite_working_days: dict[Tier, Annotated[int, Field(gt=0)]]

    @model_validator(mode="after")
    def _knows_every_tier(self) -> Promises:
        if missing := set(get_args(Tier)) - set(self.onsite_working_days):
            raise ValueError(f"onsite_working_days lacks {', '.join(sorted(missing))}")
        return self


class Callbacks(Table):
    """How calls are booked."""

    file: ClassVar = "callbacks.yaml"
    window_minutes: int = Field(gt=0, le=240)
    capacity: int = Field(gt=0)
    lead_minutes: int = Field(ge=0)
    reminder_minutes: int = Field(ge=0)
    farthest_days: int = Field(gt=0, le=60)

    @property
    def length(self) -> timedelta:
        """How long a window is."""
        return timedelta(minutes=self.window_minutes)


class Outlet(Frozen):
    """A service point. It covers regions by the beginning of their code; the longest match wins."""

    id: str
    name: str
    kind: Literal["municipal", "provincial", "dealer", "contractor", "headquarters"]
    phone: str
    covers: tuple[str, ...]
    tier: Tier | None = None


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


class Button(Frozen):
    """A quick reply: what it shows, and the plain words it says for the customer."""

    title: str = Field(min_length=1, max_length=24)
    payload: str = Field(min_length=1, max_length=80, pattern=r"^[^/]")


class Template(Frozen):
    """A text in both languages, with the variables it may use."""

    zh: str
    en: str
    variables: frozenset[str] = frozenset()
    buttons: dict[Language, tuple[Button, ...]] = {}

    @model_validator(mode="after")
    def _only_declared_variables(self) -> Template:
        for text in (self.zh, self.en):
            used = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
            if undeclared := used - self.variables:
                raise ValueError(f"uses {', '.join(sorted(undeclared))} without declaring it under `variables`")
        return self


class Messages(Table):
    """What the house itself says."""

    file: ClassVar = "messages.yaml"
    messages: dict[str, Template]

    @model_validator(mode="after")
    def _has_what_the_house_says(self) -> Messages:
        if missing := set(SAID_BY_THE_HOUSE) - set(self.messages):
            raise ValueError(f"messages lacks {', '.join(sorted(missing))}")
        for template, given in SAID_BY_THE_HOUSE.items():
            if unknown := self.messages[template].variables - given:
                raise ValueError(f"{template} asks for {', '.join(sorted(unknown))}, which nobody knows there")
        return self

    def render(self, template: str, language: str, **values: object) -> str:
        """A text by its id. Values are put in as they are; braces in them mean nothing."""
        found = self.messages[template]
        return (found.en if language == "en" else found.zh).format(**values)

    def buttons(self, template: str, language: str) -> list[dict[str, str]]:
        """The quick replies that go with a text."""
        buttons = self.messages[template].buttons.get("en" if language == "en" else "zh", ())
        return [button.model_dump() for button in buttons]


class SafetyText(Frozen):
    """One approved text."""

    zh: str
    en: str


class Safety(Table):
    """What is said at once when people are in danger."""

    file: ClassVar = "safety.yaml"
    texts: dict[str, SafetyText]

    @model_validator(mode="after")
    def _has_a_default(self) -> Safety:
        if "default" not in self.texts:
            raise ValueError("texts.default is missing: there must be something to say in any danger")
        return self

    def text(self, kind: str, language: str) -> str:
        """The approved text for a kind of danger; an unknown kind gets the general one."""
        found = self.texts.get(kind, self.texts["default"])
        return found.en if language == "en" else found.zh


class Fee(Frozen):
    """Something that may be charged. Fen, tax included; None: to be quoted before the visit."""

    zh: str
    en: str
    fen: int | None = Field(ge=0)


class Fees(Table):
    """What may be charged."""

    file: ClassVar = "fees.yaml"
    currency: Literal["CNY"]
    fees: dict[str, Fee]


class ThreeGuarantees(Frozen):
    """Days after the sale in which the buyer may return or exchange, and when repairs turn into an exchange."""

    return_days: int = Field(gt=0)
    exchange_days: int = Field(gt=0)
    repairs_before_exchange: int = Field(gt=0)
    parts_wait_days: int = Field(gt=0)
    repaired_days: int = Field(gt=0)


class Terms(Frozen):
    """Months a part is covered; 0 for a consumable."""

    whole_unit: int = Field(ge=0)
    tank: int = Field(ge=0)
    heating_element: int = Field(ge=0)
    control_board: int = Field(ge=0)
    leakage_plug: int = Field(ge=0)
    magnesium_rod: int = Field(ge=0)


class Warranty(Table):
    """How long what is covered."""

    file: ClassVar = "warranty.yaml"
    starts: Literal["invoice", "installation"]
    three_guarantees: ThreeGuarantees
    safe_life_years: int = Field(gt=0)
    rod_check_months: int = Field(gt=0)
    months: dict[str, Terms]

    @model_validator(mode="after")
    def _has_a_default(self) -> Warranty:
        if "default" not in self.months:
            raise ValueError("months.default is missing: it serves the series that are not listed")
        return self


@dataclass(frozen=True)
class Reference:
    """All policy and reference data in force; `valid_through` by what ends that day."""

    calendar: Calendar
    promises: Promises
    callbacks: Callbacks
    outlets: Outlets
    messages: Messages
    safety: Safety
    fees: Fees
    warranty: Warranty
    valid_through: Mapping[str, date]

    def warnings(self, now: datetime) -> list[str]:
        """Tables that end within sixty days, or have ended."""
        today = now.astimezone(self.calendar.zone).date()
        return [
            f"data/{name} is valid through {last}: replace it in time"
            if last >= today
            else f"data/{name} ended on {last}: replace it now"
            for name, last in self.valid_through.items()
            if last - today <= WARN_BEFORE
        ]


AnyTable = TypeVar("AnyTable", bound=Table)


def load(folder: Path = DATA) -> Reference:
    """Read and check all tables.

    Raises:
        BadReference: a file is missing or wrong; the message names file, place and what to mend.
    """
    calendar = _table(folder, CalendarTable)
    promises = _table(folder, Promises)
    callbacks = _table(folder, Callbacks)
    outlets = _table(folder, Outlets)
    messages = _table(folder, Messages)
    safety = _table(folder, Safety)
    fees = _table(folder, Fees)
    warranty = _table(folder, Warranty)
    tables = (promises, callbacks, outlets, messages, safety, fees, warranty)
    return Reference(
        calendar=calendar.calendar(),
        promises=promises,
        callbacks=callbacks,
        outlets=outlets,
        messages=messages,
        safety=safety,
        fees=fees,
        warranty=warranty,
        valid_through={
            "calendar.yaml (working days)": calendar.valid_through,
            "calendar.yaml (opening hours)": calendar.hours_valid_through,
            **{table.file: table.valid_through for table in tables},
        },
    )


@cache
def current() -> Reference:
    """The data of this installation, read once.

    Raises:
        BadReference: as `load`.
    """
    return load()


def _table(folder: Path, kind: type[AnyTable]) -> AnyTable:
    try:
        return kind.model_validate(yaml.safe_load((folder / kind.file).read_text(encoding="utf-8")) or {})
    except OSError as error:
        raise BadReference(
            f"data/{kind.file} cannot be read: {error.strerror}. Put it back, then start again."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadReference(f"data/{kind.file} is not YAML: {error}. Mend it there, then start again.") from error
    except ValidationError as error:
        lines = [
            f"{'.'.join(map(str, item['loc'])) or 'the file'}: {item['msg'].removeprefix('Value error, ')}"
            for item in error.errors()
        ]
        raise BadReference(f"data/{kind.file}: {'; '.join(lines)}. Mend it there, then start again.") from error
