"""What customers do: write, choose a time, think better of it, press, want no more texts.

Each message runs through the conversations room and its bot's turn; what the bot's actions would ask the backend for is
asked of the very same functions of the rooms.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from backend import db
from backend.callbacks import cases
from backend.callbacks import service as callbacks
from backend.callbacks.rules import Status as CallStatus
from backend.callbacks.service import Span
from backend.conversations import service as conversations
from backend.conversations import texts
from backend.conversations.bot_client import Question
from backend.conversations.rules import Mode
from backend.errors import BadTime, OutsideCalendar
from backend.kernel import working_time
from backend.knowledge import hours
from backend.reference import Reference
from backend.simulation.agenda import Agenda
from backend.simulation.assumptions import Plan
from backend.simulation.field import Field
from backend.simulation.people import Person
from backend.simulation.record import Case, Record
from backend.simulation.stage import Spoken, Stage, Wish
from backend.tickets import service as tickets
from backend.tickets.corrections import Corrections
from backend.tickets.models import Ticket
from backend.tickets.rules import CLOSED, PromiseKind, TicketType
from backend.tickets.rules import Status as TicketStatus
from backend.tickets.service import TicketRequest
from telephony.ports import InboundText, OptWord

HALF_HOUR = timedelta(minutes=30)
DAY = timedelta(days=1)
RISES, RETIRES = time(7, 30), time(22, 30)
HELD_UP = timedelta(minutes=10)

SAID = {
    "repair": ("热水器不热了，帮我修一下", "My heater does not get hot, please repair it."),
    "install": ("新买的热水器到了，来装一下", "My new heater has arrived, please install it."),
    "complaint": ("上次修的又坏了，我要投诉", "It broke again after the repair, I want to complain."),
    "relocation": ("搬家了，热水器要移机", "We are moving, please move the heater too."),
    "return": ("刚买就有毛病，我要换货", "It was faulty from the start, I want another one."),
    "hazard": ("洗澡的时候水龙头麻手", "I get a tingle from the tap."),
    "question": ("你们几点上班", "When are you open?"),
    "chase": ("怎么还没有人联系我", "Nobody has come back to me yet."),
    "cancel": ("不用来了，取消吧", "Please cancel it."),
    "move": ("回电的时间改一下", "Please call me at another time."),
    "person": ("转人工", "I want to talk to a person."),
    "stop": ("退订", "STOP"),
}


class Customers:
    """Everybody who writes, and what each will do next."""

    def __init__(
        self, stage: Stage, agenda: Agenda, record: Record, field: Field, plan: Plan, stir: Callable[[], None]
    ) -> None:
        self._stage, self._agenda, self._record, self._field = stage, agenda, record, field
        self._stir = stir
        self._answers_text = plan.assumed.customers.answers_text
        self._most_chases = plan.assumed.customers.most_chases
        self._texts = 0

    def expect(self, person: Person) -> None:
        """Somebody will come."""
        self._agenda.add(person.comes_at, lambda: self._come(Case(person, phone=person.told_phone)))

    def _come(self, case: Case) -> None:
        wishes: dict[str, Callable[[Case], Wish]] = {"question": self._asks, "hazard": self._reports}
        self._write(case, case.person.kind, wishes.get(case.person.kind, self._requests)(case))

    def _write(self, case: Case, what: str, wish: Wish) -> None:
        """One message; while an agent talks with the customer it waits."""
        now, person = self._stage.now(), case.person
        if case.conversation_id and self._is_with_agent(case):
            self._agenda.add(now + HELD_UP, lambda: self._write(case, what, wish))
            return
        self._record.contacts.append(now)
        body = SAID[what][person.language == "en"]
        with db.session_scope(self._stage.sessions) as session:
            if person.by_text:
                received = texts.receive(session, self._text(person, body), reference=self._reference, now=now)
                assert received is not None
                case.conversation_id = received
            else:
                self._type(session, case, body, now)
        self._stage.doorman.expect(case.conversation_id, wish)

    def _type(self, session: Session, case: Case, body: str, now: datetime) -> None:
        if not case.conversation_id:
            opened, _ = conversations.open_web(
                session, language=case.person.language, reference=self._reference, now=now
            )
            case.conversation_id = opened.id
        conversation = conversations.hold(session, case.conversation_id)
        self._texts += 1
        conversations.accept(
            session, conversation, f"simulated-{self._texts}", body, reference=self._reference, now=now
        )

    def _text(self, person: Person, body: str, opt: OptWord | None = None) -> InboundText:
        self._texts += 1
        sid = f"SM{self._texts:032x}"
        return InboundText(sid, person.phone, "", body, media=(), left_out=0, opt=opt, answerable=True)

    def _is_with_agent(self, case: Case) -> bool:
        with db.read_scope(self._stage.sessions) as session:
            return conversations.get(session, case.conversation_id).mode is Mode.HUMAN

    def _asks(self, case: Case) -> Wish:
        def wish(_session: Session, question: Question) -> Spoken:
            words = hours.usual_hours(self._reference.calendar, question.channel)
            return Spoken(words.in_language(question.language), "ask_hours")

        return self._perhaps_a_person(case, wish)

    def _reports(self, case: Case) -> Wish:
        def wish(session: Session, question: Question) -> Spoken:
            person = case.person
            reported = cases.report_hazard(
                session,
                conversation_id=question.conversation_id,
                message_id=question.message_id,
                text=question.text,
                kind=person.danger,
                phone=case.phone,
                address=person.address,
                reference=self._reference,
                now=question.now,
            )
            self._opened(session, case, reported.ticket)
            self._stir()
            return Spoken(self._reference.safety.text(person.danger, question.language), "report_hazard")

        return wish

    def _requests(self, case: Case) -> Wish:
        def wish(session: Session, question: Question) -> Spoken:
            person = case.person
            request = TicketRequest(
                conversation_id=question.conversation_id,
                form_id=f"simulated-{person.serial}",
                type=TicketType(person.kind),
                phone=case.phone,
                address=person.address,
                language=question.language,
                channel=question.channel,
                facts={"description": question.text, "model": person.model},
            )
            wanted = self._checked(session, question.now + person.chosen_after) if person.chosen_after else None
            opened = cases.open_with_callback(session, request, wanted, reference=self._reference, now=question.now)
            self._opened(session, case, opened.ticket)
            state = tickets.state(session, opened.ticket, reference=self._reference)
            return Spoken(f"{opened.ticket.ticket_no} {state.in_language(question.language)}", f"request_{person.kind}")

        return self._perhaps_a_person(case, wish)

    def _perhaps_a_person(self, case: Case, wish: Wish) -> Wish:
        """Some want to talk to a person besides, in the same breath."""

        def both(session: Session, question: Question) -> Spoken:
            spoken = wish(session, question)
            conversations.request_handoff(
                session,
                question.conversation_id,
                "asked",
                SAID["person"][0],
                reference=self._reference,
                now=question.now,
            )
            return spoken

        return both if case.person.asks_for_person else wish

    def _checked(self, session: Session, at: datetime) -> Span | None:
        """The window the bot agrees on with a customer who wants a call at about this time."""
        now, length = self._stage.now(), self._reference.callbacks.length
        start = working_time.next_opening(self._reference.calendar, at).replace(minute=0, second=0, microsecond=0)
        try:
            fit = callbacks.check_time(
                session, start, start + length, for_visit=False, reference=self._reference, now=now
            )
        except BadTime as error:
            offered = error.details.get("alternatives", [])
            return (datetime.fromisoformat(offered[0]["start"]), None) if offered else None
        return fit.window.start, fit.window.end

    def _opened(self, session: Session, case: Case, ticket: Ticket) -> None:
        """A ticket stands: from here on the customer waits, and may think better of it."""
        now, person = self._stage.now(), case.person
        case.ticket_id, case.ticket_no = ticket.id, ticket.ticket_no
        self._record.cases[ticket.id] = case
        if person.opts_out:
            self._agenda.add(self.awake(now + HALF_HOUR), lambda: self._stop(case))
        if person.moves_after:
            self._agenda.add(self.awake(now + person.moves_after), lambda: self._move(case))
        if person.cancels_after:
            self._agenda.add(self.awake(now + person.cancels_after), lambda: self._cancel(case))
        for kind in (PromiseKind.REPLY, PromiseKind.ONSITE):
            promise = tickets.promise_of(session, ticket, kind)
            if promise is not None and promise.due_at is not None:
                self._watch(case, kind, promise.due_at)

    def _watch(self, case: Case, kind: PromiseKind, due: datetime) -> None:
        if case.person.patience is not None and case.chases < self._most_chases:
            self._agenda.add(self.awake(due + case.person.patience), lambda: self._look(case, kind))

    def _look(self, case: Case, kind: PromiseKind) -> None:
        """A promise should be kept by now: the customer presses when it is not, and again the next day."""
        now = self._stage.now()
        with db.session_scope(self._stage.sessions) as session:
            ticket = tickets.find(session, case.ticket_no)
            promise = tickets.promise_of(session, ticket, kind)
            if promise is None or promise.due_at is None or promise.met_at is not None or ticket.status in CLOSED:
                return
            due = promise.due_at
        if due > now:
            self._watch(case, kind, due)
        elif case.chases < self._most_chases:
            case.chases += 1
            self._record.chases += 1
            self._write(case, "chase", self._presses(case))
            self._watch(case, kind, now + DAY - (case.person.patience or timedelta()))

    def unreached(self, case: Case) -> None:
        """The last call was in vain, and a text has said so: some write back."""
        if case.person.chance < self._answers_text and case.chases < self._most_chases:
            case.chases += 1
            at = self.awake(self._stage.now() + HALF_HOUR + case.person.chance * DAY / 4)
            self._agenda.add(at.replace(microsecond=0), lambda: self._write(case, "chase", self._presses(case)))

    def _presses(self, case: Case) -> Wish:
        def wish(session: Session, question: Question) -> Spoken:
            ticket = tickets.find(session, case.ticket_no)
            if ticket.status in CLOSED:
                return Spoken(tickets.state(session, ticket, reference=self._reference).zh, "ask_status")
            callbacks.hold_turn(session)
            self._stir()
            self._put_right(session, case, question)
            _, words = tickets.chase(
                session,
                case.ticket_no,
                question.conversation_id,
                question.text,
                reference=self._reference,
                now=question.now,
            )
            try:
                callbacks.book(
                    session,
                    case.phone,
                    ticket=ticket,
                    conversation_id=question.conversation_id,
                    reason="chase",
                    language=question.language,
                    reference=self._reference,
                    now=question.now,
                )
            except OutsideCalendar:
                return Spoken(words.in_language(question.language), "chase")
            return Spoken(words.in_language(question.language), "chase")

        return wish

    def _put_right(self, session: Session, case: Case, question: Question) -> None:
        """Whoever mistyped their number finds out when they ask why nobody calls."""
        if case.phone == case.person.phone:
            return
        right = Corrections(phone=case.person.phone)
        cases.correct(
            session, case.ticket_no, question.conversation_id, right, reference=self._reference, now=question.now
        )
        case.phone = case.person.phone

    def _move(self, case: Case) -> None:
        if self._open_call(case) is not None:
            self._write(case, "move", self._moves(case))

    def _moves(self, case: Case) -> Wish:
        def wish(session: Session, question: Question) -> Spoken:
            callbacks.hold_turn(session)
            ticket = tickets.find(session, case.ticket_no)
            wanted = self._checked(session, question.now + DAY)
            if wanted is not None and ticket.status not in CLOSED:
                callbacks.book(
                    session,
                    case.phone,
                    ticket=ticket,
                    conversation_id=question.conversation_id,
                    wanted=wanted,
                    language=question.language,
                    reference=self._reference,
                    now=question.now,
                )
                self._record.moved += 1
            return Spoken(tickets.state(session, ticket, reference=self._reference).zh, "reschedule")

        return wish

    def _open_call(self, case: Case) -> datetime | None:
        """When the call the customer waits for begins; None when none is to come."""
        with db.read_scope(self._stage.sessions) as session:
            ticket = tickets.find(session, case.ticket_no)
            booked = cases.show(session, [ticket], self._reference)[0].callbacks
            starts = [each.start for each in booked if each.status == CallStatus.BOOKED]
        return next((start for start in starts if start > self._stage.now()), None)

    def _cancel(self, case: Case) -> None:
        with db.read_scope(self._stage.sessions) as session:
            status = tickets.find(session, case.ticket_no).status
        if status in (TicketStatus.NEW, TicketStatus.SCHEDULED):
            self._write(case, "cancel", self._cancels(case))

    def _cancels(self, case: Case) -> Wish:
        def wish(session: Session, question: Question) -> Spoken:
            ticket = tickets.find(session, case.ticket_no)
            if ticket.status is TicketStatus.DONE:
                return Spoken(tickets.state(session, ticket, reference=self._reference).zh, "ask_status")
            words = cases.cancel(session, case.ticket_no, case.phone, reference=self._reference, now=question.now)
            self._record.cancelled += 1
            self._field.give_back(case)
            return Spoken(words.in_language(question.language), "cancel_request")

        return wish

    def text_back(self, case: Case, body: str) -> None:
        """Answer a text of ours. What the house takes for no answer is heard, and no more."""

        def heard(_session: Session, question: Question) -> Spoken:
            return Spoken(self._reference.messages.render("sms_help", question.language), "nlu_fallback")

        with db.session_scope(self._stage.sessions) as session:
            received = texts.receive(
                session, self._text(case.person, body), reference=self._reference, now=self._stage.now()
            )
        if received is not None:
            self._stage.doorman.expect(received, heard)

    def _stop(self, case: Case) -> None:
        now, person = self._stage.now(), case.person
        self._record.opted_out += 1
        with db.session_scope(self._stage.sessions) as session:
            if person.by_text:
                word = self._text(person, SAID["stop"][person.language == "en"], OptWord.STOP)
                texts.receive(session, word, reference=self._reference, now=now)
            else:
                tickets.opt_out(session, case.conversation_id, now=now)

    def awake(self, at: datetime) -> datetime:
        """The instant, or the next morning when people sleep then."""
        local = at.astimezone(self._reference.calendar.zone)
        if RISES <= local.time() < RETIRES:
            return local
        morning = local if local.time() < RISES else local + DAY
        return morning.replace(hour=RISES.hour, minute=RISES.minute)

    @property
    def _reference(self) -> Reference:
        return self._stage.reference
