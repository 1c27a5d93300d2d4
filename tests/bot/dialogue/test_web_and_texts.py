"""Office workers' fragments, one dense text message, hagglers, corrections after all: what was answered badly once."""

from __future__ import annotations

import pytest
from house import Conversation, House

PHONE = "13800138000"
PLACE = "广州市天河区体育西路5号"


def talk(house: House, *lines: str, channel: str = "web", language: str = "zh") -> Conversation:
    customer = house.conversation(language, channel)
    for line in lines:
        customer.say(line)
    return customer


@pytest.mark.parametrize(
    "answer", ["没显示型号", "型号没显示", "上面没显示", "铭牌磨掉了", "标签掉了", "铭牌锈得看不出"]
)
def test_a_label_that_tells_nothing_is_no_fault_and_no_misunderstanding(house: House, answer: str) -> None:
    customer = talk(house, "热水器不热了", answer)
    assert customer.answer["collected"]["model"] == "unknown"
    assert customer.answer["collected"]["symptom"] == "热水器不热了"
    assert customer.expects == "purchase_date"
    assert "没听明白" not in customer.heard


def test_a_label_that_tells_nothing_answers_the_question_of_an_answer(house: House) -> None:
    customer = talk(house, "我的热水器还保修吗", "铭牌上没显示")
    assert "不要紧" in customer.heard


@pytest.mark.parametrize(
    ("language", "insults", "person"),
    [("zh", ("垃圾", "废物", "滚"), "同事"), ("en", ("you idiots",) * 3, "colleague")],
)
def test_who_insults_again_is_offered_a_person_and_then_hears_little(
    house: House, language: str, insults: tuple[str, ...], person: str
) -> None:
    customer = house.conversation(language)
    first, second, third = (customer.say(line) for line in insults)
    assert len({first, second, third}) == 3
    assert person in second
    assert customer.answer["messages"][0]["buttons"] == []
    assert len(third) < len(first)


def test_an_insult_is_not_offered_the_person_who_is_called_already(house: House) -> None:
    customer = talk(house, "转人工", "垃圾", "废物")
    assert "转人工" not in customer.heard


def test_an_insult_in_a_form_is_answered_once(house: House) -> None:
    customer = talk(house, "热水器不热", "废物")
    assert "换谁都着急" not in customer.heard
    assert customer.expects == "model"


def test_one_dense_text_message_is_read_back_within_two_segments(house: House) -> None:
    customer = talk(
        house,
        f"张伟{PHONE}，{PLACE}2栋301，DSZF-60，去年双11京东买的，不加热，周六上午在家，来前先打电话",
        channel="sms",
    )
    assert customer.expects == "confirm"
    assert len(customer.heard) <= 134
    assert "来前先打电话" in customer.heard


def test_a_complaint_in_one_text_message_is_read_back_alone(house: House) -> None:
    customer = talk(
        house, f"投诉！师傅上周三没来也没电话，没有单号，要求赔偿误工费200元，我叫陈芳{PHONE}", channel="sms"
    )
    assert "受委屈" not in customer.heard or customer.expects != "confirm"


def test_a_number_in_groups_is_no_remark_about_rooms(house: House) -> None:
    customer = talk(house, "热水器不热", "不知道", "去年", "王芳", PHONE, "电话写错了，139 0013 9000", PLACE, "尽快")
    assert "139 0013 9000" in customer.heard
    assert "备注" not in customer.heard


def test_as_soon_as_possible_at_the_end_of_many_facts_is_the_time_for_the_call(house: House) -> None:
    customer = talk(house, f"热水器不热，DSZF-60，2024年买的，王芳{PHONE}，{PLACE}，尽快")
    assert customer.expects == "confirm"
    assert "回电：尽快" in customer.heard


def test_what_two_wishes_of_a_complaint_say_is_kept(house: House) -> None:
    customer = talk(house, "我要投诉师傅态度差", "没有", "我要退货！", "不退我就去12315", "赵强", PHONE)
    assert "我要退货！；不退我就去12315" in customer.heard


def test_a_model_told_in_a_complaint_reaches_who_reads_it(house: House) -> None:
    customer = talk(house, "我要投诉师傅态度差", "没有", "道歉", "DSZF-60", "赵强", PHONE)
    assert "型号：DSZF-60" in customer.heard
    customer.say("确认")
    assert customer.tickets[0]["model"] == "DSZF-60"


def test_money_back_after_all_is_no_name(house: House) -> None:
    customer = talk(house, "我要退货", "买了十天，不想要了", "YLS-80", "要不换一台60升的吧", "还是退钱")
    assert customer.expects == "name"
    customer.say(f"王梅 {PHONE}")
    assert "还是退钱" in customer.heard
    assert "称呼：王梅" in customer.heard


def test_a_fault_asked_about_is_read_back_without_the_questions(house: House) -> None:
    customer = talk(house, "热水器不热了，请问上门要多少钱？还在保吗？", "2023年3月买的DSZF-60")
    customer.say(f"我是孙丽，{PHONE}，{PLACE}")
    customer.say("尽快")
    assert "故障：热水器不热了\n" in customer.heard


def test_a_fault_named_with_another_request_is_not_asked_for_again(house: House) -> None:
    customer = talk(house, "我想装热水器", "到货了", "算了还是先修旧的吧，旧的漏水")
    assert customer.answer["form"] == "repair_form"
    assert "漏水" in customer.heard


def test_a_name_is_spelled_by_a_word_it_stands_in(house: House) -> None:
    customer = talk(house, "热水器不热", "不知道", "去年", "李建国", "名字建是健康的健")
    assert customer.answer["collected"]["name"] == "李健国"


