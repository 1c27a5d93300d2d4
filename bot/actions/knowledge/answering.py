"""Questions: warranty, fees, hours, use and care, parts. The backend answers from data; here it is asked and spoken.

Outside a form an answer may end with a question for what is missing. The slot `pending_question` remembers it, so that
a model or a date told next completes the answer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.backend_client import BackendDown, Body, Refused, backend
from bot.actions.escalations.talk import of_the_danger
from bot.actions.forms import requests
from bot.actions.forms.fields import UNKNOWN
from bot.actions.forms.requests import FORM_OF, TICKET_INTENTS
from bot.actions.reading import answers, heater, questions, utterance
from bot.actions.talk_of_the_line import of_the_line
from bot.actions.turn import Turn, earlier_entities, of_the_called, said_last, was_in_danger
from bot.text.purchase import purchase_date

PENDING = "pending_question"
REMEMBERED_FOR = 2
"""Customer's messages for which a question of ours stays open."""

ALSO_REQUESTED = 0.25
"""Share at which a question carries a request too: it is answered, and the request is taken."""

SURE = 0.8
"""Confidence at which a message that asks nothing is what it was taken for."""

LONGEST_MODEL = 30
"""Characters of an answer that may still be the name of a model."""

_KNOWN = {
    "model": "model",
    "purchase_date": "purchase_date",
    "symptom": "symptom",
    "product_part": "part",
    "fault_code": "fault_code",
}
"""Entity (and slot of the same name) → field of the question."""

_ALL_ASKED = frozenset({"model", "purchase_date", "part"})
"""What an answer may ask for at its end."""


KINDS = ("warranty", "fee", "hours", "howto", "parts")
"""What questions are about; each is a path of the backend's knowledge."""

HARDLY = 0.4
"""Confidence below which words that ask nothing were no question."""

ROOM_FOR_A_QUESTION = {"zh": 38, "en": 93}
"""Characters of the longest usual question of a form, which follows an answer in the same text message."""

_OF_A_RETURN = {"zh": "退货", "en": "return"}
"""What the data call the matter of who has asked for a return."""

_ABOUT_THE_HEATER = ("model", "purchase_date")
"""What stays true from one question to the next; a part asked about before is not asked about now."""


def question_of(turn: Turn, tracker: Tracker) -> Body:
    """The question with everything told before: in this message, in a form, in earlier messages; the latest wins."""
    told: Body = {}
    refers_back = questions.refers_back(turn.text)
    for entity in earlier_entities(tracker):
        if entity.get("entity") in (_ABOUT_THE_HEATER if not refers_back else _KNOWN):
            told[_KNOWN[entity["entity"]]] = entity.get("value")
    for name, field in _KNOWN.items():
        kept = tracker.slots.get(name)
        if isinstance(kept, str) and kept != UNKNOWN:
            told[field] = kept
        if turn.value(name) is not None:
            told[field] = turn.value(name)
    text = turn.text
    if tracker.get_slot("return_reason") and questions.supposes(text):
        text = f"{text} {_OF_A_RETURN[turn.language]}"  # "and if it was installed already?"
    room = ROOM_FOR_A_QUESTION[turn.language] if tracker.active_loop.get("name") else 0
    return {**told, "text": text, "channel": turn.channel, "followed_by": room}


