"""What did not leave, or may not have: a person decides, once, whether it is tried again or dropped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from backend.errors import Conflict, NotFound
from backend.outbox import queries, rules
from backend.outbox.models import OutboxDecision, OutboxMessage
from backend.outbox.rules import Status, Verdict
from backend.outbox.service import CODE_KEY

log = structlog.get_logger(__name__)


def decided(session: Session, rows: Sequence[OutboxMessage]) -> dict[int, list[OutboxDecision]]:
    """What people have decided about rows so far, by id, in that order."""
    return queries.decisions(session, [row.id for row in rows])


def verdicts(row: OutboxMessage) -> tuple[Verdict, ...]:
    """What a person may decide about a row now."""
    is_secret = row.message_key.startswith(CODE_KEY)
    return rules.verdicts(row.status, row.reason, is_dropped=row.seen_at is not None, is_secret=is_secret)


def decide(session: Session, message_id: int, verdict: Verdict, *, seen: int, who: str, now: datetime) -> OutboxMessage:
    """Try a row again, or drop it. The same decision by the same person again has no second effect.

    What is tried again waits as if it had just been queued, without an end of its validity: hotline hours, opt-out and
    the checks of its number hold when it leaves. Of an outcome nobody knows the person may have got it already.

    Args:
        seen: how many decisions about the row the person has seen.

    Raises:
        NotFound: there is no such row.
        Conflict: somebody else has decided meanwhile, or the row no longer stands so that one may decide this.
    """
    row = queries.locked(session, message_id)
    if row is None:
        raise NotFound
    made = queries.decisions(session, [message_id])[message_id]
    if len(made) == seen + 1 and (made[-1].verdict, made[-1].who) == (verdict, who[:60]):
        return row
    if len(made) != seen or verdict not in verdicts(row):
        raise Conflict

    session.add(
        OutboxDecision(
            message_id=row.id,
            number=seen + 1,
            verdict=verdict,
            who=who[:60],
            at=now,
            status=row.status,
            reason=row.reason,
        )
    )
    log.info("a person decides", message=row.id, verdict=verdict.value, status=row.status.value)
    if verdict is Verdict.AGAIN:
        _try_again(session, row, now)
    else:
        row.seen_at = now
        if row.status is Status.PENDING:
            row.status, row.reason = Status.SUPPRESSED, "dropped"
    session.flush()
    return row


def _try_again(session: Session, row: OutboxMessage, now: datetime) -> None:
    row.status, row.reason, row.send_after, row.valid_until = Status.PENDING, None, now, None
    row.claim = row.lease_until = row.seen_at = None
    row.failures, row.had_second_try = 0, False
    if row.part == 1:
        queries.take_up_parts(session, row.message_key, now)
