"""The figures of a run: what was promised, kept, missed and why, and the load that came with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.callbacks.models import Callback
from backend.callbacks.service import roster_of
from backend.followups.models import FollowUp
from backend.kernel import shifts, working_time
from backend.kernel.working_time import Calendar
from backend.outbox.models import OutboxMessage
from backend.reference import Reference
from backend.simulation import checks, outcomes
from backend.simulation.assumptions import Plan
from backend.simulation.checks import Broken
from backend.simulation.outcomes import Fate, History, Outcome, Promised
from backend.simulation.record import Busy, Case
from backend.simulation.run import Played
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import Status as TicketStatus

HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Load:
    """What an hour of the local day holds on average: contacts, promised calls, calls made, agents at work and on
    shift."""

    contacts: float
    callbacks: float
    calls: float
    busy: float
    on_shift: float


@dataclass(frozen=True)
class Day:
    """One day: contacts, and the promises due on it that were kept and missed."""

    day: datetime
    contacts: int
    kept: int
    missed: int
    works: bool


@dataclass(frozen=True)
class Tight:
    """The hour of the day in which most of the missed answers were due.

    Attributes:
        hour: of the local day; what is due at 09:00 sharp belongs to the hour before.
        due, missed: the answers due in it, and those of them that were missed.
        of_all: its share of all missed answers.
        busy: how busy the agents on shift were in it, between 0 and 1.
    """

    hour: int
    due: int
    missed: int
    of_all: float
    busy: float


@dataclass(frozen=True)
class Figures:
    """All figures of a run."""

    plan: Plan
    people: int
    counts: Mapping[str, int]
    fates: tuple[Fate, ...]
    hours: tuple[Load, ...]
    days: tuple[Day, ...]
    tight: Tight | None
    texts: Mapping[tuple[str, str], int]
    grades: Mapping[int, int]
    utilisation: float
    broken: Broken
    stopped_of: int | None = None
    """How many days there should have been, when the run was stopped before."""


def read(session: Session, played: Played, reference: Reference) -> Figures:
    """The figures of a run, from its database and what was noted."""
    calendar, record = reference.calendar, played.record
    fates = tuple(_fates(session, played, reference))
    text_counts = select(OutboxMessage.kind, OutboxMessage.status, func.count()).group_by(
        OutboxMessage.kind, OutboxMessage.status
    )
    texts = {(kind.value, status.value): count for kind, status, count in session.execute(text_counts)}
    given = select(FollowUp.grade, func.count()).where(FollowUp.grade.is_not(None)).group_by(FollowUp.grade)
    grades = {grade: count for grade, count in session.execute(given.order_by(FollowUp.grade.desc())) if grade}
    windows = list(session.scalars(select(Callback.window_start)))
    hours = _hours(played, windows, reference)
    return Figures(
        plan=played.plan,
        people=len(played.people),
        counts={
            "contacts": len(record.contacts),
            "tickets": len(record.cases),
            "callbacks": len(windows),
            "over_capacity": session.scalar(select(func.count()).where(Callback.over_capacity)) or 0,
            "calls": len(record.calls),
            "unanswered": record.unanswered,
            "chats": record.chats,
            "alarms": record.acknowledged,
            "chases": record.chases,
            "cancelled": record.cancelled,
            "moved": record.moved,
            "opted_out": record.opted_out,
            "visits": record.visits,
            "absent": record.absent,
            "parts": record.parts,
            "asked": session.scalar(select(func.count()).where(FollowUp.asked_at.is_not(None))) or 0,
            "followup_calls": record.followup_calls,
            "graded": sum(grades.values()),
            "low_grades": session.scalar(select(func.count()).where(FollowUp.is_low.is_(True))) or 0,
        },
        fates=fates,
        hours=hours,
        tight=_tight(fates, record.busy, played.plan.agents, calendar),
        days=_days(played, fates, calendar),
        texts=dict(sorted(texts.items())),
        grades=grades,
        utilisation=_utilisation(played, calendar),
        broken=checks.check(session, played, calendar),
        stopped_of=played.stopped_of,
    )


def _fates(session: Session, played: Played, reference: Reference) -> list[Fate]:
    query = select(Promise, Ticket).join(Ticket, Ticket.id == Promise.ticket_id).order_by(Promise.id)
    outlets = {outlet.name: outlet.id for outlet in reference.outlets.outlets}
    fates = []
    for promise, ticket in session.execute(query):
        promised = Promised(
            kind=promise.kind.value,
            tier=ticket.tier or "unknown",
            outlet=outlets.get(ticket.outlet or "", "unknown"),
            due_at=promise.due_at,
            met_at=promise.met_at,
            missed_at=promise.missed_at,
            is_paused=promise.paused_at is not None,
            is_cancelled=ticket.status is TicketStatus.CANCELLED,
        )
        became = outcomes.outcome(promised)
        if became is not Outcome.MISSED or promise.due_at is None:
            fates.append(Fate(promised, became))
            continue
        until = promise.met_at or ticket.closed_at or played.end
        late = working_time.open_time_between(reference.calendar, promise.due_at, until)
        why = outcomes.why_missed(promised, _history(played.record.cases[ticket.id]))
        fates.append(Fate(promised, became, late, why))
    return fates


def _history(case: Case) -> History:
    return History(case.tries, case.person.wrong_number, case.arranged_at, case.was_absent)


def _hours(played: Played, windows: list[datetime], reference: Reference) -> tuple[Load, ...]:
    """The average of the days customers came, hour by hour."""
    days, calendar = played.plan.days, reference.calendar
    until = played.start + timedelta(days=days)
    record = played.record
    contacts, calls, callbacks = (
        Counter(at.astimezone(calendar.zone).hour for at in instants if at < until)
        for instants in (record.contacts, record.calls, windows)
    )
    busy = _busy_by_hour([span for span in record.busy if span.start < until], calendar)
    crew = Counter[int]()
    for ahead in range(days * 24):
        half_past = played.start + HOUR * ahead + HOUR / 2
        if working_time.is_open(calendar, half_past):
            crew[ahead % 24] += shifts.on_shift(roster_of(reference), half_past).people
    return tuple(
        Load(
            contacts=contacts[hour] / days,
            callbacks=callbacks[hour] / days,
            calls=calls[hour] / days,
            busy=busy[hour] / HOUR / days,
            on_shift=crew[hour] / days,
        )
        for hour in range(24)
    )


def _busy_by_hour(spans: list[Busy], calendar: Calendar) -> dict[int, timedelta]:
    """How long agents were at work in each hour of the local day, all together."""
    busy = dict.fromkeys(range(24), timedelta())
    for span in spans:
        at = span.start.astimezone(calendar.zone)
        while at < span.end:
            ends = min(span.end, at.replace(minute=0, second=0, microsecond=0) + HOUR)
            busy[at.hour] += ends - at
            at = ends.astimezone(calendar.zone)
    return busy


def _days(played: Played, fates: tuple[Fate, ...], calendar: Calendar) -> tuple[Day, ...]:
    contacts = Counter(working_time.local_day(calendar, at) for at in played.record.contacts)
    due = Counter(
        (working_time.local_day(calendar, fate.promised.due_at), fate.outcome)
        for fate in fates
        if fate.promised.due_at is not None
    )
    found = []
    for ahead in range((played.end - played.start).days + 1):
        at = played.start + timedelta(days=ahead)
        day = working_time.local_day(calendar, at)
        kept, missed = due[day, Outcome.KEPT], due[day, Outcome.MISSED]
        if ahead < played.plan.days or kept or missed:
            found.append(Day(at, contacts[day], kept, missed, working_time.is_working_day(calendar, day)))
    return tuple(found)


def _tight(fates: tuple[Fate, ...], spans: Sequence[Busy], agents: int, calendar: Calendar) -> Tight | None:
    """The hour most answers are missed in; None when none is.

    How busy it is counts on the days such answers were due: an evening's requests are due in the next morning, also
    in the one after the last day customers came.
    """
    due, missed, days = Counter[int](), Counter[int](), defaultdict[int, set[date]](set)
    for fate in fates:
        if fate.promised.kind == "reply" and fate.promised.due_at and fate.outcome in (Outcome.KEPT, Outcome.MISSED):
            at = (fate.promised.due_at - INSTANT).astimezone(calendar.zone)
            due[at.hour] += 1
            missed[at.hour] += fate.outcome is Outcome.MISSED
            days[at.hour].add(at.date())
    if not missed.total():
        return None
    hour, most = max(missed.items(), key=lambda each: (each[1], -each[0]))
    on_these = [span for span in spans if span.start.astimezone(calendar.zone).date() in days[hour]]
    busy = _busy_by_hour(on_these, calendar)[hour] / HOUR / (agents * len(days[hour]))
    return Tight(hour, due[hour], most, most / missed.total(), min(1.0, busy))


def _utilisation(played: Played, calendar: Calendar) -> float:
    """The share of their shifts agents were at work, over the days customers came."""
    until = played.start + timedelta(days=played.plan.days)
    shift = working_time.open_time_between(calendar, played.start, until) * played.plan.agents
    worked = sum((span.end - span.start for span in played.record.busy if span.start < until), timedelta())
    return worked / shift if shift else 0.0
