"""Written words as they are said: numbers digit by digit, choices as a sentence, no addresses, no marks. All pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from telephony import sms

MOST_CHOICES: Final = 4

_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[^\s，。；！？、）)]+", re.IGNORECASE)
_TICKET: Final = re.compile(r"\b([A-Z]{2})(\d{6})-(\d{4,6})\b")
_PHONE: Final = re.compile(r"(?<!\d)(1\d{2})[ -]?(\d{4})[ -]?(\d{4})(?!\d)")
_LANDLINE: Final = re.compile(r"(?<![\d-])(0\d{2,3})[ -](\d{3,4})[ -]?(\d{4})(?!\d)")
_CODE: Final = re.compile(r"((?:码|code)(?:是|为|：|:| is)?\s*)(\d{4,6})(?!\d)", re.IGNORECASE)
_LONG: Final = re.compile(r"(?<![\d.])\d{5,}(?!\d)")
_EMERGENCY: Final = re.compile(r"(?<![\d.])(?:110|119|120|122|95598)(?![\d.]*\s*(?:升|L\b|元|块|号|\d))")
_GROUPS: Final = {5: (5,), 6: (3, 3), 7: (3, 4), 9: (3, 3, 3), 10: (6, 4), 11: (3, 4, 4)}
"""How numbers of so many digits are grouped; others by fours."""

_SPAN: Final = re.compile(r"(\d{1,2}:\d{2})\s*[–—-]\s*(\d{1,2}:\d{2})")
_FULL_HOUR: Final = re.compile(r"(?<!\d)0?(\d{1,2}):00(?!\d)")
_HALF_HOUR: Final = re.compile(r"(?<!\d)0?(\d{1,2}):(\d{2})(?!\d)")
_SPELLED: Final = re.compile(r"(?:(?<![0-9A-Z])[0-9A-Z] ){3}[0-9A-Z](?![0-9A-Z])")
_MARKS: Final = re.compile(r"[*_#`~|<>\[\]【】〔〕{}]+")
_BULLET: Final = re.compile(r"^\s*(?:[-•·]|\d{1,2}[.)、])\s*", re.MULTILINE)
_BRACKETS: Final = re.compile(r"[（(]([^（）()]{0,40})[）)]")
_SENTENCE: Final = re.compile(r"[^。！？!?；;]+[。！？!?；;]*")


def digits(number: str) -> str:
    """Digits as they are read to somebody who writes them down: one by one, a short pause between the groups."""
    only = [sign for sign in number if sign.isdigit()]
    sizes = _GROUPS.get(len(only), (4,) * (len(only) // 4) + (len(only) % 4,))
    groups, start = [], 0
    for size in sizes:
        groups.append(" ".join(only[start : start + size]))
        start += size
    return ", ".join(group for group in groups if group)


def speakable(text: str, language: str) -> str:
    """A message as it is said aloud.

    Addresses of pages are left out, brackets and marks of a screen are no words, ticket numbers, telephone numbers and
    codes are read digit by digit, spans of time as "from … to …".
    """
    words = _ADDRESS.sub("", sms.clean(text))
    words = _BULLET.sub("", words)
    words = _BRACKETS.sub(r"，\1，" if language == "zh" else r", \1, ", words)
    words = _TICKET.sub(lambda found: f"{' '.join(found[1])}, {digits(found[2])}, {digits(found[3])}", words)
    words = _PHONE.sub(lambda found: digits(found[0]), words)
    words = _LANDLINE.sub(lambda found: ", ".join(" ".join(group) for group in found.groups()), words)
    words = _CODE.sub(lambda found: f"{found[1]}{' '.join(found[2])}", words)
    words = _EMERGENCY.sub(lambda found: " ".join(found[0]), words)
    words = _LONG.sub(lambda found: digits(found[0]), words)
    words = _times(words, language)
    words = _MARKS.sub(" ", words).replace("\n", "；" if language == "zh" else "; ")
    return _tidy(words)


def _times(words: str, language: str) -> str:
    words = _SPAN.sub(r"\1到\2" if language == "zh" else r"\1 to \2", words)
    if language != "zh":
        return words
    words = _FULL_HOUR.sub(r"\1点", words)
    return _HALF_HOUR.sub(lambda found: f"{found[1]}点半" if found[2] == "30" else f"{found[1]}点{found[2]}分", words)


def _tidy(words: str) -> str:
    words = re.sub(r"[，,]\s*(?=[，,。.；;！!？?])", "", " ".join(words.split()))
    words = re.sub(r"([。！？!?；;])\s*[；;，,]+", r"\1", words)
    return words.strip(" ，,；;")


_LONG_CHOICE = 10
"""Characters from which a choice that has just been named is called by its place."""
_FIRST = {"zh": ("第一个", "第二个", "第三个", "第四个"), "en": ("the first", "the second", "the third", "the fourth")}


def offer(titles: Sequence[str], language: str, said: str = "") -> str:
    """Quick replies as a sentence: what to say, or which key to press.

    Args:
        said: what comes just before; long choices it names already are not said once more.
    """
    named = [speakable(title, language) for title in titles]
    for place, ordinal in enumerate(_FIRST[language][: len(named)]):
        if len(named[place]) < _LONG_CHOICE or named[place].casefold() not in said.casefold():
            break
        named[place] = ordinal
    if language == "zh":
        return "您可以说，或者按键：" + "，".join(f"{title}，按{key}" for key, title in enumerate(named, 1)) + "。"
    keys = [f"{key} for {_small(title)}" for key, title in enumerate(named, 1)]
    return f"Say it, or press {', '.join(keys)}."


def _small(title: str) -> str:
    return title if re.match(r"I\b", title) else f"{title[:1].lower()}{title[1:]}"


def sentences(words: str) -> list[str]:
    """Words cut at the ends of their sentences."""
    return [each.strip() for each in _SENTENCE.findall(words) if each.strip(" 。！？!?；;")]


def question(words: str) -> str:
    """What is asked again after silence: the last question, without the remark behind it; where there is none, the
    last two sentences, the second of which mostly says what else to do."""
    cut = sentences(words)
    asked = next((each for each in reversed(cut) if each.endswith(("?", "？"))), None)
    return asked or (" " if words.isascii() else "").join(cut[-2:]) or words


def is_dictated(words: str) -> bool:
    """Whether words hold something that is read sign by sign, for somebody who writes it down."""
    return _SPELLED.search(words) is not None
