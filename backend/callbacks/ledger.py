"""Rows of callbacks: choose by what, add, place, change, tell. Flushes, never commits.

Whoever books holds one row first (`hold_turn`), then the tickets room's counter: the order is the same everywhere, so
nobody waits for anybody in a circle.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.callbacks import queries, rules
from backend.callbacks.models import BookingTurn, Callback
from backend.callbacks.rules import Choice, Desk, Policy, Status
from backend.errors import Conflict, NotFound
from backend.kernel import phone as phones
from backend.kernel.shifts import Roster
from backend.kernel.window import Window
from backend.outbox import service as outbox
from backend.reference import Reference
from backend.tickets import service as tickets
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import PromiseKind, Words

CUSTOMER = "customer"


def policy_of(reference: Reference) -> Policy:
    """How windows are made, in force."""
    table = reference.callbacks
    return Policy(
        length=table.length,
        per_person=table.calls_per_person,
        lead=timedelta(minutes=table.lead_minutes),
        reminder=timedelta(minutes=table.reminder_minutes),
        farthest=timedelta(days=table.farthest_days),
        ladder=tuple(timedelta(minutes=minutes) for minutes in table.retry_minutes),
        later=timedelta(minutes=table.later_minutes),
        lease=timedelta(minutes=table.lease_minutes),
        undo=timedelta(minutes=table.undo_minutes),
        noon=table.noon,
    )


def roster_of(reference: Reference) -> Roster:
    """The shifts of those who make the calls."""
    return reference.rosters[reference.callbacks.group]


def desk_at(session: Session, reference: Reference, now: datetime, besides: Callback | None = None) -> Desk:
    """What a window is chosen by at this moment; `besides` is left out, as it is to be moved."""
    policy = policy_of(reference)
    taken = queries.taken(session, since=now - policy.length, besides=besides.id if besides else None)
    return Desk(reference.calendar, roster_of(reference), policy, taken, now)


def hold_turn(session: Session) -> None:
    """Hold the booking turn: until the end of this unit of work nobody else chooses a window.

    A unit of work that opens a ticket as well holds the turn first.
    """
    if session.get(BookingTurn, 1, with_for_update=True, populate_existing=True) is None:
        with suppress(IntegrityError), session.begin_nested():  # another process may book the very first call, too
            session.add(BookingTurn(id=1))
        session.get_one(BookingTurn, 1, with_for_update=True, populate_existing=True)


def get(session: Session, callback_id: int) -> Callback:
    """A callback with its ticket.

    Raises:
        NotFound: there is none.
    """
    callback = queries.with_ticket(session, callback_id)
    if callback is None:
        raise NotFound("There is no such callback.")
    return callback


def window_of(callback: Callback) -> Window:
    """A callback's window."""
    return Window(callback.window_start, callback.window_end)


def words_of(window: Window, reference: Reference, now: datetime | None = None) -> Words:
    """A window as people say it, in both languages."""
    return Words(*(window.words(reference.calendar, language, now) for language in ("zh", "en")))


def reminder_key(callback: Callback) -> str:
    """The name of a callback's reminder in the outbox: one a window, whatever happens."""
    return f"callback:{callback.id}:{callback.window_start.astimezone(UTC):%Y%m%dT%H%M}:reminder"


def reply_promise(session: Session, ticket: Ticket | None) -> Promise | None:
    """The reply promise a callback has to keep: not one that is kept or missed already."""
    promise = tickets.promise_of(session, ticket, PromiseKind.REPLY) if ticket else None
    return promise if promise and promise.met_at is None and promise.missed_at is None else None


