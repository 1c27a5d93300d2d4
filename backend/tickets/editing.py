"""A person at the desk puts a ticket right and gives it to somebody; every change stands in the timeline."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.errors import Conflict, NotFound, Refused
from backend.outbox import service as outbox
from backend.outlets import service as outlets
from backend.reference import Reference
from backend.tickets import intake, ledger, wording
from backend.tickets.models import Ticket, TicketFilter
from backend.tickets.rules import Priority

PLAIN = ("contact_name", *intake.FACTS, "language")
"""What is written as it is told; number, address and priority have checks of their own."""
LONGEST_LIST = 30


def stamp(ticket: Ticket) -> str:
    """What an editor has seen of a ticket, as a short sign: an edit made on something older is refused."""
    seen = [getattr(ticket, name) for name in (*PLAIN, "priority", "contact_phone", "address_text")]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def edit(
    session: Session,
    ticket: Ticket,
    values: Mapping[str, str],
    *,
    priority: Priority,
    phone: str,
    address: str,
    seen: str,
    who: str,
    own_numbers: Sequence[str] = (),
    reference: Reference,
    now: datetime,
) -> list[str]:
    """Write the values that differ; returns the names of what changed. The checks are those of the bot.

    Args:
        values: by names of PLAIN; an empty one says that it is not known.
        phone: as told; empty leaves the number as it is.
        address: as told; empty, or as it is written already, leaves the place as it is.

    Raises:
        Conflict: somebody else has changed it since it was `seen`.
        BadPhone: the number is none we can call.
        BadAddress: the address names no region, street or house we know.
    """
    session.refresh(ticket, with_for_update=True)
    if seen != stamp(ticket):
        raise Conflict("The ticket has been changed meanwhile.", code="outdated")
    number = outbox.number(phone, own_numbers=own_numbers).e164 if phone.strip() else None
    is_elsewhere = address.strip() and address.strip() != ticket.address_text
    placed = outlets.check(address, reference) if is_elsewhere else None

    changed = []
    for name in PLAIN:
        old, new = getattr(ticket, name), values.get(name, "").strip() or None
        if name in values and (old or None) != new and (new or name != "language"):
            setattr(ticket, name, new)
            changed.append(_noted(session, ticket, name, old, new, who, now))
    if priority is not ticket.priority:
        old = ticket.priority.value
        ticket.priority = priority
        changed.append(_noted(session, ticket, "priority", old, priority.value, who, now))
    if number and number != ticket.contact_phone:
        intake.replace_phone(session, ticket, number, who=who, now=now)
        changed.append("phone")
    if placed is not None and outlets.one_line(placed.address) != ticket.address_text:
        old = ticket.address_text
        intake.set_place(ticket, placed)
        intake.settle_visit(session, ticket, reference=reference, who=who, now=now)
        changed.append(_noted(session, ticket, "address", old, ticket.address_text, who, now))
    if {"model", "fault_code"} & set(changed):
        ticket.fault_class = intake.fault_class(ticket.model, ticket.fault_code)
    session.flush()
    return changed


def assign(session: Session, ticket: Ticket, agent: Agent | None, *, who: str, now: datetime) -> bool:
    """Give a ticket to an agent, or to nobody. False: it was theirs.

    Raises:
        Refused: the agent does not work here any more.
    """
    if agent is not None and not agent.active:
        raise Refused("This agent does not work here any more.", code="not_active")
    wanted = agent.id if agent else None
    if ticket.assignee_id == wanted:
        return False
    ticket.assignee_id = wanted
    code, names = ("assigned", {"name": agent.name}) if agent else ("unassigned", {})
    ledger.note(session, ticket, code, who=who, now=now, **names)
    return True


def save_filter(
    session: Session, agent: Agent, name: str, wanted: Mapping[str, str], *, shared: bool, now: datetime
) -> TicketFilter:
    """Keep a choice of tickets under a name; the same name of the same agent is written over.

    Raises:
        Refused: it has no name, or the agent has as many as anybody may have.
    """
    name = " ".join(name.split())[:40]
    if not name:
        raise Refused("Give the filter a name.", code="no_name")
    own = session.scalars(select(TicketFilter).where(TicketFilter.agent_id == agent.id)).all()
    found = next((each for each in own if each.name == name), None)
    if found is None:
        if len(own) >= LONGEST_LIST:
            raise Refused("Delete a filter first.", code="too_many_filters")
        found = TicketFilter(agent_id=agent.id, name=name, created_at=now)
        session.add(found)
    found.wanted, found.shared = dict(wanted), shared
    session.flush()
    return found


def drop_filter(session: Session, agent: Agent, filter_id: int) -> None:
    """Delete one of an agent's own filters.

    Raises:
        NotFound: there is none of theirs.
    """
    found = session.get(TicketFilter, filter_id)
    if found is None or found.agent_id != agent.id:
        raise NotFound("There is no such filter of yours.")
    session.delete(found)


def filters_for(session: Session, agent: Agent) -> list[TicketFilter]:
    """An agent's own filters, then those that others share."""
    query = select(TicketFilter).where((TicketFilter.agent_id == agent.id) | TicketFilter.shared)
    return sorted(session.scalars(query), key=lambda each: (each.agent_id != agent.id, each.name))


def _noted(
    session: Session, ticket: Ticket, name: str, old: str | None, new: str | None, who: str, now: datetime
) -> str:
    field = wording.FIELDS["name" if name == "contact_name" else name].as_dict()
    ledger.note(session, ticket, "edited", who=who, now=now, field=field, old=old or "–", new=new or "–")
    return name
