"""Tables of the reviews room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.conversations.rules import Channel
from backend.db import Base, words
from backend.reviews.rules import Reason, State


class ReviewCandidate(Base):
    """A turn that waits to be judged; the row goes when it has been. It holds no words of the customer's."""

    __tablename__ = "review_candidates"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    intent: Mapped[str] = mapped_column(String(40))
    confidence: Mapped[float | None]
    answered_at: Mapped[datetime] = mapped_column(index=True)


class Review(Base):
    """One masked line, however often it was said.

    Attributes:
        digest: hash of the masked text, unique: the same line again raises `count`.
        answer: the beginning of what the bot said, masked.
        intent: what was understood, the last time; `confidence` 0 to 1, and `reason`, too.
        label: what an agent says the customer wanted.
        delete_at: when the line is deleted.
    """

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    text: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    channel: Mapped[Channel] = mapped_column(words(Channel))
    intent: Mapped[str] = mapped_column(String(40))
    confidence: Mapped[float | None]
    reason: Mapped[Reason] = mapped_column(words(Reason))
    count: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    delete_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[State] = mapped_column(words(State), default=State.OPEN, index=True)
    label: Mapped[str | None] = mapped_column(String(40))
    labelled_by: Mapped[str | None] = mapped_column(String(60))
    labelled_at: Mapped[datetime | None]
