"""What a customer's text means where our last one asked about a visit. Pure: words in, an answer out.

Only a whole message counts, whatever its width, case, blanks and punctuation. All else is the bot's to understand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.text.normal import normal


class Answer(StrEnum):
    """The answer to "1 confirm, 2 other time, 3 cancel"."""

    CONFIRM = "confirm"
    OTHER_TIME = "other_time"
    CANCEL = "cancel"


_EDGES = " \t\r\n\"'“”‘’「」()（）[]【】。．.!！,，、~～;；:：?？#"
_LEAD = re.compile(r"^(?:我?(?:回复?|选择?|按|要)|第|no\.?|number|option|reply|press)(?=[0-9一二三四五六七八九零①-⑨])")
_TAIL = re.compile(r"(?<=[0-9一二三四五六七八九零①-⑨])(?:号|个|项|吧|谢谢|thanks|please)+$")
_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")
_WORDS: dict[str, Answer] = {
    **dict.fromkeys(
        (
            "1", "确认", "确定", "是", "是的", "好", "好的", "可以", "行", "收到", "没问题", "1确认", "确认上门",
            "在家", "有人", "ok", "okay", "yes", "y", "confirm", "confirmed", "1confirm", "1ok", "sure",
        ),
        Answer.CONFIRM,
    ),
    **dict.fromkeys(
        (
            "2", "改时间", "改期", "换时间", "换个时间", "改个时间", "改天", "另约", "另约时间", "其他时间", "2改时间",
            "改约", "2othertime", "othertime", "anothertime", "change", "changetime", "reschedule", "move",
        ),
        Answer.OTHER_TIME,
    ),
    **dict.fromkeys(
        (
            "3", "取消", "取消上门", "取消预约", "3取消", "不用来了", "不用上门", "不用上门了", "不来了",
            "cancel", "3cancel", "cancelit", "cancelvisit", "cancelthevisit",
        ),
        Answer.CANCEL,
    ),
}  # fmt: skip
NONE_OF_THEM = frozenset(
    ("0", "都不行", "都不可以", "都不方便", "没有合适的", "不改了", "算了", "不用了", "none", "no", "neither", "keepit")
)


_PERSON = frozenset(
    ("0", "人工", "转人工", "人工客服", "找人工", "客服", "找客服", "person", "agent", "human", "operator", "aperson",
     "representative")
)  # fmt: skip


def wants_person(text: str) -> bool:
    """Whether an answer in a call asks for a person: the key 0, or words that say nothing else."""
    return plain(text) in _PERSON


def plain(text: str) -> str:
    """A message without what does not matter: width, case, script, blanks, punctuation at its edges, polite words."""
    word = "".join(normal(text).text.split()).strip(_EDGES)
    return _TAIL.sub("", _LEAD.sub("", word)).strip(_EDGES)


def read_answer(text: str) -> Answer | None:
    """What a message answers to "1 confirm, 2 other time, 3 cancel"; None when it is no answer to that."""
    word = plain(text)
    return _WORDS.get(re.sub(r"[.,、:：-]", "", _as_digit(word)))


@dataclass(frozen=True)
class Chosen:
    """The number of an offered window, from 1; 0 for none of them."""

    number: int


def read_choice(text: str, offered: int) -> Chosen | None:
    """The window a message chooses out of so many; None when it names none of them."""
    word = plain(text)
    if word in NONE_OF_THEM:
        return Chosen(0)
    digit = _as_digit(word)
    if re.fullmatch(r"[1-9]", digit) and int(digit) <= offered:
        return Chosen(int(digit))
    return None


def is_fresh(asked_at: datetime, now: datetime, within: timedelta) -> bool:
    """Whether a plain number can still be the answer to a text that left at `asked_at`."""
    return timedelta() <= now - asked_at <= within


def _as_digit(word: str) -> str:
    """One Chinese numeral as a digit; a longer word as it is."""
    return word.translate(_DIGITS) if len(word) == 1 else word
