"""The tick of the outbox: claim what is due, send it, settle unknown outcomes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import structlog

from backend import db
from backend.outbox import pacing, queries, sending, unknown
from backend.outbox import policy as policies
from backend.outbox.pacing import Line
from backend.outbox.rules import Medium, Policy
from backend.outbox.sending import Means
from backend.reference import Reference
from telephony.ports import Carrier, CarrierAway, NotProcessed, OutgoingCall, OutgoingText, SendResult, Unknown

log = structlog.get_logger(__name__)

MOST_LOOKS = 10

Tell = Callable[[], datetime]
Pause = Callable[[float], bool]


def run_due(
    sessions: db.Sessions,
    now: datetime,
    carrier: Carrier,
    reference: Reference,
    owner: str,
    *,
    clock: Tell | None = None,
    wait: Pause = lambda seconds: False,  # noqa: ARG005  (time stands still)
    hands: int = 1,
    policy: Policy | None = None,
) -> int:
    """Send what is due, at most one batch; returns how many rows were handled. Any number of processes may tick.

    Args:
        owner: who claims, for operators to read.
        clock: the present instant, asked again before each text: a batch may take longer than a lease or run into
            closing time. Default: time stands still at `now`.
        wait: lets some seconds pass until the carrier takes the next text; true when the house closes meanwhile.
        hands: calls to the carrier under way at once; with one they are made in this thread.
        policy: other numbers than those in force (tests).
    """
    tell = clock or (lambda: now)
    means = Means(carrier, reference, policy or policies.current())
    seen = _look(sessions, means, tell)
    if seen.abandoned:
        with db.session_scope(sessions) as session:
            unknown.park_abandoned(session, tell())
        seen = _look(sessions, means, tell)

    handled, batch = 0, means.policy.batch
    if not seen.due:  # the usual second: nothing is written, no hands are called for
        return _look_up(sessions, means, tell) if seen.unknown else 0
    with Crew(hands) as crew:
        while handled < batch and tell() < now + means.policy.tick_for:
            limit = min(batch - handled, means.policy.claim)
            token = uuid.uuid4().hex
            with db.session_scope(sessions) as session:
                lines = pacing.claim(
                    session, means, seen.due, token=token, owner=owner, limit=limit, hands=hands, now=tell()
                )
            if not lines:
                break
            sender = Sender(sessions, means, token, tell, crew)
            claimed = sum(len(line.ids) for line in lines)
            is_closing = sender.send(lines, wait)
            handled += claimed - sum(len(line.ids) for line in lines)
            if is_closing:
                return handled
            seen = _look(sessions, means, tell)
            if not seen.due:
                break

    return handled + (_look_up(sessions, means, tell) if seen.unknown else 0)


def _look(sessions: db.Sessions, means: Means, tell: Tell) -> queries.Seen:
    with db.read_scope(sessions) as session:
        return queries.look(session, tell(), means.policy)


class Crew:
    """Carries out calls to the carrier, at most so many at once; what one of them raises comes out here."""

    def __init__(self, hands: int) -> None:
        self._hands = hands
        self._pool = ThreadPoolExecutor(hands) if hands > 1 else None
        self._busy: set[Future[None]] = set()

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()
            self._collect(futures.wait(self._busy).done)

    def await_hand(self) -> None:
        """Return once a hand is free."""
        if len(self._busy) >= self._hands:
            self._collect(futures.wait(self._busy, return_when=futures.FIRST_COMPLETED).done)

    def do(self, work: Callable[[], None]) -> None:
        """Begin a piece of work."""
        if self._pool is None:
            work()
        else:
            self._busy.add(self._pool.submit(work))

    def _collect(self, done: set[Future[None]]) -> None:
        self._busy -= done
        for one in done:
            one.result()


@dataclass(frozen=True)
class Sender:
    """Sends the rows of one claim."""

    sessions: db.Sessions
    means: Means
    token: str
    tell: Tell
    crew: Crew

    def send(self, lines: Sequence[Line], wait: Pause) -> bool:
        """Send, each at its time; returns whether the house closes. What is left then goes back to the others."""
        is_closing = False
        while (waiting := [line for line in lines if line.ids]) and not is_closing:
            line = min(waiting, key=lambda line: line.next_at)
            self.crew.await_hand()
            is_closing = wait((line.next_at - self.tell()).total_seconds())
            if not is_closing and self._send_one(line.ids.popleft()):
                line.take_slot(self.tell())
        if any(line.ids or line.next_at < line.booked_until for line in lines):
            with db.session_scope(self.sessions) as session:
                pacing.give_back(session, self.means, lines, token=self.token)
        return is_closing

    def _send_one(self, message_id: int) -> bool:
        """Send a row, unless there is a reason not to; returns whether the carrier was called."""
        begun = self.tell()
        try:
            with db.session_scope(self.sessions) as session:
                outgoing = sending.begin_sending(session, message_id, self.means, token=self.token, now=begun)
        except Exception:  # one row nobody can handle must not hold up the others
            log.exception("message cannot be handled", message=message_id)
            with db.session_scope(self.sessions) as session:
                sending.give_back(session, message_id, self.means, token=self.token, now=self.tell())
            return False
        if outgoing is None:
            return False
        not_after = begun + sending.patience(outgoing, self.means.policy)
        self.crew.do(lambda: self._finish(message_id, outgoing, not_after))
        return True

    def _finish(self, message_id: int, outgoing: OutgoingText | OutgoingCall, not_after: datetime) -> None:
        # A process that was stopped here may wake up at night, or when the row is somebody else's.
        is_late = self.tell() >= not_after
        result = NotProcessed("overslept") if is_late else _hand_over(outgoing, self.means.carrier)
        with db.session_scope(self.sessions) as session:
            sending.record(session, message_id, result, self.means, token=self.token, now=self.tell())


def _hand_over(outgoing: OutgoingText | OutgoingCall, carrier: Carrier) -> SendResult:
    try:
        return carrier.call(outgoing) if isinstance(outgoing, OutgoingCall) else carrier.send_text(outgoing)
    except Exception:  # a carrier that breaks its contract may have sent it all the same
        log.exception("carrier raised", reference=outgoing.reference, carrier=carrier.name)
        return Unknown("carrier raised")


def _look_up(sessions: db.Sessions, means: Means, tell: Tell) -> int:
    """Ask the carrier about texts and calls whose outcome is unknown; returns how many were settled."""
    with db.session_scope(sessions) as session:
        rows = unknown.take(session, now=tell(), limit=MOST_LOOKS, policy=means.policy)
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
            settled += sending.settle_unknown(session, message_id, to, found, carrier=means.carrier.name, now=tell())
    return settled
