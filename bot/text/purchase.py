"""When the heater was bought, as exactly as the customer says: a day, a month or a year in ISO form."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.text import lunar
from bot.text.calendar_words import MONTH_NAME, month_number
from bot.text.normal import normal
from bot.text.numerals import ENGLISH_NUMBER, NUMBER, cardinal, english_number
from bot.text.typed import in_characters

_SEARCHED = 500
_MONTHS = 12
_FIRST_IN_TAIWAN, _LAST_IN_TAIWAN = 100, 200
_WEEKDAYS = "一二三四五六日天"
_COUNTED_DAYS = timedelta(days=15)
"""So far back days are counted one by one, since the terms of a return hang on them; more of them are a guess."""
_A_YEAR_BACK = 2
"""Characters of 去年; what is longer names a part of the year as well."""
_YEARS_BACK = {
    "今年": 0,
    "去年": 1,
    "旧年": 1,
    "上年": 1,
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
    "元旦": "01-01", "国庆节": "10", "国庆": "10", "五一节": "05", "五一": "05", "劳动节": "05", "年底": "12",
    "年初": "01", "中秋": "", "春节": "", "过年": "", "腊月": "", "正月": "", "清明": "04", "端午": "", "暑假": "",
    "寒假": "", "上半年": "", "下半年": "", "开春": "", "入夏": "",
    "除夕": "", "年三十": "",
    "入秋": "", "入冬": "", "年尾": "12", "元宵": "", "春天": "", "夏天": "", "秋天": "", "冬天": "", "年中": "06",
    "singles' day": "11-11", "singles day": "11-11", "single's day": "11-11", "double eleven": "11-11",
    "double 11": "11-11", "double twelve": "12-12", "double 12": "12-12", "black friday": "11",
    "chinese new year": "", "lunar new year": "", "spring festival": "", "cny": "",
    "national day": "10", "labour day": "05", "labor day": "05", "new year's day": "01-01",
}  # fmt: skip
_EVENT = "|".join(sorted(_EVENTS, key=len, reverse=True)).replace("'", "['’]")
_YEAR = (
    r"(?:民国)?(?P<year>(?:20|19)\d\d|(?<!\d)(?:10[5-9]|11\d)(?=\s?年)|二[零〇][零〇一二三四五六七八九]{2}"
    r"|(?<![了有过用等约零〇一二三四五六七八九十])(?:二[零〇一二四五六]|一[五六七八九])(?=年)"
    r"|两千(?:零?[一二三四五六七八九]"
    r"|[零〇一]?[一二]?十[一二三四五六七八九]?)|(?<!\d)[012]\d(?=\s?年)"
    r"|[一二]?[零〇一二三四五六七八九](?=年\d?\d月|年[一二三四五六七八九十]{1,2}月)"
    rf"|(?<![了有过用等约零〇一二三四五六七八九十])[一二][零〇一二三四五六七八九](?=年的?(?:{_EVENT}"
    rf"|[底初末买装订购入])))"
)
_MONTH_DAY = rf"(?P<month>{NUMBER})\s?月份?(?:\s?(?P<day>{NUMBER})\s?[号日]|(?P<about>初|中旬?|底|末))?"
_BACK_MONTH_DAY = re.sub(r"\?P<", "?P<back_", _MONTH_DAY)
_PATTERN = re.compile(
    rf"(?P<back>大前年|前年|去年|旧年|上年|今年|\b(?:jin|qu|qian)nian\b)的?\s?(?:(?P<back_event>{_EVENT})"
    rf"|{_BACK_MONTH_DAY})?"
    rf"|{_YEAR}\s?年\s?(?:{_MONTH_DAY}|(?P<year_event>{_EVENT})|(?P<year_end>[底初末]))?"
    r"|(?<![\d-])(?P<iso>(?:20|19)\d\d[-/.](?:1[0-2]|0?[1-9])(?:[-/.](?:[12]\d|3[01]|0?[1-9]))?)(?![\d-])"
    rf"|(?P<lone_month>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?(?:(?P<lone_day>{NUMBER})[号日])?"
    rf"|(?:\b(?:(?P<event_of>this|last) year['’]?s? |(?:this|last) ))?(?P<event>{_EVENT})"
    r"(?:,? (?:(?P<event_back>this|last) year|(?:in |of )?(?P<event_year>20\d\d)))?"
    rf"|(?P<count>{NUMBER}|几)\s?(?:个半?)?(?P<plus>多|来|几)?(?P<unit>年|月|星期|礼拜|周|天)(?P<half>半"
    rf"|多|几)?(?:零?(?P<months>[一二两三四五六七八九十\d]{{1,2}})个月)?(?:左右)?(?:之前|以前|前)?"
    rf"|(?P<half_year>大半年|半年多?|小半年)(?:之前|以前|前)?|(?P<half_month>半个多?月)(?:之前|以前|前)?|(?:(?P<month_then>上个?月|这个月"
    rf"|本月)(?P<then_day>{NUMBER})[号日])|(?P<lately>上?上个?月|大前天|前[几两]天|前(?:段时间|阵子)|这个月|本月"
    rf"|上个?(?:星期|周|礼拜)[一二三四五六日天末]?"
    r"|昨天|前天|今天)"
    rf"|\b(?P<en_feast>(?:(?P<feast_back>last|this) )?(?:xmas|christmas)(?: day)?(?:,? (?P<feast_year2>20\d\d)"
    r"| (?P<feast_before>before last))?"
    rf"|(?P<feasts_ago>{ENGLISH_NUMBER}) (?:xmas|christmas)(?:es)? ago"
    r"|(?P<feast_year>(?:19"
    rf"|20)\d\d) (?:xmas|christmas))\b"
    r"|\b(?:last (?P<season_back>spring|summer|autumn|fall|winter)"
    r"|(?:the )?(?P<season_before>spring|summer|autumn|fall|winter) before last)\b"
    r"|\b(?P<en_season>(?:early|late|mid|spring|summer|autumn|fall|winter)(?: of)? (?P<season_year>(?:19|20)\d\d)"
    r"|(?P<season_year2>(?:19|20)\d\d (?=(?:spring|summer|autumn|fall|winter)\b))(?:spring|summer|autumn|fall"
    r"|winter))\b"
    r"|\b(?P<new_year>(?:chinese|lunar) new year|spring festival) (?P<new_year_of>(?:19|20)\d\d)\b"
    r"|(?<![\d/.-])(?P<numeric>\d{1,2}[/.-]\d{1,2}[/.-]20\d\d)(?![\d/.-])"
    r"|(?<![\d/.-])(?P<month_first>1[0-2]|0?[1-9])[/.-](?P<of_year>20\d\d)(?![\d/.-])"
    r"|\b(?P<before_last>(?:the )?year before last)\b"
    r"|\blast (?P<last_day>mon|tues|wednes|thurs|fri|satur|sun)day\b"
    rf"|\b(?:(?P<month_back>last|this) )?(?:(?P<en_day>\d{{1,2}})(?:st|nd|rd"
    rf"|th)?(?: of)? )?(?P<en_month>{MONTH_NAME})\b\.?(?: (?P<en_day2>\d{{1,2}})(?:st|nd|rd"
    r"|th)?\b(?!\d))?(?:,? ?(?:of )?(?:(?P<en_year>(?:19|20)\d\d)|['’](?P<short_year>\d\d)\b"
    r"|(?P<year_back>last|this) year|(?P<year_before>(?:the )?year before last)))?"
    r"|(?<!\w)['’](?P<bare_short>[012]\d)\b"
    rf"|\b(?P<en_count>half a|(?!(?:19|20)\d\d\b){ENGLISH_NUMBER})(?:[ -]?ish|-odd| odd)?(?: of| and a half)?"
    r"(?:(?<=\d)|[ -])(?P<en_unit>years?|yrs?|y(?= ago)|decades?|months?|mths?|fortnights?|weeks?|wks?|days?)"
    r"(?: and a half)?(?: ago|[ -]old| back)?\b"
    r"|\b(?P<en_back>last|this) (?P<en_back_unit>year|month|week)\b"
    r"|\b(?P<yesterday>(?:(?:the )?day before )?yesterday)\b"
    r"|(?<![\d.-])(?P<bare_year>(?:19|20)\d\d)(?![\d年.-])",
    re.ASCII,
)
_BOUGHT = re.compile(
    r"[买抢购]|双十[一二]|双1[12]|618|保修卡|入手|换的新|下单|拼多多|京东|淘宝|天猫|发票|订的|拿的|(?:才|刚"
    r"|就)[拿提拉搬扛]回|用[到不没]|没用|用了|使用|用到现在|[才刚]用|订单|下的|用[了得咗]|mai"
    r"|bought|b[gh]*t\b|(?<!the )(?<!your )(?<!a )\bbot\b|buy|purch|invoice|got it"
    r"|had it|have had|ordered|using|used it|years? old|yrs? old"
)
_WAITED = re.compile(r"(?:等|拖|拖延|耽误|waited|waiting)(?:了|for)?\s*$")
_SOMEONE = re.compile(r"\b(?:son|daughter|kids?|child|baby|boy|girl|mother|father|mum|mom|dad|lady|man)\b")
_COVERED = re.compile(r"(?:质保|保修|保固|包修|保|包)(?:期|是|写)?\s*$")
_FEAST_AHEAD = re.compile(r"(?:的时候)?(?:你们)?(?:放假|上班|开门|营业)")
_ASKED = re.compile(r"\s*[呢吗?]")
_OTHER_MATTER = re.compile(r"修|报|保|质|warrant|cover")
_FILLERS = re.compile(
    r"[\s,。!?.]|不记得了?|记不清了?|好像|应该|大概|可能|差不多|估计|得有|起码|至少|快|有|是|了|吧|嘛|哦|啊|呢|的"
    r"|\b(?:about|roughly|around|maybe|like|over|nearly|almost|at least|i think|probably|it's|its|only|just|in)\b"
)
_ON_THE_RECEIPT = re.compile(
    r"(?:小票|收据|票据|单据|receipt)[^,，。]{0,4}(?:上|里|印|写|是|日期|says?|dated)[^,，。]{0,4}$"
)
_SHOPPING = re.compile(
    "双十[一二]|双1[12]|618|六一八|single['’]?s?['’]? day|double (?:eleven|11|twelve|12)|black friday"
)
_PUT_UP = re.compile("(?:刚|才)?(?:安?装的|装(?=$|[,。]))")
_INSTALLED = re.compile(r"装的|装上|装了|安装的|装修|installed|put in")


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
    best: tuple[tuple[int, bool], PurchaseDate] | None = None
    for found in _PATTERN.finditer(matched.text):
        value = _value(found, now.date())
        if value is None or value > now.date().isoformat()[: len(value)]:
            continue
        if not (asked or _speaks_of_buying(matched.text, found)):
            continue
        start, end = matched.span(found.start(), found.end())
        said = text[start:end].rstrip()
        distance = _distance(matched.text, found.start(), found.end()), bool(found["count"])
        if best is None or distance < best[0]:
            best = distance, PurchaseDate(start, start + len(said), said, value)
    return best[1] if best else None


def _distance(text: str, start: int, end: int) -> int:
    """Characters between a date and the nearest word of buying; the nearest date is the one that is meant."""
    gaps = [max(word.start() - end, start - word.end(), 0) for word in _BOUGHT.finditer(text)]
    return min(gaps, default=len(text))


def _since(text: str, found: re.Match[str]) -> bool:
    """`since yesterday`, `上个星期就这样了` tell when a fault began."""
    if not (found["lately"] or found["yesterday"] or found["en_back"] or found["last_day"]):
        return False
    return bool(re.search(r"(?:since |从|自)$", text[: found.start()]) or re.match(r"就(?!买)", text[found.end() :]))


def _speaks_of_buying(text: str, found: re.Match[str]) -> bool:
    """Whether the words around a date tell of buying or using, or the date is all the customer says."""
    before, after = text[: found.start()], text[found.end() :]
    is_ahead = _FEAST_AHEAD.match(after) or (found["event"] and _ASKED.match(after))  # "那国庆呢"
    if _since(text, found) or _COVERED.search(before) or is_ahead:
        return False
    said = text.strip() if _OTHER_MATTER.search(text) else _FILLERS.sub("", text)
    whole = len(found[0]) >= 0.5 * len(said) and not re.fullmatch(r".{0,2}天", found[0])
    if found["count"] or found["en_count"]:
        return _counts_from_buying(text, found, whole=whole)
    if found["lately"] in _DAYS_BACK or found[0] == "今年":
        return bool(_BOUGHT.search(before[-4:] + " " + after[:6])) or whole
    if found["last_day"]:  # alone it may tell anything
        return bool(_BOUGHT.search(before[-30:]))
    if (
        _SHOPPING.search(found[0])
        or _ON_THE_RECEIPT.search(before)
        or ((found["back"] or found["year"] or found["event"]) and _PUT_UP.match(after))
    ):
        return True
    year_of_use = bool(found["bare_year"]) and before.endswith("since ")
    is_sure = bool(found["year"] or (found["back"] and len(found[0]) > _A_YEAR_BACK))
    around = before[-(30 if before.isascii() else 14) :] + " " + after[: 18 if is_sure else 10]
    return year_of_use or bool(_BOUGHT.search(around)) or whole or (len(text) <= 14 and bool(_INSTALLED.search(text)))


def _counts_from_buying(text: str, found: re.Match[str], *, whole: bool) -> bool:
    """`买了三年`, `用了八个月`, `five years old`: so long since it was bought, not waited, promised or lived."""
    before, after = text[: found.start()], text[found.end() :]
    if _WAITED.search(before) or _SOMEONE.search(text):
        return False
    years = found["unit"] == "年" or (found["en_unit"] or "").startswith(("y", "dec"))
    ago = found[0].endswith("前") or "ago" in found[0] or years
    if ago and len(text) <= 14 and _INSTALLED.search(text):
        return True
    reach = (30 if before.isascii() else 14) if ago else 6
    around = before[-reach:] + " " + after[: 10 if ago else 6]
    return found[0].endswith("old") or bool(_BOUGHT.search(around)) or (whole and ago)


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
    if found["month_first"]:
        return _checked(int(found["of_year"]), int(found["month_first"]))
    if found["before_last"] or found["season_back"] or found["season_before"]:
        return _season(found, today)
    year = f"20{found['bare_short']}" if found["bare_short"] else None
    year = year or found["season_year"] or found["season_year2"] or found["new_year_of"] or found["bare_year"]
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
    if found["en_month"] == "may" and not (day or said):
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
        months = cardinal(found["months"]) if found["months"] else None
        if months or number < 1:
            return _months_back(today, int(12 * number) + (months or 0))
        return str(today.year - int(number))
    if unit == "月" or unit[0] == "m":
        return _months_back(today, int(number))
    in_days = unit == "天" or unit[0] == "d"
    day = today - timedelta(days=number * (1 if in_days else 14 if unit[0] == "f" else 7))
    return day.isoformat() if in_days and today - day <= _COUNTED_DAYS else day.isoformat()[:7]


def _counted(words: str) -> int | None:
    """`三` → 3; `三四` means three or four and counts as the lower; `几` is no number."""
    return None if words == "几" else cardinal(words[0] if re.fullmatch("[一二两三四五六七八九]{2}", words) else words)


def _lately(found: re.Match[str], today: date) -> str:
    words = found["lately"] or {"yesterday": "昨天", None: ""}.get(found["yesterday"], "前天")
    if words in _DAYS_BACK:
        return (today - timedelta(days=_DAYS_BACK[words])).isoformat()
    if words and (weekday := _WEEKDAYS.find(words[-1])) >= 0:
        return (today - timedelta(days=today.weekday() + 7 - min(weekday, 6))).isoformat()
    return _lately_in_english(found, today) if found["en_back"] else _about(words, today)


_DAYS_BACK = {"今天": 0, "昨天": 1, "前天": 2, "大前天": 3}


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
