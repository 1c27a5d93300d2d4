"""Turn what a customer has confirmed into a row: number, contact, place, priority; and fill in what was missing."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.conversations.models import Conversation
from backend.conversations.rules import Channel
from backend.customers import rules as customer_rules
from backend.customers import service as customers
from backend.errors import TooMany
from backend.kernel import ids
from backend.kernel import phone as phones
from backend.outlets import service as outlets
from backend.outlets.service import Placed
from backend.reference import Reference
from backend.tickets import ledger, policy, promise_rules, queries, rules
from backend.tickets.models import Ticket, TicketCounter
from backend.tickets.rules import Priority, PromiseKind, Status, TicketType

CUSTOMER = "customer"


@dataclass(frozen=True)
class TicketRequest:
    """What a customer has confirmed. `phone` is checked and in E.164."""

    conversation_id: str
    form_id: str
    type: TicketType
    phone: str
    priority: Priority = Priority.NORMAL
    name: str | None = None
    address: str | Mapping[str, Any] | None = None
    language: str = "zh"
    channel: str | None = None
    install: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, str | None] = field(default_factory=dict)

    def fact(self, name: str) -> str | None:
        """One of FACTS, or None when it was not told."""
        return self.facts.get(name)

    @property
    def said(self) -> str:
        """The customer's own words, in one line."""
        told = (self.facts.get(name) for name in ("complaint_about", "symptom", "description", "wanted"))
        return "；".join(dict.fromkeys(text for text in told if text))


FACTS = (
    "model", "serial_no", "capacity", "purchase_date", "fault_code", "symptom", "description", "complaint_about",
    "related_ticket_no", "wanted",
)  # fmt: skip
"""Plain facts of a ticket, each a column."""


def hold_counter(session: Session, reference: Reference, now: datetime) -> TicketCounter:
    """Hold the day's counter: until the end of this unit of work nobody else opens a ticket."""
    day = rules.ticket_day(reference.calendar, now)
    counter = session.get(TicketCounter, day, with_for_update=True, populate_existing=True)
    if counter is None:
        with suppress(IntegrityError), session.begin_nested():  # another process may open the day in this instant
            session.add(TicketCounter(day=day, last=0))
        counter = session.get_one(TicketCounter, day, with_for_update=True, populate_existing=True)
    return counter


def refuse_over_budget(
    session: Session, request: TicketRequest, placed: Placed | None, reference: Reference, now: datetime
) -> None:
    """Stop floods.

    Raises:
        TooMany: the day's budget of this number, address or conversation is used up.
    """
    zone = reference.calendar.zone
    since = datetime.combine(rules.ticket_day(reference.calendar, now), time(), zone)
    spent = queries.spent(
        session,
        since=since,
        phone=request.phone,
        address_key=_address_key(placed),
        conversation_id=request.conversation_id,
    )
    if over := rules.over_budget(spent, policy.limits().budget):
        raise TooMany("There are many requests for today already; please call us or wait.", budget=over)


def priority_of(request: TicketRequest) -> Priority:
    """Urgent as told; critical when the fault code means danger in this series."""
    codes = policy.fault_codes()
    is_danger = codes.class_of(request.fact("model"), request.fact("fault_code")) in codes.dangerous
    return rules.higher(request.priority, Priority.CRITICAL) if is_danger else request.priority


def add(
    session: Session,
    request: TicketRequest,
    placed: Placed | None,
    conversation: Conversation,
    priority: Priority,
    counter: TicketCounter,
    *,
    now: datetime,
) -> Ticket:
    """Store a new ticket under the day's next number. The caller holds the counter."""
    counter.last += 1
    ticket = Ticket(
        ticket_no=ids.ticket_no(counter.day, counter.last),
        type=request.type,
        status=Status.NEW,
        priority=priority,
        visit_code=ids.visit_code(secrets.randbelow(10_000)),
        channel=request.channel or conversation.channel.value,
        language=request.language,
        conversation_id=request.conversation_id,
        form_id=request.form_id,
        install=dict(request.install),
        address={},
        address_text="",
        place_reason={},
        contacts=1,
        phone_confirmed=False,
        created_at=now,
        **{name: request.fact(name) for name in FACTS},
    )
    ticket.fault_class = fault_class(ticket.model, ticket.fault_code)
    set_contact(session, ticket, request.name, request.phone, conversation, now)
    set_place(ticket, placed)
    session.add(ticket)
    session.flush()
    return ticket


