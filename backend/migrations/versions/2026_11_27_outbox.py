"""calls in the outbox, and what became of dead letters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_outbox"
down_revision = "2026_11_27_callbacks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    medium = sa.Enum("text", "call", name="medium", native_enum=False, length=24)
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("medium", medium, server_default="text", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_column("medium")
