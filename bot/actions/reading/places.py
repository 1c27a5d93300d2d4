"""What stands behind an address to find the house by. Pure."""

from __future__ import annotations

import re

_LANDMARK = re.compile(
    r"^[\s,，、]*(?P<words>[^,，。.!！?？;；]{2,20}?(?:后[头面边]|背后|旁边?|对面|附近|隔壁|门口|路口|楼[上下里]|[上下里]边|[楼栋幢号室组院店厂铺])"
    r"|(?:next to|behind|opposite|near|above|across from|by|floor|room|unit|apt)\b[^,.!?;]{2,40})[\s,，。.!！]*$"
)


def landmark(text: str) -> str | None:
    """What stands behind an address to find the house by, as it was said; None when it is something else."""
    found = _LANDMARK.match(text)
    return found["words"] if found else None
