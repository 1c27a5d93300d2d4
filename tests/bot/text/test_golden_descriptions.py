"""Faults that no single word names: described, in mixed scripts or misspelt."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.text.values import ZONE, read_values

NOW = datetime(2026, 11, 24, 10, 20, tzinfo=ZONE)

DESCRIBED = [
    ("热水器摸了半天，放出来的水还是跟井水一样凉", "还是跟井水一样凉", "not_heating"),
    ("加热灯亮着，水也没热", "也没热", "not_heating"),
    ("热水怎么都出不来", "热水怎么都出不来", "not_heating"),
    ("它不着了", "不着", "not_heating"),
    ("天天洗冷水", "洗冷水", "not_heating"),
    ("洗俩人，第三个就没热水了", "没热水", "not_heating"),
    ("加热十分钟就停", "加热十分钟就停", "not_hot_enough"),
    ("烧到一半就自己停了", "烧到一半就自己停了", "not_hot_enough"),
    ("水一歇热一歇冷", "一歇热一歇冷", "not_hot_enough"),
    ("啲水一时热一时冻", "一时热一时冻", "not_hot_enough"),
    ("怎么加都只有35度", "只有35度", "not_hot_enough"),
    ("温度一直停在二十几度", "一直停在二十几度", "not_hot_enough"),
    ("漏保怎么都按不下去", "漏保怎么都按不下去", "trips_breaker"),
    ("一插空开就落下来", "落下来", "trips_breaker"),
    ("按哪儿都没用", "按哪儿都没用", "no_power"),
    ("一点反应都没有", "一点反应都没有", "no_power"),
    ("灯也勿亮", "灯也勿亮", "no_power"),
    ("热水炉成日自己熄", "成日自己熄", "no_power"),
    ("热水器罢工了", "罢工", "no_power"),
    ("定时失灵", "失灵", "no_power"),
    ("遥控器按了没用", "按了没用", "no_power"),
    ("预约加热设了不起作用", "预约加热设了不起作用", "display"),
    ("花洒被水垢堵死了", "堵死", "low_flow"),
    ("出水就一小股", "就一小股", "low_flow"),
    ("面板上哔哔叫个没完", "哔哔叫", "noise"),
    ("出白渣子", "白渣子", "smell"),
    ("水里有橡胶味", "水里有橡胶味", "smell"),
    ("my heater doesnt heat", "doesnt heat", "not_heating"),
    ("heater won't heat", "won't heat", "not_heating"),
    ("no joy with the hot water since Monday", "no joy with the hot water", "not_heating"),
    ("the water is like from a well", "like from a well", "not_heating"),
    ("the heater no gree heat", "no gree heat", "not_heating"),
    ("it is not working no hot watter", "no hot watter", "not_heating"),
    ("hot for ten seconds, then cold", "hot for ten seconds, then cold", "not_hot_enough"),
    ("there is not enough hot", "not enough hot", "not_hot_enough"),
    ("geyser is taking two hours", "taking two hours", "not_hot_enough"),
    ("the heater make water on floor", "make water", "leak"),
    ("no pwr", "no pwr", "no_power"),
    ("the heater won't fire up", "won't fire up", "no_power"),
    ("the screen stays dark", "screen stays dark", "no_power"),
    ("the breaker drops when I plug it in", "breaker drops", "trips_breaker"),
    ("the remote is useless", "remote is useless", "display"),
    ("the timer doesn't keep time", "timer doesn't keep time", "display"),
    ("water come out very small", "water come out very small", "low_flow"),
    ("the tank sounds like a bag of popcorn", "sounds like a", "noise"),
    ("the water came out boiling", "came out boiling", "too_hot"),
]
MIXED = [
    ("我的water heater不热了", "不热", "not_heating"),
    ("我家heater没反应", "没反应", "no_power"),
    ("reshuiqibujiarele", "bujiare", "not_heating"),
    ("dianrendianrenyimojiudian", "dianren", "shock"),
    ("热水器漏谁", "漏谁", "leak"),
    ("热水器补热", "补热", "not_heating"),
    ("Frozen again this morning", "Frozen again", "not_heating"),
]


def told(text: str) -> list[tuple[str, str]]:
    return [(each["text"], each["value"]) for each in read_values(text, NOW) if each["entity"] == "symptom"]


@pytest.mark.parametrize(("text", "span", "value"), DESCRIBED)
def test_a_fault_that_no_word_names_is_described(text: str, span: str, value: str) -> None:
    assert told(text) == [(span, value)]


@pytest.mark.parametrize(("text", "span", "value"), MIXED)
def test_a_fault_is_found_beside_another_script_and_in_homophones(text: str, span: str, value: str) -> None:
    assert told(text) == [(span, value)]


def test_a_heater_that_is_not_heating_just_then_has_another_fault() -> None:
    assert told("泄压阀一直滴水，不加热也滴") == [("滴水", "leak_valve")]
    assert told("it drips even when it's not heating") == [("drips", "leak")]


def test_a_display_that_shows_a_code_has_power() -> None:
    assert told("显示E3，按哪儿都没用") == []
