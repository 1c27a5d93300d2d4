"""What every page of the console shares: its language and theme, its templates, and how it tells an error.

A whole page and a pane of it come from the same routes: htmx asks for panes with the header `HX-Request`.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Annotated, Any
from urllib.parse import quote

import jinja2
import structlog
from fastapi import Depends
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from jinja2.environment import TemplateModule
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from backend.agents import permissions
from backend.agents.models import Agent
from backend.agents.permissions import Action
from backend.auth import CurrentAgent, Newcomer, current_agent, reading_agent
from backend.console import bits, labels, queries
from backend.console.assets import asset
from backend.console.customers import labels as privacy_labels
from backend.console.settings import labels as settings_labels
from backend.console.words import LANGUAGES, Catalogue, Language, Times, catalogue, mark
from backend.db import read_scope, session_scope
from backend.depends import Db, House, InHouse
from backend.errors import Forbidden, HotlineError, NotFound, NotSignedIn, Unavailable
from backend.escalations import service as escalations
from backend.kernel import phone

log = structlog.get_logger(__name__)

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "hotline_language"
THEME_COOKIE = "hotline_theme"
ACCOUNT = "/console/account"
THEMES = ("auto", "light", "dark")
VARIES = "HX-Request, Cookie, Accept-Encoding"
SMALL_BYTES = 2048
COMPRESSION = 4  # a page of 100 kB becomes 10 in half a millisecond

WHY = {
    "not_signed_in": mark("Username or password is wrong."),
    "too_many": mark("Too many attempts. Wait a few minutes and try again."),
    "not_found": mark("There is nothing under this address. It may have been moved or never existed."),
    "empty": mark("Write something first."),
    "on_the_phone": mark("Written words do not reach a telephone: speak there, and note here what matters."),
    "too_large": mark("This is too long: 4,000 characters at most."),
    "lapsed": mark("The hold on this window has run out."),
    "has_appointment": mark("A visit is agreed already: move that one."),
    "conflict": mark("Somebody else was faster. This is how it stands now."),
    "bad_status": mark("From its present status the ticket cannot take this step."),
    "no_reason": mark("Say what is waited for."),
    "not_running": mark("This promise does not run any more."),
    "not_marked": mark("Only what somebody has marked as kept can be taken back, while the ticket is open."),
    "running": mark("This promise runs already."),
    "promised_already": mark("The ticket has this promise already."),
    "past": mark("This time has passed already."),
    "closed": mark("The hotline is closed at that time."),
    "full": mark("This window is full."),
    "too_far": mark("That is too far ahead."),
    "too_late": mark("Too late to take this back."),
    "gone_on": mark("What follows from it has changed since; it cannot be taken back."),
    "left": mark("A text to the customer has left already; it cannot be taken back."),
    "too_short": mark("The number is too short: a mobile number has 11 digits, a landline needs its area code."),
    "too_long": mark("The number is too long: a mobile number has 11 digits."),
    "letters": mark("A telephone number has digits only."),
    "unknown": mark("There is no such number."),
    "premium": mark("A number that costs extra or belongs to a service is not called."),
    "foreign": mark("Numbers of that country are not called."),
    "short_code": mark("Short numbers are not called."),
    "own_number": mark("This is the hotline’s own number."),
    "forbidden": mark("This request does not come from the console. Reload the page and try again."),
    "nobody": mark("Choose a colleague or a group."),
    "no_wrap_up": mark("Say how it ended."),
    "danger": mark("Where people are in danger nothing is put aside."),
    "own_text": mark("Somebody else must approve what you wrote."),
    "outdated": mark("This has been changed meanwhile. Look at it and write it again."),
    "nothing_to_undo": mark("Nothing has been changed here."),
    "merge_same": mark("That is this very ticket."),
    "merge_closed": mark("Only open tickets are merged."),
    "merge_merged": mark("One of them has been merged already."),
    "merge_visit": mark("A visit is agreed for this ticket: merge the other one into it instead."),
    "unmerge_undone": mark("This merge has been taken back already."),
    "split_same": mark("That would be the same case. Choose another kind or another serial number."),
    "not_active": mark("This colleague does not work here any more."),
    "no_name": mark("Give it a name."),
    "too_many_filters": mark("You have 30 filters. Delete one first."),
    "unknown_region": mark("The address names no region, street or house we know."),
    "ticket_unknown": mark("There is no ticket of this number."),
    "role": mark("Your role does not allow this. Ask a manager or an administrator."),
    "no_why": mark("Say how the customer asked for it."),
    "asked_already": mark("The deletion has been asked for already."),
    "no_deletion": mark("There is no deletion to take back; it may have been carried out."),
    "not_a_draft": mark("This is no draft any more."),
    "password_wrong": mark("The present password is not right."),
    "password_short": mark("A password has at least 10 characters."),
    "password_name": mark("A password must not contain the username."),
    "password_simple": mark("A password has at least 4 different characters."),
    "password_same": mark("The new password must be another one."),
    "password_twice": mark("The two new passwords are not the same."),
    "username_bad": mark("A username has 2 to 40 of a–z, 0–9, dot, dash and underscore."),
    "username_taken": mark("Somebody has this username already."),
    "reply_title": mark("Give it a title of 40 characters at most."),
    "reply_text": mark("Write the words, 1,000 characters at most."),
    "reply_braces": mark("A brace stands alone. Variables are written as {name}, nothing more."),
    "reply_variable": mark("There is no such variable: those that can be put in are named beside."),
    "too_many_replies": mark("You have 50 replies of your own. Take one out first."),
    "only_admin": mark("This is the only administrator: make another one first."),
    "no_session": mark("This sign-in has ended already."),
    "unavailable": mark("The database is busy. Try again in a moment."),
    "malformed": mark("The form is incomplete. Check what you entered."),
}
OTHERWISE = mark("Something went wrong on our side. Nothing was changed; please try again.")


@cache
def templates(language: Language) -> jinja2.Environment:
    """The templates in one language. Everything put in is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # a row of a list would ask the disk for each part of it
        extensions=["jinja2.ext.i18n"],
    )
    words = catalogue(language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=True
    )
    environment.filters["mask"] = lambda number: phone.mask(number) if number else "—"
    environment.filters["discreet"] = discreet
    environment.globals |= {
        "asset": asset,
        "bits": bits,
        "labels": labels,
        "privacy_labels": privacy_labels,
        "settings_labels": settings_labels,
        "languages": LANGUAGES,
        "themes": THEMES,
    }
    return environment


_MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")


def discreet(text: str) -> str:
    """Somebody's words with the mobile numbers in them masked, for lists read in passing."""
    return _MOBILE.sub(r"\1****\2", text)


def language_of(request: Request) -> Language:
    """The language an agent has chosen; Chinese before that."""
    return "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "zh"


def is_pane(request: Request) -> bool:
    """Whether htmx asks for a part of the page."""
    return request.headers.get("hx-request") == "true"


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Fill a template in. Works without anybody signed in."""
    house: House = request.app.state.house
    language = language_of(request)
    theme = request.cookies.get(THEME_COOKIE, "auto")
    shared = {
        "language": language,
        "theme": theme if theme in THEMES else "auto",
        "path": request.url.path,
        "plays_calls": house.settings.carrier == "console",
        "times": Times(house.reference.calendar, language, house.clock.now()),
        "agent": None,
        "may": lambda _action: False,
        "waiting": 0,
        "alerts": 0,
        "alarms": [],
    }
    html = templates(language).get_template(template).render(shared | context)
    return compressed(request, HTMLResponse(html, status, headers={"cache-control": "no-store", "vary": VARIES}))


def compressed(request: Request, answer: HTMLResponse) -> HTMLResponse:
    """A page as small as its browser can read it. Pages hold no secret that somebody could guess at by their size."""
    if "gzip" not in request.headers.get("accept-encoding", "") or len(answer.body) < SMALL_BYTES:
        return answer
    answer.body = gzip.compress(answer.body, compresslevel=COMPRESSION, mtime=0)
    answer.headers["content-encoding"] = "gzip"
    answer.headers["content-length"] = str(len(answer.body))
    return answer


def fragment(template: str, macro: str, house: House, language: Language, now: datetime, **given: Any) -> str:
    """What a macro of a template writes: a part of a page that is the same for whoever reads a language."""
    times = Times(house.reference.calendar, language, now)
    written: str = getattr(_macros(language, template), macro)(times=times, language=language, **given)
    return written


@cache
def _macros(language: Language, template: str) -> TemplateModule:
    return templates(language).get_template(template).module


@dataclass
class Page:
    """A signed-in agent's request, with what is needed to answer it."""

    request: Request
    house: House
    agent: Agent
    session: Session
    words: Catalogue = field(init=False)

    def __post_init__(self) -> None:
        self.words = catalogue(language_of(self.request))

    def may(self, action: Action | str) -> bool:
        """Whether the agent's role allows an action, for templates that offer it."""
        return permissions.may(self.agent.role, Action(action))

    def say(self, message: str, **values: object) -> str:
        """A message in the agent's language."""
        return self.words.gettext(message).format(**values)

    def show(self, whole: str, pane: str | None = None, *, toast: str | None = None, **context: Any) -> HTMLResponse:
        """A whole page, or its pane when htmx asks; with a short notice if something was done."""
        wanted = pane if pane and is_pane(self.request) else whole
        around = {} if PurePosixPath(wanted).name.startswith("_") else self._around()
        answer = render(self.request, wanted, agent=self.agent, may=self.may, **around, **context)
        return with_toast(answer, toast) if toast else answer

    def _around(self) -> dict[str, Any]:
        """What stands around every whole page."""
        return {
            "waiting": queries.waiting(self.session),
            "alerts": escalations.count_for(self.session, self.agent),
            "alarms": escalations.alarms(self.session),
        }


