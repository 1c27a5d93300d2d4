"""Outside a form: a talk that broke off, a call of ours that was missed, the technician's number."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.forms import interrupted
from bot.actions.reading import line
from bot.actions.turn import Turn


def of_the_line(dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> list[EventType] | None:
    """What follows where only the line is spoken of, outside any form; None where more or something else is told."""
    if tracker.active_loop.get("name") or turn.entity("symptom"):
        return None
    if line.missed_our_call(turn.text):
        return [FollowupAction("callback_form")]
    if refused := line.number_not_ours_to_give(turn.text):
        dispatcher.utter_message(response=f"utter_{refused}_number")
        return []
    if not line.was_cut_off(turn.text):
        return None
    if waiting := interrupted.waiting_form(tracker.slots, turn.now):
        return [FollowupAction(waiting["form"])]
    dispatcher.utter_message(response="utter_cut_off")
    return []
