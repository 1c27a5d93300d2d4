"""Empty databases with the house's tables, made by its migrations, gone afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from backend import db


@contextmanager
def database(server: str | None) -> Iterator[str]:
    """A database's URL: a new SQLite file, or a schema of its own on the PostgreSQL server of a URL."""
    if server is None:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'hotline.db'}"
            db.migrate(url)
            yield url
        return
    engine, schema = db.make_engine(server), f"bench_{os.getpid()}"
    with engine.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
        connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
    try:
        url = f"{server}?options=-csearch_path%3D{schema}"
        db.migrate(url)
        yield url
    finally:
        with engine.begin() as connection:
            connection.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()
