"""The read-back: what will be saved, in the customer's words and language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import phonenumbers

from bot.actions.forms.fields import ANY_TIME, NONE, UNKNOWN, Form
from bot.actions.phrases import joined, phrase
from bot.actions.reading.utterance import says_nothing
from bot.actions.turn import Turn

_BY_EAR = ("name", "phone", "address", "ticket_no", "wanted_time")
"""What a voice reads back: what is easily misheard and dear to mend once somebody has set out. The rest would tire."""


def read_back(form: Form, slots: dict[str, Any], turn: Turn) -> str:
    """Lines for a screen, one sentence for a text message, the facts that matter for a voice; extras included."""
    lines = []
    for field in form.takes:
        value = slots.get(field)
        if value is None and field == "model" and slots.get("capacity"):
            value = UNKNOWN
        if value is None or (isinstance(value, str) and says_nothing(value)):
            continue
        if value == NONE and field == "wanted":
            continue  # nothing was asked for
        if turn.channel != "web" and value in (UNKNOWN, NONE):
            continue  # a text message is short
        if turn.channel == "voice" and field not in _BY_EAR:
            continue
        name = "remark" if field == "wanted" and form.is_visited else field
        lines.append(phrase(name, turn.language, words_of(field, value, slots, turn.language)))
    return joined(lines, turn.channel, turn.language)


def words_of(field: str, value: Any, slots: dict[str, Any], language: str) -> str:
    """A field's value as it is read back."""
    if field == "model":
        known = [str(part) for part in (value if value != UNKNOWN else None, slots.get("capacity")) if part]
        return " ".join(dict.fromkeys(known)) or phrase("unknown", language)
    if field == "symptom" and (code := slots.get("fault_code")) and code not in str(value).upper():
        return f"{value} ({code})"
    if isinstance(value, bool):
        return phrase("yes" if value else "no", language)
    if isinstance(value, str) and value in _PHRASES:
        return phrase(_PHRASES[value], language)
    if field == "wanted_time":
        return str(value["words"][language])
    return _SPOKEN.get(field, str)(value)


def spoken_phone(e164: str) -> str:
    """138 0013 8000: mainland mobiles in the groups people check them in; others as they are dialled."""
    local = e164.removeprefix("+86")
    if len(local) == 11 and local.startswith("1"):
        return f"{local[:3]} {local[3:7]} {local[7:]}"
    national = phonenumbers.PhoneNumberFormat.NATIONAL
    return phonenumbers.format_number(phonenumbers.parse(e164), national) if e164.startswith("+86") else e164


def spoken_address(address: Any) -> str:
    if not isinstance(address, dict):
        return str(address)
    levels = [address.get(level) for level in ("province", "city", "district", "town", "village", "detail")]
    named = list(dict.fromkeys(str(level) for level in levels if level))
    raw = str(address.get("raw") or "")
    if any(level.isascii() for level in named):
        return raw or ", ".join(reversed(named))
    return "".join(named) or raw


_PHRASES = {UNKNOWN: "unknown", NONE: "none", ANY_TIME: "any_time"}
_SPOKEN: dict[str, Callable[[Any], str]] = {"phone": spoken_phone, "address": spoken_address}
