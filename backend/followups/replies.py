"""What a customer's words mean where we asked how it was. Pure: words in, a grade out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend.appointments.replies import plain
from bot.text.normal import normal

_GRADES = {
    **dict.fromkeys(("非常满意", "很满意", "十分满意", "特别满意", "verygood", "excellent", "great", "perfect"), 5),
    **dict.fromkeys(("满意", "挺满意", "比较满意", "good", "fine", "satisfied"), 4),
    **dict.fromkeys(("一般", "一般般", "还行", "还可以", "凑合", "fair", "ok", "okay", "soso", "average"), 3),
    **dict.fromkeys(("不满意", "不太满意", "不好", "较差", "poor", "bad", "unsatisfied", "notgood"), 2),
    **dict.fromkeys(("很不满意", "非常不满意", "太差", "太差了", "很差", "verypoor", "verybad", "terrible"), 1),
}
_DIGITS = str.maketrans("一二三四五①②③④⑤", "1234512345")
_UNIT = r"(?:分|星|颗星|points?|stars?)?"
_ALONE = re.compile(rf"(?:打|给|评|评个|打个)?([1-5]){_UNIT}(?:吧|哦|啊|谢谢|thanks)?(.*)")
_FIRST = re.compile(
    r"\s*([1-5])\s*(?:(?:分|星|颗星|points?\b|stars?\b)[\s，,。.;；:：、!！-]*|[，,。.;；:：、!！]\s*)(\S.*)", re.DOTALL
)
_PERSON = re.compile(r"(?:我?要?|请?帮?我?)?(?:转|找|接|要)?(?:人工|真人|客服)(?:客服)?|agent|human|person|operator")


@dataclass(frozen=True)
class Graded:
    """A grade from 1 (worst) to 5, with what was said besides."""

    grade: int
    words: str = ""


def read_grade(text: str) -> Graded | None:
    """The grade a message gives: a digit, or its words; None when it is no answer to that.

    A digit that begins a longer message counts where a sign or a unit sets it apart: "2，师傅迟到", not "3号上门".
    """
    word = plain(text)
    if word in _GRADES:
        return Graded(_GRADES[word])
    short = word.translate(_DIGITS)
    if (alone := _ALONE.fullmatch(short)) and (not alone[2] or alone[2] in _GRADES or _names(alone)):
        return Graded(int(alone[1]))
    if first := _FIRST.match(normal(text).text):
        return Graded(int(first[1]), first[2].strip())
    return None


def _names(found: re.Match[str]) -> bool:
    """Whether what follows a digit is its own name in our question, such as "5很满意"."""
    return found[2].strip("，,。.:：") in _GRADES


def wants_person(text: str) -> bool:
    """Whether a whole message only asks for a person: that is no word about what went wrong."""
    return _PERSON.fullmatch(plain(text)) is not None
