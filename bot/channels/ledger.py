"""One SQLite file of the bot's memory: events of conversations and answers given. Append-only, safe under kill -9."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

_SCHEMA = """
create table if not exists event (
  id integer primary key, conversation_id text not null, starts_session integer not null, body text not null
);
create index if not exists event_by_conversation on event (conversation_id, id);
create table if not exists answer (
  conversation_id text not null, message_id text not null, body text not null,
  primary key (conversation_id, message_id)
) without rowid;
"""


def data_file() -> Path:
    """`bot.sqlite3` in HOTLINE_DATA_DIR (default: `.hotline` in the working directory)."""
    return Path(os.environ.get("HOTLINE_DATA_DIR") or ".hotline") / "bot.sqlite3"


class Ledger:
    """Rows are only added, except when a person's data are erased. One connection, one thread.

    Write-ahead log with `synchronous = normal`: a commit survives the death of the process.
    """

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(file, check_same_thread=False, timeout=5.0)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        self._db.execute("pragma secure_delete = on")  # what is erased is not left in free pages either
        self._db.executescript(_SCHEMA)

    def append(self, conversation_id: str, events: list[dict[str, Any]]) -> None:
        """Adds events in one transaction."""
        rows = [
            (conversation_id, int(event["event"] == "session_started"), json.dumps(event, ensure_ascii=False))
            for event in events
        ]
        with self._db:
            self._db.executemany("insert into event (conversation_id, starts_session, body) values (?, ?, ?)", rows)

    def events(self, conversation_id: str, *, last_session: bool) -> list[dict[str, Any]]:
        """Events in order: of the last session, or of the whole conversation."""
        since = 0
        if last_session:
            query = "select coalesce(max(id), 0) from event where conversation_id = ? and starts_session"
            since = self._db.execute(query, (conversation_id,)).fetchone()[0]
        query = "select body from event where conversation_id = ? and id >= ? order by id"
        return [json.loads(body) for (body,) in self._db.execute(query, (conversation_id, since))]

    def conversations(self) -> list[str]:
        return [row[0] for row in self._db.execute("select distinct conversation_id from event")]

    def answer(self, conversation_id: str, message_id: str) -> dict[str, Any] | None:
        """The answer once given to this message, or None."""
        row = self._db.execute(
            "select body from answer where conversation_id = ? and message_id = ?", (conversation_id, message_id)
        ).fetchone()
        return json.loads(row[0]) if row else None

    def keep_answer(self, conversation_id: str, message_id: str, body: dict[str, Any]) -> None:
        with self._db:
            self._db.execute(
                "insert or ignore into answer values (?, ?, ?)",
                (conversation_id, message_id, json.dumps(body, ensure_ascii=False)),
            )

    def erase(self, conversation_id: str) -> None:
        """Everything said in a conversation is gone (a person asked for it)."""
        with self._db:
            self._db.execute("delete from event where conversation_id = ?", (conversation_id,))
            self._db.execute("delete from answer where conversation_id = ?", (conversation_id,))
        self._db.execute("pragma wal_checkpoint(truncate)")

    def close(self) -> None:
        self._db.close()
