"""`data/limits.yaml` and `data/fault_codes.yaml` as frozen policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from backend.customers.rules import CodePolicy
from backend.errors import BadReference
from backend.settings import ROOT
from backend.tickets.rules import Budget, ContactPolicy

DATA = ROOT / "data"


@dataclass(frozen=True)
class Limits:
    """How much may be asked of us, and when a manager must look."""

    budget: Budget
    contact: ContactPolicy
    texts_to_unconfirmed_numbers: int
    codes: CodePolicy


@dataclass(frozen=True)
class FaultCodes:
    """What a fault code means, by model series. The same code means different things in different series."""

    classes: Mapping[str, Mapping[str, str]]
    dangerous: frozenset[str]

    def class_of(self, model: str | None, code: str | None) -> str | None:
        """The class of a code in a model's series; None for a pair that is not listed: nothing is guessed."""
        series = [each for each in self.classes if (model or "").upper().startswith(each)]
        return self.classes[max(series, key=len)].get((code or "").upper()) if series else None


@cache
def limits() -> Limits:
    """The limits in force.

    Raises:
        BadReference: the file lacks something or has it in an impossible shape.
    """
    return read_limits(DATA / "limits.yaml")


def read_limits(file: Path) -> Limits:
    """Read limits from a file.

    Raises:
        BadReference: the file lacks something or has it in an impossible shape.
    """
    try:
        data = _read(file)
        return Limits(
            budget=Budget(
                per_number=int(data["tickets_per_number"]),
                per_address=int(data["tickets_per_address"]),
                per_conversation=int(data["tickets_per_conversation"]),
                numbers_per_conversation=int(data["numbers_per_conversation"]),
            ),
            contact=ContactPolicy(
                manager_from=int(data["manager_from_contact"]),
                manager_words=tuple(str(word).lower() for word in data["manager_words"]),
                echo=timedelta(seconds=data["echo_seconds"]),
            ),
            texts_to_unconfirmed_numbers=int(data["texts_to_unconfirmed_numbers"]),
            codes=CodePolicy(
                valid_for=timedelta(minutes=data["code_valid_minutes"]),
                attempts=int(data["code_attempts"]),
                per_number=int(data["codes_per_number"]),
                per_conversation=int(data["codes_per_conversation"]),
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadReference(f"{file.name}: {type(error).__name__}: {error}") from error


@cache
def fault_codes() -> FaultCodes:
    """The fault codes in force.

    Raises:
        BadReference: the file lacks something or has it in an impossible shape.
    """
    file = DATA / "fault_codes.yaml"
    try:
        data = _read(file)
        classes = {
            str(series).upper(): {str(code).upper(): str(kind) for code, kind in codes.items()}
            for series, codes in data["codes"].items()
        }
        return FaultCodes(classes, frozenset(map(str, data["danger_classes"])))
    except (KeyError, TypeError, AttributeError) as error:
        raise BadReference(f"{file.name}: {type(error).__name__}: {error}") from error


def _read(file: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BadReference(f"{file.name} cannot be read: {error}") from error
    if not isinstance(data, dict) or not {"source", "valid_through"} <= data.keys():
        raise BadReference(f"{file.name} needs `source` and `valid_through`.")
    return data
