"""Answers to customers' questions: gather what is told and known, let the rules decide, put the sentences together."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from backend.kernel.working_time import local_day
from backend.knowledge import asking, hours, matching, rules, speaking, wording
from backend.knowledge.faults import FirstAid, first_aid, readiness
from backend.knowledge.rules import Cover, Verdict
from backend.knowledge.told import Question, Told, read, words_of
from backend.reference import Reference
from backend.reference.knowledge import Part, Topic
from backend.tickets.rules import Words
from bot.text import lexicon, model

__all__ = [
    "Answer", "FirstAid", "Question", "answer", "answer_any", "answer_visit", "explained_verdict", "first_aid",
    "names_something", "opening_words", "readiness", "signs",
]  # fmt: skip

CALL_ME = Words("要细问，说“给我回电话”。", 'For details say "call me back".')


@dataclass(frozen=True)
class Answer:
    """What to say: sentences, the most important first. `missing` would make it complete, `ask` asks for it; `beside`
    are the answers to other questions in the same message."""

    sentences: tuple[Words, ...]
    channel: str
    is_found: bool = True
    ask: Words | None = None
    missing: tuple[str, ...] = ()
    danger: str | None = None
    beside: tuple[tuple[Words, ...], ...] = ()

    @property
    def words(self) -> Words:
        """All that the channel bears."""
        return self.words_before(0)

    def words_before(self, followed_by: int) -> Words:
        """The same where so many characters of something else follow in the same message."""
        return speaking.together([told for told in (self.sentences, *self.beside) if told], self.channel, followed_by)


# --- which question


def answer(kind: str, question: Question, reference: Reference) -> Answer:
    """The answer to a message that was taken for a question of this kind: to what it asks in fact, and to the other
    questions in it."""
    kinds = asking.kinds(kind, question.text, signs(reference), is_named=names_something(kind, question, reference))
    first, *others = (ANSWERS[each](question, reference) for each in kinds)
    told = [each for each in (first, *others) if each.is_found and not each.danger]
    if first.danger or not told:
        return first
    given, *more = told
    asks = next((each for each in told if each.ask), given)
    return replace(given, beside=tuple(each.sentences for each in more), ask=asks.ask, missing=asks.missing)


def answer_any(question: Question, reference: Reference) -> Answer:
    """The answer to a message that was taken for no question, if the words of a topic cover most of it."""
    clauses = (matching.plain(question.text), *asking.questions(question.text))
    found = {
        name: max(asking.clearest(words, each.topics) for words in clauses) for name, each in signs(reference).items()
    }
    kind = max(found, key=found.__getitem__)
    if found[kind] < asking.CLEAR:
        return Answer((CALL_ME,), question.channel, is_found=False)
    return ANSWERS[kind](question, reference)


def signs(reference: Reference) -> Mapping[str, asking.Signs]:
    """How each kind of question shows."""
    known = reference.knowledge
    return {
        "warranty": asking.Signs(known.warranty.asks, known.warranty.topics),
        "fee": asking.Signs(known.fees.asks, known.fees.topics),
        "hours": asking.Signs(known.festivals.asks, {}),
        "visit": asking.Signs(known.festivals.how_soon, {}, is_beside=True),
        "parts": asking.Signs(known.parts.asks, known.parts.topics),
        "howto": asking.Signs(None, known.howto.topics),
    }


def names_something(kind: str, question: Question, reference: Reference) -> bool:
    """Whether a message names what questions of this kind are about."""
    known, text = reference.knowledge, matching.plain(question.text)
    if kind == "fee":
        return any(fee.words.search(text) for fee in known.fees.fees.values())
    if kind == "parts":
        return bool(lexicon.parts(question.text))
    if kind == "howto":
        return bool(model.fault_code(question.text))
    return kind == "warranty" and bool(known.warranty.repeated.search(text))


def _topic_sentences(question: Question, topics: Mapping[str, Topic]) -> list[Words]:
    """The texts of the topics a message asks about, sentence by sentence. A safety text stays whole where it can be
    read."""
    told: list[Words] = []
    for name in asking.topics_asked(question.text, topics):
        text = words_of(topics[name])
        is_whole = topics[name].safety and question.channel != "voice"
        told += [text] if is_whole else speaking.sentences(text)
    return told


# --- warranty


def answer_warranty(question: Question, reference: Reference) -> Answer:
    """Whether it is covered, with the reason; else the rule, and what would settle it."""
    table = reference.knowledge.warranty
    told = read(question, reference)
    topic = matching.best(question.text, table.topics)
    part = reference.knowledge.parts.parts.get(told.part or "")
    if topic is None and part and part.term is None and _term_name(told, reference) == "whole_unit":
        name = words_of(part)
        return Answer((wording.consumable(name) if part.consumable else wording.no_term(name),), question.channel)
    verdict = verdict_of(told, question, reference)

    sentences = [
        Words(each.zh.format_map(table.numbers), each.en.format_map(table.numbers))
        for each in _topic_sentences(question, table.topics)
    ]
    if topic and "{safe_life_years}" in table.topics[topic].zh:
        verdict = replace(verdict, is_past_safe_life=False)  # the topic has said so
    if not topic or (told.bought and _says(question, table.asks)):
        sentences += _verdict_sentences(verdict, told, reference)
    is_outside = not told.bought and _says(question, table.outside) and not _says(question, table.asks)
    if not topic and is_outside:
        return Answer((wording.PAID,), question.channel)
    is_open_question = not topic and bool(verdict.missing)
    ask = _ask(verdict.missing) if is_open_question else None
    return Answer(tuple(sentences), question.channel, ask=ask, missing=verdict.missing if ask else ())


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
    return verdict.cover, speaking.said(_verdict_sentences(verdict, told, reference), question.channel)


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
    parts = reference.knowledge.parts.parts
    part = parts.get(told.part or "") or parts.get(name)
    if part is None or (name == "whole_unit" and part.term is None):
        return Words("整机", "whole unit")
    return wording.part_of_unit(words_of(part)) if name == "whole_unit" else words_of(part)


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
    is_about_all = name == "whole_unit" and told.part not in reference.knowledge.parts.parts
    if is_about_all and verdict.cover is Cover.UNKNOWN:
        unit = Words("", told.unit.en)
        sentences += wording.warranty(
            rules.warranty_verdict(None, tank, _guarantees(reference), today=told.today),
            unit=unit,
            subject=Words("内胆", "tank"),
            today=told.today,
            starts=reference.knowledge.warranty.starts,
        )
    if is_about_all and verdict.cover is Cover.EXPIRED and tank.is_known:
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
    if matching.best(question.text, table.topics):
        return Answer(tuple(_topic_sentences(question, table.topics)), question.channel)
    told = read(question, reference)
    asked = _fees_asked(question, told, reference)
    by_warranty = [name for name in asked if table.fees[name].warranty]
    verdict = verdict_of(told, question, reference)
    is_open = verdict.cover in (Cover.UNKNOWN, Cover.UNSURE)
    is_free = bool(by_warranty) and verdict.cover is Cover.COVERED
    is_about_covered = bool(by_warranty) and is_open and _says(question, reference.knowledge.warranty.inside)
    quoted_first = words_of(table.texts["quoted_first"])

    sentences: list[Words] = []
    names = wording.listed([words_of(table.fees[name]) for name in by_warranty]) if by_warranty else Words("", "")
    if is_free:
        sentences += [wording.free_of_charge(names, verdict), words_of(table.texts["exclusions"])]
    elif is_about_covered:
        exclusions = words_of(table.texts["exclusions"])
        sentences += [wording.free_if_covered(names), wording.not_covered(quoted_first), exclusions]
    settled = by_warranty if is_free or is_about_covered else ()
    charged = [_charge(name, told, reference) for name in asked if name not in settled]
    sentences += [wording.price(name, fen) for name, fen in charged if fen is not None]
    if open_ones := [name for name, fen in charged if fen is None]:
        sentences.append(wording.depends(wording.listed(open_ones), quoted_first))
    if by_warranty and is_open and not is_about_covered and not _says(question, reference.knowledge.warranty.outside):
        sentences.append(words_of(table.texts["warranty_decides"]))
    sentences.append(words_of(table.texts["visit_code"]))
    return Answer(tuple(sentences), question.channel)


def _says(question: Question, words: re.Pattern[str]) -> bool:
    return bool(words.search(matching.plain(question.text)))


def _fees_asked(question: Question, told: Told, reference: Reference) -> list[str]:
    """The fees a message names; a part that it names alone; else what a repair may cost."""
    fees, part = reference.knowledge.fees.fees, told.part
    meant = matching.named(question.text, {name: fee.words for name, fee in fees.items()})
    if "cleaning" in meant and part in ("magnesium_rod", "tank"):
        meant = [name for name in meant if name != "part"]
    if not meant and part in reference.knowledge.parts.parts:
        meant = ["part"]
    return (meant or [name for name, fee in fees.items() if fee.warranty])[:3]


def _charge(name: str, told: Told, reference: Reference) -> tuple[Words, int | None]:
    """A fee and its amount; where a part is named, that part."""
    fee, part = reference.knowledge.fees.fees[name], reference.knowledge.parts.parts.get(told.part or "")
    if name != "part" or part is None:
        return words_of(fee), fee.fen
    return words_of(part) if part.fen is not None else wording.price_of(words_of(part)), part.fen


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
    at_night = hours.at_night(calendar, question.channel) if festivals.night.search(text) else None
    if at_night and not days:
        sentences = [at_night, hours.usual_hours(calendar, question.channel), hours.IN_DANGER]
    elif festivals.visits.search(text):
        sentences.insert(0, hours.VISITS)
    elif question.channel != "voice":
        sentences.append(hours.ANY_TIME)
    return Answer(tuple(sentences), question.channel)


def answer_visit(question: Question, reference: Reference) -> Answer:
    """How soon somebody comes, as the promises stand: for whoever has no ticket yet."""
    table = reference.promises
    city = table.onsite_working_days["central_city"]
    outside = max(table.onsite_working_days.values())
    return Answer((hours.how_soon(table.reply_minutes, city, outside, question.channel),), question.channel)


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
    told = read(question, reference)
    part = table.parts.get(told.part or "")
    if matching.best(question.text, table.topics):
        return Answer(tuple(_topic_sentences(question, table.topics)), question.channel)
    if part is None:
        return Answer(tuple(wording.any_part()), question.channel, ask=wording.ASK["part"], missing=("part",))
    verdict = verdict_of(told, question, reference) if part.term else None
    sentences = _part_sentences(part, verdict, reference)
    if _says(question, table.fits_it):
        by_technician = part.fitted_by == "technician"
        sentences.insert(0, wording.FITTED if by_technician else wording.FITTED_BY_ANYBODY)
    return Answer(tuple(dict.fromkeys(sentences)), question.channel)


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
    sentences = _topic_sentences(question, reference.knowledge.howto.topics)
    return Answer(tuple(sentences) or (CALL_ME,), question.channel, is_found=bool(sentences))


def _code_answer(code: str, question: Question, reference: Reference) -> Answer:
    told = read(question, reference)
    aid = first_aid(None, code, told.series, channel=question.channel, reference=reference)
    assert aid is not None
    told_so = Answer((aid.words,), question.channel)
    if aid.fault_class:
        return replace(told_so, danger=aid.danger)
    if told.series is None:
        return replace(told_so, ask=wording.ASK["model"], missing=("model",))
    return replace(told_so, ask=wording.WHAT_HAPPENS)


ANSWERS: Mapping[str, Callable[[Question, Reference], Answer]] = {
    "warranty": answer_warranty,
    "fee": answer_fee,
    "hours": answer_hours,
    "visit": answer_visit,
    "parts": answer_parts,
    "howto": answer_howto,
}
"""Who answers which kind of question."""
