"""The inbox when much is stored, and how soon a message is on fifty open consoles. Run by hand; exit code 1: too slow.

    uv run python -m tests.benchmarks.inbox [--database URL of a PostgreSQL server] [--conversations N] [--messages N]

Server time is what the route takes in this process, without the network. A message is "on a console" when the page
that has the conversation open could show it: its stream has told it, and the pane it then fetches has arrived.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import secrets
import socket
import statistics
import threading
import time

import httpx2
import uvicorn
from pydantic import SecretStr
from sqlalchemy import select

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

PAGE_MS, LIVE_MS, CONSOLES = 100, 200, 50
SECRET = SecretStr("b" * 40)


def signed_in(sessions: db.Sessions, now: object) -> str:
    """The cookie of an agent who has just signed in."""
    token = secrets.token_urlsafe(16)
    with db.session_scope(sessions) as session:
        agent = agents.add(session, "bench", "correct horse battery", name="陈晓", now=now)  # type: ignore[arg-type]
        session.flush()
        digest = hashlib.sha256(token.encode()).hexdigest()
        session.add(AgentSession(token_hash=digest, agent_id=agent.id, created_at=now, seen_at=now))
    return token


def serve(app: object) -> tuple[uvicorn.Server, threading.Thread, str]:
    """The application on a free port of the loopback."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))  # type: ignore[arg-type]
    thread = threading.Thread(target=asyncio.run, args=[server.serve(sockets=[listening])], daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    return server, thread, f"http://127.0.0.1:{listening.getsockname()[1]}"


def took(client: httpx2.Client, method: str, path: str, times: int = 15, **form: str) -> float:
    """Median milliseconds of a request, once it is warm."""
    spent = []
    for _ in range(times + 2):
        began = time.perf_counter()
        client.request(method, path, data=form or None).raise_for_status()
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent[2:])


async def live(url: str, cookies: dict[str, str], sessions: db.Sessions, app: object, rounds: int = 8) -> list[float]:
    """Milliseconds from a customer's message until all consoles have its pane, for each round."""
    house = app.state.house  # type: ignore[attr-defined]
    with db.session_scope(sessions) as session:
        opened = session.scalars(select(Conversation).where(Conversation.mode == Mode.HUMAN).limit(1)).one().id
    heard: list[float] = []
    waits = asyncio.Event()
    async with httpx2.AsyncClient(base_url=url, cookies=cookies, timeout=30) as client:

        def note(line: str) -> None:
            if line == "event: conversation" and waits.is_set():
                heard.append(time.perf_counter())

        async def console() -> None:
            async with client.stream("GET", f"/console/stream?open={opened}") as stream:
                async for line in stream.aiter_lines():
                    note(line)

        consoles = [asyncio.create_task(console()) for _ in range(CONSOLES)]
        await asyncio.sleep(6)
        spent = []
        for number in range(rounds):
            heard.clear()
            waits.set()
            began = time.perf_counter()
            await asyncio.to_thread(_say, house, opened, f"还在吗 {number}")
            while len(heard) < CONSOLES and time.perf_counter() - began < 10:
                await asyncio.sleep(0.002)
            told = max(heard, default=began + 10) - began
            pane = time.perf_counter()
            (await client.get(f"/console/conversations/{opened}", headers={"HX-Request": "true"})).raise_for_status()
            spent.append((told + time.perf_counter() - pane) * 1000)
            waits.clear()
            await asyncio.sleep(1.5)
        for each in consoles:
            each.cancel()
        await asyncio.gather(*consoles, return_exceptions=True)
    return spent


def _say(house: object, conversation_id: str, text: str) -> None:
    with db.session_scope(house.sessions) as session:  # type: ignore[attr-defined]
        conversation = service.hold(session, conversation_id)
        service.hear(session, conversation, text, now=house.clock.now(), client_message_id=secrets.token_hex(8))  # type: ignore[attr-defined]
    house.bus.publish(f"conversation:{conversation_id}", type="changed")  # type: ignore[attr-defined]
    house.bus.publish("desk", conversation=conversation_id)  # type: ignore[attr-defined]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", help="a PostgreSQL server's URL; default: SQLite")
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    asked = parser.parse_args()
    logs.configure("ERROR")
    with scratch.database(asked.database) as url:
        engine, now = db.make_engine(url), WallClock(None).now()
        sessions = db.make_sessions(engine)
        token = signed_in(sessions, now)
        began = time.perf_counter()
        with db.session_scope(sessions) as session:
            big_seed.run(session, conversations=asked.conversations, messages=asked.messages, now=now)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
        print(f"seeded in {time.perf_counter() - began:.0f} s", flush=True)
        limits.forget()
        app = create_app(Settings(database_url=url, secret_key=SECRET, bot_token=SECRET, log_level="ERROR"))
        server, thread, address = serve(app)
        cookies = {"hotline": token}
        with httpx2.Client(base_url=address, cookies=cookies, headers={"HX-Request": "true"}, timeout=60) as client:
            pages = {
                tab: took(client, "POST", "/console/inbox", tab=tab)
                for tab in ("waiting", "mine", "bot", "all", "closed")
            }
            whole = took(client, "GET", "/console/")
            found = {
                q: took(client, "POST", "/console/inbox", times=3, tab="all", q=q)
                for q in ("1234", "BIG00000300", "煤气味", "nothing at all")
            }
        spent = asyncio.run(live(address, cookies, sessions, app))
        server.should_exit = True
        thread.join(10)
        engine.dispose()
    for name, ms in {"first page": whole, **pages}.items():
        print(f"{name:>12}: {ms:6.1f} ms")
    for name, ms in found.items():
        print(f"search {name!r}: {ms:.1f} ms")
    print(f"live message on {CONSOLES} consoles: median {statistics.median(spent):.0f} ms, worst {max(spent):.0f} ms")
    return int(max(whole, *pages.values()) > PAGE_MS or statistics.median(spent) > LIVE_MS)


if __name__ == "__main__":
    raise SystemExit(main())
