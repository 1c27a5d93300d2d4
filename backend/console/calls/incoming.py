"""Calls at the desk: take a caller from the queue, hear the messages callers have left."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Path
from starlette.responses import Response

from backend.agents.permissions import Action
from backend.audit.rules import Kind, What
from backend.auth import needs
from backend.calls import desk_view, taking
from backend.calls.outgoing_routes import ours
from backend.console.calls import bridges
from backend.console.inbox.routes import ConversationId, done
from backend.console.looks import notes
from backend.console.page import ConsoleRoute, OpenPage, ReadPage
from backend.console.words import mark
from backend.depends import Now, Ref
from backend.errors import Conflict, NotFound, Refused, Unavailable
from telephony.media import Fetched, NotNow

router = APIRouter(route_class=ConsoleRoute)

RecordingSid = Annotated[str, Path(max_length=34, pattern="^RE[0-9a-f]{32}$")]
HEADERS = {
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
}


REFUSED = {
    "caller_gone": mark("The caller waits no more."),
    "no_phone": mark("You have no telephone here yet. An admin enters it: hotline agent contact NAME --phone NUMBER"),
    "no_voice": mark("The carrier makes no calls to your telephone."),
}


@router.post("/conversations/{conversation_id}/answer-call", dependencies=[needs(Action.ANSWER)])
def answer_call(
    page: OpenPage, conversation_id: ConversationId, now: Now, reference: Ref, later: BackgroundTasks
) -> Response:
    """Take a caller from the queue: the agent's telephone rings, and the 1 key on it connects them."""
    try:
        taking.take(
            page.session,
            conversation_id,
            page.agent,
            ours=ours(page.house),
            language=page.words.language,
            reference=reference,
            now=now,
        )
    except (Conflict, Refused) as error:
        told = REFUSED.get(error.reason)
        raise type(error)(page.say(told), code="told") if told else error from None
    said = page.say(mark("Your telephone rings. Press 1 on it to talk with the caller."))
    return done(page, conversation_id, now, reference, later, said=said)


@router.post("/conversations/{conversation_id}/end-call", dependencies=[needs(Action.ANSWER)])
def end_call(
    page: OpenPage, conversation_id: ConversationId, now: Now, reference: Ref, later: BackgroundTasks
) -> Response:
    """End the talk with a caller this agent has taken from the queue: both lines are free."""
    try:
        sid = taking.talk_of(page.session, conversation_id, page.agent)
    except Conflict:
        raise Conflict(page.say(mark("This call is over already.")), code="told") from None
    bridges.end_call(page, sid, Kind.CONVERSATION, conversation_id, now)
    return done(page, conversation_id, now, reference, later, said=page.say(mark("The call has been ended.")))


@router.get("/conversations/{conversation_id}/recordings/{sid}", dependencies=[notes(What.LISTENED, Kind.CONVERSATION)])
def recording(page: ReadPage, conversation_id: ConversationId, sid: RecordingSid) -> Response:
    """The sound of a message, fetched from the carrier for whoever is signed in; that they listened is recorded.

    Raises:
        NotFound: no such message was left in this conversation, or its sound is gone.
        Unavailable: the carrier cannot be reached.
    """
    kept = desk_view.message(page.session, conversation_id, sid)
    page.session.close()  # a carrier may take its time, the database shall not wait with us
    found = page.house.recordings.fetch(kept.sid)
    if isinstance(found, Fetched):
        return Response(found.content, media_type="audio/mpeg", headers=HEADERS)
    raise Unavailable if isinstance(found, NotNow) else NotFound
