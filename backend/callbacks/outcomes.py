"""Record what came of a call, and what follows from it; take it back. Flushes, never commits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from backend.callbacks import call_rules, queries, rules, texts, wording
from backend.callbacks.booking import Span, book, fitting
from backend.callbacks.call_rules import GaveUp, Retry
from backend.callbacks.ledger import (
    change,
    desk_at,
    follow,
    get,
    hold_turn,
    policy_of,
    put_off,
    remind_at,
    tell,
)
from backend.callbacks.models import Callback
from backend.callbacks.rules import OUTCOMES, REACHED, UNANSWERED, UNDOABLE, Choice, Status
from backend.customers import service as customers
from backend.errors import Conflict, Refused
from backend.kernel import phone as phones
from backend.kernel.working_time import local_words
from backend.outbox import service as outbox
from backend.reference import Reference
from backend.tickets import intake, undo
from backend.tickets import service as tickets
from backend.tickets.rules import PromiseKind


def record_outcome(
    session: Session,
    callback_id: int,
    outcome: Status,
    *,
    who: str,
    reference: Reference,
    now: datetime,
    note: str = "",
    by: int | None = None,
    version: int | None = None,
    call_again: Span | None = None,
    other_phone: str | None = None,
) -> Callback:
    """Record what came of a call, and do what follows.

    A call that reached the customer keeps the reply promises of all open tickets of the number. One that nobody
    answered is made again as the ladder says, and after its last step the customer gets a text. Who asks to be called
    later is; the promises wait for it. A wrong number gets no more texts, and needs another one.

    Args:
        by: the agent, by id.
        call_again: begin and end (or None) of the time at which the customer wants to be called instead.
        other_phone: another number of a customer whose number is wrong; checked, in E.164.

    Returns:
        The settled call. What follows is a call of its own (`queries.chain`).

    Raises:
        NotFound: there is no such callback.
        Conflict: it is no longer booked, somebody else has just changed it, or is making it.
        BadTime: the customer cannot be called at that time.
        Refused: this is no outcome of a call.
    """
    if outcome not in OUTCOMES:
        raise Refused("This is no outcome of a call.", code="no_outcome")
    hold_turn(session)
    callback = get(session, callback_id)
    concerned = tickets.open_of_phone(session, callback.phone)
    before = undo.snapshot(session, concerned, PromiseKind.REPLY)
    again = _wanted(session, call_again, reference, now) if outcome is Status.CALL_LATER and call_again else None

    values = {"status": outcome, "outcome": note or None, "agent": who[:60], "closed_at": now, "remind_at": None}
    change(session, callback, values, now=now, by=by, version=version)
    words = wording.OUTCOMES[outcome].as_dict()
    tell(session, callback, "callback_outcome", who, reference, now, outcome=words, note=note)

    followed: dict[str, Any] = {}
    if outcome in REACHED:
        for ticket in concerned:
            tickets.meet_promise(session, ticket, PromiseKind.REPLY, who, now, why="called")
    elif outcome in UNANSWERED:
        followed = _try_again(session, callback, who, reference=reference, now=now)
    elif outcome is Status.CALL_LATER:
        followed = _call_later(session, callback, again, who, reference=reference, now=now)
    elif outcome is Status.WRONG_NUMBER:
        followed = _stop_texts(session, callback, who, reference=reference, now=now)
    after = undo.snapshot(session, concerned, PromiseKind.REPLY)
    callback.undo = {"before": before, "after": after, **followed}
    if outcome is Status.WRONG_NUMBER and other_phone:
        _call_other(session, callback, other_phone, who, by, reference=reference, now=now)
    session.flush()
    return callback


def give_number(
    session: Session, callback_id: int, phone: str, *, who: str, by: int | None, reference: Reference, now: datetime
) -> Callback:
    """Another number (checked, in E.164) of a customer whose number was wrong: it is called, and stands on the tickets.

    Raises:
        NotFound: there is no such callback.
        Conflict: its number was not wrong, or another one has been given already.
    """
    hold_turn(session)
    callback = get(session, callback_id)
    if callback.status is not Status.WRONG_NUMBER or queries.chain(session, callback)[-1].id != callback.id:
        raise Conflict
    return _call_other(session, callback, phone, who, by, reference=reference, now=now)


def take_back(
    session: Session,
    callback_id: int,
    *,
    who: str,
    by: int | None,
    reference: Reference,
    now: datetime,
    version: int | None = None,
) -> Callback:
    """Take back a wrongly recorded outcome: the call is in the hand of whoever does so, promises stand as before.

    One that was given up by mistake is booked again, in nobody's hand.

    Raises:
        NotFound: there is no such callback.
        Conflict: it has no outcome; or it is too late, what follows has gone on, or a text has left (the code says so).
    """
    hold_turn(session)
    callback = get(session, callback_id)
    seen = callback.version if version is None else version
    memory, outcome = callback.undo, callback.status
    if memory is None or outcome not in UNDOABLE or callback.closed_at is None or seen != callback.version:
        raise Conflict
    following = queries.chain(session, callback)[-1]
    open_one = queries.open_by_phone(session, callback.phone)
    text = str(memory.get("text", ""))
    outbox.cancel(session, text)
    if problem := call_rules.may_undo(
        callback.closed_at,
        gone_on=_has_gone_on(callback, following, memory) or (open_one is not None and open_one.id != following.id),
        has_left=outbox.has_left(session, text),
        policy=policy_of(reference),
        now=now,
    ):
        raise Conflict(wording.NO_UNDO[problem].en, code=problem.value)

    if following.id != callback.id:
        _take_away(session, following)
    undo.put_back(session, memory["before"], memory["after"])
    if memory.get("was_right"):
        customers.set_wrong(session, callback.phone, None)
    _open_again(session, callback, None if outcome is Status.CANCELLED else by, seen, reference=reference, now=now)
    tell(session, callback, "callback_undone", who, reference, now, outcome=wording.OUTCOMES[outcome].as_dict())
    return callback


def may_take_back(callback: Callback, *, reference: Reference, now: datetime) -> bool:
    """Whether an outcome may perhaps be taken back still; whether something has left is seen then."""
    return (
        callback.undo is not None
        and callback.status in UNDOABLE
        and callback.closed_at is not None
        and now - callback.closed_at <= policy_of(reference).undo
    )


def _has_gone_on(callback: Callback, following: Callback, memory: dict[str, Any]) -> bool:
    """Whether the call that follows is not as the outcome left it."""
    if following.id == callback.id:
        return memory.get("follow") is not None
    is_fresh = following.status is Status.BOOKED and following.version == 1 and following.reminded_at is None
    return following.id != memory.get("follow") or not is_fresh


def _take_away(session: Session, following: Callback) -> None:
    """Delete the call that followed, unless somebody has just taken it."""
    gone = session.execute(
        delete(Callback)
        .where(Callback.id == following.id, Callback.status == Status.BOOKED, Callback.version == following.version)
        .execution_options(synchronize_session="fetch")
    )
    if not gone.rowcount:  # type: ignore[attr-defined]
        raise Conflict


def _open_again(
    session: Session, callback: Callback, by: int | None, seen: int, *, reference: Reference, now: datetime
) -> None:
    reopened = session.execute(
        update(Callback)
        .where(Callback.id == callback.id, Callback.status == callback.status, Callback.version == seen)
        .values(
            status=Status.BOOKED,
            outcome=None,
            agent=None,
            closed_at=None,
            texted_at=None,
            undo=None,
            caller_id=by,
            lease_until=now + policy_of(reference).lease if by is not None else None,
            version=Callback.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    if not reopened.rowcount:  # type: ignore[attr-defined]
        raise Conflict
    get(session, callback.id)
    if callback.reminded_at is None and callback.unanswered == 0 and callback.window_start > now:
        callback.remind_at = remind_at(callback, reference, now)
    session.flush()


def _try_again(
    session: Session, callback: Callback, who: str, *, reference: Reference, now: datetime
) -> dict[str, Any]:
    due = queries.reply_due(session, [callback.phone]).get(callback.phone)
    unanswered = callback.unanswered + 1
    decision = call_rules.again(desk_at(session, reference, now), unanswered, due)
    if isinstance(decision, GaveUp):
        return texts.say_we_tried(session, callback, decision, reference=reference, now=now)
    following = follow(session, callback, decision.choice, decision.at, unanswered=unanswered, chosen=False, now=now)
    at = {language: local_words(reference.calendar, decision.at, language) for language in ("zh", "en")}
    tell(session, callback, "callback_retry", who, reference, now, attempt=callback.attempt, at=at)
    return {"follow": following.id}


def _wanted(session: Session, wanted: Span, reference: Reference, now: datetime) -> Retry:
    fit = fitting(rules.wanted(desk_at(session, reference, now), *wanted), reference, now)
    return Retry(fit.window.start, Choice(fit.window, False, "the customer's choice"))


def _call_later(
    session: Session, callback: Callback, again: Retry | None, who: str, *, reference: Reference, now: datetime
) -> dict[str, Any]:
    """The customer asked for it, so it is their choice: the tick does not hurry it, and the promises wait for it."""
    decision = again or call_rules.later(desk_at(session, reference, now))
    if isinstance(decision, GaveUp):
        return {}
    following = follow(session, callback, decision.choice, decision.at, unanswered=0, chosen=True, now=now)
    following.remind_at = remind_at(following, reference, now)
    session.flush()
    tell(session, following, "callback_booked", who, reference, now)
    put_off(session, following, reference, now)
    return {"follow": following.id}


def _stop_texts(
    session: Session, callback: Callback, who: str, *, reference: Reference, now: datetime
) -> dict[str, Any]:
    customer = customers.find(session, callback.phone)
    was_right = customer is None or customer.wrong_since is None
    customers.set_wrong(session, callback.phone, now)
    outbox.suppress(session, callback.phone, now)
    tell(session, callback, "number_wanted", who, reference, now, old=phones.mask(callback.phone))
    return {"was_right": was_right}


def _call_other(
    session: Session, callback: Callback, phone: str, who: str, by: int | None, *, reference: Reference, now: datetime
) -> Callback:
    for ticket in tickets.open_of_phone(session, callback.phone):
        intake.replace_phone(session, ticket, phone, who=who, now=now)
    callback.undo = None
    booked = book(
        session,
        phone,
        ticket=get(session, callback.id).ticket,
        conversation_id=callback.conversation_id,
        reason=callback.reason,
        language=callback.language,
        who=who,
        by=by,
        reference=reference,
        now=now,
    )
    if booked.is_new:
        booked.callback.first_id = callback.first_id or callback.id
        booked.callback.attempt = callback.attempt + 1
        session.flush()
    return booked.callback
