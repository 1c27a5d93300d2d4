"""Days in a customer's words: 后天, 下周一, 11月28号, 三天后, tomorrow, next Friday, 28 Nov."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.text import lunar, time_words
from bot.text.day_edges import AFTER_A_DAY, Days, from_or_until, whole
from bot.text.numerals import DIGITS, ENGLISH_NUMBER, NUMBER, cardinal, english_number
from bot.text.ordinals import ORDINAL, ordinal_number

_RELATIVE = time_words.days()
_DAY_AND_PART = {"今": 0, "明": 1, "听": 1, "后": 2, "昨": -1}
"""What stands for a day before a part of it: `明晚`, `听朝`."""
_IS_PART = time_words.alternatives([word for word in time_words.parts() if not word.isascii()])
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY_NAME = r"(?:mon|tues?|wed(?:nes|s)?|thur?s?|fri|sat(?:ur)?|sun)(?:days?)?"
_ZH_WEEKDAY = {char: index for index, char in enumerate("一二三四五六日")} | {
    "天": 6, "曰": 6, "1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "7": 6
}  # fmt: skip
_WHEN = {
    "这": 0,
    "本": 0,
    "下": 1,
    "下下": 2,
    "上": -1,
    "this": 0,
    "coming": None,
    "this coming": None,
    "next": 1,
    "nxt": 1,
    "last": -1,
}
ZH_DIGITS = "".join(DIGITS)
_THIRDS = {"初": (1, 10), "中": (11, 20), "底": (21, 31)}
_EN_THIRDS = {"beginning": "初", "start": "初", "middle": "中", "end": "底"}
_SEVERAL = 3
"""Days that "过几天" means at the least."""
_MOVES = re.compile(r"\b(?:mov(?:e|ing)|chang\w+|resched\w+|shift|postpone|switch|swap)\b")
_SATURDAY = 5
_TO = re.compile(r"\s?(?:到|至|-|~|—|–|to|through|thru|till|until)\s?")
_BESIDE = re.compile(r"[\s,]{0,2}\(?(?:the )?")
_CLOSING = re.compile(r"\s?\)")
_DAYS_OF_A_WEEK = 7
_TO_WEEKDAY = re.compile(r"\s?[到至~-]\s?(?P<last>[一二三四五六日天])(?![点号月期年])")
_TENS = {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45, "ninety": 90}
_KINDS_OF_WEEK = ("weekday", "en_weekday", "week", "en_week", "after_next", "weekend", "both")
_AND = re.compile(r"[、和跟及]?|\s?(?:或者|或是|或|要么|or|and|&|/)\s?")
_ZH_RELATIVE = time_words.alternatives([word for word in _RELATIVE if not word.isascii()])
_EN_RELATIVE = time_words.alternatives([word for word in _RELATIVE if word.isascii()])
_PINYIN_WEEKDAYS = ("yi", "er", "san", "si", "wu", "liu", "ri", "tian")
_PATTERN = re.compile(
    rf"(?P<several>今明两?[天日]|明后两?[天日]|这[一两二三几]天|近[两几]天)"
    r"|(?P<both>(?:(?P<both_when>下下|下|这|本)个?)?(?:周|星期|礼拜|(?<![\u3400-\u9fff])拜)(?:六[、和跟]?(?:(?:周|星期|礼拜)?[日天]|礼拜(?![一二三四五])))|双休日?|周末两天|假日|休息日)"
    rf"|(?P<relative>(?<![然以之先最往])(?:{_ZH_RELATIVE})(?!月)|(?:(?<![说声证聪])明|(?<![然以之先最往])后|[今听昨])"
    rf"(?=(?:{_IS_PART})(?!期))|(?<![a-z0-9])(?:the )?(?:{_EN_RELATIVE})(?![a-z]))"
    r"|(?:(?P<when>下下|下|这|本|上)个?)?(?:周|星期|礼拜|(?<![\u3400-\u9fff])拜"
    r"|(?<=[下这]个)拜|(?<=[改到约或和])拜(?!托))(?P<weekday>[一二三四五六日天末曰1-7])(?!期|边|围|[年岁个次])"
    r"|(?P<workdays>(?<!个)(?<!\d)工作日|平日)"
    r"|(?P<week>下下|下|这|本)个?(?:周|星期|礼拜)(?![一二三四五六日天末1-7])"
    rf"|(?<![a-z])(?P<py_next>xia (?:ge )?)?(?:zhou|xingqi|xing qi|libai|li bai) ?"
    rf"(?P<py_weekday>{'|'.join(_PINYIN_WEEKDAYS)})(?![a-z])"
    rf"|(?P<next_month>下下?个?)月(?:(?P<next_dom>{NUMBER})[号日]|(?P<next_third>初|中旬?|底))?"
    rf"|(?<![\d{ZH_DIGITS}十上腊正])(?:这个?|本)?月(?P<third>初|中旬|底)"
    rf"|(?P<third_of>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?P<third_named>初|中旬?|底)"
    r"|\b(?:the )?(?P<en_third>end|beginning|start|middle) of (?:the|this) month\b"
    rf"|(?:(?P<year>20\d\d"
    rf"|二[零〇][零〇一二三四五六七八九]{{2}})\s?年)?\s?(?P<month>{NUMBER})\s?(?:月"
    rf"|\.(?=\d{{1,2}}[号日]))\s?(?P<day>{NUMBER})\s?[号日]?"
    r"|(?<![\d-])(?P<iso>20\d\d[-/.]\d{1,2}[-/.]\d{1,2})(?![\d-])|(?<![\d/.-])(?P<slash>\d{1,2}/\d{1,2}|(?:1[0-2]"
    r"|0?[1-9])\.(?:3[01]|[12]\d|0?[1-9])(?=\s?(?:上午|下午|中午|早上|晚上|早|晚|周|星期|来)))(?![\d/])"
    r"|(?<!road )(?<!street )(?<!avenue )(?<!lane )(?<! rd )(?<! st )(?<! lu )(?<! jie )"
    rf"(?<![路街巷弄道村0-9楼栋{ZH_DIGITS}十])(?P<dom>\d{{1,2}}"
    rf"|[一二三四五六七八九十]{{1,3}}|廿[一二三四五六七八九]?)(?:[号日]"
    rf"|(?=[、和跟]\d{{1,2}}[号日]))(?![楼栋院\d单幢座门线院厅店机码一二三四五六七八九几]|风球|台风|信号)"
    rf"|(?P<over>(?<![修装用买来换拆弄打洗查看])过(?!了)|(?:(?<!预)约|大约|大概)(?!\d{{1,2}}月))?"
    rf"(?:(?P<half>半)个?|(?P<count>{NUMBER}|几)个?半?)(?P<unit>天|日|小时|钟头|分钟|钟(?=之?[后内]"
    rf"|以后|过后)|星期|礼拜|周"
    rf"|月)(?P<suffix>之后|以后|过后|后|以内|之内|内(?!胆))?"
    r"|(?P<newyear>元旦)|(?P<second_day>第二[天日](?=行|可以|再|吧|来|上午|下午|早|晚|,|$))"
    r"|\b(?P<next_day>the (?:next day|(?:day|one) after))\b(?! (?:tom|tmr|i |we |it|the|my|that"
    r"|next))"
    rf"|\b(?P<week_on>a week (?:on|from) )?(?:(?P<en_when>this coming|this|next|nxt|coming"
    rf"|last) )?(?P<en_weekday>{_WEEKDAY_NAME})\b(?P<week_later> week\b| after next\b|,? (?:of )?next week\b)?"
    r"|\b(?:(?P<en_part_of>early|late|mid|later|(?:the )?(?:beginning|start|middle"
    r"|end) of) )?(?P<en_week_when>this|next"
    r"|nxt) "
    r"(?P<en_week>week|weekend|wke?nd)(?![a-z])|\b(?:the )?(?P<after_next>week after next)\b"
    r"|\b(?P<weekend>weekends?|wke?nds?)(?![a-z])|\b(?P<en_workdays>weekdays?|working days?)\b"
    r"|\b(?P<within_hour>within the (?:next )?hour)\b"
    rf"|\b(?:the )?(?P<en_day1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<en_month1>{MONTH_NAME})\b"
    rf"(?:,? (?P<en_year1>20\d\d))?"
    rf"|\b(?P<en_month2>{MONTH_NAME})\.? (?:the )?(?P<en_day2>\d{{1,2}})(?:st|nd|rd"
    rf"|th)?\b(?!:)(?:,? (?P<en_year2>20\d\d))?"
    rf"|(?:\bthe |(?<=day )|(?<=day, )|(?<=\bmon )|(?<=\btue )|(?<=\bwed )|(?<=\bthu )|(?<=\bfri )|(?<=\bsat )"
    rf"|(?<=\bsun )|(?<=\bon )|(?<=\bby ))"
    rf"(?P<en_dom>\d{{1,2}})(?:st|nd|rd|th)\b(?! (?:of )?{MONTH_NAME}| (?:time|floor|flat|call|visit|street|road"
    rf"|avenue))"
    rf"|(?:(?<=\bon the )|(?<=\bof the )|(?<=\bfor the )|(?<=til the )|(?<=\bnot the )|(?<=han the )"
    rf"|(?<=\bto the )|(?<=\bit the )|(?<=\bby the ))(?P<ordinal>{ORDINAL})\b"
    r"(?=\s*(?:$|[,.;!?]| (?:is|at|if|instead|would|works?|please|pls|and|or|to|suits|between|after|before|in|for|does"
    r"|when|because|as|morning|afternoon|evening)\b))"
    r"|(?<=[改挪推延换调移提后][到至成为])(?P<moved_to>(?:1[3-9]|2\d|3[01])|十[三四五六七八九]|二十[一二三四五六七八九]?|三十一?)"
    r"(?=$|[,.;!?。吧行好可])"
    rf"|\b(?:(?P<en_in>in|within|after(?= \w+ (?:days?|weeks?))) )?(?:the next |about )?(?P<en_count>half an?"
    rf"|{'|'.join(_TENS)}|{ENGLISH_NUMBER})(?: of)? (?P<en_unit>min(?:ute)?s?|hours?|hrs?|days?|weeks?|fortnights?)"
    rf"(?P<en_later> later| from now| after(?=$|[,.;!?]))?\b",
    re.ASCII,
)


def find_days(text: str, today: date, now: datetime, farthest: timedelta | None = None) -> list[Days]:
    """All days named in the normal form `text`, left to right; `周一到周五` is one stretch of days.

    A feast farther ahead than `farthest` is none (`lunar.find`).
    """
    found: list[Days] = []
    feasts = lunar.find(text, today, farthest or lunar.FARTHEST)
    named: list[re.Match[str] | lunar.Feast] = [
        each for each in _PATTERN.finditer(text) if not _in_a_feast(each, feasts)
    ]
    for match in sorted([*named, *feasts], key=_starts):
        if isinstance(match, lunar.Feast):
            days: Days | None = Days(match.start, match.end, match.first, match.last)
        elif match["next_day"] or match["second_day"]:
            before = found[-1].last if found else today if match["second_day"] else None
            days = _days(match, before + timedelta(days=1)) if before else None
        else:
            days = _read(match, today, now)
        if days is None:
            continue
        moved = _MOVES.search(text)
        if found and (same := _one_day(text, found[-1], days)):
            found[-1] = same
        elif found and not moved and _joined(text, found[-1], days) and not (found[-1].instant or days.instant):
            found[-1] = _stretch(found[-1], days)
        else:
            found.append(from_or_until(text, days, today))
    return [whole(text, each) for each in found]


def _starts(named: re.Match[str] | lunar.Feast) -> int:
    return named.start if isinstance(named, lunar.Feast) else named.start()


def _in_a_feast(match: re.Match[str], feasts: Sequence[lunar.Feast]) -> bool:
    """Whether the words are only a piece of a lunar day: the 二十三 of 腊月二十三."""
    return any(match.start() < feast.end and feast.start < match.end() for feast in feasts)


def _one_day(text: str, first: Days, last: Days) -> Days | None:
    """`周五12月4号`, `Fri, 4 December`, `12月4日(周五)`: a weekday and the date that falls on it are one day."""
    weekday, day = (first, last) if first.repeats else (last, first)
    is_date = not (day.repeats or day.instant or day.first != day.last)
    is_weekday = weekday.repeats == _DAYS_OF_A_WEEK and weekday.first == weekday.last
    if not (is_date and is_weekday and day.first.weekday() == weekday.first.weekday()):
        return None
    if not _BESIDE.fullmatch(text, first.end, last.start):
        return None
    closing = _CLOSING.match(text, last.end)
    return replace(day, start=first.start, end=closing.end() if closing else last.end)


def _joined(text: str, first: Days, last: Days) -> bool:
    """`周一到周五`, and neighbours side by side: `周五周六`, `25号、26号`."""
    if _TO.fullmatch(text, first.end, last.start):
        return True
    return bool(_AND.fullmatch(text, first.end, last.start)) and last.first - first.last == timedelta(days=1)


def _stretch(first: Days, last: Days) -> Days:
    """The days from `first` to `last`; weekdays that have passed mean the next ones."""
    until = last.last + timedelta(days=last.repeats) if last.last < first.first else last.last
    return replace(first, end=last.end, last=max(until, first.first), repeats=0)


def _read(match: re.Match[str], today: date, now: datetime) -> Days | None:  # noqa: PLR0911 - one for each kind
    if match["several"]:
        return _several(match, today)
    if match["relative"]:
        return _relative(match, today)
    if match["next_month"] or match["third"] or match["en_third"] or match["third_of"]:
        return _in_month(match, today)
    if match["workdays"] or match["en_workdays"]:
        return _workdays(match, today)
    if match["within_hour"]:
        return Days(match.start(), match.end(), today, today, instant=now, until=now + timedelta(hours=1))
    if match["py_weekday"]:
        return _weekday_in_pinyin(match, today)
    if any(match[kind] for kind in _KINDS_OF_WEEK):
        return _week(match, today)
    if match["unit"] or match["en_unit"]:
        return _offset(match, today, now)
    day = _fixed(match, today)
    return _days(match, day) if day else None


def _weekday_in_pinyin(match: re.Match[str], today: date) -> Days:
    index = min(_PINYIN_WEEKDAYS.index(match["py_weekday"]), 6)
    if match["py_next"]:
        return _days(match, today + timedelta(days=7 - today.weekday() + index))
    return _days(match, today + timedelta(days=(index - today.weekday()) % 7), repeats=7)


def _several(match: re.Match[str], today: date) -> Days | None:
    """`明后天`, `今明两天`, `这几天`."""
    words = match["several"]
    if AFTER_A_DAY.search(match.string[: match.start()]):
        return None  # 过了这几天
    first = 1 if words.startswith("明") else 0
    last = 2 if words.startswith("明") else 2 if "几" in words or "三" in words else 1
    return _days(match, today + timedelta(days=first), today + timedelta(days=last))


def _workdays(match: re.Match[str], today: date) -> Days:
    """`工作日`, `weekdays`: the rest of this week up to Friday, at the weekend those of the next."""
    first = today if today.weekday() < _SATURDAY else today + timedelta(days=7 - today.weekday())
    return _days(match, first, first + timedelta(days=_SATURDAY - 1 - first.weekday()))


def _in_month(match: re.Match[str], today: date) -> Days | None:
    """`下个月3号`, `下个月初`, `月底`, `下个月`."""
    ahead = (match["next_month"] or "").count("下")
    if match["third_of"]:
        ahead = ((cardinal(match["third_of"]) or 0) - today.month) % 12
    index = today.year * 12 + today.month - 1 + ahead
    year, month = index // 12, index % 12 + 1
    if match["next_dom"]:
        day = _date(year, month, cardinal(match["next_dom"]) or 0)
        return _days(match, day) if day else None
    third = match["next_third"] or match["third"] or match["third_named"] or _EN_THIRDS.get(match["en_third"] or "", "")
    first, last = _THIRDS.get(third[:1], (1, 31))
    end = min(last, monthrange(year, month)[1])
    return _days(match, max(today, date(year, month, first)), max(today, date(year, month, end)))


def _days(match: re.Match[str], first: date, last: date | None = None, repeats: int = 0) -> Days:
    return Days(match.start(), match.end(), first, last or first, repeats=repeats)


def _relative(match: re.Match[str], today: date) -> Days:
    word = match["relative"].removeprefix("the ")
    return _days(match, today + timedelta(days=_DAY_AND_PART[word] if word in _DAY_AND_PART else _RELATIVE[word]))


def _week(match: re.Match[str], today: date) -> Days:
    monday = today - timedelta(days=today.weekday())
    if match["after_next"]:
        return _days(match, monday + timedelta(days=14), monday + timedelta(days=20))
    when = match["both_when"] or match["when"] or match["week"] or match["en_when"] or match["en_week_when"]
    shift = _WHEN[when] if when else None
    if match["week"] or match["en_week"] == "week":
        first = monday + timedelta(days=7 * (shift or 0))
        begin, end = _part_of_week(match["en_part_of"] or "")
        return _days(match, max(first + timedelta(days=begin), today), max(first + timedelta(days=end), today))
    if match["weekday"] == "末" or match["weekend"] or match["en_week"] or match["both"]:
        saturday = monday + timedelta(days=7 * (shift or 0) + 5)
        return _days(match, max(saturday, today), saturday + timedelta(days=1))
    name = match["en_weekday"]
    until = _TO_WEEKDAY.match(match.string, match.end()) if match["weekday"] else None
    if until and shift is None:
        return _weekdays(match, today, until)
    index = _WEEKDAYS.index(name[:3]) if name else _ZH_WEEKDAY[match["weekday"]]
    if (match["week_later"] or "").endswith("next week"):
        shift = 1
    if shift is not None:
        return _days(match, monday + timedelta(days=7 * shift + index))
    ahead = 7 if match["week_later"] or match["week_on"] else 0
    return _days(match, today + timedelta(days=(index - today.weekday()) % 7 + ahead), repeats=7)


def _weekdays(match: re.Match[str], today: date, until: re.Match[str]) -> Days:
    """`星期三至五`: the next such days, or what is left of them."""
    first, last = _ZH_WEEKDAY[match["weekday"]], _ZH_WEEKDAY[until["last"]]
    begins = today + timedelta(days=(first - today.weekday()) % 7)
    return Days(match.start(), until.end(), begins, begins + timedelta(days=(last - first) % 7))


def _part_of_week(words: str) -> tuple[int, int]:
    """First and last day, Monday being 0, of what is said of a week: `late`, `the start of`, `mid`."""
    if not words:
        return 0, 6
    if "late" in words or "end" in words:
        return 3, 6
    return (1, 3) if "mid" in words else (0, 2)


def _offset(match: re.Match[str], today: date, now: datetime) -> Days | None:
    """`三天后`, `过两个小时`, `in two hours`; a mere duration ("等了三天") is no wish."""
    if match["unit"]:
        within = bool(match["suffix"] and "内" in match["suffix"])
        if not (match["over"] == "过" or match["suffix"]):
            return None
        number: float | None = (
            0.5 if match["half"] else _SEVERAL if match["count"] == "几" else cardinal(match["count"])
        )
        if number is not None and not match["half"] and "半" in match[0]:
            number += 0.5
        unit = match["unit"]
    else:
        within = match["en_in"] == "within"
        if not (match["en_in"] or match["en_later"]):
            return None
        number = 0.5 if match["en_count"].startswith("half") else _count(match["en_count"])
        unit = match["en_unit"]
    if number is None or number > 400:
        return None
    step = _step(unit, number)
    if within:
        return Days(match.start(), match.end(), today, today, instant=now, until=now + step)
    if step < timedelta(days=1):
        return Days(match.start(), match.end(), today, today, instant=now + step)
    return _days(match, today + step)


def _count(word: str) -> float | None:
    return _TENS.get(word) or english_number(word)


def _step(unit: str, number: float) -> timedelta:
    if unit == "分钟" or unit.startswith("min"):
        return timedelta(minutes=number)
    if unit in ("小时", "钟头", "钟") or unit.startswith("h"):
        return timedelta(hours=number)
    if unit.startswith("fortnight"):
        return timedelta(days=14 * number)
    if unit in ("星期", "礼拜", "周") or unit.startswith("week"):
        return timedelta(days=7 * number)
    return timedelta(days=(30 if unit == "月" else 1) * number)


def _fixed(match: re.Match[str], today: date) -> date | None:  # noqa: PLR0911 - one for each way of saying it
    if match["newyear"]:
        return date(today.year + 1, 1, 1) if (today.month, today.day) != (1, 1) else today
    if match["iso"]:
        year, month, day = (int(part) for part in re.split(r"[-/.]", match["iso"]))
        return _date(year, month, day)
    if match["ordinal"] and "floor" in match.string:
        return None
    if match["dom"] or match["en_dom"] or match["moved_to"] or match["ordinal"]:
        number = _in_a_month(match)
        return _day_of_month(today, number) if number else None
    if match["slash"]:
        first, second = (int(part) for part in re.split(r"[/.]", match["slash"]))
        month, day = (second, first) if first > 12 else (first, second)
        return near(today, month, day)
    if match["month"]:
        zh_month, zh_day = cardinal(match["month"]), cardinal(match["day"])
        if not zh_month or not zh_day:
            return None
        zh_year = cardinal(match["year"]) if match["year"] else None
        return _date(zh_year, zh_month, zh_day) if zh_year else near(today, zh_month, zh_day)
    month_name, en_day, en_year = (
        (match["en_month1"], match["en_day1"], match["en_year1"])
        if match["en_month1"]
        else (match["en_month2"], match["en_day2"], match["en_year2"])
    )
    month = month_number(month_name)
    return _date(int(en_year), month, int(en_day)) if en_year else near(today, month, int(en_day))


def _in_a_month(match: re.Match[str]) -> int | None:
    """The number of a day: `二十五号`, `the 5th`, `the twenty-third`, `挪到十八`."""
    ordinal = match["ordinal"]
    if ordinal is None:
        return cardinal((match["dom"] or match["en_dom"] or match["moved_to"]).replace("廿", "二十"))
    return ordinal_number(ordinal)


def month_number(name: str) -> int:
    """`november`, `nov` → 11."""
    return _MONTHS.index(name[:3]) + 1


def near(today: date, month: int, day: int) -> date | None:
    """This year's day, or next year's when that one lies within 120 days and this year's is over."""
    this, following = _date(today.year, month, day), _date(today.year + 1, month, day)
    if this and this < today and following and following - today <= timedelta(days=120):
        return following
    return this


def _day_of_month(today: date, day: int) -> date | None:
    this = _date(today.year, today.month, day)
    if this and this >= today:
        return this
    return _date(today.year + today.month // 12, today.month % 12 + 1, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
