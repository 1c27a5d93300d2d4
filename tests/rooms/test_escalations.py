"""Escalations over days, the clock moved by hand: who is told when, by which means, once, and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend import db
from backend.agents.models import Agent
from backend.callbacks import service as callbacks
from backend.conversations import service as conversations
from backend.escalations import service
from backend.escalations.rules import End, Means, Rung, Trigger
from backend.outbox.rules import Medium, OutboxKind
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import PromiseKind, Status, Words
from conftest import at
from rooms.ladder import MORNING, PHONE, REFERENCE, Floor


class TestAPromise:
    def test_with_its_call_booked_in_time_is_warned_of_only_at_most_of_its_clock(self, floor: Floor) -> None:
        floor.ticket()
        with db.session_scope(floor.sessions) as session:
            ticket = session.scalars(select(Ticket)).one()
            callbacks.book(session, PHONE, ticket=ticket, reference=REFERENCE, now=MORNING)
        floor.tick_through(MORNING, at("2026-11-24 10:40"))
        assert floor.all() == []
        floor.tick(at("2026-11-24 10:53:01"))
        assert floor.only(Trigger.PROMISE_NEAR).ended_at is None

    def test_is_warned_of_at_half_and_at_most_of_its_own_clock_and_when_it_is_missed(self, floor: Floor) -> None:
        floor.ticket()  # reply by 11:05
        floor.tick_through(MORNING, at("2026-11-24 10:34"))
        assert floor.all() == []
        floor.tick(at("2026-11-24 10:35"))
        assert floor.only(Trigger.PROMISE_HALF).why_zh == "答复承诺时间已过 50%，11月24日（周二）11:05到期"
        floor.tick(at("2026-11-24 10:52"))
        assert len(floor.all()) == 1
        floor.tick(at("2026-11-24 10:53:01"))
        assert floor.only(Trigger.PROMISE_HALF).ended_why is End.OVERTAKEN
        assert floor.only(Trigger.PROMISE_NEAR).ended_at is None
        floor.miss(at("2026-11-24 11:05:01"))
        floor.tick(at("2026-11-24 11:05:02"))
        assert floor.only(Trigger.PROMISE_NEAR).ended_why is End.OVERTAKEN
        assert floor.only(Trigger.PROMISE_MISSED).rung is Rung.GENERAL

    def test_climbs_rung_by_rung_while_nobody_acknowledges(self, floor: Floor) -> None:
        ticket = floor.ticket()
        floor.meet(ticket, PromiseKind.REPLY, MORNING)
        floor.tick(MORNING)
        # A visit by 25 November, 18:00: 17 h 55 min of working time, half of them gone at 09:02:30.
        floor.tick_through(at("2026-11-25 08:00"), at("2026-11-25 10:20"))
        assert floor.rungs(Trigger.PROMISE_HALF) == [
            ("25 09:02", Rung.AGENT),
            ("25 09:17", Rung.OUTLET),
            ("25 09:47", Rung.GENERAL),
            ("25 10:17", Rung.MANAGER),
        ]
        told = floor.told(Trigger.PROMISE_HALF)
        assert [entry[1:] for entry in told] == [
            (Rung.AGENT, "陈晓", Means.CONSOLE),
            (Rung.AGENT, "林悦", Means.CONSOLE),
            (Rung.OUTLET, "顺德大良经销商服务网点", Means.CALL),
            (Rung.GENERAL, "周科长", Means.CONSOLE),
            (Rung.GENERAL, "周科长", Means.TEXT),
            (Rung.GENERAL, "周科长", Means.EMAIL),
            (Rung.MANAGER, "吴经理", Means.CONSOLE),
            (Rung.MANAGER, "吴经理", Means.TEXT),
            (Rung.MANAGER, "吴经理", Means.EMAIL),
        ]
        assert [(row.medium, row.kind) for row in floor.left()] == [
            (Medium.CALL, OutboxKind.STAFF),
            (Medium.TEXT, OutboxKind.STAFF),
            (Medium.TEXT, OutboxKind.STAFF),
        ]

    def test_that_is_kept_just_before_most_of_its_time_is_used_up_is_not_warned_of(self, floor: Floor) -> None:
        ticket = floor.ticket()
        floor.tick(MORNING, at("2026-11-24 10:35"))
        floor.meet(ticket, PromiseKind.REPLY, at("2026-11-24 10:52:59"))
        floor.tick(at("2026-11-24 10:53:01"), at("2026-11-24 11:06"))
        assert [each.trigger for each in floor.all()] == [Trigger.PROMISE_HALF]
        half = floor.only(Trigger.PROMISE_HALF)
        assert (half.ended_why, half.ended_by, half.look_at) == (End.PROMISE_MET, "system", None)

    def test_that_was_put_off_is_warned_of_anew_for_its_new_deadline(self, floor: Floor) -> None:
        ticket = floor.ticket()
        floor.tick(MORNING, at("2026-11-24 10:35"))
        with db.session_scope(floor.sessions) as session:
            tickets.put_off(
                session,
                session.get_one(Ticket, ticket.id),
                PromiseKind.REPLY,
                until=at("2026-11-24 15:30"),
                asked_for=Words("下午", "in the afternoon"),
                reference=REFERENCE,
                now=at("2026-11-24 10:40"),
            )
        floor.tick_through(at("2026-11-24 10:41"), at("2026-11-24 14:59"))
        [half] = floor.all()
        assert half.ended_why is End.PUT_OFF
        floor.tick(at("2026-11-24 15:00:01"))
        assert [(each.trigger, each.ended_why) for each in floor.all()] == [
            (Trigger.PROMISE_HALF, End.PUT_OFF),
            (Trigger.PROMISE_HALF, None),
        ]

    def test_that_stands_still_is_not_warned_of_until_it_runs_again(self, floor: Floor) -> None:
        ticket = floor.ticket()
        floor.tick(MORNING)
        floor.move(ticket, Status.WAITING, at("2026-11-24 10:20"), reason="等配件")
        floor.tick(at("2026-11-24 10:35"), at("2026-11-24 12:00"))
        assert floor.all() == []
        floor.move(ticket, Status.IN_PROGRESS, at("2026-11-24 14:20"))  # 45 minutes left of 60
        floor.tick(at("2026-11-24 14:20"), at("2026-11-24 14:34"))
        assert floor.all() == []
        floor.tick(at("2026-11-24 14:35:01"))
        assert floor.only(Trigger.PROMISE_HALF).due_at == at("2026-11-24 15:05")

    @pytest.mark.parametrize("clock", ["2026-11-24 17:59", "2026-11-24 17:40"])
    def test_made_shortly_before_closing_is_warned_of_in_the_next_opening(self, floor: Floor, clock: str) -> None:
        floor.ticket(at(clock))
        floor.tick_through(at(clock), at("2026-11-24 18:30"))
        if clock.endswith("17:40"):  # due 08:40: half of it is used up at 08:10
            assert floor.all() == []
            floor.tick(at("2026-11-25 08:09"))
            assert floor.all() == []
            floor.tick(at("2026-11-25 08:10:01"))
        else:
            floor.tick(at("2026-11-25 08:28"))
            assert floor.all() == []
            floor.tick(at("2026-11-25 08:29:01"))
        assert floor.only(Trigger.PROMISE_HALF).rung is Rung.AGENT

    def test_over_chinese_new_year_is_warned_of_by_working_days(self, floor: Floor) -> None:
        ticket = floor.ticket(at("2026-02-13 17:50"))
        floor.meet(ticket, PromiseKind.REPLY, at("2026-02-13 17:55"))
        with db.session_scope(floor.sessions) as session:
            promise = tickets.promise_of(session, session.get_one(Ticket, ticket.id), PromiseKind.ONSITE)
            assert promise is not None
            assert promise.due_at is not None
            due = promise.due_at
        assert due == at("2026-02-14 18:00")  # a working Saturday
        floor.tick(at("2026-02-13 18:00"), at("2026-02-14 12:54"))
        assert floor.all() == []
        floor.tick(at("2026-02-14 12:55:01"))
        assert floor.only(Trigger.PROMISE_HALF).rung is Rung.AGENT

    def test_beyond_the_calendar_has_no_date_and_no_warning(self, floor: Floor) -> None:
        ticket = floor.ticket(at("2026-12-31 10:00"))
        floor.meet(ticket, PromiseKind.REPLY, at("2026-12-31 10:05"))
        floor.tick(at("2026-12-31 10:10"), at("2027-01-04 17:00"))
        assert floor.all() == []


class TestACustomerWhoPresses:
    def test_is_told_of_from_the_second_contact_and_the_manager_from_the_third(self, floor: Floor) -> None:
        ticket = floor.ticket()
        floor.chase(ticket, "怎么还没来", at("2026-11-24 10:10"))
        floor.tick(at("2026-11-24 10:10"))
        repeated = floor.only(Trigger.REPEAT_CONTACT)
        assert (repeated.rung, repeated.why_en) == (Rung.AGENT, "the customer's contact no. 2")
        floor.chase(ticket, "还没来", at("2026-11-24 10:14"))
        floor.tick(at("2026-11-24 10:14"))
        assert floor.only(Trigger.REPEAT_CONTACT).ended_why is End.OVERTAKEN
        assert floor.only(Trigger.MANAGER_CALLED).rung is Rung.MANAGER

    def test_who_names_the_authorities_goes_to_the_manager_at_once(self, floor: Floor) -> None:
        floor.ticket(said="再不来我打12315")
        floor.tick(MORNING)
        called = floor.only(Trigger.MANAGER_CALLED)
        assert called.rung is Rung.MANAGER
        assert "12315" in called.why_zh

    def test_is_settled_by_the_opinion_a_manager_has_given(self, floor: Floor) -> None:
        ticket = floor.ticket(said="再不来我打12315")
        floor.tick(MORNING)
        floor.meet(ticket, PromiseKind.OPINION, at("2026-11-24 10:20"))
        floor.tick(at("2026-11-24 10:21"))
        assert floor.only(Trigger.MANAGER_CALLED).ended_why is End.ANSWERED

    @pytest.mark.parametrize(
        ("moment", "told_at"),
        [
            ("2026-11-24 17:59", "24 17:59"),
            ("2026-11-24 18:00", "25 08:00"),
            ("2026-11-24 07:59", "24 08:00"),
            ("2026-02-16 20:30", "17 08:00"),  # the eve of the Chinese New Year
        ],
    )
    def test_out_of_hours_waits_for_the_opening(self, floor: Floor, moment: str, told_at: str) -> None:
        now = at(moment)
        ticket = floor.ticket(now - timedelta(minutes=2))
        floor.chase(ticket, "怎么还没来", now)
        opening = at("2026-02-17 08:00") if moment.startswith("2026-02") else at("2026-11-25 08:00")
        floor.tick(now, now + timedelta(seconds=30), at("2026-11-24 08:00") if "07:59" in moment else opening)
        assert floor.rungs(Trigger.REPEAT_CONTACT) == [(told_at, Rung.AGENT)]

    def test_whose_words_are_angry_is_told_of_once_and_settled_when_somebody_talks_to_them(self, floor: Floor) -> None:
        conversation_id = floor.say("你们就是骗子，气死我了")
        floor.tick(MORNING, MORNING + timedelta(seconds=2), MORNING + timedelta(minutes=1))
        angry = floor.only(Trigger.ANGRY_WORDS)
        assert (angry.why_zh, angry.conversation_id) == ("客户情绪激动（“骗子”）", conversation_id)
        with db.session_scope(floor.sessions) as session:
            agent = session.scalars(select(Agent).where(Agent.username == "chen")).one()
            conversations.take_over(session, conversation_id, agent, reference=REFERENCE, now=MORNING)
        floor.tick(MORNING + timedelta(minutes=2))
        assert floor.only(Trigger.ANGRY_WORDS).ended_why is End.ANSWERED

    def test_who_writes_civilly_is_not_told_of(self, floor: Floor) -> None:
        floor.say("热水器不热了，麻烦尽快来看看，谢谢")
        floor.tick(MORNING)
        assert floor.all() == []

    def test_who_gave_a_low_grade_goes_to_the_general_section(self, floor: Floor) -> None:
        ticket = floor.ticket()
        with db.session_scope(floor.sessions) as session:
            found = session.get_one(Ticket, ticket.id)
            assert service.report_grade(session, found, 4, reference=REFERENCE, now=MORNING) is None
            assert service.report_grade(session, found, 2, reference=REFERENCE, now=MORNING) is not None
            assert service.report_grade(session, found, 1, reference=REFERENCE, now=MORNING) is None
        floor.tick(MORNING)
        assert floor.only(Trigger.LOW_GRADE).rung is Rung.GENERAL
