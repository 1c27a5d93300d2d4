"""Written words as a voice says them: digits in groups, times by the part of the day, nothing that only an eye reads.

Pure. What is spoken already comes back unchanged.
"""

from __future__ import annotations

import re

_LINK = re.compile(r"https?://\S+|www\.\S+")
_LIST_MARK = re.compile(r"(?m)^\s*(?:[-*•·]|\d{1,2}[.)、])\s+")
_MARKS = re.compile(r"[*_`#~“”„\"「」『』《》<>|]+")
_BRACKETS = re.compile(r"\s*[（(]\s*(?P<inside>[^（）()]{1,80})\s*[）)]\s*")
_WEEKDAY = re.compile(r"\s*[（(]\s*((?:周|星期|礼拜)[一二三四五六日天])\s*[）)]\s*")
_NEAR = re.compile(
    r"(?P<day>今天|明天|后天)\s*\d{1,2}月\d{1,2}日\s*(?P<weekday>[周星][一二三四五六日天期]{1,2})?"
    r"|(?P<en>\b(?:today|tomorrow)), (?P<name>Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? \d{1,2} [A-Z][a-z]{2,8}\b",
    re.IGNORECASE,
)
_CLOCK = r"(?<![\d:：])(?P<{h}>[01]?\d|2[0-4])[:：](?P<{m}>[0-5]\d)(?![\d:：])"
_FROM, _TO = _CLOCK.format(h="h", m="m"), _CLOCK.format(h="h2", m="m2")
_DASH = r"\s*[–—~～-]\s*"
_CLOCKS = re.compile(rf"(?:(?P<part>凌晨|早上|上午|中午|下午|晚上)\s*)?{_FROM}(?:{_DASH}{_TO})?(?!\s*[ap]\.?m\b)")
_RANGE = re.compile(r"(?<=[\d月日号点])\s*[–—～]\s*(?=\d)")
_TICKET = re.compile(r"\bWY[\s-]?(?P<day>\d{6})-?(?P<number>\d{4,6})\b", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<!\d)(?<!\d\.)(?:(?:\+|00)86[\s-]?)?(?:(?P<mobile>1[3-9]\d)[\s-]?(?P<middle>\d{4})[\s-]?(?P<last>\d{4})"
    r"|(?P<area>0\d{2,3})[\s-]?(?P<local>\d{7,8}))(?!\d|\.\d)"
)
_FOREIGN = re.compile(r"\+\d[\d\s-]{6,16}\d")
_LONG = re.compile(r"(?<!\d)(?<!\d\.)\d{5,}(?!\d|\.\d|元| ?yuan)")
_CODE = re.compile(
    r"(?P<before>(?:验证码|尾号|末四位)(?:还?是)?|(?:code|ending in|number ending)(?: is)?(?: still)?)\s*"
    r"(?P<code>\d{3,8})(?!\d)",
    re.IGNORECASE,
)
_DIALLED = re.compile(
    r"(?P<before>(?:打|拨)(?:打|通)?|\b(?:call|dial|ring)|(?:hurt|unwell)[:,])\s*"
    r"(?P<numbers>\d{3,6}(?:(?:\s*[、,/]\s*|\s*(?:或者?|or)\s*)\d{3,6})*)(?!\d)",
    re.IGNORECASE,
)
_GROUP, _BREATH = 4, 5
_SHORT = {
    "Mon": "Monday", "Tue": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Fri": "Friday", "Sat": "Saturday",
    "Sun": "Sunday", "Jan": "January", "Feb": "February", "Mar": "March", "Apr": "April", "Jun": "June", "Jul": "July",
    "Aug": "August", "Sep": "September", "Oct": "October", "Nov": "November", "Dec": "December",
}  # fmt: skip
_SHORT_DATE = re.compile(rf"\b(?:{'|'.join(_SHORT)})\b(?=,? \d)|(?<=\d )(?:{'|'.join(_SHORT)})\b")
_NOON, _MIDNIGHT = 12, 24
_PARTS = ((6, "凌晨"), (9, "早上"), (12, "上午"), (13, "中午"), (19, "下午"), (24, "晚上"), (25, "夜里"))
"""Until which hour a time of day is called what."""


