"""Words about the talk itself and what came of it: the line, the person called, the danger reported, the room."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.escalations.talk import of_the_danger
from bot.actions.forms import interrupted
from bot.actions.reading import chat, line, manner
from bot.actions.turn import Turn, latest_words, of_the_called, waits_for_person, waits_on

_TO_INSULTS = ("utter_chat_insult", "utter_chat_insult_again", "utter_chat_insult_still")
"""The first is asked what is wrong, the second is offered a person, the others hear that somebody is there."""

_REMEMBERED = 30
"""Messages among which an insult is no longer the first."""


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


def to_an_insult(tracker: Tracker) -> str:
    """The response to an insult: never the same line twice, and nobody is offered to whom one is called already."""
    if waits_for_person(tracker):
        return "utter_called_comes"
    times = sum(map(chat.is_insult, latest_words(tracker, _REMEMBERED)))
    return _TO_INSULTS[min(max(times, 1), len(_TO_INSULTS)) - 1]
