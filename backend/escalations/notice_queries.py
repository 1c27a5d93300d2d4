"""Who was told of what, and who is still to be told: reads and claims of notices."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, exists, func, select, update
from sqlalchemy.orm import Session, joinedload

from backend.db import UtcDateTime
from backend.escalations.models import Escalation, Notice
from backend.escalations.rules import Means

NOW = bindparam("now", type_=UtcDateTime())


def notices(session: Session, escalation_ids: Sequence[int]) -> dict[int, list[Notice]]:
    """Who was told of some escalations, in order."""
    found: dict[int, list[Notice]] = {each: [] for each in escalation_ids}
    for notice in session.scalars(_NOTICES, {"escalation_ids": escalation_ids}):
        found[notice.escalation_id].append(notice)
    return found


_NOTICES = (
    select(Notice).where(Notice.escalation_id.in_(bindparam("escalation_ids", expanding=True))).order_by(Notice.id)
)


def last_bundle(session: Session, person: str, means: Means) -> datetime | None:
    """When somebody was last told by a text or call that was no alarm."""
    query = select(func.max(Notice.sent_at)).where(
        Notice.person == person, Notice.means == means, Notice.bundle.is_not(None)
    )
    return session.scalar(query)


def people_due(session: Session, now: datetime) -> Sequence[tuple[str, Means]]:
    """Who is to be told something by now, and by which means."""
    return list(dict.fromkeys((row.person, row.means) for row in session.execute(_PEOPLE_DUE, {"now": now})))


_PEOPLE_DUE = select(Notice.person, Notice.means).where(Notice.due_at <= NOW).order_by(Notice.due_at, Notice.id)
"""Not grouped here: a planner would read all notices there ever were, in the order of their groups."""


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
