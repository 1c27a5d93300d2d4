"""Sign in and out, know who acts, see and end sessions, change one's password."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from pwdlib import PasswordHash
from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from backend.agents import rules
from backend.agents.models import Agent, AgentSession
from backend.agents.permissions import Action, Role, who_may
from backend.errors import BadPhone, Conflict, NotFound, NotSignedIn, Refused
from backend.outbox import service as outbox

FIRST_AGENT = "agent"
NOTED_EVERY = timedelta(minutes=1)
_hasher = PasswordHash.recommended()


def add(session: Session, username: str, password: str, *, name: str, role: Role | None = None, now: datetime) -> Agent:
    """Add an agent. Without a role the first of a house is its admin, and whoever follows an agent.

    Raises:
        Refused: username or password is not acceptable; the message says why.
        Conflict: the username is taken.
    """
    username = username.strip().lower()
    if flaw := rules.what_is_wrong(username, password):
        raise Refused(flaw.why, code=flaw.code)
    if session.scalar(select(Agent.id).where(Agent.username == username)):
        raise Conflict(f"There is an agent {username} already.", code="username_taken")
    agent = Agent(
        username=username,
        name=name.strip() or username,
        password_hash=_hasher.hash(password),
        role=role or (Role.ADMIN if _is_empty(session) else Role.AGENT),
        active=True,
        must_change_password=False,
        created_at=now,
    )
    session.add(agent)
    session.flush()
    return agent


def set_contact(session: Session, username: str, *, phone: str | None = None, email: str | None = None) -> Agent:
    """By which number and address an agent is reached; None leaves it as it is, an empty text takes it away.

    Raises:
        NotFound: there is no such agent.
        Refused: this is no number to call, or no address to mail to.
    """
    agent = session.scalar(select(Agent).where(Agent.username == username.strip().lower()))
    if agent is None:
        raise NotFound(f"There is no agent {username}.")
    if phone is not None:
        agent.phone = _checked_phone(phone)
    if email is not None:
        if email and not rules.is_email(email.strip()):
            raise Refused("This is no e-mail address.", code="email")
        agent.email = email.strip() or None
    session.flush()
    return agent


def _checked_phone(phone: str) -> str | None:
    if not phone.strip():
        return None
    try:
        return outbox.number(phone).e164
    except BadPhone as error:
        raise Refused(str(error), code="phone") from None


def active(session: Session, roles: Collection[Role]) -> Sequence[Agent]:
    """Agents of some roles who may sign in, in the order they came."""
    return session.scalars(_ACTIVE, {"roles": list(roles)}).all()


_ACTIVE = select(Agent).where(Agent.active, Agent.role.in_(bindparam("roles", expanding=True))).order_by(Agent.id)


def hold_turn(session: Session, agent_id: int) -> None:
    """Hold an agent's turn: until the end of this unit of work they take nothing in another window of theirs."""
    session.execute(_TURN, {"agent_id": agent_id})


_TURN = select(Agent.id).where(Agent.id == bindparam("agent_id")).with_for_update(key_share=True)


def sign_in(
    session: Session, username: str, password: str, *, now: datetime, device: str = "", address: str = ""
) -> tuple[Agent, str]:
    """Start a session; the token is returned once and stored only as a hash.

    Raises:
        NotSignedIn: unknown name or wrong password (the same answer, after the same work).
    """
    agent = session.scalar(select(Agent).where(Agent.username == username.strip().lower(), Agent.active))
    matches = _hasher.verify(password, agent.password_hash if agent else _nobody())
    if agent is None or not matches:
        raise NotSignedIn("Username or password is wrong.")
    session.execute(delete(AgentSession).where(AgentSession.created_at < now - rules.LONGEST))
    return agent, _start(session, agent, now, device, address)


def sign_out(session: Session, token: str) -> None:
    """End a session; an unknown token is no error."""
    session.execute(delete(AgentSession).where(AgentSession.token_hash == _hash(token)))


def by_token(session: Session, token: str, *, now: datetime) -> Agent:
    """The agent behind a session token; notes the time at most once a minute.

    Raises:
        NotSignedIn: unknown or ended.
    """
    found = _alive(session, token, now)
    if now - found.seen_at > NOTED_EVERY:
        found.seen_at = now
    return found.agent


def by_token_if_noted(session: Session, token: str, *, now: datetime) -> Agent | None:
    """Like `by_token`, for units of work that only read: None when the time is to be noted again.

    Raises:
        NotSignedIn: unknown or ended.
    """
    found = _alive(session, token, now)
    return found.agent if now - found.seen_at <= NOTED_EVERY else None


