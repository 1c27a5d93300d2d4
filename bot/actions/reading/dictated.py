"""A telephone number told in pieces, over one message or several, with corrections on the way. Pure."""

from __future__ import annotations

import re

from bot.actions.reading import afterthought
from bot.text import phone
from bot.text.normal import normal

WHOLE = 11
"""Digits of a mobile number."""
_LONGEST_BEGINNING = 7
"""Digits up to which a first piece is a beginning; more are a number with a digit or two missing."""
_MOBILE = re.compile(r"1[3-9]\d{9}")
_BEGINS = re.compile(r"1[3-9]\d*|0\d+")
_PUTS_RIGHT = re.compile(r"\s*(?:不对|[说讲念报]?错了|不是|[哦噢]不|no\b|sorry\b|wrong\b)")


def number(text: str, so_far: str = "") -> str | None:
    """The digits of a number as far as it is told now, after those told before; None where more than digits is told."""
    start = afterthought.begins(text)
    if start is None and _PUTS_RIGHT.match(normal(text).text):
        said, instead = "", phone.piece(text)
    else:
        said = phone.piece(text[:start]) or ""
        instead = phone.piece(text[start:]) if start is not None else ""
    if instead is None or not (said or instead):
        return None
    return _put_right(so_far + said, len(said), instead) if instead else _told_once(so_far + said)


def _told_once(digits: str) -> str:
    """A number with too many digits, the beginning of which was told twice ("幺三八 幺三八"), without the first."""
    if len(digits) <= WHOLE:
        return digits
    more = len(digits) - WHOLE
    is_twice = digits[:more] == digits[more : 2 * more] and _MOBILE.fullmatch(digits[more:])
    return digits[more:] if is_twice else digits


def _put_right(told: str, last: int, instead: str) -> str:
    """The digits with their end told anew: the last piece where both are as long, else whatever makes a number."""
    if len(instead) != last:
        whole = told[: max(0, WHOLE - len(instead))] + instead
        if _MOBILE.fullmatch(whole):
            return whole
    return told[: max(0, len(told) - len(instead))] + instead


def is_beginning(digits: str) -> bool:
    """Whether digits are the beginning of a number whose rest is still to come."""
    return len(digits) <= _LONGEST_BEGINNING and bool(_BEGINS.fullmatch(digits))


def begins_a_mobile(text: str) -> bool:
    """Whether a message is the beginning of a mobile number and nothing else: "幺三九"."""
    told = phone.piece(text)
    return told is not None and len(told) > 2 and is_beginning(told) and told[0] == "1"
