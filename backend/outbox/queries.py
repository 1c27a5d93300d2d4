"""Reads and claims of the outbox room."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from backend.db import Base, UtcDateTime
from backend.outbox.models import UNDECIDED, OutboxDecision, OutboxMessage, SenderPause, SenderSlot, WebhookReceipt
from backend.outbox.rules import LEFT, OUTSIDE_CALENDAR_AGAIN, WAITING, Medium, OutboxKind, Policy, Status

NOW = bindparam("now", type_=UtcDateTime())
"""Statements of every tick are built once, with the present left open: to build one takes longer than to run it."""


def by_key(session: Session, message_key: str) -> OutboxMessage | None:
    """The first text of a message."""
    wanted = select(OutboxMessage).where(OutboxMessage.message_key == message_key).order_by(OutboxMessage.part).limit(1)
    return session.scalar(wanted)


def locked(session: Session, message_id: int) -> OutboxMessage | None:
    """One row, fresh and locked until the unit of work ends."""
    return session.scalar(_LOCKED, {"message_id": message_id})


def locked_by_sid(session: Session, sid: str) -> OutboxMessage | None:
    """The row of a carrier's id, fresh and locked."""
    wanted = select(OutboxMessage).where(OutboxMessage.sid == sid).with_for_update()
    return session.scalar(wanted.execution_options(populate_existing=True))


def claim(
    session: Session,
    *,
    token: str,
    owner: str,
    now: datetime,
    limit: int,
    policy: Policy,
    medium: Medium | None = None,
) -> Sequence[int]:
    """Claim due rows, most urgent first, then oldest: one of each person and lane, so that their order is kept.

    A row whose claim has lapsed is due again: it never came to `sending`.
    """
    turns = tuple((kind, rule.turn) for kind, rule in policy.kinds.items())
    values = {
        "now": now,
        "soon": now + policy.order_wait,
        "most": limit,
        "token": token,
        "by": owner,
        "until": now + policy.lease,
    }
    claimed = session.execute(_claiming(turns, medium), values)
    return [row.id for row in sorted(claimed, key=lambda row: (row.turn, row.send_after, row.id))]


@cache
def _claiming(turns: tuple[tuple[OutboxKind, int], ...], medium: Medium | None) -> Executable:
    turn = case(dict(turns), value=OutboxMessage.kind)
    of_medium = true() if medium is None else OutboxMessage.medium == medium
    # A CTE, not a sub-select: PostgreSQL may run a sub-select again for each row, and then the limit does not hold.
    chosen = (
        select(OutboxMessage.id)
        .where(_is_due(NOW), of_medium, ~_somebody_ahead())
        .order_by(turn, OutboxMessage.send_after, OutboxMessage.id)
        .limit(bindparam("most", type_=Integer()))
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    return (
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(select(chosen.c.id)), _is_due(NOW))
        .values(
            status=Status.CLAIMED,
            claim=bindparam("token"),
            owner=bindparam("by"),
            lease_until=bindparam("until", type_=UtcDateTime()),
        )
        .returning(OutboxMessage.id, OutboxMessage.send_after, turn.label("turn"))
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True)
class Seen:
    """What a tick finds: of which media something is due, whether a worker has vanished, whether to ask the carrier."""

    due: tuple[Medium, ...]
    abandoned: bool
    unknown: bool


def look(session: Session, now: datetime, policy: Policy) -> Seen:
    """Whether there is anything to do, without a write."""
    texts, calls, *rest = session.execute(_LOOK, {"now": now, "since": now - policy.look_for}).one()
    return Seen(tuple(medium for medium, is_due in zip(Medium, (texts, calls), strict=True) if is_due), *rest)


