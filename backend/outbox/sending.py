"""A text or call on its way: claimed, decided about, sent, and what came of it. For tick and status webhook only.

Between `begin_sending` and `record` lies the call to the carrier; the row says `sending` in the database by then, so
that whatever happens to this process nobody sends it a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from backend.customers import service as customers
from backend.errors import OutsideCalendar
from backend.outbox import policy as policies
from backend.outbox import queries, reference_rules, rules, service, unknown
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import (
    FOR_STAFF,
    Around,
    Decision,
    Draft,
    Drop,
    Go,
    Medium,
    OutboxKind,
    Policy,
    Status,
    Wait,
    Way,
)
from backend.reference import Reference
from telephony import error_codes, sms
from telephony.ports import (
    Action,
    Carrier,
    CarrierStatus,
    DeliveryStatus,
    FoundCall,
    FoundText,
    NotProcessed,
    OutgoingCall,
    OutgoingText,
    Refused,
    SendResult,
    Sent,
    Unknown,
)

log = structlog.get_logger(__name__)

CLOCK_SLACK = timedelta(seconds=5)
CALL_BEGINS_WITHIN = timedelta(seconds=20)
AUTOMATIC = (OutboxKind.REMINDER, OutboxKind.NOTICE)


@dataclass(frozen=True)
class Means:
    """With whom and by which rules texts are sent."""

    carrier: Carrier
    reference: Reference
    policy: Policy


def claim(
    session: Session,
    means: Means,
    *,
    token: str,
    owner: str,
    limit: int,
    now: datetime,
    medium: Medium | None = None,
) -> list[int]:
    """Claim due rows; while the sender is paused none, and one when it is to be tried again."""
    policy = means.policy
    pause = queries.pause(session, means.carrier.name)
    if pause is not None and pause.until > now:
        return []
    limit = limit if pause is None else 1
    claimed = queries.claim(session, token=token, owner=owner, now=now, limit=limit, policy=policy, medium=medium)
    if pause is not None and claimed:
        pause.until = now + policy.pause
    return list(claimed)


def begin_sending(
    session: Session, message_id: int, means: Means, *, token: str, now: datetime
) -> OutgoingText | OutgoingCall | None:
    """Decide about a claimed row and, when it goes, mark it `sending`; commit before calling the carrier.

    Returns:
        The text or call to send; None when the row waits, falls, or is no longer ours.
    """
    row = queries.locked(session, message_id)
    if row is None or row.claim != token or row.status is not Status.CLAIMED or row.lease_until is None:
        return None
    if row.lease_until <= now:
        return None

    claimed_at = row.lease_until - means.policy.lease
    if service.is_paused(session, means.carrier.name, since=claimed_at, now=now):
        _apply(row, Wait(now, "sender_paused"))
        return None

    line = service.line_of(session, row.to, means.carrier.own_numbers).known
    way = rules.route(row.medium, line, means.carrier.capabilities, can_be_said=bool(row.spoken))
    if way.medium is Medium.CALL and row.medium is Medium.TEXT:
        service.call_instead(row, way.reason or "")
    around = _around(session, row, way, line.region, means, now)
    decision = _decide(row, around, means, now)

    if not isinstance(decision, Go):
        _apply(row, decision)
        return None
    row.status, row.reason = Status.SENDING, None
    row.attempts += 1
    row.sending_at, row.lease_until = now, now + means.policy.lease
    row.sid = row.carrier_status = row.error_code = row.unknown_at = None
    reference = reference_rules.reference(row.id, row.attempts)
    if row.medium is Medium.CALL:
        return OutgoingCall(row.to, row.text, row.language, reference, decision.valid_for_s, row.script or "")
    return OutgoingText(row.to, row.text, reference, decision.valid_for_s)


def patience(outgoing: OutgoingText | OutgoingCall, policy: Policy) -> timedelta:
    """How long after `begin_sending` the carrier may still be called."""
    valid_for_s = outgoing.ring_for_s if isinstance(outgoing, OutgoingCall) else outgoing.valid_for_s
    return min(policy.lease, timedelta(seconds=valid_for_s))


def _around(session: Session, row: OutboxMessage, way: Way, region: str, means: Means, now: datetime) -> Around:
    """What matters besides the text; what cannot matter for its kind and carrier is not asked for."""
    today = rules.day_start(means.reference.calendar, now)
    is_automatic = means.policy.kinds[row.kind].automatic
    is_limited = means.carrier.capabilities.daily_per_number is not None
    return Around(
        way=way,
        region=region,
        opted_out_at=customers.opted_out_at(session, row.to),
        automatic_today=queries.left_since(session, row.to, today, AUTOMATIC) if is_automatic else 0,
        texts_today=queries.left_since(session, row.to, today, list(OutboxKind), [Medium.TEXT]) if is_limited else 0,
        same_text_at=queries.same_text_left(session, row.to, row.digest, row.id) if is_automatic else None,
        was_filtered=queries.was_filtered(session, row.digest),
        first_part=queries.first_part(session, row.message_key) if row.part > 1 else None,
    )


def _decide(row: OutboxMessage, around: Around, means: Means, now: datetime) -> Decision:
    segments = sms.segments(row.text) if row.medium is Medium.TEXT else 0
    draft = Draft(row.kind, row.text, segments, row.part, row.answering, row.valid_until, row.medium)
    try:
        return rules.decide(
            draft,
            around,
            policy=means.policy,
            calendar=means.reference.calendar,
            capabilities=means.carrier.capabilities,
            now=now,
        )
    except OutsideCalendar:
        log.warning("held back: the calendar has no data for this day", message=row.id)
        return Wait(now + rules.OUTSIDE_CALENDAR_AGAIN, "outside_calendar")


def record(session: Session, message_id: int, result: SendResult, means: Means, *, token: str, now: datetime) -> None:
    """Store what came of a call to the carrier. A status callback may have been faster: states only move forward."""
    row = queries.locked(session, message_id)
    if row is None or row.claim != token:
        return
    if row.status not in {Status.SENDING, Status.UNKNOWN}:
        if isinstance(result, Sent) and row.sid is None:
            row.sid = result.sid
        return
    match result:
        case Sent(sid):
            row.sid, row.status, row.reason = sid, Status.SENT, None
            _resume(session, means.carrier.name)
        case NotProcessed(retry_after_s=retry_after_s):
            _back_off(row, retry_after_s, means.policy, now)
        case Refused(code, action):
            _refuse(session, row, code, action, carrier=means.carrier.name, policy=means.policy, now=now)
        case Unknown(why):
            row.status, row.reason, row.unknown_at = Status.UNKNOWN, why[:40], now
            row.send_after = now + means.policy.look_every
            log.warning("outcome unknown", message=row.id, why=why)


def give_back(session: Session, message_id: int, means: Means, *, token: str, now: datetime) -> None:
    """A row could not be handled at all: back off, and in the end give it up so that others flow."""
    row = queries.locked(session, message_id)
    if row is not None and row.claim == token and row.status is Status.CLAIMED:
        _back_off(row, None, means.policy, now)


def _back_off(row: OutboxMessage, retry_after_s: int | None, policy: Policy, now: datetime) -> None:
    row.failures += 1
    _apply(row, rules.after_not_processed(row.failures, retry_after_s, row.id, policy=policy, now=now))


def apply_status(session: Session, status: DeliveryStatus, *, ref: str, carrier: str, now: datetime) -> bool:
    """The effect of a status callback; returns whether it had one.

    Matched by our reference, which is known even before the carrier's id is; else by that id.
    """
    row = _row_of(session, status.sid, ref)
    if row is None or status.status is None:
        return False
    row.sid = row.sid or status.sid
    current = CarrierStatus(row.carrier_status) if row.carrier_status else None
    if sms.forward(current, status.status) is current:
        return False
    row.carrier_status = status.status.value
    reached = rules.status_of(status.status)
    if reached is Status.REFUSED and row.medium is Medium.CALL:
        _apply(row, Drop(Status.REFUSED, status.status.value.replace("-", "_")))
    elif reached is Status.REFUSED:
        code = status.error_code or 0
        policy = policies.current()
        _refuse(session, row, code, error_codes.action(code), carrier=carrier, policy=policy, now=now)
    else:
        row.status, row.reason, row.error_code = reached, None, None
    return True


def _row_of(session: Session, sid: str, ref: str) -> OutboxMessage | None:
    """The row a callback speaks of, if it speaks of the row's last attempt."""
    if (named := reference_rules.read_reference(ref)) is None:
        row = queries.locked_by_sid(session, sid)
    else:
        message_id, attempt = named
        row = queries.locked(session, message_id)
        if row is not None and row.attempts != attempt:
            return None
    return row if row is not None and row.attempts > 0 else None


