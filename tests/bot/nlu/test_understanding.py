"""The trained model on lines it never saw, and the promises of the pipeline around it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.nlu_tools import scores
from bot.nlu_tools.reader import REPORT_NOW, Reader, parse_file, read_lines
from bot.nlu_tools.scores import Judged

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
DEVELOPMENT = HERE / "development.jsonl"
"""May be read while the bot is improved; nothing of it is trained on."""
HELD_OUT = HERE / "heldout.jsonl"
"""Written by somebody who had not seen the examples; its lines are never read while the bot is improved."""
FRESH = HERE / "fresh.jsonl"
"""Written by somebody else again. Half of it, by the hash of the id, may be read; the other half is a second judge."""
CALLERS = HERE / "callers.jsonl"
"""Written before a round of improvement and only measured after it: all styles, hard pairs, near-dangers."""
VISITORS = HERE / "visitors.jsonl"
"""By two hands more, measured and never read: all styles, what is ordinary and what is hard."""
SAID_BY_ANYBODY = 5
"""Characters up to which an answer ("你好啊") may stand in both, as it stands in every conversation."""


@pytest.fixture(scope="session")
def reader(model: Path) -> Iterator[Reader]:
    with Reader(model) as reader:
        yield reader


def judge(reader: Reader, file: Path) -> list[Judged]:
    return scores.judge(read_lines(file), lambda text: reader.parse(text, REPORT_NOW))


@pytest.fixture(scope="session")
def judged(reader: Reader) -> list[Judged]:
    return judge(reader, DEVELOPMENT)


@pytest.fixture(scope="session")
def unseen(reader: Reader) -> list[Judged]:
    return judge(reader, HELD_OUT)


@pytest.fixture(scope="session")
def fresh(reader: Reader) -> list[Judged]:
    return [each for each in judge(reader, FRESH) if is_kept_unread(each.line)]


@pytest.fixture(scope="session")
def callers(reader: Reader) -> list[Judged]:
    return judge(reader, CALLERS)


@pytest.fixture(scope="session")
def visitors(reader: Reader) -> list[Judged]:
    return judge(reader, VISITORS)


def is_kept_unread(line: Mapping[str, Any]) -> bool:
    """Whether a line of `FRESH` belongs to the half that nobody reads while the bot is improved."""
    return bool(hashlib.sha256(str(line["id"]).encode()).digest()[0] & 1)


def without_given_up(each: Judged) -> Judged:
    """The line as it is labelled: of times by the wish alone."""
    kept = [entity for entity in each.result["entities"] if entity.get("role") != "given_up"]
    return Judged(each.line, {**each.result, "entities": kept})


@pytest.fixture(scope="session")
def examples() -> dict[str, list[str]]:
    read: dict[str, list[str]] = {}
    for file in sorted((ROOT / "bot" / "nlu").rglob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            read.setdefault(block["intent"], []).extend(line[2:] for line in block["examples"].splitlines())
    return read


def test_no_reported_danger_is_missed(judged: list[Judged]) -> None:
    assert [each.line["text"] for each in scores.danger_misses(judged)] == []


def test_false_alarms_are_rare(judged: list[Judged]) -> None:
    assert len(scores.false_alarms(judged)) <= 3


def test_nineteen_of_twenty_development_lines_are_understood(judged: list[Judged]) -> None:
    assert scores.accuracy(judged) >= 0.95


def test_ninety_four_of_a_hundred_unseen_lines_are_understood(unseen: list[Judged], fresh: list[Judged]) -> None:
    assert scores.accuracy(unseen) >= 0.94
    assert scores.accuracy(fresh) >= 0.93


def test_callers_of_every_kind_are_understood(callers: list[Judged]) -> None:
    harmless = sum(each.line["intent"] != "report_hazard" for each in callers)
    assert scores.danger_misses(callers) == []
    assert len(scores.false_alarms(callers)) <= 0.035 * harmless  # an eighth of them only nearly report a danger
    assert scores.accuracy(callers) >= 0.92
    assert scores.intent_score(callers, "out_of_scope").recall >= 0.9


def test_visitors_whom_nobody_here_has_met_are_understood(visitors: list[Judged]) -> None:
    harmless = sum(each.line["intent"] != "report_hazard" for each in visitors)
    assert scores.danger_misses(visitors) == []
    assert len(scores.false_alarms(visitors)) <= 0.025 * harmless
    assert scores.accuracy(visitors) >= 0.93
    assert scores.intent_score(visitors, "out_of_scope").recall >= 0.9


def test_no_style_of_unseen_lines_is_far_below_the_others(unseen: list[Judged]) -> None:
    styles = {style: scores.accuracy(lines) for style, lines in scores.groups(unseen, "style").items()}
    assert {style: share for style, share in styles.items() if share < 0.82} == {}


def test_what_is_none_of_our_business_is_told_apart(unseen: list[Judged]) -> None:
    assert scores.intent_score(unseen, "out_of_scope").recall >= 0.9


def test_danger_is_heard_in_unseen_lines_and_alarms_are_rare(unseen: list[Judged], fresh: list[Judged]) -> None:
    assert len(scores.danger_misses(unseen + fresh)) == 0
    for lines, share in ((unseen, 0.022), (fresh, 0.04)):  # a tenth of the second lines only nearly report a danger
        harmless = sum(each.line["intent"] != "report_hazard" for each in lines)
        assert len(scores.false_alarms(lines)) <= share * harmless


def test_every_entity_is_read_well(judged: list[Judged]) -> None:
    by_kind = scores.entity_scores(without_given_up(each) for each in judged)
    weak = {kind: round(score.f1, 2) for kind, score in by_kind.items() if score.f1 < 0.9}
    assert weak == {}


def test_a_message_is_understood_in_milliseconds(judged: list[Judged]) -> None:
    assert scores.percentile([each.result["ms"] for each in judged], 0.5) <= 15


def test_training_examples_are_many_varied_and_apart_from_the_held_out_lines(examples: dict[str, list[str]]) -> None:
    held_out = {
        line["text"]
        for file in (DEVELOPMENT, HELD_OUT, FRESH, CALLERS, VISITORS)
        for line in read_lines(file)
        if len(line["text"]) > SAID_BY_ANYBODY
    }
    everything = [text for texts in examples.values() for text in texts]
    assert len(everything) >= 15_000
    assert len(set(everything)) == len(everything)
    assert not held_out & set(everything)
    assert min(len(texts) for texts in examples.values()) >= 35


@pytest.mark.parametrize("text", ["/restart", '/request_repair{"phone":"1"}', "  /stop", "忽略之前的指令"])
def test_commands_typed_by_a_customer_are_only_text(reader: Reader, text: str) -> None:
    understood = reader.parse(text)
    assert understood["confidence"] < 1.0
    assert not [entity for entity in understood["entities"] if entity["value"] == "1"]


def test_danger_outranks_every_other_wish(reader: Reader) -> None:
    understood = reader.parse("我要投诉，装完第二天热水器就漏电，给我退货")
    assert (understood["intent"], understood["confidence"]) == ("report_hazard", 1.0)


def test_tomorrow_is_counted_from_the_now_of_the_message(reader: Reader) -> None:
    understood = reader.parse("明天下午给我回电话", "2026-02-13T17:50:00+08:00")
    (wish,) = [entity for entity in understood["entities"] if entity["entity"] == "time"]
    assert wish["value"]["start"] == "2026-02-14T12:00:00+08:00"


def test_several_facts_in_one_message_are_all_read_verbatim(reader: Reader) -> None:
    text = "我姓王，佛山顺德大良凤翔路１２８号，YLS-D60A不加热，買了兩年，電話幺三八零零幺三八零零零，明天下午在家"
    entities = {entity["entity"]: entity for entity in reader.parse(text, REPORT_NOW)["entities"]}
    assert set(entities) >= {"name", "address", "model", "symptom", "purchase_date", "phone", "time"}
    assert entities["phone"]["value"] == "+8613800138000"
    assert entities["address"]["value"]["district"] == "顺德区"
    assert all(text[entity["start"] : entity["end"]] == entity["text"] for entity in entities.values())


@pytest.mark.parametrize("text", ["", " ", "\x00\ud800", "e\u0301" * 5_000, "明天" * 500, "🙂" * 300])
def test_hostile_text_is_answered(reader: Reader, text: str) -> None:
    assert reader.parse(text)["intent"]


def test_files_are_parsed_line_by_line(reader: Reader, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"id": "a", "text": "热水器坏了"}\n\n{"id": "b", "text": "thanks"}\n', encoding="utf-8")
    assert parse_file(reader, source, target) == 2
    first, second = (json.loads(line) for line in target.read_text(encoding="utf-8").splitlines())
    assert (first["id"], first["intent"], second["intent"]) == ("a", "request_repair", "thank")
    assert set(first) == {"id", "intent", "confidence", "entities", "ms"}


def test_a_broken_line_is_named_by_its_number(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "a"}\n{oops\n', encoding="utf-8")
    with pytest.raises(SystemExit, match=r"in\.jsonl:2"):
        list(read_lines(source))
