"""Visits: by day and outlet with their load, and on a ticket's page agreed, moved and settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query
from starlette.responses import Response

from backend.agents.permissions import Action
from backend.appointments import offering, settling
from backend.appointments import service as appointments
from backend.appointments.links import Links
from backend.appointments.models import Appointment
from backend.appointments.rules import AGREED, Diary, Status, Why
from backend.auth import needs
from backend.callbacks import service as callbacks
from backend.callbacks import visits
from backend.console import queries
from backend.console.page import ConsoleRoute, Page, ReadPage
from backend.console.tickets.page import OnTicket, TicketNo
from backend.console.words import mark
from backend.depends import Now, Ref
from backend.errors import BadTime, Conflict, OutsideCalendar
from backend.kernel import working_time
from backend.kernel.window import Window
from backend.reference import Reference
from backend.tickets import service as tickets

router = APIRouter(prefix="/appointments", route_class=ConsoleRoute)
on_ticket = APIRouter(prefix="/tickets/{ticket_no}/visit", route_class=ConsoleRoute)

DAYS_SHOWN = 7
Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
Version = Annotated[int, Form(ge=0)]
Edges = Annotated[str, Form(max_length=80)]
Asked = Annotated[bool, Form()]

WHY_NONE = {
    Why.NO_VISIT: mark("This kind of ticket needs no visit."),
    Why.NO_OUTLET: mark("No outlet is known yet: complete the address first."),
    Why.NO_SKILL: mark("This outlet does not do this kind of work; agree the visit by phone."),
    Why.NO_TEAM: mark("This outlet agrees its visits by phone."),
    Why.NONE_FREE: mark("No window is free in the time visits are booked for."),
    Why.BEYOND_CALENDAR: mark("The calendar of working days ends before the next window; the date is to be confirmed."),
}
WHY_LATE = {
    Why.NONE_INSIDE: mark("No window is free inside the on-site promise."),
    Why.PROMISE_OVER: mark("The on-site promise is over already: take the earliest."),
}


@dataclass(frozen=True)
class Load:
    """One outlet's day: its visits, how many stand, and how many its windows could hold."""

    outlet: str
    visits: list[Appointment]
    booked: int
    capacity: int


