"""Tables of the conversations room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.conversations.rules import Author, Channel, Mode
from backend.db import Base, words

_BY_AGENT = text("author = 'agent'")


class Conversation(Base):
    """One person's exchange on one channel.

    `phone` is the number it comes from, which proves nothing; `verified_phone` is the number (E.164) whose owner the
    writer has shown to be, by a one-time code or by a ticket's number together with its phone.
    `turn_owner` and `turn_until` are the lease of the bot's turn: only its holder may store the bot's answer.
    """

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[Channel] = mapped_column(words(Channel))
    language: Mapped[str] = mapped_column(String(2))
    mode: Mapped[Mode] = mapped_column(words(Mode), index=True)
    phone: Mapped[str | None] = mapped_column(String(20), index=True)
    verified_phone: Mapped[str | None] = mapped_column(String(20))
    token_hash: Mapped[str | None] = mapped_column(String(64))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    handoff_requested_at: Mapped[datetime | None]
    handoff_reason: Mapped[str | None] = mapped_column(String(24))
    handoff_summary: Mapped[str | None] = mapped_column(Text)
    last_seq: Mapped[int] = mapped_column(default=0)
    seen_seq: Mapped[int] = mapped_column(default=0)
    turn_owner: Mapped[str | None] = mapped_column(String(32))
    turn_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    last_message_at: Mapped[datetime] = mapped_column(index=True)


class Message(Base):
    """One message. A customer's message is open until `answered_at` is set; `reply_to` names what a reply answers."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_message_id", name="uq_messages_client_message_id"),
        Index("ix_messages_by_agent", "conversation_id", sqlite_where=_BY_AGENT, postgresql_where=_BY_AGENT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    seq: Mapped[int]
    author: Mapped[Author] = mapped_column(words(Author))
    agent_name: Mapped[str | None] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    buttons: Mapped[list[Any]] = mapped_column(default=list)
    expects: Mapped[str | None] = mapped_column(String(40))
    client_message_id: Mapped[str | None] = mapped_column(String(80))
    reply_to: Mapped[int | None]
    sent_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(index=True)
