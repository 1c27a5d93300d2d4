"""What the outbox forgets, once a day: words and numbers, then whole rows; receipts of webhooks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from backend import db
from backend.kernel.working_time import Calendar, local_day
from backend.outbox import forgetting, queries
from backend.outbox import policy as policies

log = structlog.get_logger(__name__)

PIECE = 500
"""Rows of one unit of work: nobody waits long for the database meanwhile."""


def run_due(sessions: db.Sessions, now: datetime, calendar: Calendar) -> int:
    """Forget what is old enough, in the first tick of a day of whichever process; returns how many rows were touched.

    A day's run that is interrupted is made good by the next day's.
    """
    day = local_day(calendar, now).isoformat()
    with db.read_scope(sessions) as session:
        if queries.remembers(session, "housekeeping", day):
            return 0
    with db.session_scope(sessions) as session:
        if not queries.remember(session, "housekeeping", day, now):
            return 0

    policy = policies.current()
    blanked = _in_pieces(sessions, lambda session: forgetting.forget_words(session, now - policy.keep_words, PIECE))
    deleted = _in_pieces(sessions, lambda session: forgetting.delete_rows(session, now - policy.keep_rows, PIECE))
    receipts = _in_pieces(
        sessions, lambda session: forgetting.delete_receipts(session, now - policy.keep_receipts, PIECE)
    )
    receipts += _in_pieces(
        sessions, lambda session: forgetting.forget_answers(session, now - policy.keep_receipts, PIECE)
    )
    if blanked or deleted or receipts:
        log.info("outbox tidied", blanked=blanked, deleted=deleted, receipts=receipts)
    return blanked + deleted + receipts


def _in_pieces(sessions: db.Sessions, work: Callable[[Session], int]) -> int:
    done = 0
    while True:
        with db.session_scope(sessions) as session:
            piece = work(session)
        done += piece
        if piece < PIECE:
            return done
