"""Who is asking: the agent behind a cookie, and whether the request comes from our own pages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Response
from sqlalchemy.orm import Session
from starlette.requests import HTTPConnection

from backend.agents import permissions, rules, service
from backend.agents.models import Agent
from backend.agents.permissions import Action
from backend.depends import Db, House, Now
from backend.errors import Forbidden, NotSignedIn

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def cookie_name(house: House) -> str:
    """`__Host-` binds the cookie to this host; browsers accept that prefix on https only."""
    return "__Host-hotline" if house.settings.is_https else "hotline"


def set_cookie(response: Response, house: House, token: str) -> None:
    name = cookie_name(house)
    response.set_cookie(
        name,
        token,
        max_age=int(rules.LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=name.startswith("__Host-"),
        path="/",
    )


def check_same_origin(connection: HTTPConnection) -> None:
    """Refuse a state-changing or live request that another site's page made (CSRF).

    Browsers send Sec-Fetch-Site or Origin with these; programs send neither and hold no cookie by accident.

    Raises:
        Forbidden: the request comes from another origin.
    """
    if connection.scope["type"] == "http" and connection.scope["method"] in SAFE_METHODS:
        return
    site = connection.headers.get("sec-fetch-site")
    origin = connection.headers.get("origin")
    if site is not None and connection.scope["type"] == "http":
        foreign = site not in ("same-origin", "none")
    else:
        foreign = origin is not None and urlsplit(origin).netloc != connection.headers.get("host")
    if foreign:
        raise Forbidden("This request comes from another site.")


def token_of(connection: HTTPConnection) -> str:
    """The session token of the caller's cookie.

    Raises:
        NotSignedIn: there is none.
    """
    token = connection.cookies.get(cookie_name(connection.app.state.house))
    if not token:
        raise NotSignedIn
    return token


def reading_agent(connection: HTTPConnection, session: Session, now: datetime) -> Agent | None:
    """Like `current_agent`, for units of work that only read: None when the agent's sign of life is to be noted first.

    Raises:
        NotSignedIn: no session, or it has ended.
        Forbidden: another site's page made the request, or a start password is still to be changed.
    """
    check_same_origin(connection)
    agent = service.by_token_if_noted(session, token_of(connection), now=now)
    return _settled_in(agent) if agent else None


def newcomer(connection: HTTPConnection, session: Db, now: Now) -> Agent:
    """The signed-in agent, even with a start password: only for the page that changes it.

    Raises:
        NotSignedIn: no session, or it has ended.
        Forbidden: another site's page made the request.
    """
    check_same_origin(connection)
    return service.by_token(session, token_of(connection), now=now)


def current_agent(connection: HTTPConnection, session: Db, now: Now) -> Agent:
    """The signed-in agent.

    Raises:
        NotSignedIn: no session, or it has ended.
        Forbidden: another site's page made the request, or a start password is still to be changed.
    """
    return _settled_in(newcomer(connection, session, now))


def _settled_in(agent: Agent) -> Agent:
    if agent.must_change_password:
        raise Forbidden("Change your start password first, at /console/account.", code="start_password")
    return agent


CurrentAgent = Annotated[Agent, Depends(current_agent)]
Newcomer = Annotated[Agent, Depends(newcomer)]


def needs(action: Action) -> Any:
    """A dependency that lets only agents pass whose role allows an action.

    Raises (when a request comes in):
        NotSignedIn: nobody is signed in.
        Forbidden: the role does not allow it.
    """

    def check(agent: CurrentAgent) -> None:
        permissions.require(agent.role, action)

    check.action = action  # type: ignore[attr-defined]
    return Depends(check)
