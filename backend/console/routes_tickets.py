"""One ticket with everything that happened to it; its status and its promises."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form, Path
from pydantic import BeforeValidator, NaiveDatetime
from starlette.responses import RedirectResponse, Response

from backend.agents.permissions import Action
from backend.appointments import service as appointments
from backend.appointments import settling
from backend.audit.rules import Kind, What
from backend.auth import needs
from backend.console import queries, views
from backend.console.looks import notes
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, is_pane
from backend.console.words import mark
from backend.depends import Now, Ref
from backend.errors import Refused
from backend.followups import service as followups
from backend.reference import Reference
from backend.tickets import merging, promising, service, wording
from backend.tickets.promise_rules import BY_HAND, PauseReason
from backend.tickets.rules import CLOSED, MAY_BECOME, VISITED, PromiseKind, Status

router = APIRouter(prefix="/tickets", route_class=ConsoleRoute)

TicketNo = Annotated[str, Path(max_length=20)]
LocalTime = Annotated[NaiveDatetime | None, BeforeValidator(lambda value: value or None), Form()]


@router.get("/{ticket_no}", dependencies=[notes(What.TICKET, Kind.TICKET)])
def one(page: ReadPage, ticket_no: TicketNo, now: Now, reference: Ref) -> Response:
    """One ticket."""
    return show_ticket(page, ticket_no, now, reference)


@router.post("/{ticket_no}/status", dependencies=[needs(Action.WORK_TICKETS)])
def move(
    page: OpenPage,
    ticket_no: TicketNo,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    status: Annotated[Status, Form()],
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Take a ticket to another status."""
    ticket = service.find(page.session, ticket_no)
    try:
        settling.move_ticket(
            page.session, ticket, status, who=page.agent.name, reference=reference, now=now, reason=reason
        )
    except Refused:
        told = page.say(mark("Say what is waited for: the customer, a part, a third party."))
        raise Refused(told, code="told") from None
    later.add_task(page.house.bus.publish, "desk", ticket=ticket.ticket_no)
    return show_ticket(page, ticket_no, now, reference, toast=page.say(mark("Status changed.")))


@router.post("/{ticket_no}/promises/{kind}/met", dependencies=[needs(Action.WORK_TICKETS)])
def meet(
    page: OpenPage, ticket_no: TicketNo, kind: PromiseKind, now: Now, reference: Ref, later: BackgroundTasks
) -> Response:
    """Record that a promise is kept."""
    ticket = service.find(page.session, ticket_no)
    service.meet_promise(page.session, ticket, kind, page.agent.name, now)
    later.add_task(page.house.bus.publish, "desk", ticket=ticket.ticket_no)
    return show_ticket(page, ticket_no, now, reference, toast=page.say(mark("Recorded as kept.")))


@router.post("/{ticket_no}/promises", dependencies=[needs(Action.WORK_TICKETS)])
def promise(
    page: OpenPage,
    ticket_no: TicketNo,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    kind: Annotated[PromiseKind, Form()],
) -> Response:
    """Promise word about a part, or an answer to a quality report."""
    ticket = service.find(page.session, ticket_no)
    promising.promise(page.session, ticket, kind, who=page.agent.name, reference=reference, now=now)
    return _promised(page, ticket_no, now, reference, later, mark("Promised."))


@router.post("/{ticket_no}/promises/{kind}/pause", dependencies=[needs(Action.WORK_TICKETS)])
def pause(
    page: OpenPage,
    ticket_no: TicketNo,
    kind: PromiseKind,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    reason: Annotated[PauseReason, Form()],
    text: Annotated[str, Form(max_length=200)] = "",
    until: LocalTime = None,
) -> Response:
    """Let a promise stand still, for a reason; `until` is a local date and time, as a form field gives it."""
    end = until.replace(tzinfo=reference.calendar.zone) if until else None
    ticket = service.find(page.session, ticket_no)
    promising.pause(page.session, ticket, kind, reason, text, until=end, who=page.agent.name, now=now)
    return _promised(page, ticket_no, now, reference, later, mark("The promise stands still."))


@router.post("/{ticket_no}/promises/{kind}/resume", dependencies=[needs(Action.WORK_TICKETS)])
def resume(
    page: OpenPage, ticket_no: TicketNo, kind: PromiseKind, now: Now, reference: Ref, later: BackgroundTasks
) -> Response:
    """Let a promise run again."""
    ticket = service.find(page.session, ticket_no)
    promising.resume(page.session, ticket, kind, who=page.agent.name, calendar=reference.calendar, now=now)
    return _promised(page, ticket_no, now, reference, later, mark("The promise runs again."))


def _promised(
    page: Page, ticket_no: str, now: datetime, reference: Reference, later: BackgroundTasks, said: str
) -> Response:
    later.add_task(page.house.bus.publish, "desk", ticket=ticket_no)
    return show_ticket(page, ticket_no, now, reference, toast=page.say(said))


def show_ticket(page: Page, ticket_no: str, now: datetime, reference: Reference, toast: str | None = None) -> Response:
    """A ticket's page, or its pane when htmx asks."""
    if page.request.method == "POST" and not is_pane(page.request):
        return RedirectResponse(f"/console/tickets/{ticket_no}", 303)
    ticket = service.find(page.session, ticket_no)
    [view] = views.ticket_views(page.session, [ticket], reference.calendar, now)
    language, kinds = page.words.language, {promise.kind for promise, _ in view.promises}
    return page.show(
        "ticket.html",
        "_ticket.html",
        toast=toast,
        view=view,
        stories=views.stories(page.session, view, reference.calendar, language),
        by_hand=[] if ticket.status in CLOSED else [kind for kind in BY_HAND if kind not in kinds],
        ticket=ticket,
        steps=sorted(MAY_BECOME[ticket.status], key=list(Status).index),
        callbacks=queries.callbacks_of(page.session, [ticket]),
        linked=merging.linked(page.session, ticket),
        merges=merging.merges_of(page.session, ticket),
        same_customer=queries.tickets_of_phone(page.session, ticket),
        agents=queries.agent_names(page.session),
        visit=appointments.latest_of(page.session, [ticket]).get(ticket.id),
        followup=followups.of_ticket(page.session, ticket.id),
        questions=reference.followups.questions_for(ticket.type.value),
        may_visit=ticket.type in VISITED and ticket.status not in CLOSED,
        timeline=[
            (entry, wording.event(entry.code, entry.params).in_language(language))
            for entry in queries.timeline(page.session, ticket.id)
        ],
    )
