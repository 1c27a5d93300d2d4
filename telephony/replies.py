"""What a caller hears next, as values: some sentences, then one thing to do. All pure; `twiml` writes them down."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tongue(StrEnum):
    """Which voice speaks to a caller. Cantonese is a voice only: what is said, and understood, is Mandarin."""

    MANDARIN = "zh"
    ENGLISH = "en"
    CANTONESE = "yue"

    @property
    def language(self) -> str:
        """The language of the words: "zh" or "en"."""
        return "en" if self is Tongue.ENGLISH else "zh"


@dataclass(frozen=True)
class Line:
    """Something said aloud by one voice; `slow` for those who have asked for it, and for numbers to write down."""

    words: str
    tongue: Tongue
    slow: bool = False


@dataclass(frozen=True)
class Listen:
    """Wait for the caller's words or keys, posted to `to`; silence is posted as well.

    Attributes:
        to: the address behind `/telephony/voice/`.
        keys: how many keys end the input at once; None: any number, ended by the hash key or a pause.
        hints: words that are likely.
    """

    to: str
    keys: int | None
    timeout_s: int
    speech_timeout_s: int
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Poll:
    """Come back after a moment: the answer is not there yet."""

    to: str
    pause_s: int


@dataclass(frozen=True)
class Enqueue:
    """Wait for a person in a queue; `wait` is what is played meanwhile, `to` is asked when the caller has left it."""

    queue: str
    wait: str
    to: str


@dataclass(frozen=True)
class Hold:
    """One round of waiting in a queue: music (its address), during which a key may be pressed; then the next round."""

    to: str
    music: str


@dataclass(frozen=True)
class Leave:
    """Leave the queue; what follows is said by the answer to the queue's own address."""


@dataclass(frozen=True)
class Record:
    """Record a message, posted to `to`."""

    to: str
    longest_s: int
    silence_s: int


@dataclass(frozen=True)
class HangUp:
    """End the call."""


Then = Listen | Poll | Enqueue | Hold | Leave | Record | HangUp


@dataclass(frozen=True)
class Reply:
    """Say these lines, then do one thing. While listening, the caller may speak before the lines are at their end."""

    say: tuple[Line, ...]
    then: Then
