"""What the intent model sees of a message: characters and words, with values replaced by their kind. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

from bot.text.dialect import plain
from bot.text.hazard import only_denied
from bot.text.lexicon import concepts
from bot.text.normal import normal
from bot.text.pinyin import sound
from bot.text.values import is_meant

LIMIT = 300
"""Characters of a message that the model reads; the wish is never later than that, danger is searched separately."""

BLOCKS = {"c": 1.0, "w": 0.7, "i": 0.25, "s": 0.5}
"""Weight of each block of features: characters (n-grams of 1 to 4, with the message's edges), Latin words and pairs,
ideas of the lexicon and their pairs, sounds. Found by five-fold cross-validation on the training data."""

_TAKEN = 2 * LIMIT
"""Characters taken up at all: enough for `LIMIT` of them after values have shrunk to one letter each."""

_MARKS = {
    "phone": "P", "address": "A", "name": "N", "time": "T", "purchase_date": "D", "model": "M", "capacity": "C",
    "fault_code": "F", "ticket_no": "K", "serial_no": "S",
}  # fmt: skip
_HINTS = ("symptom", "product_part")
_SPACE = re.compile(r"\s+")
_LATIN = re.compile(r"[a-z']+|[A-Z]")
_LONGEST_GRAM = 4
_SOUND_SIZES = (4, 5, 6, 7)
_HANZI_OR_PINYIN = re.compile(
    r"[\u3400-\u9fff]|\b(?:shui|dian|wo|ni|bu|le|qi|xiu|zhuang|hua|jia)\b|reshuiqi|anzhuang|weixiu"
)


def masked(text: str, entities: Sequence[Mapping[str, Any]]) -> str:
    """The normal form with values replaced by one capital letter: "我姓王电话13800138000" → "我姓N电话P"."""
    pieces: list[str] = []
    at = 0
    for entity in sorted(entities, key=lambda each: int(each.get("start", 0))):
        mark = _MARKS.get(str(entity.get("entity")))
        start, end = int(entity.get("start", 0)), int(entity.get("end", 0))
        if mark is None or start < at or not is_meant(entity):
            continue
        pieces += [normal(text[at:start]).text, mark]
        at = end
    pieces.append(normal(text[at:]).text)
    return _SPACE.sub(" ", "".join(pieces))[:LIMIT].strip()


def features(text: str, entities: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """Counts of features; the first letter of each names its block (see `BLOCKS`)."""
    text = text[:_TAKEN]
    said = masked(text, entities)
    body = plain(said)
    counts = Counter(_grams(f"^{body}$"))
    if body != said:
        counts.update(_grams(f"^{said}$"))
    counts.update(_words(body))
    if _HANZI_OR_PINYIN.search(body):
        counts.update(_sounds(sound(body)))
    counts.update(f"i{entity['entity']}" for entity in entities if entity.get("entity") in _HINTS)
    ideas = _ideas(text)
    counts.update(f"i{idea}" for idea in ideas)
    counts.update(f"i{first}+{second}" for first, second in combinations(ideas, 2))
    counts[f"ilength{min(len(body) // 4, 8)}"] += 1
    return counts


def _ideas(text: str) -> list[str]:
    """The lexicon's ideas; danger that the customer denies ("没有漏电") is another idea than danger."""
    ideas = concepts(text)
    if "danger" in ideas and only_denied(text):
        ideas = ideas - {"danger"} | {"danger_denied"}
    return sorted(ideas)


def _grams(body: str) -> Iterator[str]:
    for size in range(1, _LONGEST_GRAM + 1):
        for at in range(len(body) - size + 1):
            yield f"c{body[at : at + size]}"


def _sounds(spoken: str) -> Iterator[str]:
    for size in _SOUND_SIZES:
        for at in range(len(spoken) - size + 1):
            yield f"s{spoken[at : at + size]}"


def _words(body: str) -> Iterable[str]:
    words = _LATIN.findall(body)
    yield from (f"w{word}" for word in words)
    yield from (f"w{first} {second}" for first, second in pairwise(words))
