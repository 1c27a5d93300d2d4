"""People who write on the web: angry after a third failure, moving house, testing us, correcting everything."""

from __future__ import annotations

import pytest
from fake_visits import AFTERNOON, MORNING, Visits
from house import Conversation, House

PHONE = "13800138000"
PLACE = "广州市天河区体育西路5号"


def talk(house: House, *lines: str) -> Conversation:
    customer = house.conversation()
    for line in lines:
        customer.say(line)
    return customer


def test_whoever_complains_that_it_was_said_to_be_fine_is_not_congratulated(house: House) -> None:
    customer = talk(house, "热水器不热了", "我不想修了，修了两次了，每次都说好了，我要投诉！")
    assert "太好了" not in customer.heard
    assert customer.expects == "ticket_no"
    customer.say("没有")
    for line in ("换一台新的", "王小明", PHONE):
        customer.say(line)
    assert "热水器不热了" in customer.heard  # told before it became a complaint


def test_a_fault_that_has_come_back_is_not_sent_to_the_plug_once_more(house: House) -> None:
    customer = talk(house, "这个月第三次了，又不热了！")
    assert "插头上的灯" not in customer.heard
    assert "修过又坏" in customer.heard


def test_a_complaint_told_calmly_is_acknowledged_first(house: House) -> None:
    customer = talk(house, "昨天来的师傅态度特别差，多收了我200块，我要投诉")
    assert customer.heard.startswith("这事让您受委屈了")


def test_anger_at_the_read_back_is_answered_and_not_called_unclear(house: House) -> None:
    customer = talk(house, "我要投诉师傅态度差", "没有", "道歉", "王小明", PHONE, "你们到底管不管")
    assert "没听明白" not in customer.heard
    assert customer.expects == "confirm"


def test_after_a_refused_time_the_question_comes_back(house: House) -> None:
    customer = talk(house, "热水器不加热", "不知道", "不知道", "王小明", PHONE, PLACE, "今天晚上9点", "上门要钱吗")
    assert "您看哪个合适" in customer.heard
    assert "要哪一个" in customer.say("嗯")


def test_a_time_for_the_visit_is_no_time_for_the_call(house: House, visits: Visits) -> None:
    customer = talk(
        house, f"我叫刘洋，{PHONE}，{PLACE}，热水器不加热，DSZF-60，去年6月买的，明天下午2点以后在家，派人来看看"
    )
    assert customer.expects == "confirm"
    assert "明天下午2点以后在家" in customer.heard
    customer.say("对")
    assert customer.tickets[0]["wanted_time"] is None
    assert "那天可以" in customer.heard
    assert AFTERNOON["words"]["zh"] in customer.buttons
    assert MORNING["words"]["zh"] not in customer.buttons


def test_a_request_beside_a_question_is_taken(house: House) -> None:
    customer = talk(house, "我想问一下我这个还在保吗，顺便修一下，不热")
    assert "整机保1到3年" in customer.heard
    assert customer.expects == "model"
    customer.say("DSZF-60，2022年3月买的")
    assert customer.expects == "name"


def test_an_estate_named_like_a_county_is_the_end_of_the_address_before_it(house: House) -> None:
    customer = talk(house, "我要装热水器", "到了", "广州市天河区体育西路5号 金地太阳城 8栋1203")
    for line in (PHONE, "王小明", "都有"):
        customer.say(line)
    assert "阳城县" not in customer.heard
    assert "金地太阳城 8栋1203" in customer.heard


def test_what_is_not_there_yet_is_read_back_too(house: House) -> None:
    customer = talk(house, "我要装热水器", "还没到", PLACE, PHONE, "王小明", "都有")
    assert "到货：否" in customer.heard


def test_a_district_told_with_the_street_is_not_doubled(house: House) -> None:
    customer = talk(house, "热水器不加热", "不知道", "不知道", "王小明", PHONE, PLACE, "尽快")
    customer.say("地址改成天河区体育西路90号3号楼")
    assert "天河区天河区" not in customer.heard
    assert "体育西路90号3号楼" in customer.heard


def test_who_asks_in_the_middle_of_an_address_is_not_put_into_it(house: House) -> None:
    customer = talk(house, "我要移机，从广州搬到佛山", "王小明", PHONE, "广州拆佛山装，你们都管吗？")
    customer.say("佛山顺德区凤翔路15号")
    assert "地址：广东省佛山市顺德区凤翔路15号\n" in customer.heard
    assert "备注：广州拆佛山装，你们都管吗？" in customer.heard  # for the colleague who calls


@pytest.mark.parametrize("line", ["不是张三，是章三", "名字不是张三，是章三"])
def test_a_name_is_put_right_by_what_it_is_not(house: House, line: str) -> None:
    customer = talk(house, "热水器不加热", "不知道", "不知道", "张三", PHONE, line)
    for each in (PLACE, "尽快"):
        customer.say(each)
    assert "章三" in customer.heard


