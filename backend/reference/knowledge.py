"""What a good agent knows: fees, warranty, parts, use and care, faults, what an installation needs."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from backend.reference.base import NEVER, Frozen, Patterns, Table, Text

Fen = Annotated[int | None, Field(ge=0)]
TermName = Literal["whole_unit", "tank", "heating_element", "control_board", "leakage_plug", "magnesium_rod"]
TERM_NAMES: tuple[str, ...] = get_args(TermName)


class Topic(Text):
    """A question that many customers ask, how it is recognised and what is answered.

    Attributes:
        words: what it is recognised by, on the normal form of the text.
        safety: whether the answer is about safety: it then counts double where a question touches several topics.
        source: where the answer comes from.
    """

    words: Patterns
    safety: bool = False
    source: str = ""


class Fee(Text):
    """Something that may be charged. Fen, tax included; None: quoted before the visit, never guessed.

    `warranty`: whether nothing is charged for it while the warranty covers the fault.
    """

    words: Patterns
    fen: Fen
    warranty: bool = False


class Fees(Table):
    """What may be charged. `asks`: words that ask what is charged, whatever else a message is about."""

    file: ClassVar = "fees.yaml"
    outliving: ClassVar = ("asks",)
    asks: Patterns = NEVER
    currency: Literal["CNY"]
    fees: dict[str, Fee]
    topics: dict[str, Topic]
    texts: dict[Literal["quoted_first", "visit_code", "warranty_decides", "exclusions"], Text]


class ThreeGuarantees(Frozen):
    """Days after the sale in which the buyer may return or exchange, and when repairs turn into an exchange."""

    return_days: int = Field(gt=0)
    exchange_days: int = Field(gt=0)
    repairs_before_exchange: int = Field(gt=0)
    parts_wait_days: int = Field(gt=0)
    repaired_days: int = Field(gt=0)


class Terms(Frozen):
    """Months a part is covered; 0 for a consumable."""

    whole_unit: int = Field(ge=0)
    tank: int = Field(ge=0)
    heating_element: int = Field(ge=0)
    control_board: int = Field(ge=0)
    leakage_plug: int = Field(ge=0)
    magnesium_rod: int = Field(ge=0)


class Warranty(Table):
    """How long what is covered, and answers to common questions about it.

    `parts_of_symptoms` names the part behind a symptom that leaves no doubt; `brand_names` say nothing about a series.
    `asks`: words that ask whether something is covered; `inside` and `outside`: words that say it is, or is no more.
    A topic may use `{return_days}`, `{safe_life_years}` and the other numbers of this table by their names.
    """

    file: ClassVar = "warranty.yaml"
    outliving: ClassVar = ("asks", "inside", "outside")
    asks: Patterns = NEVER
    inside: Patterns = NEVER
    outside: Patterns = NEVER
    starts: Literal["invoice", "installation"]
    three_guarantees: ThreeGuarantees
    safe_life_years: int = Field(gt=0)
    rod_check_months: int = Field(gt=0)
    no_reason_days: int = Field(default=7, gt=0)
    refund_days: int = Field(default=7, gt=0)
    brand_names: Patterns
    repeated: Patterns
    parts_of_symptoms: dict[str, TermName]
    months: dict[str, Terms]
    topics: dict[str, Topic]

    @model_validator(mode="after")
    def _has_a_default(self) -> Warranty:
        if "default" not in self.months:
            raise ValueError("months.default is missing: it serves the series that are not listed")
        return self

    @model_validator(mode="after")
    def _topics_use_numbers_of_this_table(self) -> Warranty:
        for topic in self.topics.values():
            for text in (topic.zh, topic.en):
                used = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
                if unknown := used - set(self.numbers):
                    raise ValueError(f"a topic uses {', '.join(sorted(unknown))}, which is no number of this table")
        return self

    @property
    def numbers(self) -> Mapping[str, int]:
        """The numbers a topic may name."""
        numbers = {
            "safe_life_years": self.safe_life_years,
            "rod_check_years": self.rod_check_months // 12,
            "no_reason_days": self.no_reason_days,
            "refund_days": self.refund_days,
        }
        return {**self.three_guarantees.model_dump(), **numbers}


class Part(Text):
    """A part as customers call it.

    Attributes:
        term: which term of the warranty covers it; None for accessories that no term names.
        consumable: whether it wears out by design.
        fitted_by: who may fit it; a technician wherever the casing or the water and power supply is touched.
    """

    term: TermName | None
    consumable: bool = False
    fitted_by: Literal["technician", "customer"]
    fen: Fen


class Parts(Table):
    """Parts that can be ordered, by their class in `data/lexicon/parts.yaml`.

    `asks`: words that ask for a part to buy; `fits_it`: words that ask whether the customer may fit it.
    """

    file: ClassVar = "parts.yaml"
    outliving: ClassVar = ("asks", "fits_it")
    asks: Patterns = NEVER
    fits_it: Patterns = NEVER
    parts: dict[str, Part]
    topics: dict[str, Topic]


class HowTo(Table):
    """Answers about use and care."""

    file: ClassVar = "howto.yaml"
    topics: dict[str, Topic] = Field(min_length=25)


class Advice(Frozen):
    """What a fault means and what a layman may safely do about it, in one language."""

    meaning: str = Field(min_length=1)
    steps: tuple[str, ...] = Field(max_length=3)
    stop_if: str = ""


class Trouble(Frozen):
    """First aid for one class of symptom or fault code.

    Attributes:
        danger: kind of danger when the class itself is one: it is then reported, nothing is tried.
        urgent: goes before a want of comfort that is told with it: water where none belongs, a breaker that trips.
        words: what names it beyond the words of the lexicon, where those would take it for another class.
        ask: the question that decides what it is.
    """

    zh: Advice
    en: Advice
    danger: str | None = None
    words: Patterns = NEVER
    ask: Literal["leak_where"] | None = None
    urgent: bool = False

    @model_validator(mode="after")
    def _nothing_is_tried_in_danger(self) -> Trouble:
        if self.danger and (self.zh.steps or self.en.steps):
            raise ValueError("a class that is a danger has no steps: nobody tries anything there")
        if len(self.zh.steps) != len(self.en.steps):
            raise ValueError("give both languages the same steps")
        return self


class Diagnosis(Table):
    """First aid by telephone, by class of symptom and by class of fault code."""

    file: ClassVar = "diagnosis.yaml"
    symptoms: dict[str, Trouble]
    faults: dict[str, Trouble]
    unknown_code: Text
    maybe_danger: Text


class FaultCodes(Table):
    """What a fault code means, by model series. The same code means different things in different series."""

    file: ClassVar = "fault_codes.yaml"
    danger_classes: frozenset[str]
    codes: dict[str, dict[str, str]]


class Check(Text):
    """Something an installation needs. `fails` tells from the customer's words that it is missing.

    A `number` in the customer's words (its only group, in `unit`) fails outside `at_least` to `at_most`.
    """

    fails: Patterns
    number: Patterns | None = None
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None


class Install(Table):
    """What an installation needs."""

    file: ClassVar = "install.yaml"
    checks: dict[str, Check]
    none_of_it: Topic
    unsure: Topic


class Series(Frozen):
    """A model series: its letters on the label, its name, and patterns for what customers call it."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    code: str
    title: str
    names: Annotated[tuple[str, ...], BeforeValidator(lambda names: tuple(names or ()))]


class Models(Table):
    """The model series, as the bot's readers know them."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    file: ClassVar = "lexicon/models.yaml"
    series: tuple[Series, ...]
