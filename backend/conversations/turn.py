"""The bot's turn: take the oldest open message of a conversation, ask the bot, store what it says.

One turn at a time per conversation, in order, by a lease on the conversation's row: whoever stores a message while the
row is free takes the lease with it; whoever holds it goes on with what has come in meanwhile. The lease also fences the
answer: a bot that answers after its lease was taken away, or after an agent has taken over, is not heard. A message
stays open until its answer is stored, so a crash at any point only repeats the question, and the bot answers a repeated
question with the same words.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import structlog
from anyio import CapacityLimiter
from prometheus_client import Counter, Histogram
from sqlalchemy.orm import Session

from backend import db
from backend.bus import next_note
from backend.conversations import queries, rules, service
from backend.conversations.bot_client import Bot, BotAnswer, BotFailed, BotState, Question
from backend.conversations.models import Conversation, Message
from backend.conversations.rules import Author, Channel, Mode
from backend.conversations.way import LATER_HANDS, RightOfWay
from backend.depends import House
from backend.outbox.rules import OutboxKind
from backend.reference import Reference
from bot.text.hazard import hazard

log = structlog.get_logger(__name__)
T = TypeVar("T")

CLAIMS = LATER_HANDS - 1
"""Texts taken up at once. An answer of the bot's never waits for many of them: its lease would be over."""

LOOK_EVERY_S = 0.25
"""How often to look whether another process has answered: it tells nobody here."""

TURN_SECONDS = Histogram("hotline_turn_seconds", "The bot's turn, from the question to the stored answer", ["channel"])
TURN_FAILURES = Counter("hotline_turn_failures", "Turns the bot did not answer properly", ["failure"])


@dataclass(frozen=True)
class Turn:
    """A claimed message: what to ask, the lease that lets its answer in, and whether that goes first: somebody holds
    the line for it, or is in danger."""

    question: Question
    seq: int
    lease: str
    goes_first: bool = True


@dataclass(frozen=True)
class Outcome:
    """What a turn came to: all that was said in reply (nothing when it was not heard), who answers now, the next turn,
    claimed already, and whether the bot has answered."""

    said: Sequence[Message] = ()
    mode: Mode = Mode.BOT
    following: Turn | None = None
    is_answered: bool = False


class Listener(Protocol):
    """Whoever wants to know how messages were understood; called in the unit of work that stores the answer."""

    def __call__(self, session: Session, asked: Message, answer: BotAnswer, *, now: datetime) -> None: ...


class Answerer(Protocol):
    """Whoever answers some messages before the bot is asked; called in the unit of work that would claim the turn, with
    the conversation's row held. It says its answer itself. False: the message is none of its own."""

    def __call__(
        self, session: Session, conversation: Conversation, asked: Message, *, reference: Reference, now: datetime
    ) -> bool: ...


def first_of(*answerers: Answerer) -> Answerer:
    """Several who answer some messages, asked in this order."""

    def ask(
        session: Session, conversation: Conversation, asked: Message, *, reference: Reference, now: datetime
    ) -> bool:
        return any(each(session, conversation, asked, reference=reference, now=now) for each in answerers)

    return ask


