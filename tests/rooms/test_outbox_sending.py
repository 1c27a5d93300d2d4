"""The outbox: order, claims and leases; what comes of a text; what nobody knows is shown."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from backend import db
from backend.outbox import queries, sending, service
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind, Status
from telephony.ports import (
    Action,
    CarrierStatus,
    DeliveryStatus,
    FoundText,
    NotProcessed,
    OutgoingText,
    Refused,
    Sent,
    Unknown,
)
from tests.rooms.outbox_bench import (  # noqa: F401  asked for by name
    OTHER,
    POLICY,
    REFERENCE,
    SID,
    Queue,
    Tick,
    callback,
    carrier_fixture,
    fresh,
    queue_fixture,
    tick_fixture,
)
from tests.telephony.fake_carrier import FakeCarrier


def test_the_order_to_one_person_is_kept_when_the_first_text_fails_for_a_moment(
    queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    queue("一")
    queue("二")
    queue("别人", to=OTHER)
    carrier.results.append(NotProcessed("too fast"))
    tick(now)
    assert carrier.bodies == ["一", "别人"]
    tick(now + timedelta(seconds=10))
    assert carrier.bodies == ["一", "别人", "一", "二"]


def test_a_safety_text_waits_for_nobody(queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime) -> None:
    queue("回复")
    carrier.results.append(NotProcessed("too fast"))
    tick(now)
    queue("请先关掉总闸", kind=OutboxKind.SAFETY)
    tick(now)
    assert carrier.bodies == ["回复", "请先关掉总闸"]


def test_a_lapsed_claim_is_taken_over_and_the_first_holder_sends_nothing(
    session: Session, queue: Queue, carrier: FakeCarrier, now: datetime
) -> None:
    row = queue()
    means = sending.Means(carrier, REFERENCE, POLICY)
    later = now + POLICY.lease
    assert sending.claim(session, means, token="first", owner="a", limit=9, now=now) == [row.id]
    assert sending.claim(session, means, token="second", owner="b", limit=9, now=now) == []
    assert sending.begin_sending(session, row.id, means, token="first", now=later) is None
    assert sending.claim(session, means, token="second", owner="b", limit=9, now=later) == [row.id]
    assert sending.begin_sending(session, row.id, means, token="first", now=now) is None
    assert sending.begin_sending(session, row.id, means, token="second", now=later) is not None
    assert sending.begin_sending(session, row.id, means, token="second", now=later) is None


def test_a_worker_that_vanishes_while_sending_leaves_an_unknown_outcome_that_is_not_sent_again(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = queue()
    means = sending.Means(carrier, REFERENCE, POLICY)
    sending.claim(session, means, token="t", owner="o", limit=9, now=now)
    assert sending.begin_sending(session, row.id, means, token="t", now=now) is not None
    session.commit()
    tick(now + timedelta(seconds=59))
    assert fresh(session, row).status is Status.SENDING
    tick(now + timedelta(seconds=60))
    assert (fresh(session, row).status, row.reason) == (Status.UNKNOWN, "abandoned")
    for minutes in (2, 5, 60):
        tick(now + timedelta(minutes=minutes))
    assert carrier.sent == []
    assert row.id in [shown.id for shown in service.attention(session, now=now + timedelta(minutes=5))]


def test_a_text_that_cannot_leave_is_given_up_after_six_tries_and_shown(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = queue()
    carrier.results.extend([NotProcessed("no connection")] * 20)
    for minutes in range(0, 120, 1):
        tick(now + timedelta(minutes=minutes))
    assert len(carrier.sent) == POLICY.attempts
    assert fresh(session, row).status is Status.DEAD
    assert [shown.id for shown in service.attention(session, now=now)] == [row.id]
    service.put_aside(session, row.id, now=now)
    session.commit()
    assert service.attention(session, now=now) == []


def test_an_unknown_outcome_is_never_sent_again_and_shown_within_five_minutes(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = queue()
    carrier.results.append(Unknown("ReadTimeout"))
    for seconds in range(0, 3600, 60):
        tick(now + timedelta(seconds=seconds))
    assert len(carrier.sent) == 1
    assert service.attention(session, now=now + timedelta(seconds=60)) == []
    assert [shown.id for shown in service.attention(session, now=now + timedelta(minutes=5))] == [row.id]


def test_an_unknown_outcome_is_settled_by_a_status_callback(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = queue()
    carrier.results.append(Unknown("HTTP 503"))
    tick(now)
    assert callback(session, row, "delivered", now)
    assert (fresh(session, row).status, row.sid) == (Status.DELIVERED, SID)


def test_an_unknown_outcome_is_settled_by_asking_the_carrier(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    earlier = queue("同样的话")
    carrier.results.append(Sent("SM" + "1" * 32))
    tick(now)
    row = queue("同样的话")
    carrier.results.append(Unknown("HTTP 503"))
    tick(now)
    known = FoundText("SM" + "1" * 32, "同样的话", CarrierStatus.SENT, None, now)
    other = FoundText("SM" + "2" * 32, "别的话", CarrierStatus.SENT, None, now)
    carrier.found = [known, other]
    tick(now + timedelta(minutes=1))
    assert fresh(session, row).status is Status.UNKNOWN
    carrier.is_away = True
    tick(now + timedelta(minutes=2))
    carrier.is_away = False
    carrier.found.append(FoundText("SM" + "3" * 32, "同样的话", CarrierStatus.DELIVERED, None, now))
    tick(now + timedelta(minutes=3))
    assert (fresh(session, row).status, row.sid) == (Status.DELIVERED, "SM" + "3" * 32)
    assert fresh(session, earlier).sid == "SM" + "1" * 32
    assert len(carrier.sent) == 2


def test_a_callback_faster_than_our_own_commit_is_not_overwritten(
    session: Session, sessions: db.Sessions, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = queue()

    def report_delivery(text: OutgoingText) -> None:
        with db.session_scope(sessions) as other:
            status = DeliveryStatus(SID, CarrierStatus.DELIVERED, None)
            assert sending.apply_status(other, status, ref=text.reference, carrier="fake", now=now)

    carrier.while_sending = report_delivery
    carrier.results.append(Unknown("ReadTimeout"))
    tick(now)
    assert fresh(session, row).status is Status.DELIVERED


def test_callbacks_in_the_wrong_order_and_twice_end_right(
    session: Session, queue: Queue, tick: Tick, now: datetime
) -> None:
    row = queue()
    tick(now)
    effects = [callback(session, row, word, now) for word in ("delivered", "sent", "queued", "delivered")]
    assert effects == [True, False, False, False]
    assert fresh(session, row).status is Status.DELIVERED
    assert not callback(session, row, "failed", now, attempt=2)
    assert not callback(session, row, "failed", now, attempt=0)


def test_a_callback_without_our_reference_is_matched_by_the_carriers_id(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = queue()
    carrier.results.append(Sent(SID))
    tick(now)
    status = DeliveryStatus(SID, CarrierStatus.DELIVERED, None)
    assert sending.apply_status(session, status, ref="", carrier="fake", now=now)
    assert not sending.apply_status(
        session, dataclasses.replace(status, sid="SM" + "9" * 32), ref="x", carrier="fake", now=now
    )
    session.commit()
    assert fresh(session, row).status is Status.DELIVERED


def test_a_phone_out_of_reach_gets_one_more_try_half_an_hour_later(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = queue(kind=OutboxKind.REMINDER)
    tick(now)
    callback(session, row, "undelivered", now, code=30003)
    tick(now + timedelta(minutes=29))
    assert len(carrier.sent) == 1
    tick(now + timedelta(minutes=30))
    assert [text.reference for text in carrier.sent] == [f"{row.id}.1", f"{row.id}.2"]
    callback(session, row, "undelivered", now, code=30003, attempt=2)
    tick(now + timedelta(hours=2))
    assert len(carrier.sent) == 2
    assert fresh(session, row).status is Status.REFUSED


def test_a_late_delivery_calls_the_second_try_off(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = queue()
    tick(now)
    callback(session, row, "undelivered", now, code=30003)
    callback(session, row, "delivered", now)
    tick(now + timedelta(hours=1))
    assert len(carrier.sent) == 1
    assert fresh(session, row).status is Status.DELIVERED


def test_a_filtered_text_is_never_sent_again_to_anybody(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = queue("中奖")
    tick(now)
    callback(session, row, "undelivered", now, code=30007)
    other = queue("中奖", to=OTHER)
    tick(now)
    assert len(carrier.sent) == 1
    assert fresh(session, other).reason == "filtered"


def test_a_refused_account_pauses_the_sender_with_one_alarm_and_keeps_every_row(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    for number in range(5):
        queue(to=f"+861380013800{number}")
    carrier.results.extend([Refused(20003, Action.STOP)] * 6)
    with capture_logs() as logs:
        for seconds in range(0, 330, 10):
            tick(now + timedelta(seconds=seconds))
    alarms = [entry for entry in logs if entry["log_level"] == "error"]
    assert [entry["event"] for entry in alarms] == ["sender paused: the carrier refuses our account"]
    assert len(carrier.sent) == 6
    assert [pause.carrier for pause in service.paused(session)] == ["fake"]
    session.commit()
    tick(now + timedelta(seconds=390))
    statuses = session.scalars(select(OutboxMessage.status)).all()
    assert set(statuses) == {Status.SENT}
    assert len(statuses) == 5
    session.expire_all()
    assert service.paused(session) == []


def test_a_row_nobody_can_handle_is_given_up_and_the_others_flow(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, good = queue("毒"), queue("好", to=OTHER)
    filtered = queries.was_filtered

    def breaks(session: Session, digest: str) -> bool:
        if digest == poison.digest:
            raise RuntimeError("poison")
        return filtered(session, digest)

    monkeypatch.setattr(queries, "was_filtered", breaks)
    for minutes in range(60):
        tick(now + timedelta(minutes=minutes))
    assert carrier.bodies == ["好"]
    assert fresh(session, poison).status is Status.DEAD
    assert fresh(session, good).status is Status.SENT


def test_a_carrier_that_raises_may_have_sent_the_text(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = queue()
    carrier.results.append(RuntimeError("broken"))
    tick(now)
    tick(now + timedelta(minutes=10))
    assert len(carrier.sent) == 1
    assert fresh(session, row).status is Status.UNKNOWN
