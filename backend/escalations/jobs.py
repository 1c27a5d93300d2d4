"""What the tick does here: find danger, tell who is due, find and settle the rest, send mails to staff."""

from __future__ import annotations

from datetime import datetime

import structlog

from backend import db
from backend.escalations import bundles, finding, mails, queries, service
from backend.escalations.mailer import ConsoleMailer, Mailer
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
    mailer: Mailer | None = None,
) -> int:
    """Do what is due; returns how many rows were handled. Any number of processes may tick.

    Danger is found and told first, in units of work of its own: nothing that goes wrong with the rest holds it up.
    """
    staff = staff or Staff()
    with db.session_scope(sessions) as session:
        handled = finding.danger(session, now=now)
    handled += _step_all(sessions, now, reference, staff)
    with db.session_scope(sessions) as session:
        handled += finding.settle(session, now=now)
        finding.watch_promises(session, reference=reference)
        handled += finding.promises(session, reference=reference, now=now)
        handled += finding.contacts(session, reference=reference, now=now)
        handled += finding.angry_words(session, reference=reference, now=now)
    handled += _step_all(sessions, now, reference, staff)
    with db.read_scope(sessions) as session:
        anybody = queries.people_due(session, now)
    if anybody:
        with db.session_scope(sessions) as session:
            handled += bundles.send_due(session, staff, reference=reference, now=now)
    return handled + mails.send_due(sessions, mailer or ConsoleMailer(), now)


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
