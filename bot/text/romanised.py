"""Chinese places written in Latin letters: `Shunde District, Foshan` names the same regions as 佛山市顺德区."""

import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).resolve().parents[2] / "data" / "lexicon" / "region_pinyin.tsv"
_WORD = re.compile(r"[a-z']+")
_KINDS = frozenset(
    {"district", "city", "province", "county", "town", "prc", "china", "new", "area", "qu", "shi", "sheng", "xian"}
)
_STREETS = frozenset(
    {"road", "rd", "street", "st", "avenue", "ave", "lane", "garden", "gardens", "village", "lu", "jie"}
)
_CITY_DIGITS = 4
_NO_PLACE = frozenset(
    {
        "he",
        "an",
        "she",
        "hang",
        "bin",
        "wen",
        "can",
        "man",
        "long",
        "ping",
        "song",
        "sun",
        "hu",
        "china",
        "suning",
        "jingdong",
    }
)

_BETTER_KNOWN = frozenset({"3205", "3501", "330782"})
"""Suzhou in Jiangsu, Fuzhou in Fujian, Yiwu in Zhejiang: who means the other of that name tells its province."""
_LESS_KNOWN = frozenset({"2113"})
"""Chaoyang in Liaoning: most mean the district of Beijing."""


def region(text: str) -> tuple[str, int, int] | None:
    """The deepest region code that the place names in lower-case `text` agree on, and where the names stand.

    Names are read from the large to the small, as they are written from the back; None when nothing is sure.
    """
    within: frozenset[str] = frozenset()
    start, end = len(text), 0
    for place in reversed(_places(text)):
        codes = _allowed(_codes().get(place[0].replace("'", ""), frozenset()), within)
        if codes:
            within, start, end = codes, min(start, place[1]), max(end, place[2])
    cities = {code for code in within if len(code) == _CITY_DIGITS} - _LESS_KNOWN
    within = within & _BETTER_KNOWN or (frozenset(cities) if len(cities) == 1 else within)
    deepest = min(within, key=len, default=None)
    if deepest is None or not all(code.startswith(deepest) for code in within):
        return None
    return deepest, start, end


def codes_of(spelled: str) -> frozenset[str]:
    """The codes of the regions whose short name is spelled so, without blanks: `nanshan`; none when none is."""
    return frozenset() if spelled in _NO_PLACE else _codes().get(spelled, frozenset())


def below(text: str, code: str) -> str | None:
    """The one region below `code` that lower-case `text` names: `futian` below 深圳市; None when none or several do."""
    found = {each for word, *_ in _places(text) for each in codes_of(word.replace("'", "")) if each.startswith(code)}
    deeper = {each for each in found if len(each) > len(code)}
    return deeper.pop() if len(deeper) == 1 else None


def is_place(word: str) -> bool:
    """Whether a lower-case word is the name of a region, be it of several (Suzhou is two cities)."""
    return word.replace("'", "") in _codes() and word not in _NO_PLACE


def _places(text: str) -> list[tuple[str, int, int]]:
    """Words and pairs of words that may name a place; a word before `Road` names a street."""
    words = [(found[0], found.start(), found.end()) for found in _WORD.finditer(text)]
    places = []
    for index, (word, start, end) in enumerate(words):
        is_next = index + 1 < len(words) and text[end : words[index + 1][1]].strip() == ""
        following = words[index + 1][0] if is_next else ""
        if following in _STREETS or word in _KINDS or word in _NO_PLACE or len(word) < 4:
            continue
        places.append((word, start, words[index + 1][2] if following in _KINDS else end))
    return places


def _allowed(codes: frozenset[str], within: frozenset[str]) -> frozenset[str]:
    """Codes below those named so far; a smaller place may also be named before a larger one that contains it."""
    if not within:
        return codes
    below = {code for code in codes for parent in within if code.startswith(parent) and len(code) > len(parent)}
    above = {child for code in codes for child in within if child.startswith(code) and len(child) > len(code)}
    return frozenset(below or above)


@lru_cache(maxsize=1)
def _codes() -> dict[str, frozenset[str]]:
    codes: dict[str, set[str]] = defaultdict(set)
    for line in _FILE.read_text(encoding="utf-8").splitlines()[1:]:
        code, spelled = line.split("\t")
        codes[spelled].add(code)
    return {spelled: frozenset(each) for spelled, each in codes.items()}
