"""What the outbox tests share: a carrier that does as told, a way to queue and to tick."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from backend import db, reference
from backend.outbox import jobs, policy, sending, service
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind
from telephony.ports import CarrierStatus, DeliveryStatus
from tests.telephony.fake_carrier import FakeCarrier

REFERENCE = reference.current()
POLICY = policy.current()
PERSON, OTHER = "+8613800138000", "+8613900139000"
SID = "SM" + "5" * 32

Queue = Callable[..., OutboxMessage]
Tick = Callable[[datetime], int]


@pytest.fixture(name="carrier")
def carrier_fixture() -> FakeCarrier:
    return FakeCarrier()


@pytest.fixture(name="queue")
def queue_fixture(session: Session, now: datetime) -> Queue:
    """Queue a text and commit; what is not said is made up."""
    count = 0

    def put(text: str = "您好", **more: object) -> OutboxMessage:
        nonlocal count
        count += 1
        told = {"to": PERSON, "kind": OutboxKind.REPLY, "now": now, "key": f"k:{count}", "language": "zh"} | more
        row = service.queue(session, text=text, **told)  # type: ignore[arg-type]
        session.commit()
        return row

    return put


@pytest.fixture(name="tick")
def tick_fixture(sessions: db.Sessions, carrier: FakeCarrier) -> Tick:
    return lambda now: jobs.run_due(sessions, now, carrier, REFERENCE, "test")


def fresh(session: Session, row: OutboxMessage) -> OutboxMessage:
    session.expire_all()
    return session.get_one(OutboxMessage, row.id)


def callback(
    session: Session, row: OutboxMessage, word: str, now: datetime, *, code: int | None = None, attempt: int = 1
) -> bool:
    status = DeliveryStatus(SID, CarrierStatus(word), code)
    had_effect = sending.apply_status(session, status, ref=f"{row.id}.{attempt}", carrier="fake", now=now)
    session.commit()
    return had_effect
