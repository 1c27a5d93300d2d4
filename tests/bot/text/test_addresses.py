"""Addresses are read level by level; what is not sure stays empty and is asked for."""

import pytest

from bot.text.address import find, find_all, parse
from bot.text.regions import regions


def levels(text: str) -> tuple[str, ...]:
    address = parse(text)
    assert address is not None
    return address.province, address.city, address.district, address.town, address.village, address.detail


def test_a_full_address_names_every_level() -> None:
    assert levels("广东省佛山市顺德区大良街道凤翔路128号3栋502") == (
        "广东省",
        "佛山市",
        "顺德区",
        "大良街道",
        "",
        "凤翔路128号3栋502",
    )


def test_short_names_and_spoken_numbers_are_understood() -> None:
    assert levels("佛山顺德大良凤翔路一百二十八号三栋五零二") == (
        "广东省",
        "佛山市",
        "顺德区",
        "大良街道",
        "",
        "凤翔路一百二十八号三栋五零二",
    )


def test_missing_levels_are_filled_upwards_when_only_one_is_possible() -> None:
    assert levels("顺德区凤翔路12号")[:3] == ("广东省", "佛山市", "顺德区")
    assert levels("小榄镇文化路8号")[:2] == ("广东省", "中山市")


@pytest.mark.parametrize("text", ["鼓楼区中山北路3号", "朝阳区", "幸福路12号3栋502"])
def test_an_ambiguous_place_asks_for_the_city(text: str) -> None:
    address = parse(text)
    assert address is not None
    assert (address.province, address.city, address.missing) == ("", "", "city")


def test_the_next_missing_level_is_named() -> None:
    asked = [parse(text) for text in ("佛山", "顺德区", "顺德区凤翔路12号", "东莞长安镇霄边村三巷5号")]
    assert [address.missing if address else "none" for address in asked] == ["district", "detail", None, None]


def test_a_village_is_told_from_its_town() -> None:
    assert levels("阳朔县阳朔镇骥马村12号")[3:] == ("阳朔镇", "骥马村", "12号")


def test_a_street_named_after_a_city_is_a_street() -> None:
    assert levels("上海市黄浦区南京东路100号")[2:] == ("黄浦区", "", "", "南京东路100号")


def test_a_district_of_another_city_is_not_believed() -> None:
    address = parse("佛山市朝阳区幸福路3号")
    assert address is not None
    assert (address.city, address.district, address.missing) == ("佛山市", "", "district")


def test_municipalities_are_their_own_city() -> None:
    assert levels("重庆渝北区金龙路100号")[:3] == ("重庆市", "重庆市", "渝北区")


def test_traditional_characters_are_understood_and_kept() -> None:
    text = "我住廣東省佛山市順德區大良街道鳳翔路128號"
    found = find(text)
    assert found is not None
    assert found.address.district == "顺德区"
    assert text[found.start : found.end] == found.text == "廣東省佛山市順德區大良街道鳳翔路128號"


def test_the_address_ends_where_the_story_begins() -> None:
    found = find("我家在佛山南海里水镇河村大道5号热水器不加热电话13800138000")
    assert found is not None
    assert found.text == "佛山南海里水镇河村大道5号"


@pytest.mark.parametrize(
    "text", ["Foshan", "I live in Foshan", "Foshan City, Guangdong", "Room 2, 12 Renmin Road, Shunde District, Foshan"]
)
def test_chinese_places_are_known_in_latin_letters(text: str) -> None:
    address = parse(text)
    assert address is not None
    assert (address.province, address.city) == ("广东省", "佛山市")


def test_an_english_address_with_its_district_is_complete() -> None:
    address = parse("Room 2, 12 Renmin Road, Shunde District, Foshan")
    assert address is not None
    assert (address.district, address.missing) == ("顺德区", None)


def test_an_english_address_is_found_whole() -> None:
    found = find("Room 502, No. 128 Fengxiang Road, Shunde District, Foshan, my phone is 138")
    assert found is not None
    assert found.text == "Room 502, No. 128 Fengxiang Road, Shunde District, Foshan"


@pytest.mark.parametrize(
    "text", ["我家热水器漏水了", "佛山天气好热", "师傅说一共要300块，2号来的", "明天下午3点到5点", "不知道", ""]
)
def test_no_address_is_invented(text: str) -> None:
    assert find(text) is None


def test_every_region_has_a_parent() -> None:
    table = regions()
    assert len(table.names) > 40_000
    assert all(code[:2] in table.names for code in table.names)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("上海浦东新区张江镇科苑路88号", "科苑路88号"),
        ("成都市武侯区桂溪街道天府大道99号3栋", "天府大道99号3栋"),
        ("武汉市洪山区关山街道雄楚府5栋201", "雄楚府5栋201"),
        ("广州市天河区林和街道湾边街7号", "湾边街7号"),
    ],
)
def test_a_street_whose_name_ends_like_an_estate_is_a_street(text: str, detail: str) -> None:
    found = parse(text)
    assert found is not None
    assert found.detail == detail


@pytest.mark.parametrize(
    "text",
    [
        "武汉市洪山区珞喻路1号 金地太阳城 8栋1203",
        "武汉市洪山区珞喻路1号 阳光城 8栋1203",
        "北京市海淀区学院路甲38号 呃 那个 家属院5号楼2门301",
    ],
)
def test_an_estate_behind_the_street_belongs_to_the_address(text: str) -> None:
    (found,) = find_all(text)
    assert found.text == text


def test_two_addresses_with_a_comma_between_are_two() -> None:
    places = find_all("南京市鼓楼区中山北路50号，苏州市姑苏区平江路28号")
    assert [each.address.city for each in places] == ["南京市", "苏州市"]
