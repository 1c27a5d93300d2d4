"""Book, move and settle callbacks. Everything here flushes, nothing commits.

Whoever books holds one row first (`hold_turn`), then the tickets room's counter: the order is the same everywhere, so
nobody waits for anybody in a circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.callbacks import queries, rules, wording
from backend.callbacks.models import BookingTurn, Callback
from backend.callbacks.rules import Choice, Desk, Fit, Policy, Status, Unfit
from backend.conversations import service as conversations
from backend.errors import BadTime, Conflict, NotFound, OutsideCalendar
from backend.kernel import phone as phones
from backend.kernel.window import Window
from backend.outbox import service as outbox
from backend.reference import Reference
from backend.tickets import service as tickets
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import PromiseKind, Words

CUSTOMER = "customer"
Span = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Booked:
    """A booked callback; `moved` when it was the number's open one and has another window now."""

    callback: Callback
    moved: bool


def policy_of(reference: Reference) -> Policy:
    """How windows are made, in force."""
    table = reference.callbacks
    return Policy(
        length=table.length,
        capacity=table.capacity,
        lead=timedelta(minutes=table.lead_minutes),
        reminder=timedelta(minutes=table.reminder_minutes),
        farthest=timedelta(days=table.farthest_days),
    )


def check_time(
    session: Session, start: datetime, end: datetime | None, *, for_visit: bool, reference: Reference, now: datetime
) -> Fit:
    """The window for a wanted time, without booking it.

    Raises:
        BadTime: it is past, closed or too far away; `alternatives` stand beside the code.
    """
    desk = _desk(session, reference, now)
    fit = rules.visit(desk, start, end) if for_visit else rules.wanted(desk, start, end)
    return _fitting(fit, reference, now)


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
    urgent: bool = False,
) -> Booked:
    """Promise a call to a number: in the window the customer wants, else inside the ticket's reply promise.

    A number has one open callback: booking again moves it. Without a wanted time an open callback stays where it is
    if it comes in time, or if the customer chose it; `urgent` brings it forward in any case.

    Args:
        phone: checked, in E.164.
        wanted: begin and end (or None) of the time the customer asks for.

    Raises:
        BadTime: the wanted time cannot be had.
        OutsideCalendar: no open window is known at all.
    """
    hold_turn(session)
    current = queries.open_by_phone(session, phone)
    confirmed = _is_confirmed(session, conversation_id, phone)
    if current is not None and not rules.may_change(
        current.phone_confirmed, confirmed, _same(current, conversation_id, who)
    ):
        return Booked(current, moved=False)
    desk = _desk(session, reference, now, besides=current)
    promise = _reply_promise(session, ticket)
    due = promise.due_at if promise else None

    if wanted is not None:
        fit = _fitting(rules.wanted(desk, *wanted), reference, now)
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
        callback = _add(session, phone, choice, ticket, conversation_id, reason, language, chosen, confirmed, now)
        moved = False
    else:
        callback, moved = current, current.window_start != choice.window.start
        _change(session, callback, _place(choice.window, choice, callback, reference, now, chosen=chosen))
        callback.ticket_id = callback.ticket_id or (ticket.id if ticket else None)
    callback.remind_at = callback.remind_at or _remind_at(callback, reference, now)
    session.flush()
    _tell(session, callback, "callback_moved" if moved else "callback_booked", who, reference, now)
    if chosen:
        _put_off(session, callback, reference, now)
    return Booked(callback, moved)


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
    version: int | None = None,
) -> Callback:
    """Put a callback into another window. Only a time the customer asked for puts the reply promise off.

    Raises:
        NotFound: there is no such callback.
        BadTime: the window cannot be had, or is full.
        Conflict: it is no longer booked, or somebody else has just changed it.
    """
    hold_turn(session)
    callback = get(session, callback_id)
    desk = _desk(session, reference, now, besides=callback)
    fit = _fitting(rules.wanted(desk, start, end), reference, now)
    if not fit.exact:
        raise _bad_time("full", (fit.window,), reference, now)
    choice = Choice(fit.window, False, f"moved by {who}")
    _change(session, callback, _place(fit.window, choice, callback, reference, now, chosen=customer_asked), version)
    _tell(session, callback, "callback_moved", who, reference, now)
    if customer_asked:
        _put_off(session, callback, reference, now)
    return callback


