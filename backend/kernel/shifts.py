"""Who is on shift: how many people answer for a group, and who they are where the roster names them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Shift:
    """Some people from `start` until just before `end` of a day; `who` are the usernames of those it names."""

    start: time
    end: time
    people: int
    who: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Roster:
    """The shifts of one group, in the hotline's zone.

    Attributes:
        week: shifts by weekday (Monday is 0); a missing weekday has none.
        days: shifts of single days; they replace the weekday's.
    """

    zone: ZoneInfo
    week: Mapping[int, tuple[Shift, ...]]
    days: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)

    def of_day(self, day: date) -> tuple[Shift, ...]:
        """The shifts of a day."""
        return self.days.get(day, self.week.get(day.weekday(), ()))


@dataclass(frozen=True)
class Crew:
    """The people on shift at an instant: how many, and the usernames of those who are named."""

    people: int = 0
    who: frozenset[str] = frozenset()

    def may_include(self, username: str) -> bool:
        """Whether somebody may be one of them: they are named, or not everybody is."""
        return username in self.who or self.people > len(self.who)


def on_shift(roster: Roster, at: datetime) -> Crew:
    """Who is on shift at an instant. Shifts that overlap add up; somebody named in two is one person."""
    local = at.astimezone(roster.zone)
    running = [each for each in roster.of_day(local.date()) if each.start <= local.time() < each.end]
    who = frozenset[str]().union(*(each.who for each in running))
    unnamed = sum(each.people - len(each.who) for each in running)
    return Crew(unnamed + len(who), who)


def fewest(roster: Roster, start: datetime, end: datetime) -> int:
    """The smallest number of people on shift at any instant from `start` until just before `end`."""
    changes = {start}
    day, last = start.astimezone(roster.zone).date(), end.astimezone(roster.zone).date()
    while day <= last:
        for shift in roster.of_day(day):
            changes |= {datetime.combine(day, edge, roster.zone) for edge in (shift.start, shift.end)}
        day += timedelta(days=1)
    return min(on_shift(roster, at).people for at in changes if start <= at < end)
