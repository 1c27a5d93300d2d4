"""A worker process for the crash test: sends through a rough carrier until it is killed."""

from __future__ import annotations

import hashlib
import os
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

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

HASTY = replace(
    policy.current(),
    lease=timedelta(seconds=1.5),
    batch=10,
    attempts=60,
    back_off=(timedelta(milliseconds=50),),
    look_every=timedelta(seconds=1),
)


class RoughCarrier:
    """Refuses 10 % as too fast, takes 5 % and answers 503, takes 5 % and drops the connection.

    What it has taken stands in a file that all processes write to, one reference a line, in the order of taking.
    """

    name = "rough"
    capabilities = Capabilities(frozenset(Feature))
    own_numbers: frozenset[str] = frozenset()

    def __init__(self, book: Path) -> None:
        self._book = os.open(book, os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def send_text(self, text: OutgoingText) -> SendResult:
        return self._take(text.reference)

    def call(self, call: OutgoingCall) -> SendResult:
        return self._take(call.reference)

    def _take(self, reference: str) -> SendResult:
        luck = random.random()
        time.sleep(random.random() * 0.02)
        if luck < 0.10:
            return NotProcessed("too fast")
        os.write(self._book, f"{reference}\n".encode())
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


def sid_of(reference: str) -> str:
    return "SM" + hashlib.md5(reference.encode(), usedforsecurity=False).hexdigest()


def running_clock(start: datetime, started: float) -> datetime:
    """The test's time: `start`, and as much later as the monotonic clock, the same in all processes, has run."""
    return start + timedelta(seconds=time.monotonic() - started)


def work(url: str, book: Path, start: datetime, started: float) -> None:
    """Tick until killed."""
    sessions = db.make_sessions(db.make_engine(url))
    carrier, rules_of_the_house = RoughCarrier(book), reference.current()

    def tell() -> datetime:
        return running_clock(start, started)

    while True:
        jobs.run_due(sessions, tell(), carrier, rules_of_the_house, str(os.getpid()), clock=tell, policy=HASTY)
        time.sleep(0.02)
