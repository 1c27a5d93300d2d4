"""The supervisor, with real child processes of a few milliseconds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from backend.launcher.supervisor import Backoff, CappedLog, Child, Program, Supervisor, run_step, tail

FOREVER = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def program(tmp_path: Path, code: str, name: str = "child", echo: Callable[[str], None] | None = None) -> Program:
    return Program(name, [sys.executable, "-c", code], tmp_path / f"{name}.log", echo=echo)


def eventually(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_pauses_double_up_to_a_minute() -> None:
    backoff = Backoff()
    assert [backoff.after(0.1) for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_minute_of_health_forgives_the_past() -> None:
    backoff = Backoff()
    assert [backoff.after(lived) for lived in (1, 1, 1, 61, 1)] == [1, 2, 4, 1, 2]


def test_a_child_that_ends_is_started_again_and_the_reason_is_told(tmp_path: Path) -> None:
    said: list[str] = []
    child = Child(program(tmp_path, "print('hello'); raise SystemExit(3)"), said.append, Backoff(first_s=0.01))
    child.start()
    eventually(lambda: child.starts >= 3)
    child.ask_to_stop()
    child.join(5)
    assert not child.is_alive()
    assert said[0].startswith("child ended (exit code 3); starting it again in ")
    assert (tmp_path / "child.log").read_text().startswith("hello\nhello\n")


def test_the_environment_is_asked_anew_at_every_start(tmp_path: Path) -> None:
    turns = iter(range(100))
    spec = Program(
        "child",
        [sys.executable, "-c", "import os; print(os.environ['TURN'])"],
        tmp_path / "log",
        environment=lambda: os.environ | {"TURN": str(next(turns))},
    )
    child = Child(spec, lambda _: None, Backoff(first_s=0.01))
    child.start()
    eventually(lambda: child.starts >= 3)
    child.kill()
    child.join(5)
    assert (tmp_path / "log").read_text().splitlines()[:2] == ["0", "1"]


def test_a_command_that_does_not_exist_is_told_and_tried_again(tmp_path: Path) -> None:
    said: list[str] = []
    child = Child(Program("child", ["no-such-command"], tmp_path / "log"), said.append, Backoff(first_s=0.01))
    child.start()
    eventually(lambda: len(said) >= 2)
    child.ask_to_stop()
    child.join(5)
    assert "no-such-command: No such file" in tail(tmp_path / "log")


def test_stopping_ends_all_children_in_order(tmp_path: Path) -> None:
    said: list[str] = []
    order: list[str] = []
    supervisor = Supervisor(said.append)
    for name in ("web", "bot"):
        goodbye = f"import signal, sys\nsignal.signal(15, lambda *_: (print('bye {name}', flush=True), sys.exit()))\n"
        child = supervisor.start(program(tmp_path, goodbye + FOREVER, name, echo=order.append))
        eventually(lambda child=child: "up" in tail(child.program.log))
    assert supervisor.stop(grace_s=10)
    assert [line for line in order if line.startswith("bye")] == ["bye web", "bye bot"]
    assert all(child.pid is None for child in supervisor.children)
    assert said == []


def test_a_child_that_does_not_listen_is_killed_after_the_grace(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    child = supervisor.start(program(tmp_path, STUBBORN))
    eventually(lambda: "up" in tail(child.program.log))
    assert not supervisor.stop(grace_s=0.2)
    assert not child.is_alive()
    assert said == ["child did not stop in time and is killed"]


def test_hurry_cuts_the_grace_short(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda _: None)
    child = supervisor.start(program(tmp_path, STUBBORN))
    eventually(lambda: "up" in tail(child.program.log))
    hurry = threading.Event()
    hurry.set()
    began = time.monotonic()
    assert not supervisor.stop(grace_s=30, hurry=hurry)
    assert time.monotonic() - began < 10


def test_nothing_is_started_after_stopping(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda _: None)
    supervisor.stop()
    child = supervisor.start(program(tmp_path, FOREVER))
    assert child.starts == 0
    assert supervisor.children == ()


def test_what_a_child_left_behind_dies_with_it(tmp_path: Path) -> None:
    leaves = (
        "import subprocess, sys\n"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True)\n"
    )
    heard: list[str] = []
    child = Child(program(tmp_path, leaves, echo=heard.append), lambda _: None, Backoff(first_s=30))
    child.start()
    eventually(lambda: heard and not is_alive(int(heard[0])))
    child.ask_to_stop()
    child.join(5)


def test_children_die_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from backend.launcher.supervisor import *\n"
        f"child = Supervisor(print).start(Program('c', [sys.executable, '-c', {FOREVER!r}], Path('c.log')))\n"
        "while not child.pid or 'up' not in tail(Path('c.log')): time.sleep(0.02)\n"
        "print(child.pid, flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    with parent.stdout as said:
        pid = int(said.readline())
        assert is_alive(pid)
        parent.send_signal(signal.SIGKILL)
        parent.wait(5)
    eventually(lambda: not is_alive(pid))


def test_standard_output_is_echoed_and_errors_only_logged(tmp_path: Path) -> None:
    heard: list[str] = []
    code = "import sys; print('短信', flush=True); print('log line', file=sys.stderr)"
    child = Child(program(tmp_path, code, echo=heard.append), lambda _: None, Backoff(first_s=30))
    child.start()
    eventually(lambda: heard and "log line" in tail(tmp_path / "child.log"))
    child.ask_to_stop()
    child.join(5)
    assert heard == ["短信"]


def test_a_full_log_moves_aside_and_only_one_is_kept(tmp_path: Path) -> None:
    log = CappedLog(tmp_path / "a.log", cap=100)
    for number in range(50):
        log.write(f"line {number:02d}\n".encode())
    log.close()
    log.write(b"late\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.log", "a.log.1"]
    assert all(path.stat().st_size <= 100 for path in tmp_path.iterdir())
    assert tail(tmp_path / "a.log").endswith("line 49")


def test_a_step_gives_its_lines_as_they_come_and_its_exit_code(tmp_path: Path) -> None:
    lines: list[str] = []
    code = "import sys; print('one'); sys.stderr.write('10%\\r20%\\r'); sys.exit(4)"
    log = tmp_path / "step.log"
    result = run_step([sys.executable, "-u", "-c", code], environment=os.environ, log=log, on_line=lines.append)
    assert result == 4
    assert sorted(lines) == ["10%", "20%", "one"]
    assert sorted(log.read_text().split()) == sorted(lines)


def test_a_step_can_be_stopped(tmp_path: Path) -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    began = time.monotonic()
    command = [sys.executable, "-c", FOREVER]
    assert run_step(command, environment=os.environ, log=tmp_path / "log", stop=stop) == -signal.SIGTERM
    assert time.monotonic() - began < 10
