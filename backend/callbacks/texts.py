"""Texts about calls: the reminder, and the one that says we could not reach somebody. Flushes, never commits."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session

from backend.callbacks import wording
from backend.callbacks.call_rules import GaveUp
from backend.callbacks.ledger import gets_texts, reminder_key, tell, window_of
from backend.callbacks.models import Callback
from backend.customers import service as customers
from backend.kernel import working_time
from backend.kernel.working_time import local_words
from backend.outbox import service as outbox
from backend.outbox.rules import OutboxKind
from backend.reference import Reference
from backend.tickets import policy
from backend.tickets import service as tickets
from backend.tickets.models import Promise
from backend.tickets.policy import Limits
from backend.tickets.rules import PromiseKind, Words


def budget_left(session: Session, *, reference: Reference, now: datetime, limits: Limits) -> int:
    """How many more texts may go today to numbers whose owner has not written from them."""
    midnight = datetime.combine(working_time.local_day(reference.calendar, now), time(), reference.calendar.zone)
    return limits.texts_to_unconfirmed_numbers - outbox.to_unconfirmed_since(session, midnight)


def remind(session: Session, callback: Callback, *, reference: Reference, now: datetime) -> None:
    """Queue the reminder of a call, loaded with its ticket."""
    window = window_of(callback).words(reference.calendar, callback.language, now)
    if callback.ticket is None:
        text = wording.REMINDER.in_language(callback.language).format(window=window)
    else:
        ticket_no = callback.ticket.ticket_no
        text = reference.messages.render("reminder.callback", callback.language, ticket_no=ticket_no, window=window)
    outbox.queue(
        session,
        to=callback.phone,
        text=text,
        kind=OutboxKind.REMINDER,
        key=reminder_key(callback),
        language=callback.language,
        conversation_id=callback.conversation_id,
        valid_until=callback.window_end,
        to_unconfirmed=not callback.phone_confirmed,
        now=now,
    )
    if callback.ticket is not None:
        tickets.note(session, callback.ticket, "reminded", who="system", now=now)


def say_we_tried(
    session: Session, callback: Callback, why: GaveUp, *, reference: Reference, now: datetime
) -> dict[str, Any]:
    """The last call was in vain: one text asks for an answer, and the timeline says how the reply promise stands.

    Returns the outbox key under `text`, or nothing where no text may go: to a fixed line, to who has opted out, beyond
    the day's budget for unconfirmed numbers, or when we only stop because the calendar ends.
    """
    barrier = _barrier(session, callback, why, reference=reference, now=now)
    key = f"callback:{callback.id}:{callback.version}:tried"
    in_vain = callback.unanswered + 1
    if barrier is None:
        callback.texted_at = now
        outbox.queue(
            session,
            to=callback.phone,
            text=reference.messages.render("callback.unreached", callback.language, times=in_vain),
            kind=OutboxKind.NOTICE,
            key=key,
            language=callback.language,
            conversation_id=callback.conversation_id,
            to_unconfirmed=not callback.phone_confirmed,
            now=now,
        )
    texted = wording.TEXTED if barrier is None else wording.NOT_TEXTED[barrier]
    promise = tickets.promise_of(session, callback.ticket, PromiseKind.REPLY) if callback.ticket else None
    tell(
        session,
        callback,
        "callback_unreached",
        "system",
        reference,
        now,
        attempt=in_vain,
        texted=texted.as_dict(),
        promise=_how_it_stands(promise, reference).as_dict(),
    )
    return {} if barrier else {"text": key}


def _barrier(session: Session, callback: Callback, why: GaveUp, *, reference: Reference, now: datetime) -> str | None:
    if why is GaveUp.CALENDAR:
        return "calendar"
    if not gets_texts(callback):
        return "fixed_line"
    if customers.opted_out(session, callback.phone):
        return "opted_out"
    if callback.phone_confirmed or budget_left(session, reference=reference, now=now, limits=policy.limits()) > 0:
        return None
    return "budget"


def _how_it_stands(promise: Promise | None, reference: Reference) -> Words:
    if promise is None:
        return wording.REPLY["none"]
    if promise.met_at is not None:
        return wording.REPLY["met"]
    if promise.missed_at is not None:
        return wording.REPLY["missed"]
    if promise.paused_at is not None or promise.due_at is None:
        return wording.REPLY["standing"]
    due = promise.due_at
    return wording.reply_open(*(local_words(reference.calendar, due, language) for language in ("zh", "en")))
