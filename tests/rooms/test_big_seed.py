"""A large house for measurements is made of rows the rooms can read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import big_seed
from backend.console.inbox import queries as inbox_queries
from backend.console.inbox.queries import Tab
from backend.conversations.models import Conversation, Message
from backend.tickets.models import Ticket


def test_so_many_as_asked_for_and_the_desk_shows_them(session: Session, now: datetime) -> None:
    big_seed.run(session, conversations=60, messages=240, now=now)
    assert session.scalar(select(func.count()).select_from(Conversation)) == 60
    assert session.scalar(select(func.count()).select_from(Message)) == 240
    assert session.scalar(select(func.count()).select_from(Ticket)) == 20
    assert inbox_queries.counts(session).of(1)[Tab.ALL] == 60
    waiting = inbox_queries.desk(session, Tab.WAITING, 1, now=now).rows
    reasons = [each.handoff_reason for each in waiting]
    assert reasons[: reasons.count("danger")] == ["danger"] * reasons.count("danger")
    ticket = session.scalars(select(Ticket)).first()
    assert ticket is not None
    assert ticket.contact_phone is not None
    found = inbox_queries.desk(session, Tab.ALL, 1, now=now, text=ticket.contact_phone[-4:]).rows
    assert ticket.conversation_id in {each.id for each in found}
