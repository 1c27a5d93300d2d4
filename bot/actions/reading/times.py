"""Times that are no dates: any time will do, long ago. Pure."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from bot.actions.reading.utterance import plain
from bot.text import arrival
from bot.text.calendar_words import find_days
from bot.text.normal import normal
from bot.text.time import GIVEN_UP, named_times, wanted_time
from bot.text.values import ZONE

_ANY_TIME = re.compile(
    r"尽快|尽早|随时|^(?:就)?(?:现在|这会儿|而家|立刻|立即)(?:就)?(?:打|行|可以|吧|啊)*$"
    r"|随便(?:什么|啥|哪|几|你|$)|越快越好|马上|都行|都可以|都方便|都得|都中|无所谓|你们(?:定|安排|看着)"
    r"|\basap\b|as soon as|any ?time|\bany ?day\b|whenever|soonest|up to you|\bright (?:now|away)\b"
    r"|\bstraight ?away\b|\bat once\b"
    r"|\bimmediately\b|^now\b|\bcall (?:me )?now\b"
)
_ANY_TIME_SAID = re.compile(
    r"(?:随时|全天|(?:哪|几|边)(?:一)?[天日]|[这近][两几三]天|(?:几|啥子?|什么|乜|哪个|哪|么子)(?:点|时候|时|辰光)"
    r"|几时|何时|好久)[^,，。]{0,4}"
    r"(?:都|也)(?:行|可以|方便|得|中|在|有空|好|成|没问题|ok)"
    r"|\b(?:any ?time|any day|whenever|all day)\b[^.,]{0,12}\b(?:is |works?|fine|ok|good|home|free|suits?)"
)
_DAYS_OUT = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?|weekdays?|tomorrow|today)"
    r"(?:(?:,| or| and|, or) (?:mon|tues|wednes|thurs|fri|satur|sun)days?)*"
)
_RULED_OUT = re.compile(
    r"\b(?:any ?(?:day|time)|every ?day|whenever|all week)\b[^.;]{0,12}?\b(?:but|except|bar|other than|apart from"
    r"|besides)\b"
    rf"(?: on| for| not)? (?:{_DAYS_OUT}|\w+)"
    rf"|(?:\b(?:and|but) |, ?)?\b(?:not|never|no|except)(?: on| in the| the)? (?:{_DAYS_OUT}|mornings?|afternoons?)\b"
    r"|除了?(?:周|星期|礼拜)[一二三四五六日天末](?:以外|之外)?|(?:周|星期|礼拜)[一二三四五六日天末](?:都|也)?(?:不行|没空|不在|不方便|不可以)"
)
_WEEKDAYS = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
_IN_CHINESE = "一二三四五六日"


def rules_out(text: str) -> bool:
    """Whether a message names days on which nobody shall come: "any day but Friday", "周五不行"."""
    return bool(_RULED_OUT.search(plain(text)))


def beside_ruled_out(text: str) -> str:
    """The words without the days on which nobody shall come: a time in what is left is wished for."""
    return _RULED_OUT.sub(" ", plain(text)).strip(" ,.;，。")


def days_ruled_out(text: str) -> frozenset[int]:
    """The days of the week (Monday is 0) on which nobody shall come."""
    said = " ".join(found[0] for found in _RULED_OUT.finditer(plain(text)))
    named = {day for day, name in enumerate(_WEEKDAYS) if f"{name}day" in said}
    named |= {day for day, name in enumerate(_IN_CHINESE) if re.search(rf"(?:周|星期|礼拜){name}", said)}
    ends = {5, 6} if re.search(r"weekends?|周末", said) else set()
    return frozenset(named | ends | ({0, 1, 2, 3, 4} if "weekday" in said else set()))


Span = tuple[datetime, datetime]


def unsuited(text: str, now: str) -> list[Span]:
    """The times at which somebody says they cannot, be it by what they do then: "周三上午我要去医院".

    `now` is an aware ISO instant, or empty.
    """
    told = named_times(text, datetime.fromisoformat(now), ZONE) if now else []
    return [(each.opens, each.closes) for each in told if each.role == GIVEN_UP]


def only_rules_out(text: str, now: str) -> bool:
    """Whether times are named, and all of them do not suit."""
    told = named_times(text, datetime.fromisoformat(now), ZONE) if now else []
    return bool(told) and all(each.role == GIVEN_UP for each in told)


_MOVES_HOUSE = re.compile(
    r"搬(?!运|不)|入住|交房|退租|\bmov(?:e|es|ing)\b|\bmove[- ](?:in|out)\b|\blease (?:ends|is up)\b"
)
_PAUSE = re.compile(r"[,，。.;；!！?？\n]+")


def moving_days(text: str, now: str) -> dict[str, str] | None:
    """The days on which a household moves ("下礼拜搬家", "we move on the 5th"), as a window; None where it is not told.

    `now` is an aware ISO instant.
    """
    today = datetime.fromisoformat(now)
    for clause in _PAUSE.split(plain(text)):
        days = find_days(clause, today.date(), today) if _MOVES_HOUSE.search(clause) else []
        if days and days[0].last >= today.date():
            first, behind = days[0].first, days[0].last + timedelta(days=1)
            starts, ends = (datetime.combine(day, time(), today.tzinfo) for day in (first, behind))
            return {"start": max(starts, today).isoformat(), "end": ends.isoformat()}
    return None


_LONG_AGO = re.compile(
    r"(?:好多|好几|好些|有些|不少|很多|许多|多少|几|老)年[了头前]|很久|好久|老早|早就|有年头|年头(?:长|久|多)|用了?很?久|老机器"
    r"|(?:many|several|quite a few) years|years ago|long (?:time )?ago|ages ago|very old"
)


def is_arrival(text: str, start: int, end: int) -> bool:
    """Whether the time at `start`…`end` of a message is that at which the goods come, not somebody to fit them."""
    before, after = normal(text[:start]).text, normal(text[end:]).text
    return arrival.is_told(before, after)


_BARE_YEAR = re.compile(r"(?:^|[,，、;；\s])(?P<year>20\d\d年(?:\d{1,2}月)?)份?的?(?=[,，、。;；\s]|$)")


def bare_year(text: str) -> str | None:
    """The year that stands alone in a list of facts: "DSZF-60，2023年，陈先生"."""
    found = _BARE_YEAR.search(plain(text))
    return found["year"] if found else None


def is_only_a_day(text: str) -> bool:
    """Whether a time is a bare figure with 号, which houses have as well: "2号"."""
    return bool(re.fullmatch(r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})号", plain(text)))


def is_any_time(text: str) -> bool:
    words = plain(text)
    return bool(_ANY_TIME.search(words) or _ANY_TIME_SAID.search(words))


_AS_SOON = re.compile(
    r"(?:麻烦|请|给我|你们)?(?:尽快|尽早|越快越好|asap|as soon as possible)(?:吧|哈|啊|处理|安排|谢谢|please|[\W_])*"
)


_IN_A_HURRY = re.compile(
    r"(?:尽快|尽早|越快越好|马上|赶紧|赶快|快点)[^,，。!！]{0,4}(?:来|派|上门|安排|修|过来)(?!不|没)"
    r"|\basap\b|\bas soon as (?:possible|you can)\b"
)


def asked_about(text: str, now: str) -> dict[str, str] | None:
    """The time that is the whole of a question: "half seven tonight?" offers it as an answer does.

    `now` is an aware ISO instant.
    """
    words = text.strip(" ?？。.!吗呢吧么行可以好")
    is_asked = text.strip().endswith(("?", "？", "吗", "呢"))
    found = wanted_time(words, datetime.fromisoformat(now), ZONE) if is_asked else None
    if found is None or len(found.text) < _ALL_BUT * len(words):
        return None
    return {"start": found.opens.isoformat(), "end": found.closes.isoformat()}


_ALL_BUT = 0.8
"""Share of a message that a time must be to be all of it."""


def says_any_time(text: str) -> bool:
    """Whether the message tells, unasked, that any time will do: "哪天都可以", "麻烦尽快来修"."""
    words = plain(text)
    return any(pattern.search(words) for pattern in (_ANY_TIME_SAID, _IN_A_HURRY)) or any(
        _AS_SOON.fullmatch(clause.strip()) for clause in re.split(r"[,，。.;；!！\n]", words)
    )


def says_long_ago(text: str) -> bool:
    """Whether a date is answered with "many years ago": nobody knows it better."""
    return bool(_LONG_AGO.search(plain(text)))


_FORGOT = re.compile(
    r"(?:不知道|不晓得|不记得|记不[得清住]|忘了?|唔记得|搞不清).{0,10}(?:啥时候|什么时候|哪年|哪天|几时|几年)买?"
    r"|(?:啥时候|什么时候|哪年|哪天|几时)买.{0,4}(?:不知道|不记得|记不|忘|唔记得|搞不清)"
    r"|\b(?:don'?t (?:know|remember)|forgot|no idea)\b.{0,12}\bwhen\b"
)


_AGE = re.compile(
    r"(?:老鼻子年|好多年|好些年|可|大概|差不多|少说|估摸|应该|怎么也|[,，。\s])*(?:得|有|都|快|用|是|已经|也)*"
    r"[一二两三四五六七八九十几\d]{1,4}(?:来|多)?年(?:多|头|左右)?(?:了|啦|咯|嘞|吧|呢|[,，。\s])*"
)


_EN_AGE = re.compile(
    r"(?:about|maybe|roughly|around|over|nearly|almost|just under|it'?s|is|like|bought|[ ,;])*"
    r"\d{1,2}[ -]?(?:years?|yrs?)(?: (?:old|ago))?[ ,.;]*"
)


def tells_only_an_age(text: str) -> bool:
    """Whether a message tells how many years something has been there and nothing else: "得有七八年了"."""
    words = plain(text)
    if _EN_AGE.fullmatch(words):
        return True
    found = None if re.search(r"[等没还修坏]", words) else _AGE.search(words)
    return found is not None and len(found[0]) >= len(words) - _AROUND_AN_AGE


_AROUND_AN_AGE = 6
"""Characters beside an age that tell nothing else: "我这台"."""


def cannot_say_when_bought(text: str) -> bool:
    """Whether a message says, asked or not, that nobody knows when the heater was bought, or only that it was long
    ago: "老早买的"."""
    words = plain(text)
    return bool(_FORGOT.search(words)) or (says_long_ago(text) and bool(re.search(r"买|\bbought\b", words)))
