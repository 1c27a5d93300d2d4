"""Tables of the conversations room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.conversations.rules import Author, Channel, Mode, NoteKind
from backend.db import Base, words
from backend.word_index import WordIndex

_BY_AGENT = text("author = 'agent'")
_WAITS = text("retry_at IS NOT NULL")  # next to none: an index of all rows would look useless to a planner


class Conversation(Base):
    """One person's exchange on one channel.

    `phone` is the number it comes from, which proves nothing; `verified_phone` is the number (E.164) whose owner the
    writer has shown to be, by a one-time code or by a ticket's number together with its phone.
    `turn_owner` and `turn_until` are the lease of the bot's turn: only its holder may store the bot's answer.

    Attributes:
        lease_until: until when the agent who holds it keeps it without a sign of life; None while it is snoozed.
        snoozed_until: until when its agent has put it aside; the bot stays silent in it.
        wanted_agent_id: for whom it waits, when somebody passed it on to them or they have lost it.
        queue: for which group of people it waits (`data/desk.yaml`); None for anybody.
        wrap_up: how it ended, a code of `data/desk.yaml`.
        understood: how the bot understood the last message: intent, confidence, entities, form and what it collected.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        Index("ix_conversations_mode_last", "mode", "last_message_at"),
        Index("ix_conversations_agent", "agent_id", "mode"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[Channel] = mapped_column(words(Channel))
    language: Mapped[str] = mapped_column(String(2))
    mode: Mapped[Mode] = mapped_column(words(Mode))
    phone: Mapped[str | None] = mapped_column(String(20), index=True)
    verified_phone: Mapped[str | None] = mapped_column(String(20), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    lease_until: Mapped[datetime | None] = mapped_column(index=True)
    snoozed_until: Mapped[datetime | None] = mapped_column(index=True)
    wanted_agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"), index=True)
    queue: Mapped[str | None] = mapped_column(String(24))
    wrap_up: Mapped[str | None] = mapped_column(String(24))
    closed_at: Mapped[datetime | None]
    understood: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
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
    """One message. A customer's message is open until `answered_at` is set; `reply_to` names what a reply answers.

    Attributes:
        picture: of a message that is one: its id, width and height; the room above keeps the file.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_message_id", name="uq_messages_client_message_id"),
        Index("ix_messages_by_agent", "conversation_id", sqlite_where=_BY_AGENT, postgresql_where=_BY_AGENT),
        Index("ix_messages_retry_at", "retry_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    seq: Mapped[int]
    author: Mapped[Author] = mapped_column(words(Author))
    agent_name: Mapped[str | None] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    buttons: Mapped[list[Any]] = mapped_column(default=list)
    picture: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    expects: Mapped[str | None] = mapped_column(String(40))
    client_message_id: Mapped[str | None] = mapped_column(String(80))
    reply_to: Mapped[int | None]
    sent_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]


MESSAGE_WORDS = WordIndex("messages", ("text",), "author", (Author.CUSTOMER.value, Author.AGENT.value))
"""What people have said. The bot's greeting names a dozen complaints: with it every conversation would be of each."""

MESSAGE_WORDS.follow(Message.__table__)


class Enclosure(Base):
    """A photo that came with a text, until all photos of that text are fetched or given up.

    Attributes:
        sid: the carrier's id of the text; `number` counts its photos from 1.
        url: at the carrier's host; says nothing of whom or what it shows.
        heard_at: when the text came: what is said about the photo answers that.
        fetch_at: when it is fetched next; None once it is settled.
        attempts: how often that was tried; fences a process that comes back late.
    """

    __tablename__ = "enclosures"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    sid: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    url: Mapped[str] = mapped_column(Text)
    heard_at: Mapped[datetime]
    fetch_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    taken: Mapped[bool] = mapped_column(default=False)


class Note(Base):
    """What agents tell each other about a conversation. A table of its own: no customer is ever shown one.

    Attributes:
        after_seq: the last message before it.
    """

    __tablename__ = "conversation_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    after_seq: Mapped[int]
    kind: Mapped[NoteKind] = mapped_column(words(NoteKind))
    agent_name: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class Watch(Base):
    """Somebody who follows a conversation a colleague holds; the customer is not told, the colleague is.

    Attributes:
        until: until when without a sign of life from a console that has the conversation open.
    """

    __tablename__ = "conversation_watches"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    begun_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)


class Mention(Base):
    """Somebody named in a note, until they have seen it."""

    __tablename__ = "note_mentions"

    note_id: Mapped[int] = mapped_column(ForeignKey("conversation_notes.id", ondelete="CASCADE"), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    seen_at: Mapped[datetime | None] = mapped_column(index=True)
