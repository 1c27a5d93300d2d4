"""What agents do with single promises: give one, let it stand still, let it run again. Flushes, never commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backend.errors import BadTime, Conflict, NotFound, Refused
from backend.kernel.working_time import Calendar
from backend.reference import Reference
from backend.tickets import ledger, promise_rules, queries, rules, wording
from backend.tickets.models import Promise, Ticket
from backend.tickets.promise_rules import BY_HAND, PauseReason
from backend.tickets.rules import PromiseKind


def promise(
    session: Session, ticket: Ticket, kind: PromiseKind, *, who: str, reference: Reference, now: datetime
) -> Promise:
    """Promise word about a scarce part, or an answer to a quality report; each once a ticket.

    Raises:
        Refused: the kind is not promised by hand.
        Conflict: the ticket is closed, or has this promise already.
    """
    if kind not in BY_HAND:
        raise Refused(f"A promise of the kind {kind} follows from the ticket.")
    if ticket.status in rules.CLOSED:
        raise Conflict("The ticket is closed.", code="bad_status")
    state = promise_rules.promised(kind, calendar=reference.calendar, policy=ledger.policy_of(reference), now=now)
    made = ledger.make(session, ticket, [state], who=who, now=now)
    if not made:
        raise Conflict("The ticket has this promise already.", code="promised_already")
    name, due = wording.KIND_NAMES[kind].as_dict(), wording.due(state.due_at, reference.calendar).as_dict()
    ledger.note(session, ticket, "promise_made", who=who, now=now, kind=name, due=due)
    return made[0]


def pause(
    session: Session,
    ticket: Ticket,
    kind: PromiseKind,
    reason: PauseReason,
    text: str = "",
    *,
    until: datetime | None = None,
    who: str,
    now: datetime,
) -> None:
    """Let one promise stand still, whatever its ticket does.

    Args:
        text: what is waited for, in the agent's words; needed for another reason than the three known ones.
        until: when it runs again by itself; None: when somebody says so.

    Raises:
        NotFound: the ticket has no such promise.
        Refused: another reason without words.
        BadTime: the end is past.
        Conflict: the promise is kept or missed already, or stands still already.
    """
    if reason is PauseReason.HOLD or (reason is PauseReason.OTHER and not text.strip()):
        raise Refused("Say what is waited for.", code="no_reason")
    if until is not None and until <= now:
        raise BadTime("The end of the pause is past.", code="past")
    found = _open(session, ticket, kind)
    if found.missed_at is not None or found.paused_at is not None:
        raise Conflict("This promise is missed, or stands still already.", code="not_running")
    ledger.pause(session, ticket, found, reason, text.strip(), until=until, who=who, now=now)


def resume(session: Session, ticket: Ticket, kind: PromiseKind, *, who: str, calendar: Calendar, now: datetime) -> None:
    """Let one promise run again, later by what it stood still.

    Raises:
        NotFound: the ticket has no such promise.
        Conflict: it is kept already, or runs.
    """
    found = _open(session, ticket, kind)
    if found.paused_at is None:
        raise Conflict("This promise runs already.", code="running")
    ledger.resume(session, ticket, found, who=who, calendar=calendar, now=now)


def take_back_kept(session: Session, ticket: Ticket, kind: PromiseKind, *, who: str, now: datetime) -> None:
    """A promise somebody has marked as kept is not kept after all: it goes on as before.

    Raises:
        NotFound: the ticket has no such promise.
        Conflict: the ticket is closed, or the promise is not kept, or kept by what was done and not by such a mark.
    """
    found = queries.promise(session, ticket.id, kind)
    if found is None:
        raise NotFound("The ticket has no such promise.")
    past = queries.changes_of(session, [found.id])[found.id]
    if ticket.status in rules.CLOSED or not promise_rules.is_marked_kept(past[-1].what, past[-1].reason):
        raise Conflict("Nobody has marked this promise as kept by hand.", code="not_marked")
    ledger.unmeet(session, ticket, found, past, who, now)


def _open(session: Session, ticket: Ticket, kind: PromiseKind) -> Promise:
    """A promise that is not kept yet, held until the end of the unit of work."""
    found = queries.promise(session, ticket.id, kind)
    if found is None:
        raise NotFound("The ticket has no such promise.")
    if found.met_at is not None:
        raise Conflict("This promise is kept already.", code="not_running")
    return found
