"""Answers to customers' questions: gather what is told and known, let the rules decide, put the sentences together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backend.kernel.working_time import local_day
from backend.knowledge import hours, matching, rules, wording
from backend.knowledge.rules import Cover, Verdict
from backend.reference import Reference
from backend.reference.base import Text
from backend.reference.knowledge import Diagnosis, Part
from backend.tickets.rules import Words
from bot.text import lexicon, model
from bot.text.purchase import purchase_date

CALL_ME = Words("要细问，说“给我回电话”。", 'For details say "call me back".')


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


@dataclass(frozen=True)
class Answer:
    """What to say. `missing` would make it complete, `ask` asks for it."""

    words: Words
    is_found: bool = True
    ask: Words | None = None
    missing: tuple[str, ...] = ()
    danger: str | None = None


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
    series = _series(f"{question.text} {question.model or ''}", told_model, reference)
    return Told(
        series=series,
        unit=_unit(series, told_model, reference),
        bought=rules.bought(told_date.value if told_date else question.purchase_date, today),
        part=parts[0].value if parts else question.part,
        symptom=_symptom(question.text, table) or _symptom(question.symptom or "", table),
        today=today,
    )


def _symptom(told: str, table: Diagnosis) -> str | None:
    """A class of symptom, told as such or in words; danger before everything else, what is urgent before a want of
    comfort, what needs no further question before what does ("漏水，泄压阀一直滴"), then what is said first."""
    if told in table.symptoms:
        return told
    found = [term.value for term in lexicon.symptoms(told) if term.value in table.symptoms]
    grave = [each for each in found if table.symptoms[each].danger]
    found = [each for each in found if table.symptoms[each].urgent] or found
    clear = [each for each in found if table.symptoms[each].ask is None]
    return next(iter(grave or clear or found), None)


def _series(text: str, told: str | None, reference: Reference) -> str | None:
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


# --- warranty


def answer_warranty(question: Question, reference: Reference) -> Answer:
    """Whether it is covered, with the reason; else the rule, and what would settle it."""
    table = reference.knowledge.warranty
    told = read(question, reference)
    topic = matching.best(question.text, table.topics)
    verdict = verdict_of(told, question, reference)

    sentences: list[Words] = []
    if topic:
        found = table.topics[topic]
        sentences.append(Words(found.zh.format_map(table.numbers), found.en.format_map(table.numbers)))
    if not topic or told.bought:
        sentences += _verdict_sentences(verdict, told, reference)
    is_open_question = not topic and bool(verdict.missing)
    ask = _ask(verdict.missing) if is_open_question else None
    return Answer(wording.said(sentences, question.channel), ask=ask, missing=verdict.missing if ask else ())


def verdict_of(told: Told, question: Question, reference: Reference) -> Verdict:
    """The warranty verdict on what a question is about."""
    table = reference.knowledge.warranty
    term = rules.term_of(_months(_term_name(told, reference), reference), told.series)
    repairs = table.three_guarantees.repairs_before_exchange if _is_repeated(question.text, reference) else 0
    return rules.warranty_verdict(told.bought, term, _guarantees(reference), today=told.today, repairs=repairs)


def explained_verdict(question: Question, reference: Reference) -> tuple[Cover, Words]:
    """The warranty verdict on an appliance as it stands in a ticket, with its reason."""
    told = read(question, reference)
    verdict = verdict_of(told, question, reference)
    return verdict.cover, wording.said(_verdict_sentences(verdict, told, reference), question.channel)


def _term_name(told: Told, reference: Reference) -> str:
    part = reference.knowledge.parts.parts.get(told.part or "")
    behind = reference.knowledge.warranty.parts_of_symptoms.get(told.symptom or "")
    return (part.term if part else behind) or "whole_unit"


def _months(name: str, reference: Reference) -> dict[str, int]:
    return {series: getattr(terms, name) for series, terms in reference.knowledge.warranty.months.items()}


def _guarantees(reference: Reference) -> rules.Guarantees:
    table = reference.knowledge.warranty
    numbers = table.three_guarantees
    return rules.Guarantees(
        numbers.return_days, numbers.exchange_days, numbers.repairs_before_exchange, table.safe_life_years
    )


def _is_repeated(text: str, reference: Reference) -> bool:
    return bool(reference.knowledge.warranty.repeated.search(matching.plain(text)))


def _subject(name: str, told: Told, reference: Reference) -> Words:
    part = reference.knowledge.parts.parts.get(told.part or "") or reference.knowledge.parts.parts.get(name)
    return words_of(part) if part and name != "whole_unit" else Words("整机", "whole unit")


def _verdict_sentences(verdict: Verdict, told: Told, reference: Reference) -> list[Words]:
    name = _term_name(told, reference)
    sentences = wording.warranty(
        verdict,
        unit=told.unit,
        subject=_subject(name, told, reference),
        today=told.today,
        starts=reference.knowledge.warranty.starts,
    )
    tank = rules.term_of(_months("tank", reference), told.series)
    if name == "whole_unit" and verdict.cover is Cover.UNKNOWN:
        unit = Words("", told.unit.en)
        sentences += wording.warranty(
            rules.warranty_verdict(None, tank, _guarantees(reference), today=told.today),
            unit=unit,
            subject=Words("内胆", "tank"),
            today=told.today,
            starts=reference.knowledge.warranty.starts,
        )
    if name == "whole_unit" and verdict.cover is Cover.EXPIRED and tank.is_known:
        beside = rules.warranty_verdict(told.bought, tank, _guarantees(reference), today=told.today)
        if beside.cover is Cover.COVERED:
            sentences.insert(1, wording.still_covered(Words("内胆", "tank"), tank.longest))
    if verdict.cover is Cover.CONSUMABLE and name == "magnesium_rod":
        sentences.append(wording.rod_check(reference.knowledge.warranty.rod_check_months))
    return sentences


def _ask(missing: Sequence[str]) -> Words:
    return wording.ASK["both" if len(missing) > 1 else missing[0]]


# --- fees


def answer_fee(question: Question, reference: Reference) -> Answer:
    """What is charged: the amount where the data has one, else that it is quoted first; free only by the warranty."""
    table = reference.knowledge.fees
    topic = matching.best(question.text, table.topics)
    if topic:
        return Answer(wording.said([words_of(table.topics[topic])], question.channel))
    meant = matching.named(question.text, {name: fee.words for name, fee in table.fees.items()})
    asked = (meant or [name for name, fee in table.fees.items() if fee.warranty])[:3]
    by_warranty = [name for name in asked if table.fees[name].warranty]
    told = read(question, reference)
    verdict = verdict_of(told, question, reference)
    is_free = bool(by_warranty) and verdict.cover is Cover.COVERED

    sentences: list[Words] = []
    if is_free:
        names = wording.listed([words_of(table.fees[name]) for name in by_warranty])
        sentences += [wording.free_of_charge(names, verdict), words_of(table.texts["exclusions"])]
    charged = [_charge(name, told, reference) for name in asked if not (is_free and name in by_warranty)]
    sentences += [wording.price(name, fen) for name, fen in charged if fen is not None]
    if open_ones := [name for name, fen in charged if fen is None]:
        sentences.append(wording.depends(wording.listed(open_ones), words_of(table.texts["quoted_first"])))
    if by_warranty and verdict.cover in (Cover.UNKNOWN, Cover.UNSURE):
        sentences.append(words_of(table.texts["warranty_decides"]))
    sentences.append(words_of(table.texts["visit_code"]))
    return Answer(wording.said(sentences, question.channel))


def _charge(name: str, told: Told, reference: Reference) -> tuple[Words, int | None]:
    """A fee and its amount; where a part is named, that part."""
    fee, part = reference.knowledge.fees.fees[name], reference.knowledge.parts.parts.get(told.part or "")
    return (words_of(part), part.fen) if name == "part" and part else (words_of(fee), fee.fen)


# --- hours


def answer_hours(question: Question, reference: Reference) -> Answer:
    """Whether it is open now, when next, and the hours of the day that is asked about."""
    calendar, festivals = reference.calendar, reference.knowledge.festivals
    today, text = local_day(calendar, question.now), matching.plain(question.text)
    festival = next((each for each in festivals.festivals if each.words.search(text)), None)
    days = asked_days(question, reference, today, festival.days if festival else ())
    openings = [rules.opening_of(calendar, day, question.now) for day in days]
    ahead = [day for day in rules.exceptions_ahead(calendar, question.now) if day not in days]

    if days:
        name = words_of(festival.name) if festival else None
        sentences = hours.days_hours(openings, today, question.channel, name)
    elif festival:
        sentences = [hours.TO_BE_CONFIRMED]
    else:
        opening = rules.opening_of(calendar, today, question.now)
        usual = hours.usual_hours(calendar, question.channel)
        sentences = [usual, hours.now_words(opening, calendar, question.now, question.channel)]
        other = [rules.opening_of(calendar, day, question.now) for day in ahead]
        sentences += hours.days_hours(other, today, question.channel)
    if festivals.visits.search(text):
        sentences.append(hours.VISITS)
    elif question.channel != "voice":
        sentences.append(hours.ANY_TIME)
    return Answer(wording.said(sentences, question.channel))


def answer_visit(question: Question, reference: Reference) -> Answer:
    """How soon somebody comes, as the promises stand: for whoever has no ticket yet."""
    table = reference.promises
    city = table.onsite_working_days["central_city"]
    outside = max(table.onsite_working_days.values())
    return Answer(hours.how_soon(table.reply_minutes, city, outside, question.channel))


def asked_days(question: Question, reference: Reference, today: date, festival: Sequence[date]) -> list[date]:
    """The days a question about hours names: a festival's next, the coming weekend, or a day in its words."""
    if festival:
        found = rules.next_of(festival, today)
        return [found] if found else []
    if reference.knowledge.festivals.weekend.search(matching.plain(question.text)):
        return rules.coming_weekend(today)
    found = rules.named_day(matching.plain(question.text), question.now, reference.calendar.zone)
    return [found] if found and found != today else []


