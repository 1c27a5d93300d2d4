"""Fragments of speech for values that an action has to put together, read from `bot/domain`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

DOMAIN = Path(__file__).resolve().parents[1] / "domain"


@lru_cache(maxsize=1)
def _responses() -> dict[tuple[str, str], str]:
    """(phrase, language) → text, for the responses named `utter_phrase_…`."""
    domain = yaml.safe_load((DOMAIN / "phrases.yml").read_text("utf-8"))
    responses: dict[str, list[dict[str, Any]]] = domain["responses"]
    return {
        (name.removeprefix("utter_phrase_"), variation["condition"][0]["value"]): variation["text"]
        for name, variations in responses.items()
        for variation in variations
    }


def phrase(name: str, language: str, value: str = "") -> str:
    """The fragment `name` in `language`, with `{value}` filled in literally."""
    return _responses()[name, language].replace("{value}", value)


def joined(parts: list[str], channel: str, language: str) -> str:
    """Lines for a screen, one flowing sentence for a text message or a voice."""
    if channel == "web":
        return "\n".join(parts)
    return ("；" if language == "zh" else "; ").join(parts)
