"""How fast the outbox claims, ticks and empties a backlog.

    uv run python -m tests.benchmarks.outbox [claims] [ticks] [opening] [--postgresql URL]

claims   claim and settle on PostgreSQL, in turns with procrastinate's fetch and finish: a job each, one at a time and
         as the house does it; the ratio is what counts
ticks    one tick with 10,000 and with 1,000,000 rows that are due later, on each database
opening  500 texts due at 08:00:00, a carrier that takes 20 a second and needs 0.2 s for each
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import procrastinate
import sqlalchemy as sa
import structlog
from procrastinate.jobs import Status as JobStatus
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from backend import db, reference
from backend.outbox import jobs, policy, queries, sending
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import Medium, OutboxKind, Status
from backend.outbox.sending import Means
from telephony.ports import Capabilities, Feature, FoundCall, FoundText, OutgoingCall, OutgoingText, SendResult, Sent
from tests.benchmarks.scratch import database

REFERENCE, POLICY = reference.current(), policy.current()
TEN = datetime(2026, 11, 24, 10, 0, tzinfo=REFERENCE.calendar.zone)
OPENING = TEN.replace(hour=8)
TOKEN = "b" * 32
PIECE = 10_000


class Quick:
    """A carrier that takes everything after a while, and remembers when."""

    name = "quick"
    own_numbers: frozenset[str] = frozenset()

    def __init__(self, per_second: float | None = None, takes_s: float = 0.0) -> None:
        self.capabilities = Capabilities(frozenset(Feature), texts_per_second=per_second)
        self.takes_s, self.moments = takes_s, list[float]()

    def send_text(self, text: OutgoingText) -> SendResult:
        self.moments.append(time.perf_counter())
        time.sleep(self.takes_s)
        return Sent(f"SM{uuid.uuid4().hex}")

    def call(self, call: OutgoingCall) -> SendResult:
        raise AssertionError(f"no calls here: {call.reference}")

    def hang_up(self, sid: str) -> None:
        raise AssertionError(f"no calls here: {sid}")

    def find(self, *, to: str, since: datetime) -> Sequence[FoundText]:
        return ()

    def find_calls(self, *, to: str, since: datetime) -> Sequence[FoundCall]:
        return ()


def fill(sessions: db.Sessions, count: int, due: datetime, *, first: int = 0, spread: timedelta = timedelta()) -> None:
    """Rows that are due at an instant, or over some time after it; each to a person of its own."""
    for start in range(first, first + count, PIECE):
        numbers = range(start, min(start + PIECE, first + count))
        with db.session_scope(sessions) as session:
            session.execute(_rows(numbers, due, due + spread * ((start - first) / count)))
    with sessions() as session:
        session.execute(sa.text("ANALYZE"))
        session.commit()


def _rows(numbers: range, queued_at: datetime, send_after: datetime) -> sa.Insert:
    """One statement that the database fills its rows with by itself."""
    series = sa.select(sa.literal(numbers.start).label("i")).cte("series", recursive=True)
    series = series.union_all(sa.select(series.c.i + 1).where(series.c.i < numbers.stop - 1))
    number = sa.cast(series.c.i, sa.String)
    instant = OutboxMessage.queued_at.type
    made: dict[str, sa.ColumnElement[Any]] = {
        "key": "k:" + number,
        "message_key": "k:" + number,
        "part": sa.literal(1),
        "to": "+8613" + sa.cast(100_000_000 + series.c.i, sa.String),
        "text": "第" + number + "条",
        "digest": number,
        "medium": sa.literal(Medium.TEXT, OutboxMessage.medium.type),
        "kind": sa.literal(OutboxKind.NOTICE, OutboxMessage.kind.type),
        "lane": sa.literal("notice"),
        "language": sa.literal("zh"),
        "status": sa.literal(Status.PENDING, OutboxMessage.status.type),
        "queued_at": sa.literal(queued_at, instant),
        "send_after": sa.literal(send_after, instant),
        "attempts": sa.literal(0),
        "failures": sa.literal(0),
        "had_second_try": sa.literal(False),
    }
    columns = [value.label(name) for name, value in made.items()]
    return sa.insert(OutboxMessage).from_select(list(made), sa.select(*columns).select_from(series))


def claims(server: str, rounds: int, count: int) -> None:
    """Claim and settle, against the peer."""
    with database(server) as url:
        sessions = db.make_sessions(db.make_engine(url))
        peer = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url.replace("+psycopg", "")))
        rates = asyncio.run(_in_turns(sessions, peer, rounds, count))
    table = Table("claim and settle, PostgreSQL", "rows/s", "to procrastinate")
    base = statistics.median(rates["procrastinate"])
    for name, found in rates.items():
        table.add_row(name, f"{statistics.median(found):.0f}", f"{statistics.median(found) / base:.2f}")
    Console().print(table)


async def _in_turns(sessions: db.Sessions, peer: procrastinate.App, rounds: int, count: int) -> dict[str, list[float]]:
    """Rows a second of each side, measured in turns so that a noisy machine disturbs all."""

    @peer.task(name="send")
    def send(number: int) -> None:
        """What a job would do; nothing here."""

    rates: dict[str, list[float]] = {}
    async with peer.open_async():
        await peer.schema_manager.apply_schema_async()
        for turn in range(rounds):
            await send.batch_defer_async(*({"number": number} for number in range(count)))
            began = time.perf_counter()
            await _fetch_and_finish(peer, count)
            rates.setdefault("procrastinate", []).append(count / (time.perf_counter() - began))
            sides: dict[str, Callable[[db.Sessions, int], None]] = {
                "outbox, one at a time": lambda where, many: _claim_and_settle(where, many, 1),
                "outbox, claims of 50": lambda where, many: _claim_and_settle(where, many, POLICY.claim),
                "outbox, whole path with all checks": _whole_path,
            }
            for place, (name, work) in enumerate(sides.items()):
                fill(sessions, count, TEN, first=(turn * len(sides) + place) * count)
                began = time.perf_counter()
                work(sessions, count)
                rates.setdefault(name, []).append(count / (time.perf_counter() - began))
    return rates


async def _fetch_and_finish(peer: procrastinate.App, count: int) -> None:
    worker = await peer.job_manager.register_worker()
    for _ in range(count):
        job = await peer.job_manager.fetch_job(queues=None, worker_id=worker)
        assert job is not None
        await peer.job_manager.finish_job(job, status=JobStatus.SUCCEEDED, delete_job=False)


def _claim_and_settle(sessions: db.Sessions, count: int, at_once: int) -> None:
    """What the peer does, and no more: a row is somebody's, then it is done. Each in a unit of work of its own."""
    done = 0
    while done < count:
        with db.session_scope(sessions) as session:
            ids = queries.claim(session, token=TOKEN, owner="bench", now=TEN, limit=at_once, policy=POLICY)
        assert ids
        for message_id in ids:
            with db.session_scope(sessions) as session:
                _settle(session, message_id)
        done += len(ids)


