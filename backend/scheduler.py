"""The tick. APScheduler wakes each room's `run_due(now)`; what is due stands in the rooms' rows.

Every process may tick: rooms claim due rows. The time of the last tick is stored for `/readyz`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from prometheus_client import Counter
from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from backend import db
from backend.clock import Clock

log = structlog.get_logger(__name__)
TICK_FAILURES = Counter("hotline_tick_failures", "Ticks of a room that raised", ["room"])
STALE_AFTER = timedelta(seconds=30)


class Tick(db.Base):
    """When a room was last woken."""

    __tablename__ = "ticks"

    room: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]


@dataclass(frozen=True)
class Job:
    """A room's `run_due`, and how often to call it."""

    room: str
    run_due: Callable[[datetime], int]
    every_s: float


class Scheduler:
    """Interval jobs in a memory store: a missed or slow tick is made good by the next one."""

    def __init__(self, sessions: db.Sessions, clock: Clock, jobs: list[Job]) -> None:
        self._sessions, self._clock = sessions, clock
        self._scheduler = BackgroundScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        for job in jobs:
            self._scheduler.add_job(self._tick, "interval", args=[job], seconds=job.every_s, id=job.room)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        """Let running ticks finish, start no new ones."""
        self._scheduler.shutdown(wait=True)

    def _tick(self, job: Job) -> None:
        now = self._clock.now()
        try:
            job.run_due(now)
            with db.session_scope(self._sessions) as session:
                session.merge(Tick(room=job.room, at=now))
        except Exception:  # the next tick tries again; a stale tick shows in /readyz
            TICK_FAILURES.labels(job.room).inc()
            log.exception("tick failed", room=job.room)


def last_tick(sessions: db.Sessions) -> datetime | None:
    """When the room that was woken longest ago was woken, or None before the first tick."""
    with db.read_scope(sessions) as session:
        return session.scalar(select(func.min(Tick.at)))
