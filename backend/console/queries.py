"""What the console reads across the rooms below."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session, joinedload

from backend.agents.models import Agent
from backend.appointments.models import Appointment
from backend.appointments.rules import AGREED
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status as CallStatus
from backend.conversations.models import MESSAGE_WORDS, Conversation, Mention, Message
from backend.conversations.rules import Author, Mode
from backend.kernel import pairs
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind
from backend.outbox.rules import Status as TextStatus
from backend.tickets.models import TICKET_WORDS, Promise, PromiseChange, Ticket, TimelineEntry
from backend.tickets.rules import CLOSED, Priority

PAGE = 50
MOST_COUNTED = 1000  # beyond that a tab says "999+": nobody counts them, and counting all would cost each look
MOST_FOUND = 1000
SOON = timedelta(minutes=30)
ONLY_GREETED = 1  # a conversation of one message is a page somebody has opened


class Tab(StrEnum):
    """The queues of the inbox."""

    WAITING = "waiting"
    MINE = "mine"
    BOT = "bot"
    ALL = "all"
    SNOOZED = "snoozed"
    CLOSED = "closed"
    COLLEAGUES = "colleagues"


def waiting(session: Session) -> int:
    """How many conversations wait for a person."""
    return _count(session, select(Conversation).where(Conversation.mode == Mode.WAITING))


def tab_counts(session: Session, agent_id: int) -> dict[Tab, int]:
    """How many conversations each tab of the inbox holds; `MOST_COUNTED` stands for that many or more."""
    return {Tab(name): count for name, count in session.execute(_counting(), {"me": agent_id}).mappings().one().items()}


@cache
def _counting() -> Select[Any]:
    """All tabs in one question, built once: each page of the inbox asks it."""
    one: ColumnElement[int] = literal_column("1").label("one")
    inside = {tab: _in_tab(tab, bindparam("me", type_=Integer)).with_only_columns(one) for tab in Tab}
    counts = {
        tab: select(func.count()).select_from(query.limit(MOST_COUNTED).subquery()) for tab, query in inside.items()
    }
    return select(*(query.scalar_subquery().label(tab.value) for tab, query in counts.items()))


def desk(
    session: Session, tab: Tab, agent_id: int, *, now: datetime, text: str = "", page: int = 0
) -> Sequence[Conversation]:
    """A page of a tab by what burns; where nobody waits, the newest words first."""
    query = _in_tab(tab, agent_id)
    if text:
        query = query.where(_speaks_of(session, text))
    match tab:
        case Tab.WAITING | Tab.MINE:
            query = query.order_by(_burning(now), Conversation.handoff_requested_at, Conversation.last_message_at)
        case Tab.SNOOZED:
            query = query.order_by(Conversation.snoozed_until)
        case _:
            query = query.order_by(Conversation.last_message_at.desc())
    return session.scalars(query.limit(PAGE + 1).offset(page * PAGE)).all()


def next_waiting(session: Session, agent_id: int, *, now: datetime, limit: int = 5) -> Sequence[str]:
    """Who should be answered next: what was passed on to the agent, then what burns; never a colleague's."""
    mine_or_anybodys = or_(Conversation.wanted_agent_id.is_(None), Conversation.wanted_agent_id == agent_id)
    query = (
        select(Conversation.id)
        .where(Conversation.mode == Mode.WAITING, mine_or_anybodys)
        .order_by(_burning(now), Conversation.wanted_agent_id.is_(None), Conversation.handoff_requested_at)
    )
    return session.scalars(query.limit(limit)).all()


def _burning(now: datetime) -> ColumnElement[int]:
    """What to look at first: danger, then what is urgent or has a promise missed or nearly so, then the rest."""
    pressing = exists().where(
        Ticket.conversation_id == Conversation.id,
        Ticket.status.not_in(CLOSED),
        or_(
            Ticket.priority != Priority.NORMAL,
            exists().where(
                Promise.ticket_id == Ticket.id,
                Promise.met_at.is_(None),
                Promise.paused_at.is_(None),
                Promise.due_at <= now + SOON,
            ),
        ),
    )
    return case((Conversation.handoff_reason == "danger", 0), (pressing, 1), else_=2)


