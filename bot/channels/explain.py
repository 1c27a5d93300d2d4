"""Why the bot answered as it did: for the people who write its examples and rules, never for customers.

The web service does not ask for it; `hotline chat --explain` does, with the token that service and bot share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

_DIALOGUE = Path(__file__).resolve().parents[1] / "dialogue"
_WAITING = "action_listen"


def explanation(tracker: DialogueStateTracker) -> dict[str, Any]:
    """The last turn: `intent`, `confidence`, `ranking`, `entities`, `actions` taken, open `form`, `rules` that fit."""
    said = tracker.latest_message
    parsed: Mapping[str, Any] = said.parse_data if said else {}
    intent = parsed.get("intent") or {}
    actions = actions_taken(tracker.events)
    return {
        "intent": intent.get("name"),
        "confidence": round(float(intent.get("confidence") or 0.0), 4),
        "ranking": [
            {"name": each["name"], "confidence": round(float(each["confidence"]), 4)}
            for each in parsed.get("intent_ranking") or []
        ],
        "entities": [
            {key: entity.get(key) for key in ("entity", "text", "value")} for entity in parsed.get("entities") or []
        ],
        "actions": actions,
        "form": tracker.active_loop_name,
        "rules": rules_for(intent.get("name"), actions),
    }


def actions_taken(events: Iterable[Any]) -> list[str]:
    """Names of the actions since the customer last spoke, in order, without waiting for the customer."""
    taken: list[str] = []
    for event in events:
        if isinstance(event, UserUttered):
            taken = []
        elif isinstance(event, ActionExecuted) and event.action_name and event.action_name != _WAITING:
            taken.append(event.action_name)
    return taken


def rules_for(intent: str | None, actions: Iterable[str]) -> list[str]:
    """Names of the rules that answer this intent by the first action that was taken."""
    first = next(iter(actions), None)
    return [name for name, meant, action in _rules() if meant == intent and action == first]


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[str, str, str], ...]:
    """Each rule's name, an intent it answers and the action that follows it."""
    return tuple(_steps())


def _steps() -> Iterator[tuple[str, str, str]]:
    for file in sorted(_DIALOGUE.glob("*.yml")):
        for rule in yaml.safe_load(file.read_text(encoding="utf-8")).get("rules", []):
            steps = rule["steps"]
            for step, after in pairwise(steps):
                for meant in step.get("or", [step]):
                    if "intent" in meant and "action" in after:
                        yield rule["rule"], meant["intent"], after["action"]
