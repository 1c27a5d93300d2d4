"""How many agents are on shift: as `data/shifts.yaml` says, or another number with the same hours. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

from backend.kernel.shifts import Roster, Shift


def most(roster: Roster) -> int:
    """The most people who are on shift at once on any day."""
    return max((_at_once(day) for day in (*roster.week.values(), *roster.days.values())), default=0)


def staffed(roster: Roster, agents: int) -> Roster:
    """A roster with the same hours for another number of people: who is most is `agents`, the others in proportion.

    Nobody is named; a shift that had somebody keeps somebody.
    """
    share = agents / max(1, most(roster))
    return replace(
        roster,
        week={day: tuple(_scaled(shifts, share)) for day, shifts in roster.week.items()},
        days={day: tuple(_scaled(shifts, share)) for day, shifts in roster.days.items()},
    )


def _scaled(shifts: Iterable[Shift], share: float) -> Iterator[Shift]:
    for shift in shifts:
        people = math.ceil(round(shift.people * share, 6)) if shift.people else 0
        yield Shift(shift.start, shift.end, people)


def _at_once(shifts: Iterable[Shift]) -> int:
    running = tuple(shifts)
    return max((sum(each.people for each in running if each.start <= at.start < each.end) for at in running), default=0)
