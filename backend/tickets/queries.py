"""Reads of the tickets room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    String,
    bindparam,
    distinct,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from backend.db import UtcDateTime
from backend.tickets.models import TICKET_WORDS, Promise, PromiseChange, Ticket, TimelineEntry
from backend.tickets.rules import CLOSED, Case, PromiseKind, Spent, Status, TicketType


def by_no(session: Session, ticket_no: str) -> Ticket | None:
    """A ticket by its number in normal form."""
    return session.scalar(_BY_NO, {"ticket_no": ticket_no})


_BY_NO = select(Ticket).where(Ticket.ticket_no == bindparam("ticket_no"))


def by_no_and_phone(session: Session, ticket_no: str, phone: str) -> Ticket | None:
    """A ticket for who knows both its number and its phone."""
    return session.scalar(select(Ticket).where(Ticket.ticket_no == ticket_no, Ticket.contact_phone == phone))


def by_form(session: Session, conversation_id: str, form_id: str) -> Ticket | None:
    """The ticket a confirmed form has opened."""
    return session.scalar(select(Ticket).where(Ticket.conversation_id == conversation_id, Ticket.form_id == form_id))


def by_contact(session: Session, key: str) -> Ticket | None:
    """The ticket a contact has been added to."""
    query = select(Ticket).join(TimelineEntry, TimelineEntry.ticket_id == Ticket.id).where(TimelineEntry.key == key)
    return session.scalar(query.limit(1))


def open_cases(session: Session, case: Case, *, hold: bool = False) -> Sequence[Ticket]:
    """Open tickets that may be the same case, oldest first; with `hold`, until the end of the unit of work nobody else
    changes them."""
    alike = [
        Ticket.contact_phone == case.phone if case.phone else None,
        Ticket.serial_no == case.serial_no if case.serial_no else None,
        Ticket.conversation_id == case.conversation_id if case.conversation_id else None,
    ]
    query = select(Ticket).where(
        Ticket.type == case.type, Ticket.status.not_in(CLOSED), or_(*(each for each in alike if each is not None))
    )
    if hold:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query.order_by(Ticket.id)).all()


def open_danger(session: Session, conversation_id: str) -> Ticket | None:
    """The open report of danger of a conversation."""
    query = select(Ticket).where(
        Ticket.conversation_id == conversation_id, Ticket.danger.is_not(None), Ticket.status.not_in(CLOSED)
    )
    return session.scalar(query.order_by(Ticket.id).limit(1))


def conversations_with_danger(session: Session, conversation_ids: Sequence[str]) -> set[str]:
    """Which of these conversations have ever opened a report of danger."""
    query = select(Ticket.conversation_id).where(
        Ticket.conversation_id.in_(conversation_ids), Ticket.danger.is_not(None)
    )
    return {conversation_id for conversation_id in session.scalars(query) if conversation_id}


def of_conversation(session: Session, conversation_id: str, limit: int = 20) -> Sequence[Ticket]:
    """Tickets a conversation has opened, newest first."""
    query = select(Ticket).where(Ticket.conversation_id == conversation_id)
    return session.scalars(query.order_by(Ticket.id.desc()).limit(limit)).all()


def of_phone(session: Session, phone: str, limit: int = 20) -> Sequence[Ticket]:
    """Tickets of a number, newest first."""
    return session.scalars(_OF_PHONE, {"phone": phone, "most": limit}).all()


_OF_PHONE = (
    select(Ticket)
    .where(Ticket.contact_phone == bindparam("phone"))
    .order_by(Ticket.id.desc())
    .limit(bindparam("most", type_=Integer()))
)


def search(
    session: Session,
    *,
    phone: str | None = None,
    status: Status | None = None,
    kind: TicketType | None = None,
    text: str = "",
    limit: int = 100,
    offset: int = 0,
) -> Sequence[Ticket]:
    """Tickets that match everything given, newest first. `text` is looked for in number, name, address and fault."""
    query = select(Ticket)
    if phone is not None:
        query = query.where(Ticket.contact_phone == phone)
    if status is not None:
        query = query.where(Ticket.status == status)
    if kind is not None:
        query = query.where(Ticket.type == kind)
    if text:
        query = query.where(TICKET_WORDS.says(session, text))
    return session.scalars(query.order_by(Ticket.id.desc()).limit(limit).offset(offset)).all()


def spent(
    session: Session, *, since: datetime, phone: str, address_key: str | None, conversation_id: str | None
) -> Spent:
    """How much of the day's budgets is used."""
    values = {"since": since, "phone": phone, "address_key": address_key, "conversation_id": conversation_id}
    return Spent(*session.execute(_SPENT, values).one())


