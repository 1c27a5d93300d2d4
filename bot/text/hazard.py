"""Does a message report danger to people? A miss can kill, a false alarm costs one call.

The words are data (`data/safety_words.yaml`), read as they were meant (`bot/text/heard.py`). A word counts unless the
customer denies it in the same breath ("没有漏电"), only asks whether it could ever happen ("会不会漏电"), or tells
it of another appliance; the name of a protective device ("漏电保护") is no report. What has stopped ("不冒烟了") did
happen and counts, and so does a denial that is itself denied ("没有说不漏电").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.text.heard import Ear
from bot.text.normal import normal

SEARCH_LIMIT, TAIL = 7_000, 2_000
"""Characters searched: far more than for other values, for a report may hide in a long message. Of a longer one than
anybody types its end is searched as well, and nothing between."""

_DATA = Path(__file__).resolve().parents[2] / "data" / "safety_words.yaml"
_DENIALS = 50
"""Nobody denies more often in one message; what comes after that many denials is no denial."""

_BEFORE_ZH, _BEFORE_EN, _AFTER, _NEAR = 14, 60, 24, 40
"""Characters around a word in which a denial, a question or another appliance is looked for."""

_LONGEST_WORD = 12

_STOPPED = re.compile(r"得?[这那]么|(?:手|人|的)?(?:了(?!吗|么|吧)|啦)|(?: \w+){0,2} any ?(?:more|longer)")
_ALREADY = re.compile(r".{0,3}(?:了|过|已经)")
_AGAIN = re.compile(r"[再又还]")
_DENIED_AFTER = re.compile(
    r"(?:的?(?:情况|现象|感觉|事))?(?:倒是?|都|也|是)(?:没有?|不会?)(?:的|啦|了|啊|过)?(?=$|[,。!?;])"
)
_SETTLED_AFTER = re.compile(r"[^,。!?;]{0,5}(?:修|处理|解决|弄)好?了(?:$|[。!]|,?(?:谢|感谢|不用))")
_ASKED_AFTER = re.compile(
    r"的话|[^,。!?;会]{0,6}[,，]?(?:平时|日常|应该|该|要|得)*(?:怎么|如何|咋)(?:样)?(?:预防|防范|防止|避免)"
)
_GENERALLY = re.compile(r"(?:手|人)?(?:死)?(?:过|会|很危险|的危险|事故|的新闻|的事)")
_MAY = re.compile(r"(?:会|能|可能会|容易)$")
_QUESTION_AFTER = re.compile(r"(?:[人手到着炸裂]|东西|事故|危险|的情况|的问题){0,2}(?:吗|么|嘛|不\?|不$)")
_IMAGINED_EN = re.compile(
    r"\b(?:prevent\w*|avoid\w*|in case(?: of)?|what if|(?:afraid|scared|fear|risk|danger|chance|possib\w+) of|"
    r"worried about|safe from|against)(?: \w+){0,3} $"
    r"|(?:^|[.,!?;] ?|\b(?:so|but|and|just|asking|or) )"
    r"(?:can|could|will|would|might|does|is it possible|do(?= (?:the|yo)))"
    r"(?:(?: \w+)? (?:it|they|this|that|these|those|things?|(?:water )?heaters?|one|water|tap|tank|unit|machine|boiler)"
    r"(?: (?:ever|even|really|also|just|to|for|a|be able))*"
    r"(?: (?!gave|got|ha[ds]|was|is)\w+(?: (?:me|you|us))?(?: an?)?)?| (?:i|we) (?:get|be)(?: an?)?(?: electric)?)? $"
    r"|(?:^|[.,!?;] ?|\b(?:so|happens|do|and|or) )"
    r"if(?: (?:it|there|they|the (?:heater|unit|thing)|one)(?: \w+){0,2})? $"
)

_HANZI, _LATIN_LETTER = re.compile(r"[\u3400-\u9fff]"), re.compile("[a-z]")
_LATIN = "(?<![a-z])(?=[a-z])"
"""Where a Latin word begins."""


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
class _Denials:
    """The ways in which a word of danger is said and yet not reported."""

    zh: re.Pattern[str]
    zh_twice: re.Pattern[str]
    en: re.Pattern[str]
    imagined_zh: re.Pattern[str]
    if_zh: re.Pattern[str]
    hearsay_zh: re.Pattern[str]


@dataclass(frozen=True)
class _Words:
    ear: Ear
    kinds: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]
    harmless_zh: re.Pattern[str]
    harmless_en: re.Pattern[str]
    harmless_unless: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    denials: _Denials
    foreign_before: re.Pattern[str]
    foreign_after: re.Pattern[str]
    ours: re.Pattern[str]


def hazard(text: str) -> Hazard | None:
    """The gravest danger reported in `text`, or None."""
    return next((found for found, denied in _mentions(text) if not denied), None)


def only_denied(text: str) -> bool:
    """Whether `text` speaks of danger, but only to deny it or to ask whether it could ever be."""
    first = next((denied for _, denied in _mentions(text)), False)
    return first and hazard(text) is None


def _mentions(text: str) -> Iterator[tuple[Hazard, bool]]:
    """Every danger word with whether it is denied, the gravest kind first."""
    if len(text) <= SEARCH_LIMIT:
        yield from _mentions_from(0, text)
    else:
        yield from _mentions_from(0, text[: SEARCH_LIMIT - TAIL])
        yield from _mentions_from(len(text) - TAIL, text[-TAIL:])


def _mentions_from(offset: int, text: str) -> Iterator[tuple[Hazard, bool]]:
    words = _words()
    matched = words.ear.hear(normal(text, SEARCH_LIMIT))
    masked = _without_harmless(matched.text, words)
    may_be_foreign = not words.ours.search(masked)
    denials = 0
    for kind, found in _words_of_danger(matched.text, masked, words):
        if may_be_foreign and denials < _DENIALS and _of_another(matched.text, found.start(), found.end(), words):
            denials += 1
            continue
        is_denied = denials < _DENIALS and _denied(found.string, found.start(), found.end(), words.denials)
        denials += is_denied
        start, end = _whole_words(text, *matched.span(found.start(), found.end()))
        yield Hazard(kind, offset + start, offset + end, text[start:end]), is_denied


def _words_of_danger(text: str, masked: str, words: _Words) -> Iterator[tuple[str, re.Match[str]]]:
    has_hanzi, has_latin = bool(_HANZI.search(text)), bool(_LATIN_LETTER.search(text))
    for kind, zh, en in words.kinds:
        searched = text if kind == "protection_light" else masked
        for pattern in [zh] * has_hanzi + [en] * has_latin:
            yield from ((kind, found) for found in pattern.finditer(searched))


def _without_harmless(text: str, words: _Words) -> str:
    """The text with a box for every character that belongs to a harmless word."""
    masked = words.harmless_zh.sub(_boxes, text) if _HANZI.search(text) else text
    masked = words.harmless_en.sub(_boxes, masked) if _LATIN_LETTER.search(text) else masked
    for harmless, unless in words.harmless_unless:
        if harmless.search(masked) and not unless.search(text):
            masked = harmless.sub(_boxes, masked)
    return masked


def _boxes(found: re.Match[str]) -> str:
    return "□" * len(found[0])


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The span made longer until it cuts no Latin word of usual length: of `mashou`, not only the `ma`."""
    first, last = max(0, start - _LONGEST_WORD), min(len(text), end + _LONGEST_WORD)
    while start > first and _is_within_word(text, start):
        start -= 1
    while end < last and _is_within_word(text, end):
        end += 1
    return start, end


