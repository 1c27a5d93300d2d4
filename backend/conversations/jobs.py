"""What the tick does here: take up messages whose turn was lost or put off, and conversations whose agent is gone."""

from __future__ import annotations

import asyncio
from datetime import datetime

from backend import db
from backend.conversations import holding, queries
from backend.conversations.turn import Turns


async def run_due(sessions: db.Sessions, now: datetime, turns: Turns) -> int:
    """Answer conversations with a message due for the bot; returns how many were taken up."""

    def due() -> list[str]:
        with db.read_scope(sessions) as session:
            return list(queries.waiting_for_the_bot(session, now))

    conversation_ids = await asyncio.to_thread(due)
    await asyncio.gather(*(turns.answer(conversation_id) for conversation_id in conversation_ids))
    return len(conversation_ids)


def return_lost(sessions: db.Sessions, now: datetime) -> list[str]:
    """Conversations whose agent's browser has died, or whose snooze is over, wait again; returns their ids."""
    with db.read_scope(sessions) as session:
        if not queries.is_any_to_return(session, now):
            return []  # the usual second: nothing is written
    with db.session_scope(sessions) as session:
        return list(holding.return_due(session, now))
