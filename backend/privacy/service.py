"""Copies and deletions on a customer's request. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.audit import policy, rules
from backend.audit import service as audit
from backend.audit.rules import Kind, What
from backend.customers.models import Customer
from backend.errors import Conflict, NotFound, Refused
from backend.privacy import belongings
from backend.privacy.models import DeletionRequest
from backend.reference.base import plain
from backend.tickets.models import Ticket

NOT_TOLD = frozenset(
    {"token_hash", "salted_hash", "turn_owner", "turn_until", "claim", "owner", "lease_until", "digest"}
)
"""What only the machinery uses, and what would let its reader act for the customer."""


def customer(session: Session, customer_id: int) -> Customer:
    """A customer.

    Raises:
        NotFound: there is none of that number.
    """
    found = session.get(Customer, customer_id)
    if found is None:
        raise NotFound("There is no such customer; their data may have been deleted.")
    return found


def export(session: Session, customer_id: int, agent: Agent, why: str, *, now: datetime) -> dict[str, Any]:
    """Everything the house holds of a customer, as plain data by table; recorded with the reason.

    Raises:
        NotFound: there is none of that number.
        Refused: no reason is given.
    """
    found = belongings.find(session, customer(session, customer_id))
    _record(session, agent, What.EXPORTED, customer_id, _reason(why), now)
    held = {
        table: [{name: value for name, value in row.items() if name not in NOT_TOLD} for row in rows]
        for table, rows in belongings.rows(session, found).items()
    }
    told: dict[str, Any] = plain({"exported_at": now, **held})
    return told


def ask_deletion(session: Session, customer_id: int, agent: Agent, why: str, *, now: datetime) -> DeletionRequest:
    """Have a customer's data deleted once the undo window has passed.

    Raises:
        NotFound: there is none of that number.
        Refused: no reason is given.
        Conflict: it has been asked for already.
    """
    reason = rules.reason_to_keep(_reason(why))
    customer(session, customer_id)
    session.execute(select(Customer.id).where(Customer.id == customer_id).with_for_update())  # two at once: one waits
    if pending(session, customer_id):
        raise Conflict("The deletion has been asked for already.", code="asked_already")
    request = DeletionRequest(
        customer_id=customer_id,
        asked_at=now,
        asked_by=agent.name,
        why=reason,
        due_at=now + policy.current().undo,
    )
    session.add(request)
    _record(session, agent, What.DELETION_ASKED, customer_id, why, now)
    session.flush()
    return request


def cancel_deletion(session: Session, customer_id: int, agent: Agent, *, now: datetime) -> None:
    """Take a request for deletion back.

    Raises:
        Conflict: there is none that can be taken back; it may have been carried out.
    """
    changed = session.execute(
        update(DeletionRequest)
        .where(
            DeletionRequest.customer_id == customer_id,
            DeletionRequest.done_at.is_(None),
            DeletionRequest.cancelled_at.is_(None),
        )
        .values(cancelled_at=now, cancelled_by=agent.name)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict("There is no deletion to take back.", code="no_deletion")
    _record(session, agent, What.DELETION_CANCELLED, customer_id, "", now)


def pending(session: Session, customer_id: int) -> DeletionRequest | None:
    """The request that waits for its time, or None."""
    return session.scalar(
        select(DeletionRequest).where(
            DeletionRequest.customer_id == customer_id,
            DeletionRequest.done_at.is_(None),
            DeletionRequest.cancelled_at.is_(None),
        )
    )


def requests(session: Session, limit: int = 50) -> Sequence[DeletionRequest]:
    """Requests for deletion, newest first."""
    return session.scalars(select(DeletionRequest).order_by(DeletionRequest.id.desc()).limit(limit)).all()


def due(session: Session, *, now: datetime) -> Sequence[int]:
    """Requests whose time has come."""
    query = select(DeletionRequest.id).where(
        DeletionRequest.due_at <= now, DeletionRequest.done_at.is_(None), DeletionRequest.cancelled_at.is_(None)
    )
    return session.scalars(query.order_by(DeletionRequest.due_at).limit(20)).all()


def carry_out(session: Session, request_id: int, *, key: bytes, now: datetime) -> bool:
    """Claim a due request and delete what is the customer's; returns whether it was ours to do.

    Args:
        key: the house's secret; makes the pseudonym.
    """
    claimed = session.execute(
        update(DeletionRequest)
        .where(
            DeletionRequest.id == request_id,
            DeletionRequest.due_at <= now,
            DeletionRequest.done_at.is_(None),
            DeletionRequest.cancelled_at.is_(None),
        )
        .values(done_at=now, why="")
        .returning(DeletionRequest.customer_id)
        .execution_options(synchronize_session=False)
    ).first()
    if claimed is None:
        return False
    customer_id, pseudonym = claimed[0], rules.pseudonym_of(claimed[0], request_id, key)
    found = session.get(Customer, customer_id)
    held = belongings.find(session, found) if found else None
    conversations = sorted(held.of("conversations")) if held else []
    if held:
        numbers = _numbers_of(session, held)
        belongings.delete_all(session, held)
        audit.forget_customer(session, customer_id, [*numbers, *conversations], pseudonym=pseudonym)
    session.execute(  # those taken back earlier, too
        update(DeletionRequest)
        .where(DeletionRequest.customer_id == customer_id)
        .values(customer_id=0, why="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(DeletionRequest)
        .where(DeletionRequest.id == request_id)
        .values(
            pseudonym=pseudonym,
            counts=held.counts if held else {},
            bot_conversations=conversations,
        )
        .execution_options(synchronize_session=False)
    )
    audit.record(session, None, What.DELETED, Kind.LIST, "customer", count=len(conversations), now=now)
    return True


def to_forget(session: Session) -> list[tuple[int, str]]:
    """Conversations the bot has still to forget, with the request each belongs to."""
    query = select(DeletionRequest.id, DeletionRequest.bot_conversations).where(DeletionRequest.done_at.is_not(None))
    found = session.execute(query.order_by(DeletionRequest.id.desc()).limit(200))
    return [(request_id, each) for request_id, several in found for each in several]


def forgotten(session: Session, request_id: int, conversation_id: str) -> None:
    """Note that the bot has forgotten a conversation."""
    request = session.get(DeletionRequest, request_id, with_for_update=True)
    if request is not None:
        request.bot_conversations = [each for each in request.bot_conversations if each != conversation_id]
        session.flush()


def _numbers_of(session: Session, held: belongings.Belongings) -> list[str]:
    return list(session.scalars(select(Ticket.ticket_no).where(Ticket.id.in_(held.of("tickets")))))


def _reason(why: str) -> str:
    if not why.strip():
        raise Refused("Say how the customer asked for it.", code="no_why")
    return why


def _record(session: Session, agent: Agent, what: What, customer_id: int, why: str, now: datetime) -> None:
    audit.record(session, agent, what, Kind.CUSTOMER, str(customer_id), customer_id=customer_id, why=why, now=now)