def _settle(session: Session, message_id: int) -> None:
    row = queries.locked(session, message_id)
    assert row is not None
    assert row.claim == TOKEN
    row.status = Status.SENT


def _whole_path(sessions: db.Sessions, count: int) -> None:
    handled = 0
    while handled < count:
        handled += jobs.run_due(sessions, TEN, Quick(), REFERENCE, "bench", policy=replace(POLICY, batch=count))


def ticks(servers: dict[str, str | None], sizes: tuple[int, int], repeats: int) -> None:
    """The cost of a tick that finds nothing, and of a claim that finds one row, by how many rows are due later."""
    table = Table("one tick", "rows due later", "nothing due, ms", "one due, ms")
    for name, server in servers.items():
        found: list[tuple[float, float]] = []
        with database(server) as url:
            sessions = db.make_sessions(db.make_engine(url))
            there = 0
            for size in sizes:
                fill(sessions, size - there, TEN + timedelta(hours=1), first=there, spread=timedelta(days=30))
                there = size
                found.append(_tick_cost(sessions, repeats))
                idle, busy = found[-1]
                table.add_row(name, f"{size:,}", f"{idle * 1000:.2f}", f"{busy * 1000:.2f}")
        (idle_few, busy_few), (idle_many, busy_many) = found
        table.add_row(name, "ratio", f"{idle_many / idle_few:.2f}", f"{busy_many / busy_few:.2f}")
    Console().print(table)


