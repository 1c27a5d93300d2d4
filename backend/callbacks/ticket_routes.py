"""Tickets over HTTP wherever their callbacks belong to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from backend import limits
from backend.agents.permissions import Action
from backend.audit import service as audit
from backend.audit.rules import Kind, What
from backend.auth import CurrentAgent, needs
from backend.callbacks import cases, service
from backend.callbacks.schemas import (
    CallbackOfTicket,
    CancelIn,
    CorrectionIn,
    CorrectionOut,
    Due,
    HazardIn,
    HazardOut,
    Promised,
    TicketOpened,
)
from backend.conversations.rules import clean
from backend.depends import Announce, BotOnly, Db, InHouse, Now, Ref
from backend.errors import BadPhone, TicketUnknown
from backend.outbox import service as outbox
from backend.tickets import service as tickets
from backend.tickets.bot_schemas import LookupIn, LookupOut, TicketIn
from backend.tickets.corrections import Corrections
from backend.tickets.rules import Priority, TicketType
from backend.tickets.rules import Status as TicketStatus
from backend.tickets.schemas import PromiseOut, TicketOut, WordsOut, as_bilingual
from backend.tickets.service import TicketRequest

bot = APIRouter(prefix="/api/bot", tags=["bot"], dependencies=[BotOnly])
desk = APIRouter(prefix="/api/tickets", tags=["tickets"])


@desk.get("", dependencies=[needs(Action.REVEAL)])
def list_tickets(
    agent: CurrentAgent,
    session: Db,
    now: Now,
    reference: Ref,
    phone: Annotated[str, Query(max_length=60)] = "",
    status: TicketStatus | None = None,
    kind: Annotated[TicketType | None, Query(alias="type")] = None,
    q: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[TicketOut]:
    """Tickets that match everything given, newest first."""
    found = tickets.search(
        session, phone=clean(phone), status=status, kind=kind, text=clean(q), limit=limit, offset=offset
    )
    audit.record(session, agent, What.LISTED, Kind.LIST, "tickets", count=len(found), now=now)
    return cases.show(session, found, reference)


@desk.get("/{ticket_no}", dependencies=[needs(Action.REVEAL)])
def one_ticket(agent: CurrentAgent, ticket_no: str, session: Db, now: Now, reference: Ref) -> TicketOut:
    """One ticket; its number may be typed in any shape."""
    found = tickets.find(session, clean(ticket_no))
    audit.record(session, agent, What.TICKET, Kind.TICKET, found.ticket_no, customer_id=found.customer_id, now=now)
    return cases.show(session, [found], reference)[0]


@bot.post("/tickets", status_code=201)
def open_ticket(
    form: TicketIn, session: Db, now: Now, reference: Ref, house: InHouse, announce: Announce
) -> TicketOpened:
    """Save a confirmed form: ticket, promises, callback. The same form again returns the same ticket.

    Somebody else's open ticket is added to all the same: `disclosed` is false then, and nothing of it may be told.
    """
    phone = outbox.number(form.phone, own_numbers=house.settings.numbers_of_ours).e164
    wanted = (form.wanted_time.start, form.wanted_time.end) if form.wanted_time else None
    case = cases.open_with_callback(session, request_of(form, phone), wanted, reference=reference, now=now)
    announce("desk", ticket=case.ticket.ticket_no)
    shown = cases.show(session, [case.ticket], reference)[0]
    callback = case.callback if case.disclosed else None
    if not case.disclosed:
        shown = shown.model_copy(update={"visit_code": "", "callbacks": []})
    booked = callback and CallbackOfTicket(
        id=callback.id,
        start=callback.window_start,
        end=callback.window_end,
        words=as_bilingual(service.words_of(service.window_of(callback), reference, now)),
    )
    return TicketOpened(
        ticket=shown,
        visit_code=shown.visit_code,
        callback=booked,
        promise=promised(shown.promises),
        duplicate=case.duplicate,
        disclosed=case.disclosed,
    )


@bot.post("/tickets/lookup")
def look_up(form: LookupIn, session: Db, now: Now, reference: Ref) -> LookupOut:
    """How a ticket stands, for whoever knows its number and its phone. Who guesses is told nothing any more."""
    guessed = "".join(filter(str.isdigit, form.phone))[-11:]
    if limits.is_used_up(limits.WRONG_LOOKUPS_BY_NUMBER, guessed):
        raise TicketUnknown
    try:
        ticket = tickets.lookup(session, form.ticket_no, form.phone, form.conversation_id)
    except TicketUnknown:
        limits.hit(limits.WRONG_LOOKUPS_BY_NUMBER, guessed)
        raise
    words = cases.state(session, ticket, reference=reference, now=now)
    return LookupOut(ticket_no=ticket.ticket_no, status=ticket.status, words=as_bilingual(words))


@bot.post("/tickets/{ticket_no}/cancel")
def cancel(ticket_no: str, form: CancelIn, session: Db, now: Now, reference: Ref, announce: Announce) -> WordsOut:
    """The customer cancels a ticket whose number and phone they know."""
    words = cases.cancel(session, clean(ticket_no), form.phone, reference=reference, now=now)
    announce("desk", ticket=ticket_no[:20])
    return WordsOut(words=as_bilingual(words))


@bot.post("/tickets/{ticket_no}/correct")
def correct(
    ticket_no: str, form: CorrectionIn, session: Db, now: Now, reference: Ref, house: InHouse, announce: Announce
) -> CorrectionOut:
    """The customer puts a saved ticket right, as long as nobody is on the way."""
    phone = outbox.number(form.phone, own_numbers=house.settings.numbers_of_ours).e164 if form.phone else None
    right = Corrections(form.name, phone, form.address.model_dump() if form.address else None, form.model, form.wanted)
    changed = cases.correct(session, clean(ticket_no), form.conversation_id, right, reference=reference, now=now)
    announce("desk", ticket=ticket_no[:20])
    return CorrectionOut(ticket_no=ticket_no[:20], changed=changed)


@bot.post("/hazards")
def report_hazard(
    form: HazardIn, session: Db, now: Now, reference: Ref, house: InHouse, announce: Announce
) -> HazardOut:
    """Danger to people: a critical ticket at once, a person is rung, whatever is missing."""
    reported = cases.report_hazard(
        session,
        conversation_id=form.conversation_id,
        message_id=form.message_id,
        text=form.text or "",
        kind=form.kind or "default",
        phone=_callable(form.phone, house.settings.numbers_of_ours),
        address=form.address,
        anyone_hurt=form.anyone_hurt,
        reference=reference,
        now=now,
    )
    announce("desk", conversation=form.conversation_id, ring="danger")
    return HazardOut(
        ticket_no=reported.ticket.ticket_no,
        ring_words=as_bilingual(reported.words),
        needs_phone=reported.needs_phone,
    )


def request_of(form: TicketIn, phone: str) -> TicketRequest:
    """A confirmed form as the service takes it."""
    facts = ("model", "serial_no", "capacity", "purchase_date", "fault_code", "symptom", "description")
    more = ("complaint_about", "related_ticket_no", "wanted")
    address = form.address if isinstance(form.address, str) or form.address is None else form.address.model_dump()
    return TicketRequest(
        conversation_id=form.conversation_id,
        form_id=form.form_id,
        type=form.type,
        phone=phone,
        priority=form.priority or Priority.NORMAL,
        name=form.name,
        address=address,
        language=form.language,
        channel=form.channel and form.channel[:12],
        install=form.install.model_dump(exclude_none=True) if form.install else {},
        facts={name: getattr(form, name) for name in (*facts, *more)},
    )


def promised(promises: Sequence[PromiseOut]) -> Promised:
    """What to tell the customer of a ticket's promises."""
    due = {each.kind: Due(due_at=each.due_at, words=each.words) for each in promises}
    return Promised(reply=due["reply"], onsite=due.get("onsite"), opinion=due.get("opinion"))


def _callable(text: str | None, own_numbers: Sequence[str]) -> str | None:
    """The number when we can call it; a report of danger is never refused for a bad one."""
    try:
        return outbox.number(text, own_numbers=own_numbers).e164 if text else None
    except BadPhone:
        return None
