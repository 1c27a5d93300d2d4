"""Labelled lines as files to train and to test with. Pure.

A mask is filled with a value that means nobody, of the kind that stood there; which one follows from the line, so that
the same line gives the same example each time and not all lines share one name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from backend.reviews.rules import MASK

STYLE = "real"


class Format(StrEnum):
    """JSON lines as in `tests/bot/nlu`, or training data as in `bot/nlu`."""

    JSONL = "jsonl"
    YAML = "yaml"


@dataclass(frozen=True)
class Example:
    """A masked line and what its customer wanted."""

    text: str
    intent: str
    language: str


_PHONES = ("13800138000", "13912345678", "15012345678")
_VALUES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "zh": {
        "name": ("王芳", "李先生", "张女士", "陈师傅"),
        "address": ("佛山市顺德区大良街道凤翔路128号", "广州天河区体育西路5号", "幸福小区3栋502"),
        "plate": ("粤A12345",),
    },
    "en": {
        "name": ("Wang Fang", "Mr Li", "Anna Lee"),
        "address": ("12 Fengxiang Road, Shunde", "Room 502, Building 3, Happy Garden"),
        "plate": ("Yue A12345",),
    },
}
_SHARED: Mapping[str, Sequence[str]] = {
    "phone": _PHONES,
    "ticket": ("WY261124-0001", "WY261120-0012"),
    "serial": ("2206YLSD60A00451",),
    "email": ("name@example.com",),
    "account": ("abc_12345",),
    "link": ("www.example.com",),
    "code": ("482913",),
    "number": ("86420", "20617"),
}


def filled(text: str, language: str) -> str:
    """A line with neutral values in the place of its masks."""
    seed = hashlib.sha256(text.encode()).digest()

    def value(mask: re.Match[str]) -> str:
        choices = _VALUES.get(language, _VALUES["zh"]).get(mask["kind"]) or _SHARED.get(mask["kind"], ("",))
        chosen = choices[seed[mask.start() % len(seed)] % len(choices)]
        return chosen[0] if text[: mask.start()].rstrip().endswith("姓") else chosen

    return " ".join(MASK.sub(value, text).split())


def as_jsonl(examples: Iterable[Example]) -> str:
    """One JSON object a line: text, intent, language, style. The same line twice is one."""
    lines = dict.fromkeys((filled(each.text, each.language), each.intent, each.language) for each in examples)
    return "".join(
        json.dumps({"text": text, "intent": intent, "language": language, "style": STYLE}, ensure_ascii=False) + "\n"
        for text, intent, language in lines
    )


def as_yaml(examples: Iterable[Example]) -> str:
    """Training data for Rasa, lines by intent, to be put into `bot/nlu/zh` or `bot/nlu/en` as it is.

    Brackets become full-width ones, and a leading slash goes: to Rasa they would mark entities and intents.
    """
    by_intent: dict[str, list[str]] = {}
    for each in examples:
        text = filled(each.text, each.language).translate(str.maketrans("[]{}", "［］｛｝")).lstrip("/ ")
        lines = by_intent.setdefault(each.intent, [])
        if text and text not in lines:
            lines.append(text)
    blocks = [
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {line}\n" for line in lines)
        for intent, lines in sorted(by_intent.items())
        if lines
    ]
    head = (
        'version: "3.1"\n# What customers really said, labelled at the desk; persons, places and numbers are made up.\n'
    )
    return head + ("nlu:\n" + "".join(blocks) if blocks else "nlu: []\n")
