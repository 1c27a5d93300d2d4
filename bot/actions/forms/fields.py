"""What each form asks, in which order, and how a field is read from one turn. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.actions.forms import numbers, requests, where, who
from bot.actions.reading import (
    afterthought,
    answers,
    corrections,
    heater,
    identity,
    people,
    places,
    questions,
    story,
    times,
    utterance,
)
from bot.actions.reading.identity import has_no_number
from bot.actions.turn import Entity, Turn
from bot.text import phone
from bot.text.purchase import purchase_date
from bot.text.time import wanted_time
from bot.text.values import ZONE

UNKNOWN, NONE, ANY_TIME = "unknown", "none", "any"


@dataclass(frozen=True)
class Form:
    """`fields` in the order they are asked; `optional` ones are only taken when volunteered; `confirms` reads back;
    one that `may_change` gives way to another request; `story` is the field to which more of the same is added."""

    fields: tuple[str, ...]
    optional: tuple[str, ...] = ()
    confirms: bool = True
    ticket_type: str | None = None
    may_change: bool = True
    story: str | None = None

    @property
    def is_visited(self) -> bool:
        """Whether a technician comes to the address, so that it matters how far out it lies."""
        return self.ticket_type in ("repair", "install", "relocation")

    @property
    def takes(self) -> tuple[str, ...]:
        return self.fields + self.optional


FORMS: dict[str, Form] = {
    "repair_form": Form(
        ("symptom", "model", "purchase_date", "name", "phone", "address", "wanted_time"),
        ("wanted",),
        ticket_type="repair",
        story="symptom",
    ),
    "install_form": Form(
        ("delivered", "address", "phone", "name", "readiness"),
        ("wanted_time", "model", "wanted"),
        ticket_type="install",
    ),
    "complaint_form": Form(
        ("complaint_about", "complaint_ticket", "wanted", "name", "phone"),
        ("wanted_time", "address", "model", "purchase_date"),
        ticket_type="complaint",
        story="complaint_about",
    ),
    "relocation_form": Form(
        ("move_what", "name", "phone", "address"),
        ("wanted_time", "model", "wanted"),
        ticket_type="relocation",
        story="move_what",
    ),
    "return_form": Form(
        ("return_reason", "model", "purchase_date", "name", "phone"),
        ("address", "wanted_time"),
        ticket_type="return",
        story="return_reason",
    ),
    "callback_form": Form(("phone", "wanted_time"), ("ticket_no",)),
    "status_form": Form(("ticket_no", "phone"), confirms=False),
    "chase_form": Form(("ticket_no", "phone"), confirms=False),
    "cancel_form": Form(("ticket_no", "phone")),
    "hazard_form": Form(("phone", "address", "anyone_hurt"), confirms=False, may_change=False),
    "visit_form": Form(("visit_time",), confirms=False),
    "amend_form": Form(("correction",), ("name", "phone", "address", "model", "wanted"), confirms=False),
}

ASKED_FOR = {
    "phone_again": "phone",
    "phone_rest": "phone",
    "address_city": "address",
    "address_district": "address",
    "address_detail": "address",
    "address_number": "address",
    "address_locality": "address",
    "wanted_time_again": "wanted_time",
    "wanted_time_choice": "wanted_time",
    "symptom_again": "symptom",
    "delivered_again": "delivered",
    "complaint_about_again": "complaint_about",
    "phone_choices": "phone",
    "address_choices": "address",
    "name_choices": "name",
    "symptom_choices": "symptom",
    "model_choices": "model",
    "wanted_time_choices": "wanted_time",
    "delivered_choices": "delivered",
    "complaint_about_choices": "complaint_about",
    "ticket_no_choices": "ticket_no",
    "own_ticket": "ticket_no",
    "own_ticket_again": "ticket_no",
    "code_again": "code",
    "code_retry": "code",
    "confirm_choices": "confirm",
    "symptom_where": "symptom",
    "symptom_code": "symptom",
}
"""Second questions, shorter or sharper than the first or with choices, and the field each of them fills."""

EXPLAINED = frozenset(
    {"name", "model", "purchase_date", "phone", "address", "wanted_time", "ticket_no", "code", "readiness"}
).union({"symptom_where"})
"""Questions that have an explanation (`utter_explain_…`)."""


def explained(asked: str) -> str:
    """The question of `EXPLAINED` that stands behind the one `asked`."""
    return asked if asked in EXPLAINED else ASKED_FOR.get(asked, asked)


WITHOUT_VALUE = frozenset({"confirm", "correction", "retry"})
"""Questions that are answered with a yes, a no or a correction, and fill no field of their own."""

FREE_TEXT = frozenset(
    {"symptom", "complaint_about", "wanted", "return_reason", "move_what", "readiness", "name", "address", "model"}
)
"""Fields whose answer may be any words: only a clear other intention interrupts them."""

CAN_BE_SKIPPED = {
    "model": UNKNOWN,
    "purchase_date": UNKNOWN,
    "readiness": UNKNOWN,
    "wanted_time": ANY_TIME,
    "complaint_ticket": NONE,
    "wanted": NONE,
    "anyone_hurt": UNKNOWN,
    "visit_time": NONE,
}
"""What stands in a field the customer cannot tell; nobody is kept from help by a missing label."""

_ENTITY_OF = {
    "symptom": "symptom",
    "model": "model",
    "purchase_date": "purchase_date",
    "name": "name",
    "phone": "phone",
    "address": "address",
    "wanted_time": "time",
    "complaint_ticket": "ticket_no",
    "ticket_no": "ticket_no",
}


_NO_TICKET = ("time", "address", "model", "capacity", "purchase_date", "fault_code")
_NO_PHONE = ("time", "address", "model", "capacity", "purchase_date", "ticket_no", "serial_no", "fault_code")
_NO_MODEL = ("time", "phone", "address", "name", "purchase_date", "ticket_no", "fault_code")
_NO_PLACE = ("time", "phone", "name", "model", "capacity", "purchase_date", "ticket_no", "serial_no", "symptom")
_NO_STORY = ("name", "phone", "address", "model", "capacity", "purchase_date", "ticket_no", "serial_no")


def volunteered(field: str, turn: Turn) -> Any:
    """The field's value when the turn tells it unasked, or None."""
    entity_name = _ENTITY_OF.get(field)
    if field in _SAID and (said := _SAID[field](turn)) is not None:
        return said
    entity = _entity(field, turn)
    if entity_name is None or entity is None:
        return None
    span = turn.span(entity_name)
    if field == "name" and span == turn.text and not people.is_titled(turn.text):
        return None  # a bare word is a name only where a name was asked
    if field == "address":
        return where.to_the_door(turn, entity, places.end_of_house)
    return span if field == "symptom" else turn.value(entity_name)


