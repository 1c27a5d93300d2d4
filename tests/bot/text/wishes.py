"""What a message tells where no visit is moved: its values without the times that are given up or asked about."""

from __future__ import annotations

from datetime import datetime

from bot.text.time import ASKED, GIVEN_UP
from bot.text.values import Entity, read_values


def told(text: str, now: datetime) -> list[Entity]:
    """The values of a message; the tables of wishes are labelled by the wish alone."""
    return [each for each in read_values(text, now) if each.get("role") not in (GIVEN_UP, ASKED)]
