"""What stands in the address of a request."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from backend.errors import Refused
from backend.reference import Reference


def instant(text: str, reference: Reference, *, is_end: bool = False) -> datetime | None:
    """An ISO instant or date from an address, where a `+` may have become a blank. Without a zone it is local.

    Raises:
        Refused: it is neither.
    """
    text = text.strip().replace(" ", "+")
    if not text:
        return None
    try:
        if len(text) == 10:
            day = datetime.combine(date.fromisoformat(text), time(), reference.calendar.zone)
            return day + timedelta(days=1) if is_end else day
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=reference.calendar.zone)
        return at.astimezone(reference.calendar.zone)
    except (ValueError, OverflowError):
        raise Refused(
            "Give an ISO date or time, such as 2026-11-24 or 2026-11-24T10:00+08:00.", code="bad_time"
        ) from None