def _entity(field: str, turn: Turn) -> Entity | None:
    entity_name = _ENTITY_OF.get(field)
    if field == "address":
        return where.place(turn)
    return turn.entity(entity_name) if entity_name else None


def _wall(turn: Turn) -> str | None:
    told = heater.clauses_about_the_wall(turn.text) if heater.about_the_wall(turn.text) else ""
    is_asked = questions.asks_outright(told) or "?" in told if told.isascii() else questions.is_question(told)
    return told if told and not is_asked else None


def _how_old(turn: Turn) -> str | None:
    """When it was bought, told by nothing but its age ("得有七八年了"), or that nobody can tell."""
    if turn.now and turn.entity("model") and not turn.entity("purchase_date") and (year := times.bare_year(turn.text)):
        listed = purchase_date(year, datetime.fromisoformat(turn.now), asked=True)
        return listed.value if listed else None
    words = turn.beside(("model", "capacity", "fault_code")).strip()
    if turn.entity("purchase_date"):
        return None
    if turn.now and times.tells_only_an_age(words):
        bought = purchase_date(words, datetime.fromisoformat(turn.now), asked=True)
        return bought.value if bought else UNKNOWN
    return UNKNOWN if times.cannot_say_when_bought(turn.text) else None


def _any_time(turn: Turn) -> str | None:
    """ "这两天都行" begins now: it is any time, unlike "后天都行"."""
    told = turn.value("time")
    ahead = isinstance(told, dict) and bool(turn.now) and str(told.get("start")) > turn.now
    return ANY_TIME if times.says_any_time(turn.text) and not ahead else None


