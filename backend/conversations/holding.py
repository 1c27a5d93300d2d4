"""Who holds a conversation, for how long, and where it goes from them. Everything here flushes, nothing commits.

An agent holds a conversation by a lease that their open console prolongs. A browser that has died prolongs nothing: the
conversation waits again, for that agent first, and anybody may take it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, update
from sqlalchemy.orm import Session

from backend.agents import service as agents
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.conversations import notes, service
from backend.conversations.models import Conversation
from backend.conversations.rules import Author, Mode, NoteKind
from backend.errors import Conflict, NotFound, Refused
from backend.reference import Reference


def prolong(session: Session, agent_id: int, *, reference: Reference, now: datetime) -> int:
    """An agent's console is alive: what they hold stays theirs for another lease. Returns how many were prolonged.

    Writes only when a fifth of a lease has passed since the last time.
    """
    until = now + reference.desk.lease
    held = update(Conversation).where(
        Conversation.agent_id == agent_id,
        Conversation.mode == Mode.HUMAN,
        Conversation.snoozed_until.is_(None),
        or_(Conversation.lease_until.is_(None), Conversation.lease_until < until - reference.desk.lease / 5),
    )
    done = session.execute(held.values(lease_until=until).execution_options(synchronize_session=False))
    return done.rowcount  # type: ignore[attr-defined, no-any-return]


def return_due(session: Session, now: datetime) -> Sequence[str]:
    """Conversations whose lease has run out, or whose snooze is over, wait again, for their agent first; their ids."""
    is_lost = and_(Conversation.snoozed_until.is_(None), Conversation.lease_until <= now)
    due = update(Conversation).where(Conversation.mode == Mode.HUMAN, or_(is_lost, Conversation.snoozed_until <= now))
    returned = due.values(**_waiting_for(Conversation.agent_id, now)).returning(Conversation.id)
    return session.scalars(returned.execution_options(synchronize_session=False)).all()


def hand_back(
    session: Session, conversation_id: str, agent: Agent, *, reference: Reference, settled: bool = False, now: datetime
) -> Conversation:
    """Give a conversation back to the bot, which puts its last question again: it goes on where the customer is.

    Args:
        settled: the agent has entered a ticket meanwhile, so the bot need not ask on.

    Raises:
        NotFound: there is no such conversation.
        Conflict: the agent does not hold it.
    """
    conversation = held(session, conversation_id, agent)
    service.to_bot(session, conversation, reference=reference, settled=settled, now=now)
    notes.write(session, conversation, agent, "", kind=NoteKind.HAND_BACK, now=now)
    return conversation


def pass_on(
    session: Session,
    conversation_id: str,
    agent: Agent,
    *,
    to: Agent | None = None,
    queue: str | None = None,
    note: str = "",
    reference: Reference,
    now: datetime,
) -> frozenset[int]:
    """Let a conversation wait for a colleague, or for a group of people, with a note; returns the ids of who is told.

    Raises:
        NotFound: there is no such conversation.
        Conflict: the agent does not hold it.
        Refused: it goes to nobody, or to an unknown group, or to the agent themselves.
    """
    conversation = held(session, conversation_id, agent)
    group = reference.desk.queues.get(queue or "")
    if (to is None) == (group is None) or (to is not None and (to.id == agent.id or not to.active)):
        raise Refused("Choose a colleague or a group.", code="nobody")
    told = [to.id] if to else _members(session, group.roles if group else ())
    for column, value in _waiting_for(to.id if to else None, now).items():
        setattr(conversation, column, value)
    conversation.handoff_reason = conversation.handoff_reason or "asked"
    conversation.queue = queue if group else None
    words = reference.messages.render("passed_on", conversation.language)
    service.say(session, conversation, Author.SYSTEM, words, now=now)
    whither = to.name if to else (group.name.zh if group else "")
    text = f"→ {whither}" + (f"\n{note.strip()}" if note.strip() else "")
    return notes.write(session, conversation, agent, text, kind=NoteKind.TRANSFER, tell=told, now=now)


def wait_again(session: Session, conversation: Conversation, *, now: datetime) -> None:
    """The agent who took a conversation could not help: it waits for anybody again. The caller holds the row."""
    conversation.mode, conversation.agent_id, conversation.lease_until = Mode.WAITING, None, None
    conversation.handoff_requested_at = conversation.handoff_requested_at or now
    conversation.handoff_reason = conversation.handoff_reason or "asked"
    session.flush()


def snooze(session: Session, conversation_id: str, agent: Agent, until: datetime, *, now: datetime) -> Conversation:
    """Put a conversation aside until a time; earlier when the customer writes. The bot stays silent in it.

    Raises:
        NotFound: there is no such conversation.
        Conflict: the agent does not hold it.
        Refused: the time has passed (code `past`) or lies more than 30 days ahead (code `too_far`), or people are in
            danger (code `danger`).
    """
    conversation = held(session, conversation_id, agent)
    if until <= now:
        raise Refused("This time has passed already.", code="past")
    if (until - now).days >= 30:
        raise Refused("That is too far ahead.", code="too_far")
    if conversation.handoff_reason == "danger":
        raise Refused("Danger is not put aside.", code="danger")
    conversation.snoozed_until, conversation.lease_until = until, None
    notes.write(session, conversation, agent, until.isoformat(), kind=NoteKind.SNOOZE, now=now)
    return conversation


def wake(session: Session, conversation_id: str, agent: Agent, *, reference: Reference, now: datetime) -> Conversation:
    """Take a snoozed conversation up again before its time.

    Raises:
        NotFound: there is no such conversation.
        Conflict: the agent does not hold it.
    """
    conversation = held(session, conversation_id, agent)
    conversation.snoozed_until, conversation.lease_until = None, now + reference.desk.lease
    session.flush()
    return conversation


def close(
    session: Session, conversation_id: str, agent: Agent, wrap_up: str, note: str = "", *, reference: Reference,
    now: datetime,
) -> Conversation:  # fmt: skip
    """End a conversation with how it ended. It opens again when the customer writes, or by `reopen`.

    Raises:
        NotFound: there is no such conversation.
        Conflict: the agent does not hold it.
        Refused: there is no such way for a conversation to end.
    """
    conversation = held(session, conversation_id, agent)
    if wrap_up not in reference.desk.wrap_ups:
        raise Refused("Say how it ended.", code="no_wrap_up")
    conversation.mode, conversation.wrap_up, conversation.closed_at = Mode.CLOSED, wrap_up, now
    conversation.snoozed_until = conversation.lease_until = conversation.wanted_agent_id = None
    conversation.queue = None
    conversation.seen_seq = conversation.last_seq
    words = reference.messages.render("conversation_closed", conversation.language)
    service.say(session, conversation, Author.SYSTEM, words, now=now)
    conversation.seen_seq = conversation.last_seq
    text = wrap_up + (f"\n{note.strip()}" if note.strip() else "")
    notes.write(session, conversation, agent, text, kind=NoteKind.WRAP_UP, now=now)
    return conversation


def reopen(
    session: Session, conversation_id: str, agent: Agent, *, reference: Reference, now: datetime
) -> Conversation:
    """Take a closed conversation up again.

    Raises:
        NotFound: there is no such conversation.
        Conflict: it is not closed.
    """
    conversation = service.hold(session, conversation_id)
    if conversation.mode is not Mode.CLOSED:
        raise Conflict("It is open already.")
    conversation.wrap_up = conversation.closed_at = None
    service.take_over(session, conversation_id, agent, reference=reference, now=now)
    notes.write(session, conversation, agent, "", kind=NoteKind.REOPEN, now=now)
    return conversation


def held(session: Session, conversation_id: str, agent: Agent) -> Conversation:
    """A conversation the agent holds; nobody else changes it until the end of the unit of work.

    Raises:
        NotFound: there is no such conversation.
        Conflict: the agent does not hold it.
    """
    conversation = service.hold(session, conversation_id)
    if conversation.mode is not Mode.HUMAN or conversation.agent_id != agent.id:
        raise Conflict("You do not hold this conversation.")
    return conversation


def colleague(session: Session, agent_id: int) -> Agent:
    """Somebody at the desk.

    Raises:
        NotFound: nobody goes by this id.
    """
    found = session.get(Agent, agent_id)
    if found is None or not found.active:
        raise NotFound
    return found


def _members(session: Session, roles: Sequence[str]) -> list[int]:
    known = {each.value for each in Role}
    return [each.id for each in agents.active(session, [Role(role) for role in roles if role in known])]


def _waiting_for(agent_id: object, now: datetime) -> dict[str, object]:
    """What stands in the row of a conversation that waits for an agent (an id or a column), or for anybody."""
    is_column = not isinstance(agent_id, int | None)
    return {
        "mode": Mode.WAITING,
        "wanted_agent_id": agent_id,
        "agent_id": None,
        "lease_until": None,
        "snoozed_until": None,
        "handoff_requested_at": now,
    } | ({"handoff_reason": func.coalesce(Conversation.handoff_reason, "asked")} if is_column else {})


def withdraw_handoff(session: Session, conversation_id: str) -> bool:
    """Somebody who waits for a person needs none any more: the bot goes on. Not where people are in danger, and not
    once an agent has taken over.

    Returns:
        Whether it waited.

    Raises:
        NotFound: there is no such conversation.
    """
    conversation = service.hold(session, conversation_id)
    if conversation.mode is not Mode.WAITING or conversation.handoff_reason == "danger":
        return False
    conversation.mode = Mode.BOT
    conversation.handoff_requested_at = conversation.handoff_reason = conversation.handoff_summary = None
    session.flush()
    return True
