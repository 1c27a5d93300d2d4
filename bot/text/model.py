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
    r"(?:l(?![a-z])|升|公升|立升|li?te?rs?\b|litres?\b|ltrs?\b|gong ?sheng)"
)
_FAULT = re.compile(r"(?<![a-z0-9])(?:([ef])\s*-?\s*([0-9]{1,2})|([ef])\s?([零一二三四五六七八九]))(?![0-9a-z])")
_FAULT_CUE = re.compile(
    r"(?:故障(?:代)?码|错误(?:代)?码|报错|报警代码|代码|error code|fault code|error|code)\s*(?:是|为|显示|is|:|：)?\s*"
    r"(?P<code>[a-z]?\s?-?\d{1,2})(?![0-9a-z])"
)
_TICKET = re.compile(
    rf"(?<![a-z0-9])(?:w\s?y\s*-?\s*({_ZH_DIGIT}{{6}})[\s\-—杠]*({_ZH_DIGIT}{{4}})|(2\d{{5}})\s*[-—]\s*(\d{{4}})"
    r"|(2[4-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(\d{4}))(?![0-9a-z])"
)
_SERIAL = re.compile(
    r"(?:序列号|机身号|机身编号|机器编号|条形码|条码|机号|编码|s/?n|serial(?: (?:no|number|num))?|bar ?code)\.?"
    r"\s*(?:是|为|is|:|：|#)?\s*(?P<serial>(?=[a-z0-9-]*\d{3})[a-z0-9][a-z0-9-]{6,23})(?![a-z0-9])"
)
_MODEL_CUE = re.compile(
    r"(?:型号|机型|model)(?:\s*(?:no\.?|number|名|号|应该|好像|上面|写着|写的|就|可能))*\s*(?:是|为|叫|is|:|：)?\s*"
    r"(?P<model>[a-z]{1,6}[\s-]?(?:[a-z]{0,2}\d)[a-z0-9./()-]{0,14}|\d{2,3}-?[a-z][a-z0-9-]{0,8})(?![a-z0-9])"
)
_MODEL_SHAPE = re.compile(r"(?<![a-z0-9@./])(?P<model>[a-z]{2,5}(?:-?[a-z]{0,2})-?\d{2,4}[a-z0-9-]{0,8})(?![a-z0-9@.])")
_NO_MODEL = re.compile(
    r"(?:no|at|in|on|to|and|for|the|of|is|are|was|am|pm|by|or|tel|room|rm|apt|unit|flat|bldg|block|floor|road|rd|nov"
    r"|dec|oct"
    r"|sep|aug|jul|jun|may|apr|mar|feb|jan|since|about|only|over|than|mon|tue|wed|thu|fri|sat|sun|call|pay|paid|rmb"
    r"|after"
    r"|before|until|from|like|just|dn|cost|near|code|error|pls|my|me|it|we|he|last|next|year|over|wy)[\s-]?\d"
)


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
    for found in _CAPACITY.finditer(matched.text):
        litres = cardinal(found[1])
        if litres is not None and 5 <= litres <= 500:
            return _code(matched, found.start(), found.end(), f"{litres}L")
    return None


def fault_code(text: str) -> Code | None:
    """`E1`, `e-04`, `E三`, `故障码 F2` → `E1`, `E4`, `E3`, `F2` (letters upper case, no leading zero)."""
    matched = normal(text)
    for found in _FAULT.finditer(matched.text):
        letter = found[1] or found[3]
        digits = found[2] or str(cardinal(found[4]))
        return _code(matched, found.start(), found.end(), f"{letter.upper()}{int(digits)}")
    cued = _FAULT_CUE.search(matched.text)
    if cued:
        value = re.sub(r"[\s-]", "", cued["code"]).upper()
        return _code(matched, *cued.span("code"), value)
    return None


def ticket_no(text: str) -> Code | None:
    """`wy2611240001`, `WY 261124-0001`, `261124-0001` → `WY261124-0001`."""
    matched = normal(text)
    found = _TICKET.search(matched.text)
    if not found:
        return None
    day, serial = [part for part in found.groups() if part]
    return _code(matched, found.start(), found.end(), f"WY{_ascii_digits(day)}-{_ascii_digits(serial)}")


def serial_no(text: str) -> Code | None:
    """A serial number or barcode that the customer announces as one (`序列号 …`, `SN: …`)."""
    matched = normal(text)
    found = _SERIAL.search(matched.text)
    return _code(matched, *found.span("serial"), found["serial"].upper()) if found else None


def model(text: str) -> Code | None:
    """A model name: a known series with its digits, whatever follows 型号, else a code shaped like a model."""
    matched = normal(text)
    for pattern in (_known_series(), _MODEL_CUE, _MODEL_SHAPE):
        for found in pattern.finditer(matched.text):
            name = found["model"].rstrip("-. ")
            if _TICKET.match(name) or _FAULT.fullmatch(name) or _NO_MODEL.match(name):
                continue
            start = found.start("model")
            return _code(matched, start, start + len(name), re.sub(r"\s+", "", name).upper())
    return None


@lru_cache(maxsize=1)
def _known_series() -> re.Pattern[str]:
    table: dict[str, Any] = yaml.safe_load(_MODELS.read_text(encoding="utf-8"))
    codes = "|".join(sorted((series["code"].lower() for series in table["series"]), key=len, reverse=True))
    return re.compile(
        rf"(?<![a-z0-9])(?P<model>(?:{codes})[\s-]?[a-z]{{0,2}}-?\d{{1,4}}[a-z0-9/()-]{{0,8}})(?![a-z0-9])"
    )


def _ascii_digits(words: str) -> str:
    return "".join(str(DIGITS.get(char, char)) for char in words)


def _code(matched: Normal, start: int, end: int, value: str) -> Code:
    first, last = matched.span(start, end)
    return Code(first, last, matched.original[first:last], value)
