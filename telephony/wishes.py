"""What callers want of the call itself, by key or in a few words: a person, slower, a language. All pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from telephony.replies import Tongue
from telephony.voice import CallTurn


class Wish(StrEnum):
    """What a caller wants of the call, by the key for it."""

    PERSON = "0"
    REPEAT = "9"
    SLOWER = "*"
    WAIT = "wait"
    """Not a key: the caller is looking for the answer, or has no hand free."""


_KEYS: Final = frozenset({Wish.PERSON, Wish.REPEAT, Wish.SLOWER})
TONGUES: Final[Mapping[str, Tongue]] = {"1": Tongue.MANDARIN, "2": Tongue.ENGLISH, "3": Tongue.CANTONESE}

_WISHES: Final = {
    Wish.PERSON: re.compile(
        r"(?:请|我要|我想|帮我)?(?:转|找|接|要)?(?:一下|个)?(?:人工|真人)(?:客服|服务|接听)?"
        r"|(?:(?:i want|i need|i would like|i'd like|can i|let me|please) ?)?(?:to )?(?:(?:speak|talk) (?:to|with) )?"
        r"(?:an? |the )?(?:real )?(?:person|human(?: being)?|agent|operator)(?:,? please)?"
    ),
    Wish.WAIT: re.compile(
        r"(?:[好行嗯哎哦那你您请的，, ]|麻烦|稍微)*"
        r"(?:我(?:先|去|这就)?(?:记|看|找|拿|查|翻|问)一?[下看找]?[，, ]*[你您]?)?(?:先)?"
        r"(?:等(?:我)?(?:一|1)?(?:下|会儿?|等|分钟)|等我(?=[看找拿问记查翻去])|稍等(?:一?下)?|稍候|别挂)[啊哦呀哈，, ]*"
        r"(?:(?:我|让我|我正?在)?(?:先|去|正在|在)?(?:看|找|拿|问|记|查|翻|开车|接个?电话|戴|停|按)"
        r"[^，,。?？吗多几么0-9]{0,8})?"
        r"|我(?:先|去|这就去?)(?:看|找|拿|查|翻|问)(?:一下|看|找|查|翻|问)[^，,。?？吗多几么0-9]{0,6}"
        r"|(?:ok(?:ay)?|sorry|please|can you|could you|yes|just|,| )*"
        r"(?:(?:hold on|hang on|wait)(?: (?:a |one )?(?:sec(?:ond)?|moment|minute))?"
        r"|(?:give me )?(?:a |one )(?:sec(?:ond)?|moment|minute))(?:,? please)?"
        r"|let me (?:check|look|see|find)(?: it| that)?"
    ),
    Wish.REPEAT: re.compile(
        r"[你您]?(?:说|讲)?(?:大一?[点些]儿?声音?|大声一?[点些]儿?|声音大一?[点些]儿?)"
        r"|(?:不好意思|对不起|喂)?[，, ]?(?:请|麻烦|能不能|能|可以|可不可以)?[你您]?"
        r"(?:再说|再讲|重复|重说|再来)一?[遍次下]?[好行可以]*吗?"
        r"|(?:对不起|不好意思|喂)?[，, ]?(?:我|刚才|刚刚)*(?:没有?听|听不)(?:太|大)?(?:清楚?|见|到)了?"
        r"|[你您]?(?:刚才|刚刚)?[说讲]?(?:的?是)?(?:什么|啥子?)(?:来着)?"
        r"|(?:(?:i'?m |i am )?sorry|excuse me|wait|hello)?[,.? ]*"
        r"(?:sorry|excuse me|what|huh|come again|once more|one more time|(?:i beg your )?pardon(?: me)?"
        r"|what (?:was that|did you (?:just )?say)"
        r"|(?:(?:can|could|would|will) you )?(?:please )?(?:repeat|say)(?: that| it| the question)?"
        r"(?: again| once more)?"
        r"|i (?:did not|didn't|could not|couldn't|cannot|can't) (?:quite )?(?:catch|hear|get)"
        r"(?: that| it| you| what you said)?(?: clearly| well| properly)?)(?:,? please)?"
    ),
    Wish.SLOWER: re.compile(
        r"(?:请|麻烦|能不能|能|可以|可不可以)?[你您]?[说讲]?得?(?:太快了|慢一?[点些]儿?)[说讲]?[好行可以]*吗?"
        r"|(?:(?:can|could|would) you )?(?:please )?(?:speak |talk |a bit |a little |more )*slow(?:er|ly)(?:,? please)?"
        r"|(?:please )?slow down(?:,? please)?|(?:you(?:'re| are)? )?(?:speak(?:ing)? |talk(?:ing)? )?too fast"
    ),
}
_ASKED: Final = r"(?:请|能不能|能|可以|会)?[你您]?[说讲用]?(?:{})(?:服务)?吗?"
_ASKED_EN: Final = (
    r"(?:(?:can|could|do) (?:you|we|i) )?(?:please )?(?:(?:speak|talk|use|in|have) )*(?:{})(?: here)?(?:,? please)?"
)
_SPOKEN_TONGUES: Final = tuple(
    (re.compile(f"{_ASKED.format(chinese)}|{_ASKED_EN.format(english)}"), tongue)
    for chinese, english, tongue in (
        ("普通话|国语|中文", "mandarin|chinese", Tongue.MANDARIN),
        ("英语|英文", "english", Tongue.ENGLISH),
        ("粤语|广东话|白话|广东白话", "cantonese", Tongue.CANTONESE),
    )
)
_BETWEEN_CLAUSES: Final = re.compile(r"(?<=[\u3400-\u9fff])[，,。.?？!！\s]+(?=[\u3400-\u9fff])|[?？!！]+$")
_BACK: Final = re.compile(r"回电|打给我|打回来|call (?:me )?back")
_MESSAGE: Final = re.compile(r"留言|leave a message|voicemail")
_EDGES: Final = " 。．.,，!！?？、吧啊呢哦"


def wish(turn: CallTurn) -> Wish | None:
    """The wish a turn consists of; in a longer sentence the same words are the bot's to read."""
    if turn.keys:
        return Wish(turn.keys) if turn.keys in _KEYS else None
    words = _plain(turn)
    if not words:
        return None
    clauses = [each for each in _BETWEEN_CLAUSES.split(words) if each]
    return next(
        (
            wish
            for wish, pattern in _WISHES.items()
            if pattern.fullmatch(words) or all(pattern.fullmatch(each) for each in clauses)
        ),
        None,
    )


def tongue(turn: CallTurn) -> Tongue | None:
    """The language a turn chooses, by key or by its name."""
    if turn.keys:
        return TONGUES.get(turn.keys)
    words = _plain(turn)
    return next((tongue for pattern, tongue in _SPOKEN_TONGUES if pattern.fullmatch(words)), None)


def wants_callback(turn: CallTurn) -> bool:
    """Whether a caller chooses to be called back."""
    return turn.keys == "1" or _BACK.search(_plain(turn)) is not None


def wants_message(turn: CallTurn) -> bool:
    """Whether a caller chooses to leave a message."""
    return turn.keys == "2" or _MESSAGE.search(_plain(turn)) is not None


def _plain(turn: CallTurn) -> str:
    return turn.words.casefold().strip(_EDGES)
