"""Forms filled in by people with more than one heater, place, number or wish, and by those who put things right."""

from __future__ import annotations

import pytest
from fake_visits import MORNING, Visits
from house import Conversation, House

from bot.actions.forms import requests
from bot.actions.reading import answers, corrections, heater, people, places, questions, story, times
from bot.text import address, name

NOW = "2026-11-24T10:05:00+08:00"
PHONE = "13800138000"
PLACE = "广州市天河区体育西路5号"
PLACE_EN = "5 Tiyu Road, Tianhe, Guangzhou"


def talk(house: House, *lines: str, language: str = "zh", channel: str = "web") -> Conversation:
    customer = house.conversation(language, channel)
    for line in lines:
        customer.say(line)
    return customer


# --- several heaters, several people -----------------------------------------------------------------------------


def test_how_many_heaters_are_to_be_installed_is_noted(house: House) -> None:
    customer = talk(house, f"装两台，一台60升一台80升，都送到了，{PLACE}，联系前台小李，电话{PHONE}", "姓黄", "都有")
    assert "备注：装两台，一台60升一台80升，联系前台小李" in customer.heard
    english = talk(house, f"We bought 20 of your DSZF-60 heaters and need them installed, {PLACE_EN}", language="en")
    for line in ("yes, they arrived", PHONE, "Raj Patel", "not sure about the wall"):
        english.say(line)
    assert "20 of your DSZF-60 heaters" in english.heard


@pytest.mark.parametrize("clause", ["酒店有12部热水器要装", "一台60升一台80升", "we need three new heaters", "装俩台"])
def test_several_heaters_are_heard(clause: str) -> None:
    assert heater.counts_them(clause)


@pytest.mark.parametrize("clause", ["装一台", "第二台呢", "热水器用了两年", "the 60 l heater", "two days ago"])
def test_one_heater_is_not_many(clause: str) -> None:
    assert not heater.counts_them(clause)


def test_heaters_of_a_hotel_that_do_not_work_are_a_repair(house: House) -> None:
    customer = talk(
        house, f"Two heaters in our hotel don't work. ask for Lily at the desk, my name is Mark Stone, {PHONE}",
        language="en",
    )  # fmt: skip
    assert customer.expects == "model"
    for line in ("not sure", "2021", PLACE_EN, "asap"):
        customer.say(line)
    assert "Name: Mark Stone" in customer.heard
    assert "ask for Lily at the desk" in customer.heard
    assert "Room 2021" not in customer.heard


def test_whom_to_ask_for_is_the_contact(house: House) -> None:
    assert people.called("聯絡人陳經理 13800138000") == "陳經理"
    customer = talk(house, f"我要装热水器，到货了，{PLACE}，联系人陈经理 {PHONE}")
    assert customer.expects == "readiness"


def test_the_tenants_number_stays_beside_the_landlords(house: House) -> None:
    customer = talk(house, f"我是房东，租客说热水器不加热，{PLACE}，租客小陈13912345678", "不清楚", "三四年")
    customer.say(f"我姓梁，我电话{PHONE}")
    customer.say("你们直接联系租客")
    customer.say("随时")
    assert "电话：138 0013 8000" in customer.heard
    assert "租客小陈13912345678" in customer.heard
    assert "你们直接联系租客" in customer.heard


def test_where_one_of_the_family_is_is_no_address(house: House) -> None:
    customer = talk(house, "我一个人住，儿子在深圳，热水器不出热水了，派人来看看吧")
    assert customer.expects == "model"
    assert places.is_where_another_is("my son is in ")
    assert places.is_where_another_is("我人在")
    assert not places.is_where_another_is("我家在")


def test_a_place_told_while_thinking_is_one_place(house: House) -> None:
    customer = talk(house, "热水器不加热", "不知道", "不知道", "王小明", PHONE)
    customer.say("广州市天河区 体育西路 那个 门牌 我看看啊 300号 3栋 502")
    customer.say("尽快")
    assert "体育西路300号3栋502" in customer.heard


def test_the_words_before_an_estate_are_none_of_it() -> None:
    found = address.find("我们小区6栋3个业主家热水器都不热")
    assert found is None or not found.text.startswith("们")


def test_a_flat_told_behind_an_english_address_is_kept(house: House) -> None:
    assert places.end_of_house(" flat 12B, 138") == "flat 12B"
    assert places.end_of_house(" flat is small") is None


# --- two wishes --------------------------------------------------------------------------------------------------


def test_two_requests_in_one_breath_are_taken_one_after_the_other(house: House) -> None:
    wish = "I want my water heater fixed and also complain about the technician last time"
    customer = talk(house, wish, "no", "an apology", "Emily Clark", PHONE, "yes", language="en")
    assert "the other thing you mentioned" in customer.heard
    assert customer.expects == "symptom"


