"""Symptoms and parts inside whole messages: the shortest words that name the fault, and its class."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.text.values import ZONE, read_values

NOW = datetime(2026, 11, 24, 10, 20, tzinfo=ZONE)

PLAIN = [
    ("我家电热水器今天早上开始没有热水", "没有热水", "not_heating"),
    ("水不热", "水不热", "not_hot_enough"),
    ("插上电也不加热", "不加热", "not_heating"),
    ("熱水器打開之後完全沒有熱水，麻煩派人檢查", "沒有熱水", "not_heating"),
    ("机器一直不热", "不热", "not_heating"),
    ("放出来全是冷水", "全是冷水", "not_heating"),
    ("出水是凉的", "出水是凉的", "not_heating"),
    ("加热特别慢", "加热特别慢", "not_hot_enough"),
    ("水温上不去", "水温上不去", "not_hot_enough"),
    ("水忽冷忽热的", "忽冷忽热", "not_hot_enough"),
    ("热水不够用", "热水不够用", "not_hot_enough"),
    ("水太烫了", "太烫", "too_hot"),
    ("一直加热停不下来", "停不下来", "too_hot"),
    ("老跳闸", "跳闸", "trips_breaker"),
    ("漏保一合就跳", "一合就跳", "trips_breaker"),
    ("开关一合上就掉闸", "掉闸", "trips_breaker"),
    ("插上去没反应", "没反应", "no_power"),
    ("不通电", "不通电", "no_power"),
    ("指示灯不亮", "指示灯不亮", "no_power"),
    ("屏幕不亮", "屏幕不亮", "no_power"),
    ("按开机键开不了机", "开不了机", "no_power"),
    ("下面一直在漏水", "漏水", "leak"),
    ("地上一滩水，滴滴答答的", "滴滴答答", "leak"),
    ("底下老是滴水", "滴水", "leak"),
    ("泄压阀一直滴水", "滴水", "leak_valve"),
    ("安全阀老漏水", "漏水", "leak_valve"),
    ("进水管接头渗水", "渗水", "leak_joint"),
    ("内胆漏了", "漏", "leak_tank"),
    ("出水口那里一直渗水，擦干又湿", "渗水", "leak_joint"),
    ("水管接口漏水", "漏水", "leak_joint"),
    ("水很小", "水很小", "low_flow"),
    ("出水小", "出水小", "low_flow"),
    ("水流变小了", "水流变小", "low_flow"),
    ("不出水了", "不出水", "low_flow"),
    ("噪音特别大", "噪音", "noise"),
    ("热水器嗡嗡的响个不停，吵死人了", "嗡嗡", "noise"),
    ("烧水的时候咕噜咕噜响", "咕噜咕噜响", "noise"),
    ("里面有异响", "异响", "noise"),
    ("出来的水有臭鸡蛋味", "臭鸡蛋味", "smell"),
    ("放出来是黄水", "黄水", "smell"),
    ("水里一股铁锈味", "铁锈味", "smell"),
    ("水发黑", "水发黑", "smell"),
    ("水有异味", "异味", "smell"),
    ("显示屏花屏了", "花屏", "display"),
    ("屏幕上一串乱码", "乱码", "display"),
    ("按键失灵", "按键失灵", "no_power"),
    ("灯一直闪", "灯一直闪", "display"),
    ("自动断电", "断电", "no_power"),
    ("热水器不出热水", "不出热水", "not_heating"),
    ("洗到一半没热水", "没热水", "not_heating"),
]
DIALECT = [
    ("屋头热水器莫得热水咯", "莫得热水", "not_heating"),
    ("热水器没得热水", "没得热水", "not_heating"),
    ("冇熱水啊大佬", "冇熱水", "not_heating"),
    ("個爐唔熱", "唔熱", "not_heating"),
    ("沖涼得凍水", "得凍水", "not_heating"),
    ("出来的水嘎嘎凉", "嘎嘎凉", "not_heating"),
    ("水拔凉拔凉的", "拔凉拔凉", "not_heating"),
    ("水勿热", "水勿热", "not_heating"),
    ("弗热哉", "弗热", "not_heating"),
    ("它不烧了", "不烧", "not_heating"),
    ("水冰冰凉", "冰冰凉", "not_heating"),
    ("一开就跳掣", "跳掣", "trips_breaker"),
    ("总是跳总闸", "跳总闸", "trips_breaker"),
    ("呜呜响", "呜呜响", "noise"),
    ("咣咣响得吓人", "咣咣响", "noise"),
    ("哐当哐当的响", "哐当哐当", "noise"),
    ("滴哒滴哒漏", "滴哒滴哒漏", "leak"),
    ("喺度漏水", "漏水", "leak"),
    ("底下哗哗淌水", "淌水", "leak"),
    ("水温不上来", "水温不上来", "not_hot_enough"),
    ("烧不开", "烧不开", "not_hot_enough"),
    ("温嘟嘟的", "温嘟嘟", "not_hot_enough"),
    ("没电了这机器", "没电", "no_power"),
    ("冇电", "冇电", "no_power"),
    ("撳咗冇反應", "冇反應", "no_power"),
]
HOMOPHONES = [
    ("热水器不家热了", "不家热", "not_heating"),
    ("一直楼水", "楼水", "leak"),
    ("老是条闸", "条闸", "trips_breaker"),
    ("re shui qi bu jia re", "bu jia re", "not_heating"),
    ("loushui le", "loushui", "leak"),
    ("mei you re shui", "mei you re shui", "not_heating"),
    ("tiaozha le", "tiaozha", "trips_breaker"),
    ("没惹水", "没惹水", "not_heating"),
]
ENGLISH = [
    ("there is no hot water", "no hot water", "not_heating"),
    ("我的heater坏了，no hot water，请派人来", "no hot water", "not_heating"),
    ("no hw since mon", "no hw", "not_heating"),
    ("the water is cold", "water is cold", "not_heating"),
    ("its not heating at all", "not heating", "not_heating"),
    ("heater doesn't heat", "doesn't heat", "not_heating"),
    ("water heater leaking badly", "leaking", "leak"),
    ("it leaks from the bottom", "leaks", "leak_tank"),
    ("relief valve keeps dripping", "dripping", "leak_valve"),
    ("water dripping on the floor", "dripping", "leak"),
    ("keeps tripping the breaker", "tripping", "trips_breaker"),
    ("trips the RCD", "trips", "trips_breaker"),
    ("the heater makes a loud noise", "loud noise", "noise"),
    ("strange banging noise", "banging noise", "noise"),
    ("low water pressure", "low water pressure", "low_flow"),
    ("water not hot enough", "not hot enough", "not_hot_enough"),
    ("only lukewarm water", "lukewarm", "not_hot_enough"),
    ("won't turn on", "won't turn on", "no_power"),
    ("no power to the unit", "no power", "no_power"),
    ("display is blank", "display is blank", "display"),
    ("water smells like rotten eggs", "smells like rotten eggs", "smell"),
    ("rusty water", "rusty water", "smell"),
    ("runs out of hot water quickly", "runs out of hot water", "not_hot_enough"),
    ("hot water finish very fast", "hot water finish very fast", "not_hot_enough"),
    ("water is too hot", "too hot", "too_hot"),
    ("there are no lights on it", "no lights", "no_power"),
]
DANGERS = [
    ("热水器漏电", "漏电", "shock"),
    ("水龙头麻手", "麻手", "tingling"),
    ("洗澡时手发麻", "手发麻", "tingling"),
    ("插头冒烟了", "冒烟", "smoke"),
    ("有一股烧焦味", "烧焦味", "burning"),
    ("一股糊味", "糊味", "burning"),
    ("插座冒火花", "冒火花", "fire"),
    ("内胆爆了", "爆了", "burst"),
    ("the tap gives me a tingle", "tingle", "tingling"),
    ("I got a shock from the shower", "shock", "shock"),
    ("there's a burning smell", "burning smell", "burning"),
    ("smoke coming out of it", "smoke", "smoke"),
    ("the heater shocks me", "shocks", "shock"),
    ("the tap is live", "live", "shock"),
    ("my daughter got scalded", "scalded", "too_hot"),
    ("plug melted into the socket", "melted", "burning"),
    ("The protection wall light is on", "protection wall light", "protection_light"),
    ("热水器的线烧起来了", "烧起来", "fire"),
    ("我儿子被热水烫伤了", "烫伤", "too_hot"),
    ("水箱裂开了", "裂开", "burst"),
    ("浴室全是烟", "全是烟", "smoke"),
    ("shui you dian", "you dian", "shock"),
]
REPORTED = [
    ("我前年双十一买的，这会儿不加热了，还在保里头没", "不加热"),
    ("漏水，2017年买的，早过保了，修要多少换要多少", "漏水"),
    ("热水器漏水怎么办", "漏水"),
    ("热水器不热了", "不热"),
    ("is it normal that the tap gives small shocks", "shock"),
    ("It rumbles like a kettle when heating up", "rumbles"),
    ("手机充电有电，热水器插上没反应", "没反应"),
]
NOT_REPORTED = [
    "会不会漏电，怎么预防",
    "边烧边冲会不会漏电",
    "万一漏水怎么办",
    "才不会烫到小孩",
    "漏水修一下大概多少钱",
    "内胆漏水属不属于保修",
    "密封圈老化漏水保修管不管",
    "加热的时候泄压阀滴水正常吗",
    "水太烫怎么调低一点",
    "花洒出水忽冷忽热要怎么调混水阀",
    "洗衣机漏水漏到楼下去了",
    "太阳能热水器漏水，报修",
    "楼上漏水把卫生间泡了，安装下周再说",
    "我没反应过来，你问啥",
    "杂音好大，你重讲",
    "说好一小时内回电的，现在还没动静",
    "my washing machine is leaking",
    "does the warranty cover leaks?",
    "how much to fix a leak",
    "Could it leak electricity?",
    "Is it normal that it drips?",
    "the installer was smoking in my house",
    "I nearly exploded when I saw the invoice",
    "My oven caught fire",
]
NONE = [
    "没有漏水",
    "不漏水了",
    "没有漏电",
    "没跳闸",
    "不是不热",
    "并不漏水",
    "it doesn't leak",
    "no leak",
    "not tripping",
    "没再跳闸",
    "没有冒烟",
    "热水器坏了",
    "你好",
    "水电费",
    "我家停水了吗",
    "一楼，没电梯",
    "没电话",
    "没有电话",
    "装不了",
    "天气很热",
    "麻烦了",
    "不热情",
    "服务态度冷冰冰",
    "之前漏水现在好了",
    "什么时候到",
    "防漏电的",
    "漏电保护插头",
    "不太方便",
    "没有电梯",
    "声音听不清",
    "你声音好小",
    "no smoking",
]
PARTS = [
    ("内胆质保多少年", "内胆", "tank"),
    ("換內膽多少錢", "內膽", "tank"),
    ("换一根加热棒要花多少", "加热棒", "heating_element"),
    ("镁棒要几年换一回", "镁棒", "magnesium_rod"),
    ("哪裡可以買到鎂棒", "鎂棒", "magnesium_rod"),
    ("美棒多少钱一根", "美棒", "magnesium_rod"),
    ("你们有没有单卖的泄压阀", "泄压阀", "relief_valve"),
    ("边度有得买遥控器", "遥控器", "remote_control"),
    ("求购 DSZF-50 主板", "主板", "control_board"),
    ("能不能单买一个花洒头", "花洒头", "shower_head"),
    ("想买个插头", "插头", "leakage_plug"),
    ("漏电保护插头坏了能单配吗", "漏电保护插头", "leakage_plug"),
    ("电源线太短", "电源线", "power_cord"),
    ("挂架掉了一个螺丝", "挂架", "bracket"),
    ("角阀要自己买吗", "角阀", "angle_valve"),
    ("混水阀坏了", "混水阀", "mixer_valve"),
    ("有没有密封圈卖", "密封圈", "gasket"),
    ("温控器多少钱", "温控器", "thermostat"),
    ("传感器贵不贵", "传感器", "sensor"),
    ("显示屏能换吗", "显示屏", "display_panel"),
    ("软管老化了", "软管", "hose"),
    ("旋钮掉了想配一个", "旋钮", "knob"),
    ("外壳能单独买吗", "外壳", "casing"),
    ("防电墙模块多少钱", "防电墙", "protection_wall"),
    ("What's the best way to flush the tank?", "tank", "tank"),
    ("i want buy one remote control for heater", "remote control", "remote_control"),
    ("How much would you charge to swap the anode rod?", "anode rod", "magnesium_rod"),
    ("I'm after a new magnesium anode", "magnesium anode", "magnesium_rod"),
    ("price of heating element", "heating element", "heating_element"),
    ("where do you sell replacement hoses", "hoses", "hose"),
    ("need a new thermostat", "thermostat", "thermostat"),
    ("do you have shower head", "shower head", "shower_head"),
    ("mei bang duoshao qian", "mei bang", "magnesium_rod"),
]
NO_PARTS = ["没胆量", "plugged it in", "胆子真大", "水管工", "花洒了一地", "大胆", "面板桥", "tanks a lot", "屏幕不亮"]


def told(kind: str, text: str) -> list[tuple[str, str]]:
    return [(each["text"], each["value"]) for each in read_values(text, NOW) if each["entity"] == kind]


@pytest.mark.parametrize(("text", "span", "value"), PLAIN + DIALECT + HOMOPHONES + ENGLISH + DANGERS)
def test_a_symptom_is_named_in_the_fewest_words(text: str, span: str, value: str) -> None:
    assert told("symptom", text) == [(span, value)]


@pytest.mark.parametrize(("text", "span"), REPORTED)
def test_the_customers_own_fault_is_reported(text: str, span: str) -> None:
    assert [words for words, _ in told("symptom", text)] == [span]


@pytest.mark.parametrize("text", NOT_REPORTED)
def test_a_fault_that_is_asked_about_or_elsewhere_is_not_reported(text: str) -> None:
    assert told("symptom", text) == []


@pytest.mark.parametrize("text", NONE)
def test_a_denied_fault_and_other_words_are_no_symptoms(text: str) -> None:
    assert told("symptom", text) == []


@pytest.mark.parametrize(("text", "span", "value"), PARTS)
def test_a_part_is_named(text: str, span: str, value: str) -> None:
    assert told("product_part", text) == [(span, value)]


@pytest.mark.parametrize("text", NO_PARTS)
def test_other_words_are_no_parts(text: str) -> None:
    assert told("product_part", text) == []
