"""Open tickets, add to them, move them on, tell how they stand. Everything here flushes, nothing commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.conversations import service as conversations
from backend.conversations.models import Conversation
from backend.errors import BadPhone, Conflict, Refused, TicketUnknown
from backend.kernel import ids
from backend.outbox import service as outbox
from backend.outlets import service as outlets
from backend.reference import Reference
from backend.tickets import identity, intake, ledger, policy, promise_rules, queries, rules, schemas, wording
from backend.tickets.intake import CUSTOMER, TicketRequest, is_confirmed
from backend.tickets.ledger import look, meet_promise, note, put_off, record_missed, resume_due, visit_after_call
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import Case, Priority, PromiseKind, Rung, Status, TicketType, Words

ADDED = "number"
"""The kind of a report that only adds a number, a place or an injury to one made before."""

__all__ = [
    "ADDED", "CUSTOMER", "Opened", "TicketRequest", "answered", "chase", "find", "is_confirmed", "known", "look",
    "lookup", "meet_promise", "move", "note", "open_of_phone", "open_ticket", "opt_out", "promise_of",
    "put_off", "record_missed",
    "report_hazard", "resume_due", "running_due", "same_cases", "search", "shape", "shapes", "state",
    "visit_after_call",
    "wrote_from",
]  # fmt: skip


@dataclass(frozen=True)
class Opened:
    """The ticket a request belongs to: new, the same request's from before, or (duplicate) an open one of this case.

    Not `disclosed` is an open ticket whose owner the writer has not shown to be: it is added to and not told of.
    """

    ticket: Ticket
    is_new: bool
    duplicate: bool
    disclosed: bool = True


def open_ticket(session: Session, request: TicketRequest, *, reference: Reference, now: datetime) -> Opened:
    """Open a ticket with its promises, once for each form; an open ticket of the same case is added to instead.

    Raises:
        NotFound: there is no such conversation.
        TooMany: the day's budget of this number, address or conversation is used up.
    """
    conversation = conversations.get(session, request.conversation_id)
    counter = intake.hold_counter(session, reference, now)
    contact_key = f"{request.conversation_id}:{request.form_id}"
    if known := queries.by_form(session, request.conversation_id, request.form_id):
        return Opened(known, is_new=False, duplicate=False)
    if known := queries.by_contact(session, contact_key):
        return Opened(known, is_new=False, duplicate=True, disclosed=identity.may_hear(conversation, known))
    placed = outlets.read(request.address, reference)
    case = Case(request.type, request.phone, request.fact("serial_no"), request.conversation_id)
    found = _same_case(session, case)

    if found:
        known, why = found
        intake.complete(session, known, request, placed, conversation, reference=reference, now=now)
        _contact_again(session, known, request.said, why, key=contact_key, reference=reference, now=now)
        return Opened(known, is_new=False, duplicate=True, disclosed=identity.may_hear(conversation, known))
    intake.refuse_over_budget(session, request, placed, reference, now)
    priority = intake.priority_of(request)

    ticket = intake.add(session, request, placed, conversation, priority, counter, now=now)
    tier = placed.tier.tier if placed and placed.tier else None
    made = promise_rules.promises(
        request.type, priority, tier, calendar=reference.calendar, policy=ledger.policy_of(reference), now=now
    )
    ledger.make(session, ticket, made, now=now)
    kind = wording.TYPES[request.type].as_dict()
    ledger.note(session, ticket, "opened", who=CUSTOMER, now=now, type=kind, channel=ticket.channel)
    if word := rules.alarming_word(request.said, policy.limits().contact):
        _call_manager(session, ticket, f"said “{word}”", reference=reference, now=now)
    return Opened(ticket, is_new=True, duplicate=False)


def report_hazard(
    session: Session,
    *,
    conversation_id: str,
    message_id: str,
    text: str,
    kind: str,
    phone: str | None,
    address: str | None = None,
    anyone_hurt: bool = False,
    reference: Reference,
    now: datetime,
) -> Opened:
    """Open a critical ticket for a reported danger; a further report in the same conversation is added to it.

    What is known of the customer is taken along; without a telephone number the ticket stands nevertheless.

    Raises:
        NotFound: there is no such conversation.
    """
    conversation = conversations.get(session, conversation_id)
    counter = intake.hold_counter(session, reference, now)
    key = f"hazard:{message_id}"[:140]
    if known := queries.open_danger(session, conversation_id):
        if kind == ADDED:
            ledger.once(session, known, "hazard_detail", key=key, who=CUSTOMER, now=now, text=text)
        else:
            ledger.once(session, known, "hazard", key=key, who=CUSTOMER, now=now, kind=kind, text=text)
        if anyone_hurt:
            ledger.once(session, known, "hurt", key=f"hurt:{known.id}", who=CUSTOMER, now=now)
        placed = outlets.read(address, reference)
        if (phone and known.contact_phone is None) or placed:
            told = TicketRequest(conversation_id, key[:80], known.type, phone or "", language=conversation.language)
            intake.complete(session, known, told, placed, conversation, reference=reference, now=now)
        return Opened(known, is_new=False, duplicate=True)

    earlier = next(iter(queries.of_conversation(session, conversation_id, limit=1)), None)
    number = phone or conversation.phone or (earlier.contact_phone if earlier else None)
    request = TicketRequest(
        conversation_id=conversation_id,
        form_id=key[:80],
        type=TicketType.REPAIR,
        phone=number or "",
        priority=Priority.CRITICAL,
        name=earlier.contact_name if earlier else None,
        address=address or (earlier.address if earlier else None),
        language=conversation.language,
        facts={"description": text, "model": earlier.model if earlier else None},
    )
    if known := queries.by_form(session, conversation_id, request.form_id):
        return Opened(known, is_new=False, duplicate=True)
    placed = outlets.read(request.address, reference)

    ticket = intake.add(session, request, placed, conversation, Priority.CRITICAL, counter, now=now)
    ticket.danger = kind
    made = promise_rules.promises(
        ticket.type,
        Priority.CRITICAL,
        ticket.tier,
        calendar=reference.calendar,
        policy=ledger.policy_of(reference),
        now=now,
    )
    ledger.make(session, ticket, made, now=now)
    ledger.note(session, ticket, "hazard", who=CUSTOMER, now=now, key=key, kind=kind, text=text)
    return Opened(ticket, is_new=True, duplicate=False)


def opt_out(session: Session, conversation_id: str, *, now: datetime) -> int:
    """Whoever writes here wants no more texts: to the number they write from, and to those they gave us here.

    Returns how many numbers that were.

    Raises:
        NotFound: there is no such conversation.
    """
    conversation = conversations.get(session, conversation_id)
    given = {ticket.contact_phone for ticket in queries.of_conversation(session, conversation_id)}
    numbers = {number for number in (conversation.phone, *given) if number}
    for number in sorted(numbers):
        outbox.opt_out(session, number, now)
    return len(numbers)


def without_danger_ticket(session: Session, conversation_ids: Sequence[str]) -> list[str]:
    """Those of some conversations that have opened no report of danger yet."""
    reported = queries.conversations_with_danger(session, conversation_ids)
    return [conversation_id for conversation_id in conversation_ids if conversation_id not in reported]


def chase(
    session: Session, ticket_no: str, conversation_id: str, text: str, *, reference: Reference, now: datetime
) -> tuple[Ticket, Words]:
    """The customer presses for a ticket; returns it and what to say.

    Raises:
        TicketUnknown: there is no such open ticket.
        NotFound: there is no such conversation.
    """
    conversations.get(session, conversation_id)
    ticket = _held(session, ticket_no)
    if ticket.status in rules.CLOSED:
        raise TicketUnknown
    limits = policy.limits().contact
    last = queries.last_entry(session, ticket.id, ("chased",))
    is_echo = last is not None and rules.is_echo(last.at, str(last.params.get("text")), now, text, limits)
    if not is_echo:
        _press(session, ticket, text, key=None, reference=reference, now=now)
    is_raised = queries.last_entry(session, ticket.id, ("manager",)) is not None
    return ticket, wording.pressed(reference.promises.opinion_minutes / 60 if is_raised else None)


def lookup(session: Session, ticket_no: str, phone: str, conversation_id: str | None = None) -> Ticket:
    """A ticket for whoever knows its number and its phone; in that conversation the phone counts as shown to be theirs.

    Raises:
        TicketUnknown: they do not belong together, or there is no such ticket (the same answer).
        NotFound: there is no such conversation.
    """
    normal = ids.normal_ticket_no(ticket_no)
    try:
        number = outbox.number(phone).e164
    except BadPhone:
        raise TicketUnknown from None
    ticket = queries.by_no_and_phone(session, normal, number) if normal else None
    if ticket is None:
        raise TicketUnknown
    if conversation_id is not None:
        conversations.verify(session, conversations.get(session, conversation_id), number)
    return ticket


def find(session: Session, ticket_no: str) -> Ticket:
    """A ticket for an agent, by its number as people type it.

    Raises:
        TicketUnknown: there is none.
    """
    normal = ids.normal_ticket_no(ticket_no)
    ticket = queries.by_no(session, normal) if normal else None
    if ticket is None:
        raise TicketUnknown
    return ticket


def move(
    session: Session, ticket: Ticket, status: Status, *, who: str, reference: Reference, now: datetime, reason: str = ""
) -> None:
    """Change the status of a ticket. Waiting needs a reason and lets the promises stand still; an arranged visit keeps
    the reply promise; a ticket that is done keeps all.

    Raises:
        Refused: waiting without a reason.
        Conflict: there is no way from the present status, or somebody else has just changed it.
    """
    old = ticket.status
    rules.check_move(old, status)
    if status is Status.WAITING and not reason.strip():
        raise Refused("Say what is waited for: the customer, a part, a third party.", code="no_reason")
    changed = session.execute(
        update(Ticket)
        .where(Ticket.id == ticket.id, Ticket.status == old)
        .values(status=status, closed_at=now if status in rules.CLOSED else None)
        .execution_options(synchronize_session=False)
    )
    session.refresh(ticket)
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict
    by_customer = who == CUSTOMER and status is Status.CANCELLED
    code, names = "cancelled" if by_customer else "status", wording.STATUS_NAMES
    ledger.note(session, ticket, code, who=who, now=now, old=names[old].as_dict(), new=names[status].as_dict())
    if old is Status.WAITING:
        ledger.release_all(session, ticket, who=who, calendar=reference.calendar, now=now)
    if status is Status.WAITING:
        ledger.hold_all(session, ticket, reason.strip(), who=who, now=now)
    elif status is Status.SCHEDULED:
        meet_promise(session, ticket, PromiseKind.REPLY, who, now, why="arranged")
    elif status is Status.DONE:
        ledger.meet_all(session, ticket, who, now)


def answered(session: Session, conversation_id: str, who: str, now: datetime) -> int:
    """An agent has answered in a conversation: its open tickets' reply promises are kept. Returns how many were."""
    tickets = queries.of_conversation(session, conversation_id)
    return sum(
        meet_promise(session, ticket, PromiseKind.REPLY, who, now, why="answered")
        for ticket in tickets
        if ticket.status not in rules.CLOSED
    )