_SAID: dict[str, Callable[[Turn], Any]] = {
    "address": where.where_to,
    "phone": numbers.to_call,
    "model": lambda turn: UNKNOWN if heater.has_no_model(turn.text) else None,
    "name": who.beside_a_number,
    "purchase_date": _how_old,
    "wanted_time": _any_time,
    "readiness": _wall,
    "delivered": lambda turn: heater.delivered(turn.text) if heater.speaks_of_the_goods(turn.text) else None,
    "wanted": lambda turn: story.wish_in(turn.text),
    "anyone_hurt": lambda turn: people.anyone_hurt(turn.text) if people.says_who_is_hurt(turn.text) else None,
}
"""What is told unasked in words of its own."""


def from_entity(field: str, entity: Entity) -> Any:
    """The field's value in an entity of an earlier message, or None when the entity is another field's."""
    if entity.get("entity") != _ENTITY_OF.get(field):
        return None
    value = entity.get("value")
    if field in ("address", "symptom"):
        return entity.get("text") or (value.get("raw") if isinstance(value, dict) else value)
    return value


def answer(field: str, turn: Turn) -> Any:
    """The field's value when the turn answers the question for it, or None when it does not."""
    if field in WITHOUT_VALUE:
        return None
    if field in _READERS:
        value = _READERS[field](turn)
        if value is not None:
            return value
    found = volunteered(field, turn)
    if found is not None:
        return found
    if field in CAN_BE_SKIPPED and (answers.is_unknown(turn.text) or answers.is_no(turn.text)):
        return None if _another_is_unknown(field, turn) else CAN_BE_SKIPPED[field]
    return None if field in _READERS else _own_words(turn)


def _another_is_unknown(field: str, turn: Turn) -> bool:
    """Whether what is not known is something else: "don't know the model" where the date was asked."""
    return any(volunteered(other, turn) == UNKNOWN for other in ("model", "purchase_date") if other != field)


def _own_words(turn: Turn) -> str | None:
    """The whole message, or None when it tells nothing: a yes, a "don't know", or only who, where and which."""
    empty = answers.is_yes(turn.text) or (answers.only_shrugs(turn.text) and not turn.entities)
    empty = empty or who.beside_a_number(turn) is not None
    return utterance.kept(turn.text) if not empty and utterance.says_something(turn.beside(_NO_STORY)) else None


def _wanted_time(turn: Turn) -> Any:
    if times.rules_out(turn.text) and turn.entity("time") is None and turn.now:
        left = times.beside_ruled_out(turn.text)
        found = wanted_time(left, datetime.fromisoformat(turn.now), ZONE) if left else None
        return ANY_TIME if found is None else {"start": found.opens.isoformat(), "end": found.closes.isoformat()}
    if turn.entity("time") is not None:
        return None
    asked = times.asked_about(turn.text, turn.now) if turn.now else None
    return asked or (ANY_TIME if times.is_any_time(turn.text) else None)


def _complaint_ticket(turn: Turn) -> Any:
    without = answers.is_none(turn.text) or answers.is_no(turn.text) or has_no_number(turn.text)
    without = without or answers.has_none(turn.text)
    return NONE if without and turn.entity("ticket_no") is None else None


def _phone(turn: Turn) -> Any:
    told = utterance.mentions_number(turn.beside(_NO_PHONE))
    told = told or phone.piece(turn.text) is not None
    return numbers.to_call(turn) or (turn.text if told else None)


def _ticket_no(turn: Turn) -> Any:
    told = utterance.mentions_number(turn.beside(_NO_TICKET)) and turn.entity("phone") is None
    return turn.value("ticket_no") or (utterance.kept(turn.text) if told else None)


def _purchase_date(turn: Turn) -> Any:
    start = afterthought.begins(turn.text) or 0
    told = [turn.text[start:], turn.text] if turn.now else []
    read = (purchase_date(words, datetime.fromisoformat(turn.now), asked=True) for words in told)
    bought = next((each for each in read if each), None)
    return bought.value if bought else UNKNOWN if times.says_long_ago(turn.text) else None


_SHORT_DATE = 14


