"""The chat API for customers, and the hand-over the bot asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Request
from sqlalchemy.orm import Session

from backend import db, limits
from backend.conversations import holding, queries, service
from backend.conversations.models import Conversation
from backend.conversations.schemas import (
    Answer,
    ConversationOut,
    HandoffIn,
    HandoffOut,
    NewConversation,
    NewMessage,
    WithdrawIn,
    WithdrawOut,
    answer,
    shape,
)
from backend.conversations.turn import Turn, Turns
from backend.depends import Announce, BotOnly, Db, House, InHouse, Now, ReadDb, Ref, bearer
from backend.errors import NotFound

router = APIRouter(prefix="/api/chat/conversations", tags=["chat"])
bot_router = APIRouter(prefix="/api/bot", tags=["bot"], dependencies=[BotOnly])

After = Annotated[int, Query(ge=0, le=2**31 - 1)]
Token = Annotated[str | None, Header(alias="Authorization")]


def turns_of(request: Request) -> Turns:
    turns: Turns = request.app.state.turns
    return turns


@router.post("", status_code=201)
def open_conversation(
    request: Request, form: NewConversation, session: Db, now: Now, reference: Ref
) -> ConversationOut:
    """Open a conversation; the answer carries its secret token and the greeting."""
    limits.hit(limits.CONVERSATIONS_BY_ADDRESS, "conversation", request.client.host if request.client else "unknown")
    accepted = request.headers.get("accept-language", "")
    language = form.language or ("en" if accepted.lower().startswith("en") else "zh")
    conversation, token = service.open_web(session, language=language, reference=reference, now=now)
    greeting = queries.messages_after(session, conversation.id, 0)
    return ConversationOut(conversation_id=conversation.id, token=token, messages=[shape(m) for m in greeting])


@router.post("/{conversation_id}/messages")
async def send_message(
    request: Request, conversation_id: str, form: NewMessage, house: InHouse, authorization: Token = None
) -> Answer:
    """Say something and get the bot's answer. The same `client_message_id` again returns the same answer."""
    token = bearer(authorization)
    limits.hit(limits.MESSAGES_BY_CONVERSATION, "message", conversation_id, token)
    turns = turns_of(request)
    stored = await to_thread.run_sync(_store, house, turns, conversation_id, token, form)
    if stored.is_new:
        house.bus.publish(f"conversation:{conversation_id}", type="changed")
        house.bus.publish("desk", conversation=conversation_id)
    if stored.turn and stored.turn.seq == stored.seq:
        outcome = await turns.take(stored.turn)
        if outcome.said:
            return Answer(messages=[shape(message) for message in outcome.said], mode=outcome.mode.value)
    elif stored.is_open:
        if stored.turn:
            await turns.take(stored.turn)
        await turns.wait(conversation_id, lambda: _is_settled(house, conversation_id, stored.seq))
    return await to_thread.run_sync(_answer_to, house, conversation_id, stored.seq)


@dataclass(frozen=True)
class Stored:
    """A stored message: its number, whether it is new, whether it waits for the bot, and the turn claimed with it."""

    seq: int
    is_new: bool
    is_open: bool
    turn: Turn | None


def _store(house: House, turns: Turns, conversation_id: str, token: str, form: NewMessage) -> Stored:
    with db.session_scope(house.sessions) as session:
        conversation = service.for_customer(session, conversation_id, token, hold=True)
        accepted = service.accept(
            session,
            conversation,
            form.client_message_id,
            form.text,
            reference=house.reference,
            now=house.clock.now(),
        )
        message = accepted.message
        is_open = message.answered_at is None
        turn = turns.claim(session, conversation) if is_open else None
        return Stored(message.seq, accepted.is_new, is_open, turn)


def _is_settled(house: House, conversation_id: str, seq: int) -> bool:
    """Whether a message is answered, or put off with a word about it."""
    with db.read_scope(house.sessions) as session:
        return queries.is_settled(session, conversation_id, seq)


def _answer_to(house: House, conversation_id: str, seq: int) -> Answer:
    with db.read_scope(house.sessions) as session:
        conversation = service.get(session, conversation_id)
        return answer(conversation, list(queries.replies_to(session, conversation_id, seq)))


@router.get("/{conversation_id}/messages")
def history(conversation_id: str, session: ReadDb, after: After = 0, authorization: Token = None) -> Answer:
    """What was said, or what was said after a message."""
    conversation = service.for_customer(session, conversation_id, bearer(authorization))
    return answer(conversation, list(queries.messages_after(session, conversation_id, after)))


@bot_router.post("/handoffs")
def hand_over(form: HandoffIn, session: Db, now: Now, reference: Ref, announce: Announce) -> HandoffOut:
    """The bot asks for a person."""
    handoff = service.request_handoff(
        session, form.conversation_id, form.reason, form.summary, reference=reference, now=now
    )
    announce("desk", conversation=form.conversation_id, ring=form.reason)
    return HandoffOut.model_validate({"open": handoff.open, "words": handoff.words})


@bot_router.post("/handoffs/withdraw")
def withdraw_hand_over(form: WithdrawIn, session: Db, announce: Announce) -> WithdrawOut:
    """The customer needs no person any more."""
    withdrawn = holding.withdraw_handoff(session, form.conversation_id)
    if withdrawn:
        announce("desk", conversation=form.conversation_id)
    return WithdrawOut(withdrawn=withdrawn)


def conversation_for(session: Session, conversation_id: str, token: str) -> Conversation | None:
    """Like `service.for_customer`, with None instead of an error: a socket answers by closing."""
    try:
        return service.for_customer(session, conversation_id, token)
    except NotFound:
        return None
