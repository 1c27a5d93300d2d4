"""Town or village: asked once where the address leaves it open how far out it lies."""

from __future__ import annotations

import pytest
from house import Conversation, House

from bot.actions.reading import locality


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("镇上", {"locality": "town"}),
        ("在镇上", {"locality": "town"}),
        ("街上的", {"locality": "town"}),
        ("县城里头", {"locality": "town"}),
        ("不是村里，在镇上", {"locality": "town"}),
        ("不在村里", {"locality": "town"}),
        ("In the town", {"locality": "town"}),
        ("not in a village", {"locality": "town"}),
        ("村里", {"locality": "village"}),
        ("乡下", {"locality": "village"}),
        ("不在镇上", {"locality": "village"}),
        ("在农村", {"locality": "village"}),
        ("In a village", {"locality": "village"}),
        ("it is out in the countryside", {"locality": "village"}),
        ("左滩村", {"locality": "village", "village": "左滩村"}),
        ("我们是左滩村的", {"locality": "village", "village": "左滩村"}),
        ("李家湾", {"locality": "village", "village": "李家湾"}),
        ("Zuotan Village", {"locality": "village", "village": "Zuotan Village"}),
        ("不知道", None),
        ("13800138000", None),
        ("", None),
        ("\x00\ud800", None),
    ],
)
def test_what_an_answer_tells(text: str, told: dict[str, str] | None) -> None:
    assert locality.told_in(text) == told


def test_an_address_told_with_its_locality_is_not_asked_about() -> None:
    checked = {"address": {"town": "龙江镇"}, "asks_locality": True}
    assert locality.is_open(locality.marked(checked, "龙江镇5号"))
    assert locality.marked(checked, "龙江镇村里5号") == {"town": "龙江镇", "locality": "village"}
    assert not locality.is_open(locality.asked(locality.marked(checked, "龙江镇5号")))
    assert not locality.is_open(locality.marked({**checked, "asks_locality": False}, "龙江镇5号"))


def at_the_question(house: House, language: str = "zh") -> Conversation:
    customer = house.conversation(language)
    house.backend.known[customer.id] = {"phone": "+8613800138000", "name": "王小明"}
    customer.say("我要安装热水器" if language == "zh" else "I want to install a water heater")
    customer.say("已经到了" if language == "zh" else "Yes, delivered")
    customer.say("重庆云阳县5号" if language == "zh" else "12 Longkou Farm, Yunyang, Chongqing")
    assert customer.expects == "address", customer.answer
    return customer


def saved(customer: Conversation) -> dict[str, object]:
    for line in ("不清楚", "确认"):
        customer.say(line)
    (ticket,) = customer.tickets
    address = ticket["address"]
    assert isinstance(address, dict)
    assert "asks_locality" not in address
    return address


def test_an_open_address_is_asked_about_once_and_the_answer_is_saved(house: House) -> None:
    customer = at_the_question(house)
    assert "镇上还是村里" in customer.heard
    assert customer.buttons == ["在镇上", "在村里"]
    customer.say("在村里")
    assert customer.expects == "readiness"
    assert saved(customer)["locality"] == "village"


def test_a_village_told_by_name_is_saved_with_the_address(house: House) -> None:
    customer = at_the_question(house)
    customer.say("左滩村")
    assert customer.expects == "readiness"
    address = saved(customer)
    assert (address["village"], address["detail"]) == ("左滩村", "5号")


@pytest.mark.parametrize("answer", ["不知道", "随便", "嗯", "13900139000"])
def test_an_answer_that_leaves_it_open_is_not_asked_again(house: House, answer: str) -> None:
    customer = at_the_question(house)
    customer.say(answer)
    assert customer.expects == "readiness", customer.answer
    assert "locality" not in saved(customer)


def test_an_open_address_is_asked_about_in_english(house: House) -> None:
    customer = at_the_question(house, "en")
    assert "in the town or in a village" in customer.heard
    customer.say("In a village")
    assert customer.expects == "readiness"


def test_a_street_in_a_county_is_not_asked_about(house: House) -> None:
    customer = house.conversation()
    customer.say("我要安装热水器")
    customer.say("已经到了")
    customer.say("重庆云阳县青龙路5号")
    assert customer.expects == "phone"


def test_what_was_said_before_or_only_shows_listening_is_no_misunderstanding(house: House) -> None:
    customer = house.conversation()
    customer.say("我要安装热水器")
    customer.say("到了到了")
    assert customer.expects == "address"
    for said in ("到了", "嗯嗯"):
        customer = house.conversation()
        customer.say("我要安装热水器")
        customer.say("已经到了")
        customer.say(said)
        assert customer.expects == "address"
        assert "没听" not in customer.heard


HELD = {"city": "周口市", "district": "太康县", "town": "龙曲镇", "village": "李楼村", "locality": "village"}


def test_what_was_told_of_town_or_village_stays_when_the_address_is_refined() -> None:
    found = {**HELD, "detail": "三组", "asks_locality": True}
    del found["locality"]
    kept = locality.kept(HELD, found)
    assert kept["locality"] == "village"
    assert not locality.is_open(kept)


def test_another_town_is_asked_about_anew() -> None:
    found = {"city": "周口市", "district": "太康县", "town": "常营镇", "asks_locality": True}
    assert locality.kept(HELD, found) == found
    assert locality.kept(None, found) == found


def test_a_question_that_is_still_open_stays_open() -> None:
    held = {level: value for level, value in HELD.items() if level != "locality"}
    found = {**held, "detail": "三组", "asks_locality": True}
    assert locality.is_open(locality.kept({**held, "asks_locality": True}, found))
