"""Whether the warranty covers a fault, what a fault code means, when the hotline is open. Pure.

Sources: rules of the three guarantees (三包); T/CHEAA 0003-2018 for the safe service life; the maker's service manual.
All numbers come from `data/`; days are whole local days.
"""

from __future__ import annotations

import calendar as months_of_years
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from backend.errors import OutsideCalendar
from backend.kernel.working_time import Calendar, hours_of, is_open, local_day, next_opening
from bot.text.calendar_words import find_days


@dataclass(frozen=True)
class Bought:
    """The days on which a heater may have been bought; one day when the customer knows it exactly."""

    first: date
    last: date

    @property
    def is_exact(self) -> bool:
        return self.first == self.last


def bought(told: str | None, today: date) -> Bought | None:
    """The span of an ISO day, month or year (`2025-03-02`, `2025-03`, `2025`), up to today.

    None when nothing is told, when it is no date, or when it lies in the future.
    """
    parts = (told or "").split("-")
    try:
        numbers = [int(part) for part in parts]
        year, month, day = (*numbers, *(None, None))[:3]
        if year is None or len(numbers) > 3:
            return None
        first = date(year, month or 1, day or 1)
        last_month = month or 12
        last = first if day else date(year, last_month, months_of_years.monthrange(year, last_month)[1])
    except ValueError:
        return None
    return Bought(first, min(last, today)) if first <= today else None


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, months_of_years.monthrange(year, month + 1)[1]))


def bought_since(months: int, today: date) -> date:
    """The earliest day of purchase that a term of so many months still covers today."""
    day = add_months(today, -months)
    while add_months(day, months) < today:
        day += timedelta(days=1)
    return day


class Cover(StrEnum):
    """What the warranty says about a part today."""

    COVERED = "covered"
    EXPIRED = "expired"
    UNSURE = "unsure"
    UNKNOWN = "unknown"
    CONSUMABLE = "consumable"


@dataclass(frozen=True)
class Term:
    """Months a part is covered: the shortest and the longest that the series may have; equal when it is known."""

    shortest: int
    longest: int

    @property
    def is_known(self) -> bool:
        return self.shortest == self.longest


@dataclass(frozen=True)
class Guarantees:
    """The numbers of the three guarantees, in days and repairs, and the safe service life in years."""

    return_days: int
    exchange_days: int
    repairs_before_exchange: int
    safe_life_years: int


class Right(StrEnum):
    """What else the buyer may choose for a performance fault."""

    REFUND = "refund"
    EXCHANGE = "exchange"
    REPAIRED_TOO_OFTEN = "repaired_too_often"


@dataclass(frozen=True)
class Verdict:
    """Whether a part is covered today, and why.

    Attributes:
        until: the last covered day, at the earliest and at the latest; None without a date or for a consumable.
        right: what the three guarantees offer beside the repair.
        is_past_safe_life: older than the safe service life, whatever the exact day.
        missing: what would make it certain (`purchase_date`, `model`), the more telling first.
    """

    cover: Cover
    term: Term
    bought: Bought | None
    until: tuple[date, date] | None = None
    right: Right | None = None
    is_past_safe_life: bool = False
    missing: tuple[str, ...] = ()


def warranty_verdict(
    told: Bought | None, term: Term, guarantees: Guarantees, *, today: date, repairs: int = 0
) -> Verdict:
    """Whether a part with this term is covered today.

    Every possible day of purchase and every possible term is looked at: covered means covered in any case, expired
    means expired in any case, otherwise the invoice decides. The last day of the term is covered.
    """
    is_old = told is not None and add_months(told.last, guarantees.safe_life_years * 12) < today
    if term.longest == 0:
        return Verdict(Cover.CONSUMABLE, term, told, is_past_safe_life=is_old)
    if told is None:
        missing = ("purchase_date",) if term.is_known else ("model", "purchase_date")
        return Verdict(Cover.UNKNOWN, term, None, missing=missing)
    until = (add_months(told.first, term.shortest), add_months(told.last, term.longest))
    if today <= until[0]:
        right = _right(told, guarantees, today, repairs)
        return Verdict(Cover.COVERED, term, told, until, right)
    if today > until[1]:
        return Verdict(Cover.EXPIRED, term, told, until, is_past_safe_life=is_old)
    return Verdict(Cover.UNSURE, term, told, until, missing=("purchase_date" if term.is_known else "model",))


