"""Questions: answered from the backend, completed by what is told next, never in the way of a form."""

from __future__ import annotations

import pytest
from house import House


def test_opening_hours_are_told_from_the_backend_in_both_languages(house: House) -> None:
    assert "8:00–18:00" in house.conversation().say("你们几点上班")
    assert "8:00" in house.conversation("en").say("what are your opening hours")
    assert house.backend.called("/knowledge/hours")[-1]["text"] == "what are your opening hours"


def test_a_warranty_question_is_completed_by_the_model_and_date_told_next(house: House) -> None:
    customer = house.conversation()
    customer.say("保修几年")
    assert customer.heard.endswith("大概哪年哪月买的？")
    assert customer.expects is None
    customer.say("YLS-D60A，2025年3月")
    assert "2025-03买的雅丽诗，现在在保" in customer.heard
    asked = house.backend.called("/knowledge/warranty")[-1]
    assert (asked["model"], asked["purchase_date"]) == ("YLS-D60A", "2025-03")
    assert "保修几年" in asked["text"]


def test_who_does_not_know_the_model_hears_where_it_stands(house: House) -> None:
    customer = house.conversation()
    customer.say("还在不在保修期")
    customer.say("我不知道啊")
    assert "铭牌" in customer.heard


def test_what_was_told_earlier_is_not_asked_again(house: House) -> None:
    customer = house.conversation()
    customer.say("我的是YLS-D60A，2025年3月买的")
    customer.say("还在保修期吗")
    assert "在保" in customer.heard


def test_an_open_question_is_forgotten_after_two_messages(house: House) -> None:
    customer = house.conversation()
    customer.say("保修几年")
    for line in ("你们几点上班", "谢谢", "好的"):
        customer.say(line)
    before = len(house.backend.called("/knowledge/warranty"))
    customer.say("2025年3月")
    assert len(house.backend.called("/knowledge/warranty")) == before


def test_a_question_in_a_form_is_answered_without_another_question_and_the_form_goes_on(house: House) -> None:
    customer = house.conversation()
    customer.say("热水器不加热，要报修")
    waiting_for = customer.expects
    customer.say("保修几年")
    assert "整机保1到3年" in customer.heard
    assert "大概哪年哪月买的？" not in customer.heard
    assert customer.expects == waiting_for


@pytest.mark.parametrize("channel", ["web", "sms", "voice"])
def test_the_channel_is_told_so_that_the_answer_fits(house: House, channel: str) -> None:
    house.conversation(channel=channel).say("上门费多少钱")
    assert house.backend.called("/knowledge/fee")[-1]["channel"] == channel


def test_use_and_care_is_answered_and_what_nobody_knows_leads_to_a_call(house: House) -> None:
    assert "长按带锁标记的键" in house.conversation().say("怎么解锁童锁")
    customer = house.conversation()
    customer.say("怎么恢复出厂设置")
    assert "给我回电话" in customer.heard
    assert customer.buttons == ["给我回电话"]


def test_a_fault_code_without_its_model_is_asked_about_and_then_answered(house: House) -> None:
    customer = house.conversation()
    customer.say("E1是什么意思")
    assert customer.heard.endswith("您的是什么型号？")
    customer.say("YLS-D60A")
    assert "不要拆机壳" in customer.heard
    assert [body for body in house.backend.called("/hazards") if body["conversation_id"] == customer.id]


def test_parts_are_answered(house: House) -> None:
    assert "按型号配" in house.conversation().say("我想买个加热管")


def test_with_the_backend_away_the_general_answer_is_given(house: House) -> None:
    house.backend.down = True
    try:
        assert "凭发票核对" in house.conversation().say("保修几年")
        assert "先给您报价" in house.conversation().say("上门费多少钱")
        assert "查不到" in house.conversation().say("你们几点上班")
    finally:
        house.backend.down = False
