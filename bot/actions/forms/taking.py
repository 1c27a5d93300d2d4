"""Taking a value: checked by the backend where it has the last word, asked again or skipped where it fails."""

from __future__ import annotations

from typing import Any

from bot.actions.backend_client import BackendDown
from bot.actions.forms import checks, fields
from bot.actions.forms.form_turn import REMEMBERED, FormTurn
from bot.actions.forms.summary import spoken_phone
from bot.actions.reading import answers, manner, times, utterance, visits
from bot.text import address_joining

AS_TOLD = 2
"""Failed tries of an address before it is taken as it was told."""
CHOICES_AFTER = 2
"""Failed tries of one field before the question is put with choices."""
PATIENCE = 3
"""Failed tries of one field before a person is called."""
OFFERED = "wanted_time_choice"
"""The question which of the times that were named suits."""
_REPEATED = "utter_phone_heard"
"""A number said again shows that it was taken: nothing else need be said of it."""
PASSED_OVER = 2
"""Answers with other facts after which a question for what nobody needs at once is not put again."""


LAST = "last"
"""Where the draft keeps which field the last message told."""
FAR_DAY = "far day"
"""Where the draft notes that the visit is wanted on a day that cannot be booked yet."""


def before(field: str) -> str:
    """Where the draft keeps a value that is being told anew."""
    return f"{field} before"


