"""One look at the desk for everybody: what the streams of a process's consoles tell is read once for all of them.

A look follows the first news at once and further news no sooner than `GATHER_S`, so that a crowd of messages is one
look, and one refetch for each console. Without news there is one every `LOOK_EVERY_S`: it finds what other processes
did and no note has told of. What is seen is drawn once for all consoles that show it (`cards`).
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from anyio import to_thread
from sqlalchemy.orm import Session

from backend import db
from backend.agents import service as agents
from backend.bus import Note, next_note
from backend.console.live import cards, pulse
from backend.console.live.cards import MOST_CARDS, NOTHING_DRAWN, Drawn
from backend.console.live.pulse import Mine, Numbers, Touched
from backend.console.words import Language
from backend.conversations import holding, watching
from backend.depends import House

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 2.5
GATHER_S = 0.1
PROLONG_EVERY_S = 30.0  # a tenth of the shortest useful lease
_SEAT: Note = {}  # somebody has come and waits for a look
OVERLAP = timedelta(seconds=5)  # a unit of work that commits late has spoken before the newest words seen


@dataclass(frozen=True)
class Seat:
    """An open console.

    Attributes:
        token: what its agent is signed in with.
        open_id: the conversation on its screen, or nothing.
        has_list: whether the list of conversations is.
    """

    token: str
    open_id: str = ""
    language: Language = "zh"
    has_list: bool = False


@dataclass(frozen=True)
class Look:
    """The desk as it was read for some consoles.

    Attributes:
        asked: the tokens it was read for.
        mine: what concerns their agents, by token; a token that is missing is no sign-in any more.
        touched: the conversations in which something was said or done since the last look.
        drawn: how they look now.
        is_crowd: whether they are too many to be drawn for the lists.
        is_told: whether this process has told of it; otherwise another one did what has changed.
        is_work: whether it told of something that is in no conversation.
    """

    numbers: Numbers
    asked: frozenset[str]
    mine: Mapping[str, Mine]
    touched: tuple[Touched, ...] = ()
    drawn: Drawn = NOTHING_DRAWN
    is_crowd: bool = False
    is_told: bool = False
    is_work: bool = False


class Lookout:
    """Looks while anybody has a console open, and hands each look to all of them. Lives in one event loop."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._seats: dict[asyncio.Queue[Note], Seat] = {}
        self._news: asyncio.Queue[Note] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._spoken_at: datetime | None = None
        self._heard: dict[str, int] = {}
        self._prolonged: dict[tuple[int, str], float] = {}

    @contextmanager
    def seat(self, seat: Seat, notes: asyncio.Queue[Note]) -> Iterator[None]:
        """Put each look into a queue (`{"look": Look}`) while the block runs, the first one at once."""
        self._seats[notes] = seat
        if self._watching is None or self._watching.done():
            self._watching = asyncio.get_running_loop().create_task(self._watch())
        elif self._news is not None:
            _put(self._news, _SEAT)
        try:
            yield
        finally:
            del self._seats[notes]
            if not self._seats and self._watching is not None:
                self._watching.cancel()
                self._watching = self._news = None

    async def _watch(self) -> None:
        self._spoken_at = None
        with self.house.bus.listen("desk") as news:
            self._news = news
            told: list[Note] = []
            while True:
                looked_at = time.monotonic()
                await self._look_for_all(told)
                first = await next_note(news, LOOK_EVERY_S)
                await asyncio.sleep(max(0.0, looked_at + GATHER_S - time.monotonic()))
                told = [first] if first else []
                while not news.empty():
                    told.append(news.get_nowait())
                told = [note for note in told if note is not _SEAT]

    async def _look_for_all(self, told: list[Note]) -> None:
        seats = frozenset(self._seats.values())
        try:
            look = await to_thread.run_sync(self._look, seats, told)
        except Exception:  # all consoles live by this: they stay open, and the next look may go well again
            log.exception("the desk cannot be looked at")
            return
        for notes in self._seats:
            _put(notes, {"look": look})

    def _look(self, seats: frozenset[Seat], told: list[Note]) -> Look:
        now, named = self.house.clock.now(), {note["conversation"] for note in told if "conversation" in note}
        asked = frozenset(seat.token for seat in seats)
        with db.read_scope(self.house.sessions) as session, session.no_autoflush:
            found = agents.signed_in(session, asked, now=now)
            mine = pulse.mine(session, found)
            numbers = pulse.numbers(session, now)
            spoken_at = self._spoken_at or numbers.spoken_at
            lately = pulse.touched(session, named, spoken_at - OVERLAP if spoken_at else None)
            heard = self._heard if self._spoken_at else {each.id: each.last_seq for each in lately}
            touched = tuple(each for each in lately if each.id in named or heard.get(each.id) != each.last_seq)
            is_crowd = len(touched) > MOST_CARDS
            drawn = self._draw(session, [seat for seat in seats if seat.token in mine], touched, now, is_crowd=is_crowd)
            session.expunge_all()  # what is drawn outlives the session
            session.rollback()
        self._spoken_at, self._heard = numbers.spoken_at, {each.id: each.last_seq for each in lately}
        self._prolong({(mine[seat.token].agent_id, seat.open_id) for seat in seats if seat.token in mine}, now)
        is_work = any("conversation" not in note for note in told)
        return Look(numbers, asked, mine, touched, drawn, is_crowd, bool(told), is_work)

    def _draw(
        self, session: Session, seats: Collection[Seat], touched: Collection[Touched], now: datetime, *, is_crowd: bool
    ) -> Drawn:
        ids = {each.id for each in touched}
        opened = {(seat.open_id, seat.language) for seat in seats if seat.open_id in ids}
        lists = set() if is_crowd else {seat.language for seat in seats if seat.has_list}
        shown = ids if lists else {conversation_id for conversation_id, _ in opened}
        if not shown:
            return NOTHING_DRAWN
        return cards.draw(session, self.house, shown, lists=lists, opened=opened, now=now)

    def _prolong(self, open_with: Collection[tuple[int, str]], now: datetime) -> None:
        """An open console is its agent's sign of life: what they hold stays theirs, what they watch stays watched."""
        at = time.monotonic()
        due = {each for each in open_with if at - self._prolonged.get(each, -math.inf) > PROLONG_EVERY_S}
        if not due:
            return
        self._prolonged = {each: since for each, since in self._prolonged.items() if at - since <= PROLONG_EVERY_S}
        self._prolonged |= dict.fromkeys(due, at)
        with db.read_scope(self.house.sessions) as session:
            holders = pulse.holders(session, {agent_id for agent_id, _ in due})
            watched = pulse.watches(session, due, now)
        if not holders and not watched:
            return
        reference = self.house.reference
        with db.session_scope(self.house.sessions) as session:
            for agent_id in sorted(holders):
                holding.prolong(session, agent_id, reference=reference, now=now)
            for agent_id, open_id in sorted(watched):
                watching.prolong(session, open_id, agent_id, reference=reference, now=now)


def _put(queue: asyncio.Queue[Note], note: Note) -> None:
    """A console that lags far behind misses a look; the next one tells it the same numbers."""
    if not queue.full():
        queue.put_nowait(note)
