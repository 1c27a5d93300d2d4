"""`hotline up` from start to stop, with real processes of a few lines in place of web, Rasa and action server."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from backend.launcher import bot_env, embedded, launch, training
from backend.launcher.bot_env import Obstacle
from backend.launcher.launch import House
from backend.settings import Settings, load

SERVER = """#!{python} -SE
import http.server, os, signal, sys
home = os.path.dirname(os.path.abspath(__file__))

with open(os.path.join(home, "started"), "a") as started:
    started.write(" ".join([os.environ.get("HOTLINE_NOW", ""), *sys.argv[1:]]).strip() + "\\n")
if "train" in sys.argv:
    if os.path.exists(os.path.join(home, "broken")):
        sys.exit("nlu/greet.yml is wrong")
    out, model = sys.argv[sys.argv.index("--out") + 1], sys.argv[sys.argv.index("--fixed-model-name") + 1]
    os.makedirs(out)
    open(os.path.join(out, model + ".tar.gz"), "w").close()
    sys.exit()
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *args):
        pass
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
print("text to somebody", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Answer).serve_forever()
"""


class Listener:
    """Hears what the house says."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.steps: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)

    def step(self, text: str) -> None:
        self.steps.append(text)

    def rest(self) -> None:
        self.steps.append("")

    def heard(self, words: str) -> bool:
        return any(words in text for text in self.said)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A data directory of its own; every process of the house is the small server above."""
    server = tmp_path / "server"
    server.write_text(SERVER.format(python=sys.executable))
    server.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(launch, "WEB", (str(server), "web"))
    monkeypatch.setattr(bot_env, "python", lambda: server)
    monkeypatch.setattr(bot_env, "install", lambda *_args, **_options: False)
    for name in ("HOTLINE_SECRET_KEY", "HOTLINE_BOT_TOKEN", "HOTLINE_DATA_DIR"):
        monkeypatch.setenv(name, "")
    yield Settings(
        data_dir=tmp_path / "data", bot_url="http://127.0.0.1:25005", actions_url="http://127.0.0.1:25055/webhook"
    )
    load.cache_clear()


def run(house: House, until: Callable[[], bool], seconds: float = 20) -> int:
    """Run a house until something is true of it, then press Ctrl-C."""

    def watch() -> None:
        deadline = time.monotonic() + seconds
        try:
            while not until() and time.monotonic() < deadline:
                time.sleep(0.02)
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=watch, daemon=True).start()
    return house.run()


def new_house(settings: Settings, listener: Listener, *, with_bot: bool = True) -> House:
    with embedded.reserved_port(28_000, besides=0) as port:
        return House(settings, host="127.0.0.1", port=port, with_bot=with_bot, voice=listener)


def started(tmp_path: Path) -> list[str]:
    noted = tmp_path / "started"
    return noted.read_text().splitlines() if noted.exists() else []


def test_the_web_opens_first_then_the_bot_is_trained_and_started_and_one_signal_stops_all(
    settings: Settings, tmp_path: Path
) -> None:
    listener = Listener()
    house = new_house(settings, listener)
    assert run(house, lambda: listener.heard("Hotline is ready")) == 0
    kinds = [line.split(" --")[0] for line in started(tmp_path)]
    assert kinds[:2] == ["web", "-m rasa train"]
    assert sorted(kinds[2:]) == ["-m bot.channels.launch run", "-m rasa_sdk"]
    assert [word for word in ("The web is up", "Hotline is ready", "has stopped") if listener.heard(word)] == [
        "The web is up",
        "Hotline is ready",
        "has stopped",
    ]
    assert embedded.status(f"{house.url}/healthz") is None
    assert all(not child.is_alive() for child in house.supervisor.children)


def test_the_ready_line_names_pages_and_login(settings: Settings) -> None:
    listener = Listener()
    house = new_house(settings, listener, with_bot=False)
    (settings.data_dir / "first-agent").write_text("open-sesame")
    assert run(house, lambda: listener.heard("Hotline is ready")) == 0
    ready = next(text for text in listener.said if "Hotline is ready" in text)
    assert f"{house.url}/console/" in ready
    assert "sign in as       agent   password open-sesame" in ready
    assert "--sms +8613800138000" in ready


def test_a_second_start_trains_nothing(settings: Settings, tmp_path: Path) -> None:
    for _ in range(2):
        listener = Listener()
        house = new_house(settings, listener)
        run(house, lambda listener=listener: listener.heard("Hotline is ready"))
    assert sum("rasa train" in line for line in started(tmp_path)) == 1


def test_what_the_console_carrier_prints_is_seen(settings: Settings) -> None:
    listener = Listener()
    run(new_house(settings, listener, with_bot=False), lambda: listener.heard("text to somebody"))
    assert listener.heard("text to somebody")


def test_a_failed_training_serves_the_last_good_model_and_says_so(settings: Settings, tmp_path: Path) -> None:
    kept = settings.data_dir / "models" / "0123456789abcdef.tar.gz"
    kept.parent.mkdir(parents=True)
    kept.touch()
    (tmp_path / "broken").touch()
    listener = Listener()
    run(new_house(settings, listener), lambda: listener.heard("Hotline is ready"))
    assert listener.heard("nlu/greet.yml is wrong")
    assert listener.heard("last good model")
    assert any(str(kept) in line for line in started(tmp_path))


def test_without_any_model_the_web_goes_on_and_the_trouble_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    listener = Listener()
    house = new_house(settings, listener)
    answers: list[int | None] = []

    def told() -> bool:
        if listener.heard("goes on without the bot"):
            answers.append(embedded.status(f"{house.url}/healthz"))
        return bool(answers)

    assert run(house, told) == 0
    assert answers == [200]


def test_a_restarted_web_does_not_live_the_same_hour_twice(settings: Settings, tmp_path: Path) -> None:
    listener = Listener()
    demo = settings.model_copy(update={"now": datetime.fromisoformat("2026-02-13T17:50+08:00")})
    house = new_house(demo, listener, with_bot=False)

    killed: list[int] = []

    def restarted() -> bool:
        pid = house.supervisor.children[0].pid if listener.heard("Hotline is ready") else None
        if pid and not killed:
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)
        return len(started(tmp_path)) == 2

    run(house, restarted)
    first, second = (line.split()[0] for line in started(tmp_path))
    assert first.startswith("2026-02-13T09:50:0")
    assert second > first


def test_a_taken_port_is_refused_before_anything_starts(settings: Settings, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        house = House(settings, host="127.0.0.1", port=other.getsockname()[1], with_bot=True, voice=Listener())
        with pytest.raises(Obstacle, match="--port"):
            house.run()
    assert not (tmp_path / "started").exists()


def test_a_second_house_in_the_same_directory_is_refused(settings: Settings) -> None:
    listener = Listener()
    refusals: list[str] = []

    def second() -> bool:
        if listener.heard("Hotline is ready") and not refusals:
            try:
                new_house(settings, Listener()).run()
            except Obstacle as obstacle:
                refusals.append(str(obstacle))
        return bool(refusals)

    run(new_house(settings, listener, with_bot=False), second)
    assert "Another Hotline" in refusals[0]


def test_a_web_that_cannot_start_ends_the_house_with_its_last_words(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "WEB", (sys.executable, "-c", "raise SystemExit('calendar.yaml is broken')"))
    with pytest.raises(Obstacle, match=r"calendar\.yaml is broken"):
        new_house(settings, Listener()).run()


def test_a_stop_during_training_ends_the_training(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    entered = threading.Event()

    def endless(*_args: object, stop: threading.Event, **_options: object) -> Path:
        entered.set()
        stop.wait(20)
        raise Obstacle("stopped")

    monkeypatch.setattr(training, "train", endless)
    began = time.monotonic()
    assert run(new_house(settings, Listener()), entered.is_set) == 0
    assert time.monotonic() - began < 10
