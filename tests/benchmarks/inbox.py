"""The inbox when much is stored, and how soon a message is on fifty open consoles. Run by hand; exit code 1: too slow.

    uv run python -m tests.benchmarks.inbox [--database URL of a PostgreSQL server] [--conversations N] [--messages N]
    uv run python -m tests.benchmarks.inbox --filled URL        (a database that `hotline seed --big` has filled)

Server time is what the route takes in this process, without the network. A message is "on a console" when the page
that has the conversation open could show it: its stream has told it, and the pane it then fetches has arrived.
The consoles do as live.js does: those that have the conversation open fetch its pane at once, all others fetch their
list when they are told, within the time they are told. Half of them look at the tab it is in.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import secrets
import socket
import statistics
import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.engine import Engine

from backend import big_seed, db, limits, logs
from backend.agents import service as agents
from backend.agents.models import AgentSession
from backend.clock import WallClock
from backend.conversations import service
from backend.conversations.models import Conversation
from backend.conversations.rules import Mode
from backend.main import create_app
from backend.settings import Settings
from tests.benchmarks import scratch

PAGE_MS, SEARCH_MS, LIVE_MS, CONSOLES = 100, 150, 200, 50
SECRET = SecretStr("b" * 40)


def signed_in(sessions: db.Sessions, now: datetime) -> str:
    """The cookie of an agent who has just signed in."""
    token = secrets.token_urlsafe(16)
    with db.session_scope(sessions) as session:
        agent = agents.add(session, f"bench{secrets.token_hex(4)}", "correct horse battery", name="陈晓", now=now)
        session.flush()
        digest = hashlib.sha256(token.encode()).hexdigest()
        session.add(AgentSession(token_hash=digest, agent_id=agent.id, created_at=now, seen_at=now))
    return token


def serve(app: FastAPI) -> tuple[uvicorn.Server, threading.Thread, str]:
    """The application on a free port of the loopback."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=5))
    thread = threading.Thread(target=asyncio.run, args=[server.serve(sockets=[listening])], daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    return server, thread, f"http://127.0.0.1:{listening.getsockname()[1]}"


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


class Console:
    """A browser with the console open, as far as the server can tell."""

    def __init__(self, client: httpx2.AsyncClient, open_id: str, tab: str) -> None:
        self._client, self._open, self._tab = client, open_id, tab
        self._fetch: asyncio.Task[None] | None = None
        self.shown_at = 0.0
        self.lists = 0

    async def run(self) -> None:
        """Listen until cancelled."""
        async with self._client.stream("GET", f"/console/stream?open={self._open}") as stream:
            name = ""
            async for line in stream.aiter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    await self._hear(name, json.loads(line.removeprefix("data: ")))

    async def _hear(self, name: str, told: dict[str, Any]) -> None:
        if name == "conversation" and "seq" not in told and told["id"] == self._open:
            path = f"/console/conversations/{self._open}"
            (await self._client.get(path, headers={"HX-Request": "true"})).raise_for_status()
            self.shown_at = time.perf_counter()
        concerns_list = name == "desk" or (name == "list" and self._tab in told["tabs"])
        if concerns_list and (self._fetch is None or self._fetch.done()):
            self._fetch = asyncio.create_task(self._list(random.random() * told["within_ms"] / 1000))

    async def settled(self) -> None:
        """Wait until it fetches nothing any more."""
        if self._fetch is not None:
            await self._fetch

    async def _list(self, after: float) -> None:
        await asyncio.sleep(after)
        asked = self._client.post("/console/inbox", data={"tab": self._tab}, headers={"HX-Request": "true"})
        (await asked).raise_for_status()
        self.lists += 1


async def live(url: str, cookies: dict[str, str], sessions: db.Sessions, app: FastAPI, rounds: int = 12) -> list[float]:
    """Milliseconds from a customer's message until the two consoles that have it open have its pane, for each round."""
    house = app.state.house
    with db.session_scope(sessions) as session:
        held = session.scalars(select(Conversation).where(Conversation.mode == Mode.WAITING).limit(CONSOLES)).all()
        opened = [each.id for each in held]
    limits = httpx2.Limits(max_connections=None)
    async with httpx2.AsyncClient(base_url=url, cookies=cookies, timeout=30, limits=limits) as client:
        places = [opened[0], opened[0], *(opened[1 + place % (len(opened) - 1)] for place in range(CONSOLES - 2))]
        tabs = ("waiting", "mine")
        consoles = [Console(client, each, tabs[number % 2]) for number, each in enumerate(places)]
        listening = [asyncio.create_task(each.run()) for each in consoles]
        await asyncio.sleep(8)
        spent, before, computed = [], sum(each.lists for each in consoles), time.process_time()
        for number in range(rounds):
            began = time.perf_counter()
            await asyncio.to_thread(_say, house, opened[0], f"还在吗 {number}")
            while min(each.shown_at for each in consoles[:2]) < began and time.perf_counter() - began < 10:
                await asyncio.sleep(0.002)
            spent.append((max(each.shown_at for each in consoles[:2]) - began) * 1000)
            await asyncio.sleep(2)
        computed, lists = time.process_time() - computed, sum(each.lists for each in consoles) - before
        print(
            f"each message: {lists / rounds:.0f} lists fetched, {computed / rounds * 1000:.0f} ms of computing in all"
        )
        await asyncio.gather(*(each.settled() for each in consoles))
        for each in listening:
            each.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
    return spent


def _say(house: object, conversation_id: str, text: str) -> None:
    with db.session_scope(house.sessions) as session:  # type: ignore[attr-defined]
        conversation = service.hold(session, conversation_id)
        service.hear(session, conversation, text, now=house.clock.now(), client_message_id=secrets.token_hex(8))  # type: ignore[attr-defined]
    house.bus.publish(f"conversation:{conversation_id}", type="changed")  # type: ignore[attr-defined]
    house.bus.publish("desk", conversation=conversation_id)  # type: ignore[attr-defined]


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
        app = create_app(Settings(database_url=url, secret_key=SECRET, bot_token=SECRET, log_level="ERROR"))
        cookies = {"hotline": token}
        costs = pages(app, cookies)
        for name, cost in costs.items():
            print(f"{name:>22}: {cost}", flush=True)
        server, thread, address = serve(app)
        spent = asyncio.run(live(address, cookies, sessions, app))
        server.should_exit = True
        thread.join(10)
        engine.dispose()
    print(f"live message on {CONSOLES} consoles: median {statistics.median(spent):.0f} ms, worst {max(spent):.0f} ms")
    slow = [name for name, cost in costs.items() if cost.clock > (SEARCH_MS if name.startswith("search") else PAGE_MS)]
    return int(bool(slow) or statistics.median(spent) > LIVE_MS)


if __name__ == "__main__":
    raise SystemExit(main())
