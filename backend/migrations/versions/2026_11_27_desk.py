"""saved filters, merged tickets, follow-up calls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_desk"
down_revision = "2026_11_27_inbox"
branch_labels = None
depends_on = None

_BY_AGENT = sa.text("author = 'agent'")
_COUNTED_BY = (("conversations", "created_at"), ("promises", "met_at"), ("escalations", "raised_at"))


def upgrade() -> None:
    for table, column in _COUNTED_BY:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)
    op.create_index(
        "ix_messages_by_agent",
        "messages",
        ["conversation_id"],
        unique=False,
        sqlite_where=_BY_AGENT,
        postgresql_where=_BY_AGENT,
    )


def downgrade() -> None:
    op.drop_index("ix_messages_by_agent", table_name="messages")
    for table, column in reversed(_COUNTED_BY):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{table}_{column}"))
