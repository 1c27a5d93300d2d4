"""What is heard at the read-back: a yes, a no, something put right, or more of the story."""

from __future__ import annotations

from datetime import datetime

from bot.actions.forms import fields
from bot.actions.forms.correcting import DOUBTFUL
from bot.actions.forms.requests import FORM_OF
from bot.actions.forms.volunteering import Volunteering
from bot.actions.reading import answers, corrections, line, questions, story, times


class Confirming(Volunteering):
    """Hears the answer to the summary, and to the offer to save once more."""

    def _goes_on_with_the_story(self) -> bool:
        """Whether more is told of what the form is about, while something else is asked: another fault, or "退"."""
        is_more = FORM_OF.get(self.turn.intent) == self.form_name or self.turn.entity("symptom") is not None
        is_more = is_more or story.goes_on(self.turn.text)
        is_of_it = story.tells_since_when(self.turn.text) or story.where_it_leaks(self.turn.text)
        is_more = is_more or (self.form.story == "symptom" and bool(is_of_it))
        is_of_goods = story.says_which(self.turn.text) or story.tells_of_the_goods(self.turn.text)
        return bool(self.form.story) and (is_more or (self._is_return and is_of_goods))

    def _hear_retry(self) -> None:
        if answers.is_retry(self.turn.text) or self.turn.intent == "affirm" or answers.is_yes(self.turn.text):
            self.sheet.set("confirm", True)
            self.sheet.keep("save", None)
        else:
            self._fail("retry", "retry", "utter_not_understood")

    async def _hear_confirmation(self, asked: str) -> None:
        if await self._put_right(asked):
            return
        if self._rules_out_the_call():
            self._forget("wanted_time")
            self._avoid("wanted_time")
            return
        await self._take_volunteered()
        text = self.turn.text
        if "wanted_time" in self.form.takes and times.is_any_time(text) and not self.heard:
            await self._take("wanted_time", fields.ANY_TIME, asked=False)
        if not self.heard:
            self._hear_yes_or_no(asked)

    def _rules_out_the_call(self) -> bool:
        """Whether the time for the call that was read back is told as one that does not suit."""
        held, now = self.sheet.get("wanted_time"), self.turn.now
        if not isinstance(held, dict) or not times.only_rules_out(self.turn.text, now):
            return False
        start, end = (datetime.fromisoformat(held[edge]) for edge in ("start", "end"))
        return any(opens < end and start < closes for opens, closes in times.unsuited(self.turn.text, now))

    def _hear_yes_or_no(self, asked: str) -> None:
        text, said_yes = self.turn.text, self._says_yes()
        said_no = answers.is_no(text) or self.turn.intent in ("deny", "correct") or answers.wants_change(text)
        field = corrections.field_named(text, self.form.takes)
        if field == self.form.story and self._goes_on_with_the_story() and self.turn.intent != "correct":
            field = None  # "两个毛病一起修" tells more of it and puts nothing right
        if self._is_return and not said_yes and story.asks_for_which(text):
            self._tell_more("return_reason")
        elif asked == "confirm" and said_yes:
            self.sheet.set("confirm", True)
        elif self.form_name == "cancel_form" and said_no:
            self.sheet.set("confirm", False)
        elif field is not None:
            self._forget(field)
        elif asked == "correction" and (said_yes or answers.is_no(text)):
            self.ask = None
        elif self._goes_on_with_the_story() and not questions.is_question(text):
            self._acknowledge()
            self._tell_more(str(self.form.story))
        elif said_no:
            self.ask = "correction"
        elif self._tells_who_and_where():
            self.dispatcher.utter_message(response="utter_noted")
        else:
            self._fail("confirm", asked, "utter_not_understood")

    def _says_yes(self) -> bool:
        text = self.turn.text
        is_meant = self.turn.intent == "affirm" and self.turn.confidence >= DOUBTFUL
        agrees = answers.begins_with_yes(text) or is_meant
        is_same = answers.starts_with_yes(text) and line.means_this_number(text)
        if answers.is_yes(text) or is_same or answers.leaves_it(text) or (agrees and not answers.wants_change(text)):
            return True
        return self.form_name == "cancel_form" and answers.cancels(text)
