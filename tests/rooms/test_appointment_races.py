"""Visits, several at once: the last place, a change, a reminder have one outcome each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import db
from backend.appointments import jobs, service
from backend.appointments.models import Appointment
from backend.appointments.rules import Status
from backend.errors import BadTime, HotlineError
from backend.outbox.rules import OutboxKind
from backend.tickets.models import Ticket
from conftest import at
from rooms.visits import (
    AFTERNOON,
    LINKS,
    MORNING,
    REFERENCE,
    book,
    open_case,
    queued,
    window,
)


def run(sessions: db.Sessions, moment: datetime) -> int:
    return jobs.run_due(sessions, moment, REFERENCE, LINKS)


def reminders(session: Session) -> list[str]:
    return [each.key.rpartition(":")[2] for each in queued(session) if each.kind is OutboxKind.REMINDER]


def test_the_last_place_is_given_once(committed: db.Sessions, now: datetime) -> None:
    pinned = window("2026-11-25 08:00", "10:00")
    with db.session_scope(committed) as session:
        opened = [open_case(session, now, phone=f"+861390013900{number}").ticket.id for number in range(6)]

    def take(ticket_id: int) -> str:
        try:
            with db.session_scope(committed) as session:
                book(session, session.get_one(Ticket, ticket_id), pinned, now)
        except BadTime as refused:
            return refused.reason if refused.details["alternatives"] else "refused without alternatives"
        return "taken"

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(take, opened))
    assert sorted(outcomes) == ["full"] * 4 + ["taken"] * 2
    with db.session_scope(committed) as session:
        stored = session.scalars(select(Appointment).where(Appointment.status == Status.CONFIRMED)).all()
        assert len(stored) == 2


def test_two_changes_of_one_visit_at_once_have_one_outcome(committed: db.Sessions, now: datetime) -> None:
    with db.session_scope(committed) as session:
        visit = book(session, open_case(session, now).ticket, MORNING, now)
        visit_id, seen = visit.id, visit.version

    def call_off(who: str) -> str:
        try:
            with db.session_scope(committed) as session:
                service.cancel(session, visit_id, who=who, version=seen, reference=REFERENCE, now=now)
        except HotlineError as refused:
            return refused.reason
        return "done"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(call_off, ["甲", "乙"]))
    assert outcomes[1] == "done"
    assert outcomes[0] in ("bad_status", "conflict")


def test_due_reminders_are_queued_once_by_several_ticks(committed: db.Sessions, now: datetime) -> None:
    with db.session_scope(committed) as session:
        for number in range(8):
            ticket = open_case(session, now, phone=f"+861390013901{number}", address="广州市越秀区北京路5号").ticket
            book(session, ticket, AFTERNOON, now)
    with ThreadPoolExecutor(4) as pool:
        handled = sum(pool.map(lambda _: run(committed, at("2026-11-24 17:00")), range(4)))
    with db.session_scope(committed) as session:
        assert reminders(session) == ["evening"] * 8
    assert handled == 8