@router.get("")
def listing(
    page: ReadPage,
    now: Now,
    reference: Ref,
    day: Annotated[date | None, Query()] = None,
    outlet: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """The visits of a day, today first, by outlet."""
    calendar = reference.calendar
    today = working_time.local_day(calendar, now)
    day = day or today
    first = min(day, today)
    start = datetime.combine(day, time(), calendar.zone)
    found = appointments.between(page.session, start, start + timedelta(days=1), outlet=outlet, limit=500)
    week = datetime.combine(first, time(), calendar.zone)
    counted = queries.visit_days(page.session, week, week + timedelta(days=DAYS_SHOWN))
    per_day = Counter(working_time.local_day(calendar, at) for at in counted)
    return page.show(
        "schedule/appointments.html",
        "schedule/_appointments.html",
        day=day,
        today=today,
        days=[(each, per_day[each]) for each in (first + timedelta(days=ahead) for ahead in range(DAYS_SHOWN))],
        loads=_loads(found, day, reference, now),
        outlet=outlet,
        outlets=[each.name for each in reference.outlets.outlets if each.visits],
        unsettled=queries.unsettled_visits(page.session, min(now, datetime.combine(today, time(), calendar.zone))),
    )


def _loads(found: Any, day: date, reference: Reference, now: datetime) -> list[Load]:
    by_outlet: dict[str, list[Appointment]] = {}
    for each in found:
        by_outlet.setdefault(each.outlet, []).append(each)
    stands = AGREED | {Status.DONE, Status.CUSTOMER_ABSENT, Status.HELD}
    return [
        Load(name, visits_, sum(each.status in stands for each in visits_), _capacity(name, day, reference, now))
        for name, visits_ in sorted(by_outlet.items())
    ]


def _capacity(name: str, day: date, reference: Reference, now: datetime) -> int:
    """How many visits an outlet could make on a day; 0 where the calendar or the table knows nothing of it."""
    outlet = next((each for each in reference.outlets.outlets if each.name == name), None)
    team = offering.team_of(outlet)
    if team is None:
        return 0
    diary = Diary(reference.calendar, offering.policy_of(reference), team, {}, now)
    try:
        return sum(team.visits * len(block.parts) for block in diary.blocks(day))
    except OutsideCalendar:
        return 0


@on_ticket.get("/windows")
def windows(page: ReadPage, ticket_no: TicketNo, now: Now, reference: Ref) -> Response:
    """The windows a visit can be booked in or moved to."""
    ticket = tickets.find(page.session, ticket_no)
    current = appointments.agreed(page.session, ticket)
    found = offering.offers_for(
        page.session, ticket, reference=reference, now=now, besides=current.id if current else None
    )
    stands = appointments.window_of(current) if current else None
    by_day: dict[date, list[tuple[Window, bool]]] = {}
    for each in sorted(found.windows):
        if each != stands:
            day = working_time.local_day(reference.calendar, each.start)
            by_day.setdefault(day, []).append((each, each in found.windows[: found.inside]))
    told = WHY_NONE.get(found.why) or WHY_LATE.get(found.why)
    return page.show(
        "schedule/_visit_windows.html",
        ticket=ticket,
        current=current,
        by_day=by_day,
        told=page.say(told) if told else None,
    )


@on_ticket.post("/book", dependencies=[needs(Action.WORK_TICKETS)])
def book(step: OnTicket, window: Edges, customer_asked: Asked = False) -> Response:
    """Agree a visit."""
    callbacks.hold_turn(step.session)
    common: Any = {"who": step.who, "reference": step.reference, "now": step.now}
    with told_if_full(step.page):
        held = appointments.hold(step.session, step.ticket, read_window(window), **common)
    links = Links.of(step.page.house)
    _visit, given_up = visits.agree(
        step.session, held.id, customer_asked=customer_asked, tell=True, links=links, **common
    )
    said = mark("Visit agreed; the call that was to fix it is given up.") if given_up else mark("Visit agreed.")
    return step.done(said)


@on_ticket.post("/{appointment_id}/move", dependencies=[needs(Action.WORK_TICKETS)])
def move(
    step: OnTicket, appointment_id: Id, window: Edges, version: Version, customer_asked: Asked = False
) -> Response:
    """Put a visit into another window; the customer gets a text."""
    with told_if_full(step.page):
        appointments.move(
            step.session,
            appointment_id,
            read_window(window),
            who=step.who,
            customer_asked=customer_asked,
            version=version,
            reference=step.reference,
            links=Links.of(step.page.house),
            now=step.now,
        )
    return step.done(mark("Visit moved; the customer is told."))


@on_ticket.post("/{appointment_id}/cancel", dependencies=[needs(Action.WORK_TICKETS)])
def cancel(step: OnTicket, appointment_id: Id, version: Version) -> Response:
    """Call a visit off; the customer gets a text."""
    appointments.cancel(
        step.session, appointment_id, who=step.who, version=version, reference=step.reference, now=step.now
    )
    return step.done(mark("Visit called off; the customer is told."))


@on_ticket.post("/{appointment_id}/late", dependencies=[needs(Action.WORK_TICKETS)])
def late(
    step: OnTicket, appointment_id: Id, version: Version, minutes: Annotated[int, Form(ge=1, le=settling.LATEST)]
) -> Response:
    """The technician is late; the customer gets a text."""
    settling.late(
        step.session, appointment_id, minutes, who=step.who, version=version, reference=step.reference, now=step.now
    )
    return step.done(mark("Noted; the customer is told."))


@on_ticket.post("/{appointment_id}/done", dependencies=[needs(Action.WORK_TICKETS)])
def done(step: OnTicket, appointment_id: Id, version: Version, solved: Annotated[bool, Form()] = False) -> Response:
    """The technician has been there."""
    settling.done(
        step.session,
        appointment_id,
        solved=solved,
        who=step.who,
        version=version,
        reference=step.reference,
        now=step.now,
    )
    return step.done(mark("Recorded."))


@on_ticket.post("/{appointment_id}/absent", dependencies=[needs(Action.WORK_TICKETS)])
def absent(step: OnTicket, appointment_id: Id, version: Version) -> Response:
    """Nobody was at home."""
    settling.customer_absent(
        step.session,
        appointment_id,
        who=step.who,
        version=version,
        reference=step.reference,
        links=Links.of(step.page.house),
        now=step.now,
    )
    return step.done(mark("Recorded; the customer is asked for another time."))


def read_window(text: str) -> Window:
    """Both ends of a window as its button carries them.

    Raises:
        BadTime: that is no window.
    """
    try:
        start, end = (datetime.fromisoformat(each) for each in text.split("/"))
    except ValueError:
        raise BadTime(code="closed") from None
    if start.tzinfo is None or end.tzinfo is None:
        raise BadTime(code="closed")
    return Window(start, end)


@contextmanager
def told_if_full(page: Page) -> Iterator[None]:
    """Tell in the agent's words that somebody was faster; any other reason goes on as it is.

    Raises:
        Conflict: the window's last place has been taken meanwhile.
        BadTime: the window cannot be had for another reason.
    """
    try:
        yield
    except BadTime as error:
        if error.reason != "full":
            raise
        told = page.say(mark("Somebody has just taken the last place in this window."))
        raise Conflict(told, code="told") from None
