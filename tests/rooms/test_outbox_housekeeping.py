"""What the outbox forgets, and what it must not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import db, reference
from backend.outbox import deciding, housekeeping, service, webhook
from backend.outbox.models import OutboxDecision, OutboxMessage, SpokenTurn, WebhookReceipt
from backend.outbox.rules import OutboxKind, Status, Verdict
from tests.rooms.outbox_bench import OTHER, PERSON, POLICY, Queue, Tick, carrier_fixture, queue_fixture, tick_fixture  # noqa: F401
from tests.telephony.fake_carrier import FakeCarrier

CALENDAR = reference.current().calendar
A_MONTH, HALF_A_YEAR = POLICY.keep_words, POLICY.keep_rows
MOMENT = timedelta(seconds=1)


def tidy(sessions: db.Sessions, now: datetime) -> int:
    return housekeeping.run_due(sessions, now, CALENDAR)


def rows(session: Session) -> list[tuple[str, str, Status]]:
    session.expire_all()
    found = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.to, row.text, row.status) for row in found]


def put(session: Session, queue: Queue, status: Status, reason: str | None = None, **more: object) -> OutboxMessage:
    row = queue(f"{status} {reason}", **more)
    row.status, row.reason = status, reason
    session.commit()
    return row


def test_words_and_number_are_forgotten_after_a_month_and_the_row_after_half_a_year(
    session: Session, sessions: db.Sessions, queue: Queue, tick: Tick, now: datetime
) -> None:
    queue("您好")
    tick(now)
    assert tidy(sessions, now + A_MONTH) == 0
    assert rows(session) == [(PERSON, "您好", Status.SENT)]
    assert tidy(sessions, now + A_MONTH + timedelta(days=1)) >= 1
    assert rows(session) == [("****8000", "", Status.SENT)]
    tidy(sessions, now + HALF_A_YEAR + timedelta(days=1))
    assert rows(session) == []


@pytest.mark.parametrize("status", [Status.PENDING, Status.CLAIMED, Status.SENDING])
def test_what_may_still_leave_is_kept_whole(
    session: Session, sessions: db.Sessions, queue: Queue, now: datetime, status: Status
) -> None:
    put(session, queue, status)
    tidy(sessions, now + 2 * HALF_A_YEAR)
    assert rows(session) == [(PERSON, f"{status} None", status)]


def test_what_waits_for_a_person_keeps_its_words_until_it_goes(
    session: Session, sessions: db.Sessions, queue: Queue, now: datetime
) -> None:
    waiting = put(session, queue, Status.DEAD, "attempts")
    dropped = put(session, queue, Status.REFUSED, "show")
    deciding.decide(session, dropped.id, Verdict.DROP, seen=0, who="陈晓", now=now)
    session.commit()
    tidy(sessions, now + A_MONTH + MOMENT)
    assert [text for _, text, _ in rows(session)] == ["dead attempts", ""]
    assert [row.id for row in service.attention(session, now=now)] == [waiting.id]
    tidy(sessions, now + HALF_A_YEAR + MOMENT)
    assert rows(session) == []
    assert session.scalars(select(OutboxDecision)).all() == []


def test_a_filtered_text_is_never_forgotten_but_whom_it_was_for(
    session: Session, sessions: db.Sessions, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    put(session, queue, Status.REFUSED, "filtered").seen_at = now
    session.commit()
    tidy(sessions, now + timedelta(days=400))
    assert rows(session) == [("****8000", "", Status.REFUSED)]
    queue("refused filtered", to=OTHER, kind=OutboxKind.AGENT, now=now)
    tick(now)
    assert carrier.sent == []


def test_receipts_go_after_two_weeks(session: Session, sessions: db.Sessions, now: datetime) -> None:
    for age in (13, 14, 15):
        webhook.remember(session, "sms", str(age), now - timedelta(days=age))
    session.commit()
    tidy(sessions, now)
    kept = set(session.scalars(select(WebhookReceipt.key)))
    assert kept == {"13", "14", "2026-11-24"}


def test_it_is_done_once_a_day_however_many_processes_tick(
    session: Session, sessions: db.Sessions, now: datetime
) -> None:
    old = now - timedelta(days=20)
    webhook.remember(session, "sms", "a", old)
    session.commit()
    assert tidy(sessions, now) == 1
    webhook.remember(session, "sms", "b", old)
    session.commit()
    assert tidy(sessions, now + timedelta(hours=13)) == 0
    assert tidy(sessions, now + timedelta(hours=14)) == 1


def test_much_is_forgotten_piece_by_piece(session: Session, sessions: db.Sessions, now: datetime) -> None:
    old = now - timedelta(days=20)
    session.add_all(WebhookReceipt(kind="sms", key=str(number), at=old) for number in range(housekeeping.PIECE + 3))
    session.commit()
    assert tidy(sessions, now) == housekeeping.PIECE + 3


def test_what_was_answered_in_calls_is_forgotten_and_so_are_words_nobody_has_said(
    session: Session, sessions: db.Sessions, queue: Queue, tick: Tick, now: datetime
) -> None:
    row = queue("您好", spoken="请按1", script="visit")
    tick(now)
    service.answer_once(session, row, "CA1:1", lambda: "<Response/>", now=now)
    session.commit()
    tidy(sessions, now + POLICY.keep_receipts)
    assert session.scalars(select(SpokenTurn.answer)).all() == ["<Response/>"]
    tidy(sessions, now + POLICY.keep_receipts + timedelta(days=1))
    assert session.scalars(select(SpokenTurn.answer)).all() == []
    assert service.answer_once(session, row, "CA1:2", lambda: "x", now=now) == "x"
    session.commit()
    tidy(sessions, now + A_MONTH + timedelta(days=1))
    session.expire_all()
    assert session.scalars(select(OutboxMessage.spoken)).all() == [None]
