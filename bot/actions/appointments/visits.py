"""The technician's visit: after a ticket is saved its window is asked for once; an agreed one is moved on request."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.backend_client import BackendDown, Body, Refused, backend
from bot.actions.forms import requests
from bot.actions.forms.collecting import Collecting
from bot.actions.forms.fields import NONE
from bot.actions.forms.form_turn import SURE
from bot.actions.forms.requests import FORM_OF
from bot.actions.knowledge import answering
from bot.actions.phrases import phrase
from bot.actions.reading import answers, questions, times, visits
from bot.actions.turn import Turn, answered_already

TRIES = 2
"""Answers that are not understood before the matter is left to the call."""
NAMED_BY_TEXT = 2
"""Windows a text message has room for."""

_QUESTIONS = {
    "offer": "utter_visit_offer",
    "offer_late": "utter_visit_offer_late",
    "move": "utter_visit_move",
    "again": "utter_visit_again",
    "which_one": "utter_visit_which_one",
    "which": "utter_visit_which",
    "other": "utter_visit_other",
    "taken": "utter_visit_taken",
}


async def question_after(saved: Body, turn: Turn, at: Body | None = None, wanted: str = "") -> Body | None:
    """What the slot `visit` holds when a saved ticket's visit can be agreed at once, at the time `at` where it can be
    had and without the days that what is `wanted` rules out; None when it cannot."""
    if saved.get("duplicate") or saved.get("disclosed") is False:
        return None
    ticket_no = saved["ticket"]["ticket_no"]
    try:
        offered = await backend().visit_offers(turn.conversation_id, ticket_no, at)
    except (BackendDown, Refused):
        return None
    if not offered["windows"] or offered.get("appointment"):
        return None
    callback = (saved.get("callback") or {}).get("words")
    left = visits.allowed(offered["windows"], wanted, turn.now)
    offered = {**offered, "windows": left or offered["windows"]}
    is_late = offered["why"] == "none_inside"
    ask = "offer_late" if is_late else "offer"
    if at:
        ask = "which" if offered["fits"] else "other"
    return _about(offered, callback, ask, turn)


def _about(offered: Body, callback: Any, ask: str, turn: Turn) -> Body:
    windows = offered["windows"]
    return {
        "ticket_no": offered["ticket_no"],
        "windows": windows if turn.channel == "web" else windows[:NAMED_BY_TEXT],
        "current": offered.get("appointment"),
        "callback": callback,
        "ask": ask,
    }


class Reschedule(Action):
    """Another time: for the visit this conversation has agreed, or a new one for one called off, or a first one where
    the visit of the ticket just spoken of is meant; else for the call."""

    def name(self) -> str:
        return "action_reschedule"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn = Turn.of(tracker)
        wanted = _wanted(turn)
        unanswered = tracker.get_slot("visit")  # its windows were named and none was taken yet
        told = tracker.get_slot("ticket_no") if visits.means_the_visit(turn.text) else None
        told = unanswered["ticket_no"] if unanswered and not visits.by_phone(turn.text) else told
        try:
            offered = await backend().visit_offers(turn.conversation_id, told, wanted)
        except (BackendDown, Refused):
            return [FollowupAction("callback_form")]
        if not offered["windows"]:
            dispatcher.utter_message(response="utter_visit_later")
            return [FollowupAction("callback_form")]
        offered = {**offered, "windows": visits.allowed(offered["windows"], turn.text, turn.now) or offered["windows"]}
        is_one = wanted is not None and offered["fits"] and len(offered["windows"]) == 1
        ask = "which" if offered["fits"] else "other"
        if wanted is None:
            ask = "move" if offered.get("appointment") else "offer"
        visit = _about(offered, None, ask, turn)
        chosen = visit["windows"][0] if is_one else None
        return [SlotSet("visit", visit), SlotSet("visit_time", chosen), FollowupAction("visit_form")]


class Agreeing(Collecting):
    """One question: which window. It is asked once; who wants none of them is called as was agreed."""

    @property
    def _visit(self) -> Body:
        return self.sheet.get("visit") or {}

    async def events(self) -> list[EventType]:
        asked = self.sheet.get("requested_slot")
        if not asked:
            return self._open_question()
        if answered_already(self.tracker, self.form_name):
            return self._ask("taken" if self._visit.get("ask") == "taken" else "again")
        if self.turn.intent in ("report_hazard", "stop"):
            return []
        choice = await self._choice()
        is_another = requests.names_a_heater_elsewhere(self.turn.text)
        if choice is None and not is_another and (self._corrects_the_saved(asked) or self._pieces_told()):
            return self._to_the_saved(asked)
        events = self.way_out(asked) if choice is None else choice
        if events is None and questions.asks_outright(self.turn.text):
            await answering.answer_if_clear(self.turn, self.dispatcher, self.tracker)
        return self._not_understood() if events is None else events

    def _not_understood(self) -> list[EventType]:
        """A yes to several windows chooses none of them: only that is asked."""
        if self.sheet.count("visit_time") >= TRIES:
            return self._choose(NONE)
        is_yes = answers.is_yes(self.turn.text) or answers.is_particle(self.turn.text)
        return [SlotSet("tries", self.sheet.get("tries")), *self._ask("which_one" if is_yes else "again")]

    def _open_question(self) -> list[EventType]:
        if self.sheet.get("visit_time") is not None:  # named together with the wish to change it
            return [SlotSet("requested_slot", None)]
        if not self._visit.get("windows"):
            return self._choose(NONE)
        fresh = {name: tries for name, tries in (self.sheet.get("tries") or {}).items() if name != "visit_time"}
        return [SlotSet("tries", fresh), *self._ask(str(self._visit["ask"]))]

    async def _choice(self) -> list[EventType] | None:
        """A window of those named, another time in words, or none; None when the message says nothing of it."""
        text, windows = self.turn.text, self._visit["windows"]
        wanted = _wanted(self.turn)
        if window := visits.picked(text, windows, self.turn.language, self.turn.now, names_a_time=wanted is not None):
            return self._choose(window)
        if not visits.by_phone(text) and (wanted or times.only_rules_out(text, self.turn.now)):
            return await self._look_for(wanted)
        if visits.by_phone(text) or visits.declines(text):
            return self._choose(NONE)
        return None

    async def _look_for(self, wanted: Body | None) -> list[EventType]:
        """The windows of the time that is wished for, or, without one, those that what is said leaves."""
        try:
            offered = await backend().visit_offers(self.turn.conversation_id, self._visit["ticket_no"], wanted)
        except (BackendDown, Refused):
            return self._choose(NONE)
        if not offered["windows"]:
            return self._choose(NONE)
        left = visits.allowed(offered["windows"], self.turn.text, self.turn.now)
        if wanted is None and (not left or self.sheet.count("visit_time") > TRIES):
            return self._choose(NONE)
        offered = {**offered, "windows": left or offered["windows"]}
        if wanted and offered["fits"] and len(offered["windows"]) == 1:
            return self._choose(offered["windows"][0])
        ask = "again" if wanted is None else "which" if offered["fits"] else "other"
        visit = _about(offered, self._visit.get("callback"), ask, self.turn)
        self.sheet.set("visit", visit)
        return [SlotSet("visit", visit), SlotSet("tries", self.sheet.get("tries")), *self._ask(str(visit["ask"]))]

    def other_request(self, asked: str) -> str | None:  # noqa: ARG002  the shape of every form
        """Any other wish goes its own way: the visit can wait for the call."""
        named = FORM_OF.get(self.turn.intent)
        if requests.meant_instead(self.turn.text, "cancel_form"):
            return "cancel_form"
        if named is None and requests.names_another_heater(self.turn.text):
            return "repair_form"
        if named in (None, "repair_form") and requests.names_a_heater_elsewhere(self.turn.text):
            return "repair_form"
        return named if named and self.turn.confidence >= SURE and self.turn.intent != "reschedule" else None

    def drop(self) -> list[EventType]:
        return self._choose(NONE)

    def leave(self, asked: str) -> list[EventType]:  # noqa: ARG002  the shape of every form
        return self._choose(NONE)

    def _choose(self, window: Any) -> list[EventType]:
        return [SlotSet("visit_time", window), SlotSet("requested_slot", None)]

    def _ask(self, question: str) -> list[EventType]:
        """Speak the question with its windows; the form itself has no words for it."""
        visit, language = self._visit, self.turn.language
        words = [str(window["words"][language]) for window in visit["windows"]]
        stays = phrase("keep_it" if visit.get("current") else "by_phone", language)
        self.dispatcher.utter_message(
            response=_QUESTIONS[question],
            choices=_listed(words, self.turn),
            current=str(visit["current"]["words"][language]) if visit.get("current") else "",
            buttons=[{"title": _capital(word), "payload": word} for word in (*words, stays)],
        )
        return [SlotSet("visit", {**visit, "ask": "again"}), SlotSet("requested_slot", "visit_time")]


class BookVisit(Action):
    """Books the chosen window or moves the visit to it, and says so with the code; leaves it to the call otherwise."""

    def name(self) -> str:
        return "action_book_visit"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn, visit, window = Turn.of(tracker), tracker.get_slot("visit") or {}, tracker.get_slot("visit_time")
        if not isinstance(window, dict):
            _leave(dispatcher, visit, turn.language)
            return _DONE
        try:
            agreed = await _agree(visit, window, turn)
        except BackendDown:
            dispatcher.utter_message(response="utter_visit_later")
            return _DONE
        except Refused as refusal:
            return _instead(dispatcher, visit, refusal, turn)
        told = "utter_visit_booked_instead" if agreed.get("callback_cancelled") else "utter_visit_booked"
        dispatcher.utter_message(
            response="utter_visit_moved" if visit.get("current") else told,
            words=agreed["words"][turn.language],
            visit_code=agreed["visit_code"],
        )
        if agreed.get("link") and turn.channel == "web":
            dispatcher.utter_message(response="utter_visit_link", link=agreed["link"])
        return _DONE


_DONE: list[EventType] = [
    SlotSet("visit", None),
    SlotSet("visit_time", None),
    SlotSet("conversation_over", True),
]


async def _agree(visit: Body, window: Body, turn: Turn) -> Body:
    start, end = str(window["start"]), str(window["end"])
    if current := visit.get("current"):
        return await backend().move_visit(turn.conversation_id, current["id"], start, end)
    held = await backend().hold_visit(turn.conversation_id, visit["ticket_no"], start, end)
    return await backend().confirm_visit(turn.conversation_id, held["id"])


def _instead(dispatcher: CollectingDispatcher, visit: Body, refusal: Refused, turn: Turn) -> list[EventType]:
    """Somebody else was faster: the next windows, or the call when there are none."""
    windows = list(refusal.problem.get("alternatives") or ())
    if not windows:
        dispatcher.utter_message(response="utter_visit_later")
        return _DONE
    if turn.channel != "web":
        windows = windows[:NAMED_BY_TEXT]
    return [
        ActiveLoop("visit_form"),
        SlotSet("visit", {**visit, "windows": windows, "ask": "taken"}),
        SlotSet("visit_time", None),
        SlotSet("requested_slot", "visit_time"),
    ]


def _leave(dispatcher: CollectingDispatcher, visit: Body, language: str) -> None:
    if current := visit.get("current"):
        dispatcher.utter_message(response="utter_visit_kept", current=current["words"][language])
    elif callback := visit.get("callback"):
        dispatcher.utter_message(response="utter_visit_left", callback=callback[language])
    else:
        dispatcher.utter_message(response="utter_visit_left_no_call")


def _wanted(turn: Turn) -> Body | None:
    """The time in the message, if it lies ahead."""
    value = turn.value("time")
    if not isinstance(value, dict) or value.get("past") or not value.get("start"):
        return None
    return {"start": value["start"], "end": value.get("end")}


def _capital(words: str) -> str:
    """A line or a button of its own begins with a capital: "Tomorrow, Sat 28 Nov"."""
    return words[:1].upper() + words[1:]


def _listed(words: list[str], turn: Turn) -> str:
    if turn.channel == "web":
        return "\n".join(_capital(word) for word in words)
    if turn.channel == "voice":
        return phrase("or", turn.language).join(words)
    numbered = [f"{number} {word}" for number, word in enumerate(words, 1)]
    return ("；" if turn.language == "zh" else "; ").join(numbered)
