"""Codes a customer reads from the machine or a message: model, capacity, fault code, serial number, ticket number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.text.normal import Normal, normal
from bot.text.numerals import DIGITS, cardinal

_MODELS = Path(__file__).resolve().parents[2] / "data" / "lexicon" / "models.yaml"
_ZH_DIGIT = "[0-9" + "".join(DIGITS) + "]"
_DIGITS = re.compile(_ZH_DIGIT)
_TENS = {"ten": 10, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "eighty": 80, "hundred": 100}
_CAPACITY = re.compile(
    rf"(?<![\d.])(\d{{1,3}}|[一二两三四五六七八九十百]{{1,4}}|\b(?:{'|'.join(_TENS)}))\s*-?\s*"
    r"(?:l(?![a-z])|升|公升|立升|[生圣声](?=的?热水|的?$|的)|li?te?rs?\b|litres?\b|ltrs?\b|(?:gong ?)?sheng(?![a-z]))"
)
_BARE_CAPACITY = re.compile(
    r"(?:^|[,。!? ])(?:是|机器是|我[这家那]?个?是|要|那个|应该是)?"
    r"(?P<bare>[三四五六八]十|一百|[34568]0|100)的(?:那[种台个款])?(?=$|[,。!?])"
    r"|\b(?:the|it'?s an?) (?P<word>thirty|forty|fifty|sixty|eighty)(?: one)?(?=$|[,.!?])"
)
"""Sizes as customers call them by the number alone: `六十的`, `the sixty`."""
_GALLONS = re.compile(r"(?<![\d.])(\d{1,2}|[一二三四五六七八九十]{1,3})\s?(?:加仑|gal(?:lon)?s?\b)")
_LITRES_A_GALLON = 3.785
_ZH_NUMBER = "零?[一二三四五六七八九]"
_EN_NUMBER = "zero|one|two|three|four|five|six|seven|eight|nine"
_FAULT = re.compile(
    rf"(?<![a-z0-9])(?:(?P<letter>[ef])(?:rr?(?:or)?)?(?:[\s.:-]*(?P<digits>[0-9]{{1,2}})|[\s.:-]+(?P<words>{_EN_NUMBER}))"
    rf"|(?P<zh_letter>[ef])r?\s?(?:(?:然后|后[头面边]?)(?:是|跟着?|再?来)?一?个?)?(?P<zh_digits>{_ZH_NUMBER}|[0-9](?![0-9])))"
    rf"(?![0-9a-z]|[栋座区室零〇十升])"
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
_MISREAD = re.compile(r"[是那个]{0,2}我?(?:刚[才刚])?(?:[看说念写记抄讲]岔?[反错]|眼花|老花眼|写的是错)")
_NEAR = 12
_APART = r"[\s\-—–_杠]*"
_DATE_DIGITS = rf"{_ZH_DIGIT}\s?{_ZH_DIGIT}{_APART}{_ZH_DIGIT}\s?{_ZH_DIGIT}{_APART}{_ZH_DIGIT}\s?{_ZH_DIGIT}"
_SERIAL_DIGITS = rf"{_ZH_DIGIT}(?:\s?{_ZH_DIGIT}){{2,3}}{_ZH_DIGIT}{{0,2}}"
_TICKET = re.compile(
    rf"(?<![a-z0-9])(?:w\s?y{_APART}(?:[2二两]\s?[0零〇]{_APART}(?=(?:{_ZH_DIGIT}{_APART}){{9}}))?"
    rf"(?P<day>{_DATE_DIGITS}){_APART}(?P<serial>{_SERIAL_DIGITS})"
    r"|(?P<day2>2\d{5})\s*[-—]\s*(?P<serial2>\d{4})"
    r"|(?P<day3>2[4-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?P<serial3>\d{4}))(?![0-9a-z])"
)
_TICKET_WORD = (
    r"(?:(?<!订)单号码?|单子号码?|(?<![订店])单(?=尾)|受理号|工单|(?<![机型])编号|(?<=的)单(?=[a-z])|(?:报修|安装|维修|服务|受理|登记|投诉|预约|派工|流水|售后)"
    r"(?:单|编?号)|(?:(?<![^\s,。;!?:])|(?<=[这那]个)|(?<=我的))单(?=[a-z]{0,3}-?\d{4}|[a-z]{2}-\d)"
    r"|dan ?号?|(?<!订)dan ?hao"
    r"|\b(?:ticket|tckt|tkt|tix|request|job|case|reference|ref|booking|complaint|(?:work|service|repair) order)(?:'s)?"
    r"(?: (?:no|num|number|nr|id|code))?(?: of request)?"
    r"|\bvisit(?= (?:no\.? |number )?\d{4})"
    r"|\border (?:no|num|number)\b(?=[\s:.#]*(?:is )?[a-z]{2}-?\d)"
    r"|(?<!model )(?<!serial )(?<!part )(?<!room )(?<!flat )(?<!house )\b(?:number|no)\b"
    r"(?=[\s:.#]*(?:is )?[a-z]{2}-\d{4}))"
)
_TICKET_SHAPE = (
    rf"(?:[a-z]{{0,3}}[\s/-]?\d[\d/-]{{1,18}}\d(?:-?[a-z](?![a-z]))?|\d{{3,6}}-[a-z]\d{{1,4}}|[a-z]{{1,3}}\d{{4,14}}"
    rf"|[a-z]{{0,3}}{_ZH_DIGIT}{{4,14}})"
)
_UNUSUAL_TICKET = re.compile(
    r"(?<![a-z0-9-])(?P<bare>w[a-z]?[\s-]?\d{2,8}(?:-\d{2,6})?)(?![a-z0-9-])"
    rf"|{_TICKET_WORD}"
    r"(?:\s*(?:尾巴|尾号|末尾|尾数?|[末后][三四4]?位|最后|后面|写着|几位|号码?|是|为|叫|就是|好像|应该|:|：|#|\.|no|is|,))*\s*"
    rf"(?P<told>{_TICKET_SHAPE})(?![a-z0-9-])"
    r"|(?<![a-z0-9-])(?P<before>\d{4,8}-\d{3,5})(?=[这那]?[单个])"
    r"|(?<![a-z0-9-])(?P<that>(?:[a-z]{1,3}-?)?\d{4,10}(?:-[a-z0-9]{1,5})?)(?=的?[这那]?[一个]?(?:工?单))"
    r"|(?<![a-z0-9-])(?P<dated>[a-z]{1,3}-?(?:20[2-4]|2(?=[4-9]))\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-?\d{2,5})(?![a-z0-9-])"
    r"|(?:关于|\b(?:regarding|concerning|re:?|about) )(?P<about>[a-z]{2}-\d{4,6})(?![a-z0-9-])"
    r"|(?<!order )(?<!订单)(?<!room )(?<!unit )(?<!flat )(?<!apt )(?<![\w#])#\s?(?P<hash>\d{4,9})(?![\d-])"
)
"""Numbers of other shapes than ours: what a customer calls a ticket's number, or a date behind letters."""
_FEWEST_TICKET_DIGITS, _LAST_DIGITS = 4, 3
_ITS_END = re.compile(r"尾|末|后[三四]?位|最后")
_BAR_CODE = re.compile(r"(?:条形?码|bar ?code)[\s:：]*$")
_ORDERED = re.compile(r"(?:订单(?:编?号)?码?|\border(?: (?:no|num|number))?)[\s:：#.是为]*$")
_CALLED_A_MODEL = re.compile(r"(?:型号|机型|model)[\s:：]*(?:是|为|叫|is|no\.?)?[\s:：]*$")
_SERIAL = re.compile(
    r"(?:序列号|机身号|机身编号|机器编号|条形码|条码|机号|编码|s/?n|serial(?: (?:no|number|num))?|bar ?code)\.?"
    r"\s*(?:是|为|is|:|：|#)?\s*(?P<serial>(?=[a-z0-9-]*\d{3})[a-z0-9][a-z0-9-]{6,23})(?![a-z0-9])"
)
_MODEL_CUE = re.compile(
    r"(?:型号|机型|model)(?:\s*(?:no\.?|number|名|号|应该|好像|上面|写着|写的|就|可能))*\s*(?:是|为|叫|is|:|：)?\s*"
    r"(?P<model>[a-z]{1,6}[\s-]?(?:[a-z]{0,2}\d)[a-z0-9./()-]{0,14}|(?!1[06]a(?![a-z0-9]))\d{2,3}-?[a-z][a-z0-9-]{0,8})(?![a-z0-9])"
)
_MODEL_SHAPE = re.compile(
    r"(?<![a-z0-9@./])(?P<model>[a-z]{2,5}(?:-?[a-z]{0,2})-?\d{2,4}(?!\d|-\d{3})[a-z0-9-]{0,8}(?:\s[a-dg-z]\d(?![a-z0-9:.-]))?)(?![a-z0-9@]|\.\w)"
)
_SHORT_SHAPE = re.compile(
    r"(?<![a-z0-9@./-])(?<!华为)(?<!小米)(?<!手机)(?<!phone )(?<!huawei )"
    r"(?P<model>[dhjkqstxy](?:30|40|50|60|65|80|100|120)[a-z]?\d?)(?![a-z0-9@-]|[栋座区室楼号弄元块])"
    r"(?! pro| plus| max)"
)
"""A model without the letters of its series, by its size: `D60A`."""
_LINE_SHAPE = re.compile(
    r"(?<![a-z0-9@./-])(?<!手机)(?<!手机是)(?<!华为)(?<!小米)(?<!phone )(?<!huawei )"
    r"(?P<model>[a-z]{1,2}\d{1,3} (?:pro|plus|max|mini))"
    r"(?![a-z0-9])"
)
"""A model of a line, as labels and shops write it: `Y8 Pro`."""
_SUFFIX = r"\s?(?!(?:err?|[ef])[\s-]?\d{1,2}(?![\d-]))[a-z]{1,2}\d{1,3}(?:-\d{2,3})?[a-z]?(?![a-z0-9])"
"""What follows the name of a series: `雅丽诗D6-60`; an E3 behind it is a fault."""
_SPELLED = re.compile(
    rf"(?<![a-z0-9])(?P<letters>[a-z](?: [a-z]){{1,4}}) ?(?P<number>\d{{2,3}}|{_ZH_DIGIT}(?: ?{_ZH_DIGIT}){{1,2}}"
    rf"|(?:[二三四五六七八九] ?)?[十百](?: ?[二三四五六七八九])?)(?! ?[0-9点号年月升])(?: ?(?P<last>[a-z])(?![a-z]))?"
)
"""A label spelled letter by letter, as speech recognition writes it: `W Y D 六十 B`."""
_NO_MODEL = re.compile(
    r"(?:no|at|in|on|to|and|for|the|of|is|are|was|am|pm|by|or|tel|room|rm|apt|unit|flat|bldg|block|floor|road|rd|nov"
    r"|dec|oct"
    r"|sep|aug|jul|jun|may|apr|mar|feb|jan|since|about|only|over|than|mon|tue|wed|thu|fri|sat|sun|call|pay|paid|rmb"
    r"|after"
    r"|before|until|from|like|just|dn|cost|near|code|error|pls|my|me|it|we|he|last|next|year|over|qq|vip|iphone|ipad"
    r"|wifi|mate|oppo|vivo|yuan|lou|hao|dong|shi|ceng|danyuan|win|usb|gpt|wy\d{4})[\s-]?\d"
)