def open_of_phone(session: Session, phone: str) -> list[Ticket]:
    """Open tickets of a number (E.164), newest first."""
    return [ticket for ticket in queries.of_phone(session, phone) if ticket.status not in rules.CLOSED]


def promise_of(session: Session, ticket: Ticket, kind: PromiseKind) -> Promise | None:
    """A promise of a ticket, held until the end of the unit of work."""
    return queries.promise(session, ticket.id, kind)


def running_due(session: Session, ticket: Ticket, kind: PromiseKind) -> datetime | None:
    """When a promise ends, while it runs; None when it is kept, stands still, has no date or was never made."""
    promise = next((each for each in queries.promises_of(session, [ticket.id])[ticket.id] if each.kind is kind), None)
    return promise.due_at if promise and promise.met_at is None and promise.paused_at is None else None


def wrote_from(session: Session, ticket: Ticket, phone: str) -> None:
    """Somebody wrote from a number (E.164): when it is the ticket's, it is shown to be theirs."""
    if ticket.contact_phone == phone:
        ticket.phone_confirmed = True
        session.flush()


def search(
    session: Session,
    *,
    phone: str = "",
    status: Status | None = None,
    kind: TicketType | None = None,
    text: str = "",
    limit: int = 100,
    offset: int = 0,
) -> Sequence[Ticket]:
    """Tickets that match everything given, newest first. A phone that is none matches nothing."""
    number = None
    if phone:
        try:
            number = outbox.number(phone).e164
        except BadPhone:
            return []
    return queries.search(session, phone=number, status=status, kind=kind, text=text, limit=limit, offset=offset)


