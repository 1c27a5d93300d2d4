"""Agents on shift: danger first, then people who wait live, opinions that are due, and the calls we have promised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import db
from backend.agents import service as agents
from backend.agents.models import Agent
from backend.callbacks import service as callbacks
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status as CallStatus
from backend.conversations import service as conversations
from backend.conversations.models import Conversation
from backend.conversations.rules import Mode
from backend.errors import Conflict
from backend.kernel import working_time
from backend.simulation.agenda import Agenda
from backend.simulation.assumptions import Plan
from backend.simulation.field import Field
from backend.simulation.people import VISITED
from backend.simulation.record import Busy, Case, Record, Work
from backend.simulation.stage import Stage
from backend.simulation.timetable import Ahead
from backend.tickets import service as tickets
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import CLOSED, PromiseKind
from backend.tickets.rules import Status as TicketStatus

NEXT_DAY = timedelta(days=1)
OPINION_AHEAD = timedelta(hours=2)


@dataclass
class Seat:
    """One agent and until when they are busy."""

    number: int
    agent: Agent
    free_at: datetime


class Desk:
    """The agents. Whoever is free takes what is most pressing; a call that has begun is brought to its end."""

    def __init__(self, stage: Stage, agenda: Agenda, record: Record, field: Field, plan: Plan) -> None:
        self._stage, self._agenda, self._record, self._field = stage, agenda, record, field
        self._ways = plan.assumed.agents
        self._in_hand: set[str] = set()
        self._rested: dict[int, datetime] = {}
        with db.session_scope(stage.sessions) as session:
            self._seats = [
                Seat(number, agents.add(session, f"sim{number}", _password(number), name=f"#{number}", now=stage.now()),
                     stage.now())
                for number in range(1, plan.agents + 1)
            ]  # fmt: skip

    def work(self, ahead: Ahead) -> bool:
        """Let everybody who is free take something up; whether anybody did."""
        now, took = self._stage.now(), False
        if not self._has_work(ahead, now) or not working_time.is_open(self._stage.reference.calendar, now):
            return False
        for seat in self._seats:
            if seat.free_at <= now:
                task = self._next_task(seat)
                if task is None:
                    break
                task()
                took = True
        return took

    def next_start(self, ahead: Ahead) -> datetime | None:
        """When the desk can next begin something nobody on it waits for now: a promised call, or what is left over at
        an opening."""
        now, calendar = self._stage.now(), self._stage.reference.calendar
        later = ahead.desk.get("later_call")
        if working_time.is_open(calendar, now) or not self._has_work(ahead, now):
            return later
        opening = working_time.next_opening(calendar, now)
        return min(opening, later) if later else opening

    def _has_work(self, ahead: Ahead, now: datetime) -> bool:
        limits = {"call": now, "waiting": now, "opinion": now + OPINION_AHEAD}
        return any(ahead.desk[name] <= until for name, until in limits.items() if name in ahead.desk)

    def _next_task(self, seat: Seat) -> Callable[[], None] | None:
        now = self._stage.now()
        with db.read_scope(self._stage.sessions) as session:
            waiting = self._waiting(session)
            if waiting is not None and waiting.handoff_reason == "danger":
                return lambda: self._chat(seat, waiting.id)
            calls = self._calls(session, now)
            if calls and calls[0].reason == "danger":
                return lambda: self._dial(seat, calls[0])
            if waiting is not None:
                return lambda: self._chat(seat, waiting.id)
            opinion = self._opinion(session, now)
            if opinion is not None:
                return lambda: self._ring(seat, opinion)
            return (lambda: self._dial(seat, calls[0])) if calls else None

    def _waiting(self, session: Session) -> Conversation | None:
        """Who waits for a person, danger first, then the longest."""
        query = select(Conversation).where(Conversation.mode == Mode.WAITING)
        danger_last = Conversation.handoff_reason == "danger"
        order = (danger_last.desc(), Conversation.handoff_requested_at, Conversation.created_at)
        return session.scalar(query.order_by(*order).limit(1))

    def _calls(self, session: Session, now: datetime) -> list[Callback]:
        """Promised calls whose window has begun, danger first, then the longest promised."""
        query = select(Callback).where(Callback.status == CallStatus.BOOKED, Callback.window_start <= now)
        due = [each for each in session.scalars(query) if each.phone not in self._in_hand]
        return sorted(due, key=lambda each: (each.reason != "danger", each.window_start, each.id))

    def _opinion(self, session: Session, now: datetime) -> Case | None:
        """The case whose opinion is due soonest and which nobody is calling about."""
        query = (
            select(Promise.ticket_id)
            .join(Ticket, Ticket.id == Promise.ticket_id)
            .where(
                Promise.kind == PromiseKind.OPINION,
                Promise.met_at.is_(None),
                Promise.paused_at.is_(None),
                Promise.due_at <= now + OPINION_AHEAD,
                Ticket.status.not_in(CLOSED),
            )
        )
        for ticket_id in session.scalars(query.order_by(Promise.due_at, Promise.id)):
            case = self._record.cases[ticket_id]
            if case.phone not in self._in_hand and self._rested.get(ticket_id, now) <= now:
                return case
        return None

    def _dial(self, seat: Seat, callback: Callback) -> None:
        """Make a promised call."""
        assert callback.ticket_id is not None
        case = self._record.cases[callback.ticket_id]
        outcome = self._ring_up(case)
        ends = self._occupy(seat, Work.CALL, self._minutes(case, outcome))
        self._in_hand.add(case.phone)
        self._agenda.add(ends, lambda: self._hang_up(seat, case, callback.id, outcome))

    def _ring(self, seat: Seat, case: Case) -> None:
        """Call somebody who waits for an opinion and no call."""
        outcome = self._ring_up(case)
        ends = self._occupy(seat, Work.CALL, self._minutes(case, outcome))
        self._in_hand.add(case.phone)
        self._agenda.add(ends, lambda: self._hang_up(seat, case, None, outcome))

    def _ring_up(self, case: Case) -> CallStatus:
        now = self._stage.now()
        case.tries.append(now)
        self._record.calls.append(now)
        if case.phone != case.person.phone:
            return CallStatus.WRONG_NUMBER
        if not case.person.picks_up(len(case.tries)):
            self._record.unanswered += 1
            return CallStatus.NO_ANSWER
        case.reached_at = case.reached_at or now
        return CallStatus.DONE

    def _minutes(self, case: Case, outcome: CallStatus) -> float:
        if outcome is CallStatus.DONE:
            kind = case.person.kind
            assert kind != "question"
            return self._ways.call_minutes[kind] * case.person.pace
        is_wrong = outcome is CallStatus.WRONG_NUMBER
        return self._ways.wrong_number_minutes if is_wrong else self._ways.unanswered_minutes

    def _occupy(self, seat: Seat, work: Work, minutes: float) -> datetime:
        now = self._stage.now()
        ends = now + timedelta(seconds=round(minutes * 60))
        seat.free_at = ends + timedelta(seconds=round(self._ways.wrap_up_minutes * 60))
        self._record.busy.append(Busy(seat.number, work, now, seat.free_at))
        self._agenda.add(seat.free_at, lambda: None)
        return ends

    def _hang_up(self, seat: Seat, case: Case, callback_id: int | None, outcome: CallStatus) -> None:
        now, who = self._stage.now(), seat.agent.name
        self._in_hand.discard(case.phone)
        if callback_id is not None and not self._settled(callback_id, outcome, who, now):
            return
        with db.session_scope(self._stage.sessions) as session:
            callbacks.hold_turn(session)
            ticket = tickets.find(session, case.ticket_no)
            if ticket.status in CLOSED:
                return
            self._rested[ticket.id] = now + timedelta(hours=1)
            if outcome is CallStatus.DONE:
                self._agreed(session, case, ticket, who, now)
            elif outcome is CallStatus.NO_ANSWER and len(case.tries) % self._ways.most_tries:
                self._again(session, case, ticket, callback_id, who, now)
            elif ticket.status is not TicketStatus.WAITING:
                self._turn(session, ticket, TicketStatus.WAITING, who, "the customer cannot be reached")

    def _settled(self, callback_id: int, outcome: CallStatus, who: str, now: datetime) -> bool:
        """Record what came of a call; False when the customer has moved or cancelled it meanwhile."""
        try:
            with db.session_scope(self._stage.sessions) as session:
                callbacks.record_outcome(
                    session, callback_id, outcome, who=who, reference=self._stage.reference, now=now
                )
        except Conflict:
            return False
        return True

    def _again(
        self, session: Session, case: Case, ticket: Ticket, callback_id: int | None, who: str, now: datetime
    ) -> None:
        """Somebody did not answer: another call, by a fresh callback; for an opinion in an hour."""
        if callback_id is None:
            return
        callbacks.book(
            session,
            case.phone,
            ticket=ticket,
            conversation_id=ticket.conversation_id,
            reason=ticket.type.value,
            language=ticket.language,
            who=who,
            reference=self._stage.reference,
            now=now,
        )

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

    def _chat(self, seat: Seat, conversation_id: str) -> None:
        """Take a conversation over, answer, and hand it back when all is said."""
        now, reference = self._stage.now(), self._stage.reference
        with db.session_scope(self._stage.sessions) as session:
            conversation = conversations.take_over(session, conversation_id, seat.agent, reference=reference, now=now)
            hello = reference.messages.render("taken_over", conversation.language, agent=seat.agent.name)
            conversations.reply(session, conversation_id, seat.agent, hello, now=now)
            tickets.answered(session, conversation_id, seat.agent.name, now)
        ends = self._occupy(seat, Work.CHAT, self._ways.chat_minutes)
        self._agenda.add(ends, lambda: self._leave_chat(seat, conversation_id))

    def _leave_chat(self, seat: Seat, conversation_id: str) -> None:
        now, reference = self._stage.now(), self._stage.reference
        with db.session_scope(self._stage.sessions) as session:
            conversations.hand_back(session, conversation_id, seat.agent, reference=reference, now=now)

    def _turn(self, session: Session, ticket: Ticket, status: TicketStatus, who: str, reason: str = "") -> None:
        now, reference = self._stage.now(), self._stage.reference
        tickets.move(session, ticket, status, who=who, reference=reference, now=now, reason=reason)


def _password(number: int) -> str:
    return f"simulated-agent-{number:04d}"
