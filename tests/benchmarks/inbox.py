"""The inbox when much is stored, and how soon a message is on fifty open consoles. Run by hand; exit code 1: too slow.

    uv run python -m tests.benchmarks.inbox [--database URL of a PostgreSQL server] [--conversations N] [--messages N]
    uv run python -m tests.benchmarks.inbox --filled URL        (a database that `hotline seed --big` has filled)
    uv run python -m tests.benchmarks.inbox ... --processes 2   (said to one web process, on the consoles of another)

Server time is what the route takes in this process, without the network. How a message travels: `consoles`.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import secrets
import statistics
import time
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.engine import Engine

from backend import big_seed, db, limits, logs
from backend.agents import service as agents
from backend.agents.models import AgentSession
from backend.clock import WallClock
from backend.main import create_app
from backend.settings import Settings
from tests.benchmarks import consoles, scratch

PAGE_MS, SEARCH_MS, LIVE_MS, CONSOLES = 100, 150, 200, (1, 10, 50)


def signed_in(sessions: db.Sessions, now: datetime) -> str:
    """The cookie of an agent who has just signed in."""
    token = secrets.token_urlsafe(16)
    with db.session_scope(sessions) as session:
        agent = agents.add(session, f"bench{secrets.token_hex(4)}", "correct horse battery", name="陈晓", now=now)
        session.flush()
        digest = hashlib.sha256(token.encode()).hexdigest()
        session.add(AgentSession(token_hash=digest, agent_id=agent.id, created_at=now, seen_at=now))
    return token


@dataclass(frozen=True)
class Cost:
    """Of one request: milliseconds by the clock (median), and of computing, which other programs do not lengthen."""

    clock: float
    computing: float

    def __str__(self) -> str:
        return f"{self.clock:7.1f} ms, {self.computing:6.1f} ms of computing"


def took(client: TestClient, method: str, path: str, times: int = 15, **form: str) -> Cost:
    """What a request costs, once it is warm."""
    for _ in range(2):
        client.request(method, path, data=form or None).raise_for_status()
    spent, computed = [], time.process_time()
    for _ in range(times):
        began = time.perf_counter()
        client.request(method, path, data=form or None).raise_for_status()
        spent.append((time.perf_counter() - began) * 1000)
    return Cost(statistics.median(spent), (time.process_time() - computed) * 1000 / times)


def pages(app: FastAPI, cookies: dict[str, str]) -> dict[str, Cost]:
    """What the inbox costs, without the network and without ticks."""
    client = TestClient(app, cookies=cookies, headers={"HX-Request": "true"})
    costs = {"peer: healthz": took(client, "GET", "/healthz"), "first page": took(client, "GET", "/console/")}
    for tab in ("waiting", "mine", "bot", "all", "closed"):
        costs[tab] = took(client, "POST", "/console/inbox", tab=tab)
    for q in ("1234", "BIG00000300", "煤气味", "漏水", "E3", "nothing at all"):
        costs[f"search {q}"] = took(client, "POST", "/console/inbox", times=6, tab="all", q=q)
    return costs


def fill(sessions: db.Sessions, conversations: int, messages: int, now: datetime) -> None:
    """Make what `hotline seed --big` makes, in a database that has an agent already."""
    began = time.perf_counter()
    with db.session_scope(sessions) as session:
        big_seed.run(session, conversations=conversations, messages=messages, now=now)
    engine: Engine = sessions.kw["bind"]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    print(f"seeded in {time.perf_counter() - began:.0f} s", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", help="a PostgreSQL server's URL; default: SQLite")
    parser.add_argument("--filled", help="the URL of a database that is filled already")
    parser.add_argument("--processes", type=int, default=1, help="web processes; more than one needs PostgreSQL")
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    asked = parser.parse_args()
    logs.configure("ERROR")
    with nullcontext(asked.filled) if asked.filled else scratch.database(asked.database) as url:
        engine, now = db.make_engine(url), WallClock(None).now()
        sessions = db.make_sessions(engine)
        token = signed_in(sessions, now)
        if not asked.filled:
            fill(sessions, asked.conversations, asked.messages, now)
        limits.forget()
        app = create_app(
            Settings(database_url=url, secret_key=consoles.SECRET, bot_token=consoles.SECRET, log_level="ERROR")
        )
        cookies = {"hotline": token}
        costs = pages(app, cookies)
        for name, cost in costs.items():
            print(f"{name:>22}: {cost}", flush=True)
        ids = consoles.conversations(sessions, now)
        with consoles.webs(url, asked.processes) as addresses:
            for count in CONSOLES:
                way = consoles.measured(addresses[0], addresses[-1], cookies, ids, count)
                spread = asyncio.run(way)
                print(spread, flush=True)
        engine.dispose()
    slow = [name for name, cost in costs.items() if cost.clock > (SEARCH_MS if name.startswith("search") else PAGE_MS)]
    return int(bool(slow) or statistics.median(spread.words) > LIVE_MS or statistics.median(spread.rows) > LIVE_MS)


if __name__ == "__main__":
    raise SystemExit(main())
