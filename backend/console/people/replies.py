"""An agent's own canned replies."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query
from starlette.responses import RedirectResponse, Response

from backend.agents import replies
from backend.agents.permissions import Action
from backend.auth import needs
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, explain, language_of, opens_for
from backend.depends import Now
from backend.errors import NotFound, Refused
from backend.reference.desk import KNOWN_OF_A_CONVERSATION

router = APIRouter(prefix="/replies", route_class=ConsoleRoute)

ANSWERS = needs(Action.ANSWER)
ReplyId = Annotated[int, Path(ge=1, le=2**31)]
Words = Annotated[str, Form(max_length=5000)]


@router.get("", dependencies=[opens_for(Action.ANSWER)])
def show(page: ReadPage, gone: Annotated[int | None, Query(ge=1, le=2**31)] = None) -> Response:
    """All of one's own; right after one is taken out, the way to bring it back."""
    return _shown(page, gone=gone)


@router.post("", dependencies=[ANSWERS])
def add(page: OpenPage, now: Now, title: Words = "", text: Words = "") -> Response:
    """Write one more."""
    try:
        replies.add(page.session, page.agent, title, text, variables=KNOWN_OF_A_CONVERSATION, now=now)
    except Refused as error:
        return _shown(page, error=error, sent={"title": title, "text": text})
    return RedirectResponse("/console/replies", 303)


@router.post("/{reply_id}", dependencies=[ANSWERS])
def change(page: OpenPage, now: Now, reply_id: ReplyId, title: Words = "", text: Words = "") -> Response:
    """Write one anew."""
    try:
        replies.change(page.session, page.agent, reply_id, title, text, variables=KNOWN_OF_A_CONVERSATION, now=now)
    except Refused as error:
        return _shown(page, error=error, sent={"title": title, "text": text}, of=reply_id)
    return RedirectResponse(f"/console/replies#reply-{reply_id}", 303)


@router.post("/{reply_id}/out", dependencies=[ANSWERS])
def take_out(page: OpenPage, now: Now, reply_id: ReplyId) -> Response:
    """Offer one no more."""
    replies.take_out(page.session, page.agent, reply_id, now)
    return RedirectResponse(f"/console/replies?gone={reply_id}", 303)


@router.post("/{reply_id}/back", dependencies=[ANSWERS])
def bring_back(page: OpenPage, reply_id: ReplyId) -> Response:
    """Offer it again."""
    replies.bring_back(page.session, page.agent, reply_id)
    return RedirectResponse(f"/console/replies#reply-{reply_id}", 303)


def _shown(
    page: Page,
    *,
    gone: int | None = None,
    error: Refused | None = None,
    sent: dict[str, str] | None = None,
    of: int = 0,
) -> Response:
    found = replies.get(page.session, page.agent, gone) if gone else None
    if found and found.taken_out_at is None:
        raise NotFound
    answer = page.show(
        "people/replies.html",
        replies=replies.of(page.session, page.agent.id),
        variables=sorted(KNOWN_OF_A_CONVERSATION),
        gone=found,
        problem=explain(error, language_of(page.request)) if error else None,
        sent=sent or {"title": "", "text": ""},
        open=of,
    )
    answer.status_code = 422 if error else 200
    return answer
