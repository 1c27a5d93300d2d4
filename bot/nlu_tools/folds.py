"""Cross-validation on the training data: every example judged by a model that never saw it nor its variants."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import yaml

from bot.components.danger import suspicion
from bot.components.examples import SPOKEN_IN_TRAINING, prepare
from bot.components.features import features
from bot.components.linear import LinearModel, train_model
from bot.nlu_tools.scores import HAZARD, OUT_OF_SCOPE, Judged
from bot.text.hazard import hazard
from bot.text.suspicion import is_raised
from bot.text.values import meant, read_values

BOT = Path(__file__).resolve().parents[1]

Example = dict[str, str]


def examples(folder: Path = BOT / "nlu") -> list[Example]:
    """The training data as labelled lines `{"text","intent","language","style"}`; the style is the file's name."""
    found: dict[str, Example] = {}
    for file in sorted(folder.rglob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                text = line.removeprefix("- ").strip()
                if text:
                    example = {"text": text, "intent": block["intent"], "language": file.parent.name}
                    found.setdefault(text, {**example, "style": file.stem})
    return list(found.values())


def settings(config: Path = BOT / "config.yml") -> dict[str, Any]:
    """The intent model's part of the pipeline's configuration."""
    pipeline = yaml.safe_load(config.read_text(encoding="utf-8"))["pipeline"]
    return next(part for part in pipeline if part["name"].endswith(".IntentModel"))


def split(lines: Sequence[Example], folds: int, seed: int = 1) -> list[list[int]]:
    """Indices of each fold; every intent is spread evenly."""
    by_intent: dict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        by_intent[line["intent"]].append(index)
    parts: list[list[int]] = [[] for _ in range(folds)]
    dealt = 0
    for _, indices in sorted(by_intent.items()):
        Random(seed).shuffle(indices)  # noqa: S311 - repeatable shuffling is wanted, not secrecy
        for index in indices:
            parts[dealt % folds].append(index)
            dealt += 1
    return parts


def cross_validate(lines: Sequence[Example], config: Mapping[str, Any], folds: int = 5) -> Iterator[list[Judged]]:
    """One fold after the other, judged by a model of all the others, the safety guard behind it as in production."""
    for held_out in split(lines, folds):
        hidden = set(held_out)
        rest = [line for index, line in enumerate(lines) if index not in hidden]
        model = fit(rest, config)
        yield [Judged(lines[index], read(model, lines[index]["text"], config)) for index in held_out]


def fit(lines: Sequence[Example], config: Mapping[str, Any]) -> LinearModel:
    """Train on lines as the pipeline does."""
    prepared = prepare(
        [line["text"] for line in lines],
        [line["intent"] for line in lines],
        config.get("noise", {}),
        company=float(config.get("company", 0.0)),
        weight=float(config.get("noise_weight", 1.0)),
        seed=int(config.get("seed", 1)),
    )
    strength, seen = float(config["strength"]), int(config.get("seen", 1))
    return train_model(prepared.features, prepared.intents, strength, prepared.weights, seen)


def read(model: LinearModel, text: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """What the pipeline makes of one text, without Rasa around it."""
    started = time.perf_counter()
    entities = read_values(text, SPOKEN_IN_TRAINING)
    likely = model.probabilities(features(text, entities))
    by_intent = dict(zip(model.labels, (float(each) for each in likely), strict=True))
    danger, thought = hazard(text), suspicion(model, text, entities, likely)
    by_intent.pop(HAZARD, None)
    if is_raised(text, danger, thought):
        intent, confidence = HAZARD, 1.0 if danger else max(thought.whole, thought.part)
    else:
        intent, confidence = max(by_intent.items(), key=lambda each: each[1])
        intent = intent if confidence >= float(config.get("floor", 0.0)) else OUT_OF_SCOPE
    entities = meant(entities, text, intent, confidence)
    spent = (time.perf_counter() - started) * 1000
    return {"intent": intent, "confidence": round(confidence, 4), "entities": entities, "ms": spent}
