"""Agreed visits are moved, called off, late, made, or find nobody at home."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from backend.appointments import queries, service, settling
from backend.appointments.rules import Status
from backend.callbacks import cases
from backend.callbacks.visits import agree
from backend.errors import Conflict, NotFound, Refused
from backend.outbox.rules import Status as OutboxStatus
from backend.tickets.corrections import Corrections
from backend.tickets.models import Ticket
from backend.tickets.rules import PromiseKind
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
    move,
    open_case,
    promise_of,
    queued,
)

GUANGZHOU = "广州市越秀区北京路5号301房"


@pytest.fixture
def ticket(session: Session, now: datetime) -> Ticket:
    return open_case(session, now).ticket


# --- moving and calling off --------------------------------------------------------------------------------------


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


def test_there_is_no_such_appointment(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        service.get(session, 999)
