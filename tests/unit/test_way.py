"""Who goes first in one process: what somebody waits for, then the turns of texts."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

from backend.conversations.way import LATER_HANDS, LONGEST_WAIT_S, RightOfWay


class Door:
    """Work that goes on until it is told to end."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.begun.set()
        assert self.may_end.wait(10)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not is_so():
            await asyncio.sleep(0.005)


def test_what_nobody_waits_for_begins_when_the_last_that_is_waited_for_has_ended() -> None:
    async def run() -> list[str]:
        way, door, order = RightOfWay(), Door(), list[str]()
        waited_for = asyncio.create_task(way.first(door))
        await until(door.begun.is_set)
        later = asyncio.create_task(way.later(lambda: order.append("later")))
        await asyncio.sleep(0.05)
        await way.first(lambda: order.append("first"))
        door.may_end.set()
        await asyncio.gather(waited_for, later)
        return order

    assert asyncio.run(run()) == ["first", "later"]


def test_without_anybody_waiting_it_begins_at_once() -> None:
    async def run() -> float:
        way, began = RightOfWay(), time.monotonic()
        await way.first(lambda: None)
        await way.later(lambda: None)
        return time.monotonic() - began

    assert asyncio.run(run()) < LONGEST_WAIT_S


def test_in_a_house_that_never_rests_it_goes_on_slowly_all_the_same() -> None:
    async def run() -> list[float]:
        way, door, done = RightOfWay(), Door(), list[float]()
        endless = asyncio.create_task(way.first(door))
        await until(door.begun.is_set)
        began = time.monotonic()
        pieces = [way.later(lambda: done.append(time.monotonic() - began)) for _ in range(2 * LATER_HANDS)]
        await asyncio.gather(*pieces)
        door.may_end.set()
        await endless
        return sorted(done)

    done = asyncio.run(run())
    assert len(done) == 2 * LATER_HANDS
    assert done[0] >= LONGEST_WAIT_S * 0.9
    assert done[LATER_HANDS] >= 2 * LONGEST_WAIT_S * 0.9  # the second round has let others pass as long


def test_work_that_fails_leaves_the_way_free() -> None:
    async def run() -> float:
        way = RightOfWay()

        def fail() -> None:
            raise KeyError

        for go in (way.first, way.later):
            try:
                await go(fail)
            except KeyError:
                continue
            raise AssertionError("it did not fail")
        began = time.monotonic()
        await asyncio.gather(*(way.later(lambda: None) for _ in range(2 * LATER_HANDS)))
        return time.monotonic() - began

    assert asyncio.run(run()) < LONGEST_WAIT_S


def test_one_object_serves_one_loop_after_another() -> None:
    way = RightOfWay()

    async def both() -> None:
        door = Door()
        waited_for = asyncio.create_task(way.first(door))
        await until(door.begun.is_set)
        later = asyncio.create_task(way.later(lambda: None))
        await asyncio.sleep(0.01)
        door.may_end.set()
        await asyncio.gather(waited_for, later)

    asyncio.run(both())
    asyncio.run(both())
