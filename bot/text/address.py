"""Addresses in a customer's words: where they stand in the text and what province, city, district … they name.

Nothing is guessed: a missing level is filled in only when the named ones leave a single possibility (顺德区 lies in
佛山市 of 广东省 and nowhere else; 鼓楼区 does not say which city).
"""

import re
from dataclasses import replace

from bot.text import address_house, address_landmarks, address_latin, address_pinyin
from bot.text.address_chain import Chain, chains, common, just_before, next_place
from bot.text.address_found import Address, FoundAddress, united
from bot.text.address_told import is_city_alone, is_passing, is_told
from bot.text.address_words import (
    AFTER_A_NAME,
    BETWEEN,
    BUILDING_NEXT,
    BY_A_LANDMARK,
    CLAUSE_ENDS,
    CUE,
    DAY_AFTER,
    DENIED,
    DETAIL_UNIT,
    EN_WITH_PLACE,
    ESTATE_AND_BUILDING,
    ESTATE_BEFORE,
    ESTATE_NEXT,
    FLOOR,
    FLOOR_AND_ROOM,
    HANZI,
    HEARSAY,
    HOUSE,
    IS_LANDMARK,
    LEAD,
    LIVES_IN,
    LONG_REST,
    NEXT_TO_A_LANDMARK,
    NO_PLAIN_REST,
    NO_REST,
    NO_VILLAGE,
    NOTHING_MORE,
    NUM,
    ON_THE_WAY,
    ONLY_LANDMARK,
    ONLY_THERE,
    PIECE,
    PLAIN_REST,
    PUT_RIGHT,
    RIGHT_NAME,
    RIGHT_PLACE,
    SMALL_PLACE,
    STOP,
    STRONG_CUE,
    TOWN_ALONE,
    TOWN_SHAPE,
    TRAILING,
    UNKNOWN_ABOVE,
    UNSURE,
    VILLAGE,
)
from bot.text.normal import Normal, normal
from bot.text.regions import Regions, regions
from bot.text.romanised import below, is_place, region

__all__ = ["Address", "FoundAddress", "find", "find_all", "parse"]

_SEARCHED = 400
_MOST = 3
_LAST_DAY = 31
_DENIED_PLACE = re.compile(r"\bnot (?:in )?(?P<place>[a-z']+)")
_DAY = re.compile(r"(?:[12]?[0-9]|3[01])号")
_OF_A_DOOR = re.compile(r"[门楼房栋室]牌?号?(?:码|应该|应当|写的?|是|为|改[成为]|[:：\s])*$|地址[^,。]{0,6}$")


def parse(text: str, table: Regions | None = None) -> Address | None:
    """Read `text` as an address; None when it names no region and no street, village or house."""
    found = find(text, table, asked=True)
    return replace(found.address, raw=found.text) if found else None


def find(text: str, table: Regions | None = None, *, asked: bool = False) -> FoundAddress | None:
    """The address in `text`. `asked` says that the customer was asked for one, so that a bare "佛山" counts."""
    table = table or regions()
    matched = normal(text, _SEARCHED)
    ranked = chains(matched.text, table)
    if not ranked:
        return (
            _in_pinyin(matched, address_pinyin.find(matched.text, asked=asked), table)
            or _without_region(matched, table, asked)
            or _small_place(matched, table)
            or _in_latin_letters(matched, table, asked)
            or _in_pinyin(matched, address_pinyin.street(matched.text), table)
            or _house(matched)
        )
    estate = _estate(matched.text, ranked[0])
    if estate:
        return _unplaced(matched, *estate)
    placed = (_at_chain(matched, chain, table, asked) for chain in ranked)
    found = next((each for each in placed if each), None)
    return found or _town_alone(matched, ranked[0], table) or _small_place(matched, table) or _house(matched)


