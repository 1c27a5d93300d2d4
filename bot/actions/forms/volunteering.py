"""What a message tells unasked: every fact in it that belongs to the form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.actions.forms import fields, numbers, opening, where
from bot.actions.forms.correcting import MOVING, REFUSED, Correcting
from bot.actions.forms.form_turn import TELLING
from bot.actions.reading import heater, people, questions, story, times, utterance
from bot.text import name as names
from bot.text import name_latin


class Volunteering(Correcting):
    """Takes facts told beside the one that was asked."""

    async def _take_volunteered(self, but: str | None = None) -> None:
        for field in self.form.takes:
            value = self._told(field) if field != but else None
            if field == "address" and value is not None:
                value = self._place_told(value)
            if value is None or self._is_added(field, value, but):
                continue
            if field == "wanted_time" and (visit := self._told_for_the_visit(value, but)):
                self._note_visit(visit, value)
            elif field != "wanted_time" or self._is_a_wish(value, but):
                await self._take(field, value, asked=False)
        if self.form.story == "move_what":
            self._note_moving_days()
            self._note_both_places()
        self._note_what_does_not_suit(but)
        if self.form.is_visited and (spare := numbers.spare(self.turn)):
            self._tell_more("wanted", spare)
        for slot in ("fault_code", "capacity", "serial_no"):
            is_wanted = slot == "capacity" and self._is_return and story.names_the_other_heater(self.turn.text)
            if self.turn.value(slot) is not None and not is_wanted:
                self.sheet.set(slot, self.turn.value(slot))
                self.heard = True

    def _note_what_does_not_suit(self, asked: str | None) -> None:
        """A time told as being taken, while something else was asked, is kept for whoever comes."""
        is_beside = asked not in ("wanted_time", *TELLING) and self.form.is_visited and not self._in_read_back()
        if is_beside and times.unsuited(self.turn.text, self.turn.now):
            self._tell_more("wanted")
            if times.only_rules_out(self.turn.text, self.turn.now):
                self.sheet.keep(REFUSED, self.turn.text)

    def _note_both_places(self) -> None:
        """Who tells the old place and the new one has told from where and to where a heater is moved."""
        if len(self.turn.all("address")) > 1:
            self._tell_more("move_what")

    def _tells_when_they_move(self) -> bool:
        return bool(self.turn.now) and times.moving_days(self.turn.text, self.turn.now) is not None

    def _note_moving_days(self) -> None:
        """The heater is put up where its people move, and not before they do."""
        days = times.moving_days(self.turn.text, self.turn.now) if self.turn.now else None
        if days is None:
            return
        self.sheet.keep(MOVING, days)
        if self.sheet.get("move_what"):
            self._tell_more("move_what")

    def _bare_name(self) -> str | None:
        """The name that is the whole message, where another question was put."""
        bare = self.turn.text.strip(" .,!。，")
        listed = None if self.turn.entities else name_latin.listed(bare)
        if people.is_familiar(bare):
            listed = names.listed(bare)
        name = listed.text if listed else self.turn.span("name")
        held = self.sheet.get("name")
        if held and bare.lower().startswith(f"{str(held).lower()} ") and people.whole_name(bare) == bare:
            return bare
        return name if name and name == bare else None

    def _is_fuller(self, bare: str, held: str) -> bool:
        """Whether a name told alone says more than the surname held; in a complaint that may be another's."""
        if bare.isascii():
            return bare.lower().startswith(f"{held.lower()} ")
        is_same = bare.startswith(held) or self.form_name == "complaint_form"
        return len(held) == 1 < len(bare) and is_same and people.whole_name(bare) == bare

    def _names_who_came(self) -> bool:
        """Whether "姓王" is the technician a complaint is about, and not who complains."""
        asked = self.tracker.get_slot("requested_slot")
        is_about_one = people.is_about_a_technician(str(self.sheet.get("complaint_about") or ""))
        return asked in ("complaint_ticket", "wanted") and is_about_one and people.is_bare_surname(self.turn.text)

    def _is_added(self, field: str, value: Any, asked: str | None) -> bool:
        """Whether the value goes beside the one that is held instead of taking its place."""
        held = self.sheet.get(field)
        if held in (None, fields.UNKNOWN):
            return False
        if field == "symptom":
            self._add_symptom(asked)
        elif field == "readiness" or (field == "wanted" and (self.form.is_visited or self._adds_a_wish(held))):
            self._tell_more(field, value)
        elif field == "phone" and value != held and "wanted" in self.form.takes and self._is_spare():
            self._tell_more("wanted", self.turn.text)
        else:
            return False
        return True

    def _adds_a_wish(self, held: Any) -> bool:
        """Whether who complains wants something more, and not another thing instead."""
        return held != fields.NONE and not self._corrects()

    def _is_spare(self) -> bool:
        """Whether a number is told beside the one that stands, and not for it."""
        return people.is_spare(self.turn.text) or numbers.spare(self.turn) is not None

    def _told(self, field: str) -> Any:
        """A fact told unasked."""
        value, held = fields.volunteered(field, self.turn), self.sheet.get(field)
        if field == "address":
            return self._pieces_told() or self._place_unless_left(value)
        if field == "wanted_time" and self.form.story == "move_what" and self._tells_when_they_move():
            return None
        if field == "name":
            return self._name_told(value, held)
        if field == "wanted" and self.form.is_visited:
            known = self.sheet.get(self.form.story) if self.form.story else None
            return story.remark_in(self.turn.text, str(known or ""))
        return self._time_told(value) if field == "wanted_time" else value

    def _name_told(self, value: Any, held: Any) -> Any:
        """A name told unasked; another than the one that is known only where it is said to be one."""
        if self._names_who_came():
            return None
        if value is None and (bare := self._bare_name()) is not None:
            return bare if held in (None, bare) or self._is_fuller(bare, held) else None
        is_another = held and value not in (None, held) and not self._corrects()
        is_meant = people.is_announced(self.turn.text) or people.is_titled(self.turn.text)
        return None if is_another and not is_meant else value

    def _place_unless_left(self, value: Any) -> Any:
        """Where a household moves away from is part of the story of a move, and no address."""
        if self.form.story != "move_what" or not where.is_only_left(self.turn):
            return value
        self._tell_more("move_what")
        return None

    def _add_symptom(self, asked: str | None) -> None:
        """Another thing that is wrong with the heater, told while something else was asked."""
        if asked == "model" and heater.says_nothing_is_written(self.turn.text):
            return  # the label shows nothing, not the heater
        told, mark = opening.told("repair_form", self.turn).get("symptom"), "；" if self.turn.language == "zh" else "; "
        if asked and told and told not in self.sheet.get("symptom"):
            self.sheet.set("symptom", utterance.kept(f"{self.sheet.values['symptom']}{mark}{told}"))
            self.heard = True

    def _is_a_wish(self, window: Any, asked: str | None) -> bool:
        """Whether an unasked time says when to call; "今天不热了", a day in a complaint and "货明天到" do not."""
        if self._is_no_time_to_call():
            return False
        if self._in_read_back() or self.form_name == "callback_form":
            return True
        if asked in TELLING or (asked is None and self.form_name == "complaint_form"):
            return False
        starts = window.get("start") if isinstance(window, dict) else None
        if not starts or not self.turn.now:
            return bool(window == fields.ANY_TIME)
        return datetime.fromisoformat(starts) > datetime.fromisoformat(self.turn.now)

    def _is_no_time_to_call(self) -> bool:
        """Whether a time is asked for, tells when the goods come, or is the number of a house."""
        told, text = self.turn.entity("time"), self.turn.text
        asked = str(self.tracker.get_slot("requested_slot"))
        if self.form.ticket_type and questions.asks_how_soon(text):
            return True
        if told is None:
            return False
        is_place = self.turn.entity("address") or fields.ASKED_FOR.get(asked, asked) == "address"
        if is_place and times.is_only_a_day(str(self.turn.span("time"))):
            return True  # "天河路1号，写错了是2号"
        return self.form_name == "install_form" and times.is_arrival(text, told["start"], told["end"])
