"""Does a message report danger to people? A miss can kill, a false alarm costs one call.

The words are data (`data/safety_words.yaml`), read as they were meant (`bot/text/heard.py`). A word counts unless the
customer denies it, only asks about it or has heard of it (`bot/text/denied.py`), or tells it of another appliance; the
name of a protective device ("漏电保护") is no report.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from bot.text.denied import Denials
from bot.text.heard import Ear
from bot.text.normal import normal
from bot.text.over import Over
from bot.text.signs import Sign, find_signs

SEARCH_LIMIT, TAIL = 4_000, 1_500
"""Characters searched: far more than for other values, for a report may hide in a long message. Of a longer one than
anybody types its end is searched as well, and nothing between."""

_DATA = Path(__file__).resolve().parents[2] / "data" / "safety_words.yaml"
_DENIALS = 50
"""Nobody denies more often in one message; what comes after that many denials is no denial."""

_NEAR = 40
"""Characters around a word in which another appliance is looked for."""

_LONGEST_WORD = 12
_MOST = 5
"""Dangers told of in one message that are looked at."""

_HANZI, _LATIN_LETTER = re.compile(r"[\u3400-\u9fff]"), re.compile("[a-z]")
_PHONE_OUT = re.compile(
    r"(?:刚[才刚]?|不好意思|对不起|抱歉|我|的|这个?|[,，。\s])*(?:手机|电话)(?:突然|一下|又|快|都|就|自动|是|[,，\s])*"
    r"(?:没电|没信号|没话费|没流量|关机|黑屏|死机|卡|欠费|停机)(?:了|关机|啦|啊|[,，。!\s])*"
    r"|(?:(?:sorry|my|the|phone|mobile|cell|battery|just|was|is|has|ran|went)[,. ]*)*"
    r"(?:phone|battery) (?:just )?(?:died|is dead|was dead|ran out|went dead|is flat|was flat)[.! ]*"
)
"""A telephone without power or signal, and nothing else."""
_LATIN = "(?<![a-z])(?=[a-z])"
"""Where a Latin word begins."""


@dataclass(frozen=True)
class Hazard:
    """A reported danger: its kind and where in the original text the word stands.

    Kinds: shock, tingling, smoke, burning, fire, burst, scald, hurt, protection_light.
    """

    kind: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class _Words:
    ear: Ear
    kinds: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]
    signs: Mapping[tuple[str, str], tuple[Sign, ...]]
    harmless_zh: re.Pattern[str]
    harmless_en: re.Pattern[str]
    harmless_unless: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    denials: Denials
    over: tuple[Over, ...]
    foreign_before: re.Pattern[str]
    foreign_after: re.Pattern[str]
    ours: re.Pattern[str]
    owned: re.Pattern[str]


@lru_cache(maxsize=8)
def hazard(text: str) -> Hazard | None:
    """The gravest danger reported in `text`, or None; the values, the guard and the actions ask in turn."""
    return next((found for found, denied in _mentions(text) if not denied), None)


@lru_cache(maxsize=8)
def hazards(text: str) -> tuple[Hazard, ...]:
    """The first dangers reported in `text`, the gravest kind first."""
    reported = (found for found, denied in _mentions(text) if not denied)
    return tuple(islice(reported, _MOST)) if hazard(text) else ()


def only_denied(text: str) -> bool:
    """Whether `text` speaks of danger, but only to deny it or to ask whether it could ever be."""
    first = next((denied for _, denied in _mentions(text)), False)
    return first and hazard(text) is None


def is_cleared(text: str) -> bool:
    """Whether `text` has words of danger, and all are denied, another's or part of a harmless word."""
    words = _words()
    heard = words.ear.hear(normal(text, SEARCH_LIMIT)).text
    return hazard(text) is None and any(True for _ in _words_of_danger(heard, heard, words))


def is_of_the_phone(text: str) -> bool:
    """Whether `text` tells of nothing but a telephone that went out: "刚才手机没电了"."""
    return _PHONE_OUT.fullmatch(normal(text, SEARCH_LIMIT).text) is not None and hazard(text) is None


def _mentions(text: str) -> Iterator[tuple[Hazard, bool]]:
    """Every danger word with whether it is denied, the gravest kind first."""
    if len(text) <= SEARCH_LIMIT:
        yield from _mentions_from(0, text)
    else:
        yield from _mentions_from(0, text[: SEARCH_LIMIT - TAIL])
        yield from _mentions_from(len(text) - TAIL, text[-TAIL:])


def _mentions_from(offset: int, text: str) -> Iterator[tuple[Hazard, bool]]:
    words = _words()
    matched = words.ear.hear(normal(text, SEARCH_LIMIT))
    masked = _without_harmless(matched.text, words)
    may_be_foreign = not words.ours.search(words.owned.sub("", masked))
    denials = 0
    for kind, found in _words_of_danger(matched.text, masked, words):
        is_denied = denials < _DENIALS and (
            (may_be_foreign and _of_another(matched.text, found.start(), found.end(), words))
            or _is_denied(matched.text, found.start(), found.end(), words)
        )
        denials += is_denied
        start, end = _whole_words(text, *matched.span(found.start(), found.end()))
        yield Hazard(kind, offset + start, offset + end, text[start:end]), is_denied


