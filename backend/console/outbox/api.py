"""What did not leave, as JSON: look and decide, as on the console's page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from backend.agents.permissions import Action
from backend.auth import CurrentAgent, current_agent, needs
from backend.console import labels
from backend.console.words import catalogue
from backend.depends import Db, Now, ReadDb
from backend.kernel import phone
from backend.outbox import deciding, service
from backend.outbox.models import OutboxDecision, OutboxMessage
from backend.outbox.rules import Medium, OutboxKind, Status, Verdict
from backend.reference import Language

router = APIRouter(prefix="/api/outbox", tags=["outbox"])


class DecisionIn(BaseModel):
    """What to do; `seen` is the number of decisions that were shown."""

    verdict: Verdict
    seen: int = Field(ge=0, le=10_000)


class DecisionOut(BaseModel):
    """What somebody has decided."""

    verdict: Verdict
    who: str
    at: datetime


class UndecidedOut(BaseModel):
    """A text or call that did not leave, or may not have; the number is masked."""

    id: int
    to: str
    medium: Medium
    kind: OutboxKind
    status: Status
    reason: str | None
    why: dict[Language, str]
    queued_at: datetime
    attempts: int
    may: list[Verdict]
    may_arrive_twice: bool
    decisions: list[DecisionOut]


@router.get("/attention", dependencies=[Depends(current_agent)])
def attention(
    session: ReadDb,
    now: Now,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> list[UndecidedOut]:
    """What a person must decide about, newest first."""
    rows = service.attention(session, now=now, limit=limit, offset=offset)
    decisions = deciding.decided(session, rows)
    return [_shown(row, decisions[row.id]) for row in rows]


@router.post("/{message_id}/decisions", dependencies=[needs(Action.DECIDE_TEXTS)])
def decide(
    message_id: Annotated[int, Path(ge=1, le=2**31)], form: DecisionIn, session: Db, agent: CurrentAgent, now: Now
) -> UndecidedOut:
    """Send it anyway or drop it; 409 when somebody else was faster."""
    row = deciding.decide(session, message_id, form.verdict, seen=form.seen, who=agent.name, now=now)
    return _shown(row, deciding.decided(session, [row])[row.id])


def _shown(row: OutboxMessage, decisions: list[OutboxDecision]) -> UndecidedOut:
    return UndecidedOut(
        id=row.id,
        to=phone.mask(row.to),
        medium=row.medium,
        kind=row.kind,
        status=row.status,
        reason=row.reason,
        why={language: why(row, language) for language in ("zh", "en")},
        queued_at=row.queued_at,
        attempts=row.attempts,
        may=list(deciding.verdicts(row)),
        may_arrive_twice=row.status is Status.UNKNOWN,
        decisions=[DecisionOut(verdict=each.verdict, who=each.who, at=each.at) for each in decisions],
    )


def why(row: OutboxMessage, language: Language) -> str:
    """Why a row stands as it does, in words."""
    if row.reason is None:
        return ""
    otherwise = labels.NO_CLEAR_ANSWER if row.status is Status.UNKNOWN else row.reason
    return catalogue(language).gettext(labels.TEXT_REASONS.get(row.reason, otherwise))
