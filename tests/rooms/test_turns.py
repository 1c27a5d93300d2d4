"""The bot's turn: in order, once, and what happens when the bot does not answer."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import db, reference
from backend.agents import service as agents
from backend.bus import Bus
from backend.callbacks import jobs as callback_jobs
from backend.conversations import jobs, queries, service
from backend.conversations.bot_client import BotAnswer, BotFailed, BotMessage, BotState, Question
from backend.conversations.models import Conversation, Message
from backend.conversations.rules import Author, Failure, Mode
from backend.conversations.turn import Turn, Turns
from backend.conversations.way import LATER_HANDS
from backend.depends import House
from backend.settings import Settings
from backend.tickets.models import Ticket
from fakes import FakeBot, HandClock
from telephony.console_carrier import ConsoleCarrier

REFERENCE = reference.current()


class Scene:
    """A house with a fake bot and one web conversation in it."""

    def __init__(self, sessions: db.Sessions, now: datetime) -> None:
        self.clock = HandClock(now)
        self.bot = FakeBot()
        secret = SecretStr("x" * 32)
        self.house = House(
            settings=Settings(secret_key=secret, bot_token=secret),
            sessions=sessions,
            clock=self.clock,
            reference=REFERENCE,
            carrier=ConsoleCarrier(),
            bus=Bus(),
        )
        self.turns = Turns(self.house, self.bot)
        with db.session_scope(sessions) as session:
            self.id = service.open_web(session, language="zh", reference=REFERENCE, now=now)[0].id

    def write(self, client_id: str, text: str) -> int:
        with db.session_scope(self.house.sessions) as session:
            conversation = service.hold(session, self.id)
            now = self.clock.now()
            return service.accept(session, conversation, client_id, text, reference=REFERENCE, now=now).message.seq

    def answer(self) -> None:
        asyncio.run(self.turns.answer(self.id))

    def tick(self) -> int:
        return asyncio.run(jobs.run_due(self.house.sessions, self.clock.now(), self.turns))

    def said(self) -> list[tuple[str, str]]:
        with db.read_scope(self.house.sessions) as session:
            return [(m.author.value, m.text) for m in queries.messages_after(session, self.id, 1)]

    def look(self) -> tuple[Conversation, list[Message]]:
        with db.read_scope(self.house.sessions) as session:
            return service.get(session, self.id), list(queries.messages_after(session, self.id, 1))


@pytest.fixture
def scene(committed: db.Sessions, now: datetime) -> Scene:
    return Scene(committed, now)


def failing(failure: Failure, times: int) -> list[BotFailed]:
    return [BotFailed(failure, "told to fail") for _ in range(times)]


def test_two_messages_are_answered_in_order_one_turn_each(scene: Scene) -> None:
    scene.write("a", "第一句")
    scene.write("b", "第二句")
    scene.answer()
    assert [question.text for question in scene.bot.asked] == ["第一句", "第二句"]
    assert scene.said()[2:] == [("bot", "收到：第一句"), ("bot", "收到：第二句")]


def test_turns_that_start_together_ask_the_bot_once_a_message(scene: Scene) -> None:
    scene.write("a", "一")
    scene.write("b", "二")

    async def together() -> None:
        other = Turns(scene.house, scene.bot)
        await asyncio.gather(*(turns.answer(scene.id) for turns in (scene.turns, scene.turns, other, other)))

    asyncio.run(together())
    scene.clock.move(timedelta(minutes=1))
    scene.tick()
    assert sorted(question.text for question in scene.bot.asked) == ["一", "二"]
    assert [author for author, _ in scene.said()] == ["customer", "customer", "bot", "bot"]


def test_a_conversation_that_waits_to_be_taken_up_waits_once(scene: Scene) -> None:
    scene.write("a", "一")
    claimed: list[str] = []

    class Counted(Turns):
        def claim(self, session: Session, conversation: Conversation) -> Turn | None:
            claimed.append(conversation.id)
            return super().claim(session, conversation)

    async def together() -> None:
        turns = Counted(scene.house, scene.bot)
        await asyncio.gather(*(turns.answer(scene.id) for _ in range(20)))
        scene.write("b", "二")
        await turns.answer(scene.id)

    asyncio.run(together())
    assert len(claimed) == 2
    assert scene.said() == [("customer", "一"), ("bot", "收到：一"), ("customer", "二"), ("bot", "收到：二")]


def test_danger_waits_for_nobody_who_waits_to_be_taken_up(committed: db.Sessions, now: datetime) -> None:
    scenes = [Scene(committed, now) for _ in range(12)]
    turns, bot = scenes[0].turns, scenes[0].bot
    for number, each in enumerate(scenes):
        each.write("a", f"第{number}句" if each is not scenes[-1] else "水龙头麻手")

    async def together() -> None:
        everybody = [turns.answer(each.id, goes_first=each is scenes[-1]) for each in scenes]
        await asyncio.gather(*everybody)

    asyncio.run(together())
    asked = [question.text for question in bot.asked]
    assert len(asked) == 12
    assert asked.index("水龙头麻手") <= LATER_HANDS


def test_what_comes_in_while_the_bot_thinks_is_answered_next(scene: Scene) -> None:
    def interrupted(question: Question) -> BotAnswer:
        if question.text == "一":
            scene.write("b", "二")
        return BotAnswer(messages=[BotMessage(text=f"收到：{question.text}")])

    scene.bot.answer = interrupted
    scene.write("a", "一")
    scene.answer()
    assert scene.said() == [("customer", "一"), ("customer", "二"), ("bot", "收到：一"), ("bot", "收到：二")]


def test_whoever_has_started_a_turn_waits_for_it_without_looking(scene: Scene) -> None:
    scene.write("a", "一")
    looked: list[bool] = []

    def look() -> bool:
        looked.append(True)
        return False

    async def run() -> None:
        with db.session_scope(scene.house.sessions) as session:
            turn = scene.turns.claim(session, service.hold(session, scene.id))
        assert turn is not None
        scene.turns.start(turn)
        await scene.turns.wait(scene.id, look, 10, started=turn)

    asyncio.run(run())
    assert scene.said()[-1] == ("bot", "收到：一")
    assert looked == []


def test_whoever_waits_for_a_bot_that_fails_looks_once_told(scene: Scene) -> None:
    scene.bot.fails = failing(Failure.AWAY, 1)
    scene.write("a", "一")
    failed: list[int] = []

    def look() -> bool:
        failed.append(scene.look()[1][0].failures)
        return True

    async def run() -> None:
        with db.session_scope(scene.house.sessions) as session:
            turn = scene.turns.claim(session, service.hold(session, scene.id))
        assert turn is not None
        scene.turns.start(turn)
        await scene.turns.wait(scene.id, look, 30, started=turn)

    asyncio.run(run())
    assert failed == [1]


def test_a_lost_turn_is_taken_up_by_the_tick_after_its_lease(scene: Scene) -> None:
    scene.write("a", "热水器坏了")
    with db.session_scope(scene.house.sessions) as session:
        assert scene.turns.claim(session, service.hold(session, scene.id)) is not None
    assert scene.tick() == 0
    scene.clock.move(timedelta(seconds=20))
    assert scene.tick() == 1
    assert scene.said()[-1] == ("bot", "收到：热水器坏了")


def test_an_answer_after_the_lease_was_lost_is_not_heard(scene: Scene) -> None:
    scene.write("a", "在吗")
    with db.session_scope(scene.house.sessions) as session:
        late = scene.turns.claim(session, service.hold(session, scene.id))
    assert late is not None
    scene.clock.move(timedelta(seconds=20))
    scene.tick()
    with db.session_scope(scene.house.sessions) as session:
        scene.turns._store(session, late, BotAnswer(messages=[BotMessage(text="迟到的话")]))
    assert [text for _, text in scene.said()] == ["在吗", "收到：在吗"]


def test_what_the_bot_says_after_an_agent_took_over_is_not_heard(scene: Scene, now: datetime) -> None:
    def overtaken(question: Question) -> BotAnswer:
        with db.session_scope(scene.house.sessions) as session:
            agent = agents.add(session, "first", "correct horse", name="客服", now=now)
            service.take_over(session, scene.id, agent, reference=REFERENCE, now=now)
        return BotAnswer(messages=[BotMessage(text="机器人的话")])

    scene.bot.answer = overtaken
    scene.write("a", "你好")
    scene.answer()
    assert [author for author, _ in scene.said()] == ["customer", "system"]


def test_while_the_bot_starts_messages_are_kept_and_answered_later(scene: Scene) -> None:
    scene.bot.fails = failing(Failure.AWAY, 3)
    scene.write("a", "热水器不热")
    scene.answer()
    for _ in range(3):
        scene.clock.move(timedelta(seconds=15))
        scene.tick()
    authors = [author for author, _ in scene.said()]
    assert authors == ["customer", "system", "bot"]


def wait_long(scene: Scene) -> None:
    """A message waits the longest for a bot that is away."""
    scene.bot.fails = failing(Failure.AWAY, 5)
    scene.write("a", "热水器不热")
    for seconds in (0, 2, 5, 15, 60):
        scene.clock.move(timedelta(seconds=seconds))
        assert scene.tick() == 1
        assert scene.tick() == 0


def test_a_bot_that_is_away_is_asked_ever_less_often(scene: Scene) -> None:
    wait_long(scene)
    for _ in range(59):
        scene.clock.move(timedelta(seconds=1))
        assert scene.tick() == 0
    scene.clock.move(timedelta(seconds=1))
    assert scene.tick() == 1
    assert scene.said()[-1] == ("bot", "收到：热水器不热")


def test_once_the_bot_is_back_nobody_waits_for_it(scene: Scene) -> None:
    scene.bot.state = BotState.DOWN
    asyncio.run(scene.turns.look())
    wait_long(scene)
    asyncio.run(scene.turns.look())
    assert scene.tick() == 0
    scene.bot.state = BotState.READY
    asyncio.run(scene.turns.look())
    assert scene.tick() == 1
    assert scene.said()[-1] == ("bot", "收到：热水器不热")


def test_an_answer_to_anybody_shows_that_the_bot_is_back(scene: Scene) -> None:
    wait_long(scene)
    with db.session_scope(scene.house.sessions) as session:
        now = scene.clock.now()
        another, _ = service.open_web(session, language="zh", reference=REFERENCE, now=now)
        service.accept(session, another, "b", "在吗", reference=REFERENCE, now=now)
    asyncio.run(scene.turns.answer(another.id))
    assert scene.tick() == 1
    assert scene.said()[-1] == ("bot", "收到：热水器不热")


@pytest.mark.parametrize("failures", [1, 2])
def test_a_bot_that_answers_nonsense_is_asked_once_more_then_a_person_is_asked_for(scene: Scene, failures: int) -> None:
    scene.bot.fails = failing(Failure.BROKEN, failures)
    scene.write("a", "热水器不热")
    scene.answer()
    conversation, messages = scene.look()
    if failures == 1:
        assert messages[-1].author is Author.BOT
        assert conversation.mode is Mode.BOT
    else:
        assert messages[-1].author is Author.SYSTEM
        assert conversation.mode is Mode.WAITING
    assert len(scene.bot.asked) == 2


def test_a_bot_that_stays_away_does_not_leave_the_customer_alone(scene: Scene) -> None:
    scene.bot.fails = failing(Failure.AWAY, 10)
    scene.write("a", "热水器不热")
    scene.answer()
    scene.clock.move(timedelta(minutes=6))
    scene.tick()
    scene.clock.move(timedelta(seconds=11))
    scene.tick()
    conversation, messages = scene.look()
    assert conversation.mode is Mode.WAITING
    assert [message.author.value for message in messages] == ["customer", "system", "system"]
    scene.bot.fails = []
    scene.clock.move(timedelta(seconds=61))
    scene.tick()
    assert scene.said()[-1] == ("bot", "收到：热水器不热")


@pytest.mark.parametrize("text", ["水龙头麻手", "my shower gives me electric shocks"])
def test_danger_is_answered_with_the_approved_text_even_without_the_bot(scene: Scene, text: str) -> None:
    scene.bot.fails = failing(Failure.AWAY, 3)
    scene.write("a", text)
    scene.answer()
    scene.clock.move(timedelta(seconds=3))
    scene.tick()
    conversation, messages = scene.look()
    assert conversation.mode is Mode.WAITING
    assert conversation.handoff_reason == "danger"
    assert [message.author.value for message in messages] == ["customer", "bot", "bot"]


def test_danger_met_without_the_bot_becomes_one_critical_ticket(scene: Scene) -> None:
    scene.bot.fails = failing(Failure.AWAY, 3)
    scene.write("a", "水龙头麻手")
    scene.answer()
    sessions, now = scene.house.sessions, scene.clock.now()
    for _ in range(2):
        callback_jobs.run_due(sessions, now, REFERENCE)
    with db.read_scope(sessions) as session:
        [ticket] = session.scalars(select(Ticket)).all()
    assert (ticket.priority, ticket.danger, ticket.conversation_id) == ("critical", "tingling", scene.id)


def test_the_bots_language_becomes_the_conversations_language(scene: Scene) -> None:
    scene.bot.answer = lambda question: BotAnswer(messages=[BotMessage(text="Hello")], language="en")
    scene.write("a", "hello")
    scene.answer()
    assert scene.look()[0].language == "en"
