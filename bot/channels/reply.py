"""The turn's reply as the service wants it: plain text, buttons with plain words, and what the bot waits for. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from bot.actions.forms.fields import ASKED_FOR, FORMS
from bot.text.script import in_script
from bot.text.speech import spoken as said_aloud

_EXPECTS = {"wanted_time": "time", "visit_time": "time", "complaint_ticket": "ticket_no", "retry": "confirm"}
_TAKEN = frozenset(field for form in FORMS.values() for field in form.takes)
_SMS_PLAIN = str.maketrans({"–": "-", "—": "-", "“": '"', "”": '"', "’": "'", "…": "..."})
"""One typographic sign turns a 160-character text message into two of 67."""

_CLOSED = re.compile(r"[。.!！?？:：；;…]$")
"""How an utterance ends that another may follow in the same breath."""


def expects(requested_slot: str | None) -> str | None:
    """The name a page can choose its keyboard by."""
    if requested_slot is None:
        return None
    field = ASKED_FOR.get(requested_slot, requested_slot)
    return _EXPECTS.get(field, field)


def understood(form: str | None, entities: Iterable[Mapping[str, Any]], slots: Mapping[str, Any]) -> dict[str, Any]:
    """For the people at the desk: what was read in the message, and how far the open form has come."""
    known = FORMS.get(form or "")
    draft = slots.get("draft") or {}
    told = {field: _words_of(slots.get(field)) for field in known.takes} if known else {}
    so_far = {field: _words_of(draft.get(field)) or words for field, words in told.items()}
    return {
        "entities": [
            {"entity": str(each["entity"]), "value": words}
            for each in entities
            if each.get("entity") and (words := _words_of(each.get("value")))
        ][:30],
        "form": form if known else None,
        "collected": {field: words for field, words in so_far.items() if words},
        "missing": [field for field in known.fields if not told[field]] if known else [],
    }


def _words_of(value: Any) -> str:
    """A value as one line; of one with parts, what the customer said."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("raw", "text", "value", "e164", "zh") if value.get(key)), None)
    return str(value)[:300] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def told_by_customer(
    entities: Iterable[Mapping[str, Any]], slots: Mapping[str, Any], said: Iterable[str]
) -> frozenset[str]:
    """Pieces of text that the customer wrote and may see again: who, where and what, as they stand in a form or in this
    message; of a place only the levels in characters the customer has `said`, for the others were put to it here."""
    characters = frozenset("".join(said))
    words = {each for field in _TAKEN for each in _as_written(slots.get(field), characters)}
    return frozenset(words.union(str(each.get("text") or "") for each in entities))


def _as_written(value: Any, characters: frozenset[str]) -> list[str]:
    if isinstance(value, Mapping):
        parts = (part for part in value.values() if isinstance(part, str))
        return [part for part in parts if all(char.isascii() or char in characters for char in part)]
    return [value] if isinstance(value, str) else []


def messages(
    collected: list[dict[str, Any]],
    channel: str,
    language: str,
    script: str | None = None,
    told: Collection[str] = (),
) -> list[dict[str, Any]]:
    """One bubble an utterance on a screen; one message a turn where each is paid or listened to; in the customer's
    `script`, but for what they `told` themselves."""
    written = script if language == "zh" and channel != "voice" else None
    spoken = [
        {
            "text": in_script(str(message["text"]).strip(), written, told),
            "buttons": [_button(button, written, told) for button in message.get("buttons") or ()],
        }
        for message in collected
        if str(message.get("text") or "").strip()
    ]
    if channel == "web" or not spoken:
        return spoken
    *before, last = (str(message["text"]) for message in spoken)
    closed = (each if _CLOSED.search(each) else each + ("。" if language == "zh" else ".") for each in before)
    text = ("" if language == "zh" else " ").join([*closed, last])
    if channel == "sms" and language == "en":
        text = text.translate(_SMS_PLAIN)
    buttons = spoken[-1]["buttons"]
    if channel == "voice":
        text = said_aloud(text, language)
        buttons = [button | {"title": said_aloud(button["title"], language)} for button in buttons]
    return [{"text": text, "buttons": buttons}]


def _button(button: dict[str, Any], script: str | None, told: Collection[str]) -> dict[str, str]:
    return {"title": in_script(str(button["title"]), script, told), "payload": str(button["payload"])}
