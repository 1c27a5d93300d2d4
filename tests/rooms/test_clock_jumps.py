"""A machine's clock jumps (NTP, a suspended host, somebody's hand): nothing twice, nothing at night, nothing lost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from backend import db
from backend.kernel import working_time
from backend.outbox import jobs as outbox_jobs
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import FOR_STAFF, Status
from backend.tickets.models import Promise
from conftest import at
from rooms import due_work
from rooms.due_work import NOW, REFERENCE
from telephony.ports import Capabilities, Feature, FoundCall, FoundText, OutgoingCall, OutgoingText, Sent

HOUR = timedelta(hours=1)
JUMPS = {
    "back an hour": [NOW, NOW - HOUR, NOW - HOUR + timedelta(seconds=2), NOW + timedelta(seconds=4)],
    "back by minutes, again and again": [NOW + timedelta(minutes=each) for each in (0, -3, 1, -2, 2, -1, 3)],
    "forward three hours, into the night": [NOW - HOUR, NOW + 2 * HOUR, NOW + 2 * HOUR + timedelta(seconds=2)],
    "forward three hours and back": [NOW, NOW + 3 * HOUR, NOW + timedelta(seconds=2), NOW + timedelta(minutes=5)],
    "back over closing time": [NOW + 61 * timedelta(minutes=1), NOW + timedelta(minutes=30)],
    "asleep until the next morning": [NOW - HOUR, at("2026-11-25 08:00"), at("2026-11-25 08:00:02")],
}


class Carrier:
    """Takes everything and writes down what and when."""

    name = "console"
    capabilities = Capabilities(frozenset(Feature))
    own_numbers: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.now = NOW
        self.taken: list[tuple[datetime, str, str]] = []

    def send_text(self, text: OutgoingText) -> Sent:
        self.taken.append((self.now, text.to, text.body))
        return Sent(f"SM{len(self.taken):032x}")

    def call(self, call: OutgoingCall) -> Sent:
        self.taken.append((self.now, call.to, call.words))
        return Sent(f"CA{len(self.taken):032x}")

    def hang_up(self, sid: str) -> None:
        raise AssertionError(f"nobody ends a call here: {sid}")

    def find(self, *, to: str, since: datetime) -> list[FoundText]:
        return []

    def find_calls(self, *, to: str, since: datetime) -> list[FoundCall]:
        return []


def play(sessions: db.Sessions, moments: list[datetime]) -> Carrier:
    """Every room ticks at each of these instants, in this order."""
    carrier = Carrier()
    for now in moments:
        carrier.now = now
        due_work.tick(sessions, now)
        outbox_jobs.run_due(sessions, now, carrier, REFERENCE, "test")
    return carrier


@pytest.fixture
def house(sessions: db.Sessions) -> db.Sessions:
    with db.session_scope(sessions) as session:
        due_work.prepare(session)
    return sessions


@pytest.mark.parametrize("moments", JUMPS.values(), ids=JUMPS)
def test_a_jump_sends_nothing_twice_and_nothing_at_night(house: db.Sessions, moments: list[datetime]) -> None:
    carrier = play(house, moments)
    said = [(to, text) for _, to, text in carrier.taken]
    assert len(said) == len(set(said))
    with house() as session:
        kinds = {(each.to, each.text): each.kind for each in session.scalars(select(OutboxMessage))}
    for moment, to, text in carrier.taken:
        assert working_time.is_open(REFERENCE.calendar, moment) or kinds[to, text] in FOR_STAFF


@pytest.mark.parametrize("moments", JUMPS.values(), ids=JUMPS)
def test_after_a_jump_the_house_goes_on_and_all_is_settled(house: db.Sessions, moments: list[datetime]) -> None:
    carrier = play(house, [*moments, at("2026-11-25 08:00:05"), at("2026-11-25 08:00:10"), at("2026-11-25 10:00")])
    with house() as session:
        open_rows = select(OutboxMessage).where(OutboxMessage.status.in_([Status.CLAIMED, Status.SENDING]))
        assert session.scalars(open_rows).all() == []
        late = select(OutboxMessage).where(
            OutboxMessage.status == Status.PENDING, OutboxMessage.send_after <= at("2026-11-25 10:00")
        )
        assert session.scalars(late).all() == []
    assert carrier.taken


def test_a_promise_is_missed_once_and_stays_so_when_the_clock_goes_back(house: db.Sessions) -> None:
    def missed() -> list[tuple[int, datetime | None]]:
        with house() as session:
            found = session.scalars(select(Promise).where(Promise.missed_at.is_not(None)).order_by(Promise.id))
            return [(each.id, each.missed_at) for each in found]

    play(house, [NOW])
    first = missed()
    play(house, [NOW - HOUR, NOW, NOW + timedelta(seconds=2)])
    assert any(moment == NOW for _, moment in first)
    assert missed() == first