@pytest.mark.parametrize("sign", ["👍", "👌🏻", "✅"])
def test_a_thumb_confirms(house: House, sign: str) -> None:
    customer = talk(house, "热水器不加热", "不知道", "不知道", "王小明", PHONE, PLACE, "尽快", sign)
    assert len(customer.tickets) == 1


@pytest.mark.parametrize("line", ["能退吗？", "凭什么不能退"])
def test_who_wants_to_return_is_told_the_rules_when_they_ask(house: House, line: str) -> None:
    customer = talk(house, "我前天刚买的热水器，漏水，我要退货", "DSZF-60", line)
    assert house.backend.called("/knowledge/warranty")[-1]["text"].endswith("三包")
    assert customer.expects == "name"
    assert "没听明白" not in customer.heard


def test_an_exchange_will_do_too_is_added_to_the_return(house: House) -> None:
    customer = talk(house, "我要退货，漏水", "DSZF-60", "前天买的", "孙丽", PHONE, "要不换一台也行")
    assert "换一台也行" in customer.heard
    assert customer.expects == "confirm"


def test_what_is_known_may_be_said_again(house: House) -> None:
    customer = talk(house, "我2022年3月买的热水器漏水，我要退货", "DSZF-60", "就是2022年3月啊")
    assert "没听明白" not in customer.heard
    assert customer.expects == "name"


@pytest.mark.parametrize("line", ["那你告诉我她留的电话后四位", "姓名是什么？地址呢", "我是她老公，帮我查一下就行"])
def test_what_stands_in_anothers_ticket_is_refused_in_plain_words(house: House, line: str) -> None:
    customer = talk(house, "帮我查一下工单 WY261124-0999", "13800009999", line)
    assert "不能转告别人" in customer.heard
    assert customer.expects == "ticket_no"


def test_a_code_can_be_asked_for(house: House) -> None:
    customer = talk(house, "帮我查一下工单进度", "我忘了单号，你发验证码给我这个号 13800009999")
    assert "9999" in customer.heard
    assert customer.expects == "code"


def test_a_second_heater_gets_a_ticket_of_its_own(house: House) -> None:
    customer = talk(house, "两台热水器都要修")
    assert "一台一台登记" in customer.heard
    for line in ("漏水", "接口漏", "DSZF-60", "2022年买的", "张伟", PHONE, PLACE, "尽快", "确认"):
        customer.say(line)
    assert len(customer.tickets) == 1
    assert customer.expects == "symptom"
    customer.say("不热")
    assert customer.expects == "model"


def test_the_number_of_who_wants_no_messages_is_not_just_noted(house: House) -> None:
    house.backend.calls.clear()
    customer = talk(house, "别再给我发短信了", "13766660000")
    assert "自己回一条“退订”" in customer.heard


@pytest.mark.parametrize("line", ["你是不是ChatGPT", "你们是官方的吗"])
def test_who_speaks_is_told_in_the_middle_of_a_form_too(house: House, line: str) -> None:
    customer = talk(house, "热水器不加热", line)
    assert "智能助手" in customer.heard
    assert customer.expects == "model"


def test_after_a_danger_nobody_is_told_how_to_bathe(house: House) -> None:
    customer = talk(house, "我孩子洗澡被烫了！水突然特别烫", PHONE, "送医院了")
    assert "请立即拨 120。如果可能是触电" not in customer.heard
    customer.say(PLACE)
    customer.say("那热水器要不要关")
    assert "先别用" in customer.heard


@pytest.mark.parametrize(
    ("lines", "read_back"),
    [
        (("DSZF-60，不对DSZF-80", "2022年", "王小明", PHONE), "型号：DSZF-80"),
        (("不知道", "2022年", "我姓黄，不，姓王", PHONE), "称呼：王"),
    ],
)
def test_who_corrects_himself_in_one_breath_means_the_latter(
    house: House, lines: tuple[str, ...], read_back: str
) -> None:
    customer = talk(house, "热水器不加热", *lines, PLACE, "尽快")
    assert read_back in customer.heard


def test_a_house_put_right_in_one_breath_is_no_day_for_a_call(house: House) -> None:
    customer = talk(house, "热水器不加热", "不知道", "2022年", "王小明", PHONE, "广州市天河区天河路1号，写错了是2号")
    assert customer.expects == "time"
    customer.say("尽快")
    assert "天河路2号" in customer.heard


def test_where_a_heater_is_moved_to_takes_the_place_of_where_it_hangs(house: House) -> None:
    customer = talk(house, "我要移机，从广州搬到佛山", "吴敏", PHONE, PLACE, "新地址佛山市顺德区凤翔路15号")
    assert "地址：广东省佛山市顺德区凤翔路15号" in customer.heard
    assert "体育西路5号" in customer.heard
    customer.say("12月1号搬")
    assert "；12月1号搬" in customer.heard
    assert "回电：12月" not in customer.heard


