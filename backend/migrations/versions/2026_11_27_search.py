"""Searching and live figures at scale: indexes that hold only what is looked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.word_index import WordIndex

revision = "2026_11_27_search"
down_revision = "2026_11_27_followups"
branch_labels = None
depends_on = None

_WORDS = (
    WordIndex("messages", ("text",), "author", ("customer", "agent")),
    WordIndex("tickets", ("ticket_no", "contact_name", "address_text", "model", "symptom", "description")),
)
_WAITS = sa.text("retry_at IS NOT NULL")
_IN_DANGER = sa.text("danger IS NOT NULL")
_MISSED = sa.text("missed_at IS NOT NULL")


def upgrade() -> None:
    op.drop_index(op.f("ix_messages_retry_at"), table_name="messages")
    op.create_index("ix_messages_retry_at", "messages", ["retry_at"], sqlite_where=_WAITS, postgresql_where=_WAITS)
    op.create_index("ix_tickets_priority_status", "tickets", ["priority", "status"])
    op.create_index("ix_tickets_danger", "tickets", ["status"], sqlite_where=_IN_DANGER, postgresql_where=_IN_DANGER)
    op.create_index("ix_promises_missed_at", "promises", ["missed_at"], sqlite_where=_MISSED, postgresql_where=_MISSED)
    op.create_index("ix_timeline_entries_code_at", "timeline_entries", ["code", "at"])
    for index in _WORDS:
        index.create(op.get_bind())


def downgrade() -> None:
    for index in _WORDS:
        index.drop(op.get_bind())
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION word_pairs(text)")
    op.drop_index("ix_timeline_entries_code_at", table_name="timeline_entries")
    op.drop_index("ix_promises_missed_at", table_name="promises")
    op.drop_index("ix_tickets_danger", table_name="tickets")
    op.drop_index("ix_tickets_priority_status", table_name="tickets")
    op.drop_index("ix_messages_retry_at", table_name="messages")
    op.create_index(op.f("ix_messages_retry_at"), "messages", ["retry_at"])
