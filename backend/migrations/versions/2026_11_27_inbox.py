"""The inbox: leases, snoozing, passing on, wrap-up; notes among agents; pictures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import UtcDateTime

revision = "2026_11_27_inbox"
down_revision = "2026_11_27_signin"
branch_labels = None
depends_on = None

KINDS = ("note", "transfer", "snooze", "return", "wrap_up", "reopen", "hand_back")


def upgrade() -> None:
    with op.batch_alter_table("conversations") as table:
        table.add_column(sa.Column("lease_until", UtcDateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("snoozed_until", UtcDateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("wanted_agent_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("queue", sa.String(24), nullable=True))
        table.add_column(sa.Column("wrap_up", sa.String(24), nullable=True))
        table.add_column(sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("understood", sa.JSON(), nullable=True))
        table.create_foreign_key(op.f("fk_conversations_wanted_agent_id_agents"), "agents", ["wanted_agent_id"], ["id"])
        table.drop_index(op.f("ix_conversations_mode"))
        table.create_index("ix_conversations_mode_last", ["mode", "last_message_at"])
        table.create_index("ix_conversations_agent", ["agent_id", "mode"])
        for column in ("lease_until", "snoozed_until", "wanted_agent_id", "verified_phone"):
            table.create_index(op.f(f"ix_conversations_{column}"), [column])
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("picture", sa.JSON(), nullable=True))
    op.create_table(
        "conversation_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="notekind", native_enum=False, length=24), nullable=False),
        sa.Column("agent_name", sa.String(60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_notes_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_notes")),
    )
    op.create_index(op.f("ix_conversation_notes_conversation_id"), "conversation_notes", ["conversation_id"])
    op.create_table(
        "note_mentions",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["note_id"],
            ["conversation_notes.id"],
            name=op.f("fk_note_mentions_note_id_conversation_notes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_note_mentions_agent_id_agents"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_note_mentions_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("note_id", "agent_id", name=op.f("pk_note_mentions")),
    )
    for column in ("conversation_id", "seen_at"):
        op.create_index(op.f(f"ix_note_mentions_{column}"), "note_mentions", [column])
    op.create_table(
        "pictures",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("client_message_id", sa.String(80), nullable=False),
        sa.Column("file", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("received_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_pictures_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
        sa.UniqueConstraint("file", name=op.f("uq_pictures_file")),
        sa.UniqueConstraint("conversation_id", "client_message_id", name="uq_pictures_client_message_id"),
    )


def downgrade() -> None:
    op.drop_table("pictures")
    op.drop_table("note_mentions")
    op.drop_table("conversation_notes")
    with op.batch_alter_table("messages") as table:
        table.drop_column("picture")
    with op.batch_alter_table("conversations") as table:
        for column in ("lease_until", "snoozed_until", "wanted_agent_id", "verified_phone"):
            table.drop_index(op.f(f"ix_conversations_{column}"))
        table.drop_index("ix_conversations_agent")
        table.drop_index("ix_conversations_mode_last")
        table.create_index(op.f("ix_conversations_mode"), ["mode"])
        table.drop_constraint(op.f("fk_conversations_wanted_agent_id_agents"), type_="foreignkey")
        for column in (
            "understood",
            "closed_at",
            "wrap_up",
            "queue",
            "wanted_agent_id",
            "snoozed_until",
            "lease_until",
        ):
            table.drop_column(column)
