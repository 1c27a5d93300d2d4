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


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("你们有以旧换新吗", "zh", "没有资料"),
        ("Do you have a trade-in programme?", "en", "no information"),
    ],
)
def test_what_the_data_know_is_answered_though_it_was_taken_for_none_of_our_business(
    house: House, text: str, language: str, said: str
) -> None:
    assert said in house.conversation(language).say(text)


def test_other_things_are_still_declined(house: House) -> None:
    assert "帮不上忙" in house.conversation().say("今天天气怎么样")


def test_a_question_that_opens_a_request_is_answered_and_the_request_is_taken(house: House) -> None:
    customer = house.conversation()
    customer.say("七天无理由可以退吗")
    assert "签收7天内" in customer.heard
    assert customer.expects == "model"


def test_a_request_that_asks_nothing_is_taken_without_an_answer(house: House) -> None:
    customer = house.conversation()
    customer.say("我要退货")
    assert "签收" not in customer.heard
    assert customer.expects == "return_reason"


def test_who_asks_what_they_can_try_hears_first_aid_and_nothing_beside(house: House) -> None:
    heard = house.conversation().say("热水器不热了怎么办，我自己能弄吗")
    assert "看插头上的灯" in heard
    assert "说不准" not in heard


@pytest.mark.parametrize("words", ["按了，热了，好了不用来了", "我按了复位就好了"])
def test_a_heater_that_works_again_needs_nobody_and_is_noted(house: House, words: str) -> None:
    customer = house.conversation()
    customer.say("热水器不热")
    customer.say("YLS-60")
    customer.say(words)
    assert "不用师傅跑一趟" in customer.heard
    assert house.backend.called("/tickets/solved")[-1]["symptom"].endswith("不热")


def test_when_parts_come_is_not_taken_for_when_we_come(house: House) -> None:
    house.conversation().say("配件要等几天到")
    assert [body for body in house.backend.called("/knowledge/visit") if "配件" in body["text"]] == []