_PHONE = re.compile(r"1[3-9]\d{9}")
_DATE = re.compile(r"20[2-4]\d[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/]\d{1,2}")
_DASHES = str.maketrans("–—‐", "---")


@dataclass(frozen=True)
class Code:
    """A code found in a text: verbatim span and normal form."""

    start: int
    end: int
    text: str
    value: str


def capacities(text: str) -> list[Code]:
    """Every capacity told and not denied: `六十升`, `sixty litres`, `六十的` → `60L`; tanks hold 5 to 500 litres."""
    matched = normal(text)
    told = [
        _code(matched, found.start(), found.end(), f"{litres}L")
        for found in _CAPACITY.finditer(matched.text)
        if (litres := _TENS.get(found[1]) or cardinal(found[1])) is not None and 5 <= litres <= 500
    ]
    right = _not_denied(told, text) or _not_denied(list(_called_by_number(matched)), text)
    return right or told[:1]


def capacity(text: str) -> Code | None:
    """The first capacity told and not denied."""
    return next(iter(capacities(text)), None)


def _not_denied(told: list[Code], text: str) -> list[Code]:
    return [each for each in told if not _DENIED.search(text[: each.start])]


def _called_by_number(matched: Normal) -> Iterator[Code]:
    for found in _GALLONS.finditer(matched.text):
        yield _code(matched, found.start(), found.end(), f"{round((cardinal(found[1]) or 0) * _LITRES_A_GALLON)}L")
    for found in _BARE_CAPACITY.finditer(matched.text):
        kind = str(found.lastgroup)
        litres = _TENS.get(found[kind]) or cardinal(found[kind])
        yield _code(matched, *found.span(kind), f"{litres}L")


