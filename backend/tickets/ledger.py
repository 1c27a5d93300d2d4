"""Rows of promises, of what happened to them, and of timelines: make, meet, miss, put off, pause, count anew.

Flushes, never commits. Whatever changes a promise goes through here, so that its history is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.kernel.window import Window
from backend.kernel.working_time import Calendar, local_words
from backend.reference import Reference
from backend.tickets import promise_rules, queries, wording
from backend.tickets.models import Promise, PromiseChange, Ticket, TimelineEntry
from backend.tickets.promise_rules import (
    Change,
    PauseReason,
    PromisePolicy,
    PromiseState,
    PutOff,
    Resumed,
    Stopped,
    Terms,
)
from backend.tickets.rules import PromiseKind, Words

SYSTEM = "system"


def policy_of(reference: Reference) -> PromisePolicy:
    """The promised times in force."""
    table = reference.promises
    days = {str(tier): days for tier, days in table.onsite_working_days.items()}
    return promise_rules.promise_policy(
        table.reply_minutes,
        table.opinion_minutes,
        days,
        parts_days=table.parts_calendar_days,
        quality_days=table.quality_working_days,
    )


def note(
    session: Session, ticket: Ticket, code: str, *, who: str, now: datetime, key: str | None = None, **params: Any
) -> TimelineEntry:
    """Write something into the timeline."""
    entry = TimelineEntry(ticket_id=ticket.id, at=now, who=who[:60], code=code, params=params, key=key)
    session.add(entry)
    session.flush()
    return entry


def once(session: Session, ticket: Ticket, code: str, *, key: str, who: str, now: datetime, **params: Any) -> bool:
    """Write an entry under a key unless the ticket has it. False: it had."""
    try:
        with session.begin_nested():
            note(session, ticket, code, who=who, now=now, key=key, **params)
    except IntegrityError:
        return False
    return True


def make(
    session: Session, ticket: Ticket, states: Iterable[PromiseState], *, who: str = SYSTEM, now: datetime
) -> list[Promise]:
    """Store promises; one of a kind that the ticket has already is left as it was."""
    has = {promise.kind for promise in queries.promises_of(session, [ticket.id])[ticket.id]}
    made = []
    for state in states:
        if state.kind in has:
            continue
        promise = Promise(ticket_id=ticket.id, kind=state.kind)
        rewrite(promise, state)
        session.add(promise)
        session.flush()
        happened(session, promise, Change.MADE, who=who, now=now, before=None)
        made.append(promise)
    return made


def meet_promise(
    session: Session, ticket: Ticket, kind: PromiseKind, who: str, now: datetime, *, why: str = promise_rules.BY_MARK
) -> bool:
    """Record that a promise is kept, once; kept too late it is recorded as missed, too. False: nothing to record.

    Args:
        why: a code of `wording.CHANGE_REASONS`: what has kept it.
    """
    promise = queries.promise(session, ticket.id, kind)
    if promise is None or promise.met_at is not None:
        return False
    is_late = promise_rules.is_missed(promise.due_at, now, promise.paused_at, now)
    missed_now = is_late and promise.missed_at is None
    changed = session.execute(
        update(Promise)
        .where(Promise.id == promise.id, Promise.met_at.is_(None))
        .values(
            met_at=now,
            missed_at=now if missed_now else Promise.missed_at,
            paused_at=None,
            pause_reason=None,
            resume_at=None,
        )
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        return False
    session.refresh(promise)
    if missed_now:
        _missed(session, ticket, promise, now)
    happened(session, promise, Change.MET, who=who, now=now, reason=why)
    note(session, ticket, "promise_met", who=who, now=now, kind=_name(kind))
    return True


def unmeet(
    session: Session, ticket: Ticket, promise: Promise, past: Sequence[PromiseChange], who: str, now: datetime
) -> None:
    """A promise was taken for kept by mistake: it runs again, or stands still again, as before.

    Args:
        past: what has happened to it, oldest first; the last is that it was kept.
    """
    before = past[-2] if len(past) > 1 else None
    promise.met_at = None
    if before is not None and before.what is Change.PAUSED:
        promise.paused_at, promise.resume_at = before.at, before.until
        promise.pause_reason = PauseReason(before.reason)
    session.flush()
    happened(session, promise, Change.UNMET, who=who, now=now, reason="mistaken")
    note(session, ticket, "promise_unmet", who=who, now=now, kind=_name(promise.kind))


def meet_all(session: Session, ticket: Ticket, who: str, now: datetime) -> None:
    """A ticket that is done keeps whatever it still promised."""
    for promise in _unmet(session, ticket):
        meet_promise(session, ticket, promise.kind, who, now, why="done")


def look(session: Session, now: datetime) -> queries.Seen:
    """Whether pauses end, or promises are broken and not recorded yet, without a write."""
    return queries.look(session, now)


def record_missed(session: Session, now: datetime, limit: int = 200) -> int:
    """Record promises that are broken by now, each once whoever else looks; returns how many."""
    missed = queries.claim_missed(session, now, limit)
    for promise in missed:
        _missed(session, session.get_one(Ticket, promise.ticket_id), promise, now)
    return len(missed)


def put_off(
    session: Session,
    ticket: Ticket,
    kind: PromiseKind,
    *,
    until: datetime,
    asked_for: Words,
    what: PromiseKind | None = None,
    reference: Reference,
    now: datetime,
) -> bool:
    """The customer asked for a time after the deadline: the promise waits for it. False: nothing had to change.

    Args:
        what: what was asked for at that time, if not what is promised: the call a visit waits for.
    """
    promise = queries.promise(session, ticket.id, kind)
    if promise is None or promise.met_at is not None or promise.missed_at is not None:
        return False
    before, why = state_of(promise), wording.asked_for_later(what or kind, asked_for)
    after = promise_rules.put_off(before, until, why, calendar=reference.calendar)
    if after == before:
        return False
    rewrite(promise, after)
    happened(session, promise, Change.PUT_OFF, who="customer", now=now, before=before, words=why, until=until)
    when = {language: local_words(reference.calendar, until, language) for language in ("zh", "en")}
    note(session, ticket, "promise_put_off", who="customer", now=now, kind=_name(kind), until=when)
    return True


def visit_after_call(
    session: Session, ticket: Ticket, call: Window, *, asked_for: Words, reference: Reference, now: datetime
) -> bool:
    """The customer wants the call that arranges a visit after the day the visit is promised for: it is counted from
    the call. False: the promise holds, or there is none."""
    promise = queries.promise(session, ticket.id, PromiseKind.ONSITE)
    if promise is None or promise.due_at is None or call.end <= promise.due_at:
        return False
    terms = replace(state_of(promise).terms, started_at=call.start)
    anew = promise_rules.count(terms, reference.calendar)
    return put_off(
        session,
        ticket,
        PromiseKind.ONSITE,
        until=anew.due_at or call.end,
        asked_for=asked_for,
        what=PromiseKind.REPLY,
        reference=reference,
        now=now,
    )


def pause(
    session: Session,
    ticket: Ticket,
    promise: Promise,
    reason: PauseReason,
    text: str,
    *,
    until: datetime | None = None,
    who: str,
    now: datetime,
) -> None:
    """Let a promise that runs stand still for a stated reason; with an end, the tick lets it run again then."""
    before, why = state_of(promise), wording.stands_still(reason, text)
    rewrite(promise, promise_rules.pause(before, why, now=now))
    promise.pause_reason, promise.resume_at = reason, until
    happened(session, promise, Change.PAUSED, who=who, now=now, before=before, reason=reason, words=why, until=until)
    told = wording.pause_reason(reason, text).as_dict()
    note(session, ticket, "promise_paused", who=who, now=now, kind=_name(promise.kind), why=told)


def resume(session: Session, ticket: Ticket, promise: Promise, *, who: str, calendar: Calendar, now: datetime) -> None:
    """Let a promise that stands still run again."""
    before = state_of(promise)
    rewrite(promise, promise_rules.resume(before, calendar=calendar, now=now))
    reason, promise.pause_reason, promise.resume_at = promise.pause_reason, None, None
    happened(session, promise, Change.RESUMED, who=who, now=now, before=before, reason=reason or "")
    note(session, ticket, "promise_resumed", who=who, now=now, kind=_name(promise.kind))


def hold_all(session: Session, ticket: Ticket, reason: str, *, who: str, now: datetime) -> None:
    """Let all promises of a ticket that run stand still while it waits."""
    for promise in _unmet(session, ticket):
        if promise.paused_at is None and promise.missed_at is None:
            pause(session, ticket, promise, PauseReason.HOLD, reason, who=who, now=now)


def release_all(session: Session, ticket: Ticket, *, who: str, calendar: Calendar, now: datetime) -> None:
    """Let promises that stood still because their ticket waited run again; one with a reason of its own waits on."""
    for promise in _unmet(session, ticket):
        if promise.pause_reason is PauseReason.HOLD:
            resume(session, ticket, promise, who=who, calendar=calendar, now=now)


def resume_due(session: Session, calendar: Calendar, now: datetime, limit: int = 200) -> int:
    """Let promises run again whose pause was to end by now; returns how many. They lose nothing by a late tick."""
    due = queries.pauses_that_end(session, now, limit)
    for promise in due:
        ends = promise.resume_at or now
        resume(session, session.get_one(Ticket, promise.ticket_id), promise, who=SYSTEM, calendar=calendar, now=ends)
    return len(due)


def recount(
    session: Session,
    ticket: Ticket,
    promise: Promise,
    after: PromiseState,
    reason: str,
    *,
    who: str,
    calendar: Calendar,
    now: datetime,
) -> bool:
    """Put a promise that was counted anew into its row, with the old date in its history. False: nothing changed.

    Args:
        reason: a code of `wording.CHANGE_REASONS`.
    """
    before = state_of(promise)
    if (after.due_at, after.terms) == (before.due_at, before.terms):
        return False
    rewrite(promise, after)
    happened(session, promise, Change.RECOMPUTED, who=who, now=now, before=before, reason=reason)
    old, new = (wording.due(each.due_at, calendar).as_dict() for each in (before, after))
    why = wording.CHANGE_REASONS[reason].as_dict()
    note(session, ticket, "promise_recounted", who=who, now=now, kind=_name(promise.kind), old=old, new=new, why=why)
    return True


def past_of(changes: Iterable[PromiseChange]) -> list[Stopped | Resumed | PutOff]:
    """What has put a promise off, from its history in order, as the rules replay it."""
    past: list[Stopped | Resumed | PutOff] = []
    for each in changes:
        words = Words(each.words.get("zh", ""), each.words.get("en", ""))
        if each.what is Change.PUT_OFF and each.until is not None:
            past.append(PutOff(each.until, words))
        elif each.what is Change.PAUSED:
            past.append(Stopped(each.at, words))
        elif each.what is Change.RESUMED:
            past.append(Resumed(each.at))
    return past


def state_of(promise: Promise) -> PromiseState:
    """A row as the rules know it."""
    return PromiseState(
        terms=Terms(promise.kind, promise.amount, promise.tier, promise.started_at),
        due_at=promise.due_at,
        calendar=promise.calendar,
        why=Words(promise.why_zh, promise.why_en),
        paused_s=promise.paused_s,
        paused_at=promise.paused_at,
    )


def rewrite(promise: Promise, state: PromiseState) -> None:
    """Put another state into a promise's row."""
    promise.amount, promise.tier, promise.started_at = state.terms.amount, state.terms.tier, state.terms.started_at
    promise.rule, promise.calendar, promise.due_at = state.terms.rule, state.calendar, state.due_at
    promise.paused_s, promise.paused_at = state.paused_s, state.paused_at
    promise.why_zh, promise.why_en = state.why.zh, state.why.en


def happened(
    session: Session,
    promise: Promise,
    what: Change,
    *,
    who: str,
    now: datetime,
    before: PromiseState | None = None,
    reason: str = "",
    words: Words | None = None,
    until: datetime | None = None,
) -> None:
    """Write what happened to a promise into its history; `before` is its state before that, if it had another."""
    session.add(
        PromiseChange(
            promise_id=promise.id,
            at=now,
            who=who[:60],
            what=what,
            reason=reason,
            words=words.as_dict() if words else {},
            until=until,
            due_before=before.due_at if before else None,
            due_after=promise.due_at,
        )
    )
    session.flush()


def _missed(session: Session, ticket: Ticket, promise: Promise, now: datetime) -> None:
    happened(session, promise, Change.MISSED, who=SYSTEM, now=now, reason="overdue")
    note(session, ticket, "promise_missed", who=SYSTEM, now=now, kind=_name(promise.kind))


def _unmet(session: Session, ticket: Ticket) -> list[Promise]:
    """Promises of a ticket that are not kept yet, held until the end of the unit of work."""
    return [each for each in queries.hold_promises(session, ticket.id) if each.met_at is None]


def _name(kind: PromiseKind) -> dict[str, str]:
    return wording.KIND_NAMES[kind].as_dict()
