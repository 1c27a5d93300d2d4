"""A repair, from the first words to the promise."""

from __future__ import annotations

from house import Conversation, House


def test_a_repair_in_chinese_is_collected_read_back_and_saved_with_its_promise(house: House) -> None:
    customer = house.conversation()
    customer.say("你好")
    assert customer.buttons
    customer.say("我要报修")
    assert customer.expects == "symptom"
    customer.say("打开以后一直不加热")
    assert customer.expects == "model"
    customer.say("不清楚")
    assert customer.expects == "purchase_date"
    customer.say("2023年")
    assert customer.expects == "name"
    customer.say("我叫王小明")
    assert customer.expects == "phone"
    customer.say("13800138000")
    assert customer.expects == "address"
    customer.say("广州市天河区体育西路5号")
    assert customer.expects == "time"
    customer.say("明天下午三点")
    assert customer.expects == "confirm"
    for said in ("不加热", "王小明", "138 0013 8000", "体育西路5号", "11月25日（周三）15:00"):
        assert said in customer.heard
    customer.say("确认")
    (ticket,) = customer.tickets
    assert ticket["type"] == "repair"
    assert ticket["phone"] == "+8613800138000"
    assert ticket["address"]["district"] == "天河区"
    assert ticket["model"] is None
    assert ticket["wanted_time"]["start"].startswith("2026-11-25T15:00")
    assert ticket["ticket_no"] in customer.heard
    assert "最晚 11月25日（周三）18:00前上门" in customer.heard
    assert "0427" in customer.heard
    assert customer.expects is None


def test_a_repair_in_english_is_collected_read_back_and_saved_with_its_promise(house: House) -> None:
    customer = house.conversation("en")
    customer.say("I need a repair")
    assert customer.expects == "symptom"
    customer.say("there is no hot water at all")
    customer.say("I don't know")
    customer.say("in 2022")
    assert customer.expects == "name"
    customer.say("My name is Jane Doe")
    customer.say("13800138000")
    assert customer.expects == "address"
    customer.say("12 Longkou Road, Tianhe, Guangzhou")
    assert customer.expects == "time"
    customer.say("as soon as possible")
    assert "Is it all correct?" in customer.heard
    customer.say("yes")
    (ticket,) = customer.tickets
    assert ticket["name"] == "Jane Doe"
    assert ticket["language"] == "en"
    assert ticket["ticket_no"] in customer.heard
    assert "by Wed 25 Nov, 18:00 at the latest" in customer.heard


def test_several_facts_in_one_message_are_all_taken_and_not_asked_again(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修，热水器不加热，我叫李雷，电话13800138000，地址广州市天河区体育西路5号")
    assert customer.expects == "model"
    customer.say("不知道")
    customer.say("不记得了")
    assert customer.expects == "time"
    customer.say("尽快")
    assert customer.expects == "confirm"
    assert "李雷" in customer.heard
    customer.say("对")
    (ticket,) = customer.tickets
    assert ticket["name"] == "李雷"
    assert ticket["phone"] == "+8613800138000"
    assert ticket["wanted_time"] is None


def at_the_read_back(house: House, language: str = "zh", channel: str = "web") -> Conversation:
    customer = house.conversation(language, channel)
    house.backend.known[customer.id] = {"phone": "+8613800138000", "name": "王小明"}
    customer.say("我要报修，热水器不加热，地址广州市天河区体育西路5号")
    customer.say("不知道")
    customer.say("不记得了")
    customer.say("尽快")
    assert customer.expects == "confirm", customer.answer
    return customer


def test_an_address_told_where_the_model_was_asked_is_an_address(house: House) -> None:
    customer = house.conversation()
    customer.say("热水器不热了")
    assert customer.expects == "model"
    customer.say("我家地址是广东佛山顺德大良新桂路8号，我姓王")
    assert customer.expects == "model"
    customer.say("DSZF-60")
    for line in ("去年买的", "13800138000", "尽快", "确认"):
        customer.say(line)
    (ticket,) = customer.tickets
    assert "新桂路" in str(ticket["address"])
    assert "DSZF" in ticket["model"]


def test_what_the_backend_knows_is_not_asked_again(house: House) -> None:
    customer = at_the_read_back(house)
    assert "王小明" in customer.heard
    assert "138 0013 8000" in customer.heard


def test_a_phone_corrected_at_the_read_back_replaces_the_old_one(house: House) -> None:
    customer = at_the_read_back(house)
    customer.say("电话错了，是13900139000")
    assert customer.expects == "confirm"
    assert "139 0013 9000" in customer.heard
    customer.say("确认")
    assert customer.tickets[0]["phone"] == "+8613900139000"


def test_a_field_named_for_change_is_asked_again(house: House) -> None:
    customer = at_the_read_back(house)
    customer.say("修改")
    assert customer.expects == "correction"
    customer.say("修改地址")
    assert customer.expects == "address"
    customer.say("佛山市顺德区大良路8号")
    assert customer.expects == "confirm"
    assert "大良路8号" in customer.heard
    customer.say("确认")
    assert customer.tickets[0]["address"]["district"] == "顺德区"


def test_a_no_to_another_time_keeps_the_form_and_calls_as_soon_as_possible(house: House) -> None:
    customer = at_the_read_back(house)
    customer.say("改到今天早上八点")
    assert "已经过了" in customer.heard
    customer.say("不用了")
    assert customer.expects == "confirm"
    assert "尽快" in customer.heard


def test_a_place_named_in_passing_does_not_replace_the_address(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修，热水器不加热，地址广州市天河区体育西路5号")
    customer.say("不知道，在佛山买的")
    for line in ("不记得", "王芳", "13800138000", "尽快"):
        customer.say(line)
    assert customer.expects == "confirm"
    assert "体育西路5号" in customer.heard


def test_a_capacity_corrected_in_passing_is_read_back(house: House) -> None:
    customer = at_the_read_back(house)
    customer.say("不对，是80升的")
    assert customer.expects == "confirm"
    assert "80" in customer.heard


def test_a_second_confirm_saves_nothing_more(house: House) -> None:
    customer = at_the_read_back(house)
    customer.say("确认")
    customer.say("确认")
    assert len(customer.tickets) == 1
    assert customer.tickets[0]["ticket_no"] in customer.heard


def test_a_second_fault_in_the_same_conversation_becomes_its_own_ticket(house: House) -> None:
    customer = at_the_read_back(house)
    customer.say("确认")
    customer.say("还有一台热水器漏水，也要报修")
    assert customer.expects == "symptom"
    customer.say("接口那里漏")
    customer.say("不知道")
    customer.say("不记得")
    customer.say("尽快")
    assert customer.expects == "confirm"
    customer.say("确认")
    assert len(customer.tickets) == 2


def test_who_changes_his_mind_is_let_go_and_nothing_is_saved(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修")
    customer.say("算了，不修了")
    assert "什么都没有提交" in customer.heard
    assert customer.expects is None
    assert not customer.tickets


def test_a_question_in_the_middle_is_answered_and_the_form_goes_on(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修，热水器不加热")
    customer.say("修一次要多少钱")
    assert "报价" in customer.heard
    assert customer.expects == "model"


def test_a_text_message_is_one_short_message(house: House) -> None:
    customer = at_the_read_back(house, channel="sms")
    heard = [customer.heard]
    heard.append(customer.say("确认"))
    for text in heard:
        assert len(text) <= 134, text
    assert len(customer.answer["messages"]) == 1