def _tick_cost(sessions: db.Sessions, repeats: int) -> tuple[float, float]:
    means = Means(Quick(), REFERENCE, POLICY)

    def idle() -> None:
        assert jobs.run_due(sessions, TEN, means.carrier, REFERENCE, "bench") == 0

    def busy() -> None:
        with db.session_scope(sessions) as session:
            ids = sending.claim(session, means, token=TOKEN, owner="bench", limit=50, now=TEN)
            assert len(ids) == 1
            session.rollback()

    idle_s = _median(idle, repeats)
    with db.session_scope(sessions) as session:
        session.execute(sa.update(OutboxMessage).where(OutboxMessage.key == "k:7").values(send_after=TEN))
    busy_s = _median(busy, repeats)
    with db.session_scope(sessions) as session:
        later = TEN + timedelta(hours=1)
        session.execute(sa.update(OutboxMessage).where(OutboxMessage.key == "k:7").values(send_after=later))
    return idle_s, busy_s


def _median(work: Callable[[], None], repeats: int) -> float:
    times = []
    for number in range(repeats + 3):
        began = time.perf_counter()
        work()
        if number >= 3:
            times.append(time.perf_counter() - began)
    return statistics.median(times)


def opening(servers: dict[str, str | None], count: int, per_second: float, takes_s: float) -> None:
    """A backlog at opening, in real time, ticked every second as the scheduler does."""
    table = Table("backlog at opening", "texts", "seconds", "by the rate", "ratio", "most in a second")
    for name, server in servers.items():
        with database(server) as url:
            sessions, carrier = db.make_sessions(db.make_engine(url)), Quick(per_second, takes_s)
            fill(sessions, count, OPENING)
            began = time.perf_counter()

            def tell(began: float = began) -> datetime:
                return OPENING + timedelta(seconds=time.perf_counter() - began)

            for _ in _seconds(began):
                jobs.run_due(
                    sessions,
                    tell(),
                    carrier,
                    REFERENCE,
                    "bench",
                    clock=tell,
                    wait=_wait,
                    hands=POLICY.hands,
                )
                if len(carrier.moments) >= count:
                    break
            took, ideal = carrier.moments[-1] - carrier.moments[0], (count - 1) / per_second
            most = max(sum(first <= moment < first + 1 for moment in carrier.moments) for first in carrier.moments)
            assert len(carrier.moments) == count
            table.add_row(name, str(count), f"{took:.2f}", f"{ideal:.2f}", f"{took / ideal:.2f}", str(most))
    Console().print(table)


def _seconds(began: float) -> Iterator[int]:
    for second in range(600):
        time.sleep(max(0.0, began + second - time.perf_counter()))
        yield second


def _wait(seconds: float) -> bool:
    time.sleep(max(0.0, seconds))
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["claims", "ticks", "opening"])
    parser.add_argument("--postgresql", help="a PostgreSQL server; schemas of its own are made there")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=500, help="of one round of claims")
    parser.add_argument("--sizes", type=int, nargs=2, default=(10_000, 1_000_000))
    parser.add_argument("--repeats", type=int, default=40, help="ticks of which the median is taken")
    parser.add_argument("--per-second", type=float, default=20, help="the carrier's rate at opening")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    servers: dict[str, Any] = {"SQLite": None}
    if options.postgresql:
        servers["PostgreSQL"] = options.postgresql
    if "claims" in options.what:
        if not options.postgresql:
            parser.error("claims are compared on PostgreSQL: give --postgresql")
        claims(options.postgresql, options.rounds, options.jobs)
    if "ticks" in options.what:
        ticks(servers, tuple(options.sizes), options.repeats)
    if "opening" in options.what:
        opening(servers, 500, options.per_second, 0.2)


if __name__ == "__main__":
    main()
