"""Reads of the conversations room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Integer, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session

from backend.conversations.models import Conversation, Message
from backend.conversations.rules import Author, Channel, Mode
from backend.db import UtcDateTime

NOW = bindparam("now", type_=UtcDateTime())
SINCE = bindparam("since", type_=UtcDateTime())
"""What every tick asks is built once, with the instant left open."""


def messages_after(session: Session, conversation_id: str, seq: int, limit: int = 500) -> Sequence[Message]:
    """Messages of a conversation behind a sequence number, in order."""
    query = select(Message).where(Message.conversation_id == conversation_id, Message.seq > seq)
    return session.scalars(query.order_by(Message.seq).limit(limit)).all()


def by_client_id(session: Session, conversation_id: str, client_message_id: str) -> Message | None:
    """The message a client has sent under this id of its own."""
    query = select(Message).where(
        Message.conversation_id == conversation_id, Message.client_message_id == client_message_id
    )
    return session.scalar(query)


def replies_to(session: Session, conversation_id: str, seq: int) -> Sequence[Message]:
    """What was answered to one message."""
    query = select(Message).where(Message.conversation_id == conversation_id, Message.reply_to == seq)
    return session.scalars(query.order_by(Message.seq)).all()


def is_settled(session: Session, conversation_id: str, seq: int) -> bool:
    """Whether a message is answered, or anything has been said in reply to it."""
    message = session.scalar(select(Message).where(Message.conversation_id == conversation_id, Message.seq == seq))
    return message is None or message.answered_at is not None or bool(replies_to(session, conversation_id, seq))


def last_heard(session: Session, conversation_id: str) -> datetime | None:
    """When the customer last wrote."""
    query = select(func.max(Message.sent_at)).where(
        Message.conversation_id == conversation_id, Message.author == Author.CUSTOMER
    )
    return session.scalar(query)


def last_of(session: Session, conversation_id: str, author: Author) -> Message | None:
    """The last thing somebody said in a conversation."""
    query = select(Message).where(Message.conversation_id == conversation_id, Message.author == author)
    return session.scalar(query.order_by(Message.seq.desc()).limit(1))


def oldest_open(session: Session, conversation_id: str) -> Message | None:
    """The first customer message that nobody has answered yet."""
    return session.scalar(_OLDEST_OPEN, {"conversation_id": conversation_id})


_OLDEST_OPEN = (
    select(Message)
    .where(
        Message.conversation_id == bindparam("conversation_id"),
        Message.author == Author.CUSTOMER,
        Message.answered_at.is_(None),
    )
    .order_by(Message.seq)
    .limit(1)
)


def latest_by_phone(session: Session, channel: Channel, phone: str) -> Conversation | None:
    """The last conversation with a number on a channel, as it stands now; nobody else changes it until the end of the
    unit of work."""
    return session.scalar(_LATEST, {"channel": channel, "phone": phone}, execution_options={"populate_existing": True})


_LATEST = (
    select(Conversation)
    .where(Conversation.channel == bindparam("channel"), Conversation.phone == bindparam("phone"))
    .order_by(Conversation.last_message_at.desc())
    .limit(1)
    .with_for_update()
)


def waiting_for_the_bot(session: Session, now: datetime, limit: int = 50) -> Sequence[str]:
    """Conversations in which a message is due for the bot and no turn is under way, oldest first."""
    return session.scalars(_WAITING, {"now": now, "most": limit}).all()


_UNANSWERED = select(Message.conversation_id).where(
    Message.author == Author.CUSTOMER, Message.answered_at.is_(None), Message.retry_at <= NOW
)
_FREE = or_(Conversation.turn_until.is_(None), Conversation.turn_until < NOW)
_WAITING = (
    select(Conversation.id)
    .where(Conversation.id.in_(_UNANSWERED), Conversation.mode != Mode.HUMAN, _FREE)
    .order_by(Conversation.last_message_at)
    .limit(bindparam("most", type_=Integer()))
)


def wake(session: Session, now: datetime) -> int:
    """Messages that wait for a bot that was away are due at once; returns how many."""
    waiting = update(Message).where(Message.failures > 0, Message.answered_at.is_(None), Message.retry_at > now)
    woken = session.execute(waiting.values(retry_at=now).execution_options(synchronize_session=False))
    return woken.rowcount  # type: ignore[attr-defined, no-any-return]


def is_any_to_return(session: Session, now: datetime) -> bool:
    """Whether a lease has run out or a snooze is over."""
    return bool(session.scalar(_TO_RETURN, {"now": now}))


_TO_RETURN = select(
    exists().where(
        Conversation.mode == Mode.HUMAN, or_(Conversation.lease_until <= NOW, Conversation.snoozed_until <= NOW)
    )
)


def handed_over_for(session: Session, reason: str) -> Sequence[Conversation]:
    """Conversations that wait for a person, or have one, for this reason."""
    return session.scalars(_HANDED_OVER, {"reason": reason}).all()


_HANDED_OVER = select(Conversation).where(
    Conversation.mode.in_((Mode.WAITING, Mode.HUMAN)), Conversation.handoff_reason == bindparam("reason")
)


def said_since(session: Session, since: datetime) -> Sequence[Message]:
    """What customers have written since an instant, in order.

    By the conversations that have gone on since: joined, a planner may read all messages that were ever written.
    """
    return session.scalars(_SAID_SINCE, {"since": since}).all()


_LATELY = select(Conversation.id).where(Conversation.last_message_at >= SINCE)
_SAID_SINCE = (
    select(Message)
    .where(Message.conversation_id.in_(_LATELY), Message.author == Author.CUSTOMER, Message.sent_at >= SINCE)
    .order_by(Message.id)
)
