"""A reminder call about a visit, and what its customer answers: 1 confirm, 2 another time, 0 a person; or in words.

The answers do what the same answers by text do (`appointments.answering`). Here, because a person who is wanted calls
back. Flushes, never commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backend.appointments import offering, replies, rules
from backend.appointments import service as appointments
from backend.appointments import texts as visit_texts
from backend.appointments.models import Appointment
from backend.appointments.replies import Answer
from backend.appointments.rules import AGREED
from backend.callbacks.booking import book
from backend.callbacks.ledger import window_of, words_of
from backend.errors import BadPhone, BadTime, Conflict, NotFound, OutsideCalendar
from backend.kernel.window import Window
from backend.outbox import service as outbox
from backend.outbox.models import OutboxMessage
from backend.reference import Reference
from backend.tickets.rules import CLOSED
from telephony import outgoing
from telephony.outgoing import Heard

SCRIPT = "visit"
MOST_TURNS = 6
HINTS = "确认,改时间,人工,第一个,第二个,第三个"


def picked_up(session: Session, ref: str, heard: Heard, *, base: str, reference: Reference, now: datetime) -> str:
    """Somebody, or a machine, has picked up. A machine hears whose call it was, and nothing about anybody."""
    found = _Call.of(session, ref, base, reference, now)
    if found is None:
        return outgoing.hang_up()
    if heard.is_machine:
        return found.end("call.machine")
    return found.ask_first()


def answered(
    session: Session, ref: str, heard: Heard, *, asked: str, turn: int, base: str, reference: Reference, now: datetime
) -> str:
    """What was answered in a turn; the same turn again changes nothing and gets the same words.

    Args:
        asked: "visit" or "window": what had been asked.
        turn: from 1.
    """
    found = _Call.of(session, ref, base, reference, now)
    if found is None:
        return outgoing.hang_up()
    return outbox.answer_once(
        session, found.row, f"{heard.sid}:{turn}", lambda: found.follow(heard, asked, turn), now=now
    )


class _Call:
    """One reminder call."""

    def __init__(
        self,
        session: Session,
        row: OutboxMessage,
        ref: str,
        appointment: Appointment,
        base: str,
        reference: Reference,
        now: datetime,
    ) -> None:
        self.session, self.row, self.ref, self.appointment = session, row, ref, appointment
        self.base, self.reference, self.now = base, reference, now
        self.language = row.language

    @classmethod
    def of(cls, session: Session, ref: str, base: str, reference: Reference, now: datetime) -> _Call | None:
        """The call a webhook speaks of; None when it is none of ours."""
        row = outbox.of_reference(session, ref)
        if row is None or row.script != SCRIPT:
            return None
        appointment_id = visit_texts.asked_about(row.message_key)
        try:
            found = appointments.get(session, appointment_id) if appointment_id is not None else None
        except NotFound:
            return None
        return cls(session, row, ref, found, base, reference, now) if found is not None else None

    @property
    def _stands(self) -> bool:
        """Whether the visit is still to come, and the number that was rung still its customer's."""
        ticket = self.appointment.ticket
        is_agreed = self.appointment.status in AGREED and ticket.status not in CLOSED
        return is_agreed and ticket.contact_phone == self.row.to and self.appointment.window_start > self.now

    def ask_first(self) -> str:
        """Say what it is about."""
        return self._ask(self.row.text, "visit", 1) if self._stands else self.end("call.gone")

    def follow(self, heard: Heard, asked: str, turn: int) -> str:
        """What follows from an answer."""
        said = heard.keys or heard.words
        if not self._stands:
            return self.end("call.gone")
        if replies.wants_person(said):
            return self._person()
        if turn >= MOST_TURNS:
            return self.end("call.later")
        return self._choose(said, turn) if asked == "window" else self._answer(said, turn)

    def _answer(self, said: str, turn: int) -> str:
        match replies.read_answer(said):
            case Answer.CONFIRM:
                return self._confirm()
            case Answer.OTHER_TIME:
                return self._offer("call.choose", turn)
            case Answer.CANCEL:  # by ear alone nothing is called off
                return self._person()
        return self._ask(self._words("call.again") + self.row.text, "visit", turn + 1)

    def _confirm(self) -> str:
        appointments.customer_confirms(self.session, self.appointment.id, reference=self.reference, now=self.now)
        return self._agreed("call.confirmed")

    def _offer(self, template: str, turn: int) -> str:
        """Name windows by number and remember which."""
        found = offering.offers_for(
            self.session, self.appointment.ticket, besides=self.appointment.id, reference=self.reference, now=self.now
        )
        others = rules.elsewhere(found.windows, visit_texts.window_of(self.appointment))
        named = offering.to_name(self.session, self.appointment.ticket, others, self.reference, self.now)
        if not named:
            return self._person()
        self.appointment.offered = [[each.start.isoformat(), each.end.isoformat()] for each in named]
        self.appointment.offer_key = f"call:{self.row.id}"
        self.session.flush()
        return self._ask(self._words(template, choices=self._numbered(named)), "window", turn + 1)

    def _choose(self, said: str, turn: int) -> str:
        offered = [Window(*map(datetime.fromisoformat, pair)) for pair in self.appointment.offered]
        chosen = replies.read_choice(said, len(offered))
        if self.appointment.offer_key != f"call:{self.row.id}":  # somebody has asked something else meanwhile
            return self._offer("call.choose", turn)
        if chosen is None or chosen.number == 0:
            return self._ask(self._words("call.choose", choices=self._numbered(offered)), "window", turn + 1)
        try:
            with self.session.begin_nested():
                self.appointment = appointments.move(
                    self.session,
                    self.appointment.id,
                    offered[chosen.number - 1],
                    who=appointments.CUSTOMER,
                    tell=False,
                    links=None,
                    reference=self.reference,
                    now=self.now,
                )
        except (BadTime, Conflict):
            self.appointment = appointments.get(self.session, self.appointment.id)
            return self._offer("call.taken", turn)
        return self._agreed("call.changed")

    def _person(self) -> str:
        """Somebody calls back, as soon as there is a hand free."""
        ticket = self.appointment.ticket
        reason = self._words("call.reason")
        try:
            number = outbox.number(self.row.to).e164
            booked = book(
                self.session,
                number,
                ticket=ticket,
                conversation_id=ticket.conversation_id,
                reason=reason,
                language=self.language,
                reference=self.reference,
                now=self.now,
            )
        except (BadPhone, OutsideCalendar):
            return self.end("call.later")
        window = words_of(window_of(booked.callback), self.reference, self.now).in_language(self.language)
        return self.end("call.person", window=visit_texts.as_said(window, self.language))

    def _agreed(self, template: str) -> str:
        window = visit_texts.in_speech(visit_texts.window_of(self.appointment), self.language, self.reference)
        code = " ".join(self.appointment.ticket.visit_code)
        return self.end(template, window=window, visit_code=code)

    def _numbered(self, windows: Sequence[Window]) -> str:
        said = [visit_texts.in_speech(each, self.language, self.reference) for each in windows]
        template = "press {number} for {window}" if self.language == "en" else "{window}请按{number}"
        stop = "; " if self.language == "en" else "；"
        return stop.join(template.format(number=number, window=each) for number, each in enumerate(said, 1))

    def _ask(self, words: str, asked: str, turn: int) -> str:
        action = f"{self.base}/telephony/outgoing/{SCRIPT}/{asked}/{turn}?ref={self.ref}"
        return outgoing.ask(words, self.language, action=action, hints=HINTS if self.language != "en" else "")

    def end(self, template: str, **values: object) -> str:
        """Say something and hang up."""
        return outgoing.tell(self._words(template, **values), self.language)

    def _words(self, template: str, **values: object) -> str:
        return self.reference.messages.render(template, self.language, **values)
