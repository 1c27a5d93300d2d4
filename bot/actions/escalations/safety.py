"""The approved words for a danger, from data/safety.yaml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

SAFETY = Path(__file__).resolve().parents[3] / "data" / "safety.yaml"


def words(kind: str, language: str, channel: str) -> str:
    """The approved words for a kind of danger; a voice says their short form."""
    texts = _texts("spoken" if channel == "voice" else "texts")
    return texts.get(kind, texts["default"])[language].strip()


@lru_cache(maxsize=2)
def _texts(table: str) -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = yaml.safe_load(SAFETY.read_text("utf-8"))[table]
    return texts
