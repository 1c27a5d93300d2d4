"""Reads of the calls room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from backend.calls.models import Call, CallAnswer, VoiceMessage
from backend.conversations.models import Conversation

_IS_DANGER = Conversation.handoff_reason == "danger"


def held(session: Session, sid: str) -> Call | None:
    """A call; nobody else changes it until the end of the unit of work."""
    return session.get(Call, sid, with_for_update=True, populate_existing=True)


def of_conversation(session: Session, conversation_id: str) -> Call | None:
    """The call that is a conversation."""
    return session.scalar(select(Call).where(Call.conversation_id == conversation_id))


def answer(session: Session, sid: str, key: str) -> str | None:
    """What was answered to a post of a call."""
    query = select(CallAnswer.twiml).where(CallAnswer.call_sid == sid, CallAnswer.key == key)
    return session.scalar(query)


def last_answer(session: Session, sid: str) -> str | None:
    """What was answered last in a call."""
    query = select(CallAnswer.twiml).where(CallAnswer.call_sid == sid)
    return session.scalar(query.order_by(CallAnswer.id.desc()).limit(1))


def lines_taken(session: Session) -> frozenset[int]:
    """The waiting lines in use."""
    return frozenset(
        line for line in session.scalars(select(Call.line).where(Call.line.is_not(None))) if line is not None
    )


def waiting_before(session: Session, call: Call, *, in_danger: bool) -> int:
    """How many callers are served before one: danger first, then whoever has waited longer."""
    together = and_(Call.queued_at == call.queued_at, Call.line < call.line)
    earlier = or_(Call.queued_at < call.queued_at, together)
    ahead = and_(_IS_DANGER, earlier) if in_danger else or_(_IS_DANGER, earlier)
    query = select(func.count()).select_from(Call).join(Conversation, Conversation.id == Call.conversation_id)
    return session.scalar(query.where(Call.line.is_not(None), Call.sid != call.sid, ahead)) or 0


def silent_since(session: Session, before: datetime, limit: int = 50) -> Sequence[str]:
    """Calls under way that have given no sign of life since an instant."""
    query = select(Call.sid).where(Call.ended_at.is_(None), Call.seen_at < before)
    return session.scalars(query.order_by(Call.seen_at).limit(limit)).all()


def messages_before(session: Session, before: datetime, limit: int = 50) -> Sequence[VoiceMessage]:
    """Messages left before an instant, oldest first."""
    query = select(VoiceMessage).where(VoiceMessage.recorded_at < before)
    return session.scalars(query.order_by(VoiceMessage.recorded_at).limit(limit)).all()


def messages_of(session: Session, conversation_id: str) -> Sequence[VoiceMessage]:
    """Messages left in a conversation, in order."""
    query = select(VoiceMessage).where(VoiceMessage.conversation_id == conversation_id)
    return session.scalars(query.order_by(VoiceMessage.seq)).all()
