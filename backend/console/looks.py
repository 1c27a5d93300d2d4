"""Looks at personal data, recorded before they are answered: dependencies of the routes that show them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Form
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from backend.audit import rules, service
from backend.audit.rules import Kind, What
from backend.auth import current_agent, reading_agent
from backend.callbacks.models import Callback
from backend.console.page import Page
from backend.conversations.models import Conversation
from backend.customers.models import Customer
from backend.db import read_scope, session_scope
from backend.depends import House, InHouse
from backend.errors import NotFound
from backend.kernel import phone
from backend.tickets.models import Ticket

PARAMETERS = {
    Kind.CONVERSATION: "conversation_id",
    Kind.TICKET: "ticket_no",
    Kind.CALLBACK: "callback_id",
    Kind.CUSTOMER: "customer_id",
}
FEWEST_DIGITS = 4  # from here on a search is one for a telephone number


def notes(what: What, kind: Kind) -> Any:
    """A dependency that records a look at the thing an address names, in a unit of work of its own.

    What does not exist is not seen, and not recorded.

    Raises (when a request comes in):
        NotSignedIn: nobody is signed in.
    """

    def note(request: Request, house: InHouse) -> None:
        note_look(request, house, what, kind, str(request.path_params[PARAMETERS[kind]]))

    return Depends(note)


def note_look(request: Request, house: House, what: What, kind: Kind, subject: str) -> None:
    """Record a look, as `notes` does; looks of an open page that follow each other are one.

    Raises:
        NotSignedIn: nobody is signed in.
    """
    now = house.clock.now()
    with read_scope(house.sessions) as session:  # an open page looks again and again: no lock on writing for that
        reader = reading_agent(request, session, now)
        if reader and service.is_recorded(session, reader, what, subject, now=now):
            return
    with session_scope(house.sessions) as session:
        agent = current_agent(request, session, now)
        if rules.is_name_of(kind, subject) and (found := whose(session, kind, subject)):
            service.record(session, agent, what, kind, subject, customer_id=found[0], now=now)


def notes_export(name: str) -> Any:
    """A dependency that records that a list is taken away as a file.

    Raises (when a request comes in):
        NotSignedIn: nobody is signed in.
    """

    def note(request: Request, house: InHouse) -> None:
        now = house.clock.now()
        with session_scope(house.sessions) as session:
            agent = current_agent(request, session, now)
            service.record(session, agent, What.EXPORTED, Kind.LIST, name, now=now)

    return Depends(note)


def note_search(request: Request, house: InHouse, q: Annotated[str, Form(max_length=100)] = "") -> None:
    """Record a search by telephone number, by a sign that tells equal ones and gives no number away."""
    digits = "".join(letter for letter in q if letter.isascii() and letter.isdigit())
    if len(digits) < FEWEST_DIGITS:
        return
    now, key = house.clock.now(), house.settings.secret_key.get_secret_value().encode()
    with session_scope(house.sessions) as session:
        agent = current_agent(request, session, now)
        service.record(session, agent, What.SEARCHED, Kind.SEARCH, rules.sign_of(digits, key), now=now)


NotesSearch = Depends(note_search)


def reveal(page: Page, number: str | None, kind: Kind, subject: str, now: datetime) -> Response:
    """A whole number, recorded in the same unit of work.

    Raises:
        NotFound: there is no number to show.
    """
    if number is None:
        raise NotFound
    found = whose(page.session, kind, subject)
    customer_id = found[0] if found else None
    service.record(page.session, page.agent, What.REVEALED, kind, subject, customer_id=customer_id, now=now)
    return page.show("_number.html", number=number, written=phone.written(number))


def whose(session: Session, kind: Kind, subject: str) -> tuple[int | None] | None:
    """The customer (or None) a thing belongs to, in a tuple; None where there is no such thing."""
    match kind:
        case Kind.CONVERSATION:
            query = select(Customer.id).select_from(Conversation).where(Conversation.id == subject)
            query = query.outerjoin(Customer, Customer.phone == Conversation.phone)
        case Kind.TICKET:
            query = select(Ticket.customer_id).where(Ticket.ticket_no == subject)  # type: ignore[assignment]
        case Kind.CALLBACK:
            query = select(Customer.id).select_from(Callback).where(Callback.id == int(subject))
            query = query.outerjoin(Customer, Customer.phone == Callback.phone)
        case _:
            query = select(Customer.id).where(Customer.id == int(subject))
    found = session.execute(query).first()
    return None if found is None else (found[0],)
