"""The console's live stream: tells an open page what to look at again. Names and numbers only, never content.

Events: `conversation` (an id in which something was said or changed), `typing` (the customer of the open conversation
is writing), `named` (a colleague has named this agent, or `how`: whispered to them, taken a conversation from them),
`desk` (something else changed; carries how many wait, and a reason to ring), `alerts` (how many of the escalations this
agent was told of nobody has acknowledged). The stream hears the bus of this process at once and looks at the database
every few seconds for what other processes did. While it is open, what its agent holds stays theirs, and what they watch
is watched.
"""

from __future__ import annotations

import json
import math
import signal
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import StreamingResponse

from backend import db
from backend.agents import service as agents
from backend.auth import CurrentAgent, cookie_name
from backend.bus import Note, next_note
from backend.console import queries
from backend.console.page import ConsoleRoute
from backend.console.queries import Pulse
from backend.conversations import holding, watching
from backend.depends import House, InHouse
from backend.errors import NotSignedIn

router = APIRouter(route_class=ConsoleRoute)

LOOK_EVERY_S = 2.5
PROLONG_EVERY_S = 30.0  # a tenth of the shortest useful lease
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
OpenId = Annotated[str, Query(alias="open", max_length=32, pattern="^[0-9a-f]*$")]


@router.get("/stream")
async def stream(request: Request, house: InHouse, agent: CurrentAgent, open_id: OpenId = "") -> StreamingResponse:
    """Server-sent events for one tab; `open` is the conversation on its screen."""
    token = request.cookies.get(cookie_name(house), "")
    return StreamingResponse(events(house, token, open_id, agent.id), media_type="text/event-stream", headers=HEADERS)


async def events(house: House, token: str, open_id: str, me: int = 0) -> AsyncIterator[str]:
    """The events of one tab, until it closes, its agent has signed out, or the server stops."""
    with house.bus.listen("desk", f"conversation:{open_id}") as notes:
        last: Pulse | None = None
        prolonged_at = looked_at = -math.inf
        while not server_is_stopping():
            if not notes.empty() and time.monotonic() - looked_at < LOOK_EVERY_S:
                for line in told(notes.get_nowait(), open_id, me):  # telling is quicker than looking
                    yield line
                continue
            if time.monotonic() - prolonged_at > PROLONG_EVERY_S:
                await to_thread.run_sync(_prolong, house, token, open_id)
                prolonged_at = time.monotonic()
            pulse = await to_thread.run_sync(_look, house, token)
            looked_at = time.monotonic()
            if pulse is None:
                yield event("bye")
                return
            note = None if pulse != last else await next_note(notes, LOOK_EVERY_S)
            if pulse != last:
                yield event("desk", waiting=pulse.waiting)
                if pulse.alerts != (last.alerts if last else 0):
                    yield event("alerts", count=pulse.alerts)
                last = pulse
            elif note is None:
                yield ": still here\n\n"
            else:
                for line in told(note, open_id, me):
                    yield line


def told(note: Note, open_id: str, me: int = 0) -> list[str]:
    """What a note of the bus means for a tab."""
    if note.get("type") == "typing":
        return [event("typing", id=open_id)] if note.get("author") == "customer" else []
    if note.get("type") == "changed":
        return [event("conversation", id=open_id)]
    lines = [event("conversation", id=note["conversation"])] if "conversation" in note else [event("desk")]
    if me in note.get("named", ()):
        lines.append(event("named", id=note.get("conversation", ""), how=note.get("how", "")))
    return [*lines, event("ring", why=note["ring"])] if "ring" in note else lines


def event(name: str, **data: Any) -> str:
    """One server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def server_is_stopping() -> bool:
    """Whether the server has been told to stop. It waits for open answers, and this one never ends by itself."""
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return bool(getattr(server, "should_exit", False))


def _prolong(house: House, token: str, open_id: str) -> None:
    """An open console is its agent's sign of life: what they hold stays theirs, what they watch stays watched."""
    with db.read_scope(house.sessions) as session, session.no_autoflush:
        try:
            agent_id = agents.by_token(session, token, now=house.clock.now()).id
        except NotSignedIn:
            return
        holds = queries.holds_any(session, agent_id)
        watches = watching.is_watching(session, open_id, agent_id, house.clock.now())
        session.rollback()
    if holds or watches:
        with db.session_scope(house.sessions) as session:
            holding.prolong(session, agent_id, reference=house.reference, now=house.clock.now())
            watching.prolong(session, open_id, agent_id, reference=house.reference, now=house.clock.now())


def _look(house: House, token: str) -> Pulse | None:
    """The desk as it is now; None when the agent is signed out."""
    with db.read_scope(house.sessions) as session, session.no_autoflush:
        try:
            agent = agents.by_token(session, token, now=house.clock.now())
        except NotSignedIn:
            return None
        pulse = queries.pulse(session, agent, house.clock.now())
        session.rollback()  # a look is no sign of life: it must not prolong the sign-in
        return pulse
