"""Calls at the desk: the messages callers have left."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from backend.audit.rules import Kind, What
from backend.calls import desk_view
from backend.console.looks import notes
from backend.console.page import ConsoleRoute, ReadPage
from backend.console.routes_inbox import ConversationId
from backend.errors import NotFound, Unavailable
from telephony.media import Fetched, NotNow

router = APIRouter(route_class=ConsoleRoute)

RecordingSid = Annotated[str, Path(max_length=34, pattern="^RE[0-9a-f]{32}$")]
HEADERS = {
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
}


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
