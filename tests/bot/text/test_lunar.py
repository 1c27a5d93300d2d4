"""Lunar days and feasts: the table fits together, and customers' words name the next such day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.text import lunar

FILE = Path(__file__).resolve().parents[3] / "data" / "lexicon" / "lunar.yaml"
TABLE = yaml.safe_load(FILE.read_text(encoding="utf-8"))
TODAY = date(2026, 11, 24)


def test_every_lunar_year_ends_where_the_next_begins() -> None:
    for (year, this), (following, after) in pairwise(sorted(TABLE["years"].items())):
        assert following == year + 1
        assert this["new_year"] + timedelta(days=sum(this["months"])) == after["new_year"]
        assert len(this["months"]) == 12 + ("leap" in this)
        assert set(this["months"]) <= {29, 30}


def test_the_table_says_up_to_which_day_it_is_good() -> None:
    last = max(TABLE["years"])
    year = TABLE["years"][last]
    assert TABLE["valid_through"] == year["new_year"] + timedelta(days=sum(year["months"]) - 1)


@pytest.mark.parametrize(
    ("year", "month", "day", "told"),
    [
        (2025, 7, 1, date(2025, 8, 23)),
        (2026, 8, 15, date(2026, 9, 25)),
        (2026, 12, 0, date(2027, 2, 5)),
        (2028, 5, 5, date(2028, 5, 28)),
        (2034, 1, 1, date(2034, 2, 19)),
        (2026, 12, 30, None),
        (2060, 1, 1, None),
    ],
)
def test_a_lunar_day_is_a_day_of_the_common_calendar(year: int, month: int, day: int, told: date | None) -> None:
    assert lunar.solar(year, month, day) == told


@pytest.mark.parametrize(
    ("text", "words", "first", "last"),
    [
        ("腊月二十三之前装好", "腊月二十三", date(2027, 1, 30), date(2027, 1, 30)),
        ("腊月廿六才回老家", "腊月廿六", date(2027, 2, 2), date(2027, 2, 2)),
        ("正月初八", "正月初八", date(2027, 2, 13), date(2027, 2, 13)),
        ("大年初二", "大年初二", date(2027, 2, 7), date(2027, 2, 7)),
        ("农历十一月十五", "农历十一月十五", date(2026, 12, 23), date(2026, 12, 23)),
        ("初六来", "初六", date(2026, 12, 14), date(2026, 12, 14)),
        ("年三十", "年三十", date(2027, 2, 5), date(2027, 2, 5)),
        ("小年那天", "小年", date(2027, 1, 30), date(2027, 1, 31)),
        ("春节", "春节", date(2027, 2, 6), date(2027, 2, 12)),
        ("冬至", "冬至", date(2026, 12, 22), date(2026, 12, 22)),
        ("清明前", "清明", date(2027, 4, 5), date(2027, 4, 5)),
        ("on christmas eve", "christmas eve", date(2026, 12, 24), date(2026, 12, 24)),
    ],
)
def test_words_name_the_next_such_day(text: str, words: str, first: date, last: date) -> None:
    (found,) = lunar.find(text, TODAY)
    assert (text[found.start : found.end], found.first, found.last) == (words, first, last)


@pytest.mark.parametrize(
    "text",
    ["去年国庆买的", "孩子上初三", "初中", "最初一次", "双十二买的", "last christmas", "chinese new year 2024", "中秋"],
)
def test_other_words_and_feasts_that_are_over_name_no_day(text: str) -> None:
    assert lunar.find(text, TODAY) == []


@given(st.dates(date(2025, 2, 1), date(2036, 1, 1)), st.integers(1, 12), st.integers(1, 29))
def test_the_next_such_day_is_never_over(today: date, month: int, day: int) -> None:
    words = f"农历{'一二三四五六七八九'[month - 1] if month < 10 else ('十', '十一', '十二')[month - 10]}月{day}号"
    assert all(today <= found.first <= found.last for found in lunar.find(words, today))
