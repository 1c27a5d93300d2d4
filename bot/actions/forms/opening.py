"""What the words that open a form tell beyond their values. Pure."""

from __future__ import annotations

import re
from typing import Any

from bot.actions.forms import requests
from bot.actions.reading import heater, story, utterance
from bot.actions.turn import Entity, Turn
from bot.text import lexicon

_WHO_AND_WHERE = ("name", "phone", "address")
_BESIDE_A_FAULT = (*_WHO_AND_WHERE, "time", "model", "purchase_date")
_FAULTS = ("symptom", "fault_code")


def told(form: str, turn: Turn) -> dict[str, Any]:
    """Facts in the sentence that opened the form, beyond its entities."""
    if form == "complaint_form":
        matter = story.complaint_in(turn.text)
        return {"complaint_about": story.tidied(turn.beside(("phone",))) or matter} if matter else {}
    if form == "repair_form":
        fault = _clauses_about_the_fault(turn, _faults(turn) or _named(turn))
        rest, is_wanted = turn.beside(_WHO_AND_WHERE), turn.wants("request_repair")
        if not fault and (is_wanted or requests.wished_beside(turn.text) == form):
            fault = story.service_in(rest) or (story.fault_in(turn.text, rest) if is_wanted else None)
        return {"symptom": fault} if fault else {}
    if form == "return_form":
        beside, other = turn.beside(_WHO_AND_WHERE), requests.second_wish(form, turn.text)
        why = story.reason_in(beside.replace(other.text, "") if other else beside) or _clauses_about_the_fault(
            turn, _faults(turn)
        )
        return {"return_reason": story.tidied(why)} if why else {}
    if form == "relocation_form":
        return {"move_what": utterance.kept(turn.text)} if story.says_where_to(turn.text) else {}
    if form == "install_form":
        arrived = heater.delivered(turn.text)
        return {} if arrived is None else {"delivered": arrived}
    return {}


def _end_of(entity: Entity, turn: Turn) -> int:
    """Where the words for a value end: "买的" goes with the "去年" before it."""
    bought = re.match(r"[的]?(?:在\S{1,4})?(?:买|购|装|入手)[的了]?", turn.text[entity["end"] :])
    is_date = entity.get("entity") == "purchase_date"
    return int(entity["end"]) + (bought.end() if bought and is_date else 0)


def _faults(turn: Turn) -> list[story.Span]:
    return [(each["start"], each["end"]) for each in turn.entities if each.get("entity") in _FAULTS]


def _named(turn: Turn) -> list[story.Span]:
    """Faults in words that were taken for another wish, in which they are none: "算了，先修旧的，旧的漏水"."""
    return [(term.start, term.end) for term in lexicon.symptoms(turn.text)]


def _clauses_about_the_fault(turn: Turn, faults: list[story.Span]) -> str | None:
    """What is said about the fault, without the facts that have fields of their own."""
    if turn.value("symptom") == "leak":
        faults = [*faults, *story.where_it_leaks(turn.text)]
    facts = [(each["start"], _end_of(each, turn)) for each in turn.entities if each.get("entity") in _BESIDE_A_FAULT]
    return story.clauses_with(turn.text, faults, facts)
