"""Whether a caller was understood, whether a person is wanted, which line is free. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from itertools import count
from typing import Any

from backend.conversations.rules import Mode

_ANSWERS = frozenset({"inform", "affirm", "deny", "correct"})
"""What brings an open form forward when it is understood; questions and small talk in between need not."""


def was_understood(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> bool:
    """Whether the bot could do something with the caller's words.

    Not when it took them for none of its business, and not when it waits for the same thing and has learned nothing.

    Args:
        before: how the conversation stood before these words, as `Conversation.understood`.
        after: how it stands now.
    """
    if after is None:
        return True
    if after.get("intent") == "out_of_scope":
        return False
    stands_still = before is not None and all(
        before.get(part) == after.get(part) for part in ("form", "expects", "collected")
    )
    return not (stands_still and after.get("expects") and after.get("intent") in _ANSWERS)


def wants_person(mode: Mode, reason: str | None, intent: str | None, *, was_waiting: bool, is_open: bool) -> bool:
    """Whether a conversation has come to want a person with the caller's last words, or a person has taken it.

    One that waited already goes on with the bot until the caller asks again. In danger out of hours the bot goes on: it
    asks where, and whether anybody is hurt, while the duty phone rings.

    Args:
        reason: why the conversation waits.
        intent: how the last words were understood.
        was_waiting: whether it waited before them.
    """
    if mode is Mode.HUMAN:
        return True
    if mode is not Mode.WAITING or (reason == "danger" and not is_open):
        return False
    return intent == "ask_human" or not was_waiting


def outlasts_the_call(reason: str | None) -> bool:
    """Whether a person is wanted for something although the caller has left."""
    return reason in ("danger", "voice_message")


class Stage(StrEnum):
    """Where a call stands, as people at the desk see it."""

    BOT = "with_bot"
    QUEUE = "in_queue"
    AGENT = "with_agent"
    OVER = "over"


def stage(*, is_over: bool, waits: bool, is_answered: bool) -> Stage:
    """Where a call stands.

    Args:
        waits: whether it holds a waiting line.
        is_answered: whether an agent has picked it up.
    """
    if is_over:
        return Stage.OVER
    if is_answered:
        return Stage.AGENT
    return Stage.QUEUE if waits else Stage.BOT


def free_line(taken: Collection[int], lines: int, *, in_danger: bool) -> int | None:
    """The first waiting line nobody is in, or None when too many wait; in danger there is always one more.

    Lines are few and used again: a carrier keeps queues for ever.
    """
    line = next(line for line in count(1) if line not in taken)
    return line if line <= lines or in_danger else None


def queue_name(line: int) -> str:
    """What the carrier calls a waiting line."""
    return f"hotline-{line}"


def patience(within: float, spent: float) -> float:
    """Seconds to wait for the bot before the caller is asked to wait.

    To take the turn up has cost some of what the carrier waits, and to answer will cost as much once more: the busier
    the house, the sooner it asks.

    Args:
        within: seconds after which an answer has to leave, counted from the request.
        spent: seconds since the request.
    """
    return max(0.0, within - 2 * spent)
