"""Small talk that needs memory: a greeting after a break, a repetition, nonsense, an answer to nothing."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.backend_client import BackendDown, Refused, backend
from bot.actions.escalations import safety
from bot.actions.escalations.talk import answer
from bot.actions.forms import fields, interrupted, requests
from bot.actions.forms.amending import amends
from bot.actions.forms.form_turn import SURE
from bot.actions.knowledge import again, answering, diagnosis
from bot.actions.reading import answers, chat, heater, identity, manner, questions, story, times, utterance
from bot.actions.reading.danger import SAFETY_WORDS
from bot.actions.talk_of_the_line import of_what_was_raised, to_an_insult
from bot.actions.turn import (
    Turn,
    earlier_fault,
    intents_in_a_row,
    latest_words,
    said_last,
    was_in_danger,
)
from bot.text import language, matter

UNSURE = 0.8
"""Confidence below which a message counts as not understood rather than as none of our business."""
CHOICES_AFTER = 2
_FAULTS = ("fault_code", "symptom")
_NONE = "none"
PATIENCE = 3
"""Messages in a row that are not understood before a person is called."""


class Greet(Action):
    """Greets once, then listens; whoever left a form half way is asked whether to go on with it."""

    def name(self) -> str:
        return "action_greet"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        if (events := of_what_was_raised(dispatcher, tracker, Turn.of(tracker))) is not None:
            return events
        if chat.kind_of(Turn.of(tracker).text) == "wishes":
            dispatcher.utter_message(response="utter_chat_wishes")
            return []
        if tracker.active_loop.get("name"):  # a shout in the middle of it, whether anybody still hears
            if not answers.is_particle(Turn.of(tracker).text):
                dispatcher.utter_message(response="utter_here")
            return []
        waits = interrupted.waiting_form(tracker.slots, Turn.of(tracker).now)
        greeting = "utter_here" if intents_in_a_row(tracker, {"greet"}) > 1 else "utter_greet"
        dispatcher.utter_message(response="utter_greet_again" if waits else greeting)
        return []


class Repeat(Action):
    """Says the last words again; inside a form the form's question follows by itself."""

    def name(self) -> str:
        return "action_repeat"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        if (events := _gone_on(dispatcher, tracker, Turn.of(tracker))) is not None:
            return events
        turn, told = Turn.of(tracker), again.told_last(tracker)
        if tracker.active_loop.get("name") == "hazard_form" and _spoke_of_safety(tracker):
            answer(dispatcher, SAFETY_WORDS, tracker.get_slot("hazard_kind"), turn)
            return []
        if (events := await _in_the_language_wished(turn, dispatcher, tracker)) is not None:
            return events
        if subject := questions.subject_of(turn.text):
            events = await again.answer_again(turn, dispatcher, tracker, subject)
            if events is not None:
                return events
        if not told or _is_in_another_language(told[-1]["text"], turn.language):
            if manner.mood(turn.text) == "slowly":
                dispatcher.utter_message(response="utter_acknowledge_slowly")
            dispatcher.utter_message(response="utter_what_next")
            return []
        self._say_again(told, dispatcher, tracker)
        return []

    def _say_again(self, told: list[dict[str, Any]], dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        """All that was said last; inside a form what was told, or what its question means: the question follows."""
        is_asked = bool(tracker.active_loop.get("name"))
        news = [event for event in told if again.is_news(event)]
        explanation = _explanation(tracker)
        if explanation and (not news or questions.asks_what_for(Turn.of(tracker).text)):
            dispatcher.utter_message(response=explanation)
            return
        if Turn.of(tracker).channel != "sms":
            dispatcher.utter_message(response="utter_repeat")
        for event in news if is_asked else (news or told[-1:]):
            dispatcher.utter_message(text=event["text"], buttons=(event.get("data") or {}).get("buttons"))
        if not is_asked and news and told[-1] not in news:
            dispatcher.utter_message(text=told[-1]["text"], buttons=(told[-1].get("data") or {}).get("buttons"))


class Thank(Action):
    """Accepts thanks; thanks with a wish for another language, or for praise to be noted, are more than thanks, and the
    model hears them in much that is short and was not understood."""

    def name(self) -> str:
        return "action_thank"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        turn = Turn.of(tracker)
        if (events := of_what_was_raised(dispatcher, tracker, turn)) is not None:
            return events
        if (events := await _in_the_language_wished(turn, dispatcher, tracker)) is not None:
            return events
        is_praise = chat.is_praise(turn.text)
        if turn.confidence < SURE and not manner.thanks(turn.text) and not is_praise:
            return await OutOfScope().run(dispatcher, tracker, domain)
        dispatcher.utter_message(response="utter_chat_praise" if is_praise else "utter_thank")
        return []


async def _in_the_language_wished(
    turn: Turn, dispatcher: CollectingDispatcher, tracker: Tracker
) -> list[EventType] | None:
    """What follows a wish for another language: that it is heard, and the answer just given in that language; None
    where no language is wished for, or a form hears it."""
    if language.asked_for(turn.text) is None or tracker.active_loop.get("name"):
        return None
    dispatcher.utter_message(response="utter_in_this_language")
    if (events := await again.answer_again(turn, dispatcher, tracker)) is not None:
        return events
    if not (tracker.get_slot(answering.PENDING) or latest_words(tracker, 2)[:-1]):
        dispatcher.utter_message(response="utter_what_next")
    return []


def _spoke_of_safety(tracker: Tracker) -> bool:
    """Whether the words that were not heard were the approved ones for a danger."""
    turn = Turn.of(tracker)
    return safety.words(tracker.get_slot("hazard_kind") or "default", turn.language, turn.channel) in said_last(tracker)


class Goodbye(Action):
    """Says goodbye; whoever waits for a person or was in danger and says something of it is not sent away."""

    def name(self) -> str:
        return "action_goodbye"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        if (events := of_what_was_raised(dispatcher, tracker, Turn.of(tracker))) is not None:
            return events
        dispatcher.utter_message(response="utter_goodbye")
        return []


_GAS = re.compile(
    r"(?:煤气|燃气|天然气|液化气)(?:的)?(?:味|泄漏|泄露|漏)|(?:闻到|一股|有股).{0,4}(?:煤气|燃气|天然气)|漏(?:煤气|燃气|天然气|气)"
    r"|\bsmell\w*(?: \w+){0,2} (?:of |like )?gas\b|\bgas (?:smell|leak)|\bleak\w* gas\b"
)


def _is_in_another_language(text: str, language: str) -> bool:
    """Whether the customer changes the language with this very message: the last words would be in the old one."""
    return bool(re.search(r"[\u3400-\u9fff]", text)) != (language == "zh")


def _explanation(tracker: Tracker) -> str | None:
    """What the question that stands open means and is good for, when the customer asks that or has asked twice."""
    field = fields.explained(tracker.get_slot("requested_slot") or "")
    wanted = questions.asks_what_for(Turn.of(tracker).text) or intents_in_a_row(tracker, {"repeat"}) > 1
    return f"utter_explain_{field}" if wanted and field in fields.EXPLAINED else None


class OutOfScope(Action):
    """Says who it is when asked, declines kindly what is none of our business, asks again what was not understood: the
    second time in a row with choices, the third time a person is called, once; not for who asks for other things."""

    def name(self) -> str:
        return "action_out_of_scope"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn = Turn.of(tracker)
        events = _gone_on(dispatcher, tracker, turn)
        if events is None:
            events = await _in_the_language_wished(turn, dispatcher, tracker)
        if events is not None:
            return events
        if tracker.get_slot("saved_ticket_no") and story.remark_for_the_visit(turn.text):
            return [FollowupAction("action_correct_saved")]
        if answer := _plain_answer(turn.text):
            dispatcher.utter_message(response=answer)
            return []
        is_ours = not matter.is_another(utterance.plain(turn.text))
        is_free = not tracker.active_loop.get("name")
        is_doubtful = turn.confidence < UNSURE or heater.names_a_heater(turn.text)
        if is_ours and is_free and is_doubtful and turn.entity("symptom") and not chat.kind_of(turn.text):
            return [FollowupAction("repair_form")]
        if is_ours and await answering.answer_if_clear(turn, dispatcher, tracker):
            return []
        return self._decline(turn, dispatcher, tracker)

    def _decline(self, turn: Turn, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        if was_in_danger(tracker) and turn.confidence < UNSURE:
            dispatcher.utter_message(response="utter_here")  # shouts in a danger are no wish of another kind
            return []
        if kind := chat.kind_of(turn.text):
            dispatcher.utter_message(response=to_an_insult(tracker) if kind == "insult" else f"utter_chat_{kind}")
            if intents_in_a_row(tracker, {"out_of_scope"}) == CHOICES_AFTER and kind not in chat.NAMES_A_PERSON:
                dispatcher.utter_message(response="utter_offer_human")
            return []
        times = intents_in_a_row(tracker, {"out_of_scope"})
        if times == PATIENCE and not any(questions.is_question(said) for said in latest_words(tracker, PATIENCE)):
            return [FollowupAction("action_hand_over")]
        for response in _declined(turn, times):
            dispatcher.utter_message(response=response)
        return [SlotSet("acknowledged", True)] if manner.mood(turn.text) == "angry" else []


def _plain_answer(text: str) -> str | None:
    """The answer to who asks what we are, or smells gas: none of ours, but nobody in danger is only sent away."""
    if manner.asks_who_you_are(text) or chat.asks_about_the_assistant(text):
        return "utter_who_i_am"
    return "utter_gas_smell" if _GAS.search(utterance.plain(text)) else None


def _gone_on(dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> list[EventType] | None:
    """What goes on with something that was begun before: the person called, a talk cut off, a form left half way."""
    if (events := of_what_was_raised(dispatcher, tracker, turn)) is not None:
        return events
    waiting = interrupted.waiting_form(tracker.slots, turn.now)
    is_free = not tracker.active_loop.get("name")
    return [FollowupAction(waiting["form"])] if is_free and waiting and manner.goes_on(turn.text) else None


def _declined(turn: Turn, times: int) -> tuple[str, ...]:
    """What somebody hears whose message, one of so many in a row, is none of our business or was not understood."""
    if manner.mood(turn.text) == "angry":
        return "utter_acknowledge_angry", "utter_offer_human"
    if turn.confidence < UNSURE:
        return ("utter_choices" if times >= CHOICES_AFTER else "utter_default",)
    if heater.is_ours(turn.text):
        return ("utter_default",)
    return ("utter_out_of_scope", "utter_offer_human") if times == CHOICES_AFTER else ("utter_out_of_scope",)


class Stop(Action):
    """Whoever wants no more messages is not asked another question either."""

    def name(self) -> str:
        return "action_stop"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn = Turn.of(tracker)
        if not manner.refuses_messages(turn.text, turn.confidence):
            dispatcher.utter_message(response="utter_default")
            return []
        if turn.entity("phone") and identity.is_of_another(turn.text):
            dispatcher.utter_message(response="utter_stop_own_phone")
            return []
        try:
            stopped = await backend().opt_out(tracker.sender_id)
        except (BackendDown, Refused):
            dispatcher.utter_message(response="utter_backend_down")
            return []
        dispatcher.utter_message(response="utter_stop" if stopped.get("numbers") else "utter_stop_which_number")
        form, asked = tracker.active_loop.get("name"), tracker.get_slot("requested_slot")
        left = interrupted.noted(form, asked, Turn.of(tracker).now) or tracker.get_slot(interrupted.SLOT)
        return [SlotSet(interrupted.SLOT, left), ActiveLoop(None), SlotSet("requested_slot", None)]


class StrayAnswer(Action):
    """A yes, a no or a fact outside any form: the form left half way goes on with it; a fault code or a symptom is a
    repair; a second "confirm" hears that all is saved; others hear what we can do."""

    def name(self) -> str:
        return "action_stray_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        if (answered := await answering.complete(dispatcher, tracker)) is not None:
            return answered
        turn = Turn.of(tracker)
        if (events := self._of_something_begun(dispatcher, tracker, turn)) is not None:
            return events
        if form := _form_meant(turn, interrupted.waiting_form(tracker.slots, turn.now)):
            return self._leave(dispatcher) if form == _NONE else [FollowupAction(form)]
        if action := _meant_by_facts(turn, tracker):
            return [FollowupAction(action)]
        if turn.entities or not await answering.answer_if_clear(turn, dispatcher, tracker):
            self._go_on(turn, dispatcher, is_saved=bool(tracker.get_slot("saved_ticket_no")))
        return []

    def _go_on(self, turn: Turn, dispatcher: CollectingDispatcher, *, is_saved: bool) -> None:
        if manner.puts_off(turn.text):
            dispatcher.utter_message(response="utter_goodbye")
            return
        if turn.intent == "inform" and any(each.get("entity") != "time" for each in turn.entities):
            dispatcher.utter_message(response="utter_noted")
        is_twice = turn.intent == "affirm" and is_saved
        dispatcher.utter_message(response="utter_already_saved" if is_twice else "utter_what_next")

    def _of_something_begun(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn
    ) -> list[EventType] | None:
        """Of the person called, the line, a danger, or a ticket that is only named; None when it is of none of them."""
        if (events := of_what_was_raised(dispatcher, tracker, turn)) is not None:
            return events
        if turn.entity("phone") and utterance.offers_to_stop(said_last(tracker)):
            dispatcher.utter_message(response="utter_stop_own_phone")
            return []
        return [FollowupAction("status_form")] if _names_only_a_ticket(turn) else None

    def _leave(self, dispatcher: CollectingDispatcher) -> list[EventType]:
        dispatcher.utter_message(response="utter_form_cancelled")
        return [SlotSet(interrupted.SLOT, None)]


def _meant_by_facts(turn: Turn, tracker: Tracker) -> str | None:
    """The action for facts told outside any form: of the ticket just saved, or of a fault told before, which whoever
    goes on with a number or a place wants mended."""
    if tracker.get_slot("saved_ticket_no") and (action := _about_the_saved(turn, tracker)):
        return action
    if not (turn.entity("phone") or turn.entity("address") or turn.entity("name")):
        return None
    wished = (requests.wished_beside(said) for said in reversed(latest_words(tracker, _WISHED_WITHIN)[:-1]))
    return "repair_form" if earlier_fault(tracker) else next((form for form in wished if form), None)


_WISHED_WITHIN = 5
"""The customer's latest messages in which a wish beside a question is looked for."""


def _about_the_saved(turn: Turn, tracker: Tracker) -> str | None:
    """The action for a fact of the ticket just saved that is told anew: who, where or which; or a time that lies ahead,
    or one that does not suit, which is one for the visit or the call. None when the message tells neither."""
    if amends(turn, tracker.slots):
        return "action_correct_saved"
    window = turn.value("time")
    is_ahead = isinstance(window, dict) and bool(turn.now) and str(window.get("start") or "") > turn.now
    return "action_reschedule" if is_ahead or times.only_rules_out(turn.text, turn.now) else None


def _names_only_a_ticket(turn: Turn) -> bool:
    """Whether a ticket number is all that is told: our texts invite to reply it for how the ticket stands."""
    if turn.value("ticket_no") is not None and turn.value("phone") is not None:
        return True  # both together show whose it is
    return turn.value("ticket_no") is not None and not utterance.says_something(turn.beside(("ticket_no", "phone")))


def _form_meant(turn: Turn, waiting: dict[str, str] | None) -> str | None:
    """The form a stray answer belongs to; `_NONE` where it says that the waiting one is wanted no more."""
    if waiting:
        is_no = (turn.intent == "deny" or answers.is_no(turn.text)) and not identity.has_no_number(turn.text)
        return _NONE if is_no else waiting["form"]
    is_fault = any(each.get("entity") in _FAULTS for each in turn.entities) or diagnosis.fails_again(turn.text)
    if is_fault or story.tells_of_a_broken_heater(turn.text) or requests.sends_for_somebody(turn.text):
        return "repair_form"
    return answering.wished_in(turn) if turn.intent == "inform" else None
