"""saved filters, merged tickets, follow-up calls."""

from __future__ import annotations

from alembic import op

revision = "2026_11_27_desk"
down_revision = "2026_11_27_inbox"
branch_labels = None
depends_on = None

_COUNTED_BY = (("conversations", "created_at"), ("promises", "met_at"), ("escalations", "raised_at"))


def upgrade() -> None:
    for table, column in _COUNTED_BY:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    for table, column in reversed(_COUNTED_BY):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{table}_{column}"))
