"""The door of the follow-ups room: how a ticket was graded, and calls about it. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.followups import queries
from backend.followups.calling import get, give_back, hold, may_take_back, record, take_back, take_next
from backend.followups.grading import policy_of
from backend.followups.models import FollowUp
from backend.reference import Reference

__all__ = [
    "count_to_call", "get", "give_back", "grades_of", "hold", "in_hand", "just_noted", "may_take_back", "of_ticket",
    "policy_of", "record", "take_back", "take_next",
]  # fmt: skip


def of_ticket(session: Session, ticket_id: int) -> FollowUp | None:
    """The follow-up of a ticket, or None before its case is done."""
    return queries.of_ticket(session, ticket_id)


def grades_of(session: Session, ticket_ids: Sequence[int]) -> dict[int, int]:
    """By ticket, the grade its customer gave."""
    return queries.grades_of(session, ticket_ids)


def count_to_call(session: Session, agent: Agent, now: datetime) -> int:
    """How many follow-ups an agent could call now."""
    return queries.count_to_call(session, agent.id, now)


def in_hand(session: Session, agent: Agent, *, now: datetime) -> FollowUp | None:
    """The follow-up an agent is calling about."""
    return queries.in_hand(session, agent.id, now)


def just_noted(session: Session, agent: Agent, *, reference: Reference, now: datetime) -> FollowUp | None:
    """The follow-up an agent has just noted, while it can be taken back."""
    found = queries.noted_by(session, agent.id, now - policy_of(reference).undo)
    return found if found is not None and may_take_back(found, agent, reference=reference, now=now) else None
