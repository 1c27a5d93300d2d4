"""Danger outranks everything: a reported hazard becomes the intent, whatever else the model thought.

The rule is `bot.text.suspicion`: what the guard hears and what the model suspects.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.danger import REPORT_HAZARD
from bot.components.intents import SUSPICION
from bot.text.hazard import hazard
from bot.text.suspicion import DISBELIEF, Suspicion, is_raised


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SafetyGuard(GraphComponent):
    """Decides whether a message is a `report_hazard` and names the danger in `hazard`."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SafetyGuard:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            ranking = message.get("intent_ranking") or []
            likely = next((each["confidence"] for each in ranking if each["name"] == REPORT_HAZARD), 0.0)
            thought = message.get(SUSPICION) or Suspicion(likely, DISBELIEF)  # no other classifier reads the parts
            others = [each for each in ranking if each["name"] != REPORT_HAZARD]
            danger = hazard(text)
            is_danger = is_raised(text, danger, thought)
            if is_danger:
                sure = 1.0 if danger else max(thought.whole, thought.part)
                ranking = [{"name": REPORT_HAZARD, "confidence": sure}, *others]
            else:
                ranking = others
            if ranking:
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set("intent_ranking", ranking, add_to_output=True)
            if danger is not None and is_danger:
                message.set("hazard", asdict(danger), add_to_output=True)
        return messages
