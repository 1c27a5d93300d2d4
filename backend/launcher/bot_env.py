"""The bot's own environment `bot/.venv`: installed when its lock changed, and how to run things in it."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from backend.errors import HotlineError
from backend.launcher.supervisor import Program, run_step, tail
from backend.settings import ROOT, Settings

BOT = ROOT / "bot"
RUNTIME_LOCK, DEV_LOCK = "requirements.lock", "requirements-dev.lock"
PYTHON_LINE = "3.11"  # the only line of Python for which Rasa 3.6 and its pins have wheels here
THREADS = "2"  # of the numeric libraries; more only fight each other on a small machine

Say = Callable[[str], None]


class Obstacle(HotlineError):
    """Something stands in the way; the message says what to do about it."""

    code = "obstacle"


def uv() -> list[str]:
    """The command that starts uv.

    Raises:
        Obstacle: uv is not installed.
    """
    if found := os.environ.get("UV") or shutil.which("uv"):
        return [found]
    if importlib.util.find_spec("uv"):
        return [sys.executable, "-m", "uv"]
    raise Obstacle("uv is needed for the bot's environment and is not on PATH: run `pip install uv`, then try again.")


def python(bot: Path = BOT) -> Path:
    """The bot's interpreter."""
    return bot / ".venv" / "bin" / "python"


def lock_digest(lock: Path) -> str:
    """SHA-256 of a lock file, the sign by which an installed environment is recognised."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _mark(bot: Path) -> Path:
    return bot / ".venv" / "hotline-installed.json"


def installed(*, dev: bool = False, bot: Path = BOT) -> bool:
    """Whether the environment stands and was installed from the present lock (with `dev`: its tests' tools too)."""
    if not python(bot).exists() or not _mark(bot).exists():
        return False
    marks = json.loads(_mark(bot).read_text())
    name = DEV_LOCK if dev else RUNTIME_LOCK
    return bool(marks.get(name) == lock_digest(bot / name))


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Wait for an exclusive lock on a file or folder, shared by all processes; a dead holder lets go by itself."""
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def install(log: Path, say: Say, *, dev: bool = False, stop: threading.Event | None = None, bot: Path = BOT) -> bool:
    """Install the bot's environment when it is missing or its lock changed. Returns whether anything was done.

    Packages come from where uv is told to look (UV_DEFAULT_INDEX); every file must match a hash of the lock.

    Raises:
        Obstacle: uv is missing or an installation step failed; the message shows the end of its log.
    """
    if installed(dev=dev, bot=bot):
        return False
    with held(bot):
        if installed(dev=dev, bot=bot):  # another process did it while we waited
            return False
        _mark(bot).unlink(missing_ok=True)
        lock = bot / (DEV_LOCK if dev else RUNTIME_LOCK)
        if not lock.exists():
            raise Obstacle(f"{lock.name} is missing in {bot.name}/: run `uv run hotline locks --write`.")
        say("installing the bot's environment (1.5 GB, a minute or two)")
        if not python(bot).exists():
            _step([*uv(), "venv", "--clear", "--python", PYTHON_LINE, str(bot / ".venv")], log, stop)
        _step([*uv(), "pip", "sync", "--require-hashes", "--python", str(python(bot)), str(lock)], log, stop)
        names = (RUNTIME_LOCK, DEV_LOCK) if dev else (RUNTIME_LOCK,)
        _mark(bot).write_text(json.dumps({name: lock_digest(bot / name) for name in names}))
    return True


def _step(command: list[str], log: Path, stop: threading.Event | None) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "UV_FROZEN")}
    if run_step(command, environment=environment, log=log, stop=stop):
        raise Obstacle(f"The bot's environment could not be installed:\n{tail(log)}\nThe whole log: {log}")


def addresses(settings: Settings) -> dict[str, str]:
    """The variables by which web, bot and actions find each other and the data directory."""
    return {
        "HOTLINE_DATA_DIR": str(settings.data_dir.resolve()),
        "HOTLINE_BACKEND_URL": settings.backend_url,
        "HOTLINE_ACTIONS_URL": settings.actions_url.removesuffix("/webhook"),
        "HOTLINE_BOT_URL": settings.bot_url,
        "HOTLINE_BOT_TOKEN": settings.bot_token.get_secret_value(),
    }


def environment(settings: Settings, *, log_level: str = "WARNING") -> dict[str, str]:
    """Variables for a process of the bot: loopback only, no telemetry, few threads, quiet logs, no other secret.

    Bytecode is written whatever the shell says: Rasa and its libraries would be compiled anew at each start.
    """
    hidden = ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "HOTLINE_SECRET_KEY", "HOTLINE_DATABASE_URL")
    ours = {key: value for key, value in os.environ.items() if key not in hidden and "TWILIO" not in key}
    return (
        ours
        | addresses(settings)
        | {
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
            "PYTHONWARNINGS": "ignore",  # hundreds, all of them inside Rasa's pinned libraries
            "RASA_TELEMETRY_ENABLED": "false",
            "RASA_MAX_CACHE_SIZE": "0",  # its cache does not see changes in bot/text
            "SANIC_HOST": "127.0.0.1",  # the action server listens on every interface otherwise
            "LOG_LEVEL": log_level,
            "LOG_LEVEL_LIBRARIES": "ERROR",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TF_INTER_OP_PARALLELISM_THREADS": "1",
            "TF_INTRA_OP_PARALLELISM_THREADS": THREADS,
            "OMP_NUM_THREADS": THREADS,
            "OPENBLAS_NUM_THREADS": THREADS,
        }
    )


def rasa_program(settings: Settings, model: Path) -> Program:
    """The Rasa server (`rasa run`, ready sooner) over a trained model, on the loopback port of `settings.bot_url`."""
    command = [
        *(
            str(python()),
            "-m",
            "bot.channels.launch",
            "run",
            "--interface",
            "127.0.0.1",
            "--port",
            port_of(settings.bot_url),
        ),
        *("--model", str(model), "--endpoints", str(BOT / "endpoints.yml")),
        *("--credentials", str(BOT / "credentials.yml")),
    ]
    return _program("bot", command, settings)


def actions_program(settings: Settings) -> Program:
    """The action server over `bot.actions`, on the loopback port of `settings.actions_url`.

    `rasa run actions` starts this same server, but imports all of Rasa first: 300 MB and several seconds more.
    """
    command = [str(python()), "-m", "rasa_sdk", "--actions", "bot.actions"]
    return _program("actions", [*command, "--port", port_of(settings.actions_url)], settings)


def _program(name: str, command: list[str], settings: Settings) -> Program:
    return Program(
        name=name,
        command=command,
        log=settings.data_dir.resolve() / "logs" / f"{name}.log",
        environment=lambda: environment(settings),
        cwd=ROOT,
    )


def port_of(url: str) -> str:
    """The port of a local address such as http://127.0.0.1:5005/x."""
    return str(urlsplit(url).port)
