"""The outbox: what may be queued, when it may leave, and to whom."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from backend import db
from backend.customers import service as customers
from backend.outbox import jobs, sending, service
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind, Status
from conftest import at
from telephony.ports import (
    Action,
    Refused,
    Unknown,
)
from tests.rooms.outbox_bench import (  # noqa: F401  asked for by name
    OTHER,
    PERSON,
    POLICY,
    REFERENCE,
    Queue,
    Tick,
    carrier_fixture,
    fresh,
    queue_fixture,
    tick_fixture,
)
from tests.telephony.fake_carrier import FakeCarrier


def test_the_same_key_makes_one_row_and_one_text(queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime) -> None:
    first, again = queue("甲", key="reminder:1"), queue("乙", key="reminder:1")
    assert again.id == first.id
    tick(now)
    tick(now)
    assert carrier.bodies == ["甲"]


def test_a_long_text_becomes_several_that_leave_in_order(
    queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    sentence = "师傅会在约定的时间上门，请留意来电。"
    first = queue(sentence * 20, key="long")
    assert first.key == "long#1"
    assert queue(sentence * 20, key="long").id == first.id
    tick(now)
    assert len(carrier.bodies) == 3
    assert "".join(carrier.bodies) == sentence * 20


def test_a_text_without_end_is_cut_off(queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime) -> None:
    with capture_logs() as logs:
        queue("水" * 100_000)
    tick(now)
    assert len(carrier.sent) == POLICY.max_pieces
    assert carrier.bodies[-1].endswith("…")
    assert [entry["event"] for entry in logs] == ["text cut off"]


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("+8616800138000", "premium"),
        ("+14155552671", "foreign"),
        ("95598", "short_code"),
        ("Bank", "letters"),
        ("+8675786667788", "fixed_line"),
    ],
)
def test_a_number_that_must_not_be_texted_is_refused_and_shown(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime, to: str, reason: str
) -> None:
    row = queue(to=to)
    assert row.status is Status.REFUSED
    tick(now)
    assert carrier.sent == []
    assert [shown.id for shown in service.attention(session, now=now)] == [row.id]
    if reason != "premium":  # which ranges cost extra is the numbering plan's business, refused is what matters
        assert row.reason == reason


def test_our_own_number_is_refused_when_queued_and_when_sent(
    session: Session, sessions: db.Sessions, queue: Queue, now: datetime
) -> None:
    assert queue(own_numbers=[PERSON]).reason == "own_number"
    row = queue()
    jobs.run_due(sessions, now, FakeCarrier(own_numbers=[PERSON]), REFERENCE, "test")
    assert (fresh(session, row).status, row.reason) == (Status.REFUSED, "own_number")


def test_a_text_of_nothing_is_refused(queue: Queue) -> None:
    assert (queue(" \x00\n").status, queue("").reason) == (Status.REFUSED, "empty")


def test_a_reminder_of_the_night_leaves_at_opening_and_says_until_when(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier
) -> None:
    night = at("2026-11-24 18:00")
    row = queue(kind=OutboxKind.REMINDER, now=night)
    tick(night)
    assert carrier.sent == []
    assert (fresh(session, row).send_after, row.reason) == (at("2026-11-25 08:00"), "closed")
    tick(at("2026-11-25 07:59:59"))
    assert carrier.sent == []
    tick(at("2026-11-25 08:00"))
    assert [text.valid_for_s for text in carrier.sent] == [36_000]


def test_a_reply_and_a_safety_text_leave_at_night(queue: Queue, tick: Tick, carrier: FakeCarrier) -> None:
    night = at("2026-11-24 23:30")
    queue("回复", now=night)
    queue("请先关掉总闸", kind=OutboxKind.SAFETY, now=night)
    tick(night)
    assert sorted(carrier.bodies) == ["回复", "请先关掉总闸"]


def test_what_was_due_before_closing_and_did_not_leave_goes_first_in_the_morning(
    session: Session, sessions: db.Sessions, queue: Queue, carrier: FakeCarrier
) -> None:
    late = at("2026-11-24 17:55")
    for number in range(7):
        queue(
            f"第{number}条", to=f"+861380013800{number}", kind=OutboxKind.NOTICE, now=late + timedelta(seconds=number)
        )
    hurried = dataclasses.replace(POLICY, batch=3)
    jobs.run_due(sessions, late + timedelta(seconds=10), carrier, REFERENCE, "test", policy=hurried)
    assert len(carrier.sent) == 3
    jobs.run_due(sessions, at("2026-11-24 18:00"), carrier, REFERENCE, "test")
    assert len(carrier.sent) == 3
    jobs.run_due(sessions, at("2026-11-25 08:00"), carrier, REFERENCE, "test")
    assert carrier.bodies == [f"第{number}条" for number in range(7)]


def test_at_opening_a_text_that_waited_for_it_is_not_overtaken(
    sessions: db.Sessions, queue: Queue, carrier: FakeCarrier
) -> None:
    evening, moment = at("2026-11-24 17:59:59"), timedelta(milliseconds=100)
    queue("一", kind=OutboxKind.NOTICE, now=evening)
    jobs.run_due(sessions, evening + timedelta(seconds=1), carrier, REFERENCE, "test")
    queue("二", kind=OutboxKind.NOTICE, now=evening + timedelta(seconds=2))
    opening = at("2026-11-25 08:00")
    claimed_before = iter([*[opening - moment] * 4, *[opening + moment] * 40])
    jobs.run_due(sessions, opening - moment, carrier, REFERENCE, "test", clock=lambda: next(claimed_before))
    jobs.run_due(sessions, opening + moment, carrier, REFERENCE, "test")
    assert carrier.bodies == ["一", "二"]


def test_a_batch_that_runs_into_closing_time_stops_there(
    sessions: db.Sessions, queue: Queue, carrier: FakeCarrier
) -> None:
    moments = [at("2026-11-24 17:59:58") + timedelta(seconds=second) for second in range(9)]
    for number in range(3):
        queue(to=f"+861380013800{number}", kind=OutboxKind.NOTICE, now=moments[0])
    time_passes = iter([*moments[:4], *[moments[8]] * 40])
    jobs.run_due(sessions, moments[0], carrier, REFERENCE, "test", clock=lambda: next(time_passes))
    assert len(carrier.sent) < 3


@pytest.mark.parametrize(
    ("begun", "woken"), [("17:59:58", "18:00:00"), ("10:00:00", "10:01:00"), ("10:00:00", "10:15:00")]
)
def test_a_process_that_oversleeps_between_decision_and_sending_sends_nothing(
    session: Session, sessions: db.Sessions, queue: Queue, carrier: FakeCarrier, begun: str, woken: str
) -> None:
    row = queue(kind=OutboxKind.NOTICE, now=at(f"2026-11-24 {begun}"))
    moments = [at(f"2026-11-24 {begun}")] * 5
    asleep = iter([*moments, *[at(f"2026-11-24 {woken}")] * 40])
    jobs.run_due(sessions, moments[0], carrier, REFERENCE, "test", clock=lambda: next(asleep))
    assert carrier.sent == []
    assert (fresh(session, row).status, fresh(session, row).failures) == (Status.PENDING, 1)


def test_a_person_gets_two_automatic_texts_a_day_and_never_the_same_again(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    rows = [queue(text, kind=OutboxKind.NOTICE) for text in ("一", "一", "二", "三")]
    queue("四", kind=OutboxKind.NOTICE, to=OTHER)
    tick(now)
    assert carrier.bodies == ["一", "四", "二"]
    assert fresh(session, rows[1]).reason == "same_text"
    assert fresh(session, rows[3]).reason == "daily_limit"
    tick(at("2026-11-25 08:00"))
    assert carrier.bodies[-1] == "三"


def test_a_day_the_calendar_does_not_know_holds_a_reminder_back_and_shows_it(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier
) -> None:
    far = at("2031-01-02 10:00")
    row = queue(kind=OutboxKind.REMINDER, now=far)
    tick(far)
    assert carrier.sent == []
    assert fresh(session, row).status is Status.PENDING
    assert [shown.reason for shown in service.attention(session, now=far)] == ["outside_calendar"]


def test_a_text_that_came_too_late_does_not_leave(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = queue(kind=OutboxKind.REMINDER, valid_until=now)
    tick(now)
    assert carrier.sent == []
    assert fresh(session, row).status is Status.EXPIRED


def test_an_opt_out_takes_back_what_waits_but_not_safety_an_agent_or_staff(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    rows = {kind: queue(f"{kind}", kind=kind) for kind in OutboxKind}
    queue("别人", to=OTHER)
    customers.set_opt_out(session, PERSON, now)
    assert service.suppress(session, PERSON, now) == 3
    session.commit()
    tick(now)
    assert sorted(carrier.bodies) == ["agent", "alarm", "safety", "staff", "别人"]
    assert fresh(session, rows[OutboxKind.REMINDER]).status is Status.SUPPRESSED


def test_an_opt_out_between_claim_and_sending_is_in_time(
    session: Session, sessions: db.Sessions, queue: Queue, carrier: FakeCarrier, now: datetime
) -> None:
    row = queue(kind=OutboxKind.REMINDER)
    means = sending.Means(carrier, REFERENCE, POLICY)
    assert sending.claim(session, means, token="t", owner="o", limit=9, now=now) == [row.id]
    customers.set_opt_out(session, PERSON, now)
    service.suppress(session, PERSON, now)
    session.commit()
    assert sending.begin_sending(session, row.id, means, token="t", now=now) is None
    assert fresh(session, row).status is Status.SUPPRESSED


def test_after_an_opt_out_only_what_answers_later_words_leaves(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    customers.set_opt_out(session, PERSON, now)
    session.commit()
    queue("已退订", answering=now)
    queue("迟到的回复", answering=now - timedelta(seconds=3))
    queue("提醒", kind=OutboxKind.REMINDER)
    tick(now)
    assert carrier.bodies == ["已退订"]


def test_a_refusal_because_of_an_opt_out_at_the_carrier_is_remembered(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    first = queue("一", kind=OutboxKind.NOTICE)
    second = queue("二", kind=OutboxKind.NOTICE)
    carrier.results.append(Refused(21610, Action.OPTED_OUT))
    tick(now)
    assert carrier.bodies == ["一"]
    assert {fresh(session, row).status for row in (first, second)} == {Status.SUPPRESSED}
    assert customers.opted_out(session, PERSON)


def test_a_cancelled_message_does_not_leave_and_one_that_left_cannot_be_cancelled(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    queue("一", key="a")
    queue("二", key="b")
    assert service.cancel(session, "a") == 1
    session.commit()
    tick(now)
    assert carrier.bodies == ["二"]
    assert service.cancel(session, "b") == 0


def test_the_age_of_the_oldest_due_text_is_known(session: Session, queue: Queue, tick: Tick, now: datetime) -> None:
    assert service.oldest_due_age(session, now=now) is None
    queue()
    assert service.oldest_due_age(session, now=now + timedelta(seconds=7)) == 7
    tick(now)
    session.expire_all()
    assert service.oldest_due_age(session, now=now + timedelta(seconds=7)) is None


def test_recent_texts_and_those_of_one_person_can_be_listed(
    session: Session, queue: Queue, tick: Tick, now: datetime
) -> None:
    reminder = queue("提醒", kind=OutboxKind.REMINDER, now=at("2026-11-23 19:00"))
    session.execute(update(OutboxMessage).values(send_after=now + timedelta(minutes=5)))
    session.commit()
    queue("一")
    queue("二", to=OTHER)
    tick(now)
    tick(now + timedelta(minutes=5))
    assert [row.text for row in service.received_by(session, PERSON)] == ["一", "提醒"]
    assert [row.text for row in service.received_by(session, PERSON, after=1)] == ["提醒"]
    assert [row.text for row in service.recent(session, limit=2)] == ["二", "一"]
    assert service.recent(session, before=reminder.id) == []


def test_logs_hold_neither_numbers_nor_words(queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime) -> None:
    carrier.results.extend([Unknown("ReadTimeout"), Refused(21211, Action.VOICE), Refused(21408, Action.BLOCKED)])
    with capture_logs() as logs:
        for number in range(5):
            queue("秘密", to=f"+861380013800{number}")
        tick(now)
    assert logs
    assert "1380013800" not in str(logs)
    assert "秘密" not in str(logs)
