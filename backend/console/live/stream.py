"""The console's live stream: what has changed, to be shown at once, and what to look at again.

Events: `said` (the newest messages of the conversation on this tab's screen), `rows` (conversations in which something
was said or done, as the list shows them, each with its place in the tabs of this agent that hold it, and how many the
tabs hold), `list` (they are too many to be sent: the list is to be fetched), `conversation` (the one on the screen has
changed: it is to be fetched), `desk` (how many wait has changed, or something else; `list`: the list is to be fetched,
`whole`: everything else, too), `typing` (the customer of the open conversation is writing), `named` (a colleague has
named this agent, or `how`: whispered to them, taken a conversation from them), `ring` (a reason to ring), `alerts` (how
many of the escalations this agent was told of nobody has acknowledged). `within_ms` is over how long the consoles are
to spread what they fetch: who has a conversation on the screen does not wait for the others.

Rows and messages are drawn once for all consoles by the lookout, which also sees what other processes did and no note
has told of. A page that was cut off fetches everything anew, and its list now and then. Whoever opens a stream with a
conversation looks at it, which is recorded. While a stream is open, what its agent holds stays theirs, and what they
watch is watched.
"""

from __future__ import annotations

import json
import signal
from collections.abc import AsyncIterator
from enum import Enum, auto
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import StreamingResponse

from backend.audit.rules import Kind, What
from backend.auth import CurrentAgent, cookie_name
from backend.bus import Note, next_note
from backend.console.live.lookout import LOOK_EVERY_S, Look, Lookout, Seat
from backend.console.looks import note_look
from backend.console.page import ConsoleRoute, language_of
from backend.depends import InHouse

router = APIRouter(route_class=ConsoleRoute)

HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
SPREAD_MS, MOST_SPREAD_MS = 30, 3000  # for each open console, about what one fetch of the list costs the server
HasList = Annotated[bool, Query(alias="list")]
OpenId = Annotated[str, Query(alias="open", max_length=32, pattern="^[0-9a-f]*$")]


class Scope(Enum):
    """How much of a page is doubtful."""

    NOTHING = auto()
    LIST = auto()
    WHOLE = auto()


def note_open(request: Request, house: InHouse, open_id: OpenId = "") -> None:
    """Record the look at the conversation on the screen: its new messages come by the stream."""
    if open_id:
        note_look(request, house, What.CONVERSATION, Kind.CONVERSATION, open_id)


@router.get("/stream", dependencies=[Depends(note_open)])
async def stream(
    request: Request, house: InHouse, agent: CurrentAgent, open_id: OpenId = "", has_list: HasList = False
) -> StreamingResponse:
    """Server-sent events for one tab; `open` is the conversation on its screen, `list` whether the list is there."""
    state, token = request.app.state, request.cookies.get(cookie_name(house), "")
    if not hasattr(state, "lookout"):
        state.lookout = Lookout(house)
    told_to = events(state.lookout, Seat(token, open_id, language_of(request), has_list), agent.id)
    return StreamingResponse(told_to, media_type="text/event-stream", headers=HEADERS)


async def events(lookout: Lookout, seat: Seat, me: int = 0) -> AsyncIterator[str]:
    """The events of one tab, until it closes, its agent has signed out, or the server stops."""
    last: Look | None = None
    with lookout.house.bus.listen("desk", f"conversation:{seat.open_id}") as notes, lookout.seat(seat, notes):
        while not server_is_stopping():
            note = await next_note(notes, LOOK_EVERY_S)
            look: Look | None = note.get("look") if note else None
            if look is None:
                for line in told(note, seat.open_id, me) if note else [": still here\n\n"]:
                    yield line
            elif seat.token not in look.asked:
                continue  # it was under way when this tab came: the next one follows
            elif seat.token not in look.mine:
                yield event("bye")
                return
            else:
                for line in seen(look, last, seat):
                    yield line
                last = look


def told(note: Note, open_id: str, me: int = 0) -> list[str]:
    """What a note of the bus means for a tab at once; what it means for the list is left to the next look."""
    if note.get("type") == "typing":
        return [event("typing", id=open_id)] if note.get("author") == "customer" else []
    if note.get("type") == "changed":
        return [event("conversation", id=open_id)]
    named = (
        [event("named", id=note.get("conversation", ""), how=note.get("how", ""))]
        if me in note.get("named", ())
        else []
    )
    return [*named, event("ring", why=note["ring"])] if "ring" in note else named


def seen(look: Look, last: Look | None, seat: Seat) -> list[str]:
    """What a look means for a tab that was told of the last one."""
    mine, before = look.mine[seat.token], last.mine.get(seat.token) if last else None
    within = min(SPREAD_MS * len(look.asked), MOST_SPREAD_MS)
    scope = changed(look, last, seat.token)
    lines = [_said(look, seat) for each in look.touched if each.id == seat.open_id]
    if look.touched and seat.has_list:
        lines.append(event("list", within_ms=within) if look.is_crowd else _rows(look, seat, mine.agent_id, within))
    if scope is not Scope.NOTHING:
        is_whole = scope is Scope.WHOLE
        told = {"list": is_whole or not look.touched, "whole": is_whole, "within_ms": within}
        lines.append(event("desk", waiting=look.numbers.queues.waiting, **told))
    if mine.alerts != (before.alerts if before else 0):
        lines.append(event("alerts", count=mine.alerts))
    return lines or [": still here\n\n"]


def _said(look: Look, seat: Seat) -> str:
    words = look.drawn.words.get((seat.open_id, seat.language), ())
    return event("said", id=seat.open_id, words=[{"seq": seq, "html": html} for seq, html in words])


def _rows(look: Look, seat: Seat, me: int, within_ms: int) -> str:
    counts = look.drawn.counts.of(me) if look.drawn.counts else {}
    rows = [
        {"id": card.standing.conversation.id, "keys": card.standing.keys(me), "html": card.html[seat.language]}
        for card in look.drawn.cards
        if seat.language in card.html
    ]
    return event("rows", rows=rows, counts=counts, within_ms=within_ms)


def changed(look: Look, last: Look | None, token: str) -> Scope:
    """How much of a tab a look makes doubtful. What another process did to the queues may have done more."""
    if last is None or look.is_work or look.numbers.work != last.numbers.work:
        return Scope.WHOLE
    if look.numbers.queues == last.numbers.queues and look.mine[token] == last.mine.get(token):
        return Scope.NOTHING
    return Scope.LIST if look.is_told else Scope.WHOLE


def event(name: str, **data: Any) -> str:
    """One server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def server_is_stopping() -> bool:
    """Whether the server has been told to stop. It waits for open answers, and this one never ends by itself."""
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return bool(getattr(server, "should_exit", False))
