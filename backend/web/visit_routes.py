"""`/v/{token}`: a visit's page for its customer, without sign-in and without JavaScript.

Looking changes nothing, whoever looks: mail scanners and previews only ever GET and HEAD. A change is a POST from the
page itself, made on the version it showed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import jinja2
from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import AwareDatetime
from sqlalchemy.orm import Session

from backend import limits
from backend.appointments import offering
from backend.appointments import service as appointments
from backend.appointments.calendar_file import calendar_file
from backend.appointments.links import Links
from backend.appointments.models import Appointment
from backend.appointments.rules import AGREED, Status
from backend.auth import check_same_origin
from backend.callbacks import visits
from backend.db import session_scope
from backend.depends import House, InHouse, Now, ReadDb, Ref
from backend.errors import BadTime, Conflict, NotFound, TooMany
from backend.kernel.window import Window
from backend.reference import Reference
from backend.web.routes import STYLES, Encodings, Tag, answer
from backend.web.visit_view import Look, is_over, look, masked_address
from backend.web.visit_words import WORDS

HERE = Path(__file__).resolve().parent
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
SAID = ("confirmed", "moved", "cancelled", "taken", "changed", "busy")

router = APIRouter(include_in_schema=False)
Lang = Annotated[str, Query(max_length=8)]
Said = Annotated[str, Query(max_length=12)]
View = Literal["visit", "times", "cancel"]


@router.api_route("/visit.css", methods=["GET", "HEAD"])
def visit_css(if_none_match: Tag = None, accept_encoding: Encodings = None) -> Response:
    """The page's look."""
    return answer("visit.css", STYLES, if_none_match, accept_encoding, {})


@router.api_route("/v/{token}", methods=["GET", "HEAD"])
def page(
    token: str, session: ReadDb, now: Now, reference: Ref, house: InHouse, lang: Lang = "", said: Said = ""
) -> Response:
    """The visit as it stands."""
    return _show(session, token, "visit", lang, reference, house, now, said=said)


@router.api_route("/v/{token}/times", methods=["GET", "HEAD"])
def times(
    token: str, session: ReadDb, now: Now, reference: Ref, house: InHouse, lang: Lang = "", said: Said = ""
) -> Response:
    """The windows it can be moved to."""
    return _show(session, token, "times", lang, reference, house, now, said=said)


@router.api_route("/v/{token}/cancel", methods=["GET", "HEAD"])
def ask_cancel(token: str, session: ReadDb, now: Now, reference: Ref, house: InHouse, lang: Lang = "") -> Response:
    """Whether to call it off indeed."""
    return _show(session, token, "cancel", lang, reference, house, now)


@router.api_route("/v/{token}/visit.ics", methods=["GET", "HEAD"])
def file(token: str, session: ReadDb, now: Now, reference: Ref, house: InHouse) -> Response:
    """The visit for a calendar; one that was called off takes its entry back."""
    try:
        visit = _visit(session, token, reference, house, now)
    except NotFound:
        return _render(404, "", visit=None)
    body = calendar_file(visit, masked_address(visit.ticket.address))
    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="visit.ics"'}
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


@router.post("/v/{token}")
def change(
    request: Request,
    token: str,
    house: InHouse,
    action: Annotated[Literal["confirm", "move", "cancel"], Form()],
    version: Annotated[int, Form(ge=0)],
    start: Annotated[AwareDatetime | None, Form()] = None,
    end: Annotated[AwareDatetime | None, Form()] = None,
    lang: Lang = "",
) -> Response:
    """Confirm, move or call off; then back to the page, which says what came of it."""
    check_same_origin(request)
    language = "en" if lang == "en" else "zh"
    now = house.clock.now()
    window = Window(start, end) if start and end else None
    goes_to = token
    try:
        appointment_id = Links.of(house).appointment_id(token)
        limits.hit(limits.CHANGES_OF_A_VISIT, "visit", str(appointment_id))
        with session_scope(house.sessions) as session:
            visit = _visit(session, token, house.reference, house, now)
            goes_to, said = _apply(session, visit, action, window, version, house, now)
    except NotFound:
        return _render(404, language, visit=None)
    except TooMany:
        said = "busy"
    except BadTime:
        return RedirectResponse(f"/v/{token}/times?lang={language}&said=taken", 303, headers=HEADERS)
    except Conflict:
        said = "changed"
    house.bus.publish("desk", appointments="changed")
    return RedirectResponse(f"/v/{goes_to}?lang={language}&said={said}", 303, headers=HEADERS)


