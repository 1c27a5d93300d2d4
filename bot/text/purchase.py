"""When the heater was bought, as exactly as the customer says: a day, a month or a year in ISO form."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.text.calendar_words import MONTH_NAME, month_number
from bot.text.normal import normal
from bot.text.numerals import ENGLISH_NUMBER, NUMBER, cardinal, english_number

_SEARCHED = 500
_YEARS_BACK = {"今年": 0, "去年": 1, "旧年": 1, "前年": 2, "大前年": 3, "this year": 0, "last year": 1}
_EVENTS = {
    "双十一": "11-11", "双11": "11-11", "双十二": "12-12", "双12": "12-12", "六一八": "06-18", "618": "06-18",
    "元旦": "01-01",
    "国庆节": "10", "国庆": "10", "五一": "05", "劳动节": "05", "年底": "12", "年初": "01", "中秋": "", "春节": "",
    "过年": "",
    "上半年": "", "下半年": "", "春天": "", "夏天": "", "秋天": "", "冬天": "", "年中": "06",
}  # fmt: skip
_EVENT = "|".join(sorted(_EVENTS, key=len, reverse=True))
_YEAR = (
    r"(?P<year>(?:20|19)\d\d|二[零〇][零〇一二三四五六七八九]{2}|(?<!\d)[012]\d(?=\s?年)"
    r"|[一二]?[零〇一二三四五六七八九](?=年\d?\d月))"
)
_MONTH_DAY = rf"(?P<month>{NUMBER})\s?月份?(?:\s?(?P<day>{NUMBER})\s?[号日]|(?P<about>初|中旬?|底|末))?"
_BACK_MONTH_DAY = re.sub(r"\?P<", "?P<back_", _MONTH_DAY)
_PATTERN = re.compile(
    rf"(?P<back>大前年|前年|去年|旧年|今年)的?\s?(?:(?P<back_event>{_EVENT})"
    rf"|{_BACK_MONTH_DAY})?(?:那会儿?|的时候)?"
    rf"|{_YEAR}\s?年\s?(?:{_MONTH_DAY}|(?P<year_event>{_EVENT}))?"
    r"|(?<![\d-])(?P<iso>(?:20|19)\d\d[-/.](?:1[0-2]|0?[1-9])(?:[-/.](?:[12]\d|3[01]|0?[1-9]))?)(?![\d-])"
    rf"|(?P<lone_month>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?(?:(?P<lone_day>{NUMBER})[号日])?"
    rf"|(?P<event>{_EVENT})"
    rf"|(?P<count>{NUMBER}|几)\s?(?:个)?(?P<plus>多|来|几)?(?P<unit>年|月|星期|礼拜|周|天)(?P<half>半"
    rf"|多)?(?:左右)?(?:之前|以前|前)?"
    r"|(?P<half_year>大半年|半年多?|小半年)(?:之前|以前|前)?|(?P<lately>上个?月|这个月|本月|上个?星期|上个?周"
    r"|上个?礼拜|昨天|前天|今天)"
    rf"|\b(?:(?P<en_day>\d{{1,2}})(?:st|nd|rd"
    rf"|th)?(?: of)? )?(?P<en_month>{MONTH_NAME})\b\.?(?: (?P<en_day2>\d{{1,2}})(?:st|nd|rd"
    rf"|th)?\b(?!\d))?(?:,? ?(?P<en_year>(?:19|20)\d\d))?"
    rf"|\b(?P<en_count>half a|{ENGLISH_NUMBER})(?: of)?[ -](?P<en_unit>years?|yrs?|months?|weeks?|days?)(?: ago| old"
    rf"| back)?\b"
    r"|\b(?P<en_back>last|this) (?P<en_back_unit>year|month|week)\b|\b(?P<yesterday>yesterday)\b"
    r"|(?<![\d.-])(?P<bare_year>(?:19|20)\d\d)(?![\d年.-])"
)
_BOUGHT = re.compile(
    r"买|购|入手|下单|拼多多|京东|淘宝|天猫|发票|订的|拿的|用了|使用|用到现在|mai|bought|buy|purchase|invoice|got it"
    r"|had it|have had|ordered|using|used it|old\b"
)
_WAITED = re.compile(r"(?:等|拖|拖延|耽误|waited|waiting)(?:了|for)?\s*$")
_SOMEONE = re.compile(r"\b(?:son|daughter|kids?|child|baby|boy|girl|mother|father|mum|mom|dad|lady|man)\b")
_INSTALLED = re.compile(r"装的|装了|安装的|装修|installed|put in")


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
    matched = normal(text, _SEARCHED)
    for found in _PATTERN.finditer(matched.text):
        value = _value(found, now.date())
        if value is None or value > now.date().isoformat()[: len(value)]:
            continue
        if not (asked or _speaks_of_buying(matched.text, found)):
            continue
        start, end = matched.span(found.start(), found.end())
        said = text[start:end].rstrip()
        return PurchaseDate(start, start + len(said), said, value)
    return None


def _speaks_of_buying(text: str, found: re.Match[str]) -> bool:
    around = text[max(0, found.start() - 14) : found.start()] + " " + text[found.end() : found.end() + 10]
    whole = len(found[0]) >= 0.5 * len(text.strip()) and not re.fullmatch(r".{0,2}天", found[0])
    if found["count"] or found["en_count"]:
        if _WAITED.search(text[: found.start()]):
            return False
        near = text[max(0, found.start() - 6) : found.start()] + text[found.end() : found.end() + 6]
        ago = (
            found[0].endswith("前")
            or "ago" in found[0]
            or found["unit"] == "年"
            or (found["en_unit"] or "").startswith("y")
        )
        aged = found[0].endswith("old") and not _SOMEONE.search(text)
        return aged or bool(_BOUGHT.search(around if ago else near)) or (whole and ago)
    return bool(_BOUGHT.search(around)) or whole or (len(text) <= 14 and bool(_INSTALLED.search(text)))


def _value(found: re.Match[str], today: date) -> str | None:  # noqa: PLR0911 - one for each way of saying it
    if found["back"]:
        year = today.year - _YEARS_BACK[found["back"]]
        return _iso(year, found["back_month"], found["back_day"], found["back_event"])
    if found["year"]:
        year_said = cardinal(found["year"])
        if year_said is None:
            return None
        return _iso(
            year_said + 2000 if year_said < 100 else year_said, found["month"], found["day"], found["year_event"]
        )
    if found["iso"]:
        parts = [int(part) for part in re.split(r"[-/.]", found["iso"])]
        return _checked(*parts)
    if found["lone_month"]:
        return _latest(today, cardinal(found["lone_month"]) or 0, cardinal(found["lone_day"] or ""))
    if found["event"]:
        month, _, day = _EVENTS[found["event"]].partition("-")
        return _latest(today, int(month), int(day) if day else None) if month else None
    if found["en_month"]:
        return _english_month(found, today)
    if found["bare_year"]:
        return found["bare_year"]
    return _ago(found, today)


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
    if found["en_month"] == "may" and not (day or found["en_year"]):
        return None
    if found["en_year"]:
        return _checked(int(found["en_year"]), month, int(day) if day else None)
    return _latest(today, month, int(day) if day else None)


def _ago(found: re.Match[str], today: date) -> str | None:
    if found["half_year"]:
        return _months_back(today, 6)
    if found["lately"] or found["en_back"] or found["yesterday"]:
        return _lately(found, today)
    number: float | None
    if found["count"]:
        number, unit = _counted(found["count"]), found["unit"]
    else:
        number = 0.5 if found["en_count"] == "half a" else english_number(found["en_count"])
        unit = found["en_unit"]
    if number is None or number > 60:
        return None
    if unit == "年" or unit[0] == "y":
        return str(today.year - int(number)) if number >= 1 else _months_back(today, 6)
    if unit == "月" or unit[0] == "m":
        return _months_back(today, int(number))
    days = number * (1 if unit == "天" or unit[0] == "d" else 7)
    return (today - timedelta(days=days)).isoformat()[:7] if days > 3 else (today - timedelta(days=days)).isoformat()


def _counted(words: str) -> int | None:
    """`三` → 3; `三四` means three or four and counts as the lower; `几` is no number."""
    return None if words == "几" else cardinal(words[0] if re.fullmatch("[一二两三四五六七八九]{2}", words) else words)


def _lately(found: re.Match[str], today: date) -> str:
    words = found["lately"] or ""
    if found["yesterday"] or words == "昨天":
        return (today - timedelta(days=1)).isoformat()
    if words in ("前天", "今天"):
        return (today - timedelta(days=2 if words == "前天" else 0)).isoformat()
    if found["en_back_unit"] == "year":
        return str(today.year - (found["en_back"] == "last"))
    if words in ("这个月", "本月") or (found["en_back"] == "this" and found["en_back_unit"] == "month"):
        return today.isoformat()[:7]
    if "月" in words or found["en_back_unit"] == "month":
        return _months_back(today, 1)
    return (today - timedelta(days=7 if words or found["en_back"] == "last" else 0)).isoformat()[:7]


def _months_back(today: date, months: int) -> str:
    index = today.year * 12 + today.month - 1 - months
    return f"{index // 12}-{index % 12 + 1:02d}"
