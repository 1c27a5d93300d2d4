"""The schedule as a grid: calls by window and agent, visits by window and outlet; a week by window and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.appointments import offering
from backend.appointments import service as appointments
from backend.appointments.models import Appointment
from backend.appointments.rules import AGREED
from backend.callbacks import service as callbacks
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status as CallStatus
from backend.console import queries
from backend.errors import OutsideCalendar
from backend.kernel import working_time
from backend.kernel.window import Window
from backend.reference import Reference
from backend.tickets.models import Ticket

NOBODY = "0"
WEEK = 7


class What(StrEnum):
    """What the grid shows."""

    CALLS = "calls"
    VISITS = "visits"


class View(StrEnum):
    """How many days the grid shows."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True)
class Card:
    """A call or a visit in its cell; `column` is where it stands now."""

    id: int
    version: int
    ticket: Ticket | None
    phone: str | None
    status: str
    movable: bool
    window: Window
    column: str


@dataclass(frozen=True)
class Cell:
    """A window of a column. Closed is what lies behind us, and what is no window there."""

    column: str
    window: Window
    is_open: bool
    cards: list[Card] = field(default_factory=list)


@dataclass(frozen=True)
class Grid:
    """Columns with their names, rows by the time of day, and the windows a card can be put into."""

    columns: Sequence[tuple[str, str]]
    rows: Sequence[tuple[tuple[time, time], Sequence[Cell | None]]]
    free: Mapping[str, Sequence[Window]]
    total: int


def calls(
    session: Session, days: Sequence[date], view: View, people: Sequence[Agent], *, reference: Reference, now: datetime
) -> Grid:
    """Calls by agent (who sees to the ticket, or holds the call), or by day; `people` are the agents' columns.

    The last column of a day is everybody's: a call is not promised by one person.
    """
    zone = reference.calendar.zone
    start, end = _bounds(days, reference)
    desk = callbacks.desk_at(session, reference, now)
    found = queries.callbacks(session, start, end)
    tickets = queries.tickets_by_id(session, [each.ticket_id for each in found if each.ticket_id])
    shown = {str(each.id) for each in people}

    def column(call: Callback) -> str:
        if view is View.WEEK:
            return call.window_start.astimezone(zone).date().isoformat()
        ticket = tickets.get(call.ticket_id or 0)
        holder = call.caller_id or (ticket.assignee_id if ticket else None)
        return str(holder) if str(holder) in shown else NOBODY

    cards = [
        Card(
            id=call.id,
            version=call.version,
            ticket=tickets.get(call.ticket_id or 0),
            phone=call.phone,
            status=call.status.value,
            movable=call.status is CallStatus.BOOKED,
            window=Window(call.window_start.astimezone(zone), call.window_end.astimezone(zone)),
            column=column(call),
        )
        for call in found
        if call.status is not CallStatus.CANCELLED
    ]
    windows = desk.windows(start, end)
    names = [(each.isoformat(), each.isoformat()) for each in days]
    if view is View.DAY:
        names = [*((str(each.id), each.name) for each in people), (NOBODY, "")]
    free = [each for each in windows if each.start >= desk.earliest and desk.is_free(each)]
    return _grid(names, windows, cards, view, free_of=dict.fromkeys((key for key, _ in names), free), now=now)


def visits(
    session: Session, days: Sequence[date], view: View, outlet: str, *, reference: Reference, now: datetime
) -> Grid:
    """Visits by outlet, or those of one outlet (or all) by day."""
    zone = reference.calendar.zone
    start, end = _bounds(days, reference)
    teams = [each for each in reference.outlets.outlets if each.visits and outlet in ("", each.name)]
    found = [
        each
        for each in appointments.between(session, start, end, outlet=outlet, limit=500)
        if each.status != "cancelled"
    ]
    windows: set[Window] = set()
    free: dict[str, list[Window]] = {}
    for team in teams:
        diary = offering.diary_of(session, team, reference, now)
        free[team.name] = [each for each in diary.free() if start <= each.start < end]
        for day in days:
            try:
                windows |= set(diary.windows(day))
            except OutsideCalendar:
                continue  # nothing is known of this day, so no window is shown

    def column(visit: Appointment) -> str:
        return visit.window_start.astimezone(zone).date().isoformat() if view is View.WEEK else visit.outlet

    cards = [
        Card(
            id=visit.id,
            version=visit.version,
            ticket=visit.ticket,
            phone=None,
            status=visit.status.value,
            movable=visit.status in AGREED,
            window=Window(visit.window_start.astimezone(zone), visit.window_end.astimezone(zone)),
            column=column(visit),
        )
        for visit in found
    ]
    names = [(each.isoformat(), each.isoformat()) for each in days]
    if view is View.DAY:
        used = {each.outlet for each in found}
        names = [(each.name, each.name) for each in teams if outlet or each.name in used] or [
            (each.name, each.name) for each in teams[:4]
        ]
    else:
        anywhere = sorted({each for several in free.values() for each in several})
        free = dict.fromkeys((key for key, _ in names), anywhere)
    return _grid(names, sorted(windows), cards, view, free_of=free, now=now)


def _grid(
    names: Sequence[tuple[str, str]],
    windows: Sequence[Window],
    cards: Sequence[Card],
    view: View,
    *,
    free_of: Mapping[str, Sequence[Window]],
    now: datetime,
) -> Grid:
    by_place: dict[tuple[str, Window], list[Card]] = {}
    for card in cards:
        by_place.setdefault((card.column, card.window), []).append(card)
    known = sorted({*windows, *(card.window for card in cards)})
    edges = sorted({(each.start.time(), each.end.time()) for each in known})
    of_edge: dict[tuple[time, time], list[Window]] = {edge: [] for edge in edges}
    for each in known:
        of_edge[each.start.time(), each.end.time()].append(each)

    def cell(key: str, edge: tuple[time, time]) -> Cell | None:
        there = [each for each in of_edge[edge] if view is View.DAY or each.start.date().isoformat() == key]
        if not there:
            return None
        window = there[0]
        is_open = window.start > now and window in free_of.get(key, ())
        return Cell(key, window, is_open, by_place.get((key, window), []))

    rows = [(edge, [cell(key, edge) for key, _ in names]) for edge in edges]
    return Grid(names, rows, free_of, len(cards))


def _bounds(days: Sequence[date], reference: Reference) -> tuple[datetime, datetime]:
    zone = reference.calendar.zone
    return (
        datetime.combine(days[0], time(), zone),
        datetime.combine(days[-1] + timedelta(days=1), time(), zone),
    )


def days_of(view: View, day: date) -> list[date]:
    """The days shown: one, or its week from Monday."""
    if view is View.DAY:
        return [day]
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=ahead) for ahead in range(WEEK)]


def today(reference: Reference, now: datetime) -> date:
    """The hotline's day."""
    return working_time.local_day(reference.calendar, now)
