"""Days of the lunar calendar and feasts in a customer's words: 腊月二十, 初八, 年三十, 中秋, Christmas Eve. Pure.

The months of the lunar years stand in `data/lexicon/lunar.yaml`; a day outside of it is not named at all.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.text.numerals import cardinal

_FILE = Path(__file__).resolve().parents[2] / "data" / "lexicon" / "lunar.yaml"
FARTHEST = timedelta(days=150)
"""Nobody wishes for a visit farther ahead: such a feast is one that is over."""
_LAST = 0
"""The last day of a month, be it the 29th or the 30th."""
_LUNAR_FEASTS = {
    "春节": (1, 1, 7), "农历新年": (1, 1, 7), "过年": (1, 1, 7), "新春": (1, 1, 7), "chinese new year": (1, 1, 7),
    "spring festival": (1, 1, 7),
    "lunar new year": (1, 1, 7), "cny": (1, 1, 7), "元宵节": (1, 15, 1), "元宵": (1, 15, 1), "端午节": (5, 5, 1),
    "端午": (5, 5, 1), "dragon boat festival": (5, 5, 1), "七夕": (7, 7, 1), "中秋节": (8, 15, 1), "中秋": (8, 15, 1),
    "mid-autumn festival": (8, 15, 1), "重阳节": (9, 9, 1), "重阳": (9, 9, 1), "腊八": (12, 8, 1), "小年": (12, 23, 2),
    "大年三十": (12, _LAST, 1), "年三十": (12, _LAST, 1), "除夕": (12, _LAST, 1),
    "chinese new year's eve": (12, _LAST, 1),
}  # fmt: skip
"""Month and day of the lunar calendar, and how many days it lasts."""
_SOLAR_FEASTS = {
    "国庆节": (10, 1, 7), "国庆": (10, 1, 7), "national day": (10, 1, 7), "劳动节": (5, 1, 5), "五一": (5, 1, 5),
    "圣诞节": (12, 25, 1), "圣诞": (12, 25, 1), "christmas day": (12, 25, 1), "christmas": (12, 25, 1),
    "xmas": (12, 25, 1),
    "christmas eve": (12, 24, 1), "平安夜": (12, 24, 1), "boxing day": (12, 26, 1), "new year's eve": (12, 31, 1),
    "new year's day": (1, 1, 1), "新年": (1, 1, 1), "new year": (1, 1, 1), "双十二": (12, 12, 1),
    "情人节": (2, 14, 1), "妇女节": (3, 8, 1),
}  # fmt: skip
_TERMS = {"清明": (4, 4.81), "清明节": (4, 4.81), "冬至": (12, 21.94)}
"""Month of a solar term and the constant of the rule by which its day is counted in this century."""
_FEASTS = "|".join(sorted((*_LUNAR_FEASTS, *_SOLAR_FEASTS, *_TERMS), key=len, reverse=True))
_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_DAY = r"初[一二三四五六七八九十]|廿[一二三四五六七八九]?|[二三]?十[一二三四五六七八九]?|\d{1,2}"
_PATTERN = re.compile(
    rf"(?:(?:农历|阴历|旧历|古历)的?(?P<month>[一二三四五六七八九十]{{1,2}}|1[0-2]|[1-9])月|(?P<named>[正冬腊])月"
    rf"|大?年(?=初))"
    rf"(?P<day>{_DAY})(?!几)[号日]?"
    r"|(?<![当最起月上读念个])(?<!孩子)(?<!儿子)(?<!女儿)(?P<bare>初[一二三四五六七八九十])"
    r"(?![中级年班]|学生|毕业|下学|上学|的?[孩娃])"
    rf"|(?<![去前旧今年])(?<!last )(?<!this )(?<!happy )(?<!去年的)(?<![a-z'])(?P<feast>{_FEASTS})"
    r"(?![a-z'轻纪岁好快]|,? (?:19"
    r"|20)\d\d|[^,。]{0,3}[买抢购])"
    r"(?:期间|假期|长假|小长假|当天| holidays?)?"
)

_HINTS = ("初", "廿", "月", "历", *_LUNAR_FEASTS, *_SOLAR_FEASTS, *_TERMS)
"""One of these stands in every text that names such a day; most texts need no closer look."""


@dataclass(frozen=True)
class Feast:
    """The words from `start` to `end` of a text and the days from `first` to `last` that they name."""

    start: int
    end: int
    first: date
    last: date


def find(text: str, today: date, farthest: timedelta = FARTHEST) -> list[Feast]:
    """The lunar days and feasts named in the normal form `text`, each the next one from `today` on."""
    if not any(word in text for word in _HINTS):
        return []
    named = ((match, _first(match, today), _length(match)) for match in _PATTERN.finditer(text))
    return [
        Feast(match.start(), match.end(), max(first, today), first + timedelta(days=length - 1))
        for match, first, length in named
        if first and first - today <= farthest
    ]


def month_of_last(feast: str, today: date) -> str | None:
    """The month (`2026-02`) in which a feast of the lunar calendar was last; None of one that has no lunar day."""
    month, day, _ = _LUNAR_FEASTS.get(feast, (0, -1, 0))
    return max((each.isoformat()[:7] for each in _in_lunar_years(today, month, day) if each <= today), default=None)


def solar(year: int, month: int, day: int) -> date | None:
    """The day of a lunar `year` in the common calendar; day 0 is the month's last. None outside of what is known."""
    listed = _years().get(year)
    if listed is None or not 1 <= month <= 12:
        return None
    at = month - 1 + (1 if month > listed.get("leap", 12) else 0)
    lengths: list[int] = listed["months"]
    day = day or lengths[at]
    if day > lengths[at]:
        return None
    begins: date = listed["new_year"]
    return begins + timedelta(days=sum(lengths[:at]) + day - 1)


