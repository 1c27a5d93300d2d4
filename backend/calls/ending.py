"""How calls end: hung up, gone without a word, with a message left. Flushes, never commits."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from backend.calls import queries, rules, service
from backend.calls.desk import Desk
from backend.calls.models import Call, Sound, VoiceMessage
from backend.conversations import service as conversations
from backend.conversations.rules import Author
from telephony import sms
from telephony.states import Phase, State
from telephony.voice import CallEnd, Recorded

OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
SILENT_FOR = timedelta(hours=4)
"""As long as a call may last with the carrier: after that the news of its end has been lost."""
WAITS_SILENT_FOR = timedelta(minutes=5)
"""Whoever waits in a line is heard of at each round of the music."""


def apply_status(session: Session, status: CallEnd, desk: Desk) -> None:
    """What the carrier reports of a call. States only move forward; a call that is over leaves its line."""
    call = queries.held(session, status.sid)
    if call is None:
        return
    call.status = sms.forward(call.status, status.status)
    if call.status is not None and call.status.value in OVER:
        end(session, call, desk)


def end(session: Session, call: Call, desk: Desk) -> None:
    """The caller is gone: once."""
    if call.ended_at is not None:
        return
    call.ended_at = desk.now
    call.line = call.queued_at = None
    call.state = asdict(replace(State.restored(call.state), phase=Phase.ENDED))
    conversation = conversations.hold(session, call.conversation_id)
    words = desk.reference.messages.render("voice.hung_up", conversation.language)
    waits_on = rules.outlasts_the_call(conversation.handoff_reason)
    conversations.hung_up(session, conversation, words, waits_on=waits_on, now=desk.now)


def end_lost(session: Session, desk: Desk) -> list[str]:
    """End calls whose end was never reported; returns their conversations."""
    ended = []
    for sid in queries.silent_since(session, desk.now - WAITS_SILENT_FOR):
        call = service.held(session, sid)
        waits = call.line is not None and call.picked_up_at is None
        if call.ended_at is None and (waits or call.seen_at < desk.now - SILENT_FOR):
            end(session, call, desk)
            ended.append(call.conversation_id)
    return ended


def keep_message(session: Session, sid: str, recorded: Recorded | None, desk: Desk) -> str:
    """Keep a message the caller has left: it waits at the desk. The same again changes nothing.

    Raises:
        NotFound: the call has never rung here.
    """
    call = service.held(session, sid)
    key = f"message:{recorded.recording}" if recorded else "message:none"
    if (given := queries.answer(session, call.sid, key)) is not None:
        return given
    conversation = conversations.hold(session, call.conversation_id)
    if recorded is not None:
        words = desk.reference.messages.render("voice.message", conversation.language, seconds=recorded.seconds)
        message = conversations.say(session, conversation, Author.CUSTOMER, words, now=desk.now, answered_at=desk.now)
        session.add(Sound(sid=recorded.recording, recorded_at=desk.now))
        session.add(
            VoiceMessage(
                sid=recorded.recording,
                call_sid=call.sid,
                conversation_id=conversation.id,
                seq=message.seq,
                seconds=recorded.seconds,
                recorded_at=desk.now,
            )
        )
        conversations.request_handoff(
            session, conversation.id, "voice_message", "", reference=desk.reference, now=desk.now
        )
    step = desk.operator.recorded(State.restored(call.state), kept=recorded is not None)
    return service.keep(session, call, key, step, desk)