class Turns:
    """Runs turns; one object a process. `answerer` is asked before the bot, `listener` is told of each answer of it."""

    def __init__(
        self, house: House, bot: Bot, listener: Listener | None = None, answerer: Answerer | None = None
    ) -> None:
        self.house = house
        self.bot = bot
        self._listener = listener
        self._answerer = answerer
        self.state = BotState.WARMING
        self.way = RightOfWay()
        self._running: set[asyncio.Task[None]] = set()
        self._claims = CapacityLimiter(CLAIMS)
        self._to_claim: set[str] = set()
        self._was_missed = False  # the bot was away when it was last asked
        self._lease_for = timedelta(seconds=house.settings.bot_timeout_s + 5)

    def claim(self, session: Session, conversation: Conversation) -> Turn | None:
        """Take the lease of a conversation whose row the caller holds, if it is free and a message is due."""
        now = self.house.clock.now()
        is_free = conversation.turn_until is None or conversation.turn_until < now
        if conversation.mode is Mode.HUMAN or not is_free:
            return None
        message = self._next_for_the_bot(session, conversation, now)
        if message is None or message.retry_at is None or message.retry_at > now:
            return None
        conversation.turn_owner, conversation.turn_until = uuid.uuid4().hex, now + self._lease_for
        session.flush()
        question = Question(
            conversation_id=conversation.id,
            message_id=f"{conversation.id}:{message.seq}",
            text=message.text,
            channel=conversation.channel.value,
            language=conversation.language,
            now=now,
        )
        goes_first = conversation.channel is not Channel.SMS or hazard(message.text) is not None
        return Turn(question, message.seq, conversation.turn_owner, goes_first)

    def _next_for_the_bot(self, session: Session, conversation: Conversation, now: datetime) -> Message | None:
        """The oldest open message that the answerer has no answer to."""
        while (message := queries.oldest_open(session, conversation.id)) is not None:
            reference = self.house.reference
            if self._answerer is None or not self._answerer(
                session, conversation, message, reference=reference, now=now
            ):
                return message
            message.answered_at, message.retry_at = now, None
            session.flush()
        return None

    async def answer(self, conversation_id: str, *, goes_first: bool = False) -> None:
        """Answer all messages of a conversation that are due for the bot, unless somebody does so already.

        Args:
            goes_first: whether it waits for nobody: there is danger.
        """

        def claim(session: Session) -> Turn | None:
            self._to_claim.discard(conversation_id)  # what is stored after this look asks anew
            return self.claim(session, service.hold(session, conversation_id))

        if goes_first:
            turn = await self.way.first(self._unit(claim))
        elif conversation_id in self._to_claim:
            return
        else:
            self._to_claim.add(conversation_id)
            try:
                async with self._claims:
                    turn = await self.way.later(self._unit(claim))
            finally:
                self._to_claim.discard(conversation_id)
        if turn is not None:
            await self._go_on(turn)

    async def take(self, turn: Turn) -> Outcome:
        """Run a claimed turn to its answer; messages that have come in behind it are answered in the background."""
        outcome = await self._run(turn)
        while outcome.following and outcome.following.seq == turn.seq:
            outcome = await self._run(outcome.following)
        if outcome.following:
            self.start(outcome.following)
        return outcome

    def start(self, turn: Turn) -> None:
        """Run a claimed turn, and those behind it, in the background; `wait` waits for its answer."""
        task = asyncio.create_task(self._go_on(turn))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def wait(
        self,
        conversation_id: str,
        is_answered: Callable[[], bool],
        longest_s: float | None = None,
        *,
        started: Turn | None = None,
    ) -> None:
        """Wait while somebody answers, no longer than a turn may take, or than some seconds.

        Args:
            started: the turn waited for, if it was started here just now: then there is nothing to look at before it
                is told of.
        """
        loop = asyncio.get_running_loop()
        ends = loop.time() + (self._lease_for.total_seconds() if longest_s is None else longest_s)
        with self.house.bus.listen(f"conversation:{conversation_id}") as notes:
            if started is None and await self.way.first(is_answered):
                return
            while (left := ends - loop.time()) > 0:
                note = await next_note(notes, left if started else min(LOOK_EVERY_S, left))
                if started is not None and (note is None or note.get("answered") == started.seq):
                    return
                if note is not None and note.get("type") == "typing":
                    continue
                if await self.way.first(is_answered):
                    return

    async def close(self) -> None:
        """Let turns under way end, then leave the bot."""
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.bot.close()

    async def look(self) -> BotState:
        """Ask whether the bot is ready. What waits for it is due at once when it is again."""
        before, self.state = self.state, await self.bot.look()
        if self.state is BotState.READY and before is not BotState.READY:
            await self.way.later(self._unit(self._wake))
        return self.state

    def _wake(self, session: Session) -> None:
        self._was_missed = False
        if woken := queries.wake(session, self.house.clock.now()):
            log.info("the bot is back", messages=woken)

    async def _go_on(self, turn: Turn) -> None:
        following: Turn | None = turn
        while following is not None:
            following = (await self._run(following)).following

    async def _run(self, turn: Turn) -> Outcome:
        topic = f"conversation:{turn.question.conversation_id}"
        in_turn = self.way.first if turn.goes_first else self.way.later
        self.house.bus.publish(topic, type="typing", author="bot")
        with TURN_SECONDS.labels(turn.question.channel).time():
            try:
                answer = await self.bot.ask(turn.question)
            except BotFailed as failed:
                TURN_FAILURES.labels(failed.failure.value).inc()
                log.warning("bot did not answer", conversation=turn.question.conversation_id, why=str(failed))
                failure = failed.failure
                self._was_missed |= failure is rules.Failure.AWAY
                outcome = await in_turn(self._unit(lambda session: self._make_good(session, turn, failure)))
            else:
                outcome = await in_turn(self._unit(lambda session: self._store(session, turn, answer)))
                if self._was_missed:
                    await self.way.later(self._unit(self._wake))
        self.house.bus.publish(topic, type="changed", answered=turn.seq if outcome.is_answered else None)
        self.house.bus.publish("desk", conversation=turn.question.conversation_id)
        return outcome

    def _held(self, session: Session, turn: Turn) -> tuple[Conversation, Message] | None:
        """The conversation and the open message, if the lease still holds; gives the lease back."""
        conversation = service.hold(session, turn.question.conversation_id)
        if conversation.turn_owner != turn.lease:
            return None
        message = queries.oldest_open(session, conversation.id)
        conversation.turn_owner = conversation.turn_until = None
        if message is None or message.seq != turn.seq or not rules.may_keep_reply(conversation.mode):
            return None
        return conversation, message

    def _store(self, session: Session, turn: Turn, answer: BotAnswer) -> Outcome:
        if (held := self._held(session, turn)) is None:
            return Outcome()
        conversation, asked = held
        now = self.house.clock.now()
        is_last = conversation.last_seq == turn.seq
        conversation.language = answer.language
        conversation.understood = answer.understanding()
        asked.answered_at, asked.retry_at = now, None
        if self._listener is not None:
            self._listener(session, asked, answer, now=now)
        kind = OutboxKind.SAFETY if answer.intent == "report_hazard" else OutboxKind.REPLY
        said = []
        for each in answer.messages:
            message = service.say(
                session,
                conversation,
                Author.BOT,
                rules.clean(each.text) or "…",
                now=now,
                buttons=[button.model_dump() for button in each.buttons],
                expects=answer.expects if each is answer.messages[-1] else None,
                reply_to=turn.seq,
            )
            said.append(message)
            service.send_out(session, conversation, message, kind, answering=asked.sent_at, now=now)
        replies = queries.replies_to(session, conversation.id, turn.seq) if asked.failures else said
        following = None if is_last else self.claim(session, conversation)
        return Outcome(replies, conversation.mode, following, is_answered=True)

    def _make_good(self, session: Session, turn: Turn, failure: rules.Failure) -> Outcome:
        """After the bot failed: danger is answered here and now; else wait, ask again or hand over."""
        if (held := self._held(session, turn)) is None:
            return Outcome()
        conversation, asked = held
        now = self.house.clock.now()
        asked.failures += 1
        told = bool(queries.replies_to(session, conversation.id, turn.seq))
        if not told and (danger := hazard(asked.text)) is not None:
            self._warn(session, conversation, asked, danger.kind)
            asked.answered_at, asked.retry_at = now, None
        else:
            self._remedy(session, conversation, asked, failure, told=told)
        said = queries.replies_to(session, conversation.id, turn.seq)
        return Outcome(said, conversation.mode, self.claim(session, conversation))

    def _remedy(
        self, session: Session, conversation: Conversation, asked: Message, failure: rules.Failure, *, told: bool
    ) -> None:
        now, reference = self.house.clock.now(), self.house.reference
        waiting = conversation.mode is Mode.WAITING
        remedy = rules.remedy(failure, asked.failures, asked.sent_at, told=told, waiting=waiting, now=now)
        if remedy.hand_over:
            service.request_handoff(session, conversation.id, "bot_down", asked.text, reference=reference, now=now)
        if remedy.say and conversation.channel is not Channel.VOICE:  # the line itself asks callers to wait
            note = reference.messages.render(remedy.say, conversation.language)
            said = service.say(session, conversation, Author.SYSTEM, note, now=now, reply_to=asked.seq)
            service.send_out(session, conversation, said, OutboxKind.REPLY, answering=asked.sent_at, now=now)
        asked.retry_at = remedy.retry_at
        if remedy.retry_at is None:
            asked.answered_at = now

    def _warn(self, session: Session, conversation: Conversation, asked: Message, kind: str) -> None:
        """Danger does not wait for the bot: the approved text now, and a person is asked for (a ticket follows)."""
        now, reference = self.house.clock.now(), self.house.reference
        handoff = service.request_handoff(session, conversation.id, "danger", asked.text, reference=reference, now=now)
        for text in (reference.safety.text(kind, conversation.language), handoff.words[conversation.language]):
            said = service.say(session, conversation, Author.BOT, text, now=now, reply_to=asked.seq)
            service.send_out(session, conversation, said, OutboxKind.SAFETY, answering=asked.sent_at, now=now)

    def _unit(self, work: Callable[[Session], T]) -> Callable[[], T]:
        """A piece of work as a unit of work: it commits when it ends well."""
        return lambda: db.done_in_unit(self.house.sessions, work)
