"""Whose number a conversation's is, and what may be told of one person in one line of time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

PAGE = 12


class Moment(StrEnum):
    """What happened between a person and the house."""

    WEB = "web"
    SMS = "sms"
    VOICE = "voice"
    TICKET = "ticket"
    VISIT = "visit"
    CALL = "call"
    TEXT = "text"


class Proof(StrEnum):
    """How we know that a number is that of whoever writes or speaks."""

    VERIFIED = "verified"
    TEXTED = "texted"
    CALLER_ID = "caller_id"
    TOLD = "told"


SHOWN = frozenset({Proof.VERIFIED, Proof.TEXTED})


@dataclass(frozen=True)
class Person:
    """Somebody by their number (E.164), with how we know that it is theirs."""

    number: str
    proof: Proof

    @property
    def is_shown(self) -> bool:
        """Whether the number is shown to be theirs, so that what belongs to it may be told as theirs."""
        return self.proof in SHOWN


def person(channel: str, phone: str | None, verified: str | None, told: Sequence[str]) -> Person | None:
    """Who is in a conversation: by the number shown to be theirs, else by the caller's or the one they told.

    A text message comes from its number; a caller's number may be forged, and anybody can tell any number.

    Args:
        told: the numbers of the conversation's tickets, newest first.
    """
    if verified:
        return Person(verified, Proof.VERIFIED)
    if phone and channel == "sms":
        return Person(phone, Proof.TEXTED)
    if phone:
        return Person(phone, Proof.CALLER_ID)
    return Person(told[0], Proof.TOLD) if told else None
