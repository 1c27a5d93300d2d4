"""Installing the bot's environment, with a small stand-in for uv; nothing is downloaded."""

from __future__ import annotations

import importlib.util
import sys
import threading
import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from backend.launcher import bot_env
from backend.launcher.bot_env import Obstacle
from backend.settings import Settings

FAKE_UV = """#!{python}
import os, pathlib, sys
home = pathlib.Path(__file__).parent
with open(home / "calls", "a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
if (home / "broken").exists():
    sys.exit("no such package")
if sys.argv[1] == "venv":
    interpreter = pathlib.Path(sys.argv[-1]) / "bin" / "python"
    interpreter.parent.mkdir(parents=True)
    interpreter.touch()
"""


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bot folder with locks, and a uv that only notes what it is asked to do."""
    folder = tmp_path / "bot"
    folder.mkdir()
    (folder / "requirements.lock").write_text("rasa==1 --hash=sha256:0\n")
    (folder / "requirements-dev.lock").write_text("rasa==1 --hash=sha256:0\npytest==1 --hash=sha256:0\n")
    uv = tmp_path / "uv"
    uv.write_text(FAKE_UV.format(python=sys.executable))
    uv.chmod(0o755)
    monkeypatch.setenv("UV", str(uv))
    return folder


def calls(bot: Path) -> list[str]:
    noted = bot.parent / "calls"
    return [line.split(" --")[0] for line in noted.read_text().splitlines()] if noted.exists() else []


def install(bot: Path, *, dev: bool = False) -> bool:
    return bot_env.install(bot.parent / "install.log", lambda _: None, dev=dev, bot=bot)


def test_a_missing_environment_is_made_and_filled_from_the_lock(bot: Path) -> None:
    assert install(bot)
    assert calls(bot) == ["venv", "pip sync"]
    assert "--require-hashes" in (bot.parent / "calls").read_text()
    assert bot_env.installed(bot=bot)


def test_a_second_start_installs_nothing(bot: Path) -> None:
    install(bot)
    assert not install(bot)
    assert calls(bot) == ["venv", "pip sync"]


def test_a_changed_lock_is_installed_into_the_same_environment(bot: Path) -> None:
    install(bot)
    (bot / "requirements.lock").write_text("rasa==2 --hash=sha256:0\n")
    assert not bot_env.installed(bot=bot)
    assert install(bot)
    assert calls(bot) == ["venv", "pip sync", "pip sync"]


def test_the_tools_of_the_tests_come_on_demand_and_serve_the_bot_too(bot: Path) -> None:
    install(bot)
    assert not bot_env.installed(dev=True, bot=bot)
    assert install(bot, dev=True)
    assert bot_env.installed(dev=True, bot=bot)
    assert not install(bot)


def test_an_installation_that_broke_off_is_not_taken_for_done(bot: Path) -> None:
    (bot.parent / "broken").touch()
    with pytest.raises(Obstacle, match="no such package"):
        install(bot)
    (bot.parent / "broken").unlink()
    assert install(bot)


def test_two_starts_at_once_install_once(bot: Path) -> None:
    done: list[bool] = []
    threads = [threading.Thread(target=lambda: done.append(install(bot))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, False, False, True]


def test_a_missing_lock_says_how_to_write_it(bot: Path) -> None:
    (bot / "requirements.lock").unlink()
    with pytest.raises(Obstacle, match="hotline locks --write"):
        install(bot)


def test_a_missing_uv_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(Obstacle, match="pip install uv"):
        bot_env.uv()


def test_the_bot_gets_the_addresses_and_no_secret_of_the_service(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOTLINE_SECRET_KEY", "s" * 32)
    monkeypatch.setenv("HOTLINE_TWILIO_AUTH_TOKEN", "t" * 32)
    environment = bot_env.environment(Settings(data_dir=tmp_path, bot_token=SecretStr("b" * 32)))
    assert environment["HOTLINE_BOT_TOKEN"] == "b" * 32
    assert environment["HOTLINE_BACKEND_URL"] == "http://127.0.0.1:8000"
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"
    assert environment["SANIC_HOST"] == "127.0.0.1"
    assert "HOTLINE_SECRET_KEY" not in environment
    assert "HOTLINE_TWILIO_AUTH_TOKEN" not in environment


def test_bot_and_actions_listen_on_loopback_at_the_ports_of_their_addresses(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, bot_url="http://127.0.0.1:6005", actions_url="http://127.0.0.1:6055/webhook")
    rasa = " ".join(bot_env.rasa_program(settings, tmp_path / "m.tar.gz").command)
    assert "--interface 127.0.0.1 --port 6005" in rasa
    assert "--port 6055" in " ".join(bot_env.actions_program(settings).command)


def test_a_lock_on_a_folder_keeps_others_waiting(tmp_path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with bot_env.held(tmp_path):
            order.append("second")

    with bot_env.held(tmp_path):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.1)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]