def _at_chain(matched: Normal, chain: Chain, table: Regions, asked: bool) -> FoundAddress | None:
    """The address that begins with these regions, or None when they are only named in passing."""
    detail_end = min(_detail_end(matched.text, chain.end, asked=asked), next_place(matched.text, chain.end, table))
    rest = PLAIN_REST.match(matched.text, detail_end)
    lead = ONLY_THERE.fullmatch(matched.text, 0, chain.start)
    if detail_end == chain.end and lead and rest and not (NO_REST.search(rest[0]) or STOP.search(rest[0])):
        detail_end = rest.end() if chain.named > 1 or chain.full else detail_end
    elif rest and detail_end == chain.end and _is_listed(matched.text, chain, rest[0]):
        detail_end = rest.end()
    elif detail_end == chain.end and STRONG_CUE.search(just_before(matched.text, chain.start)):
        detail_end = _told_whole(matched.text, detail_end)
    alone = lead and NOTHING_MORE.fullmatch(matched.text, detail_end)
    has_detail = detail_end > chain.end
    cued = bool(CUE.search(just_before(matched.text, chain.start)))
    told = cued and (chain.full or CLAUSE_ENDS.match(matched.text, detail_end))
    told = (told and not is_passing(matched.text, chain.start)) or is_told(matched.text, chain, detail_end)
    told = told or (chain.named > 1 and not is_passing(matched.text, chain.start))
    is_one = asked or alone or has_detail or told
    return _found(matched, chain, detail_end, table) if is_one else None


def _told_whole(text: str, start: int) -> int:
    """Where a plain name ends that goes on behind the regions of what is called the address: `江夏区藏龙岛五月花`."""
    rest = LONG_REST.match(text, start)
    is_name = rest and not (NO_REST.search(rest[0]) or STOP.search(rest[0]) or NO_PLAIN_REST.search(rest[0]))
    return rest.end() if rest and is_name else start


def _is_listed(text: str, chain: Chain, rest: str) -> bool:
    """Whether a plain name goes on where regions down to a town end, in a list of data: `深圳宝安沙井街道壆岗 135…`."""
    begins = chain.start == 0 or not re.match(HANZI, text[chain.start - 1])
    no_name = NO_REST.search(rest) or STOP.search(rest) or NO_PLAIN_REST.search(rest)
    return begins and chain.named > 2 and len(rest) <= 4 and not no_name


def find_all(text: str, table: Regions | None = None) -> list[FoundAddress]:
    """All addresses in `text`, the surest first: a heater is moved from one to another."""
    found: list[FoundAddress] = []
    rest = text
    for _ in range(_MOST):
        place = find(rest, table)
        if place is None:
            break
        if place.text not in (each.text for each in found):
            found.append(place)
        rest = rest[: place.start] + "。" * (place.end - place.start) + rest[place.end :]
    return united(text, found)


def _detail_end(text: str, start: int, *, asked: bool) -> int:
    """Where the street, house and room after `start` end; `start` when there are none."""
    farthest = min(len(text), start + 80)
    stop = STOP.search(text, start, farthest)
    limit = stop.start() if stop else farthest
    end = at = start
    town = TOWN_SHAPE.match(text, start, limit)
    if town:
        end = at = town.end()
    while at < limit:
        blank = BETWEEN.match(text, at, limit)
        at = blank.end() if blank else at
        unit = DETAIL_UNIT.match(text, at, limit) or (TRAILING.match(text, at, limit) if end > start else None)
        unit = unit or BY_A_LANDMARK.match(text, at, limit)
        longer = NEXT_TO_A_LANDMARK.match(text, at) if end > start else None
        unit = longer if longer and longer.end() <= limit and (unit is None or unit.end() < longer.end()) else unit
        unit = unit or (
            AFTER_A_NAME.match(text, at, limit) if at == end else ESTATE_AND_BUILDING.match(text, at, limit)
        )
        unit = unit or (ESTATE_NEXT.match(text, at, limit) if at == end and text[at - 1] == "号" else None)
        if unit is None or unit.end() == at or _is_day(text, unit) or _goes_on(text, unit):
            break
        end = at = unit.end()
    more = address_landmarks.goes_on(text, end)
    end = _detail_end(text, more, asked=False) if more > end else end
    rest = text[start:limit].strip(" ,、")
    if asked and end == start and 2 <= len(rest) <= 30:
        return start + len(text[start:limit].rstrip(" ,、"))
    return end


def _is_day(text: str, unit: re.Match[str]) -> bool:
    """`27号安装` is a day; no month has a 1155号."""
    number = re.search(r"(\d+)\s?号$", unit[0])
    may_be = unit[0].endswith("号") and not (number and int(number[1]) > _LAST_DAY)
    return may_be and bool(DAY_AFTER.match(text, unit.end()))


def _goes_on(text: str, unit: re.Match[str]) -> bool:
    """A landmark behind a comma that is only the beginning of what follows: `三社，村口小卖部问…`."""
    return text[unit.start() - 1 : unit.start()] == "," and bool(
        ON_THE_WAY.fullmatch(unit[0]) and re.match(HANZI, text[unit.end() :])
    )


def _found(matched: Normal, chain: Chain, detail_end: int, table: Regions) -> FoundAddress:
    above = UNKNOWN_ABOVE.search(matched.text[max(0, chain.start - 9) : chain.start])
    begin = chain.start - len(above[0]) if above and not STOP.search(above[0]) else chain.start
    start, end = matched.span(begin, detail_end)
    raw = matched.original[start:end]
    code = None if matched.text[chain.start : chain.end] in UNSURE else common(chain.codes)
    code = (code and below(matched.text[chain.end : detail_end], code)) or code
    at = chain.end
    town = TOWN_SHAPE.match(matched.text, at, detail_end) if code is None or len(code) < 9 else None
    at = town.end() if town else at
    village = VILLAGE.match(matched.text[at:detail_end])
    at += village.end() if village else 0
    detail = _verbatim(matched, at, detail_end)
    known = Address(raw, village=village["village"] if village else "", detail=detail)
    known = _placed(known, chain.codes, code, table)
    if code:
        known = replace(known, town=known.town or (town["town"] if town else ""))
    return FoundAddress(start, end, raw, known)


def _with_levels(known: Address, code: str, table: Regions) -> Address:
    return replace(
        known,
        province=table.named(code, 2),
        city=table.named(code, 4),
        district=table.named(code, 6),
        town=table.named(code, 9),
        district_required=table.has_districts(code),
    )


def _verbatim(matched: Normal, start: int, end: int) -> str:
    return matched.verbatim(start, end).strip(" ,，、·-") if end > start else ""


def _with_estate(text: str, start: int) -> int:
    """Where the name begins that stands before the first building: `绿地世纪城二期9栋`."""
    building = re.match(rf"(?:{NUM}+|[a-z]\d{{0,2}})(?:期|栋|座|幢|号楼|区|单元)", text[start:])
    before = re.search(r"[\u3400-\u9fffa-z]{2,8}$", text[max(0, start - 8) : start]) if building else None
    if before is None:
        return start
    lead = LEAD.match(text, start - len(before[0]), start)
    if lead and lead.end() == start:
        return start
    begin = _trim_lead(text, start - len(before[0]), start)
    return begin if start - begin >= 2 else start


def _starts_with_a_town(text: str, start: int, table: Regions) -> bool:
    """Whether the words begin with the short name of a town: `大良凤翔路`, `勒流镇政府对面`."""
    if re.match(NUM, text[start : start + 1]):
        return False
    return any(text[start : start + size] in table.short and not ONLY_LANDMARK.match(text, start) for size in (3, 2))


