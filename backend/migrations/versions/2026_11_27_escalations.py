"""escalations, who was told, mails to staff; how an agent is reached."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import UtcDateTime

revision = "2026_11_27_escalations"
down_revision = "2026_11_27_appointments"
branch_labels = None
depends_on = None

TRIGGERS = (
    "promise_half",
    "promise_near",
    "promise_missed",
    "repeat_contact",
    "manager_called",
    "danger",
    "angry_words",
    "low_grade",
)
RUNGS = ("agent", "outlet", "general", "manager")
ENDS = ("by_hand", "promise_met", "put_off", "ticket_closed", "answered", "overtaken", "gone")
MEANS = ("console", "text", "email", "call")
MAILS = ("pending", "sending", "sent", "unknown", "failed", "cancelled")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=24)


def _instant(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    op.add_column("agents", sa.Column("phone", sa.String(length=20), nullable=True))
    op.add_column("agents", sa.Column("email", sa.String(length=120), nullable=True))
    _add_escalations()
    _add_entries_and_notices()
    op.create_table(
        "promise_watches",
        sa.Column("promise_id", sa.Integer(), nullable=False),
        _instant("due_at", nullable=False),
        _instant("half_at"),
        _instant("near_at"),
        _instant("look_at"),
        _refers("promise_watches", "promise_id", "promises", "CASCADE"),
        sa.PrimaryKeyConstraint("promise_id", name=op.f("pk_promise_watches")),
    )
    op.create_index(op.f("ix_promise_watches_look_at"), "promise_watches", ["look_at"])
    op.create_table(
        "staff_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("to", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", _words("mailstatus", *MAILS), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _instant("queued_at", nullable=False),
        _instant("send_after", nullable=False),
        _instant("valid_until"),
        _instant("lease_until"),
        _instant("sent_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_mails")),
        sa.UniqueConstraint("key", name=op.f("uq_staff_mails_key")),
    )
    op.create_index("ix_staff_mails_due", "staff_mails", ["status", "send_after"])


def _add_escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=140), nullable=False),
        sa.Column("trigger", _words("trigger", *TRIGGERS), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("promise_id", sa.Integer(), nullable=True),
        _instant("due_at"),
        sa.Column("why_zh", sa.Text(), nullable=False),
        sa.Column("why_en", sa.Text(), nullable=False),
        _instant("raised_at", nullable=False),
        sa.Column("rung", _words("rung", *RUNGS), nullable=True),
        sa.Column("floor", _words("rung", *RUNGS), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        _instant("waiting_since"),
        _instant("look_at"),
        sa.Column("acknowledged_by", sa.String(length=60), nullable=True),
        _instant("acknowledged_at"),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        _instant("ended_at"),
        sa.Column("ended_why", _words("end", *ENDS), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        _refers("escalations", "ticket_id", "tickets", "CASCADE"),
        _refers("escalations", "conversation_id", "conversations", "SET NULL"),
        _refers("escalations", "promise_id", "promises", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
        sa.UniqueConstraint("key", name=op.f("uq_escalations_key")),
    )
    for column in ("ticket_id", "conversation_id", "promise_id", "look_at", "ended_at"):
        op.create_index(op.f(f"ix_escalations_{column}"), "escalations", [column])


def _add_entries_and_notices() -> None:
    op.create_table(
        "escalation_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        _instant("at", nullable=False),
        sa.Column("who", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("key", sa.String(length=40), nullable=True),
        _refers("escalation_entries", "escalation_id", "escalations", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_entries")),
        sa.UniqueConstraint("escalation_id", "key", name=op.f("uq_escalation_entries_escalation_id")),
    )
    op.create_table(
        "escalation_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("rung", _words("rung", *RUNGS), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("means", _words("means", *MEANS), nullable=False),
        _instant("at", nullable=False),
        _refers("escalation_notices", "escalation_id", "escalations", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_escalation_notices_key")),
    )
    op.create_index(op.f("ix_escalation_notices_escalation_id"), "escalation_notices", ["escalation_id"])
    op.create_index("ix_escalation_notices_person", "escalation_notices", ["person", "escalation_id"])


def downgrade() -> None:
    for table in (
        "staff_mails",
        "promise_watches",
        "escalation_notices",
        "escalation_entries",
        "escalations",
    ):
        op.drop_table(table)
    op.drop_column("agents", "email")  # not in a batch: that would drop the table, and its sessions
    op.drop_column("agents", "phone")
