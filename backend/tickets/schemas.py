"""Shapes of the tickets API. What people write is cleaned and cut to its field's length, never refused for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from backend.conversations.models import Conversation
from backend.conversations.rules import clean
from backend.kernel.working_time import Calendar
from backend.tickets import ledger, promise_rules, wording
from backend.tickets.models import Promise, Ticket, TimelineEntry
from backend.tickets.rules import Priority, Status, TicketType, Words

Language = Literal["zh", "en"]


def written(limit: int) -> Callable[[Any], Any]:
    """A validator: clean what was written, cut it to a length, make nothing of what is empty."""

    def tidy(value: Any) -> Any:
        return (clean(value)[:limit].rstrip() or None) if isinstance(value, str) else value

    return tidy


Id = Annotated[str, BeforeValidator(written(80)), Field(min_length=1)]
Short = Annotated[str | None, BeforeValidator(written(20))]
Line = Annotated[str | None, BeforeValidator(written(60))]
Phrase = Annotated[str | None, BeforeValidator(written(200))]
Prose = Annotated[str | None, BeforeValidator(written(2000))]
Level = Annotated[str | None, BeforeValidator(written(60))]
Bilingual = dict[Language, str]
Instant = Annotated[datetime, AfterValidator(lambda at: at.astimezone(UTC))]
"""An instant in an answer: always UTC, whether it was just computed or read from the database."""


class Told(BaseModel):
    """What the bot sends; fields we do not know are ignored."""

    model_config = ConfigDict(extra="ignore")


class TextIn(Told):
    """A value to check."""

    text: Annotated[str, BeforeValidator(lambda value: written(400)(value) or "")]
    conversation_id: Line = None


class OptOutIn(Told):
    """Whoever writes in this conversation wants no more texts."""

    conversation_id: Id


class OptOutOut(BaseModel):
    """How many numbers get nothing automatic any more."""

    numbers: int


class PhoneOut(BaseModel):
    """A number we can call."""

    e164: str
    masked: str
    kind: str


class AddressOut(BaseModel):
    """An address as far as it is known."""

    raw: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    town: str = ""
    village: str = ""
    detail: str = ""
    tier: Literal["central_city", "township", "remote_rural"] | None = None


class AddressHeld(AddressOut):
    """An address for the bot to send back: with the answer to "town or village?", where it was asked."""

    locality: Literal["town", "village"] | None = None


class OutletOut(BaseModel):
    """Who serves an address."""

    name: str


class AddressChecked(BaseModel):
    """An address, what to ask for next, whether to ask if it is in a town or in a village, and who serves it."""

    address: AddressOut
    missing: Literal["city", "district", "detail"] | None
    asks_locality: bool
    outlet: OutletOut | None


class AddressIn(Told):
    """An address as checked before."""

    raw: Annotated[str | None, BeforeValidator(written(300))] = None
    province: Level = None
    city: Level = None
    district: Level = None
    town: Level = None
    village: Level = None
    detail: Phrase = None
    locality: Level = None


class WindowIn(Told):
    """A wanted time; without an end, about that time."""

    start: AwareDatetime
    end: AwareDatetime | None = None


class InstallIn(Told):
    """How ready a home is for the installation."""

    delivered: bool | None = None
    readiness: Prose = None


class TicketIn(Told):
    """A confirmed form."""

    conversation_id: Id
    form_id: Id
    type: TicketType
    priority: Priority | None = None
    name: Line = None
    phone: Annotated[str, BeforeValidator(lambda value: written(60)(value) or "")]
    address: AddressIn | Annotated[str, BeforeValidator(written(300))] | None = None
    model: Line = None
    serial_no: Line = None
    capacity: Short = None
    purchase_date: Short = None
    fault_code: Short = None
    symptom: Prose = None
    description: Prose = None
    complaint_about: Phrase = None
    related_ticket_no: Short = None
    wanted: Prose = None
    wanted_time: WindowIn | None = None
    language: Language = "zh"
    channel: Line = None
    install: InstallIn | None = None


class SolvedIn(Told):
    """A fault that is gone after first aid by telephone. Without a number it becomes a note of the conversation."""

    conversation_id: Id
    form_id: Id
    type: Literal[TicketType.REPAIR] = TicketType.REPAIR
    name: Line = None
    phone: Annotated[str | None, BeforeValidator(written(60))] = None
    address: AddressIn | Annotated[str, BeforeValidator(written(300))] | None = None
    model: Line = None
    purchase_date: Short = None
    fault_code: Short = None
    symptom: Prose = None
    language: Language = "zh"
    channel: Line = None


class SolvedOut(BaseModel):
    """The closed ticket, or null where only a note was kept."""

    ticket_no: str | None


class LookupIn(Told):
    """A ticket's number and phone; in the conversation named, the phone counts as its writer's from then on."""

    ticket_no: Annotated[str, BeforeValidator(lambda value: written(60)(value) or "")]
    phone: Annotated[str, BeforeValidator(lambda value: written(60)(value) or "")]
    conversation_id: Line = None


class LookupOut(BaseModel):
    """How a ticket stands."""

    ticket_no: str
    status: Status
    words: Bilingual


class ChaseIn(Told):
    """The customer presses."""

    conversation_id: Id
    text: Prose = None


class WordsOut(BaseModel):
    """What to say."""

    words: Bilingual


class CustomerOut(BaseModel):
    """Whom to call."""

    name: str | None
    phone: str | None


class ProductOut(BaseModel):
    """Which appliance."""

    model: str | None
    serial_no: str | None
    capacity: str | None
    purchase_date: str | None


class FaultOut(BaseModel):
    """What is wrong with it. `class` is known only for listed pairs of series and code."""

    model_config = ConfigDict(serialize_by_alias=True)

    code: str | None
    class_: str | None = Field(alias="class")
    description: str | None


class PromiseOut(BaseModel):
    """A promise; `due_at` is null while the date is to be confirmed. `why` is one sentence in the customer's language.

    `rule`, `started_at` and `calendar` (the calendar's version) are what it was counted from.
    """

    kind: Literal["reply", "onsite", "opinion", "parts", "quality"]
    due_at: Instant | None
    met_at: Instant | None
    missed_at: Instant | None
    paused_s: int
    paused: bool
    rule: str
    started_at: Instant
    calendar: str
    why: str
    reasons: Bilingual
    words: Bilingual


class CallbackOut(BaseModel):
    """A promised call. `first_start` and `first_end` are the window the customer was told first."""

    id: int
    ticket_no: str | None
    attempt: int
    phone: str
    start: Instant
    end: Instant
    words: Bilingual
    status: str
    reason: str
    why: str
    over_capacity: bool
    chosen: bool
    first_start: Instant
    first_end: Instant
    dial_at: Instant
    overdue_at: Instant | None
    caller: str | None
    lease_until: Instant | None
    remind_at: Instant | None
    reminded_at: Instant | None
    outcome: str | None
    agent: str | None
    version: int


class AppointmentOut(BaseModel):
    """An agreed visit; `held_until` while it waits for a yes."""

    id: int
    ticket_no: str
    outlet: str
    start: Instant
    end: Instant
    words: Bilingual
    status: str
    held_until: Instant | None
    late_minutes: int | None
    over_capacity: bool
    why: str
    customer_confirmed_at: Instant | None
    remind_evening_at: Instant | None
    evening_sent_at: Instant | None
    remind_soon_at: Instant | None
    soon_sent_at: Instant | None
    agent: str | None
    version: int


class HandoffOut(BaseModel):
    """A person was asked for."""

    requested_at: Instant
    reason: str | None
    agent: str | None


class TimelineOut(BaseModel):
    """Something that happened; `what` is in the customer's language."""

    at: Instant
    who: str
    what: str
    code: str
    texts: Bilingual


class TicketOut(BaseModel):
    """A ticket."""

    ticket_no: str
    type: TicketType
    status: Status
    priority: Priority
    visit_code: str
    customer: CustomerOut
    address: AddressOut
    place_reason: dict[str, str]
    product: ProductOut
    fault: FaultOut
    complaint_about: str | None
    related_ticket_no: str | None
    wanted: str | None
    install: dict[str, Any]
    danger: str | None
    contacts: int
    promises: list[PromiseOut]
    callbacks: list[CallbackOut]
    appointment: AppointmentOut | None
    outlet: str | None
    conversation_id: str | None
    channel: str
    language: str
    handoff: HandoffOut | None
    timeline: list[TimelineOut]
    created_at: Instant
    closed_at: Instant | None


def promise_out(promise: Promise, language: str, calendar: Calendar) -> PromiseOut:
    """A promise as the API shows it; it explains itself in one sentence."""
    why = promise_rules.explain(ledger.state_of(promise), calendar)
    return PromiseOut(
        kind=promise.kind.value,
        due_at=promise.due_at,
        met_at=promise.met_at,
        missed_at=promise.missed_at,
        paused_s=promise.paused_s,
        paused=promise.paused_at is not None,
        rule=promise.rule,
        started_at=promise.started_at,
        calendar=promise.calendar,
        why=why.in_language(language),
        reasons={"zh": why.zh, "en": why.en},
        words=as_bilingual(wording.due(promise.due_at, calendar)),
    )


def as_bilingual(words: Words) -> Bilingual:
    """Both languages as the API carries them."""
    return {"zh": words.zh, "en": words.en}


def ticket_out(
    ticket: Ticket,
    *,
    promises: Iterable[Promise],
    timeline: Iterable[TimelineEntry],
    callbacks: Iterable[CallbackOut],
    appointment: AppointmentOut | None,
    conversation: Conversation | None,
    agents: Mapping[int, str],
    calendar: Calendar,
) -> TicketOut:
    """A ticket as the API shows it."""
    told = ticket.symptom or ticket.description
    return TicketOut(
        ticket_no=ticket.ticket_no,
        type=ticket.type,
        status=ticket.status,
        priority=ticket.priority,
        visit_code=ticket.visit_code,
        customer=CustomerOut(name=ticket.contact_name, phone=ticket.contact_phone),
        address=AddressOut.model_validate({**ticket.address, "tier": ticket.tier}),
        place_reason=ticket.place_reason,
        product=ProductOut(
            model=ticket.model, serial_no=ticket.serial_no, capacity=ticket.capacity, purchase_date=ticket.purchase_date
        ),
        fault=FaultOut.model_validate({"code": ticket.fault_code, "class": ticket.fault_class, "description": told}),
        complaint_about=ticket.complaint_about,
        related_ticket_no=ticket.related_ticket_no,
        wanted=ticket.wanted,
        install=ticket.install,
        danger=ticket.danger,
        contacts=ticket.contacts,
        promises=[promise_out(promise, ticket.language, calendar) for promise in promises],
        callbacks=list(callbacks),
        appointment=appointment,
        outlet=ticket.outlet,
        conversation_id=ticket.conversation_id,
        channel=ticket.channel,
        language=ticket.language,
        handoff=_handoff(conversation, agents),
        timeline=[_entry(entry, ticket.language) for entry in timeline],
        created_at=ticket.created_at,
        closed_at=ticket.closed_at,
    )


def _handoff(conversation: Conversation | None, agents: Mapping[int, str]) -> HandoffOut | None:
    if conversation is None or conversation.handoff_requested_at is None:
        return None
    return HandoffOut(
        requested_at=conversation.handoff_requested_at,
        reason=conversation.handoff_reason,
        agent=agents.get(conversation.agent_id) if conversation.agent_id else None,
    )


def _entry(entry: TimelineEntry, language: str) -> TimelineOut:
    texts = wording.event(entry.code, entry.params)
    return TimelineOut(
        at=entry.at, who=entry.who, what=texts.in_language(language), code=entry.code, texts=as_bilingual(texts)
    )
