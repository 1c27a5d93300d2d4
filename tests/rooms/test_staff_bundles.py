"""A storm of escalations: each colleague gets one text at a time, with all that has come up; danger is never held."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import db
from backend.escalations import bundles, service
from backend.escalations.bundles import words_for
from backend.escalations.models import Escalation, Notice
from backend.escalations.rules import Means, Rung, Trigger, told_together_at
from backend.outbox import jobs as outbox_jobs
from backend.outbox import policy as outbox_policy
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import Medium, OutboxKind, Status
from backend.tickets.models import Ticket
from backend.tickets.rules import Words
from conftest import at
from rooms.at_once import overlapping
from rooms.ladder import REFERENCE, STAFF, Floor
from telephony import sms
from telephony.console_carrier import ConsoleCarrier

NOW = at("2026-11-24 10:05")
LEAD = "+8613800138032"
APART = timedelta(minutes=REFERENCE.escalations.bundle.text_minutes)
WHY = Words("上门承诺已超时", "the visit is late")


def storm(floor: Floor, count: int, now: datetime, *, first: int = 0) -> None:
    """So many missed promises are raised at once; the general section is told."""
    with db.session_scope(floor.sessions) as session:
        ticket = session.scalars(select(Ticket).order_by(Ticket.id)).first() or floor.ticket(NOW)
        for number in range(first, first + count):
            service.raise_for(session, Trigger.PROMISE_MISSED, f"storm:{number}", WHY, ticket=ticket, now=now)


def to_lead(session: Session) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.to == LEAD, OutboxMessage.medium == Medium.TEXT)
    return list(session.scalars(query.order_by(OutboxMessage.id)))


def test_the_first_leaves_at_once_and_what_follows_is_told_together(floor: Floor) -> None:
    storm(floor, 1, NOW)
    floor.tick(NOW)
    for minute in range(1, 8):
        storm(floor, 5, NOW + timedelta(minutes=minute), first=10 * minute)
        floor.tick(NOW + timedelta(minutes=minute))
    with floor.sessions() as session:
        assert len(to_lead(session)) == 1
    floor.tick(NOW + APART - timedelta(seconds=1))
    floor.tick(NOW + APART, NOW + APART)
    with floor.sessions() as session:
        first, second = to_lead(session)
        assert "35 件新通知" in second.text
        assert second.text.count("承诺超时") == REFERENCE.escalations.bundle.names
        assert sms.segments(second.text) <= outbox_policy.current().max_segments
        assert first.kind is second.kind is OutboxKind.STAFF


def test_an_hour_of_storm_is_a_handful_of_texts(floor: Floor) -> None:
    for minute in range(60):
        storm(floor, 3, NOW + timedelta(minutes=minute), first=10 * minute)
        floor.tick(NOW + timedelta(minutes=minute))
    with floor.sessions() as session:
        assert len(to_lead(session)) <= 60 / (APART / timedelta(minutes=1))


def test_danger_is_told_at_once_whatever_else_was(floor: Floor) -> None:
    storm(floor, 2, NOW)
    floor.tick(NOW)
    floor.danger(NOW + timedelta(minutes=1))
    floor.tick(NOW + timedelta(minutes=1))
    alarms = [each for each in floor.left() if each.kind is OutboxKind.ALARM]
    assert alarms
    assert all(each.queued_at == NOW + timedelta(minutes=1) for each in alarms)


def test_what_somebody_takes_care_of_is_left_out(floor: Floor) -> None:
    storm(floor, 1, NOW)
    floor.tick(NOW)
    storm(floor, 3, NOW + timedelta(minutes=1), first=5)
    floor.tick(NOW + timedelta(minutes=1))
    with db.session_scope(floor.sessions) as session:
        second, third, _ = session.scalars(select(Escalation.id).order_by(Escalation.id).offset(1)).all()
        for escalation_id in (second, third):
            service.acknowledge(session, escalation_id, floor.agent("zhou"), now=NOW + timedelta(minutes=2))
    floor.tick(NOW + APART)
    with floor.sessions() as session:
        assert "件新通知" not in to_lead(session)[-1].text, "one thing is told by itself"


def test_a_text_about_several_is_taken_back_once_all_are_taken_care_of(floor: Floor) -> None:
    storm(floor, 2, NOW)
    floor.tick(NOW)
    with db.session_scope(floor.sessions) as session:
        first, second = session.scalars(select(Escalation.id).order_by(Escalation.id)).all()
        service.acknowledge(session, first, floor.agent("zhou"), now=NOW)
        assert to_lead(session)[0].status is Status.PENDING
        service.acknowledge(session, second, floor.agent("zhou"), now=NOW)
        session.expire_all()
        assert to_lead(session)[0].status is Status.SUPPRESSED


def test_a_bundle_leaves_once(floor: Floor) -> None:
    storm(floor, 4, NOW)
    floor.tick(NOW, NOW, NOW + timedelta(seconds=2))
    carrier = ConsoleCarrier(say=lambda _text: None)
    outbox_jobs.run_due(floor.sessions, NOW, carrier, REFERENCE, "test")
    with floor.sessions() as session:
        assert [each.status for each in to_lead(session)] == [Status.SENT]
        told = session.scalars(select(Notice).where(Notice.means == Means.TEXT, Notice.rung == Rung.GENERAL)).all()
        assert {each.bundle for each in told} == {to_lead(session)[0].message_key}
        assert {each.due_at for each in told} == {None}


@pytest.mark.parametrize("count", [1, 2, 3, 4, 50])
def test_the_words_fit_two_segments_in_both_languages(count: int) -> None:
    for language in ("zh", "en"):
        table = REFERENCE.escalations.model_copy(update={"language": language})
        told = [
            Notice(
                escalation=Escalation(
                    trigger=Trigger.PROMISE_NEAR, why_zh=WHY.zh, why_en=WHY.en, raised_at=NOW, ticket=None
                )
            )
            for _ in range(count)
        ]
        text = words_for(told, is_call=False, reference=replace(REFERENCE, escalations=table))
        assert sms.segments(sms.economical(text)) <= outbox_policy.current().max_segments


@pytest.mark.parametrize(
    ("last", "expected"),
    [(None, NOW), (NOW, NOW + APART), (NOW - APART, NOW), (NOW - 2 * APART, NOW), (NOW - APART / 2, NOW + APART / 2)],
)
def test_when_somebody_is_told_again(last: datetime | None, expected: datetime) -> None:
    assert told_together_at(last, APART, NOW) == expected


def test_what_is_just_being_told_is_taken_back_once_somebody_takes_care_of_it(committed: db.Sessions) -> None:
    floor = Floor(committed)
    floor.ticket(NOW)
    storm(floor, 1, NOW)
    with db.read_scope(committed) as session:
        [missed] = session.scalars(select(Escalation)).all()
    with db.session_scope(committed) as session:
        assert service.step(session, missed.id, STAFF, reference=REFERENCE, now=NOW)
    wu = floor.agent("wu")
    overlapping(
        committed,
        lambda session: bundles.send_due(session, STAFF, reference=REFERENCE, now=NOW),
        lambda session: service.acknowledge(session, missed.id, wu, now=NOW),
    )
    assert [each.status for each in floor.left()] == [Status.SUPPRESSED]
