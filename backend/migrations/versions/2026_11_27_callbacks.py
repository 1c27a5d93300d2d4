"""callbacks are tried again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.db

revision = "2026_11_27_callbacks"
down_revision = "2026_11_27_promises"
branch_labels = None
depends_on = None

_BOOKED = sa.text("status = 'booked'")
_NAMES = ("attempt", "unanswered", "first_start", "first_end", "dial_at", "by_hand")


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, backend.db.UtcDateTime(timezone=True), nullable=True)


def upgrade() -> None:
    op.drop_index("uq_callbacks_open_phone", table_name="callbacks")
    with op.batch_alter_table("callbacks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("attempt", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("unanswered", sa.Integer(), nullable=True))
        for name in ("first_start", "first_end", "dial_at", "overdue_at", "lease_until", "texted_at"):
            batch_op.add_column(_instant(name))
        batch_op.add_column(sa.Column("caller_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("by_hand", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("undo", sa.JSON(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_callbacks_first_id_callbacks"), "callbacks", ["first_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_foreign_key(
            op.f("fk_callbacks_caller_id_agents"), "agents", ["caller_id"], ["id"], ondelete="SET NULL"
        )
    op.execute(
        sa.text(
            "UPDATE callbacks SET attempt = 1, unanswered = 0, by_hand = :no, "
            "first_start = window_start, first_end = window_end, dial_at = window_start"
        ).bindparams(sa.bindparam("no", False, sa.Boolean()))
    )
    with op.batch_alter_table("callbacks", schema=None) as batch_op:
        for name in _NAMES:
            batch_op.alter_column(name, nullable=False)
        batch_op.create_index("ix_callbacks_dial", ["status", "dial_at"], unique=False)
        batch_op.create_index("ix_callbacks_late", ["status", "window_end"], unique=False)
        batch_op.create_index("ix_callbacks_closed", ["closed_at"], unique=False)
        batch_op.create_index("ix_callbacks_phone", ["phone"], unique=False)
        batch_op.create_index(batch_op.f("ix_callbacks_first_id"), ["first_id"], unique=False)
    op.create_index(
        "uq_callbacks_open_phone", "callbacks", ["phone"], unique=True, sqlite_where=_BOOKED, postgresql_where=_BOOKED
    )
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.add_column(_instant("wrong_since"))


def downgrade() -> None:
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_column("wrong_since")
    op.drop_index("uq_callbacks_open_phone", table_name="callbacks")
    op.execute("UPDATE callbacks SET status = 'no_answer' WHERE status = 'busy'")
    op.execute("UPDATE callbacks SET status = 'done' WHERE status IN ('wants_visit', 'call_later', 'refused')")
    with op.batch_alter_table("callbacks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_callbacks_first_id"))
        batch_op.drop_index("ix_callbacks_phone")
        batch_op.drop_index("ix_callbacks_closed")
        batch_op.drop_index("ix_callbacks_late")
        batch_op.drop_index("ix_callbacks_dial")
        batch_op.drop_constraint(op.f("fk_callbacks_caller_id_agents"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_callbacks_first_id_callbacks"), type_="foreignkey")
        for name in ("undo", "caller_id", "texted_at", "lease_until", "overdue_at", "first_id", *_NAMES):
            batch_op.drop_column(name)
    op.create_index(
        "uq_callbacks_open_phone", "callbacks", ["phone"], unique=True, sqlite_where=_BOOKED, postgresql_where=_BOOKED
    )
