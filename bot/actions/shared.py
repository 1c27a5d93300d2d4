"""Small talk that needs memory: saying it again, nonsense twice, an answer nobody asked for."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.backend_client import BackendDown, Refused, backend


class Repeat(Action):
    """Says the last words again; inside a form the form's question follows by itself."""

    def name(self) -> str:
        return "action_repeat"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        said = next((event for event in reversed(tracker.events) if event.get("event") == "bot"), None)
        if said is None or not said.get("text"):
            dispatcher.utter_message(response="utter_what_next")
            return []
        dispatcher.utter_message(response="utter_repeat")
        if not tracker.active_loop.get("name"):
            dispatcher.utter_message(text=said["text"], buttons=(said.get("data") or {}).get("buttons"))
        return []


class OutOfScope(Action):
    """Declines kindly; from the second time on it offers a person."""

    def name(self) -> str:
        return "action_out_of_scope"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        times = int(tracker.get_slot("nonsense") or 0) + 1
        dispatcher.utter_message(response="utter_out_of_scope")
        if times >= 2:
            dispatcher.utter_message(response="utter_offer_human")
        return [SlotSet("nonsense", times)]


class Stop(Action):
    """Whoever wants no more messages is not asked another question either."""

    def name(self) -> str:
        return "action_stop"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        try:
            stopped = await backend().opt_out(tracker.sender_id)
        except (BackendDown, Refused):
            dispatcher.utter_message(response="utter_backend_down")
            return []
        dispatcher.utter_message(response="utter_stop" if stopped.get("numbers") else "utter_stop_which_number")
        return [ActiveLoop(None), SlotSet("requested_slot", None)]


class StrayAnswer(Action):
    """A yes, a no or a fact outside any form: a second "confirm" hears that all is saved, others what we can do."""

    def name(self) -> str:
        return "action_stray_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        affirmed = (tracker.latest_message.get("intent") or {}).get("name") == "affirm"
        if affirmed and tracker.get_slot("saved_ticket_no"):
            dispatcher.utter_message(response="utter_already_saved")
        else:
            dispatcher.utter_message(response="utter_what_next")
        return []
