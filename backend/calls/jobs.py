"""What the tick does here: end lost calls, give callers back to the queue, delete messages whose time is over."""

from __future__ import annotations

from datetime import datetime

import structlog

from backend import db
from backend.calls import ending, queries, taking
from backend.calls.desk import desk_of
from backend.calls.models import Sound
from backend.depends import House

log = structlog.get_logger(__name__)


def run_due(house: House, now: datetime) -> int:
    """End lost calls and tell consoles, delete sounds nobody may hear any more; give back callers whose agent did not
    pick up; returns how many in all."""
    return _end_lost(house, now) + _give_back(house, now) + _forget(house, now)


def _end_lost(house: House, now: datetime) -> int:
    with db.read_scope(house.sessions) as session:
        if not queries.silent_since(session, now - ending.WAITS_SILENT_FOR, limit=1):
            return 0  # the usual tick: nothing is written
    with db.session_scope(house.sessions) as session:
        ended = ending.end_lost(session, desk_of(house, now))
    for conversation_id in ended:
        house.bus.publish(f"conversation:{conversation_id}", type="changed")
        house.bus.publish("desk", conversation=conversation_id)
    return len(ended)


def _give_back(house: House, now: datetime) -> int:
    with db.read_scope(house.sessions) as session:
        if not queries.taken_and_waiting(session, limit=1):
            return 0
    with db.session_scope(house.sessions) as session:
        given_back = taking.give_back_unanswered(session, now)
    for conversation_id in given_back:
        house.bus.publish(f"conversation:{conversation_id}", type="changed")
        house.bus.publish("desk", conversation=conversation_id, ring="asked")
    return len(given_back)


def _forget(house: House, now: datetime) -> int:
    before = now - house.reference.voice.keep_messages
    with db.read_scope(house.sessions) as session:
        is_any_old, lost = queries.is_any_message(session, before), queries.sounds_of_nobody(session, limit=1)
    if not is_any_old and not lost:
        return 0
    with db.session_scope(house.sessions) as session:
        queries.forget_messages(session, before)
        sids = queries.sounds_of_nobody(session)
    gone = [sid for sid in sids if house.recordings.delete(sid)]
    if len(gone) < len(sids):
        log.warning("sounds cannot be deleted yet", count=len(sids) - len(gone))
    with db.session_scope(house.sessions) as session:
        for sid in gone:
            if (sound := session.get(Sound, sid)) is not None:
                session.delete(sound)
    return len(gone)