def _words_of_danger(text: str, masked: str, words: _Words) -> Iterator[tuple[str, re.Match[str]]]:
    has_hanzi, has_latin = bool(_HANZI.search(text)), bool(_LATIN_LETTER.search(text))
    for kind, zh, en in words.kinds:
        searched = text if kind == "protection_light" else masked
        for pattern in [zh] * has_hanzi + [en] * has_latin:
            yield from ((kind, found) for found in pattern.finditer(searched))
        for language in ["zh"] * has_hanzi + ["en"] * has_latin:
            yield from ((kind, found) for found in find_signs(words.signs.get((kind, language), ()), masked))


def _without_harmless(text: str, words: _Words) -> str:
    """The text with a box for every character that belongs to a harmless word."""
    masked = words.harmless_zh.sub(_boxes, text) if _HANZI.search(text) else text
    masked = words.harmless_en.sub(_boxes, masked) if _LATIN_LETTER.search(text) else masked
    for harmless, unless in words.harmless_unless:
        if harmless.search(masked) and not unless.search(text):
            masked = harmless.sub(_boxes, masked)
    return masked


def _boxes(found: re.Match[str]) -> str:
    return "□" * len(found[0])


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The span made longer until it cuts no Latin word of usual length: of `mashou`, not only the `ma`."""
    first, last = max(0, start - _LONGEST_WORD), min(len(text), end + _LONGEST_WORD)
    while start > first and _is_within_word(text, start):
        start -= 1
    while end < last and _is_within_word(text, end):
        end += 1
    return start, end


def _is_within_word(text: str, at: int) -> bool:
    beside = text[at - 1 : at + 1]
    return beside.isascii() and beside.isalpha()


def _is_denied(text: str, start: int, end: int, words: _Words) -> bool:
    """Whether the danger is denied, asked about, over or taken back."""
    return words.denials.cover(text, start, end) or any(each.covers(text, start, end) for each in words.over)


def _of_another(text: str, start: int, end: int, words: _Words) -> bool:
    """Whether the danger befell another appliance."""
    return bool(words.foreign_before.search(text, max(0, start - _NEAR), start) or words.foreign_after.match(text, end))


@lru_cache(maxsize=1)
def _words() -> _Words:
    table: dict[str, Any] = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    groups = _groups(table["groups"])
    harmless, foreign = table["harmless"], _foreign(table["foreign"])
    return _Words(
        ear=Ear.taught(table),
        kinds=tuple(
            (kind, _pattern(words["zh"], groups), _pattern(words["en"], groups, before=_LATIN))
            for kind, words in table["kinds"].items()
        ),
        signs={
            (kind, language): tuple(
                Sign.taught({name: _with_groups(said, groups) for name, said in each.items()}, language)
                for each in listed
            )
            for kind, languages in table["signs"].items()
            for language, listed in languages.items()
        },
        harmless_zh=re.compile("|".join(harmless["zh"])),
        harmless_en=re.compile(f"{_LATIN}(?:{'|'.join(harmless['en'])})"),
        harmless_unless=tuple(
            (re.compile(each["words"]), re.compile(each["unless"])) for each in table["harmless_unless"]
        ),
        denials=Denials.taught({name: _with_groups(_listed(said), groups) for name, said in table["negation"].items()}),
        over=(Over.taught(table["over"]["zh"], ""), Over.taught(table["over"]["en"], r"\b")),
        foreign_before=re.compile(
            rf"(?:{foreign['zh']})[^,。!?; ]{{0,6}}$|\b(?:{foreign['en']})(?:'s)?(?: [a-z']+){{0,5}} ?$"
        ),
        foreign_after=re.compile(
            r"(?:'s)?(?: [a-z']+){0,3} (?:from|off|out of|in|on|of|by|near|over|with) (?:[a-z']+ ){0,2}"
            rf"(?:{foreign['en']})\b"
        ),
        owned=re.compile(
            rf"(?:{foreign['zh']})(?:的|牌|那个|那台|电){{0,2}}"
            r"(?:外壳|壳子?|插[座头排板]|电源?线|开关|把手|(?:热水[器炉](?:的?内胆)?)|内胆)"
            rf"|\b(?:{foreign['makers_en']})(?: \w+)? (?:heater|boiler|geyser|tank|unit)s?\b"
        ),
        ours=re.compile(rf"{foreign['ours_zh']}|\b(?:{foreign['ours_en']})"),
    )


def _foreign(table: dict[str, str]) -> dict[str, str]:
    """The words for other things, other makers among them."""
    return {name: words.replace("<makers>", table.get(f"makers_{name}", "")) for name, words in table.items()}


def _groups(named: dict[str, str]) -> dict[str, str]:
    """The groups as patterns; a group may contain one that stands before it.

    A Chinese group first looks whether the next character is one of its own: most are not, and that is soon seen.
    """
    groups: dict[str, str] = {}
    for name, words in named.items():
        own = "".join(sorted({char for char in words if char.isalnum()}))
        gate = f"(?=[{own}])" if not own.isascii() else ""
        groups[name] = f"(?:{gate}(?:{_with_groups(words, groups)}))"
    return groups


def _with_groups(pattern: str, groups: dict[str, str]) -> str:
    return re.sub("<([a-z_]+)>", lambda name: groups[name[1]], pattern)


def _pattern(words: list[str], groups: dict[str, str], before: str = "") -> re.Pattern[str]:
    return re.compile(f"{before}(?:{_with_groups('|'.join(words), groups)})")


def _listed(words: str | list[str]) -> str:
    return words if isinstance(words, str) else "|".join(words)
