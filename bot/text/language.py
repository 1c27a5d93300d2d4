"""Which of the hotline's two languages a message is written in."""

import re
from collections.abc import Sequence

from bot.text.normal import normal

_HANZI = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_WORD = re.compile(r"(?<![\w-])[a-z]+(?:'[a-z]+)?(?![\w-]|\.\w)")
_SHARED = frozenset(
    {
        "app", "drop", "from", "hi", "html", "id", "k", "kw", "l", "led", "ok", "okay", "qq", "script", "select",
        "sms", "table", "vip", "w", "where", "wifi",
    }
)  # fmt: skip
_PINYIN = frozenset(
    {
        "anzhuang", "ba", "baoxiu", "bu", "bujiare", "bushi", "chu", "dale", "de", "dian", "dianhua", "dizhi",
        "dong", "duoshao", "gei", "guzhang", "hao", "houtian", "huai", "huan", "jia", "jiao", "jiare", "jintian",
        "keyi", "kuai", "lai", "le", "lou", "loudian", "loushui", "ma", "mao", "maoyan", "mei", "meiyou", "ming",
        "mingtian", "na", "ne", "ni", "nihao", "nin", "qian", "qing", "re", "ren", "reshuiqi", "shangwu", "shenme",
        "shi", "shifu", "shui", "ta", "tousu", "tuihuo", "wanshang", "weixiu", "wo", "women", "xiang", "xiawu",
        "xie", "xiexie", "xing", "xinghao", "xiu", "yan", "yao", "you", "zai", "zaoshang", "zenme", "zhe", "zhuang",
    }
)  # fmt: skip


def detect(text: str) -> str | None:
    """`"zh"`, `"en"`, or None when the words belong to both or to neither (digits, codes, `ok`, an emoji).

    Mixed messages count by weight: one Chinese character against one English word. Pinyin is Chinese.
    """
    matched = normal(text).text
    hanzi = len(_HANZI.findall(matched))
    words = [word for word in _WORD.findall(matched) if word not in _SHARED]
    if hanzi:
        return "zh" if hanzi >= len(words) else "en"
    if not words:
        return None
    pinyin = sum(word in _PINYIN for word in words)
    return "zh" if pinyin * 5 >= len(words) * 3 else "en"


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
            r"[说用讲](?:中文|普通话|汉语|国语)|中文服务|^中文$"
            r"|\b(?:in|speak|use|prefer)\b.{0,12}\b(?:chinese|mandarin)\b"
        ),
    ),
)
_ENOUGH = {"en": 3, "zh": 2}
"""Words or characters, beside values, that show in which language somebody means to go on: a name or a model do not."""


def follow(text: str, spoken: str, values: Sequence[tuple[int, int]]) -> str:
    """The language to answer in: the customer's, when the message shows a change; else the one spoken so far.

    `values`: spans of names, places, numbers and codes in `text`, which belong to every language.
    """
    matched = normal(text).text
    for language, asked in _ASKED_FOR:
        if asked.search(matched):
            return language
    rest = list(text)
    for start, end in values:
        rest[start:end] = " " * (end - start)
    said = "".join(rest)
    found = detect(said)
    if found is None or found == spoken:
        return spoken
    words = normal(said).text
    weight = len(_HANZI.findall(words)) if found == "zh" else len([w for w in _WORD.findall(words) if w not in _SHARED])
    return found if weight >= _ENOUGH[found] else spoken
