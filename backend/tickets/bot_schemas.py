"""What the bot sends while a ticket is collected and about one that exists. Cleaned and cut, never refused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator

from backend.tickets.rules import Priority, Status, TicketType
from backend.tickets.schemas import Bilingual, Id, Language, Level, Line, Phrase, Prose, Short, Told, written


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