def _length(match: re.Match[str]) -> int:
    feast = match["feast"]
    return (*_LUNAR_FEASTS.get(feast, ()), *_SOLAR_FEASTS.get(feast, ()), 1, 1, 1)[2] if feast else 1


def _first(match: re.Match[str], today: date) -> date | None:
    """The first day that the words name, the next that is not over."""
    feast, days = match["feast"], timedelta(days=_length(match) - 1)
    if feast in _TERMS:
        nexts = [_term(feast, year) for year in (today.year, today.year + 1)]
    elif feast in _SOLAR_FEASTS:
        month, day, _ = _SOLAR_FEASTS[feast]
        nexts = [date(year, month, day) for year in (today.year, today.year + 1)]
    elif feast:
        nexts = _in_lunar_years(today, *_LUNAR_FEASTS[feast][:2])
    elif match["bare"]:
        nexts = [each for month in range(1, 13) for each in _in_lunar_years(today, month, _day(match["bare"]))]
    else:
        nexts = _in_lunar_years(today, _month(match), _day(match["day"]))
    return min((each for each in nexts if each + days >= today), default=None)


def _month(match: re.Match[str]) -> int:
    return _MONTHS[match["named"]] if match["named"] else cardinal(match["month"] or "一") or 0


def _day(words: str) -> int:
    """`初八` → 8, `廿三` → 23, `二十` → 20."""
    return cardinal(words.removeprefix("初").replace("廿", "二十")) or -1


def _in_lunar_years(today: date, month: int, day: int) -> list[date]:
    """That day of the lunar years that touch this year and the next."""
    if day < _LAST:
        return []
    found = (solar(year, month, day) for year in (today.year - 1, today.year, today.year + 1))
    return [each for each in found if each]


def _term(name: str, year: int) -> date:
    month, constant = _TERMS[name]
    since = year % 100
    return date(year, month, int(since * 0.2422 + constant) - since // 4)


@lru_cache(maxsize=1)
def _years() -> dict[int, dict[str, Any]]:
    table: dict[int, dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["years"]
    return table