def opening_words(reference: Reference, channel: str, now: datetime) -> tuple[bool, Words, Words]:
    """Whether the hotline is open, its usual hours, and the same as part of another question."""
    is_open = rules.opening_of(reference.calendar, local_day(reference.calendar, now), now).is_open_now
    return is_open, hours.usual_hours(reference.calendar, channel), hours.here(reference.calendar, channel)


# --- parts


def answer_parts(question: Question, reference: Reference) -> Answer:
    """How a part is got: by model, its price, whether the warranty pays, who fits it."""
    table = reference.knowledge.parts
    topic = matching.best(question.text, table.topics)
    told = read(question, reference)
    part = table.parts.get(told.part or "")
    if topic:
        return Answer(wording.said([words_of(table.topics[topic])], question.channel))
    if part is None:
        return Answer(wording.said(wording.any_part(), question.channel), ask=wording.ASK["part"], missing=("part",))
    verdict = verdict_of(told, question, reference) if part.term else None
    return Answer(wording.said(_part_sentences(part, verdict, reference), question.channel))


def _part_sentences(part: Part, verdict: Verdict | None, reference: Reference) -> list[Words]:
    name = words_of(part)
    sentences = [wording.part_by_model(name, part.fen), wording.ORDER]
    if part.fitted_by == "technician":
        sentences.append(wording.FITTED)
    if part.consumable:
        sentences.insert(1, wording.consumable(name))
    elif verdict and verdict.cover is Cover.COVERED:
        sentences.insert(1, wording.part_covered(verdict))
    elif verdict and verdict.cover is Cover.UNKNOWN:
        sentences.append(words_of(reference.knowledge.fees.texts["warranty_decides"]))
    return sentences


