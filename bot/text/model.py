"""Codes a customer reads from the machine or a message: model, capacity, fault code, serial number, ticket number."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.text.normal import Normal, normal
from bot.text.numerals import DIGITS, cardinal

_MODELS = Path(__file__).resolve().parents[2] / "data" / "lexicon" / "models.yaml"
_ZH_DIGIT = "[0-9" + "".join(DIGITS) + "]"
_CAPACITY = re.compile(
    r"(?<![\d.])(\d{1,3}|[一二两三四五六七八九十百]{1,4})\s*-?\s*"
    r"(?:l(?![a-z])|升|公升|立升|[生圣声](?=的?热水|的?$|的)|li?te?rs?\b|litres?\b|ltrs?\b|gong ?sheng)"
)
_ZH_NUMBER = "零?[一二三四五六七八九]"
_EN_NUMBER = "zero|one|two|three|four|five|six|seven|eight|nine"
_FAULT = re.compile(
    rf"(?<![a-z0-9])(?:(?P<letter>[ef])(?:rr?(?:or)?)?[\s.:-]*(?P<digits>[0-9]{{1,2}}|{_EN_NUMBER})"
    rf"|(?P<zh_letter>[ef])r?\s?(?P<zh_digits>{_ZH_NUMBER}))(?![0-9a-z]|[栋座区室])"
)
_HEARD_FAULT = re.compile(
    rf"(?:(?P<letter>[伊衣易依亿医])|(?:艾|爱)[福夫弗芙])(?P<digits>{_ZH_NUMBER}"
    rf"|\d{{1,2}})(?![\d点个件天号年月{''.join(DIGITS)}])"
)
_SPEAKS_OF_A_CODE = re.compile(r"显示|屏|报错|报警|报个|代码|故障|闪|出现|什么意思|错误|跳出")
_FAULT_CUE = re.compile(
    r"(?:故障(?:代)?码|错误(?:代)?码|报错|报警代码|代码|显示(?:屏|器)?(?:上|显示)?|error code|fault code|error|code"
    r"|display|screen)"
    r"\s*(?:是|为|显示|出|is|shows|says|reads|:|：)?\s*(?P<code>[a-z]\s?-?\d{1,2}|0\d)(?![0-9a-z度])"
)
_FAULT_FIRST = re.compile(r"(?<![a-z0-9-])(?P<code>[a-z]-?\d)\s?(?:报警|故障|闪|错误|fault|error)")
_DENIED = re.compile(r"(?:不是|唔系|不系|不要|\bnot(?: an?| the)?)\s*$", re.IGNORECASE)
_APART = r"[\s\-—–_杠]*"
_DATE_DIGITS = rf"{_ZH_DIGIT}\s?{_ZH_DIGIT}{_APART}{_ZH_DIGIT}\s?{_ZH_DIGIT}{_APART}{_ZH_DIGIT}\s?{_ZH_DIGIT}"
_SERIAL_DIGITS = rf"{_ZH_DIGIT}(?:\s?{_ZH_DIGIT}){{2,3}}{_ZH_DIGIT}{{0,2}}"
_TICKET = re.compile(
    rf"(?<![a-z0-9])(?:w\s?y{_APART}(?:[2二两]\s?[0零〇]{_APART}(?=(?:{_ZH_DIGIT}{_APART}){{9}}))?"
    rf"(?P<day>{_DATE_DIGITS}){_APART}(?P<serial>{_SERIAL_DIGITS})"
    r"|(?P<day2>2\d{5})\s*[-—]\s*(?P<serial2>\d{4})"
    r"|(?P<day3>2[4-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?P<serial3>\d{4}))(?![0-9a-z])"
)
_UNUSUAL_TICKET = re.compile(
    r"(?<![a-z0-9-])(?P<bare>w[a-z]?[\s-]?\d{2,8}(?:-\d{2,6})?)(?![a-z0-9-])"
    r"|(?:(?<!订)单号|单子号|工单|(?<![机型])编号|(?<=的)单(?=[a-z])|受理号|报修号|登记号|流水号|dan ?号?"
    r"|(?<!订)dan ?hao"
    r"|\b(?:ticket|request|job|case|reference|ref)(?:'s)?(?: (?:no|num|number|id|code))?(?: of request)?)"
    r"(?:\s*(?:尾巴|尾号|最后|后面|几位|号码?|是|为|叫|就是|好像|应该|:|：|#|\.|no|is|,))*\s*"
    rf"(?P<told>[a-z]{{0,3}}[\s-]?\d[\d-]{{2,18}}\d|[a-z]{{0,3}}{_ZH_DIGIT}{{5,14}})(?![a-z0-9-])"
    r"|(?<![a-z0-9-])(?P<before>\d{4,8}-\d{3,5})(?=[这那]?[单个])"
    r"|(?<![a-z0-9-])(?P<that>(?:[a-z]{1,3}-?)?\d{4,8}(?:-[a-z0-9]{1,5})?)(?=的?[这那]?[一个]?(?:工?单))"
    r"|(?<!order )(?<!订单)(?<!room )(?<!unit )(?<!flat )(?<!apt )(?<![\w#])#\s?(?P<hash>\d{4,9})(?![\d-])"
)
_FEWEST_TICKET_DIGITS = 4
_CALLED_A_MODEL = re.compile(r"(?:型号|机型|model)[\s:：]*(?:是|为|叫|is|no\.?)?[\s:：]*$")
_SERIAL = re.compile(
    r"(?:序列号|机身号|机身编号|机器编号|条形码|条码|机号|编码|s/?n|serial(?: (?:no|number|num))?|bar ?code)\.?"
    r"\s*(?:是|为|is|:|：|#)?\s*(?P<serial>(?=[a-z0-9-]*\d{3})[a-z0-9][a-z0-9-]{6,23})(?![a-z0-9])"
)
_MODEL_CUE = re.compile(
    r"(?:型号|机型|model)(?:\s*(?:no\.?|number|名|号|应该|好像|上面|写着|写的|就|可能))*\s*(?:是|为|叫|is|:|：)?\s*"
    r"(?P<model>[a-z]{1,6}[\s-]?(?:[a-z]{0,2}\d)[a-z0-9./()-]{0,14}|\d{2,3}-?[a-z][a-z0-9-]{0,8})(?![a-z0-9])"
)
_MODEL_SHAPE = re.compile(
    r"(?<![a-z0-9@./])(?P<model>[a-z]{2,5}(?:-?[a-z]{0,2})-?\d{2,4}(?!\d|-\d{3})[a-z0-9-]{0,8})(?![a-z0-9@.])"
)
_NO_MODEL = re.compile(
    r"(?:no|at|in|on|to|and|for|the|of|is|are|was|am|pm|by|or|tel|room|rm|apt|unit|flat|bldg|block|floor|road|rd|nov"
    r"|dec|oct"
    r"|sep|aug|jul|jun|may|apr|mar|feb|jan|since|about|only|over|than|mon|tue|wed|thu|fri|sat|sun|call|pay|paid|rmb"
    r"|after"
    r"|before|until|from|like|just|dn|cost|near|code|error|pls|my|me|it|we|he|last|next|year|over|qq|vip|iphone|ipad"
    r"|wifi|mate|oppo|vivo|win|usb|gpt|wy\d{4})[\s-]?\d"
)


_PHONE = re.compile(r"1[3-9]\d{9}")
_DASHES = str.maketrans("–—‐", "---")


@dataclass(frozen=True)
class Code:
    """A code found in a text: verbatim span and normal form."""

    start: int
    end: int
    text: str
    value: str


def capacity(text: str) -> Code | None:
    """`60升`, `60 L`, `六十升` → `60L`; tanks hold 5 to 500 litres."""
    matched = normal(text)
    told = [
        _code(matched, found.start(), found.end(), f"{litres}L")
        for found in _CAPACITY.finditer(matched.text)
        if (litres := cardinal(found[1])) is not None and 5 <= litres <= 500
    ]
    return next((each for each in told if not _DENIED.search(text[: each.start])), told[0] if told else None)


def fault_code(text: str) -> Code | None:
    """`E1`, `e-04`, `E三`, `Er 04`, `故障码 F2` → `E1`, `E4`, `E3`, `E4`, `F2` (upper case, no leading zero)."""
    matched = normal(text)
    for found in _FAULT.finditer(matched.text):
        letter, digits = found["letter"] or found["zh_letter"], found["digits"] or found["zh_digits"]
        return _code(matched, found.start(), found.end(), f"{letter.upper()}{_figure(digits)}")
    for pattern in (_FAULT_CUE, _FAULT_FIRST):
        cued = pattern.search(matched.text)
        if cued:
            value = re.sub(r"[\s-]", "", cued["code"]).upper()
            return _code(matched, *cued.span("code"), value)
    heard = _HEARD_FAULT.search(matched.text) if _SPEAKS_OF_A_CODE.search(matched.text) else None
    if heard:
        return _code(
            matched, heard.start(), heard.end(), f"{'E' if heard['letter'] else 'F'}{_figure(heard['digits'])}"
        )
    return None


def _figure(digits: str) -> int:
    """`04`, `零三`, `three` → 4, 3, 3."""
    if digits.isascii() and not digits.isdigit():
        return _EN_NUMBER.split("|").index(digits)
    return int(_ascii_digits(digits))


def ticket_no(text: str) -> Code | None:
    """`wy2611240001`, `WY 2026 1124 0001`, `261124-0001`, `WY20261124001` (a nought left out) → `WY261124-0001`.

    A number of another shape that is called a ticket's (`单号2611-0938`) stays as it was told: there may be no such
    ticket, which is for the backend to say, but it is no model.
    """
    matched = normal(text)
    for found in _TICKET.finditer(matched.text):
        day = _ascii_digits(found["day"] or found["day2"] or found["day3"])
        serial = _ascii_digits(found["serial"] or found["serial2"] or found["serial3"])
        if 1 <= int(day[2:4]) <= 12 and 1 <= int(day[4:]) <= 31:
            return _code(matched, found.start(), found.end(), f"WY{day}-{serial:0>4}")
    return _unusual_ticket(matched)


def _unusual_ticket(matched: Normal) -> Code | None:
    for found in _UNUSUAL_TICKET.finditer(matched.text):
        kind = str(found.lastgroup)
        is_unannounced = kind == "bare" and not found[kind].startswith("wy")
        digits = len(re.findall(_ZH_DIGIT, found[kind]))
        is_other = _PHONE.fullmatch(found[kind]) or _CALLED_A_MODEL.search(matched.text[: found.start()])
        if digits >= _FEWEST_TICKET_DIGITS + is_unannounced and not is_other:
            told = found[kind].strip()
            start = found.start(kind) + found[kind].index(told)
            return _code(matched, start, start + len(told), re.sub(r"\s+", "", told).upper())
    return None


def serial_no(text: str) -> Code | None:
    """A serial number or barcode that the customer announces as one (`序列号 …`, `SN: …`)."""
    matched = normal(text)
    found = _SERIAL.search(matched.text)
    return _code(matched, *found.span("serial"), found["serial"].upper()) if found else None


def model(text: str) -> Code | None:
    """A model name: a known series with its digits, whatever follows 型号, else a code shaped like a model."""
    matched = normal(text)
    dashed = matched.text.translate(_DASHES)
    for pattern in (_known_series(), _MODEL_CUE, _MODEL_SHAPE):
        for found in pattern.finditer(dashed):
            name = found["model"].rstrip("-. ")
            if (
                _TICKET.match(name)
                or (pattern is not _MODEL_CUE and _UNUSUAL_TICKET.fullmatch(name))
                or _FAULT.fullmatch(name)
                or _NO_MODEL.match(name)
            ):
                continue
            start = found.start("model")
            return _code(matched, start, start + len(name), re.sub(r"\s+", "", name).upper())
    named = _series_name().search(matched.text)
    return _code(matched, named.start(), named.end(), _series_names()[named[0]]) if named else None


@lru_cache(maxsize=1)
def _series_names() -> dict[str, str]:
    """What customers call a series, by every spelling, with its proper spelling; the brand itself names none."""
    table: dict[str, Any] = yaml.safe_load(_MODELS.read_text(encoding="utf-8"))
    named = [series["names"] for series in table["series"] if series["names"] and series["code"] != "WY"]
    return {spelling: names[0] for names in named for spelling in names}


@lru_cache(maxsize=1)
def _series_name() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_series_names(), key=len, reverse=True)))


@lru_cache(maxsize=1)
def _known_series() -> re.Pattern[str]:
    table: dict[str, Any] = yaml.safe_load(_MODELS.read_text(encoding="utf-8"))
    codes = "|".join(sorted((series["code"].lower() for series in table["series"]), key=len, reverse=True))
    return re.compile(
        rf"(?<![a-z0-9])(?P<model>(?:{codes})[\s-]?[a-z]{{0,2}}-?(?:\d{{1,4}}(?!\d)[a-z0-9/()-]{{0,8}}|[零〇一二三四五六七八九十]{{2,3}}(?![点号年月])))(?![a-z0-9])"
    )


def _ascii_digits(words: str) -> str:
    """The digits in `words`, spoken or typed, as figures; what stands between them falls away."""
    return "".join(str(DIGITS.get(char, char)) for char in words if char in DIGITS or char.isdigit())


def _code(matched: Normal, start: int, end: int, value: str) -> Code:
    first, last = matched.span(start, end)
    return Code(first, last, matched.original[first:last], value)
