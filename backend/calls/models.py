"""Tables of the calls room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, words
from telephony.ports import CarrierStatus

_UNDER_WAY = text("ended_at IS NULL")


class Call(Base):
    """A telephone call that came in; the caller's number stands with its conversation.

    Attributes:
        sid: the carrier's id.
        state: where it stands, as `telephony.turns.State`.
        asked_seq: the message the bot is answering, while it is.
        told_seq: the last message of the conversation that the caller has heard.
        understood, was_waiting: how the conversation stood before that message.
        line: which of the waiting lines it holds while it waits for a person.
        queued_at: since when it waits.
        taker_id, taken_at: the agent whose telephone rings for it, or who talks, and since when; `takes`: how often
            somebody has taken it.
        picked_up_at: since when an agent talks with the caller.
        seen_at: the last sign of life.
        status: how far it has come, in the carrier's words; only moves forward.
    """

    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("conversation_id"),
        UniqueConstraint("line"),
        Index("ix_calls_under_way", "seen_at", sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY),
    )

    sid: Mapped[str] = mapped_column(String(34), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    state: Mapped[dict[str, Any]]
    asked_seq: Mapped[int | None]
    told_seq: Mapped[int] = mapped_column(default=0)
    understood: Mapped[dict[str, Any] | None]
    was_waiting: Mapped[bool] = mapped_column(default=False)
    line: Mapped[int | None]
    queued_at: Mapped[datetime | None]
    status: Mapped[CarrierStatus | None] = mapped_column(words(CarrierStatus))
    started_at: Mapped[datetime]
    taker_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    taken_at: Mapped[datetime | None]
    takes: Mapped[int] = mapped_column(default=0)
    picked_up_at: Mapped[datetime | None]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CallAnswer(Base):
    """What was answered to one post of a call: the same post again gets the same words."""

    __tablename__ = "call_answers"
    __table_args__ = (UniqueConstraint("call_sid", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_sid: Mapped[str] = mapped_column(ForeignKey("calls.sid", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(60))
    twiml: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Sound(Base):
    """The sound of a message, which lies with the carrier. It is deleted there once no message has it any more, however
    that came about: its time is over, or its customer's data were deleted.
    """

    __tablename__ = "sounds"

    sid: Mapped[str] = mapped_column(String(34), primary_key=True)
    recorded_at: Mapped[datetime]


class VoiceMessage(Base):
    """A message a caller has left, under the carrier's id of it.

    Attributes:
        seq: the message of the conversation that stands for it.
    """

    __tablename__ = "voice_messages"

    sid: Mapped[str] = mapped_column(String(34), primary_key=True)
    call_sid: Mapped[str] = mapped_column(ForeignKey("calls.sid", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    seq: Mapped[int]
    seconds: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(index=True)