def fault_code(text: str) -> Code | None:
    """`E1`, `e-04`, `E三`, `Er 04`, `故障码 F2` → `E1`, `E4`, `E3`, `E4`, `F2` (upper case, no leading zero)."""
    matched = normal(text)
    told = []
    for found in _FAULT.finditer(matched.text):
        letter, digits = found["letter"] or found["zh_letter"], found["digits"] or found["words"] or found["zh_digits"]
        told.append(_code(matched, found.start(), found.end(), f"{letter.upper()}{_figure(digits)}"))
    if told:
        return _right_one(told, text)
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


def _right_one(told: list[Code], text: str) -> Code:
    """The first that the customer does not take back: `不是E8，是E3`, `E3我看反了，是E8`."""
    return next(
        (
            each
            for each in told
            if not _DENIED.search(text[max(0, each.start - _NEAR) : each.start])
            and not _MISREAD.match(text[each.end : each.end + _NEAR])
        ),
        told[0],
    )


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
    if len(_DIGITS.findall(matched.text)) < _LAST_DIGITS:
        return None
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
        is_other = is_other or _DATE.fullmatch(found[kind].strip()) or _BAR_CODE.search(matched.text[: found.start()])
        fewest = _LAST_DIGITS if _ITS_END.search(found[0]) else _FEWEST_TICKET_DIGITS + is_unannounced
        if digits >= fewest and not is_other:
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
    for pattern in (_known_series(), _MODEL_CUE, _MODEL_SHAPE, _LINE_SHAPE, _SHORT_SHAPE):
        for found in pattern.finditer(dashed):
            name = found["model"].rstrip("-. ")
            if (
                _TICKET.match(name)
                or (pattern is not _MODEL_CUE and _UNUSUAL_TICKET.fullmatch(name))
                or _FAULT.fullmatch(name)
                or _NO_MODEL.match(name)
                or _ORDERED.search(matched.text[: found.start()])
                or _DENIED.search(matched.text[: found.start("model")])
            ):
                continue
            start = found.start("model")
            return _code(matched, start, start + len(name), re.sub(r"\s+", "", name).upper())
    return _spelled(matched) or _named(matched)


