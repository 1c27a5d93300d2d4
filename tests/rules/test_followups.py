"""Whom we ask how it was, when, and what an answer is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backend import reference
from backend.followups import rules
from backend.followups.grading import policy_of
from backend.followups.replies import Graded, read_grade, wants_person
from backend.followups.rules import Case, Plan, Skip
from backend.kernel import working_time
from backend.outbox import policy as outbox_policy
from conftest import at
from telephony import sms

REFERENCE = reference.current()
POLICY = policy_of(REFERENCE)
CALENDAR = REFERENCE.calendar
NOW = at("2026-11-24 10:05")
CONTENT = Case(kind="repair", done=True, reachable=True)


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (CONTENT, None),
        (replace(CONTENT, kind="other"), Skip.KIND),
        (replace(CONTENT, done=False), Skip.REOPENED),
        (replace(CONTENT, in_danger=True), Skip.DANGER),
        (replace(CONTENT, complains=True), Skip.COMPLAINT),
        (replace(CONTENT, reachable=False), Skip.NO_NUMBER),
        (replace(CONTENT, opted_out=True), Skip.OPTED_OUT),
        (replace(CONTENT, asked_before=NOW - POLICY.rest + timedelta(seconds=1)), Skip.LATELY),
        (replace(CONTENT, asked_before=NOW - POLICY.rest), None),
        (replace(CONTENT, in_danger=True, opted_out=True), Skip.DANGER),
    ],
)
def test_who_is_not_asked(case: Case, why: Skip | None) -> None:
    assert rules.obstacle(case, POLICY, NOW) is why


@pytest.mark.parametrize(
    ("done", "asked"),
    [
        ("2026-11-24 10:05", "2026-11-24 12:05"),
        ("2026-11-24 15:59:59", "2026-11-24 17:59:59"),
        ("2026-11-24 16:00:00", "2026-11-25 08:00:00"),
        ("2026-11-24 17:30", "2026-11-25 09:30"),
        ("2026-11-24 22:00", "2026-11-25 10:00"),
    ],
)
def test_the_question_comes_two_open_hours_after_the_end_of_the_case(done: str, asked: str) -> None:
    planned = rules.plan(at(done), POLICY, CALENDAR)
    assert isinstance(planned, Plan)
    assert planned.at == at(asked)


@given(some.timedeltas(timedelta(), timedelta(days=350)))
def test_a_question_lies_in_open_time_and_before_its_end(after: timedelta) -> None:
    done = at("2026-01-01 00:00") + after
    planned = rules.plan(done, POLICY, CALENDAR)
    if isinstance(planned, Plan):
        assert working_time.is_open(CALENDAR, planned.at)
        assert done <= planned.at < planned.until
    else:
        assert planned in (Skip.TOO_LATE, Skip.CALENDAR)


def test_beyond_the_calendar_nobody_is_asked() -> None:
    assert rules.plan(at("2028-03-01 10:00"), POLICY, CALENDAR) is Skip.CALENDAR


def test_a_call_nobody_answered_is_made_again_in_open_hours_and_so_often() -> None:
    assert rules.again(1, POLICY, CALENDAR, at("2026-11-24 16:00")) == at("2026-11-25 10:00")
    assert rules.again(POLICY.calls, POLICY, CALENDAR, NOW) is None


@pytest.mark.parametrize(
    ("due", "next_at", "may"),
    [
        (0, None, True),
        (1, None, False),
        (0, NOW + POLICY.spare, False),
        (0, NOW + POLICY.spare + timedelta(seconds=1), True),
    ],
)
def test_promised_calls_come_first(due: int, next_at: datetime | None, may: bool) -> None:
    assert rules.has_time_to_spare(due, next_at, POLICY, NOW) is may


@pytest.mark.parametrize(
    ("said", "grade", "words"),
    [
        ("5", 5, ""),
        ("５", 5, ""),
        (" 4。", 4, ""),
        ("③", 3, ""),
        ("二", 2, ""),
        ("1分", 1, ""),
        ("打5分", 5, ""),
        ("给4分吧", 4, ""),
        ("5 stars", 5, ""),
        ("5很满意", 5, ""),
        ("5 very good", 5, ""),
        ("非常满意！", 5, ""),
        ("滿意", 4, ""),
        ("一般", 3, ""),
        ("不满意", 2, ""),
        ("很不满意", 1, ""),
        ("Terrible.", 1, ""),
        ("2，师傅迟到了", 2, "师傅迟到了"),
        ("1分 态度很差", 1, "态度很差"),
        ("2: late again", 2, "late again"),
    ],
)
def test_a_grade_is_read_in_every_shape(said: str, grade: int, words: str) -> None:
    assert read_grade(said) == Graded(grade, words)


@pytest.mark.parametrize(
    "said",
    ["", "0", "6", "10", "55", "3号上门", "5月3号", "我家在5楼", "2 other time", "你好", "热水器又坏了", "13800138000"],
)
def test_anything_else_is_no_grade(said: str) -> None:
    assert read_grade(said) is None


@pytest.mark.parametrize(
    ("said", "wants"), [("转人工", True), ("agent", True), ("客服态度差", False), ("师傅迟到", False)]
)
def test_who_asks_for_a_person_says_nothing_of_what_went_wrong(said: str, wants: bool) -> None:
    assert wants_person(said) is wants


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_question_fits_two_segments(language: str) -> None:
    text = REFERENCE.messages.render("followup.ask", language, ticket_no="WY261124-0001")
    assert sms.segments(text) <= outbox_policy.current().max_segments
