"""What people will do at which instant: the earliest first, and of several at one instant the one noted first."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

Act = Callable[[], None]


@dataclass(frozen=True)
class Noted:
    """An act; a `quiet` one changes nothing any room looks for (somebody's hands are free again, a sign of life)."""

    act: Act
    quiet: bool = False


class Agenda:
    """A queue of acts by time."""

    def __init__(self) -> None:
        self._acts: list[tuple[datetime, int, Noted]] = []
        self._noted = 0

    def __len__(self) -> int:
        return len(self._acts)

    def add(self, at: datetime, act: Act, *, quiet: bool = False) -> None:
        """Note an act."""
        heapq.heappush(self._acts, (at, self._noted, Noted(act, quiet)))
        self._noted += 1

    def next_at(self) -> datetime | None:
        """When the next act is due; None when nothing is noted."""
        return self._acts[0][0] if self._acts else None

    def take(self, now: datetime) -> Noted | None:
        """The next act that is due by now, taken off; None when there is none."""
        if not self._acts or self._acts[0][0] > now:
            return None
        return heapq.heappop(self._acts)[2]
