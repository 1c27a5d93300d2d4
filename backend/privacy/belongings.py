"""What belongs to a customer, found by following the tables: new rooms are covered without a word here.

A row is the customer's when it holds their number in a column for numbers, names one of their conversations, tickets or
callbacks, or cannot stand without a row that is theirs. Rows that only mention such a row (`ON DELETE SET NULL`) stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, String, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from backend.callbacks.models import Callback
from backend.conversations.models import Conversation
from backend.customers.models import Customer
from backend.db import Base
from backend.tickets.models import Ticket, TimelineEntry

KEPT = frozenset({"agents", "agent_sessions", "audit_entries", "deletion_requests", "revisions", "ticks"})
"""Tables of the house itself; what the audit log says of a customer is made pseudonymous instead."""
NUMBERS = frozenset({"phone", "verified_phone", "contact_phone", "to", "to_number", "from_number", "caller", "number"})
NAMED = {
    "conversation_id": "conversations",
    "ticket_id": "tickets",
    "callback_id": "callbacks",
    "message_id": "messages",
}
SOME = 500  # values a statement carries at once


@dataclass
class Belongings:
    """Keys of the rows that are a customer's, by table."""

    customer: Customer
    keys: dict[str, set[Any]] = field(default_factory=dict)

    def of(self, table: str) -> set[Any]:
        """The keys of one table."""
        return self.keys.setdefault(table, set())

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each table holds of them."""
        return {table: len(keys) for table, keys in sorted(self.keys.items()) if keys}


def find(session: Session, customer: Customer) -> Belongings:
    """Everything that is a customer's."""
    found = Belongings(customer)
    found.of("customers").add(customer.id)
    found.of("conversations").update(_conversations(session, customer))
    found.of("tickets").update(_tickets(session, customer, found.of("conversations")))
    for table in Base.metadata.sorted_tables:
        if table.name in KEPT or table.name == "customers" or len(table.primary_key.columns) != 1:
            continue
        for condition in _conditions(table, found):
            found.of(table.name).update(session.scalars(select(_key(table)).where(condition)))
    return found


def rows(session: Session, found: Belongings) -> dict[str, list[dict[str, Any]]]:
    """The rows themselves as plain data, by table."""
    told: dict[str, list[dict[str, Any]]] = {}
    for table in Base.metadata.sorted_tables:
        for some in _portions(found.keys.get(table.name, set())):
            query = select(table).where(_key(table).in_(some)).order_by(_key(table))
            told.setdefault(table.name, []).extend(dict(row) for row in session.execute(query).mappings())
    return told


def delete_all(session: Session, found: Belongings) -> None:
    """Delete them, what hangs on others first; rows of others that point at them point nowhere."""
    session.flush()
    session.expunge_all()
    for table in reversed(Base.metadata.sorted_tables):
        keys = found.keys.get(table.name, set())
        for column in _pointing_at_itself(table):
            for some in _portions(keys):
                session.execute(update(table).where(column.in_(some)).values({column: None}))
        for some in _portions(keys):
            session.execute(delete(table).where(_key(table).in_(some)))


def _conversations(session: Session, customer: Customer) -> set[str]:
    """Those from or shown to be their number's, and those in which their tickets and calls were agreed on."""
    own = or_(Conversation.phone == customer.phone, Conversation.verified_phone == customer.phone)
    theirs = or_(Ticket.customer_id == customer.id, Ticket.contact_phone == customer.phone)
    queries = (
        select(Conversation.id).where(own),
        select(Ticket.conversation_id).where(theirs, Ticket.conversation_id.is_not(None)),
        select(Callback.conversation_id).where(Callback.phone == customer.phone, Callback.conversation_id.is_not(None)),
    )
    found = {each for query in queries for each in session.scalars(query) if each}
    # A contact that was added to a ticket known already: its entry's key begins with the conversation.
    keys = select(TimelineEntry.key).join(Ticket, Ticket.id == TimelineEntry.ticket_id)
    told = {key.partition(":")[0] for key in session.scalars(keys.where(theirs, TimelineEntry.key.is_not(None))) if key}
    return found | set(session.scalars(select(Conversation.id).where(Conversation.id.in_(told))))


def _tickets(session: Session, customer: Customer, conversations: set[str]) -> set[int]:
    """Theirs by number, and those of their conversations that are under nobody's number."""
    theirs = or_(Ticket.customer_id == customer.id, Ticket.contact_phone == customer.phone)
    found = set(session.scalars(select(Ticket.id).where(theirs)))
    for some in _portions(conversations):
        nameless = select(Ticket.id).where(
            Ticket.conversation_id.in_(some), Ticket.contact_phone.is_(None), Ticket.customer_id.is_(None)
        )
        found.update(session.scalars(nameless))
    return found


def _conditions(table: Table, found: Belongings) -> Iterator[ColumnElement[bool]]:
    for column in table.columns:
        if column.name in NUMBERS and isinstance(column.type, String):  # "number" may count something, too
            yield column == found.customer.phone
        parent = _parent_of(column)
        if parent and parent != table.name and table.name not in ("conversations", "tickets"):
            yield from (column.in_(some) for some in _portions(found.keys.get(parent, set())))


def _parent_of(column: Column[Any]) -> str | None:
    """The table whose row a row of this column cannot stand without."""
    for key in column.foreign_keys:
        if key.column.table.name in KEPT or key.ondelete == "SET NULL":
            return None
        return key.column.table.name
    return NAMED.get(column.name)


def _pointing_at_itself(table: Table) -> Iterator[Column[Any]]:
    for column in table.columns:
        if column.nullable and any(key.column.table is table for key in column.foreign_keys):
            yield column


def _key(table: Table) -> Column[Any]:
    return next(iter(table.primary_key.columns))


def _portions(keys: set[Any]) -> Iterator[list[Any]]:
    ordered = sorted(keys)
    yield from (ordered[start : start + SOME] for start in range(0, len(ordered), SOME))