def _right(told: Bought, guarantees: Guarantees, today: date, repairs: int) -> Right | None:
    """The choice the buyer has in any case: counted from the earliest possible day of purchase."""
    age = (today - told.first).days
    if age <= guarantees.return_days:
        return Right.REFUND
    if age <= guarantees.exchange_days:
        return Right.EXCHANGE
    return Right.REPAIRED_TOO_OFTEN if repairs >= guarantees.repairs_before_exchange else None


def term_of(months: Mapping[str, int], series: str | None) -> Term:
    """The term of a part by series (`default` for series without one of their own); all of them while it is unknown."""
    if series is None:
        return Term(min(months.values()), max(months.values()))
    known = months.get(series, months["default"])
    return Term(known, known)


@dataclass(frozen=True)
class FaultReading:
    """What a fault code means: its class when model series and code are listed together, else None.

    Attributes:
        may_be_danger: it is unknown, and in some series this code reports leakage current.
    """

    fault_class: str | None
    is_danger: bool
    may_be_danger: bool


def read_fault_code(
    code: str, series: str | None, codes: Mapping[str, Mapping[str, str]], dangerous: Iterable[str]
) -> FaultReading:
    """The class of a code in a series. An unknown pair means nothing: it is asked about, never guessed."""
    grave = frozenset(dangerous)
    found = codes.get(series or "", {}).get(code)
    means_danger_somewhere = any(table.get(code) in grave for table in codes.values())
    return FaultReading(
        fault_class=found,
        is_danger=found in grave,
        may_be_danger=found is None and series not in codes and means_danger_somewhere,
    )


@dataclass(frozen=True)
class Opening:
    """The hotline on one day: its hours (None: closed), whether it is open now, and the next opening.

    Attributes:
        is_known: whether the hours of that day are known at all.
    """

    day: date
    hours: tuple[datetime, datetime] | None
    is_known: bool
    is_open_now: bool
    opens_next: datetime | None


def opening_of(calendar: Calendar, day: date, now: datetime) -> Opening:
    """When the hotline is open on a day, seen from now. Days beyond the calendar are to be confirmed."""
    open_now, opens_next = _now(calendar, now)
    try:
        return Opening(day, hours_of(calendar, day), True, open_now, opens_next)
    except OutsideCalendar:
        return Opening(day, None, False, open_now, opens_next)


def _now(calendar: Calendar, now: datetime) -> tuple[bool, datetime | None]:
    try:
        return is_open(calendar, now), next_opening(calendar, now)
    except OutsideCalendar:
        return False, None


def next_of(days: Iterable[date], today: date) -> date | None:
    """The first of some days that is not over."""
    return min((day for day in days if day >= today), default=None)


def exceptions_ahead(calendar: Calendar, now: datetime, days: int = 14) -> list[date]:
    """Days with other hours than their weekday usually has, from today on."""
    today = local_day(calendar, now)
    return sorted(day for day in calendar.exceptional_hours if timedelta() <= day - today <= timedelta(days=days))


_LETTER = re.compile("[A-Z]")


def series_of(model: str | None, codes: Iterable[str], names: Mapping[str, str]) -> str | None:
    """The series a model belongs to: by the letters on its label, else by a name customers call it.

    `names` maps a pattern of a name to its series. A label of letters and digits that fits no series is a series of its
    own: its letters are returned, so that nobody takes it for unknown. None: nothing in it names a series.
    """
    told = (model or "").strip().upper()
    listed = [code for code in codes if told.startswith(code) and not _LETTER.match(told, len(code))]
    if listed:
        return max(listed, key=len)
    if found := next((series for name, series in names.items() if re.search(name, model or "")), None):
        return found
    letters = told[: next((at for at, char in enumerate(told) if not (char.isascii() and char.isalpha())), len(told))]
    is_label = re.match(r"[ -]?\d|[\u3400-\u9fff].*\d", told[len(letters) :])  # "WHICH PARTS …" begins with a word
    return letters if 2 <= len(letters) <= 6 and is_label else None


def coming_weekend(today: date) -> list[date]:
    """Saturday and Sunday of this week as far as they are not over."""
    monday = today - timedelta(days=today.weekday())
    return [day for day in (monday + timedelta(days=5), monday + timedelta(days=6)) if day >= today]


def named_day(text: str, now: datetime, zone: tzinfo) -> date | None:
    """The first day that some plain words name (tomorrow, Sunday, 3 December), today or later."""
    local = now.astimezone(zone)
    days = find_days(text, local.date(), local)
    return next((each.first for each in days if each.first >= local.date()), None)
