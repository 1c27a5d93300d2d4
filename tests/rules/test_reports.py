"""Periods, hours and cells of the reports."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.reports import rules
from backend.reports.rules import LONGEST, Cut, Period, Share, Span
from tests.conftest import SHANGHAI, at

FRIDAY = date(2026, 11, 27)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span.TODAY, "2026-11-27", "2026-11-27"),
        (Span.WEEK, "2026-11-23", "2026-11-27"),
        (Span.LAST_WEEK, "2026-11-16", "2026-11-22"),
        (Span.MONTH, "2026-10-29", "2026-11-27"),
    ],
)
def test_a_named_period_has_its_days(span: Span, first: str, last: str) -> None:
    found = rules.period(span, FRIDAY)
    assert (found.first.isoformat(), found.last.isoformat(), found.cut) == (first, last, None)


def test_days_chosen_the_wrong_way_round_are_turned() -> None:
    found = rules.period(Span.CHOSEN, FRIDAY, FRIDAY, date(2026, 11, 20))
    assert (found.first, found.last, found.cut) == (date(2026, 11, 20), FRIDAY, Cut.TURNED)


@given(first=DAYS, last=DAYS)
def test_no_period_is_longer_than_allowed_and_the_one_before_touches_it(first: date, last: date) -> None:
    found = rules.period(Span.CHOSEN, FRIDAY, first, last)
    assert 1 <= found.days <= LONGEST
    assert found.last == max(first, last)
    assert found.before.last + timedelta(days=1) == found.first
    assert found.before.days == found.days


@given(first=DAYS, days=st.integers(1, 40))
def test_the_hours_of_a_day_fill_its_period_without_gap_or_overlap(first: date, days: int) -> None:
    period = Period(Span.CHOSEN, first, first + timedelta(days=days - 1))
    stretches = sorted(each for hour in range(24) for each in rules.hours(period, SHANGHAI, hour=hour))
    assert (stretches[0][0], stretches[-1][1]) == period.bounds(SHANGHAI)
    assert all(before[1] == after[0] for before, after in itertools.pairwise(stretches))


def test_an_hour_of_utc_is_told_in_the_hotlines_zone() -> None:
    assert list(rules.by_local_hour([("2026-11-24 02", 3), ("2026-11-24 17", 1)], SHANGHAI)) == [(1, 10, 3), (2, 1, 1)]


def test_a_weekday_and_hour_name_one_stretch_a_week() -> None:
    period = rules.period(Span.CHOSEN, FRIDAY, date(2026, 11, 16), FRIDAY)
    found = list(rules.hours(period, SHANGHAI, hour=10, weekday=1))
    assert found == [(at(f"2026-11-{day} 10:00"), at(f"2026-11-{day} 11:00")) for day in (17, 24)]


@pytest.mark.parametrize(
    "evil",
    ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "\r\n=1", " =1", "＝1", "＠x", "\ufeff=1", "\u200b+1"],
)
def test_a_cell_that_a_program_takes_for_a_formula_is_quoted(evil: str) -> None:
    assert rules.cell(evil).startswith("'")


@given(st.text())
def test_no_cell_begins_like_a_formula(text: str) -> None:
    written = rules.cell(text)
    assert not written.lstrip().startswith(("=", "+", "-", "@"))


def test_a_share_of_nothing_is_unknown() -> None:
    assert Share(0, 0).percent is None
    assert Share(2, 3).percent == 66.7
