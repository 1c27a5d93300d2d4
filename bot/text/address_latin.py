"""Where an address in Latin letters stands in a text: street and number or room and block, and places around; and the
pieces of a house that are told afterwards ("room 1502"). Pure."""

import re

from bot.text.address_words import (
    EN_ADDRESS,
    EN_ANOTHER,
    EN_BY,
    EN_BY_BEFORE,
    EN_BY_BEHIND,
    EN_CUE,
    EN_LANDMARK,
    EN_LOTS,
    EN_MORE,
    EN_PHONE,
    EN_RIGHT,
    EN_STREET,
    EN_WRONG,
    HANZI,
    NEXT_WORDS,
)
from bot.text.normal import normal
from bot.text.romanised import is_place, region

_KINDS = {
    "room": ("room|rm|flat|apt|apartment|unit|suite|door", "室"),
    "building": ("building|bldg|block|tower", "栋"),
    "floor": ("floor|fl", "楼"),
}
"""Words for the pieces of a house by kind, and the kind's word in a Chinese address."""
_UNIT = "|".join(words for words, _ in _KINDS.values())
_NUMBER = r"[a-z]?-?\d{1,5}[a-z]?(?:-\d{1,5})?"
_ONE = (
    rf"(?:(?P<unit>{_UNIT}) ?(?:number|no\.?|is|was|should be|#|:)* ?(?P<number>{_NUMBER}|[a-z](?![a-z]))"
    rf"|(?P<nth>\d{{1,2}})(?:st|nd|rd|th) (?P<floor>floor))"
)
_PIECE = re.compile(_ONE)
_SAID_AROUND = (
    r"(?:(?:no|sorry|oh|and|also|wait|hang on|actually|it's|its|it is|is|that's|the|my|our|i|i'm|i am|we|we are|we're"
    r"|in|at|on|should be|correct|right|wrong|to|make it|change|address|live|please|thanks|by the way|i mean)"
    r"[ ,.:!-]*)*"
)
_ONLY_PIECES = re.compile(
    rf"{_SAID_AROUND}(?P<pieces>{re.sub('P<[a-z]+>', ':', _ONE)}(?:[ ,]+{re.sub('P<[a-z]+>', ':', _ONE)})*)"
    rf"(?:,? ?not (?:(?:{_UNIT}) ?)?{_NUMBER})?[ ,.!]*{_SAID_AROUND}"
)
_DISTRICT_BEFORE = re.compile(
    r"(?:(?<=^)|(?<=in )|(?<=at )|(?<=is )|(?<=[,.:] ))(?!the |my |our )(?:[a-z']+ ){1,2}"
    r"(?:district|county|town|township|city|subdistrict), ?$"
)
_BARE = re.compile(r"\d{3,4}[a-z]?")


def span(text: str) -> tuple[int, int] | None:
    """An English address: a street and a number, or a room and a block, with the places named around it."""
    for apart in (EN_PHONE, EN_ANOTHER):
        text = apart.sub(lambda found: ";" * len(found[0]), text)
    for found in EN_ADDRESS.finditer(text):
        words = found[0].strip(" ,.")
        if words.startswith("not ") or text[: found.start()].endswith("not "):
            continue
        named = EN_STREET.search(words) or len(EN_LOTS.findall(words)) > 1
        is_placed = re.search(r"\d|\b(?:block|building|tower|unit) [a-z]\b", words) or region(words)
        if named and is_placed and len(words) > 8:
            end = found.start() + len(words)
            following = NEXT_WORDS.match(text, end)
            place = region(following[0]) if following else None
            end += place[2] if place and place[1] <= 2 else _up_to_its_city(text[end:])
            more = EN_MORE.match(text, end)
            end = more.end() if more else end
            beside = EN_BY_BEHIND.match(text, end)
            return _begin(text, found.start(), end), beside.end() if beside else end
    landmark = EN_LANDMARK.search(text) or EN_BY.search(text)
    street = EN_RIGHT.search(text) if landmark is None and EN_WRONG.search(text) else None
    told = landmark or street
    return told.span("place") if told else None


def _begin(text: str, start: int, end: int) -> int:
    """Where an address begins, with what stands before its street to find it by, and without what is no part of it."""
    cue = EN_CUE.match(text, start, end)
    if cue:
        return cue.end()
    sent = _SENT_TO.search(text, start, end)
    if sent:
        return sent.end()
    beside = EN_BY_BEFORE.search(text[:start])
    return beside.start() if beside else _with_places_before(text, start)


_SENT_TO = re.compile(r"\b(?:to|at) (?=(?:lane|flat|room|rm|unit|no\.?|number|building|block|house) )")


_ONLY_PLACES = re.compile(
    r"(?:[ ,]+(?!(?:and|or|i|my|is|it|the|heater|phone|call|please|from|to|not|no)\b)[a-z']+){2,6}[ .]*"
)


def _up_to_its_city(rest: str) -> int:
    """How far the words behind a house go on with its estate and its city, where they end with the city and the text
    with them: " vanke city songshan lake dongguan"."""
    place = region(rest) if _ONLY_PLACES.fullmatch(rest) else None
    return place[2] if place and place[2] >= len(rest.rstrip(" .")) else 0


