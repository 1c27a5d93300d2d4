"""Whole numbers on request, and the log of who looked at or changed whose data."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BeforeValidator, Field
from starlette.responses import Response

from backend.agents.permissions import Action
from backend.audit import policy, service
from backend.audit.rules import Kind, What
from backend.auth import needs
from backend.console import queries
from backend.console.looks import reveal
from backend.console.page import ConsoleRoute, OpenPage, ReadPage, opens_for
from backend.conversations import service as conversations
from backend.customers.models import Customer
from backend.depends import Now, Ref
from backend.tickets import service as tickets

router = APIRouter(route_class=ConsoleRoute)

OrNone = BeforeValidator(lambda value: value or None)
Number = Annotated[Annotated[int, Field(ge=1, le=2**31)] | None, OrNone, Query()]
Day = Annotated[date | None, OrNone, Query()]


@router.post("/numbers/conversation/{conversation_id}", dependencies=[needs(Action.REVEAL)])
def of_conversation(
    page: OpenPage, conversation_id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")], now: Now
) -> Response:
    """The number a conversation comes from, or, where it has none, that of its ticket."""
    found = conversations.get(page.session, conversation_id)
    theirs = queries.tickets_of(page.session, [found])[found.id]
    number = found.phone or next((each.contact_phone for each in theirs if each.contact_phone), None)
    return reveal(page, number, Kind.CONVERSATION, conversation_id, now)


@router.post("/numbers/ticket/{ticket_no}", dependencies=[needs(Action.REVEAL)])
def of_ticket(page: OpenPage, ticket_no: Annotated[str, Path(max_length=20)], now: Now) -> Response:
    """The number to ring for a ticket."""
    found = tickets.find(page.session, ticket_no)
    return reveal(page, found.contact_phone, Kind.TICKET, found.ticket_no, now)


@router.post("/numbers/customer/{customer_id}", dependencies=[needs(Action.REVEAL)])
def of_customer(page: OpenPage, customer_id: Annotated[int, Path(ge=1, le=2**31)], now: Now) -> Response:
    """A customer's number."""
    found = page.session.get(Customer, customer_id)
    return reveal(page, found.phone if found else None, Kind.CUSTOMER, str(customer_id), now)


@router.get("/audit", dependencies=[opens_for(Action.SEE_AUDIT)])
def log(
    page: ReadPage,
    reference: Ref,
    agent: Number = None,
    what: Annotated[What | None, OrNone, Query()] = None,
    subject: Annotated[str, Query(max_length=40)] = "",
    customer: Number = None,
    since: Annotated[Day, Query(alias="from")] = None,
    until: Annotated[Day, Query(alias="to")] = None,
    page_no: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """The audit log, newest first; days are the hotline's, the last included."""

    def midnight(day: date | None, after: int = 0) -> datetime | None:
        return datetime.combine(day + timedelta(days=after), time(), reference.calendar.zone) if day else None

    wanted = service.Wanted(agent, what, subject.strip(), customer, midnight(since), midnight(until, 1))
    found = service.entries(page.session, wanted, page=page_no)
    return page.show(
        "people/audit.html",
        "people/_audit.html",
        entries=found[: service.PAGE],
        has_more=len(found) > service.PAGE,
        page_no=page_no,
        wanted=wanted,
        since=since,
        until=until,
        names=queries.agent_names(page.session),
        whats=list(What),
        keep_days=policy.current().audit_keep_days,
    )
