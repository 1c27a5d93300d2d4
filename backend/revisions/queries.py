"""Reads of the revisions room."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.revisions.models import Revision
from backend.revisions.rules import Status


def approved(session: Session, table: str | None = None) -> dict[str, list[int]]:
    """Approved revisions by table, in the order of their approval; the last of each is in force. Reads no body."""
    query = select(Revision.table, Revision.id).where(Revision.status == Status.APPROVED)
    if table is not None:
        query = query.where(Revision.table == table)
    found: dict[str, list[int]] = {}
    for name, revision_id in session.execute(query.order_by(Revision.approval)):
        found.setdefault(name, []).append(revision_id)
    return found


def next_approval(session: Session) -> int:
    """The number of the next approval."""
    return (session.scalar(select(func.max(Revision.approval))) or 0) + 1


def of_table(session: Session, table: str, limit: int) -> Sequence[Revision]:
    """A table's revisions, newest first."""
    query = select(Revision).where(Revision.table == table).order_by(Revision.id.desc())
    return session.scalars(query.limit(limit)).all()


def drafts(session: Session, table: str) -> Sequence[Revision]:
    """A table's drafts, newest first."""
    query = select(Revision).where(Revision.table == table, Revision.status == Status.DRAFT)
    return session.scalars(query.order_by(Revision.id.desc())).all()


def some(session: Session, revision_ids: Sequence[int]) -> Sequence[Revision]:
    """Revisions by their numbers."""
    return session.scalars(select(Revision).where(Revision.id.in_(revision_ids))).all()
