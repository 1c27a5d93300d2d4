"""Tables of the customers room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base


class Customer(Base):
    """A person, known by the number they are called back on (E.164)."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str | None] = mapped_column(String(60))
    language: Mapped[str | None] = mapped_column(String(2))
    opted_out_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class OneTimeCode(Base):
    """A code texted to a number (E.164), to show in one conversation that the number is its writer's.

    Attributes:
        salted_hash: salt and hash of the code; the code itself is stored nowhere in this room.
        attempts: how many wrong codes were tried on this one.
        used_at: when the right code was told.
    """

    __tablename__ = "one_time_codes"
    __table_args__ = (
        Index("ix_one_time_codes_phone", "phone", "created_at"),
        Index("ix_one_time_codes_conversation", "conversation_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(String(20))
    conversation_id: Mapped[str] = mapped_column(String(32))
    salted_hash: Mapped[str] = mapped_column(String(100))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class DeletionRequest(Base):
    """A customer wants their data deleted. The row is the schedule: the tick carries it out once `due_at` has passed.

    Attributes:
        why: how the customer asked, without longer numbers.
        due_at: until then it can be taken back.
        done_at: when the data were deleted; from then on the row holds nothing that leads to the customer.
        pseudonym: what stands for the customer in the audit log after that.
        counts: how many rows of each kind were deleted.
        bot_conversations: conversations the bot has still to forget; emptied as it does.
    """

    __tablename__ = "deletion_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(index=True)
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(60))
    why: Mapped[str] = mapped_column(String(200))
    due_at: Mapped[datetime] = mapped_column(index=True)
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None] = mapped_column(String(60))
    done_at: Mapped[datetime | None]
    pseudonym: Mapped[str | None] = mapped_column(String(16))
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    bot_conversations: Mapped[list[Any]] = mapped_column(default=list)
