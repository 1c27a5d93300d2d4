"""appointments: agreed visits, and texts to numbers nobody has shown to own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.db

revision = "2026_11_27_appointments"
down_revision = "2026_11_27_outbox"
branch_labels = None
depends_on = None

_OPEN = sa.text("status IN ('held', 'confirmed', 'moved', 'late')")
_STATUSES = ("held", "confirmed", "moved", "late", "done", "customer_absent", "cancelled", "expired")


def upgrade() -> None:
    instant = backend.db.UtcDateTime(timezone=True)
    op.create_table(
        "visit_turns",
        sa.Column("outlet", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("outlet", name=op.f("pk_visit_turns")),
    )
    op.create_table(
        "appointments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("outlet", sa.String(length=80), nullable=False),
        sa.Column("window_start", instant, nullable=False),
        sa.Column("window_end", instant, nullable=False),
        sa.Column("status", sa.Enum(*_STATUSES, name="status", native_enum=False, length=24), nullable=False),
        sa.Column("held_until", instant, nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("over_capacity", sa.Boolean(), nullable=False),
        sa.Column("late_minutes", sa.Integer(), nullable=True),
        sa.Column("customer_confirmed_at", instant, nullable=True),
        sa.Column("remind_evening_at", instant, nullable=True),
        sa.Column("evening_sent_at", instant, nullable=True),
        sa.Column("remind_soon_at", instant, nullable=True),
        sa.Column("soon_sent_at", instant, nullable=True),
        sa.Column("offer_key", sa.String(length=120), nullable=True),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.Column("agent", sa.String(length=60), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("changed_at", instant, nullable=False),
        sa.Column("closed_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_appointments_ticket_id_tickets"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
    )
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointments_ticket_id"), ["ticket_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointments_window_start"), ["window_start"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointments_offer_key"), ["offer_key"], unique=False)
        batch_op.create_index("ix_appointments_load", ["outlet", "window_start"], unique=False)
        batch_op.create_index("ix_appointments_evening", ["status", "remind_evening_at"], unique=False)
        batch_op.create_index("ix_appointments_soon", ["status", "remind_soon_at"], unique=False)
        batch_op.create_index(
            "uq_appointments_open_ticket", ["ticket_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        )
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("to_unconfirmed", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.alter_column("to_unconfirmed", existing_type=sa.Boolean(), server_default=None)
        batch_op.create_index(
            "ix_outbox_messages_unconfirmed",
            ["queued_at"],
            unique=False,
            sqlite_where=sa.text("to_unconfirmed"),
            postgresql_where=sa.text("to_unconfirmed"),
        )


def downgrade() -> None:
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_messages_unconfirmed")
        batch_op.drop_column("to_unconfirmed")
    op.drop_table("appointments")
    op.drop_table("visit_turns")
