"""Symptoms and parts in a customer's words, looked up in `data/lexicon`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.text.normal import Normal, normal
from bot.text.pinyin import syllables

_LEXICON = Path(__file__).resolve().parents[2] / "data" / "lexicon"
_DENIED = re.compile(
    r"(?:(?:(?<![是会有])不是?|(?<!有)(?:没有?|冇)|(?<!毫)无|并未|并不|未|别|唔系)(?:再|在|怎么)?"
    r"|\b(?:no|not|without|never|isn't|doesn't|n't)(?: (?P<between>[a-z]+))?(?: or)? )$"
)
_NEGATIVE = re.compile(r"no\b|not\b|never\b|cannot\b|\w+n't\b|stop")
_MENDED = re.compile(r"的?(?:问题|现象)?(?:现在|已经|也|都|后来)+(?:好了|修好|没有了|没事了|解决了)")
_LATIN_START, _MIXED_START = re.compile(r"[a-z(]"), re.compile(r"(?:\((?:\?:)?)*[a-z]")
_LONG_WORD, _FEWEST_SYLLABLES = re.compile(r"[a-z]{8,}"), 3
_LONGEST_MAKE = 4
_GROUP = re.compile("<([a-z_]+)>")
_HANZI, _LETTER = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[a-z]")


@dataclass(frozen=True)
class Term:
    """A word of the lexicon found in a text: its class (`not_heating`, `magnesium_rod`) and verbatim span."""

    start: int
    end: int
    text: str
    value: str


def symptoms(text: str) -> list[Term]:
    """Symptoms named in `text`, left to right, without overlaps; the longest word at a place wins.

    What no word names may be described: `data/lexicon/descriptions.yaml`, where no word of the same class is said.
    Where nothing at all is named or described, what happens may be told: `data/lexicon/accounts.yaml`.
    """
    named = _terms(text, "symptoms")
    classes = {term.value for term in named}
    described = [term for term in _terms(text, "descriptions") if term.value not in classes and _is_apart(term, named)]
    known = [*named, *described] or _terms(text, "accounts")
    return sorted(known, key=lambda term: term.start)


def _is_apart(term: Term, others: Iterable[Term]) -> bool:
    return all(term.end <= other.start or term.start >= other.end for other in others)


def parts(text: str) -> list[Term]:
    """Parts of the heater named in `text`, left to right, without overlaps."""
    return _terms(text, "parts")


def concepts(text: str) -> frozenset[str]:
    """Ideas that `text` names (`hurry`, `money`, `other_thing`), whatever the language."""
    matched = normal(text, 1_000).text
    return frozenset(value for value, pattern in _ideas() if pattern.search(matched))


@dataclass(frozen=True)
class _Words:
    """The words of one class of symptoms or parts: those with Chinese characters and those of Latin letters."""

    value: str
    zh: re.Pattern[str] | None
    latin: re.Pattern[str] | None

    def found_in(self, text: str, *, zh: bool, latin: bool) -> Iterator[re.Match[str]]:
        """Every such word in the normal form `text`, looked for only in the letters that the text is written in."""
        if zh and self.zh:
            yield from self.zh.finditer(text)
        if latin and self.latin:
            yield from self.latin.finditer(text)


@lru_cache(maxsize=4)
def _words(kind: str) -> tuple[_Words, ...]:
    return tuple(
        _Words(
            value,
            _any_of(_whole_word(word) for word in words if _HANZI.search(word)),
            _any_of((word for word in words if not _HANZI.search(word)), whole=True),
        )
        for value, words in _listed(kind).items()
    )


def _any_of(words: Iterable[str], *, whole: bool = False) -> re.Pattern[str] | None:
    pattern = "|".join(words)
    return re.compile(_whole_word(f"(?:{pattern})") if whole else pattern) if pattern else None


@lru_cache(maxsize=1)
def effects() -> re.Pattern[str]:
    """What people do in danger; it tells of one and is no fault of a heater."""
    return re.compile(_table("accounts")["effects"])


@lru_cache(maxsize=1)
def _ideas() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (value, re.compile("|".join(_whole_word(word) for word in words)))
        for value, words in _listed("concepts").items()
    )


def _listed(kind: str) -> dict[str, list[str]]:
    table = _table(kind)
    groups: dict[str, str] = table.get("groups", {})
    return {value: [_with_groups(word, groups) for word in words] for value, words in table[kind].items()}


def _table(kind: str) -> dict[str, Any]:
    return dict(yaml.safe_load((_LEXICON / f"{kind}.yaml").read_text(encoding="utf-8")))


def _with_groups(word: str, groups: dict[str, str]) -> str:
    return _GROUP.sub(lambda name: f"(?:{groups[name[1]]})", word)


def _whole_word(pattern: str) -> str:
    """A pattern that may begin with Latin letters begins and ends no longer word; `heater不热` holds 不热."""
    start = _MIXED_START if _HANZI.search(pattern) else _LATIN_START
    return rf"(?<![a-z])(?:{pattern})(?![a-z])" if start.match(pattern) else pattern


def _is_denied(text: str, start: int, end: int) -> bool:
    """`没有漏水`, `it doesn't leak`, `漏水已经修好了`; but `not working no hot water` denies nothing."""
    denied = _DENIED.search(text[max(0, start - 16) : start])
    if denied and denied["between"] and _NEGATIVE.match(text, start):
        denied = None
    return bool(denied or _MENDED.match(text, end))


@lru_cache(maxsize=1)
def _around_a_part() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What tells a part's make, before it, and what belongs to a part, behind it."""
    table = _table("parts")
    return re.compile(f"(?:{'|'.join(table['makes'])})$"), re.compile("|".join(table["pieces"]))


