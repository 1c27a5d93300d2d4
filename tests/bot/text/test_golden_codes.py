"""Models, capacities, fault codes and ticket numbers inside whole messages: the exact words and the normal form."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.text.values import ZONE, read_values

NOW = datetime(2026, 11, 24, 10, 20, tzinfo=ZONE)

MODELS = [
    ("型号是YLS-D60A", "YLS-D60A", "YLS-D60A"),
    ("YLS-X80B", "YLS-X80B", "YLS-X80B"),
    ("yls x80b", "yls x80b", "YLSX80B"),
    ("报修 DSZF-60 水不热", "DSZF-60", "DSZF-60"),
    ("求购 DSZF-50 主板", "DSZF-50", "DSZF-50"),
    ("雅丽诗60升", "雅丽诗", "雅丽诗"),
    ("我家是雅丽诗的热水器", "雅丽诗", "雅丽诗"),
    ("雅麗詩熱水器", "雅麗詩", "雅丽诗"),
    ("雅丽斯六十升那个", "雅丽斯", "雅丽诗"),
    ("机身上写的是 YLS-D60A(H)", "YLS-D60A(H)", "YLS-D60A(H)"),
    ("标签上写着DSK-85", "DSK-85", "DSK-85"),
    ("型号我看看啊 是 ＹＬＳ－Ｄ６０Ａ", "ＹＬＳ－Ｄ６０Ａ", "YLS-D60A"),
    ("小厨宝漏水", "小厨宝", "小厨宝"),
    ("model YLS-D80 not heating", "YLS-D80", "YLS-D80"),
    ("it's a YLS-D60A, 60 litres", "YLS-D60A", "YLS-D60A"),
    ("the model number is DSZF-100B", "DSZF-100B", "DSZF-100B"),
    ("WY-60D那款", "WY-60D", "WY-60D"),
    ("YLS–D60A E3", "YLS–D60A", "YLS-D60A"),
    ("型号WY-6050", "WY-6050", "WY-6050"),
    ("雅丽诗K3那台", "雅丽诗K3", "雅丽诗K3"),
    ("雅麗詩 D5-80 漏水", "雅麗詩 D5-80", "雅丽诗D5-80"),
    ("雅丽诗E3报警", "雅丽诗", "雅丽诗"),
    ("雅丽诗 60L", "雅丽诗", "雅丽诗"),
    ("我家是X7 Plus，屏幕不亮", "X7 Plus", "X7PLUS"),
    ("标签上是Y L S 八零 A", "Y L S 八零 A", "YLS80A"),
    ("机器号d s z f 六 十", "d s z f 六 十", "DSZF60"),
]
NO_MODEL = [
    "单号DD88120461",
    "order SO-5529017",
    "WX2611-2093这单撤掉",
    "ticket WY-77120",
    "不知道型号",
    "call me at 138",
    "room 502",
    "Nov 28",
    "三四个人用够吗",
    "WY261124-0001",
    "E3",
    "威雅的客服吗",
    "你们威雅怎么回事",
    "B座1203",
    "iphone15",
    "wifi 5g",
    "vip666",
    "A栋301",
    "F1",
    "apt12",
    "QQ12345678",
    "订单号 JD8839201",
    "华为P60 Pro打不通",
    "报修单BX2026",
]
CAPACITIES = [
    ("40升那种", "40升", "40L"),
    ("60L的", "60L", "60L"),
    ("六十升", "六十升", "60L"),
    ("80立升", "80立升", "80L"),
    ("八十公升", "八十公升", "80L"),
    ("Just received my new 50 litre heater", "50 litre", "50L"),
    ("it's a 100 litre one", "100 litre", "100L"),
    ("80 liters", "80 liters", "80L"),
    ("60l pls", "60l", "60L"),
    ("50 ltr heater", "50 ltr", "50L"),
    ("一百升的大家伙", "一百升", "100L"),
    ("60 升", "60 升", "60L"),
    ("雅丽诗60升", "60升", "60L"),
    ("６０Ｌ", "６０Ｌ", "60L"),
    ("a 60-litre model", "60-litre", "60L"),
    ("四十升热水器", "四十升", "40L"),
    ("80L", "80L", "80L"),
    ("六十生的热水器", "六十生", "60L"),
    ("不是五十升，是六十升", "六十升", "60L"),
    ("安装热水器，60圣的", "60圣", "60L"),
    ("not 60 litres, 80 litres", "80 litres", "80L"),
    ("wo de shi 80sheng", "80sheng", "80L"),
]
NO_CAPACITY = ["一升水", "水压升高", "升级一下", "60岁了", "3L楼", "升温慢", "五百块", "l8r", "1000升水箱太大"]
FAULTS = [
    ("E3", "E3", "E3"),
    ("机器显示E3，按哪个键都没用", "E3", "E3"),
    ("显示e 3", "e 3", "E3"),
    ("显示E零三", "E零三", "E3"),
    ("屏幕上写伊三", "伊三", "E3"),
    ("跳出来一个E三", "E三", "E3"),
    ("显示一三不对是E三", "E三", "E3"),
    ("F1", "F1", "F1"),
    ("Er 04", "Er 04", "E4"),
    ("显示Er04", "Er04", "E4"),
    ("err 3 on display", "err 3", "E3"),
    ("my boiler displays E4 and shuts down", "E4", "E4"),
    ("htr not workin, e2 on screen", "e2", "E2"),
    ("E5代表什么", "E5", "E5"),
    ("报e1了", "e1", "E1"),
    ("一直闪Ｅ２", "Ｅ２", "E2"),
    ("E-2", "E-2", "E2"),
    ("显示衣四", "衣四", "E4"),
    ("error code E06", "E06", "E6"),
    ("fault code f2", "f2", "F2"),
    ("故障代码 E 1 怎么办", "E 1", "E1"),
    ("易二是什么故障", "易二", "E2"),
    ("code e three", "e three", "E3"),
    ("显示艾福一", "艾福一", "F1"),
    ("显示屏显示01", "01", "01"),
    ("C1报警", "C1", "C1"),
]
NO_FAULT = [
    "3号",
    "e",
    "wifi",
    "一三五都在家",
    "E栋301",
    "F座1203",
    "我住E区3栋",
    "衣三件",
    "5E级",
    "第二次了",
    "FM1234",
]
TICKETS = [
    ("单号WY261123-0007，帮我看看几号上门", "WY261123-0007", "WY261123-0007"),
    ("WY2611230007 进度?", "WY2611230007", "WY261123-0007"),
    ("what's happening with ticket WY261123-0007?", "WY261123-0007", "WY261123-0007"),
    ("wy261123-0007", "wy261123-0007", "WY261123-0007"),
    ("wy 261123 0007", "wy 261123 0007", "WY261123-0007"),
    ("工单号是WY-261123-0007", "WY-261123-0007", "WY261123-0007"),
    ("WY20261123-0007", "WY20261123-0007", "WY261123-0007"),
    ("单号WY 2026 1123 0007", "WY 2026 1123 0007", "WY261123-0007"),
    ("工单 WY二六一一二三零零零七", "WY二六一一二三零零零七", "WY261123-0007"),
    ("WY二六幺幺二三杠零零零七", "WY二六幺幺二三杠零零零七", "WY261123-0007"),
    ("单号２６１１２３－０００７", "２６１１２３－０００７", "WY261123-0007"),
    ("261123-0007 到哪了", "261123-0007", "WY261123-0007"),
    ("my ticket no is wy261123 0007", "wy261123 0007", "WY261123-0007"),
    ("WY26 11 23 0007", "WY26 11 23 0007", "WY261123-0007"),
    ("W Y 2 6 1 1 2 3 0 0 0 7", "W Y 2 6 1 1 2 3 0 0 0 7", "WY261123-0007"),
    ("WY261123—0007", "WY261123—0007", "WY261123-0007"),
    ("查WY261123-00071", "WY261123-00071", "WY261123-00071"),
    ("WY261123_0007", "WY261123_0007", "WY261123-0007"),
    ("威雅261123-0007", "261123-0007", "WY261123-0007"),
    ("单号2611-0938取消", "2611-0938", "2611-0938"),
    ("单号W1126-358", "W1126-358", "W1126-358"),
    ("工单号是二六一一零二零零五三", "二六一一零二零零五三", "二六一一零二零零五三"),
    ("编号SH20261108的单子", "SH20261108", "SH20261108"),
    ("单号尾巴是0619", "0619", "0619"),
    ("2611-0725这单走到哪步了", "2611-0725", "2611-0725"),
    ("any update on WY26-1155", "WY26-1155", "WY26-1155"),
    ("I logged WY-20993 a week ago", "WY-20993", "WY-20993"),
    ("单号是五五零二幺", "五五零二幺", "五五零二幺"),
    ("any word on #40551?", "40551", "40551"),
    ("LZ-1204那单不要了", "LZ-1204", "LZ-1204"),
    ("please drop WY-3317, we moved", "WY-3317", "WY-3317"),
    ("单号HD-40912催一下", "HD-40912", "HD-40912"),
    ("我的单7710253改到周五", "7710253", "7710253"),
    ("三天了，单QF-0417还没动静", "QF-0417", "QF-0417"),
    ("单号尾号是九九零二", "九九零二", "九九零二"),
    ("报修单BX20261118007", "BX20261118007", "BX20261118007"),
    ("受理编号0037-2291", "0037-2291", "0037-2291"),
    ("服务单号 FW-202611-0456", "FW-202611-0456", "FW-202611-0456"),
    ("PG-20261102-044，到今天没人联系", "PG-20261102-044", "PG-20261102-044"),
    ("查一下GD2026112401这个单", "GD2026112401", "GD2026112401"),
    ("关于KF-5512，请回电", "KF-5512", "KF-5512"),
    ("tkt 77-3098 still waiting", "77-3098", "77-3098"),
    ("tkt QX8804 pls", "QX8804", "QX8804"),
    ("my reference is RX-5521-A", "RX-5521-A", "RX-5521-A"),
    ("ref: 2611-A09", "2611-A09", "2611-A09"),
    ("service ticket ST/2026/114", "ST/2026/114", "ST/2026/114"),
    ("I wrote last week, number HK-60213", "HK-60213", "HK-60213"),
    ("order number HW-2026-1142", "HW-2026-1142", "HW-2026-1142"),
]
NO_TICKET = [
    "没有工单号",
    "13812345678",
    "WY-60D",
    "2026-11-23",
    "20261123",
    "YLS-D60A",
    "尾号0007",
    "订单JD3380912",
    "flat #1502 please",
    "订单#88001234 收到了",
    "订单号JD8839201134",
    "room number 1203",
    "house number 12, no 5",
    "model number DSZF-80",
    "serial number AB-123456",
    "单号DSZF-60的机器",
    "工单 2026-11-24 报的",
    "菜单 1234",
    "关于YLS-60",
]


def told(kind: str, text: str) -> list[tuple[str, str]]:
    return [(each["text"], each["value"]) for each in read_values(text, NOW) if each["entity"] == kind]


@pytest.mark.parametrize(
    ("kind", "text", "span", "value"),
    [
        (kind, *row)
        for kind, rows in (("model", MODELS), ("capacity", CAPACITIES), ("fault_code", FAULTS), ("ticket_no", TICKETS))
        for row in rows
    ],
)
def test_a_code_is_read_with_its_normal_form(kind: str, text: str, span: str, value: str) -> None:
    assert told(kind, text) == [(span, value)]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (kind, text)
        for kind, texts in (
            ("model", NO_MODEL),
            ("capacity", NO_CAPACITY),
            ("fault_code", NO_FAULT),
            ("ticket_no", NO_TICKET),
        )
        for text in texts
    ],
)
def test_what_only_looks_like_a_code_is_none(kind: str, text: str) -> None:
    assert told(kind, text) == []
