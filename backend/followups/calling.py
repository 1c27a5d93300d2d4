"""Agents with time to spare ask by telephone: take a follow-up, note what came of it, take that back.

Flushes, never commits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.callbacks import call_rules
from backend.callbacks import service as callbacks
from backend.customers import service as customers
from backend.errors import BadPhone, Conflict, NotFound, Refused
from backend.followups import grading, queries, rules
from backend.followups.grading import policy_of
from backend.followups.models import FollowUp
from backend.followups.rules import HIGHEST, LOWEST, OPEN, By, Outcome, Skip, Status
from backend.outbox import service as outbox
from backend.reference import Reference
from backend.tickets import service as tickets
from backend.tickets.rules import Status as TicketStatus


def take_next(
    session: Session, agent: Agent, *, own_numbers: Collection[str] = (), reference: Reference, now: datetime
) -> FollowUp | None:
    """Give an agent on shift the follow-up whose turn it is, theirs until the lease ends; the one in hand first.

    Who must not be asked any more is passed over for good; who waits for a promised call, for now.
    """
    if call_rules.may_call(reference.calendar, callbacks.roster_of(reference), agent.username, now) is not None:
        return None
    if (held := queries.in_hand(session, agent.id, now)) is not None:
        return held if hold(session, held.id, agent, reference=reference, now=now) else None
    for followup in queries.next_to_call(session, agent.id, now):
        if grading.waits_for_call(session, followup):
            continue
        if why := _why_not(session, followup, own_numbers, reference, now):
            grading.end(session, followup, Status.SKIPPED, now=now, skip=why)
            continue
        values: dict[str, Any] = {"caller_id": agent.id, "lease_until": now + policy_of(reference).lease}
        if grading.change(session, followup, values, queries.is_free_for(agent.id, now)):
            return get(session, followup.id)
    return None


def _why_not(
    session: Session, followup: FollowUp, own_numbers: Collection[str], reference: Reference, now: datetime
) -> Skip | None:
    try:
        outbox.number(followup.phone or "", own_numbers=own_numbers)
    except BadPhone:
        return Skip.NO_NUMBER
    return rules.obstacle(grading.case_of(session, followup.ticket, followup.id), policy_of(reference), now)


def get(session: Session, followup_id: int) -> FollowUp:
    """A follow-up with its ticket and caller.

    Raises:
        NotFound: there is none.
    """
    followup = queries.one(session, followup_id)
    if followup is None:
        raise NotFound("There is no such follow-up.")
    return followup


def hold(session: Session, followup_id: int, agent: Agent, *, reference: Reference, now: datetime) -> bool:
    """A sign of an agent who is calling: it stays theirs. False: it is not theirs any more."""
    held = session.execute(
        update(FollowUp)
        .where(FollowUp.id == followup_id, FollowUp.status == Status.TO_CALL, FollowUp.caller_id == agent.id)
        .values(lease_until=now + policy_of(reference).lease)
        .execution_options(synchronize_session=False)
    )
    return bool(held.rowcount)  # type: ignore[attr-defined]


def give_back(session: Session, followup_id: int, agent: Agent) -> FollowUp:
    """An agent does not call after all.

    Raises:
        NotFound: there is no such follow-up.
        Conflict: it is not theirs.
    """
    followup = get(session, followup_id)
    if not grading.change(session, followup, {"caller_id": None, "lease_until": None}, FollowUp.caller_id == agent.id):
        raise Conflict
    return get(session, followup_id)


def record(
    session: Session,
    followup_id: int,
    outcome: Outcome,
    agent: Agent,
    *,
    grade: int | None = None,
    words: str = "",
    answers: Mapping[str, bool] | None = None,
    reopen: bool = False,
    reference: Reference,
    now: datetime,
    version: int | None = None,
) -> FollowUp:
    """Note what came of a call. A low grade is told once it can no longer be taken back.

    Args:
        reopen: the case is not settled after all: its ticket goes on.

    Raises:
        NotFound: there is no such follow-up.
        Refused: it was graded, and no grade from 1 to 5 is given (`no_grade`).
        Conflict: somebody else was faster: the customer by text, or a colleague.
    """
    followup = get(session, followup_id)
    mine = (FollowUp.caller_id == agent.id, *((FollowUp.version == version,) if version is not None else ()))
    if outcome is Outcome.GRADED:
        _graded(session, followup, grade, words, answers or {}, agent, mine, reference, now)
    elif outcome is Outcome.NO_ANSWER:
        _not_reached(session, followup, mine, reference, now)
    else:
        values: dict[str, Any] = {"status": Status.DECLINED, "due_at": None, "closed_at": now}
        values["calls"] = FollowUp.calls + 1
        if outcome is Outcome.WRONG_NUMBER:
            values |= {"status": Status.SKIPPED, "skip": Skip.NO_NUMBER}
        if not grading.change(session, followup, values, *mine):
            raise Conflict
        if outcome is Outcome.WRONG_NUMBER and followup.phone:
            customers.set_wrong(session, followup.phone, now)
        tickets.note(session, followup.ticket, f"followup_{outcome.value}", who=agent.name, now=now)
    if reopen and outcome is Outcome.GRADED and followup.ticket.status is TicketStatus.DONE:
        tickets.move(session, followup.ticket, TicketStatus.IN_PROGRESS, who=agent.name, reference=reference, now=now)
    return get(session, followup_id)


def _graded(
    session: Session,
    followup: FollowUp,
    grade: int | None,
    words: str,
    answers: Mapping[str, bool],
    agent: Agent,
    mine: tuple[object, ...],
    reference: Reference,
    now: datetime,
) -> None:
    if grade is None or not LOWEST <= grade <= HIGHEST:
        raise Refused("Give a grade from 1 to 5.", code="no_grade")
    known = {each.key for each in reference.followups.questions_for(followup.ticket.type.value)}
    noted = grading.note_grade(
        session,
        followup,
        grade,
        by=By.CALL,
        who=agent.name,
        words=words.strip(),
        answers={key: said for key, said in answers.items() if key in known},
        tell_after=policy_of(reference).undo,
        only_if=mine,
        reference=reference,
        now=now,
    )
    if not noted:
        raise Conflict


def _not_reached(
    session: Session, followup: FollowUp, mine: tuple[object, ...], reference: Reference, now: datetime
) -> None:
    calls = followup.calls + 1
    next_at = rules.again(calls, policy_of(reference), reference.calendar, now)
    values: dict[str, Any] = {"calls": calls, "lease_until": None, "due_at": next_at}
    if next_at is None:
        values |= {"status": Status.UNANSWERED, "closed_at": now}
    else:
        values |= {"caller_id": None}
    if not grading.change(session, followup, values, *mine):
        raise Conflict
    tickets.note(session, followup.ticket, "followup_no_answer", who="system", now=now, count=calls)


def may_take_back(followup: FollowUp, agent: Agent, *, reference: Reference, now: datetime) -> bool:
    """Whether an agent may take back what they have just noted."""
    is_theirs = followup.caller_id == agent.id and followup.by in (By.CALL, None)
    return (
        is_theirs
        and followup.status in (Status.GRADED, Status.DECLINED)
        and followup.closed_at is not None
        and now - followup.closed_at < policy_of(reference).undo
    )


def take_back(
    session: Session, followup_id: int, agent: Agent, *, version: int, reference: Reference, now: datetime
) -> FollowUp:
    """Take back a wrongly noted grade: the follow-up is in the agent's hand again. A ticket it has reopened stays so.

    Raises:
        NotFound: there is no such follow-up.
        Conflict: it is too late, or it is not theirs.
    """
    followup = get(session, followup_id)
    if not may_take_back(followup, agent, reference=reference, now=now):
        raise Conflict("Too late to take this back.", code="too_late")
    taken = session.execute(
        update(FollowUp)
        .where(FollowUp.id == followup_id, FollowUp.version == version, FollowUp.status.not_in(OPEN))
        .values(
            status=Status.TO_CALL, grade=None, is_low=None, by=None, words=None, answers={}, who=None, graded_at=None,
            closed_at=None, due_at=now, lease_until=now + policy_of(reference).lease, version=FollowUp.version + 1,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if not taken.rowcount:  # type: ignore[attr-defined]
        raise Conflict
    tickets.note(session, followup.ticket, "followup_undone", who=agent.name, now=now)
    return get(session, followup_id)
