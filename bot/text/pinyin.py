"""The sound of a message: Chinese characters as toneless pinyin, so that homophones and typed pinyin read alike; and
words in Latin letters taken apart into syllables."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.text.normal import normal

_LEXICON = Path(__file__).resolve().parents[2] / "data" / "lexicon"
_NO_SOUND = re.compile(r"[^a-z]+")
_SAME = ((re.compile(r"(?<=[zcs])h"), ""), (re.compile(r"(?<=[aei])ng(?![aeiou])"), "n"))
_PIECE = re.compile(r"[a-z]+|\d+")
_LONGEST_WORD = 60
_LONGEST_SYLLABLE = 6
_RARE = frozenset({"fo", "lue", "nue", "ei", "shei", "dei", "dia"})
"""Syllables that are the first reading of no character."""
_PLACES = {
    "长": "chang", "重": "chong", "朝": "chao", "厦": "xia", "都": "du", "行": "hang", "石": "shi", "合": "he",
    "佛": "fo",
}  # fmt: skip
"""How characters of several readings are read in most names of places."""


@dataclass(frozen=True)
class Unit:
    """A syllable, a number, or a whole word that is no pinyin, and where it stands.

    It `begins` a word of the text; it `follows` the unit before it where only blanks stand between.
    """

    text: str
    start: int
    end: int
    is_syllable: bool
    begins: bool
    follows: bool


def sound(text: str) -> str:
    """`热水器漏电` → `resuiqiloudian`; zh/z, ch/c, sh/s, -ng/-n fall together, as they do in half the country."""
    table = _table()
    syllables = "".join(table.get(char, char if char.isascii() else " ") for char in normal(text, 300).text)
    spoken = _NO_SOUND.sub("", syllables)
    for pattern, same in _SAME:
        spoken = pattern.sub(same, spoken)
    return spoken


def spelled(characters: str, *, of_a_place: bool = False) -> tuple[str, ...]:
    """The characters as they are typed in pinyin, one syllable each; one without a known reading stands for itself."""
    table = _table()
    own = _PLACES if of_a_place else {}
    return tuple(own.get(char) or table.get(char, char) for char in characters)


def units(text: str) -> list[Unit]:
    """The syllables, numbers and foreign words of lower-case `text`, left to right: `nanshanqu 8` → nan shan qu 8."""
    found: list[Unit] = []
    for piece in _PIECE.finditer(text):
        at = piece.start()
        parts = syllables(piece[0]) if piece[0].isalpha() else None
        for index, part in enumerate(parts or (piece[0],)):
            follows = bool(found) and not text[found[-1].end : at].strip()
            found.append(Unit(part, at, at + len(part), parts is not None, index == 0, follows))
            at += len(part)
    return found


@lru_cache(maxsize=4096)
def syllables(word: str) -> tuple[str, ...] | None:
    """A lower-case word as the fewest syllables it can be, the longest first; None when it is no pinyin.

    A vowel alone is a syllable only by itself: `meaning` is not me-a-ning.
    """
    known = _syllables()
    if word in ("a", "e", "o"):
        return (word,)
    if len(word) > _LONGEST_WORD:
        return None
    best: list[tuple[str, ...] | None] = [(), *[None] * len(word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            before, last = best[start], word[start:end]
            if before is None or last not in known:
                continue
            if best[end] is None or len(before) + 1 < len(best[end] or ()):
                best[end] = (*before, last)
    return best[-1]


def is_pinyin(word: str) -> bool:
    """Whether a lower-case word is pinyin and no English word."""
    return not is_english_too(word) and syllables(word) is not None


def is_english_too(word: str) -> bool:
    """Whether a word that may be pinyin is an English word: `he`, `can`, `change`. It tells no language."""
    return word in _english()


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    lines = (_LEXICON / "pinyin.txt").read_text(encoding="utf-8").splitlines()
    return {char: syllable for syllable, chars in (line.split(" ") for line in lines) for char in chars}


@lru_cache(maxsize=1)
def _syllables() -> frozenset[str]:
    return frozenset({each for each in _table().values() if len(each) > 1} | _RARE)


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    lines = (_LEXICON / "english_like_pinyin.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
