"""What the tick does so that no call is forgotten or late. Flushes, never commits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.callbacks import call_rules, queries, rules
from backend.callbacks.dialling import as_waiting
from backend.callbacks.ledger import change, desk_at, get, hold_turn, place, remind_at, tell, window_of, words_of
from backend.callbacks.models import Callback
from backend.callbacks.rules import Choice, Status
from backend.errors import Conflict, OutsideCalendar
from backend.kernel import working_time
from backend.reference import Reference

BATCH = 100


def rebook_late(session: Session, *, now: datetime, reference: Reference) -> int:
    """Put calls that nobody made in their window into the next one; returns how many.

    What the customer was told and nobody did is recorded, once a call, and may be made at once, before all others. The
    backlog of a night is spread over the windows as hands are free, the longest due first. This is no change anybody
    decided: an agent who is just noting the outcome is not disturbed by it, so the version stays.
    """
    hold_turn(session)
    return sum(_rebook(session, each, now=now, reference=reference) for each in queries.late(session, now, BATCH))


def _rebook(session: Session, callback: Callback, *, now: datetime, reference: Reference) -> bool:
    due = queries.reply_due(session, [callback.phone]).get(callback.phone)
    choice = rules.from_now_on(desk_at(session, reference, now, besides=callback), now, due)
    was_told, missed = callback.unanswered == 0, window_of(callback)
    values: dict[str, Any] = {}
    if was_told and callback.overdue_at is None:
        values["overdue_at"] = now
    if choice is not None:
        values |= _columns(callback, choice, was_told=was_told, now=now, reference=reference)
    if not values:
        return False
    moved = session.execute(
        update(Callback)
        .where(
            Callback.id == callback.id,
            Callback.status == Status.BOOKED,
            Callback.window_end == callback.window_end,
            queries.is_free_for(None, now),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if not moved.rowcount:  # type: ignore[attr-defined]
        return False
    get(session, callback.id)
    if callback.ticket is not None and "overdue_at" in values:
        words = words_of(missed, reference).as_dict()
        tell(session, callback, "callback_overdue", "system", reference, now, window=words)
    if choice is not None and callback.reminded_at is None and was_told:
        callback.remind_at = _remind_of_another_day(callback, missed.end, now=now, reference=reference)
        session.flush()
    return True


def _columns(
    callback: Callback, choice: Choice, *, was_told: bool, now: datetime, reference: Reference
) -> dict[str, Any]:
    try:
        opening = working_time.next_opening(reference.calendar, now)
    except OutsideCalendar:
        opening = choice.window.start
    return {
        "window_start": choice.window.start,
        "window_end": choice.window.end,
        "over_capacity": choice.over_capacity,
        "why": f"nobody called in its window; {choice.why}",
        "dial_at": opening if was_told else callback.dial_at,
        "remind_at": None,
        "reminded_at": None,
    }


def _remind_of_another_day(
    callback: Callback, missed: datetime, *, now: datetime, reference: Reference
) -> datetime | None:
    """A call that is late by minutes is made, not announced anew; one that is put off to another day is, once."""
    told, old, new = (
        working_time.local_day(reference.calendar, at) for at in (callback.first_end, missed, callback.window_start)
    )
    return remind_at(callback, reference, now) if told == old != new else None


def bring_forward(session: Session, *, now: datetime, reference: Reference) -> int:
    """Move calls whose reply promise would be missed into hands that have become free; returns how many."""
    hold_turn(session)
    calls = queries.at_risk(session, now, BATCH)
    return sum(_hurry(session, each, due, now=now, reference=reference) for each, due in calls)


def _hurry(session: Session, callback: Callback, due: datetime, *, now: datetime, reference: Reference) -> bool:
    desk = desk_at(session, reference, now)
    choice = call_rules.forward(desk, as_waiting(callback, due))
    if choice is None:
        callback.over_capacity = callback.over_capacity and desk.is_crowded(window_of(callback))
        return False
    try:
        change(session, callback, place(choice.window, choice, callback, reference, now, chosen=False), now=now)
    except Conflict:
        return False  # somebody has just taken or moved it
    tell(session, callback, "callback_forward", "system", reference, now)
    return True
