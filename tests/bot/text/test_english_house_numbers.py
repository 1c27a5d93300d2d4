"""What English callers say of a house: numbers in words, rooms told afterwards, regions as they are spelled."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.text import address, address_latin
from bot.text.numerals import in_figures
from bot.text.purchase import purchase_date
from bot.text.time import wanted_time
from bot.text.values import ZONE

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("flat three oh one", "flat 301"),
        ("jianguo road ninety three building eight room twelve oh four", "jianguo road 93 building 8 room 1204"),
        ("twenty twenty two I think", "2022 I think"),
        ("two thousand and twenty two", "2022"),
        ("three hundred and eighty five tianhe road", "385 tianhe road"),
        ("one hundred century avenue", "100 century avenue"),
        ("nineteen ninety nine", "1999"),
        ("W Y two six one one two seven zero zero zero one", "W Y 2611270001"),
        ("one three six double zero one two three four five six", "13600123456"),
        ("number five", "number 5"),
        ("it was twenty nineteen", "it was 2019"),
        ("one hundred and five", "105"),
    ],
)
def test_numbers_that_were_said_are_written_as_figures(said: str, written: str) -> None:
    assert in_figures(said) == written


@pytest.mark.parametrize(
    "said",
    [
        "no one is hurt",
        "tomorrow at three",
        "three thirty tomorrow",
        "two three years ago",
        "oh one more thing",
        "a hundred times",
        "my hundred year old house",
        "none of the two",
        "热水器不热了",
    ],
)
def test_words_that_are_no_number_of_a_house_or_a_year_stay(said: str) -> None:
    assert in_figures(said) == said


@pytest.mark.parametrize(
    ("told", "pieces"),
    [
        ("room 1502", "room 1502"),
        ("it's flat 7", "flat 7"),
        ("I live in flat 9B", "flat 9b"),
        ("sorry, the apartment is 1503 not 1502", "apartment is 1503"),
        ("no, it's on the 3rd floor please", "3rd floor"),
        ("building 3, room 502", "building 3, room 502"),
        ("502", None),
        ("room temperature", None),
        ("the room is cold", None),
        ("the floor is wet", None),
        ("12 Renmin Road, room 502", None),
    ],
)
def test_a_room_that_is_all_a_message_tells_is_found(told: str, pieces: str | None) -> None:
    assert address_latin.pieces(told) == pieces


def test_a_number_alone_is_a_room_where_nothing_else_can_be_meant() -> None:
    assert address_latin.pieces("502", bare=True) == "room 502"
    assert address_latin.pieces("3 pm", bare=True) is None


@pytest.mark.parametrize(
    ("held", "told", "whole"),
    [
        (
            "88 Tiyu East Road, Building 3, Guangzhou",
            "room 1502",
            "88 Tiyu East Road, Building 3, Guangzhou, Room 1502",
        ),
        (
            "88 Tiyu East Road, Flat 1502, Guangzhou",
            "apartment is 1503",
            "88 Tiyu East Road, Apartment 1503, Guangzhou",
        ),
        ("12 Renmin Road, Chengdu", "building 3, room 502", "12 Renmin Road, Chengdu, Building 3, Room 502"),
        ("12 Renmin Road, Chengdu", "3rd floor", "12 Renmin Road, Chengdu, Floor 3"),
        ("广州市天河区体育西路5号", "room 502", "广州市天河区体育西路5号502室"),
        ("广州市天河区体育西路5号3栋", "building 4", "广州市天河区体育西路5号4栋"),
    ],
)
def test_a_room_told_afterwards_joins_the_address_or_takes_the_place_of_the_old_one(
    held: str, told: str, whole: str
) -> None:
    assert address_latin.with_pieces(held, told) == whole


@pytest.mark.parametrize(
    ("held", "regions"),
    [
        ("15 Fengxiang Road, Shunde, Foshan", "Shunde, Foshan"),
        ("Guangzhou, Tianhe district, 88 Tiyu East Road", "Guangzhou, Tianhe district"),
        ("Xihu, 12 Zhongshan Road, Hangzhou", None),
        ("广州市天河区体育西路5号", None),
    ],
)
def test_the_regions_of_an_english_address_are_known_as_they_are_spelled(held: str, regions: str | None) -> None:
    assert address_latin.regions_named(held) == regions


@pytest.mark.parametrize(
    ("text", "found", "district"),
    [
        ("5/F 88 Nanjing W Rd Jing'an Shanghai", "5/F 88 Nanjing W Rd Jing'an Shanghai", "静安区"),
        ("Nanshan, Shenzhen, Keyuan Road no. 15, block B, 12A", "Keyuan Road no. 15, block B, 12A", "南山区"),
        ("John 13800138444, Guangzhou Tianhe Tiyu West Road 5", "Guangzhou Tianhe Tiyu West Road 5", "天河区"),
        ("call 138 2255 7711, Guangzhou Tianhe Tiyu West Road 5", "Guangzhou Tianhe Tiyu West Road 5", "天河区"),
    ],
)
def test_an_english_address_is_found_whole_and_without_the_number_before_it(
    text: str, found: str, district: str
) -> None:
    place = address.find(text)
    assert place is not None
    assert found in place.text
    assert not any(digits in place.text for digits in ("13800138444", "7711"))
    assert place.address.district == district


def test_a_district_in_latin_letters_is_read_below_a_city_in_characters() -> None:
    place = address.parse("深圳市 Futian, Fuhua Road 1号")
    assert place is not None
    assert (place.city, place.district, place.missing) == ("深圳市", "福田区", None)


@pytest.mark.parametrize("text", ["Futian, Fuhua Road 1号", "Fuhua Rd 8号", "88 Wensan lu 3号"])
def test_a_house_number_behind_an_english_street_is_no_day(text: str) -> None:
    assert wanted_time(text, NOW) is None


def test_an_ampere_is_no_morning() -> None:
    assert wanted_time("is a 10 amp socket OK?", NOW) is None


def test_a_year_that_is_called_one_is_a_year() -> None:
    bought = purchase_date("buy in 2023 year", NOW, asked=True)
    assert bought is not None
    assert bought.value == "2023"


@pytest.mark.parametrize(
    "told",
    [
        "Flat 4B, Block 12, Vanke City Phase 2, 88 Wushan Road, Tianhe",
        "Xihu District, Wen San Road 259, Apt 6-301",
        "Street Xinhua Lu 45, third floor, room 303, Changning, Shanghai",
        "Room 2-1-501, Yihe Yuan, Nanhai Avenue No 18, Foshan",
        "No. 88 Yalong Bay Road, Jiyang District, Sanya, villa 12",
        "12/F, Tower 3, Riviera Garden Phase II, No 9 Huaqiang North Road, Futian, Shenzhen",
    ],
)
def test_an_address_in_many_pieces_is_one(told: str) -> None:
    assert [place.text for place in address.find_all(told)] == [told]
    found = address.parse(told)
    assert found is not None
    assert found.detail == told


@pytest.mark.parametrize(
    ("said", "opens"),
    [
        ("any arvo but Tuesday", "25 12:00"),
        ("any morning but Wednesday", "24 10:00"),
        ("the day after the day after tomorrow", "27 00:00"),
        ("Wednesday next week", "02 00:00"),
        ("half seven tonight", "24 19:30"),
        ("Friday, not before half three", "27 15:30"),
        ("tomorrow 14h30", "25 14:30"),
        ("after Friday", "28 00:00"),
        ("after Chinese New Year", "13 00:00"),
    ],
)
def test_a_time_is_heard_as_the_english_name_it(said: str, opens: str) -> None:
    found = wanted_time(said, NOW)
    assert found is not None
    assert f"{found.opens:%d %H:%M}" == opens
