"""`hotline calendar check`: the year as a picture in the terminal, and what is missing in it."""

from __future__ import annotations

from datetime import date, datetime

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import DBAPIError

from backend import db, reference
from backend.kernel import year as picture
from backend.kernel.year import Day, Mark, Month
from backend.reference import Reference
from backend.reference.tables import CalendarTable
from backend.revisions import service as revisions
from backend.settings import Settings

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
SIGNS: dict[Mark, tuple[str, str, str]] = {
    Mark.ORDINARY: (" ", "", "working day, open"),
    Mark.WEEKEND: (" ", "dim", "weekend, open"),
    Mark.HOLIDAY: ("*", "magenta", "holiday, open"),
    Mark.MAKE_UP: ("+", "green", "make-up working day, open"),
    Mark.HOURS: ("!", "yellow", "exceptional hours"),
    Mark.CLOSED: ("x", "red", "closed all day"),
    Mark.UNKNOWN: ("?", "dim", "not known yet: dates are to be confirmed"),
}
"""Sign, style and meaning of each mark; the sign says it without colour."""


def in_force(settings: Settings) -> tuple[Reference, str]:
    """The calendar's data with what was changed at the desk, and a word when that cannot be read."""
    url = settings.database
    if url.startswith("sqlite:///") and not settings.data_dir.exists():
        return reference.current(), "There is no database yet: this is the calendar of the files."
    engine = db.make_engine(url)
    try:
        with db.read_scope(db.make_sessions(engine)) as session:
            return revisions.in_force(session), ""
    except DBAPIError:
        return reference.current(), "The database cannot be read: this is the calendar of the files."
    finally:
        engine.dispose()


def check(found: Reference, now: datetime, year: int | None, *, note: str = "", console: Console) -> bool:
    """Draw a year (default: this one) and say what is missing; returns whether today is covered."""
    calendar = found.calendar
    today = now.astimezone(calendar.zone).date()
    shown = year or today.year
    console.print(_head(found, shown))
    months = picture.months_of(calendar, shown)
    console.print(Columns([_month(shown, each, today) for each in months], padding=(1, 3)))
    console.print(Columns(_legend(months), padding=(0, 3)))
    for day in picture.exceptions_of(calendar, shown):
        if day.mark in (Mark.HOURS, Mark.CLOSED):
            console.print(f"  {day.date:%a %d %b}  {_hours(day)}")
    for line in (note, *_warnings(found, now, today)):
        if line:
            console.print(Text(f"! {line}", style="yellow"))
    if not picture.covers(calendar, today):
        console.print(Text(f"! Today, {today}, is not covered: promises are to be confirmed.", style="bold red"))
        return False
    return True


def _head(found: Reference, year: int) -> RenderableType:
    table = found.tables[CalendarTable.file]
    return Group(
        Text(f"Calendar {year}, edition {found.calendar.version}", style="bold"),
        Text(f"Source: {table.source}"),
        Text(
            f"Holiday table: {found.calendar.first} to {found.calendar.last}. "
            f"Opening hours: to {found.calendar.hours_last}. Zone: {found.calendar.zone.key}.\n"
        ),
    )


def _month(year: int, month: Month, today: date) -> Table:
    grid = Table(title=f"{date(year, month.number, 1):%B}", box=None, padding=0, title_justify="left", width=28)
    for name in WEEKDAYS:
        grid.add_column(f"{name} ", width=4, no_wrap=True)
    for week in month.weeks:
        grid.add_row(*(_cell(day, today) for day in week))
    return grid


def _cell(day: Day | None, today: date) -> Text:
    if day is None:
        return Text("")
    sign, style, _ = SIGNS[day.mark]
    return Text(f"{day.date.day:2d}{sign}", style=f"{style} reverse".strip() if day.date == today else style)


def _legend(months: list[Month]) -> list[Text]:
    marks = {day.mark for month in months for week in month.weeks for day in week if day}
    signs = [(f"12{sign}", style, meaning) for mark, (sign, style, meaning) in SIGNS.items() if mark in marks]
    return [
        Text.assemble((sign, style), f" {meaning}") for sign, style, meaning in [*signs, ("12", "reverse", "today")]
    ]


def _hours(day: Day) -> str:
    return f"{day.hours[0]:%H:%M}–{day.hours[1]:%H:%M}" if day.hours else "closed all day"


def _warnings(found: Reference, now: datetime, today: date) -> list[str]:
    ending = [line for line in found.warnings(now) if CalendarTable.file in line]
    missing = picture.missing_years(found.calendar, today)
    return ending + [f"The holiday table does not cover {year} to its end." for year in missing]
