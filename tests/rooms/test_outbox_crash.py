"""Workers are killed at random while a carrier misbehaves: nobody is texted twice, nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import Engine, func, select

from backend import db
from backend.outbox import sending, service
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind, Status
from telephony.ports import CarrierStatus, DeliveryStatus
from tests.rooms import outbox_worker
from tests.rooms.outbox_worker import running_clock, sid_of

MESSAGES, WORKERS, PATIENCE_S = 120, 4, 30
OPEN = [Status.PENDING, Status.CLAIMED, Status.SENDING]


class Staff:
    """The worker processes: hired, killed or stopped beyond their lease at random, replaced or resumed."""

    def __init__(self, *task: object) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([outbox_worker.__name__])
        self._task = task
        self.kills = self.stops = 0
        self._stopped: BaseProcess | None = None
        self.workers = [self._hire() for _ in range(WORKERS)]

    def _hire(self) -> BaseProcess:
        worker = self._context.Process(target=outbox_worker.work, args=self._task, daemon=True)
        worker.start()
        return worker

    def trouble_one(self) -> None:
        """Kill a worker and hire another, or stop one until well after its lease."""
        place = random.randrange(WORKERS)
        worker = self.workers[place]
        if self._stopped is None and random.random() < 0.2:
            send(worker, signal.SIGSTOP)
            self._stopped = worker
            # A timer, because a stopped worker may hold SQLite's write lock and this process then waits for it.
            threading.Timer(2 * outbox_worker.HASTY.lease.total_seconds(), self._resume).start()
            self.stops += 1
        elif worker is not self._stopped:
            self._kill(worker)
            self.workers[place] = self._hire()
            self.kills += 1

    def _resume(self) -> None:
        if (worker := self._stopped) is not None:
            self._stopped = None
            send(worker, signal.SIGCONT)

    def dismiss(self) -> None:
        self._stopped = None
        for worker in self.workers:
            self._kill(worker)

    @staticmethod
    def _kill(worker: BaseProcess) -> None:
        send(worker, signal.SIGKILL)
        worker.join()
        worker.close()


def send(worker: BaseProcess, number: signal.Signals) -> None:
    assert worker.pid is not None
    os.kill(worker.pid, number)


def queue_all(sessions: db.Sessions, now: datetime) -> None:
    with db.session_scope(sessions) as session:
        for number in range(MESSAGES):
            service.queue(
                session,
                to=f"+861380013{number // 2:04}",
                text=f"第{number}条",
                kind=OutboxKind.REPLY,
                now=now,
                key=f"crash:{number}",
                language="zh",
            )


def report(sessions: db.Sessions, references: list[str], now: datetime) -> None:
    """The carrier's callbacks about texts it has taken: out of order, some twice."""
    for reference in random.sample(references, len(references)):
        words = [CarrierStatus.SENT, CarrierStatus.DELIVERED, random.choice(list(CarrierStatus)[:5])]
        random.shuffle(words)
        for word in words:
            with db.session_scope(sessions) as session:
                status = DeliveryStatus(sid_of(reference), word, None)
                sending.apply_status(session, status, ref=reference, carrier="rough", now=now)


def still_open(sessions: db.Sessions) -> int:
    with db.read_scope(sessions) as session:
        wanted = select(func.count()).where(OutboxMessage.status.in_(OPEN))
        return session.scalar(wanted) or 0


def test_with_workers_killed_and_a_rough_carrier_nobody_is_texted_twice_and_nothing_is_lost(
    committed: db.Sessions, engine: Engine, tmp_path: Path, now: datetime
) -> None:
    book, started = tmp_path / "book", time.monotonic()
    book.touch()
    queue_all(committed, now)

    staff = Staff(engine.url.render_as_string(hide_password=False), book, now, started)
    reported = 0
    try:
        while still_open(committed) and time.monotonic() - started < PATIENCE_S:
            time.sleep(random.uniform(0.15, 0.4))
            staff.trouble_one()
            taken = book.read_text().splitlines()[reported:]
            if random.random() < 0.7:  # callbacks come when they come
                report(committed, taken, running_clock(now, started))
                reported += len(taken)
    finally:
        staff.dismiss()
    later = running_clock(now, started) + timedelta(minutes=5)
    report(committed, book.read_text().splitlines()[reported:], later)

    taken = [int(reference.split(".")[0]) for reference in book.read_text().splitlines()]
    with committed() as session:
        rows = {row.id: row for row in session.scalars(select(OutboxMessage))}
        shown = {row.id for row in service.attention(session, now=later)}
    assert staff.kills >= 3
    assert {message: times for message, times in Counter(taken).items() if times > 1} == {}
    assert {row.status for message, row in rows.items() if message in set(taken)} == {Status.DELIVERED}
    left_for_a_person = set(rows) - set(taken)
    assert {rows[message].status for message in left_for_a_person} <= {Status.UNKNOWN}
    assert left_for_a_person <= shown
    assert len(left_for_a_person) <= MESSAGES * 0.05
    order = {message: place for place, message in enumerate(taken)}
    pairs = zip(sorted(rows)[::2], sorted(rows)[1::2], strict=True)
    overtaken = [pair for pair in pairs if order.get(pair[0], -1) > order.get(pair[1], len(taken))]
    assert len(overtaken) <= staff.stops  # a worker stopped in the middle of a call finishes it when it goes on
