"""Texts and calls to staff that are no alarms: one at a time to each person, with all that has come up meanwhile.

Flushes, never commits. Notices are claimed by one UPDATE, and what is queued for them is in the same unit of work.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backend.escalations import notice_queries, telling, wording
from backend.escalations.models import Notice
from backend.escalations.rules import Means
from backend.escalations.telling import Staff
from backend.outbox import service as outbox
from backend.outbox.rules import Medium, OutboxKind
from backend.reference import Reference
from backend.tickets.rules import Words


def send_due(session: Session, staff: Staff, *, reference: Reference, now: datetime) -> int:
    """Queue one text or call for each person who is to be told something by now; returns how many."""
    return sum(
        _send(session, person, means, staff, reference=reference, now=now)
        for person, means in notice_queries.people_due(session, now)
    )


def _send(session: Session, person: str, means: Means, staff: Staff, *, reference: Reference, now: datetime) -> bool:
    waiting = notice_queries.take_waiting(session, person, means, now)
    needed = [each for each in waiting if each.escalation.ended_at is None and each.escalation.acknowledged_at is None]
    if not needed:
        return False
    key = f"escalation:bundle:{needed[0].id}:{means}"
    for notice in needed:
        notice.bundle = key
    last = needed[-1]
    assert last.to is not None
    outbox.queue(
        session,
        to=last.to,
        text=words_for(needed, is_call=means is Means.CALL, reference=reference),
        kind=OutboxKind.STAFF,
        medium=Medium.CALL if means is Means.CALL else Medium.TEXT,
        key=key,
        language=reference.escalations.language,
        own_numbers=staff.own_numbers,
        now=now,
    )
    return True


def words_for(notices: Sequence[Notice], *, is_call: bool, reference: Reference) -> str:
    """What somebody reads or hears of one thing, or of several."""
    if len(notices) == 1:
        return telling.words_for(notices[0].escalation, is_call=is_call, reference=reference)
    table = reference.escalations
    text = table.texts["bundle_call" if is_call else "bundle"]
    subjects = [
        wording.in_short(each.escalation.ticket.ticket_no if each.escalation.ticket else None, each.escalation.trigger)
        for each in notices
    ]
    named = wording.several(subjects, table.bundle.names).in_language(table.language)
    return Words(text.zh, text.en).in_language(table.language).format(count=len(notices), subject=named)
