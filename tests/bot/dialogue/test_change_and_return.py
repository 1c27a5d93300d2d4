"""Customers change their mind, correct themselves at any time, digress, go away and come back."""

from __future__ import annotations

import pytest
from house import Conversation, House


def asked_for_address(house: House) -> Conversation:
    customer = house.conversation()
    for line in ("我要报修，热水器不加热", "不知道", "2023年", "王小明", "13800138000"):
        customer.say(line)
    assert customer.expects == "address", customer.answer
    return customer


def finish(customer: Conversation, *lines: str) -> dict[str, object]:
    for line in lines:
        customer.say(line)
    return dict(customer.tickets[-1])


@pytest.mark.parametrize(
    ("language", "opening", "change", "kind"),
    [
        ("zh", "我要报修", "其实是安装不是维修", "install"),
        ("zh", "我要安装热水器", "搞错了，是移机", "relocation"),
        ("zh", "我要报修", "算了不修了，我要退货", "return"),
        ("en", "I need a repair", "sorry, actually I want it installed, not repaired", "install"),
    ],
)
def test_another_request_is_meant_and_takes_the_place_of_the_first(
    house: House, language: str, opening: str, change: str, kind: str
) -> None:
    customer = house.conversation(language)
    customer.say(opening)
    customer.say(change)
    first_question = {"install": "delivered", "relocation": "move_what", "return": "return_reason"}
    assert customer.expects == first_question[kind], customer.answer


def test_what_was_told_is_kept_when_the_request_changes(house: House) -> None:
    customer = asked_for_address(house)
    customer.say("不对，我是要安装，不是维修")
    assert customer.expects == "delivered"
    customer.say("到了")
    assert customer.expects == "address"
    ticket = finish(customer, "广州市天河区体育西路5号", "都有", "确认")
    assert (ticket["type"], ticket["name"], ticket["phone"]) == ("install", "王小明", "+8613800138000")


def test_another_request_named_in_the_middle_is_taken_up_afterwards(house: House) -> None:
    customer = asked_for_address(house)
    customer.say("我还要投诉你们上次来的师傅态度恶劣")
    assert "记下" in customer.heard
    assert customer.expects == "address"
    finish(customer, "广州市天河区体育西路5号", "尽快", "确认")
    assert customer.expects == "ticket_no", customer.answer
    ticket = finish(customer, "没有", "道歉", "确认")
    assert ticket["type"] == "complaint"
    assert "态度恶劣" in str(ticket["complaint_about"])
    assert ticket["phone"] == "+8613800138000"


def test_the_end_of_the_phone_is_put_right_while_the_address_is_asked(house: House) -> None:
    customer = asked_for_address(house)
    customer.say("不对，尾号是8001")
    assert customer.expects == "address"
    assert finish(customer, "广州市天河区体育西路5号", "尽快", "确认")["phone"] == "+8613800138001"


def test_a_piece_of_the_address_is_put_right_at_the_read_back(house: House) -> None:
    customer = asked_for_address(house)
    finish_up_to_read_back = ("广州市天河区体育西路5号", "尽快")
    for line in finish_up_to_read_back:
        customer.say(line)
    customer.say("不是5号，是15号")
    assert customer.expects == "confirm"
    assert "体育西路15号" in customer.heard


def test_what_is_wrong_can_be_named_at_any_time(house: House) -> None:
    customer = asked_for_address(house)
    customer.say("刚才电话号码报错了")
    assert customer.expects == "phone"
    customer.say("13900139000")
    assert customer.expects == "address"


