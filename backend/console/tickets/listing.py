"""Tickets in a list and on a board, by filters that can be kept and shared."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, BackgroundTasks, Form, Path
from starlette.datastructures import QueryParams
from starlette.responses import RedirectResponse, Response

from backend.agents.permissions import Action
from backend.appointments import settling
from backend.auth import needs
from backend.console import keyset, queries, views
from backend.console.looks import NotesSearch
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, is_pane
from backend.console.tickets import queries as ticket_queries
from backend.console.tickets.queries import ALL, OPEN, Order, Wanted, wanted_of
from backend.console.words import mark
from backend.depends import Now, Ref
from backend.errors import Refused
from backend.kernel import ids
from backend.reference import Reference
from backend.tickets import editing, service
from backend.tickets.rules import MAY_BECOME, Priority, Status, TicketType

router = APIRouter(prefix="/tickets", route_class=ConsoleRoute)

FilterId = Annotated[int, Path(ge=1, le=2**31 - 1)]
Key = Annotated[str, Form(max_length=keyset.LONGEST_KEY)]
Word = Annotated[str, Form(max_length=80)]
ORDERS = {
    Order.PROMISE: mark("Nearest promise first"),
    Order.NEWEST: mark("Newest first"),
    Order.OLDEST: mark("Oldest first"),
    Order.PRIORITY: mark("Most urgent first"),
    Order.CONTACTS: mark("Most contacts first"),
}


@router.get("")
def listing(page: ReadPage, now: Now, reference: Ref) -> Response:
    """Tickets by the filters in the address, those whose promise is nearest first."""
    wanted = wanted_of(page.request.query_params)
    return page.show("tickets/tickets.html", "tickets/_tickets.html", **_found(page, now, reference, wanted))


@router.post("/search", dependencies=[NotesSearch])
def search(
    page: ReadPage,
    now: Now,
    reference: Ref,
    status: Word = OPEN,
    kind: Word = "",
    priority: Word = "",
    tier: Word = "",
    outlet: Word = "",
    assignee: Word = "",
    overdue: Word = "",
    order: Word = "",
    q: Annotated[str, Form(max_length=100)] = "",
    after: Key = "",
    before: Key = "",
) -> Response:
    """Search by number, name, model, symptom or telephone; a POST, so that no number stands in an address."""
    asked = {"status": status, "kind": kind, "priority": priority, "tier": tier, "outlet": outlet}
    wanted = wanted_of(asked | {"assignee": assignee, "overdue": overdue, "order": order})
    shown = _found(page, now, reference, wanted, q.strip(), after, before)
    return page.show("tickets/tickets.html", "tickets/_tickets.html", **shown)


@router.post("/filters", dependencies=[needs(Action.WORK_TICKETS)])
def save_filter(
    page: OpenPage,
    now: Now,
    name: Annotated[str, Form(max_length=60)],
    wanted: Annotated[str, Form(max_length=600)] = "",
    shared: Annotated[bool, Form()] = False,
) -> Response:
    """Keep the present choice under a name."""
    asked = Wanted() if not wanted else wanted_of(_read(wanted))
    editing.save_filter(page.session, page.agent, name, asked.as_dict(), shared=shared, now=now)
    return RedirectResponse(f"/console/tickets?{urlencode(asked.as_dict())}", 303)


@router.post("/filters/{filter_id}/delete", dependencies=[needs(Action.WORK_TICKETS)])
def drop_filter(page: OpenPage, filter_id: FilterId) -> Response:
    """Delete one of one's own filters."""
    editing.drop_filter(page.session, page.agent, filter_id)
    return RedirectResponse("/console/tickets", 303)


@router.get("/board")
def board(page: ReadPage, now: Now, reference: Ref) -> Response:
    """The open tickets as cards in columns, one for each status."""
    return _board(page, now, reference, wanted_of(page.request.query_params))


@router.post("/board/move", dependencies=[needs(Action.WORK_TICKETS)])
def move(
    page: OpenPage,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    ticket_no: Annotated[str, Form(max_length=20)],
    status: Annotated[Status, Form()],
    reason: Annotated[str, Form(max_length=200)] = "",
    wanted: Annotated[str, Form(max_length=600)] = "",
) -> Response:
    """Put a card into another column, if its ticket may take that step."""
    ticket = service.find(page.session, ticket_no)
    try:
        settling.move_ticket(
            page.session, ticket, status, who=page.agent.name, reference=reference, now=now, reason=reason
        )
    except Refused:
        told = page.say(mark("Say what is waited for: the customer, a part, a third party."))
        raise Refused(told, code="told") from None
    later.add_task(page.house.bus.publish, "desk", ticket=ticket.ticket_no)
    if not is_pane(page.request):
        return RedirectResponse("/console/tickets/board", 303)
    said = page.say(mark("Status changed."))
    return _board(page, now, reference, wanted_of(_read(wanted)), toast=said)


def _board(page: Page, now: datetime, reference: Reference, wanted: Wanted, toast: str | None = None) -> Response:
    columns = ticket_queries.board(page.session, wanted, agent_id=page.agent.id, now=now)
    cards = {
        status: (views.ticket_views(page.session, tickets, reference.calendar, now), total)
        for status, (tickets, total) in columns.items()
    }
    steps = {status: sorted(MAY_BECOME[status], key=list(Status).index) for status in Status}
    return page.show(
        "tickets/board.html", "tickets/_board.html", toast=toast, columns=cards, moves=steps, **_choices(page, wanted)
    )


def _found(
    page: Page,
    now: datetime,
    reference: Reference,
    wanted: Wanted,
    q: str = "",
    after: str = "",
    before: str = "",
) -> dict[str, Any]:
    """A page of tickets; a ticket number is read as people type it."""
    text = ids.normal_ticket_no(q) or q
    found, total = ticket_queries.found(
        page.session, wanted, agent_id=page.agent.id, now=now, text=text, after=after, before=before
    )
    return {
        "q": q,
        "total": total,
        "first_key": found.keys[0] if found.has_less and found.keys else None,
        "last_key": found.keys[-1] if found.has_more else None,
        "tickets": views.ticket_views(page.session, found.rows, reference.calendar, now),
        **_choices(page, wanted),
    }


def _choices(page: Page, wanted: Wanted) -> dict[str, Any]:
    return {
        "wanted": wanted,
        "address": urlencode(wanted.as_dict()),
        "statuses": [OPEN, *(each.value for each in Status), ALL],
        "kinds": list(TicketType),
        "priorities": list(Priority),
        "orders": ORDERS,
        "outlets": ticket_queries.outlets(page.session),
        "agents": queries.agent_names(page.session),
        "filters": [(each, urlencode(each.wanted)) for each in editing.filters_for(page.session, page.agent)],
    }


def _read(address: str) -> QueryParams:
    """The filters as they stand in an address."""
    return QueryParams(address)
