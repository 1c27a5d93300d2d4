"""Danger outranks everything: a reported hazard becomes the intent, whatever the model thought."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.text.hazard import hazard

REPORT_HAZARD = "report_hazard"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SafetyGuard(GraphComponent):
    """Raises a message to `report_hazard` and names the danger in `hazard`; it never lowers one."""

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
            danger = hazard(message.get(TEXT) or "")
            if danger is None:
                continue
            raised = {"name": REPORT_HAZARD, "confidence": 1.0}
            thought = [each for each in message.get("intent_ranking") or [] if each["name"] != REPORT_HAZARD]
            message.set(INTENT, raised, add_to_output=True)
            message.set("intent_ranking", [raised, *thought], add_to_output=True)
            message.set("hazard", asdict(danger), add_to_output=True)
        return messages
