"""Saying something again: an answer once more, be it in another language, or all that was said last."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.knowledge import answering
from bot.actions.reading import questions
from bot.actions.turn import Turn

_ASKS = "ask_"
"""How the intents of questions begin; what follows is the kind."""

_TELLS = frozenset({
    "utter_answer", "utter_first_aid", "utter_status", "utter_readiness", "utter_visit_code", "utter_ticket_saved",
    "utter_ticket_saved_no_call", "utter_technician_number", "utter_manager_number", "utter_code_sent",
})  # fmt: skip
"""What is worth hearing twice, beside the question a form puts again by itself."""


async def answer_again(
    turn: Turn, dispatcher: CollectingDispatcher, tracker: Tracker, subject: str | None = None
) -> list[EventType] | None:
    """The latest question, or the latest about a subject, answered once more; None where none was asked."""
    asked = _latest_question(tracker, subject)
    if asked is None:
        return None
    kind, words = asked
    if subject and turn.channel != "sms":  # a text message has room for the answer alone
        dispatcher.utter_message(response="utter_repeat")
    question = answering.question_of(replace(turn.with_words(words), intent=_ASKS + kind), tracker)
    return await answering.answer(kind, question, turn, dispatcher, tracker)


def _latest_question(tracker: Tracker, subject: str | None) -> tuple[str, str] | None:
    """Kind and words of what the customer asked, the latest first; only the one before, where no subject is named."""
    said = [event for event in tracker.events if event.get("event") == "user"][:-1]
    for event in reversed(said if subject else said[-1:]):
        intent = str(((event.get("parse_data") or {}).get("intent") or {}).get("name"))
        words = str(event.get("text") or "")
        kind = intent.removeprefix(_ASKS)
        is_of_it = subject in (None, kind) or questions.subject_of(words) == subject
        if kind in answering.KINDS and intent.startswith(_ASKS) and is_of_it:
            return kind, words
    return None


def told_last(tracker: Tracker) -> list[dict[str, Any]]:
    """What the bot told in its last turn, oldest first: answers and news; with nothing of the kind, all it said."""
    said: list[dict[str, Any]] = []
    for event in reversed(tracker.events[: _latest_message(tracker)]):
        if event.get("event") == "user":
            break
        if event.get("event") == "bot" and event.get("text"):
            said.insert(0, event)
    return said


def is_news(event: dict[str, Any]) -> bool:
    """Whether something said told something, and did not only ask or acknowledge."""
    named = (event.get("metadata") or {}).values()  # Rasa notes there which response it was
    return any(isinstance(name, str) and name in _TELLS for name in named)


def _latest_message(tracker: Tracker) -> int:
    places = [at for at, event in enumerate(tracker.events) if event.get("event") == "user"]
    return places[-1] if places else 0
