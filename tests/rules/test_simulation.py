"""Who comes in a simulated month, what became of promises, and how figures become pictures: laws of the pure parts."""

from __future__ import annotations

import random
import signal
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import reference
from backend.errors import BadReference, Refused
from backend.kernel.shifts import Roster, Shift
from backend.kernel.window import Window
from backend.outbox.rules import OutboxKind, Status
from backend.outlets import service as outlets
from backend.reference.base import read_table
from backend.simulation import arrivals, assumptions, charts, checks, outcomes, people, staffing
from backend.simulation.agenda import Agenda
from backend.simulation.arrivals import Curve
from backend.simulation.assumptions import Assumptions
from backend.simulation.charts import Series
from backend.simulation.checks import Text
from backend.simulation.course import Course, says, until_interrupted
from backend.simulation.field import on_paper, preferred
from backend.simulation.outcomes import Fate, History, Outcome, Promised, Why
from backend.simulation.stage import Carried
from backend.tickets.rules import Words
from conftest import SHANGHAI, at
from rules.calendars import HOTLINE

ASSUMED = assumptions.current()
FLAT = Curve([1.0] * 24, dict.fromkeys(range(7), 1.0), 1.0)
PLAN = assumptions.plan(ASSUMED, agents=3, days=3, customers="50/day")
curves = st.builds(
    Curve,
    hours=st.lists(st.floats(0, 10), min_size=24, max_size=24).filter(lambda hours: sum(hours) > 0),
    weekdays=st.fixed_dictionaries({day: st.floats(0, 3) for day in range(7)}),
    day_off=st.floats(0, 3),
)


@given(curves, st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.floats(0, 300), st.integers())
def test_customers_of_a_day_come_in_order_on_that_day_at_hours_that_weigh(
    curve: Curve, day: date, average: float, seed: int
) -> None:
    found = arrivals.of_day(curve, HOTLINE, day, average, random.Random(seed))
    assert found == sorted(found)
    assert {each.date() for each in found} <= {day}
    assert all(curve.hours[each.hour] > 0 for each in found)
    assert found == arrivals.of_day(curve, HOTLINE, day, average, random.Random(seed))


@pytest.mark.parametrize("mean", [0.0, 3.0, 200.0, 1800.0])
def test_so_many_come_on_average(mean: float) -> None:
    drawn = [arrivals.poisson(mean, random.Random(seed)) for seed in range(300)]
    assert abs(sum(drawn) / 300 - mean) <= 4 * (mean / 300) ** 0.5


def test_a_holiday_and_a_make_up_day_have_a_load_of_their_own() -> None:
    curve = replace(FLAT, weekdays={0: 1.5, **dict.fromkeys(range(1, 7), 1.0)}, day_off=0.25)
    holiday, make_up, saturday = date(2026, 10, 7), date(2026, 10, 10), date(2026, 10, 17)
    assert [arrivals.factor(curve, HOTLINE, day) for day in (holiday, make_up, saturday)] == [0.25, 1.5, 1.0]


def test_the_same_seed_draws_the_same_people_and_another_one_others() -> None:
    assert people.of_plan(PLAN, HOTLINE) == people.of_plan(PLAN, HOTLINE)
    assert people.of_plan(replace(PLAN, seed=2), HOTLINE) != people.of_plan(PLAN, HOTLINE)


def test_another_number_of_agents_meets_the_very_same_people() -> None:
    assert people.of_plan(replace(PLAN, agents=9), HOTLINE) == people.of_plan(PLAN, HOTLINE)


def test_everybody_has_a_number_of_their_own_and_strangers_have_others() -> None:
    crowd = people.of_plan(PLAN, HOTLINE)
    own = {person.phone for person in crowd}
    assert len(own) == len(crowd)
    assert own.isdisjoint(person.told_phone for person in crowd if person.wrong_number)


def test_whoever_texts_cannot_mistype_their_number_and_danger_is_never_called_off() -> None:
    crowd = [people.draw(serial, at("2026-09-14 10:00"), ASSUMED, 1) for serial in range(1, 3000)]
    assert not any(person.by_text and person.wrong_number for person in crowd)
    in_danger = [person for person in crowd if person.kind == "hazard"]
    assert in_danger
    assert not any(person.cancels_after or person.wants_weekend for person in in_danger)


@pytest.mark.parametrize("tier", sorted(ASSUMED.addresses))
def test_assumed_addresses_lie_in_the_tier_they_stand_under(tier: str) -> None:
    for street in ASSUMED.addresses[tier]:  # type: ignore[index]
        placed = outlets.read(f"{street}7号", reference.current())
        assert placed is not None
        assert placed.tier is not None
        assert (placed.tier.tier.value, placed.outlet is not None) == (tier, True), street


@pytest.mark.parametrize(("text", "expected"), [("200/day", 200.0), (" 12.5 / day ", 12.5), ("7", 7.0)])
def test_customers_a_day_are_read(text: str, expected: float) -> None:
    assert assumptions.per_day(text) == expected


