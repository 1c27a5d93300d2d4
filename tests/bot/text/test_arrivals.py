"""When goods come is told in words that may look like a wish for a visit."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.actions.reading import corrections, heater, places, times
from bot.text.values import ZONE, read_values

NOW = datetime(2026, 11, 28, 1, 20, tzinfo=ZONE)
HELD = "2026-12-04T13:00:00+08:00"


def time_of(text: str) -> dict[str, object]:
    (found,) = [each for each in read_values(text, NOW) if each["entity"] == "time"]
    return found


@pytest.mark.parametrize(
    "text",
    [
        "明天到", "后天才送到", "明天送货", "货是周五到", "12月3号才能到", "后天上午10点送到",
        "下周二到", "到货时间是明天下午", "明天到货",
        "arrives tomorrow", "it arrives on Friday", "delivery is tomorrow", "tomorrow it will arrive",
        "it comes on Monday", "ming tian dao", "ming tian dao huo",
    ],
)  # fmt: skip
def test_the_day_on_which_goods_come_is_no_wish(text: str) -> None:
    for found in (each for each in read_values(text, NOW) if each["entity"] == "time"):
        assert times.is_arrival(text, found["start"], found["end"])
    assert heater.delivered(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "明天下午三点来装", "明天师傅到", "明天上午可以", "热水器明天到，后天来装", "明天到我家装", "周六上门",
        "can you come tomorrow", "please come tomorrow", "the heater comes tomorrow, please install it on Saturday",
    ],
)  # fmt: skip
def test_the_day_on_which_somebody_shall_come_is_a_wish(text: str) -> None:
    found = time_of(text)
    assert not times.is_arrival(text, found["start"], found["end"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("热水器明天到，后天来装", "后天"),
        ("the heater comes tomorrow, please install it on Saturday", "Saturday"),
        ("it arrives on Friday, can you come Saturday", "Saturday"),
    ],
)
def test_of_two_days_that_of_the_visit_is_the_wish(text: str, words: str) -> None:
    assert time_of(text)["text"] == words


@pytest.mark.parametrize("text", ["到了", "昨天送到的", "15号送到的", "已经签收", "it has arrived", "yi jing dao le"])
def test_goods_that_have_come_have_come(text: str) -> None:
    assert heater.delivered(text) is True


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        ("actually make it Saturday morning", "2026-12-05T08:00", "2026-12-05T12:00"),
        ("还是周六上午吧", "2026-12-05T08:00", "2026-12-05T12:00"),
        ("zhou liu shang wu ba", "2026-12-05T08:00", "2026-12-05T12:00"),
        ("不要周五，周六吧", "2026-12-05T00:00", "2026-12-06T00:00"),
        ("周三", "2026-12-02T00:00", "2026-12-03T00:00"),
        ("改成下午吧", "2026-12-04T12:00", "2026-12-04T18:00"),
        ("that day in the afternoon", "2026-12-04T12:00", "2026-12-04T18:00"),
        ("那天上午吧", "2026-12-04T08:00", "2026-12-04T12:00"),
    ],
)
def test_a_bare_weekday_and_a_time_of_day_belong_to_the_day_that_is_held(text: str, opens: str, closes: str) -> None:
    window = corrections.on_the_held_day(text, HELD, NOW.isoformat())
    assert window is not None
    assert (window["start"][:16], window["end"][:16]) == (opens, closes)


@pytest.mark.parametrize("text", ["下周六上午", "明天上午", "12月8号下午", "this Saturday", "next Monday", "好的"])
def test_another_day_is_another_day(text: str) -> None:
    assert corrections.on_the_held_day(text, HELD, NOW.isoformat()) is None


def test_a_weekday_of_the_held_week_that_is_over_is_not_meant() -> None:
    assert corrections.on_the_held_day("周五上午吧", "2026-11-28T13:00:00+08:00", NOW.isoformat()) is None


@pytest.mark.parametrize("text", ["还是那天吧", "就那天", "that day is fine", "the same day please"])
def test_who_comes_back_to_the_agreed_day_keeps_it(text: str) -> None:
    assert corrections.keeps_the_day(text)


@pytest.mark.parametrize("text", ["那天没空", "that day does not work", "周六吧", "好的"])
def test_who_does_not_want_the_agreed_day_does_not_keep_it(text: str) -> None:
    assert not corrections.keeps_the_day(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "From Room 502, 88 Century Avenue, Pudong to 1200 Caobao Road, Minhang, Shanghai",
            "1200 Caobao Road, Minhang, Shanghai",
        ),
        ("need my heater moved from Pudong to Minhang", "Minhang"),
        ("从浦东世纪大道88号搬到闵行漕宝路1200号", "闵行漕宝路1200号"),
        ("搬到闵行漕宝路1200号，原来在浦东世纪大道88号", "闵行漕宝路1200号"),
        ("闵行漕宝路1200号", None),
    ],
)
def test_of_two_places_the_one_it_goes_to_is_meant(text: str, words: str | None) -> None:
    spans = [(each["start"], each["end"]) for each in read_values(text, NOW) if each["entity"] == "address"]
    meant = places.where_to(text, spans)
    assert (text[slice(*meant)] if meant else None) == words


@pytest.mark.parametrize(
    ("rest", "beside", "none"),
    [
        ("1351234123", False, True),
        ("is fine", True, True),
        ("可以", True, True),
        ("我电话是", True, True),
        ("ke yi", True, True),
        ("碧桂园", True, False),
        ("Century Garden", True, False),
        ("village by the river", False, False),
        ("128号", False, False),
    ],
)
def test_words_around_a_time_or_a_number_are_no_place(rest: str, beside: bool, none: bool) -> None:
    assert places.names_none(rest, beside=beside) is none


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("是四组", "四组"),
        ("应该是3栋502室", "3栋502室"),
        ("不对，是5栋", "5栋"),
        ("3栋1203", "3栋1203"),
        ("对", None),
        ("是四组的李师傅", None),
        ("凤翔路8号", None),
    ],
)
def test_pieces_of_a_house_that_stand_alone_are_known(text: str, pieces: str | None) -> None:
    assert corrections.piece_alone(text) == pieces
