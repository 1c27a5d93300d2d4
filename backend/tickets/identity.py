"""Whose records may be read out where: one-time codes to the numbers of tickets. Flushes, never commits.

A conversation reads the tickets it has opened itself, and those of the one number whose owner its writer has shown to
be. The number a text comes from and the cookie of a browser open nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time

import structlog
from sqlalchemy.orm import Session

from backend.conversations import service as conversations
from backend.conversations.models import Conversation
from backend.customers import codes
from backend.customers import rules as customer_rules
from backend.customers.rules import CodeVerdict
from backend.outbox import service as outbox
from backend.outbox.rules import OutboxKind
from backend.reference import Reference
from backend.tickets import policy, queries, rules
from backend.tickets.models import Ticket

log = structlog.get_logger(__name__)


def may_hear(conversation: Conversation, ticket: Ticket) -> bool:
    """Whether a ticket may be told in a conversation."""
    return ticket.conversation_id == conversation.id or customer_rules.same_person(
        conversation.verified_phone, ticket.contact_phone
    )


def send_code(
    session: Session,
    conversation_id: str,
    phone: str,
    *,
    reference: Reference,
    own_numbers: Collection[str] = (),
    now: datetime,
) -> None:
    """Text a one-time code to a number (E.164), if it has a ticket with us and today's codes are not used up.

    A code is stored for a number without a ticket, too, and only never sent: whoever asks learns no difference.

    Raises:
        NotFound: there is no such conversation.
    """
    conversation = conversations.get(session, conversation_id)
    code_policy = policy.limits().codes
    midnight = datetime.combine(rules.ticket_day(reference.calendar, now), time(), reference.calendar.zone)
    given = codes.give(session, phone, conversation_id, since=midnight, policy=code_policy, now=now)
    if given is None:
        log.info("no further one-time code today", conversation=conversation_id)
        return
    row, code = given
    if not queries.of_phone(session, phone, limit=1):
        return
    minutes = int(code_policy.valid_for.total_seconds() // 60)
    outbox.queue(
        session,
        to=phone,
        text=reference.messages.render("code", conversation.language, code=code, minutes=minutes),
        kind=OutboxKind.REPLY,
        key=f"{outbox.CODE_KEY}{row.id}",
        language=conversation.language,
        conversation_id=conversation_id,
        valid_until=row.expires_at,
        answering=now,
        own_numbers=own_numbers,
        now=now,
    )


def check_code(session: Session, conversation_id: str, phone: str, code: str, *, now: datetime) -> CodeVerdict:
    """Judge a code; the right one opens the tickets of its number (E.164) in this conversation.

    Whoever calls must commit whatever the verdict: it counts the attempt.

    Raises:
        NotFound: there is no such conversation.
    """
    conversation = conversations.get(session, conversation_id)
    verdict = codes.check(session, phone, conversation_id, code, policy=policy.limits().codes, now=now)
    if verdict is CodeVerdict.RIGHT:
        conversations.verify(session, conversation, phone)
    return verdict
