"""Noisy variants of training examples, as customers' messages really arrive. Pure and seeded.

An example says one thing in clean words. Customers say it through speech recognition, a pinyin keyboard, Traditional
characters, a small phone or a second language; a model that has seen the noise still understands. The tables are
`data/lexicon/homophones.yaml`.

Two promises. A variant means what its example means: values (phone, address, name, time …) are left as they are except
by the kinds that rewrite them on purpose, and a variant is dropped when `hazard` judges it otherwise than its example,
so that danger stays danger and harmless stays harmless. And the same seed gives the same variants, whatever the order
of the examples.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import opencc
import yaml

from bot.text.hazard import hazard

_LEXICON = Path(__file__).resolve().parents[2] / "data" / "lexicon"
_HANZI = re.compile(r"[\u3400-\u9fff]")
_PUNCTUATION = re.compile(r"[，。！？、；：,.!?;:~…]+(?!\d)")
_PAUSE = re.compile(r"[。！？!?；;]|\. ")
_LONG_WORD = re.compile(r"(?<![A-Za-z])[a-z]{4,}(?![A-Za-z])")
_MOBILE = re.compile(r"(?<!\d)1\d{10}(?!\d)")
_SMALL_NUMBER = re.compile(r"(?<![\d.\-A-Za-z])([1-9]\d?)(?=[升点年天号个次楼栋分])")
_COUNTED = re.compile(
    r"(?<![一二三四五六七八九十百第])([二两三四五六七八九]?十[一二三四五六七八九]?|[两三四五六七八九])(?=[升点年天])"
)
_SPOKEN = str.maketrans("0123456789", "零幺二三四五六七八九")
_TALKATIVE = 6
"""Characters from which a message may carry filler words: a bare "是" with "那个" before it is another answer."""
_SHARE = 0.25
"""Share of the noisy places of an example that one variant disturbs, and at least one place."""

Span = tuple[int, int]
Noise = Callable[[str, Random], str]


@dataclass(frozen=True)
class Variant:
    """A noisy text and where its values stand now; None when the noise may have rewritten them."""

    text: str
    kept: tuple[Span, ...] | None


def variants(text: str, kept: Sequence[Span], amounts: Mapping[str, float], seed: int) -> Iterator[Variant]:
    """Variants of `text`, each once, none like `text` itself.

    `kept`: spans of values, which noise on words leaves alone. `amounts`: how many variants of each kind (`KINDS`) an
    example gets; 0.5 gives one to every second example. Kinds that do not apply (Chinese noise on English) give none.

    Raises:
        ValueError: `amounts` names an unknown kind.
    """
    unknown = set(amounts) - set(KINDS)
    if unknown:
        raise ValueError(f"no such kind of noise: {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
    is_danger = hazard(text) is not None
    given = {text}
    for kind, noise in KINDS.items():
        chance = Random(f"{seed}/{kind}/{text}")  # noqa: S311 - repeatable noise is wanted, not secrecy
        amount = amounts.get(kind, 0.0)
        for _ in range(int(amount) + (chance.random() < amount % 1)):
            if kind in _WHOLE and kept:
                variant = Variant(noise(text, chance), None)
            else:
                variant = _around(text, kept, lambda piece, noise=noise, chance=chance: noise(piece, chance))
            noisy = variant.text
            if noisy.strip() and noisy not in given and (hazard(noisy) is not None) == is_danger:
                given.add(noisy)
                yield variant


def _around(text: str, kept: Sequence[Span], change: Callable[[str], str]) -> Variant:
    """Apply `change` to what lies between the kept spans, which do not overlap."""
    noisy, moved, at = "", [], 0
    for start, end in sorted(kept):
        noisy += change(text[at:start]) if start > at else ""
        moved.append((len(noisy), len(noisy) + end - start))
        noisy += text[start:end]
        at = end
    return Variant(noisy + (change(text[at:]) if at < len(text) else ""), tuple(moved))


def homophones(text: str, chance: Random) -> str:
    """Words and characters as speech recognition or a pinyin keyboard confuses them: 师傅投诉 → 师付头诉."""
    table = _tables()
    places = list(table.misheard.finditer(text))
    if len(places) < 2:
        places += [found for found in _HANZI.finditer(text) if found[0] in table.same_sound]
    return _disturb(text, places, chance, lambda word: _choice(table.heard_as(word), chance) or word)


def slips(text: str, chance: Random) -> str:
    """A neighbouring syllable's character (zh/z, n/ng, l/n): 装 → 专, 是 → 四."""
    table = _tables()
    places = [found for found in _HANZI.finditer(text) if found[0] in table.near_sound]
    return _disturb(text, places, chance, lambda char: _choice(table.near_sound[char], chance) or char)


