"""Calls are handed out once, made again, settled, taken back, and never forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import db, reference
from backend.agents.models import Agent
from backend.callbacks import cases, jobs, queries, service
from backend.callbacks.call_rules import NoCall, Turn
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status
from backend.conversations import service as conversations
from backend.conversations.models import Conversation
from backend.customers import service as customers
from backend.errors import BadPhone, BadTime, Conflict, Refused
from backend.kernel import working_time
from backend.kernel.shifts import Roster, Shift
from backend.outbox import service as outbox
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind
from backend.outbox.rules import Status as OutboxStatus
from backend.reference import Reference
from backend.tickets import queries as ticket_queries
from backend.tickets import service as tickets
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import PromiseKind, TicketType
from backend.tickets.service import TicketRequest
from conftest import at

REFERENCE = reference.current()
PHONE = "+8613800138000"
OTHER = "+8613900139000"
LADDER = len(REFERENCE.callbacks.retry_minutes)


def agent(session: Session, username: str, now: datetime) -> Agent:
    person = Agent(username=username, name=username.title(), password_hash="-", active=True, created_at=now)
    session.add(person)
    session.flush()
    return person


@pytest.fixture
def chen(session: Session, now: datetime) -> Agent:
    return agent(session, "chen", now)


@pytest.fixture
def lin(session: Session, now: datetime) -> Agent:
    return agent(session, "lin", now)


@pytest.fixture
def conversation(session: Session, now: datetime) -> Conversation:
    return conversations.open_web(session, language="zh", reference=REFERENCE, now=now)[0]


@pytest.fixture
def case(session: Session, conversation: Conversation, now: datetime) -> cases.Case:
    """A ticket whose call is booked for 10:30 and whose reply is promised by 11:05."""
    return open_case(session, conversation, PHONE, now)


def open_case(session: Session, conversation: Conversation, phone: str, now: datetime) -> cases.Case:
    request = TicketRequest(conversation.id, phone, TicketType.REPAIR, phone, name="李梅", facts={"symptom": "不加热"})
    return cases.open_with_callback(session, request, None, reference=REFERENCE, now=now)


def call_of(case: cases.Case) -> Callback:
    assert case.callback is not None
    return case.callback


def book(session: Session, phone: str, now: datetime, wanted: str | None = None) -> Callback:
    span = (at(wanted), None) if wanted else None
    return service.book(session, phone, wanted=span, reference=REFERENCE, now=now).callback


def settle(session: Session, callback: Callback, outcome: Status, now: datetime, **more: object) -> Callback:
    """Record an outcome; returns the call that follows, or the settled one."""
    service.record_outcome(session, callback.id, outcome, who="陈晓", reference=REFERENCE, now=now, **more)  # type: ignore[arg-type]
    return service.chain(session, callback)[-1]


def take_next(
    session: Session, who: Agent, now: datetime, *, policy: Reference = REFERENCE, own: frozenset[str] = frozenset()
) -> service.Handed:
    return service.take_next(session, who, own_numbers=own, reference=policy, now=now)


def take(session: Session, callback: Callback, who: Agent, now: datetime) -> Callback:
    return service.take(session, callback.id, who, own_numbers=(), reference=REFERENCE, now=now)


def take_back(session: Session, callback: Callback, who: Agent, now: datetime) -> Callback:
    return service.take_back(session, callback.id, who=who.name, by=who.id, reference=REFERENCE, now=now)


def reply(session: Session, ticket: Ticket) -> Promise:
    found = tickets.promise_of(session, ticket, PromiseKind.REPLY)
    assert found is not None
    return found


def codes(session: Session, ticket: Ticket) -> list[str]:
    return [entry.code for entry in ticket_queries.timelines_of(session, [ticket.id])[ticket.id]]


def texts(session: Session) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def ring_in_vain(session: Session, callback: Callback, times: int, outcome: Status = Status.NO_ANSWER) -> Callback:
    """Nobody answers, each time at the first minute of the call's turn."""
    for _ in range(times):
        callback = settle(session, callback, outcome, callback.dial_at)
    return callback


