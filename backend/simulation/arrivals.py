"""When customers come: so many a day by weekday and holiday, spread over the hours of the day. Pure."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backend.kernel.working_time import Calendar

CHUNK = 500.0  # e^-500 is still a float


@dataclass(frozen=True)
class Curve:
    """The shape of arrivals: weights by hour, and a day's multiple of the average by weekday (Monday is 0)."""

    hours: Sequence[float]
    weekdays: Mapping[int, float]
    day_off: float


def factor(curve: Curve, calendar: Calendar, day: date) -> float:
    """A day's customers as a multiple of the average: a holiday has its own, a make-up day is like a Monday."""
    if day in calendar.holidays:
        return curve.day_off
    return curve.weekdays[0 if day in calendar.make_up_days else day.weekday()]


def of_day(curve: Curve, calendar: Calendar, day: date, average: float, dice: random.Random) -> list[datetime]:
    """The instants at which customers of one local day come, in order; their number is Poisson's."""
    mean = average * factor(curve, calendar, day)
    midnight = datetime.combine(day, time(), calendar.zone)
    hours = dice.choices(range(24), weights=curve.hours, k=poisson(mean, dice))
    return sorted(midnight + timedelta(hours=hour, seconds=dice.randrange(3600)) for hour in hours)


def poisson(mean: float, dice: random.Random) -> int:
    """How many of many independent people come, when `mean` do on average."""
    found = 0
    while mean > CHUNK:
        found += _knuth(CHUNK, dice)
        mean -= CHUNK
    return found + _knuth(mean, dice)


def _knuth(mean: float, dice: random.Random) -> int:
    limit, product, count = math.exp(-mean), dice.random(), 0
    while product > limit:
        product *= dice.random()
        count += 1
    return count
