"""Answers and times typed in pinyin, read as the characters they stand for: `bu zhi dao`, `ming tian xia wu 3 dian`.

Only words that `data/lexicon/typed_pinyin.yaml` lists change, and only in a message that is pinyin as a whole; every
character remembers where its syllable stands in the customer's words.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from pathlib import Path

import yaml

from bot.text.language import is_typed_pinyin
from bot.text.normal import Normal
from bot.text.pinyin import Unit, is_english_too, spelled, units

_FILE = Path(__file__).resolve().parents[2] / "data" / "lexicon" / "typed_pinyin.yaml"
_SEARCHED = 300
_LONGEST_PHRASE = 6
_NUMERALS = {
    "yi": "一", "er": "二", "liang": "两", "san": "三", "si": "四", "wu": "五", "liu": "六", "qi": "七", "ba": "八",
    "jiu": "九", "shi": "十", "ban": "半", "ji": "几",
}  # fmt: skip
_COUNTED = {
    ("dian", "zhong"): "点钟", ("dian", "ban"): "点半", ("dian",): "点", ("fen",): "分", ("hao",): "号", ("yue",): "月",
    ("nian", "qian"): "年前", ("nian", "duo"): "年多", ("nian",): "年", ("tian", "hou"): "天后",
    ("ge", "yue", "qian"): "个月前", ("ge", "xiao", "shi", "hou"): "个小时后", ("xiao", "shi", "hou"): "小时后",
}  # fmt: skip
_WHEN = ("", "这", "这个", "本", "下", "下个")
_CLOCK = ("点", "点钟", "点半")

Piece = tuple[int, int, str]
"""The units from the first to before the second, and the characters they stand for."""


def in_characters(matched: Normal) -> Normal:
    """The normal form with typed pinyin in characters where it is known; the same object where nothing changes."""
    if not matched.text[:_SEARCHED].strip() or not is_typed_pinyin(matched.text[:_SEARCHED]):
        return matched
    found = units(matched.text[:_SEARCHED])
    pieces = _whole(found) or list(_within(found))
    return _replaced(matched, found, pieces) if pieces else matched


def _whole(found: list[Unit]) -> list[Piece] | None:
    """The listed words that make up the whole message, or None."""
    pieces: list[Piece] = []
    at = 0
    while at < len(found):
        piece = _phrase(found, at, alone=True)
        if piece is None:
            return None
        pieces.append(piece)
        at = piece[1]
    return pieces


def _within(found: list[Unit]) -> Iterator[Piece]:
    """The listed words and the counted times of a message, left to right."""
    at, last = 0, ""
    while at < len(found):
        piece = _counted(found, at, last) or _phrase(found, at, alone=False)
        if piece is None:
            at, last = at + 1, ""
            continue
        yield piece
        at, last = piece[1], piece[2]


def _phrase(found: list[Unit], at: int, *, alone: bool) -> Piece | None:
    """The longest listed word that begins here."""
    listed = _phrases()[alone]
    for end in range(min(len(found), at + _LONGEST_PHRASE), at, -1):
        characters = listed.get(_run(found, at, end))
        if characters and not (end == at + 1 and is_english_too(found[at].text) and not alone):
            return at, end, characters
    return None


def _counted(found: list[Unit], at: int, before: str) -> Piece | None:
    """A number with what it counts: `3 dian ban`, `shi yi dian`, `2023 nian`; a house number (`8 hao`) is no day.

    `before` is the listed word just before it. `yi dian` is a bit, `re shui qi dian …` no hour: a spelled hour needs a
    part of the day before it, or to be the whole message.
    """
    end, number = _number(found, at)
    if not number:
        is_between = found[at].text == "dao" and (before.endswith(_CLOCK) or before.isnumeric())
        return (at, at + 1, "到") if is_between and _number(found, at + 1)[1] else None
    if not before and not _stands_alone(found, at):
        return None
    for size in (4, 3, 2, 1):
        unit = _COUNTED.get(_run(found, at, end + size)[end - at :])
        is_all = len(found) == end + size - at
        is_sure = before or is_all or number.isdigit() or unit not in _CLOCK
        if unit and is_sure and not _is_glued(found, end + size) and (unit != "号" or is_all or before.endswith("月")):
            return at, end + size, number + unit
    is_minute = before.endswith("点") and number.isdigit() and len(number) == 2
    is_from = found[end : end + 1] and found[end].text == "dao" and _ends_in_clock(found, end + 1)
    return (at, end, number) if is_minute or is_from else None


def _stands_alone(found: list[Unit], at: int) -> bool:
    """Whether a number is not written together with the syllables around it: the `4` of `lou4 dian4`, the `qi` of
    `reshuiqi`."""
    return found[at].begins and not (at and found[at - 1].end == found[at].start)


def _is_glued(found: list[Unit], at: int) -> bool:
    """Whether a figure stands right behind the unit before, as of a tone: `dian4`."""
    return at < len(found) and found[at].text.isdigit() and found[at - 1].end == found[at].start


def _ends_in_clock(found: list[Unit], at: int) -> bool:
    """Whether a number and `dian` stand here: the end of `2 dao 4 dian`."""
    end, number = _number(found, at)
    return bool(number) and end < len(found) and found[end].text == "dian"


def _run(found: list[Unit], first: int, last: int) -> tuple[str, ...]:
    """The units from one to before another; none where they end earlier or anything but blanks stands between them."""
    run = found[first:last]
    is_whole = len(run) == last - first and all(unit.follows for unit in run[1:])
    return tuple(unit.text for unit in run) if is_whole else ()


def _number(found: list[Unit], at: int) -> tuple[int, str]:
    """Where a number ends and its figures; an empty one where none stands."""
    if at < len(found) and found[at].text.isdigit():
        return at + 1, found[at].text
    end, number = at, ""
    while end < len(found) and found[end].text in _NUMERALS and end - at < 3:
        number += _NUMERALS[found[end].text]
        end += 1
    return end, number


def _replaced(matched: Normal, found: list[Unit], pieces: list[Piece]) -> Normal:
    text: list[str] = []
    origin: list[int] = []
    ends: list[int] = []

    def keep(start: int, end: int) -> None:
        for index in range(start, end):
            first, last = matched.span(index, index + 1)
            text.append(matched.text[index])
            origin.append(first)
            ends.append(last)

    at = 0
    for first, last, characters in pieces:
        if not at or matched.text[at : found[first].start].strip():
            keep(at, found[first].start)  # characters stand without blanks between them
        for unit, spoken in _shares(found[first:last], characters):
            start, end = matched.span(unit.start, unit.end)
            text.extend(spoken)
            origin.extend([start] * len(spoken))
            ends.extend([end] * len(spoken))
        at = found[last - 1].end
    keep(at, len(matched.text))
    return Normal(matched.original, "".join(text), tuple(origin), tuple(ends))


def _shares(run: list[Unit], characters: str) -> Iterator[tuple[Unit, str]]:
    """Each unit with what it stands for: a number with its figures, a syllable with its character."""
    at = 0
    for unit in run:
        size = len(unit.text) if unit.text.isdigit() else 1
        yield unit, characters[at : at + size]
        at += size


@lru_cache(maxsize=1)
def _phrases() -> tuple[dict[tuple[str, ...], str], dict[tuple[str, ...], str]]:
    """The words that are read within a message, and those that are read where nothing else stands, by syllables."""
    listed = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    weekdays = (f"{when}{week}{day}" for when, week, day in product(_WHEN, ("周", "星期", "礼拜"), "一二三四五六日天"))
    within = {spelled(word): word for word in (*weekdays, *(word for row in listed["within"] for word in row))}
    return within, within | {spelled(word): word for row in listed["alone"] for word in row}