class _AnswerQuestion(Action, ABC):
    """One action a kind of question; abstract, so that the action server registers only the named ones."""

    @property
    @abstractmethod
    def kind(self) -> str:
        """What the question is about: a path of the backend's knowledge, and the name of the action."""

    def name(self) -> str:
        return f"action_answer_{self.kind}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn = Turn.of(tracker)
        if self._keeps_safe(dispatcher, turn, tracker):
            return [SlotSet(PENDING, None)]
        is_free = not tracker.active_loop.get("name")
        if is_free and (events := self._leads_elsewhere(dispatcher, turn, tracker)) is not None:
            return events
        kind = _last_kind(tracker) if questions.only_names_a_part(turn.text) and turn.value("product_part") else None
        wished = wished_in(turn) if is_free else None
        known = _ALL_ASKED if wished else frozenset[str]()  # the form asks for it anyway
        question = question_of(turn, tracker)
        if wished:
            question["followed_by"] = ROOM_FOR_A_QUESTION[turn.language]
        events = await answer(kind or self.kind, question, turn, dispatcher, tracker, known)
        if wished and not any(each["event"] == "followup" for each in events):
            return [*events, FollowupAction(wished)]
        return events

    def _leads_elsewhere(
        self, dispatcher: CollectingDispatcher, turn: Turn, tracker: Tracker
    ) -> list[EventType] | None:
        """What is done where the words ask nothing of the data: they are about the person called or the line, take what
        was offered, or were hardly understood."""
        if called := of_the_called(tracker):
            return [SlotSet(PENDING, None), FollowupAction(called)]
        if (said := of_the_line(dispatcher, tracker, turn)) is not None:
            return said
        if self._takes_the_offer(turn, tracker):
            return [SlotSet(PENDING, None), FollowupAction("callback_form")]
        is_hardly = turn.confidence < HARDLY and not questions.is_question(turn.text)
        return [FollowupAction("action_out_of_scope")] if is_hardly else None

    def _takes_the_offer(self, turn: Turn, tracker: Tracker) -> bool:
        """Whether the part, or the call that the last answer offered, is now wanted."""
        is_offered = utterance.offers_a_call(said_last(tracker))
        return (self.kind == "parts" and questions.orders(turn.text)) or (is_offered and questions.books(turn.text))

    def _keeps_safe(self, dispatcher: CollectingDispatcher, turn: Turn, tracker: Tracker) -> bool:
        """After a danger: what to do in it, and that the heater is not used; whether either was asked."""
        if of_the_danger(dispatcher, tracker, turn):
            return True
        if self.kind != "howto" or not was_in_danger(tracker):
            return False
        dispatcher.utter_message(response="utter_hazard_not_used")
        return True


def _last_kind(tracker: Tracker) -> str | None:
    """What the question before was about, so that "and the heating element?" asks the same of it."""
    for event in reversed(tracker.events):
        name = str(event.get("name") or "") if event.get("event") == "action" else ""
        if name.removeprefix("action_answer_") in KINDS:
            return name.removeprefix("action_answer_")
    return None


def wished_in(turn: Turn) -> str | None:
    """The form of the request that a question, or a message of facts, carries too."""
    wish = turn.also_wants(TICKET_INTENTS, ALSO_REQUESTED)
    if wish and requests.names(FORM_OF[wish], turn.text):
        return FORM_OF[wish]
    return requests.wished_beside(turn.text)


class AnswerWarranty(_AnswerQuestion):
    kind = "warranty"


class AnswerFee(_AnswerQuestion):
    kind = "fee"


class AnswerHours(_AnswerQuestion):
    kind = "hours"


class AnswerHowto(_AnswerQuestion):
    kind = "howto"


class AnswerParts(_AnswerQuestion):
    kind = "parts"


async def answer(
    kind: str,
    question: Body,
    turn: Turn,
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    told: frozenset[str] = frozenset(),
) -> list[EventType]:
    """Speak the backend's answer; with the backend away, the general one. A danger in it is reported at once. What the
    customer has just `told` is not asked for again, whether the data know it or not."""
    try:
        found = await _found(kind, question)
    except (BackendDown, Refused):
        dispatcher.utter_message(response=f"utter_about_{kind}")
        return [SlotSet(PENDING, None)]
    words = found["words"][turn.language]
    if found.get("danger"):
        if turn.channel != "sms":  # the safety text alone fills a text message
            dispatcher.utter_message(response="utter_answer", words=words)
        return [SlotSet(PENDING, None), FollowupAction("action_report_hazard")]
    if not found["found"] and questions.asks_how_soon(turn.text) and tracker.get_slot("saved_ticket_no"):
        return [SlotSet(PENDING, None), FollowupAction("status_form")]
    if not found["found"]:
        advised = tracker.get_slot("advised") if questions.asks_what_to_do(turn.text) else None
        dispatcher.utter_message(response="utter_first_aid" if advised else "utter_no_answer", words=advised or "")
        return [SlotSet(PENDING, None)]
    dispatcher.utter_message(response="utter_answer", words=words)
    is_told = bool(found.get("expects")) and told.issuperset(found["expects"])
    if not found.get("ask") or is_told or tracker.active_loop.get("name"):
        return [SlotSet(PENDING, None)]
    dispatcher.utter_message(response="utter_answer", words=found["ask"][turn.language])
    return [SlotSet(PENDING, _pending(kind, question, turn, found["expects"]) if found.get("expects") else None)]


