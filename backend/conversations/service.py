"""Store what is said, on whatever channel; hand over to a person and back. Everything here flushes, nothing commits."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.conversations import queries, rules
from backend.conversations.models import Conversation, Message
from backend.conversations.rules import Author, Channel, Mode
from backend.errors import Conflict, NotFound, Refused, TooLarge
from backend.kernel import working_time
from backend.outbox import service as outbox
from backend.outbox.rules import OutboxKind
from backend.reference import Reference


@dataclass(frozen=True)
class Accepted:
    """A stored customer message; `is_new` is false when the same client id has come before."""

    conversation: Conversation
    message: Message
    is_new: bool


@dataclass(frozen=True)
class Handoff:
    """A request for a person: whether the desk is open, and what to tell the customer in both languages."""

    open: bool
    words: dict[str, str]


def open_web(session: Session, *, language: str, reference: Reference, now: datetime) -> tuple[Conversation, str]:
    """Begin a web conversation with a greeting. The token is returned once and stored as a hash."""
    token = secrets.token_urlsafe(24)
    conversation = _new(session, Channel.WEB, language, now, token_hash=_hash(token))
    greeting = reference.messages.render("greeting", language)
    say(session, conversation, Author.BOT, greeting, now=now, buttons=reference.messages.buttons("greeting", language))
    return conversation, token


def text_conversation(session: Session, phone: str, *, language: str, now: datetime) -> Conversation:
    """The running conversation with a number by text message, or a new one after a day of silence; nobody else changes
    it until the end of the unit of work."""
    last = queries.latest_by_phone(session, Channel.SMS, phone)
    if last is not None and (last.mode is Mode.HUMAN or rules.goes_on(Channel.SMS, last.last_message_at, now)):
        return last
    return _new(session, Channel.SMS, language, now, phone=phone)


def noted_call(session: Session, conversation_id: str, *, language: str, now: datetime) -> Conversation:
    """The conversation of this id; if there is none, that of a call an agent writes down, which the bot has no part in.

    The id is the form's: sent twice, it is one call.
    """
    found = session.get(Conversation, conversation_id)
    conversation = found or _new(session, Channel.VOICE, language, now, id=conversation_id, mode=Mode.CLOSED)
    session.flush()
    return conversation


def call_conversation(session: Session, phone: str | None, *, language: str, now: datetime) -> Conversation:
    """Begin the conversation of a call that comes in; one a call, whoever has rung before.

    Args:
        phone: the number it comes from in E.164, if it is one we can call. It proves nothing.
    """
    return _new(session, Channel.VOICE, language, now, phone=phone)


def hung_up(session: Session, conversation: Conversation, words: str, *, waits_on: bool, now: datetime) -> None:
    """Somebody who rang has left. Nobody can answer them here any more: the conversation is closed, unless an agent has
    it. Whoever calls this holds the row.

    Args:
        words: what the transcript shows of it.
        waits_on: whether it goes on waiting for a person, if it does.
    """
    say(session, conversation, Author.SYSTEM, words, now=now)
    _close_open_messages(session, conversation, now)
    if conversation.mode is Mode.BOT or (conversation.mode is Mode.WAITING and not waits_on):
        conversation.mode, conversation.closed_at = Mode.CLOSED, now
        conversation.seen_seq = conversation.last_seq
    session.flush()


def for_customer(session: Session, conversation_id: str, token: str, *, hold: bool = False) -> Conversation:
    """A web conversation, for whoever holds its token; with `hold`, its row until the end of the unit of work.

    Raises:
        NotFound: no such conversation, or the token is not its own (the same answer for both).
    """
    conversation = session.get(Conversation, conversation_id, with_for_update=hold or None)
    expected = conversation.token_hash if conversation else None
    if conversation is None or not hmac.compare_digest(_hash(token), expected or "0" * 64):
        raise NotFound("There is no such conversation.")
    return conversation


def get(session: Session, conversation_id: str) -> Conversation:
    """A conversation by its id.

    Raises:
        NotFound: there is none.
    """
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        raise NotFound("There is no such conversation.")
    return conversation


def verify(session: Session, conversation: Conversation, phone: str) -> None:
    """The writer has shown to be the owner of a number (E.164). One number at a time: another takes its place."""
    conversation.verified_phone = phone
    session.flush()


def hold(session: Session, conversation_id: str) -> Conversation:
    """A conversation by its id, as it stands now; nobody else changes it until the end of the unit of work.

    Raises:
        NotFound: there is none.
    """
    conversation = session.get(Conversation, conversation_id, with_for_update=True, populate_existing=True)
    if conversation is None:
        raise NotFound("There is no such conversation.")
    return conversation


def accept(
    session: Session,
    conversation: Conversation,
    client_message_id: str,
    text: str,
    *,
    reference: Reference,
    now: datetime,
) -> Accepted:
    """Store a customer's message once. The caller holds the conversation's row.

    Raises:
        Refused: nothing is left of the text after cleaning.
        TooLarge: it is longer than a person types; the message says so in the customer's language.
    """
    if known := queries.by_client_id(session, conversation.id, client_message_id):
        return Accepted(conversation, known, is_new=False)
    cleaned = rules.clean(text)
    if not cleaned:
        raise Refused(reference.messages.render("empty", conversation.language), code="empty")
    if len(cleaned) > rules.LONGEST_TEXT:
        raise TooLarge(reference.messages.render("too_long", conversation.language))
    message = hear(session, conversation, cleaned, now=now, client_message_id=client_message_id, retry_at=now)
    return Accepted(conversation, message, is_new=True)


def hear(session: Session, conversation: Conversation, text: str, *, now: datetime, **more: Any) -> Message:
    """Append what a customer said. A closed conversation opens again with the bot; a snoozed one returns to the queue,
    and its agent answers. The caller holds the row."""
    if conversation.mode is Mode.CLOSED:
        conversation.mode, conversation.agent_id = Mode.BOT, None
        conversation.wrap_up = conversation.closed_at = None
        conversation.handoff_requested_at = conversation.handoff_reason = conversation.handoff_summary = None
    message = say(session, conversation, Author.CUSTOMER, text, now=now, **more)
    if not rules.bot_answers(conversation.mode):
        message.answered_at, message.retry_at = now, None
    if conversation.snoozed_until is not None:
        conversation.wanted_agent_id, conversation.agent_id = conversation.agent_id, None
        conversation.mode, conversation.snoozed_until, conversation.handoff_requested_at = Mode.WAITING, None, now
        conversation.handoff_reason = conversation.handoff_reason or "asked"
    session.flush()
    return message


def say(
    session: Session,
    conversation: Conversation,
    author: Author,
    text: str,
    *,
    now: datetime,
    buttons: Sequence[dict[str, str]] = (),
    expects: str | None = None,
    **more: Any,
) -> Message:
    """Append a message. The caller holds the conversation's row; the number is the next one in it."""
    conversation.last_seq += 1
    conversation.last_message_at = now
    if conversation in session.new:
        session.flush()  # one INSERT with its first message counted, and before that: rows go by their references
    message = Message(
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        author=author,
        text=text,
        buttons=list(buttons),
        expects=expects,
        sent_at=now,
        **more,
    )
    session.add(message)
    session.flush()
    return message


