"""Escalations over HTTP, for agents."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from backend.agents.permissions import Action
from backend.auth import CurrentAgent, needs
from backend.depends import Announce, Db, Now
from backend.escalations import service
from backend.escalations.schemas import EscalationOut, TextIn, escalation_out

router = APIRouter(prefix="/api/escalations", tags=["escalations"])

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
MAY_HANDLE = needs(Action.HANDLE_ESCALATIONS)


@router.get("")
def list_escalations(
    _agent: CurrentAgent,
    session: Db,
    state: Literal["open", "ended"] = "open",
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[EscalationOut]:
    """Those that are not over, oldest first; or those that are, the last one first."""
    found = service.stories(session, over=state == "ended", limit=limit, offset=offset)
    return [escalation_out(each) for each in found]


@router.post("/{escalation_id}/acknowledge", dependencies=[MAY_HANDLE])
def acknowledge(agent: CurrentAgent, escalation_id: Id, session: Db, now: Now, announce: Announce) -> EscalationOut:
    """Take care of it: nobody else is told. 409 when another agent was faster."""
    service.acknowledge(session, escalation_id, agent, now=now)
    announce("desk", escalation=escalation_id)
    return escalation_out(service.story(session, escalation_id))


@router.post("/{escalation_id}/undo", dependencies=[MAY_HANDLE])
def undo_acknowledgement(
    agent: CurrentAgent, escalation_id: Id, session: Db, now: Now, announce: Announce
) -> EscalationOut:
    """Take the acknowledgement back: the ladder goes on. 409 when there is none."""
    service.undo_acknowledgement(session, escalation_id, agent, now=now)
    announce("desk", escalation=escalation_id)
    return escalation_out(service.story(session, escalation_id))


@router.post("/{escalation_id}/comment", dependencies=[MAY_HANDLE])
def comment(
    agent: CurrentAgent, escalation_id: Id, form: TextIn, session: Db, now: Now, announce: Announce
) -> EscalationOut:
    """Write something beside it."""
    service.comment(session, escalation_id, agent, form.text, now=now)
    announce("desk", escalation=escalation_id)
    return escalation_out(service.story(session, escalation_id))


@router.post("/{escalation_id}/resolve", dependencies=[MAY_HANDLE])
def resolve(
    agent: CurrentAgent, escalation_id: Id, form: TextIn, session: Db, now: Now, announce: Announce
) -> EscalationOut:
    """Say that it is settled, and why. 409 when it is over already."""
    service.resolve(session, escalation_id, agent, form.text, now=now)
    announce("desk", escalation=escalation_id)
    return escalation_out(service.story(session, escalation_id))
