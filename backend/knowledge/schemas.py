"""Shapes of the knowledge API. What people write is cleaned and cut to its field's length, never refused for it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from backend.tickets.schemas import Bilingual, Line, Told, written


class QuestionIn(Told):
    """A question in the customer's words, with what is known beside it.

    `symptom` and `part` are classes of `data/lexicon` or the customer's words; `purchase_date` is an ISO day, month or
    year; `followed_by` is how many characters the bot will put behind the answer in the same message.
    """

    text: Annotated[str, BeforeValidator(lambda value: written(500)(value) or "")] = ""
    model: Line = None
    purchase_date: Line = None
    symptom: Annotated[str | None, BeforeValidator(written(200))] = None
    part: Line = None
    fault_code: Line = None
    channel: Literal["web", "sms", "voice"] = "web"
    followed_by: Annotated[int, Field(ge=0, le=200)] = 0


class AnswerOut(BaseModel):
    """An answer. `found` is false when nothing fits: then offer a person.

    `ask` is the question that would make it complete and `expects` what it asks for; `danger` is the kind of danger the
    question turns out to be about.
    """

    words: Bilingual
    found: bool = True
    ask: Bilingual | None = None
    expects: list[Literal["model", "purchase_date", "part"]] = []
    danger: str | None = None


class FirstAidOut(BaseModel):
    """First aid by telephone. `ask` is the question to go on with; `danger` the kind that must be reported at once."""

    words: Bilingual
    danger: str | None = None
    ask: Literal["leak_where", "code_symptom"] | None = None
    fault_class: str | None = None


class ReadinessIn(Told):
    """What the customer said about the place of installation."""

    text: Annotated[str, BeforeValidator(lambda value: written(500)(value) or "")]
    delivered: bool | None = None


class ReadinessOut(BaseModel):
    """What to prepare; no words when everything is there."""

    failed: list[str]
    words: Bilingual | None


class HoursOut(BaseModel):
    """Opening hours as words: told alone (`words`), and as part of another question (`here`)."""

    open: bool
    words: Bilingual
    here: Bilingual
