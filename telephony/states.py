"""What is known of a call between two turns, and what a turn can lead to. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol

from telephony.replies import Reply, Tongue


class Phase(StrEnum):
    """Where a call stands."""

    LANGUAGE = "language"
    """Greeted: waiting for a language, or for the matter itself."""
    TALK = "talk"
    """With the bot."""
    THINKING = "thinking"
    """The bot has been asked and has not answered yet."""
    QUEUE = "queue"
    """Waiting for a person, or with one."""
    CLOSED = "closed"
    """Nobody is at the desk: to be called back, or to leave a message?"""
    NUMBER = "number"
    """Which number shall be called back?"""
    MESSAGE = "message"
    """Leaving a message."""
    CALLED_BACK = "called_back"
    """In the queue still, with a callback booked instead."""
    ENDED = "ended"


@dataclass(frozen=True)
class State:
    """What is known of a call between two turns. What the caller has told stands with the conversation.

    Attributes:
        turn: the number the caller's next turn will have.
        said: what was said last, to be said again.
        question: the part of it that is asked again after silence.
        expects: what the bot waits for; `choices` are the words the keys 1, 2, … stand for.
        misses: silences and misunderstandings in a row; `polls`: how often the caller was asked to wait in this turn.
        spoke: whether the caller has ever said or pressed anything.
        read_back: digits keyed in, to be read back with the next answer.
        alarmed: what was said is dangerous, and its safety text is still to be said.
        texted: whether the text that asks for the address has been promised.
        waits: silences still to be borne without a word, after the caller has asked us to wait.
        repeats: how often in a row the caller asked to hear the same again.
        promise: when the caller will be called back, in words.
    """

    phase: Phase = Phase.LANGUAGE
    turn: int = 0
    tongue: Tongue = Tongue.MANDARIN
    slow: bool = False
    said: tuple[str, ...] = ()
    question: str = ""
    expects: str | None = None
    choices: tuple[str, ...] = ()
    misses: int = 0
    polls: int = 0
    spoke: bool = False
    read_back: str = ""
    alarmed: bool = False
    texted: bool = False
    waits: int = 0
    repeats: int = 0
    promise: str = ""

    @classmethod
    def restored(cls, stored: Mapping[str, Any]) -> State:
        """The state that `dataclasses.asdict` and JSON have carried."""
        lists = {name: tuple(stored.get(name, ())) for name in ("said", "choices")}
        kinds = {"phase": Phase(stored["phase"]), "tongue": Tongue(stored["tongue"])}
        known = {name: value for name, value in stored.items() if name in cls.__dataclass_fields__}
        return cls(**(known | lists | kinds))

    def speaking(self, language: str) -> State:
        """The same, in a voice (and listening) of this language; Cantonese is a voice for "zh" already."""
        if self.tongue.language == language:
            return self
        return replace(self, tongue=Tongue.ENGLISH if language == "en" else Tongue.MANDARIN)


@dataclass(frozen=True)
class Rules:
    """The numbers of `data/voice.yaml`; seconds where nothing else is said."""

    timeout_s: int
    speech_timeout_s: int
    pause_s: int
    polls: int
    misses: int
    most_turns: int
    least_confidence: float
    longest_message_s: int
    silence_ends_message_s: int
    hints: Mapping[str, tuple[str, ...]]
    waits: int = 0


class Script(Protocol):
    """The words of the line, by name and language."""

    def render(self, template: str, language: str, **values: object) -> str: ...


@dataclass(frozen=True)
class Ask:
    """Put these words to the bot; then `answer` or `think`."""

    words: str


class Reason(StrEnum):
    """Why a person is wanted."""

    ASKED = "asked"
    UNCLEAR = "confused"
    DANGER = "danger"
    BOT_DOWN = "bot_down"


@dataclass(frozen=True)
class Person:
    """Get a person for this reason; then `queue`, or `shut` when nobody is there."""

    reason: Reason


@dataclass(frozen=True)
class CallBack:
    """Book a call to this number, as keyed in or said (None: the one they are calling from); then `booked` or
    `not_booked`."""

    number: str | None


@dataclass(frozen=True)
class Step:
    """What follows: the next state, and the reply or what must be done to have one.

    Attributes:
        text_for_address: send a text that asks for the address.
    """

    state: State
    do: Ask | Person | CallBack | None = None
    reply: Reply | None = None
    text_for_address: bool = False


@dataclass(frozen=True)
class Said:
    """What was said in the conversation since the caller last heard of it.

    Attributes:
        choices: titles and words of the bot's quick replies.
        understood: whether the bot could do something with the caller's words.
        is_texted: whether number and code of a ticket have just been sent by text.
        language: which language the bot has come to speak, following the caller; None: the one spoken so far.
        wants_person: whether the conversation waits for a person now; `in_danger`: because somebody is in danger.
    """

    texts: tuple[str, ...]
    choices: tuple[tuple[str, str], ...] = ()
    expects: str | None = None
    understood: bool = True
    wants_person: bool = False
    in_danger: bool = False
    is_texted: bool = False
    language: str | None = None
