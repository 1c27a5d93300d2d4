"""An address that was found in a text: its levels, its verbatim span, and two findings that are one address."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise

from bot.text.address_house import ONLY_PIECES
from bot.text.address_landmarks import ONLY_THE_DOOR
from bot.text.address_words import GAP

_FINDS_NOTHING = re.compile(rf"(?:{ONLY_PIECES.pattern}|{ONLY_THE_DOOR.pattern})+", re.IGNORECASE)
"""A room, or what stands at the door, of which no street and no village is known."""
_WAY = re.compile(
    r"(?:(?![我你他她它咱俺姓叫别]|电话|手机|热水|机器|买|修|装|师傅|上门|不是|不对|写|号|唔系|错|原来|以前|现在)[\u3400-\u9fff,，、\s]){0,8}"
    r"[进走门边头桥坡去上里隔那]"
    r"(?:(?![我你他她它咱俺姓叫别]|电话|手机|热水|机器|买|修|装|师傅|上门|不是|不对|写|号|唔系|错|原来|以前|现在)[\u3400-\u9fff,，、\s]){0,6}"
)
"""A few words about the way between two pieces of one address: `…楼上，北门进，702室`."""


@dataclass(frozen=True)
class Address:
    """An address as far as it is known; levels not named and not implied are empty."""

    raw: str
    province: str = ""
    city: str = ""
    district: str = ""
    town: str = ""
    village: str = ""
    detail: str = ""
    district_required: bool = True

    @property
    def levels(self) -> dict[str, str]:
        """As told (`raw`) and by level, from province to detail."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "district_required"}

    @property
    def missing(self) -> str | None:
        """The next thing to ask for: `city`, `district`, `detail`, or None when a technician could find it."""
        if not self.city:
            return "city"
        if not self.district and self.district_required:
            return "district"
        return "detail" if self.is_loose or not (self.detail or self.village) else None

    @property
    def is_loose(self) -> bool:
        """Whether the detail is but a floor, a room or what stands at the door, of which no village is known."""
        return not self.village and bool(_FINDS_NOTHING.fullmatch(self.detail))


@dataclass(frozen=True)
class FoundAddress:
    """An address found in a longer text, with its verbatim span."""

    start: int
    end: int
    text: str
    address: Address


def united(text: str, found: Sequence[FoundAddress]) -> list[FoundAddress]:
    """The findings, the surest first; neighbours between which only a filler stands are one: `长沙 那个 开福区`."""
    left = list(found)
    for first, second in pairwise(sorted(found, key=lambda place: place.start)):
        before = next((each for each in left if each.end == first.end), None)
        if before and _is_one(text, before, second):
            at = min(left.index(before), left.index(second))
            left = [each for each in left if each not in (before, second)]
            left.insert(at, _joined(text, before, second))
    return left


def _is_one(text: str, first: FoundAddress, second: FoundAddress) -> bool:
    one, two = first.address, second.address
    pairs = ((one.city, two.city), (one.district, two.district))
    between = text[first.end : second.start]
    is_way = _WAY.fullmatch(between) and not any(two.levels[level] for level in ("city", "district", "town"))
    is_near = bool(is_way) or bool(GAP.fullmatch(between))
    return is_near and all(not a or not b or a == b for a, b in pairs)


def _joined(text: str, first: FoundAddress, second: FoundAddress) -> FoundAddress:
    whole = FoundAddress(first.start, second.end, text[first.start : second.end], first.address)
    return _read_again(whole, second, "" if first.end == second.start else " ")


def _read_again(whole: FoundAddress, second: FoundAddress, between: str) -> FoundAddress:
    """The levels of both parts; what the first leaves open is taken from the second."""
    levels = {name: value or getattr(second.address, name) for name, value in whole.address.levels.items()}
    detail = between.join(part for part in (whole.address.detail, second.address.detail) if part)
    required = whole.address.district_required and second.address.district_required
    known = Address(**{**levels, "raw": whole.text, "detail": detail}, district_required=required)
    return replace(whole, address=known)