def _opened(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    lately = Ticket.created_at >= bindparam("since", type_=UtcDateTime())
    return select(func.count()).select_from(Ticket).where(lately, *conditions).scalar_subquery()


_HERE = Ticket.conversation_id == bindparam("conversation_id", type_=String())
_SPENT = select(
    _opened(Ticket.contact_phone == bindparam("phone")),
    _opened(Ticket.address_key == bindparam("address_key", type_=String())),
    _opened(_HERE),
    select(func.count(distinct(Ticket.contact_phone)))
    .where(
        _HERE,
        Ticket.created_at >= bindparam("since", type_=UtcDateTime()),
        Ticket.contact_phone != bindparam("phone"),
    )
    .scalar_subquery(),
)
"""By number, address and conversation, and the other numbers of the conversation. Nothing is told of what is not known:
NULL equals nothing."""


def promises_of(session: Session, ticket_ids: Sequence[int]) -> dict[int, list[Promise]]:
    """Promises by ticket, in the order they were made."""
    found: dict[int, list[Promise]] = {ticket_id: [] for ticket_id in ticket_ids}
    for promise in session.scalars(_PROMISES_OF, {"ticket_ids": ticket_ids}):
        found[promise.ticket_id].append(promise)
    return found


_PROMISES_OF = (
    select(Promise).where(Promise.ticket_id.in_(bindparam("ticket_ids", expanding=True))).order_by(Promise.id)
)


def promise(session: Session, ticket_id: int, kind: PromiseKind) -> Promise | None:
    """One promise of a ticket, held until the end of the unit of work."""
    return session.scalar(_PROMISE, {"ticket_id": ticket_id, "kind": kind})


_PROMISE = (
    select(Promise)
    .where(Promise.ticket_id == bindparam("ticket_id"), Promise.kind == bindparam("kind"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def hold_promises(session: Session, ticket_id: int) -> Sequence[Promise]:
    """The promises of a ticket, held until the end of the unit of work."""
    query = select(Promise).where(Promise.ticket_id == ticket_id).order_by(Promise.id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def changes_of(session: Session, promise_ids: Sequence[int]) -> dict[int, list[PromiseChange]]:
    """What happened to promises, by promise, oldest first."""
    found: dict[int, list[PromiseChange]] = {promise_id: [] for promise_id in promise_ids}
    query = select(PromiseChange).where(PromiseChange.promise_id.in_(promise_ids)).order_by(PromiseChange.id)
    for change in session.scalars(query):
        found[change.promise_id].append(change)
    return found


def timelines_of(session: Session, ticket_ids: Sequence[int]) -> dict[int, list[TimelineEntry]]:
    """Timelines by ticket, oldest entry first."""
    found: dict[int, list[TimelineEntry]] = {ticket_id: [] for ticket_id in ticket_ids}
    query = select(TimelineEntry).where(TimelineEntry.ticket_id.in_(ticket_ids)).order_by(TimelineEntry.id)
    for entry in session.scalars(query):
        found[entry.ticket_id].append(entry)
    return found


def last_entry(session: Session, ticket_id: int, codes: Sequence[str]) -> TimelineEntry | None:
    """The newest entry of some kinds."""
    query = select(TimelineEntry).where(TimelineEntry.ticket_id == ticket_id, TimelineEntry.code.in_(codes))
    return session.scalar(query.order_by(TimelineEntry.id.desc()).limit(1))


def claim_missed(session: Session, now: datetime, limit: int) -> Sequence[Promise]:
    """Mark promises broken by now as missed, each once: those that another process has just marked are not returned."""
    claimed = session.scalars(_CLAIM_MISSED, {"now": now, "most": limit}).all()
    if not claimed:
        return ()
    found = select(Promise).where(Promise.id.in_(claimed)).order_by(Promise.due_at)
    return session.scalars(found.execution_options(populate_existing=True)).all()


def pauses_that_end(session: Session, now: datetime, limit: int) -> Sequence[Promise]:
    """Promises whose pause was to end by now, held; a process that holds one keeps others from it."""
    query = select(Promise).where(*_PAUSE_ENDS).order_by(Promise.resume_at).limit(limit)
    held = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return session.scalars(held, {"now": now}).all()


@dataclass(frozen=True)
class Seen:
    """Whether there are pauses that end, and promises that are broken and not recorded yet."""

    pauses: bool
    missed: bool


def look(session: Session, now: datetime) -> Seen:
    """Whether the tick has anything to do, without a write."""
    return Seen(*session.execute(_LOOK, {"now": now}).one())


_NOW = bindparam("now", type_=UtcDateTime())
_PAUSE_ENDS = (Promise.resume_at <= _NOW, Promise.met_at.is_(None), Promise.paused_at.is_not(None))
_BROKEN = (Promise.due_at < _NOW, Promise.met_at.is_(None), Promise.missed_at.is_(None), Promise.paused_at.is_(None))
_BROKEN_OF_OPEN = (
    select(Promise.id).join(Ticket, Ticket.id == Promise.ticket_id).where(*_BROKEN, Ticket.status.not_in(CLOSED))
)
_CLAIM_MISSED = (
    update(Promise)
    .where(
        Promise.id.in_(
            _BROKEN_OF_OPEN.order_by(Promise.due_at)
            .limit(bindparam("most", type_=Integer()))
            .with_for_update(of=Promise, skip_locked=True)
            .scalar_subquery()
        ),
        *_BROKEN,
    )
    .values(missed_at=_NOW)
    .returning(Promise.id)
    .execution_options(synchronize_session=False)
)
_LOOK = select(exists().where(*_PAUSE_ENDS), _BROKEN_OF_OPEN.exists())


def open_promises(
    session: Session, *, not_counted_with: str | None = None, limit: int | None = None
) -> Sequence[tuple[Promise, Ticket]]:
    """Promises that are neither kept nor missed yet, of tickets that are not closed, nearest first.

    Args:
        not_counted_with: only those counted with another version of the calendar, and held.
    """
    query = (
        select(Promise, Ticket)
        .join(Ticket, Ticket.id == Promise.ticket_id)
        .where(Promise.met_at.is_(None), Promise.missed_at.is_(None), Ticket.status.not_in(CLOSED))
        .order_by(Promise.due_at.is_(None), Promise.due_at, Promise.id)
    )
    if not_counted_with is not None:
        query = query.where(Promise.calendar != not_counted_with)
        query = query.with_for_update(of=Promise).execution_options(populate_existing=True)
    return [(promise, ticket) for promise, ticket in session.execute(query.limit(limit))]