def signed_in(session: Session, tokens: Collection[str], *, now: datetime) -> dict[str, Agent]:
    """The agents behind those of some tokens that are valid, by token. A look is no sign of life: nothing is noted."""
    by_hash = {_hash(token): token for token in tokens}
    found = session.scalars(select(AgentSession).where(AgentSession.token_hash.in_(by_hash)))
    return {by_hash[each.token_hash]: each.agent for each in found if _is_alive(each, now)}


def _alive(session: Session, token: str, now: datetime) -> AgentSession:
    found = session.get(AgentSession, _hash(token))
    if found is None or not _is_alive(found, now):
        raise NotSignedIn
    return found


def _is_alive(found: AgentSession, now: datetime) -> bool:
    return found.agent.active and not rules.is_over(found.created_at, found.seen_at, now)


def change_password(session: Session, agent: Agent, old: str, new: str, *, token: str, now: datetime) -> str:
    """Give oneself another password. All sessions end; the present one goes on under the token returned.

    Raises:
        Refused: the old password is wrong, or the new one not acceptable; the code says which.
    """
    if not _hasher.verify(old, agent.password_hash):
        raise Refused("The present password is wrong.", code="password_wrong")
    flaw = rules.SAME if old == new else rules.what_is_wrong(agent.username, new)
    if flaw:
        raise Refused(flaw.why, code=flaw.code)
    present = session.get(AgentSession, _hash(token))
    device, address = (present.device, present.address) if present else ("", "")
    set_password(session, agent, new, must_change=False)
    return _start(session, agent, now, device, address)


def set_password(session: Session, agent: Agent, password: str, *, must_change: bool) -> None:
    """Store another password and end all sessions of its owner."""
    agent.password_hash, agent.must_change_password = _hasher.hash(password), must_change
    end_sessions(session, agent.id)


def sessions_of(session: Session, agent_id: int, *, now: datetime) -> Sequence[AgentSession]:
    """An agent's running sessions, the last seen first."""
    query = select(AgentSession).where(AgentSession.agent_id == agent_id).order_by(AgentSession.seen_at.desc())
    return [each for each in session.scalars(query) if not rules.is_over(each.created_at, each.seen_at, now)]


def handle_of(token: str) -> str:
    """The name on a page of the session with a token."""
    return _hash(token)[:16]


def end_session(session: Session, agent_id: int, handle: str) -> None:
    """End one session of an agent.

    Raises:
        NotFound: the agent has none by this handle; other people's do not count.
    """
    query = select(AgentSession).where(AgentSession.agent_id == agent_id, AgentSession.token_hash.startswith(handle))
    found = session.scalars(query).all()
    if len(handle) != 16 or len(found) != 1:
        raise NotFound("There is no such session; it may have ended already.", code="no_session")
    session.delete(found[0])
    session.flush()


def end_sessions(session: Session, agent_id: int, *, besides: str | None = None) -> None:
    """End all sessions of an agent, besides the one with a token."""
    query = delete(AgentSession).where(AgentSession.agent_id == agent_id)
    if besides is not None:
        query = query.where(AgentSession.token_hash != _hash(besides))
    session.execute(query)


def ensure_first_agent(session: Session, data_dir: Path, *, now: datetime) -> tuple[str, str] | None:
    """Make the first agent of an empty house and keep the login in `first-agent` (mode 0600) in the data directory.

    Returns that login as (username, password), also on later starts; None when the house has other agents only. A kept
    login that opens nothing any more, because its password was changed, is thrown away.
    """
    kept = data_dir / "first-agent"
    if _is_empty(session):
        password = secrets.token_urlsafe(12)
        add(session, FIRST_AGENT, password, name="001", now=now)
        data_dir.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(password)
    if not kept.exists():
        return None
    first = session.scalar(select(Agent).where(Agent.username == FIRST_AGENT))
    if first is None or not _hasher.verify(kept.read_text(), first.password_hash):
        kept.unlink()
        return None
    return FIRST_AGENT, kept.read_text()


def _start(session: Session, agent: Agent, now: datetime, device: str, address: str) -> str:
    token = secrets.token_urlsafe(32)
    session.add(
        AgentSession(
            token_hash=_hash(token),
            agent_id=agent.id,
            created_at=now,
            seen_at=now,
            device=device[:40],
            address=address[:45],
        )
    )
    session.flush()
    return token


def names_who_may(session: Session, action: Action) -> list[str]:
    """The names of the active agents whose role allows an action."""
    wanted = select(Agent.name).where(Agent.active, Agent.role.in_(who_may(action))).order_by(Agent.id)
    return list(session.scalars(wanted))


def _is_empty(session: Session) -> bool:
    return session.scalar(select(func.count()).select_from(Agent)) == 0


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@lru_cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))
