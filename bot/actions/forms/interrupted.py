"""A form left half way: by danger, by a person taking over, by a goodbye, by hours of silence. It can go on later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

KEPT_FOR = timedelta(hours=72)
"""How long a half-filled form waits for its customer; later the story has changed and is told anew."""

SLOT = "interrupted"


def noted(form: str | None, asked: str | None, now: str) -> dict[str, str] | None:
    """What the slot keeps of a form that is left now (`now`: aware ISO instant), or None when there was none."""
    return {"form": form, "asked": asked, "at": now} if form and asked else None


def waiting_form(slots: dict[str, Any], now: str) -> dict[str, Any] | None:
    """The form that still waits at `now`, or None; `heard` in it: the message at hand has been taken up elsewhere."""
    kept = slots.get(SLOT)
    if not isinstance(kept, dict):
        return None
    if now and kept.get("at") and datetime.fromisoformat(now) - datetime.fromisoformat(kept["at"]) > KEPT_FOR:
        return None
    return kept
