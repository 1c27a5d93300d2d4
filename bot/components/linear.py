"""A linear model over features: trained by scikit-learn, run with NumPy alone. Knows nothing of Rasa."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from bot.components.features import BLOCKS

_TOLERANCE = 1e-2
"""Of the solver; a hundred times finer changes no figure of the report and takes nearly twice as long."""

_THREADS = 2


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

    def save(self, folder: Path) -> None:
        """Write the model into an existing folder."""
        np.savez(folder / "weights.npz", idf=self.idf, weights=self.weights, bias=self.bias)
        described = {"labels": self.labels, "features": list(self.vocabulary)}
        (folder / "model.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Read what `save` wrote."""
        described = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        vocabulary = {feature: column for column, feature in enumerate(described["features"])}
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            return cls(described["labels"], vocabulary, arrays["idf"], arrays["weights"], arrays["bias"])


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


def train_model(
    examples: Sequence[Counter[str]],
    intents: Sequence[str],
    strength: float,
    weights: Sequence[float] | None = None,
    seen: int = 1,
) -> LinearModel:
    """Fit the regressions.

    `strength`: inverse of the regularisation; `weights`: how much each example counts; `seen`: features of fewer
    examples are left out. The solver makes no random choice here: the same examples give the same model.
    """
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - training alone needs it, the server starts without

    documents: Counter[str] = Counter()
    for counts in examples:
        documents.update(counts.keys())
    kept = sorted(feature for feature, count in documents.items() if count >= seen)
    vocabulary = {feature: column for column, feature in enumerate(kept)}
    total = len(examples)
    idf = np.array([math.log((1 + total) / (1 + documents[feature])) + 1 for feature in kept], dtype=np.float32)
    rows = [vector(counts, vocabulary, idf) for counts in examples]
    matrix = csr_matrix(
        (
            np.concatenate([values for _, values in rows]),
            np.concatenate([columns for columns, _ in rows]),
            np.cumsum([0] + [len(columns) for columns, _ in rows]),
        ),
        shape=(total, len(vocabulary)),
    )
    labels = sorted(set(intents))
    counted = np.ones(total) if weights is None else np.asarray(weights)
    fits = _one_against_rest(matrix, np.asarray(intents), labels, strength, counted)
    return LinearModel(
        labels,
        vocabulary,
        idf,
        np.ascontiguousarray(np.stack([slopes for slopes, _ in fits], axis=1), dtype=np.float32),
        np.array([bias for _, bias in fits], dtype=np.float32),
    )


def _one_against_rest(
    matrix: Any, intents: np.ndarray, labels: Sequence[str], strength: float, weights: np.ndarray
) -> list[tuple[np.ndarray, float]]:
    """Slopes and bias of each label's regression; a rare label's rows count more, by the root of its rarity.

    The solver runs outside Python.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - training alone needs it

    def fit(label: str) -> tuple[np.ndarray, float]:
        is_label = intents == label
        rarity = math.sqrt(len(intents) / (len(labels) * is_label.sum()))
        solver = LogisticRegression(C=strength, solver="liblinear", tol=_TOLERANCE, random_state=0)
        solver.fit(matrix, is_label, sample_weight=np.where(is_label, rarity, 1.0) * weights)
        return solver.coef_[0], float(solver.intercept_[0])

    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(fit, labels))
