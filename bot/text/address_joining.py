"""Two tellings of one address: what was known of it and what is told afterwards. Pure.

A level that is named again is not doubled, a place that contradicts what was known takes its place, and more detail of
the same place is added to it.
"""

import re
from collections.abc import Iterator, Mapping

from bot.text import address_latin
from bot.text.address import Address, find, parse
from bot.text.address_words import EN_STREET, HANZI, HOUSE, NUM

_REGION = ("province", "city", "district")
_LEVELS = (*_REGION, "town", "village")
_HALF_A_STREET = re.compile(rf"{HANZI}{{1,2}}")
_LONGEST_DRAFT = 40
_CUT = re.compile(rf"(?<={HANZI})|(?<=[\s,，])|$")
_PIECE = re.compile(
    rf"附?{NUM}+(?:-{NUM}+)*(?P<unit>号楼|号院|号|栋|幢|座|单元|楼|层|室|房|组|弄|队|社|户|期)|(?<![0-9])[0-9]{{2,5}}(?![0-9])"
)
_PIECES = re.compile(rf"(?:[\s,，、]*(?:{_PIECE.pattern.replace('?P<unit>', '?:')}))+")
_STREET = re.compile(
    rf"{HANZI}{{1,10}}?(?:路|街|大道|巷|小区|花园|花苑|公寓|新村|社区|村|屯|寨|庄|苑|府|湾|山庄|家园|城)"
)


def readings(draft: str, said: str) -> list[str]:
    """The texts one of which is the whole address, the best first, of what was known as a `draft` and is `said` now.

    A floor or a room that was told before the street goes behind it.
    """
    before = parse(draft)
    if before is None or not before.is_loose or before.detail not in draft:
        return _readings(draft, said)
    head = draft.replace(before.detail, "").strip(" ,，、")
    glue = " " if _PIECE.search(before.detail) else "，"
    return [f"{_readings(head, said)[0] if head else said}{glue}{before.detail}", *_readings(draft, said)]


def _readings(draft: str, said: str) -> list[str]:
    both = [f"{draft} {said}", f"{said} {draft}", said]
    before, found = parse(draft), find(said)
    if before is not None and draft.startswith(before.raw) and _HALF_A_STREET.fullmatch(draft[len(before.raw) :]):
        return [f"{draft}{said}", *both]  # a text message that was cut in two in the middle of the street
    if before is None or (before.detail and found is None) or _names_a_latin_street(draft):
        return both
    told = found.address if found else Address(said)
    if told.province and not before.province:
        return [f"{said} {draft}", *both]
    if told.province and not _agree(before, told):
        inside = parse(both[0])
        lies_inside = inside is not None and _keeps(before, inside) and _depth(inside) > _depth(before)
        return [both[0], said] if lies_inside else [said]
    if before.detail or before.village:
        return both
    is_whole = bool(told.province) and _depth(told) >= _depth(before)
    if f"{draft}{said}".isascii() and draft.lower() not in said.lower():
        is_whole = False  # in English the read-back names the city as it was told: "shenzhen", then "futian road 8"
    return [said if is_whole else _without_doubles(draft, said, before), *both]


def _names_a_latin_street(draft: str) -> bool:
    """Whether English words name a street already, of which only the number is still told."""
    return not re.search(HANZI, draft) and EN_STREET.search(draft.lower()) is not None


def names_more_of_the_region(draft: str, said: str) -> bool:
    """Whether what is said names the town or the district that goes on with the draft: "大良" after "佛山顺德"."""
    before, after = parse(draft), parse(f"{draft} {said}")
    return (
        before is not None
        and after is not None
        and _keeps(before, after)
        and after.detail == before.detail
        and _depth(after) > _depth(before)
    )


def refined(held: Mapping[str, object], said: str) -> str | None:
    """The held address, its levels from the province down, with what `said` adds to it; None when it is another one.

    `李楼村三组` refines 太康县龙曲镇李楼村, `3栋502` refines any address, and the same words again change nothing.
    """
    known = _address(held)
    told = parse(said)
    if told is None or not known.city or not re.search(HANZI, said) or not _agree(known, told, _LEVELS):
        return None
    detail = _with_detail(known, told)
    if detail is None:
        return None
    levels = [getattr(known, level) or getattr(told, level) for level in _LEVELS]
    return "".join(dict.fromkeys(level for level in levels if level)) + detail


