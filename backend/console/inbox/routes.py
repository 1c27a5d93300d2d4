"""The inbox: who waits, one conversation, take over, answer. What else is done with one: `routes_holding`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Form, Path, Query
from starlette.responses import HTMLResponse, RedirectResponse, Response

from backend.agents.permissions import Action
from backend.audit.rules import Kind, What
from backend.auth import needs
from backend.console import keyset, queries, views
from backend.console.inbox import pane, service
from backend.console.inbox import queries as inbox_queries
from backend.console.inbox.queries import Tab
from backend.console.looks import NotesSearch, notes
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, is_pane
from backend.console.words import mark
from backend.conversations import notes as conversation_notes
from backend.conversations import service as conversations
from backend.depends import House, InHouse, Now, Ref
from backend.errors import Conflict
from backend.reference import Reference
from backend.tickets import service as tickets

router = APIRouter(route_class=ConsoleRoute)

ConversationId = Annotated[str, Path(max_length=32, pattern="^[0-9a-f]+$")]
Search = Annotated[str, Form(max_length=100)]
Key = Annotated[str, Form(max_length=keyset.LONGEST_KEY)]


@router.get("/")
def inbox(page: ReadPage, now: Now, reference: Ref, tab: Annotated[Tab, Query()] = Tab.WAITING) -> Response:
    """The inbox with no conversation open."""
    return page.show("inbox/inbox.html", open=None, **_list(page, now, reference, tab))


@router.post("/inbox", dependencies=[NotesSearch])
def inbox_list(
    page: ReadPage,
    now: Now,
    reference: Ref,
    tab: Annotated[Tab, Form()] = Tab.WAITING,
    q: Search = "",
    after: Key = "",
    before: Key = "",
) -> Response:
    """The list alone; what is searched for travels in the body, since it may be a telephone number."""
    found = _list(page, now, reference, tab, q, after, before)
    return page.show("inbox/inbox.html", "inbox/_list.html", open=None, **found)


@router.get("/conversations/{conversation_id}", dependencies=[notes(What.CONVERSATION, Kind.CONVERSATION)])
def conversation(
    page: ReadPage,
    conversation_id: ConversationId,
    now: Now,
    reference: Ref,
    tab: Annotated[Tab, Query()] = Tab.WAITING,
) -> Response:
    """One conversation: beside the list, or alone when htmx asks."""
    if is_pane(page.request):
        return work(page, conversation_id, now, reference)
    shown = opened(page, conversation_id, now, reference) | _list(page, now, reference, tab)
    return page.show("inbox/inbox.html", **shown)


@router.post("/conversations/{conversation_id}/take", dependencies=[needs(Action.ANSWER)])
def take_over(
    page: OpenPage, conversation_id: ConversationId, now: Now, reference: Ref, later: BackgroundTasks
) -> Response:
    """Take a conversation; from here on the bot is silent in it. Of two agents one wins, the other is told who."""
    try:
        conversations.take_over(page.session, conversation_id, page.agent, reference=reference, now=now)
    except Conflict:
        holder = queries.agent_names(page.session).get(
            conversations.get(page.session, conversation_id).agent_id or 0, ""
        )
        told = page.say(mark("{name} has taken this conversation already."), name=holder)
        raise Conflict(told, code="told") from None
    return done(page, conversation_id, now, reference, later)


@router.post("/conversations/{conversation_id}/messages", dependencies=[needs(Action.ANSWER)])
def reply(
    page: OpenPage,
    conversation_id: ConversationId,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    text: Annotated[str, Form(max_length=100_000)] = "",
) -> Response:
    """Answer the customer; the reply promise of the conversation's tickets is kept with it."""
    try:
        conversations.reply(page.session, conversation_id, page.agent, text, now=now)
    except Conflict:
        raise Conflict(page.say(mark("Take the conversation over before you reply.")), code="told") from None
    tickets.answered(page.session, conversation_id, page.agent.name, now)
    return done(page, conversation_id, now, reference, later)


@router.post("/conversations/{conversation_id}/seen", status_code=204)
def seen(
    page: OpenPage,
    conversation_id: ConversationId,
    now: Now,
    later: BackgroundTasks,
    seq: Annotated[int, Form(ge=0)] = 0,
) -> None:
    """The open conversation has been on an agent's screen up to this message. Who only looks on leaves no trace."""
    if not page.may(Action.ANSWER):
        return
    service.mark_seen(page.session, conversation_id, seq, page.agent.id)
    conversation_notes.mark_read(page.session, conversation_id, page.agent, now)
    later.add_task(page.house.bus.publish, "desk", conversation=conversation_id)


@router.post("/conversations/{conversation_id}/typing", status_code=204, dependencies=[needs(Action.ANSWER)])
def typing(conversation_id: ConversationId, house: InHouse) -> None:
    """Let the customer see that somebody is writing."""
    house.bus.publish(f"conversation:{conversation_id}", type="typing", author="agent")


def _list(
    page: Page,
    now: datetime,
    reference: Reference,
    tab: Tab,
    q: str = "",
    after: str = "",
    before: str = "",
) -> dict[str, Any]:
    found = inbox_queries.desk(page.session, tab, page.agent.id, now=now, text=q.strip(), after=after, before=before)
    keys = {row.id: key for row, key in zip(found.rows, found.keys, strict=True)}
    return {
        "tab": tab,
        "q": q.strip(),
        "has_less": found.has_less,
        "has_more": found.has_more,
        "most_shown": queries.PAGE,
        "counts": inbox_queries.counts(page.session).of(page.agent.id),
        "most_counted": inbox_queries.MOST_COUNTED,
        "desk": reference.desk,
        "rows": views.rows(page.session, found.rows, reference.calendar, now, keys),
    }


def opened(page: Page, conversation_id: str, now: datetime, reference: Reference) -> dict[str, Any]:
    """A conversation, and what stands around its words."""
    found = conversations.get(page.session, conversation_id)
    shown = views.open_conversation(page.session, found, page.agent, reference.calendar, now)
    gathered = {"open": shown, "around": pane.pane(page, shown, reference, now)}
    return gathered | {
        "desk": reference.desk,
        "has_sound": page.house.recordings.has_sound,
        "rings_telephones": page.house.carrier.name != "console",
    }


def work(
    page: Page, conversation_id: str, now: datetime, reference: Reference, *, said: str | None = None
) -> HTMLResponse:
    """The pane of one conversation as it stands now."""
    return page.show("inbox/_work.html", toast=said, **opened(page, conversation_id, now, reference))


def done(
    page: Page,
    conversation_id: str,
    now: datetime,
    reference: Reference,
    later: BackgroundTasks,
    *,
    said: str | None = None,
    ring: str | None = None,
    **told: Any,
) -> Response:
    """After an action: everybody who looks is told once it is committed; the pane, or back to the page."""
    later.add_task(_announce, page.house, conversation_id, told | ({"ring": ring} if ring else {}))
    if is_pane(page.request):
        page.session.flush()
        return work(page, conversation_id, now, reference, said=said)
    return RedirectResponse(f"/console/conversations/{conversation_id}", 303)


def _announce(house: House, conversation_id: str, told: dict[str, Any]) -> None:
    house.bus.publish(f"conversation:{conversation_id}", type="changed")
    house.bus.publish("desk", conversation=conversation_id, **told)
