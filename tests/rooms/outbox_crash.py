"""The crash run: workers are killed or stopped at random, Twilio misbehaves, and the hotline closes meanwhile.

All of it over HTTP: Twilio's own client speaks to the fake, whose callbacks come to the house's signed webhook, late,
doubled, reversed, or never.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess

from fastapi import FastAPI, Request, Response
from pydantic import SecretStr
from sqlalchemy import func, select

from backend import db, problems, reference
from backend.bus import Bus
from backend.depends import House
from backend.kernel import working_time
from backend.outbox import routes as outbox
from backend.outbox import service
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind, Status
from backend.settings import Settings
from telephony.twilio_carrier import TwilioCarrier
from tests.rooms import outbox_worker
from tests.rooms.outbox_worker import Shift
from tests.telephony.fake_twilio import (
    ACCOUNT,
    NUMBER,
    TOKEN,
    Callbacks,
    FakeTwilio,
    Manner,
    on_a_port,
    serving,
)

MANNERS = [Manner.PROMPT, Manner.LATE, Manner.DOUBLED, Manner.REVERSED, Manner.NEVER]
LUCK = [(word, share) for word, share in (("ok", 80), (20429, 10), ("taken, 503", 5), ("taken, connection lost", 5))]
SETTLED_AFTER_S = 6.0
OPEN = [Status.PENDING, Status.CLAIMED, Status.SENDING]
CALENDAR = reference.current().calendar


@dataclass(frozen=True)
class Outcome:
    """What a crash run has come to.

    Attributes:
        twice: messages the carrier took more than once.
        lost: messages it never took and no person is shown.
        left: messages a person is shown.
        wrong: messages the carrier took whose row does not say so in the end.
        refused_callbacks: callbacks of the carrier that the house did not take.
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
    refused_callbacks: int
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
        trouble_every: after how many and how many texts, at random between, there is trouble again.
        patience_s: when to give up.
    """
    engine = db.make_engine(url)
    sessions = db.make_sessions(engine)
    start = datetime(2026, 11, 24, 17, 59, 56, tzinfo=CALENDAR.zone)
    queue_all(sessions, start, messages)
    shift = Shift(
        url=url,
        api_url="",
        status_url="",
        per_second=per_second,
        started=time.monotonic(),
        start=start,
        closes_after=4,
        night=1,
        morning=datetime(2026, 11, 25, 7, 59, 59, tzinfo=CALENDAR.zone),
    )
    callbacks = Callbacks(lambda: random.choice(MANNERS))
    twilio = FakeTwilio(shift.tell, callbacks=callbacks, luck=lambda: random.choices(*zip(*LUCK, strict=True))[0])
    with on_a_port(webhooks(sessions, shift)) as house, serving(twilio):
        shift = replace(shift, api_url=twilio.base_url, status_url=f"{house}/telephony/status")
        staff = Staff(workers, shift)
        try:
            is_over = keep_troubling(staff, sessions, twilio, trouble_every, shift.started + patience_s)
            callbacks.wait(30)
            settle(sessions)
        finally:
            staff.dismiss()
    seconds = time.monotonic() - shift.started
    outcome = judge(sessions, twilio, shift.tell() + timedelta(minutes=5), staff, seconds, is_over=is_over)
    engine.dispose()
    return outcome


def webhooks(sessions: db.Sessions, shift: Shift) -> FastAPI:
    """The house's door for statuses, with its own clock; signatures are checked as always."""
    app = FastAPI()
    # Twilio signs the address it calls; that port is known only once it is open, so the base is taken from the request.
    settings = Settings(
        carrier="twilio",
        public_base_url="http://127.0.0.1",
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=SecretStr(TOKEN),
        twilio_from=NUMBER,
    )
    carrier = TwilioCarrier(account_sid=ACCOUNT, auth_token=TOKEN, sender=NUMBER)
    app.state.house = House(settings, sessions, ShiftClock(shift), reference.current(), carrier, Bus())

    @app.middleware("http")
    async def base_of_the_port(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        house = app.state.house
        house.settings = house.settings.model_copy(update={"public_base_url": str(request.base_url)})
        return await go_on(request)

    problems.install(app)
    app.include_router(outbox.router)
    return app


@dataclass(frozen=True)
class ShiftClock:
    """The test's time, as the house asks for it."""

    shift: Shift

    def now(self) -> datetime:
        return self.shift.tell()


def keep_troubling(
    staff: Staff, sessions: db.Sessions, twilio: FakeTwilio, trouble_every: tuple[int, int], until: float
) -> bool:
    """Kill and stop workers until everything has left; whether it has in time."""
    trouble_at = 1
    while time.monotonic() < until:
        time.sleep(0.05)
        if len(twilio.taken) >= trouble_at:
            staff.trouble_one()
            trouble_at = len(twilio.taken) + random.randint(*trouble_every)
        if still_open(sessions) == 0:
            return True
    return False


def settle(sessions: db.Sessions) -> None:
    """Leave the workers alone until they have asked Twilio about what is unknown."""
    quiet_since, before = time.monotonic(), -1
    while time.monotonic() - quiet_since < SETTLED_AFTER_S:
        unknown = counted(sessions, [Status.UNKNOWN])
        if unknown != before:
            quiet_since, before = time.monotonic(), unknown
        if unknown == 0:
            return
        time.sleep(0.2)


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


def still_open(sessions: db.Sessions) -> int:
    return counted(sessions, OPEN)


def counted(sessions: db.Sessions, states: list[Status]) -> int:
    with db.read_scope(sessions) as session:
        wanted = select(func.count()).where(OutboxMessage.status.in_(states))
        return session.scalar(wanted) or 0


def judge(
    sessions: db.Sessions, twilio: FakeTwilio, later: datetime, staff: Staff, seconds: float, *, is_over: bool
) -> Outcome:
    taken = [int(each.reference.split(".")[0]) for each in twilio.taken]
    moments = [each.asked_at for each in twilio.taken]
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
        wrong=sum(rows[message].status not in (Status.SENT, Status.DELIVERED) for message in set(taken)),
        refused_callbacks=sum(status != 204 for _, status in twilio.callbacks.answered) if twilio.callbacks else 0,
        at_night=sum(not working_time.is_open(CALENDAR, moment) for moment in moments),
        overtaken=sum(order.get(first, -1) > order.get(second, len(taken)) for first, second in pairs),
        is_over=is_over,
    )
