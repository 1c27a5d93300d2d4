"""Visits: inside the promise, the last place once, told and reminded once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import db
from backend.appointments import jobs, offering, queries, service, settling
from backend.appointments.models import Appointment
from backend.appointments.rules import Status, Why
from backend.callbacks import cases
from backend.callbacks.rules import Status as CallStatus
from backend.callbacks.visits import agree
from backend.errors import BadTime, Conflict, HotlineError, NotFound, Refused
from backend.outbox import jobs as outbox_jobs
from backend.outbox import service as outbox
from backend.outbox.rules import OutboxKind
from backend.outbox.rules import Status as OutboxStatus
from backend.tickets import policy
from backend.tickets import service as tickets
from backend.tickets.corrections import Corrections
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import PromiseKind, TicketType
from backend.tickets.rules import Status as TicketStatus
from conftest import at
from rooms.visits import (
    AFTERNOON,
    LINKS,
    MORNING,
    NEXT_MORNING,
    NO_LINKS,
    PHONE,
    REFERENCE,
    book,
    open_case,
    queued,
    window,
)
from telephony import sms
from telephony.console_carrier import ConsoleCarrier

GUANGZHOU = "广州市越秀区北京路5号301房"


@pytest.fixture
def case(session: Session, now: datetime) -> cases.Case:
    return open_case(session, now)


@pytest.fixture
def ticket(case: cases.Case) -> Ticket:
    return case.ticket


def promise_of(session: Session, ticket: Ticket, kind: PromiseKind) -> Promise:
    found = tickets.promise_of(session, ticket, kind)
    assert found is not None
    return found


def offers(session: Session, ticket: Ticket, now: datetime) -> offering.Offers:
    return offering.offers_for(session, ticket, reference=REFERENCE, now=now)


def codes(session: Session, ticket: Ticket) -> list[str]:
    [shown] = cases.show(session, [ticket], REFERENCE)
    return [entry.code for entry in shown.timeline]


# --- what is offered ---------------------------------------------------------------------------------------------


def test_windows_inside_the_onsite_promise_are_offered_first(session: Session, ticket: Ticket, now: datetime) -> None:
    found = offers(session, ticket, now)
    due = promise_of(session, ticket, PromiseKind.ONSITE).due_at
    assert due == at("2026-11-25 18:00")
    assert found.why is Why.INSIDE
    assert all(each.end <= due for each in found.windows[: found.inside])
    assert all(each.end > due for each in found.windows[found.inside :])
    assert found.windows[0] == window("2026-11-24 13:00", "15:00")  # 10:05 and two hours of lead


def test_the_question_names_half_days(session: Session, ticket: Ticket, now: datetime) -> None:
    named = offering.to_name(session, ticket, offers(session, ticket, now).windows, REFERENCE, now)
    assert named[:3] == [window("2026-11-24 13:00", "18:00"), MORNING, AFTERNOON]


@pytest.mark.parametrize(
    ("address", "kind", "why"),
    [
        ("广州市天河区体育西路5号", TicketType.INSTALL, Why.NO_SKILL),  # that station repairs only
        ("昆明市五华区翠湖路1号", TicketType.REPAIR, Why.NO_TEAM),  # headquarters agrees visits by telephone
        (None, TicketType.REPAIR, Why.NO_OUTLET),
        ("佛山市顺德区大良街道新宁路1号", TicketType.COMPLAINT, Why.NO_VISIT),
    ],
)
def test_where_nobody_can_be_sent_the_reason_is_told(
    session: Session, now: datetime, address: str | None, kind: TicketType, why: Why
) -> None:
    found = offers(session, open_case(session, now, address=address, kind=kind).ticket, now)
    assert (found.windows, found.why) == ((), why)


def test_beyond_the_holiday_table_nothing_is_guessed(session: Session) -> None:
    late = at("2026-12-31 16:30")
    ticket = open_case(session, late).ticket
    found = offers(session, ticket, late)
    assert (found.windows, found.why) == ((), Why.BEYOND_CALENDAR)


def test_when_none_is_free_inside_the_promise_the_offer_and_the_agent_are_told(session: Session, now: datetime) -> None:
    for number in range(30):
        other = open_case(session, now, phone=f"+86139001390{number:02d}").ticket
        inside = offers(session, other, now)
        if not inside.inside:
            break
        book(session, other, inside.windows[0], now)
    found = offers(session, other, now)
    assert (found.inside, found.why) == (0, Why.NONE_INSIDE)
    booked = book(session, other, found.windows[0], now)
    assert booked.why == "no window was free inside the on-site promise"
    assert promise_of(session, other, PromiseKind.ONSITE).due_at == at("2026-11-25 18:00")  # nobody wished it so


# --- agreeing ----------------------------------------------------------------------------------------------------


def test_a_held_window_is_nobody_elses_until_it_lapses(session: Session, ticket: Ticket, now: datetime) -> None:
    pinned = window("2026-11-25 08:00", "10:00")
    held = service.hold(session, ticket, pinned, who=service.CUSTOMER, reference=REFERENCE, now=now)
    assert (held.status, held.held_until) == (Status.HELD, now + timedelta(minutes=15))
    second = open_case(session, now, phone="+8613900139001").ticket
    book(session, second, pinned, now)  # this outlet has two places
    third = open_case(session, now, phone="+8613900139002").ticket
    with pytest.raises(BadTime) as refused:
        book(session, third, pinned, now)
    assert refused.value.reason == "full"
    assert set(refused.value.details["alternatives"][0]) == {"start", "end", "words"}
    later = now + timedelta(minutes=16)
    assert settling.let_holds_lapse(session, later, REFERENCE) == 1
    assert book(session, third, pinned, later).status is Status.CONFIRMED
    with pytest.raises(BadTime) as lapsed:
        service.confirm(session, held.id, who="x", reference=REFERENCE, links=LINKS, now=later)
    assert lapsed.value.reason == "lapsed"


def test_a_late_yes_still_counts_while_the_window_is_free(session: Session, ticket: Ticket, now: datetime) -> None:
    held = service.hold(session, ticket, MORNING, who=service.CUSTOMER, reference=REFERENCE, now=now)
    later = now + timedelta(minutes=20)
    confirmed = service.confirm(session, held.id, who="customer", reference=REFERENCE, links=LINKS, now=later)
    assert confirmed.status is Status.CONFIRMED


def test_confirming_schedules_the_ticket_keeps_the_reply_promise_and_tells_code_and_window(
    session: Session, ticket: Ticket, now: datetime
) -> None:
    booked = book(session, ticket, MORNING, now)
    assert ticket.status is TicketStatus.SCHEDULED
    assert promise_of(session, ticket, PromiseKind.REPLY).met_at == now
    assert promise_of(session, ticket, PromiseKind.ONSITE).met_at is None
    [text] = queued(session)
    assert "11月25日（周三）08:00-12:00" in text.text
    assert ticket.visit_code in text.text
    assert f"https://hotline.example.com/v/{LINKS.token(booked.id)}" in text.text
    assert (text.kind, text.to, text.to_unconfirmed) == (OutboxKind.NOTICE, PHONE, True)
    assert codes(session, ticket)[-3:] == ["status", "promise_met", "visit_agreed"]
    [shown] = cases.show(session, [ticket], REFERENCE)
    assert shown.appointment is not None
    assert (shown.appointment.status, shown.appointment.words["en"]) == ("confirmed", "Wed 25 Nov, 08:00–12:00")


def test_confirming_again_changes_nothing(session: Session, ticket: Ticket, now: datetime) -> None:
    booked = book(session, ticket, MORNING, now)
    again = service.confirm(session, booked.id, who="customer", reference=REFERENCE, links=LINKS, now=now)
    assert again.version == booked.version
    assert len(queued(session)) == 1


def test_a_ticket_has_one_open_visit(session: Session, ticket: Ticket, now: datetime) -> None:
    book(session, ticket, MORNING, now)
    with pytest.raises(Conflict) as refused:
        book(session, ticket, AFTERNOON, now)
    assert refused.value.reason == "has_appointment"


def test_holding_another_window_gives_the_first_one_back(session: Session, ticket: Ticket, now: datetime) -> None:
    first = service.hold(session, ticket, MORNING, who="customer", reference=REFERENCE, now=now)
    second = service.hold(session, ticket, AFTERNOON, who="customer", reference=REFERENCE, now=now)
    assert service.get(session, first.id).status is Status.EXPIRED
    assert second.status is Status.HELD


def test_a_later_window_by_the_customers_wish_puts_the_onsite_promise_off(
    session: Session, ticket: Ticket, now: datetime
) -> None:
    book(session, ticket, NEXT_MORNING, now)
    onsite = promise_of(session, ticket, PromiseKind.ONSITE)
    assert onsite.due_at == NEXT_MORNING.end
    assert "客户要求 11月26日（周四）08:00–12:00 上门" in onsite.why_zh
    assert "asked for a visit" in onsite.why_en


def test_a_later_window_chosen_by_us_puts_nothing_off(session: Session, ticket: Ticket, now: datetime) -> None:
    booked = book(session, ticket, NEXT_MORNING, now, who="王芳", customer_asked=False)
    assert promise_of(session, ticket, PromiseKind.ONSITE).due_at == at("2026-11-25 18:00")
    assert booked.why == "after the on-site promise although a window inside it was free"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (window("2026-11-24 10:00", "12:00"), "past"),
        (window("2026-11-25 09:00", "11:00"), "closed"),
        (window("2026-11-28 08:00", "12:00"), "closed"),  # a Saturday nobody works
        (window("2026-12-20 08:00", "12:00"), "too_far"),
    ],
)
def test_a_window_that_cannot_be_had_is_refused(
    session: Session, ticket: Ticket, now: datetime, wanted: object, code: str
) -> None:
    with pytest.raises(BadTime) as refused:
        book(session, ticket, wanted, now)  # type: ignore[arg-type]
    assert refused.value.reason == code
    assert refused.value.details["alternatives"]


def test_a_closed_ticket_gets_no_visit(session: Session, ticket: Ticket, now: datetime) -> None:
    tickets.move(session, ticket, TicketStatus.DONE, who="x", reference=REFERENCE, now=now)
    with pytest.raises(Conflict):
        book(session, ticket, MORNING, now)


def test_the_call_that_was_only_to_fix_the_time_is_given_up(session: Session, case: cases.Case, now: datetime) -> None:
    held = service.hold(session, case.ticket, MORNING, who="customer", reference=REFERENCE, now=now)
    _visit, given_up = agree(
        session,
        held.id,
        who="customer",
        customer_asked=True,
        tell=True,
        reference=REFERENCE,
        links=LINKS,
        now=now,
    )
    assert given_up
    assert case.callback is not None
    assert case.callback.status is CallStatus.CANCELLED


def test_a_call_that_another_matter_relies_on_is_kept(session: Session, case: cases.Case, now: datetime) -> None:
    open_case(session, now, kind=TicketType.COMPLAINT, form="f2")
    held = service.hold(session, case.ticket, MORNING, who="customer", reference=REFERENCE, now=now)
    _visit, given_up = agree(
        session, held.id, who="customer", customer_asked=True, tell=True, reference=REFERENCE, links=LINKS, now=now
    )
    assert not given_up
    assert case.callback is not None
    assert case.callback.status is CallStatus.BOOKED


# --- moving and calling off --------------------------------------------------------------------------------------


def move(session: Session, visit: Appointment, wanted: object, now: datetime, **more: object) -> Appointment:
    return service.move(
        session,
        visit.id,
        wanted,  # type: ignore[arg-type]
        who="customer",
        reference=REFERENCE,
        links=LINKS,
        now=now,
        **more,  # type: ignore[arg-type]
    )


def test_moving_takes_the_new_place_gives_the_old_one_back_and_tells_so(
    session: Session, ticket: Ticket, now: datetime
) -> None:
    visit = book(session, ticket, MORNING, now)
    moved = move(session, visit, AFTERNOON, now)
    assert (moved.status, moved.sequence, moved.window_start) == (Status.MOVED, 1, AFTERNOON.start)
    assert queries.taken(session, visit.outlet, since=now, now=now, besides=None) == {AFTERNOON: 1}
    first, second = queued(session)
    assert (first.status, first.reason) == (OutboxStatus.SUPPRESSED, "cancelled")
    assert "11月25日（周三）13:00-18:00" in second.text
    assert "改为" in second.text


def test_moving_to_the_same_window_changes_nothing(session: Session, ticket: Ticket, now: datetime) -> None:
    visit = book(session, ticket, MORNING, now)
    version = visit.version
    assert move(session, visit, MORNING, now).version == version


def test_a_change_made_on_an_older_version_is_refused(session: Session, ticket: Ticket, now: datetime) -> None:
    visit = book(session, ticket, MORNING, now)
    seen = visit.version
    move(session, visit, AFTERNOON, now)
    with pytest.raises(Conflict):
        service.cancel(session, visit.id, who="x", version=seen, reference=REFERENCE, now=now)


def test_a_customer_who_calls_off_is_waited_for(session: Session, ticket: Ticket, now: datetime) -> None:
    visit = book(session, ticket, MORNING, now)
    service.cancel(session, visit.id, who=service.CUSTOMER, reference=REFERENCE, now=now)
    assert ticket.status is TicketStatus.WAITING
    assert promise_of(session, ticket, PromiseKind.ONSITE).paused_at == now
    assert "cancelled" not in codes(session, ticket)  # the visit is, not the ticket
    book(session, ticket, AFTERNOON, now + timedelta(hours=1))
    assert promise_of(session, ticket, PromiseKind.ONSITE).paused_at is None


def test_a_visit_called_off_by_us_leaves_the_ticket_at_work(session: Session, ticket: Ticket, now: datetime) -> None:
    visit = book(session, ticket, MORNING, now)
    service.cancel(session, visit.id, who="王芳", reference=REFERENCE, now=now)
    assert ticket.status is TicketStatus.IN_PROGRESS
    assert "已取消" in queued(session)[-1].text
    with pytest.raises(Conflict):
        service.cancel(session, visit.id, who="王芳", reference=REFERENCE, now=now)


def test_cancelling_the_ticket_calls_its_visit_off(session: Session, ticket: Ticket, now: datetime) -> None:
    visit = book(session, ticket, MORNING, now)
    cases.cancel(session, ticket.ticket_no, PHONE, reference=REFERENCE, now=now)
    assert service.get(session, visit.id).status is Status.CANCELLED
    assert ticket.status is TicketStatus.CANCELLED


def test_a_ticket_closed_at_the_desk_takes_its_visit_along(session: Session, ticket: Ticket, now: datetime) -> None:
    visit = book(session, ticket, MORNING, now)
    settling.move_ticket(
        session, ticket, TicketStatus.DONE, who="王芳", reference=REFERENCE, now=at("2026-11-25 11:00")
    )
    assert service.get(session, visit.id).status is Status.DONE


def test_a_corrected_address_hands_the_visit_to_the_outlet_that_serves_it(
    session: Session, ticket: Ticket, now: datetime
) -> None:
    visit = book(session, ticket, MORNING, now)
    assert ticket.conversation_id is not None
    cases.correct(
        session,
        ticket.ticket_no,
        ticket.conversation_id,
        Corrections(address={"raw": GUANGZHOU, "city": "广州市", "district": "越秀区", "detail": "北京路5号301房"}),
        reference=REFERENCE,
        now=now,
    )
    after = service.get(session, visit.id)
    assert (after.outlet, after.over_capacity) == ("广州市特约服务中心", False)
    assert "visit_outlet" in codes(session, ticket)


def test_a_corrected_number_books_no_call_for_an_agreed_visit(session: Session, ticket: Ticket, now: datetime) -> None:
    held = service.hold(session, ticket, MORNING, who="customer", reference=REFERENCE, now=now)
    agree(session, held.id, who="customer", customer_asked=True, tell=True, reference=REFERENCE, links=LINKS, now=now)
    assert ticket.conversation_id is not None
    right = Corrections(phone="+8613900139000")
    cases.correct(session, ticket.ticket_no, ticket.conversation_id, right, reference=REFERENCE, now=now)
    assert ticket.contact_phone == "+8613900139000"
    [shown] = cases.show(session, [ticket], REFERENCE)
    assert [each.status for each in shown.callbacks] == ["cancelled"]


# --- the day itself ----------------------------------------------------------------------------------------------


def test_late_is_told_with_its_minutes(session: Session, ticket: Ticket, now: datetime) -> None:
    visit = book(session, ticket, MORNING, now)
    day = at("2026-11-25 11:30")
    late = settling.late(session, visit.id, 40, who="王芳", reference=REFERENCE, now=day)
    assert (late.status, late.late_minutes) == (Status.LATE, 40)
    assert "大约晚40分钟" in queued(session)[-1].text
    settling.late(session, visit.id, 60, who="王芳", reference=REFERENCE, now=day)
    assert "大约晚60分钟" in queued(session)[-1].text
    assert "晚 60 分钟" in cases.state(session, ticket, reference=REFERENCE, now=day).zh
    with pytest.raises(Refused):
        settling.late(session, visit.id, 0, who="王芳", reference=REFERENCE, now=day)


def test_done_keeps_the_onsite_promise_once(session: Session, ticket: Ticket, now: datetime) -> None:
    visit = book(session, ticket, MORNING, now)
    day = at("2026-11-25 11:00")
    settling.done(session, visit.id, solved=False, who="王芳", reference=REFERENCE, now=day)
    onsite = promise_of(session, ticket, PromiseKind.ONSITE)
    assert (onsite.met_at, onsite.missed_at) == (day, None)
    assert ticket.status is TicketStatus.IN_PROGRESS
    again = book(session, ticket, NEXT_MORNING, day)
    settling.done(session, again.id, solved=True, who="王芳", reference=REFERENCE, now=at("2026-11-26 10:00"))
    assert ticket.status is TicketStatus.DONE
    assert codes(session, ticket).count("promise_met") == 2  # reply and on site, each once


def test_nobody_at_home_is_asked_for_another_time_and_the_second_time_waited_for(
    session: Session, ticket: Ticket, now: datetime
) -> None:
    first = book(session, ticket, MORNING, now)
    day = at("2026-11-25 09:00")
    settling.customer_absent(session, first.id, who="王芳", reference=REFERENCE, links=LINKS, now=day)
    assert ticket.status is TicketStatus.IN_PROGRESS
    assert "家里没有人" in queued(session)[-1].text
    assert promise_of(session, ticket, PromiseKind.ONSITE).met_at == day  # the technician stood at the door
    second = book(session, ticket, NEXT_MORNING, day)
    settling.customer_absent(
        session, second.id, who="王芳", reference=REFERENCE, links=LINKS, now=at("2026-11-26 09:00")
    )
    assert ticket.status is TicketStatus.WAITING
    [shown] = cases.show(session, [ticket], REFERENCE)
    assert any("第 2 次" in entry.texts["zh"] for entry in shown.timeline)


# --- texts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_text_fits_two_segments(session: Session, now: datetime, language: str) -> None:
    ticket = open_case(session, now, language=language).ticket
    visit = book(session, ticket, NEXT_MORNING, now)
    move(session, visit, window("2026-12-02 13:00", "18:00"), now)
    settling.late(session, visit.id, 600, who="x", reference=REFERENCE, now=now)
    settling.customer_absent(session, visit.id, who="x", reference=REFERENCE, links=LINKS, now=now)
    again = book(session, ticket, window("2026-12-02 13:00", "18:00"), now)
    service.cancel(session, again.id, who="x", reference=REFERENCE, now=now)
    texts = [each.text for each in queued(session)]
    assert len(texts) == 6
    assert [text for text in texts if sms.segments(text) > 2] == []
    assert [text for text in texts if "hotline.example.com" in text]


def test_a_carrier_without_addresses_gets_no_link(session: Session, ticket: Ticket, now: datetime) -> None:
    book(session, ticket, MORNING, now, links=NO_LINKS)
    assert "http" not in queued(session)[0].text


def test_a_landline_gets_no_texts(session: Session, now: datetime) -> None:
    ticket = open_case(session, now, phone="+8675722331234").ticket
    book(session, ticket, MORNING, now)
    assert queued(session) == []


def test_numbers_nobody_has_shown_to_own_share_one_budget_with_calls(
    session: Session, sessions: db.Sessions, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = replace(policy.limits(), texts_to_unconfirmed_numbers=1)
    policy.limits.cache_clear()
    monkeypatch.setattr(policy, "limits", lambda: limits)
    book(session, open_case(session, now).ticket, MORNING, now)
    book(session, open_case(session, now, phone="+8613900139001").ticket, MORNING, now)
    assert [each.to for each in queued(session)] == [PHONE]
    assert outbox.to_unconfirmed_since(session, at("2026-11-24 00:00")) == 1
    assert outbox.to_unconfirmed_since(session, at("2026-11-25 00:00")) == 0


def run(sessions: db.Sessions, moment: datetime) -> int:
    return jobs.run_due(sessions, moment, REFERENCE, LINKS)


def reminders(session: Session) -> list[str]:
    return [each.key.rpartition(":")[2] for each in queued(session) if each.kind is OutboxKind.REMINDER]


def test_a_visit_is_announced_the_evening_before_and_two_hours_before_each_once(
    session: Session, sessions: db.Sessions, now: datetime
) -> None:
    ticket = open_case(session, now).ticket
    book(session, ticket, AFTERNOON, now)
    session.commit()
    assert run(sessions, at("2026-11-24 16:59")) == 0
    assert run(sessions, at("2026-11-24 17:00")) == 1
    assert run(sessions, at("2026-11-24 17:01")) == 0
    assert run(sessions, at("2026-11-25 10:59")) == 0
    assert run(sessions, at("2026-11-25 11:00")) == 1
    assert run(sessions, at("2026-11-25 11:01")) == 0
    assert reminders(session) == ["evening", "soon"]
    assert [each.valid_until for each in queued(session)][-1] == AFTERNOON.start


def test_all_three_texts_of_a_visit_really_leave(session: Session, sessions: db.Sessions, now: datetime) -> None:
    book(session, open_case(session, now).ticket, AFTERNOON, now)
    session.commit()
    carrier = ConsoleCarrier(say=lambda _: None)
    for moment in ("2026-11-24 10:06", "2026-11-24 17:00", "2026-11-25 11:00"):
        run(sessions, at(moment))
        outbox_jobs.run_due(sessions, at(moment), carrier, REFERENCE, "test")
    session.expire_all()
    assert [(each.status, each.reason) for each in queued(session)] == [(OutboxStatus.SENT, None)] * 3
    assert [sms.segments(each.text) for each in queued(session)] == [2, 2, 2]


def test_no_reminder_of_what_was_moved_called_off_or_closed(
    session: Session, sessions: db.Sessions, now: datetime
) -> None:
    gone = book(session, open_case(session, now).ticket, AFTERNOON, now)
    service.cancel(session, gone.id, who="x", reference=REFERENCE, now=now)
    closed = open_case(session, now, phone="+8613900139001").ticket
    book(session, closed, AFTERNOON, now)
    tickets.move(session, closed, TicketStatus.DONE, who="x", reference=REFERENCE, now=now)
    moved = book(session, open_case(session, now, phone="+8613900139002").ticket, AFTERNOON, now)
    move(session, moved, NEXT_MORNING, now)
    session.commit()
    assert run(sessions, at("2026-11-24 17:30")) == 0
    assert run(sessions, at("2026-11-25 17:30")) == 1
    assert reminders(session) == ["evening"]


def test_a_tick_that_slept_through_the_window_sends_nothing(
    session: Session, sessions: db.Sessions, now: datetime
) -> None:
    book(session, open_case(session, now).ticket, AFTERNOON, now)
    session.commit()
    assert run(sessions, at("2026-11-25 13:00")) == 0


# --- two at once -------------------------------------------------------------------------------------------------


def test_the_last_place_is_given_once(committed: db.Sessions, now: datetime) -> None:
    pinned = window("2026-11-25 08:00", "10:00")
    with db.session_scope(committed) as session:
        opened = [open_case(session, now, phone=f"+861390013900{number}").ticket.id for number in range(6)]

    def take(ticket_id: int) -> str:
        try:
            with db.session_scope(committed) as session:
                book(session, session.get_one(Ticket, ticket_id), pinned, now)
        except BadTime as refused:
            return refused.reason if refused.details["alternatives"] else "refused without alternatives"
        return "taken"

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(take, opened))
    assert sorted(outcomes) == ["full"] * 4 + ["taken"] * 2
    with db.session_scope(committed) as session:
        stored = session.scalars(select(Appointment).where(Appointment.status == Status.CONFIRMED)).all()
        assert len(stored) == 2


def test_two_changes_of_one_visit_at_once_have_one_outcome(committed: db.Sessions, now: datetime) -> None:
    with db.session_scope(committed) as session:
        visit = book(session, open_case(session, now).ticket, MORNING, now)
        visit_id, seen = visit.id, visit.version

    def call_off(who: str) -> str:
        try:
            with db.session_scope(committed) as session:
                service.cancel(session, visit_id, who=who, version=seen, reference=REFERENCE, now=now)
        except HotlineError as refused:
            return refused.reason
        return "done"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(call_off, ["甲", "乙"]))
    assert outcomes[1] == "done"
    assert outcomes[0] in ("bad_status", "conflict")


def test_due_reminders_are_queued_once_by_several_ticks(committed: db.Sessions, now: datetime) -> None:
    with db.session_scope(committed) as session:
        for number in range(8):
            ticket = open_case(session, now, phone=f"+861390013901{number}", address="广州市越秀区北京路5号").ticket
            book(session, ticket, AFTERNOON, now)
    with ThreadPoolExecutor(4) as pool:
        handled = sum(pool.map(lambda _: run(committed, at("2026-11-24 17:00")), range(4)))
    with db.session_scope(committed) as session:
        assert reminders(session) == ["evening"] * 8
    assert handled == 8


def test_there_is_no_such_appointment(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        service.get(session, 999)
