"""Faults told as something that happens, and dangers in words that only the guard has."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.text.values import ZONE, meant, read_values

NOW = datetime(2026, 11, 24, 10, 20, tzinfo=ZONE)

ACCOUNTS = [
    ("灯是亮的，水是凉的", [("水是凉的", "not_heating")]),
    ("烧了一夜还是一桶冷水", [("还是一桶冷水", "not_heating")]),
    ("出来的水跟井水一样", [("跟井水一样", "not_heating")]),
    ("轮到第三个必凉", [("轮到第三个必凉", "not_hot_enough")]),
    ("水最高只有42度", [("最高只有42度", "not_hot_enough")]),
    ("温度一直停在三十度", [("一直停在三十度", "not_hot_enough")]),
    ("屏是黑的", [("屏是黑的", "no_power")]),
    ("停了一回电，来了以后按哪个键都没反应", [("没反应", "no_power")]),
    ("黑屏，按了没反应", [("黑屏", "no_power"), ("没反应", "no_power")]),
    ("漏保合不上", [("合不上", "trips_breaker")]),
    ("按下去又弹起来", [("按下去又弹起来", "trips_breaker")]),
    ("接头那里滋一股细的", [("接头那里滋一股细的", "leak_joint")]),
    ("墙上都湿了", [("墙上都湿了", "leak")]),
    ("地上一滩水，滴滴答答的", [("一滩水", "leak"), ("滴滴答答", "leak")]),
    ("热水出来跟撒尿似的", [("水出来跟撒尿似的", "low_flow")]),
    ("一开水就啸叫", [("啸叫", "noise")]),
    ("显示屏又花了", [("显示屏又花了", "display")]),
    ("花洒碰一下就麻", [("麻", "tingling")]),
    ("the screen is as black as night", [("screen is as black as night", "no_power")]),
    ("the shower is icy", [("shower is icy", "not_heating")]),
    ("water comes yellow colour", [("water comes yellow colour", "smell")]),
    ("the breaker drops out when I plug it in", [("breaker drops", "trips_breaker")]),
    ("can't get it above 40", [("can't get it above 40", "not_hot_enough")]),
]

DANGERS = [
    ("插头黄了，软了", ["插头黄"]),
    ("孩子背上红了一大片", ["背上红了一大片"]),
    ("我让水打了一下", ["让水打了一下"]),
    ("嘭的一声，热水喷了一墙", ["嘭的一声", "热水喷了一墙"]),
    ("厨房一股糊塑料味", ["一股糊塑料味"]),
    ("水管摸着嗖嗖的", ["嗖嗖的"]),
    ("手一麻，就是那种麻酥酥的，又麻了一下", ["麻酥酥的", "麻了一下"]),
    ("He cannot let go of the tap!", ["cannot let go"]),
    ("my arm went stiff on the tap", ["arm went stiff"]),
    ("the casing got warm and is glowing", ["casing got warm and", "glowing"]),
]

HARMLESS = [
    "发票找不着了",
    "家里用不着两台",
    "我座机声音大，你打座机",
    "冻得直哆嗦，师傅快来",
    "should I switch it off at night",
    "师傅弄得一地泥",
    "买的时间不对，是去年买的",
    "流量不够用了",
    "我没反应过来",
    "用的是地下水",
]


def told(text: str) -> list[tuple[str, str]]:
    return [(each["text"], each["value"]) for each in read_values(text, NOW) if each["entity"] == "symptom"]


@pytest.mark.parametrize(("text", "faults"), ACCOUNTS)
def test_a_fault_is_told_as_it_happens(text: str, faults: list[tuple[str, str]]) -> None:
    assert told(text) == faults


@pytest.mark.parametrize(("text", "spans"), DANGERS)
def test_what_a_danger_does_is_named(text: str, spans: list[str]) -> None:
    assert [words for words, _ in told(text)] == spans


@pytest.mark.parametrize("text", HARMLESS)
def test_other_words_tell_of_no_fault(text: str) -> None:
    assert told(text) == []


def test_a_part_inside_a_symptom_is_no_value_of_its_own() -> None:
    assert [each["entity"] for each in read_values("插头黄了", NOW)] == ["symptom"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("一股糊塑料味", {"burning"}),
        ("热水器把我电倒在地", {"shock"}),
        ("水里有小蚂蚁咬他", {"tingling"}),
        ("烫伤了", {"too_hot"}),
    ],
)
def test_a_danger_that_only_the_guard_hears_is_a_symptom_of_its_class(text: str, kinds: set[str]) -> None:
    assert {value for _, value in told(text)} == kinds


def test_who_is_hurt_is_no_fault() -> None:
    assert told("有人晕倒了，救命") == []


def test_what_only_the_guard_hears_stays_where_a_danger_is_reported() -> None:
    text = "我脚底下像踩了电门"
    values = [*read_values(text, NOW), {"entity": "symptom", "text": "电门", "value": "shock", "heard": True}]
    assert "电门" in [each["text"] for each in meant(values, text, "report_hazard", 0.9)]
    assert "电门" not in [each["text"] for each in meant(values, text, "complain", 0.9)]


@pytest.mark.parametrize("intent", ["reschedule", "request_callback", "ask_status", "ask_parts"])
def test_a_fault_that_says_which_visit_is_meant_is_not_reported(intent: str) -> None:
    text = "跳闸约的周四，改到周六"
    assert not [each for each in meant(read_values(text, NOW), text, intent, 0.9) if each["entity"] == "symptom"]


@pytest.mark.parametrize("text", ["不热那个单今天能排吗", "漏水单催一下", "the leak job of Monday"])
def test_a_fault_that_names_a_request_is_not_reported(text: str) -> None:
    assert told(text) == []
