"""The little the console itself keeps: how far the desk has read a conversation."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.conversations.models import Conversation


def mark_seen(session: Session, conversation_id: str, seq: int) -> None:
    """Note that the desk has seen a conversation up to a message; never backwards, never past its last one."""
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.seen_seq < seq, Conversation.last_seq >= seq)
        .values(seen_seq=seq)
        .execution_options(synchronize_session=False)
    )