class TestTryingAgain:
    def test_nobody_answers_at_five_to_six_and_the_next_try_is_tomorrow(self, session: Session) -> None:
        first = book(session, PHONE, at("2026-11-24 17:20"))
        second = settle(session, first, Status.NO_ANSWER, at("2026-11-24 17:55"))
        assert second.dial_at == at("2026-11-25 08:05")
        assert second.window_start == at("2026-11-25 08:00")

    def test_each_try_is_a_call_of_its_own_with_number_and_first_window(
        self, session: Session, case: cases.Case
    ) -> None:
        first = call_of(case)
        third = settle(session, settle(session, first, Status.NO_ANSWER, at("2026-11-24 10:31")), Status.BUSY,
                       at("2026-11-24 10:42"))  # fmt: skip
        assert [each.status for each in service.chain(session, third)] == ["no_answer", "busy", "booked"]
        assert (third.attempt, third.unanswered, third.first_id) == (3, 2, first.id)
        assert (third.first_start, third.first_end) == (at("2026-11-24 10:30"), at("2026-11-24 11:00"))
        assert third.dial_at == at("2026-11-24 11:12")
        assert third.remind_at is None
        assert reply(session, case.ticket).met_at is None
        assert codes(session, case.ticket)[-4:] == [
            "callback_outcome",
            "callback_retry",
            "callback_outcome",
            "callback_retry",
        ]

    def test_after_the_ladder_one_text_asks_for_an_answer_and_the_timeline_tells_the_truth(
        self, session: Session, case: cases.Case
    ) -> None:
        last = ring_in_vain(session, call_of(case), LADDER + 1)
        assert (last.status, last.attempt) == (Status.NO_ANSWER, LADDER + 1)
        assert queries.open_by_phone(session, PHONE) is None
        [text] = texts(session)
        assert (text.to, text.kind) == (PHONE, OutboxKind.NOTICE)
        assert f"打了{LADDER + 1}次电话" in text.text
        entry = ticket_queries.last_entry(session, case.ticket.id, ("callback_unreached",))
        assert entry is not None
        assert "仍未兑现" in entry.params["promise"]["zh"]
        assert "短信" in entry.params["texted"]["zh"]
        assert reply(session, case.ticket).met_at is None

    def test_the_text_is_the_customers_language(self, session: Session, now: datetime) -> None:
        first = service.book(session, PHONE, language="en", reference=REFERENCE, now=now).callback
        ring_in_vain(session, first, LADDER + 1)
        assert texts(session)[0].text.startswith("Weiya hotline: we called you 4 times")

    @pytest.mark.parametrize("why", ["fixed_line", "opted_out"])
    def test_where_no_text_may_go_none_goes_and_the_timeline_says_why(
        self, session: Session, conversation: Conversation, now: datetime, why: str
    ) -> None:
        case = open_case(session, conversation, "+8675788886666" if why == "fixed_line" else PHONE, now)
        if why == "opted_out":
            outbox.opt_out(session, PHONE, now)
        ring_in_vain(session, call_of(case), LADDER + 1)
        assert texts(session) == []
        entry = ticket_queries.last_entry(session, case.ticket.id, ("callback_unreached",))
        assert entry is not None
        assert "未发短信" in entry.params["texted"]["zh"]

    def test_a_missed_promise_is_called_missed(self, session: Session, case: cases.Case) -> None:
        last = ring_in_vain(session, call_of(case), LADDER)
        tickets.record_missed(session, last.dial_at)
        settle(session, last, Status.NO_ANSWER, last.dial_at)
        entry = ticket_queries.last_entry(session, case.ticket.id, ("callback_unreached",))
        assert entry is not None
        assert entry.params["promise"]["en"] == "the reply promise is missed and still open"

    def test_a_new_booking_after_the_ladder_begins_anew(self, session: Session, case: cases.Case) -> None:
        last = ring_in_vain(session, call_of(case), LADDER + 1)
        again = book(session, PHONE, last.dial_at + timedelta(hours=1))
        assert (again.attempt, again.unanswered, again.first_id) == (1, 0, None)

    def test_a_try_is_moved_by_the_customer_like_any_call(self, session: Session, now: datetime) -> None:
        second = settle(session, book(session, PHONE, now), Status.NO_ANSWER, at("2026-11-24 10:31"))
        moved = book(session, PHONE, at("2026-11-24 10:33"), "2026-11-25 15:00")
        assert moved.id == second.id
        assert (moved.attempt, moved.unanswered) == (2, 0)
        assert moved.first_start == moved.dial_at == at("2026-11-25 15:00")
        assert moved.remind_at == at("2026-11-25 14:45")

    def test_every_try_of_every_hour_is_in_open_time(self, session: Session) -> None:
        for hour in (8, 12, 17):
            call = book(session, f"+86138001381{hour:02d}", at(f"2026-02-12 {hour:02d}:20"))
            while call.status is Status.BOOKED:
                assert working_time.is_open(REFERENCE.calendar, call.dial_at)
                call = settle(session, call, Status.NO_ANSWER, call.dial_at + timedelta(minutes=5))


