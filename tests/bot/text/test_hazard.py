"""A reported danger is never missed, and a denial or the name of a protective device is none."""

import time

import pytest

from bot.text.hazard import hazard, only_denied

REPORTS = [
    ("水龙头有点麻", "tingling"),
    ("洗澡的時候手麻", "tingling"),
    ("冲凉嗰阵隻手痹痹哋", "tingling"),
    ("the tap tingles", "tingling"),
    ("热水器漏电", "shock"),
    ("熱水器漏電了", "shock"),
    ("漏 电 了", "shock"),
    ("水龙头有电", "shock"),
    ("电了我一下", "shock"),
    ("有人触电", "shock"),
    ("跑电了", "shock"),
    ("热水器楼电了", "shock"),
    ("lou dian le", "shock"),
    ("会电人", "shock"),
    ("是不是漏电了啊", "shock"),
    ("没有地线 现在漏电", "shock"),
    ("不是漏水是漏电", "shock"),
    ("怕是漏电了", "shock"),
    ("heater gives me a shock", "shock"),
    ("got shocked by the tap", "shock"),
    ("when i wash i got electric from water", "shock"),
    ("不加热 还冒烟", "smoke"),
    ("maoyan le", "smoke"),
    ("no hot water and smoke coming out", "smoke"),
    ("没有热水 有股焦味", "burning"),
    ("插头烫手", "burning"),
    ("burning smell from heater", "burning"),
    ("plug melted", "burning"),
    ("著火了", "fire"),
    ("打火花", "fire"),
    ("heater is on fire", "fire"),
    ("内胆爆炸了", "burst"),
    ("tank exploded", "burst"),
    ("我妈被热水烫伤了", "scald"),
    ("water scalded my hand", "scald"),
    ("老人在浴室叫不醒", "hurt"),
    ("我老公洗着洗着倒下了", "hurt"),
    ("防电墙灯亮了", "protection_light"),
    ("the protection light is on", "protection_light"),
]

HARMLESS = [
    "火星路1号",
    "我家住火光新村3栋",
    "烟雾镇白烟路8号",
    "没有漏电",
    "有没有漏电保护",
    "漏电保护器跳闸",
    "会不会漏电",
    "热水器会漏电吗",
    "怎么防止漏电",
    "没有冒烟也没有糊味",
    "一点都不麻",
    "麻烦你们快点来",
    "住在麻章区",
    "气死我了",
    "火大",
    "你们电话打爆了都没人接",
    "我要曝光你们",
    "油烟机坏了",
    "没有人受伤",
    "水太烫怎么调",
    "打电话给我",
    "电费太贵",
    "热水器没有电",
    "防电墙灯不亮",
    "120升的多少钱",
    "冒烟倒没有",
    "我家热水器不加热",
    "there is no burning smell",
    "no sparks or smoke, it just won't heat",
    "I am shocked at the price",
    "fire your technician",
    "it doesn't shock",
    "does it have leakage protection",
    "smoke detector",
]


@pytest.mark.parametrize(("text", "kind"), REPORTS)
def test_a_report_of_danger_is_heard(text: str, kind: str) -> None:
    found = hazard(text)
    assert found is not None
    assert found.kind == kind
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_message_raises_no_alarm(text: str) -> None:
    assert hazard(text) is None


def test_a_danger_at_the_end_of_a_very_long_message_is_heard() -> None:
    assert hazard("好" * 9_990 + "热水器漏电了") is not None


def test_a_denied_danger_does_not_hide_a_real_one() -> None:
    found = hazard("插座没冒烟，但是一摸龙头手就麻")
    assert found is not None
    assert found.kind == "tingling"


def test_only_a_denial_counts_as_denied() -> None:
    assert only_denied("没有漏电")
    assert not only_denied("没有漏电，但是冒烟")
    assert not only_denied("不加热")


def test_ten_thousand_hostile_characters_are_searched_in_time() -> None:
    for text in ["漏" * 10_000, "没有" * 5_000, "a\u0301\u0302" * 3_400, "not " * 2_500, "feel " * 2_000]:
        hazard(text)
        started = time.process_time()
        hazard(text)
        assert time.process_time() - started < 0.1, text[:4]


def test_invisible_characters_hide_no_danger() -> None:
    assert hazard("\x00\ud800漏\u200b电") is not None
