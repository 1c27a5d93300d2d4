"""Danger by day and by night: who is told of it, by which means, until somebody takes care of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend import db
from backend.agents.models import Agent
from backend.callbacks import cases
from backend.conversations import holding
from backend.conversations import service as conversations
from backend.escalations import jobs, service
from backend.escalations.models import StaffMail
from backend.escalations.rules import End, Means, Rung, Trigger
from backend.escalations.telling import Staff
from backend.outbox import jobs as outbox_jobs
from backend.outbox.rules import Medium, OutboxKind
from backend.outbox.rules import Status as TextStatus
from backend.tickets.rules import Status
from conftest import at
from rooms.ladder import DUTY, MORNING, PHONE, REFERENCE, Floor
from telephony.console_carrier import ConsoleCarrier


class TestDanger:
    def test_in_hours_is_told_at_once_by_every_means_and_again_until_somebody_acknowledges(self, floor: Floor) -> None:
        ticket = floor.danger()
        floor.tick_through(MORNING, at("2026-11-24 10:40"))
        assert floor.rungs(Trigger.DANGER) == [
            ("24 10:05", Rung.AGENT),
            ("24 10:08", Rung.AGENT),
            ("24 10:11", Rung.OUTLET),
            ("24 10:16", Rung.GENERAL),
            ("24 10:21", Rung.GENERAL),
            ("24 10:26", Rung.MANAGER),
            ("24 10:36", Rung.MANAGER),
        ]
        first = [entry[2:] for entry in floor.told(Trigger.DANGER) if entry[0] == "24 10:05"]
        assert first == [
            ("陈晓", Means.CONSOLE),
            ("陈晓", Means.TEXT),
            ("陈晓", Means.EMAIL),
            ("林悦", Means.CONSOLE),
        ]
        assert ticket.ticket_no in floor.left()[0].text

    def test_at_night_rings_and_texts_the_duty_number_then_the_next_and_first_thing_in_the_morning(
        self, floor: Floor
    ) -> None:
        floor.danger(at("2026-11-24 22:00"))
        floor.tick_through(at("2026-11-24 22:00"), at("2026-11-24 23:30"))
        floor.tick(at("2026-11-25 07:59"), at("2026-11-25 08:00"), at("2026-11-25 08:01"))
        assert floor.rungs(Trigger.DANGER) == [
            *[(f"24 22:{minute}", Rung.AGENT) for minute in ("00", "05", "10")],
            *[(f"24 22:{minute}", Rung.GENERAL) for minute in ("15", "20")],
            *[(f"24 22:{minute}", Rung.MANAGER) for minute in ("25", "35", "45")],
            ("25 08:00", Rung.MANAGER),
        ]
        duty = [row for row in floor.left() if row.to == DUTY]
        assert [row.medium for row in duty[:2]] == [Medium.CALL, Medium.TEXT]
        assert {row.kind for row in floor.left()} == {OutboxKind.ALARM}
        assert len(duty) == 2 * 8
        names = {name for moment, _, name, _ in floor.told(Trigger.DANGER) if moment == "24 22:25"}
        assert names == {"值班电话", "吴经理"}

    def test_at_night_really_leaves_and_everything_else_stays_until_the_opening(self, floor: Floor) -> None:
        floor.ticket(at("2026-11-24 17:50"), said="再不来我打12315", phone="+8613800138022")
        floor.tick(at("2026-11-24 17:59:59"))  # the manager is told, a second too late for a text to leave
        floor.danger(at("2026-11-24 18:00"))
        floor.tick(at("2026-11-24 18:00"))
        for now in (at("2026-11-24 18:00:01"), at("2026-11-25 07:59:59")):
            outbox_jobs.run_due(floor.sessions, now, ConsoleCarrier(), REFERENCE, "test")
        sent = {(row.kind, row.medium, row.status) for row in floor.left()}
        assert sent == {
            (OutboxKind.STAFF, Medium.TEXT, TextStatus.PENDING),
            (OutboxKind.ALARM, Medium.CALL, TextStatus.SENT),
            (OutboxKind.ALARM, Medium.TEXT, TextStatus.SENT),
        }
        outbox_jobs.run_due(floor.sessions, at("2026-11-25 08:00"), ConsoleCarrier(), REFERENCE, "test")
        assert {row.status for row in floor.left()} == {TextStatus.SENT}

    def test_says_nothing_of_the_customer_to_anybody(self, floor: Floor) -> None:
        floor.danger(at("2026-11-24 22:00"))
        floor.tick_through(at("2026-11-24 22:00"), at("2026-11-24 22:20"))
        floor.tick(at("2026-11-25 08:00"))
        with db.read_scope(floor.sessions) as session:
            said = [row.text for row in floor.left()]
            said += [f"{mail.subject} {mail.body}" for mail in session.scalars(select(StaffMail))]
        assert said
        for text in said:
            assert "13800138021" not in text
            assert "李梅" not in text
            assert "水龙头麻手，" not in text
            assert "水或水龙头发麻" in text

    def test_without_a_duty_number_waits_for_those_the_night_knows_by_name(self, floor: Floor) -> None:
        floor.danger(at("2026-11-24 22:00"))
        floor.tick(at("2026-11-24 22:00"), staff=Staff())
        assert floor.rungs(Trigger.DANGER) == [("24 22:00", Rung.GENERAL)]
        assert {row.to for row in floor.left()} == {"+8613800138032"}

    def test_acknowledged_is_told_to_nobody_else_and_what_has_not_left_is_taken_back(self, floor: Floor) -> None:
        floor.danger(at("2026-11-24 22:00"))
        floor.tick(at("2026-11-24 22:00"))
        with db.session_scope(floor.sessions) as session:
            escalation = floor.only(Trigger.DANGER)
            service.acknowledge(session, escalation.id, floor.agent("chen"), now=at("2026-11-24 22:03"))
        floor.tick_through(at("2026-11-24 22:04"), at("2026-11-24 23:00"))
        floor.tick(at("2026-11-25 08:00"), at("2026-11-25 12:00"))
        assert floor.rungs(Trigger.DANGER) == [("24 22:00", Rung.AGENT)]
        assert {row.status for row in floor.left()} == {TextStatus.SUPPRESSED}

    def test_in_a_conversation_without_a_ticket_is_told_of_and_goes_over_to_the_ticket(self, floor: Floor) -> None:
        conversation_id = floor.say("水龙头麻手")
        with db.session_scope(floor.sessions) as session:
            conversations.request_handoff(
                session, conversation_id, "danger", "水龙头麻手", reference=REFERENCE, now=MORNING
            )
        floor.tick(MORNING)
        danger = floor.only(Trigger.DANGER)
        assert (danger.ticket_id, danger.conversation_id) == (None, conversation_id)
        assert danger.why_en == "danger reported: tingling water or taps"
        with db.session_scope(floor.sessions) as session:
            ticket = cases.report_hazard(
                session,
                conversation_id=conversation_id,
                message_id="m1",
                text="水龙头麻手",
                kind="tingling",
                phone=None,
                reference=REFERENCE,
                now=MORNING + timedelta(seconds=2),
            ).ticket
        floor.tick(MORNING + timedelta(seconds=3))
        assert floor.only(Trigger.DANGER).ticket_id == ticket.id
        assert len(floor.rungs(Trigger.DANGER)) == 1

    def test_that_waits_for_a_person_once_more_names_the_ticket_it_has(self, floor: Floor) -> None:
        ticket, later = floor.danger(), MORNING + timedelta(minutes=20)
        floor.tick(MORNING)
        with db.session_scope(floor.sessions) as session:
            assert ticket.conversation_id
            agent = session.scalars(select(Agent)).first()
            assert agent
            conversations.take_over(session, ticket.conversation_id, agent, reference=REFERENCE, now=MORNING)
            assert holding.return_due(session, later) == [ticket.conversation_id]
        floor.tick(later)
        again = [each for each in floor.all() if each.trigger is Trigger.DANGER][-1]
        assert (again.raised_at, again.ticket_id) == (later, ticket.id)
        assert again.why_en == "danger reported: tingling water or taps"

    def test_reported_again_after_its_ticket_was_closed_is_a_new_one(self, floor: Floor) -> None:
        ticket = floor.danger()
        floor.tick(MORNING)
        floor.move(ticket, Status.DONE, MORNING + timedelta(minutes=1))
        floor.tick(MORNING + timedelta(minutes=2))
        assert floor.only(Trigger.DANGER).ended_why is End.TICKET_CLOSED
        with db.session_scope(floor.sessions) as session:
            assert ticket.conversation_id
            cases.report_hazard(
                session,
                conversation_id=ticket.conversation_id,
                message_id="m2",
                text="又麻手了",
                kind="tingling",
                phone=PHONE,
                reference=REFERENCE,
                now=MORNING + timedelta(hours=1),
            )
        floor.tick(MORNING + timedelta(hours=1))
        assert [each.ended_at is None for each in floor.all() if each.trigger is Trigger.DANGER] == [False, True]

    def test_is_told_even_when_everything_else_fails(self, floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
        def fails(*_args: object, **_more: object) -> int:
            raise RuntimeError("the rest is broken")

        monkeypatch.setattr(jobs.queries, "look", fails)
        floor.danger()
        with pytest.raises(RuntimeError):
            floor.tick(MORNING)
        assert floor.rungs(Trigger.DANGER) == [("24 10:05", Rung.AGENT)]