def cancel(
    session: Session, callback_id: int, *, who: str, reference: Reference, now: datetime, version: int | None = None
) -> Callback:
    """Give up a callback; its reminder will not go out.

    Raises:
        NotFound: there is no such callback.
        Conflict: it is no longer booked, or somebody else has just changed it.
    """
    callback = get(session, callback_id)
    _change(session, callback, {"status": Status.CANCELLED, "closed_at": now, "remind_at": None}, version)
    _tell(session, callback, "callback_cancelled", who, reference, now)
    return callback


def record_outcome(
    session: Session,
    callback_id: int,
    outcome: Status,
    *,
    who: str,
    reference: Reference,
    now: datetime,
    note: str = "",
    version: int | None = None,
) -> Callback:
    """Record what came of a call. A call that reached the customer keeps the reply promises of
    all open tickets of the number.

    Raises:
        NotFound: there is no such callback.
        Conflict: it is no longer booked, or somebody else has just changed it.
    """
    callback = get(session, callback_id)
    values = {"status": outcome, "outcome": note or None, "agent": who[:60], "closed_at": now, "remind_at": None}
    _change(session, callback, values, version)
    words = wording.OUTCOMES[outcome].as_dict()
    _tell(session, callback, "callback_outcome", who, reference, now, outcome=words, note=note)
    if outcome is Status.DONE:
        for ticket in tickets.open_of_phone(session, callback.phone):
            tickets.meet_promise(session, ticket, PromiseKind.REPLY, who, now, why="called")
    return callback


def get(session: Session, callback_id: int) -> Callback:
    """A callback with its ticket.

    Raises:
        NotFound: there is none.
    """
    callback = queries.with_ticket(session, callback_id)
    if callback is None:
        raise NotFound("There is no such callback.")
    return callback


def between(
    session: Session, start: datetime | None, end: datetime | None, *, limit: int = 200, offset: int = 0
) -> Sequence[Callback]:
    """Callbacks whose window begins in a span, earliest first, with their tickets."""
    return queries.between(session, start, end, limit=limit, offset=offset)


def ticket_for(session: Session, ticket_no: str | None, phone: str) -> Ticket | None:
    """The open ticket a call is about: the one named, if it belongs to the number, else the number's newest."""
    of_phone = tickets.open_of_phone(session, phone)
    return next((each for each in of_phone if each.ticket_no == ticket_no), next(iter(of_phone), None))


def language_of(session: Session, conversation_id: str) -> str:
    """The language a conversation is held in.

    Raises:
        NotFound: there is no such conversation.
    """
    return conversations.get(session, conversation_id).language


def reminder_key(callback: Callback) -> str:
    """The name of a callback's reminder in the outbox: one a window, whatever happens."""
    return f"callback:{callback.id}:{callback.window_start.astimezone(UTC):%Y%m%dT%H%M}:reminder"


def window_of(callback: Callback) -> Window:
    """A callback's window."""
    return Window(callback.window_start, callback.window_end)


def words_of(window: Window, reference: Reference, now: datetime | None = None) -> Words:
    """A window as people say it, in both languages."""
    return Words(*(window.words(reference.calendar, language, now) for language in ("zh", "en")))


def hold_turn(session: Session) -> None:
    """Hold the booking turn: until the end of this unit of work nobody else chooses a window.

    A unit of work that opens a ticket as well holds the turn first.
    """
    if session.get(BookingTurn, 1, with_for_update=True, populate_existing=True) is None:
        with suppress(IntegrityError), session.begin_nested():  # another process may book the very first call, too
            session.add(BookingTurn(id=1))
        session.get_one(BookingTurn, 1, with_for_update=True, populate_existing=True)


def _desk(session: Session, reference: Reference, now: datetime, besides: Callback | None = None) -> Desk:
    policy = policy_of(reference)
    taken = queries.taken(session, since=now - policy.length, besides=besides.id if besides else None)
    return Desk(reference.calendar, policy, taken, now)


def _fitting(fit: Fit | Unfit, reference: Reference, now: datetime) -> Fit:
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


