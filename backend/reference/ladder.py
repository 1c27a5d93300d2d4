"""The ladder: who is told when something threatens a promise or a person, by which means, and who is next."""

from __future__ import annotations

import string
from typing import ClassVar, Literal, get_args

from pydantic import Field, model_validator

from backend.reference.base import Frozen, Language, Patterns, Table, Text

MeansName = Literal["console", "text", "email", "call"]
RungName = Literal["agent", "outlet", "general", "manager"]
TriggerName = Literal[
    "promise_half",
    "promise_near",
    "promise_missed",
    "repeat_contact",
    "manager_called",
    "danger",
    "angry_words",
    "low_grade",
]
TextName = Literal["danger", "danger_call", "notice", "notice_call", "bundle", "bundle_call"]


class Insist(Frozen):
    """How often a rung is told of danger, how many minutes apart by the wall clock, and by which means."""

    means: tuple[MeansName, ...] = Field(min_length=1)
    every_minutes: int = Field(gt=0)
    times: int = Field(gt=0, le=20)


class AtNight(Insist):
    """The same out of hours: whom besides the on-duty number, if at all."""

    whom: tuple[Literal["duty", "people"], ...] = Field(min_length=1)


class Rung(Frozen):
    """One rung of the ladder; without `night` it is passed over out of hours.

    `group` is the one of data/shifts.yaml whose shifts count.
    """

    rung: RungName
    who: Literal["shift", "roles", "outlet"]
    roles: tuple[str, ...] = ()
    group: str | None = None
    means: tuple[MeansName, ...] = Field(min_length=1)
    acknowledge_minutes: int = Field(gt=0)
    danger: Insist
    night: AtNight | None = None

    @model_validator(mode="after")
    def _says_who(self) -> Rung:
        if (self.who == "outlet") == bool(self.roles):
            raise ValueError("give `roles` to a rung of agents, and none to the outlet's")
        if (self.who == "shift") != (self.group is not None):
            raise ValueError("give a `group` of data/shifts.yaml to whoever is told on shift, and to nobody else")
        return self


class Bundle(Frozen):
    """How far apart texts and calls to one person are, danger apart, and how many things one of them names."""

    text_minutes: int = Field(ge=0)
    call_minutes: int = Field(ge=0)
    names: int = Field(gt=0, le=5)


class StaffText(Text):
    """What staff are told, with the places `{subject}`, `{reason}`, `{since}` and, of several things, `{count}`."""

    @model_validator(mode="after")
    def _uses_what_is_known(self) -> StaffText:
        for text in (self.zh, self.en):
            used = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
            if unknown := used - {"subject", "reason", "since", "count"}:
                raise ValueError(f"uses {', '.join(sorted(unknown))}, which nobody knows there")
        return self


class Escalations(Table):
    """Who is told when something threatens a promise or a person; the rungs in order, upwards."""

    file: ClassVar = "escalations.yaml"
    triggers: dict[TriggerName, RungName]
    promise_half_share: float = Field(gt=0, lt=1)
    half_spares_planned: bool = True
    promise_near_share: float = Field(gt=0, lt=1)
    repeat_from_contact: int = Field(gt=1)
    low_grade_at_most: int = Field(ge=1, le=4)
    look_back_days: int = Field(gt=0)
    rungs: tuple[Rung, ...]
    bundle: Bundle
    demo_duty_phone: str
    language: Language
    texts: dict[TextName, StaffText]
    angry_look_back_minutes: int = Field(gt=0)
    angry_words: Patterns

    @model_validator(mode="after")
    def _is_whole(self) -> Escalations:
        for name, given, wanted in (("triggers", self.triggers, TriggerName), ("texts", self.texts, TextName)):
            if missing := set(get_args(wanted)) - set(given):
                raise ValueError(f"{name} lacks {', '.join(sorted(missing))}")
        if tuple(each.rung for each in self.rungs) != get_args(RungName):
            raise ValueError(f"rungs go upwards, each once: {', '.join(get_args(RungName))}")
        if self.promise_half_share >= self.promise_near_share:
            raise ValueError("promise_half_share comes before promise_near_share")
        if not any(each.night for each in self.rungs):
            raise ValueError("somebody must hear of danger out of hours: give a rung `night`")
        return self
