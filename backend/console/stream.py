"""The console's live stream: tells an open page what to look at again. Names and numbers only, never content.

Events: `conversation` (the one on this tab's screen has changed; with `seq`, its last message, when it may be on the
screen already), `list` (conversations in which something was said or done, and the tabs that hold them), `desk` (how
many wait has changed, or something else; `whole`: not only in the list), `typing` (the customer of the open
conversation is writing), `named` (a colleague has named this agent, or `how`: whispered to them, taken a conversation
from them), `ring` (a reason to ring), `alerts` (how many of the escalations this agent was told of nobody has
acknowledged). `within_ms` is over how long the consoles are to spread what they fetch: who has a conversation on the
screen does not wait for the others.

What happens in this process reaches the tab it concerns at once, by the bus. Everything else is read once for all tabs
by the lookout, which also sees what other processes did. While a stream is open, what its agent holds stays theirs, and
what they watch is watched.
"""

from __future__ import annotations

import json
import signal
from collections.abc import AsyncIterator
from enum import Enum, auto
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import StreamingResponse

from backend.auth import CurrentAgent, cookie_name
from backend.bus import Note, next_note
from backend.console.lookout import LOOK_EVERY_S, Look, Lookout
from backend.console.page import ConsoleRoute
from backend.depends import InHouse

router = APIRouter(route_class=ConsoleRoute)

HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
SPREAD_MS, MOST_SPREAD_MS = 30, 3000  # for each open console, about what one fetch of the list costs the server
OpenId = Annotated[str, Query(alias="open", max_length=32, pattern="^[0-9a-f]*$")]


class Scope(Enum):
    """How much of a page is doubtful."""

    NOTHING = auto()
    LIST = auto()
    WHOLE = auto()


@router.get("/stream")
async def stream(request: Request, house: InHouse, agent: CurrentAgent, open_id: OpenId = "") -> StreamingResponse:
    """Server-sent events for one tab; `open` is the conversation on its screen."""
    state, token = request.app.state, request.cookies.get(cookie_name(house), "")
    if not hasattr(state, "lookout"):
        state.lookout = Lookout(house)
    told_to = events(state.lookout, token, open_id, agent.id)
    return StreamingResponse(told_to, media_type="text/event-stream", headers=HEADERS)


async def events(lookout: Lookout, token: str, open_id: str, me: int = 0) -> AsyncIterator[str]:
    """The events of one tab, until it closes, its agent has signed out, or the server stops."""
    last: Look | None = None
    with lookout.house.bus.listen("desk", f"conversation:{open_id}") as notes, lookout.seat(token, open_id, notes):
        while not server_is_stopping():
            note = await next_note(notes, LOOK_EVERY_S)
            look: Look | None = note.get("look") if note else None
            if look is None:
                for line in told(note, open_id, me) if note else [": still here\n\n"]:
                    yield line
            elif token not in look.asked:
                continue  # it was under way when this tab came: the next one follows
            elif token not in look.mine:
                yield event("bye")
                return
            else:
                for line in seen(look, last, token, open_id):
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


def seen(look: Look, last: Look | None, token: str, open_id: str) -> list[str]:
    """What a look means for a tab that was told of the last one."""
    mine, before = look.mine[token], last.mine.get(token) if last else None
    lines = [event("conversation", id=each.id, seq=each.last_seq) for each in look.touched if each.id == open_id]
    within = min(SPREAD_MS * len(look.asked), MOST_SPREAD_MS)
    scope = changed(look, last, token)
    if scope is not Scope.NOTHING:
        is_whole = scope is Scope.WHOLE
        lines.append(event("desk", waiting=look.numbers.queues.waiting, whole=is_whole, within_ms=within))
    elif look.touched:
        tabs = sorted({tab.value for each in look.touched for tab in each.tabs(mine.agent_id)})
        lines.append(event("list", ids=[each.id for each in look.touched], tabs=tabs, within_ms=within))
    if mine.alerts != (before.alerts if before else 0):
        lines.append(event("alerts", count=mine.alerts))
    return lines or [": still here\n\n"]


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
