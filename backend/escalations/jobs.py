"""What the tick does here: find danger, tell who is due, find and settle the rest. Mails to staff have a tick of their
own (`mails.send_due`): no mail server holds up danger."""

from __future__ import annotations

from datetime import datetime

import structlog

from backend import db
from backend.escalations import bundles, finding, notice_queries, queries, service
from backend.escalations.telling import Staff
from backend.reference import Reference

log = structlog.get_logger(__name__)

BATCH = 100


def run_due(
    sessions: db.Sessions,
    now: datetime,
    reference: Reference,
    *,
    staff: Staff | None = None,
) -> int:
    """Do what is due; returns how many rows were handled. Any number of processes may tick.

    Danger is found and told first, in units of work of its own: nothing that goes wrong with the rest holds it up. What
    there is to do is looked for first; in the usual second there is nothing, and nothing is written.
    """
    staff = staff or Staff()
    with db.read_scope(sessions) as session:
        alarms = queries.look_for_danger(session, now)
    handled = 0
    if alarms.danger:
        with db.session_scope(sessions) as session:
            handled += finding.danger(session, now=now)
    if alarms.danger or alarms.due:
        handled += _step_all(sessions, now, reference, staff)
    handled += _look_after_promises(sessions, now, reference, staff)
    with db.read_scope(sessions) as session:
        anybody = notice_queries.people_due(session, now)
    if anybody:
        with db.session_scope(sessions) as session:
            handled += bundles.send_due(session, staff, reference=reference, now=now)
    return handled


def _look_after_promises(sessions: db.Sessions, now: datetime, reference: Reference, staff: Staff) -> int:
    """Find what threatens a promise or has angered a customer, settle what is over, and tell whom it concerns."""
    with db.read_scope(sessions) as session:
        seen = queries.look(session, now, finding.since(reference, now), reference.escalations.repeat_from_contact)
        words = finding.new_angry_words(session, reference=reference, now=now)
    if not seen.anything and not words:
        return 0
    with db.session_scope(sessions) as session:
        handled = finding.settle(session, now=now) if seen.over else 0
        if seen.unwatched:
            finding.watch_promises(session, reference=reference)
        if seen.unwatched or seen.watches or seen.missed:
            handled += finding.promises(session, reference=reference, now=now)
        if seen.contacts:
            handled += finding.contacts(session, reference=reference, now=now)
        handled += finding.angry_words(session, words, now=now)
    return handled + _step_all(sessions, now, reference, staff)


def _step_all(sessions: db.Sessions, now: datetime, reference: Reference, staff: Staff) -> int:
    with db.read_scope(sessions) as session:
        due = queries.due(session, now, BATCH)
    done = 0
    for escalation_id in due:
        try:
            with db.session_scope(sessions) as session:
                done += service.step(session, escalation_id, staff, reference=reference, now=now)
        except Exception:  # one row nobody can handle must not hold up the others; it is due again with the next tick
            log.exception("escalation cannot be handled", escalation=escalation_id)
    return done
