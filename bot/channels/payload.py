"""What the channel accepts: the turn's JSON, cleaned so that customer text is never anything but text. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LANGUAGES = ("zh", "en")
CHANNELS = ("web", "sms", "voice")
LONGEST_BODY = 128 * 1024
"""Bytes of a request; more is refused before it is parsed."""
LONGEST_TEXT = 10_000
"""Characters of a message; of a longer one the beginning is read."""
LONGEST_ID = 120

_ID = re.compile(rf"^[A-Za-z0-9._:@+-]{{1,{LONGEST_ID}}}$")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_COMMAND = re.compile(r"^[\s/／]+")
NOTHING_SAID = "…"


class BadPayload(ValueError):
    """The request is not a turn; the message says which field is wrong, never what stood in it."""


@dataclass(frozen=True)
class TurnRequest:
    conversation_id: str
    message_id: str
    text: str
    channel: str
    language: str
    now: str


def turn_request(body: Any) -> TurnRequest:
    """Reads the JSON of a turn; raises BadPayload."""
    if not isinstance(body, dict):
        raise BadPayload("body")
    return TurnRequest(
        conversation_id=_identifier(body, "conversation_id"),
        message_id=_identifier(body, "message_id"),
        text=harmless(body.get("text")),
        channel=_one_of(body, "channel", CHANNELS),
        language=_one_of(body, "language", LANGUAGES),
        now=_instant(body.get("now")),
    )


def harmless(text: Any) -> str:
    """The customer's words without control characters or lone surrogates, and without a leading slash.

    Rasa reads `/intent{"slot": …}` as a command from its operator. A customer who types `/restart` has typed "restart".
    """
    if not isinstance(text, str):
        raise BadPayload("text")
    whole = text[:LONGEST_TEXT].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _COMMAND.sub("", _CONTROLS.sub(" ", whole)).strip() or NOTHING_SAID


def _identifier(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not _ID.match(value):
        raise BadPayload(name)
    return value


def _one_of(body: dict[str, Any], name: str, allowed: tuple[str, ...]) -> str:
    value = body.get(name) or allowed[0]
    if value not in allowed:
        raise BadPayload(name)
    return str(value)


def _instant(value: Any) -> str:
    """An aware ISO 8601 instant, or the empty string when none was sent."""
    if value in (None, ""):
        return ""
    try:
        parsed = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise BadPayload("now") from error
    if parsed.tzinfo is None:
        raise BadPayload("now")
    return parsed.isoformat()
