"""What is due at once leaves as fast as the carrier takes it, no faster, the urgent first."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import db
from backend.outbox import jobs, pacing, service
from backend.outbox.models import OutboxMessage, SenderSlot
from backend.outbox.rules import Medium, OutboxKind, Status
from backend.outbox.sending import Means
from conftest import at
from fakes import HandClock
from telephony.ports import Action, Capabilities, Feature, OutgoingText, Refused
from tests.rooms.outbox_bench import POLICY, REFERENCE
from tests.telephony.fake_carrier import FakeCarrier

OPENING = at("2026-11-24 08:00")
RATE = 20


class Morning:
    """A backlog at opening, a clock that waiting moves, and when the carrier was given what."""

    def __init__(self, sessions: db.Sessions, **rates: float) -> None:
        self.sessions, self.clock = sessions, HandClock(OPENING)
        self.carrier = FakeCarrier(replace(Capabilities(frozenset(Feature)), **rates))
        self.left: list[tuple[float, str]] = []
        self.carrier.while_sending = self.note
        self.closes_after = 10_000.0

    def note(self, text: OutgoingText) -> None:
        self.left.append((self.seconds, text.body))

    @property
    def seconds(self) -> float:
        return (self.clock.now() - OPENING).total_seconds()

    def queue(self, count: int, kind: OutboxKind, at_: datetime = OPENING, first: int = 0, **more: object) -> None:
        with db.session_scope(self.sessions) as session:
            for number in range(first, first + count):
                text, key, to = f"{kind} {number}", f"{kind}:{number}:{more}", f"+86138{number:08}"
                service.queue(session, to=to, text=text, kind=kind, now=at_, key=key, language="zh", **more)  # type: ignore[arg-type]

    def wait(self, seconds: float) -> bool:
        self.clock.move(timedelta(seconds=max(0, seconds)))
        return self.seconds >= self.closes_after

    def tick(self) -> int:
        """One tick, and the rest of its last second."""
        handled = jobs.run_due(
            self.sessions, self.clock.now(), self.carrier, REFERENCE, "test", clock=self.clock.now, wait=self.wait
        )
        self.clock.set(OPENING + timedelta(seconds=int(self.seconds) + 1))
        return handled

    def free_at(self) -> datetime:
        with self.sessions() as session:
            return session.scalars(select(SenderSlot.free_at)).one()


def test_a_backlog_leaves_oldest_first_at_the_carriers_rate(sessions: db.Sessions) -> None:
    morning = Morning(sessions, texts_per_second=RATE)
    morning.queue(60, OutboxKind.NOTICE, OPENING - timedelta(minutes=1))
    morning.queue(60, OutboxKind.REMINDER, OPENING - timedelta(minutes=2), first=100)
    morning.tick()
    assert [text for _, text in morning.left] == [
        *[f"reminder {number}" for number in range(100, 160)],
        *[f"notice {number}" for number in range(60)],
    ]
    assert [moment for moment, _ in morning.left] == pytest.approx([number / RATE for number in range(120)])


def test_what_is_urgent_does_not_wait_behind_a_backlog(sessions: db.Sessions) -> None:
    morning = Morning(sessions, texts_per_second=RATE)
    morning.queue(50, OutboxKind.NOTICE, OPENING - timedelta(hours=1))
    morning.queue(1, OutboxKind.AGENT, first=60)
    morning.queue(1, OutboxKind.SAFETY, first=61)
    morning.queue(1, OutboxKind.STAFF, first=62)

    def write(text: OutgoingText) -> None:
        morning.note(text)
        if len(morning.left) == 15:
            morning.queue(1, OutboxKind.REPLY, morning.clock.now(), first=63)

    morning.carrier.while_sending = write
    morning.tick()
    order = [text for _, text in morning.left]
    assert order[:4] == ["safety 61", "agent 60", "staff 62", "notice 0"]
    written, left = 14 / RATE, {text: moment for moment, text in morning.left}["reply 63"]
    assert left - written <= 1.0
    assert len(order) == 54


def test_two_processes_keep_the_rate_together(sessions: db.Sessions) -> None:
    one, other = Morning(sessions, texts_per_second=RATE), Morning(sessions, texts_per_second=RATE)
    one.queue(200, OutboxKind.NOTICE)
    hasty = replace(POLICY, tick_for=timedelta(seconds=0.01))
    for _ in range(60):
        for process in sorted((one, other), key=lambda process: process.seconds):
            jobs.run_due(
                sessions,
                process.clock.now(),
                process.carrier,
                REFERENCE,
                "test",
                clock=process.clock.now,
                wait=process.wait,
                policy=hasty,
            )
    moments = sorted(moment for moment, _ in [*one.left, *other.left])
    assert len(moments) == 200
    assert all(later - earlier > 0.99 / RATE for earlier, later in pairwise(moments))


def test_a_process_takes_no_more_slots_than_its_hands_fill(sessions: db.Sessions) -> None:
    """Else one process that is slower than the carrier would keep all others from helping."""
    morning = Morning(sessions, texts_per_second=RATE)
    morning.queue(50, OutboxKind.NOTICE)
    means = Means(morning.carrier, REFERENCE, POLICY)
    for hands, expected in ((1, 2), (8, 8)):
        with db.session_scope(sessions) as session:
            [line] = pacing.claim(
                session, means, tuple(Medium), token="t", owner="o", limit=50, hands=hands, now=OPENING
            )
        assert len(line.ids) == expected
    assert line.next_at == OPENING + 2 * timedelta(seconds=1 / RATE)


def test_calls_have_a_rate_of_their_own_and_hold_up_no_text(sessions: db.Sessions) -> None:
    morning = Morning(sessions, texts_per_second=RATE, calls_per_second=1)
    began: list[float] = []
    ring = morning.carrier.call

    def call(outgoing: object) -> object:
        began.append(morning.seconds)
        return ring(outgoing)  # type: ignore[arg-type]

    morning.carrier.call = call  # type: ignore[assignment, method-assign]
    morning.queue(40, OutboxKind.NOTICE)
    morning.queue(3, OutboxKind.ALARM, first=80, medium=Medium.CALL)
    morning.tick()
    morning.tick()
    assert [moment for moment, _ in morning.left] == pytest.approx([number / RATE for number in range(40)])
    assert began == pytest.approx([0, 1, 2])


def test_what_does_not_leave_costs_no_time(session: Session, sessions: db.Sessions) -> None:
    morning = Morning(sessions, texts_per_second=RATE)
    morning.queue(60, OutboxKind.NOTICE)
    with db.session_scope(sessions) as unit:
        for number in range(45):
            service.queue(
                unit,
                to=f"+86139{number:08}",
                text="晚了",
                kind=OutboxKind.REMINDER,
                now=OPENING - timedelta(hours=9),
                key=f"late:{number}",
                language="zh",
                valid_until=OPENING,
            )
    morning.tick()
    assert [moment for moment, _ in morning.left] == pytest.approx([number / RATE for number in range(60)])
    late = select(OutboxMessage.status).where(OutboxMessage.text == "晚了").distinct()
    assert session.scalars(late).all() == [Status.EXPIRED]


def test_a_closing_house_stops_sending_and_leaves_the_rest_to_the_others(
    session: Session, sessions: db.Sessions
) -> None:
    morning = Morning(sessions, texts_per_second=RATE)
    morning.queue(50, OutboxKind.NOTICE)
    morning.closes_after = 1.3
    assert morning.tick() == len(morning.left) == 26
    waiting = select(OutboxMessage.status, OutboxMessage.claim).where(OutboxMessage.status != Status.SENT).distinct()
    assert [tuple(row) for row in session.execute(waiting)] == [(Status.PENDING, None)]
    assert morning.free_at() == OPENING + timedelta(seconds=1.3)


def test_a_pace_set_by_a_wrong_clock_holds_nothing_up(sessions: db.Sessions) -> None:
    morning = Morning(sessions, texts_per_second=RATE)
    with db.session_scope(sessions) as session:
        ahead = OPENING + timedelta(hours=2)
        session.add(SenderSlot(carrier="fake", medium=Medium.TEXT, free_at=ahead))
    morning.queue(2, OutboxKind.NOTICE)
    morning.tick()
    assert len(morning.left) == 2


def test_a_paused_sender_is_tried_with_a_call_when_only_calls_wait(sessions: db.Sessions) -> None:
    morning = Morning(sessions, texts_per_second=RATE, calls_per_second=1)
    morning.queue(3, OutboxKind.ALARM, medium=Medium.CALL)
    morning.carrier.results.append(Refused(20003, Action.STOP))
    morning.tick()
    assert len(morning.carrier.calls) == 1
    morning.clock.move(POLICY.pause)
    for calls in (2, 3, 4):
        morning.tick()
        assert len(morning.carrier.calls) == calls


def test_several_hands_send_each_text_once_and_tell_of_a_fault(committed: db.Sessions) -> None:
    together = threading.Barrier(4)
    morning = Morning(committed)
    morning.queue(8, OutboxKind.NOTICE)
    morning.carrier.while_sending = lambda text: together.wait(5)  # type: ignore[assignment, return-value]
    handled = jobs.run_due(committed, OPENING, morning.carrier, REFERENCE, "test", hands=4)
    assert handled == 8
    assert sorted(morning.carrier.bodies) == [f"notice {number}" for number in range(8)]
    with committed() as session:
        assert session.scalars(select(OutboxMessage.status).distinct()).all() == [Status.SENT]

    crew = jobs.Crew(2)
    with pytest.raises(ZeroDivisionError), crew:
        crew.do(lambda: print(1 / 0))
