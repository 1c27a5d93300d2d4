"""Settings as forms: one canned reply, fee or answer at a time, each change a draft of its table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from backend.agents.permissions import Action
from backend.auth import needs
from backend.console.inbox import pane_rules
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, opens_for
from backend.console.settings import entry_forms as settings_entries
from backend.console.settings import places
from backend.console.settings import text as settings_text
from backend.console.settings.entry_forms import Collection, EntryField
from backend.console.settings.routes import CHANGED_MEANWHILE, NOTHING_CHANGED, Sent, WhichTable, in_force_now, same
from backend.console.words import mark
from backend.depends import Now, Ref
from backend.errors import NotFound
from backend.reference.base import Table
from backend.reference.desk import KNOWN_OF_A_CONVERSATION, CannedReplies
from backend.revisions import service as revisions
from backend.revisions.models import Revision
from backend.revisions.rules import Status

router = APIRouter(prefix="/settings/{name}", route_class=ConsoleRoute)

READS, EDITS = opens_for(Action.EDIT_SETTINGS), needs(Action.EDIT_SETTINGS)
CollectionName = Annotated[str, Path(max_length=40, pattern=r"^[a-z0-9_]+$")]
Code = Annotated[str, Path(max_length=60)]
DraftId = Annotated[int | None, Query(ge=1, le=2**31)]


@router.get("/new/{collection}", dependencies=[READS])
def new(page: ReadPage, table: WhichTable, collection: CollectionName, draft: DraftId = None) -> Response:
    """An empty form for one more."""
    found = _collection(table, collection)
    if found.is_fixed:
        raise NotFound
    return _form(page, table, found, "", settings_entries.values_of(found.fields, {}), draft)


@router.get("/entries/{collection}/{code}", dependencies=[READS])
def show(page: ReadPage, table: WhichTable, collection: CollectionName, code: Code, draft: DraftId = None) -> Response:
    """The form of one entry, as it is in force or in a draft."""
    found = _collection(table, collection)
    entries = settings_entries.entries_of(basis(page, table, draft), found)
    if code not in entries:
        raise NotFound
    return _form(page, table, found, code, settings_entries.values_of(found.fields, entries[code]), draft)


@router.post("/entries/{collection}", dependencies=[EDITS])
def save(page: OpenPage, table: WhichTable, collection: CollectionName, now: Now, form: Sent) -> Response:
    """Draft the table with this entry changed or added; what is wrong is told beside its field."""
    found = _collection(table, collection)
    sent = sent_text(form)
    draft, code = number_of(sent.get("draft")), sent.get("code", "").strip()
    body = basis(page, table, draft)
    entries = settings_entries.entries_of(body, found)
    is_new = sent.get("is_new") == "yes"
    faults: dict[str, str] = {}
    if is_new and not settings_entries.is_code(code):
        faults["code"] = page.say(mark("Give it a short name of a–z, 0–9 and _, beginning with a letter."))
    elif is_new and code in entries:
        faults["code"] = page.say(mark("There is one of this name already."))
    elif (not is_new and code not in entries) or (is_new and found.is_fixed):
        raise NotFound
    entries[code] = settings_entries.entry_of(found.fields, sent, entries.get(code) or {})
    changed = settings_entries.with_entries(body, found, entries)
    faults |= _unknown_regions(page, found, entries[code]) | _wrongs(table, changed, found, code)
    faults |= in_the_way(page, table, changed, sent) if not faults else {}
    if faults:
        shown = {each.name: sent.get(each.name, "") for each in found.fields}
        answer = _form(page, table, found, "" if is_new else code, shown, draft, faults, sent)
        answer.status_code = 422
        return answer
    return drafted(page, table, changed, draft, sent.get("note", ""), now)


@router.post("/entries/{collection}/{code}/delete", dependencies=[EDITS])
def delete(page: OpenPage, table: WhichTable, collection: CollectionName, code: Code, now: Now, form: Sent) -> Response:
    """Draft the table without this entry."""
    found = _collection(table, collection)
    sent = sent_text(form)
    draft = number_of(sent.get("draft"))
    body = basis(page, table, draft)
    entries = settings_entries.entries_of(body, found)
    if found.is_fixed or code not in entries:
        raise NotFound
    before = settings_entries.values_of(found.fields, entries.pop(code))
    changed = settings_entries.with_entries(body, found, entries)
    wrong = [why for _, why in settings_text.wrongs(table, changed)]
    if faults := {"": wrong[0]} if wrong else in_the_way(page, table, changed, sent):
        answer = _form(page, table, found, code, before, draft, faults, sent)
        answer.status_code = 422
        return answer
    return drafted(page, table, changed, draft, sent.get("note", ""), now)


@router.post("/preview", dependencies=[EDITS])
def preview(page: OpenPage, table: WhichTable, form: Sent, reference: Ref) -> Response:
    """How a canned reply will read, with examples in the place of its variables.

    Raises:
        NotFound: the table holds no canned replies.
    """
    if table is not CannedReplies:
        raise NotFound
    sent = sent_text(form)
    shown = {}
    for language in ("zh", "en"):
        samples = {each: reference.messages.sample(each, language) for each in KNOWN_OF_A_CONVERSATION}
        try:
            shown[language] = pane_rules.fill(sent.get(language, ""), samples, language)
        except ValueError:
            shown[language] = page.say(mark("A brace stands alone. Variables are written as {{name}}, nothing more."))
    return page.show("settings/_entry_preview.html", shown=shown)


def _collection(table: type[Table], name: str) -> Collection:
    found = next((each for each in settings_entries.collections_of(table) if each.name == name), None)
    if found is None:
        raise NotFound
    return found


def sent_text(form: FormData) -> dict[str, str]:
    """The text fields of a form; several of one name stand in lines."""
    return {name: "\n".join(map(str, form.getlist(name))) for name in form if all(map(_is_text, form.getlist(name)))}


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def number_of(text: str | None) -> int | None:
    """The number a hidden field holds."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


