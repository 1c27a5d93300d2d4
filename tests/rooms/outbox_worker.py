"""A worker process for the crash run: sends through Twilio's own client until it is killed."""

from __future__ import annotations

import logging
import os
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import configure_mappers

from backend import db, reference
from backend.outbox import jobs, policy
from telephony.twilio_carrier import TwilioCarrier
from tests.telephony.fake_twilio.account import ACCOUNT, NUMBER, TOKEN

REFERENCE = reference.current()  # read before workers are forked off
HASTY = replace(
    policy.current(),
    lease=timedelta(seconds=1.5),
    attempts=60,
    back_off=(timedelta(milliseconds=50),),
    look_every=timedelta(seconds=1),
    tick_for=timedelta(seconds=0.5),
)


@dataclass(frozen=True)
class Shift:
    """What a worker is told: where the rows are, where Twilio and the webhook of statuses are, what time it is.

    The test's time runs from `start`; `closes_after` seconds later the hotline closes, and `night` seconds after that
    the clock stands at `morning`. All processes share the monotonic clock.
    """

    url: str
    api_url: str
    status_url: str
    per_second: float
    started: float
    start: datetime
    closes_after: float
    night: float
    morning: datetime

    def tell(self) -> datetime:
        passed = time.monotonic() - self.started
        slept = passed - self.closes_after - self.night
        return self.morning + timedelta(seconds=slept) if slept >= 0 else self.start + timedelta(seconds=passed)


configure_mappers()


def pause(seconds: float) -> bool:
    time.sleep(max(0.0, seconds))
    return False


def work(shift: Shift) -> None:
    """Tick until killed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    sessions = db.make_sessions(db.make_engine(shift.url))
    carrier = TwilioCarrier(
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        sender=NUMBER,
        texts_per_second=shift.per_second,
        status_url=shift.status_url,
        api_url=shift.api_url,
    )
    owner = str(os.getpid())
    while True:
        try:
            jobs.run_due(
                sessions,
                shift.tell(),
                carrier,
                REFERENCE,
                owner,
                clock=shift.tell,
                wait=pause,
                policy=HASTY,
            )
        except DBAPIError:  # locked for too long by one that is stopped: the scheduler, too, just ticks again
            time.sleep(0.2)
        time.sleep(0.02)
