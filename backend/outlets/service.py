"""Read an address as a customer wrote it, and decide tier and outlet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.errors import BadAddress
from backend.outlets import rules
from backend.reference import Reference
from backend.reference.tables import Outlet
from bot.text import address as addresses
from bot.text.address import Address
from bot.text.regions import Regions, regions

LEVELS = ("raw", "province", "city", "district", "town", "village", "detail")
LONGEST = {"raw": 300, "detail": 200}


@dataclass(frozen=True)
class Placed:
    """An address with the decisions about it. `missing` is what to ask for next: city, district, detail or None.

    `locality` is what the customer answered where `asks_locality`: whether it is in a town or in a village.
    """

    address: Address
    tier: rules.TierDecision | None
    outlet: rules.OutletDecision | None
    locality: rules.Locality | None = None
    asks_locality: bool = False

    @property
    def missing(self) -> str | None:
        return self.address.missing

    @property
    def reason(self) -> dict[str, str]:
        """Why this tier and this outlet, in both languages; empty when nothing could be decided."""
        made = [each for each in (self.tier, self.outlet) if each]
        if not made:
            return {}
        return {"zh": "；".join(each.zh for each in made), "en": "; ".join(each.en for each in made)}

    def as_dict(self) -> dict[str, Any]:
        """The levels and the tier, as the API carries an address, and the locality where one was told."""
        levels = {level: getattr(self.address, level) for level in LEVELS}
        told = {"locality": self.locality.value} if self.locality else {}
        return {**levels, **told, "tier": self.tier.tier.value if self.tier else None}


def check(text: str, reference: Reference) -> Placed:
    """Read an address.

    Raises:
        BadAddress: it names no region, street or house we know.
    """
    found = addresses.parse(text)
    if found is None:
        raise BadAddress
    return place(found, reference)


def place(
    address: Address, reference: Reference, table: Regions | None = None, locality: rules.Locality | None = None
) -> Placed:
    """Decide tier and outlet. An address without a city has neither yet."""
    if not address.city:
        return Placed(address, None, None, locality)
    outlet = rules.serving_outlet(rules.region_code(address, table or regions()), reference.outlets.outlets)
    override = outlet.outlet.tier if outlet else None
    asks = locality is None and rules.asks_locality(address, override)
    return Placed(address, rules.tier(address, override, locality), outlet, locality, asks)


def read(value: str | Mapping[str, Any] | None, reference: Reference) -> Placed | None:
    """An address from the API: its levels as checked before, or plain text. Text nobody can place is kept as it is."""
    if not value:
        return None
    if isinstance(value, str):
        found = addresses.parse(value) or Address(raw=value[: LONGEST["raw"]], detail=value[: LONGEST["detail"]])
        return place(found, reference)
    levels = {level: str(value.get(level) or "")[: LONGEST.get(level, 60)] for level in LEVELS}
    if not any(levels[level] for level in ("city", "district", "town", "village", "detail")):
        return read(levels["raw"], reference)
    address = Address(
        raw=levels["raw"],
        province=levels["province"],
        city=levels["city"],
        district=levels["district"],
        town=levels["town"],
        village=levels["village"],
        detail=levels["detail"],
    )
    told = value.get("locality")
    return place(address, reference, locality=rules.Locality(told) if told in tuple(rules.Locality) else None)


def named(name: str | None, reference: Reference) -> Outlet | None:
    """The outlet of a name, or None when there is none."""
    return next((each for each in reference.outlets.outlets if each.name == name), None)


def one_line(address: Address) -> str:
    """An address from the province down to the room, without blanks; its raw text when no level is known."""
    levels = (str(getattr(address, level)) for level in LEVELS if level != "raw")
    return "".join("".join(levels).split()) or address.raw
