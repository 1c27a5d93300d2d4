"""The tick of the reviews: judge turns, keep the masked lines worth a look, delete old ones."""

from __future__ import annotations

from datetime import datetime

import structlog

from backend import db
from backend.reviews import policy as policies
from backend.reviews import service
from backend.reviews.rules import ReviewPolicy
from backend.reviews.service import Finding, Waiting

log = structlog.get_logger(__name__)


def run_due(sessions: db.Sessions, now: datetime, *, policy: ReviewPolicy | None = None) -> int:
    """Do what is due, at most one batch; returns how many rows were handled. Any number of processes may tick.

    Args:
        policy: other numbers than those in force (tests).
    """
    policy = policy or policies.current()
    with db.read_scope(sessions) as session:
        waiting = service.waiting(session, now=now, policy=policy)
    handled = 0
    for each in waiting:
        finding = _judged(each, policy)
        with db.session_scope(sessions) as session:
            handled += service.settle(session, each.message_id, finding, policy=policy, now=now)
    with db.session_scope(sessions) as session:
        handled += service.forget(session, now=now)
    return handled


def _judged(waiting: Waiting, policy: ReviewPolicy) -> Finding | None:
    try:
        return service.judge(waiting, policy)
    except Exception as error:  # noqa: BLE001 (what cannot be masked is not kept)
        log.error(  # noqa: TRY400 (a trace might quote the customer)
            "turn cannot be judged", message=waiting.message_id, kind=type(error).__name__
        )
        return None
