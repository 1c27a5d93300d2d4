"""What a ticket promises, which contacts are one case, when a manager must look."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import reference
from backend.errors import BadReference, Conflict
from backend.kernel import working_time
from backend.tickets import ledger, policy, rules, wording
from backend.tickets.rules import Case, Priority, PromiseKind, PromiseState, Rung, Status, TicketType
from conftest import at

REFERENCE = reference.current()
CALENDAR = REFERENCE.calendar
POLICY = ledger.policy_of(REFERENCE)
LIMITS = policy.limits()
WHY = rules.Words("客户要求", "the customer asked")

instants = st.timedeltas(timedelta(), timedelta(days=334)).map(lambda since: at("2026-01-01 00:00") + since)
pauses = st.timedeltas(timedelta(), timedelta(days=20))


def due(kind: PromiseKind, now: str, tier: str = "township") -> datetime | None:
    made = rules.promises(TicketType.REPAIR, Priority.URGENT, tier, calendar=CALENDAR, policy=POLICY, now=at(now))
    return next(each.due_at for each in made if each.kind is kind)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24 10:05", "2026-11-24 11:05"),
        ("2026-11-24 17:40", "2026-11-25 08:40"),
        ("2026-11-24 17:00", "2026-11-24 18:00"),
        ("2026-11-24 18:00", "2026-11-25 09:00"),
        ("2026-11-24 22:10", "2026-11-25 09:00"),
        ("2026-11-24 07:59", "2026-11-24 09:00"),
    ],
)
def test_a_reply_is_due_after_one_hour_of_hotline_time(now: str, expected: str) -> None:
    assert due(PromiseKind.REPLY, now) == at(expected)


def test_an_opinion_is_due_after_three_hours_of_hotline_time() -> None:
    assert due(PromiseKind.OPINION, "2026-11-24 16:30") == at("2026-11-25 09:30")


@pytest.mark.parametrize(
    ("now", "tier", "expected"),
    [
        ("2026-11-24 10:05", "central_city", "2026-11-25 18:00"),
        ("2026-11-24 10:05", "township", "2026-11-26 18:00"),
        ("2026-11-24 10:05", "remote_rural", "2026-11-26 18:00"),
        ("2026-02-13 17:50", "central_city", "2026-02-14 18:00"),  # a working Saturday
        ("2026-02-14 10:00", "central_city", "2026-02-24 18:00"),  # Spring Festival
        ("2026-10-06 10:00", "central_city", "2026-10-08 18:00"),  # 7 October is a holiday
        ("2026-10-09 10:00", "central_city", "2026-10-10 18:00"),  # a working Saturday
    ],
)
def test_a_visit_is_due_at_the_close_of_the_promised_working_day(now: str, tier: str, expected: str) -> None:
    assert due(PromiseKind.ONSITE, now, tier) == at(expected)


def test_beyond_the_calendar_a_date_is_to_be_confirmed_and_never_guessed() -> None:
    for now in ("2026-12-31 10:00", "2027-06-01 10:00"):
        made = rules.onsite_promise("central_city", calendar=CALENDAR, policy=POLICY, now=at(now))
        assert made.due_at is None
        assert "待确认" in made.why.zh
        assert "confirmed" in made.why.en
    beyond_hours = rules.reply_promise(calendar=CALENDAR, policy=POLICY, now=at("2028-01-05 10:00"))
    assert beyond_hours.due_at is None


def test_without_an_address_a_visit_has_no_date_yet() -> None:
    made = rules.onsite_promise(None, calendar=CALENDAR, policy=POLICY, now=at("2026-11-24 10:05"))
    assert made.due_at is None
    assert "地址" in made.why.zh


@pytest.mark.parametrize(
    ("kind", "priority", "tier", "expected"),
    [
        (TicketType.REPAIR, Priority.NORMAL, "township", {"reply", "onsite"}),
        (TicketType.INSTALL, Priority.NORMAL, "township", {"reply", "onsite"}),
        (TicketType.RELOCATION, Priority.NORMAL, "township", {"reply", "onsite"}),
        (TicketType.COMPLAINT, Priority.NORMAL, "township", {"reply"}),
        (TicketType.RETURN, Priority.NORMAL, None, {"reply"}),
        (TicketType.COMPLAINT, Priority.URGENT, None, {"reply", "opinion"}),
        (TicketType.REPAIR, Priority.CRITICAL, "township", {"reply", "onsite", "opinion"}),
        (TicketType.REPAIR, Priority.CRITICAL, None, {"reply", "opinion"}),
    ],
)
def test_what_is_promised_follows_type_and_priority(
    kind: TicketType, priority: Priority, tier: str | None, expected: set[str]
) -> None:
    made = rules.promises(kind, priority, tier, calendar=CALENDAR, policy=POLICY, now=at("2026-11-24 10:05"))
    assert {each.kind.value for each in made} == expected
    assert all(each.why.zh and each.why.en for each in made)


@given(now=instants, minutes=st.integers(1, 600))
def test_a_due_date_is_open_time_or_a_closing_edge(now: datetime, minutes: int) -> None:
    numbers = rules.promise_policy(minutes, 180, POLICY.onsite_days)
    made = rules.reply_promise(calendar=CALENDAR, policy=numbers, now=now)
    assert made.due_at is not None
    assert made.due_at > now
    assert working_time.is_open(CALENDAR, made.due_at - timedelta(seconds=1))
    assert working_time.open_time_between(CALENDAR, now, made.due_at) == timedelta(minutes=minutes)


@given(now=instants, kind=st.sampled_from(list(PromiseKind)), waited=pauses, paused=pauses)
def test_a_pause_never_brings_a_deadline_nearer(
    now: datetime, kind: PromiseKind, waited: timedelta, paused: timedelta
) -> None:
    promise = promise_of(kind, now)
    stopped = rules.pause(promise, WHY, now=now + waited)
    running = rules.resume(stopped, calendar=CALENDAR, now=now + waited + paused)
    assert running.paused_at is None
    assert running.paused_s >= promise.paused_s
    assert promise.due_at is not None
    assert running.due_at is None or running.due_at >= promise.due_at


@given(now=instants, pause=pauses)
def test_a_pause_gives_back_exactly_the_open_time_it_took(now: datetime, pause: timedelta) -> None:
    promise = promise_of(PromiseKind.REPLY, now)
    running = rules.resume(rules.pause(promise, WHY, now=now), calendar=CALENDAR, now=now + pause)
    assert running.due_at is not None
    left = working_time.open_time_between(CALENDAR, now + pause, running.due_at)
    assert left == POLICY.reply
    assert timedelta(seconds=running.paused_s) <= pause


@given(now=instants, later=pauses)
def test_the_remaining_time_falls_only_in_open_time(now: datetime, later: timedelta) -> None:
    promise = promise_of(PromiseKind.OPINION, now)
    assert promise.due_at is not None
    moment = min(now + later, promise.due_at)
    left_then = working_time.open_time_between(CALENDAR, moment, promise.due_at)
    open_since = working_time.open_time_between(CALENDAR, now, moment)
    assert left_then == POLICY.opinion - open_since


@given(now=instants, later=st.timedeltas(timedelta(days=-2), timedelta(days=20)))
def test_a_customers_later_time_puts_a_promise_off_and_an_earlier_one_does_not(now: datetime, later: timedelta) -> None:
    promise = promise_of(PromiseKind.REPLY, now)
    assert promise.due_at is not None
    put_off = rules.put_off(promise, promise.due_at + later, WHY, calendar=CALENDAR)
    assert put_off.due_at == max(promise.due_at, promise.due_at + later)
    assert put_off.paused_s >= 0
    assert ("客户要求" in put_off.why.zh) is (later > timedelta())


def promise_of(kind: PromiseKind, now: datetime) -> PromiseState:
    made = rules.promises(TicketType.REPAIR, Priority.URGENT, "township", calendar=CALENDAR, policy=POLICY, now=now)
    return next(each for each in made if each.kind is kind)


def test_a_promise_stands_still_once_at_a_time() -> None:
    promise = rules.pause(promise_of(PromiseKind.REPLY, at("2026-11-24 10:05")), WHY, now=at("2026-11-24 10:10"))
    assert rules.pause(promise, WHY, now=at("2026-11-24 10:30")) is promise
    assert rules.resume(replace(promise, paused_at=None), calendar=CALENDAR, now=at("2026-11-24 11:00")).paused_s == 0


def test_a_visit_that_waits_over_a_working_day_is_due_a_working_day_later() -> None:
    promise = promise_of(PromiseKind.ONSITE, at("2026-11-24 10:05"))
    stopped = rules.pause(promise, WHY, now=at("2026-11-24 12:00"))
    same_day = rules.resume(stopped, calendar=CALENDAR, now=at("2026-11-24 16:00"))
    next_day = rules.resume(stopped, calendar=CALENDAR, now=at("2026-11-25 09:00"))
    weekend = rules.resume(stopped, calendar=CALENDAR, now=at("2026-11-29 09:00"))
    assert (same_day.due_at, next_day.due_at, weekend.due_at) == (
        at("2026-11-26 18:00"),
        at("2026-11-27 18:00"),
        at("2026-12-01 18:00"),
    )


@pytest.mark.parametrize(
    ("now", "missed"), [("2026-11-24 11:05", False), ("2026-11-24 11:05:01", True), ("2026-11-24 10:10", False)]
)
def test_a_promise_is_missed_only_after_its_deadline(now: str, missed: bool) -> None:
    deadline = at("2026-11-24 11:05")
    assert rules.is_missed(deadline, None, None, at(now)) is missed
    assert not rules.is_missed(deadline, None, at("2026-11-24 10:30"), at(now))
    assert not rules.is_missed(None, None, None, at(now))


BASE = Case(TicketType.REPAIR, "+8613800138000", None, "c1")


@pytest.mark.parametrize(
    ("known", "told", "why"),
    [
        (BASE, replace(BASE, conversation_id="c2"), "phone"),
        (BASE, replace(BASE, type=TicketType.INSTALL), None),
        (BASE, replace(BASE, phone="+8613900139000"), None),
        (replace(BASE, serial_no="A1"), replace(BASE, serial_no="B2"), None),
        (replace(BASE, serial_no="A1"), replace(BASE, serial_no="A1", phone="+8613900139000"), "serial"),
        (replace(BASE, serial_no="A1"), BASE, "phone"),
        (replace(BASE, phone=None), BASE, "conversation"),
        (replace(BASE, phone=None), replace(BASE, conversation_id="c2"), None),
        (replace(BASE, phone=None), replace(BASE, phone=None, conversation_id=None), None),
    ],
)
def test_two_contacts_are_one_case_for_a_stated_reason(known: Case, told: Case, why: str | None) -> None:
    assert rules.same_case(known, told) == why


@pytest.mark.parametrize(
    ("contacts", "text", "rung"),
    [
        (1, "怎么还没来", Rung.CHASE),
        (2, "怎么还没来", Rung.MANAGER),
        (1, "我要打12315", Rung.MANAGER),
        (1, "再不来就曝光你们", Rung.MANAGER),
        (1, "老人受伤了", Rung.MANAGER),
        (1, "I will call a LAWYER", Rung.MANAGER),
    ],
)
def test_the_second_contact_presses_and_the_third_or_an_alarming_word_calls_a_manager(
    contacts: int, text: str, rung: Rung
) -> None:
    decision = rules.another_contact(contacts, text, LIMITS.contact)
    assert decision.rung is rung
    assert decision.count == contacts + 1
    assert decision.why


def test_the_same_words_shortly_after_are_the_same_contact() -> None:
    first = at("2026-11-24 10:05")
    assert rules.is_echo(first, "催一下", first + timedelta(seconds=20), "催一下", LIMITS.contact)
    assert not rules.is_echo(first, "催一下", first + timedelta(minutes=10), "催一下", LIMITS.contact)
    assert not rules.is_echo(first, "催一下", first + timedelta(seconds=20), "人呢", LIMITS.contact)
    assert not rules.is_echo(None, "", first, "", LIMITS.contact)


def test_nothing_makes_a_ticket_less_urgent_by_itself() -> None:
    assert rules.higher(Priority.CRITICAL, Priority.URGENT) is Priority.CRITICAL
    assert rules.higher(Priority.NORMAL, Priority.URGENT) is Priority.URGENT


@pytest.mark.parametrize("old", list(Status))
@pytest.mark.parametrize("new", list(Status))
def test_a_status_changes_only_along_the_table(old: Status, new: Status) -> None:
    if new in rules.MAY_BECOME[old]:
        rules.check_move(old, new)
    else:
        with pytest.raises(Conflict):
            rules.check_move(old, new)


def test_a_cancelled_ticket_stays_cancelled_and_a_finished_one_may_be_reopened() -> None:
    assert not rules.MAY_BECOME[Status.CANCELLED]
    assert rules.MAY_BECOME[Status.DONE] == {Status.IN_PROGRESS}


@pytest.mark.parametrize(
    ("spent", "over"),
    [
        (rules.Spent(0, 0, 0, 0), None),
        (rules.Spent(5, 0, 0, 0), "number"),
        (rules.Spent(0, 8, 0, 0), "address"),
        (rules.Spent(0, 0, 6, 0), "conversation"),
        (rules.Spent(0, 0, 0, 3), "numbers"),
    ],
)
def test_a_budget_that_is_used_up_names_itself(spent: rules.Spent, over: str | None) -> None:
    assert rules.over_budget(spent, LIMITS.budget) == over


def test_a_fault_code_means_something_only_in_its_series() -> None:
    codes = policy.fault_codes()
    assert codes.class_of("YLS-D60A", "e1") == "leakage_current"
    assert codes.class_of("WY60", "E1") == "dry_burn"
    assert codes.class_of("unheard-of", "E1") is None
    assert codes.class_of(None, None) is None
    assert "leakage_current" in codes.dangerous


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a\n",
        "source: x\nvalid_through: 2027-12-31\n",
        "a: [",
        "source: x\nvalid_through: 1\ntickets_per_number: many\n",
    ],
)
def test_limits_that_cannot_be_used_are_refused_by_name(text: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "limits.yaml"
    file.write_text(text)
    with pytest.raises(BadReference, match=r"limits\.yaml"):
        policy.read_limits(file)


def test_what_customers_wrote_stands_in_the_timeline_as_they_wrote_it() -> None:
    for text in ("{0.__class__}", "{{7*7}}", "%s <b>"):
        words = wording.event("added", {"text": text})
        assert text in words.zh
        assert text in words.en
