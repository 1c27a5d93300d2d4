"""A fault that is gone after advice by telephone: a closed repair, so that nobody is sent for nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backend.conversations import service as conversations
from backend.outlets import service as outlets
from backend.reference import Reference
from backend.tickets import intake, ledger, queries
from backend.tickets.intake import CUSTOMER, TicketRequest
from backend.tickets.models import Ticket
from backend.tickets.rules import Priority, Status

SOLVED_BY_PHONE = "solved_by_phone"


def record_solved(session: Session, request: TicketRequest, *, reference: Reference, now: datetime) -> Ticket | None:
    """Record a closed ticket, once for each form. It promises nothing: nothing is left to be done.

    Without a telephone number there is nobody to open a ticket for: the conversation keeps a note; returns None.

    Raises:
        NotFound: there is no such conversation.
        TooMany: the day's budget of this number, address or conversation is used up.
    """
    if not request.phone:
        conversation = conversations.hold(session, request.conversation_id)
        conversation.handoff_summary = f"{SOLVED_BY_PHONE}: {request.said}"[:2000]
        session.flush()
        return None
    conversation = conversations.get(session, request.conversation_id)
    counter = intake.hold_counter(session, reference, now)
    if known := queries.by_form(session, request.conversation_id, request.form_id):
        return known
    placed = outlets.read(request.address, reference)
    intake.refuse_over_budget(session, request, placed, reference, now)

    ticket = intake.add(session, request, placed, conversation, Priority.NORMAL, counter, now=now)
    ticket.status, ticket.closed_at = Status.DONE, now
    ledger.note(session, ticket, SOLVED_BY_PHONE, who=CUSTOMER, now=now)
    return ticket
