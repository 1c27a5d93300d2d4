"""Wished-for windows and dates of purchase, read at a fixed instant: Tuesday 24 November 2026, 10:20 in Shanghai."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.text.time import purchase_date, wanted_time
from bot.text.values import read_values

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 10, 20, tzinfo=ZONE)

WISHES = [
    ("明天下午三点后", "11-25 15:00", "11-25 18:00"),
    ("后天上午", "11-26 08:00", "11-26 12:00"),
    ("周五", "11-27 00:00", "11-28 00:00"),
    ("下周一9点", "11-30 09:00", "11-30 09:30"),
    ("今晚", "11-24 18:00", "11-24 22:00"),
    ("11月28号", "11-28 00:00", "11-29 00:00"),
    ("两小时后", "11-24 12:20", "11-24 12:50"),
    ("明早九点", "11-25 09:00", "11-25 09:30"),
    ("明儿下午", "11-25 12:00", "11-25 18:00"),
    ("聽日下晝", "11-25 12:00", "11-25 18:00"),
    ("3点", "11-24 15:00", "11-24 15:30"),
    ("这周末", "11-28 00:00", "11-30 00:00"),
    ("元旦", "01-01 00:00", "01-02 00:00"),
    ("不是明天是后天", "11-26 00:00", "11-27 00:00"),
    ("明天不行，后天上午吧", "11-26 08:00", "11-26 12:00"),
    ("下午2点到4点", "11-24 14:00", "11-24 16:00"),
    ("约的明天上午改到后天下午", "11-26 12:00", "11-26 18:00"),
    ("二十八号下午三点半", "11-28 15:30", "11-28 16:00"),
    ("3天内", "11-24 10:20", "11-27 10:20"),
    ("tomorrow afternoon", "11-25 12:00", "11-25 18:00"),
    ("after 3pm", "11-24 15:00", "11-24 18:00"),
    ("Friday morning", "11-27 08:00", "11-27 12:00"),
    ("tomorrow morning at 9", "11-25 09:00", "11-25 09:30"),
    ("between 2 and 4 pm tomorrow", "11-25 14:00", "11-25 16:00"),
    ("not tomorrow, Thursday", "11-26 00:00", "11-27 00:00"),
    ("tmr 3pm", "11-25 15:00", "11-25 15:30"),
    ("Friday 4 December 1 pm", "12-04 13:00", "12-04 13:30"),
    ("Fri, Dec 4, 1pm", "12-04 13:00", "12-04 13:30"),
    ("Friday the 27th at 1pm", "11-27 13:00", "11-27 13:30"),
    ("December 4 (Friday) 1 pm", "12-04 13:00", "12-04 13:30"),
    ("周五12月4号下午一点", "12-04 13:00", "12-04 13:30"),
    ("12月4号周五下午一点", "12-04 13:00", "12-04 13:30"),
    ("12月4日（周五）下午1点", "12-04 13:00", "12-04 13:30"),
    ("明天".center(8, "，"), "11-25 00:00", "11-26 00:00"),
]


@pytest.mark.parametrize(("text", "opens", "closes"), WISHES)
def test_a_wish_becomes_a_window(text: str, opens: str, closes: str) -> None:
    wish = wanted_time(text, NOW, ZONE)
    assert wish is not None
    assert (f"{wish.opens:%m-%d %H:%M}", f"{wish.closes:%m-%d %H:%M}") == (opens, closes)
    assert not wish.past
    assert text[wish.start : wish.end] == wish.text


@pytest.mark.parametrize("text", ["今天早上8点", "昨天下午", "这周一", "11月3号"])
def test_a_time_that_is_over_is_flagged_and_not_moved(text: str) -> None:
    wish = wanted_time(text, NOW, ZONE)
    assert wish is not None
    assert wish.past


@pytest.mark.parametrize(
    "text",
    [
        "不要明天",
        "等了三天了",
        "12号3栋502",
        "2月30号",
        "good morning",
        "早上好",
        "换大一点的",
        "I waited 3 days",
        "room 502",
        "",
    ],
)
def test_words_that_wish_for_no_time_give_none(text: str) -> None:
    assert wanted_time(text, NOW, ZONE) is None


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        wanted_time("明天", NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("去年双十一", "2025-11-11"),
        ("买了三年多", "2023"),
        ("2024年3月", "2024-03"),
        ("bought in March 2024", "2024-03"),
        ("两年前买的", "2024"),
        ("前年国庆", "2024-10"),
        ("21年买的", "2021"),
        ("半年前", "2026-05"),
        ("上个月刚买的", "2026-10"),
        ("3 years ago", "2023"),
        ("last year", "2025"),
        ("双十一买的", "2026-11-11"),
        ("2024.5.1买的", "2024-05-01"),
        ("二零二三年五月", "2023-05"),
        ("大概四五年前", "2022"),
        ("昨天买的", "2026-11-23"),
    ],
)
def test_a_date_of_purchase_is_as_exact_as_the_customer(text: str, value: str) -> None:
    found = purchase_date(text, NOW)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("text", ["刚买", "明年买", "等了三年", "保修3年吗", "上周报修的", "may i know"])
def test_no_date_of_purchase_is_invented(text: str) -> None:
    assert purchase_date(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "wish", "further"),
    [
        ("我周三全天、周四上午都在", "周三全天", ["周四上午"]),
        ("周二下午或者周三上午都行", "周二下午", ["周三上午"]),
        ("周五晚上或者周末", "周五晚上", ["周末"]),
        ("Wednesday all day and Friday morning", "Wednesday all day", ["Friday morning"]),
        ("后天吧，后天下午", "后天下午", []),
        ("周三不行，周四可以", "周四", []),
    ],
)
def test_windows_that_are_offered_in_one_breath_stand_beside_the_first(
    text: str, wish: str, further: list[str]
) -> None:
    found = [each for each in read_values(text, NOW) if each["entity"] == "time"]
    assert [each["text"] for each in found if not each.get("role")] == [wish]
    assert [each["text"] for each in found if each.get("role") == "also"] == further


GIVEN_UP = [
    ("周三上午我要去医院", None, ["周三上午"]),
    ("明天下午我得接孙子", None, ["明天下午"]),
    ("周三早上赶集，下午可以", "下午", ["周三早上"]),
    ("I've got a doctor's visit Wednesday morning", None, ["Wednesday morning"]),
    ("I'd like an appointment Wednesday morning", "Wednesday morning", []),
    ("明天早上来医院门口那家店装", "明天早上", []),
    ("周三上午改到周五", "周五", ["周三上午"]),
    ("原来约的明天下午，改后天", "后天", ["明天下午"]),
    ("明天上午没人，下午有", "下午", ["明天上午"]),
    ("初八家里办酒，初八师傅莫来，初十来", "初十", ["初八"]),
    ("师傅约的今天下午四点，能不能挪到明天晚上七点以后", "明天晚上七点以后", ["今天下午四点"]),
    ("把周三、周四上午的都改到周五", "周五", ["周三、周四上午"]),
    ("周三不行，周四上午或者周六都可以", "周四上午", ["周三"]),
    ("听日要返乡下饮喜酒，星期四嗰个时间帮我改去下星期一", "下星期一", ["听日", "星期四"]),
    ("周三我不在家", None, ["周三"]),
    ("any day but Friday", None, ["Friday"]),
    ("Thursday doesn't work, Friday afternoon?", "Friday afternoon", ["Thursday"]),
    ("move it from Monday to Tuesday", "Tuesday", ["Monday"]),
    ("can we do Thursday instead of tomorrow", "Thursday", ["tomorrow"]),
    ("货明天到，改到后天来装", "后天", []),
    ("后天吧，后天下午", "后天下午", []),
    ("周末有空，周六下午最好", "周六下午", []),
]


@pytest.mark.parametrize(("text", "wish", "given_up"), GIVEN_UP)
def test_what_is_ruled_out_or_moved_stands_beside_the_wish(text: str, wish: str | None, given_up: list[str]) -> None:
    found = [each for each in read_values(text, NOW) if each["entity"] == "time"]
    assert [each["text"] for each in found if not each.get("role")] == ([wish] if wish else [])
    assert [each["text"] for each in found if each.get("role") == "given_up"] == given_up


def test_a_time_that_is_given_up_has_its_window() -> None:
    moved, wish = read_values("周三上午改到周五", NOW)
    assert moved["value"] == {"start": "2026-11-25T08:00:00+08:00", "end": "2026-11-25T12:00:00+08:00"}
    assert wish["value"]["start"] == "2026-11-27T00:00:00+08:00"
