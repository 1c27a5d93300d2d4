"""Installing and complaining, in both languages."""

from __future__ import annotations

from house import House


def test_an_installation_in_chinese_is_collected_and_saved(house: House) -> None:
    customer = house.conversation()
    customer.say("我要安装热水器")
    assert customer.expects == "delivered"
    customer.say("已经到了")
    assert customer.expects == "address"
    customer.say("佛山市顺德区大良路8号")
    assert customer.expects == "phone"
    customer.say("13800138000")
    assert customer.expects == "name"
    customer.say("陈静")
    assert customer.expects == "readiness"
    customer.say("墙是实心砖的，插座有接地")
    assert customer.expects == "confirm"
    customer.say("没问题")
    (ticket,) = customer.tickets
    assert ticket["type"] == "install"
    assert ticket["install"] == {"delivered": True, "readiness": "墙是实心砖的，插座有接地"}
    assert "0427" in customer.heard


def test_an_installation_in_english_is_collected_and_saved(house: House) -> None:
    customer = house.conversation("en")
    customer.say("I want to install a water heater")
    customer.say("Not yet")
    customer.say("12 Longkou Road, Tianhe, Guangzhou")
    customer.say("13800138000")
    customer.say("Jane Doe")
    customer.say("I don't know")
    assert customer.expects == "confirm"
    customer.say("Confirm")
    (ticket,) = customer.tickets
    assert ticket["install"]["delivered"] is False
    assert ticket["install"]["readiness"] is None


def test_a_complaint_in_chinese_keeps_the_customers_own_words(house: House) -> None:
    customer = house.conversation()
    customer.say("我要投诉")
    assert customer.expects == "complaint_about"
    customer.say("师傅约好上午来，到现在都没人影")
    assert customer.expects == "ticket_no"
    customer.say("没有")
    assert customer.expects == "wanted"
    customer.say("今天必须上门，再道个歉")
    assert customer.expects == "name"
    customer.say("我姓周")
    customer.say("13800138000")
    assert customer.expects == "confirm"
    customer.say("对")
    (ticket,) = customer.tickets
    assert ticket["type"] == "complaint"
    assert ticket["complaint_about"] == "师傅约好上午来，到现在都没人影"
    assert ticket["wanted"] == "今天必须上门，再道个歉"
    assert "最晚 11月24日（周二）11:05前给您答复" in customer.heard
    assert "0427" not in customer.heard


def test_a_complaint_in_english_keeps_the_customers_own_words(house: House) -> None:
    customer = house.conversation("en")
    customer.say("I want to make a complaint")
    customer.say("The technician was rude and charged me twice")
    customer.say("no")
    customer.say("I want my money back")
    customer.say("Jane Doe")
    customer.say("13800138000")
    customer.say("yes")
    (ticket,) = customer.tickets
    assert ticket["complaint_about"] == "The technician was rude and charged me twice"
    assert ticket["wanted"] == "I want my money back"


def test_a_complaint_told_in_the_first_sentence_is_not_asked_again(house: House) -> None:
    customer = house.conversation()
    customer.say("我要投诉，师傅态度恶劣还乱收费")
    assert customer.expects == "ticket_no"
