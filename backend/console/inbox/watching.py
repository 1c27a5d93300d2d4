"""A supervisor beside an agent: watch a conversation, whisper, take it over. The agent is shown who watches."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form
from starlette.responses import Response

from backend.agents.permissions import Action
from backend.audit import service as audit
from backend.audit.rules import Kind, What
from backend.auth import needs
from backend.console.inbox.holding import Words
from backend.console.inbox.routes import ConversationId, done
from backend.console.looks import whose
from backend.console.page import ConsoleRoute, OpenPage, Page
from backend.console.words import mark
from backend.conversations import watching
from backend.depends import Now, Ref
from backend.errors import Conflict

router = APIRouter(prefix="/conversations/{conversation_id}", route_class=ConsoleRoute)

SUPERVISES = needs(Action.SUPERVISE)
NOBODY_HOLDS = mark("No colleague holds this conversation any more.")


@router.post("/watch", dependencies=[SUPERVISES])
def watch(
    page: OpenPage, conversation_id: ConversationId, now: Now, reference: Ref, later: BackgroundTasks
) -> Response:
    """Begin to watch; recorded, and shown to the agent."""
    if not watching.is_watching(page.session, conversation_id, page.agent.id, now):
        try:
            watching.watch(page.session, conversation_id, page.agent, reference=reference, now=now)
        except Conflict:
            raise Conflict(page.say(NOBODY_HOLDS), code="told") from None
        _record(page, What.WATCHED, conversation_id, now)
    return done(page, conversation_id, now, reference, later)


@router.post("/leave", dependencies=[SUPERVISES])
def leave(
    page: OpenPage, conversation_id: ConversationId, now: Now, reference: Ref, later: BackgroundTasks
) -> Response:
    """Watch no longer."""
    watching.leave(page.session, conversation_id, page.agent)
    return done(page, conversation_id, now, reference, later)


@router.post("/whisper", dependencies=[SUPERVISES])
def whisper(
    page: OpenPage, conversation_id: ConversationId, now: Now, reference: Ref, later: BackgroundTasks, text: Words = ""
) -> Response:
    """Say something to the agent that the customer does not see."""
    try:
        told = watching.whisper(page.session, conversation_id, page.agent, text, now=now)
    except Conflict:
        raise Conflict(page.say(NOBODY_HOLDS), code="told") from None
    return done(page, conversation_id, now, reference, later, named=sorted(told), how="whisper")


@router.post("/take-from", dependencies=[needs(Action.TAKE_FROM)])
def take_from(
    page: OpenPage,
    conversation_id: ConversationId,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    holder: Annotated[int, Form(ge=1)],
    why: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Take a conversation from the colleague who holds it."""
    try:
        told = watching.take_from(page.session, conversation_id, page.agent, holder, why, reference=reference, now=now)
    except Conflict:
        raise Conflict(page.say(mark("This colleague does not hold it any more.")), code="told") from None
    _record(page, What.TAKEN_FROM, conversation_id, now, why=why)
    return done(page, conversation_id, now, reference, later, named=sorted(told), how="taken")


def _record(page: Page, what: What, conversation_id: str, now: datetime, why: str = "") -> None:
    found = whose(page.session, Kind.CONVERSATION, conversation_id)
    customer_id = found[0] if found else None
    audit.record(
        page.session, page.agent, what, Kind.CONVERSATION, conversation_id, customer_id=customer_id, why=why, now=now
    )
