"""Shared by all suites of the service: a clean database for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import structlog
from hypothesis import settings
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session, sessionmaker

from backend import db
from backend.models import Base

SHANGHAI = ZoneInfo("Asia/Shanghai")

settings.register_profile("hotline", deadline=None)  # a busy machine is slow, not wrong
settings.load_profile("hotline")

# Tests that handle an error log it; a drawing of its traceback with all variables would take seconds each time.
structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)


def pytest_configure() -> None:
    """With several test processes each has a database of its own beside the one named in HOTLINE_TEST_DATABASE_URL."""
    _own_database("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}")


def pytest_unconfigure() -> None:
    _own_database("DROP DATABASE IF EXISTS {} WITH (FORCE)")


def _own_database(*statements: str) -> None:
    named, worker = os.environ.get("HOTLINE_TEST_DATABASE_URL"), os.environ.get("PYTEST_XDIST_WORKER")
    if not named or not worker:
        return
    url = make_url(named)
    assert url.database
    own = url.database if url.database.endswith(f"_{worker}") else f"{url.database}_{worker}"
    server = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for statement in statements:
            connection.execute(text(statement.format(f'"{own}"')))
    server.dispose()
    os.environ["HOTLINE_TEST_DATABASE_URL"] = url.set(database=own).render_as_string(hide_password=False)


def at(moment: str) -> datetime:
    """An instant in the hotline's zone: at("2026-11-24 10:05")."""
    return datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """SQLite by default; the database named in HOTLINE_TEST_DATABASE_URL when set (emptied first)."""
    path: Path = tmp_path_factory.mktemp("db") / "hotline.db"
    engine = db.make_engine(os.environ.get("HOTLINE_TEST_DATABASE_URL") or f"sqlite:///{path}")
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """One outer transaction a test, rolled back at its end."""
    with engine.connect() as connection:
        outer = connection.begin()
        yield connection
        outer.rollback()


@pytest.fixture
def sessions(connection: Connection) -> db.Sessions:
    """Sessions inside the test's outer transaction: their commits are savepoints."""
    return sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")


@pytest.fixture
def session(sessions: db.Sessions) -> Iterator[Session]:
    with sessions() as session:
        yield session


@pytest.fixture
def now() -> datetime:
    """Tuesday 24 November 2026, 10:05 in Shanghai: a working day, inside hotline hours."""
    return at("2026-11-24 10:05")


@pytest.fixture
def committed(engine: Engine) -> Iterator[db.Sessions]:
    """Sessions that really commit, for tests with threads or several processes; the tables are emptied afterwards."""
    yield db.make_sessions(engine)
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
