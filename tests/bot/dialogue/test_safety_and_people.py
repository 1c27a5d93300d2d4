"""Danger interrupts everything; a person is one word away."""

from __future__ import annotations

import pytest
from house import House


@pytest.mark.parametrize(
    ("language", "opening", "report", "advice"),
    [
        ("zh", "我要安装热水器", "刚才洗澡被电了一下", "停止"),
        ("en", "I want to install a water heater", "I got an electric shock in the shower", "120"),
    ],
)
def test_a_report_of_danger_interrupts_a_form_at_once(
    house: House, language: str, opening: str, report: str, advice: str
) -> None:
    customer = house.conversation(language)
    customer.say(opening)
    customer.say(report)
    assert advice in customer.answer["messages"][0]["text"]
    assert customer.answer["intent"] == "report_hazard"
    assert customer.expects == "phone"
    (reported,) = [body for body in house.backend.called("/hazards") if body["conversation_id"] == customer.id]
    assert reported["kind"] == "shock"
    assert reported["text"] == report


def test_danger_is_heard_while_a_free_text_is_awaited(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修")
    customer.say("水龙头一碰就麻手")
    assert customer.answer["intent"] == "report_hazard"
    assert customer.expects == "phone"


def test_after_a_danger_the_number_to_ring_is_asked_for_and_passed_on(house: House) -> None:
    customer = house.conversation()
    customer.say("洗澡的时候水龙头麻手")
    assert customer.expects == "phone"
    customer.say("1380013800")
    assert customer.expects == "phone"
    customer.say("13800138000")
    assert house.backend.called("/hazards")[-1]["phone"] == "+8613800138000"
    assert customer.expects == "address"
    customer.say("广州市天河区体育西路5号")
    assert "体育西路5号" in house.backend.called("/hazards")[-1]["address"]
    assert customer.expects == "anyone_hurt"
    customer.say("我妈手还麻着")
    assert house.backend.called("/hazards")[-1]["anyone_hurt"] is True
    assert "120" in customer.heard
    assert customer.expects is None


def test_the_form_that_danger_interrupts_is_kept_and_goes_on(house: House) -> None:
    customer = house.conversation()
    for line in ("我要安装热水器", "已经到了", "广州市天河区体育西路5号"):
        customer.say(line)
    assert customer.expects == "phone"
    customer.say("刚才我洗手水龙头麻手")
    for line in ("13800138000", "没有人受伤"):
        customer.say(line)
    assert "继续" in customer.heard
    customer.say("继续")
    assert customer.expects == "name"
    for line in ("王芳", "都有", "确认"):
        customer.say(line)
    (ticket,) = customer.tickets
    assert (ticket["type"], ticket["name"], ticket["phone"]) == ("install", "王芳", "+8613800138000")


def test_a_number_told_with_the_danger_is_not_asked_for(house: House) -> None:
    customer = house.conversation("en")
    customer.say("I got an electric shock from the tap, call me 13800138000")
    assert house.backend.called("/hazards")[-1]["phone"] == "+8613800138000"
    assert customer.expects == "address"


def test_the_safety_text_is_spoken_even_when_the_backend_is_down(house: House) -> None:
    customer = house.conversation()
    house.backend.down = True
    try:
        customer.say("热水器冒烟了")
    finally:
        house.backend.down = False
    assert "120" in customer.heard


def test_who_asks_for_a_person_in_a_form_is_handed_over_with_what_is_known(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修，热水器不加热，电话13800138000")
    customer.say("转人工")
    (handed,) = [body for body in house.backend.called("/handoffs") if body["conversation_id"] == customer.id]
    assert handed["reason"] == "asked"
    assert "+8613800138000" in handed["summary"]
    assert "请稍等" in customer.heard
    assert customer.expects is None


def test_who_asks_for_a_person_at_night_is_offered_a_call(house: House) -> None:
    customer = house.conversation()
    house.backend.night = True
    try:
        customer.say("转人工")
    finally:
        house.backend.night = False
    assert customer.expects == "phone"
    for line in ("13800138000", "尽快", "确认"):
        customer.say(line)
    assert house.backend.called("/callbacks")[-1]["phone"] == "+8613800138000"


def test_who_asks_for_a_person_in_english_gets_one(house: House) -> None:
    customer = house.conversation("en")
    customer.say("I want to talk to a human agent")
    assert "colleague" in customer.heard


@pytest.mark.parametrize(
    ("language", "wish", "asked"),
    [
        ("zh", "转人工", "人呢？"),
        ("zh", "转人工", "怎么还没人理我"),
        ("zh", "转人工", "等了半天了 有人吗"),
        ("en", "I want to talk to a person", "is anyone there?"),
        ("en", "I want to talk to a person", "still waiting"),
    ],
)
def test_who_waits_for_a_person_and_asks_where_they_stay_hears_that_they_are_called(
    house: House, language: str, wish: str, asked: str
) -> None:
    customer = house.conversation(language)
    customer.say(wish)
    customer.say(asked)
    assert "还在帮您叫同事" in customer.heard or "still getting a colleague" in customer.heard
    assert customer.expects is None
    called = [body["reason"] for body in house.backend.called("/handoffs") if body["conversation_id"] == customer.id]
    assert called == ["asked", "asked"]


def test_a_form_left_for_a_person_outlasts_the_question_where_they_stay(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修，热水器不加热，电话13800138000")
    customer.say("转人工")
    customer.say("怎么还没人")
    customer.say("继续")
    assert customer.expects is not None


def test_nobody_who_called_no_person_is_told_of_one(house: House) -> None:
    customer = house.conversation()
    customer.say("有人吗")
    assert "叫同事" not in customer.heard
    customer.say("转人工")
    customer.say("没事了不用人工了")
    customer.say("有人吗")
    assert "还在帮您叫同事" not in customer.heard


def test_who_asks_at_night_where_the_person_stays_is_told_and_asked_on(house: House) -> None:
    customer = house.conversation()
    house.backend.night = True
    try:
        customer.say("转人工")
        customer.say("人呢？")
    finally:
        house.backend.night = False
    assert "已经排上队了" in customer.heard
    assert "没听明白" not in customer.heard
    assert customer.expects == "phone"