def _is_within_word(text: str, at: int) -> bool:
    beside = text[at - 1 : at + 1]
    return beside.isascii() and beside.isalpha()


def _of_another(text: str, start: int, end: int, words: _Words) -> bool:
    """Whether the danger befell another appliance."""
    return bool(words.foreign_before.search(text, max(0, start - _NEAR), start) or words.foreign_after.match(text, end))


def _denied(text: str, start: int, end: int, denials: _Denials) -> bool:
    """Whether the customer says in the same breath that it is not so, or only asks whether it could be."""
    after = text[end : end + _AFTER]
    if _says_no(text, start, denials):
        return not _STOPPED.match(after)
    if any(said.match(after) for said in (_DENIED_AFTER, _SETTLED_AFTER, _ASKED_AFTER)):
        return True
    return _supposed(text, start, after, denials) or (
        not _ALREADY.match(after) and _imagined(text, start, after, denials)
    )


def _supposed(text: str, start: int, after: str, denials: _Denials) -> bool:
    """Whether it is told of a case that is not given, or of others."""
    since = max(0, start - _BEFORE_ZH)
    if denials.if_zh.search(text, since, start):
        return not _AGAIN.search(text, since, start)
    return bool(denials.hearsay_zh.search(text, since, start) and _GENERALLY.match(after))


