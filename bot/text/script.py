"""The two scripts of Chinese: which one a customer writes, and the bot's words in it. Pure.

All wording is kept in Simplified characters. For whoever writes Traditional ones it is turned character by character:
OpenCC's changes of words ("接口" to "介面", "打开机壳" to "開啟機殼") know computers, not water heaters. Of its tables
the Taiwanese one is taken; its characters (說, 裡, 溫) are those that people in Hong Kong type as well.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache

import opencc

from bot.text.normal import normal

TRADITIONAL, SIMPLIFIED = "traditional", "simplified"

_TO_TRADITIONAL = opencc.OpenCC("s2tw")
_TO_SIMPLIFIED = opencc.OpenCC("t2s")
"""Converting reads the tables and changes nothing: one converter serves all threads."""

_OURS = {
    "手干": "手乾", "手要干": "手要乾", "手是干": "手是乾", "冲": "沖", "发烫": "發燙", "分钟": "分鐘", "别着": "別著",
    "只": "只", "台": "台", "回复": "回覆", "“": "「", "”": "」",
}  # fmt: skip
"""What the tables take for something else in talk of heaters ("手幹", "頭髮燙"), and what is usual in both places."""

_WISH = r"(?<![不别])(?:用|写|说|讲|换成?|改成?|要|发|回|看)"
_WISHED = {
    TRADITIONAL: re.compile(_WISH + r"(?:繁|正)体|\bin traditional chinese\b|^繁体"),
    SIMPLIFIED: re.compile(_WISH + r"简体|\bin simplified chinese\b|^简体"),
}
"""How a script is asked for, in the normal form of a message."""

_EITHER = frozenset("係")
"""Written in Cantonese by whoever writes Simplified characters as well."""

_PLAINLY = 2
"""How many times as many characters of one script as of the other show it; a slip of the keyboard does not."""

_SHORTEST_KEPT = 2
"""Characters of a value that is kept as it was told; a single one is found in any sentence."""


def follow(text: str, written: str | None, values: Sequence[tuple[int, int]]) -> str | None:
    """The script to answer in: the customer's, when the message plainly shows it; else the one so far.

    `values`: spans of names and places in `text`, which are written as they stand in papers. Where nothing is known of
    the customer's script yet, they are all there is to go by.
    """
    if asked := _asked_for(text):
        return asked
    if written is None:
        return _shown(text)
    rest = list(text)
    for start, end in values:
        rest[start:end] = " " * (end - start)
    return _shown("".join(rest)) or written


def in_script(text: str, script: str | None, told: Collection[str] = ()) -> str:
    """The bot's words in the customer's script, with as many characters; what the customer `told` stands as it was."""
    if script != TRADITIONAL:
        return text
    kept = sorted((each for each in told if len(each) >= _SHORTEST_KEPT), key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, (*kept, *_OURS))))
    pieces, at = [], 0
    for found in known.finditer(text):
        pieces += [_TO_TRADITIONAL.convert(text[at : found.start()]), _as_known(found[0], kept)]
        at = found.end()
    return "".join([*pieces, _TO_TRADITIONAL.convert(text[at:])])


def _as_known(words: str, kept: Collection[str]) -> str:
    return words if words in kept else _OURS[words]


def _asked_for(text: str) -> str | None:
    words = normal(text).text
    return next((script for script, wish in _WISHED.items() if wish.search(words)), None)


def _shown(text: str) -> str | None:
    told = Counter(filter(None, map(_script_of, text)))
    traditional, simplified = told[TRADITIONAL], told[SIMPLIFIED]
    if traditional > _PLAINLY * simplified:
        return TRADITIONAL
    return SIMPLIFIED if simplified > _PLAINLY * traditional else None


@lru_cache(maxsize=20_000)
def _script_of(char: str) -> str | None:
    """The script a character belongs to alone; None for what both write, and for the dialects' own."""
    if char.isascii() or char in _EITHER:
        return None
    if not _is_in(char, "gb2312"):
        simple = _TO_SIMPLIFIED.convert(char)
        return TRADITIONAL if simple != char and _is_in(simple, "gb2312") else None
    return SIMPLIFIED if _TO_TRADITIONAL.convert(char) != char and not _is_in(char, "big5") else None


def _is_in(char: str, characters: str) -> bool:
    """Whether an official set of characters of one of the scripts has it."""
    try:
        char.encode(characters)
    except UnicodeEncodeError:
        return False
    return True
