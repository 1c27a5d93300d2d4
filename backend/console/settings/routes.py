"""Settings without code: the policy tables of `data/`, drafted as a form or as text, approved, compared, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Query
from pydantic import BeforeValidator
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from backend.agents.permissions import Action
from backend.auth import needs
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, opens_for
from backend.console.settings import entry_forms as settings_entries
from backend.console.settings import places
from backend.console.settings import text as settings_text
from backend.console.settings.entry_forms import Collection
from backend.console.settings.text import Fault
from backend.console.words import mark
from backend.depends import Now
from backend.errors import NotFound
from backend.reference import DATA, REVISABLE
from backend.reference.base import Table, read_body
from backend.reference.tables import CalendarTable, Shifts
from backend.reference.texts import Messages
from backend.revisions import service as revisions
from backend.revisions.models import Revision
from backend.revisions.routes import Refreshing
from backend.revisions.rules import Status

router = APIRouter(prefix="/settings", route_class=ConsoleRoute)

PAGES_OF_THEIR_OWN = {CalendarTable.file: "/console/calendar", Messages.file: "/console/templates"}
EDITS, APPROVES = needs(Action.EDIT_SETTINGS), needs(Action.APPROVE_SETTINGS)
SAID = {
    "approved": mark("In force now, at the desk and in the bot’s answers."),
    "withdrawn": mark("The draft is given up."),
    "undone": mark("Undone: what was there before is in force again."),
}
CHANGED_MEANWHILE = mark("Somebody has changed this table meanwhile. Compare with what is in force, then save again.")
NOTHING_CHANGED = mark("Nothing is different from what is in force.")

OrNone = BeforeValidator(lambda value: value or None)
RevisionId = Annotated[int, Path(ge=1, le=2**31)]


@dataclass(frozen=True)
class Shown:
    """A table as the list of settings shows it."""

    name: str
    kind: type[Table]
    page: str
    revision: int | None
    drafts: int
    unusable: str | None


def table_of(name: Annotated[str, Path(pattern="^[a-z_]+$", max_length=36)]) -> type[Table]:
    """The table an address names.

    Raises:
        NotFound: no such table may be changed here.
    """
    kind = REVISABLE.get(f"{name}.yaml")
    if kind is None or kind.file in PAGES_OF_THEIR_OWN:
        raise NotFound
    return kind


async def form_of(request: Request) -> FormData:
    """The form as sent: its fields depend on the table."""
    return await request.form(max_fields=600, max_part_size=settings_text.LONGEST * 4)


WhichTable = Annotated[type[Table], Depends(table_of)]
Sent = Annotated[FormData, Depends(form_of)]


@router.get("", dependencies=[opens_for(Action.EDIT_SETTINGS)])
def listing(page: ReadPage) -> Response:
    """All tables, with what is in force and what waits for approval."""
    found = revisions.in_force(page.session)
    drafts = {
        name: sum(each.status is Status.DRAFT for each in revisions.history(page.session, name)) for name in REVISABLE
    }
    tables = [
        Shown(
            name.removesuffix(".yaml"),
            kind,
            PAGES_OF_THEIR_OWN.get(name, f"/console/settings/{name.removesuffix('.yaml')}"),
            found.revisions.get(name),
            drafts[name],
            found.unusable.get(name),
        )
        for name, kind in REVISABLE.items()
    ]
    return page.show("settings/tables.html", tables=tables, in_force=found.tables)


@router.get("/{name}", dependencies=[opens_for(Action.EDIT_SETTINGS)])
def show(
    page: ReadPage,
    table: WhichTable,
    as_text: Annotated[bool, Query(alias="text")] = False,
    said: Annotated[str, Query(max_length=12)] = "",
    draft_id: Annotated[int | None, Query(alias="draft", ge=1, le=2**31)] = None,
) -> Response:
    """One table: its values to change, its history. Of a draft, its values."""
    drafted = _revision(page, table, draft_id) if draft_id else None
    if drafted and drafted.status is not Status.DRAFT:
        raise NotFound
    body = dict(drafted.body) if drafted else revisions.body(page.session, table.file)
    fields = settings_text.fields_of(table)
    notice = page.say(SAID[said]) if said in SAID else None
    values = settings_text.values_of(fields, body) if fields and not as_text else None
    text = settings_text.as_text(body) if drafted else _text_of(page, table)
    lists = [] if as_text else lists_of(table)
    return _editor(
        page, table, text=text, values=values, notice=notice,
        lists=[(each, settings_entries.entries_of(body, each)) for each in lists],
        draft=drafted,
    )  # fmt: skip


@router.post("/{name}", dependencies=[EDITS])
def draft(page: OpenPage, table: WhichTable, now: Now, form: Sent) -> Response:
    """Write a change down as a draft; what is wrong in it is told at its line, or beside its field."""
    sent = {name: value for name, value in form.items() if isinstance(value, str)}
    fields = settings_text.fields_of(table)
    if "text" in sent or not fields:
        text, values = sent.get("text", "").replace("\r\n", "\n")[: settings_text.LONGEST], None
        body, faults = settings_text.read(table, text)
    else:
        current = revisions.body(page.session, table.file)
        body = settings_text.body_of(fields, sent, current)
        text, values = settings_text.as_text(body), {each.name: sent.get(each.name, "") for each in fields}
        wrong = settings_text.wrongs(table, body)
        faults = [Fault(0, settings_text.place_name(place), why) for place, why in wrong]
    note = sent.get("note", "").strip()[:200]
    based_on = int(sent["based_on"]) if sent.get("based_on", "").isdecimal() else None
    if not faults and based_on != in_force_now(page, table):
        faults = [Fault(0, "", page.say(CHANGED_MEANWHILE))]
    elif not faults and body is not None and same(page, table, body):
        faults = [Fault(0, "", page.say(NOTHING_CHANGED))]
    if faults or body is None:
        answer = _editor(page, table, text=text, values=values, faults=faults, note=note)
        answer.status_code = 422
        return answer
    drafted = revisions.draft(page.session, table.file, body, page.agent.name, now, note=note)
    return _to(table, f"/revisions/{drafted.id}")


@router.get("/{name}/revisions/{revision_id}", dependencies=[opens_for(Action.EDIT_SETTINGS)])
def revision(page: ReadPage, table: WhichTable, revision_id: RevisionId) -> Response:
    """One revision beside what it was written on."""
    found = _revision(page, table, revision_id)
    before = revisions.get(page.session, found.based_on).body if found.based_on else read_body(DATA, table.file)
    return page.show(
        "settings/revision.html",
        table=table,
        name=table.file.removesuffix(".yaml"),
        revision=found,
        in_force=in_force_now(page, table),
        lines=settings_text.difference(settings_text.as_text(before), settings_text.as_text(found.body)),
        differences=settings_entries.differences(before, found.body),
        has_forms=bool(settings_text.fields_of(table) or lists_of(table)),
    )


@router.post("/{name}/revisions/{revision_id}/approve", dependencies=[Refreshing, APPROVES])
def approve(page: OpenPage, table: WhichTable, revision_id: RevisionId, now: Now) -> Response:
    """Put a draft in force."""
    revisions.approve(page.session, _revision(page, table, revision_id).id, page.agent.name, now)
    return _to(table, "?said=approved")


@router.post("/{name}/revisions/{revision_id}/withdraw", dependencies=[EDITS])
def withdraw(page: OpenPage, table: WhichTable, revision_id: RevisionId, now: Now) -> Response:
    """Give a draft up."""
    found = _revision(page, table, revision_id)
    if found.status is Status.DRAFT:
        revisions.withdraw(page.session, found.id, page.agent.name, now)
    return _to(table, "?said=withdrawn")


@router.post("/{name}/undo", dependencies=[Refreshing, APPROVES])
def undo(
    page: OpenPage, table: WhichTable, now: Now, based_on: Annotated[int | None, OrNone, Form()] = None
) -> Response:
    """Bring back what was in force before the last approval."""
    if based_on == in_force_now(page, table):
        revisions.undo(page.session, table.file, page.agent.name, now)
        return _to(table, "?said=undone")
    answer = _editor(page, table, text=_text_of(page, table), faults=[Fault(0, "", page.say(CHANGED_MEANWHILE))])
    answer.status_code = 409
    return answer


def _editor(
    page: Page,
    table: type[Table],
    *,
    text: str,
    values: Mapping[str, str] | None = None,
    faults: list[Fault] | None = None,
    note: str = "",
    notice: str | None = None,
    lists: Sequence[tuple[Collection, Mapping[str, Any]]] = (),
    draft: Revision | None = None,
) -> Response:
    lines = text.splitlines()
    return page.show(
        "settings/table.html",
        table=table,
        name=table.file.removesuffix(".yaml"),
        text=text,
        fields=settings_text.fields_of(table),
        values=values,
        faults=[(each, lines[each.line - 1] if 0 < each.line <= len(lines) else "") for each in faults or []],
        note=note,
        notice=notice,
        lists=lists,
        has_lists=bool(lists_of(table)),
        draft=draft,
        title_of=settings_entries.title_of,
        region=places.name_of,
        based_on=in_force_now(page, table),
        unusable=revisions.in_force(page.session).unusable.get(table.file),
        history=revisions.history(page.session, table.file),
    )


def _text_of(page: Page, table: type[Table]) -> str:
    """What is in force as text; the file itself, with its comments, where nothing has been changed."""
    if in_force_now(page, table) is None:
        return (DATA / table.file).read_text(encoding="utf-8")
    return settings_text.as_text(revisions.body(page.session, table.file))


def same(page: Page, table: type[Table], body: Mapping[str, Any]) -> bool:
    """Whether a body says what is in force."""
    current = revisions.body(page.session, table.file)
    return settings_text.as_text(body) == settings_text.as_text(current)


def lists_of(table: type[Table]) -> list[Collection]:
    """What of a table is listed thing by thing, each with a form."""
    return [Collection("groups", (), True)] if table is Shifts else settings_entries.collections_of(table)


def in_force_now(page: Page, table: type[Table]) -> int | None:
    """Which revision of a table is in force; None for its file."""
    return revisions.in_force(page.session).revisions.get(table.file)


def _revision(page: Page, table: type[Table], revision_id: int) -> Revision:
    found = revisions.get(page.session, revision_id)
    if found.table != table.file:
        raise NotFound
    return found


def _to(table: type[Table], rest: str) -> Response:
    return RedirectResponse(f"/console/settings/{table.file.removesuffix('.yaml')}{rest}", 303)
