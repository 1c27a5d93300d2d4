"""A customer answers by text: 1 confirm, 2 other time, 3 cancel, or the number of a window. Flushes, never commits.

Handed to the bot's turn, which asks here first: what is an answer to our last text to that number is answered at once,
everything else goes to the bot as ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.appointments import offering, queries, replies, rules, service, texts
from backend.appointments.links import Links
from backend.appointments.models import Appointment
from backend.appointments.replies import Answer
from backend.appointments.rules import AGREED, Status
from backend.appointments.texts import in_text, numbered, window_of
from backend.conversations import service as conversations
from backend.conversations.models import Conversation, Message
from backend.conversations.rules import Author, Channel
from backend.errors import BadTime, Conflict
from backend.kernel.window import Window
from backend.outbox import service as outbox
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind
from backend.reference import Reference
from backend.tickets import service as tickets
from backend.tickets.rules import CLOSED
from bot.text.time import wanted_time


class Answering:
    """Answers what it can; one object a process."""

    def __init__(self, links: Links) -> None:
        self._links = links

    def __call__(
        self, session: Session, conversation: Conversation, asked: Message, *, reference: Reference, now: datetime
    ) -> bool:
        """Answer a message if it is the answer to our last text about a visit. False: it is not."""
        if conversation.channel is not Channel.SMS or conversation.phone is None:
            return False
        last = outbox.last_left_to(session, conversation.phone)
        within = timedelta(hours=reference.appointments.answer_hours)
        if last is None or last.sending_at is None or not replies.is_fresh(last.sending_at, now, within):
            return False
        turn = _Turn(session, conversation, asked, reference, self._links, now)
        return turn.to_question(last) or turn.to_offer(last)


class _Turn:
    """One message, and what to answer it."""

    def __init__(
        self,
        session: Session,
        conversation: Conversation,
        asked: Message,
        reference: Reference,
        links: Links,
        now: datetime,
    ) -> None:
        self.session, self.conversation, self.asked = session, conversation, asked
        self.reference, self.links, self.now = reference, links, now

    def to_question(self, last: OutboxMessage) -> bool:
        """The answer to "1 confirm, 2 other time, 3 cancel"."""
        appointment_id, answer = texts.asked_about(last.message_key), replies.read_answer(self.asked.text)
        if appointment_id is None or answer is None:
            return False
        appointment = service.get(self.session, appointment_id)
        if not self._is_theirs(appointment):
            return False
        is_absent = appointment.status is Status.CUSTOMER_ABSENT and appointment.ticket.status not in CLOSED
        if answer is Answer.OTHER_TIME and (is_absent or appointment.status in AGREED):
            self._offer(appointment, self._offers(appointment), "choose_new" if is_absent else "choose")
        elif is_absent:
            return False
        elif appointment.status not in AGREED:
            self._say(appointment, "gone")
        elif answer is Answer.CONFIRM:
            service.customer_confirms(self.session, appointment.id, reference=self.reference, now=self.now)
            self._say(appointment, "thanks", window=self._window(appointment))
        else:
            self._cancel(appointment)
        return True

    def to_offer(self, last: OutboxMessage) -> bool:
        """The number of a window, or a day and time in words, after we named windows."""
        appointment = queries.by_offer(self.session, last.message_key)
        if appointment is None or not self._is_theirs(appointment) or appointment.ticket.status in CLOSED:
            return False
        offered = [Window(*map(datetime.fromisoformat, pair)) for pair in appointment.offered]
        chosen = replies.read_choice(self.asked.text, len(offered))
        if chosen is None:
            return self._to_words(appointment)
        if chosen.number == 0:
            stands = appointment.status in AGREED
            self._say(appointment, "kept" if stands else "later", window=self._window(appointment))
        else:
            self._take(appointment, offered[chosen.number - 1])
        return True

    def _to_words(self, appointment: Appointment) -> bool:
        if replies.read_answer(self.asked.text) is Answer.CANCEL and appointment.status in AGREED:
            self._cancel(appointment)
            return True
        wish = wanted_time(self.asked.text, self.now, self.reference.calendar.zone)
        if wish is None or wish.past:
            return False
        windows = self._offers(appointment)
        fitting = rules.fitting(windows, wish.opens, wish.closes)
        if len(fitting) == 1:
            self._take(appointment, fitting[0])
        else:
            self._offer(appointment, fitting or rules.after(windows, wish.opens), self._choose(appointment))
        return True

    def _take(self, appointment: Appointment, window: Window) -> None:
        """The chosen window; somebody else may have been faster."""
        session, reference, links, now = self.session, self.reference, self.links, self.now
        try:
            with session.begin_nested():
                if appointment.status in AGREED:
                    moved = service.move(
                        session,
                        appointment.id,
                        window,
                        who=service.CUSTOMER,
                        tell=False,
                        reference=reference,
                        links=links,
                        now=now,
                    )
                else:
                    moved = service.book(
                        session,
                        appointment.ticket,
                        window,
                        who=service.CUSTOMER,
                        tell=False,
                        reference=reference,
                        links=links,
                        now=now,
                    )
        except (BadTime, Conflict):
            fresh = service.get(session, appointment.id)
            self._offer(fresh, self._offers(fresh), "taken")
            return
        self._say(moved, "changed", window=self._window(moved), visit_code=moved.ticket.visit_code)

    def _offer(self, appointment: Appointment, windows: Sequence[Window], template: str) -> None:
        """Name windows by number and remember which."""
        others = rules.elsewhere(windows, window_of(appointment) if appointment.status in AGREED else None)
        named = offering.to_name(self.session, appointment.ticket, others, self.reference, self.now)
        if not named:
            self._say(appointment, "none_free")
            return
        choices = numbered(named, appointment.ticket.language, self.reference)
        message = self._say(appointment, template, choices=choices)
        appointment.offered = [[each.start.isoformat(), each.end.isoformat()] for each in named]
        appointment.offer_key = f"message:{message.id}"
        self.session.flush()

    def _offers(self, appointment: Appointment) -> Sequence[Window]:
        return offering.offers_for(
            self.session, appointment.ticket, besides=appointment.id, reference=self.reference, now=self.now
        ).windows

    def _cancel(self, appointment: Appointment) -> None:
        window = self._window(appointment)
        service.cancel(
            self.session, appointment.id, who=service.CUSTOMER, tell=False, reference=self.reference, now=self.now
        )
        self._say(appointment, "cancel_done", window=window)

    def _is_theirs(self, appointment: Appointment) -> bool:
        """Whether the number they write from is the ticket's: it may have been corrected since we asked."""
        phone = self.conversation.phone
        if phone is None or appointment.ticket.contact_phone != phone:
            return False
        tickets.wrote_from(self.session, appointment.ticket, phone)
        return True

    def _choose(self, appointment: Appointment) -> str:
        return "choose" if appointment.status in AGREED else "choose_new"

    def _window(self, appointment: Appointment) -> str:
        return in_text(window_of(appointment), appointment.ticket.language, self.reference)

    def _say(self, appointment: Appointment, template: str, **values: object) -> Message:
        text = self.reference.messages.render(f"appointment.{template}", appointment.ticket.language, **values)
        said = conversations.say(
            self.session, self.conversation, Author.BOT, text, now=self.now, reply_to=self.asked.seq
        )
        conversations.send_out(
            self.session, self.conversation, said, OutboxKind.REPLY, answering=self.asked.sent_at, now=self.now
        )
        return said