def known(session: Session, conversation_id: str) -> tuple[Conversation, list[Ticket]]:
    """A conversation and the tickets that may be told in it: those it has opened and those of the number its writer
    has shown to own; never those of the number a text merely comes from. Newest first.

    Raises:
        NotFound: there is no such conversation.
    """
    conversation = conversations.get(session, conversation_id)
    found = {ticket.id: ticket for ticket in queries.of_conversation(session, conversation_id)}
    if conversation.verified_phone:
        found |= {ticket.id: ticket for ticket in queries.of_phone(session, conversation.verified_phone)}
    return conversation, [found[ticket_id] for ticket_id in sorted(found, reverse=True)]


def state(session: Session, ticket: Ticket, *, reference: Reference) -> Words:
    """How a ticket stands, as a sentence in both languages, with the next promise that is still open."""
    words = wording.STATUSES[ticket.status]
    if ticket.status in rules.CLOSED:
        return words
    order = (PromiseKind.OPINION, PromiseKind.ONSITE, PromiseKind.REPLY, PromiseKind.PARTS, PromiseKind.QUALITY)
    open_ones = [each for each in queries.promises_of(session, [ticket.id])[ticket.id] if each.met_at is None]
    for promise in sorted(open_ones, key=lambda each: order.index(each.kind)):
        if promise.missed_at is None and promise.paused_at is None:
            due = wording.due(promise.due_at, reference.calendar) if promise.due_at else None
            return wording.with_promise(words, promise.kind, due)
    return words


