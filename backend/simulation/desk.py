"""Agents on shift: alarms first, then people who wait live, opinions that are due, and the calls we have promised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import db
from backend.agents import service as agents
from backend.callbacks import service as callbacks
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status as CallStatus
from backend.conversations import holding
from backend.conversations import service as conversations
from backend.conversations.models import Conversation
from backend.conversations.rules import Mode
from backend.errors import Conflict
from backend.escalations import service as escalations
from backend.escalations.models import Escalation
from backend.escalations.rules import Trigger
from backend.kernel import shifts, working_time
from backend.simulation.agenda import Agenda
from backend.simulation.assumptions import Plan
from backend.simulation.field import Field
from backend.simulation.followup_calls import FollowUpCalls, Seat
from backend.simulation.people import VISITED
from backend.simulation.record import Busy, Case, Record, Work
from backend.simulation.stage import Stage
from backend.simulation.timetable import Ahead
from backend.tickets import service as tickets
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import CLOSED, PromiseKind
from backend.tickets.rules import Status as TicketStatus

T = TypeVar("T")
NEXT_DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SIGN_EVERY = timedelta(minutes=2)
"""How often the console of an agent who is calling says so."""


class Desk:
    """The agents. Whoever is free takes what is most pressing; a call that has begun is brought to its end."""

    OPINION_AHEAD: ClassVar = timedelta(hours=2)

    def __init__(
        self,
        stage: Stage,
        agenda: Agenda,
        record: Record,
        field: Field,
        plan: Plan,
        unreached: Callable[[Case], None],
        grade_of: Callable[[Case], int],
    ) -> None:
        self._stage, self._agenda, self._record, self._field = stage, agenda, record, field
        self._ways, self._unreached = plan.assumed.agents, unreached
        self._follow_ups = FollowUpCalls(stage, agenda, record, plan, self._occupy, grade_of)
        self._ringing: set[int] = set()
        self._rested: dict[int, datetime] = {}
        now = stage.now()
        with db.session_scope(stage.sessions) as session:
            people = [
                agents.add(session, f"sim{number}", _password(number), name=f"#{number}", now=now)
                for number in range(1, plan.agents + 1)
            ]
        self._seats = [Seat(number, agent, now) for number, agent in enumerate(people, start=1)]

    def work(self, ahead: Ahead) -> bool:
        """Let everybody who is on shift and free take something up; whether anybody did."""
        now, took = self._stage.now(), False
        if not self._has_work(ahead, now):
            return False
        for seat in self._seats[: self._on_shift(now)]:
            if seat.free_at <= now:
                if not self._take_up(seat, ahead):
                    break
                took = True
        return took

    def next_start(self, ahead: Ahead) -> datetime | None:
        """When the desk can next begin something nobody on it can begin now: a call that is to be made then, or, with
        nobody on shift, what is left over when somebody is."""
        now = self._stage.now()
        later = min((ahead.desk[name] for name in ("later_call", "later_followup") if name in ahead.desk), default=None)
        if self._on_shift(now) or not self._has_work(ahead, now):
            return later
        opening = working_time.next_opening(self._stage.reference.calendar, now + timedelta(seconds=1))
        return min(opening, later) if later else opening

    def _on_shift(self, now: datetime) -> int:
        if not working_time.is_open(self._stage.reference.calendar, now):
            return 0
        return shifts.on_shift(callbacks.roster_of(self._stage.reference), now).people

    def _has_work(self, ahead: Ahead, now: datetime) -> bool:
        limits = {"alarm": now, "call": now, "danger_call": now, "waiting": now, "opinion": now + self.OPINION_AHEAD}
        limits["followup"] = now
        return any(ahead.desk[name] <= until for name, until in limits.items() if name in ahead.desk)

    def _take_up(self, seat: Seat, ahead: Ahead) -> bool:
        """Take up what is most pressing; whether there was anything."""
        alarm, waiting = self._first_of(ahead, "alarm", self._alarm), self._first_of(ahead, "waiting", self._waiting)
        if alarm is not None and alarm.trigger is Trigger.DANGER:
            return self._acknowledge(seat, alarm.id)
        is_urgent = waiting is not None and waiting.handoff_reason == "danger"
        if "danger_call" in ahead.desk and not is_urgent and self._dial(seat):
            return True
        if waiting is not None:
            return self._chat(seat, waiting.id)
        if alarm is not None:
            return self._acknowledge(seat, alarm.id)
        if (opinion := self._first_of(ahead, "opinion", self._opinion)) is not None:
            return self._ring(seat, opinion)
        return ("call" in ahead.desk and self._dial(seat)) or self._follow_ups.take_up(seat, ahead)

    def _first_of(self, ahead: Ahead, name: str, find: Callable[[Session], T | None]) -> T | None:
        """What is to be taken up first of one kind; nobody looks for what the timetable says there is nothing of."""
        if name not in ahead.desk:
            return None
        with db.read_scope(self._stage.sessions) as session:
            return find(session)

    def _alarm(self, session: Session) -> Escalation | None:
        """What nobody has acknowledged yet: danger first, then the oldest."""
        query = select(Escalation).where(Escalation.ended_at.is_(None), Escalation.acknowledged_at.is_(None))
        order = (Escalation.trigger != Trigger.DANGER, Escalation.id)
        return session.scalar(query.order_by(*order).limit(1))

    def _waiting(self, session: Session) -> Conversation | None:
        """Who waits for a person: danger first, then the longest."""
        query = select(Conversation).where(Conversation.mode == Mode.WAITING)
        order = (Conversation.handoff_reason != "danger", Conversation.handoff_requested_at, Conversation.created_at)
        return session.scalar(query.order_by(*order).limit(1))

    def _opinion(self, session: Session) -> Case | None:
        """The case whose opinion is due soonest and which nobody is calling about."""
        now = self._stage.now()
        query = (
            select(Promise.ticket_id)
            .join(Ticket, Ticket.id == Promise.ticket_id)
            .where(
                Promise.kind == PromiseKind.OPINION,
                Promise.met_at.is_(None),
                Promise.paused_at.is_(None),
                Promise.due_at <= now + self.OPINION_AHEAD,
                Ticket.status.not_in(CLOSED),
            )
        )
        for ticket_id in session.scalars(query.order_by(Promise.due_at, Promise.id)):
            if ticket_id not in self._ringing and self._rested.get(ticket_id, now) <= now:
                return self._record.cases[ticket_id]
        return None

    def _acknowledge(self, seat: Seat, escalation_id: int) -> bool:
        """See an alarm and take care of it; the calls and chats it is about are taken up in their turn."""
        with db.session_scope(self._stage.sessions) as session:
            taken = escalations.acknowledge(session, escalation_id, seat.agent, now=self._stage.now())
            if taken.trigger is Trigger.LOW_GRADE:
                escalations.resolve(session, escalation_id, seat.agent, "called and apologised", now=self._stage.now())
        self._record.acknowledged += 1
        self._occupy(seat, Work.ALARM, self._ways.alarm_minutes, wrap_up=0)
        return True

    def _dial(self, seat: Seat) -> bool:
        """Take the next promised call and make it."""
        with db.session_scope(self._stage.sessions) as session:
            handed = callbacks.take_next(
                session, seat.agent, own_numbers=(), reference=self._stage.reference, now=self._stage.now()
            )
            callback = handed.callback
        if callback is None:
            return False
        assert callback.ticket_id is not None
        case = self._record.cases[callback.ticket_id]
        self._call(seat, case, callback.id)
        return True

    def _ring(self, seat: Seat, case: Case) -> bool:
        """Call somebody who waits for an opinion."""
        self._call(seat, case, None)
        return True

    def _call(self, seat: Seat, case: Case, callback_id: int | None) -> None:
        outcome = self._ring_up(case)
        ends = self._occupy(seat, Work.CALL, self._minutes(case, outcome), wrap_up=self._ways.wrap_up_minutes)
        assert case.ticket_id is not None
        self._ringing.add(case.ticket_id)
        if callback_id is not None:
            self._show_signs(seat, callback_id, ends)
        self._agenda.add(ends, lambda: self._hang_up(seat, case, callback_id, outcome))

    def _show_signs(self, seat: Seat, callback_id: int, ends: datetime) -> None:
        """The console keeps saying that the agent is on the line."""

        def sign() -> None:
            with db.session_scope(self._stage.sessions) as session:
                callbacks.hold(session, callback_id, seat.agent, reference=self._stage.reference, now=self._stage.now())

        at = self._stage.now() + SIGN_EVERY
        while at < ends:
            self._agenda.add(at, sign, quiet=True)
            at += SIGN_EVERY

    def _ring_up(self, case: Case) -> CallStatus:
        now = self._stage.now()
        case.tries.append(now)
        self._record.calls.append(now)
        if case.phone != case.person.phone:
            return CallStatus.WRONG_NUMBER
        if not case.person.picks_up(len(case.tries)):
            self._record.unanswered += 1
            return CallStatus.NO_ANSWER
        return CallStatus.WANTS_VISIT if case.person.kind in VISITED else CallStatus.DONE

    def _minutes(self, case: Case, outcome: CallStatus) -> float:
        if outcome is CallStatus.NO_ANSWER:
            return self._ways.unanswered_minutes
        if outcome is CallStatus.WRONG_NUMBER:
            return self._ways.wrong_number_minutes
        kind = case.person.kind
        assert kind != "question"
        return self._ways.call_minutes[kind] * case.person.pace

    def _occupy(self, seat: Seat, work: Work, minutes: float, *, wrap_up: float) -> datetime:
        now = self._stage.now()
        ends = now + timedelta(seconds=round(minutes * 60))
        seat.free_at = ends + timedelta(seconds=round(wrap_up * 60))
        self._record.busy.append(Busy(seat.number, work, now, seat.free_at))
        self._agenda.add(seat.free_at, lambda: None, quiet=True)
        return ends

    def _hang_up(self, seat: Seat, case: Case, callback_id: int | None, outcome: CallStatus) -> None:
        now, who = self._stage.now(), seat.agent.name
        assert case.ticket_id is not None
        self._ringing.discard(case.ticket_id)
        self._rested[case.ticket_id] = now + HOUR
        if callback_id is not None and not self._settled(seat, callback_id, outcome):
            return
        with db.session_scope(self._stage.sessions) as session:
            ticket = tickets.find(session, case.ticket_no)
            if ticket.status in CLOSED:
                return
            if outcome not in (CallStatus.NO_ANSWER, CallStatus.WRONG_NUMBER):
                self._agreed(session, case, ticket, who, now)
            elif callback_id is not None and not self._has_call(session, case):
                self._unreached(case)

    def _has_call(self, session: Session, case: Case) -> bool:
        """Whether a call to the customer is still to come."""
        query = select(Callback.id).where(Callback.phone == case.phone, Callback.status == CallStatus.BOOKED)
        return session.scalar(query) is not None

    def _settled(self, seat: Seat, callback_id: int, outcome: CallStatus) -> bool:
        """Record what came of a call; False when the customer has moved or cancelled it meanwhile."""
        try:
            with db.session_scope(self._stage.sessions) as session:
                callbacks.record_outcome(
                    session,
                    callback_id,
                    outcome,
                    who=seat.agent.name,
                    by=seat.agent.id,
                    reference=self._stage.reference,
                    now=self._stage.now(),
                )
        except Conflict:
            return False
        return True

    def _agreed(self, session: Session, case: Case, ticket: Ticket, who: str, now: datetime) -> None:
        """The customer was reached: an opinion is given, a visit arranged, or the matter settled."""
        tickets.meet_promise(session, ticket, PromiseKind.REPLY, who, now)
        tickets.meet_promise(session, ticket, PromiseKind.OPINION, who, now)
        kind = case.person.kind
        if kind in VISITED:
            if case.visit is None:
                self._field.arrange(session, case, ticket, who)
        elif kind != "question" and case.person.chance < self._ways.settled_on_the_call.get(kind, 0):
            self._turn(session, ticket, TicketStatus.DONE, who)
        elif ticket.status is not TicketStatus.IN_PROGRESS:
            self._turn(session, ticket, TicketStatus.IN_PROGRESS, who)
            self._agenda.add(now + NEXT_DAY, lambda: self._close(case, who))

    def _close(self, case: Case, who: str) -> None:
        with db.session_scope(self._stage.sessions) as session:
            ticket = tickets.find(session, case.ticket_no)
            if ticket.status not in CLOSED:
                self._turn(session, ticket, TicketStatus.DONE, who)

    def _chat(self, seat: Seat, conversation_id: str) -> bool:
        """Take a conversation over, answer, and hand it back when all is said."""
        now, reference = self._stage.now(), self._stage.reference
        with db.session_scope(self._stage.sessions) as session:
            conversation = conversations.take_over(session, conversation_id, seat.agent, reference=reference, now=now)
            hello = reference.messages.render("taken_over", conversation.language, agent=seat.agent.name)
            conversations.reply(session, conversation_id, seat.agent, hello, now=now)
            tickets.answered(session, conversation_id, seat.agent.name, now)
        self._record.chats += 1
        ends = self._occupy(seat, Work.CHAT, self._ways.chat_minutes, wrap_up=self._ways.wrap_up_minutes)
        sign_of_life = now + reference.desk.lease / 2
        while sign_of_life < ends:  # an open console prolongs what its agent holds
            self._agenda.add(sign_of_life, lambda: self._stay(seat), quiet=True)
            sign_of_life += reference.desk.lease / 2
        self._agenda.add(ends, lambda: self._leave_chat(seat, conversation_id))
        return True

    def _stay(self, seat: Seat) -> None:
        with db.session_scope(self._stage.sessions) as session:
            holding.prolong(session, seat.agent.id, reference=self._stage.reference, now=self._stage.now())

    def _leave_chat(self, seat: Seat, conversation_id: str) -> None:
        now, reference = self._stage.now(), self._stage.reference
        with db.session_scope(self._stage.sessions) as session:
            conversations.hand_back(session, conversation_id, seat.agent, reference=reference, now=now)

    def _turn(self, session: Session, ticket: Ticket, status: TicketStatus, who: str, reason: str = "") -> None:
        now, reference = self._stage.now(), self._stage.reference
        tickets.move(session, ticket, status, who=who, reference=reference, now=now, reason=reason)


def _password(number: int) -> str:
    return f"simulated-agent-{number:04d}"
