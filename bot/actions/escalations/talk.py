"""What is said of a danger after it has been reported: answered with safety first, whatever it was taken for."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.escalations import safety
from bot.actions.reading import danger, people
from bot.actions.turn import Turn, was_in_danger


def of_the_danger(dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> bool:
    """Answers what is said of a danger reported earlier in this conversation; whether it was said of one."""
    if not was_in_danger(tracker):
        return False
    said = danger.answer_to(turn.text)
    if said is None and people.says_who_is_hurt(turn.text) and people.anyone_hurt(turn.text) is False:
        said = danger.NOTHING
    if said is None:
        return False
    answer(dispatcher, said, tracker.get_slot("hazard_kind"), turn)
    return True


def answer(dispatcher: CollectingDispatcher, said: str, kind: str | None, turn: Turn) -> None:
    """Speaks a response, or the approved words for the kind of danger once more."""
    if said == danger.SAFETY_WORDS:
        dispatcher.utter_message(text=safety.words(kind or "default", turn.language, turn.channel))
    else:
        dispatcher.utter_message(response=said)
