"""What the tick does with a carrier that does not call back: ask for reports on texts, and for texts that came in."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from backend import db
from backend.conversations import texts
from backend.outbox.sending import apply_status
from backend.reference import Reference
from telephony.ports import CarrierAway, InboundText, Letterbox, Report

log = structlog.get_logger(__name__)
T = TypeVar("T")
S = TypeVar("S")

DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)


@dataclass(frozen=True)
class Emptied:
    """How much there was, and the conversations the bot shall answer in."""

    handled: int
    answer: Sequence[str]


@dataclass(frozen=True)
class Held:
    """What the carrier has handed out, and forgotten, and the database has not taken yet; one object a process."""

    reports: deque[Report] = field(default_factory=deque)
    texts: deque[InboundText] = field(default_factory=deque)


def run_due(
    sessions: db.Sessions, now: datetime, box: Letterbox, carrier: str, reference: Reference, held: Held
) -> Emptied:
    """Empty a carrier's letterbox. Any number of processes may tick: it hands each thing out once.

    Each thing is stored in a unit of work of its own; the same again has no effect. While the database is away what was
    handed out is held, and nothing more is asked for.
    """

    def report(session: Session, one: Report) -> None:
        apply_status(session, one.status, ref=one.reference, carrier=carrier, now=now)

    def receive(session: Session, text: InboundText) -> str | None:
        return texts.receive(session, text, reference=reference, now=now)

    told: list[None] = []
    came: list[str | None] = []
    try:
        if not held.reports:
            held.reports.extend(box.reports())
        told = _store(sessions, held.reports, report)
        if not held.reports and not held.texts:
            held.texts.extend(box.texts())
        came = _store(sessions, held.texts, receive)
    except CarrierAway as away:
        log.warning("the carrier cannot be asked for reports", why=str(away))
    return Emptied(len(told) + len(came), [each for each in came if each is not None])


def _store(sessions: db.Sessions, waiting: deque[T], store: Callable[[Session, T], S]) -> list[S]:
    """Store what waits, in order, until the database is away; returns what came of it. One thing nobody can store must
    not take the others along."""
    stored = []
    while waiting:
        try:
            with db.session_scope(sessions) as session:
                done = store(session, waiting[0])
            stored.append(done)
        except DATABASE_AWAY as away:
            log.warning("what the carrier has handed out waits for the database", kind=type(away).__name__)
            return stored
        except Exception:
            log.exception("what the carrier has handed out cannot be stored")
        waiting.popleft()
    return stored