def _refuse(
    session: Session, row: OutboxMessage, code: int, action: Action, *, carrier: str, policy: Policy, now: datetime
) -> None:
    for_staff = row.kind in FOR_STAFF
    decision = rules.after_refusal(
        action, had_second_try=row.had_second_try, policy=policy, now=now, for_staff=for_staff
    )
    row.error_code = code
    _apply(row, decision)
    match action:
        case Action.STOP:
            _pause(session, carrier, code, policy, now)
        case Action.RETRY_LATER:
            row.had_second_try = True
        case Action.OPTED_OUT if not for_staff:
            customers.set_opt_out(session, row.to, now)
            service.suppress(session, row.to, now)
        case Action.VOICE if not for_staff and row.medium is Medium.TEXT:
            customers.set_no_texts(session, row.to, now)
            log.warning("the number takes no texts", message=row.id, code=code, called=row.spoken is not None)
            if row.spoken is not None:
                service.call_instead(row, "no_texts")
                _apply(row, Wait(now, "called_instead"))
        case Action.BLOCKED:
            log.error("carrier blocks a country or suspects fraud", message=row.id, code=code)
        case _:
            log.warning("text refused", message=row.id, code=code, action=action.value)


def _apply(row: OutboxMessage, decision: Decision) -> None:
    """Put a row back to wait, or end it."""
    row.claim = row.lease_until = None
    match decision:
        case Wait(until, reason):
            row.status, row.reason, row.send_after = Status.PENDING, reason, until
        case Drop(status, reason):
            row.status, row.reason = status, reason
            log.info("text will not leave", message=row.id, kind=row.kind.value, status=status.value, reason=reason)


