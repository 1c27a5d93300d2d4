"""Whether a message puts right what a saved ticket holds. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bot.actions.forms import fields
from bot.actions.forms.fields import FORMS
from bot.actions.forms.summary import spoken_address
from bot.actions.reading import corrections, story
from bot.actions.turn import Turn
from bot.text import address_latin


def amends(turn: Turn, held: Mapping[str, Any], but: Collection[str] = ()) -> bool:
    """Whether a message puts right what a saved ticket `held` of its customer: who, which number, where, which heater;
    facts `but` those that the form under way asks for itself; or what whoever comes should know."""
    told = [field for field in FORMS["amend_form"].optional if field not in (*but, "wanted")]
    if "wanted" not in but and story.remark_for_the_visit(turn.text):
        return True
    if any(fields.volunteered(field, turn) not in (None, fields.UNKNOWN, held.get(field)) for field in told):
        return True
    if turn.intent == "correct" and corrections.field_named(turn.text, tuple(told)):
        return True
    if "phone" in told and corrections.phone_with_new_end(turn.text, held.get("phone")):
        return True
    name, address = (held.get(field) if field in told else None for field in ("name", "address"))
    if name and corrections.replaced_in(turn.text, name) is not None:
        return True
    return bool(address) and _puts_right(turn.text, spoken_address(address))


def _puts_right(text: str, place: str) -> bool:
    return (corrections.replaced_in(text, place) or address_latin.with_street_number(place, text)) is not None
