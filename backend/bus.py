"""Who must look again: a bus that carries names and ids; listeners fetch the content themselves.

Other processes of the house hear of a note when something carries it to them (`relay`, on PostgreSQL). It may get lost
on the way, so every listener also looks by itself every few seconds.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Note = dict[str, Any]


class Bus:
    """Topics and their listeners. `publish` may be called from any thread.

    Attributes:
        carry: takes each note to the other processes, if there are any; returns at once.
    """

    def __init__(self) -> None:
        self.carry: Callable[[str, Note], None] | None = None
        self._lock = threading.Lock()
        self._listeners: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Queue[Note]]]] = {}

    def publish(self, topic: str, **note: Any) -> None:
        """Tell the listeners of a topic; a listener that lags 100 notes behind loses the newest."""
        self.tell_here(topic, note)
        if self.carry is not None:
            self.carry(topic, note)

    def tell_here(self, topic: str, note: Note) -> None:
        """Tell the listeners in this process alone: the note comes from another one, or concerns nobody else."""
        with self._lock:
            listeners = list(self._listeners.get(topic, ()))
        for loop, queue in listeners:
            if not loop.is_closed():
                loop.call_soon_threadsafe(_offer, queue, note)

    @contextmanager
    def listen(self, *topics: str) -> Iterator[asyncio.Queue[Note]]:
        """A queue that receives the notes of some topics while the block runs."""
        entry = (asyncio.get_running_loop(), asyncio.Queue[Note](maxsize=100))
        with self._lock:
            for topic in topics:
                self._listeners.setdefault(topic, set()).add(entry)
        try:
            yield entry[1]
        finally:
            with self._lock:
                for topic in topics:
                    listeners = self._listeners[topic]
                    listeners.discard(entry)
                    if not listeners:
                        del self._listeners[topic]


async def next_note(queue: asyncio.Queue[Note], timeout_s: float) -> Note | None:
    """The next note, or None when nothing came in time."""
    try:
        return await asyncio.wait_for(queue.get(), timeout_s)
    except TimeoutError:
        return None


def _offer(queue: asyncio.Queue[Note], note: Note) -> None:
    if not queue.full():
        queue.put_nowait(note)
