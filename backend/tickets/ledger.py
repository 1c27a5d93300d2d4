"""Rows of promises and timelines: make, meet, miss, put off, pause. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.kernel.working_time import Calendar, local_words
from backend.reference import Reference
from backend.tickets import queries, rules, wording
from backend.tickets.models import Promise, Ticket, TimelineEntry
from backend.tickets.rules import PromiseKind, PromisePolicy, PromiseState, Words


def policy_of(reference: Reference) -> PromisePolicy:
    """The promised times in force."""
    table = reference.promises
    days = {str(tier): days for tier, days in table.onsite_working_days.items()}
    return rules.promise_policy(table.reply_minutes, table.opinion_minutes, days)


def note(
    session: Session, ticket: Ticket, code: str, *, who: str, now: datetime, key: str | None = None, **params: Any
) -> TimelineEntry:
    """Write something into the timeline."""
    entry = TimelineEntry(ticket_id=ticket.id, at=now, who=who[:60], code=code, params=params, key=key)
    session.add(entry)
    session.flush()
    return entry


def make(session: Session, ticket: Ticket, states: Iterable[PromiseState], calendar: Calendar) -> list[Promise]:
    """Store promises; one of a kind that the ticket has already is left as it was."""
    has = {promise.kind for promise in queries.promises_of(session, [ticket.id])[ticket.id]}
    made = []
    for state in states:
        if state.kind in has:
            continue
        promise = Promise(ticket_id=ticket.id, kind=state.kind, calendar=calendar.version, rule=state.rule)
        rewrite(promise, state)
        session.add(promise)
        made.append(promise)
    session.flush()
    return made


def meet_promise(session: Session, ticket: Ticket, kind: PromiseKind, who: str, now: datetime) -> bool:
    """Record that a promise is kept, once; kept too late it is recorded as missed, too. False: nothing to record."""
    promise = queries.promise(session, ticket.id, kind)
    if promise is None or promise.met_at is not None:
        return False
    promise.met_at = now
    if promise.missed_at is None and rules.is_missed(promise.due_at, now, promise.paused_at, now):
        promise.missed_at = now
    promise.paused_at = None
    note(session, ticket, "promise_met", who=who, now=now, kind=wording.KIND_NAMES[kind].as_dict())
    return True


def put_off(
    session: Session,
    ticket: Ticket,
    kind: PromiseKind,
    *,
    until: datetime,
    asked_for: Words,
    reference: Reference,
    now: datetime,
) -> bool:
    """The customer asked for a time after the deadline: the promise waits for it. False: nothing had to change."""
    promise = queries.promise(session, ticket.id, kind)
    if promise is None or promise.met_at is not None or promise.missed_at is not None:
        return False
    before = state_of(promise)
    after = rules.put_off(before, until, wording.asked_for_later(kind, asked_for), calendar=reference.calendar)
    if after == before:
        return False
    rewrite(promise, after)
    when = {language: local_words(reference.calendar, until, language) for language in ("zh", "en")}
    note(
        session, ticket, "promise_put_off", who="customer", now=now, kind=wording.KIND_NAMES[kind].as_dict(), until=when
    )
    return True


def pause_all(session: Session, ticket: Ticket, reason: str, *, who: str, now: datetime) -> None:
    """Let all open promises of a ticket stand still for a stated reason."""
    for promise in _unmet(session, ticket):
        if promise.paused_at is None and promise.missed_at is None:
            rewrite(promise, rules.pause(state_of(promise), wording.stands_still(reason), now=now))
            kind = wording.KIND_NAMES[promise.kind].as_dict()
            note(session, ticket, "promise_paused", who=who, now=now, kind=kind, why=reason)


def resume_all(session: Session, ticket: Ticket, *, who: str, calendar: Calendar, now: datetime) -> None:
    """Let promises that stand still run again."""
    for promise in _unmet(session, ticket):
        if promise.paused_at is not None:
            rewrite(promise, rules.resume(state_of(promise), calendar=calendar, now=now))
            note(session, ticket, "promise_resumed", who=who, now=now, kind=wording.KIND_NAMES[promise.kind].as_dict())


def meet_all(session: Session, ticket: Ticket, who: str, now: datetime) -> None:
    """A ticket that is done keeps whatever it still promised."""
    for promise in _unmet(session, ticket):
        meet_promise(session, ticket, promise.kind, who, now)


def record_missed(session: Session, now: datetime, limit: int = 200) -> int:
    """Record promises that are broken by now, each once; returns how many."""
    missed = queries.newly_missed(session, now, limit)
    for promise in missed:
        promise.missed_at = now
        ticket = session.get_one(Ticket, promise.ticket_id)
        note(session, ticket, "promise_missed", who="system", now=now, kind=wording.KIND_NAMES[promise.kind].as_dict())
    return len(missed)


def state_of(promise: Promise) -> PromiseState:
    """A row as the rules know it."""
    return PromiseState(
        kind=promise.kind,
        due_at=promise.due_at,
        rule=promise.rule,
        tier=promise.tier,
        why=Words(promise.why_zh, promise.why_en),
        paused_s=promise.paused_s,
        paused_at=promise.paused_at,
    )


def once(session: Session, ticket: Ticket, code: str, *, key: str, who: str, now: datetime, **params: Any) -> bool:
    """Write an entry under a key unless the ticket has it. False: it had."""
    try:
        with session.begin_nested():
            note(session, ticket, code, who=who, now=now, key=key, **params)
    except IntegrityError:
        return False
    return True


def rewrite(promise: Promise, state: PromiseState) -> None:
    """Put another state into a promise's row."""
    promise.due_at, promise.tier = state.due_at, state.tier
    promise.paused_s, promise.paused_at = state.paused_s, state.paused_at
    promise.why_zh, promise.why_en = state.why.zh, state.why.en


def _unmet(session: Session, ticket: Ticket) -> list[Promise]:
    return [each for each in queries.promises_of(session, [ticket.id])[ticket.id] if each.met_at is None]
