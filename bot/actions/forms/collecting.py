"""One turn of a form: take every fact in the message, have it checked, answer a correction, name what to ask next.

A danger, a wish for a person, a question or small talk is left to the rules (an empty list of events makes the form
step aside). Another request ends this form and opens its own, or waits until this one is saved.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from bot.actions.backend_client import BackendDown, Body, Refused, backend
from bot.actions.escalations.talk import of_the_danger
from bot.actions.forms import fields, interrupted, opening, requests
from bot.actions.forms.fields import FORMS
from bot.actions.forms.form_turn import BESIDE, CERTAIN, FURNITURE, NUMBER, QUESTIONS, REMEMBERED
from bot.actions.forms.hearing import Hearing
from bot.actions.forms.summary import read_back
from bot.actions.forms.taking import LAST, PASSED_OVER
from bot.actions.knowledge import answering
from bot.actions.reading import (
    answers,
    chat,
    locality,
    manner,
    questions,
    story,
    utterance,
)
from bot.actions.turn import (
    answered_already,
    dropped_last,
    earlier_entities,
    earlier_fault,
    earlier_part,
    of_the_called,
    waits_on,
    was_in_danger,
    words_of,
)
from bot.text import address_latin
from bot.text.address import parse

_MAY_BE_ASKED = ("status_form", "chase_form", "complaint_form")
"""Forms that open on words which may only ask something."""

_OF_A_HEATER = ("repair", "install", "return")
"""Kinds of ticket that only a heater of ours can have; who moves ours may name another that hangs beside it."""

_TELL_OF_A_FAULT = ("complaint_form", "return_form")
"""Requests of which a fault told before is the beginning."""
_SHRUG = 20
"""Characters of a message that says no more than that something is not known."""


class Collecting(Hearing):
    """Opens, hears, and asks on."""

    own_number: str | None = None

    async def events(self) -> list[EventType]:
        asked = self.sheet.get("requested_slot")
        if asked and answered_already(self.tracker, self.form_name):
            return self._after_an_answer(asked)
        if not asked and (said := self._speaks_of_what_was_raised()):
            return [SlotSet("requested_slot", None), FollowupAction(said)]
        if not asked:
            await self._open()
        elif (way_out := self.way_out(asked)) is not None:
            return way_out
        else:
            self.told_last = self.sheet.draft.get(LAST)
            self.sheet.keep(LAST, None)
            await self._hear(asked)
        if asked not in ("confirm", "correction"):
            self._acknowledge()
        await self._act()
        if asked:
            self._pass_over(asked)
        return self.hand_over() if self.is_stuck else await self._closing_events()

    def _after_an_answer(self, asked: str) -> list[EventType]:
        """The question once more; one that can be left open is not put again and again beside other matters."""
        field = fields.ASKED_FOR.get(asked, asked)
        if field not in fields.CAN_BE_SKIPPED or self.sheet.count(f"{field}:passed") <= PASSED_OVER:
            return [SlotSet("tries", self.sheet.get("tries")), SlotSet("requested_slot", self._asked_again(asked))]
        self.sheet.set(field, fields.CAN_BE_SKIPPED[field])
        left = [SlotSet(slot, value) for slot, value in self.sheet.changed.items()]
        return [*left, SlotSet("requested_slot", self._next())]

    def _speaks_of_what_was_raised(self) -> str | None:
        """The action to go on with where the words that opened this form are about the person called, or the danger
        reported, and no request."""
        if (interrupted.waiting_form(self.sheet.values, self.turn.now) or {}).get("heard"):
            return None
        tells_more = any(each.get("entity") != "time" for each in self.turn.entities)
        if tells_more or requests.names(self.form_name, self.turn.text):
            return None
        if called := of_the_called(self.tracker):
            return called
        if waits_on(self.tracker):
            self.dispatcher.utter_message(response="utter_called_comes")
            return "action_listen"
        return "action_listen" if of_the_danger(self.dispatcher, self.tracker, self.turn) else None

    def way_out(self, asked: str) -> list[EventType] | None:
        """Who calls off the person they wait for goes on with the form, unless it only was to call back instead."""
        if not manner.wants_no_person(self.turn.text):
            return super().way_out(asked)
        kept = None if self.form_name == "callback_form" else self._as_left(asked)
        followed_by = FollowupAction("action_withdraw_hand_over")
        return [SlotSet(interrupted.SLOT, kept), SlotSet("requested_slot", None), followed_by]

    async def _act(self) -> None:
        """What a form does with news at once, before anything else is asked."""

    # --- opening -------------------------------------------------------------------------------------------------

    async def _open(self) -> None:
        waiting = interrupted.waiting_form(self.sheet.values, self.turn.now)
        if self.only_speaks_of_the_line(waiting):
            return
        self.sheet.set(interrupted.SLOT, None)
        if waiting and waiting["form"] == self.form_name:
            if waiting.get("heard"):
                self.ask = self._asked_again(str(waiting["asked"]))
            else:
                await self._resume(str(waiting["asked"]))
            return
        if await self._leads_elsewhere(waiting):
            return
        await self._begin()

    def only_speaks_of_the_line(self, waiting: dict[str, Any] | None) -> bool:
        """Whether the words that opened this form ask for nothing it does: a talk that broke off goes on where it was,
        a call that was missed is made again, and the technician's number is not ours to give."""
        said = None if requests.names(self.form_name, self.turn.text) else self.speaks_of_the_line()
        if said in ("utter_technician_number", "utter_manager_number"):
            self.dispatcher.utter_message(response=said)
            self.followed_by = FollowupAction("visit_form" if self.sheet.get("visit") else "action_listen")
        elif said == "utter_missed_call" and self.form_name == "callback_form":
            self.dispatcher.utter_message(response=said)
        elif said == "utter_missed_call":
            self.followed_by = FollowupAction("callback_form")
        elif self.form_name == "complaint_form":
            return False  # that the line breaks off may be the very thing somebody complains about
        elif said == "utter_welcome_back" and waiting:
            self.followed_by = None if waiting["form"] == self.form_name else FollowupAction(waiting["form"])
        elif said == "utter_welcome_back":
            self.dispatcher.utter_message(response="utter_cut_off")
            self.followed_by = FollowupAction("action_listen")
        return self.followed_by is not None

    async def _begin(self) -> None:
        """Empty what another matter left, take up what is known, and hear the first words."""
        told_before = self._told_before()
        shared = FORMS[self.sheet.get("changed_from")].takes if self.sheet.get("changed_from") else ()
        fresh = [field for field in self.form.takes if field not in REMEMBERED and field not in shared]
        for slot in (*fresh, *FURNITURE, "fault_code", "capacity", "serial_no", "advised", "changed_from"):
            self.sheet.set(slot, None)
        self.sheet.set("form_id", self.turn.message_id)
        self.sheet.set("draft", {})
        self.sheet.set("tries", {})
        self._take_up_what_was_set_aside()
        self._take_up_wish()
        await self._recall()
        await self._take_earlier()
        if self.form_name == "callback_form" and self.sheet.get("proof") and self.own_number:
            self.sheet.set("phone", self.own_number)  # a call is for who asks, whosever ticket was looked for
        for field, value in (told_before | opening.told(self.form_name, self.turn)).items():
            held, mark = told_before.get(field), "；" if self.turn.language == "zh" else "; "
            self.sheet.set(field, utterance.kept(f"{held}{mark}{value}") if held not in (None, value) else value)
        reason = "reschedule" if self.turn.intent == "correct" else self.turn.intent
        self.sheet.set("callback_reason", reason if self.form_name == "callback_form" else None)
        await self._take_volunteered()
        self._note_second_wish()
        beside, is_repair = self.turn.also_wants(QUESTIONS, BESIDE), self.form_name == "repair_form"
        if is_repair and questions.asks_to_try(self.turn.text):
            return  # first aid answers it
        if self.asks_for_a_return():
            if not await answering.answer_if_clear(self.turn, self.dispatcher, self.tracker):
                await self._answer("ask_warranty")
        elif beside and questions.is_question(self.turn.text):
            await self._answer(beside)
        elif self.form.ticket_type and not is_repair:
            await answering.answer_if_clear(self.turn, self.dispatcher, self.tracker)

    def _note_second_wish(self) -> None:
        """Two requests in one breath: the second waits until the first is saved."""
        wish = requests.second_wish(self.form_name, self.turn.text)
        if wish and not self.sheet.get("next_request") and not self.sheet.get("changed_from"):
            self.sheet.set("next_request", wish.as_slot())
            self.dispatcher.utter_message(response="utter_next_noted")

    async def _leads_elsewhere(self, waiting: Body | None) -> bool:
        """Whether the wish was taken for another: a fault for a return, a call that is on its way after a danger, or a
        wish to go on with the request that waits for another."""
        is_bare = self.form.ticket_type is None or not self.turn.entities
        if waiting and is_bare and manner.goes_on(self.turn.text):
            self.sheet.set(interrupted.SLOT, waiting)
            self.followed_by = FollowupAction(waiting["form"])
        elif self.form.ticket_type in _OF_A_HEATER and chat.is_of_another_make(self.turn.text):
            self.dispatcher.utter_message(response="utter_chat_other_make")
            self.followed_by = FollowupAction("action_listen")
        elif self._is_return and await self._is_no_return():
            return True
        elif (meant := self._meant_rather()) is not None:
            self.followed_by = FollowupAction(meant)
        elif await self._completes_an_answer():
            self.followed_by = self.followed_by or FollowupAction("action_listen")
        elif self.form_name == "callback_form" and was_in_danger(self.tracker) and not self.turn.entity("time"):
            self.dispatcher.utter_message(response="utter_hazard_end")
            self.followed_by = FollowupAction("action_listen")
        elif self._asks_rather() and await answering.answer_if_clear(self.turn, self.dispatcher, self.tracker):
            self.followed_by = FollowupAction("visit_form" if self.sheet.get("visit") else "action_listen")
        return self.followed_by is not None

    def _meant_rather(self) -> str | None:
        """The action that the words mean, whatever they were taken for."""
        if self.form.ticket_type and requests.moves_a_time(self.turn.text):
            return "action_reschedule"
        if self._shrugs():
            return "action_stray_answer"
        if self.form_name == "cancel_form" and (dropped := self._was_dropped_by_mistake()):
            return dropped
        wants_the_other = self._is_return and self._wants_the_other()
        return "amend_form" if wants_the_other or self._adds_to_the_saved() or self._calls_another_number() else None

    async def _is_no_return(self) -> bool:
        """Whether words taken for a return want a fee back, tell of a fault, or ask about the return just saved."""
        if story.wants_a_fee_back(self.turn.text):
            self.followed_by = FollowupAction("complaint_form")
        elif self._asks_of_the_saved_return():
            await self._answer("ask_warranty")
            self.followed_by = self.followed_by or FollowupAction("action_listen")
        elif not self._wants_the_other() and story.is_a_repair(self.turn.text, self.turn.span("symptom")):
            await answering.answer_if_clear(self.turn, self.dispatcher, self.tracker)
            self.followed_by = FollowupAction("repair_form")
        return self.followed_by is not None

    def _asks_rather(self) -> bool:
        """Whether the words may be no such wish but a question, which is answered if the data know it for certain:
        "师傅有资质吗" was taken for a ticket to be looked up, "上门的是真师傅吗" for a complaint."""
        text, is_unsure = self.turn.text, self.turn.confidence < CERTAIN and not self.turn.entity("ticket_no")
        is_one = is_unsure and self.form_name in _MAY_BE_ASKED and questions.is_question(text)
        is_one = is_one or self._asks_of_the_saved()
        return is_one and not questions.asks_how_soon(text) and manner.mood(text) != "angry"

    def _was_dropped_by_mistake(self) -> str | None:
        """The form that was just dropped where the customer meant to drop something else."""
        return dropped_last(self.tracker) if requests.cancels_nothing(self.turn.text) else None

    def _asks_of_the_saved(self) -> bool:
        """Whether words taken for a further request only ask about the one that has just been saved: "who pays for
        shipping it back?"."""
        text, is_saved = self.turn.text, self.sheet.get("saved_ticket_no") and self.form.ticket_type
        is_bare = not self.turn.entities and not requests.names(self.form_name, text)
        return bool(is_saved) and is_bare and questions.is_question(text)

    def _asks_of_the_saved_return(self) -> bool:
        """Whether who has just asked for a return asks once more what they may have."""
        is_saved = self.sheet.get("saved_ticket_no") and self.tracker.get_slot("return_reason")
        return bool(is_saved) and not self.turn.entities and questions.asks_for_a_return(self.turn.text)

    async def _completes_an_answer(self) -> bool:
        """Whether words taken for a request tell what our last answer asked for: "a knob", asked for the part."""
        is_request = requests.names(self.form_name, self.turn.text) or self.turn.entity("symptom")
        if not self.form.ticket_type or is_request or not self.turn.entity("product_part"):
            return False
        events = await answering.complete(self.dispatcher, self.tracker)
        for event in events or ():
            if event["event"] == "slot":
                self.sheet.set(event["name"], event["value"])
            else:
                self.followed_by = event
        return events is not None

    def _calls_another_number(self) -> bool:
        """Whether a call that is on its way after a danger is wished to another number than the one told."""
        told, is_saved = self.turn.value("phone"), self.tracker.get_slot("saved_ticket_no")
        is_call = self.form_name == "callback_form" and was_in_danger(self.tracker)
        return bool(is_call and is_saved and told and told != self.sheet.get("phone"))

    def _shrugs(self) -> bool:
        """Whether the first words only say that what an answer asked for is not known, whatever they were taken for."""
        text = self.turn.text
        is_bare = len(text) <= _SHRUG and not self.turn.entities and not requests.names(self.form_name, text)
        return bool(self.sheet.get(answering.PENDING)) and is_bare and answers.is_unknown(text)

    def _told_before(self) -> dict[str, Any]:
        """What was said when this form's matter began as a question about a ticket: "nobody came" is the complaint."""
        aside = (self.sheet.get("set_aside") or {}).get("facts") or {}
        if self.sheet.get("changed_from") and aside.get("symptom") and self.form_name in _TELL_OF_A_FAULT:
            words = words_of(self.tracker, self.sheet.get("form_id")) or ""
            return {str(self.form.story): words if aside["symptom"] in words else aside["symptom"]}
        refers_back = self.form_name == "repair_form" and questions.refers_back(self.turn.text)
        fault = earlier_fault(self.tracker) or (earlier_part(self.tracker) if refers_back else None)
        if self.form_name in ("repair_form", "return_form") and fault:
            known = self.turn.entity("symptom") or self.sheet.get("symptom") or self.sheet.get("next_request")
            is_another = known or requests.names_another_heater(self.turn.text)
            return {} if is_another else {str(self.form.story): utterance.kept(fault)}
        begun = FORMS[self.sheet.get("changed_from")] if self.sheet.get("changed_from") else None
        if begun is None or begun.ticket_type or self.form_name != "complaint_form":
            return {}
        first = words_of(self.tracker, self.sheet.get("form_id"))
        matter = story.complaint_in(first) if first else None
        told = {"complaint_about": matter} if matter else {}
        return told | ({"complaint_ticket": fields.NONE} if self.sheet.get("proof") else {})

    async def _take_earlier(self, only: tuple[str, ...] = ()) -> None:
        """What earlier messages told; of `only` these, where nothing is held yet."""
        for entity in earlier_entities(self.tracker):
            for field in self.form.takes:
                value = fields.from_entity(field, entity)
                if value is None or field in ("wanted_time", "symptom"):
                    continue
                if not only or (field in only and self.sheet.get(field) is None):
                    await self._take(field, value, asked=False)

    async def _resume(self, asked: str) -> None:
        """Go on where the form was left; the message may already answer its question."""
        self.sheet.set("tries", {})
        if self.form.confirms:
            self.dispatcher.utter_message(response="utter_welcome_back")
        await self._take_earlier(only=("name",))
        known_by_now = self.sheet.get(fields.ASKED_FOR.get(asked, asked)) is not None
        goes_on = manner.goes_on(self.turn.text) or self.speaks_of_the_line() == "utter_welcome_back"
        only_back = goes_on or (self.turn.intent in ("affirm", "greet") and asked != "confirm")
        if known_by_now:
            await self._take_volunteered()
        elif only_back:
            self.ask = self._asked_again(asked)
        else:
            await self._hear(asked)
            self._blame_nobody()

    def _blame_nobody(self) -> None:
        """The first words after a while ("ok, the breaker is off") need not answer what was asked before it."""
        if not self.heard and not self.is_stuck:
            spoken = self.dispatcher.messages
            spoken[:] = [each for each in spoken if each.get("response") != "utter_not_understood"]

    def _take_up_what_was_set_aside(self) -> None:
        """Who changes the request and then goes back to the first one need not tell it again; of one that was dropped
        only who takes that back at once."""
        aside = self.sheet.get("set_aside")
        is_own = isinstance(aside, dict) and aside.get("form") == self.form_name
        if is_own and (not aside.get("dropped") or dropped_last(self.tracker)):
            for field, value in aside["facts"].items():
                self.sheet.set(field, value)
            self.sheet.set("set_aside", None)

    def _take_up_wish(self) -> None:
        """A request named while another was taken opens with the words that named it."""
        wish = self.sheet.get("next_request")
        if isinstance(wish, dict) and wish.get("form") == self.form_name:
            self.turn = self.turn.with_words(wish["text"])
        self.sheet.set("next_request", None)

    async def _recall(self) -> None:
        """What the backend knows of this customer is not asked again."""
        try:
            known = await backend().known(self.turn.conversation_id)
        except (BackendDown, Refused):
            return
        self.own_number = known.get("phone")
        for field in REMEMBERED:
            if self.sheet.get(field) is None and known.get(field):
                self.sheet.set(field, known[field])
        self._recall_tickets(known)

    def _recall_tickets(self, known: Body) -> None:  # noqa: ARG002  the shape of every form
        """What a form about a ticket that exists takes up of the customer's tickets: who complains right after one was
        saved, and not of an earlier one, is not asked for its number."""
        is_of_another = requests.names("status_form", self.turn.text) or self.sheet.get("complaint_ticket")
        if self.form_name == "complaint_form" and not is_of_another:
            self.sheet.set("complaint_ticket", self.sheet.get("saved_ticket_no"))

    # --- closing the turn ----------------------------------------------------------------------------------------

    def _city_so_far(self) -> str:
        """The city that is known of an address, as it stands in the question for its district."""
        begun = str(self.sheet.draft.get("address") or "")
        if begun.isascii():
            named = address_latin.regions_named(begun)
            return f" of {named.strip(' ,.')}" if named else ""
        found = parse(begun)
        return found.city if found else ""

    async def _closing_events(self) -> list[EventType]:
        upcoming = self.ask or self._next()
        if upcoming == "wanted_time":
            self.sheet.set("opening_hours", await answering.opening_hours(self.turn))
        if upcoming == "address_district":
            self.sheet.set("district_of", self._city_so_far())
        if upcoming == NUMBER and self.sheet.get("address"):
            self.sheet.keep(NUMBER, True)
        if upcoming == locality.QUESTION:
            self.sheet.set("address", locality.asked(self.sheet.get("address")))
        if upcoming == "confirm":
            self.sheet.set("summary", read_back(self.form, self.sheet.values, self.turn))
        changed = {slot: value for slot, value in self.sheet.changed.items() if self.tracker.get_slot(slot) != value}
        heard = {"draft": self.sheet.draft, **changed}  # a form that hears nothing at all would step aside
        events: list[EventType] = [SlotSet(slot, value) for slot, value in heard.items()]
        if self.followed_by is not None:
            return [*events, SlotSet("requested_slot", None), self.followed_by]
        return [*events, SlotSet("requested_slot", upcoming)]
