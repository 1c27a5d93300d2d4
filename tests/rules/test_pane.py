"""What an agent is advised, how canned words are filled in, whom a note names."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from backend import reference
from backend.console.inbox import pane_rules
from backend.console.inbox.pane_rules import Situation, Step, advise
from backend.conversations.rules import Asked, mentioned, open_question
from backend.reference.desk import KNOWN_OF_A_CONVERSATION

CANNED = reference.current().canned
HELD = Situation(
    is_held=True,
    reason="asked",
    intent="request_repair",
    confidence=0.9,
    missing=(),
    has_ticket=True,
    is_call_booked=True,
    promise="ok",
    has_answered=True,
)


def but(**changes: object) -> Step | None:
    advice = advise(dataclasses.replace(HELD, **changes))  # type: ignore[arg-type]
    return advice.step if advice else None


def test_people_come_first_then_what_is_late_then_what_is_missing() -> None:
    assert but(is_held=False) is Step.TAKE
    assert but(reason="danger", has_answered=False, promise="overdue", missing=("phone",)) is Step.SAFETY
    assert but(promise="near", reason="complaint", has_answered=False) is Step.LATE
    assert but(reason="complaint", has_answered=False) is Step.SOOTHE
    assert but(has_ticket=False, missing=("phone",), promise=None) is Step.ASK
    assert but(has_ticket=False, confidence=0.3, promise=None) is Step.CLARIFY
    assert but(is_call_booked=False) is Step.CALL
    assert but(promise=None) is Step.WRAP_UP
    assert but() is None
    assert but(is_held=False, reason=None) is None


def test_every_advised_reply_exists() -> None:
    assert {*pane_rules.ASKING.values(), "danger", "promise", "sorry", "call", "bye"} <= set(CANNED.replies)


def test_what_is_known_is_put_in_and_what_is_not_stands_as_a_gap() -> None:
    text = CANNED.replies["promise"].zh
    assert "WY1" in pane_rules.fill(text, {"ticket_no": "WY1", "due": "明天"}, "zh")
    assert "〔请补充〕" in pane_rules.fill(text, {"ticket_no": "WY1"}, "zh")
    assert "[fill in]" in pane_rules.fill(CANNED.replies["visit_code"].en, {}, "en")
    assert pane_rules.fill(CANNED.replies["hello"].zh, {"agent": "陈晓"}, "zh").startswith("您好，我是客服陈晓")


@given(st.dictionaries(st.sampled_from(sorted(KNOWN_OF_A_CONVERSATION)), st.text(max_size=40)))
def test_values_are_never_read_as_templates(values: dict[str, str]) -> None:
    for each in CANNED.replies.values():
        for language, text in (("zh", each.zh), ("en", each.en)):
            filled = pane_rules.fill(text, values, language)
            assert all(values[name] in filled for name in each.variables & set(values))


def test_a_note_names_by_name_and_username_and_prefers_the_longer() -> None:
    names = {"陈晓": 1, "陈晓明": 2, "lin": 3}
    assert mentioned("＠陈晓明看一下 @LIN", names) == {2, 3}
    assert mentioned("@陈晓，好", names) == {1}
    assert mentioned("chen@lin.example 没有人 @", names) == {3}
    assert mentioned("陈晓", names) == frozenset()


def test_only_an_open_question_is_put_again() -> None:
    asked = Asked("您的电话？", "phone")
    assert open_question(asked, is_settled=False) == asked
    assert open_question(asked, is_settled=True) is None
    assert open_question(Asked("好的", None), is_settled=False) is None
    assert open_question(None, is_settled=False) is None
