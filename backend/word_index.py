"""Looking for words in a table of any size: an index of pairs of letters (`kernel.pairs`) that the database keeps.

PostgreSQL has a GIN index over an expression, SQLite a full-text table fed by triggers. Both follow every insert,
change and deletion, also a cascade's, so that nothing that is deleted can still be found. Neither needs an extension.

On SQLite a migration that builds such a table anew (`batch_alter_table`) loses its triggers: it calls `create` after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from backend.kernel import pairs

_SUFFIX = "_words"
_EVERY_LETTER = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'"
_PAIRS = r"""
CREATE OR REPLACE FUNCTION word_pairs(said text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(word, place, 2)), '{}')
    FROM regexp_split_to_table(lower(normalize(said, NFKC)), '\s+') AS word,
         generate_series(1, length(word) - 1) AS place
$$
"""


@dataclass(frozen=True)
class WordIndex:
    """The index of some columns of a table whose key is `id`; no word is found across two columns.

    Attributes:
        column, among: only rows with one of these values in this column are found; none: all rows.
    """

    table: str
    columns: tuple[str, ...]
    column: str = ""
    among: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Of the full-text table (SQLite); with `ix_` before it, of the index (PostgreSQL)."""
        return self.table + _SUFFIX

    def follow(self, table: Any) -> None:
        """Create it wherever the table is created without migrations."""
        event.listen(table, "after_create", lambda _table, connection, **_rest: self.create(connection))
        event.listen(table, "before_drop", lambda _table, connection, **_rest: self.drop(connection))

    def create(self, connection: sa.Connection) -> None:
        """Make it anew and fill it from the table."""
        self.drop(connection)
        for statement in self._postgresql() if connection.dialect.name == "postgresql" else self._sqlite():
            connection.exec_driver_sql(statement)

    def drop(self, connection: sa.Connection) -> None:
        """Take it away if it is there."""
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"DROP INDEX IF EXISTS ix_{self.name}")
            return
        for when in ("insert", "change", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {self.name}_{when}")
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {self.name}")

    def says(self, session: Session, text: str) -> sa.ColumnElement[bool]:
        """Whether a row says all words of a text. A single letter is looked for row by row, or left out by words."""
        if pairs.sought(text):
            return sa.literal_column(f"{self.table}.id", sa.Integer).in_(self.ids(session, text))
        columns = (sa.literal_column(f"{self.table}.{each}", sa.Text) for each in self.columns)
        return sa.or_(*(column.icontains(text, autoescape=True) for column in columns))

    def ids(self, session: Session, text: str, newest: int | None = None) -> sa.Select[int]:
        """The rows that say all words of a text, those of one letter left out; newest first when only some are wanted.

        Raises:
            ValueError: no word has two letters.
        """
        words = pairs.sought(text)
        if not words:
            raise ValueError("an index of pairs cannot look for a single letter")
        is_postgresql = session.get_bind().dialect.name == "postgresql"
        query = self._found_by_array(words) if is_postgresql else self._found_by_match(words)
        return query if newest is None else query.order_by(sa.desc(sa.literal_column("1"))).limit(newest)

    def _found_by_match(self, words: list[str]) -> sa.Select[int]:
        phrases = " AND ".join('"' + " ".join(pairs.pairs(word)).replace('"', '""') + '"' for word in words)
        found = sa.table(self.name)
        matches = sa.literal_column(self.name).op("MATCH", is_comparison=True)(phrases)
        return sa.select(sa.literal_column("rowid", sa.Integer)).select_from(found).where(matches)

    def _found_by_array(self, words: list[str]) -> sa.Select[int]:
        said = self._said()
        plain = sa.func.lower(sa.func.normalize(sa.literal_column(said), sa.literal_column("NFKC")))
        indexed: sa.ColumnElement[Any] = sa.literal_column(f"word_pairs({said})")
        return (
            sa.select(sa.literal_column(f"{self.table}.id", sa.Integer))
            .select_from(sa.table(self.table))
            .where(
                sa.text(self._holds()),
                indexed.op("@>", is_comparison=True)(sa.func.word_pairs(" ".join(words))),
                *(plain.contains(word, autoescape=True) for word in words),
            )
        )

    def _holds(self, row: str = "") -> str:
        """The condition for a row to be in the index."""
        if not self.column:
            return "true"
        return f"{row or self.table}.{self.column} IN ({', '.join(map(repr, self.among))})"

    def _said(self, row: str = "") -> str:
        row = row or self.table
        return "(" + " || ' ' || ".join(f"coalesce({row}.{column}, '')" for column in self.columns) + ")"

    def _postgresql(self) -> list[str]:
        said, holds = (each.replace(f"{self.table}.", "") for each in (self._said(), self._holds()))
        return [_PAIRS, f"CREATE INDEX ix_{self.name} ON {self.table} USING gin (word_pairs({said})) WHERE {holds}"]

    def _sqlite(self) -> list[str]:
        name, table, changed = self.name, self.table, ", ".join(self.columns)
        put = f"INSERT INTO {name} (rowid, pairs) VALUES (new.id, word_pairs({self._said('new')}));"  # noqa: S608
        take = f"INSERT INTO {name} ({name}, rowid, pairs) VALUES ('delete', old.id, word_pairs({self._said('old')}));"  # noqa: S608
        fill = f"INSERT INTO {name} (rowid, pairs) SELECT id, word_pairs({self._said()}) FROM {table}"  # noqa: S608
        new, old = (f"WHEN {self._holds(row)} BEGIN" for row in ("new", "old"))
        return [
            f"CREATE VIRTUAL TABLE {name} USING fts5(pairs, content='', tokenize=\"{_EVERY_LETTER}\")",
            f"{fill} WHERE {self._holds()}",
            f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table} {new} {put} END",
            f"CREATE TRIGGER {name}_change AFTER UPDATE OF {changed} ON {table} {old} {take} {put} END",
            f"CREATE TRIGGER {name}_delete AFTER DELETE ON {table} {old} {take} END",
        ]


def is_kept_by_models(name: str | None, kind: str, _parents: Any) -> bool:
    """For Alembic's comparison with the models, which know nothing of these indexes: `include_name`."""
    return not (kind in ("table", "index") and name is not None and _SUFFIX in name)
