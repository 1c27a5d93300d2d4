"""Whatever points to a person is taken out of a line before it is kept. Pure; when in doubt, more goes.

The readers of `bot/text` find what they know for sure; `patterns` add what only may be somebody's: a bare house number,
a third person, part of a number. What is found is blanked before the next reader looks, so nothing is read twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from backend.reviews import patterns as p
from bot.text import address, model, name, phone
from bot.text.language import is_everyday_pinyin
from bot.text.normal import clean, normal

LONGEST = 300
"""Characters of a line that are looked at: what the readers search for certain, and more than a training line needs."""

Kind = Literal["phone", "name", "address", "ticket", "serial", "plate", "email", "account", "link", "code", "number"]
_BLANK = "。"


@dataclass(frozen=True)
class Span:
    """Something to be masked in a text."""

    start: int
    end: int
    kind: Kind


Reader = Callable[[str], Iterable[Span]]


def mask(text: str) -> str:
    """The line as it may be kept: persons, places and numbers as ⟨name⟩, ⟨address⟩, ⟨phone⟩ …, at most `LONGEST` long.

    Longer lines are cut at a pause; brackets that look like a mask become ordinary ones.
    """
    text = _shortened(" ".join(clean(text).replace("⟨", "<").replace("⟩", ">").split()))
    rest, found = text, list[Span]()
    for reader in _READERS:
        while spans := [each for each in reader(rest) if rest[each.start : each.end].strip(_BLANK)]:
            for each in spans:
                rest = rest[: each.start] + _BLANK * (each.end - each.start) + rest[each.end :]
            found += spans
    return _rendered(text, found)


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    pause = max(text.rfind(mark, LONGEST // 2, LONGEST) for mark in "，。！？；,.!?; ")
    return text[: pause if pause > 0 else LONGEST].rstrip() + "…"


def _rendered(text: str, found: list[Span]) -> str:
    written: list[str] = []
    at = 0
    for span in sorted(found, key=lambda span: (span.start, -span.end)):
        if span.start >= at:
            written += [text[at : span.start], f"⟨{span.kind}⟩"]
        at = max(at, span.end)
    joined = "".join([*written, text[at:]])
    return re.sub(r"(⟨[a-z]+⟩)(?:[\s,，、·-]*\1)+", r"\1", joined)


def _matching(pattern: str, kind: Kind) -> Reader:
    """A reader for a pattern on the normal form; masks the group `it`, if there is one."""
    compiled = re.compile(pattern)
    group: str | int = "it" if "it" in compiled.groupindex else 0

    def read(text: str) -> Iterator[Span]:
        matched = normal(text)
        for found in compiled.finditer(matched.text):
            yield Span(*matched.span(*found.span(group)), kind)

    return read


def _code(reader: Callable[[str], model.Code | None], kind: Kind) -> Reader:
    def read(text: str) -> Iterator[Span]:
        found = reader(text)
        if found is not None:
            yield Span(found.start, found.end, kind)

    return read


def _phones(text: str) -> Iterator[Span]:
    yield from (Span(each.start, each.end, "phone") for each in phone.find(text))


def _last_digits(text: str) -> Iterator[Span]:
    """Every four digits of a line that speaks of the last ones of a number."""
    matched = normal(text)
    if p.LAST_DIGITS.search(matched.text):
        for found in re.finditer(r"(?<!\d)\d{3,4}(?!\d)", matched.text):
            yield Span(*matched.span(*found.span()), "number")


def _numbers(text: str) -> Iterator[Span]:
    """Runs of five digits and more; with something between them, of seven and more that are no date."""
    matched = normal(text)
    for found in p.RUN.finditer(matched.text):
        digits = re.sub(r"\D", "", found[0])
        if digits != found[0] and len(digits) >= 7 and not p.DATE.fullmatch(found[0]):
            yield Span(*matched.span(*found.span()), "number")
            continue
        for part in re.finditer(r"\d{5,}", found[0]):
            if part[0] not in p.PUBLIC_NUMBERS:
                yield Span(*matched.span(found.start() + part.start(), found.start() + part.end()), "number")


def _addresses(text: str) -> Iterator[Span]:
    yield from (Span(each.start, each.end, "address") for each in address.find_all(text))


def _capitalised(pattern: re.Pattern[str], kind: Kind) -> Reader:
    """Capitalised words that are neither days, months nor our own."""

    def read(text: str) -> Iterator[Span]:
        for found in pattern.finditer(text):
            words = re.findall(r"[a-z'’-]+", found["it"].lower())
            if not p.NO_NAME.issuperset(words) and not is_everyday_pinyin(found["it"]):
                yield Span(*found.span("it"), kind)

    return read


def _own_name(text: str) -> Iterator[Span]:
    """The customer's own name, without words that only stand where a name could: call me back, 改成周四."""
    found = name.find(text)
    if found is None:
        return
    words = found.text.lower().split()
    is_latin = found.text.isascii()
    is_glued = is_latin and re.search(r"[A-Za-z]$", text[: found.start]) is not None
    is_no_name = (
        p.NO_NAME.union(p.NO_NAME_AFTER_A_CUE).issuperset(words)
        or words[0] in p.NO_NAME_AFTER_A_CUE
        or words[0].endswith("ing")
        or (is_latin and len(found.text) < 2)
        or p.WEEKDAY.fullmatch(found.text) is not None
    )
    if not (is_glued or is_no_name):
        yield Span(found.start, found.end, "name")


