"""Keeps child processes running: restart with backoff, capped logs, one orderly stop, no orphans.

Every child is owned by one thread that starts it, waits for it and starts it again. The thread must live as long as
the child: the kernel's parent-death signal (see `leash.py`) watches the *thread* that forked.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

LEASH = Path(__file__).with_name("leash.py")
LOG_CAP = 5_000_000  # bytes in one log file; one older file is kept beside it

Say = Callable[[str], None]


@dataclass
class Backoff:
    """How long to wait before the next start: 1, 2, 4 … 60 s; a minute of health forgives the past."""

    first_s: float = 1.0
    longest_s: float = 60.0
    healthy_after_s: float = 60.0
    _next_s: float = field(default=0.0, init=False)

    def after(self, lived_s: float) -> float:
        """The pause in seconds after a process that lived for `lived_s` seconds."""
        if lived_s >= self.healthy_after_s or not self._next_s:
            self._next_s = self.first_s
        pause, self._next_s = self._next_s, min(self._next_s * 2, self.longest_s)
        return pause


class CappedLog:
    """A log file of bounded size: when full it becomes `<name>.1` and a new one begins. Safe between threads."""

    def __init__(self, path: Path, cap: int = LOG_CAP) -> None:
        self.path, self.cap = path, cap
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._file: IO[bytes] = path.open("ab")

    def write(self, line: bytes) -> None:
        """Append one line (with its end of line)."""
        with self._lock:
            if self._file.closed:
                return
            if self._file.tell() + len(line) > self.cap:
                self._file.close()
                self.path.replace(self.path.with_name(self.path.name + ".1"))
                self._file = self.path.open("ab")
            self._file.write(line)
            self._file.flush()

    def close(self) -> None:
        """Close the file; later lines are dropped."""
        with self._lock:
            self._file.close()


def tail(path: Path, lines: int = 12) -> str:
    """The last lines of a log, for an error message."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 8_000))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])


