"""How soon the carrier's webhooks are answered at 50 requests a second, with the bot dead, slow and well.

    uv run python -m tests.benchmarks.webhooks [--postgresql URL] [--per-second 50] [--seconds 20] [--processes 1]

The web runs as a process of its own, or as several that callers reach in turn; the bot is a small server here: it is
not there, takes 30 seconds, or answers at once. Requests leave at their time whether or not earlier ones have been
answered, signed as the carrier signs; every caller and writer is somebody else. The peer is `/healthz`, asked in
between in the same run: what this machine needs for an answer without any work. What the web computes for a request,
with turns and answers, says more than the clock where other work goes on. Ends with 1 when the slowest of a hundred
takes longer than the rule allows: 0.5 s for a text, 2 s for a call.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
from rich.console import Console
from rich.table import Table

from backend.settings import ROOT
from telephony import simulator
from telephony.handset import Answer, Call, Fetch, Keys, Speech, advance, begin
from tests.benchmarks.scratch import database

SECRET = "b" * 40
RULES_S = {"text": 0.5, "call": 2.0}
SLOW_S = 30.0
NUMBERS = itertools.count(10_000_000)
GOOD = json.dumps({"messages": [{"text": "热水器装在哪里？", "buttons": []}], "expects": "address"}).encode()


class Bot(BaseHTTPRequestHandler):
    """Answers every question the same way, after `wait_s`."""

    wait_s = 0.0
    protocol_version = "HTTP/1.1"  # connections stay open, as with the real one

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(self.wait_s)
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        try:
            self.send_response(200)
            self.send_header("Content-Length", str(len(GOOD)))
            self.end_headers()
            self.wfile.write(GOOD)
        except (BrokenPipeError, ConnectionResetError):  # whoever asked has given up: that is the point
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Quiet."""