@pytest.mark.parametrize("text", ["", "0/day", "-3", "200/week", "many", "99999999"])
def test_what_is_no_number_of_customers_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        assumptions.per_day(text)


def test_numbers_of_agents_are_read_once_each_and_in_order() -> None:
    assert assumptions.several("4, 2,3,2") == [2, 3, 4]
    assert assumptions.several("") == []
    with pytest.raises(Refused):
        assumptions.several("2,few")


def test_assumptions_that_cannot_be_are_named(tmp_path) -> None:
    text = (reference.DATA / "simulation.yaml").read_text().replace("answers: 0.82", "answers: 82")
    (tmp_path / "simulation.yaml").write_text(text)
    with pytest.raises(BadReference, match=r"customers\.answers"):
        read_table(tmp_path, Assumptions)


@given(st.integers(1, 60))
def test_the_fullest_shift_has_as_many_people_as_asked_for_and_none_is_left_empty(agents: int) -> None:
    roster = Roster(
        SHANGHAI,
        {0: (Shift(time(8), time(12), 3, frozenset({"chen"})), Shift(time(12), time(13), 2)), 1: ()},
    )
    other = staffing.staffed(roster, agents)
    assert staffing.most(other) == agents
    assert all(1 <= each.people <= agents for day in other.week.values() for each in day)
    assert {(each.start, each.end) for each in other.week[0]} == {(each.start, each.end) for each in roster.week[0]}


WEEK = [Window(at(f"2026-09-{day} 10:00"), at(f"2026-09-{day} 12:00")) for day in range(23, 30)]  # Wed to Tue


def test_a_customer_takes_the_first_window_or_the_first_on_a_weekend() -> None:
    assert preferred(WEEK, HOTLINE, weekend=False) == WEEK[0]
    assert preferred(WEEK, HOTLINE, weekend=True) == WEEK[3]
    assert preferred(WEEK[:2], HOTLINE, weekend=True) is None


def test_visits_on_paper_are_made_on_working_days_and_not_more_than_so_many_at_once() -> None:
    holiday = WEEK[2]  # Mid-Autumn
    assert on_paper(WEEK, {WEEK[0].start: 2, WEEK[1].start: 1}, 2, HOTLINE) == WEEK[1]
    assert on_paper([holiday, *WEEK[5:]], {}, 2, HOTLINE) == WEEK[5]


def test_acts_are_taken_by_time_and_those_of_one_instant_in_the_order_they_were_noted() -> None:
    agenda, done = Agenda(), []
    first, second = at("2026-09-14 10:00"), at("2026-09-14 10:01")
    for when, name in ((second, "c"), (first, "a"), (first, "b")):
        agenda.add(when, lambda name=name: done.append(name))
    assert agenda.next_at() == first
    while (noted := agenda.take(second)) is not None:
        noted.act()
    assert done == ["a", "b", "c"]
    assert agenda.next_at() is None


DUE = at("2026-09-14 10:00")
REPLY = Promised("reply", "township", "fs-sd", DUE, None, None, is_paused=False, is_cancelled=False)
LATE = replace(REPLY, met_at=DUE + timedelta(hours=1), missed_at=DUE)
VISIT = replace(LATE, kind="onsite")
BEFORE, AFTER = DUE - timedelta(minutes=5), DUE + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("promised", "expected"),
    [
        (LATE, Outcome.MISSED),
        (replace(REPLY, met_at=BEFORE), Outcome.KEPT),
        (replace(REPLY, is_cancelled=True), Outcome.WITHDRAWN),
        (replace(REPLY, is_paused=True), Outcome.PAUSED),
        (replace(REPLY, due_at=None), Outcome.UNDATED),
        (REPLY, Outcome.OPEN),
    ],
)
def test_what_became_of_a_promise(promised: Promised, expected: Outcome) -> None:
    assert outcomes.outcome(promised) is expected


@pytest.mark.parametrize(
    ("promised", "history", "expected"),
    [
        (LATE, History(), Why.BUSY),
        (LATE, History(tries=[AFTER]), Why.BUSY),
        (LATE, History(tries=[BEFORE]), Why.NO_ANSWER),
        (LATE, History(tries=[BEFORE], wrong_number=True), Why.WRONG_NUMBER),
        (VISIT, History(), Why.NOT_ARRANGED),
        (VISIT, History(tries=[BEFORE], arranged_at=AFTER), Why.NO_ANSWER),
        (VISIT, History(tries=[BEFORE], arranged_at=BEFORE), Why.NO_TECHNICIAN),
        (VISIT, History(tries=[BEFORE], arranged_at=BEFORE, was_absent=True), Why.ABSENT),
    ],
)
def test_why_a_promise_was_missed(promised: Promised, history: History, expected: Why) -> None:
    assert outcomes.why_missed(promised, history) is expected


