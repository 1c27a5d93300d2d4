"""`data/outbox.yaml` as a frozen policy."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import phonenumbers
import yaml

from backend.errors import BadReference
from backend.outbox.rules import KindRule, Leaves, OutboxKind, Policy

FILE = Path(__file__).resolve().parents[2] / "data" / "outbox.yaml"


@cache
def current() -> Policy:
    """The policy in force.

    Raises:
        BadReference: the file lacks something or has it in an impossible shape.
    """
    return load(FILE)


def load(file: Path) -> Policy:
    """Read a policy.

    Raises:
        BadReference: the file lacks something or has it in an impossible shape.
    """
    try:
        data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        policy = _policy(data)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise BadReference(f"{file.name}: {type(error).__name__}: {error}") from error
    if set(policy.kinds) != set(OutboxKind) or not policy.back_off or policy.attempts < 1:
        raise BadReference(f"{file.name}: every kind needs a rule, and retries need a pause")
    return policy


def _policy(data: dict[str, Any]) -> Policy:
    return Policy(
        source=str(data["source"]),
        valid_through=data["valid_through"],
        kinds={OutboxKind(kind): _rule(rule) for kind, rule in data["kinds"].items()},
        automatic_per_day=int(data["automatic_per_person_and_day"]),
        same_text_rest=timedelta(hours=data["same_text_rest_hours"]),
        max_segments=int(data["max_segments"]),
        max_pieces=int(data["max_pieces"]),
        lease=timedelta(seconds=data["lease_seconds"]),
        batch=int(data["batch"]),
        claim=int(data["claim"]),
        tick_for=timedelta(seconds=data["tick_seconds"]),
        hands=int(data["hands"]),
        attempts=int(data["attempts"]),
        back_off=tuple(timedelta(seconds=seconds) for seconds in data["back_off_seconds"]),
        retry_later=timedelta(minutes=data["retry_later_minutes"]),
        order_wait=timedelta(seconds=data["order_wait_seconds"]),
        pause=timedelta(seconds=data["pause_seconds"]),
        look_every=timedelta(seconds=data["unknown_look_seconds"]),
        look_for=timedelta(minutes=data["unknown_look_minutes"]),
        show_after=timedelta(seconds=data["unknown_show_seconds"]),
        keep_words=timedelta(days=data["keep_words_days"]),
        keep_rows=timedelta(days=data["keep_rows_days"]),
        countries=_countries(data["countries"]),
        keep_receipts=timedelta(days=data["keep_receipts_days"]),
        ring_for=timedelta(seconds=data["ring_seconds"]),
        shortest_ring=timedelta(seconds=data["shortest_ring_seconds"]),
        max_call_characters=int(data["max_call_characters"]),
    )


def _countries(listed: list[Any]) -> tuple[str, ...]:
    countries = tuple(str(each) for each in listed)
    if not countries or not phonenumbers.SUPPORTED_REGIONS.issuperset(countries):
        raise ValueError("countries: at least one two-letter code such as CN")
    return countries


def _rule(data: dict[str, Any]) -> KindRule:
    return KindRule(
        lane=str(data["lane"]),
        turn=int(data["turn"]),
        leaves=Leaves(data["leaves"]),
        automatic=bool(data["automatic"]),
        fresh_for=timedelta(minutes=data["fresh_minutes"]),
        valid_for=timedelta(minutes=data["valid_minutes"]),
    )
