"""A customer's own ticket: telling how it stands, pressing for it, cancelling it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.backend_client import BackendDown, Body, Refused, backend
from bot.actions.tickets.saving import form_just_left
from bot.actions.turn import Turn, words_of

PATIENCE = 3
"""Pairs of number and phone that do not belong together before a person is called."""


class TellStatus(Action):
    """How a ticket stands, for who has shown that it is theirs."""

    def name(self) -> str:
        return "action_tell_status"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn, slots = Turn.of(tracker), tracker.slots
        if slots.get("ticket_no") is None:
            return []
        try:
            found = await _look_up(slots, turn)
        except BackendDown:
            return _keep_for_later(tracker)
        if found is None:
            return _not_found(dispatcher, tracker)
        dispatcher.utter_message(
            response="utter_status", ticket_no=found["ticket_no"], words=found["words"][turn.language]
        )
        return _visit_left_open(tracker)


class Chase(Action):
    """Presses for a ticket; the backend counts and raises it to a manager where the rules say so."""

    def name(self) -> str:
        return "action_chase"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn, slots = Turn.of(tracker), tracker.slots
        if slots.get("ticket_no") is None:
            return []
        try:
            found = await _look_up(slots, turn)
            if found is None:
                return _not_found(dispatcher, tracker)
            chased = await backend().chase(found["ticket_no"], turn.conversation_id, _words_of_wish(tracker, turn))
        except BackendDown:
            return _keep_for_later(tracker)
        except Refused:
            return _not_found(dispatcher, tracker)
        dispatcher.utter_message(response="utter_chased", words=chased["words"][turn.language])
        return _visit_left_open(tracker)


class CancelTicket(Action):
    """Cancels a ticket after a yes; a no leaves it as it is."""

    def name(self) -> str:
        return "action_cancel_ticket"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn, slots = Turn.of(tracker), tracker.slots
        if slots.get("ticket_no") is None:
            return []
        if slots.get("confirm") is not True:
            dispatcher.utter_message(response="utter_not_cancelled")
            return [SlotSet("confirm", None), *_what_follows(dispatcher, slots.get("next_request"))]
        try:
            cancelled = await backend().cancel(slots["ticket_no"], slots["phone"])
        except BackendDown:
            return _keep_for_later(tracker)
        except Refused:
            return _not_found(dispatcher, tracker)
        dispatcher.utter_message(
            response="utter_ticket_cancelled", ticket_no=slots["ticket_no"], words=cancelled["words"][turn.language]
        )
        done = [SlotSet("confirm", None), SlotSet("saved_ticket_no", None), SlotSet("visit", None)]
        return [*done, *_what_follows(dispatcher, slots.get("next_request"))]


def _what_follows(dispatcher: CollectingDispatcher, wish: Any) -> list[EventType]:
    """The request that was meant in place of the one that is cancelled."""
    if not isinstance(wish, dict):
        return []
    dispatcher.utter_message(response="utter_next_request")
    return [FollowupAction(wish["form"])]


def _visit_left_open(tracker: Tracker) -> list[EventType]:
    """Who asked something while the time of a visit was being settled is asked for that time again."""
    return [FollowupAction("visit_form")] if tracker.get_slot("visit") else []


async def _look_up(slots: dict[str, Any], turn: Turn) -> Body | None:
    """None when number and phone do not belong together: the customer is told no more than that."""
    try:
        return await backend().look_up(str(slots.get("ticket_no")), str(slots.get("phone")), turn.conversation_id)
    except Refused:
        return None


def _words_of_wish(tracker: Tracker, turn: Turn) -> str:
    """The words that opened the form: a phone or a code told since says nothing to who reads the ticket."""
    return words_of(tracker, tracker.slots.get("form_id")) or turn.text


def _not_found(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Both are asked again, then a person looks."""
    tries = dict(tracker.slots.get("tries") or {})
    tries["lookup"] = int(tries.get("lookup", 0)) + 1
    emptied: list[EventType] = [SlotSet("ticket_no", None), SlotSet("phone", None), SlotSet("confirm", None)]
    dispatcher.utter_message(response="utter_ticket_unknown")
    if tries["lookup"] >= PATIENCE:
        return [*emptied, FollowupAction("action_hand_over")]
    return [
        *emptied,
        SlotSet("tries", tries),
        ActiveLoop(form_just_left(tracker)),
        SlotSet("requested_slot", "ticket_no"),
    ]


def _keep_for_later(tracker: Tracker) -> list[EventType]:
    """The form opens again with what it has, so that "retry" goes on where the backend went away."""
    return [
        ActiveLoop(form_just_left(tracker)),
        SlotSet("draft", {**(tracker.slots.get("draft") or {}), "save": True}),
        SlotSet("requested_slot", "retry"),
    ]