def unpunctuated(text: str, chance: Random) -> str:
    """As speech recognition writes: no marks; English loses its capitals."""
    joint = "" if _HANZI.search(text) else " "
    bare = _PUNCTUATION.sub(joint if chance.random() < 0.8 else " ", text)
    return re.sub(r" {2,}", " ", bare).lower() if joint else bare


def traditional(text: str, chance: Random) -> str:
    """Traditional characters: plain, as in Taiwan with its words, or as in Hong Kong."""
    return _converter(chance.choice(("s2t", "s2twp", "s2hk"))).convert(text) if _HANZI.search(text) else text


def pinyin(text: str, chance: Random) -> str:
    """The whole line in pinyin without tones, spaced by syllable or not at all, here and there with a lost letter."""
    if not _HANZI.search(text):
        return text
    gap = chance.choice((" ", "", " "))
    sounds = _sounds()
    spoken = "".join(f"{sounds[char]}{gap}" if char in sounds else char for char in text)
    if chance.random() < 0.4:
        spoken = typos(spoken, chance)
    return re.sub(r"\s+", " ", _PUNCTUATION.sub(" ", spoken)).strip()


def numbers(text: str, _chance: Random) -> str:
    """Digits in words and words in digits: 60升 ↔ 六十升, 138… → 幺三八…."""
    spoken = _MOBILE.sub(lambda found: found[0].translate(_SPOKEN), text)
    worded = _SMALL_NUMBER.sub(lambda found: _in_words(int(found[1])), spoken)
    if worded != text or not _HANZI.search(text):
        return worded
    return _COUNTED.sub(lambda found: str(_in_digits(found[1])), text)


def fillers(text: str, chance: Random) -> str:
    """Words that mean nothing, before, within or after what is meant."""
    if len(text) < _TALKATIVE:
        return text
    is_chinese = bool(_HANZI.search(text))
    filler = chance.choice(_tables().fillers["zh" if is_chinese else "en"])
    pauses = [found.end() for found in _PAUSE.finditer(text)]
    at = chance.choice([0, 0, *pauses])
    mark = chance.choice(("，", "", "")) if is_chinese else " "
    return f"{text[:at]}{filler}{mark}{text[at:]}"


def shorthand(text: str, chance: Random) -> str:
    """English as thumbs write it: please → pls, you → u, articles dropped."""
    table = _tables()
    places = list(table.shortened.finditer(text))
    short = _disturb(text, places, chance, lambda word: chance.choice(table.shorthand[word.lower()]), share=0.7)
    return re.sub(r" {2,}", " ", short).strip() if short != text else text


def typos(text: str, chance: Random) -> str:
    """A Latin word with two letters swapped, one lost or one doubled."""
    return _disturb(text, list(_LONG_WORD.finditer(text)), chance, lambda word: _mistyped(word, chance))


KINDS: Mapping[str, Noise] = {
    "homophones": homophones,
    "slips": slips,
    "unpunctuated": unpunctuated,
    "traditional": traditional,
    "pinyin": pinyin,
    "numbers": numbers,
    "fillers": fillers,
    "shorthand": shorthand,
    "typos": typos,
}
"""Every kind of noise by its name in `config.yml`."""

_WHOLE = frozenset({"unpunctuated", "traditional", "numbers", "fillers"})
"""Kinds that see the whole message: the readers know the forms that values take in them."""


