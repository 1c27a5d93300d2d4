"""A correction after the ticket is saved, while nobody is on the way yet."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.backend_client import BackendDown, Refused, backend
from bot.actions.forms import fields, interrupted, requests
from bot.actions.forms.collecting import Collecting
from bot.actions.forms.fields import FORMS
from bot.actions.forms.summary import words_of
from bot.actions.knowledge import diagnosis
from bot.actions.phrases import joined, phrase
from bot.actions.reading import corrections, story, utterance, visits
from bot.actions.talk_of_the_line import of_what_was_raised
from bot.actions.turn import Turn


class CorrectSaved(Action):
    """ "不对": of a ticket saved in this conversation it opens the correction, of nothing it asks what is meant."""

    def name(self) -> str:
        return "action_correct_saved"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn = Turn.of(tracker)
        if (events := of_what_was_raised(dispatcher, tracker, turn)) is not None:
            return events
        waiting = interrupted.waiting_form(tracker.slots, turn.now)
        if waiting and not tracker.get_slot("saved_ticket_no"):
            return [FollowupAction(waiting["form"])]
        is_another = tracker.get_slot("saved_ticket_no") and visits.names_another(turn.text)
        if is_another or _is_of_the_time(turn):
            return [FollowupAction("action_reschedule")]
        if tracker.get_slot("saved_ticket_no"):
            is_other = requests.meant_instead(turn.text, "cancel_form") is not None
            return [SlotSet("correction", None), FollowupAction("cancel_form" if is_other else "amend_form")]
        if diagnosis.fails_again(turn.text):
            return [FollowupAction("repair_form")]
        dispatcher.utter_message(response="utter_what_next")
        return []


def _is_of_the_time(turn: Turn) -> bool:
    """Whether nothing but the time of the call or the visit is to be another: "想改一下打电话的时间"."""
    named = corrections.field_named(turn.text, ("purchase_date", "wanted_time"))
    return named == "wanted_time" and all(each.get("entity") == "time" for each in turn.entities)


class Amending(Collecting):
    """Takes the right value, whichever way it is told, and is done with the first."""

    async def _open(self) -> None:
        self.sheet.set("draft", {})
        self.sheet.set("tries", {})
        self.sheet.set("amended", None)
        if not await self._put_right("correction"):
            await self._take_volunteered()
        named = self._named()
        if not self.heard and named:
            self.ask = named

    async def _act(self) -> None:
        told = {field: self.sheet.changed[field] for field in self.form.optional if self.sheet.changed.get(field)}
        if told and not self.ask:
            self.sheet.set("amended", told)
            self.sheet.set("correction", True)

    def _told(self, field: str) -> Any:
        """What whoever comes should know is added to what is wished for already."""
        if field != "wanted":
            return super()._told(field)
        remark, held = story.remark_for_the_visit(self.turn.text), self.sheet.get("wanted")
        if story.asks_for_which(self.turn.text) and self.turn.intent == "request_return":
            remark = utterance.kept(self.turn.text)
        if not remark or held in (None, fields.NONE):
            return remark
        return utterance.kept(f"{held}{'；' if self.turn.language == 'zh' else '; '}{remark}")

    def _corrects(self) -> bool:
        return True

    def _forget(self, field: str) -> None:
        """The old value stands until the new one is told."""
        self.ask = field
        self.heard = True


class AmendTicket(Action):
    """Writes the right values into the saved ticket; a person settles what can no longer be changed here."""

    def name(self) -> str:
        return "action_amend_ticket"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn, amended = Turn.of(tracker), tracker.get_slot("amended")
        done: list[EventType] = [SlotSet("amended", None), SlotSet("correction", None)]
        goes_on = _goes_on(tracker, turn)
        if not amended:
            return [*done, *goes_on]
        try:
            saved = await backend().correct(str(tracker.get_slot("saved_ticket_no")), turn.conversation_id, amended)
        except BackendDown:
            dispatcher.utter_message(response="utter_backend_down")
            return [*done, *goes_on]
        except Refused:
            dispatcher.utter_message(response="utter_too_late_to_amend")
            return [*done, FollowupAction("action_hand_over")]
        told = [_told(field, amended[field], turn.language) for field in saved["changed"] or amended]
        response = "utter_amended" if saved["changed"] else "utter_amended_before"
        dispatcher.utter_message(response=response, words=joined(told, turn.channel, turn.language))
        return [*done, *goes_on]


def _goes_on(tracker: Tracker, turn: Turn) -> list[EventType]:
    """The call or the visit that was being settled when the ticket was put right."""
    waiting = interrupted.waiting_form(tracker.slots, turn.now)
    if waiting and waiting["form"] != "visit_form":
        goes_on = [SlotSet(interrupted.SLOT, {**waiting, "heard": True}), FollowupAction(waiting["form"])]
        return [] if FORMS[waiting["form"]].ticket_type else goes_on
    if not tracker.get_slot("visit"):
        return []
    return [SlotSet(interrupted.SLOT, None), SlotSet("visit_time", None), FollowupAction("visit_form")]


def _told(field: str, value: Any, language: str) -> str:
    return phrase("remark" if field == "wanted" else field, language, words_of(field, value, {}, language))
