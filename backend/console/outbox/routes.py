"""Everything that leaves the house, and what a person must decide about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query
from starlette.responses import HTMLResponse, RedirectResponse, Response

from backend.agents.permissions import Action
from backend.auth import needs
from backend.console import queries
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, is_pane, with_toast
from backend.console.words import mark
from backend.depends import Now
from backend.errors import Conflict
from backend.outbox import deciding, service
from backend.outbox.models import OutboxDecision, OutboxMessage
from backend.outbox.rules import FELL, LEFT, WAITING, OutboxKind, Status, Verdict
from telephony import sms

router = APIRouter(route_class=ConsoleRoute)

TOO_LATE = mark("Somebody else was faster. This is how it stands now.")
SAID = {
    Verdict.AGAIN: mark("It leaves as soon as hours and number allow."),
    Verdict.DROP: mark("Dropped."),
}


class State(StrEnum):
    """What to show of the outbox."""

    ALL = "all"
    ATTENTION = "attention"
    WAITING = "waiting"
    LEFT = "left"
    FELL = "fell"


STATUSES: dict[State, frozenset[Status]] = {
    State.ALL: frozenset(),
    State.WAITING: WAITING,
    State.LEFT: LEFT,
    State.FELL: FELL | {Status.UNKNOWN},
}


@dataclass(frozen=True)
class Shown:
    """A row as the page shows it."""

    text: OutboxMessage
    words: str
    segments: int
    decisions: Sequence[OutboxDecision]
    verdicts: Sequence[Verdict]


@router.get("/outbox")
def outbox(
    page: ReadPage,
    now: Now,
    state: Annotated[State, Query()] = State.ALL,
    kind: Annotated[OutboxKind | None, Query()] = None,
    page_no: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """Outgoing texts and calls, newest first."""
    return _listing(page, now, state, kind, page_no)


@router.post("/outbox/{message_id}/decision", dependencies=[needs(Action.DECIDE_TEXTS)])
def decide(
    page: OpenPage,
    message_id: Annotated[int, Path(ge=1, le=2**31)],
    now: Now,
    verdict: Annotated[Verdict, Form()],
    seen: Annotated[int, Form(ge=0, le=10_000)],
    state: Annotated[State, Form()] = State.ATTENTION,
    kind: Annotated[OutboxKind | None, Form()] = None,
    page_no: Annotated[int, Form(ge=0, le=10_000)] = 0,
) -> Response:
    """Send what did not leave anyway, or drop it."""
    try:
        deciding.decide(page.session, message_id, verdict, seen=seen, who=page.agent.name, now=now)
    except Conflict:
        if not is_pane(page.request):
            raise
        return with_toast(_listing(page, now, state, kind, page_no), page.say(TOO_LATE), "orange")
    if not is_pane(page.request):
        return RedirectResponse(f"/console/outbox?state={state}", 303)
    return with_toast(_listing(page, now, state, kind, page_no), page.say(SAID[verdict]))


def _listing(page: Page, now: datetime, state: State, kind: OutboxKind | None, page_no: int) -> HTMLResponse:
    if state is State.ATTENTION:
        limit, offset = queries.PAGE + 1, page_no * queries.PAGE
        found = service.attention(page.session, now=now, limit=limit, offset=offset, kind=kind)
    else:
        found = queries.texts(page.session, statuses=sorted(STATUSES[state]), kind=kind, page=page_no)
    rows = found[: queries.PAGE]
    decisions = deciding.decided(page.session, rows)
    carrier = page.house.carrier.name
    return page.show(
        "outbox/outbox.html",
        "outbox/_outbox.html",
        state=state,
        kind=kind,
        kinds=list(OutboxKind),
        page_no=page_no,
        has_more=len(found) > queries.PAGE,
        undecided=service.attention_count(page.session, now=now),
        texts=[
            Shown(
                row,
                service.readable(row, carrier=carrier),
                sms.segments(row.text),
                decisions[row.id],
                deciding.verdicts(row),
            )
            for row in rows
        ],
        carrier=carrier,
    )
