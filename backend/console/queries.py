"""What the console reads across the rooms below."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, joinedload

from backend.agents.models import Agent
from backend.appointments.models import Appointment
from backend.appointments.rules import AGREED
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status as CallStatus
from backend.conversations.models import Conversation, Message
from backend.conversations.rules import Author, Mode
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind
from backend.outbox.rules import Status as TextStatus
from backend.tickets.models import TICKET_WORDS, Promise, PromiseChange, Ticket, TimelineEntry
from backend.tickets.rules import CLOSED

PAGE = 50
SOON = timedelta(minutes=30)


def waiting(session: Session) -> int:
    """How many conversations wait for a person."""
    return _count(session, select(Conversation).where(Conversation.mode == Mode.WAITING))


def names(session: Session, text: str) -> ColumnElement[bool]:
    """A ticket that a text names: by number, customer, address, model, what is wrong, or telephone."""
    conditions = [TICKET_WORDS.says(session, text)]
    if digits := number_ends(text):
        conditions.append(Ticket.contact_phone.endswith(digits))
    return or_(*conditions)


def number_ends(text: str) -> str:
    """The digits of something that may be the end of a number; empty when it has other letters."""
    bare = unicodedata.normalize("NFKC", text).replace(" ", "").replace("-", "").lstrip("+")
    return bare if bare.isascii() and bare.isdigit() and len(bare) >= 4 else ""


@dataclass(frozen=True)
class Spoken:
    """A message as far as a row of a list shows it."""

    author: Author
    agent_name: str | None
    text: str


def last_words(session: Session, conversation_ids: Sequence[str]) -> dict[str, Spoken]:
    """The newest message of each conversation that a person or the bot said."""
    newest = (
        select(Message.conversation_id, func.max(Message.seq).label("seq"))
        .where(Message.conversation_id.in_(conversation_ids), Message.author != Author.SYSTEM)
        .group_by(Message.conversation_id)
        .subquery()
    )
    same = and_(Message.conversation_id == newest.c.conversation_id, Message.seq == newest.c.seq)
    query = select(Message.conversation_id, Message.author, Message.agent_name, Message.text).join(newest, same)
    return {row[0]: Spoken(row[1], row[2], row[3]) for row in session.execute(query)}


def unread(session: Session, conversation_ids: Sequence[str]) -> dict[str, int]:
    """How many of the customer's messages nobody at the desk has seen."""
    query = (
        select(Message.conversation_id, func.count())
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Conversation.id.in_(conversation_ids),
            Message.author == Author.CUSTOMER,
            Message.seq > Conversation.seen_seq,
        )
        .group_by(Message.conversation_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def messages(session: Session, conversation_id: str, limit: int = 300) -> Sequence[Message]:
    """The last messages of a conversation, in order."""
    query = select(Message).where(Message.conversation_id == conversation_id).order_by(Message.seq.desc())
    return session.scalars(query.limit(limit)).all()[::-1]


def active_agents(session: Session) -> dict[int, str]:
    """Who works at the desk, by id."""
    query = select(Agent.id, Agent.name).where(Agent.active).order_by(Agent.name)
    return {row[0]: row[1] for row in session.execute(query)}


def agent_names(session: Session) -> dict[int, str]:
    """Who is at the desk, by id."""
    return {row[0]: row[1] for row in session.execute(select(Agent.id, Agent.name))}


def tickets_of(session: Session, conversations: Sequence[Conversation]) -> dict[str, list[Ticket]]:
    """Tickets by conversation, newest first: those it opened, and those of its number."""
    ids = [each.id for each in conversations]
    phones = [each.phone for each in conversations if each.phone]
    query = select(Ticket).where(or_(Ticket.conversation_id.in_(ids), Ticket.contact_phone.in_(phones)))
    by_conversation: dict[str | None, list[Ticket]] = {}
    by_phone: dict[str | None, list[Ticket]] = {}
    for ticket in session.scalars(query.order_by(Ticket.id.desc()).limit(1000)):
        by_conversation.setdefault(ticket.conversation_id, []).append(ticket)
        by_phone.setdefault(ticket.contact_phone, []).append(ticket)
    found = {}
    for each in conversations:
        own, same_phone = by_conversation.get(each.id, []), by_phone.get(each.phone, []) if each.phone else []
        found[each.id] = sorted({*own, *same_phone}, key=lambda ticket: -ticket.id)
    return found


def has_ticket_since(session: Session, conversation_id: str, since: datetime) -> bool:
    """Whether a conversation got a ticket after an instant."""
    found = exists().where(Ticket.conversation_id == conversation_id, Ticket.created_at > since)
    return bool(session.scalar(select(found)))


def promises_of(session: Session, tickets: Sequence[Ticket]) -> dict[int, list[Promise]]:
    """Promises by ticket id."""
    found: dict[int, list[Promise]] = {ticket.id: [] for ticket in tickets}
    for promise in session.scalars(select(Promise).where(Promise.ticket_id.in_(found)).order_by(Promise.id)):
        found[promise.ticket_id].append(promise)
    return found


def changes_of(session: Session, promises: Sequence[Promise]) -> dict[int, list[PromiseChange]]:
    """What happened to promises, by promise id, newest first."""
    found: dict[int, list[PromiseChange]] = {promise.id: [] for promise in promises}
    query = select(PromiseChange).where(PromiseChange.promise_id.in_(found)).order_by(PromiseChange.id.desc())
    for change in session.scalars(query):
        found[change.promise_id].append(change)
    return found


def callbacks_of(session: Session, tickets: Sequence[Ticket], phone: str | None = None) -> Sequence[Callback]:
    """Callbacks for some tickets or a number, newest first."""
    same: list[ColumnElement[bool]] = [Callback.ticket_id.in_([ticket.id for ticket in tickets])]
    if phone:
        same.append(Callback.phone == phone)
    return session.scalars(select(Callback).where(or_(*same)).order_by(Callback.window_start.desc()).limit(50)).all()


def ticket(session: Session, ticket_no: str) -> Ticket | None:
    """A ticket by its number."""
    return session.scalar(select(Ticket).where(Ticket.ticket_no == ticket_no))


def tickets_of_phone(session: Session, ticket: Ticket) -> Sequence[Ticket]:
    """The other open tickets of a ticket's number, newest first."""
    if not ticket.contact_phone:
        return []
    query = select(Ticket).where(
        Ticket.contact_phone == ticket.contact_phone, Ticket.id != ticket.id, Ticket.status.not_in(CLOSED)
    )
    return session.scalars(query.order_by(Ticket.id.desc()).limit(20)).all()


def tickets_by_id(session: Session, ticket_ids: Sequence[int]) -> dict[int, Ticket]:
    """Some tickets by id."""
    return {each.id: each for each in session.scalars(select(Ticket).where(Ticket.id.in_(ticket_ids)))}


def conversations_by_id(session: Session, conversation_ids: Sequence[str]) -> Sequence[Conversation]:
    """Some conversations, the newest words first."""
    query = select(Conversation).where(Conversation.id.in_(conversation_ids))
    return session.scalars(query.order_by(Conversation.last_message_at.desc()).limit(200)).all()


def timeline(session: Session, ticket_id: int) -> Sequence[TimelineEntry]:
    """What happened to a ticket, newest first."""
    query = select(TimelineEntry).where(TimelineEntry.ticket_id == ticket_id)
    return session.scalars(query.order_by(TimelineEntry.id.desc()).limit(200)).all()


def callbacks(session: Session, start: datetime, end: datetime) -> Sequence[Callback]:
    """Callbacks whose window begins in a span, in order."""
    query = select(Callback).where(Callback.window_start >= start, Callback.window_start < end)
    with_caller = query.options(joinedload(Callback.caller))
    return session.scalars(with_caller.order_by(Callback.window_start, Callback.id).limit(500)).all()


def overdue_callbacks(session: Session, before: datetime) -> Sequence[Callback]:
    """Booked callbacks nobody made in the window the customer was told, or in one that ended before an instant."""
    query = select(Callback).where(
        Callback.status == CallStatus.BOOKED, or_(Callback.overdue_at.is_not(None), Callback.window_end <= before)
    )
    return session.scalars(query.options(joinedload(Callback.caller)).order_by(Callback.first_end).limit(100)).all()


def settled_by(session: Session, agent: str, since: datetime) -> Callback | None:
    """The call an agent has settled last, since an instant, with its ticket."""
    query = select(Callback).where(
        Callback.agent == agent, Callback.closed_at >= since, Callback.status != CallStatus.CANCELLED
    )
    return session.scalar(query.options(joinedload(Callback.ticket)).order_by(Callback.closed_at.desc()).limit(1))


def last_said(session: Session, conversation_id: str) -> Message | None:
    """What the customer said last in a conversation."""
    query = select(Message).where(Message.conversation_id == conversation_id, Message.author == Author.CUSTOMER)
    return session.scalar(query.order_by(Message.seq.desc()).limit(1))


def callback_days(session: Session, start: datetime, end: datetime) -> Sequence[datetime]:
    """When the booked callbacks of a span begin."""
    query = select(Callback.window_start).where(
        Callback.status == CallStatus.BOOKED, Callback.window_start >= start, Callback.window_start < end
    )
    return session.scalars(query).all()


def visit_days(session: Session, start: datetime, end: datetime) -> Sequence[datetime]:
    """When the agreed visits of a span begin."""
    query = select(Appointment.window_start).where(
        Appointment.status.in_(AGREED), Appointment.window_start >= start, Appointment.window_start < end
    )
    return session.scalars(query).all()


def unsettled_visits(session: Session, before: datetime) -> Sequence[Appointment]:
    """Agreed visits whose window ended before an instant: nobody has said how they went."""
    query = select(Appointment).where(Appointment.status.in_(AGREED), Appointment.window_end <= before)
    ordered = query.options(joinedload(Appointment.ticket)).order_by(Appointment.window_start)
    return session.scalars(ordered.limit(100)).all()


def texts(
    session: Session, *, statuses: Sequence[TextStatus], kind: OutboxKind | None, page: int = 0
) -> Sequence[OutboxMessage]:
    """A page of outgoing texts, newest first."""
    query = select(OutboxMessage)
    if statuses:
        query = query.where(OutboxMessage.status.in_(statuses))
    if kind is not None:
        query = query.where(OutboxMessage.kind == kind)
    return session.scalars(query.order_by(OutboxMessage.id.desc()).limit(PAGE + 1).offset(page * PAGE)).all()


def customer_name(tickets_here: Sequence[Ticket]) -> str | None:
    """What a customer calls themselves, by the newest ticket that says it."""
    return next((each.contact_name for each in tickets_here if each.contact_name), None)


def _count(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0
