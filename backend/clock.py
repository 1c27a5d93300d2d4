"""The only reader of the wall clock. A demo may start the house at another instant; time then runs on from there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class WallClock:
    """Real time, moved by a fixed offset (zero outside demos)."""

    def __init__(self, start: datetime | None = None) -> None:
        real = datetime.now(UTC)
        self.offset = start.astimezone(UTC) - real if start else timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset
