"""Everything a message says in values: the readers of this library together, without overlaps. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bot.text import address, lexicon, model, name, phone, reported, time_words
from bot.text.guarded import heard_dangers
from bot.text.matter import is_another, speaks_to_us
from bot.text.name_found import Name
from bot.text.normal import normal
from bot.text.part_matter import is_the_matter
from bot.text.time import ALSO, ASKED, GIVEN_UP, PurchaseDate, WantedTime, named_times, purchase_date

ZONE = ZoneInfo("Asia/Shanghai")
Entity = dict[str, Any]

_BUYING = re.compile(r"去年|前年|订单|买|购|用了|入手|bought|purchase|\bgot it\b")
_SPELLED = re.compile(r"[ ,(/]+[A-Za-z '-]+\)?$")
"""How a name in characters is spelled, behind it."""
_CAPITALISED = re.compile(r"[A-Z][a-z'’.-]+[\w'’.-]*(?: [A-Z][\w'’.-]*)*")
_OF_A_NAME = re.compile(r"名字|姓名|登记|户主|联系人|报修人|单号|\bname\b")
_NOT = re.compile(r"(?:不是|不系|\bnot)\s*$", re.IGNORECASE)
_LONGEST_BARE_NAME = 30
_SURE = 0.6
"""Confidence at which an intent decides what a value means."""
_MOST_OF_IT = 0.4
_NO_WISH_FOR_A_TIME = frozenset({"complain", "thank"})
_GIVES_UP_TIMES = frozenset({"reschedule", "cancel_request", "inform", "deny"})
_NO_REPORT_OF_A_FAULT = frozenset(
    {"ask_parts", "ask_status", "request_callback", "reschedule", "cancel_request", "ask_human", "ask_hours", "thank"}
)
"""Who wants one of these names a fault only to say which visit, part or call is meant: "修跳闸那个能不能挪到周六"."""
_DUE_WITHIN = re.compile(r"(?:by|before|b4|within|in)\b", re.IGNORECASE)
_DUE_BEFORE = re.compile(
    r"(?:必须|务必|一定要?|请|拜托|求你们?|让他|让师傅|赶紧|赶快|限你?们?|最迟|最晚|能不能|能否|可以|能|就要|我要|要求|赶在|争取|希望|麻烦)[^,。!?;]{0,3}$"
    r"|\b(?:by|before|b4|no later than|at the latest|can (?:you|he|they|someone)[^,.!?;]{0,24}|need[^,.!?;]{0,24}"
    r"|(?:send|make|get|have)\b[^,.!?;]{0,40}|please[^,.!?;]{0,40}|want[^,.!?;]{0,24}) (?:the )?$"
)
_DUE_AFTER = re.compile(
    r"(?:必须|务必|一定要?|就要|就来|再不来?|能到|能修|给我|能给|要是再|能不能|能否|能来|可以来)|(?:之前|以前|前"
    r"|之内)|(?: at the latest| latest)\b"
)
_CUSTOMER = frozenset({"phone", "name", "ticket_no", "serial_no"})


def read_values(text: str, now: datetime) -> list[Entity]:
    """Everything that `text` says in values, in order of appearance and without overlaps.

    Each is `{"entity", "value", "text", "start", "end"}`; where two readings overlap the more certain one stays.
    """
    kept: list[Entity] = []
    words = normal(text).text
    another, to_us = is_another(words), speaks_to_us(words)
    for entity in _candidates(text, now):
        if another and not (_tells_of_the_customer(entity) or (to_us and entity["entity"] == "time")):
            continue
        if all(entity["end"] <= other["start"] or entity["start"] >= other["end"] for other in kept):
            kept.append(entity)
    return sorted(kept, key=lambda entity: entity["start"])


def is_meant(entity: Mapping[str, Any]) -> bool:
    """Whether an entity is the one that counts: one with a role is a time that stands beside it, one that suits as well
    (`also`), that is given up (`given_up`) or that is only asked about (`asked`)."""
    return not entity.get("role")


def meant(entities: list[Entity], text: str, intent: str, confidence: float) -> list[Entity]:
    """The values that are still values once it is known what is wanted; a doubtful intent takes none away.

    In danger nobody wishes for a time: it tells when it happened. A time in a question about opening hours is the one
    that is asked about, which is told nowhere else; it is no wish, nor is one in a complaint or beside thanks
    ("说好周三来的"), unless it is most of what is said ("下午三点可以吗" may answer "when?"); who presses may name the
    time by which it must be done. What is none of our matters names no time, model or part; who and where stay worth
    knowing, and a fault that the readers found is the heater's: it may be told in words that nobody else would use.
    However doubtful the intent, a time that is given up is told only where one is told as data, a visit is moved,
    called off or turned down.
    """
    if intent not in _GIVES_UP_TIMES:
        entities = [each for each in entities if each.get("role") != GIVEN_UP]
    is_hours = intent == "ask_hours" and confidence >= _SURE
    entities = [each for each in entities if is_hours or each.get("role") != ASKED]
    if confidence < _SURE:
        return entities
    entities = [each for each in entities if _is_the_matter(each, text, intent)]
    if is_hours:
        return [each for each in map(partial(_asked, text), entities) if each]
    if intent == "out_of_scope":
        return [each for each in entities if each["entity"] == "symptom" or _tells_of_the_customer(each)]
    return [each for each in entities if each["entity"] != "time" or _counts(each, text, intent)]


def _is_the_matter(entity: Entity, text: str, intent: str) -> bool:
    """Whether a part, a fault or a danger is what the message is about, not named in passing; all else always is."""
    if entity["entity"] == "product_part":
        return is_the_matter(text, entity["start"], entity["end"], intent)
    if entity["entity"] == "symptom" and intent in _NO_REPORT_OF_A_FAULT:
        return False
    return intent == "report_hazard" or not entity.get("heard")


def _counts(entity: Entity, text: str, intent: str) -> bool:
    """Whether a time is a wish, a date that was agreed or one by which it must be done, with that intent."""
    if intent == "report_hazard":
        return False
    if intent in _NO_WISH_FOR_A_TIME:
        return _is_most(entity, text)
    return intent != "chase" or _is_most(entity, text) or _is_due(entity, text)


def _asked(text: str, entity: Entity) -> Entity | None:
    """A value in a question about hours: the day that is asked about, not a mere part of it ("晚上有人吗")."""
    if entity["entity"] != "time" or (is_meant(entity) and _is_most(entity, text)):
        return entity
    return None if time_words.is_part(normal(entity["text"]).text) else entity | {"role": ASKED}


def _is_due(entity: Entity, text: str) -> bool:
    """Whether who presses names a time by which it must be done: `今晚之前`, `能不能今天就来`, `by Friday`."""
    before, after = normal(text[: entity["start"]]).text, normal(text[entity["end"] :]).text
    is_edge = entity["text"].endswith(("前", "内")) or _DUE_WITHIN.match(entity["text"])
    return bool(is_edge or _DUE_BEFORE.search(before) or _DUE_AFTER.match(after))


def _is_most(entity: Entity, text: str) -> bool:
    return bool(entity["end"] - entity["start"] >= _MOST_OF_IT * len(text.strip()))


def _candidates(text: str, now: datetime) -> Iterator[Entity]:
    """All readings, the most certain first."""
    numbers = _meant(text, phone.find(text))
    for number in numbers:
        yield _entity("phone", number, number.e164)
    codes = [(kind, reader(text)) for kind, reader in (("ticket_no", model.ticket_no), ("serial_no", model.serial_no))]
    for kind, code in codes:
        if code:
            yield _entity(kind, code, code.value)
    places = address.find_all(text)
    for place in places:
        yield _entity("address", place, place.address.levels)
    readable = _blanked(text, [*numbers, *places])
    times = named_times(readable, now, ZONE)
    yield from _wish_and_purchase(times, purchase_date(readable, now.astimezone(ZONE)), text)
    yield from _described(text, beside_data=bool(numbers or places or any(code for _, code in codes)))
    yield from (_time(each) for each in times if each.role in (GIVEN_UP, ASKED))


def _described(text: str, *, beside_data: bool) -> Iterator[Entity]:
    """Which heater, who, what is wrong and with which part; `beside_data`: a number, a code or a place is told too."""
    for kind, code in (("model", model.model(text)), ("fault_code", model.fault_code(text))):
        if code:
            yield _entity(kind, code, code.value)
    for size in model.capacities(text):
        yield _entity("capacity", size, size.value)
    person = name.find(text) or _bare_name(text, told=beside_data or bool(_OF_A_NAME.search(text)))
    faults = reported.symptoms(text)
    if person and not (person.text.isascii() and any(_overlap(person, fault) for fault in faults)):
        further = name.given(text, person)
        yield _entity("name", person, further.value if further else person.value)
        if further:
            yield _entity("name", further, further.value)
    for term in faults:
        yield _entity("symptom", term, term.value)
    if not faults:
        yield from (_entity("symptom", term, term.value) | {"heard": True} for term in heard_dangers(text))
    for part in lexicon.parts(text):
        yield _entity("product_part", part, part.value)


def _overlap(one: Any, other: Any) -> bool:
    return bool(one.start < other.end and other.start < one.end)


def _tells_of_the_customer(entity: Entity) -> bool:
    """Who and where, which is worth knowing even when the matter is none of ours."""
    return entity["entity"] in _CUSTOMER or (entity["entity"] == "address" and bool(entity["value"]["detail"]))


def _entity(kind: str, found: Any, value: Any) -> Entity:
    return {"entity": kind, "value": value, "text": found.text, "start": found.start, "end": found.end}


def _meant(text: str, numbers: list[phone.FoundPhone]) -> list[phone.FoundPhone]:
    """The numbers without one that is corrected in the same breath: `不是138…，是139…`."""
    kept = [number for number in numbers if not _NOT.search(text[: number.start])]
    return kept or numbers


def _blanked(text: str, found: Iterable[Any]) -> str:
    """The text with what is already understood blanked out, so that 六十八号 in an address is no day."""
    for each in found:
        text = text[: each.start] + "。" * (each.end - each.start) + text[each.end :]
    return text


def _wish_and_purchase(times: list[WantedTime], bought: PurchaseDate | None, text: str) -> Iterator[Entity]:
    """The wish for a time, what suits as well, and the date of purchase; the same words are never both."""
    wish = next((each for each in times if not each.role), None)
    if wish and wish.past and len(wish.text) < 0.6 * len(text.strip()):
        wish = None
    overlap = wish and bought and wish.start < bought.end and bought.start < wish.end
    if wish and bought and overlap:
        wish, bought = (None, bought) if wish.past or _BUYING.search(text) else (wish, None)
    if bought:
        yield _entity("purchase_date", bought, bought.value)
    if wish:
        yield _time(wish)
    yield from (_time(each) for each in times if each.role == ALSO)


def _time(told: WantedTime) -> Entity:
    value: dict[str, Any] = {"start": told.opens.isoformat(), "end": told.closes.isoformat()}
    entity = _entity("time", told, value | {"past": True} if told.past else value)
    return entity | {"role": told.role} if told.role else entity


def _bare_name(text: str, *, told: bool) -> Name | None:
    """A name that nothing announces: the whole message, or one part of it when it also tells a phone or an address."""
    if told:
        return name.listed(text)
    if len(text) > _LONGEST_BARE_NAME:
        return None
    found = name.bare(text)
    if found is None or len(found.text) < 2:
        return None
    plain = unicodedata.normalize("NFKC", found.text)
    if plain.isascii():
        return found if _CAPITALISED.fullmatch(plain) else None
    characters = normal(_SPELLED.sub("", plain)).text
    return found if "·" in plain or name.is_probable(characters) or name.find(found.text) else None