class TestOutcomes:
    @pytest.mark.parametrize("outcome", [Status.DONE, Status.WANTS_VISIT, Status.REFUSED])
    def test_a_call_that_reached_the_customer_keeps_the_reply_promise(
        self, session: Session, case: cases.Case, now: datetime, outcome: Status
    ) -> None:
        last = settle(session, call_of(case), outcome, now)
        assert last.status is outcome
        assert reply(session, case.ticket).met_at == now

    def test_who_wants_to_be_called_at_another_time_is_and_the_promise_waits(
        self, session: Session, case: cases.Case, now: datetime
    ) -> None:
        again = settle(
            session, call_of(case), Status.CALL_LATER, now, call_again=(at("2026-11-25 15:00"), at("2026-11-25 18:00"))
        )
        assert (again.status, again.chosen, again.attempt, again.unanswered) == (Status.BOOKED, True, 2, 0)
        assert again.dial_at == again.first_start == at("2026-11-25 15:00")
        assert again.remind_at == at("2026-11-25 14:45")
        assert reply(session, case.ticket).due_at == at("2026-11-25 15:30")

    def test_who_wants_to_be_called_later_without_a_time_is_called_after_a_while(
        self, session: Session, case: cases.Case, now: datetime
    ) -> None:
        again = settle(session, call_of(case), Status.CALL_LATER, now)
        assert again.dial_at == at("2026-11-24 12:05")
        assert reply(session, case.ticket).due_at == at("2026-11-24 12:30")

    def test_a_later_time_that_cannot_be_had_changes_nothing(
        self, session: Session, case: cases.Case, now: datetime
    ) -> None:
        with pytest.raises(BadTime):
            settle(session, call_of(case), Status.CALL_LATER, now, call_again=(at("2026-11-24 20:00"), None))
        assert service.get(session, call_of(case).id).status is Status.BOOKED

    def test_what_is_no_outcome_is_refused(self, session: Session, now: datetime) -> None:
        with pytest.raises(Refused):
            settle(session, book(session, PHONE, now), Status.CANCELLED, now)

    def test_a_wrong_number_gets_no_more_texts(
        self, session: Session, sessions: db.Sessions, case: cases.Case, now: datetime
    ) -> None:
        waiting = outbox.queue(
            session, to=PHONE, text="提醒", kind=OutboxKind.NOTICE, now=now, key="n:1", language="zh"
        )
        settle(session, call_of(case), Status.WRONG_NUMBER, now)
        session.refresh(waiting)
        assert waiting.status is OutboxStatus.SUPPRESSED
        assert customers.opted_out(session, PHONE)
        assert codes(session, case.ticket)[-1] == "number_wanted"
        assert reply(session, case.ticket).met_at is None
        customers.set_opt_out(session, PHONE, None)
        assert not customers.opted_out(session, PHONE)

    def test_with_another_number_that_one_is_called_and_stands_on_the_ticket(
        self, session: Session, case: cases.Case, now: datetime
    ) -> None:
        first = call_of(case)
        second = settle(session, first, Status.WRONG_NUMBER, now, other_phone=OTHER)
        assert (second.phone, second.status, second.attempt) == (OTHER, Status.BOOKED, 2)
        assert case.ticket.contact_phone == OTHER
        assert [each.phone for each in service.chain(session, first)] == [PHONE, OTHER]
        entry = ticket_queries.last_entry(session, case.ticket.id, ("number_replaced",))
        assert entry is not None
        assert (entry.params["old"], entry.params["new"]) == ("138****8000", "139****9000")

    def test_another_number_may_be_given_afterwards_and_once(
        self, session: Session, case: cases.Case, now: datetime
    ) -> None:
        wrong = settle(session, call_of(case), Status.WRONG_NUMBER, now)
        given = service.give_number(session, wrong.id, OTHER, who="陈晓", by=None, reference=REFERENCE, now=now)
        assert given.phone == OTHER
        with pytest.raises(Conflict):
            service.give_number(session, wrong.id, OTHER, who="陈晓", by=None, reference=REFERENCE, now=now)

    def test_who_books_from_the_number_itself_has_it(self, session: Session, now: datetime) -> None:
        settle(session, book(session, PHONE, now), Status.WRONG_NUMBER, now)
        owner = conversations.text_conversation(session, PHONE, language="zh", now=now)
        service.book(session, PHONE, conversation_id=owner.id, reference=REFERENCE, now=now)
        assert not customers.opted_out(session, PHONE)


