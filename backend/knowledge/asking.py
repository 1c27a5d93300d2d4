"""What a message asks, whatever it was taken for, and what else it asks in the same breath. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from backend.knowledge.matching import Topic, best, plain, share

MOST, MOST_OF_A_KIND = 3, 2
"""Questions of one message that are answered: what it costs, whether it is covered and when somebody comes is often
asked in one breath; two of one kind."""
CLEAR = 0.5
"""Share of a message that the words of a topic must cover for it to answer what was taken for something else."""
CLEARER = 0.6
"""The same where the message also says what it was taken for."""

_BREAK = re.compile(
    r"[,.;!?，。；！？\n]+|(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])|还有就是|还有|另外|顺便|以及|\b(?:and|also|plus)\b"
)
_QUESTION = re.compile(
    r"[吗么呢嘛]|不$|多[少久高大远粗]|怎么|咋|怎样|如何|几[天年个次点时升度]|什么|啥|哪|谁|能不能|可不可以|要不要|是不是|有没有|会不会"
    r"|行不行|正不正常|好不好|够不够|用不用|\b(?:how|what|which|when|where|who|why|is|are|do|does|can|could|should|will|any)\b"
)


@dataclass(frozen=True)
class Signs:
    """How a kind of question shows: by words that ask for it, and by the topics it knows. `is_beside`: it is only
    answered beside another."""

    asks: re.Pattern[str] | None
    topics: Mapping[str, Topic]
    is_beside: bool = False


def questions(text: str) -> list[str]:
    """The clauses of a message that ask something, as plain text."""
    clauses = (clause.strip() for clause in _BREAK.split(plain(text)))
    return [clause for clause in clauses if _QUESTION.search(clause)]


def kinds(taken_for: str, text: str, signs: Mapping[str, Signs], *, is_named: bool) -> tuple[str, ...]:
    """The kinds of question in a message, the first one to be answered first; at most three.

    It is what it was taken for, unless nothing in it says so (`is_named`: it names something of that kind) while it
    asks for another kind in so many words, or a topic of another kind covers most of it.
    """
    words = plain(text)
    asked = {name: sign.start() for name, each in signs.items() if each.asks and (sign := each.asks.search(words))}
    first = _first(taken_for, words, signs, asked, is_named)
    settled = {first, taken_for} if first != taken_for and clearest(words, signs[first].topics) >= CLEARER else {first}
    others = sorted((name for name in asked if name not in settled), key=asked.__getitem__)
    if first != "howto" and any(_asks_for_use(clause, signs) for clause in questions(text)):
        others.append("howto")
    if "parts" in (first, *others):  # who tells how a part is got tells its price
        first, *others = dict.fromkeys("parts" if each == "fee" else each for each in (first, *others))
    return (first, *others)[:MOST]


def _first(taken_for: str, words: str, signs: Mapping[str, Signs], asked: Mapping[str, int], is_named: bool) -> str:
    shares = {name: clearest(words, each.topics) for name, each in signs.items()}
    if shares[taken_for]:
        return taken_for
    others = sorted((name for name in signs if name != taken_for), key=lambda name: -shares[name])
    if taken_for in asked or is_named:
        is_sure = taken_for in asked
        clear = (name for name in others if shares[name] >= CLEARER and not (is_sure and name == "howto"))
        return next(clear, taken_for)
    alone = [name for name in asked if not signs[name].is_beside]
    if alone:
        return min(alone, key=asked.__getitem__)
    return next((name for name in others if shares[name] >= CLEAR), taken_for)


def _asks_for_use(clause: str, signs: Mapping[str, Signs]) -> bool:
    """Whether a clause asks about use and care, and about nothing else."""
    is_other = any(each.asks and each.asks.search(clause) for each in signs.values())
    return not is_other and clearest(clause, signs["howto"].topics) >= CLEAR


def clearest(words: str, topics: Mapping[str, Topic]) -> float:
    """How much of a plain text the words of the topic that answers it cover."""
    name = best(words, topics)
    return share(words, topics[name].words) if name else 0.0


def topics_asked(text: str, topics: Mapping[str, Topic]) -> list[str]:
    """The topics that answer a message: one each for two questions in it, else the one that fits the whole best."""
    found = list(dict.fromkeys(name for clause in questions(text) if (name := best(clause, topics))))
    whole = best(text, topics)
    if len(found) >= MOST_OF_A_KIND and whole in found[:MOST_OF_A_KIND]:
        return found[:MOST_OF_A_KIND]
    return [whole] if whole else []