def add(
    session: Session,
    phone: str,
    choice: Choice,
    *,
    ticket: Ticket | None,
    conversation_id: str | None,
    reason: str,
    language: str,
    chosen: bool,
    confirmed: bool,
    now: datetime,
) -> Callback:
    """A new call; its reminder is planned by whoever adds it."""
    callback = Callback(
        ticket_id=ticket.id if ticket else None,
        conversation_id=conversation_id,
        attempt=1,
        unanswered=0,
        phone=phone,
        phone_confirmed=confirmed,
        language=language,
        window_start=choice.window.start,
        window_end=choice.window.end,
        first_start=choice.window.start,
        first_end=choice.window.end,
        dial_at=choice.window.start,
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


def follow(
    session: Session,
    callback: Callback,
    choice: Choice,
    dial_at: datetime,
    *,
    unanswered: int,
    chosen: bool,
    now: datetime,
) -> Callback:
    """The next call of the same promise; a try after an unanswered one keeps the window the customer was told first."""
    told = choice.window if chosen else Window(callback.first_start, callback.first_end)
    following = Callback(
        ticket_id=callback.ticket_id,
        conversation_id=callback.conversation_id,
        first_id=callback.first_id or callback.id,
        attempt=callback.attempt + 1,
        unanswered=unanswered,
        phone=callback.phone,
        phone_confirmed=callback.phone_confirmed,
        language=callback.language,
        window_start=choice.window.start,
        window_end=choice.window.end,
        first_start=told.start,
        first_end=told.end,
        dial_at=dial_at,
        status=Status.BOOKED,
        reason=callback.reason,
        why=choice.why,
        chosen=chosen,
        over_capacity=choice.over_capacity,
        version=1,
        created_at=now,
    )
    session.add(following)
    session.flush()
    return following


def place(
    window: Window,
    choice: Choice,
    callback: Callback,
    reference: Reference,
    now: datetime,
    *,
    chosen: bool,
    by_hand: bool = False,
) -> dict[str, Any]:
    """The columns of a callback in another window that the customer is told, with a reminder of its own."""
    due = rules.remind_at(reference.calendar, policy_of(reference), window, now) if gets_texts(callback) else None
    return {
        "window_start": window.start,
        "window_end": window.end,
        "first_start": window.start,
        "first_end": window.end,
        "dial_at": window.start,
        "overdue_at": None,
        "unanswered": 0 if chosen else callback.unanswered,
        "why": choice.why,
        "over_capacity": choice.over_capacity,
        "chosen": chosen or callback.chosen,
        "by_hand": by_hand,
        "remind_at": due,
        "reminded_at": None,
    }


def change(
    session: Session,
    callback: Callback,
    values: dict[str, Any],
    *,
    now: datetime,
    by: int | None = None,
    version: int | None = None,
    is_customer: bool = False,
) -> None:
    """Change a booked callback unless somebody else has: one conditional UPDATE. Takes back a queued reminder.

    While an agent is making the call, only that agent (`by`) and the customer may change it; nobody is making it
    afterwards.

    Raises:
        Conflict: it is no longer booked, no longer the version the change was made for, or somebody else is calling.
    """
    old_reminder = reminder_key(callback)
    seen = callback.version if version is None else version
    conditions = [Callback.id == callback.id, Callback.status == Status.BOOKED, Callback.version == seen]
    if not is_customer:
        conditions.append(queries.is_free_for(by, now))
    changed = session.execute(
        update(Callback)
        .where(*conditions)
        .values(version=Callback.version + 1, **{"caller_id": None, "lease_until": None, **values})
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict
    get(session, callback.id)
    if reminder_key(callback) != old_reminder or callback.status is not Status.BOOKED:
        outbox.cancel(session, old_reminder)


def remind_at(callback: Callback, reference: Reference, now: datetime) -> datetime | None:
    if not gets_texts(callback):
        return None
    return rules.remind_at(reference.calendar, policy_of(reference), window_of(callback), now)


def gets_texts(callback: Callback) -> bool:
    return phones.stored(callback.phone).kind is phones.Kind.MOBILE


def put_off(session: Session, callback: Callback, reference: Reference, now: datetime) -> None:
    """The customer chose this time: the reply promises of the number's open tickets wait for it, and a visit that was
    promised before it, which only the call can arrange, is counted from the call."""
    asked_for = words_of(window_of(callback), reference)
    for ticket in tickets.open_of_phone(session, callback.phone):
        tickets.visit_after_call(
            session, ticket, window_of(callback), asked_for=asked_for, reference=reference, now=now
        )
        tickets.put_off(
            session,
            ticket,
            PromiseKind.REPLY,
            until=callback.window_end,
            asked_for=asked_for,
            reference=reference,
            now=now,
        )


def tell(
    session: Session, callback: Callback, code: str, who: str, reference: Reference, now: datetime, **more: Any
) -> None:
    """Write what happened to a callback into its ticket's timeline."""
    if callback.ticket_id is None:
        return
    ticket = session.get_one(Ticket, callback.ticket_id)
    window = words_of(window_of(callback), reference).as_dict()
    params = more if code == "callback_outcome" else {"window": window, **more}
    tickets.note(session, ticket, code, who=who, now=now, **params)
