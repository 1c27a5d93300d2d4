"""Whoever writes Traditional Chinese is answered in it, buttons too; what they told stands as they told it."""

from __future__ import annotations

from house import Conversation, House

PHONE = "13800138000"
PLACE = "廣州市天河區體育西路5號"


def titles(customer: Conversation) -> list[str]:
    return [button["title"] for message in customer.answer["messages"] for button in message["buttons"]]


def test_a_form_in_traditional_characters_is_asked_and_read_back_in_them(house: House) -> None:
    customer = house.conversation()
    assert "熱水器是什麼型號" in customer.say("熱水器唔熱，點算好")
    assert titles(customer) == ["不清楚"]
    assert customer.answer["language"] == "zh"
    assert "什麼時候買的" in customer.say("DSZF-60")  # nothing in it tells the script
    for line in ("2023年6月買嘅", "范钟伟", PHONE, "广州市天河区后街里5号"):  # as in the papers
        customer.say(line)
    assert "您幾點接電話方便" in customer.heard
    customer.say("聽日下午3點")
    assert "稱呼：范钟伟" in customer.heard
    assert "后街里5号" in customer.heard
    assert titles(customer) == ["確認", "修改"]
    assert "確認" not in customer.buttons  # what a button says for the customer is read, not shown
    assert "登記好了" in customer.say(customer.buttons[0])


def test_the_script_follows_the_customer_and_outlives_a_restart(house: House) -> None:
    customer = house.conversation()
    assert "型号" in customer.say("热水器不热了")
    assert "什麼時候買的" in customer.say("型號看不清楚，唔知")
    house.sleep_over(customer)
    assert "接著" in customer.say("ok")
    assert "记得年份就行" in customer.say("谢谢，那还是用简体吧")


def test_a_text_message_is_no_longer_in_the_other_script(house: House) -> None:
    simple, other = house.conversation(channel="sms"), house.conversation(channel="sms")
    assert len(simple.say("热水器漏水")) == len(other.say("熱水器漏水"))
    assert simple.heard != other.heard


def test_english_is_left_alone(house: House) -> None:
    customer = house.conversation()
    customer.say("熱水器唔熱")
    assert "Which model" in customer.say("sorry, can we speak English please")
    assert "什麼型號" in customer.say("唔好意思，講返中文啦，型號係咩")
