"""What an answer means where windows of a visit were named. Pure: words in, a choice out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.actions.reading.answers import is_no, is_yes
from bot.actions.reading.times import Span, days_ruled_out, is_any_time, unsuited
from bot.actions.reading.utterance import plain

_DECLINES = re.compile(
    r"都不(?:行|成|可以|方便|合适|得)|先?不(?:约|定|急着定)|以后再|再说|再联系|到时候?再|改天|没空|没时间|没人在家|说不准|不一定|^算了|^不用了?$|不改了?"
    r"|\bnone\b|\bneither\b|\bkeep it\b"
    r"|\bnot now\b|\blater\b|\bno thanks?\b|doesn'?t work|don'?t suit|\bneither works\b"
)
_NUMBER = re.compile(
    r"^(?:我?(?:选|要)|第|回复?|那|就|option|number|no\.?)*\s*(\d|[一二三四零])(?:号|个|项|吧|那个|[.。、])*$"
)
_ORDINAL = re.compile(
    r"(?:那|就|选|要|前面|the )*第?(?P<n>一|二|三|四|first|second|third|fourth)\s*(?:个|项|one|option)(?:吧|就行|可以)?"
)
_DIGIT = {"一": 1, "二": 2, "三": 3, "四": 4, "零": 0, "first": 1, "second": 2, "third": 3, "fourth": 4}
_PART = re.compile(
    r"^(?:就|那|要|选|the|in the|\s)*(?P<part>上午|早上|下午|morning|afternoon)"
    r"(?:吧|就行|可以|好了|那个|这个|please|的|one|\s)*$"
)
_FIRST = re.compile(
    r"(?:就|要|选|那)*(?:早一?点?的|前[面头]的?|头|先的?)(?:那?一?个|吧|的)*|(?:the )?(?:earlier|sooner)(?: one)?"
)
_LAST = re.compile(r"(?:就|要|选|那)*(?:晚一?点?的|后[面头]的?)(?:那?一?个|吧|的)*|the (?:later|last|other)(?: one)?")
_BY_PHONE = re.compile(
    r"(?:打|来)(?:个|一个)?电话|电话(?:里|上)?(?:说|谈|约|定|商量|联系|再说)|回电"
    r"|\b(?:call|phone|ring) me\b|\bby phone\b|give me a (?:call|ring)"
)
_VISIT = re.compile(r"上门|师傅|师付|来(?:家里?)?(?:修|装|看)|\bvisit\b|technician|\bcome (?:to|and|over|by|on)\b")
_MORNINGS = ("上午", "早上", "morning")
NOON = 12


def declines(text: str) -> bool:
    """Whether none of the windows shall be taken now: later, or not at all."""
    words = plain(text)
    return words.rstrip("。.!") == "0" or is_no(text) or bool(_DECLINES.search(words))


def means_the_visit(text: str) -> bool:
    """Whether a time is wanted for somebody to come, and not for a call."""
    words = plain(text)
    return bool(_VISIT.search(words)) and not _BY_PHONE.search(words)


def by_phone(text: str) -> bool:
    """Whether the time shall be settled in a call."""
    return bool(_BY_PHONE.search(plain(text)))


def picked(
    text: str, windows: list[dict[str, Any]], language: str, now: str, *, names_a_time: bool = False
) -> dict[str, Any] | None:
    """The window a message chooses among those named, or None: by its words, number or place, or as the only one of
    its part of the day. "Any" takes the first that is not ruled out, unless it `names_a_time` ("Friday any time"); a
    plain yes takes the only one."""
    words = plain(text).rstrip("。.!！ ")
    for window in windows:
        if plain(str(window["words"][language])) in words:
            return window
    found = _NUMBER.match(words) or _ORDINAL.fullmatch(words)
    if found:
        token = found[1] if found.re is _NUMBER else found["n"]
        place = _DIGIT[token] if token in _DIGIT else int(token)
        return windows[place - 1] if 1 <= place <= len(windows) else None
    if windows and (_FIRST.fullmatch(words) or _LAST.fullmatch(words)):
        return windows[0 if _FIRST.fullmatch(words) else -1]
    if part := _PART.match(words):
        is_morning = part["part"] in _MORNINGS
        return next((window for window in windows if _is_morning(window) == is_morning), None)
    if (is_any_time(text) and not names_a_time) or (is_yes(text) and len(windows) == 1):
        return next(iter(allowed(windows, text, now)), None)
    return None


def allowed(windows: list[dict[str, Any]], text: str, now: str) -> list[dict[str, Any]]:
    """The windows without those at times that a message rules out."""
    days, spans = days_ruled_out(text), [span for words in _APART.split(text) for span in unsuited(words, now)]
    return [each for each in windows if not _is_ruled_out(each, days, spans)]


_APART = re.compile(r"[；;]")
"""What stands between the remarks that are kept for the visit."""


def _is_ruled_out(window: dict[str, Any], days: frozenset[int], spans: Sequence[Span]) -> bool:
    start = datetime.fromisoformat(str(window["start"]))
    end = datetime.fromisoformat(str(window.get("end") or window["start"]))
    return start.weekday() in days or any(opens < end and start < closes for opens, closes in spans)


_ANOTHER = re.compile(r"^(?:不对|错了|选错了?|不是|还是|改成?|换成?|要|我|[,，。\s]|no|sorry|actually|rather)+")


def names_another(text: str) -> bool:
    """Whether all that is told is another place in a list of windows than the one taken: "不对，第二个"."""
    words = plain(text).rstrip("。.!！ ")
    rest = _ANOTHER.sub("", words).strip()
    return rest != words and bool(_ORDINAL.fullmatch(rest) or _PART.match(rest))


def _is_morning(window: dict[str, Any]) -> bool:
    """By the local time the words name: 08:00 in "…08:00–12:00"."""
    told = re.search(r"(\d{1,2}):\d{2}", str(window["words"].get("zh", "")))
    hour = int(told[1]) if told else datetime.fromisoformat(str(window["start"])).hour
    return hour < NOON