def _without_region(matched: Normal, table: Regions, asked: bool) -> FoundAddress | None:
    """A street and house, or an English address, that names no known region."""
    text = matched.text
    best: tuple[int, int] | None = None
    seen = 0
    for unit in DETAIL_UNIT.finditer(text):
        if unit.start() < seen:
            continue
        before = re.search(r"[\u3400-\u9fff]{1,8}$", text[max(0, unit.start() - 8) : unit.start()])
        start = _trim_lead(text, unit.start() - len(before[0]) if before else unit.start(), unit.end())
        end = seen = _detail_end(text, start, asked=False)
        strong = (
            bool(FLOOR_AND_ROOM.fullmatch(text.strip(" ,。")))
            or bool(STRONG_CUE.search(just_before(text, start)))
            or _starts_with_a_town(text, start, table)
        )
        units = len(DETAIL_UNIT.findall(text[start:end]))
        if (
            DENIED.search(just_before(text, start))
            or FLOOR.fullmatch(text[start:end])
            or IS_LANDMARK.fullmatch(text[start:end])
            or (_DAY.fullmatch(text[start:end]) and not _OF_A_DOOR.search(just_before(text, start)))
        ):
            continue
        if not (strong or HOUSE.search(text, start, end)):
            continue
        start = _with_estate(text, start)
        if end > start and (units > 1 or (units == 1 and (asked or strong))):
            best = start, end
            break
    found = _unplaced(matched, *best) if best else None
    latin = _in_latin_letters(matched, table, asked) if found and found.text.isascii() else None
    is_inside = latin and found and latin.start <= found.start and found.end <= latin.end
    return latin if is_inside else found  # figures inside an English address are a piece of it


def _unplaced(matched: Normal, begin: int, stop: int) -> FoundAddress:
    """An address without regions: a village, or a detail alone."""
    start, end = matched.span(begin, stop)
    raw = matched.original[start:end]
    village = VILLAGE.match(matched.text[begin:stop])
    if village:
        detail = _verbatim(matched, begin + village.end(), stop)
        return FoundAddress(start, end, raw, Address(raw, village=village["village"], detail=detail))
    return FoundAddress(start, end, raw, Address(raw, detail=raw))


def _estate(text: str, chain: Chain) -> tuple[int, int] | None:
    """An estate whose name ends like a region, with its building: `锦绣江南11幢` lies in no 江南区."""
    if chain.full or chain.named > 1 or not BUILDING_NEXT.match(text, chain.end):
        return None
    before = ESTATE_BEFORE.search(text[: chain.start])
    return (before.start("estate"), _detail_end(text, chain.end, asked=False)) if before else None


def _trim_lead(text: str, start: int, end: int) -> int:
    """Cut "我家住在" off the front of "我家住在幸福路"."""
    lead = LEAD.match(text, start, end)
    begin = lead.end() if lead and lead.end() < end else start
    for stop in STOP.finditer(text, begin, end):
        if stop.end() < end:
            begin = stop.end()
    return begin


def _small_place(matched: Normal, table: Regions) -> FoundAddress | None:
    """A village, or a town by its short name, of somebody who says where they are: `我是河东村的`, `我在凤岗`."""
    hearsay = HEARSAY.search(matched.text)
    if hearsay:
        return _unplaced(matched, *hearsay.span("place"))
    alone = TOWN_ALONE.search(matched.text)
    if alone and not STOP.search(alone["place"]):
        return _unplaced(matched, *alone.span("place"))
    for told in SMALL_PLACE.finditer(matched.text):
        name = told["place"]
        if (
            name in NO_VILLAGE
            or "哪" in name
            or (not told["village"] and is_passing(matched.text, told.start("place")))
        ):
            continue
        if told["village"] or name in table.short or name in table.full:
            start, end = matched.span(*told.span("place"))
            raw = matched.original[start:end]
            known = Address(raw, village=raw) if told["village"] else Address(raw, detail="")
            return FoundAddress(start, end, raw, known)
    return None


