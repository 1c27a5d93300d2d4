"""What shows whether anything at the desk has changed, cheap enough to be asked several times a second."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status as CallStatus
from backend.conversations.models import Conversation, Mention, Watch
from backend.conversations.rules import Mode
from backend.escalations import service as escalations
from backend.tickets.models import TimelineEntry

MOST_TOUCHED = 200


@dataclass(frozen=True)
class Queues:
    """What concerns the list of conversations alone."""

    waiting: int
    held: int
    snoozed: int
    watches: int
    seen: int


@dataclass(frozen=True)
class Work:
    """What concerns tickets, calls and escalations, wherever they are shown."""

    calls: int
    last_event: int | None
    last_step: int | None


@dataclass(frozen=True)
class Numbers:
    """The desk in a few numbers, the same for everybody."""

    queues: Queues
    work: Work
    spoken_at: datetime | None


@dataclass(frozen=True)
class Mine:
    """What concerns one agent: notes that name them, and escalations they were told of."""

    agent_id: int
    mentions: int
    alerts: int


@dataclass(frozen=True)
class Touched:
    """A conversation in which something was said or done."""

    id: str
    last_seq: int


def numbers(session: Session, now: datetime) -> Numbers:
    """The desk now, in one question."""
    held = Conversation.mode == Mode.HUMAN
    active = Conversation.mode.in_([Mode.WAITING, Mode.HUMAN])
    found = session.execute(
        select(
            _count(Conversation.mode == Mode.WAITING).label("waiting"),
            _count(held).label("held"),
            _count(held, Conversation.snoozed_until.is_not(None)).label("snoozed"),
            select(func.count()).select_from(Watch).where(Watch.until > now).scalar_subquery().label("watches"),
            select(func.coalesce(func.sum(Conversation.seen_seq), 0)).where(active).scalar_subquery().label("seen"),
            select(func.coalesce(func.sum(Callback.version), 0))
            .where(Callback.status == CallStatus.BOOKED)
            .scalar_subquery()
            .label("calls"),
            select(func.max(TimelineEntry.id)).scalar_subquery().label("last_event"),
            select(func.max(Conversation.last_message_at)).scalar_subquery().label("spoken_at"),
        )
    ).one()
    return Numbers(
        Queues(found.waiting, found.held, found.snoozed, found.watches, found.seen),
        Work(found.calls, found.last_event, escalations.pulse(session)),
        found.spoken_at,
    )


def mine(session: Session, found: Mapping[str, Agent]) -> dict[str, Mine]:
    """What concerns some agents, by the token they are signed in with."""
    by_id = {agent.id: agent for agent in found.values()}
    alerts = escalations.counts_for(session, by_id.values())
    query = select(Mention.agent_id, func.count()).where(Mention.agent_id.in_(by_id), Mention.seen_at.is_(None))
    mentions = {row[0]: row[1] for row in session.execute(query.group_by(Mention.agent_id))}
    return {token: Mine(agent.id, mentions.get(agent.id, 0), alerts.get(agent.id, 0)) for token, agent in found.items()}


def touched(session: Session, named: Collection[str], since: datetime | None) -> Sequence[Touched]:
    """The conversations of some ids, and those in which something was said after an instant; the newest words first."""
    lately: list[ColumnElement[bool]] = [Conversation.id.in_(named)] if named else []
    lately += [Conversation.last_message_at > since] if since else []
    if not lately:
        return []
    query = select(Conversation.id, Conversation.last_seq).where(or_(*lately))
    newest = query.order_by(Conversation.last_message_at.desc()).limit(MOST_TOUCHED)
    return [Touched(*row) for row in session.execute(newest)]


def holders(session: Session, agent_ids: Collection[int]) -> set[int]:
    """Those of some agents who hold a conversation."""
    query = select(Conversation.agent_id).where(Conversation.agent_id.in_(agent_ids), Conversation.mode == Mode.HUMAN)
    return {each for each in session.scalars(query.distinct()) if each is not None}


def watches(session: Session, open_with: Collection[tuple[int, str]], now: datetime) -> set[tuple[int, str]]:
    """Those of some agents and the conversations on their screens that are watched by them."""
    followed = select(Watch.agent_id, Watch.conversation_id).where(
        Watch.agent_id.in_({agent_id for agent_id, _ in open_with}), Watch.until > now
    )
    return {(row[0], row[1]) for row in session.execute(followed)} & set(open_with)


def _count(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(Conversation).where(*conditions).scalar_subquery()
