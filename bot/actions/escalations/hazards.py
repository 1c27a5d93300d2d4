"""Danger: the approved words first, then only what the responder needs: which number, where, is anyone hurt."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.backend_client import BackendDown, Refused, backend
from bot.actions.escalations import safety
from bot.actions.forms import fields, interrupted
from bot.actions.forms.collecting import Collecting
from bot.actions.forms.form_turn import QUESTIONS
from bot.actions.forms.summary import spoken_address
from bot.actions.reading import answers, manner, people, questions, utterance
from bot.actions.turn import Turn
from bot.text.hazard import hazard

_ABOUT_PEOPLE = ("hurt", "shock", "tingling", "scald")
"""Kinds that say how somebody is: where that was asked they are the answer."""
_SOMEBODY_HURT = ("hurt", "scald")
"""Kinds that say that somebody is hurt: it is not asked."""
_TALK = ("greet", "thank", "out_of_scope")
_MORE, _MORE_WORDS = "more", 3
"""How often words that answer nothing are passed on before they count as not understood."""
_UNANSWERED = "hurt unanswered"
ADDED = "number"
"""The kind of a report that only adds to one made before."""


class ReportHazard(Action):
    """Speaks the approved safety text first, whatever happens to the report itself; keeps the form it interrupts."""

    def name(self) -> str:
        return "action_report_hazard"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn = Turn.of(tracker)
        found = hazard(turn.text)
        kind = found.kind if found else "default"
        is_hurt = kind in _SOMEBODY_HURT or people.is_badly_hurt(turn.text)
        dispatcher.utter_message(text=safety.words(kind, turn.language))
        phone = turn.value("phone") or tracker.get_slot("phone")
        address = turn.span("address") or _told_address(tracker.get_slot("address"))
        try:
            report = await backend().report_hazard(_report(turn, kind, phone, address, anyone_hurt=is_hurt))
        except (BackendDown, Refused):
            dispatcher.utter_message(response="utter_hazard_ring_unknown")
            reached, ticket_no = phone is not None, tracker.get_slot("saved_ticket_no")
        else:
            dispatcher.utter_message(response="utter_hazard_ring", words=report["ring_words"][turn.language])
            reached, ticket_no = not report.get("needs_phone", False), report["ticket_no"]
            phone = phone or (await _known_phone(turn) if reached else None)
        return [
            _kept_form(tracker, turn),
            SlotSet("hazard_kind", kind),
            SlotSet("saved_ticket_no", ticket_no),
            SlotSet("phone", phone if reached else None),
            SlotSet("address", tracker.get_slot("address") if address else None),
            SlotSet("anyone_hurt", is_hurt or None),
            SlotSet("requested_slot", None),
            ActiveLoop("hazard_form"),
        ]


async def _known_phone(turn: Turn) -> str | None:
    """The number the backend rings: the one a text came from is not asked for again."""
    try:
        known = await backend().known(turn.conversation_id)
    except (BackendDown, Refused):
        return None
    return known.get("phone")


def _kept_form(tracker: Tracker, turn: Turn) -> EventType:
    form = tracker.active_loop.get("name")
    if form in (None, "hazard_form"):
        return SlotSet(interrupted.SLOT, tracker.get_slot(interrupted.SLOT))
    return SlotSet(interrupted.SLOT, interrupted.noted(form, tracker.get_slot("requested_slot"), turn.now))


class Responding(Collecting):
    """Each fact is passed on the moment it is told: nobody waits for the end of a form in danger."""

    _tells_more = False

    async def _open(self) -> None:
        self.sheet.set("draft", {})
        self.sheet.set("tries", {})
        for field in self.form.takes:
            value = fields.volunteered(field, self.turn)
            if value is not None:
                await self._take(field, value, asked=False)

    async def _take(self, field: str, value: Any, *, asked: bool) -> None:
        """A place as it is told is enough to send somebody; nobody in danger is asked for a street number."""
        await super()._take(field, value, asked=asked)
        if field == "address" and asked and self.sheet.get("address") is None:
            self._take_as_told(str(self.sheet.draft.get("address") or value))

    def _remark(self, field: str) -> str | None:
        """Who only wants to go on is not welcomed back in the middle of it."""
        return None if manner.goes_on(self.turn.text) else super()._remark(field)

    def _acknowledge(self) -> None:
        """There is something more urgent to say."""

    def _names_another(self, _field: str) -> bool:
        """Whatever is told now is about the danger."""
        return False

    def _not_answered(self, field: str, asked: str) -> None:
        """More words about what happens are passed on, before anybody is told that they were not understood."""
        if field == "anyone_hurt" and (manner.goes_on(self.turn.text) or self.sheet.count(_UNANSWERED) > 1):
            self.sheet.set(field, fields.UNKNOWN)  # who is hurt says so: nobody is held up by the question
            self.heard = True
            return
        tells = utterance.says_something(self.turn.text) and not answers.is_yes(self.turn.text)
        if tells and self.sheet.count(_MORE) <= _MORE_WORDS:
            self._tells_more = True
            self.heard = True
            self.ask = asked
            self.dispatcher.utter_message(response="utter_noted")
        else:
            super()._not_answered(field, asked)

    def interrupts(self, asked: str) -> bool:
        """More words about the same danger are an answer; another danger has words of its own to be told."""
        if self.turn.intent != "report_hazard":
            return not self._is_only_talk() and super().interrupts(asked)
        found = hazard(self.turn.text)
        same = {self.sheet.get("hazard_kind"), *(_ABOUT_PEOPLE if asked == "anyone_hurt" else ())}
        if self.sheet.get("anyone_hurt"):
            same.add("hurt")  # that somebody is hurt is known, and the words for it have been spoken
        return found is not None and found.kind not in same

    def _is_only_talk(self) -> bool:
        """Whether words only seem to greet, to thank or to ask: in danger they are more of what is told."""
        text = self.turn.text
        if self.turn.intent in _TALK:
            return not (manner.asks_who_you_are(text) or questions.asks_what_to_do(text) or questions.asks_to_use(text))
        return self.turn.intent in QUESTIONS and text.isascii() and not ("?" in text or questions.asks_outright(text))

    def leave(self, _asked: str) -> list[EventType]:
        """What was told has been passed on already."""
        return [SlotSet("requested_slot", None)]

    async def _act(self) -> None:
        news = {field: self.sheet.changed[field] for field in self.form.takes if self.sheet.changed.get(field)}
        if not (news or self._tells_more) or self.tracker.get_slot("requested_slot") is None:
            return
        phone, address = self.sheet.get("phone"), _told_address(self.sheet.get("address"))
        report = _report(self.turn, ADDED, phone, address, anyone_hurt=news.get("anyone_hurt") is True)
        if news.get("anyone_hurt") is True:
            self.dispatcher.utter_message(response="utter_hazard_hurt")
        try:
            passed_on = await backend().report_hazard(report)
            await self._put_right_the_number(news)
        except (BackendDown, Refused):
            self.dispatcher.utter_message(response="utter_hazard_ring_unknown")
            return
        if "phone" in news:
            words = passed_on["ring_words"][self.turn.language]
            self.dispatcher.utter_message(response="utter_hazard_phone_added", words=words)

    async def _put_right_the_number(self, news: dict[str, Any]) -> None:
        """Another number for the one that was to be rung: the call goes there."""
        held, ticket_no = self.tracker.get_slot("phone"), self.sheet.get("saved_ticket_no")
        if held and ticket_no and news.get("phone") not in (None, held):
            await backend().correct(str(ticket_no), self.turn.conversation_id, {"phone": news["phone"]})


def _told_address(address: Any) -> str | None:
    return spoken_address(address) if address else None


def _report(
    turn: Turn, kind: str, phone: str | None, address: str | None, *, anyone_hurt: bool = False
) -> dict[str, Any]:
    return {
        "conversation_id": turn.conversation_id,
        "message_id": turn.message_id,
        "text": turn.text,
        "phone": phone,
        "kind": kind,
        "address": address,
        "anyone_hurt": anyone_hurt,
    }


class EndHazard(Action):
    """The responder knows what is needed: what to do until the call, and that the interrupted form waits."""

    def name(self) -> str:
        return "action_end_hazard"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        kept = tracker.get_slot(interrupted.SLOT)
        dispatcher.utter_message(response="utter_hazard_end_kept" if kept else "utter_hazard_end")
        return [SlotSet("anyone_hurt", None), SlotSet("hazard_kind", None)]