def _pause(session: Session, carrier: str, code: int, policy: Policy, now: datetime) -> None:
    """Pause the sender; one alarm, however often it is tried again."""
    until = now + policy.pause
    if queries.start_pause(session, carrier, since=now, until=until, code=code):
        log.error("sender paused: the carrier refuses our account", carrier=carrier, code=code)
    elif (pause := queries.pause(session, carrier)) is not None:
        pause.until, pause.code = until, code


def _resume(session: Session, carrier: str) -> None:
    if (pause := queries.pause(session, carrier)) is not None:
        session.delete(pause)
        log.warning("sender resumed", carrier=carrier)


Found = Sequence[FoundText] | Sequence[FoundCall]


def settle_unknown(session: Session, message_id: int, to: str, found: Found, *, carrier: str, now: datetime) -> bool:
    """Look for a row of unknown outcome among the carrier's texts or calls to its number; returns whether it is there.

    Not finding it proves nothing: the row stays unknown and an agent sees it. While the same words are just leaving to
    this number nothing is settled: what is found may be those.
    """
    unknown.hold(session, to)
    row = queries.locked(session, message_id)
    if row is None or row.status is not Status.UNKNOWN or row.sending_at is None:
        return False
    if unknown.is_leaving(session, to, row.medium, row.digest):
        return False
    known = unknown.known_sids(session, row.to)
    earliest = (row.sending_at - CLOCK_SLACK).replace(microsecond=0)
    name = reference_rules.reference(row.id, row.attempts)
    ours = [
        one
        for one in found
        if one.sid not in known and one.created_at >= earliest and _is_ours(one, name, row.text, row.sending_at)
    ]
    if not ours:
        return False
    first = min(ours, key=lambda one: one.created_at)
    row.sid, row.status, row.reason = first.sid, Status.SENT, None
    status = DeliveryStatus(first.sid, first.status, first.error_code if isinstance(first, FoundText) else None)
    apply_status(session, status, ref=name, carrier=carrier, now=now)
    return True


def _is_ours(found: FoundText | FoundCall, name: str, words: str, sending_at: datetime) -> bool:
    """A text is known by our name for it, or by its words; a call has neither, so it must have begun when we asked."""
    if isinstance(found, FoundText) and found.reference:
        return found.reference == name
    if isinstance(found, FoundText):
        return found.body.rstrip().endswith(words)
    return found.created_at <= sending_at + CALL_BEGINS_WITHIN
