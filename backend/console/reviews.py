"""What the bot did not understand: look, label, export."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query
from starlette.responses import RedirectResponse, Response

from backend.agents.permissions import Action
from backend.auth import needs
from backend.console.looks import notes_export
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, is_pane, opens_for, with_toast
from backend.console.words import mark
from backend.depends import Now
from backend.reference import Language
from backend.reviews import export, policy, service
from backend.reviews.export import Format
from backend.reviews.rules import Order, Reason, State, pieces

router = APIRouter(prefix="/reviews", route_class=ConsoleRoute)

ReviewId = Annotated[int, Path(ge=1, le=2**31)]
ALL = "all"
TOO_LATE = mark("Somebody else was faster. This is how it stands now.")


@router.get("")
def listing(
    page: ReadPage,
    state: Annotated[str, Query(max_length=12)] = State.OPEN,
    reason: Annotated[str, Query(max_length=24)] = "",
    intent: Annotated[str, Query(max_length=40)] = "",
    order: Annotated[str, Query(max_length=12)] = Order.NEWEST,
    page_no: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """Masked lines, newest or most frequent first; a filter nobody knows is none."""
    state = state if state in (*State, ALL) else State.OPEN
    reason = reason if reason in tuple(Reason) else ""
    intent = intent if intent in policy.intents().intents else ""
    order = order if order in tuple(Order) else Order.NEWEST
    found = service.listing(
        page.session,
        state=None if state == ALL else State(state),
        reason=Reason(reason) if reason else None,
        intent=intent or None,
        order=Order(order),
        page=page_no,
    )
    return page.show(
        "reviews/reviews.html",
        "reviews/_reviews.html",
        lines=found[: service.PAGE],
        has_more=len(found) > service.PAGE,
        counts=service.counts(page.session),
        wanted={"state": state, "reason": reason, "intent": intent, "order": order},
        page_no=page_no,
        reasons=list(Reason),
        keep=policy.current().keep,
        **_shared(),
    )


@router.get("/export", dependencies=[opens_for(Action.EXPORT_LINES), notes_export("lines")])
def download(
    page: ReadPage,
    form: Annotated[Format, Query(alias="format")] = Format.JSONL,
    language: Annotated[Language | None, Query()] = None,
) -> Response:
    """The labelled lines as a file; training data is of one language, Chinese unless told otherwise."""
    if form is Format.YAML:
        chosen = language or "zh"
        content, name, kind = export.as_yaml(service.examples(page.session, chosen)), f"reviews-{chosen}.yml", "yaml"
    else:
        content, name, kind = export.as_jsonl(service.examples(page.session, language)), "reviews.jsonl", "x-ndjson"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(content, media_type=f"application/{kind}; charset=utf-8", headers=headers)


@router.post("/{review_id}/label", dependencies=[needs(Action.LABEL_LINES)])
def label(
    page: OpenPage, review_id: ReviewId, now: Now, intent: Annotated[str, Form(min_length=1, max_length=40)]
) -> Response:
    """Say what the customer wanted."""
    is_mine = service.label(page.session, review_id, intent, who=page.agent.name, now=now)
    return _shown(page, review_id, mark("Labelled."), is_mine=is_mine)


@router.post("/{review_id}/unusable", dependencies=[needs(Action.LABEL_LINES)])
def put_aside(page: OpenPage, review_id: ReviewId, now: Now) -> Response:
    """Say that the line cannot be used."""
    is_mine = service.put_aside(page.session, review_id, who=page.agent.name, now=now)
    return _shown(page, review_id, mark("Put aside."), is_mine=is_mine)


@router.post("/{review_id}/undo", dependencies=[needs(Action.LABEL_LINES)])
def undo(page: OpenPage, review_id: ReviewId) -> Response:
    """Open the line again."""
    service.undo(page.session, review_id)
    return _shown(page, review_id, mark("Open again."), is_mine=True)


def _shown(page: Page, review_id: int, said: str, *, is_mine: bool) -> Response:
    """The line as it stands now, in the place of the old one; without htmx, the list."""
    if not is_pane(page.request):
        return RedirectResponse("/console/reviews", 303)
    answer = page.show("reviews/_review.html", line=service.get(page.session, review_id), **_shared())
    return with_toast(answer, page.say(said)) if is_mine else with_toast(answer, page.say(TOO_LATE), "orange")


def _shared() -> dict[str, Any]:
    return {"intents": policy.intents().intents, "pieces": pieces}