def the_draft(page: Page, table: type[Table], draft_id: int | None) -> Revision | None:
    """The draft a change goes on from, if it is one of this table still."""
    if draft_id is None:
        return None
    found = revisions.get(page.session, draft_id)
    if found.table != table.file or found.status is not Status.DRAFT:
        raise NotFound
    return found


def basis(page: Page, table: type[Table], draft_id: int | None) -> dict[str, Any]:
    """What a change is made on: the draft it goes on from, else what is in force."""
    draft = the_draft(page, table, draft_id)
    return dict(draft.body) if draft else revisions.body(page.session, table.file)


def _unknown_regions(page: Page, found: Collection, entry: Mapping[str, Any]) -> dict[str, str]:
    """Regions that were written down and that nobody knows, by their field."""
    told = {}
    for field in found.fields:
        given = entry.get(field.name) if field.kind == "regions" else None
        if unknown := [each for each in given or () if not places.is_known(each)]:
            told[field.name] = page.say(mark("There is no such region: {regions}"), regions=", ".join(unknown))
    return told


def _wrongs(table: type[Table], body: Mapping[str, Any], found: Collection, code: str) -> dict[str, str]:
    """What is wrong, by the field it is told beside; by the empty name where it is about no field of this entry."""
    names = {each.name for each in found.fields}
    told: dict[str, str] = {}
    for place, why in settings_text.wrongs(table, body):
        path = [str(each) for each in place]
        if found.is_list and path[0] == found.name and path[1:2]:
            path[1] = list(settings_entries.entries_of(body, found))[int(path[1])]
        rest = path[2:] if path[:2] == [found.name, code] else None
        name = next((n for n in (".".join(rest[:2]), *rest[:1]) if n in names), "") if rest is not None else ""
        told[name] = why if name or rest is not None else f"{settings_text.place_name(place)}: {why}"
    return told


def in_the_way(page: Page, table: type[Table], changed: Mapping[str, Any], sent: Mapping[str, str]) -> dict[str, str]:
    """Why a right change is no draft: a colleague was faster, or nothing differs."""
    draft = the_draft(page, table, number_of(sent.get("draft")))
    in_force = in_force_now(page, table)
    if number_of(sent.get("based_on")) != in_force or (draft and draft.based_on != in_force):
        return {"": page.say(CHANGED_MEANWHILE)}
    return {"": page.say(NOTHING_CHANGED)} if same(page, table, changed) else {}


def drafted(
    page: Page, table: type[Table], body: Mapping[str, Any], draft_id: int | None, note: str, now: Any
) -> Response:
    """A new draft; one it goes on from is given up for it, and its reason goes along."""
    earlier = the_draft(page, table, draft_id)
    note = note.strip() or (earlier.note if earlier else "")
    made = revisions.draft(page.session, table.file, body, page.agent.name, now, note=note[:200])
    if earlier:
        revisions.withdraw(page.session, earlier.id, page.agent.name, now)
    return RedirectResponse(f"/console/settings/{table.file.removesuffix('.yaml')}/revisions/{made.id}", 303)


def _form(
    page: Page,
    table: type[Table],
    found: Collection,
    code: str,
    values: Mapping[str, str],
    draft_id: int | None,
    faults: Mapping[str, str] | None = None,
    sent: Mapping[str, str] | None = None,
) -> Response:
    fields: tuple[EntryField, ...] = tuple(each for each in found.fields if each.kind != "variables")
    return page.show(
        "settings/entry.html",
        table=table,
        name=table.file.removesuffix(".yaml"),
        collection=found,
        code=code,
        heading=settings_entries.title_of(
            settings_entries.entries_of(basis(page, table, draft_id), found).get(code) or {}, page.words.language
        ),
        fields=fields,
        values=values,
        draft=the_draft(page, table, draft_id),
        based_on=in_force_now(page, table),
        faults=faults or {},
        sent=sent or {},
        variables=sorted(KNOWN_OF_A_CONVERSATION) if table is CannedReplies else [],
    )
