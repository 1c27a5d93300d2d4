"""English ordinals of the days of a month: the fifth, the twenty-third. Pure."""

import re

_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
ORDINAL = rf"(?:twenty|thirty)[- ](?:{'|'.join(_ORDINALS[:9])})|{'|'.join(_ORDINALS)}|thirtieth"
_TENS = {"twenty": 20, "thirty": 30}


def ordinal_number(words: str) -> int:
    """`fifth` → 5, `twenty-third` → 23, `thirtieth` → 30."""
    if words == "thirtieth":
        return 30
    *tens, ones = re.split("[- ]", words)
    return sum(_TENS[each] for each in tens) + _ORDINALS.index(ones) + 1
