"""The door of the callbacks room: book, move and settle calls, look at them. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backend.callbacks import queries
from backend.callbacks.booking import Booked, Span, book, cancel, check_time, move
from backend.callbacks.dialling import Handed, as_waiting, give_back, hold, in_hand, take, take_next, turn_now
from backend.callbacks.ledger import (
    CUSTOMER,
    desk_at,
    get,
    hold_turn,
    policy_of,
    reminder_key,
    roster_of,
    window_of,
    words_of,
)
from backend.callbacks.models import Callback
from backend.callbacks.outcomes import give_number, may_take_back, record_outcome, take_back
from backend.conversations import service as conversations
from backend.tickets import service as tickets
from backend.tickets.models import Ticket

__all__ = [
    "CUSTOMER", "Booked", "Handed", "Span", "as_waiting", "between", "book", "cancel", "chain", "check_time", "desk_at",
    "get", "give_back", "give_number", "hold", "hold_turn", "in_hand", "language_of", "may_take_back", "move",
    "open_call", "policy_of", "record_outcome", "reminder_key", "roster_of", "take", "take_back", "take_next",
    "ticket_for", "turn_now", "window_of", "words_of",
]  # fmt: skip


def open_call(session: Session, phone: str) -> Callback | None:
    """The call a number is waiting for, or None."""
    return queries.open_by_phone(session, phone)


def between(
    session: Session, start: datetime | None, end: datetime | None, *, limit: int = 200, offset: int = 0
) -> Sequence[Callback]:
    """Callbacks whose window begins in a span, earliest first, with their tickets."""
    return queries.between(session, start, end, limit=limit, offset=offset)


def chain(session: Session, callback: Callback) -> Sequence[Callback]:
    """All calls of the promise a call belongs to, in order, with their tickets."""
    return queries.chain(session, callback)


def ticket_for(session: Session, ticket_no: str | None, phone: str) -> Ticket | None:
    """The open ticket a call is about: the one named, if it belongs to the number, else the number's newest."""
    of_phone = tickets.open_of_phone(session, phone)
    return next((each for each in of_phone if each.ticket_no == ticket_no), next(iter(of_phone), None))


def language_of(session: Session, conversation_id: str) -> str:
    """The language a conversation is held in.

    Raises:
        NotFound: there is no such conversation.
    """
    return conversations.get(session, conversation_id).language
