"""The place a message tells: all of it, to the door, and of several the one that is meant. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.actions.reading import places
from bot.actions.turn import Entity, Turn
from bot.text import romanised

_REGION = ("province", "city", "district")
_TWO = 2
_BETWEEN = 8
"""Characters that may stand between a region and the street in it."""
_WORDS_BETWEEN = 3
"""Words that may stand between a house and the place it lies in: the name of a campus."""
_MAY_BE_CUT = 25
"""Characters from which on a text message may have been cut in two on its way."""


def place(turn: Turn) -> Entity | None:
    """The place told last; one that only goes on with the region named just before it is told in two pieces:
    "深圳南山区 科技园 科苑路 15号"."""
    told = _places(turn)
    if len(told) < _TWO or not all(isinstance(each.get("value"), dict) for each in told[-_TWO:]):
        return told[-1] if told else None
    region, rest = told[-_TWO:]
    if _goes_up(turn, region, rest):
        return {**rest, "start": region["start"]}
    if _is_a_room_of(turn, region, rest):
        return {**rest, "start": region["start"]}
    is_apart = any(rest["value"].get(level) for level in _REGION) or bool(region["value"].get("detail"))
    between = turn.text[region["end"] : rest["start"]]
    is_in_region = not any(rest["value"].get(level) for level in _REGION) and region["value"].get("city")
    if is_in_region and places.is_only_thinking(between):
        return {**rest, "start": region["start"]}
    if is_apart or len(between) > _BETWEEN or re.search(r"[。.!！?？;；]", between):
        return rest
    return {**rest, "start": region["start"]}


def _places(turn: Turn) -> list[Entity]:
    """The places of a message without those where only one of the family is: "儿子在深圳"."""
    told = [each for each in turn.entities if each.get("entity") == "address"]
    here = [each for each in told if _has_street(each) or not places.is_where_another_is(_before(turn, each))]
    elsewhere = [each for each in here if not _has_street(each) and places.is_where_oneself_is(_before(turn, each))]
    return [each for each in here if each not in elsewhere] or here


def _before(turn: Turn, entity: Entity) -> str:
    return turn.text[: int(entity.get("start") or 0)]


def _is_a_room_of(turn: Turn, room: Entity, house: Entity) -> bool:
    """Whether only a room or a block is told before the house, with its name between: "Unit 12, Block 3 at Hua Yuan,
    18 Nanjing Road"."""
    told, between = room["value"], turn.text[room["end"] : house["start"]]
    is_placed = any(told.get(level) for level in (*_REGION, "town", "village"))
    is_room = not is_placed and not places.names_a_street(str(told.get("detail") or ""))
    goes_on = between.isascii() and len(between.split()) <= _WORDS_BETWEEN and not re.search(r"[.!?;]", between)
    return is_room and goes_on


def _goes_up(turn: Turn, house: Entity, region: Entity) -> bool:
    """Whether a house is told before the place it lies in, as English does: "dorm 6 rm 412 sysu guangzhou panyu"."""
    between = turn.text[house["end"] : region["start"]]
    names_a_house = bool(house["value"].get("detail")) and not any(house["value"].get(level) for level in _REGION)
    is_region = bool(region["value"].get("city")) and not region["value"].get("detail")
    return names_a_house and is_region and between.isascii() and len(between.split()) <= _WORDS_BETWEEN


def to_the_door(turn: Turn, entity: Entity, goes_on: Callable[[str], str | None]) -> str | None:
    """The place, with what the customer says behind it to find the house: "沙湾路，老电影院后头"."""
    start, end = entity.get("start"), entity.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not turn.text[start:end].strip():
        return turn.span("address")
    later = [each["start"] for each in turn.entities if each.get("start", 0) >= end]
    behind = turn.text[end : min(later, default=len(turn.text))]
    more = goes_on(behind)
    if more is None and turn.channel == "sms" and len(turn.text) >= _MAY_BE_CUT and not _has_street(entity):
        more = places.cut_short(behind)
    return turn.text[start : end + (behind.index(more) + len(more) if more else 0)].strip()


def _has_street(entity: Entity) -> bool:
    value = entity.get("value")
    return not isinstance(value, dict) or bool(value.get("detail"))


def where_to(turn: Turn) -> str | None:
    """Of several places, the one a heater is moved to."""
    told = {(each["start"], each["end"]): each for each in _places(turn)}
    meant = places.where_to(turn.text, list(told))
    return to_the_door(turn, told[meant], places.landmark) if meant else None


def is_only_left(turn: Turn) -> bool:
    """Whether the one place of a message is a region somebody moves away from: "moving there from Guangzhou"."""
    told = _places(turn)
    return len(told) == 1 and not _has_street(told[0]) and places.is_left(_before(turn, told[0]))


def whole_answer(turn: Turn, entity: Entity, others: tuple[str, ...]) -> str | None:
    """All of an English answer where only its house was found and not the region it names as well: "rm 1203 bldg 5
    vanke city songshan lake dongguan"."""
    is_placed = isinstance(entity.get("value"), dict) and any(entity["value"].get(level) for level in _REGION)
    if is_placed or not turn.text.isascii() or romanised.region(turn.text.lower()) is None:
        return None
    return " ".join(turn.beside(others).split()).strip(" ,.;")
