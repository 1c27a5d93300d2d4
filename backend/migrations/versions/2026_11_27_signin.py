"""start passwords, sessions that can be seen, an audit log, requests for deletion."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.db

revision = "2026_11_27_signin"
down_revision = "2026_11_27_line"
branch_labels = None
depends_on = None

INSTANT = backend.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.add_column("agents", sa.Column("must_change_password", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("agent_sessions", sa.Column("device", sa.String(length=40), server_default="", nullable=False))
    op.add_column("agent_sessions", sa.Column("address", sa.String(length=45), server_default="", nullable=False))
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(length=60), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("pseudonym", sa.String(length=16), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_audit_entries_agent_id_agents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    for column in ("at", "agent_id", "subject", "customer_id"):
        op.create_index(op.f(f"ix_audit_entries_{column}"), "audit_entries", [column], unique=False)
    op.create_table(
        "deletion_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("cancelled_at", INSTANT, nullable=True),
        sa.Column("cancelled_by", sa.String(length=60), nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("pseudonym", sa.String(length=16), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("bot_conversations", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion_requests")),
    )
    for column in ("customer_id", "due_at"):
        op.create_index(op.f(f"ix_deletion_requests_{column}"), "deletion_requests", [column], unique=False)


def downgrade() -> None:
    op.drop_table("deletion_requests")
    op.drop_table("audit_entries")
    op.drop_column("agent_sessions", "address")
    op.drop_column("agent_sessions", "device")
    op.drop_column("agents", "must_change_password")
