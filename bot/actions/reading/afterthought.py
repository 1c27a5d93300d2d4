"""Who corrects himself in one breath means the latter: "DSZF-60，不对，是DSZF-80". Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.text.normal import normal
from bot.text.values import is_meant, read_values

_MARK = re.compile(
    r"(?:不对|(?<=[,，。\s])[说写打搞记念报]错了?)(?!劲|称|头|路|外|上|的|[吗么])(?:[,，。!！?？、\s]|应该|其实|是|我是说)*"
    r"|(?<=[,，。\s])不(?:[,，、\s]+|是(?=[\u3400-\u9fff]?\d))(?:应该|其实|是)*"
    r"|(?:不对|[说写打搞记念报]?错了|[哦噢啊]不(?:是)?|不不+|[,，\s]不是(?=[,，\s]))(?:[,，。!！?？、\s]|应该|其实|是|我是说)+"
    r"|\b(?:no,? wait|sorry,? (?:it'?s|i mean)|i mean|scratch that)\b[,:\s]*"
)


def begins(text: str) -> int | None:
    """Where in a message its speaker corrects what he has said before; None when he does not."""
    words = normal(text)
    marks = [found for found in _MARK.finditer(words.text) if found.start() > 0 and found.end() < len(words.text)]
    return words.origin[marks[-1].end()] if marks else None


def values(text: str, told: Sequence[Mapping[str, Any]], now: str) -> list[dict[str, Any]]:
    """The values behind the correction that the message's own (`told`) do not hold; `now` is an aware ISO instant."""
    start = begins(text)
    if start is None or not now:
        return []
    read = ({**each, "start": each["start"] + start, "end": each["end"] + start} for each in _read(text[start:], now))
    counted = [each for each in told if is_meant(each)]
    named = {each.get("entity") for each in counted if each.get("start", 0) < start}
    later = {each.get("entity") for each in counted if each.get("start", 0) >= start}
    return [each for each in read if each["entity"] in named and each["entity"] not in later]


def _read(text: str, now: str) -> list[dict[str, Any]]:
    return list(read_values(text, datetime.fromisoformat(now)))
