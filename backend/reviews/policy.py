"""The reviews' numbers in `data/limits.yaml`, and `data/intents.yaml`: what each intent means, in plain words."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import ClassVar

import yaml

from backend.errors import BadReference
from backend.reference.base import DATA, Table, Text, read_table
from backend.reviews.rules import ReviewPolicy


class Intents(Table):
    """The intents an agent may choose from, in the order shown."""

    file: ClassVar = "intents.yaml"
    intents: dict[str, Text]


@cache
def current() -> ReviewPolicy:
    """The numbers in force.

    Raises:
        BadReference: the file lacks something or has it in an impossible shape.
    """
    return load(DATA / "limits.yaml")


def load(file: Path) -> ReviewPolicy:
    """Read the numbers.

    Raises:
        BadReference: the file lacks something or has it in an impossible shape.
    """
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        policy = ReviewPolicy(
            below_confidence=float(data["review_below_confidence"]),
            at_once=timedelta(minutes=data["review_wait_minutes"]),
            keep=timedelta(days=data["review_keep_days"]),
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise BadReference(f"{file.name}: {type(error).__name__}: {error}") from error
    if not 0 <= policy.below_confidence <= 1 or min(policy.at_once, policy.keep) <= timedelta():
        raise BadReference(f"{file.name}: review_below_confidence lies in 0 to 1, minutes and days are above 0")
    return policy


@cache
def intents() -> Intents:
    """The intents and what they mean.

    Raises:
        BadReference: the file is missing or wrong.
    """
    return read_table(DATA, Intents)
