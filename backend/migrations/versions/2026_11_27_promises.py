"""promises explain themselves and keep their history; revisions of policy tables; roles."""

from __future__ import annotations

import re

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


PAUSE_REASON = sa.Enum(
    "customer", "part", "third_party", "other", "hold", name="pausereason", native_enum=False, length=24
)
CHANGE = sa.Enum(
    "made", "paused", "resumed", "put_off", "recomputed", "met", "missed", name="change", native_enum=False, length=24
)
INSTANT = backend.db.UtcDateTime(timezone=True)
TICKETS = sa.table("tickets", sa.column("id", sa.Integer), sa.column("created_at", INSTANT))
PROMISES = sa.table(
    "promises",
    *map(sa.column, ("id", "ticket_id", "rule", "amount", "pause_reason", "paused_s")),
    *(sa.column(name, INSTANT) for name in ("started_at", "due_at", "paused_at")),
)


def upgrade() -> None:
    _add_roles()
    _add_revisions()
    _let_promises_explain_themselves()
    _add_promise_changes()


def downgrade() -> None:
    op.drop_index(op.f("ix_promise_changes_promise_id"), "promise_changes")
    op.drop_table("promise_changes")
    op.drop_index(op.f("ix_promises_resume_at"), "promises")
    for column in ("pause_reason", "resume_at", "amount", "started_at"):
        op.drop_column("promises", column)
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


def _let_promises_explain_themselves() -> None:
    """What a promise was counted from: the amount stands in its rule, and it ran from the report."""
    for column in (
        sa.Column("pause_reason", PAUSE_REASON, nullable=True),
        sa.Column("resume_at", INSTANT, nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("started_at", INSTANT, nullable=True),
    ):
        op.add_column("promises", column)
    connection = op.get_bind()
    for promise_id, rule in connection.execute(sa.select(PROMISES.c.id, PROMISES.c.rule)).all():
        amount = re.search(r":(\d+)(?:min|d)$", rule)
        if amount:
            connection.execute(PROMISES.update().where(PROMISES.c.id == promise_id).values(amount=int(amount[1])))
    reported = sa.select(TICKETS.c.created_at).where(TICKETS.c.id == PROMISES.c.ticket_id).scalar_subquery()
    op.execute(PROMISES.update().values(started_at=reported))
    op.execute(PROMISES.update().where(PROMISES.c.paused_at.is_not(None)).values(pause_reason="hold"))
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.alter_column("started_at", existing_type=INSTANT, nullable=False)
        batch_op.create_index(batch_op.f("ix_promises_resume_at"), ["resume_at"], unique=False)


def _add_promise_changes() -> None:
    op.create_table(
        "promise_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("who", sa.String(length=60), nullable=False),
        sa.Column("what", CHANGE, nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("until", INSTANT, nullable=True),
        sa.Column("due_before", INSTANT, nullable=True),
        sa.Column("due_after", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promises.id"], name=op.f("fk_promise_changes_promise_id_promises"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_changes")),
    )
    op.create_index(op.f("ix_promise_changes_promise_id"), "promise_changes", ["promise_id"], unique=False)
    made = sa.select(
        PROMISES.c.id,
        PROMISES.c.started_at,
        sa.literal("system"),
        sa.literal("made"),
        sa.literal(""),
        sa.literal("{}", sa.Text).cast(sa.JSON) if op.get_bind().dialect.name == "postgresql" else sa.literal("{}"),
        PROMISES.c.due_at,
    ).order_by(PROMISES.c.id)
    columns = ["promise_id", "at", "who", "what", "reason", "words", "due_after"]
    changes = sa.table("promise_changes", *map(sa.column, columns))
    op.execute(changes.insert().from_select(columns, made))
    _keep_earlier_pauses()


def _keep_earlier_pauses() -> None:
    """What has put promises off before there was a history, so that counting anew does not lose it."""
    connection = op.get_bind()
    changes = sa.table(
        "promise_changes",
        *map(sa.column, ("promise_id", "who", "what", "reason")),
        sa.column("words", sa.JSON),
        *(sa.column(name, INSTANT) for name in ("at", "until", "due_before", "due_after")),
    )
    rows = connection.execute(
        sa.select(PROMISES)
        .where(sa.or_(PROMISES.c.paused_s > 0, PROMISES.c.paused_at.is_not(None)))
        .order_by(PROMISES.c.id)
    ).all()
    for row in rows:
        common = {"promise_id": row.id, "who": "system", "due_before": row.due_at, "due_after": row.due_at}
        if row.paused_s and row.due_at:
            words = {"zh": "此前已顺延", "en": "put off before"}
            put_off = {"what": "put_off", "reason": "", "words": words, "at": row.started_at, "until": row.due_at}
            connection.execute(changes.insert().values(common | put_off))
        if row.paused_at:
            words = {"zh": "暂停", "en": "standing still"}
            paused = {"what": "paused", "reason": "hold", "words": words, "at": row.paused_at, "until": None}
            connection.execute(changes.insert().values(common | paused))
