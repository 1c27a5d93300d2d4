"""What a message was meant to say: misheard words, pinyin and slips of the pen read as the words they stand for.

Only words of danger and the little words around them are mended (`data/safety_words.yaml`); everything else stays as it
is. The result keeps the way back to the customer's own characters.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bot.text.normal import Normal

_BLANK_BETWEEN_HANZI = re.compile(r"(?<=[\u3400-\u9fff])[\s._*·~\-—/|]+(?=[\u3400-\u9fff])")
_LATIN_WORD = re.compile(r"[a-z]{4,}")
_VOWELS = re.compile("(?<!^)[aeiou]")
_SKELETON = 4
"""Letters that are enough to know a word by that is typed without its vowels: `brnng`, `elctrc`."""

_NO_SOUND = re.compile("[^a-z]+")
_SAME_SOUND = ((re.compile("(?<=[zcs])h"), ""), (re.compile("(?<=[aei])ng(?![aeiou])"), "n"))
_END = r"(?=[1-5]? ?(?:$|[^a-z ]|(?:le|la|a|ya|de|o|ba|ne|lo|hen)(?![a-z])))"


@dataclass(frozen=True)
class Ear:
    """How a message is heard: what stands for which word."""

    misheard: tuple[tuple[re.Pattern[str], str], ...]
    pinyin: re.Pattern[str]
    pinyin_words: Mapping[str, str]
    slips: Mapping[str, str]

    @classmethod
    def taught(cls, table: Mapping[str, Any]) -> "Ear":
        """An ear for the sections `misheard`, `pinyin` and `spelling` of the word list."""
        phrases = {phrase: word for word, phrases in table["pinyin"].items() for phrase in phrases.split("|")}
        return cls(
            misheard=tuple((re.compile(sounds), word) for word, sounds in table["misheard"].items()),
            pinyin=_any_of(phrases),
            pinyin_words={_sound(phrase): word for phrase, word in phrases.items()},
            slips=_slips(**table["spelling"]),
        )

    def hear(self, matched: Normal) -> Normal:
        """`lou dian`, `楼电` and `漏 电` read as `漏电`, `shok` as `shock`."""
        heard = _mended(matched, _BLANK_BETWEEN_HANZI, lambda _: "")
        if re.search("[a-z]", heard.text):
            heard = _mended(heard, _LATIN_WORD, lambda word: self.slips.get(word, word))
            heard = _mended(heard, self.pinyin, lambda phrase: self.pinyin_words[_sound(phrase)])
            heard = _mended(heard, _BLANK_BETWEEN_HANZI, lambda _: "")
        for sounds, word in self.misheard:
            heard = _mended(heard, sounds, lambda _, word=word: word)  # type: ignore[misc]
        return heard


def _mended(matched: Normal, pattern: re.Pattern[str], meant: Callable[[str], str]) -> Normal:
    """Every match replaced by what it meant; the replacement stands where the replaced stood."""
    pieces: list[str] = []
    origin: list[int] = []
    at = 0
    for found in pattern.finditer(matched.text):
        start, end = found.span()
        word = meant(found[0])
        pieces += [matched.text[at:start], word]
        origin += matched.origin[at:start]
        if word:
            origin += [matched.origin[start]] + [matched.origin[end - 1]] * (len(word) - 1)
        at = end
    if not at:
        return matched
    return Normal(matched.original, "".join([*pieces, matched.text[at:]]), (*origin, *matched.origin[at:]))


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern for the longest phrase, sorted by its first letter: branches that begin with a letter are fast."""
    by_letter: dict[str, list[str]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        by_letter.setdefault(phrase[0], []).append(_as_typed(phrase)[1:])
    return re.compile("|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items()))


def _as_typed(phrase: str) -> str:
    """A pattern for a phrase of pinyin as people type it: `lou dian` also matches `lou4dian4` and `loudian`.

    Blanks and tones are optional, zh/z, ch/c, sh/s and final -ng/-n are one. A `$` behind the phrase asks that it end
    there or go on with a particle. "shu wei" holds no "hu wei", "Indian" and "median" no "dian".
    """
    syllables = phrase.removesuffix("$").split(" ")
    typed = [re.sub("^([zcs])h?", r"\1h?", re.sub("(?<=[aei])ng?$", "ng?", each)) for each in syllables]
    if typed[0].startswith("h"):
        typed[0] = f"h(?<![zcs]h){typed[0][1:]}"
    elif typed[0].startswith("d"):
        typed[0] = f"d(?<!ind)(?<!med){typed[0][1:]}"
    another_syllable = "(?![aeiou]|ng?(?![aeiou]))" if phrase[-1] in "aeiou" else "(?![aeiou]|g(?![aeiou]))"
    return "[1-5]? ?".join(typed) + (_END if phrase.endswith("$") else another_syllable)


def _sound(phrase: str) -> str:
    sound = _NO_SOUND.sub("", phrase)
    for pattern, same in _SAME_SOUND:
        sound = pattern.sub(same, sound)
    return sound


def _slips(words: str, pinyin: str, real: str, said: Mapping[str, str]) -> dict[str, str]:
    """The word that each slip of the pen stands for. A slip that is a true word (`real`) stands for itself."""
    right = words.split() + pinyin.split()
    slips = {slip: word for word in right for slip in _one_slip(word)}
    slips |= {skeleton: word for word in words.split() if len(skeleton := _VOWELS.sub("", word)) >= _SKELETON}
    slips |= {slip: word for word, misspelt in said.items() for slip in misspelt.split()}
    return {slip: word for slip, word in slips.items() if slip not in {*right, *real.split()}}


def _one_slip(word: str) -> Iterator[str]:
    """The word with one letter lost, doubled or swapped with the next one; the first letter is always right."""
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at] + word[at:]
    for at, (letter, following) in enumerate(pairwise(word)):
        if at and letter != following:
            yield word[:at] + following + letter + word[at + 2 :]
