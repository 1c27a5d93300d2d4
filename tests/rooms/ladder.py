"""What tests of escalations share: the rooms below with one ticket, agents of three roles, and the tick."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from backend import db, reference
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.callbacks import cases
from backend.conversations import service as conversations
from backend.escalations import jobs, mails
from backend.escalations.mailer import ConsoleMailer
from backend.escalations.models import Escalation, Notice, PromiseWatch
from backend.escalations.rules import Means, Rung, Trigger
from backend.escalations.telling import Staff
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import PromiseKind, Status, TicketType
from backend.tickets.service import TicketRequest
from conftest import at

REFERENCE = reference.current()
DUTY = "+8613800138099"
STAFF = Staff(duty_phone=DUTY, console="https://hotline.example.com/console/escalations")
PHONE = "+8613800138021"
MORNING = at("2026-11-24 10:05")


class Floor:
    """The rooms below with one ticket in them, agents of three roles, and the tick."""

    def __init__(self, sessions: db.Sessions) -> None:
        self.sessions = sessions
        with db.session_scope(sessions) as session:
            for username, name, role, phone, email in (
                ("chen", "陈晓", Role.AGENT, "+8613800138031", "chen@example.com"),
                ("lin", "林悦", Role.AGENT, None, None),
                ("zhou", "周科长", Role.LEAD, "+8613800138032", "zhou@example.com"),
                ("wu", "吴经理", Role.MANAGER, "+8613800138033", "wu@example.com"),
            ):
                session.add(
                    Agent(
                        username=username,
                        name=name,
                        role=role,
                        phone=phone,
                        email=email,
                        password_hash="x",
                        active=True,
                        created_at=MORNING,
                    )
                )

    def agent(self, username: str) -> Agent:
        with db.read_scope(self.sessions) as session:
            return session.scalars(select(Agent).where(Agent.username == username)).one()

    def ticket(self, now: datetime = MORNING, said: str = "不加热", **more: Any) -> Ticket:
        """A repair with its promises, without a call: nothing but the ladder looks after it."""
        with db.session_scope(self.sessions) as session:
            conversation, _ = conversations.open_web(session, language="zh", reference=REFERENCE, now=now)
            request = TicketRequest(
                conversation.id,
                "f1",
                TicketType.REPAIR,
                more.pop("phone", PHONE),
                name="李梅",
                address="佛山市顺德区大良街道新宁路1号302房",
                facts={"description": said},
                **more,
            )
            return tickets.open_ticket(session, request, reference=REFERENCE, now=now).ticket

    def danger(self, now: datetime = MORNING) -> Ticket:
        """A report of danger, as the bot makes it."""
        with db.session_scope(self.sessions) as session:
            conversation, _ = conversations.open_web(session, language="zh", reference=REFERENCE, now=now)
            return cases.report_hazard(
                session,
                conversation_id=conversation.id,
                message_id="m1",
                text="我叫李梅，洗澡时水龙头麻手，电话13800138021",
                kind="tingling",
                phone=PHONE,
                address="佛山市顺德区大良街道新宁路1号",
                reference=REFERENCE,
                now=now,
            ).ticket

    def say(self, text: str, now: datetime = MORNING) -> str:
        with db.session_scope(self.sessions) as session:
            conversation, _ = conversations.open_web(session, language="zh", reference=REFERENCE, now=now)
            conversations.accept(session, conversation, "c1", text, reference=REFERENCE, now=now)
            return conversation.id

    def tick(self, *moments: datetime, staff: Staff = STAFF) -> None:
        for now in moments:
            jobs.run_due(self.sessions, now, REFERENCE, staff=staff)
            mails.send_due(self.sessions, ConsoleMailer(), now)

    def tick_through(self, start: datetime, end: datetime) -> None:
        """Tick whenever something is due, a second before that, and in between every quarter of an hour."""
        now = start
        while now <= end:
            self.tick(now)
            due = self.next_due(now)
            if due is not None and now < due - timedelta(seconds=1) <= end:
                self.tick(due - timedelta(seconds=1))
            now = min(due or end, now + timedelta(minutes=15)) if now < end else end + timedelta(seconds=1)

    def next_due(self, now: datetime) -> datetime | None:
        """The next instant the rows themselves name."""
        with db.read_scope(self.sessions) as session:
            named = [
                session.scalar(select(func.min(table.look_at)).where(table.look_at > now))
                for table in (Escalation, PromiseWatch)
            ]
        return min((each for each in named if each is not None), default=None)

    def chase(self, ticket: Ticket, text: str, now: datetime) -> None:
        with db.session_scope(self.sessions) as session:
            assert ticket.conversation_id
            tickets.chase(session, ticket.ticket_no, ticket.conversation_id, text, reference=REFERENCE, now=now)

    def meet(self, ticket: Ticket, kind: PromiseKind, now: datetime) -> None:
        with db.session_scope(self.sessions) as session:
            tickets.meet_promise(session, session.get_one(Ticket, ticket.id), kind, "陈晓", now)

    def miss(self, now: datetime) -> None:
        with db.session_scope(self.sessions) as session:
            tickets.record_missed(session, now)

    def move(self, ticket: Ticket, status: Status, now: datetime, reason: str = "") -> None:
        with db.session_scope(self.sessions) as session:
            found = session.get_one(Ticket, ticket.id)
            tickets.move(session, found, status, who="陈晓", reference=REFERENCE, now=now, reason=reason)

    def all(self) -> list[Escalation]:
        with db.read_scope(self.sessions) as session:
            return list(session.scalars(select(Escalation).order_by(Escalation.id)))

    def only(self, trigger: Trigger) -> Escalation:
        [found] = [each for each in self.all() if each.trigger is trigger]
        return found

    def told(self, trigger: Trigger) -> list[tuple[str, Rung, str, Means]]:
        """When which rung was told of it: whom, and by which means."""
        escalation = self.only(trigger)
        zone = REFERENCE.calendar.zone
        with db.read_scope(self.sessions) as session:
            query = select(Notice).where(Notice.escalation_id == escalation.id).order_by(Notice.id)
            return [
                (f"{each.at.astimezone(zone):%d %H:%M}", each.rung, each.name, each.means)
                for each in session.scalars(query)
            ]

    def rungs(self, trigger: Trigger) -> list[tuple[str, Rung]]:
        """When which rung was told, each telling once."""
        return list(dict.fromkeys((moment, rung) for moment, rung, _, _ in self.told(trigger)))

    def left(self) -> list[OutboxMessage]:
        """Texts and calls to staff in the outbox."""
        with db.read_scope(self.sessions) as session:
            query = select(OutboxMessage).where(OutboxMessage.kind.in_([OutboxKind.ALARM, OutboxKind.STAFF]))
            return list(session.scalars(query.order_by(OutboxMessage.id)))
