"""Rows of follow-ups: end one, note a grade, once. Flushes, never commits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.callbacks import service as callbacks
from backend.customers import service as customers
from backend.errors import BadPhone
from backend.followups import queries, rules
from backend.followups.models import FollowUp
from backend.followups.rules import OPEN, By, Case, Policy, Skip, Status
from backend.kernel import phone as phones
from backend.reference import Reference
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import Priority, TicketType
from backend.tickets.rules import Status as TicketStatus

SYSTEM = "system"
CUSTOMER = "customer"
LONGEST_WORDS = 1000


def policy_of(reference: Reference) -> Policy:
    """The times and counts in force."""
    table = reference.followups
    return Policy(
        kinds=frozenset(table.kinds),
        delay=timedelta(minutes=table.delay_minutes),
        by_text=table.by_text,
        answer=timedelta(hours=table.answer_hours),
        words=timedelta(hours=table.words_hours),
        calls=table.calls,
        call_again=timedelta(minutes=table.call_again_minutes),
        spare=timedelta(minutes=table.spare_minutes),
        lease=timedelta(minutes=table.lease_minutes),
        undo=timedelta(minutes=table.undo_minutes),
        give_up=timedelta(days=table.give_up_days),
        rest=timedelta(days=table.rest_days),
    )


def case_of(session: Session, ticket: Ticket, followup_id: int = 0) -> Case:
    """What decides whether the customer of a ticket is asked, as it stands now."""
    phone = ticket.contact_phone
    others = [each for each in tickets.open_of_phone(session, phone) if each.id != ticket.id] if phone else []
    customer = customers.find(session, phone) if phone else None
    return Case(
        kind=ticket.type.value,
        done=ticket.status is TicketStatus.DONE,
        reachable=_can_be_reached(phone) and (customer is None or customer.wrong_since is None),
        in_danger=any(each.priority is Priority.CRITICAL for each in (ticket, *others)),
        complains=any(each.type is TicketType.COMPLAINT for each in others),
        opted_out=customer is not None and customer.opted_out_at is not None,
        asked_before=queries.asked_before(session, phone, followup_id) if phone else None,
    )


def _can_be_reached(phone: str | None) -> bool:
    try:
        return phone is not None and bool(phones.stored(phone))
    except BadPhone:
        return False


def gets_texts(phone: str | None) -> bool:
    """Whether a number is a mobile one."""
    try:
        return phone is not None and phones.stored(phone).kind is phones.Kind.MOBILE
    except BadPhone:
        return False


def waits_for_call(session: Session, followup: FollowUp) -> bool:
    """Whether the customer is waiting for a promised call: nobody rings them for less meanwhile."""
    return followup.phone is not None and callbacks.open_call(session, followup.phone) is not None


def change(session: Session, followup: FollowUp, values: dict[str, Any], *conditions: Any) -> bool:
    """Change a follow-up that is still open. False: somebody was faster."""
    changed = session.execute(
        update(FollowUp)
        .where(FollowUp.id == followup.id, FollowUp.status.in_(OPEN), *conditions)
        .values(version=FollowUp.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    session.expire(followup, ["version", *values])
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def end(session: Session, followup: FollowUp, status: Status, *, now: datetime, skip: Skip | None = None) -> bool:
    """Ask no further."""
    values = {"status": status, "skip": skip, "due_at": None, "closed_at": now}
    return change(session, followup, values)


def note_grade(
    session: Session,
    followup: FollowUp,
    grade: int,
    *,
    by: By,
    who: str,
    reference: Reference,
    now: datetime,
    words: str = "",
    answers: dict[str, bool] | None = None,
    tell_after: timedelta = timedelta(),
    only_if: tuple[Any, ...] = (),
) -> bool:
    """Note a grade, once. False: there is one already, or nobody asks any more.

    Args:
        tell_after: so long a grade can be taken back before a low one is told to whoever must look.
        only_if: what else must hold of the row.
    """
    is_low = rules.is_low(grade, reference.escalations.low_grade_at_most)
    values = {
        "status": Status.GRADED,
        "grade": grade,
        "is_low": is_low,
        "by": by,
        "who": who[:60],
        "words": words[:LONGEST_WORDS] or None,
        "answers": answers or {},
        "graded_at": now,
        "closed_at": now,
        "due_at": now + tell_after if is_low else None,
    }
    if not change(session, followup, values, *only_if):
        return False
    said = {"zh": f"：{words}", "en": f": {words}"} if words else {"zh": "", "en": ""}
    tickets.note(session, followup.ticket, "followup_graded", who=who, now=now, grade=grade, words=said)
    return True
