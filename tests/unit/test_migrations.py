"""Migrations lead from nothing to the models and back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session

from backend import db
from backend.conversations.models import MESSAGE_WORDS
from backend.models import Base
from backend.tickets.models import TICKET_WORDS, Promise, PromiseChange
from backend.tickets.promise_rules import Change, PauseReason
from backend.word_index import is_kept_by_models


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """An empty database: a new file, or a schema of its own on the server named in HOTLINE_TEST_DATABASE_URL."""
    server = os.environ.get("HOTLINE_TEST_DATABASE_URL")
    if not server:
        yield f"sqlite:///{tmp_path / 'hotline.db'}"
        return
    engine = db.make_engine(server)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA IF EXISTS migrated CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA migrated"))
    yield f"{server}?options=-csearch_path%3Dmigrated"
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA migrated CASCADE"))
    engine.dispose()


def test_upgrading_gives_exactly_the_models(url: str) -> None:
    db.migrate(url)
    engine = db.make_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_kept_by_models})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_upgrading_again_changes_nothing_and_going_back_leaves_nothing(url: str) -> None:
    db.migrate(url)
    db.migrate(url)
    db.migrate(url, "base")
    engine = db.make_engine(url)
    assert set(sa.inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    db.migrate(url)


def test_words_are_found_once_all_tables_have_been_built_anew(url: str) -> None:
    """On SQLite a later migration that rebuilds a table would lose the triggers that feed its index."""
    db.migrate(url, "2026_11_27_followups")
    engine = db.make_engine(url)
    with engine.begin() as connection:
        put(connection, "tickets", id=1, contact_name="欧阳女士")
    db.migrate(url)
    with Session(engine) as session:
        put(session.connection(), "tickets", id=2, ticket_no="y", symptom="阀门渗水")
        put(session.connection(), "conversations", id="c")
        put(session.connection(), "messages", id=7, conversation_id="c", author="customer", text="打不着火")
        found = [
            session.scalars(index.ids(session, text)).all()
            for index, text in ((TICKET_WORDS, "欧阳"), (TICKET_WORDS, "渗水"), (MESSAGE_WORDS, "着火"))
        ]
        assert found == [[1], [2], [7]]
    engine.dispose()


def put(connection: sa.Connection, table: str, **values: object) -> None:
    """Store a row; columns that must be filled and are not given get something of their type."""
    found = sa.Table(table, sa.MetaData(), autoload_with=connection)
    fillers = {int: 0, str: "x", bool: False, datetime: datetime(2026, 11, 24, 2, 5, tzinfo=UTC), object: {}}
    row = {
        column.name: values.get(column.name, fillers[column.type.python_type])
        for column in found.columns
        if column.name in values or not column.nullable
    }
    connection.execute(found.insert().values(row))


def test_promises_from_before_say_what_they_were_counted_from(url: str) -> None:
    db.migrate(url, "2026_11_24_reviews")
    engine = db.make_engine(url)
    paused = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    with engine.begin() as connection:
        put(connection, "tickets", id=1)
        for number, (kind, rule) in enumerate((("reply", "reply:60min"), ("onsite", "onsite:township:2d")), start=1):
            put(connection, "promises", id=number, ticket_id=1, kind=kind, rule=rule, paused_s=0)
        put(connection, "promises", id=3, ticket_id=1, kind="opinion", rule="onsite:unknown", paused_at=paused)
        put(connection, "promises", id=4, ticket_id=1, kind="parts", rule="x:3d", paused_s=60, due_at=paused)
    db.migrate(url)
    with Session(engine) as session:
        promises = session.scalars(sa.select(Promise).order_by(Promise.id)).all()
        assert [promise.amount for promise in promises] == [60, 2, None, 3]
        assert {promise.started_at for promise in promises} == {datetime(2026, 11, 24, 2, 5, tzinfo=UTC)}
        assert [promise.pause_reason for promise in promises] == [None, None, PauseReason.HOLD, None]
        changes = session.scalars(sa.select(PromiseChange).order_by(PromiseChange.id)).all()
        assert [(change.promise_id, change.what) for change in changes] == [
            *((number, Change.MADE) for number in (1, 2, 3, 4)),
            (3, Change.PAUSED),
            (4, Change.PUT_OFF),
        ]
        assert [(change.at, change.until) for change in changes[4:]] == [(paused, None), (changes[0].at, paused)]
    engine.dispose()


def test_whoever_is_at_the_desk_keeps_working_and_the_first_becomes_admin(url: str) -> None:
    db.migrate(url, "2026_11_24_reviews")
    engine = db.make_engine(url)
    with engine.begin() as connection:
        for number in (3, 5):
            connection.execute(
                sa.text(
                    "INSERT INTO agents (id, username, name, password_hash, active, created_at)"
                    " VALUES (:id, :username, '', '', true, CURRENT_TIMESTAMP)"
                ),
                {"id": number, "username": f"desk{number}"},
            )
        connection.execute(
            sa.text("INSERT INTO agent_sessions VALUES ('token', 5, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)")
        )
    db.migrate(url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT id, role FROM agents ORDER BY id")).all() == [
            (3, "admin"),
            (5, "agent"),
        ]
        assert connection.scalar(sa.text("SELECT count(*) FROM agent_sessions")) == 1
    engine.dispose()
