"""How much of a promise's time has gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.tickets import promise_rules
from backend.tickets.rules import PromiseKind
from backend.tickets.share_rules import elapsed_share, share_reached_at
from conftest import at
from rules.test_promises import CALENDAR, POLICY, WHY, instants, pauses, promise_of

kinds = st.sampled_from(list(PromiseKind))
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("kind", "reported", "now", "share"),
    [
        (PromiseKind.REPLY, "2026-11-24 10:00", "2026-11-24 10:30", 0.5),
        (PromiseKind.REPLY, "2026-11-24 10:00", "2026-11-24 10:48", 0.8),
        (PromiseKind.REPLY, "2026-11-24 17:30", "2026-11-24 23:00", 0.5),  # the night takes nothing
        (PromiseKind.REPLY, "2026-11-24 17:30", "2026-11-25 09:30", 2.0),
        (PromiseKind.OPINION, "2026-11-24 20:00", "2026-11-25 08:00", 0.0),
        (PromiseKind.ONSITE, "2026-11-26 18:00", "2026-11-27 18:00", 0.5),  # the first of two working days
        (PromiseKind.ONSITE, "2026-11-26 18:00", "2026-11-29 12:00", 0.5),  # no weekend is used up
        (PromiseKind.QUALITY, "2026-11-24 18:00", "2026-11-26 18:00", 0.5),
        (PromiseKind.PARTS, "2026-11-24 18:00", "2026-11-26 06:00", 0.5),  # every hour of the day counts
    ],
)
def test_each_promise_uses_up_the_time_of_its_own_clock(
    kind: PromiseKind, reported: str, now: str, share: float
) -> None:
    assert elapsed_share(promise_of(kind, at(reported)), CALENDAR, at(now)) == pytest.approx(share)


def test_a_promise_that_stands_still_or_was_put_off_uses_nothing_up() -> None:
    promise = promise_of(PromiseKind.REPLY, at("2026-11-24 10:00"))
    paused = promise_rules.pause(promise, WHY, now=at("2026-11-24 10:30"))
    running = promise_rules.resume(paused, calendar=CALENDAR, now=at("2026-11-24 14:30"))
    assert elapsed_share(paused, CALENDAR, at("2026-11-24 14:00")) == pytest.approx(0.5)
    assert elapsed_share(running, CALENDAR, at("2026-11-24 14:30")) == pytest.approx(0.5)
    later = promise_rules.put_off(promise, at("2026-11-25 15:00"), WHY, calendar=CALENDAR)
    assert elapsed_share(later, CALENDAR, at("2026-11-25 14:00")) == 0
    assert elapsed_share(later, CALENDAR, at("2026-11-25 14:30")) == pytest.approx(0.5)


def test_without_a_date_nothing_is_used_up_and_beyond_the_calendar_it_is_over_at_the_deadline() -> None:
    undated = promise_of(PromiseKind.ONSITE, at("2026-12-31 10:00"))
    assert elapsed_share(undated, CALENDAR, at("2027-06-01 10:00")) == 0
    assert share_reached_at(undated, CALENDAR, 0.5) is None
    last = promise_rules.promised(
        PromiseKind.ONSITE, tier="central_city", calendar=CALENDAR, policy=POLICY, now=at("2026-12-30 10:00")
    )
    assert elapsed_share(last, CALENDAR, at("2027-01-04 10:00")) == 1


@given(now=instants, kind=kinds, one=pauses, other=pauses)
def test_the_share_never_falls_while_time_goes_on(
    now: datetime, kind: PromiseKind, one: timedelta, other: timedelta
) -> None:
    early, late = sorted((now + one, now + other))
    promise = promise_of(kind, now)
    assert 0 <= elapsed_share(promise, CALENDAR, early) <= elapsed_share(promise, CALENDAR, late)


@given(now=instants, kind=kinds)
def test_nothing_has_gone_when_it_is_given_and_all_at_the_deadline(now: datetime, kind: PromiseKind) -> None:
    promise = promise_of(kind, now)
    assert promise.due_at is not None
    assert elapsed_share(promise, CALENDAR, now) == pytest.approx(0)
    assert elapsed_share(promise, CALENDAR, promise.due_at) == pytest.approx(1)


@given(now=instants, kind=kinds, waited=pauses, paused=pauses)
def test_no_pause_uses_time_up(now: datetime, kind: PromiseKind, waited: timedelta, paused: timedelta) -> None:
    promise = promise_of(kind, now)
    stopped = promise_rules.pause(promise, WHY, now=now + waited)
    running = promise_rules.resume(stopped, calendar=CALENDAR, now=now + waited + paused)
    before = elapsed_share(promise, CALENDAR, now + waited)
    if promise.due_at is not None and now + waited <= promise.due_at and running.due_at is not None:
        assert elapsed_share(stopped, CALENDAR, now + waited + paused) == pytest.approx(before)
        if kind in (PromiseKind.REPLY, PromiseKind.OPINION):
            assert elapsed_share(running, CALENDAR, now + waited + paused) == pytest.approx(before, abs=1e-3)


@given(now=instants, kind=kinds, percent=st.integers(1, 100))
def test_a_share_is_reached_at_the_first_such_second(now: datetime, kind: PromiseKind, percent: int) -> None:
    promise, share = promise_of(kind, now), percent / 100
    reached = share_reached_at(promise, CALENDAR, share)
    assert reached is not None
    assert promise.due_at is not None
    assert now < reached <= promise.due_at
    assert elapsed_share(promise, CALENDAR, reached) >= share - 1e-9
    assert elapsed_share(promise, CALENDAR, reached - 2 * SECOND) < share
    assert share_reached_at(replace(promise, paused_at=now), CALENDAR, share) is None
