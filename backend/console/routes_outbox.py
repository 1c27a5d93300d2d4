"""Everything that leaves the house as a text."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from backend.console import queries
from backend.console.page import ConsoleRoute, ReadPage
from backend.outbox import service
from backend.outbox.rules import FELL, LEFT, WAITING, OutboxKind, Status
from telephony import sms

router = APIRouter(route_class=ConsoleRoute)


class State(StrEnum):
    """What to show of the outbox."""

    ALL = "all"
    WAITING = "waiting"
    LEFT = "left"
    FELL = "fell"


STATUSES: dict[State, frozenset[Status]] = {
    State.ALL: frozenset(),
    State.WAITING: WAITING,
    State.LEFT: LEFT,
    State.FELL: FELL | {Status.UNKNOWN},
}


@router.get("/outbox")
def outbox(
    page: ReadPage,
    state: Annotated[State, Query()] = State.ALL,
    kind: Annotated[OutboxKind | None, Query()] = None,
    page_no: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """Outgoing texts, newest first."""
    found = queries.texts(page.session, statuses=sorted(STATUSES[state]), kind=kind, page=page_no)
    shown = found[: queries.PAGE]
    return page.show(
        "outbox.html",
        "_outbox.html",
        state=state,
        states=list(State),
        kind=kind,
        kinds=list(OutboxKind),
        page_no=page_no,
        has_more=len(found) > queries.PAGE,
        texts=[
            (text, service.readable(text, carrier=page.house.carrier.name), sms.segments(text.text)) for text in shown
        ],
        carrier=page.house.carrier.name,
    )