def send_out(
    session: Session,
    conversation: Conversation,
    message: Message,
    kind: OutboxKind,
    *,
    answering: datetime | None,
    now: datetime,
) -> None:
    """Put what has just been said to a texting customer into the outbox; on the web the live socket carries it.

    Args:
        answering: when the customer wrote what this answers; a fresh answer may leave outside hotline hours.
    """
    if conversation.channel is Channel.SMS and conversation.phone:
        outbox.queue(
            session,
            to=conversation.phone,
            text=message.text,
            kind=kind,
            key=f"message:{message.id}",
            language=conversation.language,
            conversation_id=conversation.id,
            answering=answering,
            is_new=True,
            now=now,
        )


def request_handoff(
    session: Session, conversation_id: str, reason: str, summary: str, *, reference: Reference, now: datetime
) -> Handoff:
    """Ask for a person. The conversation waits at the desk; asking again changes nothing but the summary.

    Raises:
        NotFound: there is no such conversation.
    """
    conversation = hold(session, conversation_id)
    is_open = working_time.is_open(reference.calendar, now)
    if conversation.mode in (Mode.BOT, Mode.CLOSED):
        conversation.mode = Mode.WAITING
        conversation.handoff_requested_at = now
    if conversation.handoff_reason != "danger":
        conversation.handoff_reason = reason
    conversation.handoff_summary = rules.clean(summary) or conversation.handoff_summary
    session.flush()
    template = "waiting_in_hours" if is_open else "waiting_out_of_hours"
    opening = working_time.next_opening(reference.calendar, now)
    words = {
        language: reference.messages.render(
            template, language, opening=working_time.local_words(reference.calendar, opening, language, now)
        )
        for language in ("zh", "en")
    }
    return Handoff(is_open, words)


def in_danger(session: Session) -> Sequence[Conversation]:
    """Conversations in which danger was reported and the person has not been helped yet."""
    return queries.handed_over_for(session, "danger")


def said_since(session: Session, since: datetime) -> Sequence[Message]:
    """What customers have written since an instant, in order."""
    return queries.said_since(session, since)


def from_message(session: Session, conversation_id: str, seq: int) -> Sequence[Message]:
    """A message of a conversation and what was said after it, in order."""
    return queries.messages_after(session, conversation_id, seq - 1)


def last_said_by(session: Session, conversation_id: str, author: Author) -> Message | None:
    """The last thing somebody said in a conversation."""
    return queries.last_of(session, conversation_id, author)


