"""Who is on shift when, as a form: a draft of the table of shifts like any other."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import Response

from backend.agents import service as agents
from backend.agents.permissions import Action, Role
from backend.auth import needs
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, opens_for
from backend.console.settings import shift_forms as settings_shifts
from backend.console.settings import text as settings_text
from backend.console.settings.entries import DraftId, basis, drafted, in_the_way, number_of, sent_text, the_draft
from backend.console.settings.routes import Sent, in_force_now
from backend.console.settings.text import Fault
from backend.console.words import mark
from backend.depends import Now, Ref
from backend.errors import NotFound
from backend.kernel.working_time import local_day
from backend.reference.tables import Shifts

router = APIRouter(prefix="/settings/shifts/groups", route_class=ConsoleRoute)

GroupName = Annotated[str, Path(max_length=40)]


@router.get("/{group}", dependencies=[opens_for(Action.EDIT_SETTINGS)])
def show(page: ReadPage, group: GroupName, now: Now, reference: Ref, draft: DraftId = None) -> Response:
    """The shifts of one group."""
    body = basis(page, Shifts, draft)
    if group not in body["groups"]:
        raise NotFound
    today = local_day(reference.calendar, now).isoformat()
    return _form(page, group, body["groups"][group], today, draft)


@router.post("/{group}", dependencies=[needs(Action.EDIT_SETTINGS)])
def save(page: OpenPage, group: GroupName, now: Now, reference: Ref, form: Sent) -> Response:
    """Draft the shifts of a group."""
    sent = sent_text(form)
    draft = number_of(sent.get("draft"))
    body = basis(page, Shifts, draft)
    if group not in body["groups"]:
        raise NotFound
    today = local_day(reference.calendar, now).isoformat()
    changed = settings_shifts.group_of(sent, body["groups"][group], today)
    whole = body | {"groups": body["groups"] | {group: changed}}
    wrong = settings_text.wrongs(Shifts, whole)
    faults = [Fault(0, settings_text.place_name(place[2:]), why) for place, why in wrong]
    known = {each.username for each in agents.active(page.session, list(Role))}
    if strangers := sorted(settings_shifts.named(changed) - known):
        told = page.say(mark("Nobody at the desk has this username: {names}."), names=", ".join(strangers))
        faults.append(Fault(0, "", told))
    if not faults:
        faults = [Fault(0, "", why) for why in in_the_way(page, Shifts, whole, sent).values()]
    if faults:
        answer = _form(page, group, changed, today, draft, faults, sent.get("note", ""))
        answer.status_code = 422
        return answer
    return drafted(page, Shifts, whole, draft, sent.get("note", ""), now)


def _form(
    page: Page,
    group: str,
    shown: dict[str, Any],
    today: str,
    draft_id: int | None,
    faults: list[Fault] | None = None,
    note: str = "",
) -> Response:
    return page.show(
        "settings/shifts.html",
        group=group,
        names=shown["name"],
        week=settings_shifts.week_of(shown),
        days=settings_shifts.days_of(shown, today),
        today=today,
        agents=agents.active(page.session, list(Role)),
        draft=the_draft(page, Shifts, draft_id),
        based_on=in_force_now(page, Shifts),
        faults=faults or [],
        note=note,
    )
