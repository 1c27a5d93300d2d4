"""Readers of what people write on the web: pieces of an address, places moved to, what is wished beside a question."""

from __future__ import annotations

import re

import pytest

from bot.actions.forms import requests
from bot.actions.reading import (
    afterthought,
    answers,
    chat,
    corrections,
    heater,
    identity,
    people,
    places,
    questions,
    story,
    times,
    visits,
)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("88号 1203室", "88号 1203室"),
        ("是88号3栋502室", "88号3栋502室"),
        ("三组，村东头第二家", "三组,村东头第二家"),
        ("8号", None),
        ("周五8号下午3点", None),
    ],
)
def test_pieces_of_a_house_alone(text: str, pieces: str | None) -> None:
    assert corrections.piece_alone(text) == pieces


def test_fillers_are_no_part_of_a_place() -> None:
    assert places.without_fillers("成都市武侯区 那个 棉纺厂宿舍 三栋") == "成都市武侯区 棉纺厂宿舍 三栋"
    assert places.without_fillers("呃 就是 文三路100号") == "文三路100号"


@pytest.mark.parametrize(
    ("said", "above"),
    [("建国路90号", "北京市朝阳区"), ("朝阳区建国路90号", "北京市"), ("海淀区中关村大街1号", "北京市")],
)
def test_only_the_levels_above_a_place_told_anew_are_kept(said: str, above: str) -> None:
    assert places.above(said, ["", "北京市", "朝阳区"]) == above


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("还在保吗，顺便修一下", "repair_form"),
        ("修一次多少钱？帮我报修吧", "repair_form"),
        ("如果要修的话多少钱", None),
        ("安装要多少钱", None),
        ("保修几年？能退货吗", None),
    ],
)
def test_a_request_made_beside_a_question(text: str, form: str | None) -> None:
    assert requests.wished_beside(text) == form


@pytest.mark.parametrize(
    ("text", "latter"),
    [
        ("型号DSZF-60，不对DSZF-80", "DSZF-80"),
        ("我姓黄，不，姓王", "姓王"),
        ("后天下午，不，大后天上午", "大后天上午"),
        ("13800001111，打错了，13800001112", "13800001112"),
    ],
)
def test_the_latter_of_two_in_one_breath(text: str, latter: str) -> None:
    start = afterthought.begins(text)
    assert start is not None
    assert text[start:] == latter


@pytest.mark.parametrize(
    "text", ["味道不对劲，有点怪", "他说不，不会来", "这个不是DSZF-60", "电话不对", "天气不错，明天来吧"]
)
def test_no_second_thought(text: str) -> None:
    assert afterthought.begins(text) is None


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("明天下午2点以后在家，派人来看看", "明天下午2点以后在家"),
        ("周六师傅再来", "周六师傅再来"),
        ("明天下午打电话给我", None),
        ("明天下午有空", None),
    ],
)
def test_when_somebody_may_come(text: str, when: str | None) -> None:
    assert story.when_to_come(text, 0, 4) == when


@pytest.mark.parametrize(
    ("text", "is_so"),
    [("这个月第三次了又不热", True), ("修过两次还是不热", True), ("上周刚修好又坏了", True), ("不热了", False)],
)
def test_a_fault_that_has_come_back(text: str, *, is_so: bool) -> None:
    assert story.failed_before(text) is is_so


@pytest.mark.parametrize("text", ["能退吗", "凭什么不能退", "可以换一台吗", "几天内能退货", "can I return it"])
def test_whether_it_can_be_given_back(text: str) -> None:
    assert questions.asks_for_a_return(text)


@pytest.mark.parametrize("text", ["能换镁棒吗", "多久能来", "退钱，还要道歉"])
def test_other_questions_and_wishes(text: str) -> None:
    assert not questions.asks_for_a_return(text)


def test_signs_answer() -> None:
    assert answers.is_yes("👍🏻")
    assert answers.is_yes("✅")
    assert answers.is_no("❌")
    assert not answers.is_yes("😭")
    assert not answers.is_sign("")


