"""One customer, and what they may ask for: a copy of their data, and their deletion."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path
from starlette.responses import RedirectResponse, Response

from backend.agents.permissions import Action
from backend.audit import policy
from backend.audit.rules import Kind, What
from backend.auth import needs
from backend.console import queries
from backend.console.looks import NotesSearch, notes
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, opens_for
from backend.customers import service as customers
from backend.depends import Now
from backend.errors import BadPhone
from backend.followups import service as followups
from backend.outbox import service as outbox
from backend.privacy import belongings, service

router = APIRouter(prefix="/customers", route_class=ConsoleRoute)

CustomerId = Annotated[int, Path(ge=1, le=2**31)]
Why = Annotated[str, Form(max_length=200)]
RIGHTS = needs(Action.CUSTOMER_RIGHTS)


@router.get("", dependencies=[opens_for(Action.CUSTOMER_RIGHTS)])
def listing(page: ReadPage) -> Response:
    """Requests for deletion, and the way to a customer by their number."""
    return _listing(page)


@router.post("/find", dependencies=[opens_for(Action.CUSTOMER_RIGHTS), NotesSearch])
def find(page: ReadPage, q: Annotated[str, Form(max_length=60)] = "") -> Response:
    """The customer with a number; a POST, so that no number stands in an address."""
    try:
        found = customers.find(page.session, outbox.number(q).e164)
    except BadPhone:
        found = None
    if found is None:
        answer = _listing(page, not_found=True)
        answer.status_code = 404
        return answer
    return RedirectResponse(f"/console/customers/{found.id}", 303)


@router.get("/{customer_id}", dependencies=[notes(What.CUSTOMER, Kind.CUSTOMER)])
def show(page: ReadPage, customer_id: CustomerId) -> Response:
    """What the house holds of a customer."""
    return page.show(
        "customers/customer.html", undo_hours=policy.current().deletion_undo_hours, **_held(page, customer_id)
    )


@router.post("/{customer_id}/export", dependencies=[RIGHTS])
def export(page: OpenPage, customer_id: CustomerId, now: Now, why: Why = "") -> Response:
    """Everything held of a customer as JSON; recorded with the reason."""
    held = service.export(page.session, customer_id, page.agent, why, now=now)
    headers = {
        "content-disposition": f'attachment; filename="customer-{customer_id}.json"',
        "cache-control": "no-store",
    }
    return Response(json.dumps(held, ensure_ascii=False, indent=2), media_type="application/json", headers=headers)


@router.get("/{customer_id}/delete", dependencies=[opens_for(Action.CUSTOMER_RIGHTS)])
def confirm(page: ReadPage, customer_id: CustomerId, now: Now) -> Response:
    """What a deletion would take, before it is asked for."""
    due_at: datetime = now + policy.current().undo
    return page.show("customers/delete.html", due_at=due_at, **_held(page, customer_id))


@router.post("/{customer_id}/delete", dependencies=[RIGHTS])
def delete(page: OpenPage, customer_id: CustomerId, now: Now, why: Why = "") -> Response:
    """Ask for the deletion; the tick carries it out once it can no longer be taken back."""
    service.ask_deletion(page.session, customer_id, page.agent, why, now=now)
    return RedirectResponse(f"/console/customers/{customer_id}", 303)


@router.post("/{customer_id}/keep", dependencies=[RIGHTS])
def keep(page: OpenPage, customer_id: CustomerId, now: Now) -> Response:
    """Take the deletion back."""
    service.cancel_deletion(page.session, customer_id, page.agent, now=now)
    return RedirectResponse(f"/console/customers/{customer_id}", 303)


def _listing(page: Page, *, not_found: bool = False) -> Response:
    return page.show("customers/customers.html", requests=service.requests(page.session), not_found=not_found)


def _held(page: Page, customer_id: int) -> dict[str, Any]:
    customer = service.customer(page.session, customer_id)
    found = belongings.find(page.session, customer)
    tickets = queries.tickets_by_id(page.session, sorted(found.of("tickets")))
    return {
        "grades": followups.grades_of(page.session, sorted(tickets)),
        "customer": customer,
        "counts": found.counts,
        "tickets": sorted(tickets.values(), key=lambda each: each.id, reverse=True),
        "conversations": queries.conversations_by_id(page.session, sorted(found.of("conversations"))),
        "pending": service.pending(page.session, customer_id),
    }
