"""Messages of every intent, labelled by hand: how many of their values are read word for word."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path

from wishes import told

from bot.text.values import ZONE

LABELLED = Path(__file__).resolve().parents[1] / "nlu" / "entities.jsonl"
NOW = datetime(2026, 11, 24, 10, 20, tzinfo=ZONE)
LEAST_F1 = 0.93


def test_values_are_read_as_they_are_labelled() -> None:
    found: Counter[str] = Counter()
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        labelled = Counter((each["entity"], each["text"]) for each in row["entities"])
        read = Counter((each["entity"], each["text"]) for each in told(row["text"], NOW))
        found += Counter(labelled=labelled.total(), read=read.total(), right=(labelled & read).total())
    assert 2 * found["right"] / (found["labelled"] + found["read"]) >= LEAST_F1
