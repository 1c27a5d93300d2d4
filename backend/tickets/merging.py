"""One case out of two tickets, and two again; tickets that belong together. Flushes, never commits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from backend.errors import Conflict, Refused
from backend.tickets import intake, ledger, merge_rules, rules
from backend.tickets.merge_rules import Side
from backend.tickets.models import Ticket, TicketLink, TicketMerge
from backend.tickets.rules import Priority, Status


def hold(session: Session, *both: Ticket) -> None:
    """Hold tickets, as they stand now; nobody else changes them until the end of the unit of work."""
    for each in sorted(both, key=lambda side: side.id):
        session.refresh(each, with_for_update=True)


def merge(session: Session, ticket: Ticket, into: Ticket, *, has_visit: bool, who: str, now: datetime) -> TicketMerge:
    """Let a ticket go on in another: that one gets its contacts, its priority and the facts it lacks.

    The promises of both stay as they are; those of the merged one no longer run, as of any cancelled ticket. Whoever
    calls this holds both (`hold`).

    Raises:
        Refused: they cannot be one case; the reason says why.
        Conflict: somebody else has just changed one of them.
    """
    if why := merge_rules.may_merge(_side(ticket, has_visit=has_visit), _side(into)):
        raise Refused("These two tickets cannot be one.", code=why)
    old = ticket.status
    changed = session.execute(
        update(Ticket)
        .where(Ticket.id == ticket.id, Ticket.status == old, Ticket.merged_into_id.is_(None))
        .values(status=Status.CANCELLED, closed_at=now, merged_into_id=into.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(ticket)
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict

    priority = into.priority
    filled = {name: getattr(ticket, name) for name in intake.FACTS if not getattr(into, name) and getattr(ticket, name)}
    for name, value in filled.items():
        setattr(into, name, value)
    into.priority = rules.higher(into.priority, ticket.priority)
    into.contacts += ticket.contacts
    undo: dict[str, Any] = {"status": old.value, "filled": filled, "priority": priority.value}
    undo |= {"raised_to": into.priority.value, "contacts": ticket.contacts}
    merged = TicketMerge(ticket_id=ticket.id, into_id=into.id, who=who, at=now, undo=undo)
    session.add(merged)
    ledger.note(session, ticket, "merged", who=who, now=now, number=into.ticket_no)
    ledger.note(session, into, "merged_here", who=who, now=now, number=ticket.ticket_no)
    return merged


def take_back(session: Session, merged: TicketMerge, *, who: str, now: datetime) -> tuple[Ticket, Ticket]:
    """Let a merged ticket stand on its own again. What was changed since in the other one stays. Returns both.

    Raises:
        Refused: it has been taken back already, or the case is closed since.
    """
    ticket, into = session.get_one(Ticket, merged.ticket_id), session.get_one(Ticket, merged.into_id)
    hold(session, ticket, into)
    session.refresh(merged, with_for_update=True)
    if why := merge_rules.may_unmerge(_side(ticket), _side(into), undone=merged.undone_at is not None):
        raise Refused("This merge stays.", code=why)
    undo = merged.undo
    ticket.status, ticket.closed_at, ticket.merged_into_id = Status(undo["status"]), None, None
    for name, value in undo["filled"].items():
        if getattr(into, name) == value:
            setattr(into, name, None)
    if into.priority == undo["raised_to"]:
        into.priority = Priority(undo["priority"])
    into.contacts = max(1, into.contacts - int(undo["contacts"]))
    merged.undone_at = now
    ledger.note(session, ticket, "unmerged", who=who, now=now, number=into.ticket_no)
    ledger.note(session, into, "unmerged", who=who, now=now, number=ticket.ticket_no)
    return ticket, into


def merges_of(session: Session, ticket: Ticket) -> list[tuple[TicketMerge, Ticket]]:
    """The merges a ticket takes part in that were not taken back, with the other ticket; newest first."""
    query = (
        select(TicketMerge, Ticket)
        .join(Ticket, or_(Ticket.id == TicketMerge.ticket_id, Ticket.id == TicketMerge.into_id))
        .where(
            or_(TicketMerge.ticket_id == ticket.id, TicketMerge.into_id == ticket.id),
            TicketMerge.undone_at.is_(None),
            Ticket.id != ticket.id,
        )
    )
    return [(merged, other) for merged, other in session.execute(query.order_by(TicketMerge.id.desc()))]


def link(session: Session, ticket: Ticket, other: Ticket, *, code: str = "linked", who: str, now: datetime) -> bool:
    """Note that two tickets belong together. False: that was known.

    Raises:
        Refused: it is the same ticket.
    """
    if ticket.id == other.id:
        raise Refused("A ticket is not linked with itself.", code=merge_rules.NoMerge.SAME)
    first, second = sorted((ticket.id, other.id))
    known = select(TicketLink.id).where(TicketLink.first_id == first, TicketLink.second_id == second)
    if session.scalar(known) is not None:
        return False
    session.add(TicketLink(first_id=first, second_id=second, who=who, at=now))
    ledger.note(session, ticket, code, who=who, now=now, number=other.ticket_no)
    ledger.note(session, other, "linked", who=who, now=now, number=ticket.ticket_no)
    return True


def unlink(session: Session, ticket: Ticket, other: Ticket, *, who: str, now: datetime) -> None:
    """Take a link back; one that is gone already changes nothing."""
    first, second = sorted((ticket.id, other.id))
    query = select(TicketLink).where(TicketLink.first_id == first, TicketLink.second_id == second)
    if found := session.scalar(query):
        session.delete(found)
        ledger.note(session, ticket, "unlinked", who=who, now=now, number=other.ticket_no)
        ledger.note(session, other, "unlinked", who=who, now=now, number=ticket.ticket_no)


def linked(session: Session, ticket: Ticket) -> list[Ticket]:
    """The tickets that belong together with one, newest first."""
    both = or_(
        (TicketLink.first_id == ticket.id) & (TicketLink.second_id == Ticket.id),
        (TicketLink.second_id == ticket.id) & (TicketLink.first_id == Ticket.id),
    )
    return list(session.scalars(select(Ticket).join(TicketLink, both).order_by(Ticket.id.desc())))


def _side(ticket: Ticket, *, has_visit: bool = False) -> Side:
    return Side(ticket.id, ticket.status, ticket.merged_into_id is not None, has_visit)
