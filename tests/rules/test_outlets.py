"""Which tier an address is in, and who serves it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from backend import reference
from backend.errors import BadAddress
from backend.outlets import rules, service
from backend.outlets.rules import Locality, Tier
from bot.text.address import Address
from bot.text.regions import parse_table

REFERENCE = reference.current()
TABLE = parse_table(
    """code\tname
44\t广东省
4401\t广州市
440106\t天河区
440106001\t石牌街道
4406\t佛山市
440606\t顺德区
440606101\t龙江镇
42\t湖北省
429004\t仙桃市
50\t重庆市
500235\t云阳县
""".splitlines()
)


@dataclass(frozen=True)
class Row:
    """An outlet."""

    name: str
    covers: tuple[str, ...]
    tier: str | None = None


def place(**levels: str) -> Address:
    return Address(raw="", **levels)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("levels", "tier"),
    [
        ({"city": "广州市", "district": "天河区", "town": "石牌街道"}, Tier.CENTRAL_CITY),
        ({"city": "广州市", "district": "天河区"}, Tier.CENTRAL_CITY),
        ({"city": "佛山市", "district": "顺德区", "town": "龙江镇"}, Tier.TOWNSHIP),
        ({"city": "佛山市", "district": "顺德区", "town": "龙江镇", "village": "左滩村"}, Tier.REMOTE_RURAL),
        ({"city": "广州市", "district": "天河区", "town": "石牌街道", "village": "石牌村"}, Tier.CENTRAL_CITY),
        ({"city": "重庆市", "district": "云阳县", "town": "双江街道"}, Tier.TOWNSHIP),
        ({"city": "东莞市", "town": "虎门镇"}, Tier.TOWNSHIP),
        ({"city": "东莞市", "town": "莞城街道"}, Tier.CENTRAL_CITY),
        ({"city": "神农架林区", "district": "神农架林区"}, Tier.TOWNSHIP),
        ({"city": "昆山市", "district": "昆山市"}, Tier.TOWNSHIP),
        ({"city": "广州市"}, Tier.TOWNSHIP),
    ],
)
def test_the_tier_follows_the_levels_of_the_address(levels: dict[str, str], tier: Tier) -> None:
    decision = rules.tier(place(**levels))
    assert decision.tier is tier
    assert decision.zh
    assert decision.en


@pytest.mark.parametrize(
    ("levels", "asks"),
    [
        ({"city": "佛山市", "district": "顺德区", "town": "龙江镇", "detail": "5号"}, True),
        ({"city": "佛山市", "district": "顺德区", "town": "龙江镇", "detail": "左滩三巷5号"}, True),
        ({"city": "佛山市", "district": "顺德区", "town": "龙江镇", "detail": "文华路5号"}, False),
        ({"city": "佛山市", "district": "顺德区", "town": "龙江镇", "detail": "碧桂园3栋502"}, False),
        ({"city": "佛山市", "district": "顺德区", "town": "龙江镇", "detail": "5 Wenhua Road"}, False),
        ({"city": "佛山市", "district": "顺德区", "town": "龙江镇", "village": "左滩村", "detail": "5号"}, False),
        ({"city": "广州市", "district": "天河区", "town": "石牌街道", "detail": "5号"}, False),
        ({"city": "广州市", "district": "天河区", "detail": "5号"}, False),
        ({"city": "重庆市", "district": "云阳县", "detail": "5号"}, True),
        ({"city": "重庆市", "district": "云阳县", "town": "双江街道", "detail": "5号"}, False),
        ({"city": "昆山市", "district": "昆山市", "detail": "中心小学后面"}, True),
        ({"city": "东莞市", "town": "虎门镇", "detail": "5号"}, True),
        ({"district": "云阳县", "detail": "5号"}, False),
    ],
)
def test_town_or_village_is_asked_only_where_the_address_leaves_it_open(levels: dict[str, str], asks: bool) -> None:
    assert rules.asks_locality(place(**levels)) is asks
    assert not rules.asks_locality(place(**levels), override="township")


@pytest.mark.parametrize(
    ("locality", "tier"), [(Locality.VILLAGE, Tier.REMOTE_RURAL), (Locality.TOWN, Tier.TOWNSHIP), (None, Tier.TOWNSHIP)]
)
def test_the_answer_decides_the_tier_that_was_open(locality: Locality | None, tier: Tier) -> None:
    decision = rules.tier(place(city="佛山市", district="顺德区", town="龙江镇", detail="5号"), locality=locality)
    assert decision.tier is tier
    assert locality is None or "客户说" in decision.zh


def test_the_answer_changes_no_tier_that_the_address_makes_certain() -> None:
    in_the_city = place(city="广州市", district="天河区", town="石牌街道", detail="5号")
    assert rules.tier(in_the_city, locality=Locality.VILLAGE).tier is Tier.CENTRAL_CITY
    assert rules.tier(in_the_city, "township", Locality.VILLAGE).tier is Tier.TOWNSHIP


def test_an_answer_travels_with_the_address_and_is_not_asked_for_again() -> None:
    placed = service.check("佛山市顺德区龙江镇5号", REFERENCE)
    assert placed.asks_locality
    told = service.read({**placed.as_dict(), "locality": "village"}, REFERENCE)
    assert told is not None
    assert told.as_dict()["locality"] == "village"
    assert told.as_dict()["tier"] == "remote_rural"
    assert not told.asks_locality
    made_up = service.read({**placed.as_dict(), "locality": "moon"}, REFERENCE)
    assert made_up is not None
    assert made_up.locality is None


def test_the_coverage_of_an_outlet_overrides_the_tier() -> None:
    decision = rules.tier(place(city="佛山市", district="顺德区", town="龙江镇"), override="central_city")
    assert decision.tier is Tier.CENTRAL_CITY
    assert "coverage" in decision.en


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        ({"province": "广东省", "city": "广州市", "district": "天河区", "town": "石牌街道"}, "440106001"),
        ({"province": "广东省", "city": "广州市", "district": "没有区"}, "4401"),
        ({"province": "湖北省", "city": "仙桃市", "district": "仙桃市"}, "429004"),
        ({"province": "重庆市", "city": "重庆市", "district": "云阳县"}, "500235"),
        ({}, ""),
    ],
)
def test_the_region_is_the_smallest_one_named_without_doubt(levels: dict[str, str], code: str) -> None:
    assert rules.region_code(place(**levels), TABLE) == code


ROWS = [
    Row("hq", ("",)),
    Row("province", ("44",)),
    Row("city", ("4401",)),
    Row("district", ("440106",)),
    Row("town", ("440106001",)),
]


@pytest.mark.parametrize(
    ("code", "name", "level"),
    [
        ("440106001", "town", "town"),
        ("440106002", "district", "district"),
        ("440111001", "city", "city"),
        ("440606101", "province", "province"),
        ("530102", "hq", "headquarters"),
        ("", "hq", "headquarters"),
    ],
)
def test_the_outlet_is_looked_for_from_the_town_outwards(code: str, name: str, level: str) -> None:
    decision = rules.serving_outlet(code, ROWS)
    assert decision is not None
    assert (decision.outlet.name, decision.level) == (name, level)


def test_without_any_outlet_for_a_region_there_is_none() -> None:
    assert rules.serving_outlet("53", [Row("province", ("44",))]) is None


def test_an_address_is_read_placed_and_given_a_reason_in_both_languages() -> None:
    placed = service.check("佛山市顺德区龙江镇左滩村三巷5号", REFERENCE)
    assert placed.missing is None
    assert placed.as_dict()["tier"] == "remote_rural"
    assert placed.outlet is not None
    assert placed.outlet.level == "district"
    assert "左滩村" in placed.reason["zh"]
    assert "village" in placed.reason["en"]


def test_what_names_no_place_is_refused() -> None:
    for text in ("", "火星", "<b>x</b>", "{0.__class__}", "明天" * 500):
        with pytest.raises(BadAddress):
            service.check(text, REFERENCE)


def test_an_unfinished_address_has_no_tier_yet_and_says_what_is_missing() -> None:
    placed = service.check("鼓楼区中山路1号", REFERENCE)
    assert placed.missing == "city"
    assert placed.tier is None


def test_text_nobody_can_place_is_kept_as_it_is() -> None:
    placed = service.read("<script>alert(1)</script>", REFERENCE)
    assert placed is not None
    assert placed.address.raw == "<script>alert(1)</script>"
    assert placed.tier is None


def test_a_tier_that_is_sent_along_is_not_believed() -> None:
    told = {
        "province": "广东省",
        "city": "佛山市",
        "district": "顺德区",
        "town": "龙江镇",
        "detail": "1号",
        "tier": "central_city",
    }
    placed = service.read(told, REFERENCE)
    assert placed is not None
    assert placed.as_dict()["tier"] == "township"
