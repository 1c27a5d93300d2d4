"""Dates of purchase inside whole messages, read on Tuesday 24 November 2026: the words and the date they mean."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.text.values import ZONE, read_values

NOW = datetime(2026, 11, 24, 10, 20, tzinfo=ZONE)

CHINESE = [
    ("去年双十一买的", "去年双十一", "2025-11-11"),
    ("去年双11在京东买的", "去年双11", "2025-11-11"),
    ("2021年5月买的热水器现在过保没", "2021年5月", "2021-05"),
    ("差不多用了四年", "四年", "2022"),
    ("用了得有六七年了", "六七年", "2020"),
    ("买了三年多", "三年多", "2023"),
    ("买了有五年咯", "五年", "2021"),
    ("用了三年半", "三年半", "2023"),
    ("2025年6月18号", "2025年6月18号", "2025-06-18"),
    ("前年买的", "前年", "2024"),
    ("前年过年的时候买的", "前年过年", "2024"),
    ("去年过年买的", "去年过年", "2025"),
    ("大前年夏天", "大前年夏天", "2023"),
    ("上个月刚买", "上个月", "2026-10"),
    ("上个月买的", "上个月", "2026-10"),
    ("国庆的时候买的", "国庆", "2026-10"),
    ("今年618买的", "今年618", "2026-06-18"),
    ("618买的", "618", "2026-06-18"),
    ("六一八那会儿买的", "六一八", "2026-06-18"),
    ("2024年3月", "2024年3月", "2024-03"),
    ("24年3月份", "24年3月份", "2024-03"),
    ("二四年三月买的", "二四年三月", "2024-03"),
    ("两千零二十年买的", "两千零二十年", "2020"),
    ("2024.5.1买的", "2024.5.1", "2024-05-01"),
    ("2024/5/1 购买", "2024/5/1", "2024-05-01"),
    ("购买日期2025-03-02", "2025-03-02", "2025-03-02"),
    ("2023年国庆节", "2023年国庆节", "2023-10"),
    ("今年三月份在苏宁买的", "今年三月份", "2026-03"),
    ("今年年初买的", "今年年初", "2026-01"),
    ("去年年底装修的时候买的", "去年年底", "2025-12"),
    ("买来才半年", "半年", "2026-05"),
    ("大概四五年前买的", "四五年前", "2022"),
    ("十来年前买的老机器", "十来年前", "2016"),
    ("买咗两年", "两年", "2024"),
    ("舊年買嘅", "舊年", "2025"),
    ("前年國慶買的", "前年國慶", "2024-10"),
    ("用咗成五年喇", "五年", "2021"),
    ("我2019年买的你们这个热水器", "2019年", "2019"),
    ("这机器买了八个月", "八个月", "2026-03"),
    ("刚买三个月就坏了", "三个月", "2026-08"),
    ("才买了一年零两个月", "一年零两个月", "2025-09"),
    ("买了一年多就漏水", "一年多", "2025"),
    ("昨天刚买的", "昨天", "2026-11-23"),
    ("上周买的", "上周", "2026-11"),
    ("11月11号下的单", "11月11号", "2026-11-11"),
    ("今年5月20号买的", "今年5月20号", "2026-05-20"),
    ("双十一抢的", "双十一", "2026-11-11"),
    ("结婚那年买的，2018年", "2018年", "2018"),
    ("用了快十年了", "十年", "2016"),
    ("用得有七八年咯", "七八年", "2019"),
    ("发票上写的是2024年12月5日", "2024年12月5日", "2024-12-05"),
    ("去年冬天买的", "去年冬天", "2025"),
    ("五一节买的", "五一节", "2026-05"),
    ("今年五一", "今年五一", "2026-05"),
    ("前年11月", "前年11月", "2024-11"),
    ("qunian mai de", "qunian", "2025"),
    ("三年前的", "三年前", "2023"),
    ("买是二零年国庆买的", "二零年国庆", "2020-10"),
    ("一八年底装的，用到现在", "一八年底", "2018-12"),
    ("我想refund，刚买two days ago就坏了", "two days ago", "2026-11-22"),
    ("買咗兩年幾", "兩年幾", "2024"),
    ("小票上印的是2024-05-18", "2024-05-18", "2024-05-18"),
    ("机器是2023年双十二的", "2023年双十二", "2023-12-12"),
    ("机器是去年三月装的，电热管保几年", "去年三月", "2025-03"),
    ("2019年装，想换镁棒", "2019年", "2019"),
    ("才用五天就坏，本月22号买的", "本月22号", "2026-11-22"),
]
ENGLISH = [
    ("bought it in May 2023", "May 2023", "2023-05"),
    ("i buy it three years ago", "three years ago", "2023"),
    ("bought it 3 yrs ago", "3 yrs ago", "2023"),
    ("2021 summer", "2021 summer", "2021"),
    ("summer 2021", "summer 2021", "2021"),
    ("last Xmas", "last Xmas", "2025-12-25"),
    ("got it last Christmas", "last Christmas", "2025-12-25"),
    ("last March", "last March", "2026-03"),
    ("I purchased it on 15 March 2024", "15 March 2024", "2024-03-15"),
    ("bought on March 15th, 2024", "March 15th, 2024", "2024-03-15"),
    ("bought last year", "last year", "2025"),
    ("about 2 years old", "2 years old", "2024"),
    ("Is a five year old heater still covered?", "five year old", "2021"),
    ("we've had it for six years", "six years", "2020"),
    ("bought 2022", "2022", "2022"),
    ("ordered it in 2024-06", "2024-06", "2024-06"),
    ("purchased last month", "last month", "2026-10"),
    ("got it 8 months ago", "8 months ago", "2026-03"),
    ("since 2020 we use it", "2020", "2020"),
    ("the year before last", "the year before last", "2024"),
    ("Nov 11 last year", "Nov 11 last year", "2025-11-11"),
    ("a couple of years ago", "couple of years ago", "2024"),
    ("bought in early 2023", "early 2023", "2023"),
    ("half a year ago", "half a year ago", "2026-05"),
    ("had it since Christmas 2023", "Christmas 2023", "2023-12-25"),
    ("purchased on 12/05/2023", "12/05/2023", "2023"),
    ("purchased on 25/12/2023", "25/12/2023", "2023-12-25"),
]
NONE = [
    "等了三天",
    "拖了半个月没人管",
    "保修3年吗",
    "上周报修的",
    "上个月报修到现在没人来",
    "明年买",
    "镁棒要几年换一回",
    "内胆质保多少年",
    "昨天开始不热",
    "2号来的",
    "修了三次了",
    "三年保修是吧",
    "我姓年",
    "how many years is the warranty",
    "may i know",
    "I waited two weeks",
    "my son is 3 years old",
    "WY261123-0007",
    "去年修过一次",
    "今年过年放假吗",
    "每年都要换镁棒吗",
]


def purchases(text: str) -> list[tuple[str, str]]:
    return [(each["text"], each["value"]) for each in read_values(text, NOW) if each["entity"] == "purchase_date"]


@pytest.mark.parametrize(("text", "span", "value"), CHINESE + ENGLISH)
def test_a_date_of_purchase_is_as_exact_as_it_was_told(text: str, span: str, value: str) -> None:
    assert purchases(text) == [(span, value)]


@pytest.mark.parametrize("text", NONE)
def test_other_dates_and_spans_of_time_are_no_purchase(text: str) -> None:
    assert purchases(text) == []
