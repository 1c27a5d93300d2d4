"""saved filters, merged tickets, follow-up calls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.db

revision = "2026_11_27_desk"
down_revision = "2026_11_27_inbox"
branch_labels = None
depends_on = None

_BY_AGENT = sa.text("author = 'agent'")
_COUNTED_BY = (("conversations", "created_at"), ("promises", "met_at"), ("escalations", "raised_at"))

_REFERS = (("assignee_id", "agents"), ("merged_into_id", "tickets"))


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, backend.db.UtcDateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


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
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        for column, other in _REFERS:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(
                op.f(f"fk_tickets_{column}_{other}"), other, [column], ["id"], ondelete="SET NULL"
            )
            batch_op.create_index(batch_op.f(f"ix_tickets_{column}"), [column], unique=False)
    op.create_table(
        "ticket_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=60), nullable=False),
        _instant("at"),
        sa.Column("undo", sa.JSON(), nullable=False),
        _instant("undone_at", nullable=True),
        _to("ticket_merges", "ticket_id", "tickets"),
        _to("ticket_merges", "into_id", "tickets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_merges")),
    )
    op.create_table(
        "ticket_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=60), nullable=False),
        _instant("at"),
        _to("ticket_links", "first_id", "tickets"),
        _to("ticket_links", "second_id", "tickets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_links")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_ticket_links_first_id")),
    )
    op.create_table(
        "ticket_filters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        _instant("created_at"),
        _to("ticket_filters", "agent_id", "agents"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_filters")),
        sa.UniqueConstraint("agent_id", "name", name=op.f("uq_ticket_filters_agent_id")),
    )
    for table, column in (("ticket_merges", "ticket_id"), ("ticket_merges", "into_id"), ("ticket_links", "second_id")):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    for table in ("ticket_filters", "ticket_links", "ticket_merges"):
        op.drop_table(table)
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        for column, other in reversed(_REFERS):
            batch_op.drop_index(batch_op.f(f"ix_tickets_{column}"))
            batch_op.drop_constraint(op.f(f"fk_tickets_{column}_{other}"), type_="foreignkey")
            batch_op.drop_column(column)
    op.drop_index("ix_messages_by_agent", table_name="messages")
    for table, column in reversed(_COUNTED_BY):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{table}_{column}"))
