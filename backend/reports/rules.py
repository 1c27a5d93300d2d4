"""Which days a report covers, which hours they have, what a share is, what may stand in a cell of a sheet. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

LONGEST = 92
_FORMULA = re.compile(r"[\s\x00-\x20\u200b\ufeff]*[=+\-@＝＋－＠]")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Span(StrEnum):
    """The periods that have a name; weeks begin on Monday."""

    TODAY = "today"
    WEEK = "week"
    LAST_WEEK = "last_week"
    MONTH = "month"
    CHOSEN = "chosen"


class Cut(StrEnum):
    """Why the period shown is not the one that was asked for."""

    TOO_LONG = "too_long"
    TURNED = "turned"


@dataclass(frozen=True)
class Period:
    """Whole days of the hotline, both included; `cut` says in what it differs from what was asked for."""

    span: Span
    first: date
    last: date
    cut: Cut | None = None

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """The period of the same length just before it."""
        return Period(Span.CHOSEN, self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """The instants it begins and ends at; the end is no longer part of it."""
        return (
            datetime.combine(self.first, time(), zone),
            datetime.combine(self.last + timedelta(days=1), time(), zone),
        )


def period(span: Span, today: date, first: date | None = None, last: date | None = None) -> Period:
    """The days meant. Days chosen the wrong way round are turned; of too many, the last ones are kept."""
    monday = today - timedelta(days=today.weekday())
    match span:
        case Span.TODAY:
            return Period(span, today, today)
        case Span.WEEK:
            return Period(span, monday, today)
        case Span.LAST_WEEK:
            return Period(span, monday - timedelta(days=7), monday - timedelta(days=1))
        case Span.MONTH:
            return Period(span, today - timedelta(days=29), today)
        case Span.CHOSEN:
            return _chosen(first or last or today, last or first or today)


def _chosen(first: date, last: date) -> Period:
    cut = Cut.TURNED if first > last else None
    first, last = min(first, last), max(first, last)
    if (last - first).days >= LONGEST:
        return Period(Span.CHOSEN, last - timedelta(days=LONGEST - 1), last, Cut.TOO_LONG)
    return Period(Span.CHOSEN, first, last, cut)


def hours(
    period: Period, zone: tzinfo, *, hour: int | None = None, weekday: int | None = None
) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of a period that lie in an hour of the day (0 to 23), on a weekday (0: Monday), or both."""
    for ahead in range(period.days):
        day = period.first + timedelta(days=ahead)
        if weekday is not None and day.weekday() != weekday:
            continue
        start = datetime.combine(day, time(hour or 0), zone)
        yield start, start + timedelta(hours=24 if hour is None else 1)


def by_local_hour(counts: Iterable[tuple[str, int]], zone: tzinfo) -> Iterator[tuple[int, int, int]]:
    """Counts by hour of UTC ("2026-11-24 02") as weekday (0: Monday), hour of the zone, and count."""
    for hour, count in counts:
        local = datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC).astimezone(zone)
        yield local.weekday(), local.hour, count


@dataclass(frozen=True)
class Share:
    """A part of a whole."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """In per cent, to a tenth; None of nothing."""
        return round(100 * self.part / self.whole, 1) if self.whole else None


def cell(value: object) -> str:
    """A value as a sheet may hold it: what a program would take for a formula gets an apostrophe in front."""
    text = _UNWRITABLE.sub("", "" if value is None else str(value))
    return f"'{text}" if _FORMULA.match(text) else text
