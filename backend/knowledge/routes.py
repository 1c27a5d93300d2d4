"""What the bot asks when customers have a question, or a fault that may be helped by telephone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from backend.depends import BotOnly, Now, Ref
from backend.errors import NotFound
from backend.knowledge import service
from backend.knowledge.schemas import (
    AnswerOut,
    FirstAidOut,
    HoursOut,
    QuestionIn,
    ReadinessIn,
    ReadinessOut,
)
from backend.knowledge.service import Answer, Question
from backend.tickets.schemas import as_bilingual

router = APIRouter(prefix="/api/bot/knowledge", tags=["bot"], dependencies=[BotOnly])


@router.post("/warranty")
def warranty(form: QuestionIn, now: Now, reference: Ref) -> AnswerOut:
    """Whether the heater or a part is covered, and why."""
    return _out(service.answer("warranty", _question(form, now), reference), form)


@router.post("/fee")
def fee(form: QuestionIn, now: Now, reference: Ref) -> AnswerOut:
    """What is charged, or that it is quoted before the visit."""
    return _out(service.answer("fee", _question(form, now), reference), form)


@router.post("/hours")
def hours(form: QuestionIn, now: Now, reference: Ref) -> AnswerOut:
    """When the hotline is open: now, and on the day that is asked about."""
    return _out(service.answer("hours", _question(form, now), reference), form)


@router.post("/visit")
def visit(form: QuestionIn, now: Now, reference: Ref) -> AnswerOut:
    """How soon somebody comes, for whoever has no ticket yet."""
    return _out(service.answer_visit(_question(form, now), reference), form)


@router.post("/howto")
def howto(form: QuestionIn, now: Now, reference: Ref) -> AnswerOut:
    """Use and care, and what a fault code means; `found` is false when nothing fits."""
    return _out(service.answer("howto", _question(form, now), reference), form)


@router.post("/parts")
def parts(form: QuestionIn, now: Now, reference: Ref) -> AnswerOut:
    """How to get a part."""
    return _out(service.answer("parts", _question(form, now), reference), form)


@router.post("/any")
def any_question(form: QuestionIn, now: Now, reference: Ref) -> AnswerOut:
    """A message that was taken for no question: `found` only when it clearly asks what the data answer."""
    return _out(service.answer_any(_question(form, now), reference), form)


@router.post("/first-aid")
def first_aid(form: QuestionIn, reference: Ref) -> FirstAidOut:
    """What a layman can do about a fault by telephone; 404 when neither symptom nor code says anything."""
    found = service.first_aid(form.symptom, form.fault_code, form.model, channel=form.channel, reference=reference)
    if found is None:
        raise NotFound("Neither the symptom nor the code is known.", code="no_first_aid")
    return FirstAidOut.model_validate(
        {"words": as_bilingual(found.words), "danger": found.danger, "ask": found.ask, "fault_class": found.fault_class}
    )


@router.post("/readiness")
def readiness(form: ReadinessIn, reference: Ref) -> ReadinessOut:
    """What to prepare before an installation."""
    failed, words = service.readiness(form.text, reference, is_delivered=form.delivered)
    return ReadinessOut(failed=failed, words=as_bilingual(words) if words else None)


@router.get("/hours")
def opening_hours(
    now: Now, reference: Ref, channel: Annotated[Literal["web", "sms", "voice"], Query()] = "web"
) -> HoursOut:
    """The usual opening hours as words."""
    is_open, words, here = service.opening_words(reference, channel, now)
    return HoursOut(open=is_open, words=as_bilingual(words), here=as_bilingual(here))


def _question(form: QuestionIn, now: datetime) -> Question:
    return Question(
        text=form.text,
        channel=form.channel,
        now=now,
        model=form.model,
        purchase_date=form.purchase_date,
        symptom=form.symptom,
        part=form.part,
        fault_code=form.fault_code,
    )


def _out(answer: Answer, form: QuestionIn) -> AnswerOut:
    return AnswerOut.model_validate(
        {
            "words": as_bilingual(answer.words_before(form.followed_by)),
            "found": answer.is_found,
            "ask": as_bilingual(answer.ask) if answer.ask else None,
            "expects": list(answer.missing),
            "danger": answer.danger,
        }
    )
