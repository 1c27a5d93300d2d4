"""Callbacks by day: the load of each window, moving a call and giving it up. Making calls is in `routes_calling`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Form, Path, Query
from pydantic import AwareDatetime
from starlette.responses import RedirectResponse, Response

from backend.agents.permissions import Action
from backend.auth import needs
from backend.callbacks import service
from backend.callbacks.models import Callback
from backend.callbacks.rules import Desk, Status
from backend.console import queries
from backend.console.calls import card as calls_card
from backend.console.calls import followup_card as followups_card
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, is_pane, opens_for
from backend.console.words import mark
from backend.depends import Now, Ref
from backend.errors import BadTime, Conflict, OutsideCalendar
from backend.kernel import working_time
from backend.kernel.window import Window
from backend.kernel.working_time import Calendar
from backend.reference import Reference
from backend.tickets.models import Ticket

router = APIRouter(prefix="/callbacks", route_class=ConsoleRoute)

CallbackId = Annotated[int, Path(ge=1, le=2**31)]
Day = Annotated[date | None, Query()]
Version = Annotated[int, Form(ge=0)]
ShownDay = Annotated[date | None, Form()]
DAYS_SHOWN = 7
OFFERED = 48


@dataclass(frozen=True)
class Slot:
    """One window of a day: its calls, how many are still booked, and how many it holds."""

    window: Window
    calls: list[tuple[Callback, Ticket | None]]
    booked: int
    capacity: int
    is_now: bool

    @property
    def full(self) -> bool:
        """Whether it holds as many as it may."""
        return self.booked >= self.capacity


@router.get("")
def listing(page: ReadPage, now: Now, reference: Ref, day: Day = None) -> Response:
    """The calls of a day, today first."""
    return page.show("calls/callbacks.html", "calls/_callbacks.html", **_day(page, now, reference, day))


@router.get("/{callback_id}/windows", dependencies=[opens_for(Action.BOOK_CALLBACKS)])
def windows(page: ReadPage, callback_id: CallbackId, now: Now, reference: Ref) -> Response:
    """The windows a callback can be moved to."""
    callback = service.get(page.session, callback_id)
    desk = service.desk_at(page.session, reference, now, besides=callback)
    free = [each for each in desk.free(desk.earliest, desk.latest, OFFERED) if each.start != callback.window_start]
    by_day: dict[date, list[Window]] = {}
    for each in free:
        by_day.setdefault(working_time.local_day(reference.calendar, each.start), []).append(each)
    return page.show("calls/_windows.html", callback=callback, by_day=by_day)


@router.post("/{callback_id}/move", dependencies=[needs(Action.BOOK_CALLBACKS)])
def move(
    page: OpenPage,
    callback_id: CallbackId,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    start: Annotated[AwareDatetime, Form()],
    version: Version,
    customer_asked: Annotated[bool, Form()] = False,
    day: ShownDay = None,
) -> Response:
    """Put a callback into another window."""
    end = start + reference.callbacks.length
    try:
        service.move(
            page.session,
            callback_id,
            start,
            end,
            who=page.agent.name,
            reference=reference,
            now=now,
            customer_asked=customer_asked,
            by=page.agent.id,
            version=version,
        )
    except BadTime as error:
        if error.reason == "full":
            told = page.say(mark("Somebody has just taken the last place in this window."))
            raise Conflict(told, code="told") from None
        raise
    return done(page, now, reference, day, later, page.say(mark("Moved.")))


@router.post("/{callback_id}/cancel", dependencies=[needs(Action.BOOK_CALLBACKS)])
def cancel(
    page: OpenPage,
    callback_id: CallbackId,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    version: Version,
    day: ShownDay = None,
) -> Response:
    """Give a callback up."""
    service.cancel(
        page.session,
        callback_id,
        who=page.agent.name,
        by=page.agent.id,
        reference=reference,
        now=now,
        version=version,
    )
    return done(page, now, reference, day, later, page.say(mark("Cancelled; the customer gets no reminder.")))


def done(
    page: Page, now: datetime, reference: Reference, day: date | None, later: BackgroundTasks, said: str | None
) -> Response:
    """The page as it stands after something was done, with a short notice if there is something to say."""
    page.session.flush()
    later.add_task(page.house.bus.publish, "desk", callbacks="changed")
    if not is_pane(page.request):
        return RedirectResponse("/console/callbacks", 303)
    return page.show("calls/_callbacks.html", toast=said, **_day(page, now, reference, day))


def _day(page: Page, now: datetime, reference: Reference, day: date | None) -> dict[str, Any]:
    """My next call, a day's windows with their load and calls, calls nobody made in time, and the days around."""
    calendar, today = reference.calendar, working_time.local_day(reference.calendar, now)
    day = day or today
    start = _midnight(calendar, day)
    desk = service.desk_at(page.session, reference, now)
    calls = queries.callbacks(page.session, start, start + timedelta(days=1))
    unsettled = queries.overdue_callbacks(page.session, min(now, _midnight(calendar, today)))
    shown_above = {each.id for each in unsettled}
    tickets = queries.tickets_by_id(
        page.session, [each.ticket_id for each in (*calls, *unsettled) if each.ticket_id is not None]
    )
    first = min(day, today)
    card = calls_card.card(page, reference, now)
    until = _midnight(calendar, first + timedelta(days=DAYS_SHOWN))
    booked = queries.callback_days(page.session, _midnight(calendar, first), until)
    per_day = Counter(working_time.local_day(calendar, at) for at in booked)
    return {
        "day": day,
        "today": today,
        "is_open": _is_open(calendar, day),
        "days": [(each, per_day[each]) for each in (first + timedelta(days=ahead) for ahead in range(DAYS_SHOWN))],
        "card": card,
        "followup": followups_card.card(page, card, reference, now),
        "slots": _slots(
            [each for each in calls if each.id not in shown_above],
            tickets,
            desk.windows(start, start + timedelta(days=1)),
            desk,
            now,
        ),
        "call_later": desk.policy.later,
        "later_windows": desk.free(desk.earliest, desk.latest, OFFERED),
        "undoable": _undoable(calls, reference, now),
        "unsettled": [(each, tickets.get(each.ticket_id or 0)) for each in unsettled],
        "booked": sum(each.status is Status.BOOKED for each in calls),
    }


