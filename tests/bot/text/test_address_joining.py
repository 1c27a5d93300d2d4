"""An address told in two messages: nothing doubled, a contradiction replaced, more detail of the same place added."""

from __future__ import annotations

import pytest

from bot.text.address import Address, find, find_all, parse
from bot.text.address_joining import readings, refined

JOINED = [
    # a level named again
    ("顺德容桂", "容桂街道桂洲大道中53号碧桂园花园6座1203", "佛山市 顺德区 容桂街道 桂洲大道中53号碧桂园花园6座1203"),
    ("顺德容桂", "容桂桂洲大道中53号", "佛山市 顺德区 容桂街道 桂洲大道中53号"),
    ("顺德容桂", "佛山市顺德区容桂街道桂洲大道中53号", "佛山市 顺德区 容桂街道 桂洲大道中53号"),
    ("佛山顺德", "顺德大良新桂路8号", "佛山市 顺德区 大良街道 新桂路8号"),
    ("太康县龙曲镇", "龙曲镇李楼村三组", "周口市 太康县 龙曲镇 李楼村 三组"),
    ("河南太康县", "太康县龙曲镇李楼村", "周口市 太康县 龙曲镇 李楼村"),
    ("shen zhen nan shan qu", "nan shan qu ke ji yuan nan qu 8 hao", "深圳市 南山区 ke ji yuan nan qu 8 hao"),
    ("Pudong", "Room 502, 88 Century Avenue, Pudong", "上海市 浦东新区 Room 502, 88 Century Avenue, Pudong"),
    ("湖南省常德市桃源县漆河镇", "金牛山村6组", "常德市 桃源县 漆河镇 金牛山村 6组"),
    # what was left open
    ("顺德容桂", "桂洲大道中53号", "佛山市 顺德区 容桂街道 桂洲大道中53号"),
    ("shen zhen nan shan qu", "ke ji yuan nan qu 8 hao", "深圳市 南山区 ke ji yuan nan qu 8 hao"),
    ("东莞", "长安镇上沙路88号", "东莞市 长安镇 上沙路88号"),
    ("凤翔路8号", "佛山顺德", "佛山市 顺德区 凤翔路8号"),
    ("Pudong", "1200 Caobao Road", "上海市 浦东新区 Pudong 1200 Caobao Road"),
    # a region of its own that contradicts the draft
    ("Pudong", "1200 Caobao Road, Minhang, Shanghai", "上海市 闵行区 1200 Caobao Road, Minhang, Shanghai"),
    ("浦东", "闵行漕宝路1200号", "上海市 闵行区 漕宝路1200号"),
    ("广州", "南海区桂城街道8号", "佛山市 南海区 桂城街道 8号"),
    ("佛山顺德", "广州天河区体育西路5号", "广州市 天河区 体育西路5号"),
    ("shen zhen nan shan qu", "guang zhou tian he qu ti yu xi lu 8 hao", "广州市 天河区 ti yu xi lu 8 hao"),
]


@pytest.mark.parametrize(
    ("draft", "said", "whole"),
    [
        ("四楼", "广州市天河区体育西路5号", "广州市天河区体育西路5号 四楼"),
        ("广州市天河区四楼", "体育西路5号", "广州市天河区 体育西路5号 四楼"),
        ("响水县陈家港镇，门口有个面馆", "王庄村三组", "响水县陈家港镇 王庄村三组，门口有个面馆"),
    ],
)
def test_what_was_told_before_the_street_goes_behind_it(draft: str, said: str, whole: str) -> None:
    assert readings(draft, said)[0] == whole


@pytest.mark.parametrize(("draft", "said", "whole"), JOINED)
def test_two_tellings_become_one_address(draft: str, said: str, whole: str) -> None:
    read = [parse(each) for each in readings(draft, said)]
    address = next(each for each in read if each and each.missing is None)
    levels = (address.city, address.district, address.town, address.village, address.detail)
    assert " ".join(level for level in levels if level) == whole


def test_a_city_told_after_its_district_is_no_street() -> None:
    address = parse(readings("鼓楼区", "南京")[0])
    assert address is not None
    assert (address.city, address.district, address.detail, address.missing) == ("南京市", "鼓楼区", "", "detail")


