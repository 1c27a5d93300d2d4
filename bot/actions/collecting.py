"""The forms' doormen: `validate_<form>` takes what the customer said, has it checked, and names what to ask next.

One call per turn does it all: facts volunteered in the message, the answer to the question, a correction, and the
read-back. A turn that is a question of its own, a danger or a wish for a person is left to the rules (an empty list
of events makes the form step aside).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions import checks, fields, reading
from bot.actions.backend_client import BackendDown, Refused, backend
from bot.actions.fields import FORMS, Form
from bot.actions.summary import read_back
from bot.actions.turn import Turn, answered_already, earlier_entities

AS_TOLD = 2
"""Failed tries of an address before it is taken as it was told."""
PATIENCE = 3
"""Failed tries of one field before a person is offered."""

_ALWAYS_INTERRUPT = frozenset({"report_hazard", "ask_human", "stop"})
_QUESTIONS = frozenset({"ask_warranty", "ask_fee", "ask_hours", "ask_howto", "ask_parts"})
_SMALL_TALK = frozenset({"greet", "goodbye", "thank", "repeat", "out_of_scope"})
_REQUESTS = frozenset({"request_install", "request_relocation", "request_repair", "request_return", "complain"})
_SURE = 0.6
"""Confidence at which another intention outweighs a free-text answer."""

_TELLING = frozenset({"symptom", "complaint_about", "wanted", "return_reason", "move_what", "readiness"})
"""Questions answered with a story: a day or a number in it is part of the story."""

_REMEMBERED = ("name", "phone", "address")
_FURNITURE = ("confirm", "correction", "retry", "summary", "callback_reason")


class Collecting:
    """One turn of one form. Works on a copy of the slots and returns what changed as events."""

    def __init__(self, form: str, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self.form_name = form
        self.form: Form = FORMS[form]
        self.dispatcher = dispatcher
        self.tracker = tracker
        self.turn = Turn.of(tracker)
        self.slots: dict[str, Any] = dict(tracker.slots)
        self.changed: dict[str, Any] = {}
        self.ask: str | None = None
        self.heard = False

    async def events(self) -> list[EventType]:
        asked = self.slots.get("requested_slot")
        if asked and answered_already(self.tracker, self.form_name):
            return [SlotSet("requested_slot", self._resumed(asked))]
        if not asked:
            await self._open()
        elif self._gives_up(asked):
            return self._drop()
        elif self._interrupts(asked):
            return []
        else:
            await self._hear(asked)
        return self._closing_events()

    def _resumed(self, asked: str) -> str:
        """What to ask when the form goes on after something else was spoken."""
        if self._draft().get("save"):
            return "retry"
        return f"{asked}_again" if f"{asked}_again" in fields.ASKED_FOR else asked

    # --- opening -------------------------------------------------------------------------------------------------

    async def _open(self) -> None:
        fresh = [field for field in self.form.takes if field not in _REMEMBERED]
        for slot in (*fresh, *_FURNITURE, "fault_code", "capacity", "serial_no"):
            self._set(slot, None)
        self._set("form_id", self.turn.message_id)
        self._set("draft", {})
        self._set("tries", {})
        await self._recall()
        for entity in earlier_entities(self.tracker):
            for field in self.form.takes:
                value = fields.from_entity(field, entity)
                if value is not None and field not in ("wanted_time", "symptom"):
                    await self._take(field, value, asked=False)
        for field, value in fields.opening(self.form_name, self.turn).items():
            self._set(field, value)
        self._set("callback_reason", self.turn.intent if self.form_name == "callback_form" else None)
        await self._take_volunteered()

    async def _recall(self) -> None:
        """What the backend knows of this customer is not asked again."""
        try:
            known = await backend().known(self.turn.conversation_id)
        except (BackendDown, Refused):
            return
        for field in _REMEMBERED:
            if self.slots.get(field) is None and known.get(field):
                self._set(field, known[field])
        if "ticket_no" in self.form.fields:
            open_tickets = [ticket["ticket_no"] for ticket in known.get("tickets") or () if ticket.get("ticket_no")]
            if len(open_tickets) == 1:
                self._set("ticket_no", open_tickets[0])
            elif self.slots.get("saved_ticket_no"):
                self._set("ticket_no", self.slots["saved_ticket_no"])

    # --- hearing an answer ---------------------------------------------------------------------------------------

    def _gives_up(self, asked: str) -> bool:
        """Dropping a request is not telling one: "取消订单" may be the very thing a complaint is about."""
        if self.form_name == "cancel_form":
            return False
        if reading.gives_up(self.turn.text):
            field = fields.ASKED_FOR.get(asked, asked)
            return not (reading.is_no(self.turn.text) and (field == "confirm" or field in fields.CAN_BE_SKIPPED))
        return self.turn.intent == "cancel_request" and asked not in _TELLING

    def _interrupts(self, asked: str) -> bool:
        intent, field = self.turn.intent, fields.ASKED_FOR.get(asked, asked)
        if intent in _ALWAYS_INTERRUPT:
            return True
        if intent not in _QUESTIONS | _SMALL_TALK:
            return False
        if fields.volunteered(field, self.turn) is not None or reading.is_retry(self.turn.text):
            return False
        if field == "name" and intent in ("out_of_scope", "greet", "thank"):
            return fields.answer(field, self.turn) is None
        if field in fields.FREE_TEXT:
            return self.turn.confidence >= _SURE
        return fields.answer(field, self.turn) is None

    async def _hear(self, asked: str) -> None:
        field = fields.ASKED_FOR.get(asked, asked)
        if asked == "retry":
            self._hear_retry()
        elif asked in ("confirm", "correction"):
            await self._hear_confirmation(asked)
        else:
            await self._hear_value(field, asked)

    async def _hear_value(self, field: str, asked: str) -> None:
        value = self._offered(asked) or fields.answer(field, self.turn)
        if reading.is_retry(self.turn.text):
            value = self._draft().get(field)
        await self._take_volunteered(but=field)
        if value is None and not self.heard:
            self._not_answered(field, asked)
        elif value is not None:
            await self._take(field, value, asked=True)

    def _not_answered(self, field: str, asked: str) -> None:
        if self.turn.intent in _REQUESTS and self.turn.confidence >= _SURE:
            self.ask = asked
            self.dispatcher.utter_message(response="utter_one_thing_first")
        elif field == "ticket_no":
            self._fail(field, asked, "utter_no_ticket_no")
        else:
            self._fail(field, asked, "utter_not_understood")

    def _hear_retry(self) -> None:
        if reading.is_retry(self.turn.text) or self.turn.intent == "affirm" or reading.is_yes(self.turn.text):
            self._set("confirm", True)
            self._note("save", None)
        else:
            self._fail("retry", "retry", "utter_not_understood")

    async def _hear_confirmation(self, asked: str) -> None:
        await self._take_volunteered()
        if self.heard:
            return
        text = self.turn.text
        said_yes = reading.is_yes(text) or (self.turn.intent == "affirm" and not reading.wants_change(text))
        said_no = reading.is_no(text) or self.turn.intent in ("deny", "correct") or reading.wants_change(text)
        field = reading.field_named(text, self.form.takes)
        if asked == "confirm" and said_yes:
            self._set("confirm", True)
        elif self.form_name == "cancel_form" and said_no:
            self._set("confirm", False)
        elif field is not None:
            self._set(field, None)
            self._note(field, None)
            self.ask = field
        elif asked == "correction" and (said_yes or reading.is_no(text)):
            self.ask = None
        elif said_no:
            self.ask = "correction"
        else:
            self._fail("confirm", asked, "utter_not_understood")

    async def _take_volunteered(self, but: str | None = None) -> None:
        for field in self.form.takes:
            value = fields.volunteered(field, self.turn) if field != but else None
            if value is None:
                continue
            if field == "address" and self.slots.get("address") and not self._corrects():
                continue
            if field == "symptom" and self.slots.get("symptom"):
                self._add_symptom(but)
                continue
            if field == "wanted_time" and not self._is_a_wish(value, but):
                continue
            await self._take(field, value, asked=False)
        for slot in ("fault_code", "capacity", "serial_no"):
            if self.turn.value(slot) is not None:
                self._set(slot, self.turn.value(slot))
                self.heard = self.heard or slot != "fault_code"

    def _add_symptom(self, asked: str | None) -> None:
        """Another thing that is wrong with the heater, told while something else was asked."""
        told = fields.opening("repair_form", self.turn).get("symptom")
        if asked and told and told not in self.slots["symptom"]:
            self._set("symptom", reading.kept(f"{self.slots['symptom']}; {told}"))
            self.heard = True

    def _is_a_wish(self, window: Any, asked: str | None) -> bool:
        """Whether an unasked time says when to call. "今天不热了" and a day in a complaint do not."""
        if self._in_read_back() or self.form_name == "callback_form":
            return True
        if asked in _TELLING or (asked is None and self.form_name == "complaint_form"):
            return False
        starts = window.get("start") if isinstance(window, dict) else None
        return bool(starts and self.turn.now and datetime.fromisoformat(starts) > datetime.fromisoformat(self.turn.now))

    def _corrects(self) -> bool:
        """A place named in passing does not replace the whole address that was given."""
        return self._in_read_back() or self.turn.intent == "correct"

    def _in_read_back(self) -> bool:
        return self.tracker.get_slot("requested_slot") in ("confirm", "correction")

    # --- taking a value ------------------------------------------------------------------------------------------

    async def _take(self, field: str, value: Any, *, asked: bool) -> None:
        check = checks.CHECKS.get(field)
        if check is None or value in (fields.UNKNOWN, fields.NONE, fields.ANY_TIME):
            self._set(field, value)
            self.heard = True
            return
        try:
            verdict = await check(value, self.turn, self._draft().get(field), self.slots.get(field))
        except BackendDown:
            self._note(field, value)
            self.ask = field
            self.heard = True
            self.dispatcher.utter_message(response="utter_backend_down")
            return
        wished = asked or self._in_read_back() or self.form_name == "callback_form"
        if verdict.unusable and field == "wanted_time" and not wished:
            return  # "since yesterday" is a time, but nobody wishes to be called then
        self.heard = True
        self._note(field, verdict.draft)
        if verdict.value is not None:
            self._set(field, verdict.value)
        elif verdict.ask and verdict.ask != self.slots.get("requested_slot"):
            self.ask = verdict.ask
        else:
            self._fail(field, verdict.ask or verdict.again or field, verdict.response, **verdict.words)
            if field == "address" and self._tries(field) >= AS_TOLD:
                self._take_as_told(verdict.draft or str(value))

    def _take_as_told(self, address: str) -> None:
        """Nobody is kept from help by a place we cannot find: the call will settle it."""
        self._set("address", {"raw": reading.kept(address)})
        self._note("address", None)
        self.ask = None
        self.dispatcher.utter_message(response="utter_address_as_told")

    def _fail(self, field: str, asked: str, response: str | None, **words: Any) -> None:
        self.ask = asked
        tries = self._count(field)
        if tries >= PATIENCE and field in fields.CAN_BE_SKIPPED:
            self._set(field, fields.CAN_BE_SKIPPED[field])
            self.ask = None
            return
        if response:
            self.dispatcher.utter_message(response=response, **words)
        if tries and tries % PATIENCE == 0:
            self.dispatcher.utter_message(response="utter_offer_human")

    def _count(self, field: str) -> int:
        self._set("tries", {**(self.slots.get("tries") or {}), field: self._tries(field) + 1})
        return self._tries(field)

    def _tries(self, field: str) -> int:
        return int((self.slots.get("tries") or {}).get(field, 0))

    # --- closing the turn ----------------------------------------------------------------------------------------

    def _drop(self) -> list[EventType]:
        self.dispatcher.utter_message(response="utter_form_cancelled")
        cleared = [field for field in self.form.takes if field not in _REMEMBERED]
        return [SlotSet(slot, None) for slot in (*cleared, *_FURNITURE, "form_id", "requested_slot")]

    def _closing_events(self) -> list[EventType]:
        upcoming = self.ask or self._next()
        if upcoming == "confirm":
            self._set("summary", read_back(self.form, self.slots, self.turn))
        changed = {slot: value for slot, value in self.changed.items() if self.tracker.get_slot(slot) != value}
        heard = {"draft": self._draft(), **changed}  # a form that hears nothing at all would step aside
        return [*(SlotSet(slot, value) for slot, value in heard.items()), SlotSet("requested_slot", upcoming)]

    def _next(self) -> str | None:
        if self._draft().get("save"):
            return "retry"
        missing = next((field for field in self.form.fields if self.slots.get(field) is None), None)
        if missing or not self.form.confirms:
            return missing
        return "confirm" if self.slots.get("confirm") is None else None

    def _set(self, slot: str, value: Any) -> None:
        self.slots[slot] = value
        self.changed[slot] = value

    def _draft(self) -> dict[str, Any]:
        return self.slots.get("draft") or {}

    def _offered(self, asked: str) -> Any:
        """The time behind a button the customer pressed, or None."""
        return (self._draft().get("wanted_time") or {}).get(self.turn.text) if asked == "wanted_time_choice" else None

    def _note(self, field: str, value: Any) -> None:
        draft = {key: kept for key, kept in self._draft().items() if key != field}
        if value is not None:
            draft[field] = value
        if draft != self._draft():
            self._set("draft", draft)


class _ValidateForm(Action, ABC):
    """One action a form; abstract, so that the action server registers only the named ones."""

    @property
    @abstractmethod
    def form(self) -> str:
        """The form this action validates."""

    def name(self) -> str:
        return f"validate_{self.form}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        return await Collecting(self.form, dispatcher, tracker).events()


class ValidateRepairForm(_ValidateForm):
    form = "repair_form"


class ValidateInstallForm(_ValidateForm):
    form = "install_form"


class ValidateComplaintForm(_ValidateForm):
    form = "complaint_form"


class ValidateRelocationForm(_ValidateForm):
    form = "relocation_form"


class ValidateReturnForm(_ValidateForm):
    form = "return_form"


class ValidateCallbackForm(_ValidateForm):
    form = "callback_form"


class ValidateStatusForm(_ValidateForm):
    form = "status_form"


class ValidateChaseForm(_ValidateForm):
    form = "chase_form"


class ValidateCancelForm(_ValidateForm):
    form = "cancel_form"


class ValidateHazardForm(_ValidateForm):
    form = "hazard_form"
