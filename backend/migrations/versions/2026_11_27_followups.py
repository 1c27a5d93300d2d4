"""Follow-ups after a case, tickets by when they were closed, notices to staff that are told together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.db

revision = "2026_11_27_followups"
down_revision = "2026_11_27_desk"
branch_labels = None
depends_on = None

_DUE = sa.text("due_at IS NOT NULL")
_STATUSES = ("waiting", "asked", "to_call", "graded", "unanswered", "declined", "skipped")
_SKIPS = (
    "kind",
    "no_number",
    "danger",
    "complaint",
    "opted_out",
    "lately",
    "reopened",
    "too_late",
    "calendar",
)


def upgrade() -> None:
    instant = backend.db.UtcDateTime(timezone=True)
    op.create_table(
        "followups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("status", sa.Enum(*_STATUSES, name="status", native_enum=False, length=24), nullable=False),
        sa.Column("skip", sa.Enum(*_SKIPS, name="skip", native_enum=False, length=24), nullable=True),
        sa.Column("due_at", instant, nullable=True),
        sa.Column("give_up_at", instant, nullable=False),
        sa.Column("asked_at", instant, nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("caller_id", sa.Integer(), nullable=True),
        sa.Column("lease_until", instant, nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("is_low", sa.Boolean(), nullable=True),
        sa.Column("by", sa.Enum("text", "web", "call", name="by", native_enum=False, length=24), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("who", sa.String(length=60), nullable=True),
        sa.Column("graded_at", instant, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("closed_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["caller_id"], ["agents.id"], name=op.f("fk_followups_caller_id_agents"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_followups_message_id_messages"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_followups_ticket_id_tickets"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followups")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_followups_ticket_id")),
    )
    with op.batch_alter_table("followups", schema=None) as batch_op:
        batch_op.create_index("ix_followups_due", ["status", "due_at"], unique=False)
        batch_op.create_index("ix_followups_give_up", ["status", "give_up_at"], unique=False)
        batch_op.create_index("ix_followups_phone", ["phone", "asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_followups_graded_at"), ["graded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_followups_message_id"), ["message_id"], unique=False)
    with op.batch_alter_table("escalation_notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("to", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("due_at", instant, nullable=True))
        batch_op.add_column(sa.Column("bundle", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("sent_at", instant, nullable=True))
        batch_op.create_index("ix_escalation_notices_sent", ["person", "means", "sent_at"], unique=False)
        batch_op.create_index(
            "ix_escalation_notices_due", ["due_at"], unique=False, sqlite_where=_DUE, postgresql_where=_DUE
        )
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tickets_closed_at"), ["closed_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tickets_closed_at"))
    with op.batch_alter_table("escalation_notices", schema=None) as batch_op:
        batch_op.drop_index("ix_escalation_notices_due")
        batch_op.drop_index("ix_escalation_notices_sent")
        for column in ("sent_at", "bundle", "due_at", "to"):
            batch_op.drop_column(column)
    op.drop_table("followups")
