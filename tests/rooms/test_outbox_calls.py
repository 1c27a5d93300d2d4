"""Calls and what staff must know, out of the same box: same states, same hours, nothing twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.customers import service as customers
from backend.outbox import service
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import Medium, OutboxKind, Status
from conftest import at
from telephony.ports import (
    Action,
    Capabilities,
    CarrierStatus,
    Feature,
    FoundCall,
    NotProcessed,
    OutgoingCall,
    Refused,
    Sent,
    Unknown,
)
from tests.rooms.outbox_bench import (  # noqa: F401  asked for by name
    OTHER,
    PERSON,
    POLICY,
    Queue,
    Tick,
    callback,
    carrier_fixture,
    fresh,
    queue_fixture,
    tick_fixture,
)
from tests.telephony.fake_carrier import FakeCarrier

NIGHT = at("2026-11-24 23:10")
LANDLINE = "+8675787654321"
CALL_SID = "CA" + "5" * 32


def ring(queue: Queue, text: str = "有客户报告漏电", **more: object) -> OutboxMessage:
    return queue(text, **{"kind": OutboxKind.ALARM, "medium": Medium.CALL} | more)


def test_an_alarm_rings_at_night_and_says_the_words(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier
) -> None:
    row = ring(queue, now=NIGHT)
    carrier.results.append(Sent(CALL_SID))
    assert tick(NIGHT) == 1
    assert carrier.calls == [OutgoingCall(PERSON, "有客户报告漏电", "zh", f"{row.id}.1", ring_for_s=40)]
    assert carrier.sent == []
    assert (fresh(session, row).status, fresh(session, row).sid) == (Status.SENT, CALL_SID)


def test_what_can_wait_reaches_staff_in_hotline_hours(queue: Queue, tick: Tick, carrier: FakeCarrier) -> None:
    ring(queue, "工单将超时", kind=OutboxKind.STAFF, now=NIGHT)
    queue("工单将超时", kind=OutboxKind.STAFF, now=NIGHT)
    tick(NIGHT)
    tick(at("2026-11-25 07:59:59"))
    assert (carrier.calls, carrier.sent) == ([], [])
    tick(at("2026-11-25 08:00"))
    assert (len(carrier.calls), carrier.bodies) == (1, ["工单将超时"])


def test_what_would_hardly_ring_before_closing_waits_for_the_next_opening(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier
) -> None:
    row = ring(queue, kind=OutboxKind.STAFF)
    tick(at("2026-11-24 17:59:46"))
    assert carrier.calls == []
    assert fresh(session, row).send_after == at("2026-11-25 08:00")
    early = ring(queue, kind=OutboxKind.STAFF, to=OTHER)
    tick(at("2026-11-24 17:59:45"))
    assert [(call.to, call.ring_for_s) for call in carrier.calls] == [(OTHER, 15)]
    assert fresh(session, early).status is Status.SENT


def test_staff_is_told_again_whatever_a_customer_would_be_spared(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    customers.find_or_add(session, PERSON, now=now)
    customers.set_opt_out(session, PERSON, now)
    for kind in (OutboxKind.ALARM, OutboxKind.STAFF):
        for _ in range(4):
            queue("漏电警报", kind=kind)
    for _ in range(4):
        tick(now)
    assert carrier.bodies == ["漏电警报"] * 8


def test_an_alarm_waits_for_nothing_else_to_the_same_person(
    queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    for kind in (OutboxKind.REPLY, OutboxKind.REMINDER, OutboxKind.STAFF, OutboxKind.SAFETY):
        queue(f"{kind}", kind=kind)
        carrier.results.append(NotProcessed("too fast"))
    tick(now)
    queue("漏电", kind=OutboxKind.ALARM)
    ring(queue)
    tick(now)
    assert carrier.bodies[4:] == ["漏电"]
    assert len(carrier.calls) == 1


def test_a_landline_can_be_rung_but_not_texted_and_a_premium_number_neither(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    text, call = queue("警报", kind=OutboxKind.ALARM, to=LANDLINE), ring(queue, to=LANDLINE)
    premium, ours = ring(queue, to="+869501234567"), ring(queue, to=OTHER, own_numbers=[OTHER])
    tick(now)
    assert (text.status, text.reason) == (Status.REFUSED, "fixed_line")
    assert premium.status is ours.status is Status.REFUSED
    assert ours.reason == "own_number"
    assert [one.to for one in carrier.calls] == [LANDLINE]
    assert fresh(session, call).status is Status.SENT


def test_a_carrier_without_a_voice_refuses_calls_where_somebody_sees_it(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    carrier.capabilities = Capabilities(frozenset(Feature), {"CN": frozenset({Feature.VOICE})})
    row = ring(queue)
    tick(now)
    assert carrier.calls == []
    assert (fresh(session, row).status, fresh(session, row).reason) == (Status.REFUSED, "no_voice")
    assert [one.id for one in service.attention(session, now=now)] == [row.id]


def test_a_reminder_by_call_keeps_the_customers_rules(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    for number in range(3):
        ring(queue, f"提醒{number}", kind=OutboxKind.REMINDER)
        tick(now)
    assert [call.words for call in carrier.calls] == ["提醒0", "提醒1"]
    again = ring(queue, "提醒0", kind=OutboxKind.REMINDER)
    tick(now + timedelta(hours=1))
    assert (fresh(session, again).status, fresh(session, again).reason) == (Status.SUPPRESSED, "same_text")
    service.opt_out(session, OTHER, now)
    gone = ring(queue, "提醒9", kind=OutboxKind.REMINDER, to=OTHER)
    tick(now)
    assert fresh(session, gone).status is Status.SUPPRESSED


def test_the_same_words_written_and_said_are_two_things(
    queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    queue("师傅快到了", kind=OutboxKind.NOTICE)
    ring(queue, "师傅快到了", kind=OutboxKind.NOTICE)
    tick(now)
    assert (carrier.bodies, len(carrier.calls)) == (["师傅快到了"], 1)


def test_a_call_is_one_row_however_long_and_does_not_ramble(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = ring(queue, "漏水了。" * 200)
    tick(now)
    [call] = carrier.calls
    assert len(call.words) == POLICY.max_call_characters
    assert call.words.endswith("…")
    assert len(session.scalars(select(OutboxMessage)).all()) == 1
    assert row.key == row.message_key


@pytest.mark.parametrize(
    ("words", "status", "reason"),
    [
        (["initiated", "ringing", "in-progress", "completed"], Status.DELIVERED, None),
        (["completed", "ringing", "in-progress", "initiated"], Status.DELIVERED, None),
        (["ringing", "no-answer", "initiated"], Status.REFUSED, "no_answer"),
        (["busy", "ringing", "busy"], Status.REFUSED, "busy"),
        (["canceled"], Status.REFUSED, "canceled"),
        (["ringing"], Status.SENT, None),
    ],
)
def test_a_calls_states_only_move_forward(
    session: Session,
    queue: Queue,
    tick: Tick,
    now: datetime,
    words: list[str],
    status: Status,
    reason: str | None,
) -> None:
    row = ring(queue)
    tick(now)
    for word in words:
        callback(session, row, word, now)
    stands = fresh(session, row)
    assert (stands.status, stands.reason) == (status, reason)
    tick(now + timedelta(hours=1))
    assert fresh(session, row).attempts == 1


def test_a_call_nobody_knows_about_is_not_made_again(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = ring(queue)
    carrier.results.append(Unknown("ReadTimeout"))
    tick(now)
    tick(now + timedelta(minutes=3))
    assert len(carrier.calls) == 1
    assert [one.id for one in service.attention(session, now=now + timedelta(minutes=3))] == [row.id]


@pytest.mark.parametrize(("began_s", "is_found"), [(2, True), (25, False), (-20, False)])
def test_an_unknown_call_is_found_again_by_when_it_began(
    session: Session,
    queue: Queue,
    tick: Tick,
    carrier: FakeCarrier,
    now: datetime,
    began_s: int,
    is_found: bool,
) -> None:
    row = ring(queue)
    carrier.results.append(Unknown("HTTP 503"))
    carrier.found_calls.append(FoundCall(CALL_SID, CarrierStatus.COMPLETED, now + timedelta(seconds=began_s)))
    tick(now)
    tick(now + timedelta(minutes=1))
    expected = (Status.DELIVERED, CALL_SID) if is_found else (Status.UNKNOWN, None)
    assert (fresh(session, row).status, fresh(session, row).sid) == expected


def test_a_carriers_word_that_staff_has_opted_out_is_shown_and_not_kept(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = queue("警报", kind=OutboxKind.ALARM)
    carrier.results.append(Refused(21610, Action.OPTED_OUT))
    tick(now)
    assert (fresh(session, row).status, fresh(session, row).reason) == (Status.REFUSED, "opted_out")
    assert [one.id for one in service.attention(session, now=now)] == [row.id]
    assert customers.opted_out_at(session, PERSON) is None


def test_a_simulated_phone_shows_texts_only(session: Session, queue: Queue, tick: Tick, now: datetime) -> None:
    ring(queue)
    queue("短信", kind=OutboxKind.ALARM)
    tick(now)
    assert [row.text for row in service.received_by(session, PERSON)] == ["短信"]
