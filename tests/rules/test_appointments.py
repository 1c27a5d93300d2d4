"""Windows of visits: open, free, in time, inside the promise first, and never more than the technicians can make."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import reference
from backend.appointments import offering, rules
from backend.appointments.rules import AGREED, MAY_BECOME, OPEN, Absence, Diary, Problem, Status, Team, Why
from backend.errors import Conflict, OutsideCalendar
from backend.kernel import working_time
from backend.kernel.window import Window
from backend.kernel.working_time import Calendar
from conftest import SHANGHAI, at
from rules.calendars import HOTLINE, calendars, instants

POLICY = offering.policy_of(reference.current())
SKILLS = frozenset({"repair", "install", "relocation"})
TEAM = Team(visits=2, skills=SKILLS)


def diary(
    now: str | datetime,
    taken: Mapping[Window, int] | None = None,
    team: Team = TEAM,
    calendar: Calendar = HOTLINE,
) -> Diary:
    return Diary(calendar, POLICY, team, taken or {}, at(now) if isinstance(now, str) else now)


def window(start: str, end: str) -> Window:
    return Window(at(start), at(f"{start[:10]} {end}"))


MORNING = window("2026-11-25 08:00", "12:00")
FIRST, SECOND = window("2026-11-25 08:00", "10:00"), window("2026-11-25 10:00", "12:00")
AFTERNOON = window("2026-11-25 13:00", "18:00")

teams = st.builds(Team, st.integers(0, 4), st.just(SKILLS), st.booleans())
days = st.dates(date(2026, 3, 1), date(2026, 3, 31))
some_windows = st.builds(
    lambda day, span: Window(*(datetime.combine(day, edge, SHANGHAI) for edge in span)),
    days,
    st.sampled_from([span for half in POLICY.half_days for span in ((half.start, half.end), *half.windows)]),
)
loads = st.dictionaries(some_windows, st.integers(1, 4), max_size=30)


# --- laws --------------------------------------------------------------------------------------------------------


@given(now=instants(), taken=loads, team=teams, calendar=calendars())
def test_what_is_offered_is_open_free_ahead_and_sorted(
    now: datetime, taken: dict[Window, int], team: Team, calendar: Calendar
) -> None:
    here = diary(now, taken, team, calendar)
    free = here.free()
    assert free == sorted(free)
    assert len(set(free)) == len(free)
    for each in free:
        hours = working_time.hours_of(calendar, working_time.local_day(calendar, each.start))
        assert hours is not None
        assert hours[0] <= each.start < hours[1]
        assert here.works(working_time.local_day(calendar, each.start))
        assert each.start >= here.earliest >= now + POLICY.lead
        assert each.end <= here.latest
        assert here.room(each) > 0
        assert rules.problem_with(here, each) is None


@given(now=instants(), taken=loads, team=teams, due=st.none() | instants())
def test_the_promise_comes_first(now: datetime, taken: dict[Window, int], team: Team, due: datetime | None) -> None:
    found = rules.offers(diary(now, taken, team), due)
    inside, later = found.windows[: found.inside], found.windows[found.inside :]
    assert list(inside) == sorted(inside)
    assert list(later) == sorted(later)
    assert all(due is not None and each.end <= due for each in inside)
    assert all(due is None or each.end > due for each in later)
    assert bool(found.windows) is (found.why in {Why.INSIDE, Why.UNDATED, Why.NONE_INSIDE, Why.PROMISE_OVER})


@given(now=instants(), team=teams, picks=st.lists(st.integers(0, 10_000), max_size=25))
def test_taking_a_window_takes_a_place_and_every_set_of_visits_can_be_made(
    now: datetime, team: Team, picks: list[int]
) -> None:
    taken: Counter[Window] = Counter()
    for pick in picks:
        here = diary(now, taken, team)
        free = here.free()[:6]
        if not free:
            break
        chosen = free[pick % len(free)]
        before = here.room(chosen)
        taken[chosen] += 1
        after = diary(now, taken, team)
        assert after.room(chosen) == before - 1
        assert set(after.free()) <= set(here.free())
    assert can_be_made(taken, team)


def can_be_made(taken: Mapping[Window, int], team: Team) -> bool:
    """Whether each visit finds a two-hour window of its own choice or half day, none of them overrun."""
    for day in {each.start.astimezone(SHANGHAI).date() for each in taken}:
        for half in POLICY.half_days:
            whole = Window(*(datetime.combine(day, edge, SHANGHAI) for edge in (half.start, half.end)))
            parts = [Window(*(datetime.combine(day, edge, SHANGHAI) for edge in span)) for span in half.windows]
            pinned = [taken.get(part, 0) for part in parts]
            if max(pinned) > team.visits or taken.get(whole, 0) > sum(team.visits - each for each in pinned):
                return False
    return True


@given(now=instants(), taken=loads, start=instants(), length=st.integers(0, 48 * 60))
def test_what_fits_a_wish_is_among_the_offers_and_does_not_overlap(
    now: datetime, taken: dict[Window, int], start: datetime, length: int
) -> None:
    free = diary(now, taken).free()
    end = start + timedelta(minutes=length)
    fitting = rules.fitting(free, start, end)
    assert set(fitting) <= set(free)
    assert fitting == sorted(fitting)
    for one, other in itertools.pairwise(fitting):
        assert one.end <= other.start
    for each in fitting:
        assert each.start < max(end, start + timedelta(seconds=1))
        assert each.end > start


@given(calendar=calendars(), start=some_windows, told=instants())
def test_a_reminder_lies_in_hours_before_the_visit_and_not_right_after_the_agreement(
    calendar: Calendar, start: Window, told: datetime
) -> None:
    planned = rules.reminders(calendar, POLICY, start, told)
    for due in (planned.evening_at, planned.soon_at):
        if due is not None:
            assert working_time.is_open(calendar, due)
            assert due < start.start
            assert due >= told + POLICY.rest
    if planned.evening_at is not None:
        assert working_time.local_day(calendar, planned.evening_at) < working_time.local_day(calendar, start.start)
        hours = working_time.hours_of(calendar, working_time.local_day(calendar, planned.evening_at))
        assert hours is not None
        assert planned.evening_at.astimezone(SHANGHAI).time() <= max(POLICY.evening, hours[0].time())
    if planned.soon_at is not None:
        assert start.start - planned.soon_at >= POLICY.soon_least
    assert planned.why_evening
    assert planned.why_soon


# --- windows -----------------------------------------------------------------------------------------------------


def test_a_day_has_half_days_and_two_hour_windows() -> None:
    spans = [(f"{w.start:%H}", f"{w.end:%H}") for w in diary("2026-11-24 10:05").windows(date(2026, 11, 25))]
    assert spans == [("08", "10"), ("08", "12"), ("10", "12"), ("13", "15"), ("13", "18"), ("15", "17")]


@pytest.mark.parametrize(
    ("day", "works", "works_daily"),
    [
        ("2026-02-14", True, True),  # a Saturday that is worked
        ("2026-02-16", False, True),  # the eve of Chinese New Year
        ("2026-02-23", False, True),
        ("2026-02-24", True, True),
        ("2026-10-07", False, True),
        ("2026-11-28", False, True),  # a Saturday
    ],
)
def test_an_outlet_works_on_working_days_or_daily(day: str, works: bool, works_daily: bool) -> None:
    assert bool(diary("2026-02-13 09:00").windows(date.fromisoformat(day))) is works
    daily = Team(2, SKILLS, daily=True)
    assert bool(diary("2026-02-13 09:00", team=daily).windows(date.fromisoformat(day))) is works_daily


def test_beyond_the_calendar_there_is_nothing_and_it_says_so() -> None:
    found = rules.offers(diary("2026-12-31 17:00"), None)
    assert (found.windows, found.why) == ((), Why.BEYOND_CALENDAR)
    with pytest.raises(OutsideCalendar):
        diary("2026-12-31 17:00").windows(date(2027, 1, 4))
    assert rules.problem_with(diary("2026-12-31 17:00"), window("2027-01-04 08:00", "12:00")) is Problem.TOO_FAR


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-11-24 08:00", "2026-11-24 10:00"),
        ("2026-11-24 08:01", "2026-11-24 13:00"),
        ("2026-11-24 13:00", "2026-11-24 15:00"),
        ("2026-11-24 15:59", "2026-11-25 08:00"),
        ("2026-11-24 22:00", "2026-11-25 10:00"),  # nobody hears of it before 08:00
        ("2026-11-27 17:00", "2026-11-30 08:00"),  # over a weekend
    ],
)
def test_the_lead_time_is_hotline_time(now: str, first: str) -> None:
    assert diary(now).free()[0].start == at(first)


def test_a_half_day_holds_what_its_two_hour_windows_hold() -> None:
    here = diary("2026-11-24 10:05", {MORNING: 1, FIRST: 1})
    assert (here.room(MORNING), here.room(FIRST), here.room(SECOND)) == (2, 1, 2)
    full = diary("2026-11-24 10:05", {MORNING: 2, FIRST: 2})
    assert (full.room(MORNING), full.room(FIRST), full.room(SECOND)) == (0, 0, 0)
    pinned = diary("2026-11-24 10:05", {FIRST: 2})
    assert (pinned.room(MORNING), pinned.room(FIRST), pinned.room(SECOND)) == (2, 0, 2)


def test_short_opening_hours_leave_the_windows_that_begin_in_them() -> None:
    short = replace(HOTLINE, exceptional_hours={date(2026, 11, 25): (time(10), time(14))})
    here = diary("2026-11-24 10:05", calendar=short)
    starts = [f"{each.start:%H:%M}" for each in here.windows(date(2026, 11, 25))]
    assert starts == ["10:00", "13:00", "13:00"]
    assert here.room(SECOND) == 2
    assert here.room(MORNING) == 0


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-25 08:00", "2026-11-25 12:00", [MORNING]),
        ("2026-11-25 13:00", "2026-11-25 18:00", [AFTERNOON]),
        ("2026-11-25 12:00", "2026-11-25 18:00", [AFTERNOON]),
        ("2026-11-25 15:00", "2026-11-25 15:30", [window("2026-11-25 15:00", "17:00")]),
        ("2026-11-25 09:00", "2026-11-25 09:30", [FIRST]),
        ("2026-11-25 00:00", "2026-11-26 00:00", [MORNING, AFTERNOON]),
        ("2026-11-25 15:00", "2026-11-25 18:00", [window("2026-11-25 15:00", "17:00")]),
        ("2026-11-25 17:20", "2026-11-25 17:50", [AFTERNOON]),
        ("2026-11-25 20:00", "2026-11-25 21:00", []),
        ("2026-11-28 08:00", "2026-11-28 12:00", []),
    ],
)
def test_a_wish_means_windows(start: str, end: str, expected: list[Window]) -> None:
    assert rules.fitting(diary("2026-11-24 10:05").free(), at(start), at(end)) == expected


def test_a_question_names_half_days_and_two_hour_windows_only_where_no_half_day_is_left() -> None:
    here = diary("2026-11-24 12:00")  # today's afternoon has begun to pass: only 15:00 is left of it
    named = rules.half_days_first(here, here.free(), 3)
    assert named == [window("2026-11-24 15:00", "17:00"), MORNING, AFTERNOON]


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (window("2026-11-24 08:00", "10:00"), Problem.PAST),
        (window("2026-11-24 10:00", "12:00"), Problem.PAST),
        (window("2026-11-25 08:00", "11:00"), Problem.CLOSED),
        (window("2026-11-28 08:00", "12:00"), Problem.CLOSED),
        (window("2026-12-10 08:00", "12:00"), Problem.TOO_FAR),
        (FIRST, Problem.FULL),
        (SECOND, None),
    ],
)
def test_why_a_window_cannot_be_had(wanted: Window, problem: Problem | None) -> None:
    assert rules.problem_with(diary("2026-11-24 10:05", {FIRST: 2}), wanted) is problem


def test_who_cannot_be_sent() -> None:
    visited = ("install", "repair")
    assert rules.cannot_visit("complaint", visited, TEAM) is Why.NO_VISIT
    assert rules.cannot_visit("repair", visited, None) is Why.NO_OUTLET
    assert rules.cannot_visit("install", visited, Team(2, frozenset({"repair"}))) is Why.NO_SKILL
    assert rules.cannot_visit("repair", visited, Team(0, SKILLS)) is Why.NO_TEAM
    assert rules.cannot_visit("repair", visited, TEAM) is None


# --- reminders ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "told", "evening", "soon"),
    [
        ("2026-11-25 13:00", "18:00", "2026-11-23 10:00", "2026-11-24 17:00", "2026-11-25 11:00"),
        ("2026-11-25 10:00", "12:00", "2026-11-23 10:00", "2026-11-24 17:00", "2026-11-25 08:00"),
        ("2026-11-25 08:00", "12:00", "2026-11-23 10:00", "2026-11-24 17:00", None),  # the evening's is enough
        ("2026-11-25 08:00", "12:00", "2026-11-24 13:00", "2026-11-24 17:00", None),
        ("2026-11-25 08:00", "12:00", "2026-11-24 13:01", None, None),  # just told
        ("2026-11-25 13:00", "18:00", "2026-11-24 21:00", None, "2026-11-25 11:00"),
        ("2026-11-25 15:00", "17:00", "2026-11-25 09:00", None, "2026-11-25 13:00"),
        ("2026-11-25 15:00", "17:00", "2026-11-25 09:01", None, None),
        # Chinese New Year 2026: nobody works from the 15th to the 23rd, the hotline is open
        ("2026-02-14 13:00", "18:00", "2026-02-12 10:00", "2026-02-13 17:00", "2026-02-14 11:00"),
        ("2026-02-24 08:00", "12:00", "2026-02-13 17:50", "2026-02-23 17:00", None),
        ("2026-02-24 13:00", "18:00", "2026-02-13 17:50", "2026-02-23 17:00", "2026-02-24 11:00"),
    ],
)
def test_a_visit_is_announced_the_evening_before_and_two_hours_before(
    start: str, end: str, told: str, evening: str | None, soon: str | None
) -> None:
    planned = rules.reminders(HOTLINE, POLICY, window(start, end), at(told))
    assert planned.evening_at == (at(evening) if evening else None)
    assert planned.soon_at == (at(soon) if soon else None)


def closed(*days: str, **hours: tuple[time, time]) -> Calendar:
    exceptions: dict[date, tuple[time, time] | None] = {date.fromisoformat(day): None for day in days}
    exceptions |= {date.fromisoformat(day.strip("_").replace("_", "-")): span for day, span in hours.items()}
    return replace(HOTLINE, exceptional_hours=exceptions)


def test_after_closed_days_the_last_open_evening_serves() -> None:
    calendar = closed("2026-02-17", "2026-02-18", "2026-02-19")
    planned = rules.reminders(calendar, POLICY, window("2026-02-20 13:00", "18:00"), at("2026-02-14 10:00"))
    assert planned.evening_at == at("2026-02-16 17:00")
    assert planned.why_evening == "the last open evening before"


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ((time(8), time(16)), "2026-11-24 15:00"),  # closes before five
        ((time(17, 30), time(18)), "2026-11-24 17:30"),  # opens after five
        ((time(8), time(18)), "2026-11-24 17:00"),
    ],
)
def test_the_evening_is_inside_hotline_hours(hours: tuple[time, time], expected: str) -> None:
    calendar = closed(_2026_11_24=hours)
    assert rules.reminders(calendar, POLICY, AFTERNOON, at("2026-11-20 10:00")).evening_at == at(expected)


def test_the_second_reminder_never_leaves_before_opening() -> None:
    late = closed(_2026_11_25=(time(9), time(18)))
    assert rules.reminders(late, POLICY, SECOND, at("2026-11-20 10:00")).soon_at == at("2026-11-25 09:00")
    later = closed(_2026_11_25=(time(9, 30), time(18)))
    assert rules.reminders(later, POLICY, SECOND, at("2026-11-20 10:00")).soon_at is None


# --- states ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new"), list(itertools.product(Status, Status)))
def test_only_the_steps_of_the_table_are_taken(old: Status, new: Status) -> None:
    if new in MAY_BECOME.get(old, frozenset()):
        rules.check_step(old, new)
        return
    with pytest.raises(Conflict):
        rules.check_step(old, new)


def test_what_is_over_stays_over_and_what_is_open_can_end() -> None:
    for status in set(Status) - OPEN:
        assert status not in MAY_BECOME
    for status in AGREED:
        assert {Status.DONE, Status.CANCELLED, Status.CUSTOMER_ABSENT, Status.MOVED, Status.LATE} == MAY_BECOME[status]


def test_absence_first_asks_then_waits() -> None:
    assert [rules.after_absence(times, 2) for times in (1, 2, 3)] == [Absence.OFFER_AGAIN, Absence.WAIT, Absence.WAIT]