class BotServer(ThreadingHTTPServer):
    """Whoever asked may leave without a word."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def bot(state: str) -> Iterator[str]:
    """A bot that is dead, slow or well; its address."""
    if state == "dead":
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            yield f"http://127.0.0.1:{free.getsockname()[1]}"
        return
    server = BotServer(("127.0.0.1", 0), type("Its", (Bot,), {"wait_s": SLOW_S if state == "slow" else 0.0}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


@dataclass(frozen=True)
class Served:
    """A process of the web: its address and its id."""

    base: str
    pid: int

    def computed(self) -> float:
        """Seconds of one core it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def web(url: str, bot_url: str) -> Iterator[Served]:
    """The web as a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        own = {
            "HOTLINE_DATABASE_URL": url,
            "HOTLINE_DATA_DIR": folder,
            "HOTLINE_BOT_URL": bot_url,
            "HOTLINE_SECRET_KEY": SECRET,
            "HOTLINE_BOT_TOKEN": SECRET,
            "HOTLINE_NOW": "2026-11-24T10:05:00+08:00",
            "HOTLINE_LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, "-m", "backend.cli", "web", "--prepare", "--port", str(port)]
        with (Path(folder) / "web.log").open("w") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **own}, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz")
            yield Served(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()
            process.wait(60)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            if httpx2.get(url, timeout=2, trust_env=False).status_code == 200:
                return
        except httpx2.HTTPError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)


class Load:
    """Sends requests at their time and remembers how long each took."""

    def __init__(self, client: httpx2.AsyncClient, bases: Sequence[str], per_second: float) -> None:
        self.client, self.per_second = client, per_second
        self._bases = itertools.cycle(bases)
        self.took: list[float] = []
        self.failed: Counter[str] = Counter()
        self.computed = 0.0

    async def run(self, seconds: float, ask: Callable[[], Awaitable[None]]) -> None:
        began, asked = time.monotonic(), []
        for number in range(round(seconds * self.per_second)):
            await asyncio.sleep(max(0.0, began + number / self.per_second - time.monotonic()))
            asked.append(asyncio.create_task(ask()))
        await asyncio.gather(*asked)

    async def send(self, fetch: Fetch) -> Answer:
        headers, began = simulator.signed(fetch, simulator.token(SECRET)), time.monotonic()
        try:
            answer = await self.client.post(fetch.url, data=dict(fetch.form), headers=headers)
        except httpx2.HTTPError as error:
            self.failed[type(error).__name__] += 1
            return Answer(0, "", "")
        self.took.append(time.monotonic() - began)
        if answer.status_code != 200:
            self.failed[str(answer.status_code)] += 1
        return Answer(answer.status_code, answer.headers.get("content-type", ""), answer.text)

    async def text(self) -> None:
        sid, sender = "SM" + secrets.token_hex(16), f"+86138{next(NUMBERS):08}"
        form = simulator.inbound_form(sid=sid, sender=sender, body="热水器不热了")
        await self.send(Fetch(f"{next(self._bases)}/telephony/sms", "POST", form))

    async def health(self) -> None:
        began = time.monotonic()
        await self.client.get(f"{next(self._bases)}/healthz")
        self.took.append(time.monotonic() - began)


class Calls(Load):
    """Callers: some ring, some press their first key, some say what is the matter; each request is one of the load."""

    def __init__(self, client: httpx2.AsyncClient, bases: Sequence[str], per_second: float) -> None:
        super().__init__(client, bases, per_second)
        self._open: list[Call] = []
        self._greeted: set[str] = set()

    async def step(self) -> None:
        """The next thing a caller does."""
        if not self._open:
            base = next(self._bases)
            new = simulator.new_call(caller=f"+86139{next(NUMBERS):08}", now=0, base=base)
            await self._take(begin(new, f"{base}/telephony/voice").call)
            return
        call = self._open.pop(0)
        if isinstance(call.waits_for, Fetch):  # asked to wait a moment: the carrier comes back
            await self._take(call)
            return
        does = Speech("热水器不热了") if call.sid in self._greeted else Keys("1")
        self._greeted.add(call.sid)
        await self._take(advance(call, does, 1).call)

    async def _take(self, call: Call) -> None:
        if isinstance(call.waits_for, Fetch):
            call = advance(call, await self.send(call.waits_for), 1).call
        if not call.is_over and call.queue is None:
            self._open.append(call)


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies; 0 without values."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0


REST_S = 1.0
"""Between two loads: the web ends what it began."""


async def measure(web_: Sequence[Served], seconds: float, per_second: float) -> dict[str, Load]:
    """All three loads, one after the other; the peer is asked at the same rate."""
    limits = httpx2.Limits(max_connections=400, keepalive_expiry=2)  # closed here before the web closes them
    async with httpx2.AsyncClient(timeout=30, trust_env=False, limits=limits) as client:
        bases = [each.base for each in web_]
        peer, texts, calls = (kind(client, bases, per_second) for kind in (Load, Load, Calls))
        await peer.run(seconds / 4, peer.health)
        for load, ask in ((texts, texts.text), (calls, calls.step)):  # type: ignore[attr-defined]
            before = sum(each.computed() for each in web_)
            await load.run(seconds, ask)
            load.computed = sum(each.computed() for each in web_) - before
            await asyncio.sleep(REST_S)
        return {"healthz": peer, "text": texts, "call": calls}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", help="a PostgreSQL server; a schema of its own is made there; else SQLite")
    parser.add_argument("--per-second", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--processes", type=int, default=1, help="several need --postgresql")
    options = parser.parse_args()
    if options.processes > 1 and not options.postgresql:
        parser.error("several processes need PostgreSQL")
    table = Table("bot", "what", "requests", "p50 s", "p99 s", "p99 to healthz", "computed ms", "failed", "good")
    is_good = True
    for state in ("dead", "slow", "well"):
        with database(options.postgresql) as url, bot(state) as bot_url, ExitStack() as stack:
            web_ = [stack.enter_context(web(url, bot_url)) for _ in range(options.processes)]
            loads = asyncio.run(measure(web_, options.seconds, options.per_second))
        peer = percentile(loads["healthz"].took, 0.99)
        for what, load in loads.items():
            p99 = percentile(load.took, 0.99)
            good = what not in RULES_S or (p99 < RULES_S[what] and not load.failed)
            is_good = is_good and good
            table.add_row(
                state, what, str(len(load.took)), f"{percentile(load.took, 0.5):.3f}", f"{p99:.3f}",
                f"{p99 / peer:.1f}" if peer else "–", f"{1000 * load.computed / max(1, len(load.took)):.1f}",
                str(dict(load.failed) or "–"), "yes" if good else "no",
            )  # fmt: skip
    Console(width=110).print(table)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
