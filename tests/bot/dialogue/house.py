"""The bot as it runs: a trained model in the Rasa server, the official action server, a fake backend behind them."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from fake_backend import NOW, FakeBackend

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "a-token-for-the-tests-of-the-bot-only"
READY_WITHIN_S = 90.0

_numbers = count(1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class House:
    """Starts the two processes on free ports; `conversation` opens a new customer."""

    def __init__(self, model: Path, folder: Path) -> None:
        self.model, self.folder = model, folder
        self.backend = FakeBackend(TOKEN)
        self.port, self.actions_port = free_port(), free_port()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        self.start_actions()
        self.start_rasa()

    def start_actions(self) -> None:
        self._start("actions", "-m", "rasa_sdk", "--actions", "bot.actions", "-p", str(self.actions_port))
        self._wait_for(f"http://127.0.0.1:{self.actions_port}/health")

    def start_rasa(self) -> None:
        self._start(
            "rasa",
            "-m",
            "bot.channels.launch",
            "run",
            "--port",
            str(self.port),
            "-i",
            "127.0.0.1",
            "--model",
            str(self.model),
            "--endpoints",
            "bot/endpoints.yml",
            "--credentials",
            "bot/credentials.yml",
        )
        self._wait_for(f"{self.url}/health")

    def kill(self, name: str) -> None:
        """As the machine would: no goodbye."""
        process = self._processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def sleep_over(self, customer: Conversation, hours: float = 5) -> None:
        """The bot wakes up on a memory that is so many hours older."""
        self.kill("rasa")
        with sqlite3.connect(self.folder / "bot.sqlite3") as memory:
            rows = memory.execute("select id, body from event where conversation_id = ?", (customer.id,)).fetchall()
            for number, body in rows:
                event = json.loads(body)
                event["timestamp"] -= hours * 3600
                memory.execute("update event set body = ? where id = ?", (json.dumps(event), number))
        self.start_rasa()

    def stop(self) -> None:
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        self.backend.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/hotline"

    def conversation(self, language: str = "zh", channel: str = "web") -> Conversation:
        return Conversation(self, f"c{next(_numbers)}-{os.getpid()}", language, channel)

    def post(self, body: Any, token: str = TOKEN, to: str = "webhook") -> tuple[int, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return self._ask(urllib.request.Request(f"{self.url}/{to}", raw, headers))

    def _ask(self, request: urllib.request.Request) -> tuple[int, Any]:
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.loads(response.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def _start(self, name: str, *arguments: str) -> None:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
            "RASA_TELEMETRY_ENABLED": "false",
            "SANIC_HOST": "127.0.0.1",
            "HOTLINE_BOT_TOKEN": TOKEN,
            "HOTLINE_BACKEND_URL": self.backend.url,
            "HOTLINE_ACTIONS_URL": f"http://127.0.0.1:{self.actions_port}",
            "HOTLINE_DATA_DIR": str(self.folder),
        }
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    def _wait_for(self, url: str) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            try:
                if self._ask(urllib.request.Request(url))[0] == 200:
                    return
            except (OSError, ValueError):
                pass
            if any(process.poll() is not None for process in self._processes.values()):
                break
            time.sleep(0.1)
        raise AssertionError(f"{url} was not ready; see the logs in {self.folder}")


@dataclass
class Conversation:
    """One customer. `say` returns the whole answer; `heard` is its text in one string."""

    house: House
    id: str
    language: str
    channel: str
    answer: dict[str, Any] = field(default_factory=dict)
    turns: int = 0

    def say(self, text: str, message_id: str | None = None) -> str:
        self.turns += 1
        status, self.answer = self.house.post(
            {
                "conversation_id": self.id,
                "message_id": message_id or f"{self.id}-{self.turns}",
                "text": text,
                "channel": self.channel,
                "language": self.language,
                "now": NOW.isoformat(),
            }
        )
        assert status == 200, (status, self.answer)
        return self.heard

    @property
    def heard(self) -> str:
        return "\n".join(message["text"] for message in self.answer["messages"])

    @property
    def expects(self) -> str | None:
        return self.answer["expects"]

    @property
    def buttons(self) -> list[str]:
        return [button["payload"] for message in self.answer["messages"] for button in message["buttons"]]

    @property
    def tickets(self) -> list[dict[str, Any]]:
        return [ticket for (conversation, _), ticket in self.house.backend.tickets.items() if conversation == self.id]
