"""Reads and claims of the escalations room. What is not escalated yet is found by what the rooms below have stored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, func, or_, select, union, update
from sqlalchemy.orm import Session, aliased, joinedload

from backend.conversations.models import Conversation
from backend.conversations.rules import Mode
from backend.db import UtcDateTime
from backend.escalations.models import Escalation, EscalationEntry, Notice, PromiseWatch, StaffMail
from backend.escalations.rules import Means, Trigger
from backend.tickets.models import Promise, PromiseChange, Ticket, TimelineEntry
from backend.tickets.rules import CLOSED, OPEN, Priority

NOW = bindparam("now", type_=UtcDateTime())
SINCE = bindparam("since", type_=UtcDateTime())
"""What every tick asks is built once, with the instant left open: to build a statement takes longer than to run it."""

NEWEST = 500
"""Promises and changes behind the newest that are looked at again: those of a unit of work that commits late."""

_WITH_SUBJECT = (
    joinedload(Escalation.ticket),
    joinedload(Escalation.conversation),
    joinedload(Escalation.promise),
)


def one(session: Session, escalation_id: int) -> Escalation | None:
    """An escalation with what it is about, as it stands in the database."""
    return session.scalar(_ONE, {"escalation_id": escalation_id})


def live(session: Session, limit: int | None = None, offset: int = 0) -> Sequence[Escalation]:
    """Escalations that are not over, oldest first, with what they are about."""
    query = _LIVE if limit is None and not offset else _LIVE.limit(limit).offset(offset)
    return session.scalars(query).all()


def may_be_over(session: Session) -> Sequence[Escalation]:
    """Those of the living whose cause looks gone, with what they are about; `rules.is_over` decides.

    The rows decide first, in the database: thousands may live, and most of them stand as they stood at the last tick.
    """
    ids = session.scalars(_cause_looks_gone()).all()
    if not ids:
        return []
    query = select(Escalation).where(Escalation.id.in_(ids)).options(*_WITH_SUBJECT).order_by(Escalation.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


@cache
def _cause_looks_gone() -> Select[int]:
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
    return (
        select(Escalation.id)
        .outerjoin(Ticket, Ticket.id == Escalation.ticket_id)
        .outerjoin(Promise, Promise.id == Escalation.promise_id)
        .outerjoin(Conversation, Conversation.id == Escalation.conversation_id)
        .where(Escalation.ended_at.is_(None), looks)
    )


def ended(session: Session, limit: int, offset: int = 0) -> Sequence[Escalation]:
    """Escalations that are over, the last one first."""
    query = select(Escalation).where(Escalation.ended_at.is_not(None)).options(*_WITH_SUBJECT)
    return session.scalars(
        query.order_by(Escalation.ended_at.desc(), Escalation.id.desc()).limit(limit).offset(offset)
    ).all()


def due(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Escalations to be looked at now, danger first."""
    return session.scalars(_DUE, {"now": now, "most": limit}).all()


def claim(session: Session, escalation_id: int, now: datetime) -> bool:
    """Take a due escalation; False when another process has."""
    return session.execute(_CLAIM, {"escalation_id": escalation_id, "now": now}).first() is not None


_IS_DUE = (Escalation.look_at <= NOW, Escalation.ended_at.is_(None), Escalation.acknowledged_at.is_(None))
_DANGER_FIRST = (Escalation.trigger != Trigger.DANGER, Escalation.look_at, Escalation.id)
_THIS = Escalation.id == bindparam("escalation_id")
_FRESH = select(Escalation).options(*_WITH_SUBJECT).execution_options(populate_existing=True)
_ONE = _FRESH.where(_THIS)
_LIVE = _FRESH.where(Escalation.ended_at.is_(None)).order_by(Escalation.id)
_DUE = select(Escalation.id).where(*_IS_DUE).order_by(*_DANGER_FIRST).limit(bindparam("most", type_=Integer()))
_CLAIM = (
    update(Escalation)
    .where(_THIS, *_IS_DUE)
    .values(look_at=None)
    .returning(Escalation.id)
    .execution_options(synchronize_session=False)
)


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
    return session.scalars(_UNWATCHED, {"most": limit}).all()


