"""What a tick asks for is found by the indexes made for it, whatever else lies in the table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.outbox import queries, service, unknown
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import Medium, OutboxKind
from tests.rooms.outbox_bench import POLICY, Queue, queue_fixture  # noqa: F401  asked for by name

Ask = Callable[[Session, datetime], Any]


def claim(session: Session, now: datetime) -> Any:
    return queries.claim(session, token="t", owner="o", now=now, limit=9, policy=POLICY, medium=Medium.TEXT)


def look(session: Session, now: datetime) -> Any:
    return queries.look(session, now, POLICY)


def take_unknown(session: Session, now: datetime) -> Any:
    return unknown.take(session, now=now, limit=9, policy=POLICY)


def attention(session: Session, now: datetime) -> Any:
    return service.attention_count(session, now=now)


@pytest.mark.parametrize(
    ("ask", "indexes"),
    [
        (claim, ["pending", "claimed"]),
        (look, ["pending", "claimed", "sending", "unknown"]),
        (unknown.park_abandoned, ["sending"]),
        (take_unknown, ["unknown"]),
        (queries.oldest_due, ["pending", "claimed"]),
        (attention, ["undecided", "pending"]),
    ],
)
def test_a_tick_reads_no_more_than_what_is_due(
    session: Session, queue: Queue, now: datetime, ask: Ask, indexes: list[str]
) -> None:
    row = queue(kind=OutboxKind.NOTICE, now=now + timedelta(days=1))
    columns = [column.name for column in OutboxMessage.__table__.columns if column.name != "id"]
    plain = {name: getattr(row, name) for name in columns}
    more = [plain | {"key": f"n:{number}", "to": f"+86138{number:08}"} for number in range(2000)]
    session.execute(sa.insert(OutboxMessage), more)
    plan = explained(session, ask, now)
    for index in indexes:
        assert f"ix_outbox_messages_{index}" in plan
    assert "SCAN outbox_messages\n" not in plan
    assert "Seq Scan on outbox_messages" not in plan


def explained(session: Session, ask: Ask, now: datetime) -> str:
    """How the database goes about the first statement of a question, with fresh statistics."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    session.execute(sa.text("ANALYZE"))
    if not is_sqlite:  # so few rows are read faster without an index
        session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: Any) -> None:
        asked.append((statement, values))

    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", note)
    ask(session, now)
    sa.event.remove(connection, "before_cursor_execute", note)
    statement, values = asked[0]
    plan = connection.exec_driver_sql(("EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN ") + statement, values)
    return "".join(f"{row[-1]}\n" for row in plan)