def take_over(
    session: Session, conversation_id: str, agent: Agent, *, reference: Reference, now: datetime
) -> Conversation:
    """An agent takes a conversation; from here on the bot is silent in it.

    Raises:
        NotFound: there is no such conversation.
        Conflict: another agent has it.
    """
    was_mine = _is_held_by(session, conversation_id, agent)
    free_or_mine = (
        (Conversation.mode != Mode.HUMAN) | (Conversation.agent_id == agent.id) | (Conversation.lease_until <= now)
    )
    taken = session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, free_or_mine)
        .values(
            mode=Mode.HUMAN,
            agent_id=agent.id,
            lease_until=now + reference.desk.lease,
            snoozed_until=None,
            wanted_agent_id=None,
            queue=None,
            wrap_up=None,
            closed_at=None,
            turn_owner=None,
            turn_until=None,
        )
        .execution_options(synchronize_session=False)
    )
    conversation = get(session, conversation_id)
    session.refresh(conversation)
    if taken.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict("Another agent has taken this conversation.")
    _close_open_messages(session, conversation, now)
    if was_mine:
        return conversation
    note = reference.messages.render("taken_over", conversation.language, agent=agent.name)
    say(session, conversation, Author.SYSTEM, note, now=now)
    return conversation


def reply(session: Session, conversation_id: str, agent: Agent, text: str, *, now: datetime) -> Message:
    """An agent's words, live on the web or as a text message.

    Raises:
        NotFound: there is no such conversation.
        Refused: the text is empty, or the customer is on the telephone.
        TooLarge: it is too long.
        Conflict: the agent has not taken the conversation, or has lost it.
    """
    conversation = hold(session, conversation_id)
    cleaned = rules.clean(text)
    if conversation.channel is Channel.VOICE:
        raise Refused("Written words do not reach a telephone.", code="on_the_phone")
    if not cleaned:
        raise Refused("Write something first.", code="empty")
    if len(cleaned) > rules.LONGEST_TEXT:
        raise TooLarge
    if conversation.mode is not Mode.HUMAN or conversation.agent_id != agent.id:
        raise Conflict("Take the conversation over before you reply.")
    message = say(session, conversation, Author.AGENT, cleaned, now=now, agent_name=agent.name)
    conversation.seen_seq = conversation.last_seq
    heard = queries.last_heard(session, conversation.id)
    send_out(session, conversation, message, OutboxKind.AGENT, answering=heard, now=now)
    return message


def hand_back(
    session: Session, conversation_id: str, agent: Agent, *, reference: Reference, now: datetime
) -> Conversation:
    """The agent gives the conversation back to the bot.

    Raises:
        NotFound: there is no such conversation.
        Conflict: the agent does not hold it.
    """
    conversation = hold(session, conversation_id)
    if conversation.mode is not Mode.HUMAN or conversation.agent_id != agent.id:
        raise Conflict("You do not hold this conversation.")
    to_bot(session, conversation, reference=reference, settled=False, now=now)
    return conversation


def to_bot(session: Session, conversation: Conversation, *, reference: Reference, settled: bool, now: datetime) -> None:
    """The bot answers again. Its last question is put once more, so that the customer and it are at the same place.

    Args:
        settled: what it asked for has been entered by the agent.
    """
    conversation.mode, conversation.agent_id = Mode.BOT, None
    conversation.lease_until = conversation.snoozed_until = None
    conversation.handoff_requested_at = conversation.handoff_reason = conversation.handoff_summary = None
    note = say(
        session, conversation, Author.SYSTEM, reference.messages.render("handed_back", conversation.language), now=now
    )
    last = queries.last_of(session, conversation.id, Author.BOT)
    asked = rules.Asked(last.text, last.expects) if last else None
    if last is not None and rules.open_question(asked, is_settled=settled):
        again = say(
            session,
            conversation,
            Author.BOT,
            last.text,
            now=now,
            buttons=last.buttons,
            expects=last.expects,
            reply_to=note.seq,
        )
        heard = queries.last_heard(session, conversation.id)
        send_out(session, conversation, again, OutboxKind.REPLY, answering=heard, now=now)


def _new(session: Session, channel: Channel, language: str, now: datetime, **more: Any) -> Conversation:
    conversation = Conversation(
        channel=channel,
        language=language,
        last_seq=0,
        seen_seq=0,
        created_at=now,
        last_message_at=now,
        **({"id": uuid.uuid4().hex, "mode": Mode.BOT} | more),
    )
    session.add(conversation)
    return conversation


def _is_held_by(session: Session, conversation_id: str, agent: Agent) -> bool:
    held = select(Conversation.id).where(
        Conversation.id == conversation_id,
        Conversation.mode == Mode.HUMAN,
        Conversation.agent_id == agent.id,
        Conversation.snoozed_until.is_(None),
    )
    return session.scalar(held) is not None


def _close_open_messages(session: Session, conversation: Conversation, now: datetime) -> None:
    """What the bot has not answered by now is the agent's to answer."""
    open_ones = select(Message.id).where(
        Message.conversation_id == conversation.id, Message.author == Author.CUSTOMER, Message.answered_at.is_(None)
    )
    session.execute(update(Message).where(Message.id.in_(open_ones)).values(answered_at=now, retry_at=None))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