def _whole_part(text: str, start: int, end: int) -> tuple[int, int]:
    """A part with its make and its piece: `增压花洒`, `混水阀手柄`, `hose bag`."""
    makes, pieces = _around_a_part()
    before, behind = makes.search(text[max(0, start - _LONGEST_MAKE) : start]), pieces.match(text, end)
    return start - len(before[0]) if before else start, behind.end() if behind else end


@lru_cache(maxsize=8)
def _in_syllables(matched: Normal) -> Normal:
    """The normal form with blanks between the syllables of pinyin typed in one go: `dianrenyimojiudian`."""
    pieces: list[str] = []
    origin: list[int] = []
    at = 0
    for word in _LONG_WORD.finditer(matched.text):
        parts = syllables(word[0]) or ()
        if len(parts) < _FEWEST_SYLLABLES:
            continue
        pieces += [matched.text[at : word.start()], " ".join(parts)]
        origin += matched.origin[at : word.start()]
        at = word.start()
        for part in parts:
            origin += matched.origin[at : at + len(part)]
            at += len(part)
            origin.append(origin[-1])
        origin.pop()
    return Normal(matched.original, "".join([*pieces, matched.text[at:]]), (*origin, *matched.origin[at:]))


def _terms(text: str, kind: str) -> list[Term]:
    matched = _in_syllables(normal(text, 1_000))
    zh, latin = bool(_HANZI.search(matched.text)), bool(_LETTER.search(matched.text))
    hits = [
        (start, -end, order, words.value)
        for order, words in enumerate(_words(kind))
        for found in words.found_in(matched.text, zh=zh, latin=latin)
        for start, end in [found.span(found.lastindex or 0)]
        if end > start and not _is_denied(matched.text, start, end)
        for start, end in [_whole_part(matched.text, start, end) if kind == "parts" else (start, end)]
    ]
    terms: list[Term] = []
    reached = 0
    for start, minus_end, _, value in sorted(hits):
        repeated = any(matched.text[start:-minus_end] == normal(term.text).text for term in terms)
        if start >= reached and not repeated:
            reached = -minus_end
            first, last = matched.span(start, reached)
            terms.append(Term(first, last, text[first:last], value))
    return terms
