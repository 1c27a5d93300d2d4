"""Tables of the customers room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base


class Customer(Base):
    """A person, known by the number they are called back on (E.164).

    Attributes:
        opted_out_at: since when they want nothing automatic, or None.
        wrong_since: since when we know that the number is not that of the person who gave it, or None.
        no_texts_since: since when we know that the number takes no texts, or None.
    """

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str | None] = mapped_column(String(60))
    language: Mapped[str | None] = mapped_column(String(2))
    opted_out_at: Mapped[datetime | None]
    wrong_since: Mapped[datetime | None]
    no_texts_since: Mapped[datetime | None]
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
