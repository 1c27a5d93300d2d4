"""Noise on the training examples: it sounds like customers, repeats exactly, and never changes what is meant."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.components import augment
from bot.components.augment import KINDS, variants
from bot.components.examples import prepare
from bot.text.hazard import hazard
from bot.text.pinyin import sound

ROOT = Path(__file__).resolve().parents[3]
EVERYTHING = dict.fromkeys(KINDS, 2.0)


def noisy(text: str, kind: str, count: int = 30) -> set[str]:
    return {variant.text for variant in variants(text, (), {kind: count}, seed=1)}


@pytest.fixture(scope="module")
def corpus() -> list[tuple[str, str]]:
    """Every fiftieth example with its intent."""
    pairs = [
        (line[2:], block["intent"])
        for file in sorted((ROOT / "bot" / "nlu").rglob("*.yml"))
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
        for line in block["examples"].splitlines()
    ]
    return pairs[::50]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("homophones", "我要投诉你们师傅", "我要头诉你们师傅"),
        ("unpunctuated", "坏了，快来！", "坏了快来"),
        ("unpunctuated", "It leaks, please come.", "it leaks please come "),
        ("traditional", "热水器不热", "熱水器不熱"),
        ("pinyin", "热水器坏了", "re shui qi huai le"),
        ("pinyin", "热水器坏了", "reshuiqihuaile"),
        ("numbers", "买了台60升的", "买了台六十升的"),
        ("numbers", "买了台六十升的", "买了台60升的"),
        ("numbers", "打13800138000", "打幺三八零零幺三八零零零"),
        ("shorthand", "please fix the heater", "pls fix heater"),
        ("typos", "leaking", "leakign"),
    ],
)
def test_each_kind_of_noise_is_the_one_that_customers_make(kind: str, text: str, expected: str) -> None:
    assert expected in noisy(text, kind, 300)


def test_a_slip_is_a_neighbouring_syllable() -> None:
    assert noisy("装", "slips", 300) == {"专", "砖", "转"}


def test_filler_words_stand_around_long_messages_only() -> None:
    assert all("麻烦安排安装" in variant for variant in noisy("麻烦安排安装", "fillers"))
    assert noisy("麻烦安排安装", "fillers")
    assert noisy("不是", "fillers") == set()


def test_homophones_sound_like_what_was_meant() -> None:
    same = [sound(variant) == sound("给我退掉") for variant in noisy("给我退掉", "homophones")]
    assert same
    assert all(same)


def test_values_are_left_alone_by_noise_on_words() -> None:
    text = "师傅去广州市天河区安装，找王小明"
    kept = [(3, 9), (13, 16)]
    given = list(variants(text, kept, {"homophones": 20, "slips": 20, "pinyin": 5}, seed=3))
    assert len(given) > 10
    for variant in given:
        assert variant.kept is not None
        assert [variant.text[start:end] for start, end in variant.kept] == ["广州市天河区", "王小明"]


def test_the_same_seed_gives_the_same_variants_and_another_gives_others() -> None:
    text = "热水器坏了，麻烦师傅来修一下"
    assert list(variants(text, (), EVERYTHING, 1)) == list(variants(text, (), EVERYTHING, 1))
    assert list(variants(text, (), EVERYTHING, 1)) != list(variants(text, (), EVERYTHING, 2))


def test_an_amount_below_one_gives_a_variant_to_that_share_of_the_examples() -> None:
    texts = [f"热水器坏了第{number}次" for number in range(400)]
    count = sum(len(list(variants(text, (), {"traditional": 0.25}, 1))) for text in texts)
    assert 60 <= count <= 140


def test_danger_stays_danger_and_harmless_stays_harmless(corpus: list[tuple[str, str]]) -> None:
    checked = 0
    for text, _ in corpus:
        is_danger = hazard(text) is not None
        for variant in variants(text, (), EVERYTHING, 5):
            assert (hazard(variant.text) is not None) == is_danger, (text, variant)
            checked += is_danger
    assert checked > 50


def test_a_variant_is_never_empty_and_never_the_example_itself(corpus: list[tuple[str, str]]) -> None:
    for text, _ in corpus:
        given = [variant.text for variant in variants(text, (), EVERYTHING, 5)]
        assert all(variant.strip() for variant in given)
        assert text not in given
        assert len(set(given)) == len(given)


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(ValueError, match="rain"):
        list(variants("坏了", (), {"rain": 1}, 1))


def test_every_entry_of_the_tables_changes_something() -> None:
    tables = yaml.safe_load((ROOT / "data" / "lexicon" / "homophones.yaml").read_text(encoding="utf-8"))
    for section in ("words", "characters", "shorthand"):
        for meant, arrives in tables[section].items():
            assert isinstance(meant, str)
            assert arrives
            assert all(isinstance(each, str) for each in arrives), meant
            assert any(each != meant for each in arrives), meant


def test_examples_carry_their_intent_and_weight_to_their_variants() -> None:
    prepared = prepare(["热水器坏了", "谢谢"], ["request_repair", "thank"], {"traditional": 1}, weight=0.5)
    assert list(prepared.intents) == ["request_repair", "request_repair", "thank", "thank"]
    assert list(prepared.weights) == [1.0, 0.5, 1.0, 0.5]
    assert len(prepared.features) == 4


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (2, "两"), (12, "十二"), (20, "二十"), (60, "六十"), (85, "八十五")]
)
def test_small_numbers_are_worded_and_read_back(number: int, words: str) -> None:
    assert augment._in_words(number) == words
    assert augment._in_digits(words) == number
