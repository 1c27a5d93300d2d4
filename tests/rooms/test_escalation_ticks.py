"""Escalations are acknowledged once, and ticks of any number of processes tell everybody once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backend import db
from backend.agents.models import Agent
from backend.errors import Conflict, Refused
from backend.escalations import jobs, service
from backend.escalations.models import Escalation, EscalationEntry, Notice, PromiseWatch, StaffMail
from backend.escalations.rules import End, Rung, Trigger
from backend.outbox.models import OutboxMessage
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import Status
from conftest import at
from rooms.ladder import MORNING, REFERENCE, STAFF, Floor


class TestAcknowledging:
    @pytest.fixture
    def raised(self, floor: Floor) -> Escalation:
        ticket = floor.ticket()
        floor.chase(ticket, "怎么还没来", MORNING)
        floor.tick(MORNING)
        return floor.only(Trigger.REPEAT_CONTACT)

    def test_stops_the_climbing_and_the_second_agent_is_told_who_was_faster(
        self, floor: Floor, raised: Escalation
    ) -> None:
        with db.session_scope(floor.sessions) as session:
            service.acknowledge(session, raised.id, floor.agent("chen"), now=MORNING)
            service.acknowledge(session, raised.id, floor.agent("chen"), now=MORNING)
            with pytest.raises(Conflict, match="陈晓"):
                service.acknowledge(session, raised.id, floor.agent("lin"), now=MORNING)
        floor.tick_through(MORNING, MORNING + timedelta(hours=3))
        assert [rung for _, rung in floor.rungs(Trigger.REPEAT_CONTACT)] == [Rung.AGENT]

    def test_can_be_taken_back_and_then_the_time_begins_anew(self, floor: Floor, raised: Escalation) -> None:
        with db.session_scope(floor.sessions) as session:
            service.acknowledge(session, raised.id, floor.agent("chen"), now=MORNING)
            service.undo_acknowledgement(session, raised.id, floor.agent("chen"), now=MORNING + timedelta(hours=1))
            with pytest.raises(Conflict):
                service.undo_acknowledgement(session, raised.id, floor.agent("lin"), now=MORNING)
        floor.tick_through(MORNING + timedelta(hours=1), MORNING + timedelta(hours=1, minutes=16))
        assert floor.rungs(Trigger.REPEAT_CONTACT) == [("24 10:05", Rung.AGENT), ("24 11:20", Rung.OUTLET)]

    def test_comments_and_a_reason_are_kept_and_an_empty_one_is_refused(self, floor: Floor, raised: Escalation) -> None:
        chen = floor.agent("chen")
        with db.session_scope(floor.sessions) as session:
            service.comment(session, raised.id, chen, "已经联系网点", now=MORNING)
            for write in (service.comment, service.resolve):
                with pytest.raises(Refused):
                    write(session, raised.id, chen, "  ", now=MORNING)
            ended = service.resolve(session, raised.id, chen, "师傅已经在路上", now=MORNING)
            assert (ended.ended_why, ended.note, ended.ended_by) == (End.BY_HAND, "师傅已经在路上", "陈晓")
            with pytest.raises(Conflict):
                service.resolve(session, raised.id, chen, "再说一次", now=MORNING)
            with pytest.raises(Conflict):
                service.acknowledge(session, raised.id, chen, now=MORNING)
            story = service.story(session, raised.id)
        assert [entry.code for entry in story.entries] == ["raised", "reached", "comment", "ended"]

    def test_is_written_into_the_tickets_timeline(self, floor: Floor, raised: Escalation) -> None:
        with db.session_scope(floor.sessions) as session:
            service.acknowledge(session, raised.id, floor.agent("chen"), now=MORNING)
            shown = tickets.shape(session, session.get_one(Ticket, raised.ticket_id), REFERENCE)
        assert [entry.what for entry in shown.timeline][-2:] == [
            "通知当班客服：客户第 2 次联系",
            "确认处理：客户第 2 次联系",
        ]

    def test_a_rung_is_refused_a_second_time_by_the_database(self, floor: Floor, raised: Escalation) -> None:
        again = EscalationEntry(
            escalation_id=raised.id, at=MORNING, who="system", code="reached", params={}, key="rung:agent"
        )
        with pytest.raises(IntegrityError), db.session_scope(floor.sessions) as session:
            session.add(again)


class TestTheTick:
    def test_again_and_again_changes_nothing(self, floor: Floor) -> None:
        floor.danger()
        floor.ticket(said="再不来我打12315", phone="+8613800138022")
        floor.say("垃圾公司")
        floor.tick(*[MORNING] * 4)
        with db.read_scope(floor.sessions) as session:
            counts = [session.scalar(select(func.count()).select_from(table)) for table in (Escalation, Notice)]
        assert counts == [3, 4 + 3 + 2]
        assert len(floor.left()) == 2

    def test_leaves_what_happened_before_the_ladder_was_put_up_in_peace(self, floor: Floor) -> None:
        ticket = floor.ticket(said="再不来我打12315")
        floor.chase(ticket, "怎么还没来", MORNING)
        floor.miss(at("2026-11-24 11:06"))
        floor.tick(at("2026-11-28 10:00"))
        triggers = {each.trigger for each in floor.all()}
        assert not triggers & {Trigger.PROMISE_MISSED, Trigger.REPEAT_CONTACT, Trigger.MANAGER_CALLED}

    def test_forgets_watches_of_what_does_not_run_any_more(self, floor: Floor) -> None:
        ticket = floor.ticket()
        floor.tick(MORNING)
        floor.move(ticket, Status.DONE, MORNING)
        floor.tick(at("2026-11-24 11:00"), at("2026-11-25 17:00"))
        with db.read_scope(floor.sessions) as session:
            assert session.scalar(select(func.count()).select_from(PromiseWatch)) == 0

    def test_sends_mails_once_and_those_taken_back_not_at_all(self, floor: Floor) -> None:
        floor.ticket(said="再不来我打12315")
        floor.tick(MORNING, MORNING)
        with db.read_scope(floor.sessions) as session:
            [mail] = session.scalars(select(StaffMail))
        assert (mail.to, mail.status, mail.attempts) == ("wu@example.com", "sent", 1)
        assert mail.body.endswith(f"{STAFF.console}\n")

    def test_by_two_processes_at_once_tells_everybody_once(self, committed: db.Sessions) -> None:
        floor = Floor(committed)
        floor.danger()
        for place in range(4):
            ticket = floor.ticket(said="再不来我打12315", phone=f"+86138001380{40 + place}")
            floor.chase(ticket, "怎么还没来", MORNING)

        def tick(_worker: int) -> None:
            for minute in range(0, 45, 6):
                jobs.run_due(committed, MORNING + timedelta(minutes=minute), REFERENCE, staff=STAFF)

        with ThreadPoolExecutor(2) as workers:
            list(workers.map(tick, range(2)))
        with db.read_scope(committed) as session:
            per_rung = session.execute(
                select(EscalationEntry.escalation_id, EscalationEntry.key, func.count())
                .where(EscalationEntry.code == "reached")
                .group_by(EscalationEntry.escalation_id, EscalationEntry.key)
            ).all()
            notices = session.scalars(select(Notice.key)).all()
            texts = session.scalars(select(OutboxMessage.message_key).where(OutboxMessage.kind != "reminder")).all()
            dangers = session.scalars(select(Escalation).where(Escalation.trigger == Trigger.DANGER)).all()
        assert all(count == 1 for _, _, count in per_rung)
        assert len(set(notices)) == len(notices)
        assert len(set(texts)) == len(texts)
        assert len(dangers) == 1
        told = [key for key in notices if key.startswith(f"{dangers[0].id}:")]
        assert {key.split(":")[1] for key in told} == set(Rung)

    def test_two_agents_acknowledge_at_once_and_one_wins(self, committed: db.Sessions) -> None:
        floor = Floor(committed)
        floor.danger()
        floor.tick(MORNING)
        escalation = floor.only(Trigger.DANGER)

        def acknowledge(username: str) -> str:
            try:
                with db.session_scope(committed) as session:
                    agent = session.scalars(select(Agent).where(Agent.username == username)).one()
                    service.acknowledge(session, escalation.id, agent, now=MORNING)
            except Conflict:
                return "told"
            return "won"

        with ThreadPoolExecutor(2) as workers:
            assert sorted(workers.map(acknowledge, ["chen", "lin"])) == ["told", "won"]
