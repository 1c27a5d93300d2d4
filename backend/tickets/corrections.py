"""A customer's correction of a saved ticket, as long as nobody is on the way. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.conversations.models import Conversation
from backend.errors import Conflict, TicketUnknown
from backend.kernel import phone as phones
from backend.outlets import service as outlets
from backend.reference import Reference
from backend.tickets import intake, ledger, wording
from backend.tickets.models import Ticket
from backend.tickets.rules import Status

CHANGEABLE = frozenset({Status.NEW, Status.SCHEDULED, Status.WAITING})
"""Once a technician is at work, a change is agreed with a person."""


@dataclass(frozen=True)
class Corrections:
    """The right values; None leaves a value as it is. `phone` is checked and in E.164."""

    name: str | None = None
    phone: str | None = None
    address: str | Mapping[str, Any] | None = None
    model: str | None = None
    wanted: str | None = None


def correct(
    session: Session,
    ticket: Ticket,
    conversation: Conversation,
    right: Corrections,
    *,
    reference: Reference,
    now: datetime,
) -> list[str]:
    """Write the right values, each with the old one into the timeline; returns the names of what changed.

    Raises:
        TicketUnknown: the ticket was not opened in this conversation.
        Conflict: somebody is at work on it already, or it is closed.
    """
    if ticket.conversation_id != conversation.id:
        raise TicketUnknown
    if ticket.status not in CHANGEABLE:
        raise Conflict
    changed = []
    for name, old in (("name", ticket.contact_name), ("model", ticket.model), ("wanted", ticket.wanted)):
        value = getattr(right, name)
        if value and value != old:
            setattr(ticket, "contact_name" if name == "name" else name, value)
            changed.append(_noted(session, ticket, name, old, value, now))
    if right.phone and right.phone != ticket.contact_phone:
        old_phone = phones.mask(ticket.contact_phone) if ticket.contact_phone else None
        intake.set_contact(session, ticket, ticket.contact_name, right.phone, conversation, now)
        changed.append(_noted(session, ticket, "phone", old_phone, phones.mask(right.phone), now))
    placed = outlets.read(right.address, reference)
    if placed is not None and outlets.one_line(placed.address) != ticket.address_text:
        old_address = ticket.address_text
        intake.set_place(ticket, placed)
        intake.settle_visit(session, ticket, reference=reference, who=intake.CUSTOMER, now=now)
        changed.append(_noted(session, ticket, "address", old_address, ticket.address_text, now))
    if ticket.model and "model" in changed:
        ticket.fault_class = intake.fault_class(ticket.model, ticket.fault_code)
    return changed


def _noted(session: Session, ticket: Ticket, field: str, old: str | None, new: str, now: datetime) -> str:
    name = wording.FIELDS[field].as_dict()
    ledger.note(session, ticket, "corrected", who=intake.CUSTOMER, now=now, field=name, old=old or "–", new=new)
    return field
