"""What a customer is like: what they want and where, and how they will behave, all drawn before they come. Pure.

Each has dice of their own, so that another number of agents meets the very same people.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar, get_args

from backend.kernel.working_time import Calendar
from backend.reference.tables import Tier, Weekday
from backend.simulation import arrivals
from backend.simulation.arrivals import Curve
from backend.simulation.assumptions import Assumptions, Customers, Grade, Kind, Plan

FIRST_NUMBER = 19_900_000_000
STRANGERS = 50_000_000
VISITED = frozenset({"repair", "install", "relocation", "hazard"})
DANGERS = ("shock", "tingling", "smoke", "burning", "burst", "scald")
MODELS = ("DSZF-50", "DSZF-60", "DSZF-80")
MOST_CALLS = 8
K = TypeVar("K")


@dataclass(frozen=True)
class Person:
    """One customer and what they will do.

    Attributes:
        serial: counts customers from 1; also makes their telephone number.
        comes_at: their first message.
        by_text: whether they write by SMS; else on the web.
        chosen_after: how long after writing they want the call, or None when any time will do.
        answers: whether they pick up the first call, the second, …
        cancels_after, moves_after: after how long they think better of it, or None.
        patience: how long after a broken promise they press, or None when they never do.
        pace: how long calls with them last, as a multiple of the mean.
        chance: between 0 and 1, for what is decided about the case (settled on the call, a part missing).
        survey_after: how long after the text that asks how it was they answer, or None when they never do.
        says_why: whether they say why they are not content.
        declines_survey: whether they do not want to be asked by telephone.
        mood: between 0 (the worst) and 1, for the grade they give.
    """

    serial: int
    comes_at: datetime
    kind: Kind
    tier: Tier
    address: str
    language: str
    by_text: bool
    danger: str
    model: str
    chosen_after: timedelta | None
    answers: Sequence[bool]
    wrong_number: bool
    cancels_after: timedelta | None
    moves_after: timedelta | None
    asks_for_person: bool
    opts_out: bool
    patience: timedelta | None
    wants_weekend: bool
    absent: bool
    pace: float
    chance: float
    survey_after: timedelta | None
    says_why: bool
    declines_survey: bool
    mood: float

    @property
    def phone(self) -> str:
        """Their number in E.164."""
        return f"+86{FIRST_NUMBER + self.serial}"

    @property
    def told_phone(self) -> str:
        """The number they give at first: a stranger's, when they mistype it."""
        return f"+86{FIRST_NUMBER + STRANGERS + self.serial}" if self.wrong_number else self.phone

    def picks_up(self, attempt: int) -> bool:
        """Whether they answer the n-th call, counted from 1."""
        return self.answers[min(attempt, len(self.answers)) - 1]


def of_plan(plan: Plan, calendar: Calendar) -> list[Person]:
    """Everybody who will come, in order."""
    shape = plan.assumed.arrivals
    curve = Curve(shape.hours, {at: shape.weekdays[name] for at, name in enumerate(get_args(Weekday))}, shape.day_off)
    comings: list[datetime] = []
    for ahead in range(plan.days):
        day = plan.start + timedelta(days=ahead)
        comings += arrivals.of_day(curve, calendar, day, plan.customers, random.Random(f"{plan.seed}:day:{ahead}"))
    return [draw(serial, at, plan.assumed, plan.seed) for serial, at in enumerate(comings, start=1)]


def draw(serial: int, comes_at: datetime, assumed: Assumptions, seed: int) -> Person:
    """The customer of a serial number: the same seed always draws the same one."""
    dice, like = random.Random(f"{seed}:person:{serial}"), assumed.customers
    by_text = _happens(like.by_text, dice)
    kind: Kind = pick(like.kinds, dice)
    tier = pick(like.tiers, dice)
    has_case = kind != "question"
    return Person(
        serial=serial,
        comes_at=comes_at,
        kind=kind,
        tier=tier,
        address=f"{dice.choice(assumed.addresses[tier])}{serial}号",
        language="en" if _happens(like.english, dice) else "zh",
        by_text=by_text,
        danger=dice.choice(DANGERS),
        model=dice.choice(MODELS),
        chosen_after=_after(like.chooses_time, like.chosen_after_hours, dice),
        answers=tuple(_happens(like.answers, dice) for _ in range(MOST_CALLS)),
        wrong_number=_happens(like.wrong_number, dice) and not by_text,
        **_second_thoughts(like, dice, has_case=has_case and kind != "hazard"),
        asks_for_person=_happens(like.asks_for_person, dice),
        opts_out=_happens(like.opts_out, dice),
        patience=_after(like.chases, like.patience_hours, dice),
        wants_weekend=_happens(like.wants_weekend, dice) and kind != "hazard",
        absent=_happens(like.absent, dice),
        pace=min(4.0, max(0.3, dice.lognormvariate(-0.125, 0.5))),
        chance=dice.random(),
        survey_after=_after(like.answers_survey, like.survey_after_hours, dice),
        says_why=_happens(like.says_why, dice),
        declines_survey=_happens(like.declines_survey, dice),
        mood=dice.random(),
    )


def _second_thoughts(like: Customers, dice: random.Random, *, has_case: bool) -> dict[str, timedelta | None]:
    cancels = _after(like.cancels, like.second_thoughts_after_hours, dice)
    moves = _after(like.moves_call, like.second_thoughts_after_hours, dice)
    return {"cancels_after": cancels if has_case else None, "moves_after": moves if has_case else None}


def grade(weights: Mapping[Grade, float], mood: float) -> int:
    """The grade somebody in a mood between 0 and 1 gives: the better the mood, the higher, in these proportions."""
    left = mood * sum(weights.values())
    for given in sorted(weights):
        left -= weights[given]
        if left < 0:
            return int(given)
    return int(max(weights))


def pick(weights: Mapping[K, float], dice: random.Random) -> K:
    """One of several, by weight."""
    return dice.choices(list(weights), weights=list(weights.values()))[0]


def _happens(share: float, dice: random.Random) -> bool:
    return dice.random() < share


def _after(share: float, hours: tuple[float, float], dice: random.Random) -> timedelta | None:
    """A delay in whole seconds for a share of people; the dice fall the same way for the others."""
    delay = timedelta(seconds=round(dice.uniform(*hours) * 3600))
    return delay if _happens(share, dice) else None