def _bare_name(text: str) -> Iterator[Span]:
    """A line that is nothing but a Chinese name."""
    alone = name.bare(text) if len(text) <= 12 and not text.isascii() else None
    if alone is not None and len(alone.text) > 1 and (name.is_probable(alone.text) or "·" in alone.text):
        yield Span(alone.start, alone.end, "name")


def _listed_name(text: str) -> Iterator[Span]:
    """A name that stands by itself among other things."""
    listed = name.listed(text)
    if listed is None or listed.text in p.NO_NICKNAME:
        return
    if not re.search(rf"{p.HANZI}$", text[: listed.start]):
        yield Span(listed.start, listed.end, "name")


def _third_persons(text: str) -> Iterator[Span]:
    """Whom the customer speaks of: 张师傅, 师傅叫李刚, 客服小王."""
    matched = normal(text)
    for found in p.TITLED.finditer(matched.text):
        said = _surname_and_given(found["said"], found["title"])
        if said and not p.NO_SURNAME.search(matched.text[: found.end("said")]):
            end = found.end("said")
            yield Span(*matched.span(end - len(said), found.end("title")), "name")
    for found in p.NAMED.finditer(matched.text):
        told = found["said"] or found["end"]
        said = next((told[:length] for length in (4, 3, 2) if name.is_probable(told[:length])), "")
        if said and said[0] not in p.NO_FIRST:
            yield Span(*matched.span(found.end(), found.end() + len(said)), "name")
    for found in p.NICKNAMED.finditer(matched.text):
        if found["said"] not in p.NO_NICKNAME and _is_somebody(found["said"]):
            yield Span(*matched.span(*found.span("said")), "name")


def _surname_and_given(said: str, title: str) -> str:
    """The end of the words before a title that is a name: the longest surname with a given name, else the surname."""
    for length in (3, 2):
        if said[-length:][0] not in p.NO_FIRST and name.is_probable(said[-length:]) and len(said) >= length:
            return said[-length:]
    return said[-1] if _is_somebody(said[-1] + title) else ""


@cache
def _is_somebody(said: str) -> bool:
    """Whether a nickname or a surname with a title is one: 小王, 张师傅; not 老是, 麻烦师傅."""
    found = name.listed(said)
    return found is not None and found.text == said


_READERS: tuple[Reader, ...] = (
    _matching(p.LINK, "link"),
    _matching(p.EMAIL, "email"),
    _matching(p.SPELLED_EMAIL, "email"),
    _matching(p.ACCOUNT, "account"),
    _code(model.ticket_no, "ticket"),
    _matching(p.TOLD_TICKET, "ticket"),
    _code(model.serial_no, "serial"),
    _matching(p.PLATE, "plate"),
    _matching(p.VISIT_CODE, "code"),
    _matching(p.STAFF_NUMBER, "number"),
    _listed_name,
    _phones,
    _last_digits,
    _matching(p.SERIAL_SHAPE, "serial"),
    _addresses,
    *(_matching(each, "address") for each in (p.ESTATE, p.STREET, p.VILLAGE, p.HOUSE, p.TOLD_ADDRESS, p.HOME)),
    *(_matching(each, "address") for each in (p.EN_TOLD_ADDRESS, p.EN_HOUSE, p.EN_STREET)),
    _own_name,
    _bare_name,
    _listed_name,
    _third_persons,
    *(_matching(each, "name") for each in (p.SURNAMED, p.PINYIN_NAME, p.EN_LOWER)),
    _capitalised(p.EN_PLACE, "address"),
    *(_capitalised(each, "name") for each in (p.EN_CUED, p.EN_PAIR, p.EN_GLUED)),
    _numbers,
    _matching(p.SPOKEN, "number"),
    _matching(p.IN_WORDS, "number"),
)
"""In order: what is surest first, so that a ticket's digits are no phone and a street's number no run of digits."""
