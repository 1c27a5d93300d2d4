"""Entities of a message: verbatim spans with their normal forms, found by the deterministic readers of `bot.text`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.text.values import ZONE, meant, read_values

__all__ = ["ZONE", "ValueExtractor", "ValueFilter", "read_values", "spoken_now"]


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


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ValueFilter(GraphComponent, EntityExtractorMixin):
    """Stands behind the intent and takes away the values that are none in it."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ValueFilter:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            intent, text = message.get(INTENT) or {}, message.get(TEXT) or ""
            entities = message.get(ENTITIES) or []
            kept = meant(entities, text, str(intent.get("name")), float(intent.get("confidence") or 0.0))
            message.set(ENTITIES, kept, add_to_output=True)
        return messages
