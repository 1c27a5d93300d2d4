"""Callbacks: one open call per number, booked or moved after the customer has heard the time."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.backend_client import BackendDown, Refused, backend
from bot.actions.turn import Turn


class BookCallback(Action):
    """Books the agreed call, or moves the open one of that number."""

    def name(self) -> str:
        return "action_book_callback"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn, slots = Turn.of(tracker), tracker.slots
        if slots.get("confirm") is not True:
            return []
        window = slots.get("wanted_time")
        wanted = {"start": window["start"], "end": window["end"]} if isinstance(window, dict) else None
        try:
            booked = await backend().book_callback(
                {
                    "conversation_id": turn.conversation_id,
                    "phone": slots.get("phone"),
                    "ticket_no": slots.get("ticket_no") or slots.get("saved_ticket_no"),
                    "wanted": wanted,
                    "reason": slots.get("callback_reason") or "request_callback",
                }
            )
        except BackendDown:
            kept = {**(slots.get("draft") or {}), "save": True}
            return [
                ActiveLoop("callback_form"),
                SlotSet("confirm", None),
                SlotSet("draft", kept),
                SlotSet("requested_slot", "retry"),
            ]
        except Refused:
            return [
                ActiveLoop("callback_form"),
                SlotSet("confirm", None),
                SlotSet("wanted_time", None),
                SlotSet("requested_slot", "wanted_time"),
            ]
        told = "utter_callback_moved" if booked.get("moved") else "utter_callback_booked"
        dispatcher.utter_message(response=told, words=booked["words"][turn.language])
        return [SlotSet("confirm", None), SlotSet("summary", None)]
