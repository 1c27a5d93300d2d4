"""Reads and claims of the escalations room. What is not escalated yet is found by what the rooms below have stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, func, or_, select, union, update
from sqlalchemy.orm import Session, aliased, joinedload

from backend.conversations.models import Conversation
from backend.conversations.rules import Mode
from backend.db import UtcDateTime
from backend.escalations.models import Escalation, EscalationEntry, PromiseWatch, StaffMail
from backend.escalations.rules import Trigger
from backend.tickets.models import Promise, PromiseChange, Ticket, TimelineEntry
from backend.tickets.rules import CLOSED, OPEN, Priority

NOW = bindparam("now", type_=UtcDateTime())
SINCE = bindparam("since", type_=UtcDateTime())
"""What every tick asks is built once, with the instant left open: to build a statement takes longer than to run it."""

NEWEST = 200
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


@dataclass(frozen=True)
class Alarms:
    """Whether there may be danger nobody has been told of, and whether an escalation is to be looked at."""

    danger: bool
    due: bool


def look_for_danger(session: Session, now: datetime) -> Alarms:
    """What of the tick cannot wait, without a write."""
    return Alarms(*session.execute(_danger_or_due(), {"now": now}).one())


@cache
def _danger_or_due() -> Select[bool, bool]:
    return select(or_(_IN_DANGER.exists(), exists().where(*_HANDED_OVER_IN_DANGER)), exists().where(*_IS_DUE))


@dataclass(frozen=True)
class Seen:
    """What there is to do about promises and contacts.

    Attributes:
        over: the cause of something looks gone.
        unwatched: promises run that nobody watches yet, or for another date.
        watches: a promise is to be warned of.
        missed: a promise was missed and nobody has been told of it.
        contacts: a customer presses, or a manager was called.
    """

    over: bool
    unwatched: bool
    watches: bool
    missed: bool
    contacts: bool

    @property
    def anything(self) -> bool:
        """Whether there is anything to do."""
        return self.over or self.unwatched or self.watches or self.missed or self.contacts


def look(session: Session, now: datetime, since: datetime, from_contact: int) -> Seen:
    """What the tick has to do besides, without a write."""
    values = {"now": now, "since": since, "from_contact": from_contact, "most": 1}
    return Seen(*session.execute(_anything(), values).one())


@cache
def _anything() -> Select[bool, bool, bool, bool, bool]:
    return select(
        _cause_looks_gone().exists(),
        _UNWATCHED.exists(),
        exists().where(PromiseWatch.look_at <= NOW),
        _MISSED.exists(),
        or_(_PRESSED.exists(), _FOR_MANAGER.exists()),
    )


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
    query = _lesser(of_promise=promise_id is not None)
    return session.scalars(query, {"subject": promise_id or ticket_id, "triggers": sorted(triggers)}).all()


@cache
def _lesser(*, of_promise: bool) -> Select[Escalation]:
    subject = Escalation.promise_id if of_promise else Escalation.ticket_id
    return select(Escalation).where(
        subject == bindparam("subject"),
        Escalation.trigger.in_(bindparam("triggers", expanding=True)),
        Escalation.ended_at.is_(None),
    )


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
    rows = session.execute(_UNSETTLED, {"promise_ids": promise_ids})
    return {row.Promise.id: (row.Promise, row.Ticket) for row in rows}


_IS_OPEN = (Promise.met_at.is_(None), Promise.missed_at.is_(None), Ticket.status.not_in(CLOSED))
_UNSETTLED = (
    select(Promise, Ticket)
    .join(Ticket, Ticket.id == Promise.ticket_id)
    .where(Promise.id.in_(bindparam("promise_ids", expanding=True)), *_IS_OPEN)
)
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
    .where(
        Promise.id.in_(select(Promise.id).where(Promise.missed_at >= SINCE)),  # first: many of old were never kept
        Promise.met_at.is_(None),
        Ticket.status.not_in(CLOSED),
        ~_KNOWN,
    )
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
        Ticket.status.not_in(CLOSED),  # not `in_(OPEN)`: a planner would go through all that are open
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
_HANDED_OVER_IN_DANGER = (
    Conversation.mode.in_((Mode.WAITING, Mode.HUMAN)),
    Conversation.handoff_reason == "danger",
)
_IN_DANGER = select(Ticket).where(Ticket.id.in_(union(_NAMED, _CRITICAL)), _not_yet(Trigger.DANGER)).order_by(Ticket.id)


def has_ticket_since(session: Session, conversation: Conversation) -> bool:
    """Whether a ticket of danger was opened in a conversation at or after the call for a person."""
    query = select(Ticket.id).where(
        Ticket.conversation_id == conversation.id,
        Ticket.danger.is_not(None),
        Ticket.created_at >= conversation.handoff_requested_at,
    )
    return session.scalar(query.limit(1)) is not None


def danger_ticket(session: Session, conversation_id: str) -> Ticket | None:
    """The newest open ticket of danger of a conversation."""
    query = select(Ticket).where(Ticket.conversation_id == conversation_id, Ticket.danger.is_not(None))
    return session.scalar(query.where(Ticket.status.not_in(CLOSED)).order_by(Ticket.id.desc()).limit(1))


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
