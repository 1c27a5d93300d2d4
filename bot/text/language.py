"""Which of the hotline's two languages a message is written in."""

import re
from collections.abc import Sequence

from bot.text.normal import normal
from bot.text.pinyin import is_english_too, is_pinyin, units

_HANZI = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_WORD = re.compile(r"(?<![\w-])[a-z]+(?:'[a-z]+)?(?![\w-]|\.\w)")
_SHARED = frozenset(
    {
        "app", "drop", "from", "hi", "html", "id", "k", "kw", "l", "led", "ok", "okay", "qq", "script", "select",
        "sms", "table", "vip", "w", "where", "wifi",
    }
)  # fmt: skip
_COMMON = frozenset(
    {
        "ba", "bao", "bu", "cha", "chu", "dao", "de", "dian", "dou", "dui", "duo", "gei", "hao",
        "hen", "huai", "huan", "hui", "jia", "jiao", "ke", "kuai", "lai", "le", "ma", "mei", "na", "ne",
        "neng", "ni", "nin", "qing", "que", "qu", "re", "ren", "shao", "shi", "shou", "shui", "ta",
        "tou", "wan", "wo", "xiang", "xie", "xing", "xiu", "yao", "ye", "yi", "yong", "you", "zai",
        "zen", "zhe", "zhi", "zhuang", "zuo",
    }
)  # fmt: skip
"""Syllables of everyday words, of which names and places have few."""


def detect(text: str) -> str | None:
    """`"zh"`, `"en"`, or None when the words belong to both or to neither (digits, codes, `ok`, an emoji).

    Mixed messages count by weight: one Chinese character against one English word. Pinyin is Chinese; a word that may
    be either (`can`, `he`, `women`) goes with the others of the message.
    """
    matched = normal(text).text
    hanzi = len(_HANZI.findall(matched))
    words = _words(matched)
    if hanzi:
        return "zh" if hanzi >= len(words) else "en"
    return _of_latin(words)


def is_typed_pinyin(matched: str) -> bool:
    """Whether a message in normal form is Chinese in Latin letters."""
    return not _HANZI.search(matched) and _of_latin(_words(matched)) == "zh"


def is_everyday_pinyin(text: str) -> bool:
    """Whether most syllables of a text in Latin letters belong to everyday words; those of a name do not."""
    typed = units(normal(text).text)
    return bool(typed) and sum(unit.text in _COMMON for unit in typed) * 5 >= len(typed) * 3


def _of_latin(words: list[str]) -> str | None:
    telling = [word for word in words if not is_english_too(word)]
    if not telling:
        return None
    pinyin = sum(is_pinyin(word) for word in telling)
    return "zh" if pinyin * 5 >= len(telling) * 3 else "en"


def _words(matched: str) -> list[str]:
    return [word for word in _WORD.findall(matched) if word not in _SHARED]


_ASKED_FOR = (
    (
        "en",
        re.compile(
            r"\b(?:in|speak|use|prefer|switch to|talk|write)\b.{0,12}\benglish\b|\benglish,? (?:please|pls)"
            r"|^english[.!]?$|[说用讲]英[语文]"
        ),
    ),
    (
        "zh",
        re.compile(
            r"[说用讲写](?:中文|普通话|汉语|国语|[繁简]体)|中文服务|^(?:中文|[繁简]体(?:中文|字)?)$"
            r"|\b(?:in|speak|use|prefer)\b.{0,16}\b(?:chinese|mandarin)\b"
        ),
    ),
)
_ENOUGH = {"en": 3, "zh": 2}
"""Words, characters or common syllables, beside values, that show in which language somebody means to go on: a name or
a model do not."""


def asked_for(text: str) -> str | None:
    """The language somebody asks to be answered in: "can we do this in English?"; None when they ask for none."""
    matched = normal(text).text
    return next((language for language, asked in _ASKED_FOR if asked.search(matched)), None)


def follow(text: str, spoken: str, values: Sequence[tuple[int, int]]) -> str:
    """The language to answer in: the customer's, when the message shows a change; else the one spoken so far.

    `values`: spans of names, places, numbers and codes in `text`, which belong to every language.
    """
    if asked := asked_for(text):
        return asked
    rest = list(text)
    for start, end in values:
        rest[start:end] = " " * (end - start)
    said = "".join(rest)
    found = detect(said)
    if found is None or found == spoken:
        return spoken
    words = normal(said).text
    weight = len(_words(words)) if found == "en" else len(_HANZI.findall(words)) or _common(words)
    return found if weight >= _ENOUGH[found] else spoken


def _common(words: str) -> int:
    """How many syllables of everyday words are typed: those of a name do not tell that somebody goes on in pinyin."""
    return sum(unit.text in _COMMON for unit in units(words))
