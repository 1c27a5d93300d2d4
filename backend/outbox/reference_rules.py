"""Our name for one attempt of a text or call, which travels with it and comes back in webhooks. Pure."""

from __future__ import annotations

import re

_REFERENCE = re.compile(r"([0-9]{1,10})\.([0-9]{1,4})")
_LARGEST_ID = 2**31 - 1
"""No row has a larger one, and PostgreSQL would not even look for it."""


def reference(message_id: int, attempt: int) -> str:
    """Our name for one attempt; travels in the status callback's address, so it holds nothing personal."""
    return f"{message_id}.{attempt}"


def read_reference(text: str) -> tuple[int, int] | None:
    """Message id and attempt of a reference, or None."""
    found = _REFERENCE.fullmatch(text)
    return (int(found[1]), int(found[2])) if found and int(found[1]) <= _LARGEST_ID else None
