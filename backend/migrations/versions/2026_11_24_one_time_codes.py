"""one-time codes, and the number a conversation has shown to be its writer's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.db

revision = "2026_11_24_codes"
down_revision = "2026_11_24"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "one_time_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("salted_hash", sa.String(length=100), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_codes")),
    )
    with op.batch_alter_table("one_time_codes", schema=None) as batch_op:
        batch_op.create_index("ix_one_time_codes_phone", ["phone", "created_at"], unique=False)
        batch_op.create_index("ix_one_time_codes_conversation", ["conversation_id", "created_at"], unique=False)
    op.add_column("conversations", sa.Column("verified_phone", sa.String(length=20), nullable=True))


def downgrade() -> None:
    op.drop_column("conversations", "verified_phone")  # not in a batch: that would drop the table, and its messages
    with op.batch_alter_table("one_time_codes", schema=None) as batch_op:
        batch_op.drop_index("ix_one_time_codes_conversation")
        batch_op.drop_index("ix_one_time_codes_phone")

    op.drop_table("one_time_codes")
