"""What agents tell each other about a conversation. Flushes, never commits; no customer is ever shown a note."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.conversations import rules, service
from backend.conversations.models import Conversation, Mention, Note
from backend.conversations.rules import NoteKind
from backend.errors import Refused, TooLarge


def write(
    session: Session,
    conversation: Conversation,
    agent: Agent,
    text: str,
    *,
    now: datetime,
    kind: NoteKind = NoteKind.NOTE,
    tell: Sequence[int] = (),
) -> frozenset[int]:
    """Write a note; returns the ids of the agents it names by "@", and of `tell`, who see it as theirs to read.

    Raises:
        Refused: nothing is left of the text of a plain note.
        TooLarge: it is too long.
    """
    cleaned = rules.clean(text)
    if not cleaned and kind is NoteKind.NOTE:
        raise Refused("Write something first.", code="empty")
    if len(cleaned) > rules.LONGEST_TEXT:
        raise TooLarge
    note = Note(
        conversation_id=conversation.id,
        after_seq=conversation.last_seq,
        kind=kind,
        agent_name=agent.name,
        text=cleaned,
        written_at=now,
    )
    session.add(note)
    session.flush()
    named = (rules.mentioned(cleaned, _names(session)) | set(tell)) - {agent.id}
    session.add_all(Mention(note_id=note.id, agent_id=each, conversation_id=conversation.id) for each in named)
    session.flush()
    return frozenset(named)


def add(
    session: Session, conversation_id: str, agent: Agent, text: str, *, tell: Sequence[int] = (), now: datetime
) -> frozenset[int]:
    """Write a plain note to a conversation, whoever holds it; `tell` as in `write`.

    Raises:
        NotFound: there is no such conversation.
        Refused, TooLarge: as `write`.
    """
    return write(session, service.hold(session, conversation_id), agent, text, tell=tell, now=now)


def of(session: Session, conversation_id: str, limit: int = 200) -> Sequence[Note]:
    """The last notes of a conversation, in order."""
    query = select(Note).where(Note.conversation_id == conversation_id).order_by(Note.id.desc()).limit(limit)
    return session.scalars(query).all()[::-1]


def mark_read(session: Session, conversation_id: str, agent: Agent, now: datetime) -> bool:
    """An agent has seen the notes that name them; returns whether there were any unseen ones."""
    unseen = (
        update(Mention)
        .where(Mention.conversation_id == conversation_id, Mention.agent_id == agent.id, Mention.seen_at.is_(None))
        .values(seen_at=now)
        .returning(Mention.note_id)
    )
    return bool(session.scalars(unseen.execution_options(synchronize_session=False)).all())


def has_unread(session: Session, conversation_id: str, agent: Agent) -> bool:
    """Whether a note names an agent who has not seen it."""
    unseen = exists().where(
        Mention.conversation_id == conversation_id, Mention.agent_id == agent.id, Mention.seen_at.is_(None)
    )
    return bool(session.scalar(select(unseen)))


def _names(session: Session) -> dict[str, int]:
    found = session.execute(select(Agent.id, Agent.name, Agent.username).where(Agent.active))
    return {word: agent_id for agent_id, *both in found for word in both if word}
