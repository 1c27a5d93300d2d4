"""Who is at the desk: add people, give roles and start passwords, let them go and come back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.agents import rules, service
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.errors import Conflict, NotFound

# Letters and digits that cannot be taken for one another when read out over the telephone.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def everybody(session: Session) -> Sequence[Agent]:
    """All agents, those at work first."""
    return session.scalars(select(Agent).order_by(Agent.active.desc(), Agent.username)).all()


def get(session: Session, agent_id: int) -> Agent:
    """An agent, locked against other changes until the unit of work ends.

    Raises:
        NotFound: there is none of that number.
    """
    agent = session.scalar(select(Agent).where(Agent.id == agent_id).with_for_update())
    if agent is None:
        raise NotFound("There is no such agent.")
    return agent


def by_username(session: Session, username: str) -> Agent:
    """An agent by what they type to sign in, locked like `get`.

    Raises:
        NotFound: there is none of that name.
    """
    agent = session.scalar(select(Agent).where(Agent.username == username.strip().lower()).with_for_update())
    if agent is None:
        raise NotFound(f"There is no agent {username}.")
    return agent


def add(session: Session, username: str, *, name: str, role: Role | None = None, now: datetime) -> tuple[Agent, str]:
    """Add an agent with a start password, returned this once; the first sign-in must change it.

    Raises:
        Refused: the username is not acceptable.
        Conflict: it is taken.
    """
    password = _start_password(username)
    agent = service.add(session, username, password, name=name, role=role, now=now)
    agent.must_change_password = True
    session.flush()
    return agent, password


def give_start_password(session: Session, agent: Agent) -> str:
    """A start password for somebody who has lost theirs, returned this once. Their sessions end."""
    password = _start_password(agent.username)
    service.set_password(session, agent, password, must_change=True)
    session.flush()
    return password


def give_role(session: Session, agent: Agent, role: Role) -> None:
    """Let an agent have another role, from their next click on.

    Raises:
        Conflict: they are the only admin: nobody could give roles any more.
    """
    if role is not Role.ADMIN:
        _refuse_for_last_admin(session, agent)
    agent.role = role
    session.flush()


def let_go(session: Session, agent: Agent) -> None:
    """Keep an agent out from now on: all their sessions end. What they did stays under their name.

    Raises:
        Conflict: they are the only admin.
    """
    _refuse_for_last_admin(session, agent)
    agent.active = False
    service.end_sessions(session, agent.id)
    session.flush()


def take_back(session: Session, agent: Agent) -> None:
    """Let an agent in again, with the password they had."""
    agent.active = True
    session.flush()


def _refuse_for_last_admin(session: Session, agent: Agent) -> None:
    admins = select(Agent.id).where(Agent.role == Role.ADMIN, Agent.active).with_for_update()
    if agent.role is Role.ADMIN and agent.active and set(session.scalars(admins)) <= {agent.id}:
        raise Conflict(f"{agent.username} is the only admin: make another one first.", code="only_admin")


def _start_password(username: str) -> str:
    """Sixteen characters in groups of four, about 79 bits; anew should it hold a very short username."""
    name = username.strip().lower()
    while True:
        password = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
        if name not in password or not rules.USERNAME.fullmatch(name):
            return password
