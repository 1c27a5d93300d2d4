"""What the tick does: plan follow-ups of cases that are done, ask, go over to calling, give up, tell of low grades.

Flushes, never commits. A claim and what is queued for it are one unit of work, and the outbox takes a question's key
once: a process that dies at any point leaves either both or neither.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.callbacks import texts
from backend.conversations import service as conversations
from backend.conversations.rules import Author, Channel, Mode
from backend.escalations import service as escalations
from backend.followups import grading, queries, rules
from backend.followups.grading import SYSTEM, policy_of
from backend.followups.models import FollowUp
from backend.followups.rules import Plan, Skip, Status
from backend.outbox import service as outbox
from backend.outbox.rules import OutboxKind
from backend.reference import Reference
from backend.tickets import policy as ticket_policy
from backend.tickets import service as tickets
from backend.tickets.models import Ticket

BATCH = 100
_ANSWERABLE = (Mode.BOT, Mode.CLOSED)


def key_of(followup_id: int) -> str:
    """The name of the question in the outbox."""
    return f"followup:{followup_id}:ask"


def plan(session: Session, *, reference: Reference, now: datetime) -> int:
    """Give each case that is done its follow-up, or the reason why there is none; returns how many."""
    since = now - timedelta(days=reference.followups.look_back_days)
    return sum(_plan(session, ticket, reference, now) for ticket in queries.unplanned(session, since, BATCH))


def _plan(session: Session, ticket: Ticket, reference: Reference, now: datetime) -> bool:
    policy = policy_of(reference)
    done_at = ticket.closed_at or now
    planned = rules.obstacle(grading.case_of(session, ticket), policy, now) or rules.plan(
        done_at, policy, reference.calendar
    )
    is_asked = isinstance(planned, Plan)
    followup = FollowUp(
        ticket_id=ticket.id,
        phone=ticket.contact_phone,
        status=Status.WAITING if is_asked else Status.SKIPPED,
        skip=None if isinstance(planned, Plan) else planned,
        due_at=planned.at if isinstance(planned, Plan) else None,
        give_up_at=planned.until if isinstance(planned, Plan) else now,
        created_at=now,
        closed_at=None if is_asked else now,
    )
    try:
        with session.begin_nested():
            session.add(followup)
    except IntegrityError:  # another process was faster
        return False
    return True


def ask(session: Session, *, reference: Reference, now: datetime) -> tuple[int, list[str]]:
    """Put the questions that are due; returns how many, and the web conversations in which one now stands."""
    begun = {"status": Status.ASKED, "asked_at": now, "due_at": None}
    claimed = queries.claim_due(session, Status.WAITING, now, BATCH, begun)
    touched = []
    for followup_id in claimed:
        followup = queries.one(session, followup_id)
        assert followup is not None
        if conversation_id := _ask(session, followup, reference, now):
            touched.append(conversation_id)
    return len(claimed), touched


def _ask(session: Session, followup: FollowUp, reference: Reference, now: datetime) -> str | None:
    policy = policy_of(reference)
    why = rules.obstacle(grading.case_of(session, followup.ticket, followup.id), policy, now)
    if why is Skip.REOPENED:
        session.delete(followup)  # nobody was asked yet: they will be when the case is done again
        session.flush()
        return None
    if why is not None:
        followup.asked_at = None
        grading.end(session, followup, Status.SKIPPED, now=now, skip=why)
        return None
    followup.phone = followup.ticket.contact_phone
    on_web = _say_on_web(session, followup, reference, now)
    by_text = _text(session, followup, reference, now)
    if by_text:
        followup.due_at = rules.call_from(now, policy, reference.calendar)
    else:  # whoever was asked on the web alone may never come back there
        followup.status, followup.due_at = Status.TO_CALL, now
    if by_text or on_web:
        tickets.note(session, followup.ticket, "followup_asked", who=SYSTEM, now=now)
    session.flush()
    return on_web


def _text(session: Session, followup: FollowUp, reference: Reference, now: datetime) -> bool:
    """Queue the question, where one may go: to a mobile number, within the day's budget for unconfirmed ones."""
    ticket, policy = followup.ticket, policy_of(reference)
    if not policy.by_text or not grading.gets_texts(followup.phone):
        return False
    assert followup.phone is not None
    limits = ticket_policy.limits()
    if not ticket.phone_confirmed and texts.budget_left(session, reference=reference, now=now, limits=limits) <= 0:
        return False
    outbox.queue(
        session,
        to=followup.phone,
        text=reference.messages.render("followup.ask", ticket.language, ticket_no=ticket.ticket_no),
        kind=OutboxKind.NOTICE,
        key=key_of(followup.id),
        language=ticket.language,
        conversation_id=ticket.conversation_id,
        valid_until=now + policy.answer,
        to_unconfirmed=not ticket.phone_confirmed,
        now=now,
    )
    return True


def _say_on_web(session: Session, followup: FollowUp, reference: Reference, now: datetime) -> str | None:
    """Ask in the web conversation of the case, too, where nobody is just talking: its id, or None."""
    ticket = followup.ticket
    if ticket.conversation_id is None:
        return None
    conversation = conversations.hold(session, ticket.conversation_id)
    rests = now - conversation.last_message_at >= timedelta(minutes=reference.followups.quiet_minutes)
    if conversation.channel is not Channel.WEB or conversation.mode not in _ANSWERABLE or not rests:
        return None
    language = conversation.language
    said = conversations.say(
        session,
        conversation,
        Author.BOT,
        reference.messages.render("followup.ask_web", language, ticket_no=ticket.ticket_no),
        buttons=reference.messages.buttons("followup.ask_web", language),
        now=now,
    )
    followup.message_id = said.id
    return conversation.id


def go_over_to_calling(session: Session, *, now: datetime) -> int:
    """Let those be called who have not answered; returns how many."""
    return len(queries.claim_due(session, Status.ASKED, now, BATCH, {"status": Status.TO_CALL}))


def give_up(session: Session, *, now: datetime) -> int:
    """Stop asking where it has gone on for long enough; returns how many."""
    values = {"status": Status.UNANSWERED, "due_at": None, "closed_at": now}
    return len(queries.claim_given_up(session, now, BATCH, values))


def tell_of_low_grades(session: Session, *, reference: Reference, now: datetime) -> int:
    """Raise low grades that can no longer be taken back; returns how many."""
    claimed = queries.claim_due(session, Status.GRADED, now, BATCH, {"due_at": None})
    for followup_id in claimed:
        followup = queries.one(session, followup_id)
        assert followup is not None
        assert followup.grade is not None
        escalations.report_grade(session, followup.ticket, followup.grade, reference=reference, now=now)
    return len(claimed)
