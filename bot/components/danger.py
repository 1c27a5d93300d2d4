"""How likely the intent model thinks a danger, in a message and in its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.components.features import features
from bot.components.linear import LinearModel
from bot.text.hazard import hazard
from bot.text.parts import Place, clauses, sentences
from bot.text.suspicion import DISBELIEF, Suspicion

REPORT_HAZARD = "report_hazard"


def suspicion(
    model: LinearModel, text: str, entities: Sequence[Mapping[str, Any]], likely: Sequence[float]
) -> Suspicion:
    """The model's suspicion of `text`, of which it thinks its labels `likely`, and of the likeliest part.

    A model that was taught no danger doubts none.
    """
    if REPORT_HAZARD not in model.labels:
        return Suspicion(0.0, DISBELIEF)
    label = model.labels.index(REPORT_HAZARD)
    places = clauses(text) if hazard(text) is not None else sentences(text)
    parts = (model.probabilities(features(text[slice(*place)], _within(entities, place)))[label] for place in places)
    return Suspicion(float(likely[label]), float(max(parts, default=0.0)))


def _within(entities: Sequence[Mapping[str, Any]], place: Place) -> list[Mapping[str, Any]]:
    """The values that stand in this part, counted from its beginning."""
    start, end = place
    return [
        {**entity, "start": entity["start"] - start, "end": entity["end"] - start}
        for entity in entities
        if start <= entity["start"] and entity["end"] <= end
    ]
