"""Open consoles as the server sees them, and how soon a customer's message is on their screens.

A console does what live.js does: it puts on its screen what the stream brings, fetches the pane of the conversation it
has open after news of it, and its list when it is told to, within the time it is told. The web runs in processes of its
own. Messages are said to the first of them, the consoles are open at the last.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import multiprocessing
import random
import secrets
import socket
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
import uvicorn
from pydantic import SecretStr
from sqlalchemy import func, select

from backend import db, logs
from backend.agents.models import Agent
from backend.conversations.models import Conversation
from backend.conversations.rules import Mode
from backend.main import create_app
from backend.settings import Settings

SECRET = SecretStr("b" * 40)
NO_BOT = "http://127.0.0.1:9"  # a bot that is away is told of at once: its turns take no part in what is measured
SOON_S = 0.15  # what stands around a message waits for the message, as in talk.js
HTMX = {"HX-Request": "true"}
TOKEN = "benchmark"


@dataclass(frozen=True)
class Spread:
    """Milliseconds from the customer's request: until it is on the screen that has the conversation open, and until its
    row is on the screens of all consoles."""

    consoles: int
    words: list[float]
    rows: list[float]
    fetched: float

    def __str__(self) -> str:
        words, rows = (
            f"median {statistics.median(each):.0f}, worst {max(each):.0f}" for each in (self.words, self.rows)
        )
        return (
            f"{self.consoles:>3} consoles: words on the screen after {words} ms, row on all screens after {rows} ms, "
            f"{self.fetched:.1f} lists fetched a message"
        )


class Console:
    """A browser with the console open."""

    def __init__(self, client: httpx2.AsyncClient, open_id: str, tab: str, awaited: str) -> None:
        self._client, self._open, self._tab, self._awaited = client, open_id, tab, awaited
        self._fetches: dict[str, asyncio.Task[None]] = {}
        self.words_at = self.row_at = 0.0
        self.lists = 0

    async def run(self) -> None:
        """Listen until cancelled."""
        async with self._client.stream("GET", f"/console/stream?open={self._open}&list=yes") as stream:
            name = ""
            async for line in stream.aiter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    self._hear(name, json.loads(line.removeprefix("data: ")))

    def _hear(self, name: str, told: dict[str, Any]) -> None:
        match name:
            case "said" if told["words"]:
                self.words_at = self.words_at or time.perf_counter()
                self._plan("pane", SOON_S)
            case "said" | "conversation":
                self._plan("pane", SOON_S)
            case "rows":
                if any(row["id"] == self._awaited and self._tab in row["keys"] for row in told["rows"]):
                    self.row_at = self.row_at or time.perf_counter()
            case "list":
                self._plan("list", random.random() * told["within_ms"] / 1000)
            case "desk":
                if told["list"]:
                    self._plan("list", random.random() * told["within_ms"] / 1000)

    def _plan(self, what: str, after: float) -> None:
        if what not in self._fetches or self._fetches[what].done():
            self._fetches[what] = asyncio.create_task(self._fetch(what, after))

    async def _fetch(self, what: str, after: float) -> None:
        await asyncio.sleep(after)
        if what == "list":
            (await self._client.post("/console/inbox", data={"tab": self._tab}, headers=HTMX)).raise_for_status()
            self.lists += 1
        else:
            (await self._client.get(f"/console/conversations/{self._open}", headers=HTMX)).raise_for_status()

    async def settled(self) -> None:
        """Wait until it fetches nothing any more."""
        await asyncio.gather(*self._fetches.values())


async def measured(said_at: str, open_at: str, cookies: dict[str, str], ids: list[str], consoles: int) -> Spread:
    """One conversation is open on one console, all others have others open; every list is the one that holds it."""
    unlimited = httpx2.Limits(max_connections=None)
    async with (
        httpx2.AsyncClient(base_url=open_at, cookies=cookies, timeout=30, limits=unlimited) as desk,
        httpx2.AsyncClient(base_url=said_at, timeout=30) as customer,
    ):
        places = [ids[0], *(ids[1 + place % (len(ids) - 1)] for place in range(consoles - 1))]
        opened = [Console(desk, each, "mine", ids[0]) for each in places]
        listening = [asyncio.create_task(each.run()) for each in opened]
        await asyncio.sleep(6)
        words, rows, before = [], [], sum(each.lists for each in opened)
        for number in range(rounds := 15):
            for each in opened:
                each.words_at = each.row_at = 0.0
            began = time.perf_counter()
            said = asyncio.create_task(_say(customer, ids[0], f"还在吗 {number}"))
            while not all(each.row_at for each in opened) or not opened[0].words_at:
                if time.perf_counter() - began > 10:
                    raise TimeoutError("the message is not on all screens within ten seconds")
                await asyncio.sleep(0.002)
            words.append((opened[0].words_at - began) * 1000)
            rows.append((max(each.row_at for each in opened) - began) * 1000)
            await asyncio.wait_for(said, 15)
            await asyncio.sleep(0.5 + random.random())
        fetched = (sum(each.lists for each in opened) - before) / rounds
        await asyncio.gather(*(each.settled() for each in opened))
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
    return Spread(consoles, words, rows, fetched)


async def _say(customer: httpx2.AsyncClient, conversation_id: str, text: str) -> None:
    path, form = f"/api/chat/conversations/{conversation_id}/messages", {"text": text}
    form |= {"client_message_id": secrets.token_hex(8)}
    (await customer.post(path, json=form, headers={"Authorization": f"Bearer {TOKEN}"})).raise_for_status()


def conversations(sessions: db.Sessions, now: datetime) -> list[str]:
    """Some to open. In the first one the benchmark is the customer; the newest agent holds it, so the bot is silent."""
    with db.session_scope(sessions) as session:
        query = select(Conversation).where(Conversation.mode.in_([Mode.WAITING, Mode.HUMAN])).order_by(Conversation.id)
        found = session.scalars(query.limit(50)).all()
        found[0].token_hash = hashlib.sha256(TOKEN.encode()).hexdigest()
        found[0].mode, found[0].agent_id = Mode.HUMAN, session.scalar(select(func.max(Agent.id)))
        found[0].snoozed_until, found[0].lease_until = None, now + timedelta(hours=1)
        return [each.id for each in found]


@contextmanager
def webs(url: str, processes: int) -> Iterator[list[str]]:
    """The addresses of so many web processes on one database."""
    context = multiprocessing.get_context("spawn")
    ports = [_free_port() for _ in range(processes)]
    running = [context.Process(target=_serve, args=[url, port], daemon=True) for port in ports]
    for each in running:
        each.start()
    addresses = [f"http://127.0.0.1:{port}" for port in ports]
    try:
        for each in addresses:
            _wait_for(each)
        yield addresses
    finally:
        for process in running:
            process.terminate()
            process.join(15)


def _serve(url: str, port: int) -> None:
    logs.configure("ERROR")
    app = create_app(Settings(database_url=url, secret_key=SECRET, bot_token=SECRET, bot_url=NO_BOT, log_level="ERROR"))
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, timeout_graceful_shutdown=5)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(address: str) -> None:
    for _ in range(600):
        try:
            if httpx2.get(f"{address}/healthz", timeout=5).status_code < 500:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise TimeoutError(f"{address} does not answer")
