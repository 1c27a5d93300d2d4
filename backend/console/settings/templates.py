"""What the house says: look, reword with a preview, let somebody approve it, take it back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path
from starlette.responses import HTMLResponse, RedirectResponse, Response

from backend.agents import service as agents
from backend.agents.permissions import Action
from backend.auth import needs
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, is_pane, opens_for, with_toast
from backend.console.settings import text_names
from backend.console.words import mark
from backend.depends import Now
from backend.errors import HotlineError
from backend.reference import Language
from backend.reference.texts import Messages
from backend.revisions import rules, service, texts
from backend.revisions.routes import Refreshing

router = APIRouter(prefix="/templates", route_class=ConsoleRoute)

TextId = Annotated[str, Path(max_length=60)]
RevisionId = Annotated[int, Path(ge=1, le=2**31)]
Words = Annotated[str, Form(max_length=2000)]


@router.get("")
def listing(page: ReadPage) -> Response:
    """All texts by what they belong to, with their channels, length and state."""
    messages = _in_force(page)
    groups: dict[str, list[str]] = {}
    for text_id in messages.messages:
        groups.setdefault(text_names.group_of(text_id), []).append(text_id)
    return page.show(
        "settings/templates.html",
        groups=groups,
        names=text_names,
        messages=messages,
        looks={text_id: texts.look(messages, text_id) for text_id in messages.messages},
        drafts=texts.open_drafts(page.session),
        changed=texts.changed_ids(page.session),
    )


@router.get("/{text_id}")
def one(page: ReadPage, text_id: TextId) -> Response:
    """One text: how it reads, drafts that wait, how it read before."""
    return _shown(page, text_id)


@router.post("/{text_id}/preview", dependencies=[opens_for(Action.EDIT_TEMPLATES)])
def preview(page: ReadPage, text_id: TextId, zh: Words = "", en: Words = "") -> Response:
    """How a wording would read, and what is wrong with it; stores nothing."""
    messages = _in_force(page)
    looks = texts.look(messages, text_id, _both(zh, en))
    return page.show("settings/_template_preview.html", looks=looks, limits=messages.limits.get("sms"))


@router.post("/{text_id}/draft", dependencies=[needs(Action.EDIT_TEMPLATES)])
def draft(
    page: OpenPage,
    text_id: TextId,
    now: Now,
    zh: Words = "",
    en: Words = "",
    note: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Hand a wording in for approval; what is wrong with it is shown beside it."""
    written = _both(zh, en)
    try:
        texts.propose(
            page.session, _in_force(page), text_id, written, author=page.agent.name, now=now, note=note.strip()
        )
    except HotlineError as error:
        if error.reason not in ("bad_text", "unchanged"):
            raise
        return with_toast(_shown(page, text_id, written), page.say(WHY[error.reason]), "red")
    return _done(page, text_id, mark("Handed in for approval."))


@router.post("/{text_id}/drafts/{revision_id}/approve", dependencies=[Refreshing, needs(Action.APPROVE_TEMPLATES)])
def approve(page: OpenPage, text_id: TextId, revision_id: RevisionId, now: Now) -> Response:
    """Put a draft in force."""
    texts.approve(page.session, revision_id, who=page.agent.name, now=now)
    return _done(page, text_id, mark("In force now."))


@router.post("/{text_id}/drafts/{revision_id}/withdraw", dependencies=[needs(Action.EDIT_TEMPLATES)])
def withdraw(page: OpenPage, text_id: TextId, revision_id: RevisionId, now: Now) -> Response:
    """Give a draft up."""
    texts.withdraw(page.session, revision_id, who=page.agent.name, now=now)
    return _done(page, text_id, mark("The draft is given up."))


@router.post("/{text_id}/undo", dependencies=[Refreshing, needs(Action.APPROVE_TEMPLATES)])
def undo(page: OpenPage, text_id: TextId, now: Now) -> Response:
    """Bring back how a text read before its last change."""
    texts.undo(page.session, text_id, who=page.agent.name, now=now)
    return _done(page, text_id, mark("The former wording is in force again."))


WHY = {
    "bad_text": mark("Something is wrong with this text; see below it."),
    "unchanged": mark("This is how the text reads already."),
}


def _both(zh: str, en: str) -> dict[Language, str]:
    """What was typed; browsers send line ends of two characters."""
    return {"zh": zh.replace("\r\n", "\n").strip(), "en": en.replace("\r\n", "\n").strip()}


def _in_force(page: Page) -> Messages:
    """The texts as this unit of work sees them: also what it has just approved."""
    return service.in_force(page.session).messages


def _done(page: Page, text_id: str, said: str) -> Response:
    if not is_pane(page.request):
        return RedirectResponse(f"/console/templates/{text_id}", 303)
    return with_toast(_shown(page, text_id), page.say(said))


def _shown(page: Page, text_id: str, written: dict[Language, str] | None = None) -> HTMLResponse:
    messages = _in_force(page)
    looks = texts.look(messages, text_id)
    drafts = texts.open_drafts(page.session).get(text_id, [])
    begun = written or (dict(drafts[0].after) if drafts else {"zh": looks["zh"].text, "en": looks["en"].text})
    approvers = agents.names_who_may(page.session, Action.APPROVE_TEMPLATES)
    return page.show(
        "settings/template.html",
        "settings/_template.html",
        text_id=text_id,
        names=text_names,
        text=messages.messages[text_id],
        limits=messages.limits.get("sms"),
        sample=messages.sample,
        in_force=looks,
        begun=begun,
        looks=texts.look(messages, text_id, begun),
        drafts=drafts,
        may_approve=[rules.may_approve(each.revision.author, page.agent.name, approvers) for each in drafts],
        history=texts.history(page.session, text_id),
    )
