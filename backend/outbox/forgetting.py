"""Deletes of the outbox room, piece by piece."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, and_, delete, func, not_, or_, select, update
from sqlalchemy.orm import Session

from backend.outbox.models import OutboxMessage, SpokenTurn, WebhookReceipt
from backend.outbox.rules import FOR_A_PERSON, WAITING, Status

MASKED = "****"
_UNDECIDED = and_(OutboxMessage.status.in_(FOR_A_PERSON), OutboxMessage.seen_at.is_(None))
_UNDER_WAY = OutboxMessage.status.in_([*WAITING, Status.SENDING])


def forget_words(session: Session, before: datetime, limit: int) -> int:
    """Blank text and number of rows queued before an instant; the number's last digits stay, to be recognised by.

    Rows that still may leave or wait for a person keep both.
    """
    last_digits = func.substr(OutboxMessage.to, func.length(OutboxMessage.to) - 3, type_=String)
    old = (
        select(OutboxMessage.id)
        .where(OutboxMessage.queued_at < before, OutboxMessage.text != "", not_(or_(_UNDER_WAY, _UNDECIDED)))
        .limit(limit)
    )
    blanked = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(old))
        .values(text="", spoken=None, to=MASKED + last_digits)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(blanked.all())


def forget_answers(session: Session, before: datetime, limit: int) -> int:
    """Delete what was answered in calls before an instant: no carrier repeats a webhook of so long ago."""
    old = select(SpokenTurn.id).where(SpokenTurn.at < before).limit(limit)
    gone = session.execute(
        delete(SpokenTurn)
        .where(SpokenTurn.id.in_(old))
        .returning(SpokenTurn.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def delete_rows(session: Session, before: datetime, limit: int) -> int:
    """Delete rows queued before an instant, but those under way, and those by which a filtered text is known."""
    old = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.queued_at < before,
            not_(_UNDER_WAY),
            or_(OutboxMessage.reason.is_(None), OutboxMessage.reason != "filtered"),
        )
        .limit(limit)
    )
    gone = session.execute(
        delete(OutboxMessage)
        .where(OutboxMessage.id.in_(old))
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def delete_receipts(session: Session, before: datetime, limit: int) -> int:
    """Delete receipts of webhooks older than an instant."""
    old = select(WebhookReceipt.id).where(WebhookReceipt.at < before).limit(limit)
    gone = session.execute(
        delete(WebhookReceipt)
        .where(WebhookReceipt.id.in_(old))
        .returning(WebhookReceipt.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())
