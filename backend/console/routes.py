"""The console's pages, gathered: sign-in and preferences here, the rest in a folder for each noun."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from backend import guessing
from backend.agents import rules
from backend.agents import service as agents
from backend.auth import check_same_origin, cookie_name, set_cookie
from backend.console import assets, escalations, reviews
from backend.console.calls import callbacks, calling, followups, incoming, phone
from backend.console.customers import line
from backend.console.customers import routes as customers
from backend.console.dashboard import routes as dashboard
from backend.console.inbox import holding, pictures, watching
from backend.console.inbox import routes as inbox
from backend.console.live import stream
from backend.console.outbox import routes as outbox
from backend.console.page import (
    LANGUAGE_COOKIE,
    THEME_COOKIE,
    THEMES,
    ConsoleRoute,
    explain,
    language_of,
    render,
)
from backend.console.people import account, audit, replies
from backend.console.people import routes as people
from backend.console.schedule import appointments
from backend.console.schedule import routes as schedule
from backend.console.settings import calendar, entries, shifts, templates
from backend.console.settings import routes as settings
from backend.console.tickets import listing, work
from backend.console.tickets import routes as tickets
from backend.console.words import LANGUAGES
from backend.db import session_scope
from backend.depends import House, InHouse
from backend.errors import NotFound, NotSignedIn, TooMany

router = APIRouter(prefix="/console", tags=["console"], include_in_schema=False, route_class=ConsoleRoute)

A_YEAR = 365 * 24 * 3600
GoOn = Annotated[str, Form(alias="next", max_length=200)]


class Files(StaticFiles):
    """Static files: kept for good when asked for by the hash of their content, else asked about each time."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path == assets.FRAMEWORK:
            response: Response = Response(assets.framework(), media_type="text/css")
        else:
            response = await super().get_response(path, scope)
        by_hash = b"v=" in scope.get("query_string", b"")
        response.headers["cache-control"] = f"public, max-age={A_YEAR}, immutable" if by_hash else "no-cache"
        return response


def static_files(folder: Path) -> ASGIApp:
    """The console's static files, compressed, with cache headers."""
    return GZipMiddleware(Files(directory=folder), minimum_size=1024)


def inside(address: str) -> str:
    """An address to go back to, if it is one of the console's own; else its front door."""
    return address if address.startswith("/console/") and "//" not in address and "\\" not in address else "/console/"


@router.post("/sign-in")
def sign_in(
    request: Request,
    house: InHouse,
    username: Annotated[str, Form(max_length=60)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    go_on: GoOn = "/console/",
) -> Response:
    """Start a session; a wrong password or too many attempts are told on the page itself."""
    check_same_origin(request)
    try:
        with guessing.slowed(request, house, username):
            token = _start_session(request, house, username, password)
    except (NotSignedIn, TooMany) as error:
        problem = explain(error, language_of(request))
        return render(
            request, "sign_in.html", status=error.status, next=inside(go_on), username=username, problem=problem
        )
    response = RedirectResponse(inside(go_on), 303)
    set_cookie(response, house, token)
    guessing.mark(response, house, username.strip().lower())
    return response


def _start_session(request: Request, house: House, username: str, password: str) -> str:
    """A session under a fresh token; a former one of this browser ends."""
    with session_scope(house.sessions) as session:
        _agent, token = agents.sign_in(
            session,
            username,
            password,
            now=house.clock.now(),
            device=rules.device_of(request.headers.get("user-agent", "")),
            address=guessing.address_of(request),
        )
        if former := request.cookies.get(cookie_name(house)):
            agents.sign_out(session, former)
        return token


@router.get("/sign-in")
def sign_in_again() -> Response:
    """The address a failed sign-in leaves in the browser, opened anew."""
    return RedirectResponse("/console/", 303)


@router.post("/sign-out")
def sign_out(request: Request, house: InHouse) -> Response:
    """End the session."""
    check_same_origin(request)
    if token := request.cookies.get(cookie_name(house)):
        with session_scope(house.sessions) as session:
            agents.sign_out(session, token)
    response = RedirectResponse("/console/", 303)
    response.delete_cookie(cookie_name(house), path="/")
    return response


@router.post("/preferences")
def prefer(
    request: Request,
    house: InHouse,
    language: Annotated[str, Form(max_length=8)] = "",
    theme: Annotated[str, Form(max_length=8)] = "",
    go_on: GoOn = "/console/",
) -> Response:
    """Keep the language or the theme in a cookie, and go back to the page."""
    check_same_origin(request)
    response = RedirectResponse(inside(go_on), 303)
    secure = cookie_name(house).startswith("__Host-")
    for cookie, value, known in ((LANGUAGE_COOKIE, language, LANGUAGES), (THEME_COOKIE, theme, THEMES)):
        if value in known:
            response.set_cookie(
                cookie, value, max_age=A_YEAR, path="/console", samesite="lax", httponly=True, secure=secure
            )
    return response


for part in (
    incoming,
    pictures,
    inbox,
    holding,
    watching,
    line,
    listing,
    work,
    tickets,
    appointments,
    callbacks,
    calling,
    followups,
    escalations,
    outbox,
    reviews,
    schedule,
    templates,
    calendar,
    dashboard,
    account,
    replies,
    people,
    phone,
    audit,
    settings,
    entries,
    shifts,
    customers,
    stream,
):
    router.include_router(part.router)
router.include_router(appointments.on_ticket)


@router.get("/{page:path}")
def no_such_page(page: str) -> Response:
    """Whatever else is asked for under /console/, the addresses of forms by their names too."""
    raise NotFound(f"The console has no page {page[:40]!r}.")
