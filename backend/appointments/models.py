"""Tables of the appointments room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.appointments.rules import Status
from backend.db import Base, words
from backend.tickets.models import Ticket

_OPEN = text("status IN ('held', 'confirmed', 'moved', 'late')")


class Appointment(Base):
    """One visit. Whom it concerns and where stands in the ticket. The row is the schedule of its reminders.

    Attributes:
        outlet: name of the outlet that sends the technician.
        held_until: until when a held window is kept.
        sequence: how often it was moved or called off since it was agreed; the calendar file's SEQUENCE.
        version: grows with every change; a change made on an older one is refused.
        over_capacity: whether it stands in a window that has no room for it (the address was corrected).
        why: why this window, for the agent.
        customer_confirmed_at: when the customer said that they will be at home.
        offer_key: the name in the outbox of the text that named windows to choose from.
        offered: those windows, as [start, end] in ISO.
        late_minutes: how much later than the window the technician comes.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        Index("uq_appointments_open_ticket", "ticket_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_appointments_load", "outlet", "window_start"),
        Index("ix_appointments_evening", "status", "remind_evening_at"),
        Index("ix_appointments_soon", "status", "remind_soon_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    outlet: Mapped[str] = mapped_column(String(80))
    window_start: Mapped[datetime] = mapped_column(index=True)
    window_end: Mapped[datetime]
    status: Mapped[Status] = mapped_column(words(Status))
    held_until: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(Text)
    over_capacity: Mapped[bool] = mapped_column(default=False)
    late_minutes: Mapped[int | None]
    customer_confirmed_at: Mapped[datetime | None]
    remind_evening_at: Mapped[datetime | None]
    evening_sent_at: Mapped[datetime | None]
    remind_soon_at: Mapped[datetime | None]
    soon_sent_at: Mapped[datetime | None]
    offer_key: Mapped[str | None] = mapped_column(String(120), index=True)
    offered: Mapped[list[Any]] = mapped_column(default=list)
    agent: Mapped[str | None] = mapped_column(String(60))
    sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    ticket: Mapped[Ticket] = relationship(lazy="raise")


class VisitTurn(Base):
    """A row an outlet, which whoever chooses one of its windows holds, so that two never take the same last place."""

    __tablename__ = "visit_turns"

    outlet: Mapped[str] = mapped_column(String(80), primary_key=True)
