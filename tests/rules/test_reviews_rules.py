"""Which turns are worth an agent's look, and what is left of a line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from backend.errors import BadReference
from backend.reviews import policy
from backend.reviews.rules import Heard, Reason, ReviewPolicy, cut, pieces, says_something, worth_reviewing
from conftest import at

ROOT = Path(__file__).resolve().parents[2]
NOW = at("2026-11-24 10:05")
POLICY = ReviewPolicy(below_confidence=0.5, at_once=timedelta(minutes=5), keep=timedelta(days=180))
SURE = Heard(NOW, "request_repair", 0.93, "热水器是什么型号？", "model")
NEXT = Heard(NOW + timedelta(minutes=1), "inform", 0.9)


def test_what_was_understood_and_went_on_is_not_looked_at() -> None:
    assert worth_reviewing(SURE, None, POLICY) is None
    assert worth_reviewing(SURE, NEXT, POLICY) is None


def test_an_understanding_is_unsure_just_below_the_threshold() -> None:
    assert worth_reviewing(replace(SURE, confidence=0.4999), None, POLICY) is Reason.UNSURE
    assert worth_reviewing(replace(SURE, confidence=0.5), None, POLICY) is None


def test_what_is_none_of_our_business_is_looked_at_however_sure() -> None:
    assert worth_reviewing(replace(SURE, intent="out_of_scope", confidence=0.99), None, POLICY) is Reason.OUT_OF_SCOPE


def test_a_wish_for_a_person_that_was_understood_is_no_misunderstanding() -> None:
    asked = replace(SURE, intent="ask_human", answer="好的，已经转给同事。", expects=None)
    assert worth_reviewing(asked, replace(NEXT, intent="ask_human"), POLICY) is None


@pytest.mark.parametrize(
    ("intent", "reason"),
    [("ask_human", Reason.WANTED_A_PERSON), ("correct", Reason.CORRECTED), ("deny", Reason.DENIED), ("chase", None)],
)
def test_the_next_message_tells_on_this_one(intent: str, reason: Reason | None) -> None:
    turn = replace(SURE, expects=None)
    assert worth_reviewing(turn, replace(NEXT, intent=intent), POLICY) is reason


def test_only_a_next_message_at_once_does() -> None:
    turn, late = replace(SURE, expects=None), NOW + POLICY.at_once
    assert worth_reviewing(turn, Heard(late, "correct"), POLICY) is Reason.CORRECTED
    assert worth_reviewing(turn, Heard(late + timedelta(seconds=1), "correct"), POLICY) is None


def test_a_no_to_a_question_and_a_correction_of_what_was_read_back_are_answers() -> None:
    assert worth_reviewing(replace(SURE, expects="anyone_hurt"), replace(NEXT, intent="deny"), POLICY) is None
    assert worth_reviewing(replace(SURE, expects="confirm"), replace(NEXT, intent="correct"), POLICY) is None
    assert worth_reviewing(replace(SURE, expects="phone"), replace(NEXT, intent="correct"), POLICY) is Reason.CORRECTED


def said_by_the_bot(*names: str) -> list[str]:
    texts = []
    for file in sorted((ROOT / "bot" / "domain").glob("*.yml")):
        responses = yaml.safe_load(file.read_text(encoding="utf-8")).get("responses") or {}
        texts += [each["text"] for name in names for each in responses.get(name, ()) if each.get("text")]
    assert len(texts) >= 2 * len(names)
    return texts


def test_the_bots_own_words_show_that_it_is_lost() -> None:
    lost = ("utter_default", "utter_choices", "utter_offer_human", "utter_handed_over_stuck", "utter_not_understood")
    for text in said_by_the_bot(*lost, "utter_out_of_scope", "utter_code_not_read"):
        assert worth_reviewing(replace(SURE, answer=text), None, POLICY) is Reason.LOST, text


def test_other_words_of_the_bot_do_not() -> None:
    for text in said_by_the_bot(
        "utter_greet", "utter_handed_over", "utter_hazard_end", "utter_thank", "utter_no_answer"
    ):
        assert worth_reviewing(replace(SURE, answer=text), None, POLICY) is None, text


@pytest.mark.parametrize(
    ("masked", "teaches"),
    [
        ("⟨phone⟩", False),
        ("⟨name⟩，⟨phone⟩。", False),
        ("", False),
        ("我姓⟨name⟩", True),
        ("👍", True),
        ("？！", False),
    ],
)
def test_a_line_that_is_nothing_but_masks_teaches_nothing(masked: str, teaches: bool) -> None:
    assert says_something(masked) is teaches


def test_a_line_is_shown_in_pieces() -> None:
    assert pieces("我姓⟨name⟩，电话⟨phone⟩") == [("我姓", False), ("name", True), ("，电话", False), ("phone", True)]


def test_a_line_is_never_cut_inside_a_mask() -> None:
    assert cut("电话⟨phone⟩好", 6) == "电话…"
    assert cut("电话⟨phone⟩好的好的", 12) == "电话⟨phone⟩好的…"
    assert cut("短", 6) == "短"


def test_the_numbers_in_force_are_those_of_the_file() -> None:
    assert policy.current().keep == timedelta(days=180)
    assert 0 < policy.current().below_confidence < 1


def test_a_wrong_number_is_named(tmp_path: Path) -> None:
    file = tmp_path / "limits.yaml"
    for wrong in ("review_below_confidence: 2", "review_below_confidence: 0.5\nreview_wait_minutes: 0"):
        file.write_text(f"review_keep_days: 180\nreview_wait_minutes: 5\n{wrong}\n")
        with pytest.raises(BadReference, match=r"limits\.yaml"):
            policy.load(file)


def test_every_intent_of_the_bot_can_be_chosen_and_no_other() -> None:
    trained = {
        each["intent"]
        for file in (ROOT / "bot" / "nlu").rglob("*.yml")
        for each in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
        if "intent" in each
    }
    assert set(policy.intents().intents) == trained
    assert len(trained) == 27
