"""Reads of the reviews room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from backend.conversations.models import Conversation, Message
from backend.conversations.rules import Author
from backend.reviews.models import Review, ReviewCandidate
from backend.reviews.rules import Order, Reason, State


def due(session: Session, before: datetime, limit: int) -> Sequence[Row[ReviewCandidate, Message, Conversation]]:
    """Turns to be judged, oldest first: the bot has answered a later message, or this one was answered long enough ago.

    Args:
        before: "long enough ago".
    """
    later, later_turn = aliased(Message), aliased(ReviewCandidate)
    goes_on = exists().where(
        later.conversation_id == Message.conversation_id, later.seq > Message.seq, later_turn.message_id == later.id
    )
    query = (
        select(ReviewCandidate, Message, Conversation)
        .join(Message, Message.id == ReviewCandidate.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(or_(ReviewCandidate.answered_at <= before, goes_on))
    )
    return session.execute(query.order_by(ReviewCandidate.answered_at, ReviewCandidate.message_id).limit(limit)).all()


def replies(session: Session, message: Message) -> Sequence[Message]:
    """What the bot said to a message, in order."""
    query = select(Message).where(
        Message.conversation_id == message.conversation_id,
        Message.reply_to == message.seq,
        Message.author == Author.BOT,
    )
    return session.scalars(query.order_by(Message.seq)).all()


def following(session: Session, message: Message) -> Row[Message, ReviewCandidate] | None:
    """The customer's next message with how it was understood; None when there is none, or not the bot answered it."""
    after = and_(Message.conversation_id == message.conversation_id, Message.author == Author.CUSTOMER)
    next_seq = select(func.min(Message.seq)).where(after, Message.seq > message.seq).scalar_subquery()
    query = select(Message, ReviewCandidate).join(ReviewCandidate, ReviewCandidate.message_id == Message.id)
    return session.execute(query.where(after, Message.seq == next_seq)).first()


def listed(
    session: Session,
    *,
    state: State | None,
    reason: Reason | None,
    intent: str | None,
    order: Order,
    limit: int,
    skip: int,
) -> Sequence[Review]:
    """Lines that fit, in the order asked for; an intent fits by what was understood or by the label."""
    query = select(Review)
    if state is not None:
        query = query.where(Review.state == state)
    if reason is not None:
        query = query.where(Review.reason == reason)
    if intent:
        query = query.where(or_(Review.intent == intent, Review.label == intent))
    if order is Order.OFTEN:
        query = query.order_by(Review.count.desc())
    return session.scalars(query.order_by(Review.last_at.desc(), Review.id.desc()).limit(limit).offset(skip)).all()


def counts(session: Session) -> dict[State, int]:
    """How many lines there are in each state."""
    found = {row[0]: row[1] for row in session.execute(select(Review.state, func.count()).group_by(Review.state))}
    return {state: found.get(state, 0) for state in State}


def labelled(session: Session, language: str | None) -> Sequence[Review]:
    """Labelled lines, oldest first, of one language or of all."""
    query = select(Review).where(Review.state == State.LABELLED)
    if language is not None:
        query = query.where(Review.language == language)
    return session.scalars(query.order_by(Review.id)).all()
