"""Who answers, and what happens when the bot does not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.conversations.rules import Channel, Failure, Mode, bot_answers, clean, goes_on, may_keep_reply, remedy
from conftest import at

NOW = at("2026-11-24 10:05")


@given(st.text())
def test_cleaning_leaves_storable_text_and_changes_nothing_twice(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")
    assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in cleaned)


def test_cleaning_keeps_what_people_write() -> None:
    assert clean("  <b>热水器</b>\r\n👩‍🔧 {{7*7}} ") == "<b>热水器</b>\n👩‍🔧 {{7*7}}"


@pytest.mark.parametrize("mode", list(Mode))
def test_only_a_person_at_the_conversation_silences_the_bot(mode: Mode) -> None:
    assert bot_answers(mode) is (mode is not Mode.HUMAN)
    assert may_keep_reply(mode) is (mode is not Mode.HUMAN)


@given(
    failure=st.sampled_from(list(Failure)),
    failures=st.integers(1, 50),
    waited=st.integers(0, 3600),
    told=st.booleans(),
    waiting=st.booleans(),
)
def test_no_failure_leaves_a_customer_without_word_or_further_try(
    failure: Failure, failures: int, waited: int, told: bool, waiting: bool
) -> None:
    sent_at = NOW - timedelta(seconds=waited)
    decided = remedy(failure, failures, sent_at, told=told, waiting=waiting, now=NOW)
    assert decided.retry_at is not None or decided.hand_over
    assert decided.say or decided.retry_at is not None
    assert decided.retry_at is None or decided.retry_at >= NOW
    assert decided.reason


def test_a_bot_that_is_away_is_asked_ever_less_often_until_a_person_is_asked_for() -> None:
    asked, failures = [NOW], 0
    while asked[-1] < NOW + timedelta(hours=1):
        failures += 1
        decided = remedy(Failure.AWAY, failures, NOW, told=True, waiting=False, now=asked[-1])
        assert decided.hand_over is (asked[-1] >= NOW + timedelta(minutes=5))
        assert decided.retry_at is not None
        asked.append(decided.retry_at)
    assert [(at - NOW).total_seconds() for at in asked[:6]] == [0, 2, 7, 22, 82, 142]
    assert NOW + timedelta(minutes=5) in asked
    assert len(asked) < 70


def test_the_delay_is_told_once() -> None:
    first = remedy(Failure.AWAY, 1, NOW, told=False, waiting=False, now=NOW)
    second = remedy(Failure.AWAY, 2, NOW, told=True, waiting=False, now=NOW)
    assert (first.say, second.say) == ("warming", None)


@pytest.mark.parametrize(("silence", "continues"), [(timedelta(hours=23), True), (timedelta(hours=24), False)])
def test_a_text_conversation_rests_after_a_day(silence: timedelta, continues: bool) -> None:
    last: datetime = NOW - silence
    assert goes_on(Channel.SMS, last, NOW) is continues
    assert goes_on(Channel.WEB, last, NOW) is False
