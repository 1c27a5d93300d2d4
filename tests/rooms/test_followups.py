"""How it was: asked once after a case, by text, on the web, or by an agent with time to spare."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import db
from backend.agents import service as agents
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.callbacks.models import Callback
from backend.conversations import service as conversations
from backend.conversations.models import Message
from backend.customers import service as customers
from backend.errors import Conflict, Refused
from backend.escalations import jobs as escalation_jobs
from backend.escalations.models import Escalation
from backend.escalations.rules import Trigger
from backend.followups import jobs, service
from backend.followups.models import FollowUp
from backend.followups.rules import By, Outcome, Skip, Status
from backend.outbox import jobs as outbox_jobs
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import Status as TextStatus
from backend.tickets import service as tickets
from backend.tickets.models import Ticket, TimelineEntry
from backend.tickets.rules import Priority, TicketType
from backend.tickets.rules import Status as TicketStatus
from conftest import at
from rooms.visits import PHONE, REFERENCE, open_case
from rooms.web import Web
from telephony.console_carrier import ConsoleCarrier

DONE = at("2026-11-24 10:05")
ASKS = at("2026-11-24 12:05")
CALLS = at("2026-11-25 12:05")
FIXED_LINE = "+862088886666"


def tick(sessions: db.Sessions, now: datetime) -> int:
    return jobs.run_due(sessions, now, REFERENCE)


def leave(sessions: db.Sessions, now: datetime) -> None:
    """Whatever is due leaves."""
    carrier = ConsoleCarrier(say=lambda _text: None)
    outbox_jobs.run_due(sessions, now, carrier, REFERENCE, "test", clock=lambda: now, hands=1)


def done(session: Session, now: datetime = DONE, *, phone: str = PHONE, kind: TicketType = TicketType.REPAIR) -> Ticket:
    """A case that ends now; its call is settled with it."""
    ticket = open_case(session, now - timedelta(minutes=20), phone=phone, kind=kind).ticket
    session.query(Callback).filter(Callback.ticket_id == ticket.id).delete()
    tickets.move(session, ticket, TicketStatus.DONE, who="陈晓", reference=REFERENCE, now=now)
    return ticket


def agent_of(session: Session, username: str = "chen") -> Agent:
    return agents.add(session, username, "correct-horse-9", name=username, now=DONE)


def only(session: Session) -> FollowUp:
    return session.scalars(select(FollowUp).execution_options(populate_existing=True)).one()


def codes(session: Session) -> list[str]:
    entries = session.scalars(select(TimelineEntry).order_by(TimelineEntry.id))
    return [each.code for each in entries if each.code.startswith("followup")]


def texts(session: Session) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.message_key.like("followup:%")).order_by(OutboxMessage.id)
    return list(session.scalars(query))


@pytest.fixture
def asked(sessions: db.Sessions) -> db.Sessions:
    """A customer has been asked by text."""
    with db.session_scope(sessions) as session:
        done(session)
    tick(sessions, DONE)
    tick(sessions, ASKS)
    leave(sessions, ASKS)
    return sessions


class TestAsking:
    def test_two_open_hours_after_the_end_one_text_asks(self, asked: db.Sessions) -> None:
        for now in (ASKS, ASKS + timedelta(minutes=1)):
            assert tick(asked, now) == 0
        with asked() as session:
            followup, text = only(session), texts(session)
            assert (followup.status, followup.asked_at, followup.due_at) == (Status.ASKED, ASKS, CALLS)
            assert [each.status for each in text] == [TextStatus.SENT]
            assert "打几分" in text[0].text
            assert codes(session) == ["followup_asked"]

    def test_before_its_time_nothing_leaves(self, sessions: db.Sessions) -> None:
        with db.session_scope(sessions) as session:
            done(session)
        assert tick(sessions, DONE) == 1
        assert tick(sessions, ASKS - timedelta(seconds=1)) == 0
        with sessions() as session:
            assert texts(session) == []

    def test_a_case_that_ended_at_night_is_asked_about_in_the_morning(self, sessions: db.Sessions) -> None:
        with db.session_scope(sessions) as session:
            done(session, at("2026-11-24 21:30"))
        tick(sessions, at("2026-11-24 21:31"))
        with sessions() as session:
            assert only(session).due_at == at("2026-11-25 10:00")

    @pytest.mark.parametrize("why", [Skip.DANGER, Skip.COMPLAINT, Skip.OPTED_OUT, Skip.NO_NUMBER, Skip.LATELY])
    def test_who_is_left_in_peace_and_why(self, sessions: db.Sessions, why: Skip) -> None:
        with db.session_scope(sessions) as session:
            ticket = done(session)
            match why:
                case Skip.DANGER:
                    ticket.priority = Priority.CRITICAL
                case Skip.COMPLAINT:
                    open_case(session, DONE, kind=TicketType.COMPLAINT, form="f2")
                case Skip.OPTED_OUT:
                    customers.set_opt_out(session, PHONE, DONE)
                case Skip.NO_NUMBER:
                    customers.set_wrong(session, PHONE, DONE)
                case Skip.LATELY:
                    earlier = done(session, DONE - timedelta(days=3))
                    session.add(
                        FollowUp(
                            ticket_id=earlier.id, phone=PHONE, status=Status.GRADED, give_up_at=DONE,
                            asked_at=DONE - timedelta(days=2), created_at=DONE - timedelta(days=3),
                        )
                    )  # fmt: skip
        tick(sessions, DONE)
        with sessions() as session:
            planned = session.scalars(select(FollowUp).order_by(FollowUp.id.desc())).first()
            assert planned is not None
            assert (planned.status, planned.skip, planned.due_at) == (Status.SKIPPED, why, None)

    def test_who_opts_out_before_the_question_is_not_asked(self, sessions: db.Sessions) -> None:
        with db.session_scope(sessions) as session:
            done(session)
        tick(sessions, DONE)
        with db.session_scope(sessions) as session:
            customers.set_opt_out(session, PHONE, DONE)
        tick(sessions, ASKS)
        with sessions() as session:
            assert (only(session).status, only(session).skip) == (Status.SKIPPED, Skip.OPTED_OUT)
            assert texts(session) == []

    def test_a_case_that_goes_on_is_asked_about_once_it_is_done_again(self, sessions: db.Sessions) -> None:
        with db.session_scope(sessions) as session:
            ticket = done(session)
        tick(sessions, DONE)
        with db.session_scope(sessions) as session:
            again = tickets.find(session, ticket.ticket_no)
            tickets.move(session, again, TicketStatus.IN_PROGRESS, who="陈晓", reference=REFERENCE, now=DONE)
        tick(sessions, ASKS)
        with db.session_scope(sessions) as session:
            assert session.scalar(select(func.count()).select_from(FollowUp)) == 0
            again = tickets.find(session, ticket.ticket_no)
            tickets.move(session, again, TicketStatus.DONE, who="陈晓", reference=REFERENCE, now=ASKS)
        tick(sessions, ASKS)
        with sessions() as session:
            assert only(session).due_at == ASKS + timedelta(hours=2)

    def test_a_fixed_line_is_called_instead(self, sessions: db.Sessions) -> None:
        with db.session_scope(sessions) as session:
            done(session, phone=FIXED_LINE)
        tick(sessions, DONE)
        tick(sessions, ASKS)
        with sessions() as session:
            assert only(session).status is Status.TO_CALL
            assert texts(session) == []

    def test_cancelled_cases_and_those_of_long_ago_are_none_of_ours(self, sessions: db.Sessions) -> None:
        with db.session_scope(sessions) as session:
            done(session, DONE - timedelta(days=REFERENCE.followups.look_back_days, seconds=1))
            ticket = open_case(session, DONE, phone="+8613800138001").ticket
            tickets.move(session, ticket, TicketStatus.CANCELLED, who="陈晓", reference=REFERENCE, now=DONE)
        assert tick(sessions, DONE) == 0

    def test_two_schedulers_ask_once(self, committed: db.Sessions) -> None:
        with db.session_scope(committed) as session:
            for number in range(20):
                done(session, phone=f"+86138001380{number:02d}")
        for now in (DONE, ASKS):
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda _each, now=now: tick(committed, now), range(4)))  # type: ignore[misc]
        with committed() as session:
            assert session.scalar(select(func.count()).select_from(FollowUp)) == 20
            assert len(texts(session)) == 20
            assert codes(session) == ["followup_asked"] * 20


class TestAnswers:
    @pytest.fixture
    def web_asked(self, web: Web) -> Web:
        with db.session_scope(web.sessions) as session:
            done(session)
        tick(web.sessions, DONE)
        tick(web.sessions, ASKS)
        leave(web.sessions, ASKS)
        web.clock.set(ASKS + timedelta(minutes=5))
        return web

    def last_text(self, web: Web) -> str:
        with web.sessions() as session:
            return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first().text  # type: ignore[union-attr]

    def test_a_digit_is_the_grade_and_the_bot_is_not_asked(self, web_asked: Web) -> None:
        assert web_asked.text("5").status_code == 200
        with web_asked.sessions() as session:
            followup = only(session)
            assert (followup.status, followup.grade, followup.by) == (Status.GRADED, 5, By.TEXT)
            assert codes(session)[-1] == "followup_graded"
        assert web_asked.bot.asked == []
        assert "谢谢" in self.last_text(web_asked)

    def test_a_low_grade_asks_what_went_wrong_and_climbs_the_ladder(self, web_asked: Web) -> None:
        web_asked.text("2")
        assert "哪里没做好" in self.last_text(web_asked)
        web_asked.text("师傅晚到了两个小时")
        web_asked.text("还乱收费")
        tick(web_asked.sessions, ASKS + timedelta(minutes=6))
        escalation_jobs.run_due(web_asked.sessions, ASKS + timedelta(minutes=6), REFERENCE)
        escalation_jobs.run_due(web_asked.sessions, ASKS + timedelta(minutes=7), REFERENCE)
        with web_asked.sessions() as session:
            assert only(session).words == "师傅晚到了两个小时"
            raised = session.scalars(select(Escalation).where(Escalation.trigger == Trigger.LOW_GRADE)).one()
            assert raised.ended_at is None, "a closed ticket does not settle it"
        assert [each.text for each in web_asked.bot.asked] == ["还乱收费"]

    def test_grade_and_words_in_one_message(self, web_asked: Web) -> None:
        web_asked.text("1，师傅没带鞋套")
        with web_asked.sessions() as session:
            assert (only(session).grade, only(session).words) == (1, "师傅没带鞋套")
        assert "记下了" in self.last_text(web_asked)

    @pytest.mark.parametrize("said", ["热水器漏电，麻手", "3号能再来吗", "你们几点上班"])
    def test_what_is_no_grade_goes_to_the_bot(self, web_asked: Web, said: str) -> None:
        web_asked.text(said)
        assert [each.text for each in web_asked.bot.asked] == [said]
        with web_asked.sessions() as session:
            assert only(session).status is Status.ASKED

    def test_danger_is_no_word_about_what_went_wrong(self, web_asked: Web) -> None:
        web_asked.text("1")
        web_asked.text("水龙头麻手")
        assert [each.text for each in web_asked.bot.asked] == ["水龙头麻手"]
        with web_asked.sessions() as session:
            assert only(session).words is None

    def test_the_first_grade_stands(self, web_asked: Web) -> None:
        web_asked.text("5")
        web_asked.text("1")
        with web_asked.sessions() as session:
            assert only(session).grade == 5

    def test_somebody_else_cannot_grade(self, web_asked: Web) -> None:
        web_asked.text("1", sender="+8613800138999")
        with web_asked.sessions() as session:
            assert only(session).grade is None

    def test_who_comes_back_on_the_web_finds_the_question_there(self, web: Web) -> None:
        talk = web.open()
        with db.session_scope(web.sessions) as session:
            ticket = done(session)
            ticket.conversation_id = talk.opened["conversation_id"]
        web.clock.set(DONE)
        tick(web.sessions, DONE)
        announced: list[str] = []
        jobs.run_due(web.sessions, ASKS, REFERENCE, announce=announced.append)
        assert announced == [talk.opened["conversation_id"]]
        web.clock.set(ASKS + timedelta(minutes=1))
        answer = talk.say("4").json()
        assert "谢谢" in answer["messages"][-1]["text"]
        with web.sessions() as session:
            assert (only(session).grade, only(session).by) == (4, By.WEB)
            question = session.scalars(select(Message).where(Message.text.contains("打几分"))).one()
            assert [each["payload"] for each in question.buttons] == ["5", "4", "3", "2", "1"]
            assert texts(session)[0].reason == "cancelled", "the text that waited is taken back"

    def test_nobody_is_interrupted_on_the_web(self, web: Web) -> None:
        talk = web.open()
        with db.session_scope(web.sessions) as session:
            done(session).conversation_id = talk.opened["conversation_id"]
        tick(web.sessions, DONE)
        with db.session_scope(web.sessions) as session:
            conversations.hold(session, talk.opened["conversation_id"]).last_message_at = ASKS - timedelta(minutes=5)
        tick(web.sessions, ASKS)
        with web.sessions() as session:
            assert session.scalars(select(Message).where(Message.text.contains("打几分"))).all() == []


class TestCalling:
    @pytest.fixture
    def to_call(self, asked: db.Sessions) -> db.Sessions:
        tick(asked, CALLS)
        return asked

    def test_whoever_has_not_answered_is_called_the_next_day(self, to_call: db.Sessions) -> None:
        with db.session_scope(to_call) as session:
            assert service.take_next(session, agent_of(session), reference=REFERENCE, now=CALLS) is not None
            assert service.take_next(session, agent_of(session, "lin"), reference=REFERENCE, now=CALLS) is None

    def test_one_who_waits_for_a_promised_call_is_not_rung_for_less(self, to_call: db.Sessions) -> None:
        with db.session_scope(to_call) as session:
            open_case(session, CALLS, form="f9")
            assert service.take_next(session, agent_of(session), reference=REFERENCE, now=CALLS) is None
            assert only(session).status is Status.TO_CALL

    def test_a_grade_is_noted_with_what_was_said(self, to_call: db.Sessions) -> None:
        with db.session_scope(to_call) as session:
            agent = agent_of(session)
            taken = service.take_next(session, agent, reference=REFERENCE, now=CALLS)
            assert taken is not None
            service.record(
                session,
                taken.id,
                Outcome.GRADED,
                agent,
                grade=2,
                words="没收拾",
                answers={"cleaned_up": False, "on_time": True, "invented": True},
                reopen=True,
                reference=REFERENCE,
                now=CALLS,
                version=taken.version,
            )
            noted = only(session)
            assert (noted.grade, noted.words, noted.by, noted.who) == (2, "没收拾", By.CALL, "chen")
            assert noted.answers == {"cleaned_up": False, "on_time": True}
            assert session.get_one(Ticket, noted.ticket_id).status is TicketStatus.IN_PROGRESS

    def test_a_grade_taken_back_in_time_is_told_to_nobody(self, to_call: db.Sessions) -> None:
        with db.session_scope(to_call) as session:
            agent = agent_of(session)
            taken = service.take_next(session, agent, reference=REFERENCE, now=CALLS)
            assert taken is not None
            noted = service.record(session, taken.id, Outcome.GRADED, agent, grade=1, reference=REFERENCE, now=CALLS)
            assert service.just_noted(session, agent, reference=REFERENCE, now=CALLS) is not None
        tick(to_call, CALLS + timedelta(minutes=4))
        with db.session_scope(to_call) as session:
            agent = agents.active(session, list(Role))[0]
            again = service.take_back(
                session, noted.id, agent, version=noted.version, reference=REFERENCE, now=CALLS + timedelta(minutes=4)
            )
            assert (again.status, again.grade) == (Status.TO_CALL, None)
            service.record(session, again.id, Outcome.GRADED, agent, grade=5, reference=REFERENCE, now=CALLS)
        tick(to_call, CALLS + timedelta(minutes=30))
        with to_call() as session:
            assert session.scalars(select(Escalation)).all() == []

    def test_a_low_grade_is_told_once_it_stands(self, to_call: db.Sessions) -> None:
        with db.session_scope(to_call) as session:
            agent = agent_of(session)
            taken = service.take_next(session, agent, reference=REFERENCE, now=CALLS)
            assert taken is not None
            service.record(session, taken.id, Outcome.GRADED, agent, grade=1, reference=REFERENCE, now=CALLS)
        for minutes in (5, 6, 60):
            tick(to_call, CALLS + timedelta(minutes=minutes))
        with to_call() as session:
            assert [each.trigger for each in session.scalars(select(Escalation))] == [Trigger.LOW_GRADE]

    def test_after_so_many_calls_nobody_asks_any_more(self, to_call: db.Sessions) -> None:
        now = CALLS
        with db.session_scope(to_call) as session:
            agent = agent_of(session)
            for _ in range(REFERENCE.followups.calls):
                taken = service.take_next(session, agent, reference=REFERENCE, now=now)
                assert taken is not None
                service.record(session, taken.id, Outcome.NO_ANSWER, agent, reference=REFERENCE, now=now)
                assert service.take_next(session, agent, reference=REFERENCE, now=now) is None
                now = only(session).due_at or now
            assert only(session).status is Status.UNANSWERED
            assert codes(session)[1:] == ["followup_no_answer"] * REFERENCE.followups.calls

    def test_a_wrong_number_gets_no_more_texts(self, to_call: db.Sessions) -> None:
        with db.session_scope(to_call) as session:
            agent = agent_of(session)
            taken = service.take_next(session, agent, reference=REFERENCE, now=CALLS)
            assert taken is not None
            service.record(session, taken.id, Outcome.WRONG_NUMBER, agent, reference=REFERENCE, now=CALLS)
            customer = customers.find(session, PHONE)
            assert customer is not None
            assert customer.wrong_since == CALLS

    def test_an_answer_by_text_wins_over_the_agent_who_is_just_dialling(self, to_call: db.Sessions) -> None:
        with db.session_scope(to_call) as session:
            agent = agent_of(session)
            taken = service.take_next(session, agent, reference=REFERENCE, now=CALLS)
            assert taken is not None
            taken.status = Status.GRADED
            session.flush()
            with pytest.raises(Conflict):
                service.record(session, taken.id, Outcome.GRADED, agent, grade=1, reference=REFERENCE, now=CALLS)

    def test_no_grade_is_none(self, to_call: db.Sessions) -> None:
        with db.session_scope(to_call) as session:
            agent = agent_of(session)
            taken = service.take_next(session, agent, reference=REFERENCE, now=CALLS)
            assert taken is not None
            for grade in (None, 0, 6):
                with pytest.raises(Refused):
                    service.record(
                        session, taken.id, Outcome.GRADED, agent, grade=grade, reference=REFERENCE, now=CALLS
                    )

    def test_an_agent_whose_browser_died_does_not_keep_it(self, to_call: db.Sessions) -> None:
        later = CALLS + timedelta(minutes=REFERENCE.followups.lease_minutes)
        with db.session_scope(to_call) as session:
            first, second = agent_of(session), agent_of(session, "lin")
            taken = service.take_next(session, first, reference=REFERENCE, now=CALLS)
            assert taken is not None
            assert service.take_next(session, second, reference=REFERENCE, now=later) is not None
            with pytest.raises(Conflict):
                service.give_back(session, taken.id, first)

    def test_after_some_days_nobody_asks_any_more(self, asked: db.Sessions) -> None:
        tick(asked, DONE + timedelta(days=REFERENCE.followups.give_up_days))
        with asked() as session:
            assert only(session).status is Status.UNANSWERED

    def test_outside_hours_nobody_is_handed_a_call(self, to_call: db.Sessions) -> None:
        with db.session_scope(to_call) as session:
            night = at("2026-11-25 18:00")
            assert service.take_next(session, agent_of(session), reference=REFERENCE, now=night) is None
