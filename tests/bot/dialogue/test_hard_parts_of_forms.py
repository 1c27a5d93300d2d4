"""Several numbers, several places, names of many countries, wishes beside questions, what is asked after saving."""

from __future__ import annotations

import pytest
from fake_visits import AFTERNOON, MORNING, THURSDAY, Visits
from house import Conversation, House

REPAIR = ("no hot water", "DSZF-60", "in 2022", "John Smith", "13800138000")
HOME = "12 Longkou Road, Tianhe, Guangzhou"
ZH_HOME = "广州市天河区体育西路5号"


def said(house: House, *lines: str, language: str = "en", channel: str = "web") -> Conversation:
    customer = house.conversation(language, channel)
    for line in lines:
        customer.say(line)
    return customer


# --- who and which number -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "called"),
    [
        ("it's 138 0013 8001, that's my husband's, mine is 13900139001 - use mine", "139 0013 9001"),
        ("mine is 13900139001 but please use my wife's 13800138001", "138 0013 8001"),
    ],
)
def test_of_several_numbers_the_one_to_use_is_called(house: House, told: str, called: str) -> None:
    customer = said(house, *REPAIR[:4], told, HOME, "as soon as possible")
    assert f"Phone: {called}" in customer.heard


def test_a_number_said_to_be_out_of_reach_is_not_called(house: House) -> None:
    customer = said(
        house, "热水器不热", "型号不知道", "2022年", "我姓欧阳，电话用我老婆的13800138002，我的13900139002白天打不通",
        ZH_HOME, "尽快", language="zh",
    )  # fmt: skip
    assert "电话：138 0013 8002" in customer.heard


def test_the_number_of_somebody_else_told_later_is_noted_and_not_called(house: House) -> None:
    customer = said(house, *REPAIR, "hers is 020-83334444", HOME, "as soon as possible")
    assert "Phone: 138 0013 8000" in customer.heard
    assert "hers is 020-83334444" in customer.heard


@pytest.mark.parametrize("name", ["João da Silva", "Hugo Martín", "Fiona Campbell-Grant"])
def test_a_name_told_too_early_is_no_wrong_answer(house: House, name: str) -> None:
    customer = said(house, "no hot water", "DSZF-60", name)
    assert customer.expects == "purchase_date"
    assert "did not quite" not in customer.heard
    for line in ("in 2022", "13800138000", HOME, "as soon as possible"):
        customer.say(line)
    assert f"Name: {name}" in customer.heard


@pytest.mark.parametrize("told", ["she's a bit deaf, ring the bell for long", "they were very rude"])
def test_a_sentence_is_nobody_s_name(house: House, told: str) -> None:
    customer = said(house, *REPAIR[:3], told)
    assert customer.expects in ("name", "name_choices")


def test_a_wish_for_another_number_holds_no_name(house: House) -> None:
    customer = said(house, *REPAIR, HOME, "as soon as possible", "need 2 change phone no. to 13700009999")
    assert "Name: John Smith" in customer.heard
    assert "Phone: 137 0000 9999" in customer.heard


# --- where ----------------------------------------------------------------------------------------------------------


def test_who_lives_elsewhere_is_not_asked_for_a_district_of_there(house: House) -> None:
    customer = said(house, "My heater is in Guangzhou but I live in Chongqing, tenant says no hot water")
    assert "of Guangzhou" in customer.heard


def test_a_remark_for_the_visit_drops_nothing(house: House) -> None:
    customer = said(house, *REPAIR, "call the tenant please", HOME, "as soon as possible")
    assert "call the tenant please" in customer.heard


def test_the_city_told_once_more_is_no_misunderstanding(house: House) -> None:
    customer = said(house, *REPAIR, HOME, "Guangzhou")
    assert customer.expects == "time"
    assert "did not quite" not in customer.heard


def test_both_places_of_a_move_are_kept(house: House) -> None:
    customer = said(
        house, "我要移机", "我要移机，从广州搬到佛山", "旧的在广州天河区体育西路5号，新的在佛山顺德区凤翔路15号",
        "周先生", "13333330001", language="zh",
    )  # fmt: skip
    assert "体育西路5号" in customer.heard
    assert "地址：广东省佛山市顺德区凤翔路15号" in customer.heard


# --- when -----------------------------------------------------------------------------------------------------------


def test_a_time_that_is_asked_about_is_an_answer(house: House) -> None:
    customer = said(house, *REPAIR, HOME, "half three tomorrow?")
    assert "Call: Wed 25 Nov, 15:30" in customer.heard


def test_a_weekday_alone_keeps_the_hour_that_was_read_back(house: House) -> None:
    customer = said(house, *REPAIR, HOME, "tomorrow at 2pm", "ok Thursday then")
    assert "Call: Thu 26 Nov, 14:00" in customer.heard


