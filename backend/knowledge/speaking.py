"""Sentences put together as a channel can bear. Pure.

An answer is a list of sentences, the most important first. A text message drops the last ones that do not fit into two
segments, a voice those that nobody would keep in mind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from backend.tickets.rules import Words

TWO_SEGMENTS = {"zh": 134, "en": 306}
"""Characters of two text messages: Chinese in UCS-2, English in the plain SMS alphabet."""
BREATH = {"zh": 50, "en": 30}
"""What a caller keeps in mind: Chinese characters, English words."""

_BETWEEN = {"zh": "", "en": " "}
_END = {"zh": re.compile(r"(?<=[。！？])"), "en": re.compile(r"(?<=[.!?])\s+(?=[A-Z])")}


def sentences(words: Words) -> tuple[Words, ...]:
    """A text of several sentences as such."""
    zh, en = (filter(None, _END[language].split(getattr(words, language))) for language in ("zh", "en"))
    return tuple(Words(one, other) for one, other in zip_longest(zh, en, fillvalue=""))


def said(told: Sequence[Words], channel: str) -> Words:
    """The sentences as one text; by SMS and voice only as many as the channel bears, but always the first."""
    return together([told], channel)


def together(answers: Sequence[Sequence[Words]], channel: str, followed_by: int = 0) -> Words:
    """Several answers as one text: of each at least its first sentence, as far as the channel bears it before so many
    characters of something else."""
    texts = {to: [[getattr(each, to) for each in told] for told in answers] for to in _BETWEEN}
    return Words(*(_joined(told, channel, to, followed_by) for to, told in texts.items()))


def _joined(answers: Sequence[Sequence[str]], channel: str, language: str, followed_by: int) -> str:
    told = [[sentence for sentence in answer if sentence] for answer in answers]
    kept = [0 for _ in told]
    for at, which in sorted((at, which) for which, answer in enumerate(told) for at in range(len(answer))):
        longer = [count + (place == which) for place, count in enumerate(kept)]
        is_next = kept[which] == at
        if is_next and (not any(kept) or fits(_text(told, longer, language), channel, language, followed_by)):
            kept = longer
    return _text(told, kept, language)


def _text(told: Sequence[Sequence[str]], kept: Sequence[int], language: str) -> str:
    return _BETWEEN[language].join(each for answer, count in zip(told, kept, strict=True) for each in answer[:count])


def fits(text: str, channel: str, language: str, followed_by: int = 0) -> bool:
    """Whether the channel bears a text in one piece, by text message with so many characters behind it."""
    if channel == "sms":
        return len(text) + followed_by <= TWO_SEGMENTS[language]
    if channel == "voice":
        return (len(text) if language == "zh" else len(text.split())) <= BREATH[language]
    return True
