"""Work on tickets: opened by hand, edited, given to somebody, linked, merged, split, printed."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Form, Path, Query
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field
from starlette.responses import Response

from backend.agents.models import Agent
from backend.agents.permissions import Action
from backend.auth import needs
from backend.callbacks import desk_cases
from backend.callbacks import service as callbacks
from backend.console import queries, views
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, explain, opens_for
from backend.console.tickets.page import OnTicket, Step, TicketNo
from backend.console.words import mark
from backend.depends import Now, Ref
from backend.errors import BadAddress, BadPhone, NotFound
from backend.outbox import service as outbox
from backend.outlets import service as outlets
from backend.reference import Reference
from backend.tickets import editing, intake, merging, service
from backend.tickets.rules import Case, Priority, TicketType
from backend.tickets.service import TicketRequest

router = APIRouter(prefix="/tickets", route_class=ConsoleRoute)

OFFERED = 24
Number = Annotated[str, Form(max_length=20)]
Start = Annotated[AwareDatetime | None, BeforeValidator(lambda value: value or None)]


class Fields(BaseModel):
    """What an agent writes into a ticket. Lengths are those of the table."""

    contact_name: str = Field("", max_length=60)
    model: str = Field("", max_length=60)
    serial_no: str = Field("", max_length=60)
    capacity: str = Field("", max_length=20)
    purchase_date: str = Field("", max_length=20)
    fault_code: str = Field("", max_length=20)
    symptom: str = Field("", max_length=2000)
    description: str = Field("", max_length=2000)
    complaint_about: str = Field("", max_length=200)
    related_ticket_no: str = Field("", max_length=20)
    wanted: str = Field("", max_length=2000)
    language: str = Field("", pattern="^(zh|en)?$")
    priority: Priority = Priority.NORMAL
    phone: str = Field("", max_length=40)
    address: str = Field("", max_length=300)

    def plain(self) -> dict[str, str]:
        """The values that are written as they are."""
        return {name: getattr(self, name) for name in editing.PLAIN}

    def facts(self) -> dict[str, str | None]:
        """The plain facts as a request carries them."""
        return {name: getattr(self, name).strip() or None for name in intake.FACTS}


class EditFields(Fields):
    """The form of a ticket that is there already; `seen` tells what of it."""

    seen: str = Field("", max_length=32)


class NewFields(Fields):
    """The form of a new ticket; `form_id` makes sending it twice one ticket."""

    form_id: str = Field(pattern="^[0-9a-f]{32}$")
    kind: TicketType = TicketType.REPAIR
    start: Start = None


@router.get("/new", dependencies=[opens_for(Action.WORK_TICKETS)])
def new(page: ReadPage, now: Now, reference: Ref, conversation: Annotated[str, Query(max_length=32)] = "") -> Response:
    """An empty form; of a conversation, if one is named."""
    return page.show(
        "tickets/new.html",
        form_id=conversation or secrets.token_hex(16),
        kinds=list(TicketType),
        priorities=list(Priority),
        windows=_windows(page, reference, now),
        checked=None,
    )


@router.post("/new/check", dependencies=[needs(Action.WORK_TICKETS)])
def check(page: OpenPage, reference: Ref, form: Annotated[NewFields, Form()]) -> Response:
    """What the number, the address and open tickets say, while the form is being written."""
    return page.show("tickets/_check.html", checked=_checked(page, form, reference))


@router.post("/new", dependencies=[needs(Action.WORK_TICKETS)])
def create(
    page: OpenPage, now: Now, reference: Ref, later: BackgroundTasks, form: Annotated[NewFields, Form()]
) -> Response:
    """Open a ticket with its promises and its call; an open one of the same case is added to instead."""
    number = outbox.number(form.phone, own_numbers=page.house.settings.numbers_of_ours).e164
    if form.address.strip():
        outlets.check(form.address, reference)
    request = _request(form, form.form_id, form.kind, number, form.address)
    span = (form.start, form.start + reference.callbacks.length) if form.start else None
    case = desk_cases.open_by_hand(page.session, request, span, reference=reference, now=now)
    editing.assign(page.session, case.ticket, page.agent, who=page.agent.name, now=now)
    said = (
        mark("An open ticket of the same case was there; this was added to it.") if case.duplicate else mark("Saved.")
    )
    return Step(page, case.ticket.ticket_no, now, reference, later).there(said)


def _request(form: Fields, form_id: str, kind: TicketType, number: str, address: Any) -> TicketRequest:
    return TicketRequest(
        conversation_id=form_id,
        form_id=f"desk:{form_id}",
        type=kind,
        phone=number,
        priority=form.priority,
        name=form.contact_name.strip() or None,
        address=address or None,
        language=form.language or "zh",
        channel="voice",
        facts=form.facts(),
    )


def _checked(page: Page, form: NewFields, reference: Reference) -> dict[str, Any]:
    language = page.words.language
    found: dict[str, Any] = {"phone": None, "phone_bad": None, "place": None, "place_bad": None, "same": []}
    if form.phone.strip():
        try:
            found["phone"] = outbox.number(form.phone, own_numbers=page.house.settings.numbers_of_ours).e164
        except BadPhone as error:
            found["phone_bad"] = explain(error, language)
    if form.address.strip():
        try:
            found["place"] = outlets.check(form.address, reference)
        except BadAddress as error:
            found["place_bad"] = explain(error, language)
    case = Case(form.kind, found["phone"], form.serial_no.strip() or None, form.form_id)
    found["same"] = service.same_cases(page.session, case)
    return found


def _windows(page: Page, reference: Reference, now: datetime) -> list[Any]:
    desk = callbacks.desk_at(page.session, reference, now)
    return desk.free(desk.earliest, desk.latest, OFFERED)


@router.get("/{ticket_no}/edit", dependencies=[opens_for(Action.WORK_TICKETS)])
def edit_form(page: ReadPage, ticket_no: TicketNo) -> Response:
    """A ticket as a form."""
    ticket = service.find(page.session, ticket_no)
    return page.show("tickets/edit.html", ticket=ticket, seen=editing.stamp(ticket), priorities=list(Priority))


@router.post("/{ticket_no}/edit", dependencies=[needs(Action.WORK_TICKETS)])
def edit(step: OnTicket, form: Annotated[EditFields, Form()]) -> Response:
    """Put a ticket right; what changed stands in its timeline."""
    changed = desk_cases.edit(
        step.session,
        step.ticket,
        form.plain(),
        priority=form.priority,
        phone=form.phone,
        address=form.address,
        seen=form.seen,
        who=step.who,
        own_numbers=step.page.house.settings.numbers_of_ours,
        reference=step.reference,
        now=step.now,
    )
    return step.there(mark("Saved.") if changed else mark("Nothing was different."))


@router.post("/{ticket_no}/assign", dependencies=[needs(Action.WORK_TICKETS)])
def assign(step: OnTicket, agent_id: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0) -> Response:
    """Give a ticket to an agent, or to nobody."""
    agent = step.session.get(Agent, agent_id) if agent_id else None
    if agent_id and agent is None:
        raise NotFound("There is no such agent.")
    editing.assign(step.session, step.ticket, agent, who=step.who, now=step.now)
    return step.done(mark("Noted."))


@router.post("/{ticket_no}/link", dependencies=[needs(Action.WORK_TICKETS)])
def link(step: OnTicket, other: Number) -> Response:
    """Note that two tickets belong together."""
    merging.link(step.session, step.ticket, service.find(step.session, other), who=step.who, now=step.now)
    return step.done(mark("Linked."))


@router.post("/{ticket_no}/unlink", dependencies=[needs(Action.WORK_TICKETS)])
def unlink(step: OnTicket, other: Number) -> Response:
    """Take a link back."""
    merging.unlink(step.session, step.ticket, service.find(step.session, other), who=step.who, now=step.now)
    return step.done(mark("No longer linked."))


@router.post("/{ticket_no}/merge", dependencies=[needs(Action.WORK_TICKETS)])
def merge(step: OnTicket, other: Number) -> Response:
    """Let this ticket go on in another."""
    desk_cases.merge(step.session, step.ticket, service.find(step.session, other), who=step.who, now=step.now)
    return step.done(mark("Merged. It can be taken back below."))


@router.post("/{ticket_no}/merges/{merge_id}/undo", dependencies=[needs(Action.WORK_TICKETS)])
def unmerge(step: OnTicket, merge_id: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> Response:
    """Take a merge back."""
    desk_cases.unmerge(step.session, step.ticket, merge_id, who=step.who, now=step.now)
    return step.done(mark("Taken back: two tickets again."))


@router.post("/{ticket_no}/split", dependencies=[needs(Action.WORK_TICKETS)])
def split(
    step: OnTicket,
    kind: Annotated[TicketType, Form()],
    description: Annotated[str, Form(min_length=1, max_length=2000)],
    serial_no: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Open a second ticket for another matter of the same customer."""
    ticket = step.ticket
    form = Fields(description=description, serial_no=serial_no, contact_name=ticket.contact_name or "")
    request = _request(form, secrets.token_hex(16), kind, ticket.contact_phone or "", ticket.address)
    made = desk_cases.split(step.session, ticket, request, who=step.who, reference=step.reference, now=step.now)
    return step.there(mark("Split off and linked."), ticket_no=made.ticket_no)


@router.get("/{ticket_no}/print")
def printed(page: ReadPage, ticket_no: TicketNo, now: Now, reference: Ref) -> Response:
    """A ticket on paper: without controls, the number masked."""
    ticket = service.find(page.session, ticket_no)
    [view] = views.ticket_views(page.session, [ticket], reference.calendar, now)
    return page.show(
        "tickets/print.html",
        ticket=ticket,
        stories=views.stories(page.session, view, reference.calendar, page.words.language),
        callbacks=queries.callbacks_of(page.session, [ticket]),
    )
