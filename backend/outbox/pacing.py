"""Which rows a process sends next, and at which instants, so that all processes together keep the carrier's rate."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.kernel import pace
from backend.outbox import queries, sending
from backend.outbox.rules import Medium
from backend.outbox.sending import Means

REACH = timedelta(seconds=1)
"""How far ahead slots are taken: what comes meanwhile and is more urgent waits no longer than that."""


@dataclass
class Line:
    """Claimed rows of one medium, most urgent first; the next may leave at `next_at`."""

    medium: Medium
    ids: deque[int]
    next_at: datetime
    gap: timedelta
    booked_until: datetime

    def take_slot(self, now: datetime) -> None:
        """A row leaves now: the next one a gap later, also after a delay."""
        self.next_at = max(self.next_at, now) + self.gap


def claim(session: Session, means: Means, *, token: str, owner: str, limit: int, now: datetime) -> list[Line]:
    """Claim due rows of each medium, as many as there are slots for them within reach."""
    lines: list[Line] = []
    for medium in Medium:
        most = limit - sum(len(line.ids) for line in lines)
        per_second = means.carrier.capabilities.rate_of(calls=medium is Medium.CALL)
        shared = queries.sender_slot(session, means.carrier.name, medium, now) if per_second is not None else None
        free_at = shared.free_at if shared is not None else None
        slots = pace.slots(free_at, now, per_second=per_second, reach=REACH, most=most)
        if slots.count < 1:
            continue
        ids = sending.claim(session, means, token=token, owner=owner, limit=slots.count, now=now, medium=medium)
        if ids:
            taken = pace.Slots(slots.first, len(ids), slots.gap)
            lines.append(Line(medium, deque(ids), slots.first, slots.gap, taken.end))
            if shared is not None:
                shared.free_at = taken.end
    return lines


def give_back(session: Session, means: Means, lines: Sequence[Line], *, token: str) -> None:
    """Give claimed rows that were not tried, and slots no row used, back to everybody."""
    if any(line.ids for line in lines):
        queries.release(session, token)
    for line in lines:
        if line.next_at < line.booked_until:
            queries.free_slots(session, means.carrier.name, line.medium, booked=line.booked_until, free=line.next_at)
