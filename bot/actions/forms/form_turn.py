"""A turn inside a form as such: who speaks, what is held, and the ways out of the form."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.forms import fields, interrupted, requests
from bot.actions.forms.amending import amends
from bot.actions.forms.fields import FORMS, Form
from bot.actions.forms.requests import FORM_OF, TICKET_INTENTS
from bot.actions.forms.sheet import Sheet
from bot.actions.reading import (
    answers,
    chat,
    heater,
    line,
    locality,
    manner,
    people,
    places,
    questions,
    story,
    utterance,
)
from bot.actions.turn import Turn
from bot.text import language

_ALWAYS_INTERRUPT = frozenset({"report_hazard", "ask_human"})
_SHORT = 8
"""Characters under which a message is an answer rather than another topic."""
SHORT_STORY = 30
"""Characters under which "the number is wrong" is a correction even where a story was asked."""
QUESTIONS = frozenset({"ask_warranty", "ask_fee", "ask_hours", "ask_howto", "ask_parts"})
_SMALL_TALK = frozenset({"greet", "thank", "repeat", "out_of_scope"})
SURE = 0.6
"""Confidence at which another intention outweighs a free-text answer."""
BESIDE = 0.15
"""Share at which a message carries a second wish beside its first."""
CERTAIN = 0.8
"""Confidence at which a request named where a story was asked takes the place of the one under way."""
_CHANGE_OF_MIND = {"zh": 40, "en": 90}
"""Characters of a message that can change the request; a longer one is a story in which other requests occur."""

TELLING = frozenset({"symptom", "complaint_about", "wanted", "return_reason", "move_what", "readiness"})
"""Questions answered with a story: a day or a number in it is part of the story."""

_OTHER_THAN = {
    "repair_form": ("request_install", "request_relocation", "request_return"),
    "install_form": ("request_repair", "request_relocation", "request_return", "complain"),
    "relocation_form": ("request_repair", "request_return", "complain"),
    "return_form": ("request_install", "request_relocation"),
}
"""Requests that take a form's place when they answer its first question; the others may well be the answer: what is
wrong with the heater is a reason to return it."""

REMEMBERED = ("name", "phone", "address")
"""Facts of a person that the next form need not ask again."""

NUMBER = "address_number"
"""The question for the number of a house of which only the street is known; the draft notes that it was put."""
ADVISED_WALL = "wall advice"
"""Where the draft keeps what has been said about the wall: it is not said again with the saved ticket."""
FURNITURE = ("confirm", "correction", "retry", "summary", "callback_reason")
"""Slots of a form that are no facts."""


class FormTurn:
    """Works on a copy of the slots; every way out returns events."""

    def __init__(self, form: str, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self.form_name = form
        self.form: Form = FORMS[form]
        self.dispatcher = dispatcher
        self.tracker = tracker
        self.turn = Turn.of(tracker)
        self.sheet = Sheet(tracker.slots)
        self.ask: str | None = None
        self.heard = False
        self.is_stuck = False
        self.followed_by: EventType | None = None

    @property
    def _is_return(self) -> bool:
        return self.form_name == "return_form"

    def way_out(self, asked: str) -> list[EventType] | None:
        """The events that leave the form, none at all where the rules go on, or None to stay and listen."""
        if manner.wants_person(self.turn.text):
            return [] if self.turn.intent == "ask_human" else self.to_a_person(asked)
        if self._corrects_the_saved(asked):
            return self._to_the_saved(asked)
        if other := self.other_request(asked):
            return self.change_to(other)
        if self.gives_up(asked):
            return self.drop()
        if self.says_goodbye() and self.answers_nothing(asked):
            return self.leave(asked)
        return [] if self.interrupts(asked) else None

    def says_goodbye(self) -> bool:
        text = self.turn.text
        is_the_end = self.turn.intent == "goodbye" and not (questions.is_question(text) or answers.is_particle(text))
        return is_the_end or manner.puts_off(text)

    def _corrects_the_saved(self, asked: str) -> bool:
        """Whether a fact of the ticket saved before is put right while a call or a visit is being settled."""
        if self.form.ticket_type or not self.form.may_change or not self.sheet.get("saved_ticket_no"):
            return False
        if fields.ASKED_FOR.get(asked, asked) in ("address", "code", "ticket_no") or self.form_name == "amend_form":
            return False
        return amends(self.turn, self.sheet.values, but=self.form.takes)

    def _to_the_saved(self, asked: str) -> list[EventType]:
        """The ticket is put right, and then this form goes on (`AmendTicket`)."""
        return [
            SlotSet(interrupted.SLOT, self._as_left(asked)),
            SlotSet("correction", None),
            SlotSet("requested_slot", None),
            FollowupAction("amend_form"),
        ]

    def other_request(self, asked: str) -> str | None:
        """The form of another request that takes this one's place: meant instead, or named before anything was told."""
        field = fields.ASKED_FOR.get(asked, asked)
        if plain := self._plainly_meant():
            return plain
        named = FORM_OF.get(self.turn.intent)
        if named in (None, self.form_name) or self.turn.confidence < SURE or not self.form.may_change:
            return None
        is_told = fields.volunteered(field, self.turn) is not None or manner.goes_on(self.turn.text)
        is_told = is_told or (self.form.ticket_type is not None and requests.asks_also(self.turn.text))
        if is_told or field in ("complaint_about", "wanted"):
            return None
        if self.form.ticket_type is None:
            # who cannot or will not show whose ticket it is can still be called
            is_call = self.turn.intent == "request_callback" and self.form_name in ("status_form", "chase_form")
            return named if self.turn.intent in TICKET_INTENTS or is_call else None
        is_first = field == self.form.fields[0] and self.sheet.get(field) is None
        is_other = self.turn.intent in _OTHER_THAN.get(self.form_name, ()) and self.turn.confidence >= CERTAIN
        return named if is_first and is_other else None

    def _plainly_meant(self) -> str | None:
        """The form of another request that the words leave no doubt of.

        A fault and its place, told while only a call is being settled, are a repair.
        """
        short = len(self.turn.text) <= _CHANGE_OF_MIND[self.turn.language]
        meant = requests.meant_instead(self.turn.text, self.form_name) if short and self.form.may_change else None
        if meant and not (self.form_name == "complaint_form" and self.turn.intent == "complain"):
            return meant
        if self._gives_the_case_up():
            return "cancel_form"
        is_fault = self.turn.entity("symptom") is not None and self.turn.entity("address") is not None
        return "repair_form" if is_fault and self.form_name == "callback_form" else None

    def _gives_the_case_up(self) -> bool:
        """Whether the ticket that is spoken of is wanted no more ("不修了"), and not only another time for it."""
        is_about_a_ticket = self.form.ticket_type is None and self.sheet.get("ticket_no") is not None
        is_meant = self.turn.intent == "cancel_request" and self.form_name != "cancel_form"
        return is_about_a_ticket and is_meant and requests.gives_the_case_up(self.turn.text)

    def change_to(self, form: str) -> list[EventType]:
        own = [field for field in self.form.takes if field not in FORMS[form].takes]
        told = {field: self.sheet.get(field) for field in own if self.sheet.get(field) is not None}
        aside = [SlotSet("set_aside", {"form": self.form_name, "facts": told})] if told and self.form.confirms else []
        return [
            *aside,
            *(SlotSet(slot, None) for slot in (*own, *FURNITURE)),
            SlotSet("changed_from", self.form_name),
            SlotSet("requested_slot", None),
            FollowupAction(form),
        ]

    def gives_up(self, asked: str) -> bool:
        """Dropping a request is not telling one: "取消订单" may be the very thing a complaint is about."""
        if self.form_name == "cancel_form":
            return False
        if answers.gives_up(self.turn.text):
            field = fields.ASKED_FOR.get(asked, asked)
            return not (answers.is_no(self.turn.text) and (field == "confirm" or field in fields.CAN_BE_SKIPPED))
        is_sure = self.turn.confidence >= SURE or self.answers_nothing(asked)
        is_remark = story.remark_for_the_visit(self.turn.text) is not None  # "call the tenant please"
        return self.turn.intent == "cancel_request" and asked not in TELLING and is_sure and not is_remark

    def drop(self) -> list[EventType]:
        self.dispatcher.utter_message(response="utter_not_moved" if self._moves_a_call() else "utter_form_cancelled")
        cleared = [field for field in self.form.takes if field not in REMEMBERED]
        told = {field: self.sheet.get(field) for field in cleared if self.sheet.get(field) is not None}
        aside = {"form": self.form_name, "facts": told, "dropped": True}
        emptied = [SlotSet(slot, None) for slot in (*cleared, *FURNITURE, "form_id", "requested_slot")]
        return [SlotSet("set_aside", aside), *emptied]

    def _moves_a_call(self) -> bool:
        """Whether a call may stand already that was to be moved: a ticket has one, and who reschedules says so."""
        stands = self.sheet.get("callback_reason") == "reschedule" or self.sheet.get("saved_ticket_no")
        return self.form_name == "callback_form" and bool(stands)

    def leave(self, asked: str) -> list[EventType]:
        """Who says goodbye half way finds everything as it was."""
        self.dispatcher.utter_message(response="utter_goodbye_kept")
        return [SlotSet(interrupted.SLOT, self._as_left(asked)), SlotSet("requested_slot", None)]

    def hand_over(self) -> list[EventType]:
        """A person does better than a third wrong question."""
        return [
            *(SlotSet(slot, value) for slot, value in self.sheet.changed.items()),
            *self.to_a_person(self.sheet.get("requested_slot")),
        ]

    def to_a_person(self, asked: str | None) -> list[EventType]:
        """The form is kept as it stands, and a person is called."""
        return [
            SlotSet(interrupted.SLOT, self._as_left(asked)),
            SlotSet("requested_slot", None),
            FollowupAction("action_hand_over"),
        ]

    def _as_left(self, asked: str | None) -> dict[str, str] | None:
        return interrupted.noted(self.form_name, asked, self.turn.now)

    def answers_nothing(self, asked: str) -> bool:
        field = fields.ASKED_FOR.get(asked, asked)
        return not self.turn.entities and (field in fields.FREE_TEXT or fields.answer(field, self.turn) is None)

    def asks_beside(self) -> bool:
        """Whether the message asks something and tells facts in one breath."""
        is_question = self.turn.intent in QUESTIONS and self.turn.confidence >= SURE
        is_question = is_question and not questions.only_echoes(self.turn.text)
        return is_question and any(fields.volunteered(field, self.turn) is not None for field in self.form.takes)

    def _only_tells(self) -> bool:
        """Whether the message is nothing but facts this form takes, whichever was asked for: "李女士", a number."""
        told = {str(entity["entity"]) for entity in self.turn.entities}
        is_all = bool(told) and not utterance.says_something(self.turn.beside(tuple(told)), at_least=1)
        return is_all and any(fields.volunteered(field, self.turn) is not None for field in self.form.takes)

    def asks_how_soon(self) -> bool:
        """Whether somebody whose request is only being taken asks when we come: no ticket can tell it yet."""
        return bool(self.form.ticket_type) and questions.asks_how_soon(self.turn.text)

    def asks_for_a_return(self) -> bool:
        """Whether somebody who wants to give a heater back asks if that is possible."""
        return self.form_name in ("return_form", "complaint_form") and questions.asks_for_a_return(self.turn.text)

    def only_begins(self) -> bool:
        """Whether the message only announces that something will be told."""
        return manner.only_begins(self.turn.text)

    def has_no_number(self, field: str) -> bool:
        """Whether somebody has no mobile at hand: another number will do, which is said once."""
        is_asked = field == "phone" and self.form.confirms and self.form_name != "cancel_form"
        is_none = is_asked and line.has_no_number(self.turn.text) and not self.turn.entity("phone")
        return is_none and self.sheet.count("no number") == 1

    def talks_to_another(self) -> bool:
        """Whether somebody else in the room is spoken to; nobody writes such words."""
        return self.turn.channel == "voice" and manner.talks_to_another(self.turn.text)

    def only_asks_for_a_language(self) -> bool:
        """Whether the message tells nothing but in which language to go on."""
        return not self.turn.entities and language.asked_for(self.turn.text) is not None

    def asks_what_for(self, field: str) -> bool:
        """Whether the question itself is not understood, or why it is put, or not liked, and nothing else told; once a
        question."""
        text = self.turn.text
        is_asked = questions.asks_what_for(text) or questions.will_not_tell(text)
        is_asked = is_asked and not answers.is_unknown(text) and not self.turn.entities
        return field in fields.EXPLAINED and is_asked and self.sheet.count(f"{field} explained") == 1

    def _tells_of_the_heater(self) -> bool:
        """Whether something of the heater is told that this form has no use for; the next may."""
        return any(self.turn.entity(each) and each not in self.form.takes for each in ("model", "purchase_date"))

    def _leaves_a_question(self, field: str) -> bool:
        """Whether something is asked that nobody can answer here: it is kept for the colleague who calls."""
        is_asked = questions.asks_outright(self.turn.text) and not questions.asks_what_for(self.turn.text)
        return is_asked and self.form.is_visited and field not in TELLING

    def speaks_of_the_line(self) -> str | None:
        """What is said to a message that is only about the line: cut off, a call missed, which number to ring."""
        text = self.turn.text
        if line.means_this_number(text) or line.asks_whether_it_is_shown(text):
            return "utter_this_number" if self.sheet.get("phone") else "utter_number_hidden"
        if refused := line.number_not_ours_to_give(text):
            return f"utter_{refused}_number"
        if line.missed_our_call(text):
            return "utter_missed_call"
        return "utter_welcome_back" if line.was_cut_off(text) and self.turn.entity("symptom") is None else None

    def asks_to_wait(self) -> bool:
        """Whether the customer is looking for the answer ("等一下，我去看看") and asks nothing."""
        is_waiting = manner.asks_to_wait(self.turn.text) and not answers.is_sign(self.turn.text)
        is_waiting = is_waiting and self.turn.entity("symptom") is None
        is_waiting = is_waiting and not any(self._is_news(field) for field in self.form.takes)
        is_pressing = self.turn.intent in QUESTIONS | {"ask_status", "chase"} and self.turn.confidence >= SURE
        return is_waiting and not is_pressing

    def _is_news(self, field: str) -> bool:
        told = fields.volunteered(field, self.turn)
        return told not in (None, fields.UNKNOWN, fields.ANY_TIME, self.sheet.get(field))

    def is_tired_of_telling(self, field: str) -> bool:
        """Whether somebody only asks how often it must be told, with nothing in it that is still to be known."""
        if field in TELLING or not manner.has_told_already(self.turn.text):
            return False
        unknown = [each for each in self.form.takes if self.sheet.get(each) is None]
        return all(fields.volunteered(each, self.turn) is None for each in unknown)

    def _answers(self, field: str) -> bool:
        """Whether a message that looks like a question or small talk holds the answer all the same."""
        is_story = self.turn.intent in QUESTIONS and field in TELLING and not questions.is_question(self.turn.text)
        is_retry = answers.is_retry(self.turn.text) and (field == "retry" or self.turn.intent != "repeat")
        is_told = fields.volunteered(field, self.turn) is not None or is_retry
        is_unknown = field in fields.CAN_BE_SKIPPED and answers.is_unknown(self.turn.text)
        is_told = is_told or (
            is_unknown and not questions.asks_what_for(self.turn.text)
        )  # "what model? I can't see it"
        is_told = is_told or (field in fields.EXPLAINED and questions.asks_why_asked(self.turn.text))
        is_yes = field == "confirm" and answers.is_yes(self.turn.text)
        is_wish = field == "wanted" and story.names_a_remedy(self.turn.text)
        is_wish = is_wish or people.is_familiar(self.turn.text)
        return (
            is_story
            or is_wish
            or is_told
            or is_yes
            or self._only_tells()
            or self.asks_beside()
            or self.asks_how_soon()
            or self.asks_for_a_return()
            or self.asks_to_wait()
            or self.only_begins()
            or self.talks_to_another()
            or self.only_asks_for_a_language()
            or self.is_tired_of_telling(field)
            or (field not in TELLING and self.speaks_of_the_line() is not None)
        )

    def _tells_of_people(self, field: str) -> bool:
        """ "Someone to clean up" is what is wanted, not who; "Marcus Lee, General Manager" is who asks."""
        if field == "name" and self.turn.entity("name") and not manner.wants_person(self.turn.text):
            return self.turn.intent == "ask_human"
        is_unclear = self.turn.intent == "ask_human" and self.turn.confidence < CERTAIN
        about_us = manner.wants_person(self.turn.text) or manner.asks_who_you_are(self.turn.text)
        return is_unclear and field in TELLING and not about_us

    def _means_nothing_alone(self, field: str) -> bool:
        """Words that mean nothing by themselves mean something after a question, about our heater, at the read-back."""
        text = self.turn.text
        if self.turn.intent == "repeat":
            return self._said_before(field)
        if manner.asks_who_you_are(text):
            return False
        is_statement = not questions.asks_outright(text) and "?" not in text
        is_about_it = len(text) < _SHORT or self.turn.confidence < CERTAIN or heater.is_ours(text)
        is_about_it = is_about_it or (field == "confirm" and not questions.is_question(text))
        is_about_it = is_about_it or (field == "address" and places.names_a_place(text) and is_statement)
        return self.turn.intent == "out_of_scope" and is_about_it

    def interrupts(self, asked: str) -> bool:
        intent, field = self.turn.intent, fields.ASKED_FOR.get(asked, asked)
        if intent in _ALWAYS_INTERRUPT:
            return not self._tells_of_people(field)
        if intent == "stop":
            return manner.refuses_messages(self.turn.text, self.turn.confidence)
        if intent not in QUESTIONS | _SMALL_TALK or self._answers(field) or self._means_nothing_alone(field):
            return False
        is_place = field == "address" and intent in _SMALL_TALK and places.tells_a_number(self.turn.text)
        if is_place or (asked == locality.QUESTION and locality.told_in(self.turn.text)):
            return False
        is_free = field in fields.FREE_TEXT and not (field == "name" and intent in ("out_of_scope", "greet", "thank"))
        if is_free or (field == "visit_time" and intent in QUESTIONS):
            return self.turn.confidence >= SURE
        return fields.answer(field, self.turn) is None

    def _acknowledge(self) -> None:
        """Who is upset or needs time hears first that we noticed; once a conversation."""
        mood = None if chat.is_insult(self.turn.text) else manner.mood(self.turn.text)  # an insult has its own answer
        if mood and not self.sheet.get("acknowledged"):
            self.sheet.set("acknowledged", True)
            self.dispatcher.utter_message(response=f"utter_acknowledge_{mood}")
        elif self.form_name == "complaint_form" and self.sheet.get("complaint_about") and self._is_opening():
            if self._reads_back_by_text():
                return
            self.dispatcher.utter_message(response="utter_acknowledge_complaint")

    def _reads_back_by_text(self) -> bool:
        """Whether the read-back, which fills a text message, comes next."""
        return self.turn.channel == "sms" and (self.ask or self._next()) == "confirm"

    def _is_opening(self) -> bool:
        return self.tracker.get_slot("requested_slot") is None and "form_id" in self.sheet.changed

    def _next(self) -> str | None:
        if self.sheet.draft.get("save"):
            return "retry"
        if self.form.is_visited and locality.is_open(self.sheet.get("address")):
            return locality.QUESTION
        if self.form.is_visited and places.lacks_number(self.sheet.get("address")) and not self.sheet.draft.get(NUMBER):
            return NUMBER
        missing = next((field for field in self.form.fields if self.sheet.get(field) is None), None)
        if missing or not self.form.confirms:
            return missing
        return "confirm" if self.sheet.get("confirm") is None else None

    def _is_nothing_new(self, field: str) -> bool:
        """A particle ("嗯") or an answer given before ("到了到了", "村里") is no misunderstanding, once a question."""
        text = self.turn.text
        is_said = (
            answers.is_particle(text)
            or answers.is_sign(text)
            or manner.mood(text) == "slowly"
            or self._said_before(field)
        )
        return is_said and self.sheet.count(f"{field} nothing new") == 1

    def _said_before(self, field: str) -> bool:
        arrived, address, name = (self.sheet.get(each) for each in ("delivered", "address", "name"))
        if field != "name" and name and people.whole_name(self.turn.text) == name:
            return True
        if field != "purchase_date" and fields.is_date_told(self.turn, self.sheet.get("purchase_date")):
            return True
        if field != "address" and address and len(self.turn.text) < _SHORT and locality.told_in(self.turn.text):
            return True
        if field != "address" and isinstance(address, dict) and places.is_region_of(self.turn.text, address):
            return True
        return field != "delivered" and arrived is not None and heater.delivered(self.turn.text) == arrived
