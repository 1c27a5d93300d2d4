"""Tables of the outbox room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, words
from backend.outbox.rules import Medium, OutboxKind, Status, Verdict


def _where(condition: str, name: str, column: str) -> Index:
    return Index(name, column, sqlite_where=text(condition), postgresql_where=text(condition))


# The few rows a tick looks for, each kind in an index of its own: neither what left long ago nor what leaves next month
# makes a tick slower. Queries name the status as a literal; with a parameter SQLite would not use such an index.
_LIVELY = {"pending": "send_after", "claimed": "lease_until", "sending": "lease_until", "unknown": "send_after"}
UNDECIDED = "seen_at IS NULL AND status IN ('dead', 'expired', 'refused', 'unknown')"


class OutboxMessage(Base):
    """One text or call to one person.

    Attributes:
        key: unique; a message split into several texts has `key#1`, `key#2`, …
        message_key: the key before splitting.
        to: E.164 (or what was given, when it is refused as no number).
        medium: whether `text` is written or said aloud in a call.
        digest: short hash of the text and its medium, to find the same text again.
        lane: rows of one lane to one person keep their order; calls have lanes of their own.
        answering: when the person this text answers wrote, or None.
        send_after: when the row is due next: to leave or, while unknown, to be asked about.
        claim: token of the present claim; only its holder may go on with the row.
        lease_until: when the claim lapses.
        attempts: how often the carrier was called; second part of the reference.
        failures: how often the text provably did not leave; decides when it is given up.
        sending_at: when the carrier was last called.
        unknown_at: since when nobody knows the outcome.
        sid: the carrier's id.
        carrier_status: the carrier's last word.
        had_second_try: whether it was tried again after it was not delivered.
        seen_at: when somebody dropped it, or put it aside.
        script: whose webhook speaks in a call (`telephony.outgoing.SCRIPTS`); None: `text` is said, nobody listens.
        spoken: of a text: what is said in a call where the number takes no texts; None: then it does not leave.
        instead: why it is a call although a text was wanted.
        to_unconfirmed: whether it leaves by itself to a number nobody has shown to own; these share a daily budget.
    """

    __tablename__ = "outbox_messages"
    __table_args__ = (
        *(_where(f"status = '{status}'", "ix_outbox_messages_" + status, column) for status, column in _LIVELY.items()),
        _where(UNDECIDED, "ix_outbox_messages_undecided", "id"),
        Index("ix_outbox_messages_order", "to", "lane", "status"),
        Index(
            "ix_outbox_messages_unconfirmed",
            "queued_at",
            sqlite_where=text("to_unconfirmed"),
            postgresql_where=text("to_unconfirmed"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    message_key: Mapped[str] = mapped_column(String(120), index=True)
    part: Mapped[int] = mapped_column(default=1)
    to: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    medium: Mapped[Medium] = mapped_column(words(Medium), default=Medium.TEXT, server_default=Medium.TEXT.value)
    digest: Mapped[str] = mapped_column(String(16), index=True)
    kind: Mapped[OutboxKind] = mapped_column(words(OutboxKind))
    lane: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(2))
    conversation_id: Mapped[str | None] = mapped_column(String(32), index=True)
    status: Mapped[Status] = mapped_column(words(Status), default=Status.PENDING)
    reason: Mapped[str | None] = mapped_column(String(40))
    queued_at: Mapped[datetime] = mapped_column(index=True)
    answering: Mapped[datetime | None]
    send_after: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    owner: Mapped[str | None] = mapped_column(String(80))
    claim: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    sending_at: Mapped[datetime | None]
    unknown_at: Mapped[datetime | None]
    sid: Mapped[str | None] = mapped_column(String(40), index=True)
    carrier_status: Mapped[str | None] = mapped_column(String(16))
    error_code: Mapped[int | None]
    had_second_try: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime | None]
    to_unconfirmed: Mapped[bool] = mapped_column(default=False)
    script: Mapped[str | None] = mapped_column(String(16))
    spoken: Mapped[str | None] = mapped_column(Text)
    instead: Mapped[str | None] = mapped_column(String(24))


class OutboxDecision(Base):
    """What somebody decided about a row that did not leave, or may not have.

    Attributes:
        number: counts the decisions about one row; who has seen fewer decides nothing.
        status, reason: how the row stood.
    """

    __tablename__ = "outbox_decisions"
    __table_args__ = (UniqueConstraint("message_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("outbox_messages.id", ondelete="CASCADE"))
    number: Mapped[int]
    verdict: Mapped[Verdict] = mapped_column(words(Verdict))
    who: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    status: Mapped[Status] = mapped_column(words(Status))
    reason: Mapped[str | None] = mapped_column(String(40))


class SenderPause(Base):
    """A carrier that refuses our account: nothing is sent until it is tried again at `until`."""

    __tablename__ = "sender_pauses"

    carrier: Mapped[str] = mapped_column(String(20), primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    code: Mapped[int]


class SenderSlot(Base):
    """From when on a carrier may be given the next text or call; what all processes agree their pace by."""

    __tablename__ = "sender_slots"

    carrier: Mapped[str] = mapped_column(String(20), primary_key=True)
    medium: Mapped[Medium] = mapped_column(words(Medium), primary_key=True)
    free_at: Mapped[datetime]


class WebhookReceipt(Base):
    """A webhook that has had its effect: the same one again has none. Also: that a day's housekeeping is done."""

    __tablename__ = "webhook_receipts"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(index=True)


class SpokenTurn(Base):
    """What was answered to one webhook of a call we made: the same webhook again gets the same answer.

    Attributes:
        name: which webhook, of how manieth turn.
        answer: the TwiML.
    """

    __tablename__ = "spoken_turns"
    __table_args__ = (UniqueConstraint("outbox_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox_messages.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    answer: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
