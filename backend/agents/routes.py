"""Sign in and out over JSON; the console's pages use the same service."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from backend import guessing
from backend.agents import rules, service
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
    must_change_password: bool


@router.post("")
def sign_in(request: Request, response: Response, form: SignIn, session: Db, now: Now, house: InHouse) -> SignedIn:
    """Start a session under a fresh token, kept in an http-only cookie; a former session of this browser ends."""
    check_same_origin(request)
    with guessing.slowed(request, house, form.username):
        agent, token = service.sign_in(
            session,
            form.username,
            form.password,
            now=now,
            device=rules.device_of(request.headers.get("user-agent", "")),
            address=guessing.address_of(request),
        )
    if former := request.cookies.get(cookie_name(house)):
        service.sign_out(session, former)
    set_cookie(response, house, token)
    guessing.mark(response, house, agent.username)
    return SignedIn(
        username=agent.username, name=agent.name, role=agent.role, must_change_password=agent.must_change_password
    )


@router.delete("", status_code=204)
def sign_out(request: Request, response: Response, session: Db, house: InHouse) -> None:
    """End the session."""
    check_same_origin(request)
    if token := request.cookies.get(cookie_name(house)):
        service.sign_out(session, token)
    response.delete_cookie(cookie_name(house), path="/")
