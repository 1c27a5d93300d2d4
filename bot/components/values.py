"""Entities of a message: verbatim spans with their normal forms, found by the deterministic readers of `bot.text`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.text import address, lexicon, model, name, phone
from bot.text.time import PurchaseDate, WantedTime, purchase_date, wanted_time

ZONE = ZoneInfo("Asia/Shanghai")
Entity = dict[str, Any]

_BUYING = re.compile(r"买|购|用了|入手|bought|purchase|\bgot it\b")
_CAPITALISED = re.compile(r"[A-Z][a-z'’.-]+[\w'’.-]*(?: [A-Z][\w'’.-]*)*")
_LONGEST_BARE_NAME = 30


def read_values(text: str, now: datetime) -> list[Entity]:
    """Everything that `text` says in values, in order of appearance and without overlaps.

    Each is `{"entity", "value", "text", "start", "end"}`; where two readings overlap the more certain one stays.
    """
    kept: list[Entity] = []
    for entity in _candidates(text, now):
        if all(entity["end"] <= other["start"] or entity["start"] >= other["end"] for other in kept):
            kept.append(entity)
    return sorted(kept, key=lambda entity: entity["start"])


def _candidates(text: str, now: datetime) -> Iterator[Entity]:
    """All readings, the most certain first."""
    for number in phone.find(text):
        yield _entity("phone", number, number.e164)
    for kind, reader in (("ticket_no", model.ticket_no), ("serial_no", model.serial_no)):
        code = reader(text)
        if code:
            yield _entity(kind, code, code.value)
    place = address.find(text)
    if place:
        yield _entity("address", place, place.address.levels)
    yield from _times(text, now)
    for kind, reader in (("model", model.model), ("capacity", model.capacity), ("fault_code", model.fault_code)):
        code = reader(text)
        if code:
            yield _entity(kind, code, code.value)
    person = name.find(text) or _bare_name(text)
    if person:
        yield _entity("name", person, person.value)
    for term in lexicon.symptoms(text):
        yield _entity("symptom", term, term.value)
    for part in lexicon.parts(text):
        yield _entity("product_part", part, part.value)


def _entity(kind: str, found: Any, value: Any) -> Entity:
    return {"entity": kind, "value": value, "text": found.text, "start": found.start, "end": found.end}


def _times(text: str, now: datetime) -> Iterator[Entity]:
    """The wish for a time and the date of purchase; the same words are never both."""
    wish, bought = wanted_time(text, now, ZONE), purchase_date(text, now.astimezone(ZONE))
    if wish and wish.past and len(wish.text) < 0.6 * len(text.strip()):
        wish = None
    overlap = wish and bought and wish.start < bought.end and bought.start < wish.end
    if wish and bought and overlap:
        wish, bought = (None, bought) if wish.past or _BUYING.search(text) else (wish, None)
    yield from _time_entities(wish, bought)


def _time_entities(wish: WantedTime | None, bought: PurchaseDate | None) -> Iterator[Entity]:
    if bought:
        yield _entity("purchase_date", bought, bought.value)
    if wish:
        value: dict[str, Any] = {"start": wish.opens.isoformat(), "end": wish.closes.isoformat()}
        if wish.past:
            value["past"] = True
        yield _entity("time", wish, value)


def _bare_name(text: str) -> name.Name | None:
    """A message that is nothing but a name; Latin ones must be capitalised, single surnames are left to the form."""
    if len(text) > _LONGEST_BARE_NAME:
        return None
    found = name.bare(text)
    if found is None or len(found.text) < 2:
        return None
    plain = unicodedata.normalize("NFKC", found.text)
    if plain.isascii() and not _CAPITALISED.fullmatch(plain):
        return None
    return found


def spoken_now(metadata: Any) -> datetime:
    """The instant of the turn: the caller's `now` (the demo clock travels with the message), else the real one."""
    given = metadata.get("now") if isinstance(metadata, dict) else None
    if given:
        try:
            now = datetime.fromisoformat(str(given))
        except ValueError:
            return datetime.now(ZONE)
        return now if now.tzinfo else now.replace(tzinfo=ZONE)
    return datetime.now(ZONE)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ValueExtractor(GraphComponent, EntityExtractorMixin):
    """Sets the entities of every message; a leading `/` is made harmless first, customers give no commands."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ValueExtractor:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            if text.lstrip().startswith("/"):
                message.set(TEXT, text.replace("/", "／", 1), add_to_output=True)
            message.set(ENTITIES, read_values(text, spoken_now(message.get(METADATA))), add_to_output=True)
        return messages
