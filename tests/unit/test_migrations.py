"""Migrations lead from nothing to the models and back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from backend import db
from backend.models import Base


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
        context = MigrationContext.configure(connection, opts={"compare_type": True})
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
