"""The words for days and parts of the day that `data/lexicon/times.yaml` lists. Pure."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).resolve().parents[2] / "data" / "lexicon" / "times.yaml"


def days() -> dict[str, int]:
    """The words for a day, each with how many days from today it is."""
    return {word: ahead for ahead, words in _listed()["days"].items() for word in words}


def parts() -> dict[str, tuple[int, int]]:
    """The words for a part of the day, each with the hours between which it lies."""
    return {word: (row["hours"][0], row["hours"][1]) for row in _listed()["parts"] for word in row["words"]}


def is_part(words: str) -> bool:
    """Whether the words are a part of the day and nothing else."""
    return words in parts()


def alternatives(words: list[str]) -> str:
    """The words as alternatives of a pattern, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


@lru_cache(maxsize=1)
def _listed() -> dict[str, Any]:
    listed: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return listed
