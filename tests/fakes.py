"""Small implementations of the house's ports, for tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from backend.conversations.bot_client import BotAnswer, BotFailed, BotMessage, BotState, Question


class HandClock:
    """A clock moved by hand."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> None:
        self._now += by

    def set(self, now: datetime) -> None:
        self._now = now


def echo(question: Question) -> BotAnswer:
    return BotAnswer(messages=[BotMessage(text=f"收到：{question.text}")], language=question.language)


class FakeBot:
    """Answers by a function, or fails as told; remembers what it was asked."""

    def __init__(self, answer: Callable[[Question], BotAnswer] = echo) -> None:
        self.answer = answer
        self.fails: list[BotFailed] = []
        self.asked: list[Question] = []
        self.forgotten: list[str] = []
        self.state = BotState.READY

    async def ask(self, question: Question) -> BotAnswer:
        self.asked.append(question)
        if self.fails:
            raise self.fails.pop(0)
        return self.answer(question)

    async def forget(self, conversation_id: str) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.forgotten.append(conversation_id)

    async def look(self) -> BotState:
        return self.state

    async def close(self) -> None:
        self.state = BotState.DOWN
