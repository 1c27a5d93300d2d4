"""Who a customer is, what of them is kept, and when a one-time code shows that a number is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_NAME = 60


def same_person(first_phone: str | None, second_phone: str | None) -> bool:
    """Whether two contacts are one person to us: the same number in E.164. An unknown number is nobody's."""
    return first_phone is not None and first_phone == second_phone


def name_to_keep(known: str | None, told: str | None) -> str | None:
    """The name on file after a contact: what was told last, cut to what a name may be long."""
    told = (told or "").strip()
    return told[:LONGEST_NAME] or known


@dataclass(frozen=True)
class CodePolicy:
    """How one-time codes are given out (numbers of `data/limits.yaml`). The counts are for one local day."""

    valid_for: timedelta
    attempts: int
    per_number: int
    per_conversation: int


@dataclass(frozen=True)
class Given:
    """The codes given out so far this local day: to the number, and in the conversation."""

    to_number: int
    in_conversation: int


def may_give(given: Given, policy: CodePolicy) -> bool:
    """Whether another code may be given out today."""
    return given.to_number < policy.per_number and given.in_conversation < policy.per_conversation


class CodeVerdict(StrEnum):
    """What came of a code that was told; the values are the API's codes."""

    RIGHT = "right"
    WRONG = "code_wrong"
    EXPIRED = "code_expired"
    USED_UP = "code_used_up"


def judge_code(
    *, is_right: bool, is_used: bool, attempts: int, expires_at: datetime, policy: CodePolicy, now: datetime
) -> CodeVerdict:
    """What to answer to a code. `attempts` counts the wrong ones before this.

    Guessing ends first, so that not even the right code helps after it. The right code told again in time is right
    again: the answer to the first may have been lost on its way. A used code cannot be guessed at.
    """
    if attempts >= policy.attempts:
        return CodeVerdict.USED_UP
    if now >= expires_at or (is_used and not is_right):
        return CodeVerdict.EXPIRED
    return CodeVerdict.RIGHT if is_right else CodeVerdict.WRONG
