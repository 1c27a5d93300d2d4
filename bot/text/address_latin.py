"""Where an address in Latin letters stands in a text: street and number or room and block, and places around. Pure."""

import re

from bot.text.address_words import EN_ADDRESS, EN_CUE, EN_LOTS, EN_MORE, EN_STREET, NEXT_WORDS
from bot.text.romanised import is_place, region


def span(text: str) -> tuple[int, int] | None:
    """An English address: a street and a number, or a room and a block, with the places named around it."""
    for found in EN_ADDRESS.finditer(text):
        words = found[0].strip(" ,.")
        named = EN_STREET.search(words) or len(EN_LOTS.findall(words)) > 1
        if named and re.search(r"\d", words) and len(words) > 8:
            end = found.start() + len(words)
            following = NEXT_WORDS.match(text, end)
            place = region(following[0]) if following else None
            end += place[2] if place and place[1] <= 2 else 0
            more = EN_MORE.match(text, end)
            cue = EN_CUE.match(text, found.start(), end)
            start = cue.end() if cue else _with_places_before(text, found.start())
            return start, more.end() if more else end
    return None


def _with_places_before(text: str, start: int) -> int:
    """Where the regions begin that are named just before a street: `Yiwu, Chouzhou North Road 300`."""
    begin = start
    for words in re.finditer(r"(?<![a-z])(?=((?:[a-z']+,? ){1,4})$)", text[max(0, start - 50) : start]):
        place = region(words[1])
        if (place and place[1] == 0) or is_place(words[1].rstrip(" ,")):
            begin = min(begin, start - len(words[1]))
    return begin
