"""Who looks over a colleague's shoulder: watching, whispering, taking over. Flushes, never commits.

Whoever watches is shown to the agent who holds the conversation, never to the customer. A watch is a lease: the open
console prolongs it, and a browser that has died watches nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.conversations import notes, service
from backend.conversations.models import Conversation, Watch
from backend.conversations.rules import Mode, NoteKind
from backend.errors import Conflict, Refused
from backend.reference import Reference


def watch(session: Session, conversation_id: str, agent: Agent, *, reference: Reference, now: datetime) -> Conversation:
    """Begin to follow a conversation a colleague holds; again, it goes on. Watches that have run out are swept away.

    Raises:
        NotFound: there is no such conversation.
        Conflict: no colleague holds it.
    """
    conversation = held_by_colleague(session, conversation_id, agent)
    session.execute(delete(Watch).where(Watch.until <= now).execution_options(synchronize_session=False))
    found = session.get(Watch, (conversation_id, agent.id), populate_existing=True)
    if found is None:
        found = Watch(conversation_id=conversation_id, agent_id=agent.id, begun_at=now, until=now)
        session.add(found)
    found.until = now + reference.desk.watch
    session.flush()
    return conversation


def leave(session: Session, conversation_id: str, agent: Agent) -> None:
    """Follow a conversation no longer."""
    gone = delete(Watch).where(Watch.conversation_id == conversation_id, Watch.agent_id == agent.id)
    session.execute(gone.execution_options(synchronize_session="fetch"))


def is_watching(session: Session, conversation_id: str, agent_id: int, now: datetime) -> bool:
    """Whether somebody follows a conversation."""
    theirs = exists().where(Watch.conversation_id == conversation_id, Watch.agent_id == agent_id, Watch.until > now)
    return bool(session.scalar(select(theirs)))


def prolong(session: Session, conversation_id: str, agent_id: int, *, reference: Reference, now: datetime) -> None:
    """A console has a watched conversation open: its agent goes on watching."""
    alive = update(Watch).where(Watch.conversation_id == conversation_id, Watch.agent_id == agent_id, Watch.until > now)
    session.execute(alive.values(until=now + reference.desk.watch).execution_options(synchronize_session=False))


def watchers(session: Session, conversation_ids: Sequence[str], now: datetime) -> dict[str, dict[int, str]]:
    """Who follows each of some conversations now: names by agent's id, in the order they came."""
    found: dict[str, dict[int, str]] = {each: {} for each in conversation_ids}
    query = (
        select(Watch.conversation_id, Agent.id, Agent.name)
        .join(Agent, Agent.id == Watch.agent_id)
        .where(Watch.conversation_id.in_(conversation_ids), Watch.until > now)
        .order_by(Watch.begun_at, Agent.id)
    )
    for conversation_id, agent_id, name in session.execute(query):
        found[conversation_id][agent_id] = name
    return found


def whisper(session: Session, conversation_id: str, agent: Agent, text: str, *, now: datetime) -> frozenset[int]:
    """Tell the colleague who holds a conversation something the customer does not see; returns the ids of who is told.

    Raises:
        NotFound: there is no such conversation.
        Conflict: no colleague holds it.
        Refused: the text is empty.
        TooLarge: it is too long.
    """
    conversation = held_by_colleague(session, conversation_id, agent)
    if not text.strip():
        raise Refused("Write something first.", code="empty")
    holder = [conversation.agent_id] if conversation.agent_id else []
    return notes.write(session, conversation, agent, text, kind=NoteKind.WHISPER, tell=holder, now=now)


def take_from(
    session: Session,
    conversation_id: str,
    agent: Agent,
    holder_id: int,
    why: str = "",
    *,
    reference: Reference,
    now: datetime,
) -> frozenset[int]:
    """Take a conversation from the colleague who holds it: their lease ends now. They are told, with the reason.

    Args:
        holder_id: from whom, as the taker saw it: if another holds it by now, nothing is taken.

    Returns:
        The ids of who is told.

    Raises:
        NotFound: there is no such conversation.
        Conflict: that colleague does not hold it any more.
    """
    conversation = held_by_colleague(session, conversation_id, agent)
    holder = session.get(Agent, holder_id)
    if holder is None or conversation.agent_id != holder.id:
        raise Conflict("This colleague does not hold it any more.")
    conversation.lease_until = now
    session.flush()
    service.take_over(session, conversation_id, agent, reference=reference, now=now)
    leave(session, conversation_id, agent)
    text = f"← {holder.name}" + (f"\n{why.strip()}" if why.strip() else "")
    return notes.write(session, conversation, agent, text, kind=NoteKind.TAKEN_FROM, tell=[holder.id], now=now)


def held_by_colleague(session: Session, conversation_id: str, agent: Agent) -> Conversation:
    """A conversation somebody else holds; nobody else changes it until the end of the unit of work.

    Raises:
        NotFound: there is no such conversation.
        Conflict: nobody holds it, or the agent themselves do.
    """
    conversation = service.hold(session, conversation_id)
    if conversation.mode is not Mode.HUMAN or conversation.agent_id in (None, agent.id):
        raise Conflict("No colleague holds this conversation.")
    return conversation