class TestMyNextCall:
    def test_the_call_that_is_due_is_handed_out_once(
        self, session: Session, case: cases.Case, chen: Agent, lin: Agent
    ) -> None:
        early = take_next(session, chen, at("2026-11-24 10:29"))
        assert (early.callback, early.no_call, early.next_at) == (None, NoCall.NONE, at("2026-11-24 10:30"))
        due = at("2026-11-24 10:30")
        mine = take_next(session, chen, due)
        assert mine.callback is not None
        assert (mine.callback.id, mine.callback.caller_id, mine.turn) == (call_of(case).id, chen.id, Turn.DUE)
        assert take_next(session, lin, due).callback is None

    def test_asked_again_the_agent_gets_the_same_call(self, session: Session, case: cases.Case, chen: Agent) -> None:
        book(session, OTHER, at("2026-11-24 10:06"))
        first = take_next(session, chen, at("2026-11-24 10:31")).callback
        again = take_next(session, chen, at("2026-11-24 10:33")).callback
        assert first is not None
        assert again is not None
        assert again.id == first.id
        assert again.lease_until == at("2026-11-24 10:38")

    def test_danger_does_not_wait_for_a_time_chosen_before_it(
        self, session: Session, conversation: Conversation, now: datetime, chen: Agent
    ) -> None:
        book(session, PHONE, now, "2026-11-26 09:00")
        cases.report_hazard(
            session,
            conversation_id=conversation.id,
            message_id="m1",
            text="冒烟",
            kind="smoke",
            phone=PHONE,
            reference=REFERENCE,
            now=now,
        )
        assert take_next(session, chen, now).turn is Turn.DANGER

    def test_oldest_first(self, session: Session, now: datetime, chen: Agent, lin: Agent) -> None:
        for minute, phone in enumerate(("+8613800138003", "+8613800138001", "+8613800138002")):
            book(session, phone, now + timedelta(minutes=minute))
        moment = at("2026-11-24 10:31")
        handed = [take_next(session, who, moment).callback for who in (chen, lin, agent(session, "wu", now))]
        assert [each and each.phone[-1] for each in handed] == ["3", "1", "2"]

    def test_danger_is_rung_at_once(
        self, session: Session, conversation: Conversation, now: datetime, chen: Agent
    ) -> None:
        cases.report_hazard(
            session,
            conversation_id=conversation.id,
            message_id="m1",
            text="冒烟",
            kind="smoke",
            phone=PHONE,
            reference=REFERENCE,
            now=now,
        )
        handed = take_next(session, chen, now)
        assert handed.callback is not None
        assert handed.turn is Turn.DANGER

    def test_a_dead_browsers_call_comes_back_after_the_lease_and_its_agent_is_too_late(
        self, session: Session, case: cases.Case, chen: Agent, lin: Agent
    ) -> None:
        mine = take_next(session, chen, at("2026-11-24 10:30")).callback
        assert mine is not None
        seen = mine.version
        assert take_next(session, lin, at("2026-11-24 10:34:59")).callback is None
        theirs = take_next(session, lin, at("2026-11-24 10:35")).callback
        assert theirs is not None
        assert theirs.id == mine.id
        with pytest.raises(Conflict):
            settle(session, mine, Status.DONE, at("2026-11-24 10:36"), by=chen.id, version=seen)
        assert not service.hold(session, mine.id, chen, reference=REFERENCE, now=at("2026-11-24 10:36"))

    def test_a_living_browser_keeps_its_call(self, session: Session, case: cases.Case, chen: Agent, lin: Agent) -> None:
        moment = at("2026-11-24 10:30")
        take_next(session, chen, moment)
        for _ in range(10):
            moment += timedelta(minutes=1)
            assert service.hold(session, call_of(case).id, chen, reference=REFERENCE, now=moment)
        assert take_next(session, lin, moment).callback is None

    def test_nobody_moves_cancels_or_settles_what_somebody_else_is_calling(
        self, session: Session, case: cases.Case, chen: Agent, lin: Agent
    ) -> None:
        now = at("2026-11-24 10:31")
        mine = take(session, call_of(case), chen, now)
        with pytest.raises(Conflict):
            settle(session, mine, Status.DONE, now, by=lin.id)
        with pytest.raises(Conflict):
            service.cancel(session, mine.id, who=lin.name, by=lin.id, reference=REFERENCE, now=now)
        with pytest.raises(Conflict):
            service.move(
                session, mine.id, at("2026-11-25 09:00"), None, who="l", by=lin.id, reference=REFERENCE, now=now
            )
        with pytest.raises(Conflict):
            take(session, mine, lin, now)
        assert settle(session, mine, Status.DONE, now, by=chen.id).status is Status.DONE

    def test_a_customer_who_books_anew_while_being_rung_leaves_the_call_as_it_is(
        self, session: Session, case: cases.Case, chen: Agent
    ) -> None:
        now = at("2026-11-24 10:31")
        take(session, call_of(case), chen, now)
        again = service.book(session, PHONE, wanted=(at("2026-11-25 15:00"), None), reference=REFERENCE, now=now)
        assert not again.moved
        assert again.callback.window_start == at("2026-11-24 10:30")

    def test_a_customer_who_cancels_while_being_rung_is_heard_and_the_agent_told(
        self, session: Session, case: cases.Case, chen: Agent
    ) -> None:
        now = at("2026-11-24 10:31")
        mine = take(session, call_of(case), chen, now)
        cases.cancel(session, case.ticket.ticket_no, PHONE, reference=REFERENCE, now=now)
        with pytest.raises(Conflict):
            settle(session, mine, Status.DONE, now, by=chen.id)

    def test_a_call_given_back_is_anybodys(self, session: Session, case: cases.Case, chen: Agent, lin: Agent) -> None:
        now = at("2026-11-24 10:31")
        mine = take(session, call_of(case), chen, now)
        with pytest.raises(Conflict):
            service.give_back(session, mine.id, lin)
        service.give_back(session, mine.id, chen)
        assert take_next(session, lin, now).callback is not None

    def test_an_agent_has_one_call_in_hand(self, session: Session, case: cases.Case, chen: Agent) -> None:
        now = at("2026-11-24 10:31")
        other = book(session, OTHER, at("2026-11-24 10:06"))
        take(session, call_of(case), chen, now)
        take(session, other, chen, now)
        assert service.get(session, call_of(case).id).caller_id is None
        held = service.in_hand(session, chen, now=now)
        assert held is not None
        assert held.id == other.id

    @pytest.mark.parametrize(
        "number",
        ["+8695588", "+864008888888", "+85298765432", "+12025550123", "+861349123456", "+8675788880000", "110"],
    )
    def test_a_number_that_must_not_be_called_is_refused_before_dialling(
        self, session: Session, case: cases.Case, chen: Agent, number: str
    ) -> None:
        """However it got there: the row is written as no door would let it in."""
        own = frozenset({"+8675788880000"})
        bad = call_of(case)
        bad.phone = number
        good = book(session, OTHER, at("2026-11-24 10:06"))
        session.flush()
        now = at("2026-11-24 10:31")
        with pytest.raises(BadPhone):
            service.take(session, bad.id, chen, own_numbers=own, reference=REFERENCE, now=now)
        handed = take_next(session, chen, now, own=own)
        assert handed.callback is not None
        assert handed.callback.id == good.id
        assert service.get(session, bad.id).status is Status.WRONG_NUMBER
        assert codes(session, case.ticket)[-1] == "callback_uncallable"

    def test_a_fixed_line_is_called(self, session: Session, now: datetime, chen: Agent) -> None:
        book(session, "+8675788886666", now)
        assert take_next(session, chen, at("2026-11-24 10:31")).callback is not None

    def test_nobody_is_called_out_of_hours(self, session: Session, case: cases.Case, chen: Agent) -> None:
        night = at("2026-11-24 18:00")
        assert take_next(session, chen, night).no_call is NoCall.CLOSED
        with pytest.raises(Refused) as refused:
            take(session, call_of(case), chen, night)
        assert refused.value.reason == "closed"

    def test_who_is_not_on_shift_is_handed_nothing_but_may_choose_a_call(
        self, session: Session, case: cases.Case, chen: Agent, lin: Agent
    ) -> None:
        only_chen = Shift(time(8), time(18), people=1, who=frozenset({"chen"}))
        named = replace(REFERENCE, rosters={"general": Roster(REFERENCE.calendar.zone, {1: (only_chen,)})})
        now = at("2026-11-24 10:31")
        assert take_next(session, lin, now, policy=named).no_call is NoCall.OFF_SHIFT
        assert (
            service.take(session, call_of(case).id, lin, own_numbers=(), reference=named, now=now).caller_id == lin.id
        )
        assert take_next(session, chen, now, policy=named).no_call is NoCall.NONE


