"""When one ticket may go on in another, and when that may be taken back. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backend.tickets.rules import CLOSED, Status

SPLIT_SAME = "split_same"
"""Why nothing is split off: it would be the same case again."""


@dataclass(frozen=True)
class Side:
    """What of a ticket decides whether it may be merged."""

    id: int
    status: Status
    merged: bool
    has_visit: bool = False


class NoMerge(StrEnum):
    """Why two tickets stay two."""

    SAME = "merge_same"
    CLOSED = "merge_closed"
    MERGED = "merge_merged"
    VISIT = "merge_visit"


class NoUnmerge(StrEnum):
    """Why a merge stays."""

    UNDONE = "unmerge_undone"
    GONE_ON = "gone_on"


def may_merge(ticket: Side, into: Side) -> NoMerge | None:
    """Why a ticket may not go on in another, or None. An agreed visit keeps its ticket: the other one goes into it."""
    if ticket.id == into.id:
        return NoMerge.SAME
    if ticket.merged or into.merged:
        return NoMerge.MERGED
    if ticket.status in CLOSED or into.status in CLOSED:
        return NoMerge.CLOSED
    return NoMerge.VISIT if ticket.has_visit else None


def may_unmerge(ticket: Side, into: Side, *, undone: bool) -> NoUnmerge | None:
    """Why a merge may not be taken back, or None: only while the case it went into is still open."""
    if undone or not ticket.merged:
        return NoUnmerge.UNDONE
    return NoUnmerge.GONE_ON if into.status in CLOSED else None
