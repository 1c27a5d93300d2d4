"""What may be said, who answers, and what happens when the bot does not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_TEXT = 4000
SMS_CONVERSATION_RESTS = timedelta(hours=24)
TRIES_OF_THE_BOT = 2
PATIENCE_WHILE_WARMING = timedelta(minutes=5)
AWAY_AGAIN = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 15, 60))
"""How long a message waits for a bot that is away, try by try; the last holds on. Once the bot is back, none waits."""

_UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\ud800-\udfff\ufffe\uffff]")


class Channel(StrEnum):
    """How a customer reaches us."""

    WEB = "web"
    SMS = "sms"
    VOICE = "voice"


class Mode(StrEnum):
    """Who answers. While waiting for a person the bot goes on listening and answering."""

    BOT = "bot"
    WAITING = "waiting"
    HUMAN = "human"
    CLOSED = "closed"


class Author(StrEnum):
    """Who wrote a message."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class NoteKind(StrEnum):
    """What a note among agents tells of."""

    NOTE = "note"
    TRANSFER = "transfer"
    SNOOZE = "snooze"
    RETURN = "return"
    WRAP_UP = "wrap_up"
    REOPEN = "reopen"
    HAND_BACK = "hand_back"
    WHISPER = "whisper"
    TAKEN_FROM = "taken_from"


class Failure(StrEnum):
    """How the bot failed to answer."""

    AWAY = "away"
    BROKEN = "broken"


@dataclass(frozen=True)
class Remedy:
    """What to do about an unanswered message: when to ask the bot again, whether to ask for a person, what to say."""

    retry_at: datetime | None
    hand_over: bool
    say: str | None
    reason: str


@dataclass(frozen=True)
class Asked:
    """Something the bot said, and what it waits for with it."""

    text: str
    expects: str | None


def clean(text: str) -> str:
    """The text as it is stored: NFC, line breaks unified, without control characters and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNSTORABLE.sub("", text)).strip()


def mentioned(text: str, names: Mapping[str, int]) -> frozenset[int]:
    """Whom a note names: ids by "@name" or "@username"; of names that begin alike the longest counts."""
    found = set()
    for at in (match.end() for match in re.finditer("[@＠]", text)):
        rest = text[at:].casefold()
        fitting = [name for name in names if name and rest.startswith(name.casefold())]
        if fitting:
            found.add(names[max(fitting, key=len)])
    return frozenset(found)


def open_question(last: Asked | None, *, is_settled: bool) -> Asked | None:
    """The bot's question to put again when it goes on: its last words, if it waits for something with them.

    Args:
        is_settled: whether the agent has entered what was asked for, so that it need not be asked again.
    """
    return last if last is not None and last.expects and not is_settled else None


def bot_answers(mode: Mode) -> bool:
    """Whether the bot answers a message that comes in now. A closed conversation opens again with the bot."""
    return mode is not Mode.HUMAN


def may_keep_reply(mode: Mode) -> bool:
    """Whether an answer the bot has just made may still be said: not after an agent has taken over."""
    return mode is not Mode.HUMAN


def remedy(failure: Failure, failures: int, sent_at: datetime, *, told: bool, waiting: bool, now: datetime) -> Remedy:
    """Decide after the bot did not answer.

    A bot that is away (starting, restarting) is waited for, longer each time; after five minutes a person is asked for
    as well. A bot that answers nonsense or too late is asked once more at once; then a person takes the conversation.

    Args:
        failures: how often this message has failed, this time included.
        told: whether the customer has been told about this message's delay.
        waiting: whether the conversation waits for a person already.
    """
    if failure is Failure.AWAY:
        again, patience_ends = now + AWAY_AGAIN[min(failures, len(AWAY_AGAIN)) - 1], sent_at + PATIENCE_WHILE_WARMING
        if now < patience_ends:
            return Remedy(min(again, patience_ends), False, None if told else "warming", "the bot is starting")
        say = None if waiting else "bot_down"
        return Remedy(again, not waiting, say, "the bot is away for long; a person is asked for")
    if failures < TRIES_OF_THE_BOT:
        return Remedy(now, False, None, "the bot is asked once more")
    return Remedy(None, True, "bot_down", "the bot did not answer; a person takes over")


def goes_on(channel: Channel, last_message_at: datetime, now: datetime) -> bool:
    """Whether a text message continues the last conversation of its number."""
    return channel is Channel.SMS and now - last_message_at < SMS_CONVERSATION_RESTS
