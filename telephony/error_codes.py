"""What to do about a carrier's error code. The table is data: `data/twilio_errors.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from telephony.ports import Action

FILE = Path(__file__).resolve().parents[1] / "data" / "twilio_errors.yaml"


@cache
def table() -> dict[int, Action]:
    """Code to action, as listed in the data.

    Raises:
        ValueError: the file names an action that does not exist.
    """
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {int(code): Action(entry["action"]) for code, entry in data["codes"].items()}


def action(code: int | None) -> Action:
    """What to do about a code; an unlisted one is shown to an agent and not tried again."""
    return table().get(code or 0, Action.SHOW)
