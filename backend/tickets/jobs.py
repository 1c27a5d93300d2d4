"""What follows here from another calendar: every open promise is counted anew."""

from __future__ import annotations

from datetime import datetime

from backend import db
from backend.reference import Reference
from backend.tickets import ledger, recounting


def recount(sessions: db.Sessions, now: datetime, reference: Reference) -> int:
    """Count anew what was counted with another calendar, a batch a unit of work; returns how many were looked at.

    Called whenever the policy in force has changed, and once at the start: the files may be new.
    """
    done = 0
    while True:
        with db.session_scope(sessions) as session:
            looked_at = recounting.recount_outdated(session, reference.calendar, who=ledger.SYSTEM, now=now)
        done += looked_at
        if looked_at < recounting.BATCH:
            return done