@dataclass(frozen=True)
class Program:
    """A process to keep running. `environment` is asked at every start; `echo` is given its standard output."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Callable[[], Mapping[str, str]] = lambda: os.environ
    cwd: Path | None = None
    echo: Say | None = None


def spawn(
    command: Sequence[str], environment: Mapping[str, str], cwd: Path | None, *, split: bool = False
) -> subprocess.Popen[bytes]:
    """Start a command on a leash, in a process group of its own, so that Ctrl-C reaches only us.

    With `split`, standard error is a pipe of its own; otherwise it joins standard output.
    """
    return subprocess.Popen(
        [sys.executable, "-SE", str(LEASH), str(os.getpid()), *command],
        env=dict(environment),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if split else subprocess.STDOUT,
        start_new_session=True,
    )


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to a process and everything it started; a group that is gone is fine."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):  # macOS says EPERM for a group of zombies
        return


class Child(threading.Thread):
    """One program under supervision, and the thread that looks after it."""

    def __init__(self, program: Program, say: Say, backoff: Backoff | None = None) -> None:
        super().__init__(name=program.name, daemon=True)
        self.program, self.starts = program, 0
        self._say, self._backoff = say, backoff or Backoff()
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._guard = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def run(self) -> None:
        log = CappedLog(self.program.log)
        while not self._stopping.is_set():
            began = time.monotonic()
            code = self._live(log)
            if self._stopping.is_set():
                break
            pause = self._backoff.after(time.monotonic() - began)
            self._say(f"{self.name} ended ({_exit_words(code)}); starting it again in {pause:.0f} s")
            self._stopping.wait(pause)
        log.close()

    def ask_to_stop(self) -> None:
        """Send SIGTERM and start it no more."""
        with self._guard:
            self._stopping.set()
            if self._process and self._process.poll() is None:
                self._process.terminate()

    def kill(self) -> None:
        """End it and whatever it started, at once."""
        with self._guard:
            self._stopping.set()
            if self._process:
                signal_group(self._process, signal.SIGKILL)

    def _live(self, log: CappedLog) -> int:
        """Start the process once and wait until it ends; its exit code."""
        with self._guard:
            if self._stopping.is_set():
                return 0
            self.starts += 1
            process = spawn(
                self.program.command,
                self.program.environment(),
                self.program.cwd,
                split=self.program.echo is not None,
            )
            self._process = process
        streams = ((process.stdout, self.program.echo), (process.stderr, None))
        pumps = [self._pump(stream, log, echo) for stream, echo in streams if stream]
        code = process.wait()
        signal_group(process, signal.SIGKILL)  # whatever it left behind holds our pipes and its ports
        for pump in pumps:
            pump.join()
        return code

    def _pump(self, stream: IO[bytes], log: CappedLog, echo: Say | None) -> threading.Thread:
        def copy() -> None:
            with stream:
                for line in stream:
                    log.write(line)
                    if echo:
                        echo(line.decode(errors="replace").rstrip())

        pump = threading.Thread(target=copy, name=f"{self.name}-log", daemon=True)
        pump.start()
        return pump


class Supervisor:
    """The children of one `hotline up`, stopped in the order they were started."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._children: list[Child] = []
        self._guard = threading.Lock()
        self._stopped = False

    @property
    def children(self) -> tuple[Child, ...]:
        """The children so far."""
        return tuple(self._children)

    def start(self, program: Program) -> Child:
        """Start a program and keep it running. After `stop` nothing is started any more."""
        child = Child(program, self._say)
        with self._guard:
            if not self._stopped:
                self._children.append(child)
                child.start()
        return child

    def stop(self, grace_s: float = 25.0, hurry: threading.Event | None = None) -> bool:
        """Ask each child in turn to stop, then kill what is left after `grace_s` seconds or once `hurry` is set.

        Returns whether all of them stopped by themselves.
        """
        with self._guard:
            self._stopped = True
        deadline = time.monotonic() + grace_s
        for child in self._children:
            child.ask_to_stop()
            while child.is_alive() and time.monotonic() < deadline and not (hurry and hurry.is_set()):
                child.join(0.1)
        alive = [child for child in self._children if child.is_alive()]
        for child in alive:
            self._say(f"{child.name} did not stop in time and is killed")
            child.kill()
        for child in alive:
            child.join(5)
        return not alive


def run_step(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    log: Path,
    cwd: Path | None = None,
    on_line: Say | None = None,
    stop: threading.Event | None = None,
) -> int:
    """Run a command to its end, on a leash, its output in `log` (begun anew) and line by line to `on_line`.

    Carriage returns end a line too, so progress bars are seen as they move. Setting `stop` ends the command.
    Returns its exit code, negative when a signal ended it.
    """
    log.unlink(missing_ok=True)
    file = CappedLog(log)
    process = spawn(command, environment, cwd)
    finished = threading.Event()
    watcher = threading.Thread(target=_end_on, args=(process, stop, finished), daemon=True)
    watcher.start()
    try:
        for line in _lines(process.stdout):
            file.write(line.encode() + b"\n")
            if on_line:
                on_line(line)
        return process.wait()
    finally:
        finished.set()
        signal_group(process, signal.SIGKILL)
        process.wait()
        watcher.join()
        file.close()


def _end_on(process: subprocess.Popen[bytes], stop: threading.Event | None, finished: threading.Event) -> None:
    while stop and not finished.wait(0.1):
        if stop.is_set():
            signal_group(process, signal.SIGTERM)
            if not finished.wait(5):
                signal_group(process, signal.SIGKILL)
            return


def _lines(stream: IO[bytes] | None) -> Iterator[str]:
    """Lines as they come; a lone carriage return (a progress bar) ends one as well."""
    if stream is None:
        return
    with io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline=None) as text:
        for line in text:
            yield line.rstrip("\n")


def _exit_words(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