def _apply(
    session: Session,
    visit: Appointment,
    action: str,
    window: Window | None,
    version: int,
    house: House,
    now: datetime,
) -> tuple[str, str]:
    """The change; returns whose page to show then, and what to say there.

    Raises:
        BadTime: the window cannot be had.
        Conflict: the visit has been changed since the page was shown, or allows this no more.
    """
    links, reference, who = Links.of(house), house.reference, appointments.CUSTOMER
    if visit.version != version:
        raise Conflict
    may = _look(visit, now)
    if action == "confirm" and may.may_confirm:
        if visit.status is Status.HELD:
            visits.agree(
                session,
                visit.id,
                who=who,
                customer_asked=True,
                tell=True,
                reference=reference,
                links=links,
                now=now,
            )
        appointments.customer_confirms(session, visit.id, reference=reference, now=now)
        return links.token(visit.id), "confirmed"
    if action == "cancel" and may.may_cancel:
        appointments.cancel(session, visit.id, who=who, version=version, reference=reference, now=now)
        return links.token(visit.id), "cancelled"
    if action == "move" and may.may_choose and window is not None:
        if visit.status in AGREED:
            moved = appointments.move(
                session, visit.id, window, who=who, version=version, reference=reference, links=links, now=now
            )
        else:
            held = appointments.hold(session, visit.ticket, window, who=who, reference=reference, now=now)
            moved, _given_up = visits.agree(
                session, held.id, who=who, customer_asked=True, tell=True, reference=reference, links=links, now=now
            )
        return links.token(moved.id), "moved"
    raise Conflict


def _visit(session: Session, token: str, reference: Reference, house: House, now: datetime) -> Appointment:
    """Whose page that is.

    Raises:
        NotFound: we have not signed this, or it is too old.
    """
    visit = appointments.get(session, Links.of(house).appointment_id(token))
    if is_over(visit.window_end, now, timedelta(days=reference.appointments.link_days)):
        raise NotFound
    return visit


def _look(visit: Appointment, now: datetime) -> Look:
    return look(visit.status, visit.ticket.status, visit.window_end, visit.held_until, now)


def _show(
    session: Session,
    token: str,
    view: View,
    lang: str,
    reference: Reference,
    house: House,
    now: datetime,
    *,
    said: str = "",
) -> Response:
    try:
        visit = _visit(session, token, reference, house, now)
    except NotFound:
        return _render(404, lang, visit=None)
    may = _look(visit, now)
    if (view == "times" and not may.may_choose) or (view == "cancel" and not may.may_cancel):
        view = "visit"
    language = lang if lang in WORDS else visit.ticket.language
    window = appointments.words_of(appointments.window_of(visit), reference, now).in_language(language)
    return _render(
        200,
        language,
        visit=visit,
        token=token,
        look=may,
        view=view,
        said=said if said in SAID else "",
        window=window,
        address=masked_address(visit.ticket.address),
        days=_days(session, visit, language, reference, now) if view == "times" else {},
    )


def _days(
    session: Session, visit: Appointment, language: str, reference: Reference, now: datetime
) -> dict[str, list[dict[str, Any]]]:
    """The windows to choose from, by day; the one that stands already is left out."""
    found = offering.offers_for(session, visit.ticket, reference=reference, now=now, besides=visit.id)
    stands = appointments.window_of(visit) if visit.status in AGREED else None
    days: dict[str, list[dict[str, Any]]] = {}
    for each in sorted(found.windows):
        if each == stands:
            continue
        words = each.words(reference.calendar, language)
        day, _, hours = words.rpartition("）" if language != "en" else ", ")
        day = f"{day}）" if language != "en" else day
        inside = each in found.windows[: found.inside]
        if len(days) < DAYS_SHOWN or day in days:
            days.setdefault(day, []).append({"start": each.start, "end": each.end, "words": hours, "inside": inside})
    return days


DAYS_SHOWN = 6


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("visit.html")


def _render(status: int, language: str, **context: Any) -> HTMLResponse:
    language = "en" if language == "en" else "zh"
    html = _template().render(language=language, words=WORDS[language], **context)
    return HTMLResponse(html, status, headers=HEADERS)
