"""Shapes of the callbacks API."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from backend.callbacks.models import Callback
from backend.kernel.window import Window
from backend.kernel.working_time import Calendar
from backend.tickets.bot_schemas import AddressIn, WindowIn
from backend.tickets.schemas import (
    Bilingual,
    CallbackOut,
    Id,
    Instant,
    Language,
    Line,
    Phrase,
    Prose,
    Short,
    TicketOut,
    Told,
    written,
)

Number = Annotated[str, BeforeValidator(lambda value: written(60)(value) or "")]


class TimeIn(Told):
    """A wanted time to check."""

    start: AwareDatetime
    end: AwareDatetime | None = None
    purpose: Literal["callback", "visit"] = "callback"


class WindowOut(BaseModel):
    """A window."""

    start: Instant
    end: Instant


class TimeChecked(BaseModel):
    """The window for a wanted time; `why` says why it is another one than wanted."""

    window: WindowOut
    words: Bilingual
    exact: bool
    why: Bilingual | None = None


class CallbackIn(Told):
    """The bot books a call; the open one of the number is moved."""

    conversation_id: Id
    phone: Number
    ticket_no: Short = None
    wanted: WindowIn | None = None
    reason: Phrase = None


class CallbackBooked(BaseModel):
    """A booked call."""

    id: int
    start: Instant
    end: Instant
    words: Bilingual
    moved: bool


class CallbackOfTicket(BaseModel):
    """The call booked for a new ticket."""

    id: int
    start: Instant
    end: Instant
    words: Bilingual


class Due(BaseModel):
    """When a promise is due; null while the date is to be confirmed."""

    due_at: Instant | None
    words: Bilingual


class Promised(BaseModel):
    """What a ticket promises; null for what its type does not promise."""

    reply: Due
    onsite: Due | None
    opinion: Due | None


class TicketOpened(BaseModel):
    """A saved ticket. `duplicate` when an open ticket of the same case was added to instead.

    Not `disclosed`: that ticket belongs to another conversation and its phone is not shown to be the writer's. Nothing
    of it may be told; visit code and callback are left out.
    """

    ticket: TicketOut
    visit_code: str
    callback: CallbackOfTicket | None
    promise: Promised
    duplicate: bool
    disclosed: bool


class CancelIn(Told):
    """The phone that belongs to the ticket."""

    phone: Number


class HazardIn(Told):
    """A reported danger."""

    conversation_id: Id
    message_id: Id
    text: Prose = None
    phone: Line = None
    kind: Short = None
    address: Phrase = None
    anyone_hurt: bool = False


class CorrectionIn(Told):
    """The right values of a saved ticket; what is missing stays as it is."""

    conversation_id: Id
    name: Line = None
    phone: Line = None
    address: AddressIn | None = None
    model: Phrase = None
    wanted: Prose = None


class CorrectionOut(BaseModel):
    """What was changed, by field."""

    ticket_no: str
    changed: list[str]


class HazardOut(BaseModel):
    """The critical ticket, and what to tell the customer."""

    ticket_no: str
    ring_words: Bilingual
    needs_phone: bool


class DeskCallbackIn(Told):
    """An agent books a call."""

    phone: Number
    ticket_no: Short = None
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None
    reason: Phrase = None
    language: Language = "zh"


class CallbackPatch(Told):
    """An agent moves a call, cancels it, takes it into their hand or gives it back, records what came of it or takes
    that back, or has another number.

    With `version` the change is made only on that version; `customer_asked` puts the reply promise off. With the
    outcome `call_later`, `start` and `end` say when; with `wrong_number`, `phone` is another number.
    """

    action: Literal["move", "cancel", "take", "give_back", "outcome", "take_back", "number"]
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None
    customer_asked: bool = False
    outcome: Literal["done", "wants_visit", "call_later", "no_answer", "busy", "wrong_number", "refused"] | None = None
    phone: Number | None = None
    note: Prose = None
    version: int | None = Field(None, ge=1)


class HandedOut(BaseModel):
    """The call an agent makes now and why; or why there is none, and when the next one is due."""

    callback: CallbackOut | None
    why: Bilingual
    next_at: Instant | None = None


def callback_out(callback: Callback, calendar: Calendar) -> CallbackOut:
    """A callback, loaded with its ticket and its caller, as the API shows it."""
    window = Window(callback.window_start, callback.window_end)
    return CallbackOut(
        id=callback.id,
        ticket_no=callback.ticket.ticket_no if callback.ticket else None,
        phone=callback.phone,
        start=callback.window_start,
        end=callback.window_end,
        words={"zh": window.words(calendar, "zh"), "en": window.words(calendar, "en")},
        status=callback.status.value,
        reason=callback.reason,
        why=callback.why,
        attempt=callback.attempt,
        over_capacity=callback.over_capacity,
        chosen=callback.chosen,
        first_start=callback.first_start,
        first_end=callback.first_end,
        dial_at=callback.dial_at,
        overdue_at=callback.overdue_at,
        caller=callback.caller.name if callback.caller else None,
        lease_until=callback.lease_until,
        remind_at=callback.remind_at,
        reminded_at=callback.reminded_at,
        outcome=callback.outcome,
        agent=callback.agent,
        version=callback.version,
    )
