"""Tickets: opened once, added to, promised, kept or missed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import db, reference
from backend.conversations import service as conversations
from backend.conversations.models import Conversation
from backend.errors import Conflict, NotFound, Refused, TicketUnknown, TooMany
from backend.tickets import ledger, queries, service
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import Priority, PromiseKind, Status, TicketType, Words
from backend.tickets.service import Opened, TicketRequest
from conftest import at

REFERENCE = reference.current()
PHONE = "+8613800138000"
OTHER = "+8613900139000"


@pytest.fixture
def conversation(session: Session, now: datetime) -> Conversation:
    return conversations.open_web(session, language="zh", reference=REFERENCE, now=now)[0]


@pytest.fixture
def request_(conversation: Conversation) -> TicketRequest:
    return TicketRequest(
        conversation_id=conversation.id,
        form_id="f1",
        type=TicketType.REPAIR,
        phone=PHONE,
        name="李梅",
        address="佛山市顺德区大良街道新宁路1号302房",
        facts={"model": "YLS-D60A", "fault_code": "E4", "symptom": "不加热"},
    )


def open_(session: Session, request: TicketRequest, now: datetime) -> Opened:
    return service.open_ticket(session, request, reference=REFERENCE, now=now)


def promise(session: Session, ticket: Ticket, kind: PromiseKind) -> Promise:
    found = queries.promise(session, ticket.id, kind)
    assert found is not None
    return found


def codes(session: Session, ticket: Ticket) -> list[str]:
    return [entry.code for entry in queries.timelines_of(session, [ticket.id])[ticket.id]]


def test_a_new_ticket_has_number_code_place_fault_class_and_promises(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    opened = open_(session, request_, now)
    shown = service.shape(session, opened.ticket, REFERENCE)
    assert opened.is_new
    assert shown.ticket_no == "WY261124-0001"
    assert len(shown.visit_code) == 4
    assert (shown.address.city, shown.address.tier) == ("佛山市", "central_city")
    assert shown.outlet == "顺德大良经销商服务网点"
    assert (shown.fault.code, shown.fault.class_, shown.fault.description) == ("E4", "sensor", "不加热")
    assert {each.kind: each.due_at for each in shown.promises} == {
        "reply": at("2026-11-24 11:05"),
        "onsite": at("2026-11-25 18:00"),
    }
    assert shown.promises[1].words["zh"] == "11月25日（周三）18:00"
    assert [each.code for each in shown.timeline] == ["opened"]


def test_numbers_count_up_within_a_local_day(session: Session, request_: TicketRequest, now: datetime) -> None:
    numbers = []
    for index, (phone, when) in enumerate([(PHONE, now), (OTHER, now), (PHONE, at("2026-11-25 00:10"))]):
        kind = TicketType.INSTALL if index == 2 else TicketType.REPAIR
        request = replace(request_, form_id=f"f{index}", phone=phone, type=kind)
        numbers.append(open_(session, request, when).ticket.ticket_no)
    assert numbers == ["WY261124-0001", "WY261124-0002", "WY261125-0001"]


def test_the_same_form_again_is_the_same_ticket(session: Session, request_: TicketRequest, now: datetime) -> None:
    first = open_(session, request_, now)
    again = open_(session, request_, now + timedelta(minutes=1))
    assert again.ticket is first.ticket
    assert not again.is_new
    assert not again.duplicate
    assert codes(session, first.ticket) == ["opened"]


def test_a_second_request_about_an_open_case_is_added_to_it_once(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    first = open_(session, request_, now)
    second = replace(request_, form_id="f2", facts={"symptom": "还是不热", "serial_no": "SN123"})
    for _ in range(2):
        again = open_(session, second, now + timedelta(hours=1))
        assert again.duplicate
        assert again.ticket is first.ticket
    assert codes(session, first.ticket) == ["opened", "completed", "chased"]
    assert first.ticket.contacts == 2
    assert first.ticket.serial_no == "SN123"
    assert first.ticket.symptom == "不加热"


def test_a_third_contact_is_raised_to_a_manager_with_three_hours(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    ticket = open_(session, request_, now).ticket
    for hours in (1, 2, 3):
        later = now + timedelta(hours=hours)
        service.chase(session, ticket.ticket_no, request_.conversation_id, "怎么还没来", reference=REFERENCE, now=later)
    assert ticket.priority is Priority.URGENT
    assert promise(session, ticket, PromiseKind.OPINION).due_at == at("2026-11-24 15:05")
    assert codes(session, ticket) == ["opened", "chased", "chased", "manager", "chased"]


def test_an_alarming_word_is_raised_at_once(session: Session, request_: TicketRequest, now: datetime) -> None:
    complaint = replace(
        request_, type=TicketType.COMPLAINT, address=None, facts={"complaint_about": "再不来我就打12315"}
    )
    ticket = open_(session, complaint, now).ticket
    assert ticket.priority is Priority.URGENT
    assert {each.kind for each in queries.promises_of(session, [ticket.id])[ticket.id]} == {
        PromiseKind.REPLY,
        PromiseKind.OPINION,
    }


def test_the_same_words_sent_twice_press_once(session: Session, request_: TicketRequest, now: datetime) -> None:
    ticket = open_(session, request_, now).ticket
    for seconds in (0, 5):
        _, words = service.chase(
            session,
            ticket.ticket_no,
            request_.conversation_id,
            "催一下",
            reference=REFERENCE,
            now=now + timedelta(seconds=seconds),
        )
        assert words.zh
    assert ticket.contacts == 2


def test_another_appliance_of_the_same_person_is_another_ticket(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    first = open_(session, replace(request_, facts={"serial_no": "A1"}), now)
    second = open_(session, replace(request_, form_id="f2", facts={"serial_no": "B2"}), now)
    assert second.is_new
    assert second.ticket is not first.ticket


def test_a_closed_case_is_not_added_to(session: Session, request_: TicketRequest, now: datetime) -> None:
    first = open_(session, request_, now)
    service.move(session, first.ticket, Status.CANCELLED, who="customer", reference=REFERENCE, now=now)
    assert open_(session, replace(request_, form_id="f2"), now).is_new
    with pytest.raises(TicketUnknown):
        service.chase(session, first.ticket.ticket_no, request_.conversation_id, "?", reference=REFERENCE, now=now)


def test_a_dangerous_fault_code_makes_a_ticket_critical(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    ticket = open_(session, replace(request_, facts={"model": "WY60", "fault_code": "E4"}), now).ticket
    assert ticket.fault_class == "leakage_current"
    assert ticket.priority is Priority.CRITICAL


def test_floods_are_stopped_by_number_and_by_conversation(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    for index in range(5):
        facts = {"serial_no": f"SN{index}"}
        open_(session, replace(request_, form_id=f"f{index}", facts=facts), now)
    with pytest.raises(TooMany):
        open_(session, replace(request_, form_id="f9", facts={"serial_no": "SN9"}), now)
    tomorrow = now + timedelta(days=1)
    assert open_(session, replace(request_, form_id="f9", facts={"serial_no": "SN9"}), tomorrow).is_new


def test_one_conversation_cannot_open_tickets_for_many_numbers(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    for index in range(3):
        open_(session, replace(request_, form_id=f"f{index}", phone=f"+861380013800{index}", address=None), now)
    with pytest.raises(TooMany):
        open_(session, replace(request_, form_id="f9", phone="+8613800138009", address=None), now)


def test_an_unknown_conversation_opens_nothing(session: Session, request_: TicketRequest, now: datetime) -> None:
    with pytest.raises(NotFound):
        open_(session, replace(request_, conversation_id="f" * 32), now)


def test_beyond_the_calendar_a_ticket_is_saved_with_dates_to_be_confirmed(
    session: Session, request_: TicketRequest
) -> None:
    ticket = open_(session, request_, at("2027-06-01 10:00")).ticket
    shown = service.shape(session, ticket, REFERENCE)
    onsite = next(each for each in shown.promises if each.kind == "onsite")
    assert onsite.due_at is None
    assert onsite.words["zh"] == "日期待确认"
    assert "待确认" in service.state(session, ticket, reference=REFERENCE).zh


def test_a_ticket_is_told_only_to_who_knows_number_and_phone(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    ticket = open_(session, request_, now).ticket
    for ticket_no in (ticket.ticket_no, "wy2611240001", "ＷＹ２６１１２４－０００１", "261124-0001"):
        assert service.lookup(session, ticket_no, "138-0013-8000") is ticket
    for ticket_no, phone in (
        (ticket.ticket_no, OTHER),
        ("WY261124-0009", PHONE),
        ("x", PHONE),
        (ticket.ticket_no, "x"),
    ):
        with pytest.raises(TicketUnknown):
            service.lookup(session, ticket_no, phone)
    words = service.state(session, ticket, reference=REFERENCE)
    assert words.zh == "已登记，等待回电；最晚 11月25日（周三）18:00 前上门。"
    assert "Wed 25 Nov, 18:00" in words.en


def test_a_kept_promise_is_recorded_once(session: Session, request_: TicketRequest, now: datetime) -> None:
    ticket = open_(session, request_, now).ticket
    later = now + timedelta(minutes=20)
    assert service.meet_promise(session, ticket, PromiseKind.REPLY, "值班客服", later)
    assert not service.meet_promise(session, ticket, PromiseKind.REPLY, "值班客服", later + timedelta(hours=5))
    kept = promise(session, ticket, PromiseKind.REPLY)
    assert (kept.met_at, kept.missed_at) == (later, None)


def test_a_missed_promise_is_recorded_once_and_may_still_be_kept_late(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    ticket = open_(session, request_, now).ticket
    assert service.record_missed(session, now + timedelta(minutes=60)) == 0
    late = now + timedelta(minutes=61)
    assert [service.record_missed(session, late), service.record_missed(session, late)] == [1, 0]
    assert service.meet_promise(session, ticket, PromiseKind.REPLY, "值班客服", late + timedelta(minutes=1))
    reply = promise(session, ticket, PromiseKind.REPLY)
    assert reply.missed_at == late
    assert reply.met_at == late + timedelta(minutes=1)
    assert codes(session, ticket).count("promise_missed") == 1


def test_an_answer_in_the_conversation_keeps_the_reply_promises_of_its_tickets(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    open_(session, request_, now)
    open_(session, replace(request_, form_id="f2", type=TicketType.INSTALL), now)
    assert service.answered(session, request_.conversation_id, "值班客服", now) == 2
    assert service.answered(session, request_.conversation_id, "值班客服", now) == 0


def test_waiting_needs_a_reason_and_lets_promises_stand_still(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    ticket = open_(session, request_, now).ticket
    with pytest.raises(Refused):
        service.move(session, ticket, Status.WAITING, who="值班客服", reference=REFERENCE, now=now)
    service.move(session, ticket, Status.WAITING, who="值班客服", reason="等配件", reference=REFERENCE, now=now)
    assert service.record_missed(session, now + timedelta(days=3)) == 0
    resumed = now + timedelta(hours=2)
    service.move(session, ticket, Status.IN_PROGRESS, who="值班客服", reference=REFERENCE, now=resumed)
    reply = promise(session, ticket, PromiseKind.REPLY)
    assert reply.due_at == at("2026-11-24 13:05")
    assert reply.paused_s == 7200
    assert "等配件" in reply.why_zh


def test_an_arranged_visit_keeps_the_reply_and_a_finished_ticket_keeps_all(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    ticket = open_(session, request_, now).ticket
    service.move(session, ticket, Status.SCHEDULED, who="值班客服", reference=REFERENCE, now=now)
    assert promise(session, ticket, PromiseKind.REPLY).met_at == now
    assert promise(session, ticket, PromiseKind.ONSITE).met_at is None
    service.move(session, ticket, Status.DONE, who="值班客服", reference=REFERENCE, now=now)
    assert promise(session, ticket, PromiseKind.ONSITE).met_at == now
    assert ticket.closed_at == now
    with pytest.raises(Conflict):
        service.move(session, ticket, Status.CANCELLED, who="值班客服", reference=REFERENCE, now=now)


def test_a_customers_later_time_puts_the_reply_off_with_its_reason(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    ticket = open_(session, request_, now).ticket
    until = at("2026-11-25 15:30")
    asked_for = Words("11月25日（周三）15:00–15:30", "Wed 25 Nov, 15:00–15:30")
    for _ in range(2):
        service.put_off(
            session, ticket, PromiseKind.REPLY, until=until, asked_for=asked_for, reference=REFERENCE, now=now
        )
    reply = promise(session, ticket, PromiseKind.REPLY)
    assert reply.due_at == until
    assert reply.paused_s == (6 * 3600 + 55 * 60) + 7 * 3600 + 30 * 60
    assert reply.why_zh.endswith("客户要求 11月25日（周三）15:00–15:30 回电，顺延")
    assert codes(session, ticket).count("promise_put_off") == 1


def test_danger_opens_one_critical_ticket_a_conversation_even_without_a_number(
    session: Session, conversation: Conversation, now: datetime
) -> None:
    reported = [
        service.report_hazard(
            session,
            conversation_id=conversation.id,
            message_id=message_id,
            text="洗澡的时候手麻",
            kind="tingling",
            phone=None,
            reference=REFERENCE,
            now=now,
        )
        for message_id in ("m1", "m1", "m2")
    ]
    [ticket] = {each.ticket.id: each.ticket for each in reported}.values()
    assert [each.is_new for each in reported] == [True, False, False]
    assert (ticket.priority, ticket.danger, ticket.contact_phone) == (Priority.CRITICAL, "tingling", None)
    assert {each.kind for each in queries.promises_of(session, [ticket.id])[ticket.id]} == {
        PromiseKind.REPLY,
        PromiseKind.OPINION,
    }
    assert codes(session, ticket) == ["hazard", "hazard"]


def test_a_form_after_a_report_of_danger_completes_that_ticket(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    danger = service.report_hazard(
        session,
        conversation_id=request_.conversation_id,
        message_id="m1",
        text="漏电",
        kind="shock",
        phone=None,
        reference=REFERENCE,
        now=now,
    ).ticket
    completed = open_(session, request_, now)
    assert completed.ticket is danger
    assert completed.duplicate
    assert (danger.contact_phone, danger.contact_name, danger.tier) == (PHONE, "李梅", "central_city")
    assert promise(session, danger, PromiseKind.ONSITE).due_at == at("2026-11-25 18:00")
    assert danger.contacts == 1


def test_a_conversation_knows_only_its_own_tickets_unless_the_number_is_shown(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    ticket = open_(session, request_, now).ticket
    stranger = conversations.open_web(session, language="zh", reference=REFERENCE, now=now)[0]
    texting = conversations.text_conversation(session, PHONE, language="zh", now=now)
    assert service.known(session, request_.conversation_id)[1] == [ticket]
    assert service.known(session, stranger.id)[1] == []
    assert service.known(session, texting.id)[1] == []
    service.lookup(session, ticket.ticket_no, PHONE, texting.id)
    assert service.known(session, texting.id)[1] == [ticket]


def test_search_finds_by_every_filter_and_takes_wildcards_literally(
    session: Session, request_: TicketRequest, now: datetime
) -> None:
    ticket = open_(session, request_, now).ticket
    open_(session, replace(request_, form_id="f2", phone=OTHER, type=TicketType.INSTALL, name="王强"), now)
    assert service.search(session, phone="138 0013 8000") == [ticket]
    assert service.search(session, kind=TicketType.REPAIR, status=Status.NEW) == [ticket]
    for text in ("李梅", "大良街道", "WY261124-0001", "yls", "不加热"):
        assert ticket in service.search(session, text=text)
    for text in ("%", "_", "' OR 1=1 --"):
        assert service.search(session, text=text) == []
    assert service.search(session, phone="nobody") == []


def test_hostile_text_is_stored_as_it_is(session: Session, request_: TicketRequest, now: datetime) -> None:
    for index, text in enumerate(("<img src=x onerror=alert(1)>", "{0.__class__}", "=cmd|' /C calc'!A0", "{{7*7}}")):
        request = replace(request_, form_id=f"f{index}", name=text, facts={"symptom": text, "serial_no": f"SN{index}"})
        shown = service.shape(session, open_(session, request, now).ticket, REFERENCE)
        assert shown.customer.name == text
        assert shown.fault.description == text


def test_forms_saved_at_once_in_several_processes_make_one_ticket_each(committed: db.Sessions, now: datetime) -> None:
    with db.session_scope(committed) as session:
        conversation_id = conversations.open_web(session, language="zh", reference=REFERENCE, now=now)[0].id

    def save(index: int) -> str:
        request = TicketRequest(
            conversation_id, f"f{index % 3}", TicketType.REPAIR, f"+861380013800{index % 3}", facts={"symptom": "不热"}
        )
        with db.session_scope(committed) as session:
            return open_(session, request, now).ticket.ticket_no

    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(save, range(12)))
    assert set(numbers) == {"WY261124-0001", "WY261124-0002", "WY261124-0003"}
    with db.read_scope(committed) as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 3
        assert session.scalar(select(func.count()).select_from(Promise)) == 6


def test_a_timeline_entry_under_a_key_is_written_once(session: Session, request_: TicketRequest, now: datetime) -> None:
    ticket = open_(session, request_, now).ticket
    written = [
        ledger.once(session, ticket, "added", key="message:1", who="customer", now=now, text="补充") for _ in range(2)
    ]
    assert written == [True, False]
