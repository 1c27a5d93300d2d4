"""What a message inside a form is taken for: the answer, facts beside it, a question, a remark, another request."""

from __future__ import annotations

from datetime import datetime

from bot.actions.forms import fields, requests
from bot.actions.forms.confirming import Confirming
from bot.actions.forms.correcting import REFUSED
from bot.actions.forms.form_turn import ADVISED_WALL, NUMBER, QUESTIONS, SURE, TELLING
from bot.actions.forms.requests import FORM_OF, Wish
from bot.actions.forms.summary import spoken_address
from bot.actions.knowledge import answering, diagnosis
from bot.actions.reading import answers, chat, corrections, dictated, heater, locality, manner, questions, story, times
from bot.actions.talk_of_the_line import to_an_insult
from bot.actions.turn import asks_for_the_called
from bot.text.time import wanted_time
from bot.text.values import ZONE

_BESIDE_A_NUMBER = ("name", "address", "model", "purchase_date", "wanted_time", "delivered")
"""Questions at which a few figures can begin a telephone number."""
_WILL_DO = ("address", "phone", "name")
"""Questions that any kind of answer will do for: an office, a landline, a nickname."""

_RULES_OF_RETURNS = "三包"
"""What the data call the rules by which a heater is taken back."""


class Hearing(Confirming):
    """Hears one message while a question of the form stands open."""

    async def _hear(self, asked: str) -> None:
        field = fields.ASKED_FOR.get(asked, asked)
        if asked == "retry":
            self._hear_retry()
        elif self.asks_beside() or self.asks_how_soon() or self.asks_for_a_return():
            await self._answer_beside(asked)
        elif await self._advises_on_the_wall():
            self.ask = self._asked_again(asked) if self.sheet.get(field) is None else None
        elif remark := self._remark(self._spoken_of(fields.explained(asked))):
            self.ask = self._asked_again(asked)
            self.dispatcher.utter_message(response=remark)
        elif asked == locality.QUESTION:
            await self._hear_locality()
        elif asked == NUMBER and self.sheet.get("address"):
            await self._hear_number()
        elif field in ("confirm", "correction"):
            await self._hear_confirmation(field)
        else:
            await self._hear_value(field, asked)

    def _spoken_of(self, field: str) -> str:
        """The question that is asked about or not liked: the one named, else the one that stands open."""
        named = corrections.field_named(self.turn.text, self.form.takes)
        return named if named in fields.EXPLAINED and questions.will_not_tell(self.turn.text) else field

    async def _advises_on_the_wall(self) -> bool:
        """Whether somebody asks about the wall or the socket, and hears at once what to prepare."""
        text = self.turn.text
        is_asked = self.form_name == "install_form" and heater.about_the_wall(text) and questions.is_question(text)
        told = f"{self.sheet.get('readiness') or ''} {text}"
        advice = await diagnosis.readiness_advice(told, self.turn.language) if is_asked else None
        if advice is None or self.turn.channel == "sms":
            return False
        self.dispatcher.utter_message(response="utter_readiness", words=advice)
        self.sheet.keep(ADVISED_WALL, advice)
        self._tell_more("readiness", heater.clauses_about_the_wall(text))
        return True

    def _remark(self, field: str) -> str | None:
        """What is said to a message that only speaks of the talk itself, before the question is put again."""
        if chat.is_insult(self.turn.text):
            return to_an_insult(self.tracker)
        remarks = {
            "utter_in_this_language": self.only_asks_for_a_language,
            "utter_called_comes": lambda: asks_for_the_called(self.tracker),
            "utter_welcome_back": lambda: manner.is_back(self.turn.text) and not self.turn.entities,
            "utter_here": lambda: self.only_begins() or self.talks_to_another(),
            "utter_no_hurry": self.asks_to_wait,
            "utter_no_need_to_repeat": lambda: self.is_tired_of_telling(field),
            "utter_who_i_am": lambda: manner.asks_who_you_are(self.turn.text) and not self.turn.entities,
            "utter_will_do": lambda: field in _WILL_DO and questions.asks_if_it_will_do(self.turn.text),
            "utter_any_number": lambda: self.has_no_number(field),
            f"utter_explain_{field}": lambda: self.asks_what_for(field),
        }
        said = next((response for response, is_meant in remarks.items() if is_meant()), None)
        is_answer = field in TELLING or (field == "confirm" and answers.starts_with_yes(self.turn.text))
        return said or (None if is_answer else self.speaks_of_the_line())

    async def _hear_value(self, field: str, asked: str) -> None:
        if await self._is_no_answer(field, asked):
            return
        value = self._offered(asked) or self._on_the_refused_day(field) or fields.answer(field, self.turn)
        if field == "wanted_time" and (visit := self._told_for_the_visit(value, field)):
            self._note_visit(visit, value)
            value = None
        if answers.is_retry(self.turn.text):
            value = self.sheet.draft.get(field)
        await self._take_volunteered(but=field)
        if value is not None:
            await self._take(field, value, asked=True)
            if field == "wanted_time" and self.form.is_visited and times.unsuited(self.turn.text, self.turn.now):
                self._tell_more("wanted")  # "明天我要上班，后天可以": nobody is to come tomorrow either
            if value == fields.UNKNOWN:
                await self._answers_a_question()
        elif self.heard:
            self.told_beside = True
            if field == "complaint_ticket" and "wanted" in self.sheet.changed:
                self.sheet.set(field, fields.NONE)  # who says what is to be done has told the story to its end
        else:
            await self._hear_no_value(field, asked)

    async def _hear_no_value(self, field: str, asked: str) -> None:
        """A message that tells nothing this form takes: a question that is answered or noted, or no answer at all."""
        if await self._answers_a_question():
            self.ask = self._asked_again(asked)
        elif not self._is_for_who_comes(field, asked):
            self._not_answered(field, asked)

    async def _is_no_answer(self, field: str, asked: str) -> bool:
        """Whether a message is taken for something else than an answer: the beginning of a number, a time that does not
        suit, another request, something put right."""
        is_number = field in _BESIDE_A_NUMBER and "phone" in self.form.takes
        if is_number and dictated.begins_a_mobile(self.turn.text):
            await self._take("phone", self.turn.text, asked=False)
        elif field == "wanted_time" and self._only_rules_out():
            self._avoid(asked)
        elif self._names_another(field):
            self._note_wish(asked)
        elif await self._put_right(field):
            self.told_beside = self.ask is None
        else:
            return False
        return True

    def _only_rules_out(self) -> bool:
        """Whether the time for a call is answered by one that does not suit; "any day but Friday" names all others."""
        is_out = times.only_rules_out(self.turn.text, self.turn.now)
        return is_out and fields.answer("wanted_time", self.turn) is None

    def _on_the_refused_day(self, field: str) -> dict[str, str] | None:
        """A part of the day told after another was refused ("周三上午我要去医院", "下午可以"): it keeps that day."""
        refused = self.sheet.draft.get(REFUSED) if field == "wanted_time" else None
        if not refused or not self.turn.now or not self.turn.entity("time"):
            return None
        found = wanted_time(f"{refused}，{self.turn.text}", datetime.fromisoformat(self.turn.now), ZONE)
        return {"start": found.opens.isoformat(), "end": found.closes.isoformat()} if found else None

    async def _answers_a_question(self) -> bool:
        """Whether a message taken for an answer asks what the data know: "lost the invoice, can I get a copy?"."""
        is_asked = questions.is_question(self.turn.text)
        return is_asked and await answering.answer_if_clear(self.turn, self.dispatcher, self.tracker)

    def _is_for_who_comes(self, field: str, asked: str) -> bool:
        """Whether a message that answers nothing is noted for the colleague: a question nobody can answer here, or what
        is to be done beside ("顺便把旧的拆走")."""
        is_beside = self.form.is_visited and field not in TELLING and requests.asks_also(self.turn.text)
        if not is_beside and not self._leaves_a_question(field):
            return False
        self._tell_more("wanted")
        self.ask = self._asked_again(asked)
        self.dispatcher.utter_message(response="utter_noted" if is_beside else "utter_question_noted")
        return True

    async def _hear_locality(self) -> None:
        """Town or village is asked once: an answer that leaves it open is no failure, and the form goes on."""
        told, address = locality.told_in(self.turn.text), self.sheet.get("address")
        if told and isinstance(address, dict):
            self.sheet.set("address", {**address, **told})
            self.heard = True
        await self._take_volunteered(but="address" if told else None)

    async def _hear_number(self) -> None:
        """The house of a street that is known, asked once: who has no number goes on without, and is not blamed."""
        held = spoken_address(self.sheet.get("address"))
        address = corrections.with_bare_number(self.turn.text, held) or self._address_put_right("address", held)
        if address is not None:
            await self._take("address", address, asked=True)
            return
        told = fields.volunteered("address", self.turn)
        if told is not None and (more := self._place_told(told)) is not None:
            await self._take("address", more, asked=True)
        await self._take_volunteered(but="address")

    async def _answer_beside(self, asked: str) -> None:
        """Neither is lost: the facts are taken, the question is answered, and the form goes on."""
        await self._take_volunteered()
        if self._is_return and self.sheet.get("return_reason") and story.asks_for_which(self.turn.text):
            self._tell_more("return_reason")
        await self._answer(self.turn.intent)
        if self.ask is None and self.sheet.get(fields.ASKED_FOR.get(asked, asked)) is None:
            self.ask = self._asked_again(asked)

    async def _answer(self, intent: str) -> None:
        question = answering.question_of(self.turn, self.tracker)
        is_of_another_kind = intent in QUESTIONS - {"ask_hours"}  # which is answered with when we come beside it
        kind = "visit" if self.asks_how_soon() and not is_of_another_kind else intent.removeprefix("ask_")
        if self.asks_for_a_return():
            kind, question = "warranty", {**question, "text": f"{question['text']} {_RULES_OF_RETURNS}"}
        for event in await answering.answer(kind, question, self.turn, self.dispatcher, self.tracker):
            if event["event"] == "followup":
                self.followed_by = event

    def _names_another(self, field: str) -> bool:
        """Whether the message is another request rather than an answer; a story may well name one."""
        other = FORM_OF.get(self.turn.intent)
        if other in (None, self.form_name) or self.turn.confidence < SURE or field in TELLING:
            return False
        if other != "callback_form" and not requests.names(other, self.turn.text):
            return False  # "bought a few days ago" asks for nothing
        if field not in fields.FREE_TEXT and fields.answer(field, self.turn) is not None:
            return False
        if "wanted" in self.form.takes and self._told("wanted") is not None:
            return False
        return all(fields.volunteered(each, self.turn) is None for each in self.form.takes)

    def _note_wish(self, asked: str) -> None:
        """A call comes anyway; another request waits until this one is saved."""
        self.ask = asked
        if self.turn.intent == "request_callback":
            self.dispatcher.utter_message(response="utter_call_follows")
            return
        if self.turn.intent == "reschedule" and self.form.is_visited:  # there is no time yet that could be another
            self._tell_more("wanted")
            self.dispatcher.utter_message(response="utter_noted")
            return
        self.sheet.set("next_request", Wish(FORM_OF[self.turn.intent], self.turn.text).as_slot())
        self.dispatcher.utter_message(response="utter_next_noted")

    def _not_answered(self, field: str, asked: str) -> None:
        if field == "complaint_ticket":  # no number in it: the story goes on
            self.sheet.set(field, fields.NONE)
            self._tell_more("complaint_about")
        elif field == "symptom" and story.says_it_is_broken(self.turn.text):
            self._fail(field, "symptom_choices", None)
        elif self._tells_who_and_where():
            self.dispatcher.utter_message(response="utter_noted")
            self.ask = self._asked_again(asked)
        elif self._goes_on_with_the_story():
            self._tell_more(str(self.form.story))
            self.ask = self._asked_again(asked)
        elif self._tells_of_the_heater():
            self.told_beside = True
        elif FORM_OF.get(self.turn.intent) == self.form_name or self._is_nothing_new(field):
            self.ask = self._asked_again(asked)
        elif field == "ticket_no":
            self._fail(field, asked, "utter_no_ticket_no")
        else:
            self._fail(field, asked, "utter_not_understood")
