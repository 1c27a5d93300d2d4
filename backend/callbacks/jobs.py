"""What the tick does here: queue due reminders, record missed promises."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend import db
from backend.callbacks import queries, service, wording
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status
from backend.kernel import working_time
from backend.outbox import service as outbox
from backend.outbox.rules import OutboxKind
from backend.reference import Reference
from backend.tickets import policy
from backend.tickets import service as tickets

BATCH = 100


def run_due(sessions: db.Sessions, now: datetime, reference: Reference) -> int:
    """Queue reminders that are due and record promises that are broken; returns how many rows were handled.

    Claim and outbox row are one unit of work, and the outbox takes a reminder's key once: a process that dies at any
    point leaves either both or neither.
    """
    with db.session_scope(sessions) as session:
        reminded = remind(session, now=now, reference=reference)
    with db.session_scope(sessions) as session:
        missed = tickets.record_missed(session, now)
    return reminded + missed


def remind(session: Session, *, now: datetime, reference: Reference) -> int:
    """Claim due reminders and queue them; returns how many were claimed."""
    due = (
        Callback.status == Status.BOOKED,
        Callback.remind_at <= now,
        Callback.reminded_at.is_(None),
        Callback.window_end > now,
    )
    chosen = select(Callback.id).where(*due).order_by(Callback.remind_at).limit(BATCH).with_for_update(skip_locked=True)
    claimed = session.scalars(
        update(Callback)
        .where(Callback.id.in_(chosen), *due)
        .values(reminded_at=now)
        .returning(Callback.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not claimed:
        return 0
    midnight = datetime.combine(working_time.local_day(reference.calendar, now), time(), reference.calendar.zone)
    unconfirmed = queries.reminded_unconfirmed(session, midnight)
    left = max(0, policy.limits().texts_to_unconfirmed_numbers - (unconfirmed - len(claimed)))
    for callback_id in claimed:
        callback = service.get(session, callback_id)
        if callback.phone_confirmed or left > 0:
            left -= not callback.phone_confirmed
            _queue(session, callback, now=now, reference=reference)
    return len(claimed)


def _queue(session: Session, callback: Callback, *, now: datetime, reference: Reference) -> None:
    window = service.window_of(callback).words(reference.calendar, callback.language, now)
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
        key=service.reminder_key(callback),
        language=callback.language,
        conversation_id=callback.conversation_id,
        valid_until=callback.window_end,
        now=now,
    )
    if callback.ticket is not None:
        tickets.note(session, callback.ticket, "reminded", who="system", now=now)
