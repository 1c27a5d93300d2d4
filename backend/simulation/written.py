"""Which tables have been written since somebody last asked: what stands in the others need not be read again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, event
from sqlalchemy.engine import Engine

from backend.db import Base

KEY = "simulation_written"
EVERYTHING = frozenset(Base.metadata.tables)


class Written:
    """Watches an engine: tables count as written once it is committed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tables: set[str] = set()

    def __enter__(self) -> Written:
        event.listen(self._engine, "after_cursor_execute", self._note)
        event.listen(self._engine, "commit", self._count)
        self._reader = self._engine.connect().execution_options(read_only=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()
        event.remove(self._engine, "after_cursor_execute", self._note)
        event.remove(self._engine, "commit", self._count)

    def take(self) -> set[str]:
        """The tables written since the last time."""
        tables, self._tables = self._tables, set()
        return tables

    def read(self, query: Select[Any], values: Mapping[str, Any]) -> dict[str, Any]:
        """The one row of a query, by column."""
        try:
            return dict(self._reader.execute(query, values).mappings().one())
        finally:
            self._reader.rollback()

    def _note(self, connection: Connection, _cursor: Any, _statement: str, _values: Any, context: Any, *_: Any) -> None:
        if context.compiled is None:  # PRAGMA and BEGIN, or SQL of somebody's own
            is_write = not _statement.startswith(("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK"))
            tables = EVERYTHING if is_write else frozenset()
        elif context.isdelete:  # takes rows of other tables along
            tables = EVERYTHING
        elif context.isinsert or context.isupdate:
            tables = frozenset({context.compiled.compile_state.dml_table.name})
        else:
            return
        connection.info.setdefault(KEY, set()).update(tables)

    def _count(self, connection: Connection) -> None:
        self._tables |= connection.info.pop(KEY, set())