def set_contact(
    session: Session, ticket: Ticket, name: str | None, phone: str, conversation: Conversation, now: datetime
) -> None:
    """Whom to call about a ticket. An empty phone leaves the number open."""
    ticket.contact_name = name
    if phone:
        customer = customers.find_or_add(session, phone, now=now, name=name, language=ticket.language)
        ticket.customer_id, ticket.contact_phone = customer.id, phone
        ticket.phone_confirmed = is_confirmed(conversation, phone)


def replace_phone(session: Session, ticket: Ticket, phone: str, *, who: str, now: datetime) -> None:
    """A person at the desk has another number of the customer; nobody has shown yet that it is theirs."""
    old = ticket.contact_phone
    customer = customers.find_or_add(session, phone, now=now, name=ticket.contact_name, language=ticket.language)
    ticket.customer_id, ticket.contact_phone, ticket.phone_confirmed = customer.id, phone, False
    hidden = phones.mask(old) if old else "–"
    ledger.note(session, ticket, "number_replaced", who=who, now=now, old=hidden, new=phones.mask(phone))


def is_confirmed(conversation: Conversation | None, phone: str) -> bool:
    """Whether a number is shown to be its writer's: they write from it. The number a call shows proves nothing."""
    return (
        conversation is not None
        and conversation.channel is Channel.SMS
        and customer_rules.same_person(conversation.phone, phone)
    )


def set_place(ticket: Ticket, placed: Placed | None) -> None:
    """Where a ticket is served: levels, tier, outlet; no place leaves all as it was."""
    if placed is None:
        return
    levels = placed.as_dict()
    ticket.tier = levels.pop("tier")
    ticket.address, ticket.place_reason = levels, placed.reason
    ticket.address_text = outlets.one_line(placed.address)
    ticket.address_key = _address_key(placed)
    ticket.outlet = placed.outlet.outlet.name if placed.outlet else None


def settle_visit(session: Session, ticket: Ticket, *, reference: Reference, who: str, now: datetime) -> None:
    """Promise the visit that the ticket's tier now allows; one that was promised for another tier is counted anew.

    Counted anew it still runs from the report, with all its pauses. What is kept or missed already stays.
    """
    if ticket.type not in rules.VISITED:
        return
    policy_in_force = ledger.policy_of(reference)
    fresh = promise_rules.promised(
        PromiseKind.ONSITE, tier=ticket.tier, calendar=reference.calendar, policy=policy_in_force, now=now
    )
    promise = queries.promise(session, ticket.id, PromiseKind.ONSITE)
    if promise is None and ticket.tier:
        ledger.make(session, ticket, [fresh], now=now)
    elif promise and promise.tier != ticket.tier and promise.met_at is None and promise.missed_at is None:
        past = ledger.past_of(queries.changes_of(session, [promise.id])[promise.id])
        terms = replace(fresh.terms, started_at=promise.started_at)
        after = promise_rules.recount(terms, reference.calendar, past)
        ledger.recount(session, ticket, promise, after, "address", who=who, calendar=reference.calendar, now=now)


def fault_class(model: str | None, code: str | None) -> str | None:
    """What a code means in this series, or None."""
    return policy.fault_codes().class_of(model, code)


def _address_key(placed: Placed | None) -> str | None:
    if placed is None or not (placed.address.detail or placed.address.village):
        return None
    return hashlib.sha256(outlets.one_line(placed.address).encode()).hexdigest()[:32]


def complete(
    session: Session,
    ticket: Ticket,
    request: TicketRequest,
    placed: Placed | None,
    conversation: Conversation,
    *,
    reference: Reference,
    now: datetime,
) -> None:
    """Fill in what an open ticket did not know yet. What it knows stays: the rest goes into the timeline."""
    filled = [name for name in FACTS if getattr(ticket, name) is None and request.fact(name)]
    for name in filled:
        setattr(ticket, name, request.fact(name))
    ticket.fault_class = ticket.fault_class or fault_class(ticket.model, ticket.fault_code)
    if ticket.contact_phone is None and request.phone:
        set_contact(session, ticket, request.name, request.phone, conversation, now)
        filled.append("phone")
    if ticket.tier is None and placed is not None:
        set_place(ticket, placed)
        filled.append("address")
        settle_visit(session, ticket, reference=reference, who=CUSTOMER, now=now)
    if filled:
        ledger.note(session, ticket, "completed", who=CUSTOMER, now=now, fields=", ".join(filled))
