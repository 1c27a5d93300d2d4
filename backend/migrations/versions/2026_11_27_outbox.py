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
INSTANT = backend.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("medium", MEDIUM, server_default="text", nullable=False))
    op.create_table(
        "sender_slots",
        sa.Column("carrier", sa.String(length=20), nullable=False),
        sa.Column("medium", MEDIUM, nullable=False),
        sa.Column("free_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("carrier", "medium", name=op.f("pk_sender_slots")),
    )


def downgrade() -> None:
    op.drop_table("sender_slots")
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_column("medium")
