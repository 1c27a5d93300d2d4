"""The house on simulated time: real rooms, real jobs, the console carrier; nothing sleeps and nothing is skipped."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from anyio import to_thread
from sqlalchemy.orm import Session

from backend import db, main
from backend.appointments.answering import Answering
from backend.appointments.links import Links
from backend.bus import Bus
from backend.conversations.bot_client import BotAnswer, BotMessage, BotState, Question
from backend.conversations.turn import Turns, first_of
from backend.depends import House
from backend.followups.answering import answer as answer_followup
from backend.reference import Reference
from backend.reviews import service as reviews
from backend.scheduler import Job
from backend.settings import Settings
from telephony.console_carrier import ConsoleCarrier
from telephony.ports import Capabilities, FoundCall, FoundText, OutgoingCall, OutgoingText, SendResult

CLOSED_OFF = {"carrier": "console", "smtp_host": "", "duty_phone": "", "public_base_url": "", "now": None}
"""Settings of a house that reaches nobody outside, whatever the environment says."""


class SimulatedClock:
    """A clock that stands still until it is put forward."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def put(self, now: datetime) -> None:
        """Put the clock to an instant that is not before the present one."""
        if now < self._now:
            raise ValueError(f"time does not run back from {self._now} to {now}")
        self._now = now


class Patience(threading.Event):
    """The event the house closes by. It never does; whoever waits for it lets simulated time pass."""

    def __init__(self, clock: SimulatedClock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        if timeout is not None and timeout > 0:
            self._clock.put(self._clock.now() + timedelta(seconds=timeout))
        return False


@dataclass(frozen=True)
class Carried:
    """A text or call that left the house: when, and the outbox's name for the attempt."""

    at: datetime
    reference: str


class WatchedCarrier:
    """The console carrier with a witness: what leaves the house is written down here, not believed from its rows."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._carrier, self._clock = ConsoleCarrier(say=lambda _text: None), clock
        self.carried: list[Carried] = []

    @property
    def name(self) -> str:
        return self._carrier.name

    @property
    def capabilities(self) -> Capabilities:
        return self._carrier.capabilities

    @property
    def own_numbers(self) -> frozenset[str]:
        return self._carrier.own_numbers

    def send_text(self, text: OutgoingText) -> SendResult:
        self.carried.append(Carried(self._clock.now(), text.reference))
        return self._carrier.send_text(text)

    def call(self, call: OutgoingCall) -> SendResult:
        self.carried.append(Carried(self._clock.now(), call.reference))
        return self._carrier.call(call)

    def hang_up(self, sid: str) -> None:
        self._carrier.hang_up(sid)

    def find_calls(self, *, to: str, since: datetime) -> Sequence[FoundCall]:
        return self._carrier.find_calls(to=to, since=since)

    def find(self, *, to: str, since: datetime) -> Sequence[FoundText]:
        return self._carrier.find(to=to, since=since)


@dataclass(frozen=True)
class Spoken:
    """What the bot says, and how it understood what it answers."""

    text: str
    intent: str


Wish = Callable[[Session, Question], Spoken]
"""What a customer wants done; the bot's actions would ask the backend for the very same."""


class Doorman:
    """In the bot's place: a message is understood as its writer meant it, and the rooms are asked as by the bot."""

    def __init__(self, sessions: db.Sessions) -> None:
        self._sessions = sessions
        self._wishes: dict[str, Wish] = {}

    def expect(self, conversation_id: str, wish: Wish) -> None:
        """The next message of a conversation means this."""
        self._wishes[conversation_id] = wish

    async def ask(self, question: Question) -> BotAnswer:
        wish = self._wishes.pop(question.conversation_id)
        spoken = await to_thread.run_sync(self._grant, wish, question)
        return BotAnswer(
            messages=[BotMessage(text=spoken.text)],
            language=question.language,
            intent=spoken.intent,
            confidence=1.0,
        )

    async def look(self) -> BotState:
        return BotState.READY

    async def forget(self, conversation_id: str) -> None:
        """The doorman remembers nothing of a conversation but what is still to be said."""
        self._wishes.pop(conversation_id, None)

    async def close(self) -> None:
        self._wishes.clear()

    def _grant(self, wish: Wish, question: Question) -> Spoken:
        with db.session_scope(self._sessions) as session:
            return wish(session, question)


@dataclass(frozen=True)
class Stage:
    """What the players play on."""

    house: House
    clock: SimulatedClock
    carrier: WatchedCarrier
    doorman: Doorman
    jobs: tuple[Job, ...]

    @property
    def sessions(self) -> db.Sessions:
        return self.house.sessions

    @property
    def reference(self) -> Reference:
        return self.house.reference

    def now(self) -> datetime:
        """The simulated present."""
        return self.clock.now()


@contextmanager
def open_stage(settings: Settings, sessions: db.Sessions, reference: Reference, start: datetime) -> Iterator[Stage]:
    """The house as `main` wires it, on a clock of its own, with somebody in the bot's place."""
    clock = SimulatedClock(start)
    carrier = WatchedCarrier(clock)
    settings = settings.model_copy(update=CLOSED_OFF)
    house = House(settings, sessions, clock, reference, carrier, Bus())
    doorman = Doorman(sessions)
    turns = Turns(house, doorman, reviews.note, first_of(Answering(Links.of(house)), answer_followup))
    with _event_loop() as loop:
        jobs = tuple(main.build_jobs(house, turns, loop, Patience(clock), hands=1))
        yield Stage(house, clock, carrier, doorman, jobs)
        asyncio.run_coroutine_threadsafe(turns.close(), loop).result()


@contextmanager
def _event_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A running event loop in a thread of its own, for the rims that wait."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="simulated bot", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