def test_a_day_named_with_any_time_is_not_the_first_that_is_offered(house: House, visits: Visits) -> None:
    visits.free = [MORNING, AFTERNOON, THURSDAY]
    said(house, *REPAIR, HOME, "as soon as possible", "yes", "not tomorrow. Thursday any time")
    assert [body["start"] for kind, body in visits.booked if kind == "held"] == [THURSDAY["start"]]


def test_how_long_ago_a_repair_was_is_no_day_to_come(house: House) -> None:
    customer = said(
        house, "热水器不热", "型号不知道", "2022年", "王小明", "13800138000", ZH_HOME, "尽快", language="zh"
    )
    customer.say("师傅来要收钱吗，才修过一个月")
    assert "记上" not in customer.heard


# --- what is wished for and what is told ----------------------------------------------------------------------------


def test_a_service_booked_in_a_question_s_words_is_taken(house: House) -> None:
    customer = said(house, "Booking a service please, magnesium anode replacement, unit is YLS-60")
    assert customer.expects == "purchase_date"
    for line in ("Feb 2021", "Grace Okafor", "13412340001", HOME, "as soon as possible"):
        customer.say(line)
    assert "magnesium anode replacement" in customer.heard


def test_who_goes_on_with_a_name_after_a_wish_is_served(house: House) -> None:
    customer = said(house, "你们主板多少钱", "那修吧，明天下午三点以后", language="zh")
    assert customer.expects == "model"


def test_who_is_to_come_and_swap_a_part_takes_nothing_back(house: House) -> None:
    customer = said(house, "how often should the magnesium rod be replaced", "OK book somebody to swap it")
    assert customer.expects == "model"
    for line in ("DSZF-60", "in 2022", "Ines Moreau", "13344445555", HOME, "as soon as possible"):
        customer.say(line)
    assert "Fault:" in customer.heard


def test_more_of_the_story_is_heard_while_the_model_is_asked(house: House) -> None:
    customer = said(house, "my heater trips the breaker", "yes every time I turn it on")
    assert customer.expects == "model"
    assert "did not quite" not in customer.heard


@pytest.mark.parametrize("told", ["没拆封，京东自营买的", "包装都还在"])
def test_the_state_of_the_goods_belongs_to_a_return(house: House, told: str) -> None:
    customer = said(house, "买了6天不想要了，我要退货", told, language="zh")
    assert "没听明白" not in customer.heard
    for line in ("DSZF-60", "李想", "13600002222"):
        customer.say(line)
    assert told in customer.heard
    assert "称呼：李想" in customer.heard


def test_one_wish_is_put_beside_the_other(house: House) -> None:
    customer = said(house, "the technician was two hours late and rude", "no", "can I get compensation")
    assert customer.expects == "name"
    customer.say("I want him here today before 6")
    for line in ("Tom Becker", "13712345678"):
        customer.say(line)
    assert "can I get compensation; I want him here today before 6" in customer.heard


def test_a_question_about_what_was_saved_opens_nothing_new(house: House) -> None:
    customer = said(house, "我要退货，买了3天不热", "DSZF-60", "前天", "李想", "13600002222", "确认", language="zh")
    assert customer.tickets
    customer.say("那七天无理由也行吗")
    assert customer.expects is None


# --- whose ticket it is ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "told", ["我不在她身边，你直接告诉我师傅几点来就行", "我是她儿子，身份证号可以给你", "can you just tell me?"]
)
def test_who_has_not_the_phone_at_hand_is_told_how_and_not_blamed(house: House, told: str) -> None:
    zh = not told.isascii()
    asked = ("我要查单", "没有单号", "13800138002") if zh else ("check my repair", "no number", "13800138002")
    customer = said(house, *asked, *(told,) * 2, language="zh" if zh else "en")
    assert "转人工" in customer.heard or "agent" in customer.heard
    customer.say(told)
    assert not [call for call in house.backend.called("/handoffs") if call["conversation_id"] == customer.id]


def test_the_end_of_a_number_is_no_code_that_is_too_short(house: House) -> None:
    customer = said(house, "check my repair", "no number", "13800138002", "her number ends 8002")
    assert "longer or shorter" not in customer.heard


# --- more of the same -----------------------------------------------------------------------------------------------


def test_the_name_of_the_city_behind_a_yes_is_no_misunderstanding(house: House) -> None:
    customer = said(
        house, *REPAIR, "Flat 3B, Tower 5, The Riviera, 12 Longkou Road, Tianhe, Guangzhou", "yes Guangzhou"
    )
    assert "did not quite" not in customer.heard
    customer.say("as soon as possible")
    assert "Flat 3B, Tower 5, The Riviera" in customer.heard


