"""Promises as they stood before and after something that may be taken back. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import UtcDateTime
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import PromiseKind

Snapshot = dict[str, dict[str, Any]]
_KEPT = [column.name for column in Promise.__table__.columns if column.name not in ("id", "ticket_id", "kind")]


def snapshot(session: Session, tickets: Sequence[Ticket], kind: PromiseKind) -> Snapshot:
    """The promises of a kind of some tickets, by id, as JSON can keep them; held until the end of the unit of work."""
    session.flush()
    query = select(Promise).where(Promise.ticket_id.in_([ticket.id for ticket in tickets]), Promise.kind == kind)
    found = session.scalars(query.order_by(Promise.id).with_for_update().execution_options(populate_existing=True))
    return {str(promise.id): {name: _plain(getattr(promise, name)) for name in _KEPT} for promise in found}


def put_back(session: Session, before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """Let promises stand as `before` again, those that still stand as `after`; returns how many changed."""
    changed = 0
    for promise_id, old in before.items():
        if old == after[promise_id]:
            continue
        promise = session.get(Promise, int(promise_id), with_for_update=True, populate_existing=True)
        if promise is None or {name: _plain(getattr(promise, name)) for name in _KEPT} != after[promise_id]:
            continue
        for name in _KEPT:
            setattr(promise, name, _value(name, old[name]))
        changed += 1
    session.flush()
    return changed


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _value(name: str, value: Any) -> Any:
    is_instant = isinstance(Promise.__table__.columns[name].type, UtcDateTime)
    return datetime.fromisoformat(value) if is_instant and value is not None else value
