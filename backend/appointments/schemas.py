"""Shapes of the appointments API."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, Field

from backend.appointments.models import Appointment
from backend.appointments.rules import Offers
from backend.appointments.texts import window_of, words_of
from backend.kernel.window import Window
from backend.reference import Reference
from backend.tickets.schemas import AppointmentOut, Bilingual, Id, Instant, Short, Told, WindowIn, as_bilingual


class OffersIn(Told):
    """The bot asks which windows to name; without a ticket number, for the visit this conversation may change."""

    conversation_id: Id
    ticket_no: Short = None
    wanted: WindowIn | None = None


class WindowOffered(BaseModel):
    """A window that can be had; `inside_promise` when it ends by the on-site promise."""

    start: Instant
    end: Instant
    words: Bilingual
    inside_promise: bool


class OffersOut(BaseModel):
    """Windows to name. `fits` when they are what was wanted; `why` says why these, or why none."""

    ticket_no: str
    windows: list[WindowOffered]
    fits: bool
    inside_promise: bool
    why: str
    appointment: AppointmentOut | None


class HoldIn(Told):
    """The bot holds a window for a ticket of this conversation."""

    conversation_id: Id
    ticket_no: Short = None
    start: AwareDatetime
    end: AwareDatetime


class AnswerIn(Told):
    """The bot confirms or calls off a visit of this conversation."""

    conversation_id: Id


class MoveIn(HoldIn):
    """The bot moves a visit of this conversation."""


class Agreed(BaseModel):
    """An agreed visit with its code and, on the web, the address of its page."""

    appointment: AppointmentOut
    words: Bilingual
    visit_code: str
    link: str | None
    callback_cancelled: bool = False


class AppointmentIn(Told):
    """An agent books a visit. `customer_asked` puts the on-site promise off where the customer chose a later window."""

    ticket_no: str = Field(max_length=60)
    start: AwareDatetime
    end: AwareDatetime
    customer_asked: bool = False
    hold: bool = False


class AppointmentPatch(Told):
    """An agent confirms, moves, calls off or settles a visit. With `version` only on that version."""

    action: Literal["confirm", "move", "cancel", "late", "done", "customer_absent"]
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None
    customer_asked: bool = False
    minutes: int | None = Field(None, ge=1, le=600)
    solved: bool = True
    version: int | None = Field(None, ge=1)


def window_offered(window: Window, found: Offers, reference: Reference, now: datetime) -> WindowOffered:
    """A window as the API shows it."""
    return WindowOffered(
        start=window.start,
        end=window.end,
        words=as_bilingual(words_of(window, reference, now)),
        inside_promise=window in found.windows[: found.inside],
    )


def appointment_out(appointment: Appointment, reference: Reference) -> AppointmentOut:
    """An appointment, loaded with its ticket, as the API shows it."""
    return AppointmentOut(
        id=appointment.id,
        ticket_no=appointment.ticket.ticket_no,
        outlet=appointment.outlet,
        start=appointment.window_start,
        end=appointment.window_end,
        words=as_bilingual(words_of(window_of(appointment), reference)),
        status=appointment.status.value,
        held_until=appointment.held_until,
        late_minutes=appointment.late_minutes,
        over_capacity=appointment.over_capacity,
        why=appointment.why,
        customer_confirmed_at=appointment.customer_confirmed_at,
        remind_evening_at=appointment.remind_evening_at,
        evening_sent_at=appointment.evening_sent_at,
        remind_soon_at=appointment.remind_soon_at,
        soon_sent_at=appointment.soon_sent_at,
        agent=appointment.agent,
        version=appointment.version,
    )
