"""Who a message names: the customer, asked for or beside a number. Pure."""

from __future__ import annotations

from bot.actions.reading import afterthought, answers, people, story, utterance
from bot.actions.turn import Turn
from bot.text import name as names

_NO_NAME = ("time", "phone", "address", "model", "capacity", "purchase_date", "ticket_no", "serial_no", "symptom")


def beside_a_number(turn: Turn) -> str | None:
    """A name with its title, that of somebody else, or what is left beside the phone: "jim 13712341111"."""
    if called := people.called(turn.text):
        return called
    if people.is_titled(turn.text):
        return people.whole_name(turn.text)
    rest = utterance.without_shop(turn.beside(("phone",))).strip(" ,.;，。")
    alone = [each for each in turn.entities if each.get("entity") != "phone"] == []
    if not turn.entity("phone") or not alone:
        return None
    if not rest.isascii():
        found = names.bare(rest)
        return found.value if found and found.value == rest and not people.is_no_name(rest) else None
    return people.whole_name(rest) if utterance.says_something(rest) else None


def told_in(turn: Turn) -> str | None:
    """A name as the whole answer, or the name found in a longer one; what is told beside other facts only is none."""
    start = afterthought.begins(turn.text)
    if called := people.called(turn.text) or (people.whole_name(turn.text[start:]) if start else None):
        return called
    rest = turn.beside(_NO_NAME).strip(" ,，。.;；")
    is_a_sign = len(rest) == 1 and not rest.isascii() and not names.is_surname(rest)  # "退" is a wish
    is_no_name = people.is_no_name(rest) or answers.is_yes(rest) or answers.is_no(rest)
    if is_a_sign or is_no_name or story.says_which(rest):
        return None
    if turn.entities and not turn.entity("name") and not utterance.says_something(rest, at_least=1):
        return None
    if (named := turn.span("name")) and named in rest and len(named.split()) > 1:
        return named
    found, whole = names.bare(rest), people.whole_name(rest)
    if found is None or (whole and found.value in whole):
        return whole
    return found.value
