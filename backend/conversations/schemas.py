"""Shapes of the chat API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from backend.conversations.models import Conversation, Message

Language = Literal["zh", "en"]


def _without_surrogates(value: Any) -> Any:
    """Half an emoji, cut off by some keyboard, must not cost a person the whole message."""
    return value.encode("utf-8", "ignore").decode() if isinstance(value, str) else value


Words = Annotated[str, BeforeValidator(_without_surrogates)]


class Button(BaseModel):
    """A quick reply: what is shown, and what is sent when it is pressed."""

    title: str
    payload: str


class PictureOut(BaseModel):
    """A message that is a picture: `…/attachments/{id}` has it; width and height are pixels."""

    id: str
    width: int
    height: int


class MessageOut(BaseModel):
    """One message as customers and agents see it. Ids increase inside one conversation."""

    id: str
    author: Literal["customer", "bot", "agent", "system"]
    text: str
    buttons: list[Button]
    expects: str | None
    sent_at: datetime
    name: str | None = None
    client_message_id: str | None = None
    picture: PictureOut | None = None


class NewConversation(BaseModel):
    """Open a conversation."""

    language: Language | None = None


class ConversationOut(BaseModel):
    """A new conversation, its secret token and the greeting."""

    conversation_id: str
    token: str
    messages: list[MessageOut]


class NewMessage(BaseModel):
    """Say something. The id is the sender's own; the same id again returns the same answer."""

    client_message_id: str = Field(min_length=1, max_length=80)
    text: Words = Field(max_length=100_000)


class Answer(BaseModel):
    """What was said since, and who answers now."""

    messages: list[MessageOut]
    mode: Literal["bot", "waiting", "human", "closed"]


class HandoffIn(BaseModel):
    """The bot asks for a person."""

    conversation_id: str = Field(max_length=40)
    reason: Literal["asked", "danger", "complaint", "confused"] = "asked"
    summary: str = Field("", max_length=2000)


class WithdrawIn(BaseModel):
    """The customer needs no person any more."""

    conversation_id: str = Field(max_length=40)


class WithdrawOut(BaseModel):
    """Whether the conversation waited for a person; one an agent holds, or with danger in it, stays as it is."""

    withdrawn: bool


class HandoffOut(BaseModel):
    """Whether somebody is at the desk, and what to tell the customer."""

    open: bool
    words: dict[Language, str]


def shape(message: Message) -> MessageOut:
    return MessageOut(
        id=str(message.seq),
        author=message.author.value,
        text=message.text,
        buttons=[Button(**button) for button in message.buttons],
        expects=message.expects,
        sent_at=message.sent_at.astimezone(UTC),
        name=message.agent_name,
        client_message_id=message.client_message_id,
        picture=PictureOut.model_validate(message.picture) if message.picture else None,
    )


def answer(conversation: Conversation, messages: list[Message]) -> Answer:
    return Answer(messages=[shape(message) for message in messages], mode=conversation.mode.value)


def frame(conversation: Conversation, message: Message) -> dict[str, Any]:
    """A message as the live socket sends it."""
    return {"type": "message", "message": shape(message).model_dump(mode="json"), "mode": conversation.mode.value}