@given(st.lists(st.tuples(st.sampled_from(["reply", "onsite"]), st.sampled_from(list(Outcome)), st.integers(0, 900))))
def test_groups_count_every_promise_once(drawn: list[tuple[str, Outcome, int]]) -> None:
    fates = [
        Fate(replace(REPLY, kind=kind), outcome, timedelta(minutes=late) if outcome is Outcome.MISSED else None)
        for kind, outcome, late in drawn
    ]
    groups = outcomes.grouped(fates, "kind")
    assert sum(group.made for group in groups.values()) == len(fates)
    for group in groups.values():
        assert group.kept is None or 0 <= group.kept <= 1
        assert group.late_at(0) <= group.mean_late or not group.late
        assert group.mean_late <= group.late_at(1)


@given(st.floats(0, 1e6))
def test_the_axis_reaches_the_tallest_column_in_at_most_five_steps(most: float) -> None:
    top, step = charts.nice_top(most)
    assert top >= most
    assert round(top / step) <= 5


@given(st.lists(st.floats(0, 500), min_size=1, max_size=31), st.booleans())
def test_columns_stand_inside_the_picture(values: list[float], stacked: bool) -> None:
    labels = [Words(str(number), str(number)) for number in range(len(values))]
    series = [Series("a", Words("甲", "a"), values), Series("b", Words("乙", "b"), values[::-1])]
    chart = charts.columns(labels, series, stacked=stacked, line=Series("line", Words("线", "line"), values))
    for bar in chart.bars:
        assert chart.left <= bar.x
        assert bar.x + bar.width <= chart.width
        assert bar.y >= 0
        assert bar.y + bar.height <= chart.height


def text(kind: OutboxKind, status: Status = Status.SENT, answering: datetime | None = None, number: int = 1) -> Text:
    return Text(number, kind, status, "+8613800138000", "x", f"key{number}", 1, answering, at("2026-09-14 07:00"))


NIGHT, DAY = at("2026-09-14 20:00"), at("2026-09-14 12:00")


@pytest.mark.parametrize(
    ("sent", "when", "is_broken"),
    [
        (text(OutboxKind.REMINDER), DAY, False),
        (text(OutboxKind.REMINDER), NIGHT, True),
        (text(OutboxKind.REMINDER), at("2026-09-14 18:00"), True),
        (text(OutboxKind.SAFETY), NIGHT, False),
        (text(OutboxKind.REPLY, answering=NIGHT - timedelta(minutes=1)), NIGHT, False),
        (text(OutboxKind.REPLY, answering=NIGHT - timedelta(hours=3)), NIGHT, True),
        (text(OutboxKind.REPLY), NIGHT, True),
    ],
)
def test_a_text_outside_hours_is_found_out(sent: Text, when: datetime, is_broken: bool) -> None:
    found = list(checks.outside_hours({1: sent}, [Carried(when, "1.1")], HOTLINE))
    assert bool(found) is is_broken


def test_a_text_that_left_twice_is_found_out() -> None:
    once = [Carried(DAY, "1.1")]
    assert list(checks.doubles({1: text(OutboxKind.REMINDER)}, once)) == []
    assert list(checks.doubles({1: text(OutboxKind.REMINDER)}, [*once, Carried(DAY, "1.2")])) != []


@pytest.mark.parametrize(
    ("status", "carried", "is_lost"),
    [
        (Status.SENT, [Carried(DAY, "1.1")], False),
        (Status.SUPPRESSED, [], False),
        (Status.PENDING, [], True),
        (Status.UNKNOWN, [Carried(DAY, "1.1")], True),
        (Status.SENT, [], True),
        (Status.EXPIRED, [Carried(DAY, "1.1")], True),
    ],
)
def test_a_text_that_is_lost_or_told_wrongly_is_found_out(
    status: Status, carried: list[Carried], is_lost: bool
) -> None:
    assert bool(list(checks.lost({1: text(OutboxKind.NOTICE, status)}, carried, NIGHT))) is is_lost


@given(st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_a_better_mood_never_gives_a_lower_grade(one: float, other: float) -> None:
    assumed = ASSUMED.customers
    low, high = sorted((one, other))
    for weights in (assumed.grades, assumed.grades_let_down):
        assert 1 <= people.grade(weights, low) <= people.grade(weights, high) <= 5


def test_grades_come_in_the_assumed_proportions_and_are_worse_for_those_let_down() -> None:
    assumed = ASSUMED.customers
    moods = [number / 1000 for number in range(1000)]
    content, let_down = (
        [people.grade(weights, mood) for mood in moods] for weights in (assumed.grades, assumed.grades_let_down)
    )
    share = assumed.grades["5"] / sum(assumed.grades.values())
    assert content.count(5) / 1000 == pytest.approx(share, abs=0.002)
    assert sum(let_down) < sum(content)


def test_the_course_of_a_run_says_how_long_it_will_take() -> None:
    assert says(Course(3, 30, 612), 40.0) == "day 3 of 30 · 612 customers · 0:40 gone · about 6:00 left"
    assert says(Course(30, 30, 6000), 400.0) == "day 30 of 30 · 6000 customers · 6:40 gone"


def test_the_first_interruption_asks_to_stop_and_the_second_breaks_off() -> None:
    with until_interrupted() as stop:
        assert not stop()
        signal.raise_signal(signal.SIGINT)
        assert stop()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