def _house(matched: Normal) -> FoundAddress | None:
    """A house by what stands beside it, or a piece of one that is all that is told: `红铁门那家`, `我住九楼`."""
    told = address_landmarks.span(matched.text) or _piece(matched.text) or address_house.span(matched.text)
    return _unplaced(matched, *told) if told else None


def _piece(text: str) -> tuple[int, int] | None:
    """A piece of an address that is put right: `是九楼，不是六楼`, `房号反了，1206不是1602`."""
    is_put_right = PUT_RIGHT.search(text) is not None
    name = RIGHT_NAME.search(text) or (RIGHT_PLACE.search(text) if is_put_right else None)
    if name:
        return name.span("place")
    told = PIECE.search(text)
    if told is None or not is_put_right:
        return None
    return told.span(next(kind for kind in ("piece", "room", "other") if told[kind]))


def _town_alone(matched: Normal, chain: Chain, table: Regions) -> FoundAddress | None:
    """A town that stands between commas, with what is said before it of where it lies: `高新区石羊街道`."""
    told = TOWN_ALONE.search(matched.text)
    if told is None or not chain.full or not told.start("place") <= chain.start < chain.end == told.end("place"):
        return None
    return _found(matched, replace(chain, start=told.start("place")), chain.end, table)


def _in_pinyin(matched: Normal, place: address_pinyin.Place | None, table: Regions) -> FoundAddress | None:
    """An address typed in pinyin; its street and house stay as they were typed."""
    if place is None:
        return None
    start, end = matched.span(place.start, place.end)
    raw = matched.original[start:end]
    is_unsure = matched.text[place.start : place.at].replace(" ", "") in UNSURE
    at = place.at + address_pinyin.village_end(matched.text[place.at : place.end])
    known = Address(raw, village=_verbatim(matched, place.at, at), detail=_verbatim(matched, at, place.end))
    code = common(place.codes) if place.codes and not is_unsure else None
    return FoundAddress(start, end, raw, _placed(known, place.codes, code, table))


def _placed(known: Address, codes: frozenset[str], code: str | None, table: Regions) -> Address:
    """The address with the levels of the region it names, or with the district's name alone that all codes share."""
    if code:
        return _with_levels(known, code, table)
    districts = {table.names[each] for each in codes if len(each) == 6}
    return replace(known, district=districts.pop()) if len(districts) == 1 else known


def _hidden(found: re.Match[str]) -> str:
    return ";" * len(found[0]) if is_place(found["place"]) else found[0]


def _in_latin_letters(matched: Normal, table: Regions, asked: bool) -> FoundAddress | None:
    """An English address with the regions it names; regions alone count when asked for, or after "in" and "from"."""
    span = address_latin.span(matched.text)
    place = region(matched.text[slice(*span)] if span else _DENIED_PLACE.sub(_hidden, matched.text))
    lives = LIVES_IN.search(matched.text)
    if span is None and place is None and lives and is_place(lives["place"]):
        return _unplaced(matched, *lives.span("place"))
    if span is None:
        if place is None or place[0] not in table.names or address_pinyin.is_a_syllable(matched.text, *place[1:]):
            return None
        cued = re.search(
            r"(?<!\bnot )\b(?:in|from|at|near|to|zai|is|but|it's|mean|meant|dao|cong) $", matched.text[: place[1]]
        )
        told = (cued and not is_passing(matched.text, place[1])) or is_city_alone(matched.text, *place)
        if not (asked or told or place[2] - place[1] >= 0.8 * len(matched.text.strip())):
            return None
        more = EN_WITH_PLACE.match(matched.text, place[2])
        span = place[1], more.end() if more else place[2]
    street = None if place else address_pinyin.street(matched.text)
    if street and street.start < span[1] <= street.end:
        return _in_pinyin(matched, street, table)
    start, end = matched.span(*span)
    raw = matched.original[start:end]
    known = Address(raw, detail=raw if re.search(r"\d", raw) else "")
    return FoundAddress(start, end, raw, _with_levels(known, place[0], table) if place else known)
