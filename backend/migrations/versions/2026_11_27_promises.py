"""promises explain themselves and keep their history; revisions of policy tables; roles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.db

revision = "2026_11_27_promises"
down_revision = "2026_11_24_reviews"
branch_labels = None
depends_on = None

ROLE = sa.Enum(
    "agent", "lead", "manager", "technical", "parts", "admin", "read_only", name="role", native_enum=False, length=24
)


INSTANT = backend.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    _add_roles()
    _add_revisions()


def downgrade() -> None:
    op.drop_index("ix_revisions_table", "revisions")
    op.drop_table("revisions")
    op.drop_column("agents", "role")


def _add_roles() -> None:
    """Whoever is at the desk stays an agent; the first of a house becomes its admin, so that it has one."""
    op.add_column("agents", sa.Column("role", ROLE, server_default="agent", nullable=False))
    agents = sa.table("agents", sa.column("id", sa.Integer), sa.column("role", sa.String))
    first = sa.select(sa.func.min(agents.c.id)).scalar_subquery()
    op.execute(agents.update().where(agents.c.id == first).values(role="admin"))


def _add_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table", sa.String(length=40), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("draft", "approved", "withdrawn", name="status", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("approval", sa.Integer(), nullable=True),
        sa.Column("approved_by", sa.String(length=60), nullable=True),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("withdrawn_by", sa.String(length=60), nullable=True),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("approval", name=op.f("uq_revisions_approval")),
    )
    op.create_index("ix_revisions_table", "revisions", ["table", "status"], unique=False)
