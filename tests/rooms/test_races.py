"""Two processes at once in the rooms that keep promises: each change has one outcome, and none is lost."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backend import db
from backend.agents.models import Agent
from backend.appointments import jobs as visit_jobs
from backend.appointments import service as visits
from backend.appointments import settling
from backend.appointments.models import Appointment
from backend.appointments.rules import AGREED
from backend.callbacks import bridging, desk_cases, service
from backend.callbacks.bridging import Ours
from backend.callbacks.models import Bridge, Callback
from backend.callbacks.rules import Status
from backend.conversations import service as conversations
from backend.errors import Conflict, Refused
from backend.outbox import sending
from backend.outbox import service as outbox
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind
from backend.outbox.rules import Status as Sending
from backend.tickets import service as tickets
from backend.tickets.merge_rules import NoMerge
from backend.tickets.models import Ticket
from backend.tickets.rules import Status as TicketStatus
from conftest import at
from rooms.at_once import overlapping
from rooms.visits import LINKS, MORNING, NEXT_MORNING, PHONE, REFERENCE, book, open_case
from telephony.ports import Capabilities, CarrierStatus, Feature, FoundText

OTHER = "+8613900139000"
OURS = Ours("+8675788880000", {"+8675788880000"}, "")
EVENING = at("2026-11-24 17:00")


@pytest.fixture
def crew(committed: db.Sessions, now: datetime) -> dict[str, Agent]:
    """Two agents with telephones."""
    with db.session_scope(committed) as session:
        made = {
            name: Agent(username=name, name=name, password_hash="-", phone=phone, active=True, created_at=now)
            for name, phone in (("chen", "+8613700137000"), ("lin", "+8613700137001"))
        }
        session.add_all(made.values())
    return made


def call_to(sessions: db.Sessions, phone: str, now: datetime) -> int:
    with db.session_scope(sessions) as session:
        return service.book(session, phone, reference=REFERENCE, now=now).callback.id


def take(session: Session, call: int, agent: Agent, now: datetime) -> Callback:
    return service.take(session, call, agent, own_numbers=(), reference=REFERENCE, now=now)


# --- calls -------------------------------------------------------------------------------------------------------


def test_an_outcome_is_not_taken_back_while_a_colleague_takes_the_next_try(
    committed: db.Sessions, crew: dict[str, Agent], now: datetime
) -> None:
    call, chen, lin = call_to(committed, PHONE, now), crew["chen"], crew["lin"]
    with db.session_scope(committed) as session:
        take(session, call, chen, now)
        settled = service.record_outcome(
            session, call, Status.NO_ANSWER, who="chen", by=chen.id, reference=REFERENCE, now=now
        )
        following = service.chain(session, settled)[-1].id
    later = now + timedelta(minutes=1)
    _, undone = overlapping(
        committed,
        lambda session: take(session, following, lin, later),
        lambda session: service.take_back(session, call, who="chen", by=chen.id, reference=REFERENCE, now=later),
    )
    assert isinstance(undone, Conflict)
    with db.read_scope(committed) as session:
        assert session.get_one(Callback, following).caller_id == lin.id
        assert session.get_one(Callback, call).status is Status.NO_ANSWER


def test_one_agent_with_two_windows_has_one_call_in_hand(
    committed: db.Sessions, crew: dict[str, Agent], now: datetime
) -> None:
    calls, chen = [call_to(committed, phone, now) for phone in (PHONE, OTHER)], crew["chen"]
    overlapping(
        committed,
        lambda session: take(session, calls[0], chen, now),
        lambda session: take(session, calls[1], chen, now),
    )
    with db.read_scope(committed) as session:
        held = session.scalars(select(Callback.id).where(Callback.caller_id == chen.id)).all()
    assert held == [calls[1]]


def test_pressing_ring_me_twice_at_once_rings_once(
    committed: db.Sessions, crew: dict[str, Agent], now: datetime
) -> None:
    call, chen = call_to(committed, PHONE, now), crew["chen"]
    with db.session_scope(committed) as session:
        take(session, call, chen, now)

    def ring_me(session: Session) -> int:
        return bridging.begin(
            session,
            call,
            chen,
            capabilities=Capabilities(frozenset(Feature)),
            ours=OURS,
            language="zh",
            reference=REFERENCE,
            now=now,
        ).id

    first, second = overlapping(committed, ring_me, ring_me)
    assert first == second
    with db.read_scope(committed) as session:
        assert len(session.scalars(select(Bridge)).all()) == 1
        assert len(session.scalars(select(OutboxMessage)).all()) == 1


# --- visits ------------------------------------------------------------------------------------------------------


def test_a_ticket_whose_visit_is_just_being_agreed_is_not_merged(committed: db.Sessions, now: datetime) -> None:
    with db.session_scope(committed) as session:
        ticket = open_case(session, now).ticket.id
        into = open_case(session, now, phone=OTHER, form="f2").ticket.id

    def merge(session: Session) -> str:
        one, other = session.get_one(Ticket, ticket), session.get_one(Ticket, into)
        desk_cases.merge(session, one, other, who="chen", now=now)
        return "merged"

    _, merged = overlapping(
        committed, lambda session: book(session, session.get_one(Ticket, ticket), MORNING, now), merge
    )
    assert isinstance(merged, Refused)
    assert merged.reason == NoMerge.VISIT


def test_a_ticket_that_is_just_being_cancelled_keeps_no_visit(committed: db.Sessions, now: datetime) -> None:
    """It was scheduled by hand: that a visit is agreed does not move it on."""
    with db.session_scope(committed) as session:
        ticket = open_case(session, now).ticket
        tickets.move(session, ticket, TicketStatus.SCHEDULED, who="chen", reference=REFERENCE, now=now)

    def agree(session: Session) -> int:
        return book(session, session.get_one(Ticket, ticket.id), MORNING, now).id

    def call_off(session: Session) -> None:
        found = session.get_one(Ticket, ticket.id)
        settling.move_ticket(session, found, TicketStatus.CANCELLED, who="chen", reference=REFERENCE, now=now)

    overlapping(committed, agree, call_off)
    with db.read_scope(committed) as session:
        assert session.get_one(Ticket, ticket.id).status is TicketStatus.CANCELLED
        assert session.scalars(select(Appointment).where(Appointment.status.in_(AGREED))).all() == []


def test_a_ticket_that_has_just_been_cancelled_gets_no_visit(committed: db.Sessions, now: datetime) -> None:
    with db.session_scope(committed) as session:
        ticket = open_case(session, now).ticket
        tickets.move(session, ticket, TicketStatus.SCHEDULED, who="chen", reference=REFERENCE, now=now)

    def call_off(session: Session) -> None:
        found = session.get_one(Ticket, ticket.id)
        settling.move_ticket(session, found, TicketStatus.CANCELLED, who="chen", reference=REFERENCE, now=now)

    def agree(session: Session) -> int:
        return book(session, session.get_one(Ticket, ticket.id), MORNING, now).id

    _, agreed = overlapping(committed, call_off, agree)
    assert isinstance(agreed, Conflict)


@pytest.mark.parametrize("what", ["moved", "called off", "done"])
def test_a_reminder_that_is_just_being_queued_is_taken_back_with_its_visit(
    committed: db.Sessions, now: datetime, what: str
) -> None:
    with db.session_scope(committed) as session:
        visit = book(session, open_case(session, now).ticket, MORNING, now).id

    def remind(session: Session) -> int:
        part, due_at, sent_at = visit_jobs.REMINDERS[0]
        return visit_jobs.remind(session, part, due_at, sent_at, now=EVENING, reference=REFERENCE, links=LINKS)

    def change(session: Session) -> None:
        if what == "moved":
            visits.move(
                session, visit, NEXT_MORNING, who="customer", reference=REFERENCE, links=LINKS, tell=False, now=EVENING
            )
        elif what == "called off":
            visits.cancel(session, visit, who="customer", reference=REFERENCE, tell=False, now=EVENING)
        else:
            settling.done(session, visit, solved=True, who="chen", reference=REFERENCE, now=EVENING)

    reminded, _ = overlapping(committed, remind, change)
    assert reminded == 1
    with db.read_scope(committed) as session:
        reminder = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == OutboxKind.REMINDER)).one()
    assert (reminder.status, reminder.reason) == (Sending.SUPPRESSED, "cancelled")


# --- tickets -----------------------------------------------------------------------------------------------------


def test_a_customer_who_presses_in_two_places_at_once_is_counted_twice(committed: db.Sessions, now: datetime) -> None:
    with db.session_scope(committed) as session:
        ticket = open_case(session, now).ticket

    def chase(session: Session) -> None:
        conversation = ticket.conversation_id or ""
        tickets.chase(session, ticket.ticket_no, conversation, "怎么还没来", reference=REFERENCE, now=now)

    _, again = overlapping(committed, chase, lambda session: open_case(session, now, form="f2").ticket.id)
    assert again == ticket.id
    with db.read_scope(committed) as session:
        assert session.get_one(Ticket, ticket.id).contacts == 3


# --- what leaves -------------------------------------------------------------------------------------------------


@pytest.fixture
def unknown(committed: db.Sessions, now: datetime) -> list[int]:
    """Two texts with the same words to one number, of which nobody knows whether they left."""
    with db.session_scope(committed) as session:
        rows = [
            outbox.queue(session, to=PHONE, text="好的。", kind=OutboxKind.REPLY, key=key, language="zh", now=now)
            for key in ("a", "b")
        ]
        for row in rows:
            row.status, row.sending_at, row.unknown_at, row.attempts = Sending.UNKNOWN, now, now, 1
    return [row.id for row in rows]


def test_one_text_the_carrier_has_settles_one_of_two_with_the_same_words(
    committed: db.Sessions, unknown: list[int], now: datetime
) -> None:
    found = [FoundText("SM" + "1" * 32, "好的。", CarrierStatus.DELIVERED, None, now)]

    def settle(session: Session, message_id: int) -> bool:
        return sending.settle_unknown(session, message_id, PHONE, found, carrier="fake", now=now)

    settled = overlapping(
        committed, lambda session: settle(session, unknown[0]), lambda session: settle(session, unknown[1])
    )
    assert settled == (True, False)


def test_a_text_that_is_just_leaving_is_not_taken_for_an_earlier_one_with_the_same_words(
    session: Session, now: datetime
) -> None:
    lost, leaving = (
        outbox.queue(session, to=PHONE, text="好的。", kind=OutboxKind.REPLY, key=key, language="zh", now=now)
        for key in ("a", "b")
    )
    lost.status, lost.sending_at, lost.unknown_at, lost.attempts = Sending.UNKNOWN, now, now, 1
    leaving.status, leaving.sending_at, leaving.attempts = Sending.SENDING, now, 1
    session.flush()
    found = [FoundText("SM" + "1" * 32, "好的。", CarrierStatus.QUEUED, None, now)]
    assert not sending.settle_unknown(session, lost.id, PHONE, found, carrier="fake", now=now)
    leaving.status, leaving.sid = Sending.SENT, found[0].sid
    session.flush()
    assert not sending.settle_unknown(session, lost.id, PHONE, found, carrier="fake", now=now)
    assert lost.status is Sending.UNKNOWN


# --- two in a circle ---------------------------------------------------------------------------------------------


def test_two_who_wait_for_one_another_both_come_to_their_end(committed: db.Sessions, now: datetime) -> None:
    """A caller presses for a call while the tick opens the ticket of their danger: each holds what the other needs."""
    with db.session_scope(committed) as session:
        ticket = open_case(session, now).ticket
    conversation_id = ticket.conversation_id or ""
    times = Counter[str]()

    def caller_presses(session: Session) -> str:
        times["caller"] += 1
        conversations.hold(session, conversation_id)
        time.sleep(0.3)
        service.hold_turn(session)
        return "caller"

    def tick_opens(session: Session) -> str:
        times["tick"] += 1
        service.hold_turn(session)
        time.sleep(0.3)
        conversations.hold(session, conversation_id)
        return "tick"

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda work: db.done_in_unit(committed, work), (caller_presses, tick_opens)))
    assert done == ["caller", "tick"]
    is_undone = committed.kw["bind"].dialect.name == "postgresql"
    assert times.total() == (3 if is_undone else 2)


@pytest.mark.parametrize(("code", "tries"), [("40P01", 3), ("40001", 3), ("57P01", 1), (None, 1)])
def test_only_what_the_database_has_undone_is_done_anew_and_not_for_ever(
    sessions: db.Sessions, code: str | None, tries: int
) -> None:
    tried = []

    class Undone(Exception):
        sqlstate = code

    def work(session: Session) -> None:
        tried.append(session)
        raise OperationalError("UPDATE", {}, Undone())

    with pytest.raises(OperationalError):
        db.done_in_unit(sessions, work)
    assert len(tried) == tries
    assert len(set(map(id, tried))) == tries
