"""Photos of texts, numbers that only ring, and the calls the house makes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.db

revision = "2026_11_27_line"
down_revision = "2026_11_27_calls"
branch_labels = None
depends_on = None


STAGE = sa.Enum(
    "ringing_agent",
    "ringing_customer",
    "talked",
    "no_answer",
    "busy",
    "failed",
    "declined",
    name="stage",
    native_enum=False,
    length=24,
)
INSTANT = backend.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "enclosures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("sid", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("heard_at", INSTANT, nullable=False),
        sa.Column("fetch_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_enclosures_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enclosures")),
    )
    op.create_index(op.f("ix_enclosures_conversation_id"), "enclosures", ["conversation_id"])
    op.create_index(op.f("ix_enclosures_fetch_at"), "enclosures", ["fetch_at"])
    with op.batch_alter_table("customers") as table:
        table.add_column(sa.Column("no_texts_since", INSTANT, nullable=True))
    with op.batch_alter_table("outbox_messages") as table:
        table.add_column(sa.Column("script", sa.String(16), nullable=True))
        table.add_column(sa.Column("spoken", sa.Text(), nullable=True))
        table.add_column(sa.Column("instead", sa.String(24), nullable=True))
    op.create_table(
        "bridges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("callback_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("stage", STAGE, nullable=False),
        sa.Column("sid", sa.String(40), nullable=True),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_bridges_agent_id_agents"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["callback_id"], ["callbacks.id"], name=op.f("fk_bridges_callback_id_callbacks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bridges")),
    )
    op.create_index(op.f("ix_bridges_callback_id"), "bridges", ["callback_id"])
    op.create_table(
        "spoken_turns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["outbox_id"],
            ["outbox_messages.id"],
            name=op.f("fk_spoken_turns_outbox_id_outbox_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spoken_turns")),
        sa.UniqueConstraint("outbox_id", "name", name=op.f("uq_spoken_turns_outbox_id")),
    )


def downgrade() -> None:
    op.drop_table("spoken_turns")
    op.drop_table("bridges")
    with op.batch_alter_table("outbox_messages") as table:
        table.drop_column("instead")
        table.drop_column("spoken")
        table.drop_column("script")
    with op.batch_alter_table("customers") as table:
        table.drop_column("no_texts_since")
    op.drop_table("enclosures")