def release(session: Session, token: str) -> None:
    """Undo what is left of a claim: its rows wait as before."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.claim == token, OutboxMessage.status == Status.CLAIMED)
        .values(status=Status.PENDING, claim=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )


def _is_due(now: ColumnElement[datetime]) -> ColumnElement[bool]:
    return or_(
        and_(stands(Status.PENDING), OutboxMessage.send_after <= now),
        and_(stands(Status.CLAIMED), OutboxMessage.lease_until <= now),
    )


def stands(status: Status) -> ColumnElement[bool]:
    """That a row stands so, said in a way that its partial index is used."""
    return OutboxMessage.status == literal(status, OutboxMessage.status.type, literal_execute=True)


def _somebody_ahead() -> ColumnElement[bool]:
    """An earlier text to the same person in the same lane that is under way or will be tried (again) shortly."""
    earlier = aliased(OutboxMessage)
    return exists().where(
        earlier.to == OutboxMessage.to,
        earlier.lane == OutboxMessage.lane,
        earlier.id < OutboxMessage.id,
        or_(
            earlier.status.in_([Status.CLAIMED, Status.SENDING]),
            and_(earlier.status == Status.PENDING, earlier.send_after <= bindparam("soon", type_=UtcDateTime())),
        ),
    )


_LOCKED = (
    select(OutboxMessage)
    .where(OutboxMessage.id == bindparam("message_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_LOOK = select(
    exists().where(_is_due(NOW), OutboxMessage.medium == Medium.TEXT),
    exists().where(_is_due(NOW), OutboxMessage.medium == Medium.CALL),
    exists().where(stands(Status.SENDING), OutboxMessage.lease_until <= NOW),
    exists().where(
        stands(Status.UNKNOWN),
        OutboxMessage.send_after <= NOW,
        OutboxMessage.unknown_at > bindparam("since", type_=UtcDateTime()),
    ),
)
_PAUSE = (
    select(SenderPause)
    .where(SenderPause.carrier == bindparam("carrier"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def suppress(session: Session, to: str, kinds: Sequence[OutboxKind], reason: str) -> int:
    """Take back texts that wait to leave to a number."""
    taken_back = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.to == to, OutboxMessage.status.in_(WAITING), OutboxMessage.kind.in_(kinds))
        .values(status=Status.SUPPRESSED, reason=reason, claim=None, lease_until=None)
        .returning(OutboxMessage.id)
    )
    return len(taken_back.all())


def cancel(session: Session, message_keys: Collection[str]) -> int:
    """Take back all texts of some messages that wait to leave."""
    taken_back = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.message_key.in_(message_keys), OutboxMessage.status.in_(WAITING))
        .values(status=Status.SUPPRESSED, reason="cancelled", claim=None, lease_until=None)
        .returning(OutboxMessage.id)
    )
    return len(taken_back.all())


def left_since(
    session: Session, to: str, since: datetime, kinds: Sequence[OutboxKind], media: Sequence[Medium] = tuple(Medium)
) -> int:
    """How many messages of some kinds have left to a number; one split into several texts counts once."""
    values = {"to": to, "since": since, "kinds": list(kinds), "media": list(media)}
    return session.scalar(_LEFT_SINCE, values) or 0


_LEFT_SINCE = select(func.count()).where(
    OutboxMessage.to == bindparam("to"),
    OutboxMessage.part == 1,
    OutboxMessage.status.in_(LEFT),
    OutboxMessage.sending_at >= bindparam("since", type_=UtcDateTime()),
    OutboxMessage.kind.in_(bindparam("kinds", expanding=True)),
    OutboxMessage.medium.in_(bindparam("media", expanding=True)),
)


def same_text_left(session: Session, to: str, digest: str, besides: int) -> datetime | None:
    """When a number last got this very text."""
    return session.scalar(_SAME_TEXT_LEFT, {"digest": digest, "to": to, "besides": besides})


_SAME_TEXT_LEFT = select(func.max(OutboxMessage.sending_at)).where(
    OutboxMessage.digest == bindparam("digest"),
    OutboxMessage.to == bindparam("to"),
    OutboxMessage.id != bindparam("besides"),
    OutboxMessage.status.in_(LEFT),
)


def was_filtered(session: Session, digest: str) -> bool:
    """Whether a carrier has filtered this very text, to whomever."""
    return bool(session.scalar(_WAS_FILTERED, {"digest": digest}))


_WAS_FILTERED = select(exists().where(OutboxMessage.digest == bindparam("digest"), OutboxMessage.reason == "filtered"))


def first_part(session: Session, message_key: str) -> Status | None:
    """Where the first text of a message stands."""
    return session.scalar(
        select(OutboxMessage.status).where(OutboxMessage.message_key == message_key, OutboxMessage.part == 1)
    )


def pause(session: Session, carrier: str) -> SenderPause | None:
    """The pause of a carrier, fresh and locked."""
    return session.scalar(_PAUSE, {"carrier": carrier})


def start_pause(session: Session, carrier: str, *, since: datetime, until: datetime, code: int) -> bool:
    """Pause a carrier; False when it is paused already."""
    return insert_new(session, SenderPause, carrier=carrier, since=since, until=until, code=code)


def free_at(session: Session, carrier: str, medium: Medium) -> datetime | None:
    """From when on a carrier may be given the next text or call, or None when it never was."""
    wanted = select(SenderSlot.free_at).where(SenderSlot.carrier == carrier, SenderSlot.medium == medium)
    return session.scalar(wanted)


def move_slot(session: Session, carrier: str, medium: Medium, *, seen: datetime | None, free: datetime) -> bool:
    """Move that instant, unless another process has moved it since it was seen; returns whether it was moved."""
    if seen is None:
        return insert_new(session, SenderSlot, carrier=carrier, medium=medium, free_at=free)
    moved = session.execute(
        update(SenderSlot)
        .where(SenderSlot.carrier == carrier, SenderSlot.medium == medium, SenderSlot.free_at == seen)
        .values(free_at=free)
        .returning(SenderSlot.free_at)
        .execution_options(synchronize_session=False)
    )
    return moved.first() is not None


def remember(session: Session, kind: str, key: str, now: datetime) -> bool:
    """Store a webhook's receipt; False when there is one already."""
    return insert_new(session, WebhookReceipt, kind=kind, key=key, at=now)