def test_who_looks_for_the_answer_is_waited_for(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修，热水器不加热")
    customer.say("等一下，我去看看")
    assert "不急" in customer.heard
    assert customer.expects == "model"


def test_a_goodbye_keeps_the_form_and_a_greeting_offers_to_go_on(house: House) -> None:
    customer = asked_for_address(house)
    customer.say("先这样，再见")
    assert "留着" in customer.heard
    assert customer.expects is None
    customer.say("你好")
    assert "接着办" in customer.heard
    customer.say("继续")
    assert customer.expects == "address"
    assert finish(customer, "广州市天河区体育西路5号", "尽快", "确认")["name"] == "王小明"


def test_an_answer_after_hours_of_silence_goes_on_where_the_form_was_left(house: House) -> None:
    customer = asked_for_address(house)
    house.sleep_over(customer)
    customer.say("广州市天河区体育西路5号")
    assert "接着" in customer.heard
    assert customer.expects == "time", customer.answer


def test_a_saved_ticket_is_put_right_and_read_back(house: House) -> None:
    customer = asked_for_address(house)
    finish(customer, "广州市天河区体育西路5号", "尽快", "确认")
    customer.say("不对，我的电话是13900139000")
    _, corrected = [call for call in house.backend.calls if call[0].endswith("/correct")][-1]
    assert corrected["phone"] == "+8613900139000"
    assert "139 0013 9000" in customer.heard
    assert customer.expects is None


def test_a_saved_ticket_whose_wrong_field_is_only_named_is_asked_for(house: House) -> None:
    customer = asked_for_address(house)
    finish(customer, "广州市天河区体育西路5号", "尽快", "确认")
    customer.say("地址写错了")
    assert customer.expects == "address"
    customer.say("广州市天河区龙口东路9号")
    assert "龙口东路9号" in customer.heard
    assert customer.expects is None


def test_a_ticket_on_its_way_is_changed_by_a_person(house: House) -> None:
    customer = asked_for_address(house)
    finish(customer, "广州市天河区体育西路5号", "尽快", "确认")
    house.backend.dispatched = True
    try:
        customer.say("不对，我的电话是13900139000")
    finally:
        house.backend.dispatched = False
    assert "同事" in customer.heard
    assert house.backend.called("/handoffs")[-1]["conversation_id"] == customer.id


@pytest.mark.parametrize(
    ("language", "opening", "kind_word"),
    [
        ("zh", "什么破热水器，第三次坏了，到底管不管！", "着急"),
        ("zh", "姑娘啊我老头子今年七十多了，家里那个热水器不热了", "慢慢"),
        ("en", "this is ridiculous, the heater broke again, fix it", "upset"),
    ],
)
def test_the_upset_and_the_old_hear_a_kind_word_first(
    house: House, language: str, opening: str, kind_word: str
) -> None:
    customer = house.conversation(language)
    customer.say(opening)
    assert kind_word in customer.answer["messages"][0]["text"]


def test_what_is_not_understood_three_times_goes_to_a_person(house: House) -> None:
    customer = house.conversation()
    for nonsense in ("qwzx plmk vbnt", "呜啦呜啦哇"):
        customer.say(nonsense)
    assert "转人工" in customer.buttons
    customer.say("gzzk bnmm 噗噗")
    assert house.backend.called("/handoffs")[-1]["conversation_id"] == customer.id


def test_a_question_beside_a_request_is_answered_and_the_request_is_taken(house: House) -> None:
    customer = house.conversation()
    customer.say("热水器到了要安装，顺便问下安装收费吗")
    assert "报价" in customer.heard
    assert customer.expects == "address"


def test_a_question_with_facts_in_it_loses_neither(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修，热水器不加热")
    customer.say("我电话13800138000，修一次多少钱啊")
    assert "报价" in customer.heard
    assert customer.expects == "model"
    for line in ("不知道", "不知道"):
        customer.say(line)
    assert customer.expects == "name"
    customer.say("王小明")
    assert customer.expects == "address"


def test_a_fault_told_in_words_no_lexicon_knows_is_not_asked_for_again(house: House) -> None:
    customer = house.conversation()
    customer.say("我跟你讲我家那个热水器这两天一开就啪的一声，整个屋子黑咕隆咚的，你们来修修吧")
    assert customer.expects == "model", customer.answer


def test_what_is_wrong_with_a_heater_is_a_reason_to_return_it(house: House) -> None:
    customer = house.conversation()
    customer.say("我要退货")
    customer.say("才买了五天，一直不热")
    assert customer.expects == "model"
    assert "退换" in finish_return(customer)


def finish_return(customer: Conversation) -> str:
    for line in ("不知道", "王芳", "13800138000"):
        customer.say(line)
    return customer.heard


def test_a_complaint_goes_on_without_a_ticket_number(house: House) -> None:
    customer = house.conversation()
    customer.say("我要投诉，约了三次都没人来")
    assert customer.expects == "ticket_no"
    customer.say("给我个说法，赔我误工费")
    assert customer.expects == "name"
    customer.say("王强 13712345678")
    assert "您希望：给我个说法，赔我误工费" in customer.heard


def test_no_model_told_for_the_fault_asks_for_the_fault_only(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修")
    customer.say("不晓得啥型号")
    assert customer.expects == "symptom"
    customer.say("不热了")
    assert customer.expects == "purchase_date"


def test_the_language_of_the_customer_is_followed_in_the_middle_of_a_form(house: House) -> None:
    customer = house.conversation()
    customer.say("我要安装热水器")
    assert "has the heater been delivered" in customer.say("sorry, I do not read Chinese well").lower()
    assert customer.answer["language"] == "en"
    customer.say("yes it has arrived")
    assert customer.expects == "address"
    assert "where" in customer.heard.lower()
