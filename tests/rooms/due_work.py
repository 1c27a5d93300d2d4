"""A house in which every room has something due, and what it must look like once all of it is done, however often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import db
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.appointments import jobs as appointment_jobs
from backend.appointments.models import Appointment
from backend.callbacks import jobs as callback_jobs
from backend.callbacks.models import Callback
from backend.escalations import jobs as escalation_jobs
from backend.escalations import mails
from backend.escalations.mailer import ConsoleMailer
from backend.escalations.models import Escalation, EscalationEntry, Notice
from backend.escalations.telling import Staff
from backend.followups import jobs as followup_jobs
from backend.followups.models import FollowUp
from backend.outbox.models import OutboxMessage
from backend.tickets import service as tickets
from backend.tickets.models import Promise, Ticket, TimelineEntry
from backend.tickets.rules import PromiseKind, Status, TicketType
from conftest import at
from rooms.visits import LINKS, REFERENCE, book, open_case, window

BEFORE = at("2026-11-24 09:00")
NOW = at("2026-11-24 17:00")
"""The evening's reminders are due, a promise is broken, a follow-up is to be asked, a call is to be announced."""

STAFF = Staff(duty_phone="+8613800138099")
TOMORROW = window("2026-11-25 08:00", "12:00")


def prepare(session: Session) -> None:
    """Fill an empty house, as it stands a second before NOW."""
    for username, role in (("chen", Role.AGENT), ("zhou", Role.LEAD), ("wu", Role.MANAGER)):
        number = f"+86138001380{len(username)}{len(role)}"
        session.add(
            Agent(
                username=username, name=username, role=role, phone=number, password_hash="x", active=True,
                created_at=BEFORE,
            )
        )  # fmt: skip
    for number in range(2):
        visited = open_case(session, BEFORE, phone=f"+861390013900{number}").ticket
        book(session, visited, TOMORROW, BEFORE)
    asked = open_case(session, BEFORE, phone="+8613900139010").ticket
    tickets.move(session, asked, Status.DONE, who="chen", reference=REFERENCE, now=NOW - timedelta(hours=2))
    waits = open_case(session, NOW - timedelta(minutes=40), phone="+8613900139020", kind=TicketType.RETURN).ticket
    call = session.scalars(select(Callback).where(Callback.ticket_id == waits.id)).one()
    call.window_start, call.window_end = NOW + timedelta(minutes=15), NOW + timedelta(minutes=45)
    call.first_start, call.first_end, call.dial_at = call.window_start, call.window_end, call.window_start
    call.remind_at = NOW
    for promise in session.scalars(select(Promise).where(Promise.ticket_id == waits.id)):
        promise.due_at = NOW - timedelta(minutes=1) if promise.kind is PromiseKind.REPLY else promise.due_at
    session.flush()


def tick(sessions: db.Sessions, now: datetime) -> int:
    """Every room does what is due."""
    return (
        callback_jobs.run_due(sessions, now, REFERENCE)
        + appointment_jobs.run_due(sessions, now, REFERENCE, LINKS)
        + escalation_jobs.run_due(sessions, now, REFERENCE, staff=STAFF)
        + mails.send_due(sessions, ConsoleMailer(), now)
        + followup_jobs.run_due(sessions, now, REFERENCE)
    )


def finish(sessions: db.Sessions, now: datetime) -> None:
    """Tick until nothing is due any more.

    Raises:
        AssertionError: it never ends.
    """
    for _ in range(10):
        if not tick(sessions, now):
            return
    raise AssertionError("something is due again and again")


def picture(sessions: db.Sessions) -> Mapping[str, Any]:
    """What the house has come to, without ids and instants."""
    with db.read_scope(sessions) as session:
        numbers = {each.id: each.ticket_no for each in session.scalars(select(Ticket))}
        return {
            "texts": Counter((each.to, each.text, each.kind) for each in session.scalars(select(OutboxMessage))),
            "visits": sorted(
                (numbers[each.ticket_id], each.status, each.evening_sent_at is not None)
                for each in session.scalars(select(Appointment))
            ),
            "calls": sorted(
                (each.phone, each.status, each.reminded_at is not None) for each in session.scalars(select(Callback))
            ),
            "promises": sorted(
                (numbers[each.ticket_id], each.kind, each.missed_at is not None, each.met_at is not None)
                for each in session.scalars(select(Promise))
            ),
            "raised": Counter((each.trigger, each.rung, each.times) for each in session.scalars(select(Escalation))),
            "told": Counter((each.person, each.means, each.rung) for each in session.scalars(select(Notice))),
            "waiting": sum(each.due_at is not None for each in session.scalars(select(Notice))),
            "entries": Counter(each.code for each in session.scalars(select(EscalationEntry))),
            "timeline": Counter(
                (numbers[each.ticket_id], each.code) for each in session.scalars(select(TimelineEntry))
            ),
            "followups": sorted((numbers[each.ticket_id], each.status) for each in session.scalars(select(FollowUp))),
        }