def spoken(text: str, language: str) -> str:
    """The words for a voice. `language` is zh or en: it decides how a time and a pause are said."""
    said = _LINK.sub("", text)
    said = _one_line(_MARKS.sub("", _LIST_MARK.sub("", said)), language)
    comma = "，" if language == "zh" else ", "
    said = _WEEKDAY.sub(r"\1", said)
    said = _NEAR.sub(_near, said)
    said = _BRACKETS.sub(lambda found: f"{comma}{found['inside']}{comma}", said)
    said = _CLOCKS.sub(lambda found: _times(found, language), said)
    if language == "en":
        said = _SHORT_DATE.sub(lambda found: _SHORT[found[0]], said)
    said = _RANGE.sub("到" if language == "zh" else " to ", said)
    said = _TICKET.sub(lambda found: comma.join(("W Y", _apart(found["day"]), _apart(found["number"]))), said)
    said = _PHONE.sub(lambda found: _phone(found, comma), said)
    said = _FOREIGN.sub(lambda found: _grouped(re.sub(r"\D", "", found[0]), comma), said)
    said = _CODE.sub(lambda found: f"{found['before']} {_apart(found['code'])}", said)
    said = _DIALLED.sub(_dialled, said)
    said = _LONG.sub(lambda found: _grouped(found[0], comma), said)
    return _tidied(said, language)


def _near(found: re.Match[str]) -> str:
    """A day that is close by as people name it: "今天", "明天周三", "tomorrow, Wednesday"."""
    if found["en"]:
        is_today = found["en"].lower() == "today"
        return found["en"] if is_today else f"{found['en']}, {_SHORT[found['name'].title()]}"
    return found["day"] if found["day"] == "今天" else f"{found['day']}{found['weekday'] or ''}"


def _one_line(text: str, language: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    pause = "，" if language == "zh" else ", "
    joined = ""
    for line in lines:
        ends = not joined or joined[-1] in "，。！？；：,.!?;:、"
        joined += line if not joined else f"{'' if ends else pause.strip()}{'' if language == 'zh' else ' '}{line}"
    return joined


def _apart(digits: str) -> str:
    return " ".join(digits)


def _grouped(digits: str, comma: str) -> str:
    """From the front in fours: whoever writes along keeps up. Five are one breath (95598)."""
    if len(digits) <= _BREATH:
        return _apart(digits)
    return comma.join(_apart(digits[at : at + _GROUP]) for at in range(0, len(digits), _GROUP))


def _dialled(found: re.Match[str]) -> str:
    return f"{found['before']} {re.sub(r'[0-9]+', lambda number: _apart(number[0]), found['numbers'])}"


def _phone(found: re.Match[str], comma: str) -> str:
    if found["mobile"]:
        return comma.join(map(_apart, (found["mobile"], found["middle"], found["last"])))
    local = found["local"]
    return comma.join(map(_apart, (found["area"], local[:-_GROUP], local[-_GROUP:])))


def _times(found: re.Match[str], language: str) -> str:
    hour, minute = int(found["h"]), int(found["m"])
    if language == "en":
        first = _english(hour, minute)
        return f"{first} to {_english(int(found['h2']), int(found['m2']))}" if found["h2"] else first
    part = found["part"] or _part(hour)
    first = f"{part}{_chinese(hour, minute)}"
    if not found["h2"]:
        return first
    second, later = int(found["h2"]), _part(int(found["h2"]))
    return f"{first}到{'' if later == _part(hour) else later}{_chinese(second, int(found['m2']))}"


def _part(hour: int) -> str:
    return next(part for before, part in _PARTS if hour < before)


def _chinese(hour: int, minute: int) -> str:
    told = hour - _NOON if hour > _NOON else hour
    minutes = {0: "", 30: "半"}.get(minute, f"{minute}分" if minute >= 10 else f"零{minute}分")
    return f"{told}点{minutes}"


def _english(hour: int, minute: int) -> str:
    if minute == 0 and hour in (0, _NOON, _MIDNIGHT):
        return "noon" if hour == _NOON else "midnight"
    told = hour % _NOON or _NOON
    half = "am" if hour % _MIDNIGHT < _NOON else "pm"
    return f"{told}{f':{minute:02}' if minute else ''} {half}"


def _tidied(text: str, language: str) -> str:
    said = " ".join(text.split())
    if language == "zh":
        said = re.sub(r"(?<=[\u3400-\u9fff，。！？；：、])\s+|\s+(?=[\u3400-\u9fff，。！？；：、])", "", said)
        said = re.sub(r"[，、；：]+(?=[，。！？；])", "", said)
    else:
        said = re.sub(r"\s+(?=[,.;:!?])", "", said)
        said = re.sub(r"[,;:]+\s*(?=[,.;!?])", "", said)
    return said.strip(" ，,；;、：:")
