"""The sentences and the clauses of a message, as places in it. Pure.

In a long message a danger is drowned: told in one sentence of five it looks like none in all of them together.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

_SENTENCE = re.compile(r"[。！？!?;；\n…]+|(?<=[a-zA-Z0-9)])\.\s+|\.{2,}")
_CLAUSE = re.compile(r"[。！？!?;；\n…，,、]+|(?<=[a-zA-Z0-9)])\.\s+|\.{2,}")
_SHORTEST_SENTENCE, _SHORTEST_CLAUSE = 8, 3
"""Characters; what follows a shorter part belongs to it: "喂？热水器漏电了"."""

_FIRST, _LAST = (8, 400), (4, 200)
"""How many parts, and characters in all, are looked at from the beginning and from the end of an endless message."""

Place = tuple[int, int]


def sentences(text: str) -> list[Place]:
    """Where each sentence of `text` begins and ends; a message of one sentence has no parts."""
    return _parts(text, _SENTENCE, _SHORTEST_SENTENCE)


def clauses(text: str) -> list[Place]:
    """Where each clause of `text` begins and ends, commas between them; a message of one clause has no parts."""
    return _parts(text, _CLAUSE, _SHORTEST_CLAUSE)


def _parts(text: str, ends: re.Pattern[str], shortest: int) -> list[Place]:
    places: list[Place] = []
    at = 0
    for end in [*(found.end() for found in ends.finditer(text)), len(text)]:
        if at == end:
            continue
        if places and len(text[slice(*places[-1])].strip()) < shortest:
            places[-1] = (places[-1][0], end)
        else:
            places.append((at, end))
        at = end
    if len(places) < 2:
        return []
    first = list(_within(places, *_FIRST))
    last = _within(reversed(places[len(first) :]), *_LAST)
    return [*first, *sorted(last)]


def _within(places: Iterable[Place], count: int, characters: int) -> Iterator[Place]:
    """So many of these places, and no more characters than this; the last is cut short."""
    for start, end in islice(places, count):
        if characters <= 0:
            return
        yield start, min(end, start + characters)
        characters -= end - start
