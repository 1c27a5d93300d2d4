"""Rows of unknown outcome: parked when their worker vanished, asked about, settled one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, exists, select, true, update
from sqlalchemy.orm import Session

from backend.outbox.models import OutboxMessage
from backend.outbox.queries import stands
from backend.outbox.rules import Medium, Policy, Status


def park_abandoned(session: Session, now: datetime) -> int:
    """Rows whose worker vanished while it called the carrier: their outcome is unknown since then."""
    parked = session.execute(
        update(OutboxMessage)
        .where(stands(Status.SENDING), OutboxMessage.lease_until <= now)
        .values(status=Status.UNKNOWN, reason="abandoned", unknown_at=OutboxMessage.sending_at, send_after=now)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(parked.all())


def take(session: Session, *, now: datetime, limit: int, policy: Policy) -> Sequence[OutboxMessage]:
    """Rows of unknown outcome whose turn it is to be asked about; the next turn comes after `look_every`."""
    chosen = (
        select(OutboxMessage.id)
        .where(
            stands(Status.UNKNOWN),
            OutboxMessage.send_after <= now,
            OutboxMessage.unknown_at > now - policy.look_for,
        )
        .order_by(OutboxMessage.send_after)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    taken = session.scalars(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(select(chosen.c.id)), OutboxMessage.send_after <= now)
        .values(send_after=now + policy.look_every)
        .returning(OutboxMessage)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return taken.all()


def hold(session: Session, to: str) -> None:
    """Hold all rows of unknown outcome to a number: who settles one of them sees what has become of the others."""
    session.execute(_UNKNOWN_TO, {"to": to})


_UNKNOWN_TO = (
    select(OutboxMessage.id)
    .where(stands(Status.UNKNOWN), OutboxMessage.to == bindparam("to"))
    .order_by(OutboxMessage.id)
    .with_for_update()
)


def is_leaving(session: Session, to: str, medium: Medium, digest: str) -> bool:
    """Whether these very words, or any call, are just on their way to a number."""
    alike = true() if medium is Medium.CALL else OutboxMessage.digest == digest
    leaving = exists().where(stands(Status.SENDING), OutboxMessage.to == to, OutboxMessage.medium == medium, alike)
    return bool(session.scalar(select(leaving)))


def known_sids(session: Session, to: str) -> frozenset[str]:
    """The carrier's ids of texts and calls to a number that we can account for."""
    wanted = select(OutboxMessage.sid).where(OutboxMessage.to == to, OutboxMessage.sid.is_not(None))
    return frozenset(sid for sid in session.scalars(wanted) if sid)
