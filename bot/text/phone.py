"""Telephone numbers in a customer's words, typed or spoken.

Understands 138-0013-8000, full-width digits, 幺三八零零幺三八零零零, "四个八", "one three eight double zero …", +86 and
0086, landlines with area code and extension. Whether the hotline may *call* the number is the backend's decision.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

import phonenumbers

from bot.text.normal import normal

_SPOKEN = {
    "零": "0", "〇": "0", "洞": "0", "一": "1", "幺": "1", "妖": "1", "腰": "1", "邀": "1", "壹": "1",
    "二": "2", "两": "2", "贰": "2", "三": "3", "叁": "3", "四": "4", "肆": "4", "五": "5", "伍": "5",
    "六": "6", "陆": "6", "七": "7", "拐": "7", "柒": "7", "八": "8", "捌": "8", "九": "9", "玖": "9", "勾": "9",
}  # fmt: skip
_ENGLISH = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ling": "0", "yao": "1", "yi": "1", "er": "2", "san": "3", "si": "4", "wu": "5", "liu": "6", "qi": "7", "ba": "8",
    "jiu": "9",
}  # fmt: skip
_TIMES = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "double": 2, "triple": 3, "treble": 3}
_DIGIT = f"[0-9{''.join(_SPOKEN)}]"
_WORD = "|".join(sorted(_ENGLISH, key=len, reverse=True))
_TOKEN = re.compile(
    rf"(?P<times>[两二三四五六七八])个(?P<repeated>{_DIGIT})"
    rf"|(?P<en_times>double|triple|treble) (?P<en_repeated>{_WORD}|\d)(?![a-z\d])"
    rf"|(?P<plus>\+)|(?P<digit>{_DIGIT})|\b(?P<word>{_WORD})\b"
)
_BETWEEN = re.compile(
    r"(?:[\s\-–—.·()/,，、。…~_]|杠|然后|后[面头]|接着|跟着|完了|底下|再来|就?是|那个|这个|嗯|呃|额|唔|啊|哦|呀|嘛|再|\b(?:then|um|uh|er|dash|and)\b)*"
)
_EXTENSION = re.compile(r"[\s,]*(?:转分?机?|分机号?|ext(?:ension)?\.?|x|#)[\s:]*(\d{1,6})")
_DASHED_EXTENSION = re.compile(r"-(\d{2,5})(?![\d-])")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_SEARCHED = 600
_MOST_GROUPS = 12
_TOLD_IN_TAIWAN = [4, 3, 3]


@dataclass(frozen=True)
class FoundPhone:
    """A telephone number found in a text: its verbatim span, its E.164 form and the extension if one was said."""

    start: int
    end: int
    text: str
    e164: str
    extension: str | None = None


@dataclass(frozen=True)
class _Group:
    """Digits said in one breath; `kind` is how: `typed`, `spoken` or `words`."""

    kind: str
    digits: str
    start: int
    end: int


def find(text: str) -> list[FoundPhone]:
    """All telephone numbers in `text`, left to right, without overlaps."""
    matched = normal(text, _SEARCHED)
    found: list[FoundPhone] = []
    for run in _runs(matched.text):
        at = 0
        while at < len(run):
            hit = _longest_number(run, at)
            if hit is None:
                at += 1
                continue
            last, e164 = hit
            end = run[last].end
            extension = _extension(matched.text, end, e164)
            if extension:
                end = extension.end()
            first, final = matched.span(_bracket(matched.text, run[at].start, end), end)
            found.append(FoundPhone(first, final, text[first:final], e164, extension[1] if extension else None))
            at = last + 1
    return found


def _extension(text: str, end: int, e164: str) -> re.Match[str] | None:
    """`转802`, `ext 802`; after a landline also `-802`."""
    landline = not _MOBILE.fullmatch(e164.removeprefix("+86"))
    return _EXTENSION.match(text, end) or (_DASHED_EXTENSION.match(text, end) if landline else None)


def _bracket(text: str, start: int, end: int) -> int:
    """Where a number begins whose prefix stands in brackets: `(0757)83331234`."""
    opened = text[max(0, start - 1) : start] == "(" and ")" in text[start:end]
    return start - 1 if opened else start


def longest_digits(text: str) -> str | None:
    """The longest run of spoken or typed digits (≥ 5), for a number that is not a valid one: "1380013800"."""
    runs = ["".join(group.digits for group in run) for run in _runs(normal(text, _SEARCHED).text)]
    longest = max(runs, key=len, default="")
    return longest if len(longest) >= 5 else None


_BESIDE_DIGITS = re.compile(
    r"(?:不对|不是|错了|应该|我是说|尾号|最后|末尾|几位|[四三]位|电话|手机|号码?|我的?|第|前面|接下来|先|的|呢|吧|了|对"
    r"|\b(?:no|wait|sorry|i mean|it'?s|is|my|number|the|last|digits?|four|ends? (?:in|with)|wrong)\b)"
)


def piece(text: str) -> str | None:
    """The digits of a message that tells nothing but digits, as numbers are told piece by piece: "幺三九", "然后 2222".
    None when anything else is in it."""
    words = normal(text, _SEARCHED).text
    rest = _BESIDE_DIGITS.sub(" ", _TOKEN.sub(" ", words))
    if not _BETWEEN.fullmatch(rest.strip(" ?!:;？！：；")):
        return None
    return "".join(group.digits for run in _runs(words) for group in run) or None


def _runs(text: str) -> list[list[_Group]]:
    """Digit groups of the text; groups with nothing but separators between them belong to one run."""
    runs: list[list[_Group]] = []
    at = 0
    while token := _TOKEN.search(text, at):
        group = _Group(_kind(token), _digits(token), token.start(), token.end())
        previous = runs[-1][-1] if runs else None
        if previous is None or not _BETWEEN.fullmatch(text, previous.end, group.start):
            runs.append([group])
        elif _same_breath(previous, group):
            runs[-1][-1] = replace(previous, digits=previous.digits + group.digits, end=group.end)
        else:
            runs[-1].append(group)
        at = token.end()
    return runs


def _kind(token: re.Match[str]) -> str:
    if token["word"] or token["en_times"]:
        return "words"
    return "typed" if token[0].isascii() else "spoken"


def _same_breath(previous: _Group, group: _Group) -> bool:
    """Words belong together across blanks, figures only when they touch; a plus begins a number."""
    touching = group.kind == "words" or previous.end == group.start
    return previous.kind == group.kind and touching and not group.digits.startswith("+")


def _digits(token: re.Match[str]) -> str:
    if token["times"]:
        return _SPOKEN.get(token["repeated"], token["repeated"]) * _TIMES[token["times"]]
    if token["en_times"]:
        return _ENGLISH.get(token["en_repeated"], token["en_repeated"]) * _TIMES[token["en_times"]]
    if token["word"]:
        return _ENGLISH[token["word"]]
    return _SPOKEN.get(token[0], token[0])


def _longest_number(run: list[_Group], first: int) -> tuple[int, str] | None:
    """The index of the last group and the E.164 form of the longest valid number that starts at group `first`."""
    best: tuple[int, str] | None = None
    digits = ""
    for last in range(first, min(len(run), first + _MOST_GROUPS)):
        digits += run[last].digits
        if len(digits) > 18:
            break
        e164 = _e164(digits) or _of_taiwan(run[first : last + 1])
        if e164:
            best = last, e164
            if _MOBILE.fullmatch(digits):
                break
    return best


def _of_taiwan(groups: list[_Group]) -> str | None:
    """A mobile number of Taiwan, known by how it is told there: 0912-345-678. Whole, it may be a landline cut short."""
    if [len(group.digits) for group in groups] != _TOLD_IN_TAIWAN or not groups[0].digits.startswith("09"):
        return None
    return "+886" + "".join(group.digits for group in groups)[1:]


@lru_cache(maxsize=256)
def _e164(digits: str) -> str | None:
    if len(digits) < 10:
        return None
    if digits.startswith("0086"):
        digits = "+86" + digits[4:]
    elif digits.startswith("86") and len(digits) >= 12:
        digits = "+" + digits
    if not (digits.startswith(("+", "0", "400", "800")) or _MOBILE.fullmatch(digits)):
        return None
    try:
        number = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
