"""One ticket with everything that happened to it; its status and its promises."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BeforeValidator, NaiveDatetime
from starlette.responses import Response

from backend.agents.permissions import Action
from backend.appointments import settling
from backend.audit.rules import Kind, What
from backend.auth import needs
from backend.console.looks import notes
from backend.console.page import ConsoleRoute, ReadPage
from backend.console.tickets.page import OnTicket, TicketNo, show_ticket
from backend.console.words import mark
from backend.depends import Now, Ref
from backend.errors import Refused
from backend.tickets import promising, service
from backend.tickets.promise_rules import PauseReason
from backend.tickets.rules import PromiseKind, Status

router = APIRouter(prefix="/tickets", route_class=ConsoleRoute)

LocalTime = Annotated[NaiveDatetime | None, BeforeValidator(lambda value: value or None), Form()]


@router.get("/{ticket_no}", dependencies=[notes(What.TICKET, Kind.TICKET)])
def one(page: ReadPage, ticket_no: TicketNo, now: Now, reference: Ref) -> Response:
    """One ticket."""
    return show_ticket(page, ticket_no, now, reference)


@router.post("/{ticket_no}/status", dependencies=[needs(Action.WORK_TICKETS)])
def move(
    step: OnTicket, status: Annotated[Status, Form()], reason: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Take a ticket to another status."""
    try:
        settling.move_ticket(
            step.session, step.ticket, status, who=step.who, reference=step.reference, now=step.now, reason=reason
        )
    except Refused:
        told = step.page.say(mark("Say what is waited for: the customer, a part, a third party."))
        raise Refused(told, code="told") from None
    return step.done(mark("Status changed."))


@router.post("/{ticket_no}/promises/{kind}/met", dependencies=[needs(Action.WORK_TICKETS)])
def meet(step: OnTicket, kind: PromiseKind) -> Response:
    """Record that a promise is kept."""
    service.meet_promise(step.session, step.ticket, kind, step.who, step.now)
    return step.done(mark("Recorded as kept."))


@router.post("/{ticket_no}/promises/{kind}/not-met", dependencies=[needs(Action.WORK_TICKETS)])
def take_back(step: OnTicket, kind: PromiseKind) -> Response:
    """Take back that a promise was marked as kept."""
    promising.take_back_kept(step.session, step.ticket, kind, who=step.who, now=step.now)
    return step.done(mark("Taken back: the promise is not kept yet."))


@router.post("/{ticket_no}/promises", dependencies=[needs(Action.WORK_TICKETS)])
def promise(step: OnTicket, kind: Annotated[PromiseKind, Form()]) -> Response:
    """Promise word about a part, or an answer to a quality report."""
    promising.promise(step.session, step.ticket, kind, who=step.who, reference=step.reference, now=step.now)
    return step.done(mark("Promised."))


@router.post("/{ticket_no}/promises/{kind}/pause", dependencies=[needs(Action.WORK_TICKETS)])
def pause(
    step: OnTicket,
    kind: PromiseKind,
    reason: Annotated[PauseReason, Form()],
    text: Annotated[str, Form(max_length=200)] = "",
    until: LocalTime = None,
) -> Response:
    """Let a promise stand still, for a reason; `until` is a local date and time, as a form field gives it."""
    end = until.replace(tzinfo=step.reference.calendar.zone) if until else None
    promising.pause(step.session, step.ticket, kind, reason, text, until=end, who=step.who, now=step.now)
    return step.done(mark("The promise stands still."))


@router.post("/{ticket_no}/promises/{kind}/resume", dependencies=[needs(Action.WORK_TICKETS)])
def resume(step: OnTicket, kind: PromiseKind) -> Response:
    """Let a promise run again."""
    calendar = step.reference.calendar
    promising.resume(step.session, step.ticket, kind, who=step.who, calendar=calendar, now=step.now)
    return step.done(mark("The promise runs again."))
