"""Calls as people at the desk see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.calls import queries, rules, taking
from backend.calls.models import VoiceMessage
from backend.calls.rules import Stage
from backend.conversations.models import Conversation
from backend.errors import NotFound


@dataclass(frozen=True)
class CallView:
    """A call beside its transcript.

    Attributes:
        since: since when it stands there: rung, waiting, or over.
        position: its place among those who wait, 1 for the next.
        rings_agent_id, talks_agent_id: whose telephone rings for it now, and who talks with the caller.
        messages: messages left in it, by the number of their line in the transcript.
    """

    sid: str
    stage: Stage
    since: datetime
    started_at: datetime
    position: int | None
    messages: Mapping[int, VoiceMessage]
    rings_agent_id: int | None
    talks_agent_id: int | None


def of_conversation(session: Session, conversation: Conversation, now: datetime) -> CallView | None:
    """The call a conversation is, if one that came in."""
    call = queries.of_conversation(session, conversation.id)
    if call is None:
        return None
    stage = rules.stage(
        is_over=call.ended_at is not None, waits=call.line is not None, is_answered=call.picked_up_at is not None
    )
    in_danger = conversation.handoff_reason == "danger"
    position = queries.waiting_before(session, call, in_danger=in_danger) + 1 if stage is Stage.QUEUE else None
    since = call.ended_at or call.picked_up_at or (call.queued_at if stage is Stage.QUEUE else None) or call.started_at
    messages = {each.seq: each for each in queries.messages_of(session, conversation.id)}
    rings = stage is Stage.QUEUE and taking.is_ringing(session, call, now)
    return CallView(
        sid=call.sid,
        stage=stage,
        since=since,
        started_at=call.started_at,
        position=position,
        messages=messages,
        rings_agent_id=call.taker_id if rings else None,
        talks_agent_id=call.taker_id if stage is Stage.AGENT else None,
    )


def message(session: Session, conversation_id: str, sid: str) -> VoiceMessage:
    """A message left in a conversation.

    Raises:
        NotFound: there is none of that id, or it is another conversation's.
    """
    found = queries.message(session, conversation_id, sid)
    if found is None:
        raise NotFound
    return found
