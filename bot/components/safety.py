"""Danger outranks everything: a reported hazard becomes the intent, whatever the model thought.

The guard (`bot.text.hazard`) knows words, the model knows sentences. What the guard hears is danger. Where it hears
nothing, the model's suspicion is enough; where every word of danger is denied or only asked about, it must be certain.
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

from bot.text.hazard import Hazard, hazard, is_cleared, is_of_the_phone

REPORT_HAZARD = "report_hazard"

SUSPICION = 0.3
"""How likely the model must think a danger that the guard does not hear; measured, see `bot/README.md`."""


CERTAINTY = 0.7
"""How likely the model must think a danger that seems denied, so that it is one all the same: a miss can kill."""


def is_raised(danger: Hazard | None, is_denied: bool, likely: float) -> bool:
    """Whether a message is a report: the guard heard a danger, or the model suspects one that nothing denies, or is
    certain of one."""
    return danger is not None or likely >= (CERTAINTY if is_denied else SUSPICION)


def suspected(text: str, thought: float) -> float:
    """How likely a danger is by the model's thought; of a telephone without power none is."""
    return 0.0 if thought >= SUSPICION and is_of_the_phone(text) else thought


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
            thought = next((each["confidence"] for each in ranking if each["name"] == REPORT_HAZARD), 0.0)
            others = [each for each in ranking if each["name"] != REPORT_HAZARD]
            danger, likely = hazard(text), suspected(text, thought)
            if is_raised(danger, likely >= SUSPICION and is_cleared(text), likely):
                ranking = [{"name": REPORT_HAZARD, "confidence": 1.0 if danger else likely}, *others]
            else:
                ranking = others
            if ranking:
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set("intent_ranking", ranking, add_to_output=True)
            if danger is not None:
                message.set("hazard", asdict(danger), add_to_output=True)
        return messages
