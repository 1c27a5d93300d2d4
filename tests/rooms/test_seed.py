"""The fictional town of `hotline seed`."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import reference, seed
from backend.agents import service as agents
from backend.appointments.models import Appointment
from backend.appointments.rules import Status as VisitStatus
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status as CallStatus
from backend.conversations.models import Message
from backend.conversations.rules import Author
from backend.errors import Conflict
from backend.tickets.models import Ticket
from backend.tickets.rules import Status


def test_the_town_has_requests_at_every_stage(session: Session, now: datetime) -> None:
    town = seed.run(session, now=now, policy=reference.current())
    stages = list(
        session.scalars(select(Ticket.status).where(Ticket.ticket_no.in_(town.ticket_nos)).order_by(Ticket.id))
    )
    assert stages == [Status.DONE, Status.SCHEDULED, Status.WAITING, Status.NEW, Status.NEW]
    outcomes = list(session.scalars(select(Callback.status).order_by(Callback.id)))
    assert outcomes == [CallStatus.DONE] * 3 + [CallStatus.BOOKED] * 2
    [visit] = session.scalars(select(Appointment))
    assert visit.status is VisitStatus.CONFIRMED
    assert visit.window_start >= now + timedelta(days=1)


def test_every_address_of_the_town_is_known_and_has_an_outlet(session: Session, now: datetime) -> None:
    seed.run(session, now=now, policy=reference.current())
    for ticket in session.scalars(select(Ticket)):
        assert ticket.address["detail"], ticket.ticket_no
        assert ticket.tier is not None
        assert ticket.outlet is not None


def test_the_bot_is_not_asked_to_answer_the_past(session: Session, now: datetime) -> None:
    seed.run(session, now=now, policy=reference.current())
    unanswered = select(func.count()).where(Message.author == Author.CUSTOMER, Message.answered_at.is_(None))
    assert session.scalar(unanswered) == 0


def test_the_agents_of_the_town_may_sign_in(session: Session, now: datetime) -> None:
    town = seed.run(session, now=now, policy=reference.current())
    for username, password in town.logins.items():
        agents.sign_in(session, username, password, now=now)


def test_a_second_town_is_refused(session: Session, now: datetime) -> None:
    seed.run(session, now=now, policy=reference.current())
    with pytest.raises(Conflict):
        seed.run(session, now=now, policy=reference.current())
