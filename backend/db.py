"""The database: one engine, one session factory, one place that commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from backend.errors import HotlineError
from backend.kernel.pairs import pairs_of
from backend.settings import ROOT

log = structlog.get_logger(__name__)
Sessions = sessionmaker[Session]
T = TypeVar("T")

TRIES = 3
UNDONE = frozenset({"40P01", "40001"})
"""PostgreSQL's codes of a deadlock and of a failed serialization: the work is undone, and can be done anew."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Takes aware datetimes only, stores UTC, gives back aware UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables; names of constraints are fixed so that migrations can speak of them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime, dict[str, Any]: sa.JSON, list[Any]: sa.JSON}


def words(kind: type[StrEnum]) -> sa.Enum:
    """A column type for a StrEnum, stored by value and checked by the database."""
    return sa.Enum(kind, native_enum=False, length=24, values_callable=lambda members: [m.value for m in members])


def make_engine(url: str) -> Engine:
    """An engine for SQLite (WAL, foreign keys, immediate transactions) or PostgreSQL."""
    if not url.startswith("sqlite"):
        return sa.create_engine(
            url, pool_pre_ping=True, pool_size=10, max_overflow=20, pool_timeout=5, hide_parameters=True
        )
    engine = sa.create_engine(
        url, hide_parameters=True, connect_args={"timeout": 10, "check_same_thread": False, "cached_statements": 1000}
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the begin event below opens transactions
        connection.create_function("word_pairs", 1, pairs_of, deterministic=True)  # for the triggers of `word_index`
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # A deferred transaction that later writes fails at once when another has written; waiting needs IMMEDIATE.
        read_only = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def make_sessions(engine: Engine) -> Sessions:
    """The session factory over an engine."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def opened(url: str) -> Iterator[Sessions]:
    """Sessions for one command; no connection is left open behind it.

    Raises:
        HotlineError: the house has never been started on this database.
    """
    engine = make_engine(url)
    try:
        if not sa.inspect(engine).get_table_names():
            raise HotlineError("The database is still empty. Start the house once (uv run hotline up), then try again.")
        yield make_sessions(engine)
    finally:
        engine.dispose()


def engine_of(sessions: Sessions) -> Engine:
    """The engine behind a session factory."""
    engine = sessions.kw["bind"]
    assert isinstance(engine, Engine)
    return engine


@contextmanager
def session_scope(sessions: Sessions) -> Iterator[Session]:
    """One unit of work: commits when the block ends well, rolls back when it raises."""
    with sessions() as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def commit_so_far(session: Session) -> None:
    """End a unit of work and go on with another in the same session: in between somebody outside is asked, and the
    database does not wait for them."""
    session.commit()


def done_in_unit(sessions: Sessions, work: Callable[[Session], T]) -> T:
    """Do a piece of work as one unit of work, anew when the database has undone it: two that waited for one another in
    a circle, or could not have come one after the other. It must leave nothing behind but rows.

    Raises:
        OperationalError: it was undone three times.
    """
    for _ in range(TRIES - 1):
        try:
            with session_scope(sessions) as session:
                return work(session)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) not in UNDONE:
                raise
            log.warning("a unit of work was undone by the database, once more", kind=type(error.orig).__name__)
    with session_scope(sessions) as session:
        return work(session)


@contextmanager
def read_scope(sessions: Sessions) -> Iterator[Session]:
    """A unit of work that only reads: takes no write lock."""
    with sessions() as session:
        session.connection(execution_options={"read_only": True})
        yield session


def migrate(url: str, revision: str = "head") -> None:
    """Bring the schema of a database to a revision (default: the newest)."""
    from alembic import command  # noqa: PLC0415 (a web that need not migrate opens most of a second sooner)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(ROOT / "backend" / "migrations"))
    config.attributes["url"] = url
    if revision == "base":
        command.downgrade(config, "base")
    else:
        command.upgrade(config, revision)
