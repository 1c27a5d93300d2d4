"""Carries the bus's notes between the processes of a house through PostgreSQL: LISTEN and NOTIFY.

A note is names and ids, never content, and nothing depends on its arrival: what is lost is found by the looks every few
seconds. SQLite has no such thing; there one process is the rule.
"""

from __future__ import annotations

import json
import queue
import threading
import uuid
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from typing import Any

import psycopg
import structlog
from psycopg import sql
from sqlalchemy.engine import Engine

from backend.bus import Bus, Note

log = structlog.get_logger(__name__)

MOST_WAITING = 1000
LONGEST_BYTES = 7900  # PostgreSQL carries less than 8000 in one notification
AGAIN_AFTER_S = 1.0
LISTEN_FOR_S = 1.0  # then it looks whether it is to stop
FAULTS = (psycopg.Error, OSError)


class Relay:
    """Two threads, one that tells and one that listens, each with a connection of its own beside the pool's.

    Houses in different schemas of one database do not hear each other.
    """

    def __init__(self, bus: Bus, engine: Engine) -> None:
        self._bus, self._engine = bus, engine
        self._me = uuid.uuid4().hex[:12]
        self._outgoing: queue.Queue[str | None] = queue.Queue(MOST_WAITING)
        self._closing, self._hears = threading.Event(), threading.Event()
        self._threads = [
            threading.Thread(target=self._again_and_again, args=[each], name=f"relay-{each.__name__}", daemon=True)
            for each in (self._tell, self._listen)
        ]

    @classmethod
    def of(cls, bus: Bus, engine: Engine) -> Relay | None:
        """The relay of a database that can carry notes; None on SQLite."""
        return cls(bus, engine) if engine.dialect.name == "postgresql" else None

    def start(self) -> None:
        """Carry from now on. A database that is away is tried again until it is there."""
        self._bus.carry = self._carry
        for each in self._threads:
            each.start()

    def stop(self) -> None:
        """Carry no more; ends within a second or two."""
        self._bus.carry = None
        self._closing.set()
        self._put(None)
        for each in self._threads:
            each.join(LISTEN_FOR_S * 3)

    def wait_until_it_hears(self, longest_s: float) -> bool:
        """Whether what others tell is heard, once it is or the time is over."""
        return self._hears.wait(longest_s)

    def _carry(self, topic: str, note: Note) -> None:
        words = json.dumps([self._me, topic, note], default=_plain, separators=(",", ":"))
        if len(words.encode()) > LONGEST_BYTES:
            log.warning("a note is too long for other processes", topic=topic.partition(":")[0])
            return
        self._put(words)

    def _put(self, words: str | None) -> None:
        try:
            self._outgoing.put_nowait(words)
        except queue.Full:  # the database is away or very slow: the others look by themselves
            log.warning("notes for other processes are left out", waiting=MOST_WAITING)

    def _again_and_again(self, work: Callable[[psycopg.Connection[Any], str], None]) -> None:
        was_lost = False
        while not self._closing.is_set():
            try:
                with self._connection() as (connection, channel):
                    if was_lost:
                        log.info("other processes are heard again")
                        self._bus.tell_here("desk", {"relay": "back"})  # whoever looks sees what was missed
                    work(connection, channel)
            except FAULTS as error:
                if not was_lost and not self._closing.is_set():
                    log.warning("other processes are not heard", kind=type(error).__name__)
                was_lost = True
                self._hears.clear()
                self._closing.wait(AGAIN_AFTER_S)

    @contextmanager
    def _connection(self) -> Iterator[tuple[psycopg.Connection[Any], str]]:
        args, named = self._engine.dialect.create_connect_args(self._engine.url)
        # not one of the pool's: it is kept for as long as the house stands
        options: dict[str, Any] = {**named, "autocommit": True}
        with psycopg.connect(*args, **options) as connection:
            row = connection.execute("SELECT current_schema()").fetchone()
            connection.execute("SET synchronous_commit TO off")  # a note is worth no wait for the disk
            yield connection, f"hotline_{row[0] if row else ''}"[:63]

    def _tell(self, connection: psycopg.Connection[Any], channel: str) -> None:
        while not self._closing.is_set():
            words = self._outgoing.get()
            if words is None:
                return
            try:
                connection.execute("SELECT pg_notify(%s, %s)", [channel, words])
            except psycopg.Error:
                self._put(words)  # the next connection tells it
                raise

    def _listen(self, connection: psycopg.Connection[Any], channel: str) -> None:
        connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        self._hears.set()
        while not self._closing.is_set():
            for notification in connection.notifies(timeout=LISTEN_FOR_S):
                self._hear(notification.payload)
                if self._closing.is_set():
                    break

    def _hear(self, words: str) -> None:
        try:
            sender, topic, note = json.loads(words)
        except ValueError:
            log.warning("a note from elsewhere cannot be read")
            return
        if sender != self._me:
            self._bus.tell_here(topic, note)


def _plain(value: object) -> Any:
    """What JSON has no word for: a set of ids becomes a list of them."""
    if isinstance(value, Set):
        return sorted(value)
    return str(value)
