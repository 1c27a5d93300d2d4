"""Danger and people: the two turns that end a form at once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.backend_client import BackendDown, Refused, backend
from bot.actions.turn import Turn
from bot.text.hazard import hazard

SAFETY = Path(__file__).resolve().parents[2] / "data" / "safety.yaml"


@lru_cache(maxsize=1)
def _safety_texts() -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = yaml.safe_load(SAFETY.read_text("utf-8"))["texts"]
    return texts


def safety_text(kind: str, language: str) -> str:
    """The approved words for a kind of danger."""
    texts = _safety_texts()
    return texts.get(kind, texts["default"])[language].strip()


class ReportHazard(Action):
    """Speaks the approved safety text first, whatever happens to the report itself."""

    def name(self) -> str:
        return "action_report_hazard"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn = Turn.of(tracker)
        found = hazard(turn.text)
        kind = found.kind if found else "default"
        dispatcher.utter_message(text=safety_text(kind, turn.language))
        phone = turn.value("phone") or tracker.get_slot("phone")
        try:
            report = await backend().report_hazard(_report(turn, kind, phone))
        except (BackendDown, Refused):
            dispatcher.utter_message(response="utter_hazard_ring_unknown")
            needs_phone = phone is None
        else:
            dispatcher.utter_message(response="utter_hazard_ring", words=report["ring_words"][turn.language])
            needs_phone = report.get("needs_phone", False)
        if needs_phone:
            return [SlotSet("phone", None), SlotSet("requested_slot", None), ActiveLoop("hazard_form")]
        return _form_ends()


class AddHazardPhone(Action):
    """The number to ring after a report of danger, asked for once the safety text is spoken."""

    def name(self) -> str:
        return "action_add_hazard_phone"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn = Turn.of(tracker)
        try:
            report = await backend().report_hazard(_report(turn, "number", tracker.get_slot("phone")))
        except (BackendDown, Refused):
            dispatcher.utter_message(response="utter_hazard_ring_unknown")
        else:
            dispatcher.utter_message(response="utter_hazard_phone_added", words=report["ring_words"][turn.language])
        return []


def _report(turn: Turn, kind: str, phone: str | None) -> dict[str, Any]:
    return {
        "conversation_id": turn.conversation_id,
        "message_id": turn.message_id,
        "text": turn.text,
        "phone": phone,
        "kind": kind,
    }


class HandOver(Action):
    """Asks the desk for a person and passes on what is known so far."""

    def name(self) -> str:
        return "action_hand_over"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn = Turn.of(tracker)
        try:
            desk = await backend().hand_over(turn.conversation_id, "asked", what_is_known(tracker.slots))
        except (BackendDown, Refused):
            dispatcher.utter_message(response="utter_hand_over_failed")
            return []
        dispatcher.utter_message(response="utter_handed_over", words=desk["words"][turn.language])
        if not desk["open"]:  # nobody is there to answer now: a call is what keeps the promise
            return [SlotSet("requested_slot", None), ActiveLoop("callback_form")]
        return _form_ends()


def what_is_known(slots: dict[str, Any]) -> str:
    """Facts for the agent's screen, one `field: value` a line."""
    wanted = (
        "symptom",
        "fault_code",
        "complaint_about",
        "return_reason",
        "move_what",
        "wanted",
        "model",
        "purchase_date",
        "name",
        "phone",
        "address",
    )
    lines = []
    for slot in wanted:
        value = slots.get(slot)
        if isinstance(value, dict):
            value = value.get("raw")
        if value:
            lines.append(f"{slot}: {value}")
    return "\n".join(lines)


def _form_ends() -> list[EventType]:
    return [ActiveLoop(None), SlotSet("requested_slot", None)]