def open_page(request: Request, agent: CurrentAgent, session: Db) -> Page:
    """The page of whoever is signed in.

    Raises:
        NotSignedIn: nobody is.
    """
    return Page(request, request.app.state.house, agent, session)


def open_newcomers_page(request: Request, agent: Newcomer, session: Db) -> Page:
    """Like `open_page`, also with a start password: for the page that changes it.

    Raises:
        NotSignedIn: nobody is signed in.
    """
    return Page(request, request.app.state.house, agent, session)


def open_reading_page(request: Request, house: InHouse) -> Iterator[Page]:
    """Like `open_page`, for what only reads: no lock on writing is held, nor waited for more than once a minute.

    Raises:
        NotSignedIn: nobody is signed in.
    """
    now = house.clock.now()
    with read_scope(house.sessions) as session:
        if agent := reading_agent(request, session, now):
            yield Page(request, house, agent, session)
            return
    with session_scope(house.sessions) as session:
        agent = current_agent(request, session, now)
    with read_scope(house.sessions) as session:
        yield Page(request, house, agent, session)


NewcomersPage = Annotated[Page, Depends(open_newcomers_page)]
OpenPage = Annotated[Page, Depends(open_page)]
ReadPage = Annotated[Page, Depends(open_reading_page, scope="function")]


def opens_for(action: Action) -> Any:
    """A dependency of pages that are read by some roles only.

    Raises (when a request comes in):
        NotSignedIn: nobody is signed in.
        Forbidden: the role does not allow it.
    """

    def check(page: ReadPage) -> None:
        permissions.require(page.agent.role, action)

    check.action = action  # type: ignore[attr-defined]
    return Depends(check)


def with_toast(response: HTMLResponse, text: str, tone: str = "green") -> HTMLResponse:
    """Let the page show a short notice when this answer arrives."""
    response.headers["x-toast"] = f"{tone};{quote(text)}"
    return response


def explain(error: Exception, language: Language) -> str:
    """An error as an agent reads it. A message already in the agent's language goes through (code `told`)."""
    if isinstance(error, HotlineError):
        if error.reason == "told":
            return str(error)
        code = error.reason if error.reason in WHY else type(error).code
    elif isinstance(error, HTTPException):
        code = {404: "not_found", 405: "not_found", 413: "too_large"}.get(error.status_code, "internal")
    else:
        code = "malformed" if isinstance(error, RequestValidationError) else "internal"
    return catalogue(language).gettext(WHY.get(code, OTHERWISE))


def tell(request: Request, error: Exception) -> Response:
    """An error as the console tells it: the sign-in page, a notice over the open page, or a page of its own."""
    if isinstance(error, RequestValidationError) and all(each["loc"][0] == "path" for each in error.errors()):
        error = NotFound()  # an address nobody has given out
    status = error.status if isinstance(error, HotlineError) else getattr(error, "status_code", 422)
    if isinstance(error, NotSignedIn):
        if is_pane(request):
            return Response(status_code=401, headers={"HX-Redirect": "/console/"})
        here = request.url.path if request.method == "GET" else "/console/"
        status = (
            200 if request.method == "GET" and here == "/console/" else 401
        )  # the front door is a page, whoever comes
        return render(request, "sign_in.html", status=status, next=here, username="", problem=None)
    if isinstance(error, Forbidden) and error.reason == "start_password":
        to = {"HX-Redirect": ACCOUNT} if is_pane(request) else {"location": ACCOUNT}
        return Response(status_code=403 if is_pane(request) else 303, headers=to)
    text = explain(error, language_of(request))
    if is_pane(request):
        return with_toast(HTMLResponse("", status), text, "red")
    return render(request, "message.html", status=status, text=text, missing=isinstance(error, NotFound))


def tell_unforeseen(request: Request, error: Exception) -> Response:
    """A fault of ours: logged whole, told without details."""
    log.error("unforeseen error", exc_info=error)
    return tell(request, HotlineError())


def tell_busy(request: Request, error: Exception) -> Response:
    """The database is away or too busy."""
    log.error("database error", kind=type(error).__name__)
    return tell(request, Unavailable())


TOLD = {
    **dict.fromkeys((HotlineError, HTTPException, RequestValidationError), tell),
    **dict.fromkeys((DBAPIError, PoolTimeout), tell_busy),
    Exception: tell_unforeseen,
}


class ConsoleRoute(APIRoute):
    """A route whose errors are told as pages. They still roll the unit of work back: it ends before they are told."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        handlers, by_status = scope.get("starlette.exception_handlers", ({}, {}))
        scope["starlette.exception_handlers"] = ({**handlers, **TOLD}, by_status)
        await super().handle(scope, receive, send)
