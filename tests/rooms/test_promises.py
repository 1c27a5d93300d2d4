"""What happens to single promises: given, paused, run again, counted anew, kept and missed, each with its history."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import db, reference
from backend.callbacks import jobs as callback_jobs
from backend.conversations import service as conversations
from backend.errors import BadTime, Conflict, HotlineError, NotFound, Refused
from backend.outlets import service as outlets
from backend.tickets import intake, promising, queries, service
from backend.tickets.models import Promise, PromiseChange, Ticket
from backend.tickets.promise_rules import Change, PauseReason
from backend.tickets.rules import PromiseKind, Status, TicketType, Words
from backend.tickets.service import TicketRequest
from conftest import at

REFERENCE = reference.current()
CALENDAR = REFERENCE.calendar
WHO = "值班客服"


def open_ticket(session: Session, now: datetime, address: str | None = "佛山市顺德区大良街道新宁路1号302房") -> Ticket:
    conversation = conversations.open_web(session, language="zh", reference=REFERENCE, now=now)[0]
    request = TicketRequest(
        conversation_id=conversation.id,
        form_id="f1",
        type=TicketType.REPAIR,
        phone="+8613800138000",
        address=address,
        facts={"symptom": "不加热"},
    )
    return service.open_ticket(session, request, reference=REFERENCE, now=now).ticket


@pytest.fixture
def ticket(session: Session, now: datetime) -> Ticket:
    return open_ticket(session, now)


def promise(session: Session, ticket: Ticket, kind: PromiseKind) -> Promise:
    found = queries.promise(session, ticket.id, kind)
    assert found is not None
    return found


def past(session: Session, ticket: Ticket, kind: PromiseKind) -> Sequence[PromiseChange]:
    found = promise(session, ticket, kind)
    return queries.changes_of(session, [found.id])[found.id]


def happened(session: Session, ticket: Ticket, kind: PromiseKind) -> list[tuple[str, str, str]]:
    return [(each.what.value, each.who, each.reason) for each in past(session, ticket, kind)]


def test_a_promise_keeps_what_it_was_counted_from(session: Session, ticket: Ticket, now: datetime) -> None:
    visit = promise(session, ticket, PromiseKind.ONSITE)
    assert (visit.rule, visit.tier, visit.amount) == ("onsite:central_city:1d", "central_city", 1)
    assert (visit.started_at, visit.calendar) == (now, CALENDAR.version)
    [made] = past(session, ticket, PromiseKind.ONSITE)
    assert (made.what, made.who, made.due_before, made.due_after) == (Change.MADE, "system", None, visit.due_at)


def test_the_api_tells_the_sentence_and_what_it_was_counted_from(session: Session, ticket: Ticket) -> None:
    reply = service.shape(session, ticket, REFERENCE).promises[0]
    assert reply.why == (
        "服务时间内 1 小时内答复：11月24日（周二）10:05起算，最晚 11月24日（周二）11:05（日历 2026-1）"
    )
    assert reply.reasons["en"].startswith("an answer within 1 hour of hotline time: counted from Tue 24 Nov, 10:05")
    assert (reply.rule, reply.calendar) == ("reply:60min", "2026-1")


def test_one_promise_stands_still_while_the_others_run(session: Session, ticket: Ticket, now: datetime) -> None:
    promising.pause(session, ticket, PromiseKind.ONSITE, PauseReason.PART, "镁棒", who=WHO, now=now)
    assert promise(session, ticket, PromiseKind.REPLY).paused_at is None
    assert service.record_missed(session, at("2026-12-04 10:00")) == 1
    promising.resume(session, ticket, PromiseKind.ONSITE, who=WHO, calendar=CALENDAR, now=at("2026-11-27 09:00"))
    visit = promise(session, ticket, PromiseKind.ONSITE)
    assert (visit.due_at, visit.pause_reason, visit.resume_at) == (at("2026-11-30 18:00"), None, None)
    assert "等配件，镁棒" in visit.why_zh
    assert happened(session, ticket, PromiseKind.ONSITE)[1:] == [("paused", WHO, "part"), ("resumed", WHO, "part")]
    paused, resumed = past(session, ticket, PromiseKind.ONSITE)[1:]
    assert (paused.due_before, paused.due_after) == (at("2026-11-25 18:00"), at("2026-11-25 18:00"))
    assert (resumed.due_before, resumed.due_after) == (at("2026-11-25 18:00"), at("2026-11-30 18:00"))


def test_what_was_marked_as_kept_by_mistake_stands_still_or_runs_as_before(
    session: Session, ticket: Ticket, now: datetime
) -> None:
    until = at("2026-11-25 09:00")
    promising.pause(session, ticket, PromiseKind.ONSITE, PauseReason.PART, "镁棒", until=until, who=WHO, now=now)
    for kind in (PromiseKind.ONSITE, PromiseKind.REPLY):
        service.meet_promise(session, ticket, kind, WHO, now + timedelta(minutes=1))
        promising.take_back_kept(session, ticket, kind, who="主管", now=now + timedelta(minutes=2))
    visit, reply = promise(session, ticket, PromiseKind.ONSITE), promise(session, ticket, PromiseKind.REPLY)
    assert (visit.met_at, visit.paused_at, visit.pause_reason, visit.resume_at) == (None, now, PauseReason.PART, until)
    assert (reply.met_at, reply.paused_at, reply.due_at) == (None, None, at("2026-11-24 11:05"))
    assert happened(session, ticket, PromiseKind.REPLY)[1:] == [("met", WHO, "desk"), ("unmet", "主管", "mistaken")]
    assert service.record_missed(session, at("2026-11-24 11:06")) == 1


def test_only_a_mark_on_an_open_ticket_is_taken_back(session: Session, ticket: Ticket, now: datetime) -> None:
    def take_back(kind: PromiseKind) -> str:
        with pytest.raises(Conflict) as refused:
            promising.take_back_kept(session, ticket, kind, who=WHO, now=now)
        return refused.value.reason

    assert take_back(PromiseKind.REPLY) == "not_marked"
    service.meet_promise(session, ticket, PromiseKind.REPLY, WHO, now, why="answered")
    assert take_back(PromiseKind.REPLY) == "not_marked"
    service.meet_promise(session, ticket, PromiseKind.ONSITE, WHO, now)
    service.move(session, ticket, Status.DONE, who=WHO, reference=REFERENCE, now=now)
    assert take_back(PromiseKind.ONSITE) == "not_marked"
    with pytest.raises(NotFound):
        promising.take_back_kept(session, ticket, PromiseKind.PARTS, who=WHO, now=now)


def test_a_pause_with_an_end_ends_by_itself_and_loses_nothing_by_a_late_tick(
    session: Session, ticket: Ticket, now: datetime
) -> None:
    until = at("2026-11-24 14:00")
    promising.pause(session, ticket, PromiseKind.REPLY, PauseReason.CUSTOMER, until=until, who=WHO, now=now)
    assert service.resume_due(session, CALENDAR, until - timedelta(seconds=1)) == 0
    late = at("2026-11-24 14:20")
    assert [service.resume_due(session, CALENDAR, late) for _ in range(2)] == [1, 0]
    assert promise(session, ticket, PromiseKind.REPLY).due_at == at("2026-11-24 15:00")
    assert past(session, ticket, PromiseKind.REPLY)[1].until == until
    assert past(session, ticket, PromiseKind.REPLY)[2].at == until


def test_the_tick_ends_a_pause_before_it_looks_for_missed_promises(committed: db.Sessions, now: datetime) -> None:
    with db.session_scope(committed) as session:
        ticket = open_ticket(session, now)
        promising.pause(
            session,
            ticket,
            PromiseKind.REPLY,
            PauseReason.OTHER,
            "停电",
            until=at("2026-11-24 11:00"),
            who=WHO,
            now=now,
        )
    callback_jobs.run_due(committed, at("2026-11-24 11:30"), REFERENCE)
    with db.session_scope(committed) as session:
        reply = promise(session, session.get_one(Ticket, ticket.id), PromiseKind.REPLY)
        assert (reply.paused_at, reply.missed_at, reply.due_at) == (None, None, at("2026-11-24 12:00"))


def test_a_ticket_that_goes_on_leaves_a_promise_with_a_reason_of_its_own_standing(
    session: Session, ticket: Ticket, now: datetime
) -> None:
    promising.pause(session, ticket, PromiseKind.ONSITE, PauseReason.THIRD_PARTY, who=WHO, now=now)
    for status in (Status.WAITING, Status.IN_PROGRESS):
        service.move(session, ticket, status, who=WHO, reason="等物业", reference=REFERENCE, now=now)
    assert promise(session, ticket, PromiseKind.ONSITE).paused_at == now
    assert promise(session, ticket, PromiseKind.REPLY).paused_at is None
    assert happened(session, ticket, PromiseKind.REPLY)[1:] == [("paused", WHO, "hold"), ("resumed", WHO, "hold")]


def test_what_cannot_be_paused_is_refused_with_the_reason(session: Session, ticket: Ticket, now: datetime) -> None:
    def pause(kind: PromiseKind = PromiseKind.REPLY, reason: PauseReason = PauseReason.CUSTOMER, **more: object) -> str:
        with pytest.raises(HotlineError) as refused:
            promising.pause(session, ticket, kind, reason, who=WHO, now=now, **more)  # type: ignore[arg-type]
        assert isinstance(refused.value, Refused | BadTime | Conflict | NotFound)
        return refused.value.reason

    assert pause(reason=PauseReason.OTHER) == "no_reason"
    assert pause(reason=PauseReason.HOLD, text="x") == "no_reason"
    assert pause(until=now) == "past"
    assert pause(PromiseKind.PARTS) == "not_found"
    with pytest.raises(Conflict):
        promising.resume(session, ticket, PromiseKind.REPLY, who=WHO, calendar=CALENDAR, now=now)
    promising.pause(session, ticket, PromiseKind.REPLY, PauseReason.OTHER, "电话打不通", who=WHO, now=now)
    assert pause() == "not_running"
    service.meet_promise(session, ticket, PromiseKind.REPLY, WHO, now)
    assert pause() == "not_running"


def test_word_about_a_part_is_promised_by_an_agent_once(session: Session, ticket: Ticket, now: datetime) -> None:
    made = promising.promise(session, ticket, PromiseKind.PARTS, who=WHO, reference=REFERENCE, now=now)
    assert (made.due_at, made.rule) == (at("2026-11-27 18:00"), "parts:3d")
    assert happened(session, ticket, PromiseKind.PARTS) == [("made", WHO, "")]
    with pytest.raises(Conflict, match="has this promise already"):
        promising.promise(session, ticket, PromiseKind.PARTS, who=WHO, reference=REFERENCE, now=now)
    with pytest.raises(Refused, match="follows from the ticket"):
        promising.promise(session, ticket, PromiseKind.ONSITE, who=WHO, reference=REFERENCE, now=now)
    service.move(session, ticket, Status.CANCELLED, who=WHO, reference=REFERENCE, now=now)
    with pytest.raises(Conflict, match="closed"):
        promising.promise(session, ticket, PromiseKind.QUALITY, who=WHO, reference=REFERENCE, now=now)


@pytest.mark.parametrize("kind", [PromiseKind.PARTS, PromiseKind.QUALITY])
def test_a_promise_given_by_hand_is_paused_missed_and_kept_like_any_other(
    session: Session, ticket: Ticket, now: datetime, kind: PromiseKind
) -> None:
    promising.promise(session, ticket, kind, who=WHO, reference=REFERENCE, now=now)
    promising.pause(session, ticket, kind, PauseReason.PART, who=WHO, now=now)
    day_later = now + timedelta(days=1)
    promising.resume(session, ticket, kind, who=WHO, calendar=CALENDAR, now=day_later)
    due = promise(session, ticket, kind).due_at
    assert due == at({"parts": "2026-11-28 18:00", "quality": "2026-12-01 18:00"}[kind])
    service.record_missed(session, due + timedelta(seconds=1))
    service.meet_promise(session, ticket, kind, WHO, due + timedelta(hours=1))
    assert [what for what, _, _ in happened(session, ticket, kind)] == ["made", "paused", "resumed", "missed", "met"]
    shown = {each.kind: each for each in service.shape(session, ticket, REFERENCE).promises}
    assert shown[kind.value].missed_at is not None
    assert shown[kind.value].met_at is not None


def test_kept_too_late_before_anybody_looked_it_is_missed_and_kept_once_each(
    session: Session, ticket: Ticket, now: datetime
) -> None:
    late = now + timedelta(hours=2)
    assert service.meet_promise(session, ticket, PromiseKind.REPLY, WHO, late, why="called")
    assert not service.meet_promise(session, ticket, PromiseKind.REPLY, WHO, late)
    assert service.record_missed(session, late) == 0
    assert happened(session, ticket, PromiseKind.REPLY)[1:] == [("missed", "system", "overdue"), ("met", WHO, "called")]
    reply = promise(session, ticket, PromiseKind.REPLY)
    assert reply.missed_at == reply.met_at == late


def test_an_address_put_right_counts_the_visit_anew_with_its_pauses(
    session: Session, ticket: Ticket, now: datetime
) -> None:
    promising.pause(session, ticket, PromiseKind.ONSITE, PauseReason.CUSTOMER, who=WHO, now=now)
    promising.resume(session, ticket, PromiseKind.ONSITE, who=WHO, calendar=CALENDAR, now=at("2026-11-25 09:00"))
    placed = outlets.read("广东省佛山市高明区更合镇合水东路8号", REFERENCE)
    assert placed is not None
    intake.set_place(ticket, placed)
    assert ticket.tier == "township"
    intake.settle_visit(session, ticket, reference=REFERENCE, who="customer", now=at("2026-11-25 10:00"))
    visit = promise(session, ticket, PromiseKind.ONSITE)
    assert (visit.rule, visit.started_at) == ("onsite:township:2d", now)
    assert visit.due_at == at("2026-11-27 18:00")
    assert "等客户" in visit.why_zh
    anew = past(session, ticket, PromiseKind.ONSITE)[-1]
    assert (anew.what, anew.reason, anew.who) == (Change.RECOMPUTED, "address", "customer")
    assert (anew.due_before, anew.due_after) == (at("2026-11-26 18:00"), at("2026-11-27 18:00"))


def test_a_visit_without_a_date_gets_one_when_the_address_is_told(session: Session, now: datetime) -> None:
    ticket = open_ticket(session, now, address=None)
    assert promise(session, ticket, PromiseKind.ONSITE).due_at is None
    later = now + timedelta(days=1)
    request = TicketRequest(
        conversation_id=ticket.conversation_id or "",
        form_id="f2",
        type=TicketType.REPAIR,
        phone="+8613800138000",
        address="佛山市顺德区大良街道新宁路1号302房",
    )
    assert service.open_ticket(session, request, reference=REFERENCE, now=later).duplicate
    assert promise(session, ticket, PromiseKind.ONSITE).due_at == at("2026-11-25 18:00")
    assert happened(session, ticket, PromiseKind.ONSITE)[-1] == ("recomputed", "customer", "address")


def test_a_later_time_the_customer_asked_for_stands_in_the_history(
    session: Session, ticket: Ticket, now: datetime
) -> None:
    until, asked_for = at("2026-11-25 15:30"), Words("明天下午", "tomorrow afternoon")
    service.put_off(session, ticket, PromiseKind.REPLY, until=until, asked_for=asked_for, reference=REFERENCE, now=now)
    change = past(session, ticket, PromiseKind.REPLY)[-1]
    assert (change.what, change.who, change.until, change.due_after) == (Change.PUT_OFF, "customer", until, until)
    assert "明天下午" in change.words["zh"]


def test_of_several_who_keep_and_miss_a_promise_at_once_each_is_recorded_once(
    committed: db.Sessions, now: datetime
) -> None:
    with db.session_scope(committed) as session:
        ticket_id = open_ticket(session, now).id
    late = now + timedelta(hours=2)

    def look(number: int) -> int:
        with db.session_scope(committed) as session:
            if number % 2:
                return service.record_missed(session, late)
            ticket = session.get_one(Ticket, ticket_id)
            return service.meet_promise(session, ticket, PromiseKind.REPLY, f"客服{number}", late)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(look, range(6)))
    with db.session_scope(committed) as session:
        ended = select(PromiseChange.what).where(PromiseChange.what.in_([Change.MET, Change.MISSED]))
        assert sorted(session.scalars(ended)) == [Change.MET, Change.MISSED]
