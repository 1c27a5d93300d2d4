"""A customer's week: from the first text to the kept promise, with time moved by hand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from backend import db, reference
from backend.agents import service as agents
from backend.callbacks import cases
from backend.callbacks import jobs as callback_jobs
from backend.callbacks import service as callbacks
from backend.callbacks.rules import Status as CallStatus
from backend.conversations import service as conversations
from backend.conversations import texts
from backend.conversations.models import Conversation
from backend.outbox import jobs as outbox_jobs
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import Status as TextStatus
from backend.tickets import service as tickets
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import PromiseKind, TicketType
from backend.tickets.rules import Status as TicketStatus
from backend.tickets.service import TicketRequest
from conftest import SHANGHAI, at
from fakes import HandClock
from telephony import sms
from telephony.console_carrier import ConsoleCarrier

REFERENCE = reference.current()
CUSTOMER = "+8613800138000"


class Week:
    """The rooms and a clock moved by hand; every tick runs what is due."""

    def __init__(self, sessions: db.Sessions) -> None:
        self.sessions, self.clock, self.carrier = sessions, HandClock(at("2026-02-11 17:40")), ConsoleCarrier()
        self._sids = itertools.count(1)

    def on(self, when: str) -> datetime:
        """Let time run up to an instant, ticking every ten minutes on the way."""
        until = at(when)
        while (now := self.clock.now()) < until:
            self.clock.set(min(now + timedelta(minutes=10), until))
            self.tick()
        return until

    def tick(self) -> None:
        now = self.clock.now()
        callback_jobs.run_due(self.sessions, now, REFERENCE)
        outbox_jobs.run_due(self.sessions, now, self.carrier, REFERENCE, owner="test", clock=self.clock.now)

    def text(self, body: str) -> str | None:
        """The customer texts us; returns the conversation the bot has to answer in."""
        form = {"MessageSid": f"SM{next(self._sids):032x}", "From": CUSTOMER, "To": "+8675788880000", "Body": body}
        with db.session_scope(self.sessions) as session:
            inbound = sms.parse_inbound(form)
            return texts.receive(session, inbound, reference=REFERENCE, now=self.clock.now())

    def left(self) -> list[OutboxMessage]:
        """What has left the house, oldest first."""
        gone = (TextStatus.SENT, TextStatus.DELIVERED)
        with db.read_scope(self.sessions) as session:
            query = select(OutboxMessage).where(OutboxMessage.status.in_(gone)).order_by(OutboxMessage.sending_at)
            return list(session.scalars(query))

    def promise(self, ticket_no: str, kind: PromiseKind) -> Promise:
        with db.session_scope(self.sessions) as session:
            found = tickets.promise_of(session, tickets.find(session, ticket_no), kind)
            assert found is not None
            return found


@pytest.fixture
def week(committed: db.Sessions) -> Iterator[Week]:
    return Week(committed)


def local(instant: datetime | None) -> str:
    assert instant is not None
    return f"{instant.astimezone(SHANGHAI):%m-%d %H:%M}"


def repair(conversation_id: str) -> TicketRequest:
    return TicketRequest(
        conversation_id=conversation_id,
        form_id="repair-1",
        type=TicketType.REPAIR,
        phone=CUSTOMER,
        name="王",
        address="广东省佛山市顺德区陈村镇锦龙大道8号",
        channel="sms",
        facts={"symptom": "不热", "fault_code": "E3"},
    )


def test_a_repair_before_chinese_new_year(week: Week) -> None:
    # Wednesday 11 February, 17:40: a customer in a town texts, and the bot opens the ticket.
    conversation_id = week.text("热水器不热，显示E3")
    assert conversation_id is not None
    with db.session_scope(week.sessions) as session:
        case = cases.open_with_callback(
            session, repair(conversation_id), None, reference=REFERENCE, now=week.clock.now()
        )
    ticket_no = case.ticket.ticket_no
    assert ticket_no == "WY260211-0001"
    assert local(week.promise(ticket_no, PromiseKind.REPLY).due_at) == "02-12 08:40"
    assert local(week.promise(ticket_no, PromiseKind.ONSITE).due_at) == "02-13 18:00"
    assert case.callback is not None
    assert local(case.callback.window_start) == "02-12 08:00"

    # The night: nothing leaves.
    week.on("2026-02-12 07:59")
    assert week.left() == []

    # Thursday 12 February: one reminder at opening, then the agent calls and arranges the visit.
    week.on("2026-02-12 08:10")
    week.tick()
    [reminder] = week.left()
    assert ticket_no in reminder.text
    assert local(reminder.sending_at) >= "02-12 08:00"
    with db.session_scope(week.sessions) as session:
        callbacks.record_outcome(
            session, case.callback.id, CallStatus.DONE, who="agent", reference=REFERENCE, now=week.clock.now()
        )
        ticket = tickets.find(session, ticket_no)
        tickets.move(session, ticket, TicketStatus.SCHEDULED, who="agent", reference=REFERENCE, now=week.clock.now())
    assert local(week.promise(ticket_no, PromiseKind.REPLY).met_at) == "02-12 08:10"

    # Friday 13 February, 18:00: the technician did not come; the breach is recorded once.
    week.on("2026-02-13 19:00")
    missed = week.promise(ticket_no, PromiseKind.ONSITE).missed_at
    assert missed is not None
    week.on("2026-02-14 08:00")
    assert week.promise(ticket_no, PromiseKind.ONSITE).missed_at == missed

    # Saturday 14 February, a working day (调休): the customer presses twice; the second time a manager is told.
    with db.session_scope(week.sessions) as session:
        tickets.chase(session, ticket_no, conversation_id, "怎么还没来", reference=REFERENCE, now=week.clock.now())
    week.on("2026-02-14 09:00")
    with db.session_scope(week.sessions) as session:
        ticket, _words = tickets.chase(
            session, ticket_no, conversation_id, "再不来我打12315", reference=REFERENCE, now=week.clock.now()
        )
        assert ticket.priority == "urgent"
    assert local(week.promise(ticket_no, PromiseKind.OPINION).due_at) == "02-14 12:00"

    # Later that day an agent takes the conversation over and answers by text.
    with db.session_scope(week.sessions) as session:
        agent = agents.add(session, "lead", "correct horse", name="组长", now=week.clock.now())
        conversations.take_over(session, conversation_id, agent, reference=REFERENCE, now=week.clock.now())
        conversations.reply(session, conversation_id, agent, "师傅今天下午三点到", now=week.clock.now())
    week.tick()
    assert week.left()[-1].text == "师傅今天下午三点到"

    # 15:30: the technician came; the ticket is done.
    week.on("2026-02-14 15:30")
    with db.session_scope(week.sessions) as session:
        ticket = tickets.find(session, ticket_no)
        tickets.move(session, ticket, TicketStatus.DONE, who="lead", reference=REFERENCE, now=week.clock.now())
    assert week.promise(ticket_no, PromiseKind.OPINION).met_at is not None

    # Sunday 15 February: the customer wants no more texts; nothing automatic leaves from then on.
    week.on("2026-02-15 10:00")
    before = len(week.left())
    assert week.text("退订") is None
    with db.session_scope(week.sessions) as session:
        callbacks.book(session, CUSTOMER, reference=REFERENCE, now=week.clock.now())
    week.on("2026-02-16 12:00")
    assert len(week.left()) == before


def test_a_report_on_new_years_eve_is_promised_for_the_first_working_days_after_the_holiday(week: Week) -> None:
    week.clock.set(at("2026-02-15 10:00"))
    conversation_id = week.text("热水器不热")
    assert conversation_id is not None
    with db.session_scope(week.sessions) as session:
        case = cases.open_with_callback(
            session, repair(conversation_id), None, reference=REFERENCE, now=week.clock.now()
        )
    assert local(week.promise(case.ticket.ticket_no, PromiseKind.ONSITE).due_at) == "02-25 18:00"
    assert local(week.promise(case.ticket.ticket_no, PromiseKind.REPLY).due_at) == "02-15 11:00"


def test_two_people_of_one_number_have_one_conversation_and_one_open_call(week: Week) -> None:
    first = week.text("热水器不热")
    assert week.text("还漏水") == first
    with db.session_scope(week.sessions) as session:
        once = callbacks.book(session, CUSTOMER, reference=REFERENCE, now=week.clock.now())
        again = callbacks.book(session, CUSTOMER, reference=REFERENCE, now=week.clock.now())
        assert again.callback.id == once.callback.id
        assert len(session.scalars(select(Conversation)).all()) == 1
        assert session.scalars(select(Ticket)).all() == []
