"""Record in the audit log, read it, and let it forget. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.audit import policy, rules
from backend.audit.models import AuditEntry
from backend.audit.rules import LOOKS, Kind, What

HOUSE = "system"
PAGE = 100
BATCH = 1000


def record(
    session: Session,
    agent: Agent | None,
    what: What,
    kind: Kind,
    subject: str,
    *,
    customer_id: int | None = None,
    count: int | None = None,
    why: str = "",
    now: datetime,
) -> None:
    """Record that an agent (None: the house itself) did something. A look repeated within minutes is recorded once.

    Raises:
        ValueError: the subject is no number of such a thing, so that it may hold what must not stand here.
    """
    if not rules.is_name_of(kind, subject):
        raise ValueError(f"the audit log cannot name this {kind}")
    if agent and is_recorded(session, agent, what, subject, now=now):
        return
    session.add(
        AuditEntry(
            at=now,
            agent_id=agent.id if agent else None,
            who=agent.name if agent else HOUSE,
            what=what,
            kind=kind,
            subject=subject,
            customer_id=customer_id,
            count=count,
            why=rules.reason_to_keep(why),
        )
    )
    session.flush()


def is_recorded(session: Session, agent: Agent, what: What, subject: str, *, now: datetime) -> bool:
    """Whether this is a look the agent was recorded to take minutes ago."""
    if what not in LOOKS:
        return False
    query = select(AuditEntry.id).where(
        AuditEntry.agent_id == agent.id,
        AuditEntry.what == what,
        AuditEntry.subject == subject,
        AuditEntry.at > now - policy.current().again,
    )
    return session.scalar(query.limit(1)) is not None


@dataclass(frozen=True)
class Wanted:
    """Which entries to show; what is None or empty does not matter. `until` is exclusive."""

    agent_id: int | None = None
    what: What | None = None
    subject: str = ""
    customer_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def entries(session: Session, wanted: Wanted, *, page: int = 0) -> Sequence[AuditEntry]:
    """A page of entries and one more, newest first."""
    query = select(AuditEntry)
    if wanted.agent_id is not None:
        query = query.where(AuditEntry.agent_id == wanted.agent_id)
    if wanted.what is not None:
        query = query.where(AuditEntry.what == wanted.what)
    if wanted.subject:
        query = query.where(or_(AuditEntry.subject == wanted.subject, AuditEntry.pseudonym == wanted.subject))
    if wanted.customer_id is not None:
        query = query.where(AuditEntry.customer_id == wanted.customer_id)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    return session.scalars(query.order_by(AuditEntry.id.desc()).limit(PAGE + 1).offset(page * PAGE)).all()


def forget_customer(session: Session, customer_id: int, subjects: Sequence[str], *, pseudonym: str) -> None:
    """Let what was recorded about a customer stand under a pseudonym.

    Args:
        subjects: numbers of their tickets and conversations, which lead back to them in papers outside the house.
    """
    theirs = or_(AuditEntry.customer_id == customer_id, AuditEntry.subject.in_(subjects))
    session.execute(
        update(AuditEntry)
        .where(theirs)
        .values(customer_id=None, pseudonym=pseudonym, subject=pseudonym, why="")
        .execution_options(synchronize_session=False)
    )


def forget_old(session: Session, *, now: datetime, keep: timedelta | None = None) -> int:
    """Delete a batch of entries older than they are kept; returns how many."""
    oldest = now - (policy.current().keep if keep is None else keep)
    due = select(AuditEntry.id).where(AuditEntry.at < oldest).order_by(AuditEntry.at).limit(BATCH)
    gone = session.execute(delete(AuditEntry).where(AuditEntry.id.in_(due)))
    return int(gone.rowcount)  # type: ignore[attr-defined]
