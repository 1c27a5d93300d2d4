"""When the heater was bought, as exactly as the customer says: a day, a month or a year in ISO form."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.text import lunar
from bot.text.calendar_words import MONTH_NAME, month_number
from bot.text.normal import normal
from bot.text.numerals import ENGLISH_NUMBER, NUMBER, cardinal, english_number
from bot.text.purchase_context import (
    DAYS_BACK,
    distance_to_buying,
    is_corrected,
    is_taken_back,
    speaks_of_buying,
    stands_in_its_place,
)
from bot.text.typed import in_characters

_SEARCHED = 500
_MONTHS = 12
_FIRST_IN_TAIWAN, _LAST_IN_TAIWAN = 100, 200
_WEEKDAYS = "一二三四五六日天"
_COUNTED_DAYS = timedelta(days=15)
"""So far back days are counted one by one, since the terms of a return hang on them; more of them are a guess."""
_YEARS_BACK = {
    "今年": 0,
    "去年": 1,
    "旧年": 1,
    "上年": 1,
    "头年": 1,
    "前年": 2,
    "大前年": 3,
    "jinnian": 0,
    "qunian": 1,
    "qiannian": 2,
    "this year": 0,
    "last year": 1,
    "year before last": 2,
}
_EVENTS = {
    "双十一": "11-11", "双11": "11-11", "双十二": "12-12", "双12": "12-12", "六一八": "06-18", "618": "06-18",
    "六幺八": "06-18",
    "元旦": "01-01", "国庆节": "10", "国庆": "10", "五一节": "05", "五一": "05", "劳动节": "05", "年底": "12",
    "年初": "01", "中秋": "", "春节": "", "过年": "", "腊月": "", "正月": "", "清明": "04", "端午": "", "暑假": "",
    "寒假": "", "上半年": "", "下半年": "", "开春": "", "入夏": "",
    "除夕": "", "年三十": "",
    "入秋": "", "入冬": "", "年尾": "12", "元宵": "", "春天": "", "夏天": "", "秋天": "", "冬天": "", "年中": "06",
    "冬月": "", "秋里": "", "春里": "", "夏里": "", "冬里": "", "秋后": "", "热天": "", "冷天": "", "年根": "12",
    "singles' day": "11-11", "singles day": "11-11", "single's day": "11-11", "double eleven": "11-11",
    "double 11": "11-11", "double twelve": "12-12", "double 12": "12-12", "black friday": "11",
    "chinese new year": "", "lunar new year": "", "spring festival": "", "cny": "",
    "national day": "10", "labour day": "05", "labor day": "05", "new year's day": "01-01",
}  # fmt: skip
_EVENT = "|".join(sorted(_EVENTS, key=len, reverse=True)).replace("'", "['’]")
_YEAR = (
    r"(?:民国|西元|公元)?(?P<year>(?:20|19)\d\d|(?<!\d)(?:10[5-9]|11\d)(?=\s?年)|二[零〇][零〇一二三四五六七八九]{2}"
    r"|(?<![了有过用等约零〇一二三四五六七八九十])(?:二[零〇一二四五六]|一[五六七八九])(?=年)"
    r"|两千(?:零?[一二三四五六七八九]"
    r"|[零〇一]?[一二]?十[一二三四五六七八九]?)|(?<!\d)[012]\d(?=\s?年)"
    r"|[一二]?[零〇一二三四五六七八九](?=年的?\d?\d月|年的?[一二三四五六七八九十]{1,2}月)"
    rf"|(?<![了有过用等约零〇一二三四五六七八九十])[一二][零〇一二三四五六七八九](?=年的?(?:{_EVENT}"
    rf"|[底初末买装订购入])|年(?:$|[,。])))"
)
_MONTH_DAY = (
    rf"(?P<month>{NUMBER})\s?月份?(?:\s?(?P<day>{NUMBER}(?=\s?[号日])"
    r"|(?:[一二三四五六七八九十]{1,3}|(?<!\d)\d{1,2})(?=[,。;!?买购]|$))(?:\s?[号日])?"
    r"|(?P<about>初[一二三四五六七八九十]{1,2}|初|中旬?|[上下]旬|底|末))?"
)
_ABOUT_IT = r"(?:间|里|头|前后|[前后](?![天面来脚头]))?"
"""How near to a feast or a season: `腊月间`, `元旦前后`."""
_BACK_MONTH_DAY = re.sub(r"\?P<", "?P<back_", _MONTH_DAY)
_PATTERN = re.compile(
    rf"(?P<back>大前年|前年|去年|旧年|上年|今年|头年(?=[子儿]|的?(?:{_EVENT}))|\b(?:jin|qu|qian)nian\b)[子儿]?的?\s?"
    rf"(?:(?P<back_event>{_EVENT})(?:{_EVENT})?{_ABOUT_IT}|{_BACK_MONTH_DAY})?"
    rf"|{_YEAR}(?:\s?年|(?<=20\d\d)(?={_EVENT}))"
    rf"(?:的?\s?{_MONTH_DAY}|\s?(?P<year_event>{_EVENT}){_ABOUT_IT}|\s?(?P<year_end>[底初末]))?"
    r"|(?<![\d.-])(?P<short_iso>[12]\d\.(?:1[0-2]|0?[1-9])\.(?:[12]\d|3[01]|0?[1-9]))(?![\d.])"
    r"|(?<![\d-])(?P<iso>(?:20|19)\d\d[-/.](?:1[0-2]|0?[1-9])(?:[-/.](?:[12]\d|3[01]|0?[1-9]))?)(?![\d-])"
    rf"|(?P<lone_month>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?(?:(?P<lone_day>{NUMBER})[号日])?"
    rf"|(?:\b(?:(?P<event_of>this|last) year['’]?s? |(?:this|last) ))?(?P<event>{_EVENT})"
    r"(?:,? (?:(?P<event_back>this|last) year|(?:in |of )?(?P<event_year>20\d\d)))?"
    rf"|(?<![同这那每头第哪十百])(?P<count>{NUMBER}|几)\s?(?:个半?)?(?P<plus>多|来|几)?"
    rf"(?P<unit>年|月|星期|礼拜|周|天|日天?(?=[都就勿未,。]|$))(?P<half>半|多|几|办(?=$|[,。]))?"
    rf"(?:零?(?P<months>[一二两三四五六七八九十\d]{{1,2}})个月)?(?:一?点点?|过点|把|左右)?(?:之前|以前|前头?)?"
    rf"(?:(?<=前)(?P<count_event>{_EVENT}))?(?:(?<=前头)(?P<count_event2>{_EVENT}))?"
    r"|(?P<half_year>大半年|半年多?|小半年)(?:之前|以前|前)?|(?P<half_month>半个多?月)(?:之前|以前|前)?"
    rf"|(?:(?P<month_then>上个?月|这个月"
    rf"|本月)(?P<then_day>{NUMBER})[号日])|(?P<lately>上?上个?月|大前天|前[几两]天|前(?:段时间|阵子)|这个月|本月"
    rf"|上个?(?:星期|周|礼拜)[一二三四五六日天末]?"
    r"|昨天|前天|今天)"
    rf"|\b(?P<en_feast>(?:(?P<feast_back>last|this) )?(?:xmas|christmas)(?: day)?(?:,? (?P<feast_year2>20\d\d)"
    r"| (?P<feast_before>before last))?"
    rf"|(?P<feasts_ago>{ENGLISH_NUMBER}) (?:xmas|christmas)(?:es)? ago"
    r"|(?P<feast_year>(?:19"
    rf"|20)\d\d) (?:xmas|christmas))\b"
    r"|\b(?:last (?P<season_back>spring|summer|autumn|fall|winter)"
    r"|(?P<season_before>spring|summer|autumn|fall|winter) before last)\b"
    r"|\b(?P<en_season>(?:early|late|mid)[ -](?P<season_short>[012]\d)\b(?! ?(?:[ap]\.?m|min|o'?clock|:))"
    r"|(?:early|late|mid|spring|summer|autumn|fall|winter)(?: of)? (?P<season_year>(?:19|20)\d\d)"
    r"|(?P<season_year2>(?:19|20)\d\d (?=(?:spring|summer|autumn|fall|winter)\b))(?:spring|summer|autumn|fall"
    r"|winter))\b"
    r"|(?<![\d/.-])(?P<numeric>\d{1,2}[/.-]\d{1,2}[/.-]20\d\d)(?![\d/.-])"
    r"|(?<![\d/.-])(?P<month_first>1[0-2]|0?[1-9])[/.-](?P<of_year>20\d\d)(?![\d/.-])"
    r"|\b(?P<before_last>(?:the )?year before last)\b"
    r"|\blast (?P<last_day>mon|tues|wednes|thurs|fri|satur|sun)day\b"
    rf"|\b(?P<month_of_year>(?:19|20)\d\d),? (?P<in_month>{MONTH_NAME})\b(?! i\b)"
    rf"|\b(?:(?P<month_back>last|this) )?(?:(?P<en_day>\d{{1,2}})(?:st|nd|rd"
    rf"|th)?(?: of)? )?(?P<en_month>{MONTH_NAME})\b\.?(?: (?P<en_day2>\d{{1,2}})(?:st|nd|rd"
    r"|th)?\b(?!\d))?(?:,? ?(?:of )?(?:(?P<en_year>(?:19|20)\d\d)|['’](?P<short_year>\d\d)\b"
    r"|(?P<year_back>last|this) year|(?P<year_before>(?:the )?year before last)))?"
    r"|(?<!\w)['’](?P<bare_short>[012]\d)\b"
    rf"|\b(?P<en_count>half a|(?!(?:19|20)\d\d\b){ENGLISH_NUMBER})(?:[ -]?ish|-odd| odd)?(?: of| and a half)?"
    r"(?:(?<=\d)|[ -])(?P<en_unit>years?|yrs?|y(?= ago)|decades?|months?|mths?|fortnights?|weeks?|wks?|days?)\b"
    rf"(?: and a half\b)?(?: and (?P<en_months>a|{ENGLISH_NUMBER}) months?\b)?(?: ago\b| back\b)?"
    r"|\b(?P<en_back>last|this) (?P<en_back_unit>year|month|week)\b"
    r"|\b(?P<yesterday>(?:(?:the )?day before )?yesterday)\b"
    r"|(?<![\d.-])(?:西元|公元)?(?P<bare_year>(?:19|20)\d\d)(?![\d年.-])",
    re.ASCII,
)


@dataclass(frozen=True)
class PurchaseDate:
    """`value` is `2024-03-15`, `2024-03` or `2024`, as exact as the customer was; with the verbatim span."""

    start: int
    end: int
    text: str
    value: str

    @property
    def precision(self) -> str:
        """`day`, `month` or `year`."""
        return {4: "year", 7: "month"}.get(len(self.value), "day")


def purchase_date(text: str, now: datetime, *, asked: bool = False) -> PurchaseDate | None:
    """The date of purchase in `text`; never one after `now`.

    Without `asked` the words must speak of buying or using, or be the whole message.
    """
    matched = in_characters(normal(text, _SEARCHED))
    best: tuple[tuple[bool, int], PurchaseDate] | None = None
    corrected = is_corrected(matched.text)
    for found in _PATTERN.finditer(matched.text):
        value = _value(found, now.date())
        if value is None or value > now.date().isoformat()[: len(value)]:
            continue
        if corrected and is_taken_back(matched.text, found):
            continue
        in_its_place = corrected and stands_in_its_place(matched.text, found)
        if not (asked or in_its_place or speaks_of_buying(matched.text, found)):
            continue
        start, end = matched.span(found.start(), found.end())
        said = text[start:end].rstrip(" .")
        counted = found["count"] or found["en_count"] or found["half_month"]
        is_length = bool(counted or found["lately"] or found[0] == "今年")
        distance = is_length, 0 if corrected else distance_to_buying(matched.text, found.start(), found.end())
        if best is None or distance < best[0] or (corrected and distance == best[0]):
            best = distance, PurchaseDate(start, start + len(said), said, value)
    return best[1] if best else None


def _value(found: re.Match[str], today: date) -> str | None:  # noqa: PLR0911 - one for each way of saying it
    if found["back"]:
        year = today.year - _YEARS_BACK[found["back"]]
        return _iso(year, found["back_month"], found["back_day"], found["back_event"])
    if found["year"]:
        year_said = cardinal(found["year"])
        if year_said is None:
            return None
        event = found["year_event"] or (found["year_end"] and ("年初" if found["year_end"] == "初" else "年底"))
        return _iso(_common_year(year_said), found["month"], found["day"], event)
    if found["short_iso"]:
        return _checked(*(int(part) + 2000 * (not at) for at, part in enumerate(found["short_iso"].split("."))))
    if found["iso"]:
        parts = [int(part) for part in re.split(r"[-/.]", found["iso"])]
        return _checked(*parts)
    if found["lone_month"]:
        return _latest(today, cardinal(found["lone_month"]) or 0, cardinal(found["lone_day"] or ""))
    if found["event"]:
        event, back = found["event"].replace("’", "'"), found["event_back"] or found["event_of"]
        month, _, day = _EVENTS[event].partition("-")
        if found["event_year"] or back:
            return _iso(int(found["event_year"] or today.year - (back == "last")), None, None, event)
        return _latest(today, int(month), int(day) if day else None) if month else lunar.month_of_last(event, today)
    return _english(found, today) or _ago(found, today)


def _common_year(said: int) -> int:
    """`23年` is 2023, `112年` is 2023 as years are counted in Taiwan."""
    if said < _FIRST_IN_TAIWAN:
        return said + 2000
    return said + 1911 if said < _LAST_IN_TAIWAN else said


def _english(found: re.Match[str], today: date) -> str | None:
    """Months, feasts and seasons as English names them, and a year alone."""
    if found["en_month"]:
        return _english_month(found, today)
    if found["en_feast"]:
        return _christmas(found, today)
    if found["numeric"]:
        return _numeric(found["numeric"])
    if year := found["of_year"] or found["month_of_year"]:
        return _checked(int(year), int(found["month_first"] or month_number(found["in_month"])))
    if found["before_last"] or found["season_back"] or found["season_before"]:
        return _season(found, today)
    return _year_alone(found)


def _year_alone(found: re.Match[str]) -> str | None:
    """`'22`, `early 23`, `autumn 2021`, `2019`."""
    short = found["bare_short"] or found["season_short"]
    year = f"20{short}" if short else None
    year = year or found["season_year"] or found["season_year2"] or found["bare_year"]
    return year.strip() if year else None


def _christmas(found: re.Match[str], today: date) -> str:
    """`last Christmas`, `the Christmas before last`, `three Christmases ago`."""
    said = found["feast_year"] or found["feast_year2"]
    back = int(english_number(found["feasts_ago"]) or 1) if found["feasts_ago"] else 2 if found["feast_before"] else 1
    return f"{int(said) if said else today.year - back}-12-25"


def _season(found: re.Match[str], today: date) -> str:
    """The year before last, or that of `last summer`: of the last one that is over; of a winter that in which it
    began."""
    name = found["season_back"] or found["season_before"]
    if name is None:
        return str(today.year - 2)
    is_over = name != "winter" and today.month > _SEASON_ENDS[name]
    return str(today.year - (not is_over) - bool(found["season_before"]))


_SEASON_ENDS = {"spring": 5, "summer": 8, "autumn": 11, "fall": 11}
_EN_WEEKDAYS = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")


def _numeric(words: str) -> str | None:
    """`25/12/2023` names a day; in `12/05/2023` nobody knows which is the month, and only the year is sure."""
    first, second, year = (int(part) for part in re.split(r"[/.-]", words))
    if first == second or max(first, second) > _MONTHS:
        return _checked(year, *((second, first) if first > second else (first, second)))
    return str(year)


def _iso(year: int, month: str | None, day: str | None, event: str | None) -> str | None:
    if event:
        return f"{year}-{_EVENTS[event]}" if _EVENTS[event] else str(year)
    if not month:
        return str(year)
    return _checked(year, cardinal(month) or 0, *([cardinal(day) or 0] if day else []))


def _checked(year: int, month: int, day: int | None = None) -> str | None:
    try:
        checked = date(year, month, day or 1)
    except ValueError:
        return None
    return checked.isoformat() if day else checked.isoformat()[:7]


def _latest(today: date, month: int, day: int | None) -> str | None:
    """The last such month or day that is not after today."""
    this = _checked(today.year, month, day)
    if this is None or this <= today.isoformat()[: len(this)]:
        return this
    return _checked(today.year - 1, month, day)


def _english_month(found: re.Match[str], today: date) -> str | None:
    month, day = month_number(found["en_month"]), found["en_day"] or found["en_day2"]
    said = f"20{found['short_year']}" if found["short_year"] else found["en_year"]
    if found["en_month"] == "may" and not (day or said or found["year_back"] or found["month_back"]):
        return None
    if found["year_back"] or found["year_before"]:
        year = today.year - (2 if found["year_before"] else found["year_back"] == "last")
        return _checked(year, month, int(day) if day else None)
    if said:
        return _checked(int(said), month, int(day) if day else None)
    return _latest(today, month, int(day) if day else None)


def _ago(found: re.Match[str], today: date) -> str | None:
    if found["month_then"]:
        month = _months_back(today, 1 if found["month_then"].startswith("上") else 0)
        return _checked(int(month[:4]), int(month[5:]), cardinal(found["then_day"]) or 0)
    if found["half_year"]:
        return _months_back(today, 6)
    if found["last_day"]:
        gap = (today.weekday() - _EN_WEEKDAYS.index(found["last_day"])) % 7 or 7
        return (today - timedelta(days=gap)).isoformat()
    if found["half_month"]:
        return (today - timedelta(days=15)).isoformat()[:7]
    if found["lately"] or found["en_back"] or found["yesterday"]:
        return _lately(found, today)
    return _counted_back(found, today)


def _counted_back(found: re.Match[str], today: date) -> str | None:
    """`三年前`, `买了八个月`, `two weeks ago`: so many years, months, weeks or days before today."""
    number: float | None
    if found["count"]:
        number, unit = _counted(found["count"]), found["unit"]
    elif found["en_count"]:
        number = 0.5 if found["en_count"] == "half a" else english_number(found["en_count"])
        unit = found["en_unit"]
    else:
        return None
    if number is None or number > 60:
        return None
    if unit.startswith("decade"):
        number, unit = 10 * number, "年"
    if unit == "年" or unit[0] == "y":
        return _years_back(found, number, today)
    if unit == "月" or unit[0] == "m":
        return _months_back(today, int(number))
    in_days = unit[0] in "天日d"
    day = today - timedelta(days=number * (1 if in_days else 14 if unit[0] == "f" else 7))
    return day.isoformat() if in_days and today - day <= _COUNTED_DAYS else day.isoformat()[:7]


def _years_back(found: re.Match[str], number: float, today: date) -> str | None:
    """`三年前`, `一年零两个月`, `四年前国庆`, `half a year ago`."""
    if event := found["count_event"] or found["count_event2"]:
        return _iso(today.year - int(number), None, None, event)
    months = _months_over(found) or 0
    return _months_back(today, int(12 * number) + months) if months or number < 1 else str(today.year - int(number))


def _months_over(found: re.Match[str]) -> int | None:
    """The months beyond whole years: `一年零两个月`, `two years and a month`."""
    if found["months"]:
        return cardinal(found["months"])
    told = found["en_months"]
    return 1 if told == "a" else int(english_number(told) or 0) if told else None


def _counted(words: str) -> int | None:
    """`三` → 3; `三四` means three or four and counts as the lower; `几` is no number."""
    return None if words == "几" else cardinal(words[0] if re.fullmatch("[一二两三四五六七八九]{2}", words) else words)


def _lately(found: re.Match[str], today: date) -> str:
    words = found["lately"] or {"yesterday": "昨天", None: ""}.get(found["yesterday"], "前天")
    if words in DAYS_BACK:
        return (today - timedelta(days=DAYS_BACK[words])).isoformat()
    if words and (weekday := _WEEKDAYS.find(words[-1])) >= 0:
        return (today - timedelta(days=today.weekday() + 7 - min(weekday, 6))).isoformat()
    return _lately_in_english(found, today) if found["en_back"] else _about(words, today)


def _about(words: str, today: date) -> str:
    """`上上个月`, `这个月`, `前段时间`, `前几天`, `上周` as a month."""
    if "月" in words:
        return _months_back(today, words.count("上"))
    days = 30 if words in ("前段时间", "前阵子") else 3 if words.startswith("前") else 7
    return (today - timedelta(days=days)).isoformat()[:7]


def _lately_in_english(found: re.Match[str], today: date) -> str:
    last = found["en_back"] == "last"
    if found["en_back_unit"] == "year":
        return str(today.year - last)
    if found["en_back_unit"] == "month":
        return _months_back(today, int(last))
    return (today - timedelta(days=7 if last else 0)).isoformat()[:7]


def _months_back(today: date, months: int) -> str:
    index = today.year * 12 + today.month - 1 - months
    return f"{index // 12}-{index % 12 + 1:02d}"
