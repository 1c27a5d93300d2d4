"""Figures over judged lines: intents, danger, out of scope, entities, speed. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

HAZARD = "report_hazard"
OUT_OF_SCOPE = "out_of_scope"

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Judged:
    """A labelled line beside what the model made of it (`intent`, `confidence`, `entities`, `ms`)."""

    line: Line
    result: Line

    @property
    def right(self) -> bool:
        """Whether the intent is the one of the label."""
        return bool(self.line["intent"] == self.result["intent"])


@dataclass(frozen=True)
class Score:
    """Hits among what was wanted and what was given."""

    hits: int = 0
    wanted: int = 0
    given: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.hits + other.hits, self.wanted + other.wanted, self.given + other.given)

    @property
    def precision(self) -> float:
        """Share of the given that was wanted; 0 when nothing was given."""
        return self.hits / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        """Share of the wanted that was given; 0 when nothing was wanted."""
        return self.hits / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.hits / (self.wanted + self.given) if self.hits else 0.0


def judge(lines: Iterable[Line], read: Callable[[str], Line]) -> list[Judged]:
    """Read every line; the first few are read twice, so that no timing counts the loading of a dictionary."""
    lines = list(lines)
    for line in lines[:5]:
        read(line["text"])
    return [Judged(line, read(line["text"])) for line in lines]


def accuracy(judged: Sequence[Judged]) -> float:
    """Share of right intents."""
    return sum(each.right for each in judged) / len(judged) if judged else 0.0


def danger_misses(judged: Iterable[Judged]) -> list[Judged]:
    """Reported dangers that were not understood as such."""
    return [each for each in judged if each.line["intent"] == HAZARD and not each.right]


def false_alarms(judged: Iterable[Judged]) -> list[Judged]:
    """Harmless messages that were taken for danger."""
    return [each for each in judged if each.line["intent"] != HAZARD and each.result["intent"] == HAZARD]


def intent_score(judged: Iterable[Judged], intent: str) -> Score:
    """Precision and recall of one intent."""
    pairs = [(each.line["intent"] == intent, each.result["intent"] == intent) for each in judged]
    return Score(sum(a and b for a, b in pairs), sum(a for a, _ in pairs), sum(b for _, b in pairs))


def groups(judged: Iterable[Judged], field: str) -> dict[str, list[Judged]]:
    """The lines by a field of the label (`style`, `language`, `intent`), the worst understood group first."""
    found: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        found[str(each.line.get(field, "?"))].append(each)
    return dict(sorted(found.items(), key=lambda item: (accuracy(item[1]), item[0])))


def mistakes(judged: Iterable[Judged]) -> list[Judged]:
    """Wrong lines, the surest mistake first."""
    return sorted((each for each in judged if not each.right), key=lambda each: -float(each.result["confidence"]))


def confusions(judged: Iterable[Judged]) -> Counter[tuple[str, str]]:
    """How often (meant, understood), right ones included."""
    return Counter((str(each.line["intent"]), str(each.result["intent"])) for each in judged)


def entity_scores(judged: Iterable[Judged], *, with_values: bool = False) -> dict[str, Score]:
    """The score of each kind of entity on the annotated lines, by exact words.

    `with_values`: a hit must have the right normal form too, where the label gives one.
    """
    scores: dict[str, Score] = defaultdict(Score)
    for each in judged:
        if "entities" not in each.line:
            continue
        wanted, given = list(each.line["entities"]), list(each.result["entities"])
        for entity in wanted:
            match = next((found for found in given if _same(entity, found, with_values=with_values)), None)
            if match is not None:
                given.remove(match)
            scores[entity["entity"]] += Score(hits=int(match is not None), wanted=1, given=int(match is not None))
        for entity in given:
            scores[entity["entity"]] += Score(given=1)
    return dict(sorted(scores.items()))


def entity_errors(judged: Iterable[Judged]) -> Counter[tuple[str, str, str]]:
    """How the words of entities go wrong, by (kind, error, intent of the line).

    Errors: `cut otherwise` (one of the kind, with more or fewer of the words), `missed`, `not wanted`.
    """
    errors: Counter[tuple[str, str, str]] = Counter()
    for each in judged:
        given = list(each.result["entities"])
        unmet = []
        for entity in each.line.get("entities", ()):
            match = next((found for found in given if _same(entity, found, with_values=False)), None)
            if match is None:
                unmet.append(entity)
            else:
                given.remove(match)
        for entity in unmet:
            near = next((found for found in given if _overlap(entity, found)), None)
            errors[entity["entity"], "missed" if near is None else "cut otherwise", each.line["intent"]] += 1
            if near is not None:
                given.remove(near)
        if "entities" in each.line:
            errors.update((found["entity"], "not wanted", each.line["intent"]) for found in given)
    return errors


def _overlap(wanted: Line, found: Line) -> bool:
    """Whether two entities are one kind and one holds the words of the other."""
    within = wanted["text"] in found["text"] or found["text"] in wanted["text"]
    return bool(wanted["entity"] == found["entity"] and within)


def _same(wanted: Line, found: Line, *, with_values: bool) -> bool:
    if (wanted["entity"], wanted["text"]) != (found["entity"], found["text"]):
        return False
    if "start" in wanted and wanted["start"] != found["start"]:
        return False
    return not with_values or wanted.get("value") is None or same_value(wanted["value"], found.get("value"))


def same_value(wanted: Any, found: Any) -> bool:
    """Whether two normal forms say the same: instants in any zone, 60 or "60L", an address by the levels asked for."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(same_value(value, found.get(key)) for key, value in wanted.items())
    return _comparable(wanted) == _comparable(found)


def _comparable(value: Any) -> str:
    text = str(value).strip()
    if "T" in text and text[:4].isdigit():
        return datetime.fromisoformat(text).astimezone().isoformat()
    return re.sub(r"(?<=\d)\s?(?:l|升)$", "", text.lower())


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0…1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """The figures by name, for programs; shares are 0…1, times in milliseconds."""
    spent = [float(each.result["ms"]) for each in judged if "ms" in each.result]
    strange = intent_score(judged, OUT_OF_SCOPE)
    spans, values = (
        sum(entity_scores(judged, with_values=with_values).values(), Score()) for with_values in (False, True)
    )
    return {
        "lines": len(judged),
        "accuracy": accuracy(judged),
        "missed": len(danger_misses(judged)),
        "false_alarms": len(false_alarms(judged)),
        "out_of_scope_recall": strange.recall,
        "entity_f1": spans.f1,
        "entity_value_f1": values.f1,
        "p50_ms": percentile(spent, 0.5),
        "p95_ms": percentile(spent, 0.95),
        **{
            f"by_{field}": {name: accuracy(members) for name, members in groups(judged, field).items()}
            for field in ("style", "language", "intent")
        },
    }
