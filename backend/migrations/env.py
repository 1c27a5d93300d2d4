"""Alembic's way in: the address comes from `db.migrate`, the target from all rooms' models."""

from __future__ import annotations

from alembic import context

from backend import db
from backend.models import Base
from backend.word_index import is_kept_by_models

engine = db.make_engine(context.config.attributes["url"])
with engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        # A batch builds a table anew and drops the old one: with foreign keys on, what refers to it would be deleted.
        # Inside a transaction the pragma does nothing, so it goes past SQLAlchemy, before there is one.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
        include_name=is_kept_by_models,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
