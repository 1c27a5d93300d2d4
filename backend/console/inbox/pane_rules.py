"""What an agent is advised to do next in a conversation, and how canned words are filled in. Pure."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

UNSURE_BELOW = 0.6
GAP = {"zh": "〔请补充〕", "en": "[fill in]"}
ASKING = {"phone": "phone", "address": "address", "model": "model", "purchase_date": "model", "symptom": "e_code"}


class Step(StrEnum):
    """What to do next."""

    TAKE = "take"
    SAFETY = "safety"
    LATE = "late"
    SOOTHE = "soothe"
    ASK = "ask"
    CLARIFY = "clarify"
    CALL = "call"
    WRAP_UP = "wrap_up"


@dataclass(frozen=True)
class Situation:
    """What of a conversation decides the advice.

    Attributes:
        missing: the fields its form still lacks, in the order they are asked.
        confidence: of the bot's understanding of the last message, 0 to 1; None: it has understood nothing yet.
        promise: how the nearest open promise looks, or None.
        has_answered: whether an agent has written since the hand-over.
    """

    is_held: bool
    reason: str | None
    intent: str | None
    confidence: float | None
    missing: Sequence[str]
    has_ticket: bool
    is_call_booked: bool
    promise: str | None
    has_answered: bool


@dataclass(frozen=True)
class Advice:
    """The step, the canned reply that takes it (or None), and what the reason names."""

    step: Step
    reply: str | None = None
    names: str = ""


def advise(now: Situation) -> Advice | None:
    """The next step: people first, then what is late, then what is missing; None when all is on its way."""
    if not now.is_held:
        return Advice(Step.TAKE) if now.reason else None
    asks = ASKING.get(now.missing[0]) if now.missing else None
    is_unsure = now.confidence is not None and now.confidence < UNSURE_BELOW
    steps = (
        (now.reason == "danger" and not now.has_answered, Advice(Step.SAFETY, "danger")),
        (now.promise in ("overdue", "near"), Advice(Step.LATE, "promise")),
        (now.reason == "complaint" and not now.has_answered, Advice(Step.SOOTHE, "sorry")),
        (not now.has_ticket and bool(now.missing), Advice(Step.ASK, asks, next(iter(now.missing), ""))),
        (not now.has_ticket and is_unsure, Advice(Step.CLARIFY, None, now.intent or "")),
        (now.has_ticket and not now.is_call_booked and now.promise is not None, Advice(Step.CALL, "call")),
        (now.has_answered and now.promise is None, Advice(Step.WRAP_UP, "bye")),
    )
    return next((advice for fits, advice in steps if fits), None)


def fill(text: str, values: Mapping[str, str], language: str) -> str:
    """Canned words with what is known put in; what is not known stands as a gap. Values are put in as they are."""
    gap = GAP.get(language, GAP["en"])
    return "".join(
        literal + ("" if name is None else values.get(name) or ("" if name == "name" else gap))
        for literal, name, _, _ in string.Formatter().parse(text)
    )
