"""The sheet a form fills in during one turn: a copy of the slots that remembers what has changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Sheet:
    """`draft` holds what a field has so far (an address without its street), `tries` how often its answer failed."""

    def __init__(self, slots: Mapping[str, Any]) -> None:
        self.values: dict[str, Any] = dict(slots)
        self.changed: dict[str, Any] = {}

    def get(self, slot: str) -> Any:
        return self.values.get(slot)

    def set(self, slot: str, value: Any) -> None:
        self.values[slot] = value
        self.changed[slot] = value

    @property
    def draft(self) -> dict[str, Any]:
        return self.values.get("draft") or {}

    def keep(self, field: str, value: Any) -> None:
        """Keep the beginning of a value in the draft; None takes it out."""
        draft = {key: kept for key, kept in self.draft.items() if key != field}
        if value is not None:
            draft[field] = value
        if draft != self.draft:
            self.set("draft", draft)

    def count(self, field: str) -> int:
        """One more failed answer; how many that are."""
        self.set("tries", {**(self.values.get("tries") or {}), field: self.tries(field) + 1})
        return self.tries(field)

    def tries(self, field: str) -> int:
        return int((self.values.get("tries") or {}).get(field, 0))
