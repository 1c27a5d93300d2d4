"""The tick of the outbox: claim what is due, send it, settle unknown outcomes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

import structlog

from backend import db
from backend.outbox import policy as policies
from backend.outbox import queries, sending
from backend.outbox.rules import Medium, Policy
from backend.outbox.sending import Means
from backend.reference import Reference
from telephony.ports import Carrier, CarrierAway, OutgoingCall, OutgoingText, SendResult, Unknown

log = structlog.get_logger(__name__)

MOST_LOOKS = 10

Tell = Callable[[], datetime]


def run_due(
    sessions: db.Sessions,
    now: datetime,
    carrier: Carrier,
    reference: Reference,
    owner: str,
    *,
    clock: Tell | None = None,
    policy: Policy | None = None,
) -> int:
    """Send what is due, at most one batch; returns how many rows were handled. Any number of processes may tick.

    Args:
        owner: who claims, for operators to read.
        clock: the present instant, asked again before each text: a batch may take longer than a lease or run into
            closing time. Default: time stands still at `now`.
        policy: other numbers than those in force (tests).
    """
    tell = clock or (lambda: now)
    means = Means(carrier, reference, policy or policies.current())
    with db.session_scope(sessions) as session:
        queries.park_abandoned(session, tell())

    handled, batch = 0, means.policy.batch
    while handled < batch:
        token = uuid.uuid4().hex
        with db.session_scope(sessions) as session:
            claimed = sending.claim(session, means, token=token, owner=owner, limit=batch - handled, now=tell())
        if not claimed:
            break
        for message_id in claimed:
            _send_one(sessions, message_id, means, token=token, tell=tell)
        handled += len(claimed)

    return handled + _look_up(sessions, means, tell)


def _send_one(sessions: db.Sessions, message_id: int, means: Means, *, token: str, tell: Tell) -> None:
    try:
        with db.session_scope(sessions) as session:
            outgoing = sending.begin_sending(session, message_id, means, token=token, now=tell())
    except Exception:  # one row nobody can handle must not hold up the others
        log.exception("message cannot be handled", message=message_id)
        with db.session_scope(sessions) as session:
            sending.give_back(session, message_id, means, token=token, now=tell())
        return
    if outgoing is None:
        return
    result = _hand_over(outgoing, means.carrier)
    with db.session_scope(sessions) as session:
        sending.record(session, message_id, result, means, token=token, now=tell())


def _hand_over(outgoing: OutgoingText | OutgoingCall, carrier: Carrier) -> SendResult:
    try:
        return carrier.call(outgoing) if isinstance(outgoing, OutgoingCall) else carrier.send_text(outgoing)
    except Exception:  # a carrier that breaks its contract may have sent it all the same
        log.exception("carrier raised", reference=outgoing.reference, carrier=carrier.name)
        return Unknown("carrier raised")


def _look_up(sessions: db.Sessions, means: Means, tell: Tell) -> int:
    """Ask the carrier about texts and calls whose outcome is unknown; returns how many were settled."""
    with db.session_scope(sessions) as session:
        rows = queries.take_unknown(session, now=tell(), limit=MOST_LOOKS, policy=means.policy)
        asked = [(row.id, row.medium, row.to, row.sending_at) for row in rows]
    settled = 0
    for message_id, medium, to, sending_at in asked:
        since = (sending_at or tell()) - sending.CLOCK_SLACK
        try:
            found: sending.Found = (
                means.carrier.find_calls(to=to, since=since)
                if medium is Medium.CALL
                else means.carrier.find(to=to, since=since)
            )
        except CarrierAway:
            log.warning("carrier cannot be asked about a message", message=message_id)
            continue
        with db.session_scope(sessions) as session:
            settled += sending.settle_unknown(session, message_id, found, carrier=means.carrier.name, now=tell())
    return settled
