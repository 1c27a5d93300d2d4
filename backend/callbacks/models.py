"""Tables of the callbacks room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.callbacks.rules import Status
from backend.db import Base, words
from backend.tickets.models import Ticket

_OPEN = text("status = 'booked'")


class Callback(Base):
    """One promised call. The row is the schedule: `remind_at` says when its reminder is due.

    Attributes:
        version: grows with every change; a change made on an older one is refused.
        chosen: whether the customer chose this time; such a callback is not brought forward by a later contact.
        over_capacity: whether it was booked into a full window to keep the reply promise.
        phone_confirmed: whether the customer has shown that the number is theirs.
        why: why this window, for the agent.
    """

    __tablename__ = "callbacks"
    __table_args__ = (
        Index("uq_callbacks_open_phone", "phone", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_callbacks_due", "status", "remind_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id", ondelete="SET NULL"))
    phone: Mapped[str] = mapped_column(String(20))
    phone_confirmed: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(2))
    window_start: Mapped[datetime] = mapped_column(index=True)
    window_end: Mapped[datetime]
    status: Mapped[Status] = mapped_column(words(Status))
    reason: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    chosen: Mapped[bool] = mapped_column(default=False)
    over_capacity: Mapped[bool] = mapped_column(default=False)
    remind_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(Text)
    agent: Mapped[str | None] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    ticket: Mapped[Ticket | None] = relationship(lazy="raise")


class BookingTurn(Base):
    """A single row that bookings hold while they choose a window, so that two never fill the same last place."""

    __tablename__ = "booking_turns"

    id: Mapped[int] = mapped_column(primary_key=True)
    taken: Mapped[int] = mapped_column(default=0)
