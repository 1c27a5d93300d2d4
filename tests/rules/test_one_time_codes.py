"""When a code may be given out, and what a told one is worth."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.customers.rules import CodePolicy, CodeVerdict, Given, judge_code, may_give
from conftest import at

NOW = at("2026-11-24 10:05")
POLICY = CodePolicy(valid_for=timedelta(minutes=10), attempts=5, per_number=3, per_conversation=5)


def judged(
    *, is_right: bool = True, is_used: bool = False, attempts: int = 0, left: timedelta = timedelta(minutes=1)
) -> CodeVerdict:
    return judge_code(
        is_right=is_right, is_used=is_used, attempts=attempts, expires_at=NOW + left, policy=POLICY, now=NOW
    )


def test_the_right_code_in_time_is_right_and_another_is_wrong() -> None:
    assert judged() is CodeVerdict.RIGHT
    assert judged(is_right=False) is CodeVerdict.WRONG


def test_a_code_ends_exactly_when_its_time_is_over() -> None:
    assert judged(left=timedelta(seconds=1)) is CodeVerdict.RIGHT
    assert judged(left=timedelta(0)) is CodeVerdict.EXPIRED


def test_the_right_code_told_twice_is_right_twice_and_a_used_one_cannot_be_guessed_at() -> None:
    assert judged(is_used=True) is CodeVerdict.RIGHT
    assert judged(is_used=True, is_right=False) is CodeVerdict.EXPIRED


@given(st.booleans(), st.booleans(), st.integers(5, 1000), st.integers(-600, 600))
def test_after_five_wrong_ones_nothing_helps(is_right: bool, is_used: bool, attempts: int, left_s: int) -> None:
    left = timedelta(seconds=left_s)
    assert judged(is_right=is_right, is_used=is_used, attempts=attempts, left=left) is CodeVerdict.USED_UP


@given(st.booleans(), st.integers(0, 10), st.integers(-600, 600))
def test_a_wrong_code_is_never_right(is_used: bool, attempts: int, left_s: int) -> None:
    left = timedelta(seconds=left_s)
    assert judged(is_right=False, is_used=is_used, attempts=attempts, left=left) is not CodeVerdict.RIGHT


@pytest.mark.parametrize(
    ("to_number", "in_conversation", "may"), [(0, 0, True), (2, 4, True), (3, 3, False), (0, 5, False), (9, 9, False)]
)
def test_codes_are_counted_by_number_and_by_conversation(to_number: int, in_conversation: int, may: bool) -> None:
    assert may_give(Given(to_number, in_conversation), POLICY) is may
