"""Customers who answer another question than the one that was put, ask back, hesitate, or want none of it."""

from __future__ import annotations

import pytest
from house import Conversation, House


def repair(house: House, *lines: str, language: str = "zh") -> Conversation:
    customer = house.conversation(language)
    for line in lines:
        customer.say(line)
    return customer


def test_facts_told_beside_the_question_are_acknowledged_and_the_question_is_put_again(house: House) -> None:
    customer = repair(house, "热水器不加热", "我电话是13800138000")
    assert customer.heard.startswith("记下了。")
    assert customer.expects == "model"


def test_a_question_that_is_passed_over_twice_is_not_put_a_third_time(house: House) -> None:
    customer = repair(house, "热水器不加热", "我电话是13800138000", "我叫王小明")
    assert customer.expects == "purchase_date"
    customer.say("佛山顺德大良新桂路8号")
    customer.say("明天下午三点")
    assert customer.expects == "confirm"


@pytest.mark.parametrize(
    ("language", "line"), [("zh", "明天下午"), ("en", "tomorrow after lunch"), ("en", "thursday morning")]
)
def test_a_time_is_no_name(house: House, language: str, line: str) -> None:
    opening = ("热水器不加热", "不知道", "2022年") if language == "zh" else ("no hot water", "I don't know", "in 2022")
    customer = repair(house, *opening, language=language)
    assert customer.expects == "name"
    customer.say(line)
    assert customer.expects == "name"


def test_one_character_and_a_title_are_names_whatever_was_asked(house: House) -> None:
    customer = repair(house, "热水器不加热", "不知道", "2022年", "孙")
    assert customer.expects == "phone"
    other = repair(house, "热水器不加热", "不知道", "李女士", "2022年")
    assert other.expects == "phone"


def test_that_something_is_broken_is_no_fault_yet(house: House) -> None:
    customer = repair(house, "我想报修", "坏了")
    assert customer.expects == "symptom"
    assert "帮不上忙" not in customer.heard
    assert "水不热" in customer.buttons


def test_who_only_begins_to_tell_is_listened_to(house: House) -> None:
    customer = repair(house, "我想报修", "我跟你讲啊")
    assert customer.heard.startswith("我在，您请说。")
    assert customer.expects == "symptom"


def test_a_message_of_dots_is_no_mistake(house: House) -> None:
    customer = repair(house, "热水器不加热", "...")
    assert "不急" in customer.heard
    assert customer.expects == "model"


@pytest.mark.parametrize(("line", "said"), [("型号是啥子哦", "铭牌"), ("听不懂", "铭牌")])
def test_a_question_that_is_not_understood_is_explained(house: House, line: str, said: str) -> None:
    customer = repair(house, "热水器不加热", line)
    assert said in customer.heard
    assert customer.expects == "model"


def test_many_years_ago_is_an_answer(house: House) -> None:
    customer = repair(house, "热水器不加热", "不知道", "好多年了")
    assert customer.expects == "name"


@pytest.mark.parametrize(
    ("language", "opening", "question", "said"),
    [
        ("zh", "热水器不加热", "多久能来人", "工作日内上门"),
        ("en", "no hot water", "when will the technician come?", "one working day"),
    ],
)
def test_how_soon_is_told_before_there_is_a_ticket(
    house: House, language: str, opening: str, question: str, said: str
) -> None:
    customer = repair(house, opening, question, language=language)
    assert said in customer.heard
    assert customer.expects == "model"


def test_a_time_of_day_alone_is_meant_for_the_day_that_was_named(house: House) -> None:
    customer = repair(
        house, "热水器不加热", "不知道", "2022年", "孙女士", "13800138000", "佛山顺德大良新桂路8号", "后天上午10点"
    )
    customer.say("改成下午吧")
    customer.say("好的谢谢")
    (ticket,) = customer.tickets
    assert ticket["wanted_time"]["start"].startswith("2026-11-26T1")


def test_what_stands_behind_an_address_is_kept(house: House) -> None:
    customer = repair(house, "热水器不加热", "不知道", "2022年", "孙女士", "13800138000")
    customer.say("佛山顺德大良新桂路8号 老电影院后头")
    customer.say("随时都可以")
    assert "老电影院后头" in customer.heard


@pytest.mark.parametrize("line", ["我不想跟机器人说，给我找个人", "算了给我转人工"])
def test_who_asks_for_a_person_gets_one_even_when_giving_up(house: House, line: str) -> None:
    customer = repair(house, "热水器不加热")
    customer.say(line)
    assert house.backend.called("/handoffs")[-1]["conversation_id"] == customer.id


def test_someone_to_clean_up_is_what_is_wanted_and_no_wish_to_talk(house: House) -> None:
    customer = repair(
        house, "I want to complain about your technician, he was rude and left a mess", "no", language="en"
    )
    customer.say("an apology and someone to clean up")
    assert customer.expects == "name"


def test_who_drops_what_was_never_asked_for_is_not_asked_for_a_number(house: House) -> None:
    customer = repair(house, "多少钱修", "那算了我不修了")
    assert customer.expects is None


