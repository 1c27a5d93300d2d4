"""Tables of the tickets room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, words
from backend.tickets.promise_rules import Change, PauseReason
from backend.tickets.rules import Priority, PromiseKind, Status, TicketType
from backend.word_index import WordIndex

_IN_DANGER = text("danger IS NOT NULL")
_MISSED = text("missed_at IS NOT NULL")


class Ticket(Base):
    """One case. Contact and address are snapshots: what was true when the customer said it.

    Attributes:
        form_id: the bot's id of the confirmed form; with the conversation it makes saving idempotent.
        phone_confirmed: whether the customer has shown that the number is theirs (they wrote from it).
        address: province, city, district, town, village, detail and raw; empty when unknown.
        address_text: the address in one line, to search in.
        address_key: hash of the address, to count and compare without reading it.
        tier: region tier of the address, which decides the on-site promise; None while unknown.
        place_reason: why it is in this tier and why this outlet serves it, by language.
        danger: kind of danger reported (`shock`, `smoke`, …), or None.
        contacts: how often the customer has contacted us about this case.
        assignee_id: the agent who sees to it, if it was given to one.
        merged_into_id: the ticket that goes on with this case; this one is cancelled then.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("conversation_id", "form_id", name="uq_tickets_form"),
        Index("ix_tickets_phone_type", "contact_phone", "type"),
        Index("ix_tickets_address_day", "address_key", "created_at"),
        Index("ix_tickets_priority_status", "priority", "status"),
        Index("ix_tickets_danger", "status", sqlite_where=_IN_DANGER, postgresql_where=_IN_DANGER),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_no: Mapped[str] = mapped_column(String(20), unique=True)
    type: Mapped[TicketType] = mapped_column(words(TicketType))
    status: Mapped[Status] = mapped_column(words(Status), index=True)
    priority: Mapped[Priority] = mapped_column(words(Priority))
    visit_code: Mapped[str] = mapped_column(String(8))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    contact_name: Mapped[str | None] = mapped_column(String(60))
    contact_phone: Mapped[str | None] = mapped_column(String(20))
    phone_confirmed: Mapped[bool] = mapped_column(default=False)
    address: Mapped[dict[str, Any]]
    address_text: Mapped[str] = mapped_column(Text, default="")
    address_key: Mapped[str | None] = mapped_column(String(32))
    tier: Mapped[str | None] = mapped_column(String(20))
    place_reason: Mapped[dict[str, Any]]
    outlet: Mapped[str | None] = mapped_column(String(80))
    model: Mapped[str | None] = mapped_column(String(60))
    serial_no: Mapped[str | None] = mapped_column(String(60), index=True)
    capacity: Mapped[str | None] = mapped_column(String(20))
    purchase_date: Mapped[str | None] = mapped_column(String(20))
    fault_code: Mapped[str | None] = mapped_column(String(20))
    fault_class: Mapped[str | None] = mapped_column(String(40))
    symptom: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    complaint_about: Mapped[str | None] = mapped_column(String(200))
    related_ticket_no: Mapped[str | None] = mapped_column(String(20))
    wanted: Mapped[str | None] = mapped_column(Text)
    install: Mapped[dict[str, Any]]
    danger: Mapped[str | None] = mapped_column(String(24))
    channel: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(2))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id", ondelete="SET NULL"))
    form_id: Mapped[str | None] = mapped_column(String(80))
    contacts: Mapped[int] = mapped_column(default=1)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"), index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    closed_at: Mapped[datetime | None] = mapped_column(index=True)


TICKET_WORDS = WordIndex("tickets", ("ticket_no", "contact_name", "address_text", "model", "symptom", "description"))
TICKET_WORDS.follow(Ticket.__table__)


class Promise(Base):
    """One promise of a ticket. `due_at` is empty while the date is to be confirmed.

    Attributes:
        paused_s: open seconds by which pauses have put the deadline off.
        paused_at: since when a pause is running, or None.
        pause_reason: what the running pause waits for.
        resume_at: when the tick ends the running pause; None: somebody must.
        rule: the rule it was counted by, for example `onsite:township:2d`.
        amount: minutes of open time, or days, by the rule; None while unknown.
        started_at: from when it is counted.
        calendar: version of the calendar it was counted with.
    """

    __tablename__ = "promises"
    __table_args__ = (
        UniqueConstraint("ticket_id", "kind"),
        Index("ix_promises_missed_at", "missed_at", sqlite_where=_MISSED, postgresql_where=_MISSED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    kind: Mapped[PromiseKind] = mapped_column(words(PromiseKind))
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    met_at: Mapped[datetime | None] = mapped_column(index=True)
    missed_at: Mapped[datetime | None]
    paused_s: Mapped[int] = mapped_column(default=0)
    paused_at: Mapped[datetime | None]
    pause_reason: Mapped[PauseReason | None] = mapped_column(words(PauseReason))
    resume_at: Mapped[datetime | None] = mapped_column(index=True)
    rule: Mapped[str] = mapped_column(String(60))
    amount: Mapped[int | None]
    tier: Mapped[str | None] = mapped_column(String(20))
    started_at: Mapped[datetime]
    calendar: Mapped[str] = mapped_column(String(80))
    why_zh: Mapped[str] = mapped_column(Text)
    why_en: Mapped[str] = mapped_column(Text)


class PromiseChange(Base):
    """Something that happened to a promise. Written by the ledger alone, never changed.

    Attributes:
        reason: a code: a `PauseReason` of a pause, else one of `wording.CHANGE_REASONS`; empty where none is needed.
        words: the reason as people read it, by language; for pauses and later times, which may be replayed.
        until: when a pause was to end, or the later time the customer asked for.
        due_before: the deadline before it, where there was a promise already.
        due_after: the deadline after it; None while the date is to be confirmed.
    """

    __tablename__ = "promise_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    promise_id: Mapped[int] = mapped_column(ForeignKey("promises.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(60))
    what: Mapped[Change] = mapped_column(words(Change))
    reason: Mapped[str] = mapped_column(String(24))
    words: Mapped[dict[str, Any]]
    until: Mapped[datetime | None]
    due_before: Mapped[datetime | None]
    due_after: Mapped[datetime | None]


class TimelineEntry(Base):
    """Something that happened to a ticket: a code of `wording.EVENTS` and what to fill in.

    `key` names the message or form that caused it, so that the same one again has no second effect.
    """

    __tablename__ = "timeline_entries"
    __table_args__ = (UniqueConstraint("ticket_id", "key"), Index("ix_timeline_entries_code_at", "code", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(String(140))


class TicketMerge(Base):
    """A ticket was merged into another. `undo` is what the merge has changed, to take it back."""

    __tablename__ = "ticket_merges"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    who: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    undo: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]


class TicketLink(Base):
    """Two tickets that belong together without being one case; the lower id stands first."""

    __tablename__ = "ticket_links"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    who: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]


class TicketFilter(Base):
    """A choice of tickets an agent has given a name; `shared` shows it to everybody. It holds no customer's data."""

    __tablename__ = "ticket_filters"
    __table_args__ = (UniqueConstraint("agent_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40))
    wanted: Mapped[dict[str, Any]]
    shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class TicketCounter(Base):
    """The last ticket number of a local day. Whoever opens a ticket holds this row: numbers and duplicates are safe."""

    __tablename__ = "ticket_counters"

    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
