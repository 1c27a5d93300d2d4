"""Where an address typed in pinyin stands, syllable by syllable or run together, and which region it names.

`shen zhen nan shan qu ke ji yuan nan qu 8 hao`, `shenzhen nanshanqu keji yuan`: regions from the large to the small,
each inside the one before, then the street and the house in the customer's own letters.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from bot.text.language import is_typed_pinyin
from bot.text.pinyin import Unit, is_english_too, spelled, syllables, units
from bot.text.regions import regions, short_name
from bot.text.romanised import codes_of

_LONGEST_NAME = 7
_LONGEST_KIND = 3
_LONGEST_VILLAGE = 5
_TOWN_DIGITS = 9
_PHONE_DIGITS = 7
_KINDS = {
    ("sheng",): "省", ("shi",): "市", ("qu",): "区", ("xian",): "县", ("zhen",): "镇", ("xiang",): "乡",
    ("xin", "qu"): "新区", ("jie", "dao"): "街道", ("di", "qu"): "地区", ("zi", "zhi", "qu"): "自治区",
}  # fmt: skip
_ABOVE_TOWNS = frozenset({("sheng",), ("shi",), ("qu",), ("xian",)})
_STREET = (
    "路 街 巷 大道 大街 胡同 小区 花园 公寓 新村 社区 村 庄 寨 屯 大厦 广场 园区 科技园 工业园 工业区 医院 学校"
    " 小学 中学 大学 市场 家园 山庄 街道 镇 乡"
)
_HOUSE = "号 号楼 栋 幢 单元 楼 层 室 房 组 弄 巷 期 区 座 队"
_STOPS = (
    "电话 手机 号码 联系 今天 明天 后天 周一 周二 周三 周四 周五 周六 周日 周末 下周 早上 上午 中午 下午"
    " 晚上 热水 坏了 漏水 漏电 不热 不加 没有 谢谢 麻烦 请 我 你们 姓 叫 想要 维修 报修 安装 师傅 上门 来修 要 对"
    " 是的 好的 不 的 了 个 台 点"
)
_CUE = re.compile(r"(?:\b(?:zai|zhu|di ?zhi|jia zhu|dao|song dao|ban dao|wei yu|shi)|[:：])\s*(?:shi |zai )?$")
_CUE_ENDS = frozenset({"zai", "zhu", "dao", "shi"})
_BEGINS = re.compile(r"(?:^|[,，。.;；!！?？\n])\s*$")
_WESTERN = re.compile(
    r"\b(?:road|rd|street|avenue|ave|lane|district|city|province|county|town|village|garden|gardens|tower|estate|plaza"
    r"|apartment|apt|flat|block)\b"
)
_JOINED = re.compile(r"[\s,，、.#-]{0,3}(?:room|no|rm)?[\s.]{0,2}")
_LETTER = re.compile(r"[a-z]")
_NOT_COUNTED = frozenset({"dian", "tian", "nian", "yue", "ge"})
"""What a number counts that is none of a house."""
_ROOMS = frozenset({"room", "rm", "no", "building"})


@dataclass(frozen=True)
class Place:
    """An address of `start`…`end` in lower-case text; its regions end at `at`, `codes` are those they allow."""

    start: int
    at: int
    end: int
    codes: frozenset[str]
    named: int


@dataclass(frozen=True)
class _Regions:
    """Regions from one unit to before another; `full` when a kind (`qu`, `shi`) is named with one of them.

    `is_reversed` when the smaller is named before the larger, as in English: `Pudong, Shanghai`.
    """

    first: int
    last: int
    codes: frozenset[str]
    named: int
    full: bool
    is_reversed: bool = False


def find(text: str, *, asked: bool = False) -> Place | None:
    """The address in the lower-case `text`, or None. `asked`: a street without a number, or a bare region, counts."""
    if _WESTERN.search(text):
        return None
    found = units(text)
    best: _Regions | None = None
    for at, unit in enumerate(found):
        named = _regions_at(found, at) if unit.begins else None
        if named and (best is None or (named.named, named.full) > (best.named, best.full)):
            best = named
    return _with_house(text, found, best, asked=asked) if best else None


def street(text: str) -> Place | None:
    """A street and a number in it without a region: `ren min lu 8 hao 3 dong`; what a clause begins with, or a cue."""
    if _WESTERN.search(text) or not is_typed_pinyin(text):
        return None
    found = units(text)
    for at, unit in enumerate(found):
        if not (unit.begins and (_BEGINS.search(text[: unit.start]) or _CUE.search(text[: unit.start]))):
            continue
        if unit.text in _CUE_ENDS:
            continue
        last, _ = _house_end(text, found, at)
        run = found[at:last]
        is_street = any(_listed(run, index, _typed(_STREET), 3) > index for index in range(1, len(run)))
        if is_street and any(each.text.isdigit() for each in run):
            return Place(unit.start, unit.start, run[-1].end, frozenset(), 0)
    return None


def village_end(detail: str) -> int:
    """Where the village ends that the lower-case words behind the regions begin with: `li lou cun 3 zu`; 0 for none."""
    found = units(detail)
    for index, unit in enumerate(found[:_LONGEST_VILLAGE]):
        is_name = index > 0 and unit.text == "cun" and found[index - 1].text != "xin"
        if is_name and not _is_street(found, index + 1) and (index + 1 == len(found) or found[index + 1].text != "kou"):
            return unit.end
        if not unit.is_syllable:
            break
    return 0


def is_a_syllable(text: str, start: int, end: int) -> bool:
    """Whether a word is but a syllable in a message that is pinyin: the 园 of `ke ji yuan` is no Yu'an."""
    return len(syllables(text[start:end]) or ()) == 1 and is_typed_pinyin(text)


