"""What is texted about a visit, and how it is said. Flushes, never commits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time

import structlog
from sqlalchemy.orm import Session

from backend.appointments.links import Links
from backend.appointments.models import Appointment
from backend.errors import BadPhone
from backend.kernel import phone as phones
from backend.kernel import working_time
from backend.kernel.window import Window
from backend.outbox import policy as outbox_policy
from backend.outbox import service as outbox
from backend.outbox.rules import OutboxKind
from backend.reference import Reference
from backend.tickets import policy
from backend.tickets.rules import Words
from telephony import sms

log = structlog.get_logger(__name__)

ASKING = ("agreed", "moved", "evening", "soon", "absent")
"""Texts that end with a question: a plain 1, 2 or 3 answers it."""
_CLOCK = re.compile(r"(\d{2}):(\d{2})")
_KEY = re.compile(rf"appointment:(\d{{1,18}}):\d{{1,9}}:(?:{'|'.join(ASKING)})")


def window_of(appointment: Appointment) -> Window:
    """An appointment's window."""
    return Window(appointment.window_start, appointment.window_end)


def words_of(window: Window, reference: Reference, now: datetime | None = None) -> Words:
    """A window as people say it, in both languages."""
    return Words(*(window.words(reference.calendar, language, now) for language in ("zh", "en")))


def in_text(window: Window, language: str, reference: Reference) -> str:
    """A window for a text: by its date, for a text may leave on another day; without signs that cost a segment."""
    return window.words(reference.calendar, language).replace("–", "-")


def in_speech(window: Window, language: str, reference: Reference) -> str:
    """A window for a call."""
    return as_said(window.words(reference.calendar, language), language)


def as_said(words: str, language: str) -> str:
    """Words of a time as a voice reads them: "11月27日，周五，8点到12点", not "11月27日（周五）08:00–12:00"."""
    if language == "en":
        return words.replace("–", " to ")
    spaced = words.replace("（", "，").replace("）", "，").replace("–", "到")
    return _CLOCK.sub(lambda at: f"{int(at[1])}点" + (f"{at[2]}分" if at[2] != "00" else ""), spaced)


def numbered(windows: Sequence[Window], language: str, reference: Reference) -> str:
    """Windows to choose from by their number."""
    return (
        "；".join(f"{number} {in_text(each, language, reference)}" for number, each in enumerate(windows, 1))
        if (language != "en")
        else "; ".join(f"{number}: {in_text(each, language, reference)}" for number, each in enumerate(windows, 1))
    )


def key_of(appointment: Appointment, part: str) -> str:
    """The name in the outbox of a text about the present window: one a window and part, whatever happens."""
    return f"appointment:{appointment.id}:{appointment.sequence}:{part}"


def asked_about(message_key: str) -> int | None:
    """The appointment that a text asked about with 1, 2 or 3, or None when it asked nothing."""
    found = _KEY.fullmatch(message_key)
    return int(found[1]) if found else None


def asking(appointment: Appointment) -> list[str]:
    """The names in the outbox of the texts that ask about the present window. Whoever changes it takes them back
    after the change: a reminder that is just being queued is there by then."""
    return [key_of(appointment, part) for part in ASKING]


def send(
    session: Session,
    appointment: Appointment,
    template: str,
    part: str,
    *,
    reference: Reference,
    now: datetime,
    links: Links | None = None,
    kind: OutboxKind = OutboxKind.NOTICE,
    valid_until: datetime | None = None,
    spoken: str | None = None,
    **values: object,
) -> bool:
    """Queue a text to the customer. False: they have no number that gets texts, or the day's budget is used up.

    With `spoken`, a template for the voice, a number that takes no texts is called instead and asked the same question.

    Numbers whose owner has not written from them share a daily budget with the reminders of callbacks.
    """
    ticket = appointment.ticket
    if not _is_reached(ticket.contact_phone, by_call=spoken is not None):
        return False
    assert ticket.contact_phone is not None
    if not ticket.phone_confirmed and _left_today(session, reference, now) <= 0:
        log.info("no text to an unconfirmed number: the budget is used up", appointment=appointment.id)
        return False
    language = ticket.language
    said_window = in_speech(window_of(appointment), language, reference)
    given = {
        "window": in_text(window_of(appointment), language, reference),
        "visit_code": ticket.visit_code,
        **values,
    }
    url = links.in_text(appointment.id, ticket.contact_phone) if links else ""
    outbox.queue(
        session,
        to=ticket.contact_phone,
        text=_rendered(template, language, url, reference, given),
        kind=kind,
        key=key_of(appointment, part),
        language=language,
        conversation_id=ticket.conversation_id,
        valid_until=valid_until or appointment.window_end,
        to_unconfirmed=not ticket.phone_confirmed,
        spoken=spoken and reference.messages.render(spoken, language, window=said_window),
        script="visit" if spoken else None,
        now=now,
    )
    return True


def _rendered(template: str, language: str, url: str, reference: Reference, given: dict[str, object]) -> str:
    """The text with its link; without it where it would need a third segment."""
    bare = reference.messages.render(template, language, link="", **given)
    if not url:
        return bare
    whole = reference.messages.render(template, language, link=f"{url} ", **given)
    return whole if sms.segments(whole) <= outbox_policy.current().max_segments else bare


def _is_reached(number: str | None, *, by_call: bool) -> bool:
    try:
        return number is not None and (phones.stored(number).kind is phones.Kind.MOBILE or by_call)
    except BadPhone:
        return False


def _left_today(session: Session, reference: Reference, now: datetime) -> int:
    zone = reference.calendar.zone
    midnight = datetime.combine(working_time.local_day(reference.calendar, now), time(), zone)
    return policy.limits().texts_to_unconfirmed_numbers - outbox.to_unconfirmed_since(session, midnight)
