"""promises explain themselves and keep their history; revisions of policy tables; roles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_promises"
down_revision = "2026_11_24_reviews"
branch_labels = None
depends_on = None

ROLE = sa.Enum(
    "agent", "lead", "manager", "technical", "parts", "admin", "read_only", name="role", native_enum=False, length=24
)


def upgrade() -> None:
    _add_roles()


def downgrade() -> None:
    op.drop_column("agents", "role")


def _add_roles() -> None:
    """Whoever is at the desk stays an agent; the first of a house becomes its admin, so that it has one."""
    op.add_column("agents", sa.Column("role", ROLE, server_default="agent", nullable=False))
    agents = sa.table("agents", sa.column("id", sa.Integer), sa.column("role", sa.String))
    first = sa.select(sa.func.min(agents.c.id)).scalar_subquery()
    op.execute(agents.update().where(agents.c.id == first).values(role="admin"))