def _disturb(
    text: str, places: Sequence[re.Match[str]], chance: Random, change: Callable[[str], str], share: float = _SHARE
) -> str:
    """Change a random share of the places, at least one."""
    if not places:
        return text
    count = max(1, round(share * len(places)))
    chosen = sorted(chance.sample(range(len(places)), count))
    pieces: list[str] = []
    at = 0
    for place in (places[index] for index in chosen):
        if place.start() >= at:
            pieces += [text[at : place.start()], change(place[0])]
            at = place.end()
    return "".join([*pieces, text[at:]])


def _choice(options: Sequence[str], chance: Random) -> str | None:
    return chance.choice(options) if options else None


def _mistyped(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return chance.choice((swapped, word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]))


def _in_words(number: int) -> str:
    """1…99 in Chinese: 2 before a measure is 两."""
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    if number == 2:
        return "两"
    return (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")


def _in_digits(words: str) -> int:
    """一…九十九 as a number."""
    digits = "零一二三四五六七八九"
    tens, _, ones = words.replace("两", "二").rpartition("十")
    if "十" not in words:
        return digits.index(ones)
    return (digits.index(tens) if tens else 1) * 10 + (digits.index(ones) if ones else 0)


class _Tables:
    """`homophones.yaml` and the syllable table, in the shapes the kinds of noise look things up in."""

    def __init__(self, described: Mapping[str, Any]) -> None:
        self.words: Mapping[str, Sequence[str]] = described["words"]
        self.fillers: Mapping[str, Sequence[str]] = described["fillers"]
        self.shorthand: Mapping[str, Sequence[str]] = described["shorthand"]
        self.misheard = re.compile("|".join(sorted(map(re.escape, self.words), key=len, reverse=True)))
        long_first = sorted(map(re.escape, self.shorthand), key=len, reverse=True)
        self.shortened = re.compile(rf"\b(?:{'|'.join(long_first)})\b", re.IGNORECASE)
        sounds = _common_sounds()
        by_sound: dict[str, list[str]] = {}
        for char, syllable in sounds.items():
            by_sound.setdefault(syllable, []).append(char)
        listed: Mapping[str, Sequence[str]] = described["characters"]
        self.same_sound = {
            char: list(listed.get(char, ())) + [other for other in by_sound[syllable] if other != char]
            for char, syllable in sounds.items()
        }
        swaps = [tuple(pair) for pair in described["neighbours"]]
        self.near_sound = {
            char: near
            for char, syllable in sounds.items()
            if (near := [other for each in _neighbours(syllable, swaps) for other in by_sound.get(each, ())])
        }

    def heard_as(self, word: str) -> Sequence[str]:
        """What may arrive for a word of the table or for a single character."""
        return self.words.get(word) or self.same_sound.get(word, ())


def _neighbours(syllable: str, swaps: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Syllables that an accent makes of `syllable`, in both directions."""
    for left, right in swaps:
        for one, other in ((left, right), (right, left)):
            is_initial = one[0] not in "aei"
            if is_initial and syllable.startswith(one) and not (len(one) == 1 and syllable[1:2] == "h"):
                yield other + syllable[len(one) :]
            elif not is_initial and syllable.endswith(one):
                yield syllable[: -len(one)] + other


def _common_sounds() -> dict[str, str]:
    """Toneless syllables of the characters of everyday words: nobody's keyboard offers the rare ones first."""
    words = (_LEXICON / "common_words.txt").read_text(encoding="utf-8")
    sounds = _sounds()
    return {char: sounds[char] for char in dict.fromkeys(_HANZI.findall(words)) if char in sounds}


@lru_cache(maxsize=1)
def _sounds() -> dict[str, str]:
    """The toneless syllable of each character of `pinyin.txt`."""
    lines = (_LEXICON / "pinyin.txt").read_text(encoding="utf-8").splitlines()
    return {char: syllable for syllable, chars in (line.split(" ") for line in lines) for char in chars}


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    return _Tables(yaml.safe_load((_LEXICON / "homophones.yaml").read_text(encoding="utf-8")))


@lru_cache(maxsize=3)
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)
