"""Escalations over days, the clock moved by hand: who is told when, by which means, once, and until when."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backend import db, reference
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.callbacks import cases
from backend.callbacks import service as callbacks
from backend.conversations import service as conversations
from backend.errors import Conflict, Refused
from backend.escalations import jobs, service
from backend.escalations.models import Escalation, EscalationEntry, Notice, PromiseWatch, StaffMail
from backend.escalations.rules import End, Means, Rung, Trigger
from backend.escalations.telling import Staff
from backend.outbox import jobs as outbox_jobs
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import Medium, OutboxKind
from backend.outbox.rules import Status as TextStatus
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import PromiseKind, Status, TicketType, Words
from backend.tickets.service import TicketRequest
from conftest import at
from telephony.console_carrier import ConsoleCarrier

REFERENCE = reference.current()
DUTY = "+8613800138099"
STAFF = Staff(duty_phone=DUTY, console="https://hotline.example.com/console/escalations")
PHONE = "+8613800138021"
MORNING = at("2026-11-24 10:05")


class Floor:
    """The rooms below with one ticket in them, agents of three roles, and the tick."""

    def __init__(self, sessions: db.Sessions) -> None:
        self.sessions = sessions
        with db.session_scope(sessions) as session:
            for username, name, role, phone, email in (
                ("chen", "陈晓", Role.AGENT, "+8613800138031", "chen@example.com"),
                ("lin", "林悦", Role.AGENT, None, None),
                ("zhou", "周科长", Role.LEAD, "+8613800138032", "zhou@example.com"),
                ("wu", "吴经理", Role.MANAGER, "+8613800138033", "wu@example.com"),
            ):
                session.add(
                    Agent(
                        username=username,
                        name=name,
                        role=role,
                        phone=phone,
                        email=email,
                        password_hash="x",
                        active=True,
                        created_at=MORNING,
                    )
                )

    def agent(self, username: str) -> Agent:
        with db.read_scope(self.sessions) as session:
            return session.scalars(select(Agent).where(Agent.username == username)).one()

    def ticket(self, now: datetime = MORNING, said: str = "不加热", **more: Any) -> Ticket:
        """A repair with its promises, without a call: nothing but the ladder looks after it."""
        with db.session_scope(self.sessions) as session:
            conversation, _ = conversations.open_web(session, language="zh", reference=REFERENCE, now=now)
            request = TicketRequest(
                conversation.id,
                "f1",
                TicketType.REPAIR,
                more.pop("phone", PHONE),
                name="李梅",
                address="佛山市顺德区大良街道新宁路1号302房",
                facts={"description": said},
                **more,
            )
            return tickets.open_ticket(session, request, reference=REFERENCE, now=now).ticket

    def danger(self, now: datetime = MORNING) -> Ticket:
        """A report of danger, as the bot makes it."""
        with db.session_scope(self.sessions) as session:
            conversation, _ = conversations.open_web(session, language="zh", reference=REFERENCE, now=now)
            return cases.report_hazard(
                session,
                conversation_id=conversation.id,
                message_id="m1",
                text="我叫李梅，洗澡时水龙头麻手，电话13800138021",
                kind="tingling",
                phone=PHONE,
                address="佛山市顺德区大良街道新宁路1号",
                reference=REFERENCE,
                now=now,
            ).ticket

    def say(self, text: str, now: datetime = MORNING) -> str:
        with db.session_scope(self.sessions) as session:
            conversation, _ = conversations.open_web(session, language="zh", reference=REFERENCE, now=now)
            conversations.accept(session, conversation, "c1", text, reference=REFERENCE, now=now)
            return conversation.id

    def tick(self, *moments: datetime, staff: Staff = STAFF) -> None:
        for now in moments:
            jobs.run_due(self.sessions, now, REFERENCE, staff=staff)

    def tick_through(self, start: datetime, end: datetime) -> None:
        """Tick whenever something is due, a second before that, and in between every quarter of an hour."""
        now = start
        while now <= end:
            self.tick(now)
            due = self.next_due(now)
            if due is not None and now < due - timedelta(seconds=1) <= end:
                self.tick(due - timedelta(seconds=1))
            now = min(due or end, now + timedelta(minutes=15)) if now < end else end + timedelta(seconds=1)

    def next_due(self, now: datetime) -> datetime | None:
        """The next instant the rows themselves name."""
        with db.read_scope(self.sessions) as session:
            named = [
                session.scalar(select(func.min(table.look_at)).where(table.look_at > now))
                for table in (Escalation, PromiseWatch)
            ]
        return min((each for each in named if each is not None), default=None)

    def chase(self, ticket: Ticket, text: str, now: datetime) -> None:
        with db.session_scope(self.sessions) as session:
            assert ticket.conversation_id
            tickets.chase(session, ticket.ticket_no, ticket.conversation_id, text, reference=REFERENCE, now=now)

    def meet(self, ticket: Ticket, kind: PromiseKind, now: datetime) -> None:
        with db.session_scope(self.sessions) as session:
            tickets.meet_promise(session, session.get_one(Ticket, ticket.id), kind, "陈晓", now)

    def miss(self, now: datetime) -> None:
        with db.session_scope(self.sessions) as session:
            tickets.record_missed(session, now)

    def move(self, ticket: Ticket, status: Status, now: datetime, reason: str = "") -> None:
        with db.session_scope(self.sessions) as session:
            found = session.get_one(Ticket, ticket.id)
            tickets.move(session, found, status, who="陈晓", reference=REFERENCE, now=now, reason=reason)

    def all(self) -> list[Escalation]:
        with db.read_scope(self.sessions) as session:
            return list(session.scalars(select(Escalation).order_by(Escalation.id)))

    def only(self, trigger: Trigger) -> Escalation:
        [found] = [each for each in self.all() if each.trigger is trigger]
        return found

    def told(self, trigger: Trigger) -> list[tuple[str, Rung, str, Means]]:
        """When which rung was told of it: whom, and by which means."""
        escalation = self.only(trigger)
        zone = REFERENCE.calendar.zone
        with db.read_scope(self.sessions) as session:
            query = select(Notice).where(Notice.escalation_id == escalation.id).order_by(Notice.id)
            return [
                (f"{each.at.astimezone(zone):%d %H:%M}", each.rung, each.name, each.means)
                for each in session.scalars(query)
            ]

    def rungs(self, trigger: Trigger) -> list[tuple[str, Rung]]:
        """When which rung was told, each telling once."""
        return list(dict.fromkeys((moment, rung) for moment, rung, _, _ in self.told(trigger)))

    def left(self) -> list[OutboxMessage]:
        """Texts and calls to staff in the outbox."""
        with db.read_scope(self.sessions) as session:
            query = select(OutboxMessage).where(OutboxMessage.kind.in_([OutboxKind.ALARM, OutboxKind.STAFF]))
            return list(session.scalars(query.order_by(OutboxMessage.id)))


@pytest.fixture
def floor(sessions: db.Sessions) -> Floor:
    return Floor(sessions)


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
