"""Tickets: saving a confirmed form and telling what it led to."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.appointments import visits
from bot.actions.backend_client import BackendDown, Body, Refused, backend
from bot.actions.forms.correcting import MOVING, VISIT_WISH
from bot.actions.forms.fields import ANY_TIME, FORMS, NONE, UNKNOWN
from bot.actions.forms.form_turn import ADVISED_WALL, REMEMBERED
from bot.actions.forms.taking import FAR_DAY
from bot.actions.knowledge import diagnosis
from bot.actions.phrases import phrase
from bot.actions.turn import Turn

VISITED = frozenset(form.ticket_type for form in FORMS.values() if form.is_visited)
"""Kinds of ticket for which somebody comes."""

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
        form = form_just_left(tracker)
        if slots.get("confirm") is not True or form is None:
            return []
        turn = Turn.of(tracker)
        try:
            saved = await backend().save_ticket(ticket_of(form, slots, turn))
        except BackendDown:
            return _try_again(form, slots)
        except Refused as refusal:
            return _ask_again(form, refusal)
        saved = _when_it_is_there(saved, slots)
        visit = await _visit_question(saved, slots, turn)
        tell(dispatcher, saved, turn, FORMS[form].ticket_type or "", asks_for_visit=visit is not None)
        if form == "install_form":
            await _prepare(dispatcher, slots, turn)
        kept = (*REMEMBERED, "model", "purchase_date", "return_reason")  # what is asked afterwards is about them
        emptied = [field for field in FORMS[form].takes if field not in kept]
        return [
            *(SlotSet(slot, None) for slot in (*emptied, "confirm", "draft", "tries", "summary", "form_id")),
            *([SlotSet("saved_ticket_no", saved["ticket"]["ticket_no"])] if may_be_told(saved) else []),
            *([SlotSet("visit", visit), FollowupAction("visit_form")] if visit else []),
            *([] if visit else _what_follows(dispatcher, slots.get("next_request"))),
        ]


async def _visit_question(saved: Body, slots: dict[str, Any], turn: Turn) -> Body | None:
    """What the visit is asked with, unless another request waits or nobody can come yet."""
    if slots.get("next_request") or not _may_be_visited(slots):
        return None
    draft = slots.get("draft") or {}
    at, moving = draft.get(VISIT_WISH), draft.get(MOVING)
    question = await visits.question_after(saved, turn, at or moving, str(slots.get("wanted") or ""))
    is_too_early = moving and not at and question and question["ask"] == "other"
    return None if is_too_early else question


def _may_be_visited(slots: dict[str, Any]) -> bool:
    """Whether the time of the visit can be agreed by now: not for a heater that has not come, nor for a far day."""
    return slots.get("delivered") is not False and not (slots.get("draft") or {}).get(FAR_DAY)


def _when_it_is_there(saved: Body, slots: dict[str, Any]) -> Body:
    """The saved ticket without a day for the visit where nobody can come before a day that is still open or told."""
    is_free = _may_be_visited(slots) and not (slots.get("draft") or {}).get(MOVING)
    return saved if is_free else {**saved, "promise": {**(saved.get("promise") or {}), "onsite": None}}


def _what_follows(dispatcher: CollectingDispatcher, wish: Any) -> list[EventType]:
    """The request that was named while this one was taken, or the end of the matter."""
    if not isinstance(wish, dict):
        return [SlotSet("conversation_over", True)]
    dispatcher.utter_message(response="utter_next_request")
    return [FollowupAction(wish["form"])]


async def _prepare(dispatcher: CollectingDispatcher, slots: dict[str, Any], turn: Turn) -> None:
    """What is missing at the wall becomes a preparation, not a wasted visit. A text message has no room for it."""
    if turn.channel == "sms":
        return
    told = _told(slots.get("readiness")) or ""
    advice = await diagnosis.readiness_advice(told, turn.language, delivered=slots.get("delivered"))
    if advice and advice != (slots.get("draft") or {}).get(ADVISED_WALL):
        dispatcher.utter_message(response="utter_readiness", words=advice)


def form_just_left(tracker: Tracker) -> str | None:
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
        "description": _told(slots.get(FORMS[form].story)) if form != "complaint_form" else None,
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


def may_be_told(saved: Body) -> bool:
    """Whether the ticket is the customer's own, as far as they have shown it."""
    return saved.get("disclosed") is not False


def tell(
    dispatcher: CollectingDispatcher, saved: Body, turn: Turn, ticket_type: str, *, asks_for_visit: bool = False
) -> None:
    """Number, promise in local words, callback, visit code; of somebody else's ticket only that it was added to.

    A text message that goes on with the question for the visit has no room for call and code, which follow with it.
    """
    if not may_be_told(saved):
        dispatcher.utter_message(response="utter_ticket_joined_quietly")
        return
    language = turn.language
    ticket_no = saved["ticket"]["ticket_no"]
    promise = _promise(saved.get("promise") or {}, language)
    callback = saved.get("callback") or {}
    if saved.get("duplicate"):
        dispatcher.utter_message(response="utter_ticket_joined", ticket_no=ticket_no, promise=promise)
        return
    is_short = asks_for_visit and turn.channel != "web"
    if callback.get("words") and not is_short:
        dispatcher.utter_message(
            response="utter_ticket_saved", ticket_no=ticket_no, promise=promise, callback=callback["words"][language]
        )
    else:
        dispatcher.utter_message(response="utter_ticket_saved_no_call", ticket_no=ticket_no, promise=promise)
    if saved.get("visit_code") and ticket_type in VISITED and not is_short:
        dispatcher.utter_message(response="utter_visit_code", visit_code=saved["visit_code"])


def _promise(promise: Body, language: str) -> str:
    for kind in ("onsite", "reply"):
        due = promise.get(kind)
        if due and due.get("words"):
            return phrase(f"promise_{kind}", language, due["words"][language])
    return ""
