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
    r"(?:(?<![是会有])(?:不是?|没有?|没再|并未|并不|未|别|唔系|冇)(?:再|在|怎么)?|\b(?:no|not|without|never|isn't|doesn't"
    r"|n't)(?: [a-z]+)? )$"
)
_MENDED = re.compile(r"的?(?:问题|现象)?(?:现在|已经|也|都|后来)+(?:好了|修好|没有了|没事了|解决了)")
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


def _is_denied(text: str, start: int, end: int) -> bool:
    """`没有漏水`, `it doesn't leak`, `漏水已经修好了`."""
    return bool(_DENIED.search(text[max(0, start - 16) : start]) or _MENDED.match(text, end))


def _terms(text: str, kind: str) -> list[Term]:
    matched = normal(text, 1_000)
    hits = [
        (start, -end, order, value)
        for order, (value, pattern) in enumerate(_patterns(kind))
        for found in pattern.finditer(matched.text)
        for start, end in [found.span(found.lastindex or 0)]
        if end > start and not _is_denied(matched.text, start, end)
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
