"""Whole chat turns against a vanilla `rasa init` bot, in one run on one machine.

    uv run python tests/benchmarks/chat_turns.py [--rounds 3] [--seconds 8] [--json FILE]

Prints, for 1 and 4 clients: p50, p95 and turns per second of both, their ratios; the time until web and bot are ready;
the memory of all processes. The house answers over its public chat API with everything stored (HTTP in, bot, database,
HTTP out); the peer over Rasa's REST channel with its defaults. Both are warmed up first; blocks alternate, so that a
noisy machine disturbs both.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2 as httpx
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[2]
RASA = ROOT / "bot" / ".venv" / "bin" / "rasa"
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
VANILLA_TALK = ["hello", "I am sad", "no", "hi", "I am great", "bye"]
HOUSE_TALK = [
    "你好",
    "热水器不出热水，显示E3",
    "型号不知道，去年双十一买的",
    "我姓王，电话13800138000",
    "广东省佛山市顺德区大良街道新桂路8号",
    "算了不修了",
]
Talk = Callable[[httpx.Client], Iterator[Callable[[], httpx.Response]]]


@dataclass
class Block:
    """Durations in seconds of the turns of one side, and how long the blocks took in all."""

    turns: list[float] = field(default_factory=list)
    wall: float = 0.0

    def figures(self) -> dict[str, float]:
        cuts = statistics.quantiles(self.turns, n=20)
        return {
            "p50_ms": statistics.median(self.turns) * 1000,
            "p95_ms": cuts[18] * 1000,
            "turns_per_s": len(self.turns) / self.wall,
        }


@contextmanager
def process(command: list[str], cwd: Path, log: Path, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process group that is ended when the block ends."""
    with log.open("wb") as output:
        child = subprocess.Popen(
            command, cwd=cwd, stdout=output, stderr=output, env=os.environ | QUIET | env, start_new_session=True
        )
    try:
        yield child
    finally:
        os.killpg(child.pid, signal.SIGTERM)
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], what: str, limit_s: float = 600) -> float:
    """Seconds until something is ready."""
    started = time.perf_counter()
    while time.perf_counter() - started < limit_s:
        try:
            if ready():
                return time.perf_counter() - started
        except httpx.HTTPError:
            time.sleep(0.02)
        time.sleep(0.05)
    raise SystemExit(f"{what} was not ready within {limit_s:.0f} s; see the log beside the data")


def vanilla_talk(url: str) -> Talk:
    def talk(client: httpx.Client) -> Iterator[Callable[[], httpx.Response]]:
        sender = uuid.uuid4().hex
        for text in VANILLA_TALK:
            body = {"sender": sender, "message": text}
            yield lambda body=body: client.post(f"{url}/webhooks/rest/webhook", json=body)

    return talk


def house_talk(url: str) -> Talk:
    def talk(client: httpx.Client) -> Iterator[Callable[[], httpx.Response]]:
        opened = client.post(f"{url}/api/chat/conversations", json={"language": "zh"}).raise_for_status().json()
        address = f"{url}/api/chat/conversations/{opened['conversation_id']}/messages"
        headers = {"Authorization": f"Bearer {opened['token']}"}
        for text in HOUSE_TALK:
            body = {"client_message_id": uuid.uuid4().hex, "text": text}
            yield lambda body=body: client.post(address, json=body, headers=headers)

    return talk


