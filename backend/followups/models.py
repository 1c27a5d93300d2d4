"""The table of the follow-ups room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.agents.models import Agent
from backend.db import Base, words
from backend.followups.rules import By, Skip, Status
from backend.tickets.models import Ticket


class FollowUp(Base):
    """How it was: one question a ticket. The row is the schedule.

    Attributes:
        phone: whom we ask (E.164), as it stood when we asked; None where there was no number.
        skip: why nobody was asked, or asked no further.
        due_at: when the tick is to look at it: to ask, to go over to calling, to tell of a low grade; of one to be
            called, from when. None: nothing more is to come.
        give_up_at: after this nobody asks any more.
        asked_at: when the question was put by text or on the web.
        message_id: what we said last in a conversation that an answer is expected to: the question, or what went wrong.
        calls: how often we have called.
        caller_id, lease_until: the agent who is calling, and until when it is theirs without a sign of them.
        is_low: whether that was a low grade by the policy then in force.
        words: what the customer said of it.
        answers: what else was asked, by the key of the question: true or false.
        who: who noted the grade.
        version: grows with every change at the desk; a change made on an older one is refused.
    """

    __tablename__ = "followups"
    __table_args__ = (
        Index("ix_followups_due", "status", "due_at"),
        Index("ix_followups_give_up", "status", "give_up_at"),
        Index("ix_followups_phone", "phone", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20))
    status: Mapped[Status] = mapped_column(words(Status))
    skip: Mapped[Skip | None] = mapped_column(words(Skip))
    due_at: Mapped[datetime | None]
    give_up_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"), index=True)
    calls: Mapped[int] = mapped_column(default=0)
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    lease_until: Mapped[datetime | None]
    grade: Mapped[int | None]
    is_low: Mapped[bool | None]
    by: Mapped[By | None] = mapped_column(words(By))
    words: Mapped[str | None] = mapped_column(Text)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    who: Mapped[str | None] = mapped_column(String(60))
    graded_at: Mapped[datetime | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    ticket: Mapped[Ticket] = relationship(lazy="raise")
    caller: Mapped[Agent | None] = relationship(lazy="raise")
