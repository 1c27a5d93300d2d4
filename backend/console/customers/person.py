"""One person's channels in one line of time: chats, texts, calls, tickets, visits, callbacks, newest first.

What only names the number, without anybody having shown it to be theirs, is told apart and never mixed in unsaid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, and_, case, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from backend.appointments.models import Appointment
from backend.appointments.rules import Status as VisitStatus
from backend.callbacks.models import Callback
from backend.console import queries
from backend.console.customers.person_rules import PAGE, Moment, Person
from backend.conversations.models import Conversation
from backend.conversations.rules import Channel
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind
from backend.tickets.models import Ticket, TimelineEntry

BY_ITSELF = (OutboxKind.REMINDER, OutboxKind.NOTICE)  # answers stand in their conversation
NEVER_AGREED = (VisitStatus.HELD, VisitStatus.EXPIRED)


@dataclass(frozen=True)
class Entry:
    """One thing on the line.

    Attributes:
        ref: its number: of a conversation or ticket as the address names it, else of the row.
        is_sure: whether it is this person's; otherwise it only names their number.
        row: the thing itself.
        words: the last words of a conversation.
    """

    moment: Moment
    ref: str
    at: datetime
    is_sure: bool
    row: Any
    words: queries.Spoken | None = None


@dataclass(frozen=True)
class Line:
    """A page of somebody's line.

    Attributes:
        unsure: how many things only name the number.
        with_unsure: whether those are among the entries.
    """

    person: Person | None
    entries: list[Entry]
    kind: Moment | None
    page_no: int
    has_more: bool
    unsure: int
    with_unsure: bool


def line(
    session: Session,
    person: Person | None,
    *,
    kind: Moment | None = None,
    page_no: int = 0,
    with_unsure: bool = False,
    but: str = "",
) -> Line:
    """A page of what happened with a person, newest first.

    Args:
        with_unsure: also what only names the number. Of a number nobody has shown to be theirs all is told, each
            thing with its sign.
        but: the conversation that is open anyway.
    """
    if person is None:
        return Line(None, [], kind, page_no, False, 0, False)
    with_unsure = with_unsure or not person.is_shown
    everything = union_all(*_parts(person.number, kind, but)).subquery()
    query = select(everything.c.moment, everything.c.ref, everything.c.at, everything.c.is_sure)
    if not with_unsure:
        query = query.where(everything.c.is_sure == 1)
    query = query.order_by(everything.c.at.desc(), everything.c.ref.desc()).limit(PAGE + 1).offset(page_no * PAGE)
    found = session.execute(query).all()
    count = select(func.count()).select_from(everything).where(everything.c.is_sure == 0)
    unsure = session.scalar(count) or 0
    return Line(person, _filled(session, found[:PAGE]), kind, page_no, len(found) > PAGE, unsure, with_unsure)


def _parts(number: str, kind: Moment | None, but: str) -> list[Select[Any]]:
    """A query for each kind of thing that names a number, all with the same columns."""
    sure_talk = or_(
        Conversation.verified_phone == number, and_(Conversation.channel == Channel.SMS, Conversation.phone == number)
    )
    sure_talks = select(Conversation.id).where(sure_talk)
    sure_ticket = or_(
        Ticket.phone_confirmed, Ticket.conversation_id.is_(None), Ticket.conversation_id.in_(sure_talks),
        Ticket.conversation_id == but,
    )  # fmt: skip
    sure_call = or_(
        Callback.phone_confirmed,
        Callback.conversation_id.in_(sure_talks),
        and_(Callback.conversation_id.is_(None), Callback.ticket_id.is_(None)),
        Callback.ticket_id.in_(select(Ticket.id).where(Ticket.contact_phone == number, sure_ticket)),
    )
    named = select(Ticket.conversation_id).where(Ticket.contact_phone == number, Ticket.conversation_id.is_not(None))
    # A contact that was added to a ticket known already: its entry's key begins with the conversation.
    joined = func.substr(TimelineEntry.key, 1, 32)
    added = select(joined).join(Ticket, Ticket.id == TimelineEntry.ticket_id).where(Ticket.contact_phone == number)
    talks = or_(
        Conversation.verified_phone == number,
        Conversation.phone == number,
        Conversation.id.in_(named),
        Conversation.id.in_(added),
    )
    parts: Mapping[Moment, Select[Any]] = {
        **{
            Moment(channel.value): _part(
                Moment(channel.value), Conversation.id, Conversation.last_message_at, sure_talk
            ).where(talks, Conversation.id != but, Conversation.channel == channel)
            for channel in Channel
        },
        Moment.TICKET: _part(Moment.TICKET, Ticket.ticket_no, Ticket.created_at, sure_ticket).where(
            Ticket.contact_phone == number
        ),
        Moment.VISIT: _part(Moment.VISIT, Appointment.id, Appointment.window_start, sure_ticket)
        .join(Ticket, Ticket.id == Appointment.ticket_id)
        .where(Ticket.contact_phone == number, Appointment.status.not_in(NEVER_AGREED)),
        Moment.CALL: _part(Moment.CALL, Callback.id, Callback.window_start, sure_call).where(Callback.phone == number),
        Moment.TEXT: _part(Moment.TEXT, OutboxMessage.id, OutboxMessage.queued_at, literal(True)).where(
            OutboxMessage.to == number, OutboxMessage.kind.in_(BY_ITSELF)
        ),
    }
    return [part for moment, part in parts.items() if kind in (None, moment)]


def _part(moment: Moment, ref: Any, at: Any, is_sure: ColumnElement[bool]) -> Select[Any]:
    return select(
        literal(moment.value).label("moment"),
        cast(ref, String(40)).label("ref"),
        at.label("at"),
        cast(case((is_sure, 1), else_=0), Integer).label("is_sure"),
    )


def _filled(session: Session, found: Sequence[Any]) -> list[Entry]:
    """The things themselves, with one query for each kind."""
    refs: dict[Moment, list[str]] = {}
    for moment, ref, _at, _sure in found:
        refs.setdefault(Moment(moment), []).append(ref)
    talks = [ref for moment in (Moment.WEB, Moment.SMS, Moment.VOICE) for ref in refs.get(moment, [])]
    rows: dict[tuple[str, str], Any] = {}
    if talks:
        query = select(Conversation).where(Conversation.id.in_(talks))
        rows |= {(each.channel.value, each.id): each for each in session.scalars(query)}
    if Moment.TICKET in refs:
        tickets = session.scalars(select(Ticket).where(Ticket.ticket_no.in_(refs[Moment.TICKET])))
        rows |= {(Moment.TICKET, each.ticket_no): each for each in tickets}
    if visits := refs.get(Moment.VISIT):
        found_visits = select(Appointment).where(Appointment.id.in_(map(int, visits)))
        with_ticket = found_visits.options(joinedload(Appointment.ticket))
        rows |= {(Moment.VISIT, str(each.id)): each for each in session.scalars(with_ticket)}
    if calls := refs.get(Moment.CALL):
        found_calls = select(Callback).where(Callback.id.in_(map(int, calls))).options(joinedload(Callback.ticket))
        rows |= {(Moment.CALL, str(each.id)): each for each in session.scalars(found_calls)}
    if texts := refs.get(Moment.TEXT):
        found_texts = select(OutboxMessage).where(OutboxMessage.id.in_(map(int, texts)))
        rows |= {(Moment.TEXT, str(each.id)): each for each in session.scalars(found_texts)}
    words = queries.last_words(session, talks) if talks else {}
    return [
        Entry(Moment(moment), ref, at, bool(sure), rows[moment, ref], words.get(ref))
        for moment, ref, at, sure in found
        if (moment, ref) in rows
    ]