def shape(
    session: Session, ticket: Ticket, reference: Reference, callbacks: Sequence[schemas.CallbackOut] = ()
) -> schemas.TicketOut:
    """A ticket as the API shows it; its callbacks and its appointment are given by the rooms above."""
    return shapes(session, [ticket], reference, {ticket.id: list(callbacks)})[0]


def shapes(
    session: Session,
    tickets: Sequence[Ticket],
    reference: Reference,
    callbacks: Mapping[int, Sequence[schemas.CallbackOut]],
    appointments: Mapping[int, schemas.AppointmentOut] | None = None,
) -> list[schemas.TicketOut]:
    """Several tickets as the API shows them, with one query a table."""
    ticket_ids = [ticket.id for ticket in tickets]
    promises, timelines = queries.promises_of(session, ticket_ids), queries.timelines_of(session, ticket_ids)
    opened_in = {ticket.conversation_id for ticket in tickets if ticket.conversation_id}
    found = session.scalars(select(Conversation).where(Conversation.id.in_(opened_in)))
    by_id = {conversation.id: conversation for conversation in found}
    holders = {conversation.agent_id for conversation in by_id.values() if conversation.agent_id}
    agents = {agent.id: agent.name for agent in session.scalars(select(Agent).where(Agent.id.in_(holders)))}
    return [
        schemas.ticket_out(
            ticket,
            promises=promises[ticket.id],
            timeline=timelines[ticket.id],
            callbacks=callbacks.get(ticket.id, ()),
            appointment=(appointments or {}).get(ticket.id),
            conversation=by_id.get(ticket.conversation_id or ""),
            agents=agents,
            calendar=reference.calendar,
        )
        for ticket in tickets
    ]


def _held(session: Session, ticket_no: str) -> Ticket:
    """A ticket, held until the end of the unit of work."""
    ticket = find(session, ticket_no)
    session.refresh(ticket, with_for_update=True)
    return ticket


def same_cases(session: Session, case: Case) -> list[Ticket]:
    """The open tickets that a request would be added to, or at least might be: the same case by number or serial."""
    found = queries.open_cases(session, case)
    known = ((each, Case(each.type, each.contact_phone, each.serial_no, each.conversation_id)) for each in found)
    return [ticket for ticket, there in known if rules.same_case(there, case)]


def _same_case(session: Session, case: Case) -> tuple[Ticket, str] | None:
    for ticket in queries.open_cases(session, case, hold=True):
        known = Case(ticket.type, ticket.contact_phone, ticket.serial_no, ticket.conversation_id)
        if why := rules.same_case(known, case):
            return ticket, why
    return None


def _contact_again(
    session: Session, ticket: Ticket, text: str, why: str, *, key: str, reference: Reference, now: datetime
) -> None:
    """A second request about an open case: it presses, unless it only completes a report of danger."""
    if why == "conversation":
        ledger.note(session, ticket, "added", who=CUSTOMER, now=now, key=key, text=text)
    else:
        _press(session, ticket, text, key=key, reference=reference, now=now)


def _press(
    session: Session, ticket: Ticket, text: str, *, key: str | None, reference: Reference, now: datetime
) -> None:
    contact = rules.another_contact(ticket.contacts, text, policy.limits().contact)
    ticket.contacts = contact.count
    ledger.note(session, ticket, "chased", who=CUSTOMER, now=now, key=key, count=contact.count, text=text)
    if contact.rung is Rung.MANAGER:
        _call_manager(session, ticket, contact.why, reference=reference, now=now)


def _call_manager(session: Session, ticket: Ticket, why: str, *, reference: Reference, now: datetime) -> None:
    """Raise a ticket to a manager, once: urgent at least, with an opinion to give."""
    ticket.priority = rules.higher(ticket.priority, Priority.URGENT)
    promise_policy = ledger.policy_of(reference)
    opinion = promise_rules.promised(PromiseKind.OPINION, calendar=reference.calendar, policy=promise_policy, now=now)
    ledger.make(session, ticket, [opinion], now=now)
    if queries.last_entry(session, ticket.id, ("manager",)) is None:
        ledger.note(session, ticket, "manager", who="system", now=now, why=why)
