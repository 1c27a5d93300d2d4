"""The bot's turn: take the oldest open message of a conversation, ask the bot, store what it says.

One turn at a time per conversation, in order: inside a process by a lock, between processes by a lease on the row. The
lease also fences the answer: a bot that answers after its lease was taken away, or after an agent has taken over, is
not heard. A message stays open until its answer is stored, so a crash at any point only repeats the question, and the
bot answers a repeated question with the same words.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from weakref import WeakValueDictionary

import structlog
from anyio import to_thread
from prometheus_client import Counter, Histogram
from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from backend import db
from backend.conversations import queries, rules, service
from backend.conversations.bot_client import Bot, BotAnswer, BotFailed, BotState, Question
from backend.conversations.models import Conversation, Message
from backend.conversations.rules import Author, Mode
from backend.depends import House
from backend.outbox.rules import OutboxKind
from bot.text.hazard import hazard

log = structlog.get_logger(__name__)
T = TypeVar("T")

TURN_SECONDS = Histogram("hotline_turn_seconds", "The bot's turn, from the question to the stored answer", ["channel"])
TURN_FAILURES = Counter("hotline_turn_failures", "Turns the bot did not answer properly", ["failure"])


@dataclass(frozen=True)
class Turn:
    """A claimed message: what to ask, and the lease that lets its answer in."""

    question: Question
    seq: int
    lease: str


class Turns:
    """Runs turns; one object a process."""

    def __init__(self, house: House, bot: Bot) -> None:
        self.house = house
        self.bot = bot
        self.state = BotState.WARMING
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._lease_for = timedelta(seconds=house.settings.bot_timeout_s + 5)

    async def answer(self, conversation_id: str) -> None:
        """Answer all messages of a conversation that are due for the bot."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            while turn := await self._in_db(lambda session: self._claim(session, conversation_id)):
                await self._run(turn)

    async def look(self) -> BotState:
        """Ask whether the bot is ready."""
        self.state = await self.bot.look()
        return self.state

    async def _run(self, turn: Turn) -> None:
        topic = f"conversation:{turn.question.conversation_id}"
        self.house.bus.publish(topic, type="typing", author="bot")
        with TURN_SECONDS.labels(turn.question.channel).time():
            try:
                answer = await self.bot.ask(turn.question)
            except BotFailed as failed:
                TURN_FAILURES.labels(failed.failure.value).inc()
                log.warning("bot did not answer", conversation=turn.question.conversation_id, why=str(failed))
                failure = failed.failure
                await self._in_db(lambda session: self._make_good(session, turn, failure))
            else:
                await self._in_db(lambda session: self._store(session, turn, answer))
        self.house.bus.publish(topic, type="changed")
        self.house.bus.publish("desk", conversation=turn.question.conversation_id)

    def _claim(self, session: Session, conversation_id: str) -> Turn | None:
        """Take the lease of a conversation, if it is free and a message is due."""
        now = self.house.clock.now()
        lease = uuid.uuid4().hex
        free = or_(Conversation.turn_until.is_(None), Conversation.turn_until < now)
        taken = session.execute(
            update(Conversation)
            .where(Conversation.id == conversation_id, Conversation.mode != Mode.HUMAN, free)
            .values(turn_owner=lease, turn_until=now + self._lease_for)
            .returning(Conversation.channel, Conversation.language)
        ).first()
        if taken is None:
            return None
        message = queries.oldest_open(session, conversation_id)
        if message is None or message.retry_at is None or message.retry_at > now:
            session.rollback()
            return None
        question = Question(
            conversation_id=conversation_id,
            message_id=f"{conversation_id}:{message.seq}",
            text=message.text,
            channel=taken.channel.value,
            language=taken.language,
            now=now,
        )
        return Turn(question, message.seq, lease)

    def _held(self, session: Session, turn: Turn) -> tuple[Conversation, Message] | None:
        """The conversation and the open message, if the lease still holds; gives the lease back."""
        released = session.execute(
            update(Conversation)
            .where(Conversation.id == turn.question.conversation_id, Conversation.turn_owner == turn.lease)
            .values(turn_owner=None, turn_until=None)
            .execution_options(synchronize_session=False)
        )
        if released.rowcount == 0:  # type: ignore[attr-defined]
            return None
        conversation = service.get(session, turn.question.conversation_id)
        message = queries.oldest_open(session, conversation.id)
        if message is None or message.seq != turn.seq or not rules.may_keep_reply(conversation.mode):
            return None
        return conversation, message

    def _store(self, session: Session, turn: Turn, answer: BotAnswer) -> None:
        if (held := self._held(session, turn)) is None:
            return
        conversation, asked = held
        now = self.house.clock.now()
        conversation.language = answer.language
        asked.answered_at, asked.retry_at = now, None
        kind = OutboxKind.SAFETY if answer.intent == "report_hazard" else OutboxKind.REPLY
        for said in answer.messages:
            last = said is answer.messages[-1]
            message = service.say(
                session,
                conversation,
                Author.BOT,
                rules.clean(said.text) or "…",
                now=now,
                buttons=[button.model_dump() for button in said.buttons],
                expects=answer.expects if last else None,
                reply_to=turn.seq,
            )
            service.send_out(session, conversation, message, kind, answering=asked.sent_at, now=now)

    def _make_good(self, session: Session, turn: Turn, failure: rules.Failure) -> None:
        """After the bot failed: danger is answered here and now; else wait, ask again or hand over."""
        if (held := self._held(session, turn)) is None:
            return
        conversation, asked = held
        now = self.house.clock.now()
        asked.failures += 1
        told = bool(queries.replies_to(session, conversation.id, turn.seq))
        if not told and (danger := hazard(asked.text)) is not None:
            self._warn(session, conversation, asked, danger.kind)
            asked.answered_at, asked.retry_at = now, None
            return
        waiting = conversation.mode is Mode.WAITING
        remedy = rules.remedy(failure, asked.failures, asked.sent_at, told=told, waiting=waiting, now=now)
        if remedy.hand_over:
            reference = self.house.reference
            service.request_handoff(session, conversation.id, "bot_down", asked.text, reference=reference, now=now)
        if remedy.say:
            note = self.house.reference.messages.render(remedy.say, conversation.language)
            said = service.say(session, conversation, Author.SYSTEM, note, now=now, reply_to=turn.seq)
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

    async def _in_db(self, work: Callable[[Session], T]) -> T:
        """Run a unit of work in a worker thread and commit it."""

        def scope() -> T:
            with db.session_scope(self.house.sessions) as session:
                return work(session)

        return await to_thread.run_sync(scope)