def _with_places_before(text: str, start: int) -> int:
    """Where the regions begin that are named just before a street: `Yiwu, Chouzhou North Road 300`."""
    district = _DISTRICT_BEFORE.search(text[max(0, start - 50) : start])
    begin = start - len(district[0]) if district else start
    for words in re.finditer(r"(?<![a-z])(?=((?:[a-z']+,? ){1,4})$)", text[max(0, start - 50) : start]):
        place = region(words[1])
        if (place and place[1] == 0) or is_place(words[1].rstrip(" ,")):
            begin = min(begin, start - len(words[1]))
    return begin


def pieces(text: str, *, bare: bool = False) -> str | None:
    """The room, floor or building that is all a message tells: "it's flat 7", "the apartment is 1503 not 1502".

    Args:
        bare: whether a number alone ("502") can only be a room.
    """
    words = normal(text).text.strip(" ,.!")
    found = _ONLY_PIECES.fullmatch(words)
    if found:
        return found["pieces"]
    return f"room {words}" if bare and _BARE.fullmatch(words) else None


def with_pieces(held: str, told: str) -> str:
    """The held address with each piece of `pieces` in the place of the one of its kind, or at the end."""
    for piece in _PIECE.finditer(told):
        number, kind = piece["number"] or piece["nth"], _kind(piece["unit"] or "floor")
        words, hanzi = _KINDS[kind]
        if re.search(HANZI, held):
            before, glue, new = re.compile(rf"[0-9A-Za-z-]+{hanzi}"), "", f"{number.upper()}{hanzi}"
        else:
            before = re.compile(rf"\b(?:{words})\b[ .#]*(?:no\.? ?)?{_NUMBER}", re.IGNORECASE)
            glue, new = ", ", f"{(piece['unit'] or 'floor').capitalize()} {number.upper()}"
        old = before.search(held)
        held = held[: old.start()] + new + held[old.end() :] if old else f"{held.rstrip(' ,.')}{glue}{new}"
    return held


_LEAD_IN = re.compile(
    r"(?:(?:ok(?:ay)?|so|well|yes|and)[ ,]+)*(?:(?:it'?s|it is|that'?s|i'?m|i am|we'?re|we are|i live|we live|i dey"
    r"|we dey|located|(?:(?:my|our|the) )?(?:full )?address(?: is)?|here is)[ :]+)+(?:(?:on|at|in|located"
    r"|staying)[ :]+)*",
    re.IGNORECASE,
)


def without_lead_in(told: str) -> str:
    """An answer to "where?" without the words that only begin it: "it's on Yuyuan Road"."""
    found = _LEAD_IN.match(told)
    return told[found.end() :] if found and told.isascii() else told


def beside_regions(told: str) -> tuple[str, str] | None:
    """What English words tell of a place beside its regions, and the regions as they are spelled; None without any."""
    place = region(normal(told).text)
    if place is None or not told.isascii():
        return None
    named = told[place[1] : place[2]]
    rest = re.sub(r"\s*,(?:\s*,)+\s*", ", ", f"{told[: place[1]]},{told[place[2] :]}")
    return re.sub(r"\s+,", ",", rest).strip(" ,.;"), named.strip(" ,.;")


_STREET_NUMBER = re.compile(
    r"\b(?:street|house|building) number\b[^\d]{0,30}?(?:not \d+[a-z]?,? (?:but )?)?"
    r"(?P<number>\d{1,5}[a-z]?)\b(?! ?(?:am|pm))"
)
_NUMBER_OF_A_STREET = re.compile(
    rf"(?P<before>(?:{EN_STREET.pattern})\.?,? (?:no\.? ?|number )?)(?P<after>\d{{1,5}}[a-z]?)\b"
    rf"|(?P<ahead>\b\d{{1,5}}[a-z]?)(?=,? (?:[a-z']+ ){{1,3}}(?:{EN_STREET.pattern}))",
    re.IGNORECASE,
)


def with_street_number(held: str, text: str) -> str | None:
    """The held English address with another number at its street: "the street number is wrong, it's 110"."""
    told, old = _STREET_NUMBER.search(normal(text).text), _NUMBER_OF_A_STREET.search(held)
    if told is None or old is None:
        return None
    start, end = old.span("after" if old["after"] else "ahead")
    return held[:start] + told["number"] + held[end:]


def names_a_room(held: str) -> bool:
    """Whether an address tells the room already."""
    return bool(re.search(rf"\b(?:{_KINDS['room'][0]})\b|室|房", held, re.IGNORECASE))


def _kind(unit: str) -> str:
    return next(kind for kind, (words, _) in _KINDS.items() if unit in words.split("|"))


def regions_named(held: str) -> str | None:
    """The words of an English address that name its regions ("Shunde, Foshan"), when they stand together."""
    place = region(normal(held).text)
    named = held[place[1] : place[2]] if place else ""
    return named if named and not re.search(r"\d", named) and not EN_STREET.search(named.lower()) else None
