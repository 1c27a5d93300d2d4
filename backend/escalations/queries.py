"""Reads and claims of the escalations room. What is not escalated yet is found by what the rooms below have stored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, union, update
from sqlalchemy.orm import Session, aliased, joinedload

from backend.conversations.models import Conversation
from backend.conversations.rules import Mode
from backend.escalations.models import Escalation, EscalationEntry, Notice, PromiseWatch, StaffMail
from backend.escalations.rules import Trigger
from backend.tickets.models import Promise, PromiseChange, Ticket, TimelineEntry
from backend.tickets.rules import CLOSED, OPEN, Priority

NEWEST = 500
"""Promises and changes behind the newest that are looked at again: those of a unit of work that commits late."""

_WITH_SUBJECT = (
    joinedload(Escalation.ticket),
    joinedload(Escalation.conversation),
    joinedload(Escalation.promise),
)


def one(session: Session, escalation_id: int) -> Escalation | None:
    """An escalation with what it is about, as it stands in the database."""
    query = select(Escalation).where(Escalation.id == escalation_id).options(*_WITH_SUBJECT)
    return session.scalar(query.execution_options(populate_existing=True))


def live(session: Session, limit: int | None = None, offset: int = 0) -> Sequence[Escalation]:
    """Escalations that are not over, oldest first, with what they are about."""
    query = select(Escalation).where(Escalation.ended_at.is_(None)).options(*_WITH_SUBJECT)
    query = query.order_by(Escalation.id).limit(limit).offset(offset)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def may_be_over(session: Session) -> Sequence[Escalation]:
    """Those of the living whose cause looks gone, with what they are about; `rules.is_over` decides.

    The rows decide first, in the database: thousands may live, and most of them stand as they stood at the last tick.
    """
    promised = (Promise.met_at.is_not(None), Promise.paused_at.is_not(None), Promise.due_at != Escalation.due_at)
    given = aliased(Promise)
    opinion = exists().where(
        given.ticket_id == Escalation.ticket_id, given.kind == "opinion", given.met_at.is_not(None)
    )
    looks = or_(
        and_(Escalation.trigger == Trigger.PROMISE_MISSED, Promise.met_at.is_not(None)),
        and_(
            Escalation.trigger.in_((Trigger.PROMISE_HALF, Trigger.PROMISE_NEAR)),
            or_(*promised, Promise.due_at.is_(None)),
        ),
        and_(Escalation.trigger != Trigger.LOW_GRADE, Ticket.status.in_(CLOSED)),
        and_(Escalation.trigger == Trigger.MANAGER_CALLED, opinion),
        and_(Escalation.trigger == Trigger.ANGRY_WORDS, Conversation.mode.in_((Mode.HUMAN, Mode.CLOSED))),
        and_(
            Escalation.trigger == Trigger.DANGER,
            Escalation.ticket_id.is_(None),
            Conversation.mode.in_((Mode.BOT, Mode.CLOSED)),
        ),
        and_(Escalation.ticket_id.is_(None), Escalation.conversation_id.is_(None)),
    )
    found = (
        select(Escalation.id)
        .outerjoin(Ticket, Ticket.id == Escalation.ticket_id)
        .outerjoin(Promise, Promise.id == Escalation.promise_id)
        .outerjoin(Conversation, Conversation.id == Escalation.conversation_id)
        .where(Escalation.ended_at.is_(None), looks)
    )
    ids = session.scalars(found).all()
    if not ids:
        return []
    query = select(Escalation).where(Escalation.id.in_(ids)).options(*_WITH_SUBJECT).order_by(Escalation.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def ended(session: Session, limit: int, offset: int = 0) -> Sequence[Escalation]:
    """Escalations that are over, the last one first."""
    query = select(Escalation).where(Escalation.ended_at.is_not(None)).options(*_WITH_SUBJECT)
    return session.scalars(
        query.order_by(Escalation.ended_at.desc(), Escalation.id.desc()).limit(limit).offset(offset)
    ).all()


def due(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Escalations to be looked at now, danger first."""
    query = select(Escalation.id).where(*_is_due(now))
    danger_first = (Escalation.trigger != Trigger.DANGER, Escalation.look_at, Escalation.id)
    return session.scalars(query.order_by(*danger_first).limit(limit)).all()


def claim(session: Session, escalation_id: int, now: datetime) -> bool:
    """Take a due escalation; False when another process has."""
    claimed = session.execute(
        update(Escalation)
        .where(Escalation.id == escalation_id, *_is_due(now))
        .values(look_at=None)
        .returning(Escalation.id)
        .execution_options(synchronize_session=False)
    )
    return claimed.first() is not None


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Escalation.look_at <= now, Escalation.ended_at.is_(None), Escalation.acknowledged_at.is_(None)


