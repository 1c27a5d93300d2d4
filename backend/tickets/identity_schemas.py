"""Shapes of what may be told to whom: what is known in a conversation, and one-time codes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator

from backend.kernel.working_time import Calendar, local_day
from backend.tickets import rules, wording
from backend.tickets.models import Ticket
from backend.tickets.rules import Status, TicketType
from backend.tickets.schemas import AddressHeld, Bilingual, Id, Told, as_bilingual, written


class KnownTicket(BaseModel):
    """A ticket in one line: `words` tell its kind and its day, `is_open` whether there is still something to do."""

    ticket_no: str
    type: TicketType
    status: Status
    is_open: bool
    phone: str | None
    words: Bilingual


class KnownOut(BaseModel):
    """What is known of whoever writes in a conversation, and may be told there."""

    phone: str | None
    verified_phone: str | None
    name: str | None
    address: AddressHeld | None
    language: str | None
    tickets: list[KnownTicket]


class CodeIn(Told):
    """Text a one-time code to a number."""

    conversation_id: Id
    phone: Annotated[str, BeforeValidator(lambda value: written(60)(value) or "")]


class CodeSent(BaseModel):
    """The same for every number: nobody learns from it which numbers have tickets."""

    sent: Literal[True] = True


class CodeTold(CodeIn):
    """The code that was read."""

    code: Annotated[str, BeforeValidator(lambda value: written(20)(value) or "")]


class CodeVerified(BaseModel):
    """The number is its writer's."""

    verified: Literal[True] = True


def known_ticket(ticket: Ticket, calendar: Calendar) -> KnownTicket:
    """A ticket in one line, dated by the hotline's local day."""
    return KnownTicket(
        ticket_no=ticket.ticket_no,
        type=ticket.type,
        status=ticket.status,
        is_open=ticket.status not in rules.CLOSED,
        phone=ticket.contact_phone,
        words=as_bilingual(wording.in_one_line(ticket.type, local_day(calendar, ticket.created_at))),
    )
