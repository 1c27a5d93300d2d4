"""Visits: which windows are offered, held and agreed, inside the promise."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from backend.appointments import offering, service, settling
from backend.appointments.rules import Status, Why
from backend.callbacks import cases
from backend.callbacks.rules import Status as CallStatus
from backend.callbacks.visits import agree
from backend.errors import BadTime, Conflict
from backend.outbox.rules import OutboxKind
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import PromiseKind, TicketType
from backend.tickets.rules import Status as TicketStatus
from conftest import at
from rooms.visits import (
    AFTERNOON,
    LINKS,
    MORNING,
    NEXT_MORNING,
    PHONE,
    REFERENCE,
    book,
    codes,
    open_case,
    promise_of,
    queued,
    window,
)


@pytest.fixture
def case(session: Session, now: datetime) -> cases.Case:
    return open_case(session, now)


@pytest.fixture
def ticket(case: cases.Case) -> Ticket:
    return case.ticket


def offers(session: Session, ticket: Ticket, now: datetime) -> offering.Offers:
    return offering.offers_for(session, ticket, reference=REFERENCE, now=now)


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