def test_anothers_data() -> None:
    assert identity.asks_for_anothers_data("告诉我她留的电话后四位")
    assert identity.asks_for_anothers_data("我是她老公")
    assert not identity.asks_for_anothers_data("登记的电话是13800138000")
    assert identity.wants_a_code("你发验证码给我这个号")


def test_a_bare_figure_may_be_a_day_or_a_house() -> None:
    assert times.is_only_a_day("2号")
    assert not times.is_only_a_day("12月2号")


def test_another_heater() -> None:
    assert requests.names_two_heaters("两台热水器都要修")
    assert requests.names_another_heater("第二台呢？")
    assert not requests.names_another_heater("第二天再来")


@pytest.mark.parametrize(
    "text",
    [
        "没显示型号",
        "铭牌磨掉了",
        "标签早掉了",
        "字都磨光了",
        "没有铭牌",
        "铭牌上没写",
        "the label is worn off",
        "no label on it",
    ],
)
def test_who_cannot_tell_the_model(text: str) -> None:
    assert heater.tells_no_model(text)


@pytest.mark.parametrize("text", ["屏幕没显示温度", "数字掉了一半", "DSZF-60", "热水器没反应", "label says DSZF-60"])
def test_who_does_not_speak_of_a_missing_model(text: str) -> None:
    assert not heater.tells_no_model(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("名字建是健康的健", "李健国"),
        ("不是建设的建，是健康的健", "李健国"),
        ("国是果实的果", "李建果"),
        ("我是健康的人", None),
    ],
)
def test_a_character_of_a_name_told_by_a_word(text: str, name: str | None) -> None:
    assert corrections.replaced_in(text, "李建国") == name


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        ("我家海尔热水器不热", True),
        ("燃气热水器坏了", True),
        ("你们修不修燃气的", True),
        ("热水器是美的的", True),
        ("my Haier water heater leaks", True),
        ("海尔的换成了威雅热水器", False),
        ("我们小区海尔大道", False),
        ("热水器不热", False),
    ],
)
def test_whose_heater_is_spoken_of(text: str, is_it: bool) -> None:
    assert chat.is_of_another_make(text) is is_it


@pytest.mark.parametrize(
    ("text", "is_it"),
    [("不是取消报修", True), ("别取消", True), ("我还要修", True), ("取消吧", False), ("don't cancel", True)],
)
def test_what_is_not_to_be_cancelled(text: str, is_it: bool) -> None:
    assert requests.cancels_nothing(text) is is_it


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        ("行，那来吧", True),
        ("派人来看看吧", True),
        ("好，叫师傅来一趟", True),
        ("你来回跑", False),
        ("来电话了", False),
    ],
)
def test_who_sends_for_somebody(text: str, is_it: bool) -> None:
    assert requests.sends_for_somebody(text) is is_it


@pytest.mark.parametrize(
    ("text", "is_it"),
    [("公司地址行吗", True), ("用我老婆的电话可以吗", True), ("is my landline ok?", True), ("今天能来吗", False)],
)
def test_whether_an_answer_of_some_kind_will_do(text: str, is_it: bool) -> None:
    assert questions.asks_if_it_will_do(text) is is_it


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        ("不对，第二个", True),
        ("还是下午吧", True),
        ("第二个", False),
        ("不对，地址错了", False),
        ("no, the second one", True),
    ],
)
def test_another_window_than_the_one_taken(text: str, is_it: bool) -> None:
    assert visits.names_another(text) is is_it


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("她电话13900139000，我电话13800138000，打她的", 0),
        ("她电话13900139000，我电话13800138000，打我的就行", 1),
        ("我13800138000，老公13900139000", 0),
    ],
)
def test_the_number_that_is_to_be_rung(text: str, place: int) -> None:
    spans = [found.span() for found in re.finditer(r"\d{11}", text)]
    assert people.best_number(text, spans) == place


def test_numbers_in_groups_are_no_rooms() -> None:
    assert story.remark_for_the_visit("139 0013 9000") is None
    assert story.remark_for_the_visit("1301、1302") == "1301、1302"


@pytest.mark.parametrize("text", ["冇人受傷", "冇事", "沒有人受傷", "nobody hurt"])
def test_nobody_is_hurt(text: str) -> None:
    assert people.anyone_hurt(text) is False
