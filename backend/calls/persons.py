"""What a caller is given besides the bot's answers: a line to wait in, a callback, a text. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.callbacks import service as callbacks
from backend.calls import queries, rules
from backend.calls.desk import Desk
from backend.calls.models import Call
from backend.conversations import service as conversations
from backend.conversations.models import Conversation
from backend.conversations.rules import Author
from backend.errors import BadPhone, BadTime, OutsideCalendar
from backend.outbox import service as outbox
from backend.outbox.rules import OutboxKind
from backend.reference import Reference
from bot.text import phone as spoken_phone
from telephony.states import State, Step
from telephony.voice import CallTurn

TRIES = 5


def number_of(told: str, own_numbers: Collection[str]) -> str | None:
    """A number as it was keyed in, said or shown, in E.164; None when we cannot call it."""
    found = spoken_phone.find(told)
    try:
        return outbox.number(found[0].e164 if found else told, own_numbers=own_numbers).e164
    except BadPhone:
        return None


def note(session: Session, conversation: Conversation, turn: CallTurn, *, reference: Reference, now: datetime) -> None:
    """What is not the bot's to answer is part of the conversation all the same: words, and keys that ask something."""
    words = turn.words or (reference.messages.render("voice.pressed", "zh", keys=turn.keys) if turn.keys else "")
    if words:
        message = conversations.hear(session, conversation, words, now=now)
        message.answered_at, message.retry_at = now, None
        session.flush()


def last_words(session: Session, conversation: Conversation) -> str:
    """What the caller said last."""
    last = conversations.last_said_by(session, conversation.id, Author.CUSTOMER)
    return last.text if last else ""


def take_line(session: Session, call: Call, desk: Desk, *, in_danger: bool) -> int | None:
    """A waiting line for a call: its own, or a free one; None when too many are waiting."""
    call.queued_at = call.queued_at or desk.now
    for _ in range(TRIES):
        if call.line is not None:
            return call.line
        line = rules.free_line(queries.lines_taken(session), desk.reference.voice.waiting_lines, in_danger=in_danger)
        if line is None:
            break
        try:
            with session.begin_nested():
                call.line = line
                session.flush()
        except IntegrityError:  # another caller was faster to it
            session.refresh(call, ["line"])
    return call.line


def book(
    session: Session, call: Call, conversation: Conversation, state: State, number: str | None, desk: Desk
) -> Step:
    """Book a call to the number told, or the one they are calling from."""
    phone = conversation.phone if number is None else number_of(number, desk.own_numbers)
    if phone is None:
        return desk.operator.not_booked(state)
    language = state.tongue.language
    try:
        booked = callbacks.book(
            session,
            phone,
            reference=desk.reference,
            now=desk.now,
            conversation_id=conversation.id,
            reason="request_callback",
            language=language,
            urgent=conversation.handoff_reason == "danger",
        )
    except (BadTime, OutsideCalendar):
        return desk.operator.end(state, "voice.no_number")
    call.line = call.queued_at = None
    window = callbacks.words_of(callbacks.window_of(booked.callback), desk.reference, desk.now)
    return desk.operator.booked(state, window.as_dict()[language])


def can_text(session: Session, conversation: Conversation) -> bool:
    """Whether a text reaches the caller."""
    if conversation.phone is None:
        return False
    line = outbox.line_of(session, conversation.phone, ()).known
    return line.problem is None and line.is_mobile and line.takes_texts


def text_for_address(session: Session, call: Call, conversation: Conversation, desk: Desk) -> None:
    """Ask by text for the address that could not be understood."""
    assert conversation.phone is not None
    outbox.queue(
        session,
        to=conversation.phone,
        text=desk.reference.messages.render("voice.address_text", conversation.language),
        kind=OutboxKind.REPLY,
        key=f"call:{call.sid}:address",
        language=conversation.language,
        conversation_id=conversation.id,
        own_numbers=desk.own_numbers,
        now=desk.now,
    )
