"""The ladder: a rung once, never downwards, nothing but danger out of hours, nothing after an acknowledgement."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import reference
from backend.escalations.policy import ladder_of
from backend.escalations.rules import (
    PROMISED,
    TAKES_THE_PLACE_OF,
    Cause,
    End,
    Insist,
    Ladder,
    Means,
    Person,
    Rung,
    RungRule,
    State,
    Stay,
    Tell,
    Trigger,
    is_over,
    is_provided_for,
    next_step,
    ways,
)
from backend.kernel import working_time
from conftest import at
from rules.calendars import HOTLINE, calendars, instants

LADDER = ladder_of(reference.load().escalations)
ORDER = list(Rung)


def told(state: State, step: Tell, now: datetime) -> State:
    return replace(state, rung=step.rung, times=step.times, waiting_since=now)


def climb(
    state: State, now: datetime, until: datetime, *, ladder: Ladder = LADDER, calendar: working_time.Calendar = HOTLINE
) -> list[tuple[datetime, Tell]]:
    """Everybody who is told while nobody acknowledges, looking exactly when the rules say so."""
    said = []
    for _ in range(500):
        step = next_step(state, ladder, calendar, now)
        if isinstance(step, Tell):
            said.append((now, step))
            state = told(state, step, now)
        if step.look_at is None or step.look_at > until:
            return said
        assert step.look_at > now
        now = step.look_at
    raise AssertionError("the ladder never ends")


def rungs(said: list[tuple[datetime, Tell]]) -> list[tuple[str, Rung]]:
    zone = HOTLINE.zone
    return [(f"{moment.astimezone(zone):%d %H:%M}", step.rung) for moment, step in said]


def test_by_day_each_rung_has_its_time_and_then_the_next_is_told() -> None:
    said = climb(State(Trigger.PROMISE_NEAR), at("2026-11-24 10:00"), at("2026-11-25 10:00"))
    assert rungs(said) == [
        ("24 10:00", Rung.AGENT),
        ("24 10:15", Rung.OUTLET),
        ("24 10:45", Rung.GENERAL),
        ("24 11:15", Rung.MANAGER),
    ]
    assert [step.reason for _, step in said] == ["raised", *["not_acknowledged"] * 3]


@pytest.mark.parametrize(
    ("raised", "first", "second"),
    [
        ("2026-11-24 17:59", "24 17:59", "25 08:14"),
        ("2026-11-24 18:00", "25 08:00", "25 08:15"),
        ("2026-11-24 07:59:59", "24 08:00", "24 08:15"),
        ("2026-11-24 08:00", "24 08:00", "24 08:15"),
        ("2026-02-16 20:00", "17 08:00", "17 08:15"),  # Chinese New Year: no working day, but the hotline is open
    ],
)
def test_out_of_hours_everything_but_danger_waits_for_the_opening(raised: str, first: str, second: str) -> None:
    now = at(raised)
    said = climb(State(Trigger.REPEAT_CONTACT), now, now + timedelta(hours=16))
    assert [moment for moment, _ in rungs(said)][:2] == [first, second]


def test_danger_at_night_rings_the_duty_number_then_the_next_and_everybody_first_thing_in_the_morning() -> None:
    said = climb(State(Trigger.DANGER), at("2026-11-24 22:00"), at("2026-11-25 20:00"))
    assert rungs(said) == [
        *[(f"24 22:{minute}", Rung.AGENT) for minute in ("00", "05", "10")],
        *[(f"24 22:{minute}", Rung.GENERAL) for minute in ("15", "20")],
        *[(f"24 22:{minute}", Rung.MANAGER) for minute in ("25", "35", "45")],
        ("25 08:00", Rung.MANAGER),
    ]
    assert all(step.at_night and Means.CALL in step.means for moment, step in said[:-1])
    assert not said[-1][1].at_night
    assert said[-1][1].reason == "morning"


def test_danger_that_nobody_acknowledged_before_closing_goes_on_through_the_evening() -> None:
    said = climb(State(Trigger.DANGER), at("2026-11-24 17:58"), at("2026-11-24 18:30"))
    assert rungs(said)[:3] == [("24 17:58", Rung.AGENT), ("24 18:01", Rung.AGENT), ("24 18:06", Rung.AGENT)]
    assert [step.at_night for _, step in said[:3]] == [False, True, True]


def test_danger_beyond_the_calendar_is_told_as_at_night_and_the_rest_waits() -> None:
    beyond = at("2028-01-05 10:00")
    step = next_step(State(Trigger.DANGER), LADDER, HOTLINE, beyond)
    assert isinstance(step, Tell)
    assert step.at_night
    assert next_step(State(Trigger.MANAGER_CALLED), LADDER, HOTLINE, beyond) == Stay(
        beyond + timedelta(hours=1), "outside_calendar"
    )


def test_a_rung_at_which_nobody_can_be_told_is_passed_over() -> None:
    state = State(Trigger.PROMISE_NEAR, by_day=frozenset({Rung.AGENT, Rung.MANAGER}))
    said = climb(state, at("2026-11-24 10:00"), at("2026-11-24 18:00"))
    assert [step.rung for _, step in said] == [Rung.AGENT, Rung.MANAGER]


def test_danger_at_night_with_nobody_to_tell_is_told_at_the_opening() -> None:
    step = next_step(State(Trigger.DANGER, by_night=frozenset()), LADDER, HOTLINE, at("2026-11-24 22:00"))
    assert step == Stay(at("2026-11-25 08:00"), "nobody_at_night")


def test_a_graver_one_begins_no_lower_than_the_lesser_one_stood() -> None:
    step = next_step(State(Trigger.PROMISE_NEAR, floor=Rung.OUTLET), LADDER, HOTLINE, at("2026-11-24 10:00"))
    assert isinstance(step, Tell)
    assert step.rung is Rung.OUTLET


def ladders() -> st.SearchStrategy[Ladder]:
    minutes = st.integers(1, 90).map(lambda each: timedelta(minutes=each))
    means = st.lists(st.sampled_from(list(Means)), min_size=1, max_size=4, unique=True).map(tuple)
    insist = st.builds(Insist, means, minutes, st.integers(1, 4))
    rules = st.tuples(
        *(st.builds(RungRule, st.just(rung), means, minutes, insist, insist | st.none()) for rung in Rung)
    )
    first = st.fixed_dictionaries({trigger: st.sampled_from(ORDER) for trigger in Trigger})
    return st.builds(Ladder, rules, first)


def states() -> st.SearchStrategy[State]:
    some = st.frozensets(st.sampled_from(ORDER))
    floor = st.none() | st.sampled_from(ORDER)
    return st.builds(State, st.sampled_from(list(Trigger)), floor=floor, by_day=some, by_night=some)


@given(states(), ladders(), calendars(), instants())
def test_a_rung_is_reached_once_and_never_downwards(
    state: State, ladder: Ladder, calendar: working_time.Calendar, now: datetime
) -> None:
    said = climb(state, now, now + timedelta(days=4), ladder=ladder, calendar=calendar)
    places = [ORDER.index(step.rung) for _, step in said]
    assert places == sorted(places)
    reached = [step.rung for _, step in said if step.times == 1]
    assert len(reached) == len(set(reached))
    assert set(reached) == {step.rung for _, step in said}
    if state.floor and said:
        assert places[0] >= ORDER.index(state.floor)


@given(states(), ladders(), calendars(), instants())
def test_nothing_but_danger_leaves_in_closed_time(
    state: State, ladder: Ladder, calendar: working_time.Calendar, now: datetime
) -> None:
    for moment, step in climb(state, now, now + timedelta(days=4), ladder=ladder, calendar=calendar):
        is_open = working_time.is_open(calendar, moment)
        assert step.at_night is not is_open
        assert is_open or state.trigger is Trigger.DANGER


@given(states(), ladders(), calendars(), instants(), st.booleans())
def test_what_is_acknowledged_or_over_never_climbs_by_itself(
    state: State, ladder: Ladder, calendar: working_time.Calendar, now: datetime, over: bool
) -> None:
    for _, step in climb(state, now, now + timedelta(days=1), ladder=ladder, calendar=calendar):
        state = told(state, step, now)
        ended = replace(state, acknowledged=not over, over=over)
        for later in (timedelta(), timedelta(minutes=7), timedelta(days=3)):
            step_now = next_step(ended, ladder, calendar, now + later)
            assert step_now == Stay(None, "over" if over else "acknowledged")


@given(states(), ladders(), calendars(), instants(), instants())
def test_looking_early_or_late_tells_nobody_twice(
    state: State, ladder: Ladder, calendar: working_time.Calendar, now: datetime, other: datetime
) -> None:
    """Whenever somebody looks, a rung that was told within its time is left in peace."""
    step = next_step(state, ladder, calendar, now)
    if isinstance(step, Tell):
        assert next_step(told(state, step, now), ladder, calendar, now) == Stay(
            _deadline(step, now, calendar, ladder), "time_to_acknowledge"
        )
    late = max(now, other)
    assert next_step(state, ladder, calendar, late) == next_step(state, ladder, calendar, late)


def _deadline(step: Tell, now: datetime, calendar: working_time.Calendar, ladder: Ladder) -> datetime:
    rule = next(rule for rule in ladder.rungs if rule.rung is step.rung)
    if step.at_night and rule.night:
        return now + rule.night.every
    return step.look_at


DUE = at("2026-11-24 11:05")


@pytest.mark.parametrize(
    ("trigger", "cause", "end"),
    [
        (Trigger.PROMISE_NEAR, Cause(due_at=DUE), None),
        (Trigger.PROMISE_NEAR, Cause(due_at=DUE, met_at=DUE), End.PROMISE_MET),
        (Trigger.PROMISE_NEAR, Cause(due_at=DUE + timedelta(hours=1)), End.PUT_OFF),
        (Trigger.PROMISE_NEAR, Cause(due_at=DUE, paused=True), End.PUT_OFF),
        (Trigger.PROMISE_MISSED, Cause(due_at=DUE, paused=True), None),
        (Trigger.DANGER, Cause(), None),
        (Trigger.DANGER, Cause(gone=True), End.GONE),
        (Trigger.DANGER, Cause(ticket_closed=True), End.TICKET_CLOSED),
        (Trigger.MANAGER_CALLED, Cause(answered=True), End.ANSWERED),
        (Trigger.ANGRY_WORDS, Cause(answered=True), End.ANSWERED),
        (Trigger.REPEAT_CONTACT, Cause(), None),
        (Trigger.LOW_GRADE, Cause(), None),
        (Trigger.LOW_GRADE, Cause(ticket_closed=True), None),
        (Trigger.LOW_GRADE, Cause(gone=True), End.GONE),
    ],
)
def test_an_escalation_is_over_when_its_cause_is_gone(trigger: Trigger, cause: Cause, end: End | None) -> None:
    assert is_over(trigger, DUE, cause) is end


def test_only_what_is_about_the_same_promise_or_ticket_takes_the_place_of_a_lesser_one() -> None:
    for graver, lesser in TAKES_THE_PLACE_OF.items():
        assert graver not in lesser
        assert (graver in PROMISED) is (lesser <= set(PROMISED))
    assert Trigger.DANGER not in set().union(*TAKES_THE_PLACE_OF.values())


def test_a_person_is_told_by_the_means_they_can_be_reached_by() -> None:
    everything = tuple(Means)
    landline = Person("outlet:x", "网点", phone="+8675788880004")
    assert ways(landline, everything) == (Means.CALL,)
    assert ways(Person("agent:1", "陈", at_console=True), everything) == (Means.CONSOLE,)
    mobile = Person("agent:1", "陈", at_console=True, phone="+8613800138000", has_mobile=True, email="a@example.org")
    assert ways(mobile, (Means.CALL, Means.TEXT)) == (Means.CALL, Means.TEXT)


def test_what_is_booked_in_time_provides_for_a_promise() -> None:
    due, now = at("2026-11-24 11:05"), at("2026-11-24 10:35")
    assert is_provided_for(due, at("2026-11-24 11:00"), now)
    assert is_provided_for(due, due, now)
    assert not is_provided_for(due, at("2026-11-24 11:30"), now)
    assert not is_provided_for(due, at("2026-11-24 10:30"), now)
    assert not is_provided_for(due, None, now)
