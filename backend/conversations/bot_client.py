"""The bot as the backend sees it: one question, one answer, over HTTP on loopback."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import httpx2 as httpx
from pydantic import BaseModel, Field, SecretStr, ValidationError

from backend.conversations.rules import Failure
from backend.conversations.schemas import Button

LARGEST_ANSWER = 64 * 1024
STARTING_MAY_TAKE_S = 300.0


class BotState(StrEnum):
    """What `/readyz` says of the bot."""

    READY = "ready"
    WARMING = "warming"
    DOWN = "down"


class BotMessage(BaseModel):
    """One thing the bot says."""

    text: str = Field(min_length=1, max_length=4000)
    buttons: list[Button] = Field(default_factory=list, max_length=12)


class BotAnswer(BaseModel):
    """What the bot answers to one message."""

    messages: list[BotMessage] = Field(min_length=1, max_length=12)
    expects: str | None = Field(None, max_length=40)
    language: str = Field("zh", pattern="^(zh|en)$")
    intent: str | None = None
    confidence: float | None = None


@dataclass(frozen=True)
class Question:
    """A customer's message on its way to the bot."""

    conversation_id: str
    message_id: str
    text: str
    channel: str
    language: str
    now: datetime


class BotFailed(Exception):
    """The bot did not answer properly."""

    def __init__(self, failure: Failure, why: str) -> None:
        super().__init__(why)
        self.failure = failure


class Bot(Protocol):
    """Whoever answers questions."""

    async def ask(self, question: Question) -> BotAnswer:
        """The answer; raises BotFailed."""
        ...

    async def look(self) -> BotState:
        """Whether it can answer now."""
        ...


class RasaBot:
    """The Rasa server behind its own input channel."""

    def __init__(self, url: str, token: SecretStr, timeout_s: float) -> None:
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token.get_secret_value()}"},
            timeout=httpx.Timeout(timeout_s, connect=2.0),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=32),
            trust_env=False,
        )
        self._last_seen = time.monotonic()
        self.state = BotState.WARMING

    async def ask(self, question: Question) -> BotAnswer:
        body = {
            "conversation_id": question.conversation_id,
            "message_id": question.message_id,
            "text": question.text,
            "channel": question.channel,
            "language": question.language,
            "now": question.now.isoformat(),
        }
        try:
            async with self._client.stream("POST", "/webhooks/hotline/webhook", json=body) as response:
                content = await _read(response)
        except httpx.ConnectError as error:
            raise BotFailed(Failure.AWAY, "connection refused") from error
        except httpx.HTTPError as error:
            raise BotFailed(Failure.BROKEN, type(error).__name__) from error
        if response.status_code == 503:
            raise BotFailed(Failure.AWAY, "no model loaded yet")
        if response.status_code != 200:
            raise BotFailed(Failure.BROKEN, f"status {response.status_code}")
        try:
            return BotAnswer.model_validate(json.loads(content))
        except (ValueError, ValidationError) as error:
            raise BotFailed(Failure.BROKEN, "the answer is not of the agreed shape") from error

    async def look(self) -> BotState:
        try:
            response = await self._client.get("/webhooks/hotline/health", timeout=2.0)
            is_ready = response.status_code == 200
        except httpx.HTTPError:
            is_ready = False
        if is_ready:
            self._last_seen = time.monotonic()
            self.state = BotState.READY
        else:
            waited = time.monotonic() - self._last_seen
            self.state = BotState.WARMING if waited < STARTING_MAY_TAKE_S else BotState.DOWN
        return self.state

    async def close(self) -> None:
        await self._client.aclose()


async def _read(response: httpx.Response) -> bytes:
    """The body, as long as it is no larger than an answer may be."""
    content = b""
    async for part in response.aiter_bytes():
        content += part
        if len(content) > LARGEST_ANSWER:
            raise BotFailed(Failure.BROKEN, "the answer is too large")
    return content
