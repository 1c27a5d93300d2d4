"""Pairs of neighbouring letters, by which words are looked for in a language that puts no spaces between them.

A word of Chinese is most often two letters long, so an index of pairs finds it whole, and a longer one by its pairs in
a row; no dictionary has to know it.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

SHORTEST = 2
_GAP = " ␞ "  # keeps the last pair of a word and the first of the next from being taken for neighbours


def words(text: str) -> list[str]:
    """What stands between spaces, alike for full and half width, capital and small letters."""
    return unicodedata.normalize("NFKC", text).casefold().split()


def pairs(word: str) -> list[str]:
    """The pairs of a word in order; a single letter has none."""
    return [first + second for first, second in pairwise(word)]


def pairs_of(text: str) -> str:
    """All pairs of a text, with spaces between: what an index of pairs is fed with."""
    return _GAP.join(" ".join(pairs(word)) for word in sought(text))


def sought(text: str) -> list[str]:
    """The words of a text that an index of pairs can find."""
    return [word for word in words(text) if len(word) >= SHORTEST]