class TestTakingBack:
    def test_a_wrong_no_answer_leaves_no_second_call_behind(
        self, session: Session, case: cases.Case, chen: Agent
    ) -> None:
        now = at("2026-11-24 10:31")
        first = call_of(case)
        settle(session, first, Status.NO_ANSWER, now)
        back = take_back(session, first, chen, now + timedelta(minutes=2))
        assert (back.status, back.caller_id, back.outcome, back.closed_at) == (Status.BOOKED, chen.id, None, None)
        assert service.chain(session, back) == [back]
        assert codes(session, case.ticket)[-1] == "callback_undone"
        settle(session, back, Status.DONE, now + timedelta(minutes=3), by=chen.id)

    def test_promises_stand_as_before(self, session: Session, case: cases.Case, chen: Agent) -> None:
        now = at("2026-11-24 10:31")
        before = reply(session, case.ticket).due_at
        for outcome in (Status.DONE, Status.CALL_LATER):
            settle(session, call_of(case), outcome, now, by=chen.id)
            assert reply(session, case.ticket).met_at is not None or reply(session, case.ticket).due_at != before
            take_back(session, call_of(case), chen, now)
            assert (reply(session, case.ticket).met_at, reply(session, case.ticket).due_at) == (None, before)

    def test_a_promise_somebody_has_changed_since_is_left_alone(
        self, session: Session, case: cases.Case, chen: Agent
    ) -> None:
        now = at("2026-11-24 10:31")
        settle(session, call_of(case), Status.CALL_LATER, now)
        tickets.meet_promise(session, case.ticket, PromiseKind.REPLY, "林悦", now)
        take_back(session, call_of(case), chen, now)
        assert reply(session, case.ticket).met_at == now

    def test_a_wrong_wrong_number_is_right_again(self, session: Session, case: cases.Case, chen: Agent) -> None:
        now = at("2026-11-24 10:31")
        settle(session, call_of(case), Status.WRONG_NUMBER, now)
        take_back(session, call_of(case), chen, now)
        assert not customers.opted_out(session, PHONE)

    def test_a_reminder_that_was_still_to_come_comes(self, session: Session, now: datetime, chen: Agent) -> None:
        call = book(session, PHONE, now, "2026-11-25 15:00")
        settle(session, call, Status.DONE, now)
        assert take_back(session, call, chen, now).remind_at == at("2026-11-25 14:45")

    def test_the_text_is_taken_back_while_it_waits_and_queued_again_when_it_is_true(
        self, session: Session, case: cases.Case, chen: Agent
    ) -> None:
        last = ring_in_vain(session, call_of(case), LADDER + 1)
        settled_at = last.closed_at
        assert settled_at is not None
        back = take_back(session, last, chen, settled_at)
        assert [each.status for each in texts(session)] == [OutboxStatus.SUPPRESSED]
        settle(session, back, Status.NO_ANSWER, settled_at, by=chen.id)
        assert [each.status for each in texts(session)] == [OutboxStatus.SUPPRESSED, OutboxStatus.PENDING]

    def test_once_the_text_has_left_nothing_is_taken_back(
        self, session: Session, case: cases.Case, chen: Agent
    ) -> None:
        last = ring_in_vain(session, call_of(case), LADDER + 1)
        texts(session)[0].status = OutboxStatus.SENDING
        assert last.closed_at is not None
        with pytest.raises(Conflict) as refused:
            take_back(session, last, chen, last.closed_at)
        assert refused.value.reason == "left"

    def test_it_is_refused_late_twice_or_when_the_next_call_has_begun(
        self, session: Session, case: cases.Case, chen: Agent, lin: Agent
    ) -> None:
        now = at("2026-11-24 10:31")
        second = settle(session, call_of(case), Status.NO_ANSWER, now)
        with pytest.raises(Conflict) as late:
            take_back(session, call_of(case), chen, now + timedelta(minutes=6))
        assert late.value.reason == "too_late"
        take(session, second, lin, now + timedelta(minutes=1))
        with pytest.raises(Conflict) as gone_on:
            take_back(session, call_of(case), chen, now + timedelta(minutes=2))
        assert gone_on.value.reason == "gone_on"
        with pytest.raises(Conflict):
            take_back(session, second, chen, now)

    def test_not_when_the_customer_has_booked_anew(self, session: Session, case: cases.Case, chen: Agent) -> None:
        now = at("2026-11-24 10:31")
        settle(session, call_of(case), Status.DONE, now)
        book(session, PHONE, now)
        with pytest.raises(Conflict) as refused:
            take_back(session, call_of(case), chen, now)
        assert refused.value.reason == "gone_on"

    def test_not_when_another_number_has_been_given(self, session: Session, case: cases.Case, chen: Agent) -> None:
        now = at("2026-11-24 10:31")
        settle(session, call_of(case), Status.WRONG_NUMBER, now, other_phone=OTHER)
        with pytest.raises(Conflict):
            take_back(session, call_of(case), chen, now)


