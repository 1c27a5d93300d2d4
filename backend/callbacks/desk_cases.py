"""Tickets as the desk works on them, with their calls and visits: by hand, edited, merged, split. Flushes only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.appointments import service as appointments
from backend.appointments import settling
from backend.callbacks import cases, service
from backend.callbacks.cases import Case
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status
from backend.callbacks.service import Span
from backend.conversations import service as conversations
from backend.errors import NotFound, Refused
from backend.reference import Reference
from backend.tickets import editing, merge_rules, merging
from backend.tickets.models import Ticket, TicketMerge
from backend.tickets.rules import Priority
from backend.tickets.service import TicketRequest


def open_by_hand(
    session: Session, request: TicketRequest, wanted: Span | None, *, reference: Reference, now: datetime
) -> Case:
    """Open a ticket while an agent talks to the customer; what the bot would check is checked.

    Raises:
        TooMany: the day's budget is used up.
        BadTime: the wanted time cannot be had; nothing is opened.
    """
    conversations.noted_call(session, request.conversation_id, language=request.language, now=now)
    return cases.open_with_callback(session, request, wanted, reference=reference, now=now)


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
    own_numbers: Sequence[str],
    reference: Reference,
    now: datetime,
) -> list[str]:
    """Put a ticket right; a call goes to the new number, and the visit follows the new address.

    Raises:
        Conflict: somebody else has changed it since.
        BadPhone: the number is none we can call.
        BadAddress: the address is not known to us.
    """
    service.hold_turn(session)
    old_phone = ticket.contact_phone
    changed = editing.edit(
        session,
        ticket,
        values,
        priority=priority,
        phone=phone,
        address=address,
        seen=seen,
        who=who,
        own_numbers=own_numbers,
        reference=reference,
        now=now,
    )
    if "phone" in changed and ticket.closed_at is None:
        cases.move_call(session, ticket, old_phone, reference, now, who=who)
    if "address" in changed:
        settling.follow_address(session, ticket, reference=reference, now=now)
    return changed


def merge(session: Session, ticket: Ticket, into: Ticket, *, who: str, now: datetime) -> TicketMerge:
    """Let a ticket go on in another, with the call that is booked for it.

    Raises:
        Refused: they cannot be one case.
        Conflict: somebody else has just changed one of them.
    """
    service.hold_turn(session)
    merging.hold(session, ticket, into)
    has_visit = appointments.open_of(session, ticket) is not None
    merged = merging.merge(session, ticket, into, has_visit=has_visit, who=who, now=now)
    moved = session.scalars(
        update(Callback)
        .where(Callback.ticket_id == ticket.id, Callback.status == Status.BOOKED)
        .values(ticket_id=into.id, version=Callback.version + 1)
        .returning(Callback.id)
        .execution_options(synchronize_session=False)
    ).all()
    merged.undo = merged.undo | {"calls": list(moved)}
    session.flush()
    session.expire_all()
    return merged


def unmerge(session: Session, ticket: Ticket, merge_id: int, *, who: str, now: datetime) -> None:
    """Take a merge back; the call that came along goes back, if nobody has made it meanwhile.

    Raises:
        NotFound: the ticket has no such merge.
        Refused: it has been taken back already, or the case is closed since.
    """
    service.hold_turn(session)
    merged = session.get(TicketMerge, merge_id)
    if merged is None or ticket.id not in (merged.ticket_id, merged.into_id):
        raise NotFound("There is no such merge.")
    alone, into = merging.take_back(session, merged, who=who, now=now)
    session.execute(
        update(Callback)
        .where(
            Callback.id.in_(merged.undo.get("calls", [])),
            Callback.ticket_id == into.id,
            Callback.status == Status.BOOKED,
        )
        .values(ticket_id=alone.id, version=Callback.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    session.expire_all()


def split(
    session: Session, ticket: Ticket, request: TicketRequest, *, who: str, reference: Reference, now: datetime
) -> Ticket:
    """Open a second ticket for another matter of the same customer and link both.

    Raises:
        Refused: by the duplicate guard it would be the same case: another kind or serial number is needed.
        TooMany: the day's budget is used up.
    """
    case = open_by_hand(session, request, None, reference=reference, now=now)
    if case.ticket.id == ticket.id:
        raise Refused("That would be the same case.", code=merge_rules.SPLIT_SAME)
    merging.link(session, ticket, case.ticket, code="split", who=who, now=now)
    return case.ticket
