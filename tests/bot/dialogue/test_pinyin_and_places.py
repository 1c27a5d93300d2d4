"""Customers who type pinyin, who tell an address in pieces, and who put a time or a place right."""

from __future__ import annotations

import pytest
from house import Conversation, House


def said(house: House, *lines: str, language: str = "zh") -> Conversation:
    customer = house.conversation(language)
    for line in lines:
        customer.say(line)
    return customer


def is_chinese(words: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" for char in words)


def test_a_repair_is_booked_in_pinyin_from_the_first_word_to_the_last(house: House) -> None:
    customer = house.conversation()
    turns = (
        ("wo jia re shui qi huai le, bu re", "model"),
        ("bu zhi dao", "purchase_date"),
        ("2023", "name"),
        ("zhang san 13512341234", "address"),
        ("guang zhou tian he qu", "address"),
        ("ming tian xia wu 3 dian", "address"),
        ("ti yu xi lu 8 hao", "confirm"),
    )
    for line, expected in turns:
        customer.say(line)
        assert customer.expects == expected, (line, customer.heard)
        assert is_chinese(customer.heard), line
    assert "15:00" in customer.heard
    customer.say("dui")
    (ticket,) = customer.tickets
    assert ticket["phone"] == "+8613512341234"
    assert ticket["name"] == "zhang san"
    assert ticket["address"]["city"] == "广州市"
    assert "ming tian" not in ticket["address"]["raw"]
    assert ticket["wanted_time"]["start"].startswith("2026-11-25T15:00")


def test_words_that_announce_a_number_in_pinyin_are_no_name(house: House) -> None:
    customer = said(house, "wo jia re shui qi huai le, bu re", "bu zhi dao", "2023", "dian hua shi 13512341234")
    assert customer.expects == "name"
    customer.say("wo jiao wang xiao ming")
    assert customer.expects == "address"


def test_a_wrong_field_named_in_pinyin_is_asked_anew(house: House) -> None:
    customer = said(house, *HELD, "明天下午三点", "bu dui, dizhi cuo le")
    assert customer.expects == "address"
    customer.say("guang zhou tian he qu ti yu xi lu 8 hao")
    assert customer.expects == "confirm"


@pytest.mark.parametrize("line", ["dui", "hao de", "对", "是的", "明天下午3点", "明天下午三点可以", "bu yong", "不用"])
def test_a_yes_a_no_or_a_time_is_no_street(house: House, line: str) -> None:
    customer = said(house, "热水器不加热", "不知道", "2022年", "张三 13512341234", "佛山顺德")
    assert customer.expects == "address"
    customer.say(line)
    assert customer.expects == "address"
    customer.say("大良新桂路8号")
    assert line not in last_address(house)


@pytest.mark.parametrize("line", ["yes", "tomorrow 3pm", "tomorrow afternoon is fine", "no"])
def test_a_yes_a_no_or_a_time_is_no_street_in_english(house: House, line: str) -> None:
    customer = said(
        house, "no hot water", "I don't know", "in 2022", "John Smith 13512341234", "Guangzhou Tianhe", language="en"
    )
    assert customer.expects == "address"
    customer.say(line)
    assert customer.expects == "address"
    customer.say("128 Tiyu Road")
    assert customer.expects in ("time", "confirm"), customer.heard
    assert line not in last_address(house)


def last_address(house: House) -> str:
    return str(house.backend.called("/addresses/check")[-1]["text"])


HELD = ("热水器不加热", "不知道", "2022年", "张三 13512341234", "佛山市顺德区大良街道凤翔路128号2栋502")


def test_more_detail_of_the_address_that_is_held_refines_it(house: House) -> None:
    customer = said(house, *HELD)
    assert customer.expects == "time"
    customer.say("凤翔路128号3栋")
    assert "没听懂" not in customer.heard
    assert "没明白" not in customer.heard
    assert customer.expects == "time"
    customer.say("明天下午三点")
    assert "凤翔路128号3栋502" in customer.heard


def test_one_building_for_another_is_put_right_while_the_time_is_asked(house: House) -> None:
    customer = said(house, *HELD, "是3栋不是2栋", "明天下午三点")
    assert customer.expects == "confirm"
    assert "凤翔路128号3栋502" in customer.heard


def test_a_piece_told_at_the_read_back_is_a_correction_and_no_yes(house: House) -> None:
    customer = said(house, *HELD, "明天下午三点", "是3栋")
    assert customer.expects == "confirm"
    assert "凤翔路128号3栋502" in customer.heard
    assert customer.tickets == []


def test_another_place_named_in_passing_does_not_replace_the_address(house: House) -> None:
    customer = said(house, *HELD, "我妈家在南海区桂城街道8号，明天下午三点可以")
    assert "凤翔路128号2栋502" in customer.heard


def test_the_town_named_again_is_not_doubled(house: House) -> None:
    customer = said(house, *HELD[:4], "佛山顺德", "顺德区大良新桂路8号", "明天下午三点")
    assert customer.expects == "confirm"
    assert customer.heard.count("顺德") == 1


def test_a_heater_is_fitted_where_it_is_moved_to(house: House) -> None:
    customer = said(house, "热水器要移机", "从佛山南海区桂城路8号搬到广州天河区体育西路5号", "李四", "13512341234")
    assert customer.expects == "confirm"
    customer.say("对")
    (ticket,) = customer.tickets
    assert ticket["address"]["city"] == "广州市"
    assert "体育西路5号" in ticket["address"]["raw"]


def test_a_draft_gives_way_to_an_address_of_another_district(house: House) -> None:
    customer = said(house, "热水器要移机", "拆了装到新家", "李四", "13512341234", "佛山顺德", "广州天河区体育西路5号")
    assert customer.expects == "confirm"
    assert "顺德" not in customer.heard


@pytest.mark.parametrize(
    ("lines", "language"),
    [
        ((*HELD, "12月3号下午一点", "还是周六上午吧"), "zh"),
        (
            (
                "no hot water",
                "I don't know",
                "in 2022",
                "John Smith 13512341234",
                "128 Tiyu Road, Tianhe, Guangzhou",
                "December 3rd 1 pm",
                "actually make it Saturday morning",
            ),
            "en",
        ),
    ],
)
def test_a_bare_weekday_belongs_to_the_week_of_the_day_that_is_held(
    house: House, lines: tuple[str, ...], language: str
) -> None:
    customer = said(house, *lines, language=language)
    assert customer.expects == "confirm"
    assert ("12月5日" if language == "zh" else "5 Dec") in customer.heard


@pytest.mark.parametrize(
    ("opening", "line", "language"),
    [
        ("我要安装热水器", "明天下午到", "zh"),
        ("我要安装热水器", "后天上午才送到", "zh"),
        ("我要安装热水器", "ming tian dao huo", "zh"),
        ("I want to install a heater", "it arrives tomorrow afternoon", "en"),
    ],
)
def test_when_the_goods_come_is_no_wish_for_a_time(house: House, opening: str, line: str, language: str) -> None:
    customer = said(house, opening, language=language)
    assert customer.expects == "delivered"
    customer.say(line)
    assert customer.expects != "delivered"
    customer.say("128 Tiyu Road, Tianhe, Guangzhou" if language == "en" else "广州天河区体育西路5号")
    customer.say("13512341234")
    customer.say("John Smith" if language == "en" else "李四")
    customer.say("it is a brick wall" if language == "en" else "实心砖墙，有插座")
    customer.say("yes" if language == "en" else "对")
    (ticket,) = customer.tickets
    assert ticket["wanted_time"] is None