@pytest.mark.parametrize(
    ("form", "text", "other"),
    [
        ("return_form", "我要退货，顺便把我家另外一台也修一下", "repair_form"),
        ("repair_form", "my heater leaks, please repair it, and I also want to complain", "complaint_form"),
        ("complaint_form", "修了三次还不好，我要投诉", None),
        ("relocation_form", "我要移机，拆了顺便再安装到新家", None),
    ],
)
def test_a_second_wish_is_one_that_is_said_beside_the_first(form: str, text: str, other: str | None) -> None:
    wish = requests.second_wish(form, text)
    assert (wish.form if wish else None) == other


def test_what_is_to_be_done_beside_does_not_change_the_request(house: House) -> None:
    customer = talk(house, "我要装热水器", "顺便把旧的拆走，旧的那台也给我修一下行不")
    assert customer.expects == "delivered"
    for line in ("到了", PLACE, PHONE, "姓赵", "都有"):
        customer.say(line)
    assert "备注：顺便把旧的拆走" in customer.heard


def test_facts_beside_a_polite_question_are_not_asked_again(house: House) -> None:
    customer = talk(house, f"装热水器，货到了，师傅后天来装行吗，{PLACE}，{PHONE} 周小姐，实心墙有插座")
    assert customer.expects == "confirm"
    assert "师傅后天来装行吗" in customer.heard
    assert questions.asks_leave("could you come on Thursday?")


# --- moving ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("下礼拜搬家，热水器要拆", "2026-11-30"),
        ("我们12月5号搬家", "2026-12-05"),
        ("We are moving on the 5th", "2026-12-05"),
        ("下周六从广州搬到佛山", "2026-12-05"),
    ],
)
def test_the_days_of_a_move_are_read(text: str, day: str) -> None:
    days = times.moving_days(text, NOW)
    assert days is not None
    assert days["start"].startswith(day)


def test_no_visit_is_offered_before_the_move(house: House, visits: Visits) -> None:
    move = "下礼拜搬家，热水器要拆了装到新家，从广州天河区体育西路5号搬到佛山顺德区凤翔路15号"
    customer = talk(house, move, f"王小明 {PHONE}", "确认")
    assert MORNING["words"]["zh"] not in customer.heard
    assert "18:00前上门" not in customer.heard
    soon = talk(house, "明天搬家，热水器从广州天河区体育西路5号搬到佛山顺德区凤翔路15号", f"王小明 {PHONE}", "确认")
    assert MORNING["words"]["zh"] in soon.heard


# --- complaints and returns --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "about", "wish"),
    [
        ("en", "I want to complain, your guy charged me 300 for nothing", "any day but Friday"),
        ("zh", "我要投诉，师傅昨天约好上午来，等到晚上都没人", "除了周五哪天都行，重新上门"),
        ("zh", "我要投诉，乱收费200", "退"),
    ],
)
def test_any_wish_puts_a_complaint_right(house: House, language: str, about: str, wish: str) -> None:
    customer = talk(house, about, "no" if language == "en" else "没有", wish, language=language)
    assert customer.expects == "name"


def test_who_wishes_for_nothing_can_complain_all_the_same(house: House) -> None:
    customer = talk(house, "我要投诉师傅态度差", "没有", "🤷")
    assert customer.expects == "name"
    for line in ("王小明", PHONE):
        customer.say(line)
    assert "您希望" not in customer.heard


def test_a_figure_of_the_story_is_put_right(house: House) -> None:
    customer = talk(house, "我要投诉，师傅收了我380，说是换加热管", "没有", "道歉", "不是380，是480")
    for line in ("王小明", PHONE):
        customer.say(line)
    assert "收了我480" in customer.heard
    customer.say("不改了")
    assert customer.tickets


def test_what_is_wanted_in_exchange_is_told_and_no_model_of_the_old_one(house: House) -> None:
    customer = talk(house, "I'd like to return a heater", "it's too small for us", language="en")
    customer.say("actually no, can you just exchange it for an 80L")
    for line in ("DSZF-40, two weeks ago", f"Ana Silva {PHONE}"):
        customer.say(line)
    assert "exchange it for an 80L" in customer.heard
    assert "DSZF-40 80L" not in customer.heard


# --- corrections -------------------------------------------------------------------------------------------------