def in_latin_place(held: Mapping[str, object], said: str) -> str | None:
    """A street told anew for an English address, with the regions of the held one as they were spelled there."""
    regions = address_latin.regions_named(str(held.get("raw") or ""))
    return f"{said}, {regions}" if regions and not re.search(HANZI, said) else None


def _address(held: Mapping[str, object]) -> Address:
    raw, province, city, district, town, village, detail = (
        str(held.get(level) or "") for level in ("raw", *_LEVELS, "detail")
    )
    return Address(raw, province, city, district, town, village, detail.removeprefix(village))


def _with_detail(known: Address, told: Address) -> str | None:
    """Street and house of both; None when the second does not speak of the same place."""
    old, new = known.detail, told.detail
    names_nothing = not any(getattr(told, level) for level in _LEVELS)
    if names_nothing and _PIECES.fullmatch(new):
        return _with_pieces(old, new)
    is_street = bool(_STREET.search(new))
    same_street = is_street and _STREET.search(old) is not None and _street_of(new) in old
    if not new and not told.town and not told.village:
        return old
    same_place = any(
        getattr(told, level) and getattr(told, level) == getattr(known, level) for level in ("town", "village")
    )
    if same_street or (new and new in old):
        return old if new in old else _longer(old, new)
    if not same_place or (old and is_street) or (known.village and not told.village and is_street):
        return None
    if not old or not new:
        return new or old
    return _with_pieces(old, new) if _PIECES.fullmatch(new) else None


def _street_of(detail: str) -> str:
    found = _STREET.search(detail)
    return found[0] if found else detail


def _longer(old: str, new: str) -> str:
    """What stood before the street told again, and then the second telling, which goes on where the first ended."""
    start = old.index(_street_of(new))
    if HOUSE.search(new) or _PIECE.search(new):
        kept = [piece[0] for piece in _PIECE.finditer(old, start) if not _names_unit(new, piece)]
        return old[:start] + new + "".join(kept)
    return old


def _with_pieces(old: str, new: str) -> str:
    """Each piece in the place of the one of its kind, or behind all others: 3栋 for 2栋."""
    for piece in _PIECE.finditer(new):
        same = next((each for each in _PIECE.finditer(old) if each["unit"] == piece["unit"]), None)
        old = old[: same.start()] + piece[0] + old[same.end() :] if same else old + piece[0]
    return old


def _names_unit(detail: str, piece: re.Match[str]) -> bool:
    return any(each["unit"] == piece["unit"] for each in _PIECE.finditer(detail))


def _without_doubles(draft: str, said: str, before: Address) -> str:
    """The draft, cut where the second telling names its end again, with the second telling behind it."""
    best = f"{draft} {said}"
    shortest = parse(best)
    for cut in _cuts(draft):
        joined = f"{cut} {said}"
        read = parse(joined)
        if read is None or not _keeps(before, read):
            continue
        if shortest is None or not _keeps(before, shortest) or len(read.detail) < len(shortest.detail):
            best, shortest = joined, read
    return best


def _cuts(draft: str) -> Iterator[str]:
    """The beginnings of the draft, the longest first."""
    ends = [found.end() for found in _CUT.finditer(draft[:_LONGEST_DRAFT])]
    return (draft[:end].rstrip(" ,，") for end in reversed(ends))


def _agree(first: Address, second: Address, levels: tuple[str, ...] = _REGION) -> bool:
    """Whether no level is named differently in both."""
    pairs = ((getattr(first, level), getattr(second, level)) for level in levels)
    return all(not one or not other or one == other for one, other in pairs)


def _keeps(before: Address, read: Address) -> bool:
    """Whether every region that was known is still named."""
    return all(not getattr(before, level) or getattr(before, level) == getattr(read, level) for level in _LEVELS)


def _depth(address: Address) -> int:
    return sum(bool(getattr(address, level)) for level in (*_REGION, "town"))
