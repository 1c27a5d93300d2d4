"""The figures of a report, its page, and the folds of a cross-validation."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.nlu_tools import classifiers, folds, scores, text
from bot.nlu_tools.page import page
from bot.nlu_tools.scores import Judged, Score, same_value


def judged(meant: str, understood: str, said: str = "…", *, confidence: float = 0.9, **more: Any) -> Judged:
    line = {"text": said, "intent": meant, "style": "plain", "language": "zh", **more.get("line", {})}
    return Judged(
        line, {"intent": understood, "confidence": confidence, "entities": more.get("entities", []), "ms": 2.0}
    )


PHONE = {"entity": "phone", "text": "13800138000", "value": "+8613800138000"}
FEW = [
    judged("thank", "thank"),
    judged("report_hazard", "request_repair", "水里<b>好像</b>有电", confidence=0.8),
    judged("ask_fee", "report_hazard", confidence=1.0),
    judged("out_of_scope", "out_of_scope", line={"style": "offtopic", "language": "en"}),
    judged("inform", "inform", line={"entities": [PHONE]}, entities=[{**PHONE, "value": "+8613800138001", "start": 0}]),
]


def test_a_report_counts_what_decides() -> None:
    told = "\n".join(text.report(FEW))
    assert "3/5 right = 60.0%" in told
    assert "1 missed, 1 false alarms = 25.0% of the harmless" in told
    assert "recall 100.0%, precision 100.0% of 1" in told
    assert "1× report_hazard → request_repair" in told
    assert told.index("1.00 ask_fee") < told.index("0.80 report_hazard")


def test_hidden_lines_are_in_neither_report() -> None:
    assert "好像" in "\n".join(text.report(FEW))
    assert "好像" not in "\n".join(text.report(FEW, hide_lines=True))
    assert "好像" not in page(FEW, "lines", hide_lines=True)


def test_an_entity_counts_by_its_words_and_by_its_normal_form() -> None:
    assert scores.entity_scores(FEW)["phone"] == Score(1, 1, 1)
    assert scores.entity_scores(FEW, with_values=True)["phone"] == Score(0, 1, 1)


def test_one_found_entity_answers_one_wanted_entity() -> None:
    wanted = [PHONE, PHONE]
    once = judged("inform", "inform", line={"entities": wanted}, entities=[{**PHONE, "start": 0}])
    assert scores.entity_scores([once])["phone"] == Score(hits=1, wanted=2, given=1)


def test_an_entity_goes_wrong_by_its_edges_by_silence_or_by_invention() -> None:
    wanted = [PHONE, {"entity": "name", "text": "王女士"}]
    given = [{"entity": "name", "text": "王女士的"}, {"entity": "time", "text": "明天"}]
    line = judged("inform", "inform", line={"entities": wanted}, entities=given)
    assert scores.entity_errors([line]) == {
        ("phone", "missed", "inform"): 1,
        ("name", "cut otherwise", "inform"): 1,
        ("time", "not wanted", "inform"): 1,
    }
    assert "cut otherwise    1   inform 1" in "\n".join(text.report([line], hide_lines=True))


def test_lines_without_annotation_say_nothing_about_entities() -> None:
    assert scores.entity_scores([judged("inform", "inform", entities=[{**PHONE, "start": 0}])]) == {}


@pytest.mark.parametrize(
    ("wanted", "found", "same"),
    [
        ("60L", 60, True),
        ("60", "60升", True),
        ("60L", "80L", False),
        ("2026-11-25T12:00:00+08:00", "2026-11-25T04:00:00+00:00", True),
        ("2024-03", "2024-03", True),
        ({"start": "2026-11-25T12:00:00+08:00"}, {"start": "2026-11-25T12:00+08:00", "end": "…"}, True),
        ({"city": "佛山市"}, {"city": "广州市"}, False),
        ("E3", "e3", True),
    ],
)
def test_normal_forms_are_compared_by_meaning(wanted: Any, found: Any, same: bool) -> None:
    assert same_value(wanted, found) is same


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_needs_no_network_and_shows_words_as_words() -> None:
    html = page(FEW, "held <out>")
    tags = _Tags()
    tags.feed(html)
    assert tags.open == []
    assert tags.seen["table"] == 6
    assert tags.seen["script"] == tags.seen["link"] == tags.seen["img"] == 0
    assert not re.search(r"https?:|@import|url\(", html)
    assert "&lt;b&gt;好像" in html
    assert "prefers-color-scheme: dark" in html
    assert 'name="viewport"' in html


def test_every_example_is_held_out_once_and_intents_are_spread() -> None:
    lines = [{"text": str(number), "intent": "abc"[number % 3]} for number in range(90)]
    parts = folds.split(lines, 5)
    assert sorted(index for part in parts for index in part) == list(range(90))
    for part in parts:
        assert set(Counter(lines[index]["intent"] for index in part).values()) == {6}


def test_cross_validation_judges_every_example_by_a_model_that_never_saw_it() -> None:
    wishes = {"request_install": "安装新的热水器", "thank": "谢谢你们的帮忙", "ask_hours": "你们几点下班开门"}
    lines = [
        {"text": f"{words}{'啊' * number}", "intent": intent, "language": "zh", "style": "plain"}
        for intent, words in wishes.items()
        for number in range(6)
    ]
    result = [
        each for fold in folds.cross_validate(lines, {"strength": 30, "noise": {"pinyin": 1}}, 3) for each in fold
    ]
    assert sorted(each.line["text"] for each in result) == sorted(line["text"] for line in lines)
    assert scores.accuracy(result) > 0.9


def test_examples_have_a_language_and_no_doubles() -> None:
    lines = folds.examples()
    assert len({line["text"] for line in lines}) == len(lines) > 2_000
    assert {line["language"] for line in lines} == {"zh", "en"}


def test_compared_pipelines_differ_in_what_decides_alone() -> None:
    ours, other, diet = (
        [part["name"] for part in classifiers.pipeline(name, epochs=3)] for name in ("ours", "sklearn", "diet")
    )
    assert ours[0] == other[0] == diet[0]
    assert ours[-2:] == other[-2:] == diet[-2:]
    assert "bot.components.safety.SafetyGuard" in ours
    assert "DIETClassifier" in diet
    assert "LogisticRegressionClassifier" in other


def test_the_table_has_a_column_for_each_pipeline() -> None:
    figures = scores.figures(FEW)
    rows = list(classifiers.table([classifiers.Run("ours", 12.0, 500.0, 300.0, figures)]))
    assert rows[0] == "| | ours |"
    assert "| intents right | 60.0% |" in rows
    assert "| dangers missed / false alarms | 1 / 1 |" in rows


def test_the_same_examples_and_seed_give_the_same_model() -> None:
    lines = [
        {"text": words, "intent": intent}
        for intent, words in (("thank", "谢谢师傅"), ("ask_fee", "上门多少钱"), ("thank", "thank you so much"))
    ]
    config = {"strength": 30, "noise": {"homophones": 2, "typos": 2}, "company": 1.0, "seed": 4}
    one, other = folds.fit(lines, config), folds.fit(lines, config)
    assert one.vocabulary == other.vocabulary
    assert (one.weights == other.weights).all()
    assert folds.fit(lines, {**config, "seed": 5}).vocabulary != one.vocabulary
