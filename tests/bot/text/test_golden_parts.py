"""Parts inside whole messages: which one is meant, in the customer's words, and which is only the place of it."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.text.values import ZONE, meant, read_values

NOW = datetime(2026, 11, 24, 10, 20, tzinfo=ZONE)
SURE = 0.95

NAMED = [
    ("换根管子要好多钱", "管子", "heating_element"),
    ("里头那根管子还在保不", "管子", "heating_element"),
    ("烧水的棍子断了，有配的吗", "烧水的棍子", "heating_element"),
    ("發熱線有冇得買", "發熱線", "heating_element"),
    ("do you stock the heating stick", "heating stick", "heating_element"),
    ("换根棒多少钱", "棒", "magnesium_rod"),
    ("那根棒子在哪儿买", "棒子", "magnesium_rod"),
    ("price of a rod for the 60 litre?", "rod", "magnesium_rod"),
    ("magnesium stick, you have?", "magnesium stick", "magnesium_rod"),
    ("内丹保几年", "内丹", "tank"),
    ("里面那个桶保多久", "桶", "tank"),
    ("板子坏了换一块多少钱", "板子", "control_board"),
    ("换板要几天", "板", "control_board"),
    ("is the board covered after two years", "board", "control_board"),
    ("wenkongqi duoshao qian", "wenkongqi", "thermostat"),
    ("漏保单卖吗", "漏保", "leakage_plug"),
    ("plug with a safety switch, how much", "plug with a safety switch", "leakage_plug"),
    ("漏保插头线想换长点的", "漏保插头线", "power_cord"),
    ("底下那个小阀子多少钱", "小阀子", "relief_valve"),
    ("排壓閥有單賣嗎", "排壓閥", "relief_valve"),
    ("角法多少钱一个", "角法", "angle_valve"),
    ("进水软管有一米的吗", "进水软管", "hose"),
    ("加长管怎么卖", "加长管", "hose"),
    ("need a new shower hose", "shower hose", "hose"),
    ("do you have wall hooks", "wall hooks", "bracket"),
    ("少发两颗螺丝，能补吗", "螺丝", "bracket"),
    ("zhijia duoshao qian", "zhijia", "bracket"),
    ("增压花洒卖不卖", "增压花洒", "shower_head"),
    ("密缝圈多少钱", "密缝圈", "gasket"),
    ("a rubber ring for the inlet, please", "rubber ring", "gasket"),
    ("混水阀手柄断了有配的吗", "混水阀手柄", "mixer_valve"),
    ("旋鈕蓋子單賣嗎", "旋鈕蓋子", "knob"),
    ("加热管儿保不保", "加热管儿", "heating_element"),
    ("防溅盒的盖子多少钱", "防溅盒的盖子", "splash_box"),
    ("front panel in white, do you sell it", "front panel", "casing"),
    ("指示灯罩碎了想配一个", "指示灯罩", "casing"),
]
NO_WORDS_OF_PARTS = [
    "地板子翘了", "冰棒", "你们服务真棒", "换板凳", "家里漏保跳了", "curtain rod", "across the board",
    "the board of directors",    "washing machine: my washer's door", "螺丝刀借我", "上面盖着章", "关了总阀",
]  # fmt: skip
MEANT = [
    ("request_repair", "加热管坏了，派人来换"),
    ("request_repair", "主板烧了，师傅说要换新的"),
    ("request_repair", "泄压阀那儿一直漏"),
    ("request_repair", "the thermostat is faulty, send someone"),
    ("complain", "换个密封圈收我两百"),
    ("complain", "they charged 300 yuan for a valve"),
    ("inform", "the thermostat"),
    ("inform", "是接头漏"),
    ("chase", "答应的加热管怎么还没到"),
    ("ask_parts", "旋钮有没有单卖"),
]
NOT_MEANT = [
    ("report_hazard", "插头冒火花"),
    ("report_hazard", "tingle when I hold the shower hose"),
    ("request_install", "支架买好了，就等你们来装"),
    ("request_install", "when does the new tank go on the wall"),
    ("request_relocation", "水管也要一起改"),
    ("cancel_request", "插头插紧就好了，不用来了"),
    ("request_repair", "摸插头是凉的，就是不热"),
    ("request_repair", "挂架好好的，就是吵"),
    ("request_repair", "加热管换过没多久，又不热了"),
    ("request_repair", "I pulled the plug because it hums"),
    ("inform", "插头是凉的，灯也没亮"),
    ("complain", "师傅把水管接反了就走了"),
    ("ask_parts", "花洒我自己配了，还缺别的"),
]


def parts(text: str, intent: str) -> list[tuple[str, str]]:
    read = meant(read_values(text, NOW), text, intent, SURE)
    return [(each["text"], each["value"]) for each in read if each["entity"] == "product_part"]


@pytest.mark.parametrize(("text", "span", "value"), NAMED)
def test_a_part_is_named_in_the_words_of_customers(text: str, span: str, value: str) -> None:
    assert parts(text, "ask_parts") == [(span, value)]


@pytest.mark.parametrize("text", NO_WORDS_OF_PARTS)
def test_words_that_only_sound_like_parts_are_none(text: str) -> None:
    assert parts(text, "ask_parts") == []


@pytest.mark.parametrize(("intent", "text"), MEANT)
def test_a_part_that_is_wanted_or_gave_way_is_meant(intent: str, text: str) -> None:
    assert len(parts(text, intent)) == 1


@pytest.mark.parametrize(("intent", "text"), NOT_MEANT)
def test_a_part_that_is_touched_or_well_or_the_place_of_a_danger_is_not_meant(intent: str, text: str) -> None:
    assert parts(text, intent) == []


def test_a_doubtful_intent_takes_no_part_away() -> None:
    entities = read_values("插头冒火花", NOW)
    assert [each["entity"] for each in meant(entities, "插头冒火花", "report_hazard", 0.3)] == [
        each["entity"] for each in entities
    ]
