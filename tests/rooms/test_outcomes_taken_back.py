"""A wrongly recorded outcome is taken back, while that is still the truth."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.callbacks import cases, service
from backend.callbacks.rules import Status
from backend.customers import service as customers
from backend.errors import Conflict
from backend.outbox.rules import Status as OutboxStatus
from backend.tickets import service as tickets
from backend.tickets.rules import PromiseKind
from conftest import at
from tests.rooms.calling_bench import (  # noqa: F401  asked for by name
    LADDER,
    OTHER,
    PHONE,
    REFERENCE,
    book,
    call_of,
    case_fixture,
    chen_fixture,
    codes,
    conversation_fixture,
    lin_fixture,
    reply,
    ring_in_vain,
    settle,
    take,
    take_back,
    texts,
)


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


class TestGivingUp:
    def test_a_call_given_up_by_mistake_is_booked_again(self, session: Session, case: cases.Case, chen: Agent) -> None:
        now = at("2026-11-24 10:05")
        call = call_of(case)
        window, reminder = call.window_start, call.remind_at
        service.cancel(session, call.id, who=chen.name, by=chen.id, reference=REFERENCE, now=now)
        assert (call.status, call.agent, call.remind_at) == (Status.CANCELLED, chen.name, None)
        back = take_back(session, call, chen, now + timedelta(minutes=2))
        assert (back.status, back.caller_id, back.agent) == (Status.BOOKED, None, None)
        assert (back.window_start, back.remind_at) == (window, reminder)
        assert codes(session, case.ticket)[-2:] == ["callback_cancelled", "callback_undone"]

    def test_not_once_the_customer_has_another_one(self, session: Session, case: cases.Case, chen: Agent) -> None:
        now = at("2026-11-24 10:05")
        call = call_of(case)
        service.cancel(session, call.id, who=chen.name, by=chen.id, reference=REFERENCE, now=now)
        book(session, PHONE, now + timedelta(minutes=1))
        with pytest.raises(Conflict) as refused:
            take_back(session, call, chen, now + timedelta(minutes=2))
        assert refused.value.reason == "gone_on"

    def test_what_a_customer_gave_up_is_not_ours_to_take_back(
        self, session: Session, case: cases.Case, chen: Agent
    ) -> None:
        now = at("2026-11-24 10:05")
        call = call_of(case)
        service.cancel(session, call.id, who="customer", reference=REFERENCE, now=now)
        with pytest.raises(Conflict):
            take_back(session, call, chen, now)
