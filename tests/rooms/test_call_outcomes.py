"""What comes of a call: it is made again, put off, settled, or goes to another number."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from backend import db
from backend.callbacks import cases, queries, service
from backend.callbacks.rules import Status
from backend.conversations import service as conversations
from backend.conversations.models import Conversation
from backend.customers import service as customers
from backend.errors import BadTime, Conflict, Refused
from backend.kernel import working_time
from backend.outbox import service as outbox
from backend.outbox.rules import OutboxKind
from backend.outbox.rules import Status as OutboxStatus
from backend.tickets import queries as ticket_queries
from backend.tickets import service as tickets
from conftest import at
from tests.rooms.calling_bench import (  # noqa: F401  asked for by name
    LADDER,
    OTHER,
    PHONE,
    REFERENCE,
    book,
    call_of,
    case_fixture,
    codes,
    conversation_fixture,
    open_case,
    reply,
    ring_in_vain,
    settle,
    texts,
)


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
