"""Tables of the callbacks room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.agents.models import Agent
from backend.callbacks.bridge_rules import Stage
from backend.callbacks.rules import Status
from backend.db import Base, words
from backend.tickets.models import Ticket

_OPEN = text("status = 'booked'")


class Callback(Base):
    """One call to make. The row is the schedule: `dial_at` and `remind_at` say when it and its reminder are due.

    A call nobody answers is settled, and the next try is a row of its own: together they are the history of a promise.

    Attributes:
        first_id: the first call of the promise; None for that one itself.
        attempt: the how-manieth call of the promise this is, from 1.
        unanswered: how many calls just before this one nobody answered.
        first_start, first_end: the window the customer was told first.
        dial_at: from when the call may be made.
        overdue_at: when it was noticed that nobody had called in the window the customer was told.
        caller_id, lease_until: the agent who is making the call, and until when it is theirs without a sign of them.
        version: grows with every change; a change made on an older one is refused.
        chosen: whether the customer chose this time; such a callback is not brought forward by a later contact.
        by_hand: whether an agent put it into this window; such a callback is not brought forward either.
        over_capacity: whether it was booked into a full window to keep the reply promise.
        phone_confirmed: whether the customer has shown that the number is theirs.
        texted_at: when a text was queued that says we could not reach the customer.
        undo: what its outcome has changed elsewhere, to take it back; see `outcomes`.
        why: why this window, for the agent.
    """

    __tablename__ = "callbacks"
    __table_args__ = (
        Index("uq_callbacks_open_phone", "phone", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_callbacks_due", "status", "remind_at"),
        Index("ix_callbacks_dial", "status", "dial_at"),
        Index("ix_callbacks_late", "status", "window_end"),
        Index("ix_callbacks_closed", "closed_at"),
        Index("ix_callbacks_phone", "phone"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id", ondelete="SET NULL"))
    first_id: Mapped[int | None] = mapped_column(ForeignKey("callbacks.id", ondelete="CASCADE"), index=True)
    attempt: Mapped[int] = mapped_column(default=1)
    unanswered: Mapped[int] = mapped_column(default=0)
    phone: Mapped[str] = mapped_column(String(20))
    phone_confirmed: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(2))
    window_start: Mapped[datetime] = mapped_column(index=True)
    window_end: Mapped[datetime]
    first_start: Mapped[datetime]
    first_end: Mapped[datetime]
    dial_at: Mapped[datetime]
    overdue_at: Mapped[datetime | None]
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    lease_until: Mapped[datetime | None]
    status: Mapped[Status] = mapped_column(words(Status))
    reason: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    chosen: Mapped[bool] = mapped_column(default=False)
    by_hand: Mapped[bool] = mapped_column(default=False)
    over_capacity: Mapped[bool] = mapped_column(default=False)
    remind_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(Text)
    agent: Mapped[str | None] = mapped_column(String(60))
    texted_at: Mapped[datetime | None]
    undo: Mapped[dict[str, Any] | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    ticket: Mapped[Ticket | None] = relationship(lazy="raise")
    caller: Mapped[Agent | None] = relationship(lazy="raise")


class Bridge(Base):
    """A call in which the house rings an agent first, and then the customer of the callback in their hand.

    Attributes:
        stage: how far it has come, as the carrier's webhooks say; it only moves forward.
        sid: the carrier's id of the call to the agent.
        seconds: how long agent and customer have talked.
    """

    __tablename__ = "bridges"

    id: Mapped[int] = mapped_column(primary_key=True)
    callback_id: Mapped[int] = mapped_column(ForeignKey("callbacks.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))
    stage: Mapped[Stage] = mapped_column(words(Stage))
    sid: Mapped[str | None] = mapped_column(String(40))
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    seconds: Mapped[int | None]


class BookingTurn(Base):
    """A single row that bookings hold while they choose a window, so that two never fill the same last place."""

    __tablename__ = "booking_turns"

    id: Mapped[int] = mapped_column(primary_key=True)
    taken: Mapped[int] = mapped_column(default=0)
