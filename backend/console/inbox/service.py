"""The little the console itself keeps: how far the desk has read a conversation."""

from __future__ import annotations

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from backend.conversations.models import Conversation
from backend.conversations.rules import Mode


def mark_seen(session: Session, conversation_id: str, seq: int, agent_id: int) -> None:
    """Note that the desk has seen a conversation up to a message; never backwards, never past its last one.

    What a colleague holds is not seen by who only watches: it stays unread for them.
    """
    is_theirs_to_see = or_(Conversation.mode != Mode.HUMAN, Conversation.agent_id == agent_id)
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.seen_seq < seq, Conversation.last_seq >= seq)
        .where(is_theirs_to_see)
        .values(seen_seq=seq)
        .execution_options(synchronize_session=False)
    )
