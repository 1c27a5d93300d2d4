"""What the intent model is trained on: every example and its noisy variants, as features with a weight. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain
from multiprocessing import get_context
from random import Random

from bot.components.augment import Variant, variants
from bot.components.features import features
from bot.text import lexicon, reported
from bot.text.hazard import hazard
from bot.text.values import ZONE, Entity, read_values

SPOKEN_IN_TRAINING = datetime(2026, 11, 24, 10, 20, tzinfo=ZONE)
"""The examples are read as if spoken then, so that training twice gives the same model."""

_WORDS = frozenset({"symptom", "product_part"})
"""Entities that are words rather than values: noise may change them."""


_WISHES = frozenset(
    {
        "request_install", "request_relocation", "request_repair", "report_hazard", "complain", "request_return",
        "ask_status", "chase", "reschedule", "cancel_request", "request_callback", "ask_human", "ask_warranty",
        "ask_fee", "ask_hours", "ask_howto", "ask_parts",
    }
)  # fmt: skip
"""Intents that outrank data and politeness in the same message, by the contract of intents."""

_COMPANIONS = ("inform", "inform", "greet", "thank")
_LONGEST_COMPANION = 60
_HANZI = re.compile(r"[\u3400-\u9fff]")
_MANY, _PART = 4_000, 500
"""From how many texts on the work is shared among processors, and how many a processor is handed at a time."""

_OfOne = list[Counter[str]]
"""Features of an example and of its variants."""


@dataclass(frozen=True)
class Examples:
    """Rows of the training: features, the intent, and how much the row counts."""

    features: Sequence[Counter[str]]
    intents: Sequence[str]
    weights: Sequence[float]


def prepare(
    texts: Sequence[str],
    intents: Sequence[str],
    noise: Mapping[str, float],
    *,
    company: float = 0.0,
    weight: float = 1.0,
    seed: int = 1,
) -> Examples:
    """Examples with their variants.

    `noise` is the amount of each kind, `company` the share of the wishes that is said once more beside data or
    politeness, `weight` how much a variant counts (1: as an example).
    """
    variants_of = _worked(partial(_rows, noise=noise, seed=seed), texts)
    rows: list[Counter[str]] = []
    labels: list[str] = []
    weights: list[float] = []
    for of_one, intent in zip(variants_of, intents, strict=True):
        rows += of_one
        labels += [intent] * len(of_one)
        weights += [1.0, *[weight] * (len(of_one) - 1)]
    accompanied = list(in_company(texts, intents, company, seed))
    rows += chain.from_iterable(_worked(partial(_rows, noise={}, seed=seed), [text for text, _ in accompanied]))
    labels += [intent for _, intent in accompanied]
    weights += [weight] * len(accompanied)
    return Examples(rows, labels, weights)


def _rows(texts: Sequence[str], *, noise: Mapping[str, float], seed: int) -> list[_OfOne]:
    """The features of every text and of its variants, the text's own first."""
    rows = []
    for text in texts:
        entities = read_values(text, SPOKEN_IN_TRAINING)
        values = [each for each in entities if each["entity"] not in _WORDS]
        spans = [(each["start"], each["end"]) for each in values]
        noisy = list(variants(text, spans, noise, seed)) if any(noise.values()) else []
        rows.append([features(text, entities), *(features(each.text, _entities(each, values)) for each in noisy)])
    return rows


def _worked(work: Callable[[Sequence[str]], list[_OfOne]], texts: Sequence[str]) -> list[_OfOne]:
    """The work done on every text, in their order; if they are many on several processors.

    A text's variants hang on nothing but itself.
    """
    if len(texts) < _MANY:
        return work(texts)
    parts = [texts[at : at + _PART] for at in range(0, len(texts), _PART)]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return [of_one for part in pool.map(work, parts) for of_one in part]


def in_company(texts: Sequence[str], intents: Sequence[str], share: float, seed: int) -> Iterator[tuple[str, str]]:
    """A share of the wishes with another example before or after: a greeting, thanks, or data of the same language.

    Customers put everything into one message; the wish decides, and danger is neither added nor lost.
    """
    pools: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for text, intent in zip(texts, intents, strict=True):
        if intent in _COMPANIONS and len(text) <= _LONGEST_COMPANION:
            pools[intent, bool(_HANZI.search(text))].append(text)
    for text, intent in zip(texts, intents, strict=True):
        chance = Random(f"{seed}/company/{text}")  # noqa: S311 - repeatable company is wanted, not secrecy
        if intent not in _WISHES or chance.random() >= share:
            continue
        is_chinese = bool(_HANZI.search(text))
        kind = chance.choice(_COMPANIONS)
        pool = pools[kind, is_chinese]
        if not pool:
            continue
        companion, joint = chance.choice(pool), chance.choice(("，", "。", " ") if is_chinese else (", ", ". ", " "))
        comes_first = kind == "greet" or (kind == "inform" and chance.random() < 0.4)
        both = f"{companion}{joint}{text}" if comes_first else f"{text}{joint}{companion}"
        if (hazard(both) is None) == (hazard(text) is None):
            yield both, intent


def _entities(variant: Variant, values: Sequence[Entity]) -> list[Entity]:
    """Values at their new places, words looked up anew; everything is read anew where values may be rewritten."""
    if variant.kept is None:
        return read_values(variant.text, SPOKEN_IN_TRAINING)
    moved = [{**value, "start": start, "end": end} for value, (start, end) in zip(values, variant.kept, strict=True)]
    words = [{"entity": "symptom", "start": word.start, "end": word.end} for word in reported.symptoms(variant.text)]
    words += [{"entity": "product_part", "start": word.start, "end": word.end} for word in lexicon.parts(variant.text)]
    return moved + words
