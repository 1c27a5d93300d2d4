"""What was agreed in a call, once more as a text: hardly anybody can write down what is spoken. Flushes only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backend.callbacks import texts
from backend.calls.desk import Desk
from backend.conversations.models import Conversation
from backend.outbox import service as outbox
from backend.outbox.rules import OutboxKind
from backend.tickets import policy, wording
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import PromiseKind


def text_tickets(session: Session, conversation: Conversation, since: datetime, desk: Desk) -> bool:
    """Text number, promise and visit code of the tickets opened in a conversation since an instant; whether any left.

    They go to the number the ticket is under, if it gets texts: confirmed by its owner or not, these share the day's
    budget for numbers nobody has shown to own. Danger has its own words, and no text about a number.
    """
    _, known = tickets.known(session, conversation.id)
    opened = [each for each in known if each.conversation_id == conversation.id and each.created_at >= since]
    told = [_text(session, ticket, conversation, desk) for ticket in opened if ticket.danger is None]
    return any(told)


def _text(session: Session, ticket: Ticket, conversation: Conversation, desk: Desk) -> bool:
    key = f"ticket:{ticket.ticket_no}:confirmation"
    if ticket.contact_phone is None or outbox.by_key(session, key) is not None:
        return False
    line = outbox.line_of(session, ticket.contact_phone, desk.own_numbers).known
    budget = texts.budget_left(session, reference=desk.reference, now=desk.now, limits=policy.limits())
    if line.problem is not None or not line.is_mobile or not line.takes_texts or budget <= 0:
        return False
    row = outbox.queue(
        session,
        to=ticket.contact_phone,
        text=_words(session, ticket, conversation.language, desk),
        kind=OutboxKind.REPLY,
        key=key,
        language=conversation.language,
        conversation_id=conversation.id,
        own_numbers=desk.own_numbers,
        to_unconfirmed=not ticket.phone_confirmed,
        now=desk.now,
    )
    return row.reason is None


def _words(session: Session, ticket: Ticket, language: str, desk: Desk) -> str:
    """With a visit promised: by when, and its code; else when we call."""
    calendar, messages = desk.reference.calendar, desk.reference.messages
    for kind, template in ((PromiseKind.ONSITE, "ticket.confirmation"), (PromiseKind.REPLY, "ticket.noted")):
        due = tickets.running_due(session, ticket, kind)
        if due is not None:
            by = wording.due(due, calendar, desk.now).in_language(language)
            promise = wording.PROMISED[kind].in_language(language).format(due=by)
            code = {"visit_code": ticket.visit_code} if kind is PromiseKind.ONSITE else {}
            return messages.render(template, language, ticket_no=ticket.ticket_no, onsite=promise, **code)
    later = wording.due(None, calendar).in_language(language)
    return messages.render("ticket.noted", language, ticket_no=ticket.ticket_no, onsite=later)