class TestNothingIsForgotten:
    def tick(self, sessions: db.Sessions, now: str, policy: Reference = REFERENCE) -> int:
        return jobs.run_due(sessions, at(now), policy)

    def test_a_window_nobody_called_in_is_recorded_once_and_the_call_stays_first(
        self, session: Session, sessions: db.Sessions, case: cases.Case, chen: Agent
    ) -> None:
        fresh = book(session, OTHER, at("2026-11-24 10:40"))
        session.commit()
        self.tick(sessions, "2026-11-24 11:00")
        call = service.get(session, call_of(case).id)
        assert call.overdue_at == at("2026-11-24 11:00")
        assert (call.window_start, call.dial_at) == (at("2026-11-24 11:00"), at("2026-11-24 11:00"))
        assert call.first_start == at("2026-11-24 10:30")
        for moment in ("11:30", "12:00", "17:30", "18:00"):
            self.tick(sessions, f"2026-11-24 {moment}")
        assert codes(session, case.ticket).count("callback_overdue") == 1
        call = service.get(session, call.id)
        assert call.window_start == at("2026-11-25 08:00")
        assert call.remind_at == at("2026-11-25 08:00")
        handed = take_next(session, chen, at("2026-11-25 08:00")).callback
        assert handed is not None
        assert handed.id == call.id
        assert fresh.id != call.id

    def test_a_call_nobody_makes_for_days_is_announced_anew_once(
        self, session: Session, sessions: db.Sessions, case: cases.Case
    ) -> None:
        session.commit()
        for day in ("24", "25", "26", "27"):
            for moment in ("08:00", "10:20", "11:00", "14:00", "18:00"):
                self.tick(sessions, f"2026-11-{day} {moment}")
        assert len(texts(session)) == 2
        assert service.get(session, call_of(case).id).window_start == at("2026-11-28 08:00")

    def test_an_agent_who_is_just_noting_the_outcome_is_not_disturbed(
        self, session: Session, sessions: db.Sessions, case: cases.Case
    ) -> None:
        seen = call_of(case).version
        session.commit()
        self.tick(sessions, "2026-11-24 11:00")
        session.expire_all()
        settle(session, service.get(session, call_of(case).id), Status.DONE, at("2026-11-24 11:01"), version=seen)

    def test_a_call_that_lasts_beyond_its_window_is_not_overdue(
        self, session: Session, sessions: db.Sessions, case: cases.Case, chen: Agent
    ) -> None:
        take(session, call_of(case), chen, at("2026-11-24 10:58"))
        session.commit()
        self.tick(sessions, "2026-11-24 11:00")
        assert service.get(session, call_of(case).id).overdue_at is None

    def test_a_step_of_the_ladder_that_slips_breaks_no_word(
        self, session: Session, sessions: db.Sessions, case: cases.Case
    ) -> None:
        second = settle(session, call_of(case), Status.NO_ANSWER, at("2026-11-24 10:31"))
        session.commit()
        self.tick(sessions, "2026-11-24 11:00")
        second = service.get(session, second.id)
        assert second.overdue_at is None
        assert (second.window_start, second.dial_at) == (at("2026-11-24 11:00"), at("2026-11-24 10:41"))

    def test_a_days_backlog_is_spread_over_the_next_morning_oldest_first(
        self, session: Session, sessions: db.Sessions
    ) -> None:
        calls = [book(session, f"+86138001390{index:02d}", at("2026-11-24 17:20")) for index in range(6)]
        calls += [book(session, f"+86138001391{index:02d}", at("2026-11-24 16:20")) for index in range(6)]
        session.commit()
        self.tick(sessions, "2026-11-24 18:00")
        session.expire_all()
        taken = queries.taken(session, since=at("2026-11-24 18:00"), besides=None)
        assert taken == {at("2026-11-25 08:00"): 6, at("2026-11-25 08:30"): 6}
        older = {
            service.get(session, each.id).window_start for each in calls if each.first_start == at("2026-11-24 16:30")
        }
        assert older == {at("2026-11-25 08:00")}

    def test_over_closed_days_the_backlog_waits_for_the_next_opening(
        self, session: Session, sessions: db.Sessions
    ) -> None:
        closed = dict.fromkeys((date(2026, 2, day) for day in range(14, 24)), None)
        festival = replace(REFERENCE, calendar=replace(REFERENCE.calendar, exceptional_hours=closed))
        call = service.book(session, PHONE, reference=festival, now=at("2026-02-13 17:20")).callback
        session.commit()
        self.tick(sessions, "2026-02-13 18:00", festival)
        moved = service.get(session, call.id)
        assert (moved.window_start, moved.dial_at) == (at("2026-02-24 08:00"), at("2026-02-24 08:00"))

    def test_a_call_at_risk_is_brought_into_a_hand_that_has_become_free(
        self, session: Session, sessions: db.Sessions, conversation: Conversation
    ) -> None:
        night = at("2026-11-23 22:00")
        calls = [book(session, f"+86138001390{index:02d}", night) for index in range(12)]
        first, second = (call_of(open_case(session, conversation, phone, night)) for phone in (PHONE, OTHER))
        assert (first.over_capacity, second.over_capacity) == (True, True)
        assert (first.window_start, second.window_start) == (at("2026-11-24 08:00"), at("2026-11-24 08:30"))
        session.commit()
        assert self.tick(sessions, "2026-11-24 07:50") == 0
        for early in calls[:2]:
            service.cancel(session, early.id, who="a", reference=REFERENCE, now=at("2026-11-24 07:51"))
        session.commit()
        assert self.tick(sessions, "2026-11-24 07:52") == 1
        assert service.get(session, second.id).window_start == at("2026-11-24 08:00")
        assert not service.get(session, first.id).over_capacity
        taken = queries.taken(session, since=night, besides=None)
        assert taken == {at("2026-11-24 08:00"): 6, at("2026-11-24 08:30"): 6}

    def test_a_call_whose_promise_would_be_missed_is_hurried_and_announced_anew(
        self, session: Session, sessions: db.Sessions, case: cases.Case
    ) -> None:
        call = call_of(case)
        late = at("2026-11-24 15:00")
        call.window_start, call.window_end, call.dial_at = late, late + timedelta(minutes=30), late
        call.remind_at = late - timedelta(minutes=15)
        session.commit()
        self.tick(sessions, "2026-11-24 10:10")
        moved = service.get(session, call.id)
        assert moved.window_start == at("2026-11-24 10:30")
        assert moved.remind_at == at("2026-11-24 10:15")
        assert codes(session, case.ticket)[-1] == "callback_forward"
        assert self.tick(sessions, "2026-11-24 10:11") == 0

    @pytest.mark.parametrize("fact", ["chosen", "by_hand", "reminded_at"])
    def test_what_was_chosen_set_by_hand_or_told_is_not_hurried(
        self, session: Session, sessions: db.Sessions, case: cases.Case, chen: Agent, fact: str
    ) -> None:
        call = call_of(case)
        late = at("2026-11-24 15:00")
        call.window_start, call.window_end, call.dial_at = late, late + timedelta(minutes=30), late
        call.remind_at = None
        setattr(call, fact, at("2026-11-24 10:06") if fact == "reminded_at" else True)
        session.commit()
        self.tick(sessions, "2026-11-24 10:10")
        assert service.get(session, call.id).window_start == late
        assert take_next(session, chen, at("2026-11-24 10:40")).callback is None

    def test_whatever_the_clock_does_nothing_is_doubled(
        self, session: Session, sessions: db.Sessions, case: cases.Case, chen: Agent
    ) -> None:
        session.commit()
        for moment in ("10:20", "12:20", "10:20", "08:20", "10:20", "12:20"):
            self.tick(sessions, f"2026-11-24 {moment}")
        assert len(texts(session)) == 1
        assert codes(session, case.ticket).count("callback_overdue") == 1
        take(session, call_of(case), chen, at("2026-11-24 12:21"))
        with pytest.raises(Conflict):  # the clock went back: the lease is longer, the call still theirs
            take(session, call_of(case), agent(session, "wu", at("2026-11-24 10:00")), at("2026-11-24 10:21"))


