"""Which tickets are wanted, in which order, and how they stand on the board."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ScalarSelect, Select, case, exists, func, literal, select
from sqlalchemy.orm import Session

from backend.console import keyset
from backend.console.keyset import Column, Leaf
from backend.console.queries import PAGE, names
from backend.db import UtcDateTime
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import CLOSED, Priority, Status, TicketType

OPEN, ALL = "open", "all"
MINE, NOBODY = "mine", "nobody"
NEVER = datetime(2999, 1, 1, tzinfo=UTC)  # tickets without a running promise come last
COLUMN = 60
"""How many cards a column of the board shows."""


class Order(StrEnum):
    """What stands first."""

    PROMISE = "promise"
    NEWEST = "newest"
    OLDEST = "oldest"
    PRIORITY = "priority"
    CONTACTS = "contacts"


@dataclass(frozen=True)
class Wanted:
    """A choice of tickets. It holds no customer's data, so it may stand in an address and be kept under a name.

    Attributes:
        assignee: `mine`, `nobody`, or empty for everybody's.
        overdue: whether a promise must be broken.
    """

    status: str = OPEN
    kind: str = ""
    priority: str = ""
    tier: str = ""
    outlet: str = ""
    assignee: str = ""
    overdue: str = ""
    order: str = Order.PROMISE.value

    def as_dict(self) -> dict[str, str]:
        """What differs from the usual choice."""
        usual = asdict(Wanted())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}


def wanted_of(asked: Mapping[str, str]) -> Wanted:
    """The choice meant; what is not known is left out."""
    known = {
        "status": {OPEN, ALL, *(each.value for each in Status)},
        "kind": {each.value for each in TicketType},
        "priority": {each.value for each in Priority},
        "tier": {"central_city", "township", "remote_rural", "none"},
        "assignee": {MINE, NOBODY},
        "overdue": {"yes"},
        "order": {each.value for each in Order},
    }
    found = {name: asked[name] for name, values in known.items() if asked.get(name) in values}
    if asked.get("status") and "status" not in found:
        found["status"] = ALL
    return replace(Wanted(), **found, outlet=asked.get("outlet", "")[:80])


def found(
    session: Session,
    wanted: Wanted,
    *,
    agent_id: int,
    now: datetime,
    text: str = "",
    after: str = "",
    before: str = "",
) -> tuple[Leaf[Ticket], int]:
    """A page of the tickets wanted, and how many there are."""
    query = _chosen(wanted, agent_id, now)
    if text:
        query = query.where(names(session, text))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    columns = [*_columns(Order(wanted.order)), keyset.number(Ticket.id, falls=True)]
    return keyset.leaf(session, query, columns, PAGE, after=after, before=before), total


def board(session: Session, wanted: Wanted, *, agent_id: int, now: datetime) -> dict[Status, tuple[list[Ticket], int]]:
    """The open tickets by status with how many there are of each; of those done, today's last ones."""
    shown: dict[Status, tuple[list[Ticket], int]] = {}
    for status in Status:
        if status is Status.CANCELLED:
            continue
        query = _chosen(replace(wanted, status=status.value), agent_id, now)
        total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        first = (
            Ticket.closed_at.desc()
            if status is Status.DONE
            else func.coalesce(_nearest(), literal(NEVER, UtcDateTime()))
        )
        shown[status] = (list(session.scalars(query.order_by(first, Ticket.id).limit(COLUMN))), total)
    return shown


def outlets(session: Session) -> list[str]:
    """The outlets tickets name."""
    query = select(Ticket.outlet).where(Ticket.outlet.is_not(None)).distinct().order_by(Ticket.outlet)
    return [name for name in session.scalars(query) if name]


def _chosen(wanted: Wanted, agent_id: int, now: datetime) -> Select[Ticket]:
    query = select(Ticket)
    if wanted.status == OPEN:
        query = query.where(Ticket.status.not_in(CLOSED))
    elif wanted.status != ALL:
        query = query.where(Ticket.status == Status(wanted.status))
    equal: dict[Any, str] = {Ticket.type: wanted.kind, Ticket.priority: wanted.priority, Ticket.outlet: wanted.outlet}
    query = query.where(*(column == value for column, value in equal.items() if value))
    if wanted.tier:
        query = query.where(Ticket.tier.is_(None) if wanted.tier == "none" else Ticket.tier == wanted.tier)
    if wanted.assignee:
        query = query.where(Ticket.assignee_id == (agent_id if wanted.assignee == MINE else None))
    if wanted.overdue:
        broken = exists().where(
            Promise.ticket_id == Ticket.id,
            Promise.met_at.is_(None),
            Promise.paused_at.is_(None),
            Promise.due_at < now,
        )
        query = query.where(broken)
    return query


def _columns(order: Order) -> list[Column]:
    nearest = func.coalesce(_nearest(), literal(NEVER, UtcDateTime()))
    urgent = case((Ticket.priority == Priority.CRITICAL, 0), (Ticket.priority == Priority.URGENT, 1), else_=2)
    match order:
        case Order.PROMISE:
            is_closed = case((Ticket.status.in_(CLOSED), 1), else_=0)
            return [keyset.number(is_closed), keyset.instant(nearest)]
        case Order.NEWEST:
            return [keyset.instant(Ticket.created_at, falls=True)]
        case Order.OLDEST:
            return [keyset.instant(Ticket.created_at)]
        case Order.PRIORITY:
            return [keyset.number(urgent), keyset.instant(nearest)]
        case Order.CONTACTS:
            return [keyset.number(Ticket.contacts, falls=True)]


def _nearest() -> ScalarSelect[datetime | None]:
    """When the next promise of a ticket is due; NULL when none runs."""
    running = Promise.ticket_id == Ticket.id, Promise.met_at.is_(None), Promise.paused_at.is_(None)
    return select(func.min(Promise.due_at)).where(*running).correlate(Ticket).scalar_subquery()