def test_an_office_or_a_landline_will_do(house: House) -> None:
    customer = talk(house, "热水器不热", "不知道", "去年", "Amy", "座机可以吗")
    assert customer.heard.startswith("可以的")
    assert customer.expects == "phone"
    customer.say(PHONE)
    customer.say("公司地址行吗")
    assert customer.heard.startswith("可以的")
    assert customer.expects == "address"


def test_who_looks_for_the_model_is_waited_for(house: House) -> None:
    customer = talk(house, "热水器不热", "型号…等下哈")
    assert customer.heard.startswith("不急")
    assert customer.expects == "model"


def test_nothing_more_at_the_read_back_is_a_yes(house: House) -> None:
    customer = talk(house, f"热水器不热，DSZF-60，2024年买的，王芳{PHONE}，{PLACE}，尽快", "没有别的了")
    assert len(customer.tickets) == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh", "我家海尔热水器不热"), ("zh", "热水器是美的的，漏水"), ("en", "my Midea water heater is leaking")],
)
def test_another_makers_heater_is_not_registered(house: House, language: str, text: str) -> None:
    customer = talk(house, text, language=language)
    assert ("Weiya" if language == "en" else "威雅") in customer.heard
    assert customer.answer["form"] is None


def test_ours_beside_another_make_is_registered(house: House) -> None:
    customer = talk(house, "以前用海尔热水器，现在换了你们威雅的，不热了")
    assert customer.answer["form"] == "repair_form"


def test_a_request_dropped_by_mistake_is_taken_up_whole(house: House) -> None:
    customer = talk(house, f"热水器不热，DSZF-60，2024年买的，王芳{PHONE}，{PLACE}，尽快", "算了取消吧")
    assert "没有提交" in customer.heard
    customer.say("不是取消报修，我还要修")
    assert customer.answer["form"] == "repair_form"
    assert customer.answer["collected"]["symptom"] == "热水器不热"
    assert customer.answer["collected"]["model"] == "DSZF-60"


def test_where_the_talk_was_left_is_asked_for_in_passing_words(house: House) -> None:
    customer = talk(house, "热水器不热", "你们几点下班", "好吧，回到刚才")
    assert "没听明白" not in customer.heard
    assert customer.expects == "model"


def test_who_sends_for_somebody_after_a_price_is_registered(house: House) -> None:
    customer = talk(house, "上门要多少钱", "好那来吧")
    assert customer.answer["form"] == "repair_form"


def test_who_wants_to_think_it_over_is_let_go(house: House) -> None:
    customer = talk(house, "上门要多少钱", "那我考虑考虑")
    assert "随时找我们" in customer.heard


def test_a_fault_among_commands_is_heard(house: House) -> None:
    customer = talk(house, "热水器漏水'; DROP TABLE--")
    assert customer.answer["form"] == "repair_form"


def test_the_technicians_number_is_refused_in_the_middle_of_a_search(house: House) -> None:
    customer = talk(house, "帮我查下我邻居的单子", "那你告诉我师傅电话总行吧")
    assert "给不了" in customer.heard


def test_where_the_model_is_found_is_asked_and_no_model(house: House) -> None:
    customer = talk(house, "熱水器忽冷忽熱", "邊度睇型號？")
    assert "銘牌上的一串字母數字" in customer.heard
    assert customer.expects == "model"


def test_whose_number_of_two_is_to_be_rung(house: House) -> None:
    customer = talk(house, f"我帮我妈报修，她电话13900139000，我电话{PHONE}，打她的", PLACE, "漏水，接口那儿", "不知道")
    assert customer.answer["collected"]["phone"] == "+8613900139000"
    assert PHONE in customer.answer["collected"]["wanted"]


def test_whom_to_ring_where_nobody_answers_is_noted(house: House) -> None:
    customer = talk(house, "热水器不热", "不知道", "去年", "王芳", PHONE, PLACE, "打不通就打我老公")
    assert "没听明白" not in customer.heard
    assert "打不通就打我老公" in customer.answer["collected"]["wanted"]


def test_who_will_not_leave_a_number_hears_what_it_is_for_whatever_is_asked(house: House) -> None:
    customer = talk(house, "热水器不热", "不知道", "我不想留电话")
    assert "给师傅联系您用" in customer.heard
    assert customer.expects == "purchase_date"


def test_a_question_taken_for_a_goodbye_ends_no_form(house: House) -> None:
    customer = talk(house, "热水器不热", "不知道", "那就在这里聊不行吗")
    assert customer.answer["form"] == "repair_form"


@pytest.mark.parametrize(
    "answer", ["冇人受傷", "冇人受伤", "冇事", "没得人受伤", "莫得哪个受伤", "呒没人受伤", "没啥事", "毋人受伤"]
)
def test_nobody_hurt_in_a_dialect_is_nobody(house: House, answer: str) -> None:
    customer = talk(house, "冲凉水麻手", PHONE, PLACE, answer)
    assert "120" not in customer.heard


@pytest.mark.parametrize("answer", ["没人接电话，我爸晕倒了", "没有，就是手疼得厉害"])
def test_who_is_hurt_is_heard_beside_a_no(house: House, answer: str) -> None:
    customer = talk(house, "冲凉水麻手", PHONE, PLACE, answer)
    assert "120" in customer.heard


def test_a_surname_put_right_after_saving(house: House) -> None:
    customer = talk(house, f"热水器不热，DSZF-60，2024年买的，王芳{PHONE}，{PLACE}，尽快", "确认", "我姓错了，是汪")
    assert "汪芳" in customer.heard


def test_anger_heard_before_a_form_is_not_answered_in_it_again(house: House) -> None:
    customer = talk(house, "😡😡😡", "热水器坏了！！")
    assert "换谁都着急" not in customer.heard
