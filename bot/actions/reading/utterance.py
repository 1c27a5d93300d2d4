"""A message as it is matched and as it is kept. Pure."""

from __future__ import annotations

import re

from bot.text.normal import normal
from bot.text.typed import in_characters

LONGEST_ANSWER = 200
"""Characters of free text that a field keeps; the conversation itself keeps every word."""


def plain(text: str) -> str:
    """The text for matching: half-width, lower case, trimmed; answers typed in pinyin as their characters."""
    return in_characters(normal(text)).text.strip()


def kept(text: str) -> str:
    """Free text as a field keeps it: one line, at most LONGEST_ANSWER characters."""
    return " ".join(text.split())[:LONGEST_ANSWER]


_LABELS = re.compile(
    r"电话|手机号?|号码|地址|住址|住在|家在|联系|姓名|我姓|我叫|名字|先生|女士|小姐|购买|[我是在的叫姓住买呢啊哦吧了]"
    r"|京东|淘宝|天猫|拼多多|抖音|苏宁|国美|商场|专卖店|实体店|店里|网上"
    r"|\b(?:my|name|is|i|am|i'm|live|at|in|on|from|the|phone|mobile|number|address|call|me|and|it'?s|it|ok|okay|bought|jd|taobao)\b"
    r"|[\W_]"
)


_SHOP = re.compile(r"(?:在|从)?(?:京东|淘宝|天猫|拼多多|抖音|苏宁|国美)(?:自营|旗舰店|官方)?(?:买的?|上买的?)?")


def without_shop(text: str) -> str:
    """The words without where something was bought: "京东 李大伟" is a name beside a shop."""
    return _SHOP.sub(" ", text)


def says_something(text: str, at_least: int = 2) -> bool:
    """Whether so many characters of the text are left beside labels ("我电话是", "my address is") and punctuation."""
    return len(_LABELS.sub("", plain(text))) >= at_least


def says_nothing(text: str) -> bool:
    """A message without a word in it: "...", an emoji."""
    return not re.search(r"[^\W_]", text)


def offers_to_stop(said: str) -> bool:
    """Whether the bot has just said how messages are stopped."""
    return bool(re.search(r"回复“退订”|\breply STOP\b", said))


def offers_a_call(said: str) -> bool:
    """Whether the bot has just said how to be called back."""
    return bool(re.search(r"给我回电话|\bcall me back\b", said))


def mentions_number(text: str) -> bool:
    """Whether the text could be meant as a phone number: three digits or more."""
    return len(re.findall(r"\d", plain(text))) >= 3