def lesser(
    session: Session, triggers: frozenset[Trigger], ticket_id: int | None, promise_id: int | None
) -> Sequence[Escalation]:
    """Those about the same promise, or else the same ticket, that are not over."""
    same = Escalation.promise_id == promise_id if promise_id else Escalation.ticket_id == ticket_id
    query = select(Escalation).where(same, Escalation.trigger.in_(triggers), Escalation.ended_at.is_(None))
    return session.scalars(query).all()


def danger_of(session: Session, conversation_id: str) -> Escalation | None:
    """The danger of a conversation that had no ticket when it was raised and is not over."""
    query = select(Escalation).where(
        Escalation.conversation_id == conversation_id,
        Escalation.trigger == Trigger.DANGER,
        Escalation.ticket_id.is_(None),
        Escalation.ended_at.is_(None),
    )
    return session.scalar(query.limit(1))


def unwatched(session: Session, limit: int) -> Sequence[Promise]:
    """Running promises with a date that nobody watches yet, or for another date; in the order they were made.

    Looked for among the newest alone, so that a look costs the same however many run. Older ones whose watch is for a
    date that has passed by are mended when it is due.
    """
    last = session.scalar(select(func.max(PromiseWatch.promise_id))) or 0
    changed = select(PromiseChange.promise_id).order_by(PromiseChange.id.desc()).limit(NEWEST)
    watched = exists().where(PromiseWatch.promise_id == Promise.id, PromiseWatch.due_at == Promise.due_at)
    found: dict[int, Promise] = {}
    for among in (Promise.id > last - NEWEST, Promise.id.in_(session.scalars(changed).unique().all())):
        query = select(Promise).join(Ticket, Ticket.id == Promise.ticket_id).where(among, *_runs(), ~watched)
        found |= {each.id: each for each in session.scalars(query.order_by(Promise.id).limit(limit))}
    return [found[promise_id] for promise_id in sorted(found)]


