"""Which rows a process sends next, and at which instants, so that all processes together keep the carrier's rate."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.kernel import pace
from backend.outbox import queries, sending
from backend.outbox.rules import Medium
from backend.outbox.sending import Means

AT_ONCE = timedelta(seconds=0.1)
"""What is taken together."""
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


def claim(
    session: Session,
    means: Means,
    media: Sequence[Medium],
    *,
    token: str,
    owner: str,
    limit: int,
    hands: int,
    now: datetime,
) -> list[Line]:
    """Claim due rows of each of these media, as many as there are slots for them within reach.

    Of a carrier with a rate only as much as some hands do at once: who takes more keeps others from doing it.
    """
    lines: list[Line] = []
    carrier = means.carrier
    for medium in media:
        most = limit - sum(len(line.ids) for line in lines)
        per_second = carrier.capabilities.rate_of(calls=medium is Medium.CALL)
        free_at = None
        if per_second is not None:
            most = min(most, max(hands, math.ceil(per_second * AT_ONCE.total_seconds())))
            free_at = queries.free_at(session, carrier.name, medium)
        reach = AT_ONCE if lines else REACH  # texts that may leave now do not wait for a call's turn
        slots = pace.slots(free_at, now, per_second=per_second, reach=reach, most=most)
        if slots.count < 1:
            continue
        ids = sending.claim(session, means, token=token, owner=owner, limit=slots.count, now=now, medium=medium)
        if ids:
            taken = _book(session, carrier.name, medium, per_second, len(ids), now)
            lines.append(Line(medium, deque(ids), taken.first, taken.gap, taken.end))
    return lines


def _book(
    session: Session, carrier: str, medium: Medium, per_second: float | None, count: int, now: datetime
) -> pace.Slots:
    """Take slots for rows that are claimed already; last of all, so that nobody waits long for the shared instant."""
    while True:
        free_at = queries.free_at(session, carrier, medium) if per_second is not None else None
        slots = pace.slots(free_at, now, per_second=per_second, reach=REACH, most=count)
        taken = pace.Slots(slots.first, count, slots.gap)
        if per_second is None or queries.move_slot(session, carrier, medium, seen=free_at, free=taken.end):
            return taken


def give_back(session: Session, means: Means, lines: Sequence[Line], *, token: str) -> None:
    """Give claimed rows that were not tried, and slots no row used, back to everybody."""
    if any(line.ids for line in lines):
        queries.release(session, token)
    for line in lines:
        if line.next_at < line.booked_until:
            queries.move_slot(session, means.carrier.name, line.medium, seen=line.booked_until, free=line.next_at)
