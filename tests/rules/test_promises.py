"""What a ticket promises and by when; pauses, later times, other calendars."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import reference
from backend.kernel import working_time
from backend.tickets import ledger, promise_rules
from backend.tickets.promise_rules import PromiseState, PutOff, Resumed, Stopped
from backend.tickets.rules import Priority, PromiseKind, TicketType, Words
from conftest import at

REPOSITORY = Path(__file__).resolve().parents[2]
REFERENCE = reference.current()
CALENDAR = REFERENCE.calendar
POLICY = ledger.policy_of(REFERENCE)
WHY = Words("客户要求", "the customer asked")

instants = st.timedeltas(timedelta(), timedelta(days=334)).map(lambda since: at("2026-01-01 00:00") + since)
pauses = st.timedeltas(timedelta(), timedelta(days=20))


def due(kind: PromiseKind, now: str, tier: str = "township") -> datetime | None:
    made = promise_rules.promises(
        TicketType.REPAIR, Priority.URGENT, tier, calendar=CALENDAR, policy=POLICY, now=at(now)
    )
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
        made = promise_rules.promised(
            PromiseKind.ONSITE, tier="central_city", calendar=CALENDAR, policy=POLICY, now=at(now)
        )
        assert made.due_at is None
        assert "待确认" in made.why.zh
        assert "confirmed" in made.why.en
    beyond_hours = promise_rules.promised(
        PromiseKind.REPLY, calendar=CALENDAR, policy=POLICY, now=at("2028-01-05 10:00")
    )
    assert beyond_hours.due_at is None


def test_without_an_address_a_visit_has_no_date_yet() -> None:
    made = promise_rules.promised(
        PromiseKind.ONSITE, tier=None, calendar=CALENDAR, policy=POLICY, now=at("2026-11-24 10:05")
    )
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
    made = promise_rules.promises(kind, priority, tier, calendar=CALENDAR, policy=POLICY, now=at("2026-11-24 10:05"))
    assert {each.kind.value for each in made} == expected
    assert all(each.why.zh and each.why.en for each in made)


@given(now=instants, minutes=st.integers(1, 600))
def test_a_due_date_is_open_time_or_a_closing_edge(now: datetime, minutes: int) -> None:
    numbers = replace(POLICY, reply=timedelta(minutes=minutes))
    made = promise_rules.promised(PromiseKind.REPLY, calendar=CALENDAR, policy=numbers, now=now)
    assert made.due_at is not None
    assert made.due_at > now
    assert working_time.is_open(CALENDAR, made.due_at - timedelta(seconds=1))
    assert working_time.open_time_between(CALENDAR, now, made.due_at) == timedelta(minutes=minutes)


@given(now=instants, kind=st.sampled_from(list(PromiseKind)), waited=pauses, paused=pauses)
def test_a_pause_never_brings_a_deadline_nearer(
    now: datetime, kind: PromiseKind, waited: timedelta, paused: timedelta
) -> None:
    promise = promise_of(kind, now)
    stopped = promise_rules.pause(promise, WHY, now=now + waited)
    running = promise_rules.resume(stopped, calendar=CALENDAR, now=now + waited + paused)
    assert running.paused_at is None
    assert running.paused_s >= promise.paused_s
    assert promise.due_at is not None
    assert running.due_at is None or running.due_at >= promise.due_at


@given(now=instants, pause=pauses)
def test_a_pause_gives_back_exactly_the_open_time_it_took(now: datetime, pause: timedelta) -> None:
    promise = promise_of(PromiseKind.REPLY, now)
    running = promise_rules.resume(promise_rules.pause(promise, WHY, now=now), calendar=CALENDAR, now=now + pause)
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
    put_off = promise_rules.put_off(promise, promise.due_at + later, WHY, calendar=CALENDAR)
    assert put_off.due_at == max(promise.due_at, promise.due_at + later)
    assert put_off.paused_s >= 0
    assert ("客户要求" in put_off.why.zh) is (later > timedelta())


def promise_of(kind: PromiseKind, now: datetime) -> PromiseState:
    return promise_rules.promised(kind, tier="township", calendar=CALENDAR, policy=POLICY, now=now)


def test_a_promise_stands_still_once_at_a_time() -> None:
    promise = promise_rules.pause(
        promise_of(PromiseKind.REPLY, at("2026-11-24 10:05")), WHY, now=at("2026-11-24 10:10")
    )
    assert promise_rules.pause(promise, WHY, now=at("2026-11-24 10:30")) is promise
    assert (
        promise_rules.resume(replace(promise, paused_at=None), calendar=CALENDAR, now=at("2026-11-24 11:00")).paused_s
        == 0
    )


def test_a_visit_that_waits_over_a_working_day_is_due_a_working_day_later() -> None:
    promise = promise_of(PromiseKind.ONSITE, at("2026-11-24 10:05"))
    stopped = promise_rules.pause(promise, WHY, now=at("2026-11-24 12:00"))
    same_day = promise_rules.resume(stopped, calendar=CALENDAR, now=at("2026-11-24 16:00"))
    next_day = promise_rules.resume(stopped, calendar=CALENDAR, now=at("2026-11-25 09:00"))
    weekend = promise_rules.resume(stopped, calendar=CALENDAR, now=at("2026-11-29 09:00"))
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
    assert promise_rules.is_missed(deadline, None, None, at(now)) is missed
    assert not promise_rules.is_missed(deadline, None, at("2026-11-24 10:30"), at(now))
    assert not promise_rules.is_missed(None, None, None, at(now))


@pytest.mark.parametrize(
    ("kind", "now", "expected"),
    [
        (PromiseKind.PARTS, "2026-11-24 10:05", "2026-11-27 18:00"),
        (PromiseKind.PARTS, "2026-11-27 18:00", "2026-11-30 18:00"),  # over a weekend
        (PromiseKind.PARTS, "2026-12-30 10:00", "2027-01-02 18:00"),  # no holiday table is asked
        (PromiseKind.QUALITY, "2026-11-24 10:05", "2026-11-30 18:00"),
        (PromiseKind.QUALITY, "2026-02-13 17:59:59", "2026-02-26 18:00"),  # a working Saturday, then Spring Festival
        (PromiseKind.QUALITY, "2026-10-06 09:00", "2026-10-12 18:00"),  # the 7th is none, Saturday the 10th is one
        (PromiseKind.QUALITY, "2026-12-28 10:00", None),  # the fourth working day is in 2027
    ],
)
def test_word_about_parts_is_counted_in_days_and_a_quality_report_in_working_days(
    kind: PromiseKind, now: str, expected: str | None
) -> None:
    assert promise_of(kind, at(now)).due_at == (at(expected) if expected else None)


@pytest.mark.parametrize(
    ("now", "reply", "visit"),
    [
        ("2026-02-13 17:59:59", "2026-02-14 08:59:59", "2026-02-14 18:00"),
        ("2026-02-13 18:00:00", "2026-02-14 09:00", "2026-02-14 18:00"),
        ("2026-02-14 07:59:59", "2026-02-14 09:00", "2026-02-24 18:00"),
        ("2026-02-27 18:00:00", "2026-02-28 09:00", "2026-02-28 18:00"),  # the other working Saturday
        ("2026-02-28 07:59:59", "2026-02-28 09:00", "2026-03-02 18:00"),
        ("2026-10-07 07:59:59", "2026-10-07 09:00", "2026-10-08 18:00"),  # open, and no working day
        ("2026-12-31 17:59:59", "2027-01-01 08:59:59", None),  # next year's holidays are not known
    ],
)
def test_the_sharp_edges_of_the_year(now: str, reply: str, visit: str | None) -> None:
    one = promise_rules.promised(PromiseKind.ONSITE, tier="central_city", calendar=CALENDAR, policy=POLICY, now=at(now))
    assert promise_of(PromiseKind.REPLY, at(now)).due_at == at(reply)
    assert one.due_at == (at(visit) if visit else None)


def test_the_zone_of_the_host_changes_nothing() -> None:
    program = (
        "from rules.test_promises import *;"
        "print([promise_of(kind, at('2026-02-13 17:59:59')).due_at.isoformat() for kind in PromiseKind])"
    )
    told = {
        zone: subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "TZ": zone, "PYTHONPATH": os.pathsep.join(["tests", "."])},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for zone in ("Asia/Shanghai", "America/New_York")
    }
    assert told["America/New_York"] == told["Asia/Shanghai"]
    assert "2026-02-14T08:59:59+08:00" in told["Asia/Shanghai"]


@given(now=instants, kind=st.sampled_from(list(PromiseKind)), waited=pauses, paused=pauses)
def test_every_deadline_is_open_time_or_a_closing_edge_also_after_a_pause(
    now: datetime, kind: PromiseKind, waited: timedelta, paused: timedelta
) -> None:
    stopped = promise_rules.pause(promise_of(kind, now), WHY, now=now + waited)
    running = promise_rules.resume(stopped, calendar=CALENDAR, now=now + waited + paused)
    for due in (stopped.due_at, running.due_at):
        hours = working_time.hours_of(CALENDAR, working_time.local_day(CALENDAR, due)) if due else None
        assert due is None or (hours and hours[0] <= due <= hours[1])


@given(now=instants, kind=st.sampled_from(list(PromiseKind)), waited=pauses, paused=pauses, later=pauses)
def test_counting_anew_by_the_same_terms_and_calendar_changes_nothing(
    now: datetime, kind: PromiseKind, waited: timedelta, paused: timedelta, later: timedelta
) -> None:
    start, end = now + waited, now + waited + paused
    promise = promise_rules.pause(promise_of(kind, now), WHY, now=start)
    promise = promise_rules.resume(promise, calendar=CALENDAR, now=end)
    past: list[Stopped | Resumed | PutOff] = [Stopped(start, WHY), Resumed(end)]
    if promise.due_at is not None:
        until = promise.due_at + later
        promise = promise_rules.put_off(promise, until, WHY, calendar=CALENDAR)
        past.append(PutOff(until, WHY))
    assert promise_rules.recount(promise.terms, CALENDAR, past) == promise


@given(now=instants, kind=st.sampled_from(list(PromiseKind)), waited=pauses, paused=pauses)
def test_counted_anew_for_another_tier_no_pause_is_lost(
    now: datetime, kind: PromiseKind, waited: timedelta, paused: timedelta
) -> None:
    past = [Stopped(now + waited, WHY), Resumed(now + waited + paused)]
    terms = promise_of(kind, now).terms
    without, anew = (promise_rules.recount(terms, CALENDAR, each) for each in ([], past))
    assert anew.due_at is None or (without.due_at is not None and anew.due_at >= without.due_at)


def test_a_running_pause_is_replayed_as_running() -> None:
    now = at("2026-11-24 10:05")
    promise = promise_rules.recount(promise_of(PromiseKind.REPLY, now).terms, CALENDAR, [Stopped(now, WHY)])
    assert promise.paused_at == now


@pytest.mark.parametrize("kind", list(PromiseKind))
def test_a_promise_explains_itself_in_one_sentence(kind: PromiseKind) -> None:
    said = promise_rules.explain(promise_of(kind, at("2026-11-24 10:05")), CALENDAR)
    assert "11月24日（周二）10:05起算，最晚 " in said.zh
    assert "counted from Tue 24 Nov, 10:05, due by " in said.en
    for words in (said.zh, said.en):
        assert CALENDAR.version in words
        assert "\n" not in words


def test_the_sentence_names_rule_tier_pause_and_what_is_still_open() -> None:
    visit = promise_of(PromiseKind.ONSITE, at("2026-11-24 10:05"))
    assert promise_rules.explain(visit, CALENDAR).zh == (
        "乡镇地址，登记日之后第 2 个工作日内上门：11月24日（周二）10:05起算，最晚 11月26日（周四）18:00（日历 2026-1）"
    )
    waiting = promise_rules.pause(visit, WHY, now=at("2026-11-24 11:00"))
    assert "；客户要求：" in promise_rules.explain(waiting, CALENDAR).zh
    beyond = promise_of(PromiseKind.ONSITE, at("2026-12-31 10:00"))
    assert promise_rules.explain(beyond, CALENDAR).en == (
        "working days after 2026-12-31 are not published yet; to be confirmed"
        " (counted from Thu 31 Dec, 10:00, calendar 2026-1)"
    )


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (PromiseKind.REPLY, "reply:60min"),
        (PromiseKind.ONSITE, "onsite:township:2d"),
        (PromiseKind.PARTS, "parts:3d"),
        (PromiseKind.QUALITY, "quality:4d"),
    ],
)
def test_a_promise_names_its_rule(kind: PromiseKind, rule: str) -> None:
    assert promise_of(kind, at("2026-11-24 10:05")).terms.rule == rule