VILLAGE = Address("", "河南省", "周口市", "太康县", "龙曲镇", "李楼村").levels
GROUP = {**VILLAGE, "detail": "三组"}
ESTATE = Address("", "广东省", "佛山市", "顺德区", "大良街道", detail="凤翔路128号2栋502").levels

REFINED = [
    (VILLAGE, "龙曲镇李楼村三组", "河南省周口市太康县龙曲镇李楼村三组"),
    (VILLAGE, "李楼村三组12号", "河南省周口市太康县龙曲镇李楼村三组12号"),
    (VILLAGE, "三组12号", "河南省周口市太康县龙曲镇李楼村三组12号"),
    (VILLAGE, "河南省周口市太康县龙曲镇李楼村", "河南省周口市太康县龙曲镇李楼村"),
    (VILLAGE, "周口市太康县", "河南省周口市太康县龙曲镇李楼村"),
    (GROUP, "李楼村三组12号", "河南省周口市太康县龙曲镇李楼村三组12号"),
    (GROUP, "四组", "河南省周口市太康县龙曲镇李楼村四组"),
    (ESTATE, "3栋", "广东省佛山市顺德区大良街道凤翔路128号3栋502"),
    (ESTATE, "凤翔路128号3栋", "广东省佛山市顺德区大良街道凤翔路128号3栋502"),
    (ESTATE, "凤翔路128号", "广东省佛山市顺德区大良街道凤翔路128号2栋502"),
    (ESTATE, "凤翔路128号2栋1单元502", "广东省佛山市顺德区大良街道凤翔路128号2栋1单元502"),
    (ESTATE, "顺德区大良街道凤翔路128号2栋502", "广东省佛山市顺德区大良街道凤翔路128号2栋502"),
    # another place
    (VILLAGE, "龙曲镇人民路8号", None),
    (VILLAGE, "王庄村三组", None),
    (VILLAGE, "郑州市金水区花园路8号", None),
    (ESTATE, "新桂路8号", None),
    (ESTATE, "佛山市南海区桂城街道8号", None),
    (ESTATE, "容桂街道桂洲大道中53号", None),
    ({"raw": "somewhere"}, "3栋502", None),
]


@pytest.mark.parametrize(("held", "said", "whole"), REFINED)
def test_more_detail_of_the_same_place_refines_it(held: dict[str, str], said: str, whole: str | None) -> None:
    assert refined(held, said) == whole


def test_refining_twice_changes_nothing() -> None:
    for held, said, whole in REFINED:
        address = parse(whole) if whole else None
        if address:
            assert refined(address.levels, said) == whole, (held, said)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("从浦东搬到闵行漕宝路1200号", ["浦东", "闵行漕宝路1200号"]),
        ("搬到闵行漕宝路1200号，原来在浦东世纪大道88号", ["闵行漕宝路1200号", "浦东世纪大道88号"]),
        ("need my heater moved from Pudong to Minhang", ["Pudong", "Minhang"]),
        (
            "From Room 502, 88 Century Avenue, Pudong to 1200 Caobao Road, Minhang, Shanghai",
            ["Room 502, 88 Century Avenue, Pudong", "1200 Caobao Road, Minhang, Shanghai"],
        ),
    ],
)
def test_both_ends_of_a_move_are_found(text: str, places: list[str]) -> None:
    assert [found.text for found in sorted(find_all(text), key=lambda found: found.start)] == places


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("Minhang, Shanghai", "闵行区"),
        ("Changning, Shanghai", "长宁区"),
        ("Huadu, Guangzhou", "花都区"),
        ("Mawei, Fuzhou", "马尾区"),
    ],
)
def test_places_are_spelled_as_they_are_spoken(text: str, district: str) -> None:
    found = find(text)
    assert found is not None
    assert found.address.district == district


@pytest.mark.parametrize(
    ("told", "district", "village"),
    [
        ("金牛山村6组", "", "金牛山村"),
        ("西湖村8组", "", "西湖村"),
        ("番禺钟村谢村5号", "番禺区", "钟村"),
        ("顺德陈村", "顺德区", "陈村"),
        ("昌平家园2号楼", "", ""),
        ("昌平回龙观5号楼", "昌平区", ""),
    ],
)
def test_a_village_that_is_called_like_a_region_elsewhere_is_a_village(told: str, district: str, village: str) -> None:
    found = parse(told)
    assert found is not None
    assert (found.district, found.village) == (district, village)