def _reply_promise(session: Session, ticket: Ticket | None) -> Promise | None:
    """The reply promise a callback has to keep: not one that is kept or missed already."""
    promise = tickets.promise_of(session, ticket, PromiseKind.REPLY) if ticket else None
    return promise if promise and promise.met_at is None and promise.missed_at is None else None


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
            _put_off(session, callback, reference, now)
    session.flush()
    return callback


def _same(callback: Callback, conversation_id: str | None, who: str) -> bool:
    """Whether a change comes from the conversation that booked the call, or from an agent."""
    return who != CUSTOMER or (conversation_id is not None and callback.conversation_id == conversation_id)


def _add(
    session: Session,
    phone: str,
    choice: Choice,
    ticket: Ticket | None,
    conversation_id: str | None,
    reason: str,
    language: str,
    chosen: bool,
    confirmed: bool,
    now: datetime,
) -> Callback:
    callback = Callback(
        ticket_id=ticket.id if ticket else None,
        conversation_id=conversation_id,
        phone=phone,
        phone_confirmed=confirmed,
        language=language,
        window_start=choice.window.start,
        window_end=choice.window.end,
        status=Status.BOOKED,
        reason=reason,
        why=choice.why,
        chosen=chosen,
        over_capacity=choice.over_capacity,
        version=1,
        created_at=now,
    )
    session.add(callback)
    session.flush()
    return callback


def _place(
    window: Window, choice: Choice, callback: Callback, reference: Reference, now: datetime, *, chosen: bool
) -> dict[str, Any]:
    """The columns of a callback in another window, with a reminder of its own."""
    due = rules.remind_at(reference.calendar, policy_of(reference), window, now) if _gets_texts(callback) else None
    return {
        "window_start": window.start,
        "window_end": window.end,
        "why": choice.why,
        "over_capacity": choice.over_capacity,
        "chosen": chosen or callback.chosen,
        "remind_at": due,
        "reminded_at": None,
    }


def _change(session: Session, callback: Callback, values: dict[str, Any], version: int | None = None) -> None:
    """Change a booked callback unless somebody else has: one conditional UPDATE. Takes back a queued reminder.

    Raises:
        Conflict: it is no longer booked, or no longer the version the change was made for.
    """
    old_reminder = reminder_key(callback)
    seen = callback.version if version is None else version
    changed = session.execute(
        update(Callback)
        .where(Callback.id == callback.id, Callback.status == Status.BOOKED, Callback.version == seen)
        .values(version=Callback.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict
    get(session, callback.id)
    if reminder_key(callback) != old_reminder or callback.status is not Status.BOOKED:
        outbox.cancel(session, old_reminder)


def _remind_at(callback: Callback, reference: Reference, now: datetime) -> datetime | None:
    if not _gets_texts(callback):
        return None
    return rules.remind_at(reference.calendar, policy_of(reference), window_of(callback), now)


def _gets_texts(callback: Callback) -> bool:
    return phones.parse(callback.phone).kind is phones.Kind.MOBILE


def _is_confirmed(session: Session, conversation_id: str | None, phone: str) -> bool:
    if conversation_id is None:
        return False
    return tickets.is_confirmed(conversations.get(session, conversation_id), phone)


def _put_off(session: Session, callback: Callback, reference: Reference, now: datetime) -> None:
    """The customer chose this time: the reply promises of the number's open tickets wait for it."""
    asked_for = words_of(window_of(callback), reference)
    for ticket in tickets.open_of_phone(session, callback.phone):
        tickets.put_off(
            session,
            ticket,
            PromiseKind.REPLY,
            until=callback.window_end,
            asked_for=asked_for,
            reference=reference,
            now=now,
        )


def _tell(
    session: Session, callback: Callback, code: str, who: str, reference: Reference, now: datetime, **more: Any
) -> None:
    """Write what happened to a callback into its ticket's timeline."""
    if callback.ticket_id is None:
        return
    ticket = session.get_one(Ticket, callback.ticket_id)
    window = words_of(window_of(callback), reference).as_dict()
    params = more if code == "callback_outcome" else {"window": window, **more}
    tickets.note(session, ticket, code, who=who, now=now, **params)