def take_watches(session: Session, now: datetime) -> Sequence[PromiseWatch]:
    """Claim the watches that are due."""
    return session.scalars(_TAKE_WATCHES, {"now": now}).all()


def unsettled(session: Session, promise_ids: Sequence[int]) -> dict[int, tuple[Promise, Ticket]]:
    """Those of some promises that are neither kept nor missed, with their open tickets; they may stand still."""
    if not promise_ids:
        return {}
    query = select(Promise, Ticket).join(Ticket, Ticket.id == Promise.ticket_id)
    rows = session.execute(query.where(Promise.id.in_(promise_ids), *_IS_OPEN))
    return {row.Promise.id: (row.Promise, row.Ticket) for row in rows}


_IS_OPEN = (Promise.met_at.is_(None), Promise.missed_at.is_(None), Ticket.status.not_in(CLOSED))
_RUNS = (*_IS_OPEN, Promise.due_at.is_not(None), Promise.paused_at.is_(None))
_LAST_WATCHED = select(func.coalesce(func.max(PromiseWatch.promise_id), 0)).scalar_subquery()
_LATELY_CHANGED = (
    select(PromiseChange.promise_id).order_by(PromiseChange.id.desc()).limit(NEWEST).subquery("lately_changed")
)
_WATCHED = exists().where(PromiseWatch.promise_id == Promise.id, PromiseWatch.due_at == Promise.due_at)
_UNWATCHED = (
    select(Promise)
    .join(Ticket, Ticket.id == Promise.ticket_id)
    .where(
        Promise.id.in_(
            union(select(Promise.id).where(Promise.id > _LAST_WATCHED - NEWEST), select(_LATELY_CHANGED.c.promise_id))
        ),
        *_RUNS,
        ~_WATCHED,
    )
    .order_by(Promise.id)
    .limit(bindparam("most", type_=Integer()))
)
_TAKE_WATCHES = (
    update(PromiseWatch)
    .where(PromiseWatch.look_at <= NOW)
    .values(look_at=None)
    .returning(PromiseWatch)
    .execution_options(synchronize_session=False, populate_existing=True)
)


def missed(session: Session, since: datetime) -> Sequence[tuple[Promise, Ticket]]:
    """Promises of open tickets that were missed since an instant and are not kept, not escalated for it yet."""
    return [(row.Promise, row.Ticket) for row in session.execute(_MISSED, {"since": since})]


_KNOWN = exists().where(Escalation.promise_id == Promise.id, Escalation.trigger == Trigger.PROMISE_MISSED)
_MISSED = (
    select(Promise, Ticket)
    .join(Ticket, Ticket.id == Promise.ticket_id)
    .where(Promise.missed_at >= SINCE, Promise.met_at.is_(None), Ticket.status.not_in(CLOSED), ~_KNOWN)
    .order_by(Promise.id)
)


def _not_yet(trigger: Trigger) -> ColumnElement[bool]:
    return ~exists().where(Escalation.ticket_id == Ticket.id, Escalation.trigger == trigger)


def pressed(session: Session, from_contact: int, since: datetime) -> Sequence[Ticket]:
    """Open tickets whose customer has pressed since an instant, not escalated for it yet."""
    return session.scalars(_PRESSED, {"from_contact": from_contact, "since": since}).all()


_CHASED = select(TimelineEntry.ticket_id).where(TimelineEntry.code == "chased", TimelineEntry.at >= SINCE)
_PRESSED = (
    select(Ticket)
    .where(
        Ticket.id.in_(_CHASED),
        Ticket.status.in_(OPEN),
        Ticket.contacts >= bindparam("from_contact"),
        _not_yet(Trigger.REPEAT_CONTACT),
    )
    .order_by(Ticket.id)
)