def test_a_removal_keeps_both_addresses(house: House) -> None:
    customer = repair(
        house, "我们要搬家，热水器帮忙拆了装到新家", "旧地址佛山顺德大良新桂路8号", "新家在广州市天河区体育西路5号"
    )
    customer.say("刘伟 13800138000")
    assert "新桂路8号" in customer.heard
    assert "体育西路5号" in customer.heard


def test_a_reason_told_with_the_wish_to_return_is_not_asked_for(house: House) -> None:
    customer = repair(house, "买来三天就坏了我要退货")
    assert customer.expects == "model"
    customer.say("有发票")
    assert customer.expects == "model"


def test_more_words_about_a_danger_are_passed_on(house: House) -> None:
    customer = repair(house, "洗澡的时候水龙头麻手", "没有人受伤", "刚才又麻了一下")
    assert customer.expects == "phone"
    customer.say("13800138000")
    assert customer.expects == "address"


def test_a_model_nobody_knows_is_asked_for_once(house: House) -> None:
    customer = repair(house, "我2023年买的，现在还在保修吗", "E5")
    assert "什么型号" not in customer.heard


def test_a_second_hello_is_not_greeted_again(house: House) -> None:
    customer = repair(house, "在吗", "你好")
    assert customer.heard == "我在，您请说。"


def test_another_house_number_is_put_into_the_address_that_stands(house: House) -> None:
    customer = repair(
        house, "热水器不加热", "不知道", "2022年", "孙女士", "13800138000", "佛山顺德大良新桂路8号", "明天上午", "确认"
    )
    customer.say("地址写错了，是96号")
    assert "新桂路96号" in customer.heard


def test_where_it_leaks_makes_the_leak_a_fault_of_its_own(house: House) -> None:
    customer = repair(
        house, "热水器漏水", "接口那里", "不知道", "2022年", "孙女士", "13800138000", "佛山顺德大良新桂路8号"
    )
    customer.say("明天上午")
    assert "接口那里漏水" in customer.heard


def test_only_what_is_said_of_the_wall_is_kept_of_the_wall(house: House) -> None:
    customer = repair(house, "装热水器，货到了，佛山顺德大良新桂路8号，我叫刘强，13821112222，水泥墙有地线")
    customer.say("确认")
    (ticket,) = customer.tickets
    assert ticket["install"]["readiness"] == "水泥墙有地线"


def test_a_name_may_stand_beside_a_number(house: House) -> None:
    customer = repair(house, "no hot water", "I don't know", "in 2022", "jim 13712341111", language="en")
    assert customer.expects == "address"


def test_who_changes_the_language_hears_the_new_one_only(house: House) -> None:
    customer = repair(house, "hi", "我还是说中文吧", language="en")
    assert "Hello" not in customer.heard


def test_a_fault_code_alone_is_a_repair(house: House) -> None:
    customer = repair(house, "E5")
    assert customer.expects in ("symptom", "model")


def test_a_fault_code_told_where_the_model_was_asked_is_no_model(house: House) -> None:
    customer = repair(house, "热水器洗到一半突然变冷水了", "上面写了E5")
    assert customer.expects == "model"
    assert customer.heard.startswith("记下了。")
    customer.say("不清楚")
    for said in ("2022年", "13800138000 我姓刘", "广州市天河区体育西路5号", "明天下午"):
        customer.say(said)
    assert "突然变冷水了 (E5)" in customer.heard
    assert "型号：不清楚" in customer.heard


def test_a_code_told_late_that_means_danger_is_danger(house: House) -> None:
    customer = repair(house, "热水器不加热", "显示E1", "YLS-D60A")
    assert "触电" in customer.heard or "漏电" in customer.heard


def test_facts_before_a_request_are_noted_and_kept(house: House) -> None:
    customer = repair(house, "我的电话是13800138000")
    assert customer.heard.startswith("记下了。")
    customer.say("热水器不加热")
    customer.say("不知道")
    customer.say("2022年")
    customer.say("孙女士")
    assert customer.expects == "address"


def test_a_surname_may_stand_beside_a_number(house: House) -> None:
    customer = repair(house, "热水器不加热", "不知道", "2022年", "王 13899990000")
    assert customer.expects == "address"


def test_how_the_people_are_is_no_address(house: House) -> None:
    customer = repair(house, "热水器插头那里有烧焦的味道", "13600001111", "没有人受伤")
    assert customer.expects == "address"


def test_nobody_is_asked_whether_the_scalded_are_hurt(house: House) -> None:
    customer = repair(house, "我娃儿被热水烫了一下，红了", "13600001111", "佛山顺德大良新桂路8号")
    assert "有人受伤吗" not in customer.heard


def test_spaces_between_clauses_are_pauses_in_a_fault(house: House) -> None:
    customer = repair(house, "喂 你好 我屋企个热水器成日跳闸啊 点算", "唔知", "2021年", "13702812345 姓梁")
    customer.say("广州市天河区体育西路5号")
    customer.say("明天下午")
    assert "故障：我屋企个热水器成日跳闸啊\n" in customer.heard


