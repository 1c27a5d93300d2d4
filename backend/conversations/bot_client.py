"""The bot as the backend sees it: one question, one answer, over HTTP on loopback."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Protocol

import aiohttp
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


class Entity(BaseModel):
    """A value the bot read in a message."""

    entity: str = Field(max_length=40)
    value: str = Field(max_length=300)


class BotAnswer(BaseModel):
    """What the bot answers to one message, and how it understood it; `collected` are the answers of its open form."""

    messages: list[BotMessage] = Field(min_length=1, max_length=12)
    expects: str | None = Field(None, max_length=40)
    language: str = Field("zh", pattern="^(zh|en)$")
    intent: str | None = None
    confidence: float | None = None
    entities: list[Entity] = Field(default_factory=list, max_length=30)
    form: str | None = Field(None, max_length=60)
    collected: dict[str, str] = Field(default_factory=dict, max_length=40)
    missing: list[str] = Field(default_factory=list, max_length=40)

    def understanding(self) -> dict[str, Any]:
        """How the message was understood, as the desk shows it."""
        return {
            "intent": self.intent,
            "confidence": self.confidence,
            "entities": [each.model_dump() for each in self.entities],
            "form": self.form,
            "expects": self.expects,
            "collected": self.collected,
            "missing": self.missing,
        }


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

    async def forget(self, conversation_id: str) -> None:
        """Drop everything said in a conversation, on the person's request; raises BotFailed."""
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...


class RasaBot:
    """The Rasa server behind its own input channel. Lives in one event loop; `close` it there."""

    def __init__(self, url: str, token: SecretStr, timeout_s: float) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token.get_secret_value()}"}
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, connect=2.0)
        self._session: aiohttp.ClientSession | None = None
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
            async with self._open().post(f"{self._url}/webhooks/hotline/webhook", json=body) as response:
                status, content = response.status, await _read(response)
        except aiohttp.ClientConnectorError as error:
            raise BotFailed(Failure.AWAY, "connection refused") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise BotFailed(Failure.BROKEN, type(error).__name__) from error
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            raise BotFailed(Failure.AWAY, "no model loaded yet")
        if status != HTTPStatus.OK:
            raise BotFailed(Failure.BROKEN, f"status {status}")
        try:
            return BotAnswer.model_validate_json(content)
        except ValidationError as error:
            raise BotFailed(Failure.BROKEN, "the answer is not of the agreed shape") from error

    async def forget(self, conversation_id: str) -> None:
        try:
            async with self._open().post(
                f"{self._url}/webhooks/hotline/erase", json={"conversation_id": conversation_id}
            ) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise BotFailed(Failure.AWAY, type(error).__name__) from error
        if status != HTTPStatus.OK:
            raise BotFailed(Failure.BROKEN, f"status {status}")

    async def look(self) -> BotState:
        try:
            timeout = aiohttp.ClientTimeout(total=2.0)
            async with self._open().get(f"{self._url}/webhooks/hotline/health", timeout=timeout) as response:
                is_ready = response.status == HTTPStatus.OK
        except (aiohttp.ClientError, TimeoutError):
            is_ready = False
        if is_ready:
            self._last_seen = time.monotonic()
            self.state = BotState.READY
        else:
            waited = time.monotonic() - self._last_seen
            self.state = BotState.WARMING if waited < STARTING_MAY_TAKE_S else BotState.DOWN
        return self.state

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=64)
            self._session = aiohttp.ClientSession(connector=connector, headers=self._headers, timeout=self._timeout)
        return self._session


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """The body, as long as it is no larger than an answer may be."""
    content = b""
    async for part in response.content.iter_any():
        content += part
        if len(content) > LARGEST_ANSWER:
            raise BotFailed(Failure.BROKEN, "the answer is too large")
    return content
