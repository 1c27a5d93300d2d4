"""Symptoms and parts in a customer's words, looked up in `data/lexicon`."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.text.normal import normal

_LEXICON = Path(__file__).resolve().parents[2] / "data" / "lexicon"
_DENIED = re.compile(
    r"(?:(?<![是会有])(?:不是?|没有?|没再|并未|未|别)(?:再|在|怎么)?|\b(?:no|not|without|never|isn't|doesn't"
    r"|n't)(?: [a-z]+)? )$"
)
_LATIN_START = re.compile(r"[a-z(]")


@dataclass(frozen=True)
class Term:
    """A word of the lexicon found in a text: its class (`not_heating`, `magnesium_rod`) and verbatim span."""

    start: int
    end: int
    text: str
    value: str


def symptoms(text: str) -> list[Term]:
    """Symptoms named in `text`, left to right, without overlaps; the longest word at a place wins."""
    return _terms(text, "symptoms")


def parts(text: str) -> list[Term]:
    """Parts of the heater named in `text`, left to right, without overlaps."""
    return _terms(text, "parts")


def concepts(text: str) -> frozenset[str]:
    """Ideas that `text` names (`hurry`, `money`, `other_thing`), whatever the language."""
    matched = normal(text, 1_000).text
    return frozenset(value for value, pattern in _patterns("concepts") if pattern.search(matched))


@lru_cache(maxsize=3)
def _patterns(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    table: dict[str, Any] = yaml.safe_load((_LEXICON / f"{kind}.yaml").read_text(encoding="utf-8"))
    return tuple(
        (value, re.compile("|".join(_whole_word(word) for word in words))) for value, words in table[kind].items()
    )


def _whole_word(pattern: str) -> str:
    """A pattern of Latin letters must not begin or end inside a longer word."""
    return rf"(?<![a-z])(?:{pattern})(?![a-z])" if _LATIN_START.match(pattern) else pattern


def _terms(text: str, kind: str) -> list[Term]:
    matched = normal(text, 1_000)
    hits = [
        (found.start(), -found.end(), order, value)
        for order, (value, pattern) in enumerate(_patterns(kind))
        for found in pattern.finditer(matched.text)
        if found.end() > found.start() and not _DENIED.search(matched.text[max(0, found.start() - 16) : found.start()])
    ]
    terms: list[Term] = []
    reached = 0
    for start, minus_end, _, value in sorted(hits):
        if start >= reached:
            reached = -minus_end
            first, last = matched.span(start, reached)
            terms.append(Term(first, last, text[first:last], value))
    return terms
