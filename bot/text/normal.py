"""Normal form for matching, with the way back to the customer's own characters.

Full-width and mathematical forms become plain (NFKC), letters become lower case, Traditional characters become
Simplified, control, format and combining characters and lone surrogates vanish. Every character of the normal form
remembers the index it came from, so a span found in it can be cut verbatim from the original.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import opencc

MATCH_LIMIT = 1_500
"""Characters of a message that are searched for values; no customer writes a longer one that matters."""

_TO_SIMPLIFIED = opencc.OpenCC("t2s")
_KEPT_TRADITIONAL = {"著": "着", "妳": "你", "臺": "台", "唔": "唔", "囉": "啰", "嘅": "嘅", "嗰": "嗰"}
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"})
_BLANKS = frozenset("\t\n\r\v\f\x85\u2028\u2029")


@dataclass(frozen=True)
class Normal:
    """`text` is the normal form; `origin[i]` is the index in `original` that `text[i]` came from.

    `ends[i]` is the index behind what `text[i]` stands for, where that may be more than one character.
    """

    original: str
    text: str
    origin: tuple[int, ...]
    ends: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of the normal form into the span of the original that it came from."""
        if start >= end:
            raise ValueError("an empty span has no place in the original")
        return self.origin[start], self.ends[end - 1] if self.ends else self.origin[end - 1] + 1

    def verbatim(self, start: int, end: int) -> str:
        """The customer's own characters for a span of the normal form."""
        first, last = self.span(start, end)
        return self.original[first:last]


@lru_cache(maxsize=20_000)
def _normal_char(char: str) -> str:
    if char in _BLANKS:
        return " "
    if unicodedata.category(char) in _DROPPED:
        return ""
    if char.isascii():
        return char.lower()
    plain = "".join(c for c in unicodedata.normalize("NFKC", char) if unicodedata.category(c) not in _DROPPED)
    return "".join(_KEPT_TRADITIONAL.get(c) or _TO_SIMPLIFIED.convert(c) for c in plain).lower()


def normal(text: str, limit: int = MATCH_LIMIT) -> Normal:
    """Normal form of the first `limit` characters of `text`."""
    return _normal(text[:limit])


@lru_cache(maxsize=8)
def _normal(text: str) -> Normal:
    """A dozen readers ask for the normal form of one message in turn, each as far as it searches."""
    pieces: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        piece = _normal_char(char)
        if piece:
            pieces.append(piece)
            origin.extend([index] * len(piece))
    return Normal(text, "".join(pieces), tuple(origin))


def clean(text: str, limit: int = 10_000) -> str:
    """The text as it may be stored and shown: the customer's characters without controls, surrogates and overrides.

    Line breaks and tabs stay; a base character keeps at most two combining marks, which ends Zalgo but keeps accents;
    zero-width joiners stay because family emoji need them.
    """
    kept: list[str] = []
    marks = 0
    for char in text[:limit]:
        category = unicodedata.category(char)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if category in {"Cc", "Cs", "Cn", "Co"} and char not in "\n\t":
            continue
        if (category == "Cf" and char != "\u200d") or marks > 2:
            continue
        kept.append(char)
    return "".join(kept).strip()
