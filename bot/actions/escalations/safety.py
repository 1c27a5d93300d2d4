"""The approved words for a danger, from data/safety.yaml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

SAFETY = Path(__file__).resolve().parents[3] / "data" / "safety.yaml"


def words(kind: str, language: str) -> str:
    """The approved words for a kind of danger."""
    texts = _texts()
    return texts.get(kind, texts["default"])[language].strip()


@lru_cache(maxsize=1)
def _texts() -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = yaml.safe_load(SAFETY.read_text("utf-8"))["texts"]
    return texts