def test_another_fault_at_the_read_back_is_added(house: House) -> None:
    customer = talk(house, "热水器不加热", "不知道", "不知道", "王小明", PHONE, PLACE, "尽快")
    customer.say("对了 那个热水器还会滴水，两个毛病一起修")
    assert customer.expects == "confirm"
    assert "不加热；对了 那个热水器还会滴水" in customer.heard


def test_a_number_put_right_where_the_fault_is_asked_is_no_fault(house: House) -> None:
    customer = talk(house, f"我要报修，我姓王，电话{PHONE}")
    assert customer.expects == "symptom"
    customer.say("电话写错了，是13912345679")
    assert customer.expects == "symptom"
    for line in ("不加热", "不知道", "不知道", PLACE, "尽快"):
        customer.say(line)
    assert "电话：139 1234 5679" in customer.heard
    assert "写错" not in customer.heard


@pytest.mark.parametrize(
    ("text", "held", "better"),
    [
        ("No. 16, not 15", "15 Fengxiang Road", "16 Fengxiang Road"),
        ("13B actually", "5 Tiyu Road, flat 12B", "5 Tiyu Road, flat 13B"),
        ("not 3B, it's 3C", "Flat 3B, 5 Tiyu Road", "Flat 3C, 5 Tiyu Road"),
        ("5 people", "5 Tiyu Road", None),
    ],
)
def test_a_house_or_flat_is_put_right_in_english(text: str, held: str, better: str | None) -> None:
    assert corrections.replaced_in(text, held) == better


def test_a_room_and_a_surname_are_put_right_without_more_words() -> None:
    assert corrections.replaced_in("301改501", "1栋2单元301") == "1栋2单元501"
    assert corrections.replaced_in("我姓刘不姓洋", "刘洋") is None


def test_who_calls_for_somebody_else_is_not_called_i_am() -> None:
    assert name.listed("I'm calling for my grandmother, she has no hot water") is None


def test_the_end_of_a_number_needs_no_preposition() -> None:
    assert corrections.phone_with_new_end("and my number ends 8001", "+8613800138000") == "+8613800138001"


@pytest.mark.parametrize("text", ["不改了", "不用改", "没有要改的", "no changes", "leave it as it is"])
def test_what_was_read_back_may_stay(text: str) -> None:
    assert answers.leaves_it(text)


def test_a_fuller_name_takes_the_place_of_the_first(house: House) -> None:
    customer = talk(house, f"install a heater, it arrived, {PLACE_EN}, my name is Jo, {PHONE}", language="en")
    customer.say("Jo Martin")
    customer.say("not sure about the wall")
    assert "Name: Jo Martin" in customer.heard


def test_a_number_for_the_call_after_a_danger_is_taken(house: House) -> None:
    customer = talk(house, "洗澡的时候被电了一下", PHONE, PLACE, "没有人受伤")
    customer.say("还是打我老公电话吧13912345678")
    assert "139 1234 5678" in customer.heard


# --- short messages ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "surname"), [("tiyu xi lu, 13800138000, wang", "wang"), ("13800138000 li wei", "li wei")]
)
def test_a_surname_in_pinyin_behind_the_number_is_a_name(text: str, surname: str) -> None:
    found = name.listed(text)
    assert found is not None
    assert found.value == surname
    assert name.listed("13800138000, mingtian lai") is None


def test_a_question_of_yes_or_no_is_no_name() -> None:
    assert people.is_no_name("得唔得")
    assert people.is_no_name("行不行")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_model_that_is_not_understood_by_text_is_asked_with_examples(house: House, language: str) -> None:
    begin, lost = ("热水器不加热", ("呃那个", "这个那个")) if language == "zh" else ("no hot water", ("eh", "foo bar"))
    customer = talk(house, begin, *lost, language=language, channel="sms")
    assert "DSZF-60" in customer.heard


def test_what_a_relief_valve_is_is_explained(house: House) -> None:
    customer = talk(house, "热水器漏水", "啥意思")
    assert "进水管上的小阀门" in customer.heard
    english = talk(house, "my heater leaks", "what does that mean?", language="en", channel="sms")
    assert "small valve" in english.heard


def test_the_city_stands_in_the_question_for_its_district(house: House) -> None:
    assert "佛山市哪个区或县" in talk(house, "移机，从广州搬到佛山").heard
    english = "We are moving from Guangzhou to Chongqing, take the heater to the new place"
    assert "of Chongqing" in talk(house, english, language="en").heard


def test_the_fault_of_a_dense_text_is_told_without_who_and_where() -> None:
    text = f"heater makes ice cold water, mom's flat, {PLACE_EN}, {PHONE} Mrs Li"
    fault = story.fault_in(text, "heater makes ice cold water, mom's flat, ,  ")
    assert fault == "heater makes ice cold water, mom's flat"
