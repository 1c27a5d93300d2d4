"""Regions named one after the other in an address: 广东 佛山 顺德, each inside the one before. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.text.address_words import BETWEEN, DENIED, HANZI, STRAY_SUFFIX
from bot.text.regions import Regions

_CUE_REACH = 24
_SHORTEST = 2
_VILLAGE = re.compile(rf"{HANZI}?村(?![镇街])|社区|家园|花苑|公寓|山庄|广场|大厦")
_BETWEEN_LEVELS = re.compile(rf"(?:的|[那这]边的?|那个)?{BETWEEN.pattern}")
"""What may stand between a region and the one inside it: `桂林的七星区`."""


@dataclass(frozen=True)
class Chain:
    """Regions named one after the other from `start` to `end`, and the codes that all of them allow."""

    start: int
    end: int
    codes: frozenset[str]
    named: int
    full: bool


def chains(text: str, table: Regions) -> list[Chain]:
    """The chains of a text that are not denied, that which names the most regions first; of equals the first."""
    found: list[Chain] = []
    at = 0
    while at < len(text):
        chain = _chain_at(text, at, table)
        if chain and not DENIED.search(just_before(text, at)):
            found.append(chain)
        at = chain.end if chain else at + 1
    return sorted(found, key=lambda chain: (-chain.named, not chain.full))


def _chain_at(text: str, start: int, table: Regions) -> Chain | None:
    codes: frozenset[str] = frozenset()
    named, full, at, end = 0, False, start, start
    while True:
        step = _region_at(text, at, codes, table)
        if step is None:
            break
        end, codes, is_full = step
        named += 1
        full = full or is_full
        if not is_full and not _region_at(text, end, codes, table) and (stray := STRAY_SUFFIX.match(text, end)):
            end = stray.end()
        blank = _BETWEEN_LEVELS.match(text, end)
        at = blank.end() if blank else end
    return Chain(start, end, codes, named, full) if named else None


def _names_a_city(text: str, at: int, table: Regions) -> bool:
    """Whether a province or a city is named by its full name at `at`."""
    return any(
        len(code) <= 4
        for size in table.lengths.get(text[at : at + 2], ())
        for code in table.full.get(text[at : at + size], ())
    )


def next_place(text: str, start: int, table: Regions) -> int:
    """Where another place begins behind a comma, its city or province by the full name: `…50号，苏州市…`."""
    marks = (found for found in re.finditer(r"[,，;；、]\s*", text[start:]) if found.end())
    ends = (start + found.start() for found in marks if _names_a_city(text, start + found.end(), table))
    return next(ends, len(text))


def _region_at(text: str, at: int, within: frozenset[str], table: Regions) -> tuple[int, frozenset[str], bool] | None:
    """The longest region name at `at` that lies inside the codes named so far."""
    lengths = table.lengths.get(text[at : at + 2])
    if not lengths:
        return None
    if not within and text[at] == "市" and re.match(HANZI, text[max(0, at - 1) : at]):
        return None  # the 市 of a city that is not listed, not 市北区
    for length in lengths:
        name = text[at : at + length]
        if len(name) < length:
            continue
        for index, is_full in ((table.full, True), (table.short, False)):
            codes = index.get(name)
            allowed = _allowed(codes, within, is_full) if codes else None
            end = at + length
            is_place = is_full or within or not _is_village(text, end, allowed or frozenset(), table)
            is_place = is_place and not (length == _SHORTEST and not within and _is_tail(text, at, end))
            if allowed and is_place and not _is_street(text, end, is_full):
                return end, allowed, is_full
    return None


def _is_tail(text: str, start: int, end: int) -> bool:
    """Whether a town of two characters is only the end of a longer name: `马店镇` is no 店镇."""
    before = text[max(0, start - 1) : start]
    return text[end - 1] in "镇乡" and bool(re.match(HANZI, before)) and before not in "在住到是于去来的"


def _is_street(text: str, end: int, is_full: bool) -> bool:
    """`南京路`, `北京西路` and `广州大道` are streets, not cities."""
    return not is_full and bool(
        re.match(
            r"[东西南北中一二三四]?(?:里(?=\d)|路(?![南北]区)|公路|街(?!道)|大道|大街|巷|新村|花园|小区|站)",
            text[end : end + 4],
        )
    )


def _is_village(text: str, end: int, codes: frozenset[str], table: Regions) -> bool:
    """`金牛山村`, `西湖村` and `昌平家园` are villages and estates anywhere; `番禺钟村` is a town of 番禺."""
    named = _VILLAGE.match(text, end)
    if named is None:
        return False
    towns = (code for suffix in ("街道", "镇") for code in table.full.get(named[0] + suffix, ()))
    return not any(town.startswith(code) for town in towns for code in codes)


def _allowed(codes: Sequence[str], within: frozenset[str], is_full: bool) -> frozenset[str]:
    """The codes that may follow: below those named so far; at the start no town, unless its full name is unique."""
    if within:
        return frozenset(
            code for code in codes for parent in within if code.startswith(parent) and len(code) > len(parent)
        )
    above_towns = frozenset(code for code in codes if len(code) < 9)
    if not above_towns and is_full and len(codes) == 1:
        return frozenset(codes)
    return above_towns


def common(codes: frozenset[str]) -> str | None:
    """The region that the chain means: the only code, the one that contains all the others, or the only larger one."""
    deepest = min(codes, key=len)
    if all(code.startswith(deepest) for code in codes):
        return deepest
    for digits in (2, 4):
        larger = [code for code in codes if len(code) == digits]
        if len(larger) == 1:
            return larger[0]
    return None


def just_before(text: str, at: int) -> str:
    """The few words before `at`: a cue or a denial stands no farther away."""
    return text[max(0, at - _CUE_REACH) : at]
