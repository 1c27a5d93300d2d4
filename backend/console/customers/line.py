"""One person's line of time, beside a conversation and on the customer's page; its things open in place."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BeforeValidator
from starlette.responses import Response

from backend.audit.rules import Kind, What
from backend.console import queries, views
from backend.console.customers import person
from backend.console.customers.person_rules import Moment, Person, Proof
from backend.console.customers.person_rules import person as person_of
from backend.console.inbox.routes import ConversationId
from backend.console.looks import notes
from backend.console.page import ConsoleRoute, Page, ReadPage
from backend.conversations import service as conversations
from backend.customers.models import Customer
from backend.depends import Now, Ref
from backend.errors import NotFound
from backend.tickets import service as tickets
from backend.tickets import wording

router = APIRouter(route_class=ConsoleRoute)

OrNone = BeforeValidator(lambda value: value or None)
Which = Annotated[Annotated[Moment | None, OrNone], Query(alias="kind")]
PageNo = Annotated[int, Query(ge=0, le=10_000)]
Unsure = Annotated[bool, Query()]
WORDS = 12
LATEST = 5


@router.get("/conversations/{conversation_id}/line", dependencies=[notes(What.CONVERSATION, Kind.CONVERSATION)])
def of_conversation(
    page: ReadPage, conversation_id: ConversationId, kind: Which = None, page_no: PageNo = 0, unsure: Unsure = False
) -> Response:
    """What happened with whoever is in a conversation."""
    found = conversations.get(page.session, conversation_id)
    told = [each.contact_phone for each in queries.tickets_of(page.session, [found])[found.id] if each.contact_phone]
    whose = person_of(found.channel.value, found.phone, found.verified_phone, told)
    shown = person.line(page.session, whose, kind=kind, page_no=page_no, with_unsure=unsure, but=found.id)
    return _shown(page, f"/console/conversations/{found.id}/line", shown)


@router.get("/customers/{customer_id}/line", dependencies=[notes(What.CUSTOMER, Kind.CUSTOMER)])
def of_customer(
    page: ReadPage,
    customer_id: Annotated[int, Path(ge=1, le=2**31)],
    kind: Which = None,
    page_no: PageNo = 0,
    unsure: Unsure = False,
) -> Response:
    """What happened with a customer, by the number they are known by.

    Raises:
        NotFound: there is no such customer.
    """
    found = page.session.get(Customer, customer_id)
    if found is None:
        raise NotFound
    whose = Person(found.phone, Proof.VERIFIED)
    shown = person.line(page.session, whose, kind=kind, page_no=page_no, with_unsure=unsure)
    return _shown(page, f"/console/customers/{found.id}/line", shown)


@router.get("/line/conversations/{conversation_id}", dependencies=[notes(What.CONVERSATION, Kind.CONVERSATION)])
def words(page: ReadPage, conversation_id: ConversationId) -> Response:
    """The last words of a conversation, to read in place."""
    found = conversations.get(page.session, conversation_id)
    said = queries.messages(page.session, conversation_id, limit=WORDS)
    return page.show("customers/_line_words.html", conversation=found, messages=said)


@router.get("/line/tickets/{ticket_no}", dependencies=[notes(What.TICKET, Kind.TICKET)])
def ticket(page: ReadPage, ticket_no: Annotated[str, Path(max_length=20)], now: Now, reference: Ref) -> Response:
    """A ticket in short, to read in place."""
    found = tickets.find(page.session, ticket_no)
    [view] = views.ticket_views(page.session, [found], reference.calendar, now)
    told = [
        (entry, wording.event(entry.code, entry.params).in_language(page.words.language))
        for entry in queries.timeline(page.session, found.id)[:LATEST]
    ]
    return page.show("customers/_line_ticket.html", view=view, history=told)


def _shown(page: Page, base: str, shown: person.Line) -> Response:
    whole = "customers/_line_more.html" if shown.page_no else "customers/_line.html"
    return page.show(whole, base=base, line=shown)
