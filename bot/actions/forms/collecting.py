"""One turn of a form: take every fact in the message, have it checked, answer a correction, name what to ask next.

A danger, a wish for a person, a question or small talk is left to the rules (an empty list of events makes the form
step aside). Another request ends this form and opens its own, or waits until this one is saved.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from bot.actions.backend_client import BackendDown, Body, Refused, backend
from bot.actions.escalations.talk import of_the_danger
from bot.actions.forms import fields, interrupted, requests
from bot.actions.forms.confirming import Confirming
from bot.actions.forms.fields import FORMS
from bot.actions.forms.form_turn import BESIDE, CERTAIN, FURNITURE, QUESTIONS, REMEMBERED, SURE, TELLING
from bot.actions.forms.requests import FORM_OF, Wish
from bot.actions.forms.summary import read_back
from bot.actions.knowledge import answering, diagnosis
from bot.actions.reading import (
    answers,
    chat,
    dictated,
    heater,
    locality,
    manner,
    questions,
    story,
    utterance,
)
from bot.actions.turn import (
    answered_already,
    asks_for_the_called,
    earlier_entities,
    earlier_fault,
    of_the_called,
    was_in_danger,
    words_of,
)
from bot.text import address_latin
from bot.text.address import parse

_MAY_BE_ASKED = ("status_form", "chase_form", "complaint_form")
"""Forms that open on words which may only ask something."""

_TELL_OF_A_FAULT = ("complaint_form", "return_form")
"""Requests of which a fault told before is the beginning."""
_SHRUG = 20
"""Characters of a message that says no more than that something is not known."""
_RULES_OF_RETURNS = "三包"
"""What the data call the rules by which a heater is taken back."""


class Collecting(Confirming):
    """Hears, checks, corrects, and asks on."""

    own_number: str | None = None

    async def events(self) -> list[EventType]:
        asked = self.sheet.get("requested_slot")
        if asked and answered_already(self.tracker, self.form_name):
            return [SlotSet("requested_slot", self._asked_again(asked))]
        if not asked and (said := self._speaks_of_what_was_raised()):
            return [SlotSet("requested_slot", None), FollowupAction(said)]
        if not asked:
            await self._open()
        elif (way_out := self.way_out(asked)) is not None:
            return way_out
        else:
            await self._hear(asked)
        if asked not in ("confirm", "correction"):
            self._acknowledge()
        await self._act()
        if asked:
            self._pass_over(asked)
        return self.hand_over() if self.is_stuck else await self._closing_events()

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
        for field, value in (told_before | fields.opening(self.form_name, self.turn)).items():
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
        elif self._shrugs():
            self.followed_by = FollowupAction("action_stray_answer")
        elif self._adds_to_the_saved() or (self._is_return and self._wants_the_other()):
            self.followed_by = FollowupAction("amend_form")
        elif self._is_return and story.is_a_repair(self.turn.text, self.turn.span("symptom")):
            await answering.answer_if_clear(self.turn, self.dispatcher, self.tracker)
            self.followed_by = FollowupAction("repair_form")
        elif self._calls_another_number():
            self.followed_by = FollowupAction("amend_form")
        elif self.form_name == "callback_form" and was_in_danger(self.tracker) and not self.turn.entity("time"):
            self.dispatcher.utter_message(response="utter_hazard_end")
            self.followed_by = FollowupAction("action_listen")
        elif self._asks_rather() and await answering.answer_if_clear(self.turn, self.dispatcher, self.tracker):
            self.followed_by = FollowupAction("visit_form" if self.sheet.get("visit") else "action_listen")
        return self.followed_by is not None

    def _asks_rather(self) -> bool:
        """Whether the words may be no such wish but a question, which is answered if the data know it for certain:
        "师傅有资质吗" was taken for a ticket to be looked up, "上门的是真师傅吗" for a complaint."""
        text, is_unsure = self.turn.text, self.turn.confidence < CERTAIN and not self.turn.entity("ticket_no")
        is_one = is_unsure and self.form_name in _MAY_BE_ASKED and questions.is_question(text)
        return is_one and not questions.asks_how_soon(text) and manner.mood(text) != "angry"

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
        if self.form_name in ("repair_form", "return_form") and (fault := earlier_fault(self.tracker)):
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
        """Who changes the request and then goes back to the first one need not tell it again."""
        aside = self.sheet.get("set_aside")
        if isinstance(aside, dict) and aside.get("form") == self.form_name:
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

    # --- hearing an answer ---------------------------------------------------------------------------------------

    async def _hear(self, asked: str) -> None:
        field = fields.ASKED_FOR.get(asked, asked)
        if asked == "retry":
            self._hear_retry()
        elif self.asks_beside() or self.asks_how_soon() or self.asks_for_a_return():
            await self._answer_beside(asked)
        elif await self._advises_on_the_wall():
            self.ask = self._asked_again(asked) if self.sheet.get(field) is None else None
        elif remark := self._remark(fields.explained(asked)):
            self.ask = self._asked_again(asked)
            self.dispatcher.utter_message(response=remark)
        elif asked == locality.QUESTION:
            await self._hear_locality()
        elif field in ("confirm", "correction"):
            await self._hear_confirmation(field)
        else:
            await self._hear_value(field, asked)

    async def _advises_on_the_wall(self) -> bool:
        """Whether somebody asks about the wall or the socket, and hears at once what to prepare."""
        text = self.turn.text
        is_asked = self.form_name == "install_form" and heater.about_the_wall(text) and questions.is_question(text)
        advice = await diagnosis.readiness_advice(text, self.turn.language) if is_asked else None
        if advice is None or self.turn.channel == "sms":
            return False
        self.dispatcher.utter_message(response="utter_readiness", words=advice)
        self._tell_more("readiness", heater.clauses_about_the_wall(text))
        return True

    def _remark(self, field: str) -> str | None:
        """What is said to a message that only speaks of the talk itself, before the question is put again."""
        remarks = {
            "utter_in_this_language": self.only_asks_for_a_language,
            "utter_called_comes": lambda: asks_for_the_called(self.tracker),
            "utter_welcome_back": lambda: manner.is_back(self.turn.text) and not self.turn.entities,
            "utter_chat_insult": lambda: chat.is_insult(self.turn.text),
            "utter_here": lambda: self.only_begins() or self.talks_to_another(),
            "utter_no_hurry": self.asks_to_wait,
            "utter_no_need_to_repeat": lambda: self.is_tired_of_telling(field),
            "utter_who_i_am": lambda: manner.asks_who_you_are(self.turn.text) and not self.turn.entities,
            "utter_any_number": lambda: self.has_no_number(field),
            f"utter_explain_{field}": lambda: self.asks_what_for(field),
        }
        said = next((response for response, is_meant in remarks.items() if is_meant()), None)
        return said or (None if field in TELLING else self.speaks_of_the_line())

    async def _hear_value(self, field: str, asked: str) -> None:
        if field in ("name", "address") and "phone" in self.form.takes and dictated.begins_a_mobile(self.turn.text):
            await self._take("phone", self.turn.text, asked=False)
            return
        if self._names_another(field):
            self._note_wish(asked)
            return
        if await self._put_right(field):
            self.told_beside = self.ask is None
            return
        value = self._offered(asked) or fields.answer(field, self.turn)
        if field == "wanted_time" and (visit := self._told_for_the_visit(value, field)):
            self._note_visit(visit, value)
            value = None
        if answers.is_retry(self.turn.text):
            value = self.sheet.draft.get(field)
        await self._take_volunteered(but=field)
        if value is not None:
            await self._take(field, value, asked=True)
        elif self.heard:
            self.told_beside = True
            if field == "complaint_ticket" and "wanted" in self.sheet.changed:
                self.sheet.set(field, fields.NONE)  # who says what is to be done has told the story to its end
        elif not self._is_for_who_comes(field, asked):
            self._not_answered(field, asked)

    def _is_for_who_comes(self, field: str, asked: str) -> bool:
        """Whether a message that answers nothing is noted for the colleague: a question nobody can answer here, or what
        is to be done beside ("顺便把旧的拆走")."""
        is_beside = self.form.is_visited and field not in TELLING and requests.asks_also(self.turn.text)
        if not is_beside and not self._leaves_a_question(field):
            return False
        self._tell_more("wanted")
        self.ask = self._asked_again(asked)
        self.dispatcher.utter_message(response="utter_noted" if is_beside else "utter_question_noted")
        return True

    async def _hear_locality(self) -> None:
        """Town or village is asked once: an answer that leaves it open is no failure, and the form goes on."""
        told, address = locality.told_in(self.turn.text), self.sheet.get("address")
        if told and isinstance(address, dict):
            self.sheet.set("address", {**address, **told})
            self.heard = True
        await self._take_volunteered(but="address" if told else None)

    async def _answer_beside(self, asked: str) -> None:
        """Neither is lost: the facts are taken, the question is answered, and the form goes on."""
        await self._take_volunteered()
        if self._is_return and self.sheet.get("return_reason") and story.asks_for_which(self.turn.text):
            self._tell_more("return_reason")
        await self._answer(self.turn.intent)
        if self.ask is None and self.sheet.get(fields.ASKED_FOR.get(asked, asked)) is None:
            self.ask = self._asked_again(asked)

    async def _answer(self, intent: str) -> None:
        question = answering.question_of(self.turn, self.tracker)
        kind = "visit" if self.asks_how_soon() else intent.removeprefix("ask_")
        if self.asks_for_a_return():
            kind, question = "warranty", {**question, "text": f"{question['text']} {_RULES_OF_RETURNS}"}
        for event in await answering.answer(kind, question, self.turn, self.dispatcher, self.tracker):
            if event["event"] == "followup":
                self.followed_by = event

    def _names_another(self, field: str) -> bool:
        """Whether the message is another request rather than an answer; a story may well name one."""
        other = FORM_OF.get(self.turn.intent)
        if other in (None, self.form_name) or self.turn.confidence < SURE or field in TELLING:
            return False
        if other != "callback_form" and not requests.names(other, self.turn.text):
            return False  # "bought a few days ago" asks for nothing
        if field not in fields.FREE_TEXT and fields.answer(field, self.turn) is not None:
            return False
        if "wanted" in self.form.takes and self._told("wanted") is not None:
            return False
        return all(fields.volunteered(each, self.turn) is None for each in self.form.takes)

    def _note_wish(self, asked: str) -> None:
        """A call comes anyway; another request waits until this one is saved."""
        self.ask = asked
        if self.turn.intent == "request_callback":
            self.dispatcher.utter_message(response="utter_call_follows")
            return
        if self.turn.intent == "reschedule" and self.form.is_visited:  # there is no time yet that could be another
            self._tell_more("wanted")
            self.dispatcher.utter_message(response="utter_noted")
            return
        self.sheet.set("next_request", Wish(FORM_OF[self.turn.intent], self.turn.text).as_slot())
        self.dispatcher.utter_message(response="utter_next_noted")

    def _not_answered(self, field: str, asked: str) -> None:
        if field == "complaint_ticket":  # no number in it: the story goes on
            self.sheet.set(field, fields.NONE)
            self._tell_more("complaint_about")
        elif field == "symptom" and story.says_it_is_broken(self.turn.text):
            self._fail(field, "symptom_choices", None)
        elif self._tells_who_and_where():
            self.dispatcher.utter_message(response="utter_noted")
            self.ask = self._asked_again(asked)
        elif self._goes_on_with_the_story():
            self._tell_more(str(self.form.story))
            self.ask = self._asked_again(asked)
        elif self._tells_of_the_heater():
            self.told_beside = True
        elif FORM_OF.get(self.turn.intent) == self.form_name or self._is_nothing_new(field):
            self.ask = self._asked_again(asked)
        elif field == "ticket_no":
            self._fail(field, asked, "utter_no_ticket_no")
        else:
            self._fail(field, asked, "utter_not_understood")

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
