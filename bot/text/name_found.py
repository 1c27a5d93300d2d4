"""A name that was found in a text: its verbatim span, and its value with the title joined."""

import re
from dataclasses import dataclass

from bot.text.normal import Normal

TITLES = (
    "老太太|老先生|老爷子|老人家|先生|先森|女士|小姐姐|小姐|太太|阿姨|娭毑|嗲嗲|大婶|阿婆|阿公|伯母|嫂子|师娘|大爷|大妈|大叔|大伯|大娘|大嫂|叔叔|伯伯|爷爷|奶奶|婆婆|老师|医生|师傅|师奶"
    "|师母|同志|大姐|大哥"
    "|老板|经理|主任|总"
)


@dataclass(frozen=True)
class Name:
    """A customer's name as said, with its verbatim span; `value` keeps a title: 王女士, Mr Wang."""

    start: int
    end: int
    text: str
    value: str


def named(matched: Normal, start: int, end: int) -> Name:
    """The name at `start` to `end` of the normal form."""
    first, last = matched.span(start, end)
    text = matched.original[first:last].rstrip(".")
    value = re.sub(rf"(?<=[\u3400-\u9fff])[\s的]+(?={TITLES})", "", text)
    return Name(first, first + len(text), text, re.sub(r"\s+", " ", value))
