"""Customers who drop facts anywhere, put things right late, ask other things first, and mean what they say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fake_visits import AFTERNOON, MORNING, THURSDAY, Visits
from house import Conversation, House

HOME = "佛山顺德大良新桂路8号"
REPAIR = f"热水器不加热，型号不知道，2022年买的，我叫赵明，电话13712340000，地址{HOME}"


@pytest.fixture
def visits(house: House) -> Iterator[Visits]:
    house.backend.visits.clear()
    house.backend.visits.free = [MORNING, AFTERNOON, THURSDAY]
    yield house.backend.visits
    house.backend.visits.clear()


def played(house: House, *lines: str, channel: str = "web") -> Conversation:
    customer = house.conversation(channel=channel)
    for line in lines:
        customer.say(line)
    return customer


def saved(house: House) -> Conversation:
    customer = played(house, f"{REPAIR}，明天上午打电话", "对的")
    assert customer.tickets
    return customer


# --- a ticket that cannot be found ---------------------------------------------------------------------------------


@pytest.mark.parametrize("opening", ["查下我的单子", "帮我催一下", "取消我的预约"])
def test_the_number_of_a_ticket_is_not_asked_for_after_every_other_question(house: House, opening: str) -> None:
    customer = played(house, opening, "你们几点下班")
    assert customer.expects == "ticket_no"
    customer.say("保修几年")
    assert customer.expects is None
    assert "转人工" in customer.heard


def test_a_search_that_was_left_goes_on_when_there_is_a_way(house: House) -> None:
    customer = played(house, "查下我的单子", "你们几点下班", "保修几年", "没有单号")
    assert "验证码" in customer.heard
    assert customer.expects == "phone"


def test_who_knows_neither_number_nor_phone_gets_a_person(house: House) -> None:
    customer = played(house, "查下我的单子", "没有单号", "我忘了")
    assert house.backend.called("/handoffs")[-1]["conversation_id"] == customer.id


def test_who_drops_the_search_for_a_person_gets_the_person(house: House) -> None:
    customer = played(house, "查下我的单子", "算了，给我转人工吧")
    assert house.backend.called("/handoffs")[-1]["conversation_id"] == customer.id


def test_a_deleted_text_is_no_wish_for_no_more_texts(house: House) -> None:
    customer = played(house, "帮我催一下", "短信删了")
    assert "退订" not in customer.heard
    assert customer.expects in ("ticket_no", "phone")


# --- corrections ---------------------------------------------------------------------------------------------------


def test_a_wrong_room_is_put_right_after_saving_without_the_whole_address(house: House) -> None:
    customer = played(house, f"{REPAIR}5栋302，明天上午打电话", "对的", "门牌是302不对，是203")
    assert "203" in customer.heard
    assert "302" not in customer.heard


def test_a_number_is_put_right_while_the_visit_is_being_settled(house: House, visits: Visits) -> None:
    customer = saved(house)
    assert customer.expects == "time"
    customer.say("等一下电话我说错了尾号应该是9001")
    assert "137 1234 9001" in customer.heard
    assert customer.expects == "time"


def test_a_name_is_put_right_while_the_call_is_being_settled(house: House) -> None:
    customer = played(house, f"{REPAIR}，明天上午打电话", "对的", "你们打电话吧", "能不能让人给我打个电话")
    customer.say("我叫赵敏")
    assert "赵敏" in customer.heard
    assert customer.expects in ("time", "confirm")


def test_a_bare_room_number_belongs_to_the_address_and_not_to_the_phone(house: House) -> None:
    customer = played(house, "我要安装热水器", "到了", f"{HOME}3栋", "302")
    assert "少了几位" not in customer.heard
    assert customer.expects == "phone"
    customer.say("13800138000 我姓何")
    customer.say("都有")
    assert "3栋302" in customer.heard


# --- what is no answer ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["那怎么办", "那就周末吧", "白天都在地里，晚上回来", "没手机，就一个座机"])
def test_words_that_name_no_place_are_no_address(house: House, line: str) -> None:
    customer = played(house, "热水器不加热", "不知道", "2022年", "孙女士", "13800138000", line, line, "尽快")
    assert line not in customer.heard


def test_thanks_days_and_wishes_are_no_names(house: House) -> None:
    for line in ("谢啦", "周六全天", "我要赔偿"):
        customer = played(house, "热水器不加热", "不知道", "2022年", line)
        assert customer.expects == "name", line


def test_agreeing_does_not_answer_whether_wall_and_socket_are_there(house: House) -> None:
    customer = played(house, "我要安装热水器", "到了", HOME, "13800138000", "何先生", "好的")
    assert customer.expects == "readiness"


def test_the_brand_is_no_model(house: House) -> None:
    customer = played(house, "热水器不加热", "就是你们威雅的")
    assert customer.expects == "purchase_date"


def test_a_model_that_cannot_be_read_is_no_question(house: House) -> None:
    customer = played(house, "热水器不加热", "型号？我看不到啊眼睛不好")
    assert "说不准" not in customer.heard
    assert customer.expects == "purchase_date"


def test_an_electric_heater_is_our_business(house: House) -> None:
    customer = played(house, "热水器没有热水", "电热水器，不是煤气的")
    assert "帮不上忙" not in customer.heard


def test_goodbye_words_do_not_close_a_repair_as_solved(house: House) -> None:
    customer = played(house, "热水器不加热", "不知道", "2022年", "孙女士", "13800138000", HOME, "好啦多谢")
    assert "不用师傅" not in customer.heard


# --- facts that are kept -------------------------------------------------------------------------------------------


def test_first_aid_tried_in_vain_is_noted_and_no_question(house: House) -> None:
    customer = played(house, "热水器不加热", "插头拔了重插过了，还是不行")
    assert "说不准" not in customer.heard
    assert "师傅" in customer.heard
    assert customer.expects == "model"


def test_what_the_technician_should_bring_is_kept(house: House) -> None:
    customer = played(house, f"{REPAIR}，明天上午打电话")
    assert customer.expects == "confirm"
    customer.say("师傅来的时候带个证")
    assert "备注：师傅来的时候带个证" in customer.heard
    customer.say("对")
    (ticket,) = customer.tickets
    assert ticket["wanted"] == "师傅来的时候带个证"


def test_two_things_about_the_wall_are_both_kept(house: House) -> None:
    customer = played(house, "我要安装热水器", "到了", HOME, "13800138000", "何先生", "墙是空心砖的")
    customer.say("插座有，没地线")
    assert "空心砖" in customer.heard
    assert "没地线" in customer.heard


def test_a_second_number_does_not_take_the_place_of_the_first(house: House) -> None:
    customer = played(house, "热水器不加热", "不知道", "2022年", "李秀英 13612340001")
    customer.say("打我电话也行 13612340002")
    customer.say(HOME)
    customer.say("尽快")
    assert "电话：136 1234 0001" in customer.heard
    assert "13612340002" in customer.heard


def test_a_complaint_that_began_as_pressing_keeps_its_first_words(house: House) -> None:
    customer = played(house, "前天报的修，等了一下午一个人都没来", "我要投诉你们！打电话也不接")
    customer.say("没有单号")
    customer.say("道歉")
    customer.say("王强 13712345678")
    assert "等了一下午" in customer.heard
    assert "打电话也不接" in customer.heard


def test_how_soon_is_no_wish_for_a_time(house: House) -> None:
    customer = played(house, f"{REPAIR}，明天上午打电话", "今天能不能来")
    assert "工作日内上门" in customer.heard
    assert "回电：11月25日" in customer.heard


def test_a_time_told_after_saving_is_taken_up(house: House) -> None:
    customer = saved(house)
    customer.say("你们打电话吧")
    customer.say("后天下午吧")
    assert "还有什么可以帮您" not in customer.heard
    assert customer.expects in ("time", "confirm")


def test_asking_when_somebody_comes_does_not_lose_the_offered_visit(house: House, visits: Visits) -> None:
    customer = saved(house)
    customer.say("到底什么时候来啊")
    assert "那上门时间定哪个" in customer.heard
    assert customer.expects == "time"


def test_a_heater_that_fails_again_after_first_aid_opens_the_repair_anew(house: House) -> None:
    customer = played(house, "热水器没反应", "空开推上去就亮了")
    assert "不用师傅" in customer.heard
    customer.say("哦不对，又跳了")
    assert customer.expects in ("symptom", "model")


# --- what is not ours ----------------------------------------------------------------------------------------------


def test_who_asks_for_other_things_is_not_sent_to_a_person(house: House) -> None:
    customer = played(house, "你们卖空调吗", "能借我点钱吗", "讲个笑话")
    assert not [each for each in house.backend.called("/handoffs") if each["conversation_id"] == customer.id]


def test_who_puts_the_matter_off_finds_it_kept(house: House) -> None:
    customer = played(house, "热水器不加热", "等我老公回来再说吧")
    assert "留着" in customer.heard
    assert customer.expects is None
    customer.say("继续")
    assert customer.expects == "model"


# --- said in one breath --------------------------------------------------------------------------------------------


def test_who_corrects_himself_in_one_breath_means_the_latter(house: House) -> None:
    customer = played(house, "热水器不加热", "DSZF-60不对 是DSZF-80", "今年五月买的 哦不 去年五月", "我姓马 马丽")
    customer.say("13800138000")
    customer.say(HOME)
    customer.say("尽快")
    assert "型号：DSZF-80" in customer.heard
    assert "购买时间：2025-05" in customer.heard
    assert "称呼：马丽" in customer.heard


def test_a_region_and_a_street_told_apart_are_one_address(house: House) -> None:
    customer = played(house, "热水器不加热", "不知道", "2022年", "孙女士", "13800138000")
    customer.say("佛山顺德区 科技园 科苑路 15号 A栋 1201")
    customer.say("尽快")
    assert "A栋1201" in customer.heard


def test_what_is_to_be_done_to_a_heater_that_works_is_a_matter(house: House) -> None:
    customer = played(house, "我想请人来清洗一下热水器")
    assert customer.expects == "model"


def test_going_on_does_not_tell_the_first_aid_again(house: House) -> None:
    customer = played(house, "热水器不加热", "等会儿再说吧", "继续")
    assert customer.expects == "model"
    customer.say("不晓得")
    assert customer.expects == "purchase_date"
    assert "插头" not in customer.heard


def test_a_call_that_comes_after_a_danger_is_not_arranged_once_more(house: House) -> None:
    customer = played(house, "热水器冒烟了", "13900001111", HOME, "没有人受伤")
    customer.say("你们多久能打电话过来")
    assert customer.expects is None
    assert "几点接电话" not in customer.heard


def test_a_day_that_is_for_nothing_is_not_said_to_be_noted(house: House) -> None:
    customer = played(house, "周六上午")
    assert "记下了" not in customer.heard
