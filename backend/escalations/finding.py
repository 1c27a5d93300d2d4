"""Find below what must be escalated, and what need not be any more. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.appointments import service as appointments
from backend.callbacks import service as callbacks
from backend.conversations import service as conversations
from backend.conversations.rules import Mode
from backend.escalations import queries, rules, service, wording
from backend.escalations.models import Escalation, PromiseWatch
from backend.escalations.rules import Cause, Trigger
from backend.kernel.working_time import local_words
from backend.reference import Reference
from backend.tickets.ledger import state_of
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import CLOSED, PromiseKind, Words
from backend.tickets.share_rules import share_reached_at
from bot.text.hazard import hazard
from bot.text.normal import normal

MOST_NEW = 500  # promises that begin to be watched in one tick
STANDING_STILL = timedelta(minutes=15)  # a promise that runs again is watched at once; this is for one that was lost


def since(reference: Reference, now: datetime) -> datetime:
    """What was missed or asked for before this instant raises nothing any more."""
    return now - timedelta(days=reference.escalations.look_back_days)


def danger(session: Session, *, now: datetime) -> int:
    """Raise danger to people: of tickets, and of conversations without a ticket for it, or that wait once more."""
    raised = 0
    for ticket in queries.in_danger(session):
        key = f"ticket:{ticket.id}:{Trigger.DANGER}"
        known = queries.danger_of(session, ticket.conversation_id) if ticket.conversation_id else None
        if known is not None:
            service.adopt(session, known, ticket, key, now=now)
        else:
            why = wording.danger(ticket.danger)
            raised += service.raise_for(session, Trigger.DANGER, key, why, ticket=ticket, now=now) is not None
    for conversation in conversations.in_danger(session):
        called = conversation.handoff_requested_at
        if called is None or queries.has_ticket_since(session, conversation):
            continue
        key = f"conversation:{conversation.id}:{Trigger.DANGER}:{_stamp(called)}"
        if queries.keys_among(session, [key]):
            continue
        reported = queries.danger_ticket(session, conversation.id)
        found = hazard(conversation.handoff_summary or "")
        why = wording.danger(reported.danger if reported else found.kind if found else None)
        made = service.raise_for(
            session, Trigger.DANGER, key, why, ticket=reported, conversation_id=conversation.id, now=now
        )
        raised += made is not None
    return raised


def watch_promises(session: Session, *, reference: Reference) -> int:
    """Note when each running promise is to be warned of; again when its deadline has moved."""
    seen = 0
    for promise in queries.unwatched(session, MOST_NEW):
        watch = session.get(PromiseWatch, promise.id) or PromiseWatch(promise_id=promise.id)
        _aim(watch, promise, reference)
        try:
            with session.begin_nested():
                session.add(watch)
        except IntegrityError:  # another process has begun to watch it
            continue
        seen += 1
    return seen


def _aim(watch: PromiseWatch, promise: Promise, reference: Reference) -> None:
    """Watch a promise for the deadline it has now."""
    assert promise.due_at is not None
    table = reference.escalations
    watch.half_at, watch.near_at = (
        share_reached_at(state_of(promise), reference.calendar, share)
        for share in (table.promise_half_share, table.promise_near_share)
    )
    watch.due_at, watch.look_at = promise.due_at, watch.half_at


def promises(session: Session, *, reference: Reference, now: datetime) -> int:
    """Raise promises that have used up half, or most, of their clock, and those that were missed."""
    raised = 0
    watches = queries.take_watches(session, now)
    unsettled = queries.unsettled(session, [watch.promise_id for watch in watches])
    for watch in watches:
        promise, ticket = unsettled.get(watch.promise_id, (None, None))
        if promise is None or ticket is None:
            session.delete(watch)
        elif promise.due_at is None or promise.paused_at is not None:
            watch.look_at = now + STANDING_STILL
        elif promise.due_at != watch.due_at:
            _aim(watch, promise, reference)
        else:
            raised += _warn(session, watch, promise, ticket, reference, now)
    for promise, ticket in queries.missed(session, since(reference, now)):
        raised += _raise_promise(session, Trigger.PROMISE_MISSED, promise, ticket, reference, now)
    session.flush()
    return raised


def _warn(
    session: Session, watch: PromiseWatch, promise: Promise, ticket: Ticket, reference: Reference, now: datetime
) -> bool:
    is_near = watch.near_at is not None and watch.near_at <= now
    watch.look_at = None if is_near else watch.near_at
    if not is_near and reference.escalations.half_spares_planned and _is_planned(session, promise, ticket, now):
        return False
    trigger = Trigger.PROMISE_NEAR if is_near else Trigger.PROMISE_HALF
    return _raise_promise(session, trigger, promise, ticket, reference, now)


def _is_planned(session: Session, promise: Promise, ticket: Ticket, now: datetime) -> bool:
    """Whether the call that answers, or the visit, is booked in time."""
    if promise.due_at is None:
        return False
    planned_end = None
    if promise.kind is PromiseKind.REPLY and ticket.contact_phone:
        call = callbacks.open_call(session, ticket.contact_phone)
        planned_end = call.window_end if call else None
    elif promise.kind is PromiseKind.ONSITE:
        visit = appointments.agreed(session, ticket)
        planned_end = visit.window_end if visit else None
    return rules.is_provided_for(promise.due_at, planned_end, now)


def _raise_promise(
    session: Session, trigger: Trigger, promise: Promise, ticket: Ticket, reference: Reference, now: datetime
) -> bool:
    if promise.due_at is None:
        return False
    table = reference.escalations
    share = table.promise_near_share if trigger is Trigger.PROMISE_NEAR else table.promise_half_share
    due = Words(*(local_words(reference.calendar, promise.due_at, language) for language in ("zh", "en")))
    why = wording.promise(trigger, promise.kind, share, due)
    key = f"promise:{promise.id}:{trigger}"
    if trigger is not Trigger.PROMISE_MISSED:
        key += f":{_stamp(promise.due_at)}"  # a deadline that was put off is another one
    return service.raise_for(session, trigger, key, why, ticket=ticket, promise=promise, now=now) is not None


def contacts(session: Session, *, reference: Reference, now: datetime) -> int:
    """Raise tickets whose customer presses, and those to which the tickets room has called a manager."""
    begin, raised = since(reference, now), 0
    for ticket, entry in queries.for_manager(session, begin):
        why = wording.manager(str(entry.params.get("why", "")))
        key = f"ticket:{ticket.id}:{Trigger.MANAGER_CALLED}"
        raised += service.raise_for(session, Trigger.MANAGER_CALLED, key, why, ticket=ticket, now=now) is not None
    for ticket in queries.pressed(session, reference.escalations.repeat_from_contact, begin):
        key = f"ticket:{ticket.id}:{Trigger.REPEAT_CONTACT}"
        why = wording.contact(ticket.contacts)
        raised += service.raise_for(session, Trigger.REPEAT_CONTACT, key, why, ticket=ticket, now=now) is not None
    return raised


def new_angry_words(session: Session, *, reference: Reference, now: datetime) -> dict[str, str]:
    """By conversation, the words by which a customer has lately lost patience, where that is not raised yet."""
    table = reference.escalations
    found: dict[str, str] = {}
    for message in conversations.said_since(session, now - timedelta(minutes=table.angry_look_back_minutes)):
        if message.conversation_id not in found and (angry := table.angry_words.search(normal(message.text).text)):
            found[message.conversation_id] = angry[0]
    known = queries.keys_among(session, [_angry_key(each) for each in found])
    return {each: words for each, words in found.items() if _angry_key(each) not in known}


def angry_words(session: Session, found: Mapping[str, str], *, now: datetime) -> int:
    """Raise conversations in which a customer has lost patience; `found` as by `new_angry_words`."""
    raised = 0
    for conversation_id, words in found.items():
        made = service.raise_for(
            session,
            Trigger.ANGRY_WORDS,
            _angry_key(conversation_id),
            wording.angry(words),
            ticket=queries.open_ticket(session, conversation_id),
            conversation_id=conversation_id,
            now=now,
        )
        raised += made is not None
    return raised


def _angry_key(conversation_id: str) -> str:
    return f"conversation:{conversation_id}:{Trigger.ANGRY_WORDS}"


def settle(session: Session, *, now: datetime) -> int:
    """End escalations whose cause is gone, with that as the reason."""
    perhaps = queries.may_be_over(session)
    answered = queries.opinions_met(session, [each.ticket_id for each in perhaps if each.ticket_id])
    ended = 0
    for escalation in perhaps:
        over = rules.is_over(escalation.trigger, escalation.due_at, _cause(escalation, answered))
        ended += over is not None and service.settle(session, escalation, over, now=now)
    return ended


def _cause(escalation: Escalation, opinions_met: set[int]) -> Cause:
    ticket, promise, conversation = escalation.ticket, escalation.promise, escalation.conversation
    mode = conversation.mode if conversation else None
    match escalation.trigger:
        case Trigger.MANAGER_CALLED:
            answered = escalation.ticket_id in opinions_met
        case Trigger.ANGRY_WORDS:
            answered = mode in (Mode.HUMAN, Mode.CLOSED)
        case Trigger.DANGER:
            answered = ticket is None and mode in (Mode.BOT, Mode.CLOSED)
        case _:
            answered = False
    return Cause(
        ticket_closed=ticket is not None and ticket.status in CLOSED,
        gone=ticket is None and conversation is None,
        due_at=promise.due_at if promise else None,
        met_at=promise.met_at if promise else None,
        paused=promise is not None and promise.paused_at is not None,
        answered=answered,
    )


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S}"
