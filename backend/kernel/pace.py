"""A rate as instants: how often one may act, agreed between processes by one shared instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

CLOCK_SLACK = timedelta(seconds=30)


@dataclass(frozen=True)
class Slots:
    """Instants one may act at: `count` of them from `first` on, `gap` apart."""

    first: datetime
    count: int
    gap: timedelta

    @property
    def end(self) -> datetime:
        """The first instant that is free for others."""
        return self.first + self.count * self.gap


def slots(free_at: datetime | None, now: datetime, *, per_second: float | None, reach: timedelta, most: int) -> Slots:
    """The slots one process may take for itself now.

    What nobody used before `now` is gone: a pause is not made good by a burst.

    Args:
        free_at: since when slots are free, as all processes know it; None when none was ever taken. An instant no
            process can have booked (a clock was set back since) counts as none.
        per_second: the rate; None for no limit.
        reach: how far ahead slots may be taken.
        most: how many are wanted.
    """
    if per_second is None:
        return Slots(now, most, timedelta())
    gap = timedelta(seconds=1 / per_second)
    if free_at is None or free_at > now + reach + gap + CLOCK_SLACK:
        free_at = now
    first = max(free_at, now)
    within_reach = -((first - now - reach) // gap)
    return Slots(first, max(0, min(most, within_reach)), gap)
