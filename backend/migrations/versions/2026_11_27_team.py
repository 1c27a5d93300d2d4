"""Watching and whispering; replies of one's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import UtcDateTime

revision = "2026_11_27_team"
down_revision = "2026_11_27_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversation_watches",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_watches_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_conversation_watches_agent_id_agents"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "agent_id", name=op.f("pk_conversation_watches")),
    )
    op.create_index(op.f("ix_conversation_watches_until"), "conversation_watches", ["until"])
    op.create_table(
        "own_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_out_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_own_replies_agent_id_agents"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_replies")),
    )
    op.create_index(op.f("ix_own_replies_agent_id"), "own_replies", ["agent_id"])


def downgrade() -> None:
    op.drop_table("own_replies")
    op.drop_table("conversation_watches")
