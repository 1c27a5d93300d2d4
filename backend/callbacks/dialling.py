"""Hand out the next call, so that two agents never ring one customer. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.agents import service as agents
from backend.agents.models import Agent
from backend.callbacks import call_rules, queries, wording
from backend.callbacks.call_rules import NoCall, Turn, Waiting
from backend.callbacks.ledger import change, get, policy_of, roster_of, tell, window_of
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status
from backend.errors import BadPhone, Conflict, Refused
from backend.kernel.window import Window
from backend.outbox import service as outbox
from backend.reference import Reference
from backend.tickets.rules import Priority

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Handed:
    """The call an agent makes now and why it is its turn; or why there is none, and when the next one is due."""

    callback: Callback | None
    turn: Turn | None = None
    no_call: NoCall | None = None
    next_at: datetime | None = None


def take_next(
    session: Session, agent: Agent, *, own_numbers: Collection[str], reference: Reference, now: datetime
) -> Handed:
    """Give an agent on shift the call whose turn it is, theirs until the lease ends; the one in their hand first.

    A number that must not be called is settled as wrong and passed over.
    """
    agents.hold_turn(session, agent.id)
    if (held := in_hand(session, agent, now=now)) is not None and hold(
        session, held.id, agent, reference=reference, now=now
    ):
        return Handed(get(session, held.id), turn_now(session, held, now))
    if no_call := call_rules.may_call(reference.calendar, roster_of(reference), agent.username, now):
        return Handed(None, no_call=no_call)
    calls = {each.id: each for each in queries.waiting(session, agent.id, now=now)}
    due = queries.reply_due(session, {each.phone for each in calls.values()})
    waiting = [as_waiting(each, due.get(each.phone)) for each in calls.values()]
    for call, turn in call_rules.in_turn(waiting, now):
        callback = calls[call.id]
        try:
            outbox.number(callback.phone, own_numbers=own_numbers)
        except BadPhone as error:
            _settle_uncallable(session, callback, error.reason, reference=reference, now=now)
            continue
        if _claim(session, callback, agent, reference=reference, now=now):
            return Handed(get(session, callback.id), turn)
    return Handed(None, no_call=NoCall.NONE, next_at=queries.next_dial_at(session, now))


def take(
    session: Session,
    callback_id: int,
    agent: Agent,
    *,
    own_numbers: Collection[str],
    reference: Reference,
    now: datetime,
    version: int | None = None,
) -> Callback:
    """Give an agent a certain call, whoever's turn it is. What they had in hand goes back.

    Raises:
        NotFound: there is no such callback.
        Conflict: it is settled, somebody else is making it, or has just changed it.
        BadPhone: the number must not be called.
        Refused: the hotline is closed (`closed`).
    """
    agents.hold_turn(session, agent.id)
    callback = get(session, callback_id)
    outbox.number(callback.phone, own_numbers=own_numbers)
    if call_rules.may_call(reference.calendar, roster_of(reference), agent.username, now) is NoCall.CLOSED:
        raise Refused("The hotline is closed: nobody is called now.", code="closed")
    if version is not None and version != callback.version:
        raise Conflict
    if not _claim(session, callback, agent, reference=reference, now=now):
        raise Conflict
    return get(session, callback_id)


def hold(session: Session, callback_id: int, agent: Agent, *, reference: Reference, now: datetime) -> bool:
    """A sign of an agent who is making a call: it stays theirs. False: it is not theirs any more."""
    held = session.execute(
        update(Callback)
        .where(Callback.id == callback_id, Callback.status == Status.BOOKED, Callback.caller_id == agent.id)
        .values(lease_until=now + policy_of(reference).lease)
        .execution_options(synchronize_session=False)
    )
    return bool(held.rowcount)  # type: ignore[attr-defined]


def give_back(session: Session, callback_id: int, agent: Agent) -> Callback:
    """An agent does not make the call after all: it is anybody's again.

    Raises:
        NotFound: there is no such callback.
        Conflict: it is not theirs.
    """
    callback = get(session, callback_id)
    if not _let_go(session, agent, Callback.id == callback.id):
        raise Conflict
    return get(session, callback_id)


def in_hand(session: Session, agent: Agent, *, now: datetime) -> Callback | None:
    """The call an agent is making, with its ticket."""
    return queries.in_hand(session, agent.id, now)


def turn_now(session: Session, callback: Callback, now: datetime) -> Turn | None:
    """Why it is a call's turn at this moment; None when it is made before its time."""
    due = queries.reply_due(session, [callback.phone]).get(callback.phone)
    return call_rules.turn_of(as_waiting(callback, due), now)


def as_waiting(callback: Callback, due: datetime | None) -> Waiting:
    """A row as the rules know it; `due` is when its reply promise is due."""
    return Waiting(
        id=callback.id,
        since=callback.created_at,
        dial_at=callback.dial_at,
        first=Window(callback.first_start, callback.first_end),
        window=window_of(callback),
        due=due,
        danger=callback.ticket is not None and callback.ticket.priority is Priority.CRITICAL,
        fixed=callback.chosen or callback.by_hand or callback.reminded_at is not None,
        retry=callback.unanswered > 0,
    )


def _claim(session: Session, callback: Callback, agent: Agent, *, reference: Reference, now: datetime) -> bool:
    """Make a call an agent's, by one conditional UPDATE; False when somebody was faster."""
    claimed = session.execute(
        update(Callback)
        .where(
            Callback.id == callback.id,
            Callback.status == Status.BOOKED,
            Callback.version == callback.version,
            queries.is_free_for(agent.id, now),
        )
        .values(caller_id=agent.id, lease_until=now + policy_of(reference).lease, version=Callback.version + 1)
        .execution_options(synchronize_session=False)
    )
    if not claimed.rowcount:  # type: ignore[attr-defined]
        return False
    _let_go(session, agent, Callback.id != callback.id)
    log.info("call taken", callback=callback.id, agent=agent.username)
    return True


def _let_go(session: Session, agent: Agent, *which: object) -> bool:
    freed = session.execute(
        update(Callback)
        .where(Callback.status == Status.BOOKED, Callback.caller_id == agent.id, *which)  # type: ignore[arg-type]
        .values(caller_id=None, lease_until=None, version=Callback.version + 1)
        .execution_options(synchronize_session=False)
    )
    return bool(freed.rowcount)  # type: ignore[attr-defined]


def _settle_uncallable(
    session: Session, callback: Callback, reason: str, *, reference: Reference, now: datetime
) -> None:
    why = wording.UNCALLABLE.get(reason, wording.UNCALLABLE["unknown"])
    values = {"status": Status.WRONG_NUMBER, "outcome": why.zh, "agent": "system", "closed_at": now, "remind_at": None}
    try:
        change(session, callback, values, now=now)
    except Conflict:
        return  # somebody else is just doing so
    tell(session, callback, "callback_uncallable", "system", reference, now, why=why.as_dict())