# --- use and care, and faults


def answer_howto(question: Question, reference: Reference) -> Answer:
    """The topic that fits best, or what a fault code means; not found when nothing fits."""
    code = model.fault_code(question.text)
    if code:
        return _code_answer(code.value, question, reference)
    topics = reference.knowledge.howto.topics
    topic = matching.best(question.text, topics)
    if topic is None:
        return Answer(CALL_ME, is_found=False)
    return Answer(wording.said([words_of(topics[topic])], question.channel))


def _code_answer(code: str, question: Question, reference: Reference) -> Answer:
    told = read(question, reference)
    aid = first_aid(None, code, told.series, channel=question.channel, reference=reference)
    assert aid is not None
    if aid.fault_class:
        return Answer(aid.words, danger=aid.danger)
    if told.series is None:
        return Answer(aid.words, ask=wording.ASK["model"], missing=("model",))
    return Answer(aid.words, ask=wording.WHAT_HAPPENS)


@dataclass(frozen=True)
class FirstAid:
    """What to say at once about a fault; `danger` must be reported, `ask` is the question to go on with."""

    words: Words
    danger: str | None = None
    ask: str | None = None
    fault_class: str | None = None


def first_aid(
    symptom: str | None, fault_code: str | None, told_model: str | None, *, channel: str, reference: Reference
) -> FirstAid | None:
    """First aid for a symptom (a class or the customer's words) and a fault code; None when neither says anything.

    A code of the model's own series decides; an unknown one is never guessed, and where it might mean leakage current
    nothing is tried.
    """
    table, codes = reference.knowledge.diagnosis, reference.knowledge.fault_codes
    trouble = table.symptoms.get(_symptom(symptom or "", table) or "")
    series = _series(told_model or "", told_model, reference)
    reading = rules.read_fault_code(fault_code, series, codes.codes, codes.danger_classes) if fault_code else None

    if trouble and trouble.danger:
        return FirstAid(wording.aid(trouble.zh, trouble.en, channel), danger=trouble.danger)
    if reading and reading.fault_class in table.faults:
        fault = table.faults[reading.fault_class]
        return FirstAid(wording.aid(fault.zh, fault.en, channel), danger=fault.danger, fault_class=reading.fault_class)
    if reading and (reading.may_be_danger or trouble is None):
        sentences = [words_of(table.unknown_code)]
        if reading.may_be_danger:
            sentences.append(words_of(table.maybe_danger))
        return FirstAid(wording.said(sentences, channel), ask=None if trouble else "code_symptom")
    if trouble is None:
        return None
    return FirstAid(wording.aid(trouble.zh, trouble.en, channel), ask=trouble.ask)


# --- installation


def readiness(text: str, reference: Reference, *, is_delivered: bool | None = None) -> tuple[list[str], Words | None]:
    """What is not ready for an installation, and one sentence each of what to prepare; no words when all is."""
    table = reference.knowledge.install
    needs = {
        name: matching.Need(check.fails, check.number, check.at_least, check.at_most)
        for name, check in table.checks.items()
    }
    failed = matching.failed(text, needs)
    if is_delivered is False and "delivered" not in failed:
        failed.insert(0, "delivered")
    plain = matching.plain(text).strip()
    sentences = [words_of(table.checks[name]) for name in failed]
    if table.none_of_it.words.search(plain):
        sentences.append(words_of(table.none_of_it))
    elif table.unsure.words.search(plain) and not sentences:
        sentences.append(words_of(table.unsure))
    return failed, wording.said(sentences, "web") if sentences else None