def test_why_something_is_returned_is_kept_whole(house: House) -> None:
    customer = repair(
        house, "第三次了！又不热！上次修完一个星期就坏！我要退货", "不清楚", "2025年6月", "王建国 13600136000"
    )
    assert "上次修完一个星期就坏" in customer.heard


def test_a_place_told_where_the_number_was_asked_is_no_number(house: House) -> None:
    customer = repair(house, "我妈洗澡被电了一下，人没事", "她家在广州市天河区体育西路5号")
    assert "字母" not in customer.heard
    assert house.backend.called("/hazards")[-1]["address"].endswith("体育西路5号")


@pytest.mark.parametrize(("said", "language"), [("那还能用吗", "zh"), ("can I still use it", "en")])
def test_what_was_dangerous_is_not_used_again_before_somebody_has_looked(
    house: House, said: str, language: str
) -> None:
    opening = (
        ("洗澡的时候水龙头麻手", "13600001111") if language == "zh" else ("I got a shock from the tap", "13600001111")
    )
    customer = repair(house, *opening, language=language)
    customer.say(said)
    assert ("先别用" if language == "zh" else "do not use it yet") in customer.heard


def test_who_asks_whether_a_machine_speaks_is_told(house: House) -> None:
    customer = repair(house, "你是机器人吗")
    assert "智能助手，不是真人" in customer.heard
    english = repair(house, "are you a real person?", language="en")
    assert "not a person" in english.heard


def test_a_person_is_called_once_for_whoever_talks_of_other_things(house: House) -> None:
    customer = repair(house, "讲个笑话", "我家空调不制冷你们修吗", "股票怎么看")
    calls = len(house.backend.called("/handoffs"))
    customer.say("帮我写首诗")
    assert len(house.backend.called("/handoffs")) == calls
    assert "这个我可不在行" in customer.heard


def test_a_size_told_without_a_model_is_read_back(house: House) -> None:
    customer = repair(house, "no hot water", "60 litres", "in 2022", "jim 13712341111", language="en")
    customer.say("12 Longkou Road, Tianhe, Guangzhou")
    customer.say("tomorrow afternoon")
    assert "60" in customer.heard


def test_advice_is_given_once_where_a_question_and_a_fault_are_one(house: House) -> None:
    customer = repair(house, "热水器不热，是不是要除垢，怎么清洗")
    assert customer.heard.count("不热，先看插头上的灯") + customer.heard.count("清洗") <= 1


def test_who_gives_the_case_up_cancels_it_and_not_only_its_call(house: House) -> None:
    customer = repair(house, "查一下进度", "WY261124-0001", "13800138000", "改到后天上午打电话", "取消吧不修了")
    assert "确定要取消工单" in customer.heard


def test_who_needs_no_person_any_more_goes_on_with_the_bot(house: House) -> None:
    customer = repair(house, "人工", "没事了不用人工了")
    assert customer.heard.startswith("好的，不转人工了")
    assert house.backend.called("/handoffs/withdraw")[-1]["conversation_id"] == customer.id
    customer.say("热水器不加热")
    assert customer.expects == "model"


def test_a_year_is_no_ticket_number(house: House) -> None:
    customer = repair(house, "查一下进度", "我2021年8月买的还在保吗")
    assert customer.expects == "ticket_no"


def test_who_is_badly_hurt_is_not_asked_about(house: House) -> None:
    customer = repair(house, "我婆婆洗澡被电到，现在晕过去了", "13823456789", "广州市天河区体育西路5号")
    assert "有人受伤吗" not in customer.heard
    assert house.backend.called("/hazards")[0]["anyone_hurt"] is True or any(
        each["anyone_hurt"] for each in house.backend.called("/hazards") if each["conversation_id"] == customer.id
    )


def test_nobody_knows_when_it_was_bought_is_heard_beside_the_model(house: House) -> None:
    customer = repair(house, "热水器不加热", "不知道啥型号啥时候买的")
    assert customer.expects == "name"


def test_these_days_all_will_do(house: House) -> None:
    customer = repair(
        house, "热水器不加热", "不知道", "不记得", "13800138000 我姓刘", "广州市天河区体育西路5号", "就这两天都行"
    )
    assert "回电：尽快" in customer.heard


def test_when_an_answer_comes_is_told_after_saving(house: House) -> None:
    customer = repair(
        house, "我要退货，买了三天就漏水", "WY-60", "11月22号买的", "王先生 13666661234", "确认", "多久给答复"
    )
    assert "说不准" not in customer.heard


def test_who_asks_what_to_do_after_a_danger_hears_it_again(house: House) -> None:
    customer = repair(house, "我婆婆洗澡被电到，现在晕过去了", "13823456789", "广州市天河区体育西路5号", "点算啊")
    assert "不要碰" in customer.heard


def test_after_a_danger_somebody_comes_though_nobody_is_wanted(house: House) -> None:
    customer = repair(house, "洗澡的时候水龙头麻手", "13600001111", "广州市天河区体育西路5号", "没人受伤", "不用人工了")
    assert "不转人工" not in customer.heard
    assert "请不要用水" in customer.heard
