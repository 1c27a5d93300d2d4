"""What the tick does here: rebook calls nobody made, hurry those at risk, queue due reminders, end pauses, record
missed promises, open tickets for danger the bot missed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend import db
from backend.callbacks import cases, keeping, queries, service, texts
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status
from backend.conversations import service as conversations
from backend.reference import Reference
from backend.tickets import policy
from backend.tickets import service as tickets
from backend.tickets.policy import Limits
from bot.text.hazard import hazard

BATCH = 100


def run_due(sessions: db.Sessions, now: datetime, reference: Reference, *, limits: Limits | None = None) -> int:
    """Do what is due; returns how many rows were handled.

    Claim and outbox row are one unit of work, and the outbox takes a reminder's key once: a process that dies at any
    point leaves either both or neither.

    Args:
        limits: others than those in force (tests).
    """
    with db.read_scope(sessions) as session:
        calls, promises = queries.look(session, now), tickets.look(session, now)
        at_risk, endangered = queries.at_risk(session, now, limit=1), conversations.in_danger(session)
    steps: tuple[tuple[bool, Callable[[Session], int]], ...] = (  # in the usual second none: nothing is written
        (calls.late, lambda session: keeping.rebook_late(session, now=now, reference=reference)),
        (bool(at_risk), lambda session: keeping.bring_forward(session, now=now, reference=reference)),
        (
            calls.reminders,
            lambda session: remind(session, now=now, reference=reference, limits=limits or policy.limits()),
        ),
        (promises.pauses, lambda session: tickets.resume_due(session, reference.calendar, now)),
        (promises.missed, lambda session: tickets.record_missed(session, now)),
        (bool(endangered), lambda session: report_danger(session, now=now, reference=reference)),
    )
    handled = 0
    for is_due, step in steps:
        if is_due:
            with db.session_scope(sessions) as session:
                handled += step(session)
    return handled


def report_danger(session: Session, *, now: datetime, reference: Reference) -> int:
    """Open the critical ticket of a danger that was met while the bot was away; returns how many were opened.

    The customer has had the safety text from the conversations room, which is below tickets and can open none.
    """
    waiting = {conversation.id: conversation for conversation in conversations.in_danger(session)}
    missing = tickets.without_danger_ticket(session, list(waiting))
    for conversation_id in missing:
        conversation = waiting[conversation_id]
        text = conversation.handoff_summary or ""
        found = hazard(text)
        cases.report_hazard(
            session,
            conversation_id=conversation_id,
            message_id=f"{conversation_id}:away",
            text=text,
            kind=found.kind if found else "default",
            phone=conversation.phone,
            reference=reference,
            now=now,
        )
    return len(missing)


def remind(session: Session, *, now: datetime, reference: Reference, limits: Limits) -> int:
    """Claim due reminders and queue them; returns how many were claimed.

    Numbers whose owner has not written from them share a daily budget; beyond it they are called without a text.
    """
    due = (
        Callback.status == Status.BOOKED,
        Callback.remind_at <= now,
        Callback.reminded_at.is_(None),
        Callback.window_end > now,
        queries.is_free_for(None, now),
    )
    first_due = select(Callback.id).where(*due).order_by(Callback.remind_at)
    if session.scalar(first_due.limit(1)) is None:
        return 0
    chosen = first_due.limit(BATCH).with_for_update(skip_locked=True)
    left = texts.budget_left(session, reference=reference, now=now, limits=limits)
    claimed = session.scalars(
        update(Callback)
        .where(Callback.id.in_(chosen), *due)
        .values(reminded_at=now)
        .returning(Callback.id)
        .execution_options(synchronize_session=False)
    ).all()
    for callback_id in claimed:
        callback = service.get(session, callback_id)
        if callback.phone_confirmed or left > 0:
            left -= not callback.phone_confirmed
            texts.remind(session, callback, reference=reference, now=now)
    return len(claimed)