def test_a_question_that_may_stay_open_is_not_put_for_ever(house: House) -> None:
    customer = said(house, "no hot water", *("does it have a child lock",) * 2)
    assert customer.expects == "model"
    customer.say("do you have a child lock on it")
    assert customer.expects == "purchase_date"


def test_a_part_told_for_an_answer_opens_no_request(house: House) -> None:
    customer = said(house, "do you sell spare parts", "a knob")
    assert customer.expects is None


@pytest.mark.parametrize("told", ["so can I get money back or only exchange?", "can I still return it?"])
def test_who_asks_again_what_a_return_brings_is_answered(house: House, told: str) -> None:
    customer = said(
        house, "I want to return my heater, wrong size", "DSZF-60", "9 days ago", "Sam Lee", "13711110009", "yes", told
    )
    assert len(customer.tickets) == 1
    assert customer.expects is None


def test_money_that_was_charged_is_no_heater_that_goes_back(house: House) -> None:
    customer = said(house, "我要退这120块材料费", language="zh")
    assert customer.expects in ("ticket_no", "wanted")


def test_another_time_of_a_request_that_exists_opens_no_new_one(house: House) -> None:
    customer = said(house, "我报了一个安装，想改安装的时间", language="zh")
    assert customer.expects != "delivered"


def test_number_and_phone_together_look_a_ticket_up(house: House) -> None:
    customer = said(house, "我投诉过了，WY261124-0001，电话15900001111", language="zh")
    looked_up = [body for body in house.backend.called("/tickets/lookup") if body["conversation_id"] == customer.id]
    assert [body["ticket_no"] for body in looked_up] == ["WY261124-0001"]


def test_the_end_of_a_story_is_no_goodbye(house: House) -> None:
    customer = said(house, "师傅迟到两个小时态度还差", "没有", "要赔我误工费三百", "就这些", language="zh")
    assert "再见" not in customer.heard


def test_where_a_household_moves_from_is_no_address(house: House) -> None:
    customer = said(house, "moving there from Guangzhou in Jan, want heater moved")
    assert "of Guangzhou" not in customer.heard


def test_taken_down_behind_a_question_is_a_wish(house: House) -> None:
    customer = said(house, "那旧的帮我拆走要钱吗", f"拆吧，{ZH_HOME}", language="zh")
    assert customer.expects in ("name", "move_what")


def test_call_me_instead_tells_no_name(house: House) -> None:
    customer = said(house, *REPAIR, HOME, "as soon as possible", "yes", "call me instead")
    assert "instead" not in customer.heard


def test_a_block_with_its_estate_before_the_street_is_no_name(house: House) -> None:
    customer = said(
        house, *REPAIR, "unit 8 tower 2 parkview, 12 Longkou Road, Tianhe, Guangzhou", "as soon as possible"
    )
    assert "Name: John Smith" in customer.heard
    assert "unit 8 tower 2 parkview, 12 Longkou Road" in customer.heard


def test_what_it_is_changed_to_is_sought_in_whole_words(house: House) -> None:
    customer = said(house, *REPAIR, "Unit 8, 12 Longkou Road, Tianhe, Guangzhou", "change it to friday pls")
    customer.say("as soon as possible")
    assert "Unit 8, 12 Longkou Road" in customer.heard


def test_the_heater_of_another_home_is_a_request_of_its_own(house: House, visits: Visits) -> None:
    customer = said(house, *REPAIR, HOME, "as soon as possible", "yes", "also my mum's heater in Foshan leaks")
    customer.say("she is at 15 Fengxiang Road, Shunde, Foshan")
    assert not [path for path, body in house.backend.calls if path.endswith("/correct") and "Foshan" in str(body)]


def test_which_heater_it_is_is_not_asked_again_after_saving(house: House) -> None:
    customer = said(house, "heater won't heat, it's a YLS-60", "in 2024", "John Smith", "13800138000", HOME, "asap")
    customer.say("yes")
    customer.say("is it under warranty")
    assert "under warranty" in customer.heard
    assert "Which model" not in customer.heard


def test_a_name_of_friends_is_not_taken_for_thanks(house: House) -> None:
    customer = said(house, "热水器不热", "小谢", language="zh")
    assert "不客气" not in customer.heard


def test_an_estate_takes_nobody_s_name_away(house: House) -> None:
    customer = said(house, *REPAIR, "Orchid Residence, 12 Longkou Road, Tianhe, Guangzhou", "as soon as possible")
    assert "Name: John Smith" in customer.heard


def test_that_it_was_delivered_is_no_answer_about_the_wall(house: House) -> None:
    customer = said(
        house, "install my heater please", "yes delivered", HOME, "13788889999", "Emma Larsen", "yes it was delivered"
    )
    assert customer.expects == "readiness"
