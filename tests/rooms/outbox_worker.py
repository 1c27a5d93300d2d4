"""A worker process for the crash run: sends through a rough carrier until it is killed."""

from __future__ import annotations

import hashlib
import logging
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy.orm import configure_mappers

from backend import db, reference
from backend.outbox import jobs, policy
from telephony.ports import (
    Capabilities,
    Feature,
    FoundCall,
    FoundText,
    NotProcessed,
    OutgoingCall,
    OutgoingText,
    SendResult,
    Sent,
    Unknown,
)

REFERENCE = reference.current()  # read before workers are forked off
HASTY = replace(
    policy.current(),
    lease=timedelta(seconds=1.5),
    attempts=60,
    back_off=(timedelta(milliseconds=50),),
    look_every=timedelta(seconds=1),
)


@dataclass(frozen=True)
class Shift:
    """What a worker is told: where the rows are, where the carrier keeps its book, what time it is.

    The test's time runs from `start`; `closes_after` seconds later the hotline closes, and `night` seconds after that
    the clock stands at `morning`. All processes share the monotonic clock.
    """

    url: str
    book: Path
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


class RoughCarrier:
    """Refuses 10 % as too fast, takes 5 % and answers 503, takes 5 % and drops the connection.

    What it has taken stands in a file that all processes write to, one line each in the order of taking: the
    reference, and when it was asked.
    """

    name = "rough"
    own_numbers: frozenset[str] = frozenset()

    def __init__(self, book: Path, per_second: float, tell: Callable[[], datetime]) -> None:
        self.capabilities = Capabilities(frozenset(Feature), texts_per_second=per_second)
        self._book = os.open(book, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        self._tell = tell

    def send_text(self, text: OutgoingText) -> SendResult:
        return self._take(text.reference)

    def call(self, call: OutgoingCall) -> SendResult:
        return self._take(call.reference)

    def _take(self, reference: str) -> SendResult:
        asked_at, luck = self._tell(), random.random()
        time.sleep(random.random() * 0.02)
        if luck < 0.10:
            return NotProcessed("too fast")
        os.write(self._book, f"{reference} {asked_at.isoformat()}\n".encode())
        time.sleep(random.random() * 0.02)
        if luck < 0.15:
            return Unknown("HTTP 503")
        if luck < 0.20:
            return Unknown("ConnectionError")
        return Sent(sid_of(reference))

    def find(self, *, to: str, since: datetime) -> Sequence[FoundText]:
        return ()

    def find_calls(self, *, to: str, since: datetime) -> Sequence[FoundCall]:
        return ()


configure_mappers()


def sid_of(reference: str) -> str:
    return "SM" + hashlib.md5(reference.encode(), usedforsecurity=False).hexdigest()


def pause(seconds: float) -> bool:
    time.sleep(max(0.0, seconds))
    return False


def work(shift: Shift) -> None:
    """Tick until killed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    sessions = db.make_sessions(db.make_engine(shift.url))
    carrier = RoughCarrier(shift.book, shift.per_second, shift.tell)
    owner = str(os.getpid())
    while True:
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
        time.sleep(0.02)
