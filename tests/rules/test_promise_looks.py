"""How a promise looks on the screen: in time, near, overdue, kept late, standing still."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.console import rules
from backend.console.rules import Look, Pledge
from tests.browser.console_fixtures import (
    REFERENCE,
)
from tests.conftest import at


class TestHowAPromiseLooks:
    MADE, DUE = at("2026-11-24 10:00"), at("2026-11-24 11:00")

    @pytest.mark.parametrize(
        ("now", "look"),
        [("10:30", Look.OK), ("10:47", Look.OK), ("10:48", Look.NEAR), ("11:00", Look.NEAR), ("11:01", Look.OVERDUE)],
    )
    def test_a_fifth_before_its_end_it_is_near_and_after_it_overdue(self, now: str, look: Look) -> None:
        pledge = Pledge("reply", self.MADE, self.DUE)
        assert rules.see(pledge, calendar=REFERENCE.calendar, now=at(f"2026-11-24 {now}")).look is look

    def test_only_open_time_counts_as_left(self) -> None:
        pledge = Pledge("reply", at("2026-11-24 17:30"), at("2026-11-25 08:30"))
        seen = rules.see(pledge, calendar=REFERENCE.calendar, now=at("2026-11-24 20:00"))
        assert seen.left == timedelta(minutes=30)

    def test_kept_late_paused_and_undated_ones_say_so(self) -> None:
        looks = [
            rules.see(pledge, calendar=REFERENCE.calendar, now=at("2026-11-24 12:00")).look
            for pledge in (
                Pledge("reply", self.MADE, self.DUE, met_at=self.DUE),
                Pledge("reply", self.MADE, self.DUE, met_at=self.DUE + timedelta(seconds=1)),
                Pledge("reply", self.MADE, self.DUE, paused_at=self.MADE),
                Pledge("onsite", self.MADE, None),
            )
        ]
        assert looks == [Look.MET, Look.LATE, Look.PAUSED, Look.UNDATED]

    def test_the_longest_overdue_is_looked_at_first(self) -> None:
        now = at("2026-11-24 12:00")
        seen = [
            rules.see(Pledge(kind, self.MADE, due), calendar=REFERENCE.calendar, now=now)
            for kind, due in (
                ("onsite", at("2026-11-25 18:00")),
                ("opinion", at("2026-11-24 11:50")),
                ("reply", self.DUE),
            )
        ]
        first = rules.most_urgent(seen)
        assert first is not None
        assert first.pledge.kind == "reply"
        assert rules.most_urgent([]) is None
