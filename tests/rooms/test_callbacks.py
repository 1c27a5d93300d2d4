"""Callbacks: inside the promise, one a number, reminded once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import db, reference
from backend.callbacks import cases, jobs, queries, service
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status
from backend.conversations import service as conversations
from backend.conversations.models import Conversation
from backend.errors import BadTime, Conflict, NotFound, TicketUnknown
from backend.kernel import working_time
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import Status as OutboxStatus
from backend.tickets import policy
from backend.tickets import service as tickets
from backend.tickets.models import Promise
from backend.tickets.rules import Priority, PromiseKind, TicketType
from backend.tickets.rules import Status as TicketStatus
from backend.tickets.service import TicketRequest
from conftest import at

REFERENCE = reference.current()
PHONE = "+8613800138000"
OTHER = "+8613900139000"
FULL = 6
"""Calls that a window holds: three people on shift, two calls each."""


@pytest.fixture
def conversation(session: Session, now: datetime) -> Conversation:
    return conversations.open_web(session, language="zh", reference=REFERENCE, now=now)[0]


@pytest.fixture
def request_(conversation: Conversation) -> TicketRequest:
    return TicketRequest(
        conversation.id,
        "f1",
        TicketType.REPAIR,
        PHONE,
        name="李梅",
        address="佛山市顺德区大良街道新宁路1号302房",
        facts={"symptom": "不加热"},
    )


def open_(
    session: Session, request: TicketRequest, now: datetime, wanted: tuple[datetime, datetime | None] | None = None
) -> cases.Case:
    return cases.open_with_callback(session, request, wanted, reference=REFERENCE, now=now)


def book(
    session: Session, phone: str, now: datetime, wanted: datetime | None = None, conversation_id: str | None = None
) -> service.Booked:
    return service.book(
        session,
        phone,
        wanted=(wanted, None) if wanted else None,
        conversation_id=conversation_id,
        reference=REFERENCE,
        now=now,
    )


def reply_of(session: Session, case: cases.Case) -> Promise:
    found = tickets.promise_of(session, case.ticket, PromiseKind.REPLY)
    assert found is not None
    return found


def reminders(session: Session) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_each_new_ticket_gets_a_call_inside_its_reply_promise(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    case = open_(session, request_, now)
    assert case.callback is not None
    assert case.callback.window_start == at("2026-11-24 10:30")
    assert case.callback.remind_at == at("2026-11-24 10:15")
    [shown] = cases.show(session, [case.ticket], REFERENCE)
    [callback] = shown.callbacks
    assert (callback.ticket_no, callback.status, callback.phone) == (case.ticket.ticket_no, "booked", PHONE)
    assert callback.words["zh"] == "11月24日（周二）10:30–11:00"
    assert [entry.code for entry in shown.timeline] == ["opened", "callback_booked"]


def test_the_same_form_again_books_nothing_more(session: Session, request_: TicketRequest, now: datetime) -> None:
    first = open_(session, request_, now)
    again = open_(session, request_, now + timedelta(minutes=3))
    assert again.callback is first.callback
    assert session.scalar(select(func.count()).select_from(Callback)) == 1


def test_a_wanted_time_is_booked_and_puts_the_reply_promise_off(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    case = open_(session, request_, now, (at("2026-11-25 15:00"), at("2026-11-25 18:00")))
    assert case.callback is not None
    assert case.callback.window_start == at("2026-11-25 15:00")
    reply = reply_of(session, case)
    assert reply.due_at == at("2026-11-25 15:30")
    assert reply.paused_s > 0
    assert "客户要求" in reply.why_zh
    assert tickets.record_missed(session, at("2026-11-24 12:00")) == 0


@pytest.mark.parametrize("wanted", ["2026-11-24 09:00", "2026-11-24 20:00", "2027-02-01 10:00"])
def test_a_wanted_time_that_cannot_be_had_is_refused_with_alternatives(
    session: Session, request_: TicketRequest, now: datetime, wanted: str
) -> None:
    with pytest.raises(BadTime) as refused:
        open_(session, request_, now, (at(wanted), None))
    assert refused.value.reason in ("past", "closed", "too_far")
    assert set(refused.value.details["alternatives"][0]) == {"start", "end", "words"}


def test_beyond_the_calendar_a_ticket_is_kept_without_a_call(session: Session, request_: TicketRequest) -> None:
    case = open_(session, request_, at("2028-03-01 10:00"))
    assert case.callback is None
    assert case.ticket.id


def test_a_number_has_one_open_call_which_is_moved(session: Session, now: datetime) -> None:
    first = book(session, PHONE, now)
    second = book(session, PHONE, now, at("2026-11-25 09:00"))
    assert second.callback.id == first.callback.id
    assert (first.moved, second.moved) == (False, True)
    assert second.callback.window_start == at("2026-11-25 09:00")
    third = book(session, PHONE, now)
    assert third.callback.window_start == at("2026-11-25 09:00")
    assert not third.moved


def test_twenty_bookings_for_one_number_at_night_are_one_call(session: Session) -> None:
    night = at("2026-11-24 23:30")
    for minute in range(20):
        book(session, PHONE, night + timedelta(minutes=minute))
    assert session.scalar(select(func.count()).select_from(Callback)) == 1


def test_full_windows_are_passed_over_until_the_promise_outranks_capacity(
    session: Session, request_: TicketRequest
) -> None:
    night = at("2026-11-24 22:00")
    for index in range(12):
        book(session, f"+86138001380{index:02d}", night)
    case = open_(session, replace(request_, phone=OTHER), night)
    assert case.callback is not None
    assert case.callback.over_capacity
    assert "outranks" in case.callback.why
    due = reply_of(session, case).due_at
    assert due is not None
    assert case.callback.window_end <= due


def test_two_matters_of_one_number_share_the_call_and_its_outcome(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    first = open_(session, request_, now)
    second = open_(session, replace(request_, form_id="f2", type=TicketType.INSTALL), now)
    assert second.callback is not None
    assert first.callback is second.callback
    [shown] = cases.show(session, [second.ticket], REFERENCE)
    assert [each.id for each in shown.callbacks] == [second.callback.id]
    service.record_outcome(session, second.callback.id, Status.DONE, who="值班客服", reference=REFERENCE, now=now)
    for case in (first, second):
        assert reply_of(session, case).met_at == now


def test_an_unanswered_call_keeps_no_promise(session: Session, request_: TicketRequest, now: datetime) -> None:
    case = open_(session, request_, now)
    assert case.callback is not None
    done = service.record_outcome(
        session, case.callback.id, Status.NO_ANSWER, who="值班客服", note="两次无人接听", reference=REFERENCE, now=now
    )
    assert (done.status, done.agent, done.outcome) == (Status.NO_ANSWER, "值班客服", "两次无人接听")
    assert reply_of(session, case).met_at is None
    assert book(session, PHONE, now).callback.id != done.id


def test_a_settled_call_cannot_be_moved_cancelled_or_settled_again(session: Session, now: datetime) -> None:
    callback = book(session, PHONE, now).callback
    service.cancel(session, callback.id, who="值班客服", reference=REFERENCE, now=now)
    with pytest.raises(Conflict):
        service.move(session, callback.id, at("2026-11-25 09:00"), None, who="a", reference=REFERENCE, now=now)
    with pytest.raises(Conflict):
        service.cancel(session, callback.id, who="a", reference=REFERENCE, now=now)
    with pytest.raises(Conflict):
        service.record_outcome(session, callback.id, Status.DONE, who="a", reference=REFERENCE, now=now)
    with pytest.raises(NotFound):
        service.cancel(session, 999_999, who="a", reference=REFERENCE, now=now)


def test_of_two_changes_to_one_version_one_wins(session: Session, now: datetime) -> None:
    callback = book(session, PHONE, now).callback
    seen = callback.version
    service.move(
        session, callback.id, at("2026-11-25 09:00"), None, who="a", version=seen, reference=REFERENCE, now=now
    )
    with pytest.raises(Conflict):
        service.cancel(session, callback.id, who="b", version=seen, reference=REFERENCE, now=now)
    assert service.get(session, callback.id).status is Status.BOOKED


def test_two_agents_at_once_have_one_outcome(committed: db.Sessions, now: datetime) -> None:
    with db.session_scope(committed) as session:
        callback = book(session, PHONE, now).callback
        callback_id, version = callback.id, callback.version

    def cancel(who: str) -> bool:
        try:
            with db.session_scope(committed) as session:
                service.cancel(session, callback_id, who=who, version=version, reference=REFERENCE, now=now)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(cancel, "abcd")) == [False, False, False, True]


def test_bookings_at_once_never_share_a_number_or_overfill_a_window(committed: db.Sessions, now: datetime) -> None:
    def one(index: int) -> None:
        with db.session_scope(committed) as session:
            book(session, f"+86138001380{index % 10:02d}", now, at("2026-11-25 15:00"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(20)))
    with db.read_scope(committed) as session:
        taken = queries.taken(session, since=now, besides=None)
    assert sum(taken.values()) == 10
    assert max(taken.values()) == FULL


def test_an_agent_moves_into_a_free_window_only_and_the_promise_stands(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    for index in range(FULL):
        book(session, f"+86138001380{index + 10}", now, at("2026-11-25 15:00"))
    case = open_(session, request_, now)
    assert case.callback is not None
    before = reply_of(session, case).due_at
    with pytest.raises(BadTime) as refused:
        service.move(session, case.callback.id, at("2026-11-25 15:00"), None, who="a", reference=REFERENCE, now=now)
    assert refused.value.reason == "full"
    moved = service.move(session, case.callback.id, at("2026-11-25 16:00"), None, who="a", reference=REFERENCE, now=now)
    assert moved.window_start == at("2026-11-25 16:00")
    assert reply_of(session, case).due_at == before
    service.move(
        session,
        case.callback.id,
        at("2026-11-25 16:30"),
        None,
        who="a",
        customer_asked=True,
        reference=REFERENCE,
        now=now,
    )
    assert reply_of(session, case).due_at == at("2026-11-25 17:00")


def test_a_call_booked_from_its_own_number_is_not_moved_by_somebody_who_types_it(
    session: Session, conversation: Conversation, now: datetime
) -> None:
    owner = conversations.text_conversation(session, PHONE, language="zh", now=now)
    mine = book(session, PHONE, now, conversation_id=owner.id)
    strangers = book(session, PHONE, now, at("2026-12-01 09:00"), conversation_id=conversation.id)
    assert not strangers.moved
    assert strangers.callback.window_start == at("2026-11-24 10:30")
    assert book(session, PHONE, now, at("2026-12-01 09:00"), conversation_id=owner.id).moved
    assert mine.callback.phone_confirmed


def test_a_reminder_is_queued_once_when_it_is_due(
    session: Session, sessions: db.Sessions, request_: TicketRequest, now: datetime
) -> None:
    case = open_(session, request_, now)
    session.commit()
    due = at("2026-11-24 10:15")
    assert jobs.run_due(sessions, due - timedelta(seconds=1), REFERENCE) == 0
    assert [jobs.run_due(sessions, due + timedelta(seconds=tick), REFERENCE) for tick in range(3)] == [1, 0, 0]
    [text] = reminders(session)
    assert text.to == PHONE
    assert case.ticket.ticket_no in text.text
    assert "10:30" in text.text


def test_a_call_without_a_ticket_is_reminded_in_its_language(
    session: Session, sessions: db.Sessions, now: datetime
) -> None:
    service.book(session, PHONE, language="en", reference=REFERENCE, now=now)
    session.commit()
    jobs.run_due(sessions, at("2026-11-24 10:15"), REFERENCE)
    [text] = reminders(session)
    assert text.text.startswith("Weiya hotline reminder")


def test_cancelled_settled_and_past_calls_are_not_reminded(
    session: Session, sessions: db.Sessions, now: datetime
) -> None:
    cancelled, settled = book(session, PHONE, now).callback, book(session, OTHER, now).callback
    book(session, "+8613700137000", now)
    service.cancel(session, cancelled.id, who="a", reference=REFERENCE, now=now)
    service.record_outcome(session, settled.id, Status.DONE, who="a", reference=REFERENCE, now=now)
    session.commit()
    jobs.run_due(sessions, at("2026-11-24 11:00"), REFERENCE)
    assert reminders(session) == []


def test_a_moved_call_is_reminded_of_its_new_time_only(session: Session, sessions: db.Sessions, now: datetime) -> None:
    callback = book(session, PHONE, now).callback
    session.commit()
    jobs.run_due(sessions, at("2026-11-24 10:15"), REFERENCE)
    later = at("2026-11-24 10:16")
    service.move(session, callback.id, at("2026-11-25 09:00"), None, who="a", reference=REFERENCE, now=later)
    session.commit()
    assert jobs.run_due(sessions, at("2026-11-24 10:20"), REFERENCE) == 0
    jobs.run_due(sessions, at("2026-11-25 08:45"), REFERENCE)
    session.expire_all()
    old, new = reminders(session)
    assert old.status is OutboxStatus.SUPPRESSED
    assert "09:00" in new.text


def test_a_fixed_line_is_called_but_not_texted(session: Session, now: datetime) -> None:
    assert book(session, "+8675788886666", now).callback.remind_at is None


def test_every_reminder_of_a_day_is_due_in_open_time(session: Session) -> None:
    for hour in range(24):
        callback = book(session, f"+86138001380{hour:02d}", at(f"2026-11-24 {hour:02d}:10")).callback
        assert callback.remind_at is not None
        assert working_time.is_open(REFERENCE.calendar, callback.remind_at)
        assert callback.remind_at < callback.window_end


def test_numbers_nobody_has_confirmed_share_a_daily_budget_of_texts(
    session: Session, sessions: db.Sessions, now: datetime
) -> None:
    tight = replace(policy.limits(), texts_to_unconfirmed_numbers=2)
    owner = conversations.text_conversation(session, PHONE, language="zh", now=now)
    for index in range(4):
        book(session, f"+86138001380{index + 10}", now)
    book(session, PHONE, now, conversation_id=owner.id)
    session.commit()
    jobs.run_due(sessions, at("2026-11-24 10:20"), REFERENCE, limits=tight)
    texted = [each.to for each in reminders(session)]
    assert len(texted) == 3
    assert PHONE in texted


def test_missed_promises_are_recorded_by_the_tick(
    session: Session, sessions: db.Sessions, request_: TicketRequest, now: datetime
) -> None:
    case = open_(session, request_, now)
    first = case.callback
    assert first is not None
    late = at("2026-11-24 11:06")
    service.cancel(session, first.id, who="a", reference=REFERENCE, now=now)
    session.commit()
    assert [jobs.run_due(sessions, late, REFERENCE) for _ in range(2)] == [1, 0]
    session.expire_all()
    assert reply_of(session, case).missed_at == late


def test_reminders_claimed_by_several_processes_go_out_once(committed: db.Sessions, now: datetime) -> None:
    with db.session_scope(committed) as session:
        for index in range(10):
            book(session, f"+86138001380{index:02d}", now)
    due = at("2026-11-24 10:50")
    with ThreadPoolExecutor(4) as pool:
        handled = list(pool.map(lambda _: jobs.run_due(committed, due, REFERENCE), range(8)))
    assert sum(handled) == 10
    with db.read_scope(committed) as session:
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 10


def test_cancelling_a_ticket_gives_its_call_up_and_may_be_repeated(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    case = open_(session, request_, now)
    assert case.callback is not None
    with pytest.raises(TicketUnknown):
        cases.cancel(session, case.ticket.ticket_no, OTHER, reference=REFERENCE, now=now)
    for _ in range(2):
        assert cases.cancel(session, case.ticket.ticket_no, PHONE, reference=REFERENCE, now=now).zh
    assert case.ticket.status is TicketStatus.CANCELLED
    assert service.get(session, case.callback.id).status is Status.CANCELLED


def test_cancelling_one_of_two_matters_keeps_the_shared_call(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    first = open_(session, request_, now)
    open_(session, replace(request_, form_id="f2", type=TicketType.INSTALL), now)
    cases.cancel(session, first.ticket.ticket_no, PHONE, reference=REFERENCE, now=now)
    assert first.callback is not None
    assert service.get(session, first.callback.id).status is Status.BOOKED


def report(session: Session, conversation: Conversation, phone: str | None, now: datetime) -> cases.Reported:
    return cases.report_hazard(
        session,
        conversation_id=conversation.id,
        message_id="m1",
        text="热水器冒烟了",
        kind="smoke",
        phone=phone,
        reference=REFERENCE,
        now=now,
    )


def test_danger_calls_for_a_person_and_books_the_earliest_call(
    session: Session, conversation: Conversation, now: datetime
) -> None:
    book(session, PHONE, now, at("2026-11-26 09:00"))
    reported = report(session, conversation, PHONE, now)
    assert reported.ticket.priority is Priority.CRITICAL
    assert conversation.mode.value == "waiting"
    assert conversation.handoff_reason == "danger"
    callback = queries.open_by_phone(session, PHONE)
    assert callback is not None
    assert callback.window_start == at("2026-11-24 10:30")
    assert "马上" in reported.words.zh
    assert report(session, conversation, PHONE, now).ticket is reported.ticket


def test_danger_without_a_number_asks_for_it_and_out_of_hours_names_the_time(
    session: Session, conversation: Conversation
) -> None:
    reported = report(session, conversation, None, at("2026-11-24 22:00"))
    assert reported.ticket.contact_phone is None
    assert "留下您的电话" in reported.words.zh
    assert "11月25日（周三）08:00" in reported.words.zh
    assert "120" in reported.words.en


def test_a_visit_promised_before_the_wanted_call_is_counted_from_the_call(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    case = open_(session, request_, now, (at("2026-12-03 09:00"), None))
    onsite = tickets.promise_of(session, case.ticket, PromiseKind.ONSITE)
    assert onsite
    assert onsite.due_at == at("2026-12-04 18:00")  # a working day after Thursday
    assert "回电" in onsite.why_zh


def test_a_visit_promised_after_the_wanted_call_stays_as_it_is(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    case = open_(session, request_, now, (at("2026-11-25 15:00"), None))
    onsite = tickets.promise_of(session, case.ticket, PromiseKind.ONSITE)
    assert onsite
    assert onsite.due_at == at("2026-11-25 18:00")