def _with_house(text: str, found: list[Unit], named: _Regions, *, asked: bool) -> Place | None:
    """The regions with the street and house behind them, where they are an address at all."""
    last, is_sure = _house_end(text, found, named.last)
    if asked and last == named.last:
        last = _stop(text, found, named.last)
    start, at = found[named.first].start, found[named.last - 1].end
    alone = at - start >= 0.8 * len(text.strip())
    cued = bool(_CUE.search(text[:start]))
    if named.is_reversed and re.search(r"[a-z0-9]", text[:start]):
        return None  # a street before them belongs to them
    if named.named == 1 and not (named.full or cued or _BEGINS.search(text[:start])):
        return None
    if not (asked or is_sure or alone or named.named > 1 or (cued and named.full)):
        return None
    return Place(start, at, found[last - 1].end, named.codes, named.named)


def _regions_at(found: list[Unit], first: int) -> _Regions | None:
    codes: frozenset[str] = frozenset()
    named, full, at = 0, False, first
    while step := _name_at(found, at, codes):
        at, codes = step
        named += 1
        kind = at if _name_at(found, at, codes) else _listed(found, at, _KINDS, _LONGEST_KIND)
        if kind > at:
            full, codes = True, _of_kind(codes, _KINDS[tuple(unit.text for unit in found[at:kind])])
        at = kind
    is_reversed = False
    while named and (step := _name_at(found, at, codes, above=True)):
        at, codes = step
        named, is_reversed = named + 1, True
    return _Regions(first, at, codes, named, full, is_reversed) if named else None


def _of_kind(codes: frozenset[str], kind: str) -> frozenset[str]:
    """Those of the codes whose names end with the kind that is told; all where none does."""
    names = regions().names
    return frozenset(code for code in codes if names[code].endswith(kind)) or codes


def _name_at(
    found: list[Unit], at: int, within: frozenset[str], *, above: bool = False
) -> tuple[int, frozenset[str]] | None:
    """Where the longest name of a region ends that lies inside those named so far, and its codes.

    `above`: of a region in which those named so far lie, and those of them that do.
    """
    for end in range(min(len(found), at + _LONGEST_NAME), at, -1):
        name = found[at:end]
        if not all(unit.is_syllable for unit in name) or (len(name) == 1 and not _is_short_name(found, at)):
            continue
        joined = "".join(unit.text for unit in name)
        codes = _containing(codes_of(joined), within) if above else _inside(codes_of(joined), within)
        if not codes and not above and not _listed(found, end, _ABOVE_TOWNS, 1) > end:
            codes = _towns(within, joined)
        if codes and not _is_street(found, end):
            return end, codes
    return None


def _inside(codes: frozenset[str], within: frozenset[str]) -> frozenset[str]:
    """The codes below those named so far; all of them at the beginning."""
    if not within:
        return codes
    return frozenset(code for code in codes for parent in within if code.startswith(parent) and code != parent)


