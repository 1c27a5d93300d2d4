"""On the telephone: short turns, numbers said again, nothing that only an eye can use."""

from __future__ import annotations

import re

import pytest
from house import Conversation, House

SENTENCE = re.compile(r"[。！？!?]|\.(?=\s|$)")
FOR_EYES = re.compile(r"https?://|[\n*#“”\"]|点一|回复|发给我|\d{3,}")


def call(house: House, *lines: str, language: str = "zh") -> Conversation:
    caller = house.conversation(language, "voice")
    for line in lines:
        caller.say(line)
    return caller


REPAIR = {
    "zh": (
        "我家热水器不热了", "不知道什么型号", "大概三年前买的", "我姓王", "幺三八零零幺三八零零零",
        "佛山顺德大良新桂路8号", "明天下午三点",
    ),
    "en": (
        "my heater is not heating", "no idea", "two years ago", "John Smith",
        "one three eight zero zero one three eight zero zero zero", "8 Tianhe Road, Tianhe, Guangzhou",
        "tomorrow afternoon at three",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_turn_is_two_sentences_and_a_question_at_most(house: House, language: str) -> None:
    caller = house.conversation(language, "voice")
    for line in REPAIR[language]:
        heard = caller.say(line)
        assert len([each for each in SENTENCE.split(heard) if each.strip()]) <= 4, heard
        assert len(re.findall(r"[？?]", heard)) <= 1
        assert not FOR_EYES.search(heard), heard


def test_a_number_is_said_again_at_once_digit_by_digit(house: House) -> None:
    caller = call(house, "给我回个电话", "13800138000")
    assert caller.heard.startswith("1 3 8，0 0 1 3，8 0 0 0，记下了。")
    caller.say("不对，尾号是8001")
    assert "1 3 8，0 0 1 3，8 0 0 1" in caller.heard


def test_what_is_easily_misheard_is_read_back_and_no_more(house: House) -> None:
    caller = call(house, *REPAIR["zh"])
    assert caller.expects == "confirm"
    assert all(word in caller.heard for word in ("王", "1 3 8，0 0 1 3，8 0 0 0", "新桂路8号", "下午3点"))
    assert not any(word in caller.heard for word in ("故障", "型号", "购买"))


def test_a_ticket_is_told_in_digits_and_times_as_people_say_them(house: House) -> None:
    caller = call(house, *REPAIR["zh"], "对")
    assert re.search(r"工单号W Y，2 6 1 1 2 4，\d \d \d \d", caller.heard)
    assert "周三下午6点前" in caller.heard


def test_in_english_too(house: House) -> None:
    caller = call(house, *REPAIR["en"], language="en")
    assert "1 3 8, 0 0 1 3, 8 0 0 0" in caller.heard
    assert "3 pm" in caller.heard
    assert "Tianhe Road tomorrow" not in caller.heard


def test_in_danger_the_number_is_said_again_once(house: House) -> None:
    caller = call(house, "洗澡的时候水龙头有电麻手", "13800138000")
    assert caller.heard.count("记下了") == 1
    assert "1 3 8，0 0 1 3，8 0 0 0" in caller.heard


def test_tickets_are_chosen_by_their_place(house: House) -> None:
    for _ in range(2):
        call(
            house,
            "给我报修，热水器不热",
            "不知道",
            "不记得",
            "我姓何",
            "13900009999",
            "佛山顺德大良新桂路8号",
            "尽快",
            "对",
        )
    caller = call(house, "查进度", "没有单号", "13900009999", "482913")
    assert "第1张，维修" in caller.heard
    assert "第2张，维修" in caller.heard


@pytest.mark.parametrize("line", ["昨天送到的", "已经签收了", "前天刚到"])
def test_that_it_has_come_is_said_in_many_ways(house: House, line: str) -> None:
    caller = call(house, "我想装热水器", line)
    assert caller.expects == "address"


def test_a_question_put_again_does_not_begin_anew(house: House) -> None:
    caller = call(house, "我想装热水器", "13800138000")
    assert "帮您约安装" not in caller.heard
    assert caller.expects == "delivered"


def test_who_cannot_read_the_label_has_answered(house: House) -> None:
    caller = call(house, "热水器不热", "什么型号啊，我眼睛不好看不清")
    assert caller.expects == "purchase_date"


def test_why_something_is_asked_is_told_once(house: House) -> None:
    caller = call(house, "热水器不热", "为什么要问型号")
    assert caller.heard.startswith("型号是铭牌上的")
    assert caller.expects == "model"


def test_what_is_found_later_completes_the_answer(house: House) -> None:
    caller = call(house, "还在保修期吗", "不知道", "2023年买的")
    assert "记下了" not in caller.heard


def test_that_it_is_broken_is_no_fault_however_often(house: House) -> None:
    caller = call(house, "热水器坏了", "就是坏了")
    assert caller.expects == "symptom"
