"""Putting right, in the middle of a form, what was told before: a piece of it, or all of it anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.actions.forms import fields
from bot.actions.forms.form_turn import CERTAIN, SHORT_STORY, TELLING
from bot.actions.forms.summary import spoken_address
from bot.actions.forms.taking import Taking, before
from bot.actions.reading import answers, corrections, dictated, people, places, questions, story, times
from bot.text import address_joining, address_latin
from bot.text.purchase import purchase_date

_BEHIND_THE_PLACE = ("address", "phone", "name", "wanted_time", "purchase_date", "delivered")
"""Questions at which a block or a room can only belong to the address that is held."""
DOUBTFUL = 0.5
"""Confidence below which a request after a saved ticket may be something about that ticket."""
VISIT_WISH = "visit"
"""Where the draft keeps the time at which somebody may come."""
REFUSED = "refused"
"""Where the draft keeps the words by which a time was said not to suit."""
_ASKED_IN_FIGURES = ("phone", "code", "ticket_no", "model", "purchase_date")
"""Questions at which a bare figure is no room."""
MOVING = "moving"
"""Where the draft keeps the days on which the household moves."""
_BESIDE_THE_STREET = ("address", "phone", "name", "delivered")
"""Questions at which "8号" is a house and no day."""
_AREA = 3
"""Digits with which a mobile number begins in one breath: "139"."""


class Correcting(Taking):
    """What a message changes in the facts that are held already."""

    async def _put_right(self, asked: str) -> bool:
        """A correction of something told before, whatever is asked: a new end of the number, a piece of the address,
        or only the name of what is wrong. False when the message corrects nothing."""
        if self._asks_for_the_last(asked):
            return True
        if asked in TELLING and not self._only_corrects():  # a story may well name a number or a place
            return False
        if await self._piece_put_right(asked):
            return True
        return await self._story_put_right(asked) or await self._told_anew(asked) or self._asks_anew(asked)

    async def _piece_put_right(self, asked: str) -> bool:
        """Whether another end of the number, another name, a piece of the address or a date has taken its place."""
        phone = corrections.phone_with_new_end(self.turn.text, self._held("phone"))
        if phone and self.turn.entity("phone") is None and "phone" in self.form.takes:
            await self._take("phone", phone, asked=False)
            return True
        name = corrections.replaced_in(self.turn.text, self._held("name"))
        if name and "name" in self.form.takes and people.whole_name(name) == name:
            await self._take("name", name, asked=False)
            return True
        held = self._held("address")
        address = self._address_put_right(asked, spoken_address(held)) if held else None
        if address and "address" in self.form.takes:
            await self._take("address", address, asked=False)
            return True
        if (bought := self._date_put_right(asked)) is not None:
            await self._take("purchase_date", bought, asked=False)
            return True
        return False

    def _only_corrects(self) -> bool:
        """Whether a message is so plainly and shortly a correction that it is no story."""
        is_sure = self.turn.intent == "correct" and self.turn.confidence >= CERTAIN
        return is_sure and len(self.turn.text) < SHORT_STORY

    async def _story_put_right(self, asked: str) -> bool:
        """Another figure or word in the story that was told: "不是380，是480"."""
        story_field = self.form.story
        told = self.sheet.get(story_field) if story_field and story_field != asked else None
        better = corrections.replaced_in(self.turn.text, told) if isinstance(told, str) else None
        if story_field is None or better is None:
            return False
        await self._take(story_field, better, asked=False)
        return True

    async def _told_anew(self, asked: str) -> bool:
        """Another fact put right where a story was asked: "电话写错了，是139…" is none of the story."""
        if asked not in TELLING:
            return False
        named = corrections.field_named(self.turn.text, self.form.takes)
        value = fields.volunteered(named, self.turn) if named and named not in TELLING else None
        if named is None or value is None:
            return False
        await self._take(named, value, asked=False)
        return True

    def _address_put_right(self, asked: str, held: str) -> str | None:
        """The held address with what is put right in it, or with the piece that only now is told."""
        text = self.turn.text
        address = corrections.replaced_in(text, held) or address_latin.with_street_number(held, text)
        told, pieces = fields.volunteered("address", self.turn), self._pieces_told()
        if address is None and pieces:
            address = address_latin.with_pieces(held, pieces)
        if address is None and told and corrections.is_piece(told):
            address = corrections.with_piece(told, held)
        if address is None and asked in ("phone", "name") and self._is_room():
            address = corrections.with_piece(text.strip(" 。.!"), held)
        if address is None and (asked in _BESIDE_THE_STREET or corrections.is_no_day(text)):
            address = corrections.with_house_number(text, held)
        is_in_place = self._in_read_back() or asked in _BEHIND_THE_PLACE
        if address is None and is_in_place and (piece := corrections.piece_alone(text)):
            unit, landmark = corrections.units_and_landmark(piece)
            address = address_joining.refined(self._held("address"), unit) or corrections.with_piece(unit, held)
            address = f"{address}，{landmark}" if landmark else address
        if address is None and is_in_place and (landmark := corrections.landmark_alone(text)) and landmark not in held:
            address = f"{held}，{landmark}"
        return address

    def _date_put_right(self, asked: str) -> str | None:
        """Another date of purchase for the held one, without a word of buying: "no wait, it was May 2021"."""
        if asked in ("purchase_date", "wanted_time") or not self.sheet.get("purchase_date") or not self.turn.now:
            return None
        if self.turn.entity("time") or not corrections.takes_back(self.turn.text):
            return None
        bought = purchase_date(self.turn.text, datetime.fromisoformat(self.turn.now), asked=True)
        return bought.value if bought and bought.text.strip(" '’").lower() not in ("today", "yesterday") else None

    def _is_room(self) -> bool:
        """A bare figure is a room of the address, unless it goes on with a telephone number or begins one."""
        is_called = self.sheet.draft.get("phone") is not None
        if dictated.begins_a_mobile(self.turn.text):
            is_called = is_called or self.turn.channel == "voice" or len(self.turn.text) <= _AREA
        return not is_called and corrections.is_room(self.turn.text)

    def _asks_anew(self, asked: str) -> bool:
        """ "地址写错了" without the right one: that question comes next, and then the one that stood open."""
        named = self._named()
        is_told = named == self.form.story and any(fields.volunteered(each, self.turn) for each in self.form.takes)
        if is_told or named in (None, asked) or self.turn.intent != "correct" or self.sheet.get(named) is None:
            return False
        self._forget(named)
        return True

    def _asks_for_the_last(self, asked: str) -> bool:
        """ "说错了" and no more takes back what was told just before: half of the value that is asked for, else the one
        before it. It is not kept, and asked for again."""
        if not corrections.only_takes_back(self.turn.text):
            return False
        if self._in_read_back() and not corrections.names_a_slip(self.turn.text):
            return False  # "不对" may be said of any of what was read back
        begun = self.sheet.draft.get(asked) is not None
        last = asked if begun else self.told_last
        if last is None or (not begun and self.sheet.get(last) is None):
            return False
        self._forget(last)
        again = f"{last}_again"
        self.ask = again if again in fields.ASKED_FOR else last
        self.dispatcher.utter_message(response="utter_tell_anew")
        return True

    def _avoid(self, asked: str) -> None:
        """A time that is told as being taken does not suit; whoever comes should know it as well."""
        self.sheet.keep(REFUSED, self.turn.text)
        if self.form.is_visited:
            self._tell_more("wanted")
        self.heard = True
        self.ask = self._asked_again(asked)
        self.dispatcher.utter_message(response="utter_time_avoided")

    def _named(self) -> str | None:
        """The field whose name, but not whose value, is told."""
        named = corrections.field_named(self.turn.text, self.form.takes)
        return named if named and fields.volunteered(named, self.turn) is None else None

    def _forget(self, field: str) -> None:
        """Ask for it anew; what was held stays at hand for who tells only the piece that is wrong."""
        self.sheet.keep(before(field), self.sheet.get(field))
        self.sheet.set(field, None)
        self.sheet.keep(field, None)
        self.ask = field
        self.heard = True

    def _place_told(self, value: Any) -> Any:
        """A place told unasked as it changes the address; None when it does not: a piece of the house is added, another
        place takes its place only where something is put right."""
        held = self.sheet.get("address")
        if held and value == self._pieces_told():
            return address_latin.with_pieces(spoken_address(held), value)
        if held and self.form.story == "move_what" and places.is_goal(self.turn.text):
            self._tell_more("move_what", spoken_address(held))  # where it hangs now
            return value
        if isinstance(held, dict) and self._names_the_region_again(held):
            self.heard = True
            return None
        is_told_anew = self._corrects() or self._is_as_told(held) or self._is_nothing_but_a_place()
        more = value if not held or is_told_anew else address_joining.refined(held, value)
        is_route = story.says_where_to(self.turn.text) and not questions.is_question(self.turn.text)
        if self.form.story == "move_what" and (more is None or is_route):
            self._tell_more("move_what")  # from where, and to where
        return more

    def _names_the_region_again(self, held: dict[str, Any]) -> bool:
        """Whether all that is told of the place is the city or the district it is known to lie in."""
        told = self.turn.value("address")
        levels = ("province", "city", "district", "town", "village", "detail")
        named = {level: told[level] for level in levels if told.get(level)} if isinstance(told, dict) else {}
        is_the_same = all(held.get(level) == value for level, value in named.items())
        is_the_same = is_the_same or (self.turn.span("address") or "\n").lower() in spoken_address(held).lower()
        return bool(named) and "detail" not in named and is_the_same

    def _time_told(self, value: Any) -> Any:
        """A time told unasked: a time of day alone is meant for the day that stands, another day "at the same time" for
        the hour that stood."""
        text, held = self.turn.text, self.sheet.get("wanted_time")
        same_hour = corrections.keeps_the_hour(text)
        if not isinstance(held, dict):
            held = self.tracker.get_slot("wanted_time")
            return corrections.on_the_held_clock(value, held) if same_hour and held and value else value
        hour = corrections.another_hour(text) if value is None and self._in_read_back() else None
        is_of_it = isinstance(value, dict) or bool(hour) or corrections.names_that_day(text)
        moved = corrections.on_the_held_day(hour or text, held["start"], self.turn.now) if is_of_it else None
        if self._in_read_back() and not times.is_any_time(text):
            moved, value = (
                corrections.on_the_held_clock(each, held) if isinstance(each, dict) else each for each in (moved, value)
            )
        return moved or value or (held if corrections.keeps_the_day(text) else None)

    def _pieces_told(self) -> str | None:
        """The room or building that is the whole message, for the address that is held: "it's flat 7"."""
        held = self.sheet.get("address")
        if not isinstance(held, dict):
            return None
        asked = str(self.tracker.get_slot("requested_slot"))
        is_figure = fields.ASKED_FOR.get(asked, asked) in _ASKED_IN_FIGURES
        bare = not is_figure and not address_latin.names_a_room(spoken_address(held))
        return address_latin.pieces(self.turn.text, bare=bare)

    def _is_nothing_but_a_place(self) -> bool:
        """Whether a message is a whole address and nothing else: nobody writes one down in passing."""
        told, span = self.turn.value("address"), self.turn.span("address") or ""
        is_whole = isinstance(told, dict) and bool(told.get("city") and told.get("detail"))
        return is_whole and len(span) >= len(self.turn.text.strip(" 。.!")) and self.form.story != "move_what"

    def _told_for_the_visit(self, window: Any, asked: str | None) -> str | None:
        """The words by which a time told unasked is that of the visit, not of the call; None when it is not."""
        told = self.turn.entity("time")
        is_asked = asked in TELLING or (self._in_read_back() and isinstance(self.sheet.get("wanted_time"), dict))
        if is_asked or not self.form.is_visited or told is None or not isinstance(window, dict) or not self.turn.now:
            return None
        is_asked = questions.is_question(self.turn.text) and not questions.asks_leave(self.turn.text)
        if is_asked or str(window.get("start") or "") <= self.turn.now:
            return None
        words = story.when_to_come(self.turn.text, told["start"], told["end"])
        for other in ("name", "phone", "address"):
            words = words.replace(self.turn.span(other) or "\n", " ") if words else None
        return " ".join(words.split()) if words else None

    def _note_visit(self, words: str, window: Any) -> None:
        """The technician's time is agreed once the ticket is there; who named it need not say when to ring as well."""
        self._tell_more("wanted", words)
        self.sheet.keep(VISIT_WISH, {"start": window["start"], "end": window.get("end")})
        if self.sheet.get("wanted_time") is None:
            self.sheet.set("wanted_time", fields.ANY_TIME)

    def _adds_to_the_saved(self) -> bool:
        """Whether words that hardly ask for anything new tell what whoever comes for the saved ticket should know."""
        is_doubtful = bool(self.form.ticket_type) and self.turn.confidence < DOUBTFUL
        is_doubtful = is_doubtful or (self.form_name == "callback_form" and not self.turn.entity("time"))
        is_saved = bool(self.tracker.get_slot("saved_ticket_no"))
        return is_saved and is_doubtful and story.remark_for_the_visit(self.turn.text) is not None

    def _wants_the_other(self) -> bool:
        """Whether who has just asked for a return says what it should be instead: "can I exchange it instead?"."""
        is_saved = self.tracker.get_slot("saved_ticket_no") and self.tracker.get_slot("return_reason")
        return bool(is_saved) and story.asks_for_which(self.turn.text) and answers.wants_change(self.turn.text)

    def _corrects(self) -> bool:
        """A place named in passing does not replace the whole address that was given."""
        return self._in_read_back() or self.turn.intent == "correct"
