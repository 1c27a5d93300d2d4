"""Reads and claims of the follow-ups room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from backend.conversations.models import Message
from backend.conversations.rules import Author
from backend.followups.models import FollowUp
from backend.followups.rules import OPEN, Status
from backend.tickets.models import Ticket
from backend.tickets.rules import Status as TicketStatus

_SHOWN = (joinedload(FollowUp.ticket), joinedload(FollowUp.caller))


def unplanned(session: Session, since: datetime, limit: int) -> Sequence[Ticket]:
    """Tickets done since an instant that have no follow-up yet, the first done first."""
    has_one = exists().where(FollowUp.ticket_id == Ticket.id)
    done = select(Ticket).where(Ticket.closed_at >= since, Ticket.status == TicketStatus.DONE, ~has_one)
    return session.scalars(done.order_by(Ticket.closed_at, Ticket.id).limit(limit)).all()


def claim_due(session: Session, status: Status, now: datetime, limit: int, values: dict[str, Any]) -> Sequence[int]:
    """Claim follow-ups of one status that are due, by one conditional UPDATE that puts `values` into them."""
    return _claim(session, (FollowUp.status == status, FollowUp.due_at <= now), FollowUp.due_at, limit, values)


def claim_given_up(session: Session, now: datetime, limit: int, values: dict[str, Any]) -> Sequence[int]:
    """Claim open follow-ups nobody is to ask any more, and that nobody is just asking."""
    late = (FollowUp.status.in_(OPEN), FollowUp.give_up_at <= now, is_free_for(None, now))
    return _claim(session, late, FollowUp.give_up_at, limit, values)


def _claim(
    session: Session, due: tuple[ColumnElement[bool], ...], order: Any, limit: int, values: dict[str, Any]
) -> Sequence[int]:
    first_due = select(FollowUp.id).where(*due).order_by(order)
    if session.scalar(first_due.limit(1)) is None:
        return ()
    chosen = first_due.limit(limit).with_for_update(skip_locked=True)
    return session.scalars(
        update(FollowUp)
        .where(FollowUp.id.in_(chosen), *due)
        .values(**values)
        .returning(FollowUp.id)
        .execution_options(synchronize_session=False)
    ).all()


def one(session: Session, followup_id: int) -> FollowUp | None:
    """A follow-up with its ticket and caller, as it stands in the database."""
    query = select(FollowUp).where(FollowUp.id == followup_id).options(*_SHOWN)
    return session.scalar(query.execution_options(populate_existing=True))


def of_ticket(session: Session, ticket_id: int) -> FollowUp | None:
    """The follow-up of a ticket."""
    return session.scalar(select(FollowUp).where(FollowUp.ticket_id == ticket_id))


def grades_of(session: Session, ticket_ids: Sequence[int]) -> dict[int, int]:
    """By ticket, the grade its customer gave."""
    query = select(FollowUp.ticket_id, FollowUp.grade).where(
        FollowUp.ticket_id.in_(ticket_ids), FollowUp.grade.is_not(None)
    )
    return {ticket_id: grade for ticket_id, grade in session.execute(query) if grade is not None}


def said_last_in(session: Session, conversation_id: str) -> FollowUp | None:
    """The follow-up that the bot's last words in a conversation belong to."""
    return session.scalar(_SAID_LAST_IN, {"conversation_id": conversation_id})


_LAST_WORDS = (
    select(Message.id)
    .where(Message.conversation_id == bindparam("conversation_id"), Message.author == Author.BOT)
    .order_by(Message.seq.desc())
    .limit(1)
    .scalar_subquery()
)
_SAID_LAST_IN = (
    select(FollowUp).where(FollowUp.message_id == _LAST_WORDS).options(*_SHOWN).order_by(FollowUp.id.desc()).limit(1)
)


def is_any_open(session: Session, phone: str) -> bool:
    """Whether a number has been asked, or is to be, and has not answered."""
    return bool(session.scalar(_ANY_OPEN, {"phone": phone}))


_ANY_OPEN = select(exists().where(FollowUp.phone == bindparam("phone"), FollowUp.status.in_(OPEN)))


def asked_before(session: Session, phone: str, besides: int) -> datetime | None:
    """When a number was last asked about another case."""
    query = select(func.max(FollowUp.asked_at)).where(FollowUp.phone == phone, FollowUp.id != besides)
    return session.scalar(query)


def is_free_for(agent_id: int | None, now: datetime) -> ColumnElement[bool]:
    """Nobody else than this agent is calling."""
    return or_(FollowUp.caller_id.is_(None), FollowUp.caller_id == agent_id, FollowUp.lease_until <= now)


def to_call(agent_id: int | None, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What makes a follow-up one that this agent could call now."""
    return (
        FollowUp.status == Status.TO_CALL,
        FollowUp.due_at <= now,
        FollowUp.give_up_at > now,
        is_free_for(agent_id, now),
    )


def next_to_call(session: Session, agent_id: int, now: datetime, limit: int = 20) -> Sequence[FollowUp]:
    """Follow-ups this agent could call now; those nobody has tried first, then the longest due."""
    query = select(FollowUp).where(*to_call(agent_id, now)).options(*_SHOWN)
    return session.scalars(query.order_by(FollowUp.calls, FollowUp.due_at, FollowUp.id).limit(limit)).all()


def count_to_call(session: Session, agent_id: int, now: datetime) -> int:
    """How many follow-ups this agent could call now."""
    return session.scalar(select(func.count()).select_from(FollowUp).where(*to_call(agent_id, now))) or 0


def in_hand(session: Session, agent_id: int, now: datetime) -> FollowUp | None:
    """The follow-up an agent is calling about."""
    query = select(FollowUp).where(
        FollowUp.status == Status.TO_CALL, FollowUp.caller_id == agent_id, FollowUp.lease_until > now
    )
    return session.scalar(query.options(*_SHOWN).order_by(FollowUp.id).limit(1))


def noted_by(session: Session, agent_id: int, since: datetime) -> FollowUp | None:
    """The follow-up this agent has noted last, if it was since an instant."""
    query = select(FollowUp).where(
        FollowUp.caller_id == agent_id, FollowUp.status.not_in(OPEN), FollowUp.closed_at >= since
    )
    return session.scalar(query.options(*_SHOWN).order_by(FollowUp.closed_at.desc()).limit(1))