def _containing(codes: frozenset[str], within: frozenset[str]) -> frozenset[str]:
    """Those of the regions named so far that lie in one of the codes."""
    return frozenset(code for code in within for parent in codes if code.startswith(parent) and code != parent)


def _is_short_name(found: list[Unit], at: int) -> bool:
    """Whether one syllable can be a name: run together (`xian`, Xi'an), or with its kind behind it (`she xian`)."""
    has_kind = _listed(found, at + 1, {("xian",)}, 1) > at + 1
    return has_kind or (len(found[at].text) > 3 and not is_english_too(found[at].text))


def _is_street(found: list[Unit], end: int) -> bool:
    """`nan jing lu` and `bei jing xi lu` are streets, not cities."""
    after = [unit.text for unit in found[end : end + 3]]
    if after[:1] and after[0] in ("dong", "xi", "nan", "bei", "zhong"):
        after = after[1:]
    is_lane = after[:1] == ["jie"] and after[1:2] != ["dao"]
    return is_lane or after[:1] == ["lu"] or after[:2] in (["da", "dao"], ["da", "jie"])


def _towns(within: frozenset[str], joined: str) -> frozenset[str]:
    """Towns of this name inside the regions named so far, where these are districts or cities without any."""
    return frozenset(code for parent in within if len(parent) >= 4 for code in _towns_of(parent).get(joined, ()))


@lru_cache(maxsize=256)
def _towns_of(parent: str) -> dict[str, tuple[str, ...]]:
    """Codes of the towns inside a district by name in pinyin; of a whole city where it has no districts."""
    table = regions()
    if len(parent) == 4 and table.has_districts(parent):
        return {}
    towns: dict[str, tuple[str, ...]] = {}
    for code, name in table.names.items():
        if len(code) == _TOWN_DIGITS and code.startswith(parent):
            joined = "".join(spelled(short_name(name), of_a_place=True))
            towns[joined] = (*towns.get(joined, ()), code)
    return towns


def _house_end(text: str, found: list[Unit], start: int) -> tuple[int, bool]:
    """The unit before which street, house and room end, and whether they are words of an address at all."""
    end, is_sure, at = start, False, start
    limit = _stop(text, found, start)
    while at < limit:
        house = _listed(found, at + 1, _typed(_HOUSE), 2) if found[at].text.isdigit() else at
        street = _listed(found, at, _typed(_STREET), 3)
        if found[at].text.isdigit():
            is_sure = is_sure or house > at + 1
            end = at = min(max(house, at + 1), limit)
        elif street > at + 2 or street > at > start:
            is_sure = True
            end = at = min(street, limit)
        else:
            at += 1
    return end, is_sure


def _stop(text: str, found: list[Unit], start: int) -> int:
    """The unit at which something else begins: a time, a phone number, a fault, an English word."""
    at = start
    while at < len(found):
        is_apart = at > 0 and not _JOINED.fullmatch(text, found[at - 1].end, found[at].start)
        if is_apart or _is_something_else(found, at):
            break
        at += 1
    return at


def _is_something_else(found: list[Unit], at: int) -> bool:
    unit = found[at]
    if unit.text.isdigit():
        after = found[at + 1] if at + 1 < len(found) else unit
        return len(unit.text) >= _PHONE_DIGITS or (after.follows and after.text in _NOT_COUNTED)
    if not unit.is_syllable:
        return not _LETTER.fullmatch(unit.text) and unit.text not in _ROOMS
    return _listed(found, at, _typed(_STOPS), 2) > at and not _is_numbered(found, at)


def _is_numbered(found: list[Unit], at: int) -> bool:
    """Whether the unit belongs to the number before it: the `dui` of `3 dui`."""
    return at > 0 and found[at - 1].text.isdigit() and (found[at].text,) in _typed(_HOUSE)


def _listed(found: list[Unit], at: int, words: Collection[tuple[str, ...]], longest: int) -> int:
    """Where the longest of the words ends that stands at a unit; the unit itself when none does."""
    for size in range(min(longest, len(found) - at), 0, -1):
        run = found[at : at + size]
        if tuple(unit.text for unit in run) in words and all(unit.follows for unit in run[1:]):
            return at + size
    return at


@lru_cache(maxsize=8)
def _typed(words: str) -> frozenset[tuple[str, ...]]:
    return frozenset(spelled(word) for word in words.split())
