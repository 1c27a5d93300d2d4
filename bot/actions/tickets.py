"""Tickets: saving a confirmed form, telling, pressing, cancelling."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.backend_client import BackendDown, Body, Refused, backend
from bot.actions.fields import ANY_TIME, FORMS, NONE, UNKNOWN
from bot.actions.phrases import phrase
from bot.actions.turn import Turn

_PLAIN = (
    "name", "phone", "address", "model", "serial_no", "capacity", "purchase_date", "fault_code", "symptom",
    "complaint_about", "wanted",
)  # fmt: skip


class SaveTicket(Action):
    """Saves a confirmed form once and tells number, promise, call and visit code.

    The form's id makes the save idempotent: a repeated "yes" or a retry after a lost answer finds the same ticket.
    """

    def name(self) -> str:
        return "action_save_ticket"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        slots = tracker.slots
        form = _form_just_left(tracker)
        if slots.get("confirm") is not True or form is None:
            return []
        turn = Turn.of(tracker)
        try:
            saved = await backend().save_ticket(ticket_of(form, slots, turn))
        except BackendDown:
            return _try_again(form, slots)
        except Refused as refusal:
            return _ask_again(form, refusal)
        tell(dispatcher, saved, turn, FORMS[form].ticket_type or "")
        ticket_no = saved["ticket"]["ticket_no"]
        emptied = [field for field in FORMS[form].takes if field not in ("name", "phone", "address")]
        return [
            *(SlotSet(slot, None) for slot in (*emptied, "confirm", "draft", "tries", "summary", "form_id")),
            SlotSet("saved_ticket_no", ticket_no),
            SlotSet("conversation_over", True),
        ]


def _form_just_left(tracker: Tracker) -> str | None:
    """The form whose completion led here: the last one that ran in this turn."""
    for event in reversed(tracker.events):
        if event.get("event") == "action" and event.get("name") in FORMS:
            return str(event["name"])
    return None


def ticket_of(form: str, slots: dict[str, Any], turn: Turn) -> Body:
    """The body of POST /tickets for a confirmed form."""
    told = {field: _told(slots.get(field)) for field in _PLAIN}
    window = slots.get("wanted_time")
    return {
        **told,
        "conversation_id": turn.conversation_id,
        "form_id": slots.get("form_id"),
        "type": FORMS[form].ticket_type,
        "description": _told(slots.get("symptom") or slots.get("return_reason") or slots.get("move_what")),
        "wanted_time": {"start": window["start"], "end": window["end"]} if isinstance(window, dict) else None,
        "related_ticket_no": _told(slots.get("complaint_ticket")),
        "language": turn.language,
        "channel": turn.channel,
        "install": {"delivered": slots.get("delivered"), "readiness": _told(slots.get("readiness"))}
        if form == "install_form"
        else None,
    }


def _told(value: Any) -> Any:
    """None for what the customer could not tell."""
    return None if value in (UNKNOWN, NONE, ANY_TIME) else value


def _try_again(form: str, slots: dict[str, Any]) -> list[EventType]:
    """Everything is kept; the form opens again at its last question."""
    return [
        ActiveLoop(form),
        SlotSet("confirm", None),
        SlotSet("draft", {**(slots.get("draft") or {}), "save": True}),
        SlotSet("requested_slot", "retry"),
    ]


def _ask_again(form: str, refusal: Refused) -> list[EventType]:
    """The backend no longer takes one value (a window filled up meanwhile): ask for that one again."""
    field = {"past": "wanted_time", "closed": "wanted_time", "too_far": "wanted_time", "unknown_region": "address"}.get(
        refusal.code, "phone"
    )
    return [ActiveLoop(form), SlotSet("confirm", None), SlotSet(field, None), SlotSet("requested_slot", field)]


def tell(dispatcher: CollectingDispatcher, saved: Body, turn: Turn, ticket_type: str) -> None:
    """Number, promise in local words, callback, visit code."""
    language = turn.language
    ticket_no = saved["ticket"]["ticket_no"]
    promise = _promise(saved.get("promise") or {}, language)
    callback = saved.get("callback") or {}
    if saved.get("duplicate"):
        dispatcher.utter_message(response="utter_ticket_joined", ticket_no=ticket_no, promise=promise)
        return
    if callback.get("words"):
        dispatcher.utter_message(
            response="utter_ticket_saved", ticket_no=ticket_no, promise=promise, callback=callback["words"][language]
        )
    else:
        dispatcher.utter_message(response="utter_ticket_saved_no_call", ticket_no=ticket_no, promise=promise)
    if saved.get("visit_code") and ticket_type != "complaint":
        dispatcher.utter_message(response="utter_visit_code", visit_code=saved["visit_code"])
    if ticket_type == "install" and turn.channel == "web":
        dispatcher.utter_message(response="utter_install_advice")


def _promise(promise: Body, language: str) -> str:
    for kind in ("onsite", "reply"):
        due = promise.get(kind)
        if due and due.get("words"):
            return phrase(f"promise_{kind}", language, due["words"][language])
    return ""


class TellStatus(Action):
    """How a ticket stands, for who knows both its number and its phone."""

    def name(self) -> str:
        return "action_tell_status"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn, slots = Turn.of(tracker), tracker.slots
        try:
            found = await _look_up(slots)
        except BackendDown:
            return _keep_for_later(tracker)
        if found is None:
            return _not_found(dispatcher)
        dispatcher.utter_message(
            response="utter_status", ticket_no=found["ticket_no"], words=found["words"][turn.language]
        )
        return []


class Chase(Action):
    """Presses for a ticket; the backend counts and raises it to a manager where the rules say so."""

    def name(self) -> str:
        return "action_chase"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn = Turn.of(tracker)
        try:
            found = await _look_up(tracker.slots)
            if found is None:
                return _not_found(dispatcher)
            chased = await backend().chase(found["ticket_no"], turn.conversation_id, turn.text)
        except BackendDown:
            return _keep_for_later(tracker)
        except Refused:
            return _not_found(dispatcher)
        dispatcher.utter_message(response="utter_chased", words=chased["words"][turn.language])
        return []


class CancelTicket(Action):
    """Cancels a ticket after a yes; a no leaves it as it is."""

    def name(self) -> str:
        return "action_cancel_ticket"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn, slots = Turn.of(tracker), tracker.slots
        if slots.get("confirm") is not True:
            dispatcher.utter_message(response="utter_not_cancelled")
            return [SlotSet("confirm", None)]
        try:
            cancelled = await backend().cancel(slots["ticket_no"], slots["phone"])
        except BackendDown:
            return _keep_for_later(tracker)
        except Refused:
            return _not_found(dispatcher)
        dispatcher.utter_message(
            response="utter_ticket_cancelled", ticket_no=slots["ticket_no"], words=cancelled["words"][turn.language]
        )
        return [SlotSet("confirm", None), SlotSet("saved_ticket_no", None)]


async def _look_up(slots: dict[str, Any]) -> Body | None:
    """None when number and phone do not belong together: the customer is told no more than that."""
    try:
        return await backend().look_up(str(slots.get("ticket_no")), str(slots.get("phone")))
    except Refused:
        return None


def _not_found(dispatcher: CollectingDispatcher) -> list[EventType]:
    dispatcher.utter_message(response="utter_ticket_unknown")
    return [SlotSet("ticket_no", None), SlotSet("confirm", None)]


def _keep_for_later(tracker: Tracker) -> list[EventType]:
    """The form opens again with what it has, so that "retry" goes on where the backend went away."""
    form = _form_just_left(tracker)
    return [
        ActiveLoop(form),
        SlotSet("draft", {**(tracker.slots.get("draft") or {}), "save": True}),
        SlotSet("requested_slot", "retry"),
    ]
