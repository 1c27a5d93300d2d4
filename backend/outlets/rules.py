"""Which tier an address is in, and which outlet serves it. Pure; every decision carries its reason.

Tiers (source: service manual): urban districts of a prefecture-level city are central city; towns of counties and
suburban towns of a city are township; villages are remote rural. The row of the outlet that serves an address may
override this.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.text.regions import Regions


class Tier(StrEnum):
    """How far out an address is; decides how soon we are there."""

    CENTRAL_CITY = "central_city"
    TOWNSHIP = "township"
    REMOTE_RURAL = "remote_rural"


class Locality(StrEnum):
    """Where in a town or county an address lies, as the customer answers when it does not say."""

    TOWN = "town"
    VILLAGE = "village"


class Place(Protocol):
    """The levels of an address; empty when unknown."""

    @property
    def province(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def district(self) -> str: ...
    @property
    def town(self) -> str: ...
    @property
    def village(self) -> str: ...
    @property
    def detail(self) -> str: ...


class Row(Protocol):
    """An outlet as reference data has it: it covers regions by the beginning of their code."""

    @property
    def name(self) -> str: ...
    @property
    def covers(self) -> tuple[str, ...]: ...
    @property
    def tier(self) -> str | None: ...


@dataclass(frozen=True)
class TierDecision:
    """A tier and why, in both languages."""

    tier: Tier
    zh: str
    en: str


@dataclass(frozen=True)
class OutletDecision:
    """The outlet that serves an address, and why."""

    outlet: Row
    level: str
    zh: str
    en: str


_LEVELS = {9: ("town", "乡镇街道"), 6: ("district", "区县"), 4: ("city", "城市"), 2: ("province", "省市")}


def region_code(place: Place, regions: Regions) -> str:
    """The code of the smallest region that the levels of an address name without doubt; "" when there is none."""
    code = ""
    for name in (place.province, place.city, place.district, place.town):
        inside = [each for each in regions.full.get(name, ()) if each.startswith(code) and len(each) > len(code)]
        shortest = min(map(len, inside), default=0)
        nearest = [each for each in inside if len(each) == shortest]
        if len(nearest) == 1:
            code = nearest[0]
    return code


_TOWN, _STREET_OFFICE = ("镇", "乡", "苏木"), ("街道", "街道办事处")
_BUILT_UP = re.compile(
    r"[路街栋幢座]|大道|单元|小区|花园|花苑|家园|公寓|宿舍|广场|大厦|商[场城]|超市|市场|酒店|宾馆|医院|卫生院|政府|车站|银行|邮局|\d室"
    r"|\b(?:road|rd|street|st|avenue|ave|lu|jie|building|bldg|block|apartment|apt|flat|room|garden|plaza)\b",
    re.IGNORECASE,
)
"""What only a built-up place has: an address with a street or a block in it lies in no village."""


def asks_locality(place: Place, override: str | None = None) -> bool:
    """Whether town or village decides the tier of an address and the address does not say which it is.

    It does where a town, a county, a county-level city or a city without districts is named, and neither a village
    nor anything that only a built-up place has.
    """
    if override or not place.city or place.village or _BUILT_UP.search(place.detail):
        return False
    if place.town:
        return place.town.endswith(_TOWN)
    return not _is_urban_district(place.district)


def tier(place: Place, override: str | None = None, locality: Locality | None = None) -> TierDecision:
    """The tier of an address. `locality` is believed only where the address itself leaves it open.

    Where even the city or district is open, the farther one: a promise we can keep.
    """
    if override:
        return TierDecision(Tier(override), "按网点服务范围设定", "set by the outlet's coverage")
    if locality is not None and asks_locality(place):
        if locality is Locality.VILLAGE:
            return TierDecision(Tier.REMOTE_RURAL, "客户说在村里", "the customer says it is in a village")
        return TierDecision(Tier.TOWNSHIP, "客户说在镇上", "the customer says it is in the town")
    return _tier_by_levels(place)


def _tier_by_levels(place: Place) -> TierDecision:
    in_city = _is_urban_district(place.district)
    street, town = place.town.endswith(_STREET_OFFICE), place.town.endswith(_TOWN)
    if place.village and not (in_city and street):
        return TierDecision(Tier.REMOTE_RURAL, f"{place.village}是村", f"{place.village} is a village")
    if town:
        return TierDecision(Tier.TOWNSHIP, f"{place.town}是乡镇", f"{place.town} is a town")
    if in_city:
        return TierDecision(Tier.CENTRAL_CITY, f"{place.district}是市辖区", f"{place.district} is an urban district")
    if not place.district and place.city and street:
        return TierDecision(
            Tier.CENTRAL_CITY,
            f"{place.city}不设区，{place.town}是城区街道",
            f"{place.town} is an urban street of {place.city}",
        )
    if place.district:
        return TierDecision(Tier.TOWNSHIP, f"{place.district}是县或县级市", f"{place.district} is a county")
    return TierDecision(Tier.TOWNSHIP, "地址没有写明区县", "the address names no district")


def _is_urban_district(district: str) -> bool:
    """Urban districts end in 区; 林区 and 特区 are counties by another name."""
    return district.endswith("区") and not district.endswith(("林区", "特区"))


def serving_outlet(code: str, outlets: Iterable[Row]) -> OutletDecision | None:
    """The outlet that covers the smallest part around a region: its town, district, city, province, or everything.

    The first of equals in the table; None when the table has no outlet for the region at all.
    """
    best: tuple[int, Row] | None = None
    for outlet in outlets:
        for covered in outlet.covers:
            if code.startswith(covered) and (best is None or len(covered) > best[0]):
                best = len(covered), outlet
    if best is None:
        return None
    length, outlet = best
    if length == 0:
        return OutletDecision(
            outlet, "headquarters", "没有覆盖该地区的网点，由总部负责", "no outlet covers the region; headquarters does"
        )
    level, zh = _LEVELS[length]
    return OutletDecision(outlet, level, f"{outlet.name}覆盖该{zh}", f"{outlet.name} covers this {level}")