class Taking(FormTurn):
    """What becomes of a value that was told, and of an answer that was none."""

    told_beside = False
    told_last: str | None = None

    def _held(self, field: str) -> Any:
        """What is known of a field, be it while it is being told anew."""
        return self.sheet.get(field) or self.sheet.draft.get(before(field))

    async def _take(self, field: str, value: Any, *, asked: bool) -> None:
        check = checks.CHECKS.get(field)
        if check is None or value in (fields.UNKNOWN, fields.NONE, fields.ANY_TIME):
            self.sheet.keep(LAST, field if asked else None)
            self.sheet.set(field, value)
            self.heard = True
            return
        try:
            verdict = await check(value, self.turn, self.sheet.draft.get(field), self._held(field))
        except BackendDown:
            self.sheet.keep(field, value)
            self.ask = field
            self.heard = True
            self.dispatcher.utter_message(response="utter_backend_down")
            return
        wished = asked or self._in_read_back() or self.form_name == "callback_form"
        if verdict.unusable and field == "wanted_time" and not wished:
            return  # "since yesterday" is a time, but nobody wishes to be called then
        self.heard = True
        if verdict.response == "utter_time_too_far" and self.form.is_visited:
            self._note_far_day()
            return
        self.sheet.keep(field, verdict.draft)
        if verdict.value is not None:
            self.sheet.keep(LAST, field)
            is_new = asked or self.turn.entity(field) is not None or self.sheet.get(field) not in (None, verdict.value)
            self.sheet.set(field, verdict.value)
            self.sheet.keep(before(field), None)
            if field == "phone" and is_new and self.turn.channel == "voice":
                self.dispatcher.utter_message(response=_REPEATED, digits=spoken_phone(verdict.value))
        elif field == "address" and self._is_as_told(self.sheet.get(field)):
            self._take_as_told(str(value))  # a piece put right in a place that could not be found
        elif verdict.ask and (verdict.goes_on or verdict.ask != self.sheet.get("requested_slot")):
            self.ask = verdict.ask
        else:
            self._fail(field, verdict.ask or verdict.again or field, verdict.response, **verdict.words)
            if field == "address" and self.sheet.tries(field) >= AS_TOLD:
                self._take_as_told(verdict.draft or str(value))

    def _note_far_day(self) -> None:
        """A day that nobody can book yet is a wish for the visit: the call settles it, and nobody is kept waiting."""
        self._tell_more("wanted")
        self.sheet.keep(FAR_DAY, True)
        if self.sheet.get("wanted_time") is None and "wanted_time" in self.form.fields:
            self.sheet.set("wanted_time", fields.ANY_TIME)
        self.dispatcher.utter_message(response="utter_time_noted")

    def _tell_more(self, field: str, words: str | None = None) -> None:
        """Add the message, or these words of it, to what a field holds."""
        told, more = self.sheet.get(field), utterance.kept(words or self.turn.text)
        mark = "；" if self.turn.language == "zh" else "; "
        if not told or more not in told:
            kept = [piece for piece in str(told or "").split(mark) if piece and piece not in more]
            self.sheet.set(field, utterance.kept(mark.join((*kept, more))))
        self.heard = True

    def _is_as_told(self, address: Any) -> bool:
        return isinstance(address, dict) and not address.get("city")

    def _take_as_told(self, address: str) -> None:
        """Nobody is kept from help by a place we cannot find: the call will settle it."""
        self.sheet.set("address", {"raw": utterance.kept(address)})
        self.sheet.keep("address", None)
        self.ask = None
        self.dispatcher.utter_message(response="utter_address_as_told")

    def _fail(self, field: str, asked: str, response: str | None, **words: Any) -> None:
        """Not understood: ask again, then with choices, then give the conversation to a person."""
        tries = self.sheet.count(field)
        if field in fields.CAN_BE_SKIPPED and tries + self.sheet.tries(f"{field}:passed") >= PATIENCE:
            self.sheet.set(field, fields.CAN_BE_SKIPPED[field])
            self.ask = None
            return
        if tries >= PATIENCE and field != "retry":
            self.is_stuck = True
            return
        has_choices = tries >= CHOICES_AFTER and f"{field}_choices" in fields.ASKED_FOR and not words
        if response == "utter_not_understood" and manner.mood(self.turn.text) == "angry":
            self.sheet.set("acknowledged", True)
            response = "utter_acknowledge_angry"
        if response:
            self.dispatcher.utter_message(response=response, **words)
        self.ask = f"{field}_choices" if has_choices else asked if words else self._asked_again(asked)

    def _pass_over(self, asked: str) -> None:
        """Other facts were told instead of an answer: the question is put again, but not for ever."""
        field = fields.ASKED_FOR.get(asked, asked)
        if self.is_stuck or self.sheet.get(field) is not None or not self.told_beside:
            return
        refused = 0 if asked == OFFERED else self.sheet.tries(field)
        passed = self.sheet.count(f"{field}:passed") + refused
        if field in fields.CAN_BE_SKIPPED and passed >= PASSED_OVER:
            self.sheet.set(field, fields.CAN_BE_SKIPPED[field])
        elif field == "address" and self.sheet.draft.get("address") and passed > PASSED_OVER:
            self._take_as_told(str(self.sheet.draft["address"]))
        elif self.ask in (None, asked) and all(told.get("response") == _REPEATED for told in self.dispatcher.messages):
            if not self.dispatcher.messages:
                self.dispatcher.utter_message(response="utter_noted")
            self.ask = self._asked_again(asked)

    def _asked_again(self, asked: str) -> str:
        """What to ask when the form goes on after something else was spoken."""
        if self.sheet.draft.get("save"):
            return "retry"
        if asked == OFFERED:
            return self._offer_again()
        shorter = f"{asked}_again"  # "once more, please" suits only a number that was told before
        return shorter if shorter in fields.ASKED_FOR and asked != "phone" else asked

    def interrupts(self, asked: str) -> bool:
        """One of the times that were named, chosen by its place, looks like no answer by itself."""
        is_chosen = self.turn.intent != "report_hazard" and self._offered(asked) is not None
        return not is_chosen and super().interrupts(asked)

    def _offer_again(self) -> str:
        """The times that can be had, named once more: the question for one of them has no other words."""
        offers = self.sheet.draft.get("wanted_time")
        if not isinstance(offers, dict) or not offers:
            return "wanted_time"
        words = checks.offered(list(offers), self.turn.language)
        is_bare_yes = answers.is_yes(self.turn.text)  # it chooses none of several
        response = "utter_time_which_one" if is_bare_yes else "utter_time_offered"
        self.dispatcher.utter_message(response=response, **words)
        return OFFERED

    def _offered(self, asked: str) -> Any:
        """The offered time that is chosen, by its button, by its place or as the only one by a yes; the rest of a
        region that was begun; or None."""
        begun = self.sheet.draft.get("address") if asked.startswith("address_") else None
        if begun and address_joining.names_more_of_the_region(str(begun), self.turn.text):
            return self.turn.text
        offers: dict[str, Any] = self.sheet.draft.get("wanted_time") or {}
        is_time = fields.ASKED_FOR.get(asked, asked) == "wanted_time"
        if is_time and isinstance(offers.get(self.turn.text), dict):
            return offers[self.turn.text]
        if asked != OFFERED or times.is_any_time(self.turn.text):
            return None
        named = [{"words": {self.turn.language: words}, **window} for words, window in offers.items()]
        return visits.picked(self.turn.text, named, self.turn.language, self.turn.now) if offers else None

    def _in_read_back(self) -> bool:
        return self.tracker.get_slot("requested_slot") in ("confirm", "correction")

    def _tells_who_and_where(self) -> bool:
        """Whether the message tells of the person what this form needs not, and another one finds (`_take_earlier`)."""
        others = [field for field in REMEMBERED if field not in self.form.takes]
        return any(fields.volunteered(field, self.turn) is not None for field in others)
