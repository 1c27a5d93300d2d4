"""The sound of a message: Chinese characters as toneless pinyin, so that homophones and typed pinyin read alike."""

import re
from functools import lru_cache
from pathlib import Path

from bot.text.normal import normal

_FILE = Path(__file__).resolve().parents[2] / "data" / "lexicon" / "pinyin.txt"
_NO_SOUND = re.compile(r"[^a-z]+")
_SAME = ((re.compile(r"(?<=[zcs])h"), ""), (re.compile(r"(?<=[aei])ng(?![aeiou])"), "n"))


def sound(text: str) -> str:
    """`热水器漏电` → `resuiqiloudian`; zh/z, ch/c, sh/s, -ng/-n fall together, as they do in half the country."""
    table = _table()
    syllables = "".join(table.get(char, char if char.isascii() else " ") for char in normal(text, 300).text)
    spoken = _NO_SOUND.sub("", syllables)
    for pattern, same in _SAME:
        spoken = pattern.sub(same, spoken)
    return spoken


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return {char: syllable for syllable, chars in (line.split(" ") for line in lines) for char in chars}
