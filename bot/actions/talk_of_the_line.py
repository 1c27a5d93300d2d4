"""Words about the talk itself and what came of it: the line, the person called, the danger reported, the room."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.escalations.talk import of_the_danger
from bot.actions.forms import interrupted
from bot.actions.reading import line, manner
from bot.actions.turn import Turn, of_the_called, waits_on


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


def of_what_was_raised(dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> list[EventType] | None:
    """What follows words about the person called, the danger reported, the line, or to somebody else in the room,
    whatever small talk they were taken for; None where they are about none of them."""
    is_free = not tracker.active_loop.get("name")
    if is_free and (called := of_the_called(tracker)):
        return [FollowupAction(called)]
    if is_free and waits_on(tracker):
        dispatcher.utter_message(response="utter_called_comes")
        return []
    if of_the_danger(dispatcher, tracker, turn):
        return []
    if turn.channel == "voice" and manner.talks_to_another(turn.text):
        dispatcher.utter_message(response="utter_here")
        return []
    return of_the_line(dispatcher, tracker, turn)
