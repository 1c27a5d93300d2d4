"""Processes of a house hear of each other through PostgreSQL; without it, each stands for itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.engine import Engine

from backend.bus import Bus, Note, next_note
from backend.relay import LONGEST_BYTES, Relay

SOON_S = 5.0


@pytest.fixture
def postgresql(engine: Engine) -> Engine:
    if engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL carries notes")
    return engine


@contextmanager
def process(engine: Engine) -> Iterator[Bus]:
    """The bus of a process that hears the others."""
    bus = Bus()
    relay = Relay.of(bus, engine)
    assert relay is not None
    relay.start()
    try:
        assert relay.wait_until_it_hears(SOON_S)
        yield bus
    finally:
        relay.stop()


def heard(bus: Bus, tell: Bus, *notes: Note, topic: str = "desk", within_s: float = SOON_S) -> list[Note | None]:
    """What a listener of a topic hears in order after something was told elsewhere."""

    async def run() -> list[Note | None]:
        with bus.listen(topic) as queue:
            for note in notes:
                tell.publish(topic, **note)
            return [await next_note(queue, within_s) for _ in notes]

    return asyncio.run(run())


def test_sqlite_carries_nothing(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        assert Relay.of(Bus(), engine) is None


def test_what_one_process_tells_the_other_hears_in_order_and_once(postgresql: Engine) -> None:
    with process(postgresql) as one, process(postgresql) as other:
        notes = [{"conversation": f"c{number}", "named": [1, 2]} for number in range(50)]
        assert heard(other, one, *notes) == notes
        assert heard(one, one, {"ring": "danger"}, within_s=1) == [{"ring": "danger"}]

        async def twice() -> Note | None:
            with one.listen("desk") as queue:
                one.publish("desk", ring="asked")
                await next_note(queue, 1)
                return await next_note(queue, 0.5)

        assert asyncio.run(twice()) is None


def test_it_takes_a_fraction_of_a_look(postgresql: Engine) -> None:
    with process(postgresql) as one, process(postgresql) as other:
        began = time.perf_counter()
        for number in range(20):
            assert heard(other, one, {"conversation": str(number)}) == [{"conversation": str(number)}]
        assert (time.perf_counter() - began) / 20 < 0.2


def test_a_note_too_long_is_left_out_and_the_next_one_comes(postgresql: Engine) -> None:
    with process(postgresql) as one, process(postgresql) as other:
        one.publish("desk", conversation="x" * LONGEST_BYTES)
        assert heard(other, one, {"conversation": "c1"}) == [{"conversation": "c1"}]


def test_a_lost_connection_is_made_again_and_everybody_looks(postgresql: Engine) -> None:
    with process(postgresql) as one, process(postgresql) as other:

        async def run() -> list[Note | None]:
            with other.listen("desk") as queue:
                with postgresql.connect() as connection:
                    connection.exec_driver_sql(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE query LIKE 'LISTEN%%' AND datname = current_database()"
                    )
                back = await next_note(queue, SOON_S)
                for _ in range(20):  # the other one may still be on its way back
                    one.publish("desk", conversation="c1")
                    if note := await next_note(queue, 0.5):
                        return [back, note]
                return [back]

        assert asyncio.run(run()) == [{"relay": "back"}, {"conversation": "c1"}]