def _slots(
    calls: Sequence[Callback], tickets: dict[int, Ticket], day: list[Window], desk: Desk, now: datetime
) -> list[Slot]:
    """The windows of a day, and those outside of it that hold calls all the same."""
    by_window: dict[Window, list[tuple[Callback, Ticket | None]]] = {window: [] for window in day}
    for each in calls:
        by_window.setdefault(service.window_of(each), []).append((each, tickets.get(each.ticket_id or 0)))
    return [
        Slot(
            window,
            several,
            booked=sum(call.status is Status.BOOKED for call, _ in several),
            capacity=desk.capacity(window),
            is_now=window.start <= now < window.end,
        )
        for window, several in sorted(by_window.items())
    ]


def _undoable(calls: Sequence[Callback], reference: Reference, now: datetime) -> set[int]:
    """Calls whose outcome may be taken back: just settled, and no later call of their promise has been."""
    last = {
        each.first_id or each.id: each.id
        for each in sorted(calls, key=lambda each: each.id)
        if each.status is not Status.BOOKED
    }
    return {
        each.id
        for each in calls
        if last.get(each.first_id or each.id) == each.id and service.may_take_back(each, reference=reference, now=now)
    }


def _midnight(calendar: Calendar, day: date) -> datetime:
    return datetime.combine(day, time(), calendar.zone)


def _is_open(calendar: Calendar, day: date) -> bool:
    try:
        return working_time.hours_of(calendar, day) is not None
    except OutsideCalendar:
        return False
