"""Danger: the approved words first, then only what the responder needs: which number, where, is anyone hurt."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.backend_client import BackendDown, Refused, backend
from bot.actions.escalations import safety, talk
from bot.actions.forms import fields, interrupted
from bot.actions.forms.collecting import Collecting
from bot.actions.forms.form_turn import CERTAIN, QUESTIONS, SURE
from bot.actions.forms.summary import spoken_address
from bot.actions.reading import answers, danger, line, manner, people, questions, utterance
from bot.actions.turn import Turn
from bot.text.hazard import hazard

_ABOUT_PEOPLE = ("hurt", "shock", "tingling", "scald")
"""Kinds that say how somebody is: where that was asked they are the answer."""
_SOMEBODY_HURT = ("hurt", "scald")
"""Kinds that say that somebody is hurt: it is not asked."""
_TALK = ("greet", "thank", "goodbye", "out_of_scope")
_MORE, _MORE_WORDS = "more", 3
"""How often words that answer nothing are passed on before something else is asked."""
_UNANSWERED, _NO_NUMBER = "hurt unanswered", "no number"
_LEFT_OUT = "left out"
"""Where the draft notes the fields that are not asked for any more."""
ADDED = "number"
"""The kind of a report that only adds to one made before."""


class ReportHazard(Action):
    """Speaks the approved safety text first, whatever happens to the report itself; keeps the form it interrupts."""

    def name(self) -> str:
        return "action_report_hazard"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        turn = Turn.of(tracker)
        if danger.answer_to(turn.text) == danger.HELP_CALLED and talk.of_the_danger(dispatcher, tracker, turn):
            return []
        found = hazard(turn.text)
        kind = found.kind if found else "default"
        is_hurt = kind in _SOMEBODY_HURT or people.is_badly_hurt(turn.text)
        dispatcher.utter_message(text=safety.words(kind, turn.language, turn.channel))
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
    _is_resumed = False

    async def _open(self) -> None:
        """Who asked for a person in the middle goes on with what was asked."""
        left = self.sheet.get(interrupted.SLOT)
        if left and left.get("form") == self.form_name:
            self.sheet.set(interrupted.SLOT, None)
            self._is_resumed = True
            await self._hear(str(left["asked"]))
            return
        self.sheet.set("draft", {})
        self.sheet.set("tries", {})
        for field in self.form.takes:
            value = fields.volunteered(field, self.turn)
            if value is not None:
                await self._take(field, value, asked=False)

    async def _take(self, field: str, value: Any, *, asked: bool) -> None:
        """A place as it is told is enough to send somebody; nobody in danger is asked for a street number."""
        said = len(self.dispatcher.messages)
        await super()._take(field, value, asked=asked)
        if field == "address" and self.sheet.get("address") is None:
            del self.dispatcher.messages[said:]  # what is wrong with the place is settled in the call
            self.is_stuck = False
            self._take_as_told(str(self.sheet.draft.get("address") or value))

    async def _hear(self, asked: str) -> None:
        """What is said of the danger itself is answered at once and passed on; what cannot be told is left out."""
        said = danger.answer_to(self.turn.text)
        if asked != "anyone_hurt" and people.is_nobody(self.turn.text):
            self.sheet.set("anyone_hurt", False)
            self.heard, self.ask = True, asked
            return
        if said == danger.NOTHING and asked == "anyone_hurt" and people.anyone_hurt(self.turn.text) is False:
            self.sheet.set(asked, False)
        if said is not None:
            talk.answer(self.dispatcher, said, self.sheet.get("hazard_kind"), self.turn)
            self._tells_more = self.heard = True
            await self._take_volunteered()
            if said == danger.NOTHING and self._can_be_rung():
                self._ask_no_more()
        elif self._wants_to_go_on() and self._can_be_rung():
            self._go_on()
        elif self._cannot_tell(asked):
            self.heard = True
            self._leave_out(asked)
        else:
            await super()._hear(asked)

    def _can_be_rung(self) -> bool:
        return self.sheet.get("phone") is not None or "phone" in self._left_out()

    def _wants_to_go_on(self) -> bool:
        """Whether the request that the danger broke into is wanted first."""
        is_wanted = manner.goes_on(self.turn.text) or danger.puts_another_first(self.turn.text)
        return is_wanted and interrupted.waiting_form(self.sheet.values, self.turn.now) is not None

    def _go_on(self) -> None:
        """The form that waits asks for the place itself; nobody is held up by the other question."""
        waiting = interrupted.waiting_form(self.sheet.values, self.turn.now) or {}
        self.dispatcher.utter_message(response="utter_hazard_end")
        self.sheet.set("anyone_hurt", None)
        self.heard = True
        self.followed_by = FollowupAction(waiting["form"])

    def _cannot_tell(self, asked: str) -> bool:
        """Whether a number or a place is not known, not there, or not told."""
        text = self.turn.text
        if asked not in ("phone", "address") or self.turn.entities or people.says_who_is_hurt(text):
            return False
        is_none = asked == "phone" and line.has_no_number(text)
        is_none = is_none or (self.turn.intent == "deny" and self.turn.confidence >= SURE)
        return is_none or answers.is_unknown(text) or answers.is_no(text) or questions.will_not_tell(text)

    def _leave_out(self, field: str) -> None:
        """Another number is asked for once; then, as with a place, nobody in danger is asked again."""
        if field == "phone" and self.sheet.count(_NO_NUMBER) == 1:
            self.dispatcher.utter_message(response="utter_any_number")
        else:
            self.dispatcher.utter_message(response="utter_hazard_left_out")
            self.sheet.keep(_LEFT_OUT, [*self._left_out(), field])

    def _left_out(self) -> list[str]:
        return self.sheet.draft.get(_LEFT_OUT) or []

    def _ask_no_more(self) -> None:
        self.sheet.keep(_LEFT_OUT, list(self.form.fields))

    def _next(self) -> str | None:
        open_fields = (field for field in self.form.fields if field not in self._left_out())
        return next((field for field in open_fields if self.sheet.get(field) is None), None)

    def _remark(self, field: str) -> str | None:
        """Who only wants to go on is not welcomed back in the middle of it, and nobody is told what a place is for."""
        return None if manner.goes_on(self.turn.text) else super()._remark(field)

    def _acknowledge(self) -> None:
        """There is something more urgent to say."""

    def _names_another(self, _field: str) -> bool:
        """Whatever is told now is about the danger."""
        return False

    def _not_answered(self, field: str, asked: str) -> None:
        """More words about what happens are passed on; who answers nothing for long is asked the next thing."""
        if field == "anyone_hurt" and (manner.goes_on(self.turn.text) or self.sheet.count(_UNANSWERED) > 1):
            self.sheet.set(field, fields.UNKNOWN)  # who is hurt says so: nobody is held up by the question
            self.heard = True
            return
        tells = utterance.says_something(self.turn.text) and not answers.is_yes(self.turn.text)
        if not tells:
            super()._not_answered(field, asked)
            return
        self._tells_more = self.heard = True
        self.ask = asked
        is_grave = people.is_badly_hurt(self.turn.text)
        self.dispatcher.utter_message(response="utter_hazard_hurt" if is_grave else "utter_noted")
        if self.sheet.count(_MORE) > _MORE_WORDS:
            self.ask = None
            self.sheet.keep(_LEFT_OUT, [*self._left_out(), field])

    def says_goodbye(self) -> bool:
        """The model hears a goodbye in much that is short."""
        return manner.says_goodbye(self.turn.text) and super().says_goodbye()

    def gives_up(self, _asked: str) -> bool:
        """A danger that was reported cannot be taken back; who says that it is none is rung all the same."""
        return False

    def interrupts(self, asked: str) -> bool:
        """More words about the same danger are an answer; another danger has words of its own to be told."""
        if self.turn.intent == "report_hazard":
            return self._is_another_danger(asked)
        if self.turn.intent == "ask_human":
            return manner.wants_person(self.turn.text) or self.turn.confidence >= CERTAIN
        if danger.answer_to(self.turn.text) is not None or self._cannot_tell(asked):
            return False
        return not self._is_only_talk() and super().interrupts(asked)

    def _is_another_danger(self, asked: str) -> bool:
        if people.is_in_hospital(self.turn.text):
            return False
        found = hazard(self.turn.text)
        same = {self.sheet.get("hazard_kind"), *(_ABOUT_PEOPLE if asked == "anyone_hurt" else ())}
        if self.sheet.get("anyone_hurt"):
            same.add("hurt")  # that somebody is hurt is known, and the words for it have been spoken
        return found is not None and found.kind not in same

    def _is_only_talk(self) -> bool:
        """Whether words only seem to greet, to thank or to ask: in danger they are more of what is told."""
        text = self.turn.text
        if self.turn.intent in _TALK:
            return not manner.asks_who_you_are(text)
        return self.turn.intent in QUESTIONS and text.isascii() and not ("?" in text or questions.asks_outright(text))

    def _as_left(self, asked: str | None) -> dict[str, str] | None:
        """The form that the danger broke into is the one to go on with, if there is one."""
        return _kept_beside(self.sheet.get(interrupted.SLOT)) or super()._as_left(asked)

    def leave(self, _asked: str) -> list[EventType]:
        """What was told has been passed on already."""
        return [SlotSet("requested_slot", None)]

    async def _act(self) -> None:
        news = {field: self.sheet.changed[field] for field in self.form.takes if self.sheet.changed.get(field)}
        is_heard = self._is_resumed or self.tracker.get_slot("requested_slot") is not None
        if not (is_heard and (news or self._tells_more)):
            return  # what opened this form has been reported with the danger
        phone, address = self.sheet.get("phone"), _told_address(self.sheet.get("address"))
        report = _report(self.turn, ADDED, phone, address, anyone_hurt=news.get("anyone_hurt") is True)
        if news.get("anyone_hurt") is True:
            is_cared_for = people.is_in_hospital(self.turn.text)
            self.dispatcher.utter_message(response="utter_noted" if is_cared_for else "utter_hazard_hurt")
        try:
            passed_on = await backend().report_hazard(report)
            await self._put_right_the_number(news)
        except (BackendDown, Refused):
            self.dispatcher.utter_message(response="utter_noted" if phone else "utter_hazard_ring_unknown")
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
        kept, draft = _kept_beside(tracker.get_slot(interrupted.SLOT)), tracker.get_slot("draft") or {}
        is_silent = "phone" in (draft.get(_LEFT_OUT) or ()) and not tracker.get_slot("phone")
        told = "utter_hazard_end_kept" if kept else "utter_hazard_end"
        dispatcher.utter_message(response="utter_hazard_end_no_number" if is_silent else told)
        return [SlotSet("anyone_hurt", None), SlotSet(interrupted.SLOT, kept)]


def _kept_beside(kept: Any) -> dict[str, Any] | None:
    """The form that waits, unless it is the one about the danger itself."""
    return kept if isinstance(kept, dict) and kept.get("form") != "hazard_form" else None
