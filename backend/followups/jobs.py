"""What the tick does here: plan, ask, go over to calling, give up, tell of low grades."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend import db
from backend.followups import asking
from backend.reference import Reference


def run_due(
    sessions: db.Sessions,
    now: datetime,
    reference: Reference,
    *,
    announce: Callable[[str], None] = lambda _conversation_id: None,
) -> int:
    """Do what is due; returns how many rows were handled. Any number of processes may tick.

    Args:
        announce: told of each web conversation in which a question now stands, once that is committed.
    """
    with db.session_scope(sessions) as session:
        handled = asking.plan(session, reference=reference, now=now)
        handled += asking.go_over_to_calling(session, now=now)
        handled += asking.give_up(session, now=now)
        handled += asking.tell_of_low_grades(session, reference=reference, now=now)
    with db.session_scope(sessions) as session:
        asked, touched = asking.ask(session, reference=reference, now=now)
    for conversation_id in touched:
        announce(conversation_id)
    return handled + asked