class TestTwoAtOnce:
    def people(self, sessions: db.Sessions, count: int, now: datetime) -> list[int]:
        with db.session_scope(sessions) as session:
            return [agent(session, f"agent{number}", now).id for number in range(count)]

    def test_agents_who_press_at_once_never_ring_one_customer(self, committed: db.Sessions, now: datetime) -> None:
        people = self.people(committed, 8, now)
        with db.session_scope(committed) as session:
            for index in range(5):
                book(session, f"+86138001380{index:02d}", now)

        def press(person: int) -> int | None:
            with db.session_scope(committed) as session:
                handed = take_next(session, session.get_one(Agent, person), at("2026-11-24 10:31"))
                return handed.callback.id if handed.callback else None

        with ThreadPoolExecutor(8) as pool:
            got = [each for each in pool.map(press, people) if each is not None]
        assert len(got) == len(set(got)) == 5

    def test_of_several_who_take_one_call_one_gets_it(self, committed: db.Sessions, now: datetime) -> None:
        people = self.people(committed, 4, now)
        with db.session_scope(committed) as session:
            call_id = book(session, PHONE, now).id

        def grab(person: int) -> bool:
            try:
                with db.session_scope(committed) as session:
                    call = service.get(session, call_id)
                    take(session, call, session.get_one(Agent, person), at("2026-11-24 10:31"))
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(grab, people)) == [False, False, False, True]

    def test_an_outcome_recorded_twice_at_once_makes_one_further_call(
        self, committed: db.Sessions, now: datetime
    ) -> None:
        with db.session_scope(committed) as session:
            call_id, version = book(session, PHONE, now).id, 1

        def record(_: int) -> bool:
            try:
                with db.session_scope(committed) as session:
                    call = service.get(session, call_id)
                    settle(session, call, Status.NO_ANSWER, at("2026-11-24 10:31"), version=version)
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(record, range(4))) == [False, False, False, True]
        with db.read_scope(committed) as session:
            assert session.scalar(select(func.count()).select_from(Callback)) == 2

    def test_ticks_at_once_rebook_each_late_call_once_and_overfill_nothing(
        self, committed: db.Sessions, now: datetime
    ) -> None:
        with db.session_scope(committed) as session:
            for index in range(14):
                book(session, f"+86138001380{index:02d}", at("2026-11-24 16:20"))
        with ThreadPoolExecutor(4) as pool:
            handled = list(pool.map(lambda _: jobs.run_due(committed, at("2026-11-24 18:00"), REFERENCE), range(4)))
        assert sum(handled) == 14
        with db.read_scope(committed) as session:
            taken = queries.taken(session, since=now, besides=None)
        assert sorted(taken.values()) == [2, 6, 6]
