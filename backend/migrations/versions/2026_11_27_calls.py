"""Telephone calls that come in, the answers given in them, the messages callers leave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db import UtcDateTime

revision = "2026_11_27_calls"
down_revision = "2026_11_27_escalations"
branch_labels = None
depends_on = None

STATUSES = (
    "accepted", "scheduled", "queued", "sending", "sent", "undelivered", "failed", "canceled", "delivered", "read",
    "initiated", "ringing", "in-progress", "completed", "busy", "no-answer",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("sid", sa.String(34), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("asked_seq", sa.Integer(), nullable=True),
        sa.Column("told_seq", sa.Integer(), nullable=False),
        sa.Column("understood", sa.JSON(), nullable=True),
        sa.Column("was_waiting", sa.Boolean(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("queued_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Enum(*STATUSES, name="carrierstatus", native_enum=False, length=24), nullable=True),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("taker_id", sa.Integer(), nullable=True),
        sa.Column("taken_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("takes", sa.Integer(), nullable=False),
        sa.Column("picked_up_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_calls_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["taker_id"], ["agents.id"], name=op.f("fk_calls_taker_id_agents"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_calls")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_calls_conversation_id")),
        sa.UniqueConstraint("line", name=op.f("uq_calls_line")),
    )
    under_way = sa.text("ended_at IS NULL")
    op.create_index("ix_calls_under_way", "calls", ["seen_at"], sqlite_where=under_way, postgresql_where=under_way)
    op.create_table(
        "call_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_sid", sa.String(34), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("twiml", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_sid"], ["calls.sid"], name=op.f("fk_call_answers_call_sid_calls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_answers")),
        sa.UniqueConstraint("call_sid", "key", name=op.f("uq_call_answers_call_sid")),
    )
    op.create_table(
        "sounds",
        sa.Column("sid", sa.String(34), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_sounds")),
    )
    op.create_table(
        "voice_messages",
        sa.Column("sid", sa.String(34), nullable=False),
        sa.Column("call_sid", sa.String(34), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_sid"], ["calls.sid"], name=op.f("fk_voice_messages_call_sid_calls"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_voice_messages_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_voice_messages")),
    )
    for column in ("call_sid", "conversation_id", "recorded_at"):
        op.create_index(op.f(f"ix_voice_messages_{column}"), "voice_messages", [column])


def downgrade() -> None:
    op.drop_table("voice_messages")
    op.drop_table("sounds")
    op.drop_table("call_answers")
    op.drop_table("calls")