def is_date_told(turn: Turn, held: Any) -> bool:
    """Whether a short message tells once more when the heater was bought: "就是前天啊"."""
    return held is not None and len(turn.text) <= _SHORT_DATE and _purchase_date(turn) == held


def _model(turn: Turn) -> Any:
    """Words that may name a model, but not a no, nor those that describe a fault."""
    nothing = UNKNOWN if heater.tells_no_model(turn.text) else None
    told = turn.value("model") or turn.value("capacity") or nothing
    only_asks = questions.is_question(turn.text) and not any(char.isascii() and char.isalnum() for char in turn.text)
    is_other = only_asks or answers.is_unknown(turn.text) or answers.is_no(turn.text)
    if told or is_other or turn.entity("symptom"):
        return told
    rest = turn.beside(_NO_MODEL)
    if heater.names_only_the_brand(rest):
        return UNKNOWN
    return _own_words(turn) if heater.may_name_a_model(rest) else None


def _put_right_at_once(turn: Turn, told: str | None) -> str | None:
    """The place with the piece that is put right in the same breath: "天河路1号，写错了是2号"."""
    start = afterthought.begins(turn.text)
    piece = turn.text[start:].strip(" 。.!") if start else ""
    return corrections.replaced_in(f"写错了，是{piece}", told) or told if piece else told


def _address(turn: Turn) -> Any:
    """Any words may be a place, but not those that say when."""
    if entity := where.place(turn):
        whole = where.whole_answer(turn, entity, _NO_PLACE)
        place = where.where_to(turn) or whole or where.to_the_door(turn, entity, places.landmark)
        return _put_right_at_once(turn, place)
    if (
        answers.is_no(turn.text)
        or answers.begins_with_yes(turn.text)
        or places.names_none(turn.beside(_NO_PLACE), beside=bool(turn.entities))
        or questions.is_question(turn.text)
    ):
        return None
    is_time_or_people = times.says_any_time(turn.text) or people.says_who_is_hurt(turn.text)
    if is_time_or_people or turn.entity("phone") or phone.longest_digits(turn.text):
        return None  # "that is my old one, it is 139 …": a number put right, or the beginning of one
    rest = turn.beside(_NO_PLACE)
    says_where = places.is_bare_number(rest) or (utterance.says_something(rest) and _own_words(turn) is not None)
    if not says_where or not places.may_be_one(rest):
        return None
    return utterance.kept(rest).strip(" ,.;") if rest.isascii() else _own_words(turn)


def _symptom(turn: Turn) -> Any:
    """What is wrong, in the customer's own words; that something is wrong is no answer."""
    if turn.entity("symptom"):
        return utterance.kept(turn.text)
    if not turn.entity("symptom") and _how_old(turn) not in (None, UNKNOWN):
        return None
    only_when = bool(turn.entity("time")) and not utterance.says_something(turn.beside(("time",)), at_least=_A_WORD)
    if only_when or story.says_it_is_broken(turn.text) or requests.names_another_heater(turn.text):
        return None
    return _own_words(turn)


_A_WORD = 4
"""Letters beside a time that may tell what is wrong."""


def _readiness(turn: Turn) -> Any:
    if heater.speaks_of_the_goods(turn.text) and not heater.about_the_wall(turn.text):
        return None
    if heater.about_the_wall(turn.text) or (answers.is_yes(turn.text) and not answers.only_agrees(turn.text)):
        return utterance.kept(turn.text)
    return None if answers.is_unknown(turn.text) else _own_words(turn)


_READERS: dict[str, Callable[[Turn], Any]] = {
    "name": who.told_in,
    "model": _model,
    "readiness": _readiness,
    "wanted": lambda turn: (
        story.wish_of_a_word(turn.text) or (None if story.asks_for_nothing(turn.text) else _own_words(turn))
    ),
    "phone": _phone,
    "delivered": lambda turn: heater.delivered(turn.text),
    "wanted_time": _wanted_time,
    "complaint_ticket": _complaint_ticket,
    "ticket_no": _ticket_no,
    "code": lambda turn: identity.code_in(turn.text),
    "purchase_date": _purchase_date,
    "anyone_hurt": lambda turn: people.anyone_hurt(turn.text),
    "symptom": _symptom,
    "address": _address,
}
"""Fields that not any words will do for."""
