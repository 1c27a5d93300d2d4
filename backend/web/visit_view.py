"""What the visit's page shows and allows at a moment. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.appointments.rules import AGREED, Status
from backend.tickets.rules import CLOSED
from backend.tickets.rules import Status as TicketStatus


@dataclass(frozen=True)
class Look:
    """The state in words of the page (a key of its words), and what may be done."""

    state: str
    may_confirm: bool = False
    may_choose: bool = False
    may_cancel: bool = False
    has_file: bool = True


def look(
    status: Status, ticket: TicketStatus, window_end: datetime, held_until: datetime | None, now: datetime
) -> Look:
    """How a visit stands for its customer."""
    if status is Status.DONE:
        return Look("done", has_file=False)
    if ticket in CLOSED:
        return Look("closed", has_file=status is Status.CANCELLED)
    if status in AGREED and window_end <= now:
        return Look("past", has_file=False)
    if status in AGREED:
        state = "late" if status is Status.LATE else "agreed"
        return Look(state, may_confirm=True, may_choose=True, may_cancel=True)
    if status is Status.HELD and held_until is not None and held_until > now:
        return Look("held", may_confirm=True, may_choose=True, may_cancel=True)
    return Look("absent" if status is Status.CUSTOMER_ABSENT else "cancelled", may_choose=True)


def is_over(window_end: datetime, now: datetime, keeps: timedelta) -> bool:
    """Whether the page of a visit is no longer shown."""
    return now > window_end + keeps


_LEVELS = ("province", "city", "district", "town")


def masked_address(address: Mapping[str, object]) -> str:
    """An address down to the town or street office; house and room are hidden."""
    shown = list(dict.fromkeys(str(address[level]) for level in _LEVELS if address.get(level)))
    return "".join(shown) + "＊＊＊" if shown else "＊＊＊"
