"""The people at the desk: add them, give roles and start passwords, see and end their sign-ins, let them go."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Path
from starlette.responses import RedirectResponse, Response

from backend import guessing
from backend.agents import people
from backend.agents import service as agents
from backend.agents.permissions import PERMISSIONS, Action, Role
from backend.audit import service as audit
from backend.audit.rules import Kind, What
from backend.auth import needs
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, is_pane, opens_for
from backend.console.words import mark
from backend.depends import Now

router = APIRouter(prefix="/people", route_class=ConsoleRoute)

AgentId = Annotated[int, Path(ge=1, le=2**31)]
Handle = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]
MANAGES = needs(Action.MANAGE_PEOPLE)


@router.get("", dependencies=[opens_for(Action.MANAGE_PEOPLE)])
def listing(page: ReadPage, now: Now) -> Response:
    """Everybody, with their role and their sign-ins."""
    return _people(page, now)


@router.post("", dependencies=[MANAGES])
def add(
    page: OpenPage,
    now: Now,
    username: Annotated[str, Form(max_length=60)],
    role: Annotated[Role, Form()] = Role.AGENT,
    name: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Add somebody; the start password is in this answer and nowhere else."""
    agent, password = people.add(page.session, username, name=name, role=role, now=now)
    _record(page, agent.id, f"added as {role}", now)
    return _people(page, now, start=(agent.username, password))


@router.post("/{agent_id}/role", dependencies=[MANAGES])
def give_role(page: OpenPage, now: Now, agent_id: AgentId, role: Annotated[Role, Form()]) -> Response:
    """Give another role, which holds from the next click on."""
    people.give_role(page.session, people.get(page.session, agent_id), role)
    _record(page, agent_id, f"role {role}", now)
    return _changed(page, now, mark("Role changed."))


@router.post("/{agent_id}/start-password", dependencies=[MANAGES])
def give_start_password(page: OpenPage, now: Now, agent_id: AgentId) -> Response:
    """A start password for somebody who has lost theirs; shown once."""
    agent = people.get(page.session, agent_id)
    password = people.give_start_password(page.session, agent)
    _record(page, agent_id, "start password", now)
    return _people(page, now, start=(agent.username, password))


@router.post("/{agent_id}/let-go", dependencies=[MANAGES])
def let_go(page: OpenPage, now: Now, agent_id: AgentId) -> Response:
    """Keep somebody out; all their sign-ins end."""
    people.let_go(page.session, people.get(page.session, agent_id))
    _record(page, agent_id, "deactivated", now)
    return _changed(page, now, mark("Deactivated; all sign-ins have ended."))


@router.post("/{agent_id}/take-back", dependencies=[MANAGES])
def take_back(page: OpenPage, now: Now, agent_id: AgentId) -> Response:
    """Let somebody in again."""
    people.take_back(page.session, people.get(page.session, agent_id))
    _record(page, agent_id, "activated", now)
    return _changed(page, now, mark("Active again."))


@router.post("/{agent_id}/sessions/{handle}/end", dependencies=[MANAGES])
def end(page: OpenPage, now: Now, agent_id: AgentId, handle: Handle) -> Response:
    """End one of somebody's sign-ins."""
    agents.end_session(page.session, agent_id, handle)
    _record(page, agent_id, "sign-in ended", now)
    return _changed(page, now, mark("Ended."))


def _record(page: Page, agent_id: int, step: str, now: datetime) -> None:
    audit.record(page.session, page.agent, What.MANAGED, Kind.AGENT, str(agent_id), why=step, now=now)


def _changed(page: Page, now: datetime, said: str) -> Response:
    if not is_pane(page.request):
        return RedirectResponse("/console/people", 303)
    return _people(page, now, toast=page.say(said))


def _people(page: Page, now: datetime, *, start: tuple[str, str] | None = None, toast: str | None = None) -> Response:
    everybody = people.everybody(page.session)
    return page.show(
        "people/people.html",
        "people/_people.html",
        toast=toast,
        people=[(each, agents.sessions_of(page.session, each.id, now=now)) for each in everybody],
        start=start,
        roles=list(Role),
        actions=list(Action),
        allowed=PERMISSIONS,
        is_alarmed=guessing.is_alarmed(),
    )
