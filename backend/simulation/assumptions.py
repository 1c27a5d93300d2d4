"""What is assumed of customers, agents and technicians (`data/simulation.yaml`), and the plan of one run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import AfterValidator, Field

from backend.errors import Refused
from backend.reference.base import DATA, Frozen, Table, read_table
from backend.reference.tables import Tier, Weekday

Kind = Literal["repair", "install", "complaint", "relocation", "return", "hazard", "question"]
Grade = Literal["1", "2", "3", "4", "5"]
CaseKind = Literal["repair", "install", "complaint", "relocation", "return", "hazard"]

Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0)]
Minutes = Annotated[float, Field(gt=0)]


def _ordered(span: tuple[float, float]) -> tuple[float, float]:
    if not 0 <= span[0] <= span[1]:
        raise ValueError("give the smaller number first, and none below 0")
    return span


Span = Annotated[tuple[float, float], AfterValidator(_ordered)]


def _all_of(names: tuple[str, ...]) -> AfterValidator:
    def check(table: Mapping[str, float]) -> Mapping[str, float]:
        if missing := [name for name in names if name not in table]:
            raise ValueError(f"lacks {', '.join(missing)}")
        if not sum(table.values()):
            raise ValueError("at least one must be above 0")
        return table

    return AfterValidator(check)


class Arrivals(Frozen):
    """When customers come."""

    hours: Annotated[tuple[Weight, ...], Field(min_length=24, max_length=24)]
    weekdays: Annotated[dict[Weekday, Weight], _all_of(get_args(Weekday))]
    day_off: Weight


class Customers(Frozen):
    """What customers want and do."""

    kinds: Annotated[dict[Kind, Weight], _all_of(get_args(Kind))]
    tiers: Annotated[dict[Tier, Weight], _all_of(get_args(Tier))]
    by_text: Share
    english: Share
    chooses_time: Share
    chosen_after_hours: Span
    answers: Share
    wrong_number: Share
    moves_call: Share
    cancels: Share
    second_thoughts_after_hours: Span
    asks_for_person: Share
    opts_out: Share
    chases: Share
    patience_hours: Span
    answers_text: Share
    most_chases: int = Field(ge=0)
    wants_weekend: Share
    absent: Share
    answers_survey: Share
    survey_after_hours: Span
    says_why: Share
    declines_survey: Share
    grades: Annotated[dict[Grade, Weight], _all_of(get_args(Grade))]
    grades_let_down: Annotated[dict[Grade, Weight], _all_of(get_args(Grade))]


class Agents(Frozen):
    """How long things take agents."""

    call_minutes: Annotated[dict[CaseKind, Minutes], _all_of(get_args(CaseKind))]
    unanswered_minutes: Minutes
    wrong_number_minutes: Minutes
    wrap_up_minutes: float = Field(ge=0)
    chat_minutes: Minutes
    alarm_minutes: Minutes
    followup_minutes: Minutes
    settled_on_the_call: dict[CaseKind, Share]


class Technicians(Frozen):
    """How technicians work; `by_telephone` and below hold for outlets whose visits are agreed by telephone only."""

    visit_minutes: Span
    needs_part: Share
    part_days: Span
    by_telephone: int = Field(gt=0)
    window_minutes: int = Field(gt=0, le=600)
    lead_hours: float = Field(ge=0)


class Assumptions(Table):
    """All that is assumed."""

    file: ClassVar = "simulation.yaml"
    start: date
    days: int = Field(gt=0, le=366)
    customers_per_day: float = Field(gt=0)
    seed: int
    arrivals: Arrivals
    customers: Customers
    agents: Agents
    technicians: Technicians
    addresses: dict[Tier, Annotated[tuple[str, ...], Field(min_length=1)]]


@cache
def current() -> Assumptions:
    """The assumptions of this installation.

    Raises:
        BadReference: the file is missing or wrong; the message names the place and what to mend.
    """
    return read_table(DATA, Assumptions)


@dataclass(frozen=True)
class Plan:
    """One run: from which day, how long, how many customers a day on average, how many agents, which dice."""

    start: date
    days: int
    customers: float
    agents: int
    seed: int
    assumed: Assumptions


def plan(
    assumed: Assumptions,
    *,
    start: date | None = None,
    days: int | None = None,
    agents: int,
    customers: str = "",
    seed: int | None = None,
) -> Plan:
    """The plan as assumed, with what is given put in its place.

    Args:
        customers: "200/day" or "200".

    Raises:
        Refused: `customers` is no such number.
    """
    return Plan(
        start=start or assumed.start,
        days=days or assumed.days,
        customers=per_day(customers) if customers else assumed.customers_per_day,
        agents=agents,
        seed=assumed.seed if seed is None else seed,
        assumed=assumed,
    )


def per_day(text: str) -> float:
    """How many customers a day "200/day" or "200" means.

    Raises:
        Refused: it is no such number.
    """
    found = re.fullmatch(r"\s*([0-9]{1,5}(?:\.[0-9]{1,3})?)\s*(?:/\s*day)?\s*", text)
    if found is None or not 0 < float(found[1]) <= 20_000:
        raise Refused("Say how many customers a day, such as 200/day.", code="bad_customers")
    return float(found[1])


def several(text: str) -> list[int]:
    """The numbers of agents "2,3,4" means; none when nothing is given.

    Raises:
        Refused: it is no such list.
    """
    if not text.strip():
        return []
    if re.fullmatch(r"\s*[1-9][0-9]{0,2}(\s*,\s*[1-9][0-9]{0,2}){0,9}\s*", text) is None:
        raise Refused("Give the numbers of agents like this: 2,3,4.", code="bad_agents")
    return sorted({int(number) for number in text.split(",")})
