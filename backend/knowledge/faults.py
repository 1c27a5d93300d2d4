"""Faults by telephone: first aid for a symptom or a code, and what an installation is not ready in."""

from __future__ import annotations

from dataclasses import dataclass

from backend.knowledge import matching, rules, speaking, wording
from backend.knowledge.told import series_of_told, symptom_of, words_of
from backend.reference import Reference
from backend.tickets.rules import Words


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
    trouble = table.symptoms.get(symptom_of(symptom or "", table) or "")
    series = series_of_told(told_model or "", told_model, reference)
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
        return FirstAid(speaking.said(sentences, channel), ask=None if trouble else "code_symptom")
    if trouble is None:
        return None
    return FirstAid(wording.aid(trouble.zh, trouble.en, channel), ask=trouble.ask)


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
    return failed, speaking.said(sentences, "web") if sentences else None
