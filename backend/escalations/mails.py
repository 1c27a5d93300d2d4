"""Mails to staff on their way: queued in the unit of work that tells somebody, sent after commit, each once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from backend import db
from backend.escalations.mailer import Accepted, Mail, Mailer, MaybeSent, NotSent, Outcome
from backend.escalations.models import MailStatus, StaffMail

log = structlog.get_logger(__name__)

NOW = bindparam("now", type_=db.UtcDateTime())
LEASE = timedelta(seconds=60)
BATCH = 20
BACK_OFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))


def queue(
    session: Session,
    *,
    to: str,
    subject: str,
    body: str,
    key: str,
    now: datetime,
    valid_until: datetime | None = None,
) -> StaffMail:
    """Store a mail; the tick sends it once this unit of work is committed. The caller names it uniquely."""
    mail = StaffMail(key=key, to=to, subject=subject, body=body, queued_at=now, send_after=now, valid_until=valid_until)
    session.add(mail)
    session.flush()
    return mail


def take_back(session: Session, keys: Sequence[str]) -> None:
    """Take back those of some mails that have not begun to leave."""
    session.execute(
        update(StaffMail)
        .where(StaffMail.key.in_(keys), StaffMail.status == MailStatus.PENDING)
        .values(status=MailStatus.CANCELLED)
        .execution_options(synchronize_session=False)
    )


def send_due(
    sessions: db.Sessions, mailer: Mailer, now: datetime, *, clock: Callable[[], datetime] | None = None
) -> int:
    """Send what is due, at most one batch; returns how many rows were handled. A server that does not take a mail now
    is left alone until the next tick.

    A row says `sending` in the database before the server is called. What outlasts its lease there is `unknown` and
    not sent again: somebody sees it on the page of mails.

    Args:
        clock: the present instant, asked again for each mail: a server may take its time. Default: time stands still.
    """
    tell = clock or (lambda: now)
    with db.read_scope(sessions) as session:
        if not session.scalar(_ANYTHING, {"now": now}):
            return 0  # the usual second: nothing is written
    for handled in range(BATCH):
        with db.session_scope(sessions) as session:
            _park_abandoned(session, tell())
            claimed = _claim(session, tell())
        if claimed is None:
            return handled
        outcome = mailer.send(claimed.mail)
        with db.session_scope(sessions) as session:
            _record(session, claimed, outcome, tell())
        if isinstance(outcome, MaybeSent) or (isinstance(outcome, NotSent) and not outcome.for_good):
            return handled + 1
    return BATCH


_ANYTHING = select(
    or_(
        exists().where(StaffMail.status == MailStatus.SENDING, StaffMail.lease_until <= NOW),
        exists().where(StaffMail.status == MailStatus.PENDING, StaffMail.send_after <= NOW),
    )
)


def _park_abandoned(session: Session, now: datetime) -> None:
    session.execute(
        update(StaffMail)
        .where(StaffMail.status == MailStatus.SENDING, StaffMail.lease_until <= now)
        .values(status=MailStatus.UNKNOWN, reason="abandoned", lease_until=None)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True)
class _Claimed:
    id: int
    attempt: int
    mail: Mail


def _claim(session: Session, now: datetime) -> _Claimed | None:
    """One due mail. The limit stands in a CTE: PostgreSQL may run a sub-select again for each row."""
    due = (StaffMail.status == MailStatus.PENDING, StaffMail.send_after <= now)
    session.execute(
        update(StaffMail)
        .where(*due, StaffMail.valid_until <= now)
        .values(status=MailStatus.FAILED, reason="too_late")
        .execution_options(synchronize_session=False)
    )
    first = select(StaffMail.id).where(*due).order_by(StaffMail.send_after, StaffMail.id).limit(1)
    chosen = first.with_for_update(skip_locked=True).cte("chosen")
    row = session.scalar(
        update(StaffMail)
        .where(StaffMail.id.in_(select(chosen.c.id)), *due)
        .values(status=MailStatus.SENDING, lease_until=now + LEASE, attempts=StaffMail.attempts + 1)
        .returning(StaffMail)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    if row is None:
        return None
    return _Claimed(row.id, row.attempts, Mail(row.to, row.subject, row.body, row.key.replace(":", ".")))


def _record(session: Session, claimed: _Claimed, outcome: Outcome, now: datetime) -> None:
    """Store what came of a mail, also where it has outlasted its lease: whoever sent it knows better."""
    row = session.get(StaffMail, claimed.id, with_for_update=True, populate_existing=True)
    if row is None or row.attempts != claimed.attempt or row.status not in (MailStatus.SENDING, MailStatus.UNKNOWN):
        return
    row.lease_until = None
    match outcome:
        case Accepted():
            row.status, row.sent_at, row.reason = MailStatus.SENT, now, None
        case MaybeSent(why):
            row.status, row.reason = MailStatus.UNKNOWN, why
        case NotSent(why, for_good):
            row.reason = why
            if for_good or row.attempts > len(BACK_OFF):
                row.status = MailStatus.FAILED
            else:
                row.status, row.send_after = MailStatus.PENDING, now + BACK_OFF[row.attempts - 1]
    if row.status in (MailStatus.FAILED, MailStatus.UNKNOWN):
        log.warning("mail to staff did not leave for certain", mail=row.id, status=row.status.value, reason=row.reason)
