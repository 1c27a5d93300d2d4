"""Open promises counted anew when the calendar has changed. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.kernel.working_time import Calendar
from backend.tickets import ledger, promise_rules, queries
from backend.tickets.models import Promise, Ticket
from backend.tickets.promise_rules import PromiseState

BATCH = 200


@dataclass(frozen=True)
class Moved:
    """An open promise that another calendar would move; a missing date is to be confirmed."""

    promise: Promise
    ticket: Ticket
    before: datetime | None
    after: datetime | None


def preview(session: Session, calendar: Calendar) -> list[Moved]:
    """The promises that a calendar would move, nearest first. Changes nothing."""
    found = queries.open_promises(session)
    return [
        Moved(promise, ticket, promise.due_at, after.due_at)
        for promise, ticket, after in _counted(session, found, calendar)
        if after.due_at != promise.due_at
    ]


def recount_outdated(session: Session, calendar: Calendar, *, who: str, now: datetime, limit: int = BATCH) -> int:
    """Count promises anew that were counted with another calendar than this; returns how many were looked at."""
    found = queries.open_promises(session, not_counted_with=calendar.version, limit=limit)
    for promise, ticket, after in _counted(session, found, calendar):
        ledger.recount(session, ticket, promise, after, "calendar", who=who, calendar=calendar, now=now)
        promise.calendar = calendar.version
    session.flush()
    return len(found)


def _counted(
    session: Session, found: Sequence[tuple[Promise, Ticket]], calendar: Calendar
) -> Iterator[tuple[Promise, Ticket, PromiseState]]:
    for batch in _batches(found):
        changes = queries.changes_of(session, [promise.id for promise, _ in batch])
        for promise, ticket in batch:
            terms = ledger.state_of(promise).terms
            yield promise, ticket, promise_rules.recount(terms, calendar, ledger.past_of(changes[promise.id]))


def _batches(found: Sequence[tuple[Promise, Ticket]]) -> Iterable[Sequence[tuple[Promise, Ticket]]]:
    return (found[start : start + BATCH] for start in range(0, len(found), BATCH))
