"""The tick of the audit room: entries that have been kept long enough go."""

from __future__ import annotations

from datetime import datetime

from backend import db
from backend.audit import service


def run_due(sessions: db.Sessions, now: datetime) -> int:
    """Delete a batch; returns how many. Any number of processes may tick."""
    with db.session_scope(sessions) as session:
        return service.forget_old(session, now=now)
