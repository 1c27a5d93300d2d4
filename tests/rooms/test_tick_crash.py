"""A tick is killed (kill -9) at each of its writes and around each of its commits: the next one ends with the same."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from backend import db
from backend.models import Base
from rooms import due_work
from rooms.due_work import NOW

STEP = 3
"""Every third point: a commit has two around it and a write before, so none is passed over for long."""

WRITES = ("INSERT", "UPDATE", "DELETE", "WITH")


def opened(file: Path) -> db.Sessions:
    return db.make_sessions(db.make_engine(f"sqlite:///{file}"))


def close(sessions: db.Sessions) -> None:
    sessions.kw["bind"].dispose()


def watched(sessions: db.Sessions, at_each: Callable[[], None]) -> None:
    """Call back before each write and before and after each commit."""
    engine = sessions.kw["bind"]

    def statement(_connection: Any, _cursor: Any, text: str, *_more: Any) -> None:
        if text.lstrip().startswith(WRITES):
            at_each()

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", lambda _connection: at_each())
    event.listen(engine.pool, "checkin", lambda *_connection: at_each())


def points(file: Path) -> int:
    """How many points an undisturbed tick has at which it can be killed."""
    sessions, count = opened(file), [0]
    watched(sessions, lambda: count.__setitem__(0, count[0] + 1))
    due_work.tick(sessions, NOW)
    close(sessions)
    return count[0]


def killed_at(file: Path, point: int) -> None:
    """A process ticks and dies at a point."""
    process = os.fork()
    if process == 0:
        left = [point]

        def count_down() -> None:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

        sessions = opened(file)
        watched(sessions, count_down)
        due_work.tick(sessions, NOW)
        os._exit(0)  # it was over before that point
    _, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status), "it lived on"
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which much is due."""
    file = tmp_path_factory.mktemp("crash") / "start.db"
    sessions = opened(file)
    Base.metadata.create_all(sessions.kw["bind"])
    with db.session_scope(sessions) as session:
        due_work.prepare(session)
    close(sessions)  # the last connection writes everything into the one file
    assert not Path(f"{file}-wal").exists()
    return file


def test_wherever_a_tick_is_killed_nothing_is_done_twice_or_forgotten(start: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.db"
    shutil.copy(start, whole)
    many = points(whole)
    sessions = opened(whole)
    due_work.finish(sessions, NOW)
    expected = due_work.picture(sessions)
    close(sessions)
    assert many > 40
    assert sum(expected["texts"].values()) >= 5
    assert expected["waiting"] == 0

    for point in range(1, many + 1, STEP):
        file = tmp_path / f"{point}.db"
        shutil.copy(start, file)
        killed_at(file, point)
        sessions = opened(file)
        due_work.finish(sessions, NOW)
        assert due_work.picture(sessions) == expected, f"killed at point {point} of {many}"
        close(sessions)
        for left in tmp_path.glob(f"{point}.db*"):
            left.unlink()
