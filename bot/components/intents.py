"""What the customer wants: a linear model over character n-grams, trained by scikit-learn, run with NumPy alone."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
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

from bot.components.features import BLOCKS, features
from bot.components.values import ZONE, read_values

SPOKEN_IN_TRAINING = datetime(2026, 11, 24, 10, 20, tzinfo=ZONE)
"""The examples are read as if spoken then, so that training twice gives the same model."""

RANKED = 5
"""How many intents are reported in `intent_ranking`."""


class LinearModel:
    """One logistic regression for each label against the rest; `weights` has a row for each feature."""

    def __init__(
        self,
        labels: Sequence[str],
        vocabulary: Mapping[str, int],
        idf: np.ndarray,
        weights: np.ndarray,
        bias: np.ndarray,
    ) -> None:
        self.labels = list(labels)
        self.vocabulary = dict(vocabulary)
        self.idf = idf
        self.weights = weights
        self.bias = bias

    def probabilities(self, counts: Counter[str]) -> np.ndarray:
        """One probability for each label."""
        columns, values = vector(counts, self.vocabulary, self.idf)
        scores = values @ self.weights[columns] + self.bias
        chances: np.ndarray = 1.0 / (1.0 + np.exp(-scores))
        return chances / chances.sum()


def vector(counts: Counter[str], vocabulary: Mapping[str, int], idf: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns and TF-IDF values (1 + log of the count) of the known features, each block as long as its weight."""
    known = [(vocabulary[feature], count, feature[0]) for feature, count in counts.items() if feature in vocabulary]
    columns = np.array([column for column, _, _ in known], dtype=np.int32)
    values = np.array([1 + math.log(count) for _, count, _ in known], dtype=np.float32)
    blocks = np.array([block for _, _, block in known], dtype="U1")
    values = values * idf[columns]
    for block, weight in BLOCKS.items():
        chosen = blocks == block
        length = float(np.linalg.norm(values[chosen]))
        if length:
            values[chosen] *= weight / length
    return columns, values


def train_model(examples: Sequence[Counter[str]], intents: Sequence[str], strength: float) -> LinearModel:
    """Fit the regressions; `strength` is the inverse of their regularisation."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - training alone needs these, the server starts without
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    documents: Counter[str] = Counter()
    for counts in examples:
        documents.update(counts.keys())
    vocabulary = {feature: column for column, feature in enumerate(sorted(documents))}
    total = len(examples)
    idf = np.array([math.log((1 + total) / (1 + documents[feature])) + 1 for feature in vocabulary], dtype=np.float32)
    rows = [vector(counts, vocabulary, idf) for counts in examples]
    matrix = csr_matrix(
        (
            np.concatenate([values for _, values in rows]),
            np.concatenate([columns for columns, _ in rows]),
            np.cumsum([0] + [len(columns) for columns, _ in rows]),
        ),
        shape=(total, len(vocabulary)),
    )
    classifier = LogisticRegression(C=strength, solver="liblinear", class_weight="balanced").fit(matrix, intents)
    return LinearModel(
        [str(label) for label in classifier.classes_],
        vocabulary,
        idf,
        np.ascontiguousarray(classifier.coef_.T, dtype=np.float32),
        classifier.intercept_.astype(np.float32),
    )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentModel(GraphComponent, IntentClassifier):
    """Sets intent and ranking. `strength`: inverse regularisation; below `floor` nothing is understood."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"strength": 30.0, "floor": 0.0}

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
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        self._model = train_model(
            [features(message.get(TEXT), read_values(message.get(TEXT), SPOKEN_IN_TRAINING)) for message in examples],
            [message.get(INTENT) for message in examples],
            float(self._config["strength"]),
        )
        self._persist(self._model)
        return self._resource

    def _persist(self, model: LinearModel) -> None:
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / "weights.npz", idf=model.idf, weights=model.weights, bias=model.bias)
            described = {"labels": model.labels, "features": list(model.vocabulary)}
            (folder / "model.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")

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
            described = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
                vocabulary = {feature: column for column, feature in enumerate(described["features"])}
                model = LinearModel(described["labels"], vocabulary, arrays["idf"], arrays["weights"], arrays["bias"])
        return cls(config, model_storage, resource, model)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._ranking(message)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        if self._model is None:
            raise RuntimeError("the intent model has not been trained")
        likely = self._model.probabilities(features(message.get(TEXT) or "", message.get(ENTITIES) or []))
        order = np.argsort(likely)[::-1][:RANKED]
        ranking = [{"name": self._model.labels[index], "confidence": float(likely[index])} for index in order]
        if ranking[0]["confidence"] < float(self._config["floor"]):
            # No more sure than before: a form, which has asked for odd words itself, must not be interrupted by this.
            ranking.insert(0, {"name": "out_of_scope", "confidence": ranking[0]["confidence"]})
        return ranking