def take_watches(session: Session, now: datetime) -> Sequence[PromiseWatch]:
    """Claim the watches that are due."""
    taken = session.scalars(
        update(PromiseWatch)
        .where(PromiseWatch.look_at <= now)
        .values(look_at=None)
        .returning(PromiseWatch)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return taken.all()


def unsettled(session: Session, promise_ids: Sequence[int]) -> dict[int, tuple[Promise, Ticket]]:
    """Those of some promises that are neither kept nor missed, with their open tickets; they may stand still."""
    query = select(Promise, Ticket).join(Ticket, Ticket.id == Promise.ticket_id)
    rows = session.execute(query.where(Promise.id.in_(promise_ids), *_is_open()))
    return {row.Promise.id: (row.Promise, row.Ticket) for row in rows}


def _runs() -> tuple[ColumnElement[bool], ...]:
    return *_is_open(), Promise.due_at.is_not(None), Promise.paused_at.is_(None)


def _is_open() -> tuple[ColumnElement[bool], ...]:
    return Promise.met_at.is_(None), Promise.missed_at.is_(None), Ticket.status.not_in(CLOSED)


def missed(session: Session, since: datetime) -> Sequence[tuple[Promise, Ticket]]:
    """Promises of open tickets that were missed since an instant and are not kept, not escalated for it yet."""
    known = exists().where(Escalation.promise_id == Promise.id, Escalation.trigger == Trigger.PROMISE_MISSED)
    query = (
        select(Promise, Ticket)
        .join(Ticket, Ticket.id == Promise.ticket_id)
        .where(Promise.missed_at >= since, Promise.met_at.is_(None), Ticket.status.not_in(CLOSED), ~known)
    )
    return [(row.Promise, row.Ticket) for row in session.execute(query.order_by(Promise.id))]


def _not_yet(trigger: Trigger) -> ColumnElement[bool]:
    return ~exists().where(Escalation.ticket_id == Ticket.id, Escalation.trigger == trigger)


def pressed(session: Session, from_contact: int, since: datetime) -> Sequence[Ticket]:
    """Open tickets whose customer has pressed since an instant, not escalated for it yet."""
    lately = select(TimelineEntry.ticket_id).where(TimelineEntry.code == "chased", TimelineEntry.at >= since)
    query = select(Ticket).where(
        Ticket.id.in_(lately),
        Ticket.status.in_(OPEN),
        Ticket.contacts >= from_contact,
        _not_yet(Trigger.REPEAT_CONTACT),
    )
    return session.scalars(query.order_by(Ticket.id)).all()


def for_manager(session: Session, since: datetime) -> Sequence[tuple[Ticket, TimelineEntry]]:
    """Open tickets a manager was called to since an instant, with the entry that says why, not escalated for it yet."""
    query = (
        select(Ticket, TimelineEntry)
        .join(TimelineEntry, TimelineEntry.ticket_id == Ticket.id)
        .where(
            Ticket.status.not_in(CLOSED),
            TimelineEntry.code == "manager",
            TimelineEntry.at >= since,
            _not_yet(Trigger.MANAGER_CALLED),
        )
    )
    return [(row.Ticket, row.TimelineEntry) for row in session.execute(query.order_by(Ticket.id))]


def in_danger(session: Session) -> Sequence[Ticket]:
    """Open tickets of danger to people, not escalated for it yet. Each sign by its own index, however many are open."""
    named = select(Ticket.id).where(Ticket.danger.is_not(None), Ticket.status.in_(OPEN))
    critical = select(Ticket.id).where(Ticket.priority == Priority.CRITICAL, Ticket.status.in_(OPEN))
    query = select(Ticket).where(Ticket.id.in_(union(named, critical)), _not_yet(Trigger.DANGER))
    return session.scalars(query.order_by(Ticket.id)).all()


def has_ticket_since(session: Session, conversation: Conversation) -> bool:
    """Whether a ticket of danger was opened in a conversation at or after the call for a person."""
    query = select(Ticket.id).where(
        Ticket.conversation_id == conversation.id,
        Ticket.danger.is_not(None),
        Ticket.created_at >= conversation.handoff_requested_at,
    )
    return session.scalar(query.limit(1)) is not None


def open_ticket(session: Session, conversation_id: str) -> Ticket | None:
    """The newest open ticket of a conversation."""
    query = select(Ticket).where(Ticket.conversation_id == conversation_id, Ticket.status.not_in(CLOSED))
    return session.scalar(query.order_by(Ticket.id.desc()).limit(1))


def keys_among(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of some keys under which something has been raised."""
    return set(session.scalars(select(Escalation.key).where(Escalation.key.in_(keys))))


def opinions_met(session: Session, ticket_ids: Sequence[int]) -> set[int]:
    """Those of some tickets whose handling opinion has been given."""
    query = select(Promise.ticket_id).where(
        Promise.ticket_id.in_(ticket_ids), Promise.kind == "opinion", Promise.met_at.is_not(None)
    )
    return set(session.scalars(query))


def entries(session: Session, escalation_ids: Sequence[int]) -> dict[int, list[EscalationEntry]]:
    """What happened to some escalations, in order."""
    found: dict[int, list[EscalationEntry]] = {each: [] for each in escalation_ids}
    query = select(EscalationEntry).where(EscalationEntry.escalation_id.in_(escalation_ids))
    for entry in session.scalars(query.order_by(EscalationEntry.id)):
        found[entry.escalation_id].append(entry)
    return found


def notices(session: Session, escalation_ids: Sequence[int]) -> dict[int, list[Notice]]:
    """Who was told of some escalations, in order."""
    found: dict[int, list[Notice]] = {each: [] for each in escalation_ids}
    query = select(Notice).where(Notice.escalation_id.in_(escalation_ids))
    for notice in session.scalars(query.order_by(Notice.id)):
        found[notice.escalation_id].append(notice)
    return found


def count_for(session: Session, person: str) -> int:
    """How many escalations somebody was told of that nobody has acknowledged."""
    told = exists().where(Notice.escalation_id == Escalation.id, Notice.person == person)
    query = select(func.count()).select_from(Escalation)
    waiting = (Escalation.ended_at.is_(None), Escalation.acknowledged_at.is_(None))
    return session.scalar(query.where(*waiting, told)) or 0


def counts_for(session: Session, people: Collection[str]) -> dict[str, int]:
    """The same for several people; who is not among them has none."""
    query = (
        select(Notice.person, func.count(Escalation.id.distinct()))
        .join(Escalation, Escalation.id == Notice.escalation_id)
        .where(Escalation.ended_at.is_(None), Escalation.acknowledged_at.is_(None), Notice.person.in_(people))
        .group_by(Notice.person)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def alarms(session: Session) -> Sequence[Escalation]:
    """Danger that nobody has acknowledged, oldest first, with its ticket."""
    query = select(Escalation).where(
        Escalation.trigger == Trigger.DANGER, Escalation.ended_at.is_(None), Escalation.acknowledged_at.is_(None)
    )
    return session.scalars(query.options(*_WITH_SUBJECT).order_by(Escalation.id)).all()


def last_entry_id(session: Session) -> int | None:
    """The newest entry of all: it changes with everything that happens here."""
    return session.scalar(select(func.max(EscalationEntry.id)))


def mails(session: Session, limit: int, offset: int = 0) -> Sequence[StaffMail]:
    """Mails to staff, newest first."""
    return session.scalars(select(StaffMail).order_by(StaffMail.id.desc()).limit(limit).offset(offset)).all()