def remembers(session: Session, kind: str, key: str) -> bool:
    """Whether there is a receipt."""
    wanted = select(WebhookReceipt.id).where(WebhookReceipt.kind == kind, WebhookReceipt.key == key)
    return session.scalar(wanted) is not None


def insert_new(session: Session, table: type[Base], **values: object) -> bool:
    """Insert a row unless a unique key has it already; waits for another unit of work that is just inserting it."""
    statement = _inserting(session.get_bind().dialect.name, table, tuple(values))
    return session.execute(statement, values).first() is not None


@cache
def _inserting(dialect: str, table: type[Base], names: tuple[str, ...]) -> Executable:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    row = insert(table).values({name: bindparam(name) for name in names})
    return row.on_conflict_do_nothing().returning(literal_column("1", Integer))


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """The due instant of the oldest row that should have left by now."""
    return session.scalar(select(func.min(OutboxMessage.send_after)).where(_is_due(NOW)), {"now": now})


def attention(
    session: Session, *, now: datetime, policy: Policy, limit: int, offset: int = 0, kind: OutboxKind | None = None
) -> Sequence[OutboxMessage]:
    """Rows a person must look at, newest first."""
    wanted = select(OutboxMessage).where(_needs_a_person(now, policy))
    if kind is not None:
        wanted = wanted.where(OutboxMessage.kind == kind)
    return session.scalars(wanted.order_by(OutboxMessage.id.desc()).limit(limit).offset(offset)).all()


def attention_count(session: Session, *, now: datetime, policy: Policy) -> int:
    """How many rows a person must look at."""
    return session.scalar(select(func.count(OutboxMessage.id)).where(_needs_a_person(now, policy))) or 0


def _needs_a_person(now: datetime, policy: Policy) -> ColumnElement[bool]:
    is_shown = or_(OutboxMessage.unknown_at.is_(None), OutboxMessage.unknown_at <= now - policy.show_after)
    fell = select(OutboxMessage.id).where(text(UNDECIDED), or_(OutboxMessage.status != Status.UNKNOWN, is_shown))
    soon = OutboxMessage.send_after <= now + OUTSIDE_CALENDAR_AGAIN
    undecidable = select(OutboxMessage.id).where(
        stands(Status.PENDING), soon, OutboxMessage.reason == "outside_calendar", OutboxMessage.seen_at.is_(None)
    )
    return OutboxMessage.id.in_(fell.union_all(undecidable))


def decisions(session: Session, message_ids: Sequence[int]) -> dict[int, list[OutboxDecision]]:
    """What people have decided about some rows, in that order."""
    wanted = select(OutboxDecision).where(OutboxDecision.message_id.in_(message_ids)).order_by(OutboxDecision.number)
    found: dict[int, list[OutboxDecision]] = {message_id: [] for message_id in message_ids}
    for decision in session.scalars(wanted):
        found[decision.message_id].append(decision)
    return found


def take_up_parts(session: Session, message_key: str, now: datetime) -> None:
    """The rest of a message, held back because its beginning fell, waits again."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.message_key == message_key,
            OutboxMessage.status == Status.SUPPRESSED,
            OutboxMessage.reason == "first_part",
        )
        .values(status=Status.PENDING, reason=None, send_after=now, valid_until=None)
        .execution_options(synchronize_session=False)
    )


def recent(session: Session, *, limit: int, before: int | None) -> Sequence[OutboxMessage]:
    """The newest rows, newest first; `before` an id, for the next page."""
    wanted = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(limit)
    return session.scalars(wanted.where(OutboxMessage.id < before) if before else wanted).all()


def to_unconfirmed_since(session: Session, since: datetime) -> int:
    """How many messages have been queued since an instant to numbers nobody has shown to own."""
    query = select(func.count()).select_from(OutboxMessage)
    unconfirmed = query.where(OutboxMessage.to_unconfirmed, OutboxMessage.part == 1, OutboxMessage.queued_at >= since)
    return session.scalar(unconfirmed) or 0


def last_left_to(session: Session, to: str) -> OutboxMessage | None:
    """The newest text that has left to a number, or may have."""
    return session.scalar(_LAST_LEFT, {"to": to})


_LAST_LEFT = (
    select(OutboxMessage)
    .where(OutboxMessage.to == bindparam("to"), OutboxMessage.status.in_(LEFT))
    .order_by(OutboxMessage.sending_at.desc(), OutboxMessage.id.desc())
    .limit(1)
)


def received_by(session: Session, to: str, *, after: int, limit: int) -> Sequence[OutboxMessage]:
    """Texts that have left to a number, in the order they left, without the first `after` ones."""
    wanted = (
        select(OutboxMessage)
        .where(
            OutboxMessage.to == to,
            OutboxMessage.medium == Medium.TEXT,
            OutboxMessage.status.in_([Status.SENT, Status.DELIVERED]),
        )
        .order_by(OutboxMessage.sending_at, OutboxMessage.id)
    )
    return session.scalars(wanted.offset(after).limit(limit)).all()
