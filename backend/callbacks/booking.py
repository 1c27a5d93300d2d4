"""Book a call, move it, give it up. Flushes, never commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.callbacks import call_rules, queries, rules, wording
from backend.callbacks.ledger import (
    CUSTOMER,
    add,
    change,
    desk_at,
    get,
    hold_turn,
    place,
    put_off,
    remind_at,
    reply_promise,
    tell,
    window_of,
    words_of,
)
from backend.callbacks.models import Callback
from backend.callbacks.rules import Choice, Fit, Status, Unfit
from backend.conversations import service as conversations
from backend.customers import service as customers
from backend.errors import BadTime, OutsideCalendar
from backend.kernel.window import Window
from backend.reference import Reference
from backend.tickets import service as tickets
from backend.tickets.models import Ticket

Span = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Booked:
    """A booked callback; `moved` when it was the number's open one and has another window now."""

    callback: Callback
    moved: bool
    is_new: bool = False


def check_time(
    session: Session, start: datetime, end: datetime | None, *, for_visit: bool, reference: Reference, now: datetime
) -> Fit:
    """The window for a wanted time, without booking it.

    Raises:
        BadTime: it is past, closed or too far away; `alternatives` stand beside the code.
    """
    desk = desk_at(session, reference, now)
    fit = rules.visit(desk, start, end) if for_visit else rules.wanted(desk, start, end)
    return fitting(fit, reference, now)


def book(
    session: Session,
    phone: str,
    *,
    reference: Reference,
    now: datetime,
    ticket: Ticket | None = None,
    conversation_id: str | None = None,
    wanted: Span | None = None,
    reason: str = "",
    language: str = "zh",
    who: str = CUSTOMER,
    by: int | None = None,
    urgent: bool = False,
) -> Booked:
    """Promise a call to a number: in the window the customer wants, else inside the ticket's reply promise.

    A number has one open callback: booking again moves it. Without a wanted time an open callback stays where it is
    if it comes in time, or if the customer chose it; `urgent` brings it forward in any case. A call somebody is making
    stays as it is.

    Args:
        phone: checked, in E.164.
        wanted: begin and end (or None) of the time the customer asks for.
        by: the agent who books, by id.

    Raises:
        BadTime: the wanted time cannot be had.
        OutsideCalendar: no open window is known at all.
    """
    hold_turn(session)
    current = queries.open_by_phone(session, phone)
    confirmed = _is_confirmed(session, conversation_id, phone)
    if confirmed:
        customers.set_wrong(session, phone, None)
    if current is not None and not _may_change(current, confirmed, conversation_id, who, by, now):
        return Booked(current, moved=False)
    desk = desk_at(session, reference, now, besides=current)
    promise = reply_promise(session, ticket)
    due = promise.due_at if promise else None

    if wanted is not None:
        fit = fitting(rules.wanted(desk, *wanted), reference, now)
        choice = Choice(fit.window, False, "the customer's choice")
    elif current is not None and not urgent and _still_good(current, due, now):
        return Booked(_also_for(session, current, ticket, reference=reference, now=now), moved=False)
    else:
        found = rules.soon(desk, due)
        if found is None:
            raise OutsideCalendar
        choice = found

    chosen = wanted is not None
    if current is None:
        callback = add(
            session,
            phone,
            choice,
            ticket=ticket,
            conversation_id=conversation_id,
            reason=reason,
            language=language,
            chosen=chosen,
            confirmed=confirmed,
            now=now,
        )
        moved = False
    else:
        callback, moved = current, current.window_start != choice.window.start
        values = place(choice.window, choice, callback, reference, now, chosen=chosen)
        if urgent:
            values["chosen"] = chosen
        change(session, callback, values, now=now, by=by, is_customer=who == CUSTOMER)
        callback.ticket_id = callback.ticket_id or (ticket.id if ticket else None)
    callback.remind_at = callback.remind_at or remind_at(callback, reference, now)
    session.flush()
    tell(session, callback, "callback_moved" if moved else "callback_booked", who, reference, now)
    if chosen:
        put_off(session, callback, reference, now)
    return Booked(callback, moved, is_new=current is None)


