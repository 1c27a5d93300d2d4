"""Tables of the escalations room."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.conversations.models import Conversation
from backend.db import Base, words
from backend.escalations.rules import End, Means, Rung, Trigger
from backend.tickets.models import Promise, Ticket


class Escalation(Base):
    """Something that threatens a promise or a person. The row is the schedule: `look_at` says when to look again.

    Attributes:
        key: subject and trigger; the same one is never raised twice.
        promise_id, due_at: the promise it is about and the deadline it warns of.
        why_zh, why_en: what happened, without a customer's words or data.
        floor: the rung a lesser one had reached that this one took the place of.
        times: how often the present rung has been told.
        waiting_since: since when the rung's time to acknowledge runs.
        acknowledged_by: the name of the agent; whoever acknowledges stops the climbing.
        ended_why: why it is over; `note` is the reason somebody gave by hand.
    """

    __tablename__ = "escalations"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(140), unique=True)
    trigger: Mapped[Trigger] = mapped_column(words(Trigger))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id", ondelete="SET NULL"), index=True)
    promise_id: Mapped[int | None] = mapped_column(ForeignKey("promises.id", ondelete="CASCADE"), index=True)
    due_at: Mapped[datetime | None]
    why_zh: Mapped[str] = mapped_column(Text)
    why_en: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime] = mapped_column(index=True)
    rung: Mapped[Rung | None] = mapped_column(words(Rung))
    floor: Mapped[Rung | None] = mapped_column(words(Rung))
    times: Mapped[int] = mapped_column(default=0)
    waiting_since: Mapped[datetime | None]
    look_at: Mapped[datetime | None] = mapped_column(index=True)
    acknowledged_by: Mapped[str | None] = mapped_column(String(60))
    acknowledged_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(60))
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_why: Mapped[End | None] = mapped_column(words(End))
    note: Mapped[str | None] = mapped_column(Text)

    ticket: Mapped[Ticket | None] = relationship(lazy="raise")
    conversation: Mapped[Conversation | None] = relationship(lazy="raise")
    promise: Mapped[Promise | None] = relationship(lazy="raise")


class EscalationEntry(Base):
    """Something that happened to an escalation; `key` (`rung:outlet`) makes the database refuse it a second time."""

    __tablename__ = "escalation_entries"
    __table_args__ = (UniqueConstraint("escalation_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalations.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(24))
    params: Mapped[dict[str, Any]]
    text: Mapped[str | None] = mapped_column(Text)
    key: Mapped[str | None] = mapped_column(String(40))


class Notice(Base):
    """Somebody was told by some means. Stored with the text, call or mail it stands for, in one unit of work.

    Attributes:
        key: escalation, rung, how many times, person and means; the same is never told twice.
        person: `agent:3`, `outlet:fs-sd` or `duty`.
        to: the number of a text or call that is still to be queued.
        due_at: when it is to be queued, together with what else waits for them; None: it has been, or needs none.
        bundle: its name in the outbox, once it is queued with others.
        sent_at: when it was queued so.
    """

    __tablename__ = "escalation_notices"
    __table_args__ = (
        Index("ix_escalation_notices_person", "person", "escalation_id"),
        Index("ix_escalation_notices_sent", "person", "means", "sent_at"),
        Index(
            "ix_escalation_notices_due", "due_at", sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalations.id", ondelete="CASCADE"), index=True)
    rung: Mapped[Rung] = mapped_column(words(Rung))
    times: Mapped[int]
    person: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(80))
    means: Mapped[Means] = mapped_column(words(Means))
    at: Mapped[datetime]
    to: Mapped[str | None] = mapped_column(String(20))
    due_at: Mapped[datetime | None]
    bundle: Mapped[str | None] = mapped_column(String(60))
    sent_at: Mapped[datetime | None]

    escalation: Mapped[Escalation] = relationship(lazy="raise")


class PromiseWatch(Base):
    """When a promise is to be warned of next: `look_at`, computed for the deadline `due_at`."""

    __tablename__ = "promise_watches"

    promise_id: Mapped[int] = mapped_column(ForeignKey("promises.id", ondelete="CASCADE"), primary_key=True)
    due_at: Mapped[datetime]
    half_at: Mapped[datetime | None]
    near_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None] = mapped_column(index=True)


class MailStatus(StrEnum):
    """How far a mail has come. `unknown`: it may or may not have left, so it is not sent again."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StaffMail(Base):
    """A mail to staff.

    Attributes:
        send_after: when it is due next.
        lease_until: until then the process that called the server has it; what outlasts its lease is `unknown`.
        reason: why it did not leave, or not yet.
    """

    __tablename__ = "staff_mails"
    __table_args__ = (Index("ix_staff_mails_due", "status", "send_after"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    to: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    status: Mapped[MailStatus] = mapped_column(words(MailStatus), default=MailStatus.PENDING)
    reason: Mapped[str | None] = mapped_column(String(120))
    attempts: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime]
    send_after: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
