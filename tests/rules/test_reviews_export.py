"""Labelled lines as test lines and as training data."""

from __future__ import annotations

import json

import yaml

from backend.reviews.export import Example, as_jsonl, as_yaml, filled
from backend.reviews.masking import Kind, mask
from backend.reviews.rules import MASK

EVERY_KIND = Kind.__args__  # type: ignore[attr-defined]
LINES = [
    Example("我姓⟨name⟩，电话⟨phone⟩，家在⟨address⟩", "inform", "zh"),
    Example("水龙头麻手", "report_hazard", "zh"),
    Example("水龙头麻手", "report_hazard", "zh"),
]
HOSTILE = '/stop [漏水](symptom) [x]{"entity": "phone"} ${HOME} - : # \' " | > & * ! %'


def test_json_lines_have_the_form_of_the_test_lines() -> None:
    first, second = (json.loads(line) for line in as_jsonl(LINES).splitlines())
    assert second == {"text": "水龙头麻手", "intent": "report_hazard", "language": "zh", "style": "real"}
    assert first["text"].startswith("我姓")
    assert "⟨" not in first["text"]


def test_training_data_holds_each_line_once_under_its_intent() -> None:
    data = yaml.safe_load(as_yaml(LINES))
    assert data["version"] == "3.1"
    assert [each["intent"] for each in data["nlu"]] == ["inform", "report_hazard"]
    assert data["nlu"][1]["examples"] == "- 水龙头麻手\n"


def test_words_that_mean_something_to_rasa_are_only_words() -> None:
    [block] = yaml.safe_load(as_yaml([Example(HOSTILE, "out_of_scope", "zh")]))["nlu"]
    [line] = block["examples"].splitlines()
    assert line.startswith("- stop ")
    assert not set("[]{}") & set(line)
    assert line.endswith("- : # ' \" | > & * ! %")


def test_nothing_labelled_is_an_empty_file_of_the_right_form() -> None:
    assert as_jsonl([]) == ""
    assert yaml.safe_load(as_yaml([])) == {"version": "3.1", "nlu": []}


def test_every_mask_is_filled_with_a_value_that_would_be_masked_again() -> None:
    for kind in EVERY_KIND:
        for language in ("zh", "en"):
            value = filled(f"⟨{kind}⟩", language)
            assert value
            assert not MASK.search(value)
            assert filled(f"⟨{kind}⟩", language) == value
            if kind not in ("account", "code"):  # without a word that announces them they are any figures
                assert MASK.search(mask(value)), (kind, language, value)


def test_lines_do_not_all_share_one_name() -> None:
    assert len({filled(f"第{number}句，我是⟨name⟩", "zh")[-2:] for number in range(30)}) > 1


def test_after_a_surnames_cue_stands_a_surname() -> None:
    assert len(filled("我姓⟨name⟩", "zh")) == 3
