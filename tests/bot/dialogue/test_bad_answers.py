"""Values the backend refuses are explained kindly, in the customer's language, and asked again."""

from __future__ import annotations

import pytest
from house import Conversation, House


def asked_for_phone(house: House, language: str = "zh") -> Conversation:
    customer = house.conversation(language)
    customer.say("给我回电话" if language == "zh" else "Please call me back")
    assert customer.expects == "phone", customer.answer
    return customer


def asked_for_address(house: House) -> Conversation:
    customer = house.conversation()
    customer.say("我要安装热水器")
    customer.say("已经到了")
    assert customer.expects == "address"
    return customer


@pytest.mark.parametrize(
    ("language", "said", "reason"),
    [
        ("zh", "1380013800", "少了几位"),
        ("zh", "138001380001234", "多了几位"),
        ("zh", "1380013abcd", "字母"),
        ("en", "1380013800", "too short"),
        ("en", "1380013abcd", "letters"),
    ],
)
def test_a_wrong_phone_is_explained_and_asked_again(house: House, language: str, said: str, reason: str) -> None:
    customer = asked_for_phone(house, language)
    customer.say(said)
    assert reason in customer.heard
    assert customer.expects == "phone"
    customer.say("13800138000")
    assert customer.expects == "time"


def test_after_two_wrong_phones_an_example_helps_and_after_three_a_person(house: House) -> None:
    customer = asked_for_phone(house)
    customer.say("1380013800")
    customer.say("1380013800")
    assert "转人工" in customer.buttons
    assert customer.expects == "phone"
    customer.say("1380013800")
    (handed,) = [body for body in house.backend.called("/handoffs") if body["conversation_id"] == customer.id]
    assert handed["reason"] == "confused"
    assert "同事" in customer.heard
    assert customer.expects is None


def test_an_unknown_region_is_asked_again(house: House) -> None:
    customer = asked_for_address(house)
    customer.say("哥谭市韦恩庄园")
    assert "没查到" in customer.heard
    assert customer.expects == "address"


def test_an_address_that_cannot_be_found_is_taken_as_told_after_two_tries(house: House) -> None:
    customer = asked_for_address(house)
    customer.say("哥谭市韦恩庄园")
    customer.say("哥谭市韦恩大道")
    assert "核对" in customer.heard
    assert customer.expects == "phone"


def test_a_fault_told_where_a_model_was_asked_is_added_to_the_fault(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修，热水器不加热")
    customer.say("还漏水")
    assert customer.expects == "model"
    for line in ("不知道", "不知道", "王芳", "13800138000", "广州市天河区体育西路5号", "尽快"):
        customer.say(line)
    assert "漏水" in customer.heard


def test_what_is_missing_of_an_address_is_asked_precisely(house: House) -> None:
    customer = asked_for_address(house)
    customer.say("天河区")
    assert "哪个城市" in customer.heard
    customer.say("广州")
    assert "门牌" in customer.heard
    customer.say("体育西路5号")
    assert customer.expects == "phone"


def test_a_past_time_is_explained_with_alternatives_as_buttons(house: House) -> None:
    customer = asked_for_phone(house)
    customer.say("13800138000")
    customer.say("今天早上八点")
    assert "已经过了" in customer.heard
    assert customer.expects == "time"
    assert customer.buttons == ["11月24日（周二）15:00", "11月25日（周三）09:00"]
    customer.say(customer.buttons[1])
    assert customer.expects == "confirm"
    assert "11月25日（周三）09:00" in customer.heard


def test_a_past_time_wished_at_the_read_back_is_explained(house: House) -> None:
    customer = asked_for_phone(house)
    customer.say("13800138000")
    customer.say("尽快")
    customer.say("改到今天早上八点")
    assert "已经过了" in customer.heard


def test_an_out_of_hours_time_is_explained_in_english(house: House) -> None:
    customer = asked_for_phone(house, "en")
    customer.say("13800138000")
    customer.say("tomorrow at 9 pm")
    assert "closed" in customer.heard
    assert "Tue 24 Nov, 15:00" in customer.buttons


def test_hostile_text_is_kept_as_plain_text(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修")
    customer.say("不加热 <script>alert(1)</script> {{7*7}} {0.__class__} '; drop table ticket; --")
    assert customer.expects == "model"
    customer.say("{phone} {summary} %s")
    assert customer.expects in ("model", "purchase_date")


def test_ten_thousand_characters_are_answered(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修")
    customer.say("不加热" * 3_334)
    assert customer.expects == "model"
    assert len(customer.heard) < 500


@pytest.mark.parametrize("text", ["", "\x00\x07", "\ud83d", "😀👨‍👩‍👧", "Z̸̡̛͓͝a̷l̶g̵o̸" * 200, "\u202e电话"])
def test_odd_characters_never_break_a_turn(house: House, text: str) -> None:
    customer = house.conversation()
    customer.say(text)
    assert customer.heard


def test_repeated_nonsense_is_declined_kindly_and_a_person_offered(house: House) -> None:
    customer = house.conversation()
    customer.say("今天天气怎么样")
    assert "帮不上忙" in customer.heard
    customer.say("给我讲个笑话")
    assert "转人工" in customer.buttons
