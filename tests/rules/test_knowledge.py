"""Warranty, fault codes, opening hours, and which topic a question is about: the rules, without data of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kernel.working_time import Calendar
from backend.knowledge import hours, matching, rules
from backend.knowledge.rules import Bought, Cover, Guarantees, Right, Term
from conftest import SHANGHAI, at
from rules.calendars import HOTLINE

GUARANTEES = Guarantees(return_days=7, exchange_days=15, repairs_before_exchange=2, safe_life_years=8)
TODAY = date(2026, 11, 24)
RANK = {Cover.EXPIRED: 0, Cover.UNSURE: 1, Cover.COVERED: 2}

days = st.dates(date(2010, 1, 1), TODAY)
months = st.integers(1, 120)


def verdict(told: Bought | None, shortest: int, longest: int | None = None, repairs: int = 0) -> rules.Verdict:
    term = Term(shortest, shortest if longest is None else longest)
    return rules.warranty_verdict(told, term, GUARANTEES, today=TODAY, repairs=repairs)


def on(day: date) -> Bought:
    return Bought(day, day)


@pytest.mark.parametrize(
    ("told", "first", "last"),
    [
        ("2025-03-02", date(2025, 3, 2), date(2025, 3, 2)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2026", date(2026, 1, 1), TODAY),
        ("2026-11", date(2026, 11, 1), TODAY),
    ],
)
def test_a_date_is_as_exact_as_it_was_told(told: str, first: date, last: date) -> None:
    assert rules.bought(told, TODAY) == Bought(first, last)


@pytest.mark.parametrize("told", [None, "", "unknown", "2027", "2026-12", "2025-13", "2025-02-30", "1-2-3-4", "--"])
def test_what_is_no_date_of_purchase_is_none(told: str | None) -> None:
    assert rules.bought(told, TODAY) is None


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [
        (date(2025, 3, 2), 36, date(2028, 3, 2)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
    ],
)
def test_months_are_added_by_the_day_and_end_at_the_end_of_the_month(day: date, count: int, later: date) -> None:
    assert rules.add_months(day, count) == later


@given(days, days, months)
def test_a_later_purchase_never_shortens_the_warranty(one: date, other: date, count: int) -> None:
    earlier, later = sorted((one, other))
    assert rules.add_months(earlier, count) <= rules.add_months(later, count)
    assert RANK[verdict(on(earlier), count).cover] <= RANK[verdict(on(later), count).cover]


@given(days, months, months)
def test_a_longer_term_never_turns_covered_into_chargeable(day: date, one: int, other: int) -> None:
    shorter, longer = sorted((one, other))
    assert RANK[verdict(on(day), shorter).cover] <= RANK[verdict(on(day), longer).cover]


@given(days, months)
def test_an_exact_day_and_term_give_a_certain_verdict_that_ends_on_the_last_day(day: date, count: int) -> None:
    found = verdict(on(day), count)
    assert found.cover in (Cover.COVERED, Cover.EXPIRED)
    assert found.until is not None
    assert (found.cover is Cover.COVERED) == (found.until[0] >= TODAY)


@given(days, st.integers(0, 400), months, st.integers(0, 60))
def test_an_uncertain_verdict_is_what_the_certain_ones_have_in_common(
    first: date, width: int, shortest: int, more: int
) -> None:
    told = Bought(first, min(first + timedelta(days=width), TODAY))
    ends = {verdict(on(day), count).cover for day in (told.first, told.last) for count in (shortest, shortest + more)}
    assert verdict(told, shortest, shortest + more).cover is (ends.pop() if len(ends) == 1 else Cover.UNSURE)


@given(months)
def test_the_earliest_purchase_that_is_still_covered_is_told_to_the_day(count: int) -> None:
    since = rules.bought_since(count, TODAY)
    assert verdict(on(since), count).cover is Cover.COVERED
    assert verdict(on(since - timedelta(days=1)), count).cover is Cover.EXPIRED


def test_a_consumable_is_never_covered_and_without_a_date_nothing_is_claimed() -> None:
    assert verdict(on(TODAY), 0).cover is Cover.CONSUMABLE
    assert verdict(None, 36).missing == ("purchase_date",)
    assert verdict(None, 12, 36).missing == ("model", "purchase_date")
    assert verdict(Bought(date(2024, 1, 1), date(2024, 12, 31)), 12, 36).missing == ("model",)


@pytest.mark.parametrize(
    ("days_ago", "repairs", "right"),
    [
        (0, 0, Right.REFUND),
        (7, 0, Right.REFUND),
        (8, 0, Right.EXCHANGE),
        (15, 0, Right.EXCHANGE),
        (16, 0, None),
        (16, 1, None),
        (16, 2, Right.REPAIRED_TOO_OFTEN),
    ],
)
def test_the_three_guarantees_are_counted_in_whole_days(days_ago: int, repairs: int, right: Right | None) -> None:
    assert verdict(on(TODAY - timedelta(days=days_ago)), 36, repairs=repairs).right is right


def test_a_right_needs_every_possible_day_of_purchase() -> None:
    assert verdict(Bought(TODAY - timedelta(days=23), TODAY), 36).right is None


def test_the_safe_life_is_over_after_eight_years() -> None:
    assert not verdict(on(date(2018, 11, 24)), 12).is_past_safe_life
    assert verdict(on(date(2018, 11, 23)), 12).is_past_safe_life
    assert not verdict(Bought(date(2018, 1, 1), date(2018, 12, 31)), 12).is_past_safe_life


CODES = {"AB": {"E1": "leakage_current", "E2": "dry_burn"}, "CD": {"E1": "sensor"}}


@pytest.mark.parametrize(
    ("code", "series", "found", "danger", "maybe"),
    [
        ("E1", "AB", "leakage_current", True, False),
        ("E1", "CD", "sensor", False, False),
        ("E1", None, None, False, True),
        ("E1", "XY", None, False, True),
        ("E2", "CD", None, False, False),
        ("E2", None, None, False, False),
    ],
)
def test_a_fault_code_is_read_by_its_series_and_never_guessed(
    code: str, series: str | None, found: str | None, danger: bool, maybe: bool
) -> None:
    reading = rules.read_fault_code(code, series, CODES, ["leakage_current"])
    assert (reading.fault_class, reading.is_danger, reading.may_be_danger) == (found, danger, maybe)


@pytest.mark.parametrize(
    ("model", "series"),
    [("AB-D60A", "AB"), ("ab60", "AB"), ("ABBA60", "ABBA"), ("雅丽诗60升", "AB"), ("QX-50", "QX"), ("60升", None),
     ("", None), (None, None), ("那个白色的", None)],
)  # fmt: skip
def test_a_series_is_known_by_its_letters_or_its_name(model: str | None, series: str | None) -> None:
    assert rules.series_of(model, ["AB", "CD"], {"雅丽诗": "AB"}) == series


def shop() -> Calendar:
    """Closed on Sundays, short on one Saturday, closed on one Friday, known to the end of November."""
    week = {day: hours_ for day in range(6) for hours_ in [HOTLINE.hours[0]]}
    return Calendar(
        zone=SHANGHAI,
        hours=week,
        first=date(2026, 1, 1),
        last=date(2026, 12, 31),
        hours_last=date(2026, 11, 30),
        exceptional_hours={date(2026, 11, 27): None},
    )


def test_hours_are_told_for_the_week_as_it_is() -> None:
    assert hours.usual_hours(HOTLINE, "web").zh == "热线每天 8:00–18:00 有人接听。"
    assert hours.usual_hours(HOTLINE, "voice").zh == "热线每天早上8点到下午6点有人接听。"
    assert hours.usual_hours(HOTLINE, "voice").en == "The hotline is staffed from 8 am to 6 pm every day."
    assert hours.usual_hours(shop(), "web").zh == "热线接听时间：周一到周六 8:00–18:00，周日休息。"
    assert hours.here(shop(), "voice").en == "Our hours are 8 am to 6 pm Mon to Sat, closed Sun."
    assert hours.here(HOTLINE, "sms").zh == "我们每天 8:00–18:00 都在。"


@pytest.mark.parametrize(
    ("now", "day", "said"),
    [
        ("2026-11-24 10:05", date(2026, 11, 25), "明天11月25日周三，热线 8:00–18:00 有人接听。"),
        ("2026-11-24 10:05", date(2026, 11, 27), "11月27日周五，热线休息。"),
        ("2026-11-24 10:05", date(2026, 12, 1), "12月1日周二的安排还没定，要再确认；您可以随时留言。"),
    ],
)
def test_a_day_is_told_open_closed_or_to_be_confirmed(now: str, day: date, said: str) -> None:
    opening = rules.opening_of(shop(), day, at(now))
    assert hours.days_hours([opening], at(now).date(), "web")[0].zh == said


def test_now_is_told_open_or_with_the_next_opening() -> None:
    for now, said in (
        ("2026-11-24 07:59", "现在下班了，今天11月24日周二8:00开线。"),
        ("2026-11-24 08:00", "现在在上班，到18:00。"),
        ("2026-11-24 18:00", "现在下班了，明天11月25日周三8:00开线。"),
        ("2026-11-26 18:00", "现在下班了，11月28日周六8:00开线。"),
    ):
        opening = rules.opening_of(shop(), at(now).date(), at(now))
        assert hours.now_words(opening, shop(), at(now), "web").zh == said
    late = at("2026-11-30 19:00")
    assert hours.now_words(rules.opening_of(shop(), late.date(), late), shop(), late, "web") == hours.TO_BE_CONFIRMED


def test_days_with_the_same_hours_are_told_together() -> None:
    now = at("2026-11-24 10:05")
    openings = [rules.opening_of(HOTLINE, day, now) for day in rules.coming_weekend(now.date())]
    assert [said.zh for said in hours.days_hours(openings, now.date(), "web")] == [
        "11月28日周六、11月29日周日，热线 8:00–18:00 有人接听。"
    ]


@pytest.mark.parametrize(
    ("today", "count"), [(date(2026, 11, 23), 2), (date(2026, 11, 28), 2), (date(2026, 11, 29), 1)]
)
def test_the_coming_weekend_is_what_is_left_of_it(today: date, count: int) -> None:
    assert len(rules.coming_weekend(today)) == count


@pytest.mark.parametrize(
    ("text", "day"), [("明天几点开", 25), ("周日有人吗", 29), ("are you open on sunday", 29), ("几点上班", None)]
)
def test_a_day_in_the_question_is_found(text: str, day: int | None) -> None:
    found = rules.named_day(text, at("2026-11-24 10:05"), SHANGHAI)
    assert (found.day if found else None) == day


def test_exceptions_are_announced_two_weeks_ahead() -> None:
    assert rules.exceptions_ahead(shop(), at("2026-11-20 10:00")) == [date(2026, 11, 27)]
    assert rules.exceptions_ahead(shop(), at("2026-11-01 10:00")) == []
    assert rules.next_of([date(2026, 1, 1), date(2027, 1, 1)], TODAY) == date(2027, 1, 1)
    assert rules.next_of([date(2026, 1, 1)], TODAY) is None


@dataclass(frozen=True)
class Subject:
    words: re.Pattern[str]
    safety: bool = False


TOPICS = {
    "valve": Subject(re.compile("泄压阀.{0,6}滴水|valve")),
    "water": Subject(re.compile("滴水|water")),
    "casing": Subject(re.compile("机壳"), safety=True),
}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("加热时泄压阀一直滴水正常吗", "valve"),
        ("滴水", "water"),
        ("滴水，能开机壳吗", "casing"),
        ("泄壓閥滴水", "valve"),
        ("今天天气", None),
        ("", None),
    ],
)
def test_the_topic_that_covers_most_of_the_question_answers_it(text: str, topic: str | None) -> None:
    assert matching.best(text, TOPICS) == topic


@given(st.text(max_size=200))
def test_any_text_finds_a_topic_or_none(text: str) -> None:
    assert matching.best(text, TOPICS) in {*TOPICS, None}


def test_what_is_named_inside_something_longer_is_not_named_itself() -> None:
    words = {"rod": re.compile("镁棒"), "part": re.compile("换镁棒"), "visit": re.compile("上门")}
    assert matching.named("上门换镁棒", words) == ["visit", "part"]


NEEDS = {
    "wall": matching.Need(re.compile("空心墙")),
    "socket": matching.Need(re.compile("没有?插座"), re.compile(r"(\d+)安"), at_least=16),
    "pressure": matching.Need(re.compile("水压低"), re.compile(r"(\d\.\d+)兆帕"), 0.1, 0.5),
}


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("实心墙，16安插座，0.3兆帕", []),
        ("空心墙没插座", ["wall", "socket"]),
        ("10安的", ["socket"]),
        ("0.8兆帕", ["pressure"]),
        ("0.05兆帕", ["pressure"]),
    ],
)
def test_what_an_installation_lacks_is_read_from_words_and_figures(text: str, missing: list[str]) -> None:
    assert matching.failed(text, NEEDS) == missing
