"""Regions as people write them, beside the division codes that a table holds."""

from __future__ import annotations

import re

from backend.outlets import rules
from bot.text import address
from bot.text.regions import regions

EVERYWHERE = "全国"
_EVERYWHERE = frozenset({EVERYWHERE, "everywhere", "*"})
_LEVELS = (2, 4, 6, 9)
_NO_NAMES = frozenset({"市辖区", "县"})


def name_of(code: str) -> str:
    """`440606` as 广东省佛山市顺德区; what covers everything as a word, and what is no code as it is."""
    names = regions().names
    if not code:
        return EVERYWHERE
    above = [names.get(code[:level], "") for level in _LEVELS if level < len(code)]
    return "".join([*(each for each in above if each not in _NO_NAMES), names[code]]) if code in names else code


def written(code: str) -> str:
    """A region as a form shows it: its code with its name, for `code_of` to read again."""
    return f"{code} {name_of(code)}" if code in regions().names else name_of(code)


def code_of(line: str) -> str:
    """The code a line begins with, or that of the region it names; the line itself where it is neither."""
    line = line.strip()
    if line.lower() in _EVERYWHERE:
        return ""
    if begun := re.match(r"\d+", line):
        return begun[0]
    place = address.parse(line)
    return (rules.region_code(place, regions()) if place else "") or line


def is_known(code: str) -> bool:
    """Whether there is such a region, or it stands for all of them."""
    return not code or code in regions().names
