"""The crash run: workers are killed or stopped at random, a carrier misbehaves, and the hotline closes meanwhile."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import func, select

from backend import db, reference
from backend.kernel import working_time
from backend.outbox import sending, service
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind, Status
from telephony.ports import CarrierStatus, DeliveryStatus
from tests.rooms import outbox_worker
from tests.rooms.outbox_worker import Shift, sid_of

OPEN = [Status.PENDING, Status.CLAIMED, Status.SENDING]
REPORTED_AT_ONCE = 10
CALENDAR = reference.current().calendar


@dataclass(frozen=True)
class Outcome:
    """What a crash run has come to.

    Attributes:
        twice: messages the carrier took more than once.
        lost: messages it never took and no person is shown.
        left: messages a person is shown.
        wrong: messages the carrier took whose row does not say so after all callbacks.
        at_night: messages handed to the carrier outside hotline hours.
        overtaken: second messages to somebody taken before the first.
        is_over: whether everything had left before patience ran out.
    """

    messages: int
    kills: int
    stops: int
    seconds: float
    twice: int
    lost: int
    left: int
    wrong: int
    at_night: int
    overtaken: int
    is_over: bool


class Staff:
    """The worker processes: hired, killed or stopped beyond their lease at random, replaced or resumed."""

    def __init__(self, workers: int, shift: Shift) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([outbox_worker.__name__])
        self._shift = shift
        self.kills = self.stops = 0
        self._stopped: BaseProcess | None = None
        self.workers = [self._hire() for _ in range(workers)]

    def _hire(self) -> BaseProcess:
        worker = self._context.Process(target=outbox_worker.work, args=[self._shift], daemon=True)
        worker.start()
        return worker

    def trouble_one(self) -> None:
        """Kill a worker and hire another, or stop one until well after its lease."""
        place = random.randrange(len(self.workers))
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


def run(
    url: str,
    book: Path,
    *,
    messages: int,
    workers: int,
    per_second: float,
    trouble_every: tuple[int, int],
    patience_s: float,
) -> Outcome:
    """Send messages, two to a person, over one closing time while workers come and go.

    Args:
        url: a database with the house's tables and no outgoing messages.
        book: where the carrier writes down what it takes.
        trouble_every: after how many and how many texts, at random between, there is trouble again.
        patience_s: when to give up.
    """
    engine = db.make_engine(url)
    sessions = db.make_sessions(engine)
    start = datetime(2026, 11, 24, 17, 59, 56, tzinfo=CALENDAR.zone)
    queue_all(sessions, start, messages)
    book.touch()
    shift = Shift(
        url=url,
        book=book,
        per_second=per_second,
        started=time.monotonic(),
        start=start,
        closes_after=4,
        night=1,
        morning=datetime(2026, 11, 25, 7, 59, 59, tzinfo=CALENDAR.zone),
    )
    staff = Staff(workers, shift)
    reported, trouble_at, is_over = 0, 1, False
    try:
        while not is_over and time.monotonic() - shift.started < patience_s:
            time.sleep(0.05)
            lines = book.read_text().splitlines()
            if len(lines) >= trouble_at:
                staff.trouble_one()
                trouble_at = len(lines) + random.randint(*trouble_every)
                report(sessions, lines[reported : reported + REPORTED_AT_ONCE], shift.tell())
                reported = min(len(lines), reported + REPORTED_AT_ONCE)
            is_over = still_open(sessions) == 0
    finally:
        staff.dismiss()
    seconds = time.monotonic() - shift.started
    later = shift.tell() + timedelta(minutes=5)
    report(sessions, book.read_text().splitlines()[reported:], later)
    outcome = judge(sessions, book, later, staff, seconds, is_over=is_over)
    engine.dispose()
    return outcome


def queue_all(sessions: db.Sessions, now: datetime, messages: int) -> None:
    with db.session_scope(sessions) as session:
        for number in range(messages):
            service.queue(
                session,
                to=f"+861380013{number // 2:04}",
                text=f"第{number}条",
                kind=OutboxKind.NOTICE,
                now=now,
                key=f"crash:{number}",
                language="zh",
            )


def report(sessions: db.Sessions, lines: list[str], now: datetime) -> None:
    """The carrier's callbacks about texts it has taken: out of order, some twice."""
    for line in random.sample(lines, len(lines)):
        taken = line.split()[0]
        words = [CarrierStatus.SENT, CarrierStatus.DELIVERED, random.choice(list(CarrierStatus)[:5])]
        random.shuffle(words)
        for word in words:
            status = DeliveryStatus(sid_of(taken), word, None)
            with db.session_scope(sessions) as session:
                sending.apply_status(session, status, ref=taken, carrier="rough", now=now)


def still_open(sessions: db.Sessions) -> int:
    with db.read_scope(sessions) as session:
        wanted = select(func.count()).where(OutboxMessage.status.in_(OPEN))
        return session.scalar(wanted) or 0


def judge(
    sessions: db.Sessions, book: Path, later: datetime, staff: Staff, seconds: float, *, is_over: bool
) -> Outcome:
    lines = [line.split() for line in book.read_text().splitlines()]
    taken = [int(name.split(".")[0]) for name, _ in lines]
    moments = [datetime.fromisoformat(moment) for _, moment in lines]
    with sessions() as session:
        rows = {row.id: row for row in session.scalars(select(OutboxMessage))}
        shown = {row.id for row in service.attention(session, now=later, limit=len(rows))}
    left = {
        message for message in set(rows) - set(taken) if rows[message].status is Status.UNKNOWN and message in shown
    }
    order = {message: place for place, message in enumerate(taken)}
    pairs = zip(sorted(rows)[::2], sorted(rows)[1::2], strict=True)
    return Outcome(
        messages=len(rows),
        kills=staff.kills,
        stops=staff.stops,
        seconds=seconds,
        twice=sum(times > 1 for times in Counter(taken).values()),
        lost=len(set(rows) - set(taken) - left),
        left=len(left),
        wrong=sum(rows[message].status is not Status.DELIVERED for message in set(taken)),
        at_night=sum(not working_time.is_open(CALENDAR, moment) for moment in moments),
        overtaken=sum(order.get(first, -1) > order.get(second, len(taken)) for first, second in pairs),
        is_over=is_over,
    )