async def answer_if_clear(turn: Turn, dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """Answer what was taken for something else but plainly asks what the data know; whether it was answered."""
    if not questions.is_question(turn.text) and turn.confidence >= SURE:
        return False
    try:
        found = await backend().answer("any", question_of(turn, tracker))
    except (BackendDown, Refused):
        return False
    if found["found"] and not found.get("danger"):
        dispatcher.utter_message(response="utter_answer", words=found["words"][turn.language])
        return True
    return False


async def _found(kind: str, question: Body) -> Body:
    """The answer to a question of this kind, or of any other where this kind has none: the kind is only a guess."""
    found = await backend().answer(kind, question)
    if found["found"] or found.get("danger"):
        return found
    elsewhere = await backend().answer("any", question)
    return elsewhere if elsewhere["found"] else found


def _pending(kind: str, question: Body, turn: Turn, expects: list[str]) -> dict[str, Any]:
    return {"kind": kind, "question": question, "message_id": turn.message_id, "expects": expects}


async def complete(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType] | None:
    """The answer to an open question of ours, when this message tells what was missing; None when there is none."""
    pending = tracker.get_slot(PENDING)
    if not pending or _messages_since(pending["message_id"], tracker) > REMEMBERED_FOR:
        return None
    turn = Turn.of(tracker)
    is_unknown = answers.is_unknown(turn.text) or heater.tells_no_model(turn.text)
    if is_unknown or answers.is_no(turn.text) or answers.is_none(turn.text):
        dispatcher.utter_message(response="utter_answer_later")
        later = {**pending, "message_id": turn.message_id} if is_unknown else None  # it may be found, as we have said
        return [SlotSet(PENDING, later)]
    added = _told(turn, pending["expects"])
    if not added:
        return None
    before: Body = pending["question"]
    question = {**before, **added, "text": f"{before['text']}，{turn.text}"}
    return await answer(pending["kind"], question, turn, dispatcher, tracker, frozenset(added))


def _told(turn: Turn, expects: list[str]) -> Body:
    """Model, date and part of a message that answers a question for them; any short words may be a model."""
    bought = purchase_date(turn.text, datetime.fromisoformat(turn.now), asked=True) if turn.now else None
    told = {
        "purchase_date": bought.value if bought else turn.value("purchase_date"),
        "part": turn.value("product_part"),
    }
    named = turn.value("model") or (None if any(told.values()) or turn.intent != "inform" else turn.text)
    if "model" in expects and named and len(named) <= LONGEST_MODEL:
        told["model"] = named
    return {field: value for field, value in told.items() if value}


def _messages_since(message_id: str, tracker: Tracker) -> int:
    """How many messages the customer has sent after one of theirs; very many when it is no longer remembered."""
    said = [str(event.get("message_id") or "") for event in tracker.events if event.get("event") == "user"]
    return len(said) - 1 - said.index(message_id) if message_id in said else len(said) + REMEMBERED_FOR


async def opening_hours(turn: Turn) -> str:
    """When we can be reached, as a sentence to put behind a question; empty when the backend is away."""
    try:
        hours = await backend().hours(turn.channel)
    except (BackendDown, Refused):
        return ""
    return str(hours["here"][turn.language])
