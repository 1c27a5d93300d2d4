"""What the tick does here: queue due reminders of visits, give back windows nobody has confirmed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend import db
from backend.appointments import queries, service, settling, texts
from backend.appointments.links import Links
from backend.appointments.models import Appointment
from backend.appointments.rules import AGREED
from backend.outbox.rules import OutboxKind
from backend.reference import Reference
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import CLOSED

BATCH = 100

Column = InstrumentedAttribute[datetime | None]
REMINDERS: tuple[tuple[str, Column, Column], ...] = (
    ("evening", Appointment.remind_evening_at, Appointment.evening_sent_at),
    ("soon", Appointment.remind_soon_at, Appointment.soon_sent_at),
)


def run_due(sessions: db.Sessions, now: datetime, reference: Reference, links: Links) -> int:
    """Do what is due; returns how many rows were handled. Any number of processes may tick.

    Claim and outbox row are one unit of work, and the outbox takes a reminder's key once: a process that dies at any
    point leaves either both or neither.
    """
    with db.read_scope(sessions) as session:
        if not queries.is_any_due(session, now):
            return 0  # the usual second: nothing is written
    with db.session_scope(sessions) as session:
        handled = settling.let_holds_lapse(session, now, reference)
    for part, due_at, sent_at in REMINDERS:
        with db.session_scope(sessions) as session:
            handled += remind(session, part, due_at, sent_at, now=now, reference=reference, links=links)
    return handled


def remind(
    session: Session, part: str, due_at: Column, sent_at: Column, *, now: datetime, reference: Reference, links: Links
) -> int:
    """Claim due reminders of one kind and queue them; returns how many were claimed."""
    due = (
        Appointment.status.in_(AGREED),
        due_at <= now,
        sent_at.is_(None),
        Appointment.window_start > now,
        Appointment.ticket_id.in_(select(Ticket.id).where(Ticket.status.not_in(CLOSED))),
    )
    chosen = select(Appointment.id).where(*due).order_by(due_at).limit(BATCH).with_for_update(skip_locked=True)
    claimed = session.scalars(
        update(Appointment)
        .where(Appointment.id.in_(chosen), *due)
        .values({sent_at.key: now})
        .returning(Appointment.id)
        .execution_options(synchronize_session=False)
    ).all()
    for appointment_id in claimed:
        appointment = service.get(session, appointment_id)
        is_queued = texts.send(
            session,
            appointment,
            f"appointment.{part}",
            part,
            kind=OutboxKind.REMINDER,
            valid_until=appointment.window_start,
            spoken="call.visit",
            links=links,
            reference=reference,
            now=now,
        )
        if is_queued:
            tickets.note(session, appointment.ticket, "visit_reminded", who="system", now=now)
    return len(claimed)