def move(
    session: Session,
    callback_id: int,
    start: datetime,
    end: datetime | None,
    *,
    who: str,
    reference: Reference,
    now: datetime,
    customer_asked: bool = False,
    by: int | None = None,
    version: int | None = None,
) -> Callback:
    """Put a callback into another window. Only a time the customer asked for puts the reply promise off.

    The tick leaves it there, whatever becomes of the promise. `by` is the id of the agent.

    Raises:
        NotFound: there is no such callback.
        BadTime: the window cannot be had, or is full.
        Conflict: it is no longer booked, or somebody else has just changed it.
    """
    hold_turn(session)
    callback = get(session, callback_id)
    desk = desk_at(session, reference, now, besides=callback)
    fit = fitting(rules.wanted(desk, start, end), reference, now)
    if not fit.exact:
        raise _bad_time("full", (fit.window,), reference, now)
    choice = Choice(fit.window, False, f"moved by {who}")
    values = place(fit.window, choice, callback, reference, now, chosen=customer_asked, by_hand=not customer_asked)
    change(session, callback, values, now=now, by=by, version=version)
    tell(session, callback, "callback_moved", who, reference, now)
    if customer_asked:
        put_off(session, callback, reference, now)
    return callback


def cancel(
    session: Session,
    callback_id: int,
    *,
    who: str,
    reference: Reference,
    now: datetime,
    by: int | None = None,
    version: int | None = None,
) -> Callback:
    """Give up a callback; its reminder will not go out. `by` is the id of the agent, who may take it back for a while.

    Raises:
        NotFound: there is no such callback.
        Conflict: it is no longer booked, or somebody else has just changed it.
    """
    callback = get(session, callback_id)
    values: dict[str, Any] = {"status": Status.CANCELLED, "closed_at": now, "remind_at": None}
    if by is not None:
        values |= {"agent": who[:60], "undo": {"before": {}, "after": {}}}
    change(session, callback, values, now=now, by=by, version=version, is_customer=who == CUSTOMER)
    tell(session, callback, "callback_cancelled", who, reference, now)
    return callback


def fitting(fit: Fit | Unfit, reference: Reference, now: datetime) -> Fit:
    """What fits, or the error that says why nothing does.

    Raises:
        BadTime: the wanted time cannot be had; `alternatives` stand beside the code.
    """
    if isinstance(fit, Unfit):
        raise _bad_time(fit.problem.value, fit.alternatives, reference, now)
    return fit


def _bad_time(code: str, alternatives: tuple[Window, ...], reference: Reference, now: datetime) -> BadTime:
    offered = [
        {
            "start": each.start.isoformat(),
            "end": each.end.isoformat(),
            "words": words_of(each, reference, now).as_dict(),
        }
        for each in alternatives
    ]
    return BadTime(wording.REFUSED[code], code=code, alternatives=offered)


def _still_good(callback: Callback, due: datetime | None, now: datetime) -> bool:
    if callback.window_start <= now:
        return False
    return callback.chosen or due is None or callback.window_end <= due


def _also_for(
    session: Session, callback: Callback, ticket: Ticket | None, *, reference: Reference, now: datetime
) -> Callback:
    """One call for two matters: a later ticket relies on the call that is booked already."""
    if ticket is not None and callback.ticket_id is None:
        callback.ticket_id = ticket.id
    if ticket is not None:
        window = words_of(window_of(callback), reference).as_dict()
        tickets.note(session, ticket, "callback_booked", who=CUSTOMER, now=now, window=window)
        if callback.chosen:
            put_off(session, callback, reference, now)
    session.flush()
    return callback


def _may_change(
    current: Callback, confirmed: bool, conversation_id: str | None, who: str, by: int | None, now: datetime
) -> bool:
    """Whether whoever books may move the number's open call: it is theirs, and nobody is just making it."""
    same = who != CUSTOMER or (conversation_id is not None and current.conversation_id == conversation_id)
    is_held = call_rules.is_held(current.caller_id, current.lease_until, by, now)
    return not is_held and rules.may_change(current.phone_confirmed, confirmed, same)


def _is_confirmed(session: Session, conversation_id: str | None, phone: str) -> bool:
    if conversation_id is None:
        return False
    return tickets.is_confirmed(conversations.get(session, conversation_id), phone)
