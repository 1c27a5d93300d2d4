"""What two processes do at once: one unit of work is done and not committed yet while another one runs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

from sqlalchemy.orm import Session

from backend import db

ONE_WAITS_S = 0.4
"""So long the first unit of work stays open: the other one has come to its end by then, or waits for the first."""

F = TypeVar("F")
S = TypeVar("S")


def overlapping(
    sessions: db.Sessions, first: Callable[[Session], F], second: Callable[[Session], S]
) -> tuple[F, S | BaseException]:
    """Run two units of work, the second while the first is not committed yet; returns what each came to.

    PostgreSQL shows the second what was committed before, until it has to wait for a row the first holds. SQLite lets
    it begin when the first has committed.
    """

    def later() -> S:
        with db.session_scope(sessions) as session:
            return second(session)

    with ThreadPoolExecutor(1) as pool:
        with db.session_scope(sessions) as session:
            done = first(session)
            session.flush()
            other = pool.submit(later)
            wait([other], ONE_WAITS_S)
        return done, other.exception(10) or other.result()
