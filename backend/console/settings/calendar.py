"""The calendar as data: the year as a picture, a change with what it would move, saving and undoing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Query
from pydantic import BeforeValidator, Field
from starlette.responses import RedirectResponse, Response

from backend import reference as files
from backend.agents.permissions import Action
from backend.auth import needs
from backend.callbacks import queries as bookings
from backend.callbacks.models import Callback
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, is_pane, opens_for
from backend.console.settings import calendar_rules
from backend.console.settings.calendar_rules import Edit, Kind
from backend.console.words import mark
from backend.depends import Now
from backend.errors import Conflict, Refused
from backend.kernel import working_time
from backend.kernel import year as picture
from backend.kernel.working_time import Calendar
from backend.reference import Overlay
from backend.reference.tables import CalendarTable
from backend.revisions import service as revisions
from backend.revisions.routes import Refreshing
from backend.tickets import recounting
from backend.tickets.recounting import Moved

router = APIRouter(prefix="/calendar", route_class=ConsoleRoute)

TABLE = CalendarTable.file
SHOWN = 200
OrNone = BeforeValidator(lambda value: value or None)
Year = Annotated[int | None, Query(ge=2000, le=2100)]
BasedOn = Annotated[int | None, OrNone, Form()]


@dataclass(frozen=True)
class Change:
    """A change as the form tells it, and the revision it was written on (None: the file)."""

    edit: Edit
    note: str
    based_on: int | None


@dataclass(frozen=True)
class Preview:
    """What a change would do: promises that move, and booked calls that would fall into closed time."""

    change: Change
    moved: list[Moved]
    calls: list[Callback]


def change_of(
    kind: Annotated[Kind, Form()],
    first: Annotated[date, Form()],
    based_on: BasedOn = None,
    last: Annotated[date | None, OrNone, Form()] = None,
    opens: Annotated[time | None, OrNone, Form()] = None,
    closes: Annotated[time | None, OrNone, Form()] = None,
    note: Annotated[str, Form(max_length=200)] = "",
) -> Change:
    """The change a form asks for; without a last day it is about one day."""
    return Change(Edit(kind, first, last or first, opens, closes), note.strip(), based_on)


Wanted = Annotated[Change, Depends(change_of)]


@router.get("", dependencies=[opens_for(Action.EDIT_CALENDAR)])
def show(page: ReadPage, now: Now, year: Year = None) -> Response:
    """A year."""
    return _show(page, now, year)


@router.post("/preview", dependencies=[opens_for(Action.EDIT_CALENDAR)])
def preview(page: ReadPage, now: Now, change: Wanted) -> Response:
    """What a change would move, before it is saved."""
    _body, calendar = _changed(page, change)
    foreseen = Preview(change, recounting.preview(page.session, calendar), _calls_closed_out(page, calendar, now))
    return _show(page, now, change.edit.first.year, preview=foreseen, drawn=calendar)


@router.post("", dependencies=[Refreshing, needs(Action.EDIT_CALENDAR)])
def save(page: OpenPage, now: Now, change: Wanted, later: BackgroundTasks) -> Response:
    """Put a change in force and count the open promises anew."""
    body, _calendar = _changed(page, change)
    who = page.agent.name
    drafted = revisions.draft(page.session, TABLE, body, who, now, note=change.note)
    revisions.approve(page.session, drafted.id, who, now)
    return _in_force(page, now, change.edit.first.year, later, mark("Saved. {count} promises have another date now."))


@router.post("/undo", dependencies=[Refreshing, needs(Action.EDIT_CALENDAR)])
def undo(
    page: OpenPage,
    now: Now,
    later: BackgroundTasks,
    based_on: BasedOn = None,
    year: Annotated[Annotated[int, Field(ge=2000, le=2100)] | None, OrNone, Form()] = None,
) -> Response:
    """Bring back the calendar from before the last change."""
    _refuse_outdated(page, based_on)
    revisions.undo(page.session, TABLE, page.agent.name, now)
    return _in_force(page, now, year, later, mark("Undone. {count} promises have another date now."))


def _changed(page: Page, change: Change) -> tuple[dict[str, Any], Calendar]:
    """The changed table, checked, and its calendar.

    Raises:
        Conflict: somebody has changed the table since the form was shown.
        Refused: the change cannot be made, or makes no calendar.
    """
    _refuse_outdated(page, change.based_on)
    try:
        body = calendar_rules.edited(revisions.body(page.session, TABLE), change.edit)
    except Refused as error:
        raise Refused(page.say(WRONG[error.reason], days=calendar_rules.LONGEST), code="told") from None
    found = files.overlay(files.current(), {TABLE: Overlay(0, body)})
    if TABLE in found.unusable:
        raise Refused(found.unusable[TABLE], code="told")
    return body, found.calendar


WRONG = {
    "bad_days": mark("Give up to {days} days, the first before the last."),
    "bad_hours": mark("Give opening and closing, the opening first."),
    "no_such_day": mark("Holidays are weekdays, make-up days are of a weekend: there is none among these."),
}


def _refuse_outdated(page: Page, based_on: int | None) -> None:
    if revisions.in_force(page.session).revisions.get(TABLE) != based_on:
        raise Conflict(page.say(mark("Somebody has changed the calendar meanwhile. Load the page again.")), code="told")


def _in_force(page: Page, now: datetime, year: int | None, later: BackgroundTasks, said: str) -> Response:
    """After a change: promises are counted anew in the same unit of work, then everybody who looks is told."""
    calendar = revisions.in_force(page.session).calendar
    count = len(recounting.preview(page.session, calendar))
    while recounting.recount_outdated(page.session, calendar, who=page.agent.name, now=now):
        continue
    later.add_task(page.house.bus.publish, "desk", calendar="changed")
    if not is_pane(page.request):
        return RedirectResponse(f"/console/calendar?year={year or ''}", 303)
    return _show(page, now, year, toast=page.say(said, count=count))


def _show(
    page: Page,
    now: datetime,
    year: int | None,
    *,
    preview: Preview | None = None,
    drawn: Calendar | None = None,
    toast: str | None = None,
) -> Response:
    found = revisions.in_force(page.session)
    calendar, today = found.calendar, working_time.local_day(found.calendar, now)
    shown = year or today.year
    return page.show(
        "settings/calendar.html",
        "settings/_calendar.html",
        toast=toast,
        year=shown,
        today=today,
        months=picture.months_of(drawn or calendar, shown),
        entered=picture.exceptions_of(calendar, shown),
        calendar=calendar,
        source=found.tables[TABLE].source,
        based_on=found.revisions.get(TABLE),
        unusable=found.unusable.get(TABLE),
        ends_soon=calendar.last - today <= files.WARN_BEFORE,
        covered=picture.covers(calendar, today),
        missing=picture.missing_years(calendar, today),
        preview=preview,
        shown=SHOWN,
        calls=_calls_closed_out(page, calendar, now),
        history=revisions.history(page.session, TABLE, limit=10),
        kinds=list(Kind),
    )


def _calls_closed_out(page: Page, calendar: Calendar, now: datetime) -> list[Callback]:
    """Booked calls in time that is closed by a calendar: they wait for an agent and are never moved silently."""
    return [
        each
        for each in bookings.booked_after(page.session, now)
        if not calendar_rules.is_served(calendar, each.window_start, each.window_end)
    ]
