"""Raise escalations, climb, acknowledge, comment, settle. Everything here flushes, nothing commits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.conversations.rules import clean
from backend.errors import Conflict, NotFound, Refused
from backend.escalations import notice_queries, policy, queries, rules, telling, wording
from backend.escalations.models import Escalation, EscalationEntry, Notice, StaffMail
from backend.escalations.rules import End, Rung, State, Tell, Trigger
from backend.escalations.telling import Staff
from backend.reference import Reference
from backend.tickets import service as tickets
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import Words

SYSTEM = "system"
LONGEST_TEXT = 1000


def raise_for(
    session: Session,
    trigger: Trigger,
    key: str,
    why: Words,
    *,
    now: datetime,
    ticket: Ticket | None = None,
    conversation_id: str | None = None,
    promise: Promise | None = None,
) -> Escalation | None:
    """Raise an escalation unless its subject has had it; the tick tells the first rung. None: it has.

    A graver one about the same promise or ticket takes the place of a lesser one, and begins no lower.

    Args:
        key: subject and trigger, such as `ticket:17:danger`.
        why: what happened, without a customer's words or data.
    """
    escalation = Escalation(
        key=key,
        trigger=trigger,
        ticket_id=ticket.id if ticket else None,
        conversation_id=conversation_id or (ticket.conversation_id if ticket else None),
        promise_id=promise.id if promise else None,
        due_at=promise.due_at if promise else None,
        why_zh=why.zh,
        why_en=why.en,
        raised_at=now,
        look_at=now,
    )
    try:
        with session.begin_nested():
            session.add(escalation)
    except IntegrityError:  # another process was faster
        return None
    _note(session, escalation, "raised", SYSTEM, now)
    _take_places(session, escalation, now)
    return escalation


def report_grade(
    session: Session, ticket: Ticket, grade: int, *, reference: Reference, now: datetime
) -> Escalation | None:
    """A customer has graded us (1 to 5) in a follow-up call; a low grade is raised, once for each ticket."""
    if grade > reference.escalations.low_grade_at_most:
        return None
    key = f"ticket:{ticket.id}:{Trigger.LOW_GRADE}"
    return raise_for(session, Trigger.LOW_GRADE, key, wording.low_grade(grade), ticket=ticket, now=now)


def step(session: Session, escalation_id: int, staff: Staff, *, reference: Reference, now: datetime) -> bool:
    """Do what is due about an escalation; False when another process does it, or nothing is due."""
    if not queries.claim(session, escalation_id, now):
        return False
    escalation = get(session, escalation_id)
    by_day, by_night = telling.audiences(session, escalation, staff, reference=reference, now=now)

    decision = rules.next_step(
        _state(escalation, by_day, by_night), policy.ladder_of(reference.escalations), reference.calendar, now
    )

    escalation.look_at = decision.look_at
    if isinstance(decision, Tell):
        people = (by_night if decision.at_night else by_day).get(decision.rung, [])
        escalation.rung, escalation.times, escalation.waiting_since = decision.rung, decision.times, now
        told = telling.tell(session, escalation, decision, people, staff, reference=reference, now=now)
        _note_told(session, escalation, decision, told, now)
    session.flush()
    return True


def _state(escalation: Escalation, by_day: dict[Rung, Any], by_night: dict[Rung, Any]) -> State:
    return State(
        trigger=escalation.trigger,
        rung=escalation.rung,
        floor=escalation.floor,
        times=escalation.times,
        waiting_since=escalation.waiting_since,
        acknowledged=escalation.acknowledged_at is not None,
        over=escalation.ended_at is not None,
        by_day=frozenset(by_day),
        by_night=frozenset(by_night),
    )


def acknowledge(session: Session, escalation_id: int, agent: Agent, *, now: datetime) -> Escalation:
    """An agent takes care of it: nobody else is told any more. The same agent again changes nothing.

    Raises:
        NotFound: there is no such escalation.
        Conflict: another agent was faster, or it is over.
    """
    free = (Escalation.acknowledged_at.is_(None), Escalation.ended_at.is_(None))
    values = {"acknowledged_by": agent.name[:60], "acknowledged_at": now, "look_at": None}
    if _change(session, escalation_id, free, values):
        escalation = get(session, escalation_id)
        telling.take_back(session, escalation)
        _note(session, escalation, "acknowledged", agent.name, now)
        if escalation.ticket:
            tickets.note(session, escalation.ticket, "escalation_taken", who=agent.name, now=now, **_why(escalation))
        return escalation
    escalation = get(session, escalation_id)
    if escalation.acknowledged_by != agent.name or escalation.ended_at is not None:
        raise Conflict(f"{escalation.acknowledged_by or 'Somebody'} was faster.")
    return escalation


def undo_acknowledgement(session: Session, escalation_id: int, agent: Agent, *, now: datetime) -> Escalation:
    """Nobody takes care of it after all: the rung's time to acknowledge begins anew.

    Raises:
        NotFound: there is no such escalation.
        Conflict: it is not acknowledged, or over.
    """
    taken = (Escalation.acknowledged_at.is_not(None), Escalation.ended_at.is_(None))
    values = {"acknowledged_by": None, "acknowledged_at": None, "waiting_since": now, "look_at": now}
    is_changed = _change(session, escalation_id, taken, values)
    escalation = get(session, escalation_id)
    if not is_changed:
        raise Conflict
    _note(session, escalation, "undone", agent.name, now)
    return escalation


def comment(session: Session, escalation_id: int, agent: Agent, text: str, *, now: datetime) -> Escalation:
    """Write something beside an escalation, for colleagues.

    Raises:
        NotFound: there is no such escalation.
        Refused: the text is empty.
    """
    escalation = get(session, escalation_id)
    _note(session, escalation, "comment", agent.name, now, text=_written(text))
    return escalation


def resolve(session: Session, escalation_id: int, agent: Agent, why: str, *, now: datetime) -> Escalation:
    """An agent says that it is settled, and why.

    Raises:
        NotFound: there is no such escalation.
        Refused: no reason is given.
        Conflict: it is over already.
    """
    note = _written(why)
    get(session, escalation_id)
    if not _end(session, escalation_id, End.BY_HAND, agent.name, now, note=note):
        raise Conflict
    return get(session, escalation_id)


def settle(session: Session, escalation: Escalation, why: End, *, now: datetime) -> bool:
    """Its cause is gone: it is over by itself. False: it was over already."""
    return _end(session, escalation.id, why, SYSTEM, now)


def adopt(session: Session, escalation: Escalation, ticket: Ticket, key: str, *, now: datetime) -> None:
    """A danger that had only its conversation has got its ticket."""
    escalation.ticket_id, escalation.key = ticket.id, key
    session.flush()
    _note(session, escalation, "ticket", SYSTEM, now, params={"ticket_no": ticket.ticket_no})


def get(session: Session, escalation_id: int) -> Escalation:
    """An escalation with its ticket, conversation and promise.

    Raises:
        NotFound: there is none.
    """
    escalation = queries.one(session, escalation_id)
    if escalation is None:
        raise NotFound("There is no such escalation.")
    return escalation


def alarms(session: Session) -> Sequence[Escalation]:
    """Danger that nobody has acknowledged, oldest first, with its ticket."""
    return queries.alarms(session)


def count_for(session: Session, agent: Agent) -> int:
    """How many escalations an agent was told of that nobody has acknowledged."""
    return notice_queries.count_for(session, person_of(agent))


def counts_for(session: Session, agents: Collection[Agent]) -> dict[int, int]:
    """The same for several agents, by id; who is not among them has none."""
    found = notice_queries.counts_for(session, {person_of(each) for each in agents})
    return {each.id: found[person_of(each)] for each in agents if person_of(each) in found}


def person_of(agent: Agent) -> str:
    """An agent among those who are told."""
    return f"agent:{agent.id}"


@dataclass(frozen=True)
class Story:
    """An escalation with what happened to it and who was told."""

    escalation: Escalation
    entries: Sequence[EscalationEntry]
    notices: Sequence[Notice]


def stories(session: Session, *, over: bool = False, limit: int = 200, offset: int = 0) -> list[Story]:
    """Escalations that are not over, oldest first; or those that are, the last one first."""
    found = queries.ended(session, limit, offset) if over else queries.live(session, limit, offset)
    return _with_stories(session, found)


def story(session: Session, escalation_id: int) -> Story:
    """One escalation with its story.

    Raises:
        NotFound: there is none.
    """
    return _with_stories(session, [get(session, escalation_id)])[0]


def _with_stories(session: Session, found: Sequence[Escalation]) -> list[Story]:
    ids = [each.id for each in found]
    entries, notices = queries.entries(session, ids), notice_queries.notices(session, ids)
    return [Story(each, entries[each.id], notices[each.id]) for each in found]


def mails(session: Session, *, limit: int = 50, offset: int = 0) -> Sequence[StaffMail]:
    """Mails to staff, newest first."""
    return queries.mails(session, limit, offset)


def pulse(session: Session) -> int | None:
    """A number that changes with everything that happens here."""
    return queries.last_entry_id(session)


def _change(
    session: Session, escalation_id: int, conditions: tuple[ColumnElement[bool], ...], values: dict[str, Any]
) -> bool:
    changed = session.execute(
        update(Escalation)
        .where(Escalation.id == escalation_id, *conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _end(session: Session, escalation_id: int, why: End, who: str, now: datetime, note: str | None = None) -> bool:
    values = {"ended_by": who[:60], "ended_at": now, "ended_why": why, "note": note, "look_at": None}
    if not _change(session, escalation_id, (Escalation.ended_at.is_(None),), values):
        return False
    escalation = get(session, escalation_id)
    telling.take_back(session, escalation)
    _note(session, escalation, "ended", who, now, text=note, params={"why": why.value})
    return True


def _take_places(session: Session, escalation: Escalation, now: datetime) -> None:
    replaced = rules.TAKES_THE_PLACE_OF.get(escalation.trigger)
    if not replaced:
        return
    order = list(Rung)
    for each in queries.lesser(session, replaced, escalation.ticket_id, escalation.promise_id):
        reached = each.rung or each.floor
        if reached and (escalation.floor is None or order.index(reached) > order.index(escalation.floor)):
            escalation.floor = reached
        _end(session, each.id, End.OVERTAKEN, SYSTEM, now)
    session.flush()


def _note_told(session: Session, escalation: Escalation, step: Tell, told: int, now: datetime) -> None:
    """Into the story, and a rung that is reached into the ticket's timeline, too."""
    params = {"rung": step.rung.value, "times": step.times, "reason": step.reason, "told": told}
    if step.times > 1:
        _note(session, escalation, "told_again", SYSTEM, now, params=params)
        return
    _note(session, escalation, "reached", SYSTEM, now, key=f"rung:{step.rung}", params=params)
    if escalation.ticket:
        rung = wording.RUNGS[step.rung].as_dict()
        tickets.note(session, escalation.ticket, "escalated", who=SYSTEM, now=now, rung=rung, **_why(escalation))


def _why(escalation: Escalation) -> dict[str, Any]:
    return {"why": {"zh": escalation.why_zh, "en": escalation.why_en}}


def _note(
    session: Session,
    escalation: Escalation,
    code: str,
    who: str,
    now: datetime,
    *,
    key: str | None = None,
    text: str | None = None,
    params: dict[str, Any] | None = None,
) -> None:
    entry = EscalationEntry(
        escalation_id=escalation.id, at=now, who=who[:60], code=code, key=key, text=text, params=params or {}
    )
    session.add(entry)
    session.flush()


def _written(text: str) -> str:
    cleaned = clean(text)[:LONGEST_TEXT]
    if not cleaned:
        raise Refused("Write something first.", code="empty")
    return cleaned
