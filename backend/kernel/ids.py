"""The numbers we give out: what customers read, say and type."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_DAY = r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_TICKET = re.compile(rf"(?:WY-?({_DAY})-?([0-9]{{4,6}})|({_DAY})(?:-([0-9]{{4,6}})|([0-9]{{4}})))", re.IGNORECASE)


def ticket_no(day: date, serial: int) -> str:
    """WY261124-0001: the day of the report and a serial number inside it."""
    return f"WY{day:%y%m%d}-{serial:04d}"


def visit_code(number: int) -> str:
    """Four digits the technician must state at the door, from a random number below 10,000."""
    return f"{number % 10_000:04d}"


def normal_ticket_no(text: str) -> str | None:
    """A ticket number as people type it, in its normal form, or None.

    "wy2611240001", full-width letters, blanks, and the digits alone are all understood. Eleven digits alone are none:
    they are a mobile number.
    """
    compact = re.sub(r"[‐-―]", "-", "".join(unicodedata.normalize("NFKC", text).split()))
    found = _TICKET.fullmatch(compact)
    if not found:
        return None
    day, serial = (group for group in found.groups() if group)
    return f"WY{day}-{serial}"
