"""Times by the class of their wording, read on Tuesday 24 November 2026 at 10:20 in Shanghai: what is wished for, given
up, or only asked about."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.text.time import ASKED, GIVEN_UP, WantedTime, named_times
from bot.text.values import ZONE, meant, read_values

NOW = datetime(2026, 11, 24, 10, 20, tzinfo=ZONE)

WINDOWS = [
    # English hours in words and figures, without what leads to them
    ("ring me at five", "five", "11-24 17:00", "11-24 17:30"),
    ("could he make it four, I have a class", "four", "11-24 16:00", "11-24 16:30"),
    ("two o'clock would be better", "two o'clock", "11-24 14:00", "11-24 14:30"),
    ("I'm in a meeting till 2, call me then", "2", "11-24 14:00", "11-24 18:00"),
    ("tomorrow round eleven about the valve", "tomorrow round eleven", "11-25 10:30", "11-25 11:30"),
    ("try my landline at lunch", "lunch", "11-24 11:00", "11-24 14:00"),
    ("call me back in twenty mins", "in twenty mins", "11-24 10:40", "11-24 11:10"),
    # days
    ("please come on the fifth, not the fourth", "fifth", "12-05 00:00", "12-06 00:00"),
    ("make it the twenty-eighth", "twenty-eighth", "11-28 00:00", "11-29 00:00"),
    ("visit on 30th please", "30th", "11-30 00:00", "12-01 00:00"),
    ("麻烦挪到二十七", "二十七", "11-27 00:00", "11-28 00:00"),
    ("下周六日都有空", "下周六日", "12-05 00:00", "12-07 00:00"),
    ("明个后晌来", "明个后晌", "11-25 12:00", "11-25 18:00"),
    ("天光日朝头早", "天光日朝头早", "11-25 08:00", "11-25 12:00"),
    ("今晚黑打来", "今晚黑", "11-24 18:00", "11-24 22:00"),
    ("礼拜五夜快头", "礼拜五夜快头", "11-27 17:00", "11-27 19:00"),
    ("后天下五来", "后天下五", "11-26 12:00", "11-26 18:00"),
    ("明天下午三店以后", "明天下午三店以后", "11-25 15:00", "11-25 18:00"),
    ("晚7后在家", "晚7后", "11-24 19:00", "11-24 22:00"),
    ("北京时间晚8点打我", "北京时间晚8点", "11-24 20:00", "11-24 20:30"),
    # edges
    ("it has to be off the wall by Friday", "by Friday", "11-24 10:20", "11-28 00:00"),
    ("drop by Friday", "Friday", "11-27 00:00", "11-28 00:00"),
    ("周末前能修好吗", "周末前", "11-24 10:20", "11-28 00:00"),
    ("月底前得拆下来", "月底前", "11-24 10:20", "12-01 00:00"),
    ("give me a slot after Thursday", "after Thursday", "11-27 00:00", "12-04 00:00"),
    ("过了这礼拜再来", "过了这礼拜", "11-30 00:00", "12-07 00:00"),
    # all of a day
    ("周日全天都在", "周日全天", "11-29 00:00", "11-30 00:00"),
    ("Sunday all day I am at home", "Sunday all day", "11-29 00:00", "11-30 00:00"),
    ("any time Friday is fine", "any time Friday", "11-27 00:00", "11-28 00:00"),
    ("free any evening", "any evening", "11-24 18:00", "11-24 22:00"),
    # told more exactly
    ("下午吧，下午两点到四点", "下午两点到四点", "11-24 14:00", "11-24 16:00"),
]
BESIDE = [
    # the day that is taken, and the one that is called off
    ("周四小区停电，改周五吧", "周五", ["周四"]),
    ("明天我得赶集，后天再来", "后天", ["明天"]),
    ("Power cut planned for the 14th, make it the 15th", "15th", ["14th"]),
    ("明儿别来了，礼拜六再过来行不", "礼拜六", ["明儿"]),
    ("周五别来了，机器退了", None, ["周五"]),
    # the same hour of another day
    ("周三九点的改周四同一时间", "周四同一时间", ["周三九点"]),
    ("can't do 6. tomorrow same time?", "tomorrow same time", ["6"]),
    # half an hour is one time, and who works on a day asks for no hours
    ("not half six tonight, half seven tonight", "half seven tonight", ["half six tonight"]),
    ("I only work Mondays, Tuesday is fine", "Tuesday", ["Mondays"]),
    # a reason that is no matter of ours
    ("I've a dentist at ten, can you come at three instead", "three", ["ten"]),
    ("周五要体检，师傅改到周六来吧", "周六", ["周五"]),
    ("昨天报的修，周三改到周四", "周四", ["周三"]),
    ("28号才到货，安装顺延到29", "29", []),
]
NONE = [
    "姓江，三点水的江", "插上一点动静没有", "压力是零点三", "it's off by one", "Happy New Year to you", "新年好",
    "预约了早上六点烧好，起来还是凉的", "定的七点的水到八点都不热", "box arrived 2day", "热水器今天上午送到了",
    "收稻子呢，过了这几天", "打十号风球", "说七个工作日，还没退", "睡了三日", "晚一点找我",
    "从二楼移到一楼，on the second floor",
    "水八点就凉了", "他每天早上五点起来",
]  # fmt: skip
ASKED_ABOUT = [
    ("春节你们放假吗", ["春节"]),
    ("国庆期间有人接电话吗", ["国庆期间"]),
    ("are you open on Sunday", ["Sunday"]),
    ("晚上有人接吗", []),
    ("do you work Saturdays", ["Saturdays"]),
    ("下午三点可以吗", ["下午三点"]),
]


def wish(text: str) -> WantedTime | None:
    return next((each for each in named_times(text, NOW, ZONE) if not each.role), None)


@pytest.mark.parametrize(("text", "span", "opens", "closes"), WINDOWS)
def test_a_wish_is_read_by_its_words(text: str, span: str, opens: str, closes: str) -> None:
    found = wish(text)
    assert found is not None
    assert (found.text, f"{found.opens:%m-%d %H:%M}", f"{found.closes:%m-%d %H:%M}") == (span, opens, closes)


@pytest.mark.parametrize(("text", "wished", "given_up"), BESIDE)
def test_what_keeps_a_customer_from_a_visit_is_given_up(text: str, wished: str | None, given_up: list[str]) -> None:
    told = [each for each in meant(read_values(text, NOW), text, "reschedule", 0.9) if each["entity"] == "time"]
    assert [each["text"] for each in told if not each.get("role")] == ([wished] if wished else [])
    assert [each["text"] for each in told if each.get("role") == GIVEN_UP] == given_up


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert wish(text) is None


@pytest.mark.parametrize(("text", "days"), ASKED_ABOUT)
def test_the_day_that_opening_hours_are_asked_for_is_no_wish(text: str, days: list[str]) -> None:
    kept = meant(read_values(text, NOW), text, "ask_hours", 0.9)
    assert [each["text"] for each in kept] == days
    others = meant(read_values(text, NOW), text, "inform", 0.9)
    assert all(each.get("role") != ASKED for each in others)


def test_the_agreed_hour_is_that_of_the_other_day() -> None:
    found = wish("周三九点的改周四同一时间")
    assert found is not None
    assert f"{found.opens:%m-%d %H:%M}" == "11-26 09:00"
