"""What the customer wants: the linear model of `linear.py` as a component of Rasa's graph."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.danger import suspicion
from bot.components.examples import SPOKEN_IN_TRAINING, prepare
from bot.components.features import features
from bot.components.linear import LinearModel, train_model

__all__ = ["SPOKEN_IN_TRAINING", "IntentModel", "LinearModel", "train_model"]

SUSPICION = "suspicion"
"""Under this name a message carries the model's suspicion of danger to the guard behind it."""

RANKED = 5
"""How many intents are reported in `intent_ranking`."""


def ranking(model: LinearModel, likely: np.ndarray, floor: float) -> list[dict[str, Any]]:
    """The likeliest intents with their probabilities; below `floor` the first is `out_of_scope`."""
    order = np.argsort(likely)[::-1][:RANKED]
    ranked = [{"name": model.labels[index], "confidence": float(likely[index])} for index in order]
    if ranked[0]["confidence"] < floor and ranked[0]["name"] != "out_of_scope":
        # No more sure than before: a form, which has asked for odd words itself, must not be interrupted by this.
        ranked.insert(0, {"name": "out_of_scope", "confidence": ranked[0]["confidence"]})
    return ranked


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentModel(GraphComponent, IntentClassifier):
    """Sets intent, ranking and the suspicion of danger.

    `strength`: inverse regularisation. `floor`: below it nothing is understood. `noise`: how many noisy variants of
    each kind an example gets in training (`augment.KINDS`), `company`: the share of wishes said once more beside data
    or politeness, `noise_weight`: how much all these count beside an example, `seed`: which ones. `seen`: features of
    fewer training rows are left out.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"strength": 30.0, "floor": 0.0, "noise": {}, "company": 0.0, "noise_weight": 1.0, "seed": 1, "seen": 1}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: LinearModel | None = None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentModel:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        messages = [message for message in training_data.intent_examples if message.get(TEXT)]
        examples = prepare(
            [message.get(TEXT) for message in messages],
            [message.get(INTENT) for message in messages],
            self._config["noise"],
            company=float(self._config["company"]),
            weight=float(self._config["noise_weight"]),
            seed=int(self._config["seed"]),
        )
        self._model = train_model(
            examples.features,
            examples.intents,
            float(self._config["strength"]),
            examples.weights,
            int(self._config["seen"]),
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentModel:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearModel.load(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        if self._model is None:
            raise RuntimeError("the intent model has not been trained")
        for message in messages:
            text, entities = message.get(TEXT) or "", message.get(ENTITIES) or []
            likely = self._model.probabilities(features(text, entities))
            message.set(SUSPICION, suspicion(self._model, text, entities, likely))
            ranked = ranking(self._model, likely, float(self._config["floor"]))
            message.set(INTENT, ranked[0], add_to_output=True)
            message.set("intent_ranking", ranked, add_to_output=True)
        return messages
