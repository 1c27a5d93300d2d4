"""Which turns are worth an agent's look. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

OUT_OF_SCOPE = "out_of_scope"
WISH_FOR_A_PERSON = "ask_human"

_BOT_IS_LOST = re.compile(
    r"没听明白|没听懂|没看懂|没听清|没[听看]到.{0,3}(?:六位|6 ?位)|帮不上忙|请(?:一位)?同事来帮"
    r"|quite (?:catch|get) that|did not catch that|still did not get|could not follow|did not find a 6-digit"
    r"|outside what I can help|cannot help with that|ask a colleague to help"
)
MASK = re.compile(r"⟨(?P<kind>[a-z]+)⟩")
"""How what was masked is written in a stored line: ⟨phone⟩, ⟨name⟩, …"""


class Reason(StrEnum):
    """Why a turn is looked at."""

    UNSURE = "unsure"
    OUT_OF_SCOPE = "out_of_scope"
    LOST = "lost"
    WANTED_A_PERSON = "wanted_person"
    CORRECTED = "corrected"
    DENIED = "denied"


class State(StrEnum):
    """What an agent has made of a line."""

    OPEN = "open"
    LABELLED = "labelled"
    UNUSABLE = "unusable"


class Order(StrEnum):
    """What stands first in the list."""

    NEWEST = "newest"
    OFTEN = "often"


@dataclass(frozen=True)
class ReviewPolicy:
    """Numbers of `data/limits.yaml`.

    Attributes:
        below_confidence: an understanding with less is unsure (0 to 1).
        at_once: how long after a message its successor says something about it; also how long it waits for one.
        keep: how long a line is kept after it was last heard.
    """

    below_confidence: float
    at_once: timedelta
    keep: timedelta


@dataclass(frozen=True)
class Heard:
    """A customer's message as the bot took it: when it was sent, what was understood, what the bot said to it and what
    its answer asked for (`expects`: an entity, `confirm`, or None)."""

    sent_at: datetime
    intent: str
    confidence: float | None = None
    answer: str = ""
    expects: str | None = None


def worth_reviewing(turn: Heard, following: Heard | None, policy: ReviewPolicy) -> Reason | None:
    """Why an agent should look at a turn, or None.

    What the bot itself was unsure of comes first; then what the customer's next message says about it. A "no" to a
    question of the bot, and a correction of what it read back, are answers and say nothing about the understanding.

    Args:
        following: the customer's next message, if the bot has answered one.
    """
    if turn.confidence is not None and turn.confidence < policy.below_confidence:
        return Reason.UNSURE
    if turn.intent == OUT_OF_SCOPE:
        return Reason.OUT_OF_SCOPE
    if turn.intent == WISH_FOR_A_PERSON:
        return None
    if _BOT_IS_LOST.search(turn.answer):
        return Reason.LOST
    is_at_once = following is not None and following.sent_at - turn.sent_at <= policy.at_once
    return _as_the_customer_shows(turn, following.intent) if following and is_at_once else None


def _as_the_customer_shows(turn: Heard, next_intent: str) -> Reason | None:
    if next_intent == WISH_FOR_A_PERSON:
        return Reason.WANTED_A_PERSON
    if next_intent == "correct" and turn.expects != "confirm":
        return Reason.CORRECTED
    return Reason.DENIED if next_intent == "deny" and turn.expects is None else None


def says_something(masked: str) -> bool:
    """Whether words, figures or an emoji are left of a line besides what was masked: else it teaches nothing."""
    return any(unicodedata.category(char)[0] in "LNS" for char in MASK.sub("", masked))


def cut(masked: str, longest: int) -> str:
    """The beginning of a stored line, no longer than that and not in the middle of a mask."""
    if len(masked) <= longest:
        return masked
    kept = masked[: longest - 1]
    opened = kept.rfind("⟨")
    return (kept[:opened] if opened > kept.rfind("⟩") else kept).rstrip() + "…"


def pieces(masked: str) -> list[tuple[str, bool]]:
    """A stored line in pieces, for display: the words as they are, and the kinds of what was masked (True)."""
    found: list[tuple[str, bool]] = []
    at = 0
    for mask in MASK.finditer(masked):
        found += [(masked[at : mask.start()], False), (mask["kind"], True)]
        at = mask.end()
    return [piece for piece in [*found, (masked[at:], False)] if piece[0]]
