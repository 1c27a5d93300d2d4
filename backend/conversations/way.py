"""Who goes first in one process: what a carrier, a caller or somebody on the web waits for; then the turns of texts.

A process computes one thing at a time. Turns of texts, whose writers wait for no line, therefore start in the gaps
between answers; when there are none, at a low rate all the same. How far they fall behind is the measure of the load.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

T = TypeVar("T")

FIRST_HANDS = 8
"""Pieces of work at once that somebody waits for: as many as the pool keeps connections for, two left for the ticks.
More would be no quicker, and open a connection each."""

LATER_HANDS = 3
"""Pieces of work at once that nobody waits for. More are no quicker in one process, and would take its breath away."""

LONGEST_WAIT_S = 0.25
"""So long one of these lets others pass: 12 pieces a second go on in a house that never rests."""


class RightOfWay:
    """Runs pieces of work in worker threads; one object a process, used in its event loop."""

    def __init__(self) -> None:
        self._first = CapacityLimiter(FIRST_HANDS)
        self._later = CapacityLimiter(LATER_HANDS)
        self._threads = CapacityLimiter(LATER_HANDS)
        self._passing = 0
        self._gap = asyncio.Event()

    async def first(self, work: Callable[[], T]) -> T:
        """Run what somebody waits for."""
        if self._passing == 0:
            self._gap = asyncio.Event()
        self._passing += 1
        try:
            return await to_thread.run_sync(work, limiter=self._first)
        finally:
            self._passing -= 1
            if self._passing == 0:
                self._gap.set()

    async def later(self, work: Callable[[], T]) -> T:
        """Run what nobody waits for, once nothing else is being done or others have gone first for long enough."""
        async with self._later:
            if self._passing:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._gap.wait(), LONGEST_WAIT_S)
            return await to_thread.run_sync(work, limiter=self._threads)
