"""A repair: first aid once the fault is known, and a happy end when the heater works again before anybody comes."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from bot.actions.forms import fields, interrupted, requests
from bot.actions.forms.collecting import Collecting
from bot.actions.knowledge import diagnosis
from bot.actions.reading import answers, story, utterance
from bot.actions.turn import said_last

_SHARPER = {"leak_where": "symptom_where", "code_symptom": "symptom_code"}
"""What first aid wants to know → the question that asks for it."""
_NOT_SOLVED = frozenset({"complain", "request_return", "chase", "ask_human", "report_hazard"})
"""Wishes of somebody whose heater does not work, whatever else was "said to be fine"."""


class Repairing(Collecting):
    """`advised` is the first aid that has been spoken: once, and again only where a code told later says otherwise."""

    _sharpened = False

    async def _open(self) -> None:
        wish = self.sheet.get("next_request")
        if self._only_works_again():
            self.dispatcher.utter_message(response="utter_works_again")
            self.followed_by = FollowupAction("action_listen")
            return
        await super()._open()
        if requests.names_two_heaters(self.turn.text) and not wish and self.followed_by is None:
            self.dispatcher.utter_message(response="utter_one_by_one")
            self.sheet.set("next_request", requests.Wish(self.form_name, "").as_slot())

    def _only_works_again(self) -> bool:
        """Whether all that is told is that it works, where nothing waits to be gone on with."""
        waits = interrupted.waiting_form(self.sheet.values, self.turn.now)
        return not waits and self.turn.entity("symptom") is None and diagnosis.works_again(self.turn.text)

    async def events(self) -> list[EventType]:
        if self.sheet.get("requested_slot") and self.sheet.get("advised") and self._is_solved():
            response = await diagnosis.record_solved(self.turn, self.sheet.values)
            if response:
                self.dispatcher.utter_message(response=response)
                return self.emptied()
        return await super().events()

    def _is_solved(self) -> bool:
        if self.turn.intent in _NOT_SOLVED:
            return False
        if diagnosis.works_again(self.turn.text):
            return True
        return self._has_just_advised() and diagnosis.is_all_right(self.turn.text)

    def _has_just_advised(self) -> bool:
        """Whether the last answer told what may help."""
        said = said_last(self.tracker)
        return bool(said) and str(self.sheet.get("advised")) in said

    def _answers(self, field: str) -> bool:
        return super()._answers(field) or self._is_no_help()

    def _is_no_help(self) -> bool:
        return bool(self.sheet.get("advised")) and diagnosis.did_not_help(self.turn.text)

    def _note_no_help(self, asked: str) -> None:
        """Who has tried in vain hears that somebody comes; what was tried is told to them."""
        self._tell_more("symptom")
        self.ask = self._asked_again(asked)
        self.dispatcher.utter_message(response="utter_first_aid_in_vain")

    async def _take(self, field: str, value: Any, *, asked: bool) -> None:
        """The answer to a sharper question is added to the fault, it does not replace it."""
        told = self.tracker.get_slot("symptom")
        is_sharper = self.sheet.get("requested_slot") in _SHARPER.values()
        if field == "symptom" and is_sharper and told and value not in (told, fields.UNKNOWN):
            if self.sheet.get("requested_slot") == "symptom_where":
                value = diagnosis.leak_at(value, self.turn.language)
            value = utterance.kept(f"{told}{'；' if self.turn.language == 'zh' else '; '}{value}")
        await super()._take(field, value, asked=asked)

    def _not_answered(self, field: str, asked: str) -> None:
        """Who cannot say where it leaks is helped without."""
        if asked in _SHARPER.values() and (answers.is_unknown(self.turn.text) or answers.is_no(self.turn.text)):
            self.heard = True
            self._sharpened = True
        elif self._is_no_help():
            self._note_no_help(asked)
        else:
            super()._not_answered(field, asked)

    async def _act(self) -> None:
        symptom, code, model = (self.sheet.get(slot) for slot in ("symptom", "fault_code", "model"))
        waits_for_model = code is not None and model is None
        news = self._sharpened or {"symptom", "model", "fault_code"} & self.sheet.changed.keys()
        advised = self.sheet.get("advised")
        if symptom is None or waits_for_model or not news or self.is_stuck or (advised and code is None):
            return
        aid = await diagnosis.first_aid(self.turn, symptom=symptom, fault_code=code, model=model)
        if aid is None or (advised and not aid.is_by_code):
            return
        if aid.danger_kind:
            self.followed_by = FollowupAction("action_report_hazard")
            return
        if aid.ask and not self.ask and self.sheet.count("sharper") == 1:
            self.ask = _SHARPER[aid.ask]
            return
        if aid.response_text == advised or (self._reads_back_by_text() and not story.must_be_stopped(str(symptom))):
            return
        self.sheet.set("advised", aid.response_text)
        if self._failed_before(str(symptom)):
            self.dispatcher.utter_message(response="utter_failed_before")
        elif aid.is_by_code or not self._is_answered():  # else what helps has just been said, as an answer
            self.dispatcher.utter_message(response="utter_first_aid", words=aid.response_text)

    def _failed_before(self, symptom: str) -> bool:
        """Whoever has had it repaired before is not sent to the plug once more."""
        told = story.failed_before(symptom) or story.failed_before(self.turn.text)
        return told and not story.must_be_stopped(symptom)

    def _is_answered(self) -> bool:
        """Whether this message has been answered as a question about use and care."""
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                break
            if event.get("event") == "action" and event.get("name") == "action_answer_howto":
                return True
        return any(told.get("response") == "utter_answer" for told in self.dispatcher.messages)

    def emptied(self) -> list[EventType]:
        """The form is over and leaves nothing of its fault behind."""
        left = [SlotSet(slot, None) for slot in (*self.form.takes, "fault_code", "advised", "form_id")]
        kept = ("name", "phone", "address")
        return [*(event for event in left if event["name"] not in kept), SlotSet("requested_slot", None)]