def for_manager(session: Session, since: datetime) -> Sequence[tuple[Ticket, TimelineEntry]]:
    """Open tickets a manager was called to since an instant, with the entry that says why, not escalated for it yet."""
    return [(row.Ticket, row.TimelineEntry) for row in session.execute(_FOR_MANAGER, {"since": since})]


_FOR_MANAGER = (
    select(Ticket, TimelineEntry)
    .join(TimelineEntry, TimelineEntry.ticket_id == Ticket.id)
    .where(
        Ticket.status.not_in(CLOSED),
        TimelineEntry.code == "manager",
        TimelineEntry.at >= SINCE,
        _not_yet(Trigger.MANAGER_CALLED),
    )
    .order_by(Ticket.id)
)


def in_danger(session: Session) -> Sequence[Ticket]:
    """Open tickets of danger to people, not escalated for it yet. Each sign by its own index, however many are open."""
    return session.scalars(_IN_DANGER).all()


_NAMED = select(Ticket.id).where(Ticket.danger.is_not(None), Ticket.status.in_(OPEN))
_CRITICAL = select(Ticket.id).where(Ticket.priority == Priority.CRITICAL, Ticket.status.in_(OPEN))
_IN_DANGER = select(Ticket).where(Ticket.id.in_(union(_NAMED, _CRITICAL)), _not_yet(Trigger.DANGER)).order_by(Ticket.id)


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
    return set(session.scalars(select(Escalation.key).where(Escalation.key.in_(keys)))) if keys else set()


def opinions_met(session: Session, ticket_ids: Sequence[int]) -> set[int]:
    """Those of some tickets whose handling opinion has been given."""
    if not ticket_ids:
        return set()
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


def last_bundle(session: Session, person: str, means: Means) -> datetime | None:
    """When somebody was last told by a text or call that was no alarm."""
    query = select(func.max(Notice.sent_at)).where(
        Notice.person == person, Notice.means == means, Notice.bundle.is_not(None)
    )
    return session.scalar(query)


def people_due(session: Session, now: datetime) -> Sequence[tuple[str, Means]]:
    """Who is to be told something by now, and by which means."""
    return [(row.person, row.means) for row in session.execute(_PEOPLE_DUE, {"now": now})]


_PEOPLE_DUE = (
    select(Notice.person, Notice.means)
    .where(Notice.due_at <= NOW)
    .group_by(Notice.person, Notice.means)
    .order_by(func.min(Notice.id))
)


def take_waiting(session: Session, person: str, means: Means, now: datetime) -> Sequence[Notice]:
    """Claim all that somebody is to be told by some means, in order, with what it is about."""
    taken = session.scalars(
        update(Notice)
        .where(Notice.person == person, Notice.means == means, Notice.due_at.is_not(None))
        .values(due_at=None, sent_at=now)
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    ).all()
    about = joinedload(Notice.escalation).joinedload(Escalation.ticket)
    query = select(Notice).where(Notice.id.in_(taken)).options(about).order_by(Notice.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def drop_waiting(session: Session, escalation_id: int) -> None:
    """Nobody needs to be told of an escalation any more who has not been."""
    session.execute(
        update(Notice)
        .where(Notice.escalation_id == escalation_id, Notice.due_at.is_not(None))
        .values(due_at=None)
        .execution_options(synchronize_session=False)
    )


def still_needed(session: Session, bundles: Collection[str]) -> set[str]:
    """Those of some texts and calls that also tell of something nobody takes care of yet."""
    if not bundles:
        return set()
    query = select(Notice.bundle).join(Escalation, Escalation.id == Notice.escalation_id)
    living = (Escalation.ended_at.is_(None), Escalation.acknowledged_at.is_(None))
    return {each for each in session.scalars(query.where(Notice.bundle.in_(bundles), *living)) if each}


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
