"""The schedule: calls and visits of a day or a week, moved by dragging or by a form, inside allowed windows only."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, BackgroundTasks, Form, Path, Query
from starlette.responses import RedirectResponse, Response

from backend.agents import service as agents
from backend.agents.models import Agent
from backend.agents.permissions import Action, Role
from backend.appointments import service as appointments
from backend.appointments.links import Links
from backend.auth import needs
from backend.callbacks import service as callbacks
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, is_pane
from backend.console.schedule import grid as schedule
from backend.console.schedule.appointments import read_window
from backend.console.schedule.grid import NOBODY, View, What
from backend.console.words import mark
from backend.depends import Now, Ref
from backend.errors import BadTime, Conflict, NotFound, Refused
from backend.reference import Reference
from backend.tickets import editing

router = APIRouter(prefix="/schedule", route_class=ConsoleRoute)

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
Version = Annotated[int, Form(ge=0)]
Place = Annotated[str, Form(max_length=80)]
Shown = Annotated[date | None, Form()]
AtTheDesk = frozenset(Role) - {Role.READ_ONLY}


@router.get("")
def show(
    page: ReadPage,
    now: Now,
    reference: Ref,
    what: What = What.CALLS,
    view: View = View.DAY,
    day: Annotated[date | None, Query()] = None,
    outlet: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """A day's calls by agent, or visits by outlet; or a week of either."""
    return _show(page, now, reference, what, view, day, outlet)


@router.post("/calls/{callback_id}/move", dependencies=[needs(Action.BOOK_CALLBACKS)])
def move_call(
    page: OpenPage,
    callback_id: Id,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    window: Place,
    version: Version,
    view: Annotated[View, Form()] = View.DAY,
    column: Place = "",
    customer_asked: Annotated[bool, Form()] = False,
    day: Shown = None,
) -> Response:
    """Put a call into another window, and in the view of a day its ticket into another agent's hands."""
    wanted = read_window(window)
    call = callbacks.get(page.session, callback_id)
    if call.window_start != wanted.start:
        try:
            callbacks.move(
                page.session,
                callback_id,
                wanted.start,
                wanted.end,
                who=page.agent.name,
                reference=reference,
                now=now,
                customer_asked=customer_asked,
                by=page.agent.id,
                version=version,
            )
        except BadTime as error:
            raise _told(page, error) from None
    elif call.version != version:
        raise Conflict
    if view is View.DAY and column and call.ticket is not None:
        editing.assign(page.session, call.ticket, _agent(page, column), who=page.agent.name, now=now)
    page.session.flush()
    later.add_task(page.house.bus.publish, "desk", callbacks="changed")
    return _moved(page, now, reference, What.CALLS, view, day, "")


@router.post("/visits/{appointment_id}/move", dependencies=[needs(Action.WORK_TICKETS)])
def move_visit(
    page: OpenPage,
    appointment_id: Id,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    window: Place,
    version: Version,
    view: Annotated[View, Form()] = View.DAY,
    column: Place = "",
    outlet: Place = "",
    customer_asked: Annotated[bool, Form()] = False,
    day: Shown = None,
) -> Response:
    """Put a visit into another window of its outlet; the customer gets a text."""
    visit = appointments.get(page.session, appointment_id)
    if view is View.DAY and column and column != visit.outlet:
        told = page.say(mark("The outlet follows from the address: correct the address on the ticket instead."))
        raise Refused(told, code="told")
    try:
        appointments.move(
            page.session,
            appointment_id,
            read_window(window),
            who=page.agent.name,
            customer_asked=customer_asked,
            version=version,
            reference=reference,
            links=Links.of(page.house),
            now=now,
        )
    except BadTime as error:
        raise _told(page, error) from None
    page.session.flush()
    later.add_task(page.house.bus.publish, "desk", ticket=visit.ticket.ticket_no)
    return _moved(page, now, reference, What.VISITS, view, day, outlet)


def _told(page: Page, error: BadTime) -> BadTime | Conflict:
    if error.reason != "full":
        return error
    return Conflict(page.say(mark("This window is full. Choose another one.")), code="told")


def _agent(page: Page, column: str) -> Agent | None:
    if column == NOBODY:
        return None
    agent = page.session.get(Agent, int(column)) if column.isascii() and column.isdigit() else None
    if agent is None:
        raise NotFound("There is no such agent.")
    return agent


def _moved(
    page: Page, now: datetime, reference: Reference, what: What, view: View, day: date | None, outlet: str
) -> Response:
    if not is_pane(page.request):
        return RedirectResponse(f"/console/schedule?{urlencode({'what': what.value, 'view': view.value})}", 303)
    return _show(page, now, reference, what, view, day, outlet, toast=page.say(mark("Moved.")))


def _show(
    page: Page,
    now: datetime,
    reference: Reference,
    what: What,
    view: View,
    day: date | None,
    outlet: str,
    toast: str | None = None,
) -> Response:
    today = schedule.today(reference, now)
    day = day or today
    days = schedule.days_of(view, day)
    if what is What.CALLS:
        people = agents.active(page.session, AtTheDesk)
        grid = schedule.calls(page.session, days, view, people, reference=reference, now=now)
    else:
        grid = schedule.visits(page.session, days, view, outlet, reference=reference, now=now)
    step = timedelta(days=len(days))

    def address(**more: object) -> str:
        now_shown = {"what": what.value, "view": view.value, "day": day.isoformat(), "outlet": outlet}
        return f"/console/schedule?{urlencode({name: value for name, value in (now_shown | more).items() if value})}"

    return page.show(
        "schedule/schedule.html",
        "schedule/_schedule.html",
        toast=toast,
        grid=grid,
        what=what,
        view=view,
        day=day,
        days=days,
        today=today,
        outlet=outlet,
        outlets=[each.name for each in reference.outlets.outlets if each.visits],
        before=(days[0] - step).isoformat(),
        after=(days[0] + step).isoformat(),
        address=address,
    )