def _in_tab(tab: Tab, agent_id: int | BindParameter[int]) -> Select[Conversation]:
    held, is_awake = Conversation.mode == Mode.HUMAN, Conversation.snoozed_until.is_(None)
    conditions: dict[Tab, Sequence[ColumnElement[bool]]] = {
        Tab.WAITING: [Conversation.mode == Mode.WAITING],
        Tab.MINE: [_is_mine(agent_id)],
        Tab.BOT: [Conversation.mode == Mode.BOT],
        Tab.SNOOZED: [held, Conversation.snoozed_until.is_not(None)],
        Tab.CLOSED: [Conversation.mode == Mode.CLOSED],
        Tab.COLLEAGUES: [held, Conversation.agent_id != agent_id, is_awake],
        Tab.ALL: [],
    }
    return select(Conversation).where(Conversation.last_seq > ONLY_GREETED, *conditions[tab])


def _is_mine(agent_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """What an agent holds and has not put aside, what was passed on to them, and where a note names them.

    Each by its own index: one condition with three ways to be true would read all conversations.
    """
    held = select(Conversation.id).where(
        Conversation.mode == Mode.HUMAN, Conversation.agent_id == agent_id, Conversation.snoozed_until.is_(None)
    )
    passed_on = select(Conversation.id).where(
        Conversation.mode == Mode.WAITING, Conversation.wanted_agent_id == agent_id
    )
    named = select(Mention.conversation_id).where(Mention.agent_id == agent_id, Mention.seen_at.is_(None))
    return Conversation.id.in_(union(held, passed_on, named))


def _speaks_of(session: Session, text: str) -> ColumnElement[bool]:
    """A conversation by number (whole or its last digits), ticket number, name or words said in it.

    What is found is read first, newest first and no more than `MOST_FOUND`: the page then needs these only.
    """
    named = select(Ticket.conversation_id).where(Ticket.conversation_id.is_not(None), names(session, text))
    found = set(session.scalars(named.order_by(Ticket.id.desc()).limit(MOST_FOUND)))
    if pairs.sought(text):
        said = MESSAGE_WORDS.ids(session, text, newest=MOST_FOUND)
        found |= set(session.scalars(select(Message.conversation_id).where(Message.id.in_(said)).distinct()))
    if digits := _digits(text):
        for number in (Conversation.phone, Conversation.verified_phone):
            found |= set(session.scalars(select(Conversation.id).where(number.endswith(digits)).limit(MOST_FOUND)))
    return Conversation.id.in_(found)


def names(session: Session, text: str) -> ColumnElement[bool]:
    """A ticket that a text names: by number, customer, address, model, what is wrong, or telephone."""
    conditions = [TICKET_WORDS.says(session, text)]
    if digits := _digits(text):
        conditions.append(Ticket.contact_phone.endswith(digits))
    return or_(*conditions)


def _digits(text: str) -> str:
    """The digits of something that may be the end of a number; empty when it has other letters."""
    bare = unicodedata.normalize("NFKC", text).replace(" ", "").replace("-", "").lstrip("+")
    return bare if bare.isascii() and bare.isdigit() and len(bare) >= 4 else ""


def last_words(session: Session, conversation_ids: Sequence[str]) -> dict[str, Message]:
    """The newest message of each conversation that a person or the bot said."""
    newest = (
        select(Message.conversation_id, func.max(Message.seq).label("seq"))
        .where(Message.conversation_id.in_(conversation_ids), Message.author != Author.SYSTEM)
        .group_by(Message.conversation_id)
        .subquery()
    )
    same = and_(Message.conversation_id == newest.c.conversation_id, Message.seq == newest.c.seq)
    return {message.conversation_id: message for message in session.scalars(select(Message).join(newest, same))}


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
    found = session.scalars(query.order_by(Ticket.id.desc()).limit(1000)).all()
    return {
        each.id: [
            ticket
            for ticket in found
            if ticket.conversation_id == each.id or (each.phone and ticket.contact_phone == each.phone)
        ]
        for each in conversations
    }


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
