"""The embedded default: a data directory that keeps everything, secrets included, with one owner at a time."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import secrets
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from backend.launcher.bot_env import Obstacle
from backend.settings import Settings, load

SECRETS = {"secret_key": "secret-key", "bot_token": "bot-token"}  # setting → file, mode 0600
FIRST_AGENT, FIRST_AGENT_FILE = "agent", "first-agent"  # as `agents.service.ensure_first_agent` makes them
LOOPBACK = "127.0.0.1"


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner may read, never readable by others even for a moment."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def make_folder(settings: Settings) -> Path:
    """The data directory, made for its owner alone when it is missing."""
    folder = settings.data_dir.resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def settle(settings: Settings, *, make: bool) -> Settings:
    """Take secrets that are not set from the data directory; with `make`, create directory and secrets first.

    They become environment variables of this process and so of its children. Returns the settings with them.
    """
    folder = make_folder(settings) if make else settings.data_dir.resolve()
    found: dict[str, SecretStr | Path] = {"data_dir": folder}
    for field, name in SECRETS.items():
        kept = folder / name
        if getattr(settings, field).get_secret_value():
            continue
        if make and not kept.exists():
            write_private(kept, secrets.token_hex(32))
        if kept.exists():
            found[field] = SecretStr(kept.read_text().strip())
            os.environ[f"HOTLINE_{field.upper()}"] = kept.read_text().strip()
    os.environ["HOTLINE_DATA_DIR"] = str(folder)
    load.cache_clear()
    return settings.model_copy(update=found)


@contextmanager
def owned(folder: Path, url: str) -> Iterator[None]:
    """Be the only `hotline up` of a data directory; the lock ends with this process, however it ends.

    Raises:
        Obstacle: another one runs there; the message names its process and its address.
    """
    path = folder / "running.json"
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = running(folder)
            raise Obstacle(
                f"Another Hotline (process {other.get('pid', '?')}) runs in {folder}"
                f" at {other.get('url', 'an unknown address')}. Stop it with Ctrl-C in its terminal or"
                f" `kill {other.get('pid', 'PID')}`, or give this one its own HOTLINE_DATA_DIR."
            ) from None
        file.truncate()
        json.dump({"pid": os.getpid(), "url": url}, file)
        file.flush()
        yield
        file.seek(0)
        file.truncate()


def first_login(folder: Path) -> tuple[str, str] | None:
    """The login of the first agent, kept in the data directory; None when the house has other agents only."""
    kept = folder / FIRST_AGENT_FILE
    return (FIRST_AGENT, kept.read_text().strip()) if kept.exists() else None


def running(folder: Path) -> Mapping[str, str]:
    """What the `hotline up` of a data directory wrote about itself: `pid` and `url`; empty when it does not run."""
    path = folder / "running.json"
    text = path.read_text() if path.exists() else ""
    if not text:
        return {}
    found: Mapping[str, str] = json.loads(text)
    return found


def is_free(host: str, port: int) -> bool:
    """Whether we could listen on a port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


@contextmanager
def reserved_port(first: int, *, besides: int) -> Iterator[int]:
    """The first loopback port from `first` on that nobody uses, and that no other house takes while this one holds it.

    A minute of training may lie between choosing a port and listening on it, so a lock file stands for it meanwhile.

    Raises:
        Obstacle: none of the next hundred is free.
    """
    for port in range(first, first + 100):
        if port != besides and is_free(LOOPBACK, port) and (handle := _reserve(port)) is not None:
            try:
                yield port
            finally:
                os.close(handle)
            return
    raise Obstacle(f"No free port between {first} and {first + 99} on {LOOPBACK}: stop what listens there.")


def _reserve(port: int) -> int | None:
    """A locked handle on the port's lock file, or None when another process (or user) holds it."""
    try:
        handle = os.open(Path(tempfile.gettempdir()) / f"hotline-port-{port}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def require_port(host: str, port: int) -> None:
    """Check that the web's port can be had.

    Raises:
        Obstacle: it is taken; the message says what to do.
    """
    if is_free(host, port):
        return
    who = "Another Hotline" if status(f"http://{host}:{port}/healthz") == 200 else "Another program"
    raise Obstacle(f"{who} uses port {port} on {host}: stop it, or choose another port with `--port {port + 1}`.")


def status(url: str, timeout_s: float = 1.0) -> int | None:
    """The status of a GET to a local address; None when nothing answers."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or LOOPBACK, parts.port, timeout=timeout_s)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
