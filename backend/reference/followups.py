"""The follow-up after a case is done: whom we ask, when, how often, and what."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from backend.reference.base import Table, Text

Kind = Literal["install", "repair", "relocation", "complaint", "return"]
Count = Annotated[int, Field(gt=0)]


class Question(Text):
    """Something an agent asks after certain kinds of case; the answer is yes or no."""

    key: str = Field(pattern=r"^[a-z_]{1,24}$")
    kinds: frozenset[Kind] = Field(min_length=1)


class FollowUps(Table):
    """Whom we ask after a case, when, how often, and what."""

    file: ClassVar = "followups.yaml"
    kinds: frozenset[Kind]
    delay_minutes: int = Field(ge=0)
    by_text: bool
    answer_hours: Count
    quiet_minutes: int = Field(ge=0)
    words_hours: Count
    calls: int = Field(ge=0, le=5)
    call_again_minutes: Count
    spare_minutes: int = Field(ge=0)
    lease_minutes: Count
    undo_minutes: int = Field(ge=0, le=60)
    give_up_days: Count
    rest_days: int = Field(ge=0)
    look_back_days: Count
    questions: tuple[Question, ...]

    @model_validator(mode="after")
    def _each_once(self) -> FollowUps:
        keys = [each.key for each in self.questions]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise ValueError(f"questions: {', '.join(sorted(twice))} stands there twice")
        if not self.by_text and not self.calls:
            raise ValueError("ask by text, or give a number of calls: as it stands nobody would be asked")
        return self

    def questions_for(self, kind: str) -> tuple[Question, ...]:
        """What is asked after a kind of case."""
        return tuple(each for each in self.questions if kind in each.kinds)
