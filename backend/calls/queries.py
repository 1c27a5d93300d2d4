"""Reads of the calls room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from backend.calls.models import Call, CallAnswer, Sound, VoiceMessage
from backend.conversations.models import Conversation

_IS_DANGER = Conversation.handoff_reason == "danger"


def held(session: Session, sid: str) -> Call | None:
    """A call; nobody else changes it until the end of the unit of work."""
    return session.get(Call, sid, with_for_update=True, populate_existing=True)


def held_of_conversation(session: Session, conversation_id: str) -> Call | None:
    """The call that is a conversation; nobody else changes it until the end of the unit of work."""
    sid = session.scalar(select(Call.sid).where(Call.conversation_id == conversation_id))
    return held(session, sid) if sid is not None else None


def taken_and_waiting(session: Session, limit: int = 50) -> Sequence[str]:
    """Calls an agent's telephone has been rung for and that wait still."""
    query = select(Call.sid).where(Call.taker_id.is_not(None), Call.line.is_not(None), Call.picked_up_at.is_(None))
    return session.scalars(query.limit(limit)).all()


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
    return (
        session.scalar(query.where(Call.line.is_not(None), Call.picked_up_at.is_(None), Call.sid != call.sid, ahead))
        or 0
    )


def silent_since(session: Session, before: datetime, limit: int = 50) -> Sequence[str]:
    """Calls under way that have given no sign of life since an instant."""
    query = select(Call.sid).where(Call.ended_at.is_(None), Call.seen_at < before)
    return session.scalars(query.order_by(Call.seen_at).limit(limit)).all()


def sounds_of_nobody(session: Session, limit: int = 20) -> Sequence[str]:
    """Sounds no message has any more."""
    has_none = ~select(VoiceMessage.sid).where(VoiceMessage.sid == Sound.sid).exists()
    return session.scalars(select(Sound.sid).where(has_none).limit(limit)).all()


def is_any_message(session: Session, before: datetime) -> bool:
    """Whether a message was left before an instant."""
    return session.scalar(select(VoiceMessage.sid).where(VoiceMessage.recorded_at < before).limit(1)) is not None


def forget_messages(session: Session, before: datetime) -> None:
    """Delete messages left before an instant; their words in the transcript stay."""
    session.execute(delete(VoiceMessage).where(VoiceMessage.recorded_at < before))


def messages_of(session: Session, conversation_id: str) -> Sequence[VoiceMessage]:
    """Messages left in a conversation, in order."""
    query = select(VoiceMessage).where(VoiceMessage.conversation_id == conversation_id)
    return session.scalars(query.order_by(VoiceMessage.seq)).all()


def message(session: Session, conversation_id: str, sid: str) -> VoiceMessage | None:
    """One message of a conversation."""
    found = session.get(VoiceMessage, sid)
    return found if found is not None and found.conversation_id == conversation_id else None