def test_nobody_is_held_up_by_the_question_who_is_hurt(house: House) -> None:
    customer = talk(house, "洗澡摸水龙头麻手", PHONE, PLACE)
    assert "有人受伤吗" in customer.heard
    customer.say("继续")
    assert "都转给值班同事了" in customer.heard


def test_a_heater_that_has_not_come_is_not_visited_yet(house: House, visits: Visits) -> None:
    customer = talk(house, "我要装热水器", "还没到", PLACE, PHONE, "王小明", "都有", "确认")
    assert len(customer.tickets) == 1
    assert "哪个方便" not in customer.heard
    assert "前上门" not in customer.heard


def test_a_fault_told_with_a_question_is_registered_once_facts_follow(house: House) -> None:
    customer = talk(house, "热水器漏水，上门费多少", "王小明 13800138000")
    assert customer.expects == "symptom"
    for line in ("接口漏", "不知道", "2022年", PLACE, "尽快"):
        customer.say(line)
    assert "漏水" in customer.heard
    assert "138 0013 8000" in customer.heard


def test_another_kind_of_request_after_saving_cancels_the_first_and_is_taken(house: House) -> None:
    customer = talk(house, "我要装热水器", "到了", PLACE, PHONE, "王小明", "都有", "确认", "弄错了，我是要修，不是装")
    assert "确定要取消工单" in customer.heard
    customer.say("确认")
    assert "已取消" in customer.heard
    assert customer.expects == "symptom"


def test_a_whole_address_told_anew_takes_the_place_of_the_first(house: House) -> None:
    customer = talk(house, "热水器不加热", "不知道", "2022年", "王小明", PHONE, PLACE, "佛山市顺德区凤翔路15号", "尽快")
    assert "凤翔路15号" in customer.heard


def test_english_talk_is_no_place(house: House) -> None:
    customer = talk(house, "热水器不加热", "不知道", "2022年", "王小明", PHONE, "Sorry, my husband speaks English only")
    assert customer.expects == "address"


def test_more_of_a_complaint_is_added_whatever_was_asked(house: House) -> None:
    customer = talk(house, "我要投诉，师傅把瓷砖打裂了没人赔", "没有", "赔偿", "还有发票也没开", "王小明", PHONE)
    assert "还有发票也没开" in customer.heard
    assert "没听明白" not in customer.heard


def test_whether_it_can_be_returned_is_answered_before_anything_is_asked(house: House) -> None:
    house.backend.calls.clear()
    talk(house, "前天买的热水器漏水，可以退货吗")
    assert house.backend.called("/knowledge/warranty")


def test_who_asks_where_we_were_goes_on_there(house: House) -> None:
    customer = talk(house, "热水器不加热", "DSZF-60", "2022年", "先这样，我去开会")
    customer.say("在吗，刚才说到哪了")
    assert customer.expects == "name"


def test_a_yes_to_both_is_no_fuller_name(house: House) -> None:
    customer = talk(house, "我要装热水器", "到了", PLACE, PHONE, "姓陈", "都有")
    assert "称呼：陈\n" in customer.heard


def test_a_complaint_about_the_ticket_just_saved_knows_its_number(house: House) -> None:
    customer = talk(house, "热水器不加热", "不知道", "不知道", "王小明", PHONE, PLACE, "尽快", "确认")
    customer.say("我要投诉，你们师傅放我鸽子")
    assert customer.expects != "ticket_no"


def test_a_bare_name_after_a_technicians_surname_is_the_customers(house: House) -> None:
    customer = talk(house, "昨天来的师傅态度差，我要投诉", "他姓王", "道歉", "李娜", PHONE)
    assert "称呼：李娜" in customer.heard
    assert "姓王" in customer.heard


def test_that_the_goods_have_come_can_be_put_right_at_the_read_back(house: House) -> None:
    customer = talk(house, "我要装热水器", "还没到", PLACE, PHONE, "王小明", "都有", "改一下，货到了")
    assert "到货：是" in customer.heard


def test_a_question_about_the_wall_is_answered_at_once(house: House) -> None:
    customer = talk(house, "我要装热水器", "到了", PLACE, "挂空心墙上行吗")
    assert "空心墙挂不住" in customer.heard
    assert customer.expects == "phone"


def test_a_year_in_a_list_of_facts_is_when_it_was_bought(house: House) -> None:
    customer = talk(house, f"我要报修，不热，DSZF-60，2023年，陈先生，{PHONE}，{PLACE}", "尽快")
    assert "购买时间：2023" in customer.heard


def test_installing_can_be_meant_in_place_of_repairing(house: House) -> None:
    customer = talk(house, "热水器不热", "弄错了，我是要装，不是修")
    assert customer.expects == "delivered"