def run_block(talk: Talk, clients: int, seconds: float, block: Block) -> None:
    """Let some clients talk for some seconds; every turn must be answered with at least one message."""
    lock, ends, faults = threading.Lock(), time.perf_counter() + seconds, []

    def speak() -> None:
        with httpx.Client(timeout=30, trust_env=False) as client:
            while time.perf_counter() < ends and not faults:
                for turn in talk(client):
                    started = time.perf_counter()
                    answer = turn().raise_for_status().json()
                    took = time.perf_counter() - started
                    if not (answer["messages"] if isinstance(answer, dict) else answer):
                        faults.append(answer)
                    with lock:
                        block.turns.append(took)

    began = time.perf_counter()
    threads = [threading.Thread(target=speak) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    block.wall += time.perf_counter() - began
    if faults:
        raise SystemExit(f"a turn was not answered: {faults[0]}")


def memory_mb(root_pid: int) -> float:
    """Resident memory of a process and all its descendants."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(fields["Pid"])] = (int(fields["PPid"]), int(fields.get("VmRSS", "0 kB").split()[0]))
    family, grown = {root_pid}, True
    while grown:
        found = {pid for pid, (parent, _) in parents.items() if parent in family} - family
        family, grown = family | found, bool(found)
    return sum(parents[pid][1] for pid in family if pid in parents) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        report = measure(Path(scratch), options.rounds, options.seconds)
    show(report)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2))


def measure(scratch: Path, rounds: int, seconds: float) -> dict[str, dict[str, float]]:
    vanilla_dir, vanilla_port, house_port = scratch / "vanilla", free_port(), free_port()
    vanilla_dir.mkdir()
    print("training the vanilla bot …", file=sys.stderr)
    subprocess.run(
        [RASA, "init", "--no-prompt"], cwd=vanilla_dir, env=os.environ | QUIET, check=True, capture_output=True
    )
    data_dir = os.environ.get("HOTLINE_DATA_DIR", str(ROOT / ".hotline"))
    subprocess.run(["hotline", "train"], cwd=ROOT, check=True)
    report: dict[str, dict[str, float]] = {"vanilla": {}, "house": {}}
    vanilla_url, house_url = f"http://127.0.0.1:{vanilla_port}", f"http://127.0.0.1:{house_port}"
    vanilla = [str(RASA), "run", "-p", str(vanilla_port), "-i", "127.0.0.1", "--enable-api"]
    house = ["hotline", "up", "--port", str(house_port)]
    with process(vanilla, vanilla_dir, scratch / "vanilla.log") as peer:
        loaded = f"{vanilla_url}/status"
        report["vanilla"]["bot_ready_s"] = wait_until(
            lambda: httpx.get(loaded).json().get("model_file") is not None, "the vanilla bot"
        )
        with process(house, ROOT, scratch / "house.log", HOTLINE_DATA_DIR=data_dir) as ours:
            report["house"]["web_ready_s"] = wait_until(lambda: httpx.get(f"{house_url}/healthz").is_success, "web")
            report["house"]["bot_ready_s"] = report["house"]["web_ready_s"] + wait_until(
                lambda: httpx.get(f"{house_url}/readyz").json()["bot"] == "ready", "the bot"
            )
            talks = {"vanilla": vanilla_talk(vanilla_url), "house": house_talk(house_url)}
            for side, talk in talks.items():
                run_block(talk, 2, 3, Block())
                report[side]["memory_mb"] = memory_mb(peer.pid if side == "vanilla" else ours.pid)
            for clients in (1, 4):
                blocks = {"vanilla": Block(), "house": Block()}
                for _ in range(rounds):
                    for side, talk in talks.items():
                        run_block(talk, clients, seconds, blocks[side])
                for side, block in blocks.items():
                    report[side] |= {f"{name}_{clients}": value for name, value in block.figures().items()}
                    report[side][f"turns_{clients}"] = len(block.turns)
    return report


def show(report: dict[str, dict[str, float]]) -> None:
    table = Table("figure", "vanilla", "house", "house / vanilla")
    for name in dict.fromkeys([*report["house"], *report["vanilla"]]):
        theirs, ours = report["vanilla"].get(name), report["house"].get(name)
        ratio = f"{ours / theirs:.2f}" if ours and theirs else "–"
        table.add_row(name, *(f"{value:.1f}" if value is not None else "–" for value in (theirs, ours)), ratio)
    Console().print(table)


if __name__ == "__main__":
    main()
