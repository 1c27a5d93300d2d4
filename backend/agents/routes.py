"""Sign in and out over JSON; the console's pages use the same service."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from backend import limits
from backend.agents import service
from backend.agents.permissions import Role
from backend.auth import check_same_origin, cookie_name, set_cookie
from backend.depends import Db, InHouse, Now

router = APIRouter(prefix="/api/session", tags=["agents"])


class SignIn(BaseModel):
    """Credentials of an agent."""

    username: str = Field(max_length=60)
    password: str = Field(max_length=200)


class SignedIn(BaseModel):
    """Who has signed in."""

    username: str
    name: str
    role: Role


def count_attempt(request: Request, username: str) -> None:
    """Slow guessing down; counted by address, so that nobody can lock another person out."""
    address = request.client.host if request.client else "unknown"
    limits.hit(limits.SIGN_IN_BY_ADDRESS, "sign-in", address)
    limits.hit(limits.SIGN_IN_BY_NAME, "sign-in", address, username.strip().lower())


@router.post("")
def sign_in(request: Request, response: Response, form: SignIn, session: Db, now: Now, house: InHouse) -> SignedIn:
    """Start a session; it is kept in an http-only cookie."""
    check_same_origin(request)
    count_attempt(request, form.username)
    agent, token = service.sign_in(session, form.username, form.password, now=now)
    set_cookie(response, house, token)
    return SignedIn(username=agent.username, name=agent.name, role=agent.role)


@router.delete("", status_code=204)
def sign_out(request: Request, response: Response, session: Db, house: InHouse) -> None:
    """End the session."""
    check_same_origin(request)
    if token := request.cookies.get(cookie_name(house)):
        service.sign_out(session, token)
    response.delete_cookie(cookie_name(house), path="/")
