"""What a question tells about the appliance, and what is known beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from backend.kernel.working_time import local_day
from backend.knowledge import matching, rules
from backend.reference import Reference
from backend.reference.base import Text
from backend.reference.knowledge import Diagnosis
from backend.tickets.rules import Words
from bot.text import lexicon, model
from bot.text.purchase import purchase_date


@dataclass(frozen=True)
class Question:
    """What the customer asks and what is known; `now` is aware."""

    text: str
    channel: str
    now: datetime
    model: str | None = None
    purchase_date: str | None = None
    symptom: str | None = None
    part: str | None = None
    fault_code: str | None = None


def words_of(text: Text) -> Words:
    """A text of the data as words."""
    return Words(text.zh, text.en)


@dataclass(frozen=True)
class Told:
    """What a question tells about the appliance, its words before what was known."""

    series: str | None
    unit: Words
    bought: rules.Bought | None
    part: str | None
    symptom: str | None
    today: date


def read(question: Question, reference: Reference) -> Told:
    """Model, date, part and symptom of a question."""
    today, table = local_day(reference.calendar, question.now), reference.knowledge.diagnosis
    named_model = model.model(question.text)
    parts, told_date = lexicon.parts(question.text), purchase_date(question.text, question.now)
    told_model = (named_model.value if named_model else None) or question.model
    series = series_of_told(f"{question.text} {question.model or ''}", told_model, reference)
    return Told(
        series=series,
        unit=_unit(series, told_model, reference),
        bought=rules.bought(told_date.value if told_date else question.purchase_date, today),
        part=parts[0].value if parts else question.part,
        symptom=symptom_of(question.text, table) or symptom_of(question.symptom or "", table),
        today=today,
    )


def symptom_of(told: str, table: Diagnosis) -> str | None:
    """A class of symptom, told as such or in words; danger before everything else, what is urgent before a want of
    comfort, what needs no further question before what does ("漏水，泄压阀一直滴"), then what is said first."""
    if told in table.symptoms:
        return told
    found = [term.value for term in lexicon.symptoms(told) if term.value in table.symptoms]
    grave = [each for each in found if table.symptoms[each].danger]
    found = [each for each in found if table.symptoms[each].urgent] or found
    words = matching.plain(told)
    named = [name for name, each in table.symptoms.items() if each.words.search(words)]
    clear = [each for each in found if table.symptoms[each].ask is None]
    return next(iter(grave or named or clear or found), None)


def series_of_told(text: str, told: str | None, reference: Reference) -> str | None:
    """The series of a model that was told as such, or in words."""
    table, brand = reference.knowledge.models.series, reference.knowledge.warranty.brand_names
    codes = [series.code for series in table]
    names = {name: series.code for series in table for name in series.names if not brand.fullmatch(name)}
    return rules.series_of(told, codes, names) or rules.series_of(matching.plain(text), (), names)


def _unit(series: str | None, told: str | None, reference: Reference) -> Words:
    row = next((each for each in reference.knowledge.models.series if each.code == series), None)
    brand = reference.knowledge.warranty.brand_names
    name = next((each for each in row.names if not brand.fullmatch(each)), None) if row else None
    label = told if told and told.isascii() else None
    return Words(name or label or "这台", label or (f"the {series} series" if series else "this heater"))
