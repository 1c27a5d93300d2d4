"""Values the backend has the last word on: phone, address, time. Each check returns what to do with its answer."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.actions.backend_client import Body, Refused, backend
from bot.actions.phrases import phrase
from bot.actions.reading import dictated, locality, places
from bot.actions.turn import Turn
from bot.text import address_joining, address_latin

_PHONE_REASONS = frozenset(
    {"too_short", "too_long", "letters", "unknown", "premium", "foreign", "short_code", "own_number"}
)
_TIME_REASONS = frozenset({"past", "closed", "too_far"})
_OFFERED = 3
"""Times offered as buttons when the wanted one cannot be had."""


@dataclass(frozen=True)
class Verdict:
    """`value` to keep, or `ask` for what is missing, or `response` with the reason; `draft` is kept either way.
    `goes_on`: a piece was told, so that the same question once more blames nobody."""

    value: Any = None
    ask: str | None = None
    again: str | None = None
    response: str | None = None
    words: dict[str, Any] = field(default_factory=dict)
    draft: Any = None
    goes_on: bool = False

    @property
    def unusable(self) -> bool:
        return self.response is not None


async def phone(value: Any, turn: Turn, draft: Any, _held: Any) -> Verdict:
    """A number told piece by piece is put together; `draft` are its digits so far."""
    is_found = turn.entity("phone") is not None or str(value).startswith("+")
    told = None if is_found else dictated.number(turn.text, str(draft or ""))
    if told and (dictated.is_beginning(told) or (draft and len(told) < dictated.WHOLE)):
        return Verdict(ask="phone_rest", draft=told, goes_on=True)
    try:
        checked = await backend().check_phone(told or str(value))
    except Refused as refusal:
        reason = refusal.code if refusal.code in _PHONE_REASONS else "unknown"
        return Verdict(response=f"utter_phone_{reason}", again="phone_again")
    return Verdict(value=checked["e164"])


async def address(value: Any, turn: Turn, draft: Any, held: Any) -> Verdict:
    """Joins the answer to what is already known of the address, in whichever order the backend can read.

    `held` is a whole address that is being corrected: "不对，是凤翔路15号" keeps its city and district.
    """
    said = address_latin.without_lead_in(str(value.get("raw") or "") if isinstance(value, dict) else str(value))
    said = _SPACED.sub("", places.without_fillers(said))
    attempts = [said]
    if draft:
        attempts = address_joining.readings(str(draft), said)
    elif isinstance(held, dict):
        region = places.above(said, [str(held.get(level) or "") for level in _REGION])
        town = "" if _NAMES_A_TOWN.search(said) else str(held.get("town") or "")
        attempts.append(address_joining.in_latin_place(held, said) or f"{region}{town}{said}")
    best: Body | None = None
    for attempt in attempts:
        try:
            checked = await backend().check_address(attempt, turn.conversation_id)
        except Refused:
            continue
        if checked.get("missing") is None and _names_only_the_region(checked["address"]):
            checked = {**checked, "missing": "detail"}
        if checked.get("missing") is None:
            found = _with_landmark(checked["address"], said)
            return Verdict(value=locality.kept(held, locality.marked({**checked, "address": found}, said)))
        if best is None or _depth(checked) > _depth(best):
            best = {**checked, "text": attempt}
    if best is None:
        is_house = draft is None and said.isascii() and (places.names_a_house(said) or places.names_a_street(said))
        return Verdict(ask="address_city", draft=said) if is_house else Verdict(response=_UNKNOWN_REGION, draft=draft)
    goes_on = _names_more(best["address"], said)
    return _in_own_words(best) or Verdict(ask=f"address_{best['missing']}", draft=best["text"], goes_on=goes_on)


_SPACED = re.compile(r"(?<=\d)\s+(?=[号弄栋幢座单楼层室房])|(?<=[号弄栋幢座元楼层路街巷])\s+(?=\d)")
"""Blanks between the figures of a house and their words: "100 号 3 栋 501"."""
_UNKNOWN_REGION = "utter_address_unknown_region"


def _in_own_words(best: Body) -> Verdict | None:
    """An English place of which only the regions are known, with the house as it was told: "the dormitory of No. 2
    School"; where it is only a street, its number is asked for. None where no house is told."""
    told = address_latin.beside_regions(best["text"]) if best["missing"] == "detail" else None
    if told is None:
        return None
    rest, named = told
    if places.names_a_house(rest):
        return Verdict(value={**best["address"], "raw": f"{rest}, {named}", "detail": rest})
    return Verdict(ask="address_number", draft=best["text"]) if places.names_a_street(rest) else None


def _names_more(found: Body, said: str) -> bool:
    """Whether what was said is the town or the village of an address whose street is still missing."""
    words = said.strip(" 。.,，的")
    return bool(words) and any(str(found.get(level) or "").startswith(words) for level in ("town", "village"))


def _names_only_the_region(found: Body) -> bool:
    """Whether what is left for the street is the city or the district once more: "闵行" told after "上海"."""
    detail = str(found.get("detail") or "").strip()
    return bool(detail) and any(str(found.get(level) or "").startswith(detail) for level in _REGION)


def _with_landmark(found: Body, said: str) -> Body:
    """The address as the backend reads it, with the words behind it that help to find the house."""
    detail = str(found.get("detail") or "")
    at = said.rfind(detail) if detail else -1
    rest = said[at + len(detail) :] if at >= 0 else ""
    behind = places.landmark(rest) or (places.end_of_house(rest) if said.isascii() else None)
    if behind and said.isascii():
        return {**found, "raw": f"{found['raw']}, {behind}", "detail": f"{detail}, {behind}"}
    return {**found, "detail": f"{detail}，{behind}"} if behind else found


_NAMES_A_TOWN = re.compile(r"[\u3400-\u9fff](?:街道|镇|乡|村)")
_REGION = ("province", "city", "district")


def _depth(checked: Body) -> int:
    return {"city": 0, "district": 1, "detail": 2}.get(str(checked.get("missing")), 3)


async def wanted_time(value: Any, turn: Turn, _draft: Any, _held: Any) -> Verdict:
    if not isinstance(value, dict) or not value.get("start"):
        return Verdict(response="utter_not_understood")
    try:
        checked = await backend().check_time(value["start"], value.get("end"))
    except Refused as refusal:
        return _other_times(refusal, turn)
    window = checked["window"]
    return Verdict(value={"start": window["start"], "end": window["end"], "words": checked["words"]})


def _other_times(refusal: Refused, turn: Turn) -> Verdict:
    offers = list(refusal.problem.get("alternatives") or ())[:_OFFERED]
    words = [str(offer["words"][turn.language]) for offer in offers]
    reason = refusal.code if refusal.code in _TIME_REASONS else "closed"
    return Verdict(
        response=f"utter_time_{reason}",
        again="wanted_time_choice",
        words=offered(words, turn.language),
        draft={word: {"start": offer["start"], "end": offer["end"]} for word, offer in zip(words, offers, strict=True)},
    )


def offered(words: list[str], language: str) -> dict[str, Any]:
    """What is said of the times that can be had: a sentence with its buttons."""
    listed = phrase("or", language).join(words)
    choices = phrase("time_choices", language, listed) if words else phrase("time_other", language)
    return {"choices": choices, "buttons": [{"title": word, "payload": word} for word in words]}


Check = Callable[[Any, Turn, Any, Any], Awaitable[Verdict]]
CHECKS: dict[str, Check] = {"phone": phone, "address": address, "wanted_time": wanted_time}