def _spelled(matched: Normal) -> Code | None:
    """A label whose letters were said one by one, when they begin like those of a known series."""
    for found in _SPELLED.finditer(matched.text):
        letters, number = found["letters"].replace(" ", ""), cardinal(found["number"].replace(" ", ""))
        if number is not None and letters.startswith(tuple(code.lower() for code in _series_codes())):
            value = f"{letters}{number}{found['last'] or ''}".upper()
            return _code(matched, found.start(), found.end(), value)
    return None


def _named(matched: Normal) -> Code | None:
    """A series by its name, and the model of it that is written behind: `雅丽诗`, `雅丽诗Q3`."""
    found = _series_name().search(matched.text)
    if found is None:
        return None
    behind = re.sub(r"\s", "", found["behind"] or "").upper()
    return _code(matched, found.start(), found.end(), _series_names()[found["series"]] + behind)


@lru_cache(maxsize=1)
def _series() -> list[dict[str, Any]]:
    table: dict[str, Any] = yaml.safe_load(_MODELS.read_text(encoding="utf-8"))
    listed: list[dict[str, Any]] = table["series"]
    return listed


@lru_cache(maxsize=1)
def _series_codes() -> list[str]:
    """The letters on the labels of the known series, the longest first."""
    return sorted((series["code"] for series in _series()), key=len, reverse=True)


@lru_cache(maxsize=1)
def _series_names() -> dict[str, str]:
    """What customers call a series, by every spelling, with its proper spelling; the brand itself names none."""
    named = [series["names"] for series in _series() if series["names"] and series["code"] != "WY"]
    return {spelling: names[0] for names in named for spelling in names}


@lru_cache(maxsize=1)
def _series_name() -> re.Pattern[str]:
    named = "|".join(sorted(_series_names(), key=len, reverse=True))
    return re.compile(rf"(?P<series>{named})(?P<behind>{_SUFFIX})?")


@lru_cache(maxsize=1)
def _known_series() -> re.Pattern[str]:
    codes = "|".join(code.lower() for code in _series_codes())
    return re.compile(
        rf"(?<![a-z0-9])(?P<model>(?:{codes})[\s-]?[a-z]{{0,2}}-?(?:\d{{1,4}}(?!\d)[a-z0-9/()-]{{0,8}}|[零〇一二三四五六七八九十]{{2,3}}(?![点号年月])))(?![a-z0-9])"
    )


def _ascii_digits(words: str) -> str:
    """The digits in `words`, spoken or typed, as figures; what stands between them falls away."""
    return "".join(str(DIGITS.get(char, char)) for char in words if char in DIGITS or char.isdigit())


def _code(matched: Normal, start: int, end: int, value: str) -> Code:
    first, last = matched.span(start, end)
    return Code(first, last, matched.original[first:last], value)
