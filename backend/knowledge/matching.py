"""Which topic a question is about, by how much of it the topic's words cover. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.text.normal import normal

SEARCHED = 500
"""Characters of a question that are looked at."""


class Topic(Protocol):
    """Something that is recognised by its words. `safety` topics are preferred."""

    @property
    def words(self) -> re.Pattern[str]: ...
    @property
    def safety(self) -> bool: ...


@dataclass(frozen=True)
class Found:
    """A topic in a text: how many characters speak of it, and where it is first named."""

    name: str
    score: int
    start: int


def plain(text: str) -> str:
    """The text as patterns are matched on it."""
    return normal(text, SEARCHED).text


def covered(text: str, words: re.Pattern[str]) -> tuple[int, int]:
    """How much of a plain text the words match, and where first. A Chinese character says more and counts double."""
    hits = [found for found in words.finditer(text) if found[0]]
    if not hits:
        return 0, len(text)
    matched = "".join(found[0] for found in hits)
    return len(matched) + sum("\u3400" <= char <= "\u9fff" for char in matched), hits[0].start()


def share(text: str, words: re.Pattern[str]) -> float:
    """How much of a plain text the words match, from 0 to 1; spaces and marks count for nothing."""
    letters = sum(char.isalnum() for char in text)
    matched = sum(char.isalnum() for found in words.finditer(text) for char in found[0])
    return matched / letters if letters else 0.0


def ranked(text: str, topics: Mapping[str, Topic]) -> list[Found]:
    """All topics a question touches, the best covered first (safety counts double), then in the order of the table."""
    found = [
        Found(name, score * (2 if topic.safety else 1), start)
        for name, topic in topics.items()
        for score, start in [covered(text, topic.words)]
        if score
    ]
    return sorted(found, key=lambda each: -each.score)


def best(text: str, topics: Mapping[str, Topic]) -> str | None:
    """The topic that answers a question, or None when its words name none."""
    return next((found.name for found in ranked(plain(text), topics)), None)


def named(text: str, words: Mapping[str, re.Pattern[str]]) -> list[str]:
    """Everything of a table that a text names, in the order it is named; a name inside a longer one is left out."""
    text = plain(text)
    spans = sorted(_spans(text, words), key=lambda each: (each[0], each[0] - each[1]))
    kept: list[str] = []
    reached = 0
    for start, end, name in spans:
        if start >= reached:
            kept.append(name)
            reached = end
    return list(dict.fromkeys(kept))


def _spans(text: str, words: Mapping[str, re.Pattern[str]]) -> Iterator[tuple[int, int, str]]:
    for name, pattern in words.items():
        yield from (
            (found.start(), found.end(), name) for found in pattern.finditer(text) if found.end() > found.start()
        )


@dataclass(frozen=True)
class Need:
    """What an installation needs: words that say it is missing, and the range of a figure (None: no limit)."""

    fails: re.Pattern[str]
    number: re.Pattern[str] | None = None
    at_least: float | None = None
    at_most: float | None = None


def failed(text: str, needs: Mapping[str, Need]) -> list[str]:
    """The needs that the customer's own words say are not met, in the order of the table."""
    words = plain(text)
    return [name for name, need in needs.items() if need.fails.search(words) or _is_off(words, need)]


def _is_off(text: str, need: Need) -> bool:
    if need.number is None:
        return False
    figures: Iterable[float] = (float(found[1]) for found in need.number.finditer(text))
    return any(
        (need.at_least is not None and figure < need.at_least) or (need.at_most is not None and figure > need.at_most)
        for figure in figures
    )
