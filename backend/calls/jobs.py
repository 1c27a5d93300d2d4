"""What the tick does here: end calls whose end was never reported."""

from __future__ import annotations

from datetime import datetime

from backend import db
from backend.calls import ending, queries
from backend.calls.desk import desk_of
from backend.depends import House


def run_due(house: House, now: datetime) -> int:
    """End lost calls and tell consoles; returns how many were ended."""
    with db.read_scope(house.sessions) as session:
        if not queries.silent_since(session, now - ending.WAITS_SILENT_FOR, limit=1):
            return 0  # the usual tick: nothing is written
    with db.session_scope(house.sessions) as session:
        ended = ending.end_lost(session, desk_of(house, now))
    for conversation_id in ended:
        house.bus.publish(f"conversation:{conversation_id}", type="changed")
        house.bus.publish("desk", conversation=conversation_id)
    return len(ended)
