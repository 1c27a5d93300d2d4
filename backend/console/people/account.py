"""One's own account: the password, and where one is signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Path
from starlette.responses import RedirectResponse, Response

from backend.agents import service as agents
from backend.auth import set_cookie, token_of
from backend.console.page import (
    ACCOUNT,
    ConsoleRoute,
    NewcomersPage,
    OpenPage,
    Page,
    explain,
    is_pane,
    language_of,
    render,
)
from backend.console.words import mark
from backend.depends import Now
from backend.errors import Refused

router = APIRouter(prefix="/account", route_class=ConsoleRoute)

Password = Annotated[str, Form(max_length=200)]
Handle = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]


@router.get("")
def show(page: NewcomersPage, now: Now) -> Response:
    """The account; with a start password, nothing but its change."""
    return _shown(page, now)


@router.post("/password")
def change_password(
    page: NewcomersPage, now: Now, present: Password = "", wanted: Password = "", again: Password = ""
) -> Response:
    """Change one's own password. Every other sign-in ends, and this one goes on under a fresh token."""
    if wanted != again:
        return _refused(page, now, Refused(code="password_twice"))
    try:
        token = agents.change_password(page.session, page.agent, present, wanted, token=token_of(page.request), now=now)
    except Refused as error:
        return _refused(page, now, error)
    response = RedirectResponse(f"{ACCOUNT}?changed=1", 303)
    set_cookie(response, page.house, token)
    return response


@router.post("/sessions/{handle}/end")
def end(page: OpenPage, now: Now, handle: Handle) -> Response:
    """End one of one's own sign-ins."""
    agents.end_session(page.session, page.agent.id, handle)
    return _ended(page, now)


@router.post("/sessions/end-others")
def end_others(page: OpenPage, now: Now) -> Response:
    """End all of one's own sign-ins but this."""
    agents.end_sessions(page.session, page.agent.id, besides=token_of(page.request))
    return _ended(page, now)


def _refused(page: Page, now: datetime, error: Refused) -> Response:
    return _shown(page, now, problem=explain(error, language_of(page.request)), status=422)


def _ended(page: Page, now: datetime) -> Response:
    if not is_pane(page.request):
        return RedirectResponse(ACCOUNT, 303)
    return _shown(page, now, toast=page.say(mark("Ended.")))


def _shown(
    page: Page, now: datetime, *, problem: str | None = None, status: int = 200, toast: str | None = None
) -> Response:
    if page.agent.must_change_password:
        return render(
            page.request, "people/start_password.html", status=status, problem=problem, username=page.agent.username
        )
    if page.request.query_params.get("changed"):
        toast = page.say(mark("Your password is changed. Your other sign-ins have ended."))
    answer = page.show(
        "people/account.html",
        "people/_account.html",
        problem=problem,
        notice=toast if not is_pane(page.request) else None,
        toast=toast if is_pane(page.request) else None,
        sessions=agents.sessions_of(page.session, page.agent.id, now=now),
        present=agents.handle_of(token_of(page.request)),
    )
    answer.status_code = status
    return answer
