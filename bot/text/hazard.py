"""Does a message report danger to people? A miss can kill, a false alarm costs one call.

The words are data (`data/safety_words.yaml`). A word counts unless the customer denies it in the same breath
("没有漏电") or only asks whether it could ever happen ("会不会漏电"); the name of a protective device ("漏电保护")
is no report. Traditional characters, blanks between characters, homophones and pinyin are covered by the normal form
and the word list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.text.normal import Normal, normal

SEARCH_LIMIT = 20_000
"""A report may hide at the end of a very long message, so far more is read than for other values."""

_DATA = Path(__file__).resolve().parents[2] / "data" / "safety_words.yaml"
_BLANK_BETWEEN_HANZI = re.compile(r"(?<=[\u3400-\u9fff])[\s._*·~\-—/|]+(?=[\u3400-\u9fff])")
_A_NOT_A = r"(?<![是会有能])(?<!难道)(?<!要)"
_QUESTION_AFTER = re.compile(r"^(?:[人手到着]|东西|事故|危险|的情况|的问题){0,2}(?:吗|么|嘛|不\?|不$)")
_HYPOTHETICAL = re.compile(
    r"(?:会不会|能不能防|怎么防|如何防|防止|预防|避免|以防|万一|如果|要是|假如|担心|害怕|怕|以免|免得|不怕|防)"
    r"[^,。!?;]{0,5}$|\b(?:prevent|avoid|in case (?:of)?|what if|afraid of|worried about|risk of)(?: \w+){0,3} $"
)
_MAY = re.compile(r"(?:会|能|可能会|容易)$")
_ALREADY = re.compile(r"^.{0,3}(?:了|过|已经)")
_DENIED_AFTER = re.compile(
    r"^(?:的?(?:情况|现象|感觉|事))?(?:倒是?|都|也|是)(?:没有?|不会?)(?:的|啦|了|啊|过)?(?=$|[,。!?;])"
)


@dataclass(frozen=True)
class Hazard:
    """A reported danger: its kind and where in the original text the word stands.

    Kinds: shock, tingling, smoke, burning, fire, burst, scald, hurt, protection_light.
    """

    kind: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class _Words:
    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    exceptions: re.Pattern[str]
    denied: re.Pattern[str]
    denied_en: re.Pattern[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    table: dict[str, Any] = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    kinds = tuple(
        (kind, re.compile(_joined(words["zh"]) + "|" + r"(?<![a-z])(?:" + _joined(words["en"]) + ")"))
        for kind, words in table["kinds"].items()
    )
    zh, en = table["negation"]["zh_fillers"], table["negation"]["en_fillers"]
    return _Words(
        kinds=kinds,
        exceptions=re.compile("|".join(table["except"])),
        denied=re.compile(
            rf"{_A_NOT_A}(?:没有|没|无|不会|不是|不|未|从未|并未|从来没|别)(?:{zh}){{0,3}}$|(?:不像|不算|排除|谈不上)$"
        ),
        denied_en=re.compile(
            r"(?:\b(?:no|not|never|without|nobody|none|cannot|isnt|doesnt|didnt|dont|wasnt|hasnt)|n't)"
            rf"(?: (?:{en})){{0,5}} ?$"
        ),
    )


def _joined(pattern: str) -> str:
    """A pattern folded over several lines of YAML, as one."""
    return pattern.replace("| ", "|").strip()


def hazard(text: str) -> Hazard | None:
    """The gravest danger reported in `text`, or None."""
    return next((found for found, denied in _mentions(text) if not denied), None)


def only_denied(text: str) -> bool:
    """Whether `text` speaks of danger, but only to deny it or to ask whether it could ever be."""
    mentions = [denied for _, denied in _mentions(text)]
    return bool(mentions) and all(mentions)


def _mentions(text: str) -> Iterator[tuple[Hazard, bool]]:
    """Every danger word with whether it is denied, the gravest kind first."""
    matched = _without_blanks(normal(text, SEARCH_LIMIT))
    words = _words()
    masked = words.exceptions.sub(lambda found: "□" * len(found[0]), matched.text)
    for kind, pattern in words.kinds:
        searched = matched.text if kind == "protection_light" else masked
        for found in pattern.finditer(searched):
            start, end = matched.span(found.start(), found.end())
            yield Hazard(kind, start, end, text[start:end]), _denied(searched, found.start(), found.end(), words)


def _without_blanks(matched: Normal) -> Normal:
    """`漏 电` and `漏.电` read as `漏电`."""
    kept: list[int] = []
    at = 0
    for blank in _BLANK_BETWEEN_HANZI.finditer(matched.text):
        kept.extend(range(at, blank.start()))
        at = blank.end()
    if not at:
        return matched
    kept.extend(range(at, len(matched.text)))
    return Normal(matched.original, "".join(matched.text[i] for i in kept), tuple(matched.origin[i] for i in kept))


def _denied(text: str, start: int, end: int, words: _Words) -> bool:
    """Whether the customer says in the same breath that it is not so, or only asks whether it could be."""
    before, after = text[max(0, start - 40) : start], text[end : end + 12]
    if words.denied.search(before[-10:]) or words.denied_en.search(before):
        return True
    if _DENIED_AFTER.match(after):
        return True
    if _ALREADY.match(after):
        return False
    return bool(_HYPOTHETICAL.search(before) or (_MAY.search(before) and _QUESTION_AFTER.match(after)))