def _imagined(text: str, start: int, after: str, denials: _Denials) -> bool:
    """Whether it is only feared or asked about."""
    since = max(0, start - _BEFORE_ZH)
    if denials.imagined_zh.search(text, since, start) and not _AGAIN.search(text, since, start):
        return True
    if _MAY.search(text, since, start) and _QUESTION_AFTER.match(after):
        return True
    return bool(_IMAGINED_EN.search(text, max(0, start - _BEFORE_EN), start))


def _says_no(text: str, start: int, denials: _Denials) -> bool:
    """Whether a "not" stands before the word, and no other "not" before that."""
    since = max(0, start - _BEFORE_ZH)
    if denials.zh.search(text, since, start):
        return not denials.zh_twice.search(text, since, start)
    return bool(denials.en.search(text, max(0, start - _BEFORE_EN), start))


@lru_cache(maxsize=1)
def _words() -> _Words:
    table: dict[str, Any] = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    groups = _groups(table["groups"])
    harmless, foreign = table["harmless"], table["foreign"]
    return _Words(
        ear=Ear.taught(table),
        kinds=tuple(
            (kind, _pattern(words["zh"], groups), _pattern(words["en"], groups, before=_LATIN))
            for kind, words in table["kinds"].items()
        ),
        harmless_zh=re.compile("|".join(harmless["zh"])),
        harmless_en=re.compile(f"{_LATIN}(?:{'|'.join(harmless['en'])})"),
        harmless_unless=tuple(
            (re.compile(each["words"]), re.compile(each["unless"])) for each in table["harmless_unless"]
        ),
        denials=_denials(table["negation"]),
        foreign_before=re.compile(
            rf"(?:{foreign['zh']})[^,。!?; ]{{0,6}}$|\b(?:{foreign['en']})(?:'s)?(?: [a-z']+){{0,3}} ?$"
        ),
        foreign_after=re.compile(
            r"(?:'s)?(?: [a-z']+){0,3} (?:from|out of|in|on|of|by|near|over) (?:[a-z']+ ){0,2}"
            rf"(?:{foreign['en']})\b"
        ),
        ours=re.compile(rf"{foreign['ours_zh']}|\b(?:{foreign['ours_en']})"),
    )


def _groups(named: dict[str, str]) -> dict[str, str]:
    """The groups as patterns; a group may contain one that stands before it.

    A Chinese group first looks whether the next character is one of its own: most are not, and that is soon seen.
    """
    groups: dict[str, str] = {}
    for name, words in named.items():
        own = "".join(sorted({char for char in words if char.isalnum()}))
        gate = f"(?=[{own}])" if not own.isascii() else ""
        groups[name] = f"(?:{gate}(?:{_with_groups(words, groups)}))"
    return groups


def _with_groups(pattern: str, groups: dict[str, str]) -> str:
    return re.sub("<([a-z_]+)>", lambda name: groups[name[1]], pattern)


def _pattern(words: list[str], groups: dict[str, str], before: str = "") -> re.Pattern[str]:
    return re.compile(f"{before}(?:{_with_groups('|'.join(words), groups)})")


def _denials(negation: dict[str, str]) -> _Denials:
    between, no = negation["zh_between"], "没有|没|冇|无|唔|伐|不会|不是|不(?!有)|未"
    # "是不是" asks and "难道不" insists: neither denies
    a_not_a = "(?:(?<![是会有能该])|(?<=但是)|(?<=可是)|(?<=就是)|(?<=只是)|(?<=倒是))(?<!难道)(?<!要)(?<!差点)(?<!差点儿)(?<!险些)"
    denied = f"{a_not_a}(?:{no})(?:{between}){{0,3}}$|(?:不像|不算|排除|谈不上|没见到?|哪有|哪里有)$"
    return _Denials(
        zh=re.compile(denied),
        zh_twice=re.compile(
            f"(?:不是|不能|没法|没有|没|不可能|谁|并非|怎么|哪里|哪)(?:说|讲|敢说|能说|可能)?[是会]?(?:{no})(?:{between}){{0,2}}$"
        ),
        en=re.compile(
            r"(?:\b(?:no|not|never|without|nobody|none|(?<!for )nothing|neither|cannot|"
            rf"(?:is|does|did|do|was|has|ai)nt)|n't)(?: (?:{negation['en_between']})){{0,6}} ?$"
        ),
        imagined_zh=re.compile(rf"(?:{negation['zh_imagined']})(?!是)[^,。!?; ]{{0,5}}$"),
        if_zh=re.compile(rf"(?:{negation['zh_if']})[^,。!?; ]{{0,6}}$"),
        hearsay_zh=re.compile(rf"(?:{negation['zh_hearsay']})[^,。!?; ]{{0,8}}$"),
    )
