"""People: handing a conversation to the desk with what is known so far."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.backend_client import BackendDown, Refused, backend
from bot.actions.forms import interrupted
from bot.actions.reading import manner
from bot.actions.turn import Turn, asks_for_the_called, waits_for_person, was_in_danger

_FACTS = (
    "symptom", "fault_code", "complaint_about", "return_reason", "move_what", "wanted", "model", "purchase_date",
    "name", "phone", "address",
)  # fmt: skip


class HandOver(Action):
    """Asks the desk for a person, because the customer asked or because the bot has not understood three times; asked
    again, it says that the person is being called."""

    def name(self) -> str:
        return "action_hand_over"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn = Turn.of(tracker)
        by_rule = turn.intent == "ask_human"
        asked = by_rule or manner.wants_person(turn.text) or asks_for_the_called(tracker)
        if by_rule and manner.wants_no_person(turn.text):
            return [FollowupAction("action_withdraw_hand_over")]
        if by_rule and manner.asks_who_you_are(turn.text) and not manner.wants_person(turn.text):
            dispatcher.utter_message(response="utter_who_i_am")
            return []
        try:
            desk = await backend().hand_over(
                turn.conversation_id, "asked" if asked else "confused", what_is_known(tracker.slots)
            )
        except (BackendDown, Refused):
            dispatcher.utter_message(response="utter_hand_over_failed")
            return [] if by_rule else [FollowupAction("action_listen")]
        is_explained = asked or tracker.get_slot("proof")  # who could not show whose ticket it is has heard why
        told = "utter_handed_over" if is_explained else "utter_handed_over_stuck"
        if desk["open"] and waits_for_person(tracker):
            told = "utter_still_calling"
        dispatcher.utter_message(response=told, words=desk["words"][turn.language])
        form, slot = tracker.active_loop.get("name"), tracker.get_slot("requested_slot")
        left = interrupted.noted(form, slot, turn.now) or tracker.get_slot(interrupted.SLOT)
        if not desk["open"] and form != "callback_form":  # nobody is there to answer now: a call keeps the promise
            return [SlotSet(interrupted.SLOT, left), SlotSet("requested_slot", None), ActiveLoop("callback_form")]
        ended = [SlotSet(interrupted.SLOT, left), ActiveLoop(None), SlotSet("requested_slot", None)]
        return ended if by_rule else [*ended, FollowupAction("action_listen")]  # no rule leads here but a wish


class WithdrawHandOver(Action):
    """Who waits for a person and needs none any more goes on with the bot; after a danger somebody comes anyway."""

    def name(self) -> str:
        return "action_withdraw_hand_over"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        try:
            answer = await backend().withdraw_hand_over(tracker.sender_id)
        except (BackendDown, Refused):
            dispatcher.utter_message(response="utter_backend_down")
            return []
        ended = [ActiveLoop(None), SlotSet("requested_slot", None)]
        waiting = interrupted.waiting_form(tracker.slots, Turn.of(tracker).now)
        if was_in_danger(tracker) and not answer["withdrawn"]:
            dispatcher.utter_message(response="utter_hazard_end")
        elif waiting:
            dispatcher.utter_message(response="utter_no_person")
            return [*ended, SlotSet(interrupted.SLOT, {**waiting, "heard": True}), FollowupAction(waiting["form"])]
        else:
            is_tired = manner.waits_no_longer(Turn.of(tracker).text)
            dispatcher.utter_message(response="utter_waits_no_longer" if is_tired else "utter_stays_here")
        return [*ended, FollowupAction("action_listen")]


def what_is_known(slots: dict[str, Any]) -> str:
    """Facts for the agent's screen, one `field: value` a line."""
    lines = []
    for slot in _FACTS:
        value = slots.get(slot)
        if isinstance(value, dict):
            value = value.get("raw")
        if value:
            lines.append(f"{slot}: {value}")
    return "\n".join(lines)
