"""calls in the outbox, and what became of dead letters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.db

revision = "2026_11_27_outbox"
down_revision = "2026_11_27_callbacks"
branch_labels = None
depends_on = None


MEDIUM = sa.Enum("text", "call", name="medium", native_enum=False, length=24)
STATUS = sa.Enum(
    "pending",
    "claimed",
    "sending",
    "sent",
    "delivered",
    "refused",
    "unknown",
    "expired",
    "suppressed",
    "dead",
    name="status",
    native_enum=False,
    length=24,
)
PARTIAL = [
    ("ix_outbox_messages_pending", "send_after", "status = 'pending'"),
    ("ix_outbox_messages_claimed", "lease_until", "status = 'claimed'"),
    ("ix_outbox_messages_sending", "lease_until", "status = 'sending'"),
    ("ix_outbox_messages_unknown", "send_after", "status = 'unknown'"),
    (
        "ix_outbox_messages_undecided",
        "id",
        "seen_at IS NULL AND status IN ('dead', 'expired', 'refused', 'unknown')",
    ),
]
INSTANT = backend.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("medium", MEDIUM, server_default="text", nullable=False))
        batch_op.create_index(batch_op.f("ix_outbox_messages_queued_at"), ["queued_at"], unique=False)
        batch_op.drop_index("ix_outbox_messages_due")
    for name, column, condition in PARTIAL:
        where = sa.text(condition)
        op.create_index(name, "outbox_messages", [column], sqlite_where=where, postgresql_where=where)
    op.create_index(op.f("ix_webhook_receipts_at"), "webhook_receipts", ["at"], unique=False)
    op.create_table(
        "sender_slots",
        sa.Column("carrier", sa.String(length=20), nullable=False),
        sa.Column("medium", MEDIUM, nullable=False),
        sa.Column("free_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("carrier", "medium", name=op.f("pk_sender_slots")),
    )
    op.create_table(
        "outbox_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Enum("again", "drop", name="verdict", native_enum=False, length=24), nullable=False),
        sa.Column("who", sa.String(length=60), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("status", STATUS, nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["outbox_messages.id"],
            name=op.f("fk_outbox_decisions_message_id_outbox_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_decisions")),
        sa.UniqueConstraint("message_id", "number", name=op.f("uq_outbox_decisions_message_id")),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_webhook_receipts_at"), "webhook_receipts")
    op.drop_table("outbox_decisions")
    op.drop_table("sender_slots")
    for name, _column, _condition in PARTIAL:
        op.drop_index(name, "outbox_messages")
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_messages_due", ["status", "send_after"], unique=False)
        batch_op.drop_index(batch_op.f("ix_outbox_messages_queued_at"))
        batch_op.drop_column("medium")
