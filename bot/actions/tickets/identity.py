"""Telling, pressing and cancelling: first the customer shows that the ticket is theirs.

By its number and its phone; by a code texted to that phone; or because it was opened in this conversation. The number a
text comes from shows nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from bot.actions.backend_client import BackendDown, Body, Refused, backend
from bot.actions.forms import fields, interrupted, requests
from bot.actions.forms.collecting import Collecting
from bot.actions.forms.form_turn import FURNITURE
from bot.actions.knowledge import answering
from bot.actions.phrases import joined, phrase
from bot.actions.reading import answers, questions, utterance
from bot.actions.reading import identity as said
from bot.actions.reading.identity import OwnTicket
from bot.actions.turn import answered_already, looked_up_in_vain

LISTED = {"web": 4, "sms": 4, "voice": 3}
"""Tickets that are listed to choose from, by channel; an older one is found by its number, kind or day."""

DIGRESSIONS = 2
"""Other matters in the middle of looking for a ticket after which its number is not asked for again."""

PROOF, OWN_TICKETS = "proof", "own_tickets"
CODE_QUESTIONS = ("code", "code_again", "code_retry")
_ABOUT_THE_CODE = (
    said.has_not_received, said.cannot_receive, said.asks_why, said.is_looking, said.is_with_another,
)  # fmt: skip
CHOICES = ("own_ticket", "own_ticket_again")


class Proving(Collecting):
    """Adds the way by a code to a form that asks for a ticket's number and phone.

    The slot `proof` is there while that way is gone: the number the code went to, and whether it went twice.
    `own_tickets` are those to choose from.
    """

    is_over = False
    _own: Sequence[OwnTicket] = ()

    async def events(self) -> list[EventType]:
        if self.sheet.get("requested_slot") and answered_already(self.tracker, self.form_name):
            return self._after_a_digression(str(self.sheet.get("requested_slot")))
        return await super().events()

    def _after_a_digression(self, asked: str) -> list[EventType]:
        """Whoever goes on asking other things has no number at hand: the matter waits until there is one. To have been
        looked for in vain is no digression."""
        if looked_up_in_vain(self.tracker) or self.sheet.count("digressed") < DIGRESSIONS:
            return [SlotSet("tries", self.sheet.get("tries")), SlotSet("requested_slot", self._asked_again(asked))]
        self.dispatcher.utter_message(response="utter_own_ticket_waits")
        return [SlotSet(interrupted.SLOT, self._as_left(asked)), SlotSet("requested_slot", None)]

    # --- words that belong to this form, whatever else they look like ---------------------------------------------

    def _answers_here(self, asked: str) -> bool:
        text = self.turn.text
        if asked in CODE_QUESTIONS:
            return bool(said.code_in(text)) or any(meant(text) for meant in _ABOUT_THE_CODE)
        if asked in CHOICES:
            return bool(said.pointed_at(text, self.sheet.get(OWN_TICKETS) or []))
        field = fields.ASKED_FOR.get(asked, asked)
        if field == "phone" and self.sheet.get(PROOF):
            return said.cannot_receive(text)
        return field == "ticket_no" and (said.has_no_number(text) or said.wants_a_code(text))

    def other_request(self, asked: str) -> str | None:
        return None if self._answers_here(asked) or self._wants_it_after_all(asked) else super().other_request(asked)

    def _wants_it_after_all(self, asked: str) -> bool:
        """Whether who is asked "really cancel?" wants the same after all, and no other request in its place."""
        is_asked = self.form_name == "cancel_form" and asked == "confirm"
        return is_asked and said.still_wants(self.turn.text) and not requests.gives_the_case_up(self.turn.text)

    def asks_what_for(self, field: str) -> bool:
        """The code has an answer of its own (`_hear_code`)."""
        is_of_another = said.asks_for_anothers_data(self.turn.text) and field != "phone"
        return field != "code" and not is_of_another and super().asks_what_for(field)

    def gives_up(self, asked: str) -> bool:
        if self.form_name == "cancel_form":
            is_open = fields.ASKED_FOR.get(asked, asked) not in ("confirm", "correction")
            return self._wants_it_after_all(asked) or (is_open and said.keeps(self.turn.text))
        if self._answers_here(asked) and not said.leaves_it(self.turn.text):
            return False
        return said.leaves_it(self.turn.text) or super().gives_up(asked)

    def answers_nothing(self, asked: str) -> bool:
        return not self._answers_here(asked) and super().answers_nothing(asked)

    def interrupts(self, asked: str) -> bool:
        if self.turn.intent not in ("report_hazard", "ask_human") and self._answers_here(asked):
            return False
        return super().interrupts(asked)

    def drop(self) -> list[EventType]:
        is_kept = self.form_name == "cancel_form"
        self.dispatcher.utter_message(response="utter_not_cancelled" if is_kept else "utter_own_ticket_left")
        cleared = ("ticket_no", PROOF, OWN_TICKETS, *FURNITURE, "form_id", "requested_slot")
        return [SlotSet(slot, None) for slot in cleared]

    # --- opening --------------------------------------------------------------------------------------------------

    def _recall_tickets(self, known: Body) -> None:
        self.sheet.set(PROOF, None)
        self.sheet.set(OWN_TICKETS, None)
        self._own = _open_tickets(known)
        if len(self._own) == 1:
            self._pick(self._own[0])
        elif not self._own and self.sheet.get("saved_ticket_no"):
            self.sheet.set("ticket_no", self.sheet.get("saved_ticket_no"))

    async def _open(self) -> None:
        await super()._open()
        if self.followed_by:
            return
        self._note_what_is_meant()
        if self._nothing_to_drop():
            is_kept = said.keeps(self.turn.text)
            self.dispatcher.utter_message(response="utter_not_cancelled" if is_kept else "utter_form_cancelled")
            self.is_over = True
            return
        named = next((ticket for ticket in self._own if ticket["ticket_no"] == self.sheet.get("ticket_no")), None)
        if named:
            self._pick(named)  # with its own phone, whatever other number was told since
        elif self._asks_before_all(self.turn.text):
            await self._tell_how_soon()
        elif self.ask or self.sheet.get("ticket_no") or self.sheet.get(PROOF):
            return
        elif self._own:
            self._choose_or_offer(self._own)
        elif said.has_no_number(self.turn.text):
            self._offer_code()

    def _note_what_is_meant(self) -> None:
        """ "不修了，改成安装": the ticket is cancelled, and then the other request is taken."""
        meant = requests.meant_instead(self.turn.text, self.form_name) if self.form_name == "cancel_form" else None
        if meant:
            self.sheet.set("next_request", requests.Wish(meant, self.turn.text).as_slot())

    def _asks_before_all(self, text: str) -> bool:
        is_unknown = not self._own and self.sheet.get("ticket_no") is None
        is_asked = questions.asks_how_soon(text) and not questions.has_waited(text)
        return self.form_name != "cancel_form" and is_unknown and is_asked

    async def _tell_how_soon(self) -> None:
        """Who asks before anything was registered hears what we promise; a ticket is looked for all the same."""
        question = {"text": self.turn.text, "channel": self.turn.channel}
        await answering.answer("visit", question, self.turn, self.dispatcher, self.tracker)

    def _nothing_to_drop(self) -> bool:
        """Whether "那算了" is said where nothing was ever asked for: no ticket to look for, no question to put."""
        is_dropped = answers.gives_up(self.turn.text) or said.keeps(self.turn.text)
        is_dropped = self.form_name == "cancel_form" and is_dropped
        named = self.turn.entity("ticket_no") or self.sheet.get("saved_ticket_no")
        return is_dropped and not self._own and not named

    # --- hearing --------------------------------------------------------------------------------------------------

    async def _hear_value(self, field: str, asked: str) -> None:
        if field == "code":
            await self._hear_code()
        elif asked in CHOICES:
            await self._hear_choice()
        elif field == "phone" and self.sheet.get(PROOF) and self._cannot_show():
            self._to_a_person("utter_code_to_person")
        elif field in ("ticket_no", "phone") and said.asks_for_anothers_data(self.turn.text) and not self.turn.entities:
            self.dispatcher.utter_message(response="utter_not_disclosed")
            self.ask = asked
        elif field == "ticket_no" and self._has_no_number():
            await self._take_volunteered()
            self._offer_code()
        else:
            await super()._hear_value(field, asked)
            if field == "ticket_no" and self.sheet.get("ticket_no") is None and self.turn.entity("phone"):
                self._offer_code()  # who tells the phone in place of the number has no number

    def _cannot_show(self) -> bool:
        """Neither a ticket number nor a phone that gets texts: only a person can go on."""
        return said.cannot_receive(self.turn.text) or (answers.is_unknown(self.turn.text) and not self.turn.entities)

    def _has_no_number(self) -> bool:
        if self.turn.entity("ticket_no"):
            return False
        told = utterance.mentions_number(self.turn.text) and self.turn.entity("phone") is None
        if said.wants_a_code(self.turn.text):
            return True
        return said.has_no_number(self.turn.text) or (not told and said.answers_with_nothing(self.turn.text))

    async def _hear_code(self) -> None:
        text = self.turn.text
        code = said.code_in(text)
        if self.turn.entity("ticket_no") or self._is_another_phone():
            self.sheet.set(PROOF, None if self.turn.entity("ticket_no") else _not_sent())
            await self._take_volunteered()
        elif code:
            await self._check(code)
        elif said.cannot_receive(text):
            self._to_a_person("utter_code_to_person")
        elif said.has_not_received(text) and not said.is_with_another(text):
            await self._send_again()
        elif response := self._said_of_the_code(text):
            self.heard = True
            self.ask = "code_again"
            self.dispatcher.utter_message(response=response)
        else:
            told = "utter_code_length" if said.looks_like_a_code(text) else "utter_code_not_read"
            self._fail("code", "code_again", told)

    def _said_of_the_code(self, text: str) -> str | None:
        """What is said to who tells no code and has made no mistake."""
        if said.asks_why(text):
            return "utter_code_why"
        if said.is_with_another(text):
            return "utter_code_with_them"
        waits = (
            said.is_looking(text) or said.wants_a_code(text) or self.turn.entity("phone")
        )  # the number it has gone to, told once more
        return "utter_no_hurry" if waits else None

    def _is_another_phone(self) -> bool:
        return self.turn.entity("phone") is not None and self.turn.value("phone") != self.sheet.get("phone")

    async def _hear_choice(self) -> None:
        picked = said.chosen(self.turn.text, self.sheet.get(OWN_TICKETS) or [])
        if picked:
            self._pick(picked)
        elif self.turn.entity("ticket_no"):
            self.sheet.set(OWN_TICKETS, None)
            await self._take_volunteered()
        else:
            self._fail("own_ticket", "own_ticket_again", "utter_not_understood")

    # --- the code -------------------------------------------------------------------------------------------------

    def _offer_code(self) -> None:
        self.sheet.set(PROOF, _not_sent())
        self.heard = True
        self.ask = None if self.ask in (None, "ticket_no", "ticket_no_choices") else self.ask
        self.dispatcher.utter_message(response="utter_code_offer")

    async def _act(self) -> None:
        proof, phone = self.sheet.get(PROOF), self.sheet.get("phone")
        is_wanted = proof and phone and not (self.is_stuck or self.is_over or self.ask or self.sheet.get("ticket_no"))
        if is_wanted and proof["sent_to"] is None:
            await self._send(phone, resent=False)

    async def _send(self, phone: str, *, resent: bool) -> None:
        self.heard = True
        if not said.is_mobile(phone):
            self.dispatcher.utter_message(response="utter_code_needs_mobile")
            self.sheet.set("phone", None)
            return
        try:
            await backend().send_code(self.turn.conversation_id, phone)
        except (BackendDown, Refused):
            self.ask = "code_retry"
            self.dispatcher.utter_message(response="utter_backend_down")
            return
        self.sheet.set(PROOF, {"sent_to": phone, "resent": resent})
        self.dispatcher.utter_message(
            response="utter_code_sent_again" if resent else "utter_code_sent", tail=self._tail
        )

    @property
    def _tail(self) -> str:
        digits = said.tail(self.sheet.get("phone") or "")
        return " ".join(digits) if self.turn.channel == "voice" else digits

    async def _send_again(self) -> None:
        """Once more, and not a third time: then it is most likely another number that is on the ticket."""
        proof = self.sheet.get(PROOF) or _not_sent()
        if proof["resent"]:
            self._to_a_person("utter_code_to_person")
        else:
            await self._send(self.sheet.get("phone"), resent=proof["sent_to"] is not None)

    async def _check(self, code: str) -> None:
        try:
            await backend().check_code(self.turn.conversation_id, self.sheet.get("phone"), code)
            known = await backend().known(self.turn.conversation_id)
        except BackendDown:
            self.heard = True
            self.ask = "code_again"
            self.dispatcher.utter_message(response="utter_backend_down")
        except Refused as refusal:
            await self._refused(refusal.code)
        else:
            self._found(_open_tickets(known))

    async def _refused(self, code: str) -> None:
        if code == "code_used_up":
            self._to_a_person("utter_code_used_up")
        elif code == "code_expired":
            self.dispatcher.utter_message(response="utter_code_expired")
            await self._send_again()
        else:
            self._fail("code", "code_again", "utter_code_wrong")
            if self.is_stuck:
                self.dispatcher.utter_message(response="utter_code_used_up")

    def _found(self, own: Sequence[OwnTicket]) -> None:
        self.heard = True
        if len(own) == 1:
            self._pick(own[0])
        elif own:
            self._choose_or_offer(own)
        else:
            self.dispatcher.utter_message(response="utter_no_open_ticket", tail=self._tail)
            self.is_over = True
            for slot in (PROOF, "phone"):
                self.sheet.set(slot, None)

    def _to_a_person(self, response: str) -> None:
        self.dispatcher.utter_message(response=response)
        self.is_stuck = True

    # --- which of several -----------------------------------------------------------------------------------------

    def _choose_or_offer(self, own: Sequence[OwnTicket]) -> None:
        picked = said.chosen(self.turn.text, own) if self.tracker.get_slot("requested_slot") is None else None
        if picked:
            self._pick(picked)
            return
        self.sheet.set(OWN_TICKETS, list(own))
        self.ask = "own_ticket"
        self.heard = True
        language = self.turn.language
        listed = own[: LISTED[self.turn.channel]]
        lines = [self._line(place, ticket) for place, ticket in enumerate(listed, start=1)]
        self.dispatcher.utter_message(
            response="utter_own_tickets",
            count=len(own),
            choices=joined(lines, self.turn.channel, language),
            buttons=[{"title": str(each["words"][language]), "payload": each["ticket_no"]} for each in listed],
        )

    def _line(self, place: int, ticket: OwnTicket) -> str:
        """A ticket to choose: to read with the end of its number, to hear with its place alone."""
        language = self.turn.language
        comma, words = "，" if language == "zh" else ", ", str(ticket["words"][language])
        if self.turn.channel == "voice":
            return f"{phrase('place', language, str(place))}{comma}{words}"
        return f"{place}. {words}{comma}{said.tail(ticket['ticket_no'])}"

    def _pick(self, ticket: OwnTicket) -> None:
        self.heard = True
        for slot, value in (("ticket_no", ticket["ticket_no"]), ("phone", ticket["phone"])):
            self.sheet.set(slot, value)
        for slot in (PROOF, OWN_TICKETS):
            self.sheet.set(slot, None)

    def _next(self) -> str | None:
        if self.is_over:
            return None
        if self.sheet.get("ticket_no") is None and not self.sheet.draft.get("save"):
            if self.sheet.get(OWN_TICKETS):
                return "own_ticket_again"
            if self.sheet.get(PROOF):
                return "code" if self.sheet.get("phone") else "phone"
        return super()._next()


def _not_sent() -> dict[str, Any]:
    return {"sent_to": None, "resent": False}


def _open_tickets(known: Body) -> list[OwnTicket]:
    """Tickets that may be told and can still be asked after, pressed for or cancelled; newest first."""
    return [ticket for ticket in known.get("tickets") or () if ticket.get("is_open") and ticket.get("phone")]
