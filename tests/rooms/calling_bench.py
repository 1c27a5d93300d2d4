"""Agents, a case with a call booked, and what is done with a call in one line."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import reference
from backend.agents.models import Agent
from backend.callbacks import cases, service
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status
from backend.conversations import service as conversations
from backend.conversations.models import Conversation
from backend.outbox.models import OutboxMessage
from backend.reference import Reference
from backend.tickets import queries as ticket_queries
from backend.tickets import service as tickets
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import PromiseKind, TicketType
from backend.tickets.service import TicketRequest
from conftest import at

REFERENCE = reference.current()
PHONE = "+8613800138000"
OTHER = "+8613900139000"
LADDER = len(REFERENCE.callbacks.retry_minutes)


def agent(session: Session, username: str, now: datetime) -> Agent:
    person = Agent(username=username, name=username.title(), password_hash="-", active=True, created_at=now)
    session.add(person)
    session.flush()
    return person


@pytest.fixture(name="chen")
def chen_fixture(session: Session, now: datetime) -> Agent:
    return agent(session, "chen", now)


@pytest.fixture(name="lin")
def lin_fixture(session: Session, now: datetime) -> Agent:
    return agent(session, "lin", now)


@pytest.fixture(name="conversation")
def conversation_fixture(session: Session, now: datetime) -> Conversation:
    return conversations.open_web(session, language="zh", reference=REFERENCE, now=now)[0]


@pytest.fixture(name="case")
def case_fixture(session: Session, conversation: Conversation, now: datetime) -> cases.Case:
    """A ticket whose call is booked for 10:30 and whose reply is promised by 11:05."""
    return open_case(session, conversation, PHONE, now)


def open_case(session: Session, conversation: Conversation, phone: str, now: datetime) -> cases.Case:
    request = TicketRequest(conversation.id, phone, TicketType.REPAIR, phone, name="李梅", facts={"symptom": "不加热"})
    return cases.open_with_callback(session, request, None, reference=REFERENCE, now=now)


def call_of(case: cases.Case) -> Callback:
    assert case.callback is not None
    return case.callback


def book(session: Session, phone: str, now: datetime, wanted: str | None = None) -> Callback:
    span = (at(wanted), None) if wanted else None
    return service.book(session, phone, wanted=span, reference=REFERENCE, now=now).callback


def settle(session: Session, callback: Callback, outcome: Status, now: datetime, **more: object) -> Callback:
    """Record an outcome; returns the call that follows, or the settled one."""
    service.record_outcome(session, callback.id, outcome, who="陈晓", reference=REFERENCE, now=now, **more)  # type: ignore[arg-type]
    return service.chain(session, callback)[-1]


def take_next(
    session: Session, who: Agent, now: datetime, *, policy: Reference = REFERENCE, own: frozenset[str] = frozenset()
) -> service.Handed:
    return service.take_next(session, who, own_numbers=own, reference=policy, now=now)


def take(session: Session, callback: Callback, who: Agent, now: datetime) -> Callback:
    return service.take(session, callback.id, who, own_numbers=(), reference=REFERENCE, now=now)


def take_back(session: Session, callback: Callback, who: Agent, now: datetime) -> Callback:
    return service.take_back(session, callback.id, who=who.name, by=who.id, reference=REFERENCE, now=now)


def reply(session: Session, ticket: Ticket) -> Promise:
    found = tickets.promise_of(session, ticket, PromiseKind.REPLY)
    assert found is not None
    return found


def codes(session: Session, ticket: Ticket) -> list[str]:
    return [entry.code for entry in ticket_queries.timelines_of(session, [ticket.id])[ticket.id]]


def texts(session: Session) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def ring_in_vain(session: Session, callback: Callback, times: int, outcome: Status = Status.NO_ANSWER) -> Callback:
    """Nobody answers, each time at the first minute of the call's turn."""
    for _ in range(times):
        callback = settle(session, callback, outcome, callback.dial_at)
    return callback
