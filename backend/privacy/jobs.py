"""The tick of the privacy room: deletions whose time has come, then what the bot has still to forget."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from backend import db
from backend.conversations.bot_client import BotFailed
from backend.privacy import service

log = structlog.get_logger(__name__)


def run_due(sessions: db.Sessions, now: datetime, *, key: bytes, forget: Callable[[str], None]) -> int:
    """Carry out what is due; returns how many steps were taken. Any number of processes may tick.

    Args:
        key: the house's secret; makes pseudonyms.
        forget: has the bot forget a conversation; raises BotFailed, and is then asked again at the next tick.
    """
    with db.read_scope(sessions) as session:
        due = service.due(session, now=now)
    done = 0
    for request_id in due:
        with db.session_scope(sessions) as session:
            done += service.carry_out(session, request_id, key=key, now=now)
    with db.read_scope(sessions) as session:
        waiting = service.to_forget(session)
    for request_id, conversation_id in waiting:
        try:
            forget(conversation_id)
        except BotFailed as error:
            log.warning("the bot cannot forget yet", request=request_id, why=str(error))
            break
        with db.session_scope(sessions) as session:
            service.forgotten(session, request_id, conversation_id)
        done += 1
    return done
