"""The telephone numbers of one message: the one to call, and what is said of another. Pure."""

from __future__ import annotations

import re
from typing import Any

from bot.actions.reading import people
from bot.actions.turn import Entity, Turn


def _told(turn: Turn) -> tuple[list[Entity], int | None]:
    """The telephone numbers of a message, and which of several is the one to call."""
    told = [each for each in turn.entities if each.get("entity") == "phone"]
    spans = [(each["start"], each["end"]) for each in told]
    return told, people.best_number(turn.text, spans) if len(told) > 1 else None


def to_call(turn: Turn) -> Any:
    """Of several numbers told in one breath, the one to call; the last one where nothing tells them apart."""
    told, meant = _told(turn)
    return told[meant].get("value") if meant is not None else turn.value("phone")


def spare(turn: Turn) -> str | None:
    """What is said of another number beside the one to call: "the front desk is 0898-88881234"."""
    told, meant = _told(turn)
    before = _CLAUSE.split(turn.text[: told[0]["start"]])[-1] if len(told) == 1 else ""
    if people.is_anothers(before) and not people.is_to_use(before):
        words = _CLAUSE.split(turn.text[: told[0]["end"]])[-1].strip()
        return None if _TO_RING.match(words) else words
    if meant is None:
        return None
    other = next(each for place, each in enumerate(told) if place != meant)
    start = max((each["end"] for each in told if each["end"] <= other["start"]), default=0)
    whose = _WHOSE.match(turn.text, other["end"])
    words = turn.text[start : whose.end() if whose else other["end"]]
    clause = max((words.rfind(mark) for mark in ".!?。！？;；"), default=-1) if len(words) > _LONG else -1
    return _JOINT.sub("", words[clause + 1 :]).strip()


_CLAUSE = re.compile(r"[,，。.!！?？;；\n]+|(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")
_TO_RING = re.compile(r"(?:please )?(?:call|ring|phone) (?:him|her|them)\b|(?:please )?打[他她]", re.IGNORECASE)
"""Words before a number that tell nothing of whose it is."""
_WHOSE = re.compile(r"[\s,，]*(?:that'?s|which is|是)\s?[^,，。.;；\d]{1,20}", re.IGNORECASE)
"""Whose a number is, said behind it."""
_LONG = 60
"""Characters of what is said of a number, from which only the last sentence is kept."""
_JOINT = re.compile(r"^[\s,，.。;；]*(?:and|but|or|也|还有|或者?)?[\s,，]*", re.IGNORECASE)
