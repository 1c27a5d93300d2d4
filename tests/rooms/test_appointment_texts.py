"""What is texted about a visit, and its reminders: each once, none of what was called off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from backend import db
from backend.appointments import jobs, service, settling
from backend.outbox import jobs as outbox_jobs
from backend.outbox import service as outbox
from backend.outbox.rules import OutboxKind
from backend.outbox.rules import Status as OutboxStatus
from backend.tickets import policy
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import Status as TicketStatus
from conftest import at
from rooms.visits import (
    AFTERNOON,
    LINKS,
    MORNING,
    NEXT_MORNING,
    NO_LINKS,
    PHONE,
    REFERENCE,
    book,
    move,
    open_case,
    queued,
    window,
)
from telephony import sms
from telephony.console_carrier import ConsoleCarrier


@pytest.fixture
def ticket(session: Session, now: datetime) -> Ticket:
    return open_case(session, now).ticket


# --- texts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_text_fits_two_segments(session: Session, now: datetime, language: str) -> None:
    ticket = open_case(session, now, language=language).ticket
    visit = book(session, ticket, NEXT_MORNING, now)
    move(session, visit, window("2026-12-02 13:00", "18:00"), now)
    settling.late(session, visit.id, 600, who="x", reference=REFERENCE, now=now)
    settling.customer_absent(session, visit.id, who="x", reference=REFERENCE, links=LINKS, now=now)
    again = book(session, ticket, window("2026-12-02 13:00", "18:00"), now)
    service.cancel(session, again.id, who="x", reference=REFERENCE, now=now)
    texts = [each.text for each in queued(session)]
    assert len(texts) == 6
    assert [text for text in texts if sms.segments(text) > 2] == []
    assert [text for text in texts if "hotline.example.com" in text]


def test_a_carrier_without_addresses_gets_no_link(session: Session, ticket: Ticket, now: datetime) -> None:
    book(session, ticket, MORNING, now, links=NO_LINKS)
    assert "http" not in queued(session)[0].text


def test_a_landline_gets_no_texts(session: Session, now: datetime) -> None:
    ticket = open_case(session, now, phone="+8675722331234").ticket
    book(session, ticket, MORNING, now)
    assert queued(session) == []


def test_numbers_nobody_has_shown_to_own_share_one_budget_with_calls(
    session: Session, sessions: db.Sessions, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = replace(policy.limits(), texts_to_unconfirmed_numbers=1)
    policy.limits.cache_clear()
    monkeypatch.setattr(policy, "limits", lambda: limits)
    book(session, open_case(session, now).ticket, MORNING, now)
    book(session, open_case(session, now, phone="+8613900139001").ticket, MORNING, now)
    assert [each.to for each in queued(session)] == [PHONE]
    assert outbox.to_unconfirmed_since(session, at("2026-11-24 00:00")) == 1
    assert outbox.to_unconfirmed_since(session, at("2026-11-25 00:00")) == 0


def run(sessions: db.Sessions, moment: datetime) -> int:
    return jobs.run_due(sessions, moment, REFERENCE, LINKS)


def reminders(session: Session) -> list[str]:
    return [each.key.rpartition(":")[2] for each in queued(session) if each.kind is OutboxKind.REMINDER]


def test_a_visit_is_announced_the_evening_before_and_two_hours_before_each_once(
    session: Session, sessions: db.Sessions, now: datetime
) -> None:
    ticket = open_case(session, now).ticket
    book(session, ticket, AFTERNOON, now)
    session.commit()
    assert run(sessions, at("2026-11-24 16:59")) == 0
    assert run(sessions, at("2026-11-24 17:00")) == 1
    assert run(sessions, at("2026-11-24 17:01")) == 0
    assert run(sessions, at("2026-11-25 10:59")) == 0
    assert run(sessions, at("2026-11-25 11:00")) == 1
    assert run(sessions, at("2026-11-25 11:01")) == 0
    assert reminders(session) == ["evening", "soon"]
    assert [each.valid_until for each in queued(session)][-1] == AFTERNOON.start


def test_all_three_texts_of_a_visit_really_leave(session: Session, sessions: db.Sessions, now: datetime) -> None:
    book(session, open_case(session, now).ticket, AFTERNOON, now)
    session.commit()
    carrier = ConsoleCarrier(say=lambda _: None)
    for moment in ("2026-11-24 10:06", "2026-11-24 17:00", "2026-11-25 11:00"):
        run(sessions, at(moment))
        outbox_jobs.run_due(sessions, at(moment), carrier, REFERENCE, "test")
    session.expire_all()
    assert [(each.status, each.reason) for each in queued(session)] == [(OutboxStatus.SENT, None)] * 3
    assert [sms.segments(each.text) for each in queued(session)] == [2, 2, 2]


def test_no_reminder_of_what_was_moved_called_off_or_closed(
    session: Session, sessions: db.Sessions, now: datetime
) -> None:
    gone = book(session, open_case(session, now).ticket, AFTERNOON, now)
    service.cancel(session, gone.id, who="x", reference=REFERENCE, now=now)
    closed = open_case(session, now, phone="+8613900139001").ticket
    book(session, closed, AFTERNOON, now)
    tickets.move(session, closed, TicketStatus.DONE, who="x", reference=REFERENCE, now=now)
    moved = book(session, open_case(session, now, phone="+8613900139002").ticket, AFTERNOON, now)
    move(session, moved, NEXT_MORNING, now)
    session.commit()
    assert run(sessions, at("2026-11-24 17:30")) == 0
    assert run(sessions, at("2026-11-25 17:30")) == 1
    assert reminders(session) == ["evening"]


def test_a_tick_that_slept_through_the_window_sends_nothing(
    session: Session, sessions: db.Sessions, now: datetime
) -> None:
    book(session, open_case(session, now).ticket, AFTERNOON, now)
    session.commit()
    assert run(sessions, at("2026-11-25 13:00")) == 0
