"""Who stands on a rung, and telling them: each by each means once. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.agents import service as agents
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.errors import BadPhone
from backend.escalations import mails, notice_queries, rules, wording
from backend.escalations.models import Escalation, Notice
from backend.escalations.rules import Means, Person, Rung, Tell, Trigger
from backend.kernel import phone as phones
from backend.kernel import shifts
from backend.kernel.working_time import local_words
from backend.outbox import service as outbox
from backend.outbox.rules import Medium, OutboxKind
from backend.reference import Reference
from backend.reference.ladder import Rung as RungTable
from backend.tickets.rules import Words

TOGETHER = (Means.TEXT, Means.CALL)
"""By these means somebody is told of several things at once, danger apart; see `bundles`."""

DUTY = "duty"
"""Whoever holds the duty phone, among those who are told."""

ALARM_VALID_FOR = timedelta(hours=1)
"""After this an alarm that could not leave has been overtaken by the next ones."""


@dataclass(frozen=True)
class Staff:
    """By what staff are reached besides the console.

    Attributes:
        duty_phone: whoever is on duty out of hours (E.164), or "".
        own_numbers: our own numbers, never rung or texted.
        console: where the console is, for mails; "" when it has no public address.
    """

    duty_phone: str = ""
    own_numbers: Collection[str] = ()
    console: str = ""


Audience = dict[Rung, list[Person]]


def audiences(
    session: Session, escalation: Escalation, staff: Staff, *, reference: Reference, now: datetime
) -> tuple[Audience, Audience]:
    """Who can be told at each rung, in hotline hours and out of them; a rung with nobody is left out."""
    in_danger = escalation.trigger is Trigger.DANGER
    rungs = reference.escalations.rungs
    known = agents.active(session, {Role(role) for table in rungs for role in table.roles})
    by_day: Audience = {}
    by_night: Audience = {}
    for table in rungs:
        people = _people(known, table, escalation, reference, now)
        _put(by_day, table, people, table.danger.means if in_danger else table.means)
        if table.night is not None:
            duty = _duty(staff) if "duty" in table.night.whom else []
            _put(by_night, table, duty + (people if "people" in table.night.whom else []), table.night.means)
    return by_day, by_night


def _put(audience: Audience, table: RungTable, people: list[Person], means: Sequence[str]) -> None:
    if reached := [each for each in people if rules.ways(each, tuple(map(Means, means)))]:
        audience[Rung(table.rung)] = reached


def _people(
    staff: Sequence[Agent], table: RungTable, escalation: Escalation, reference: Reference, now: datetime
) -> list[Person]:
    if table.who == "outlet":
        name = escalation.ticket.outlet if escalation.ticket else None
        return [
            _reached_by(f"outlet:{each.id}", each.name, each.phone, each.email)
            for each in reference.outlets.outlets
            if each.name == name
        ]
    known = [each for each in staff if each.role in table.roles]
    roster = reference.rosters.get(table.group or "")
    crew = shifts.on_shift(roster, now) if roster else None
    on_duty = [each for each in known if crew and crew.may_include(each.username)]
    return [_agent(each) for each in on_duty or known]


def _agent(agent: Agent) -> Person:
    return _reached_by(f"agent:{agent.id}", agent.name, agent.phone, agent.email, at_console=True)


def _duty(staff: Staff) -> list[Person]:
    return [_reached_by(DUTY, wording.DUTY.zh, staff.duty_phone, None)] if staff.duty_phone else []


def _reached_by(key: str, name: str, phone: str | None, email: str | None, *, at_console: bool = False) -> Person:
    try:
        number = outbox.number(phone) if phone else None
    except BadPhone:
        number = None
    return Person(
        key=key,
        name=name,
        at_console=at_console,
        phone=number.e164 if number else None,
        has_mobile=number is not None and number.kind is phones.Kind.MOBILE,
        email=email,
    )


def tell(
    session: Session,
    escalation: Escalation,
    step: Tell,
    people: Collection[Person],
    staff: Staff,
    *,
    reference: Reference,
    now: datetime,
) -> int:
    """Tell the people of a rung by the means of this step; returns how many notices that made.

    A notice and the text, call or mail it stands for are stored together; the unique key refuses both a second time.
    """
    made, alone = 0, []
    for person in people:
        for means in rules.ways(person, step.means):
            key = f"{escalation.id}:{step.rung}:{step.times}:{person.key}:{means}"
            notice = Notice(
                key=key,
                escalation_id=escalation.id,
                rung=step.rung,
                times=step.times,
                person=person.key,
                name=person.name,
                means=means,
                at=now,
            )
            if means in TOGETHER and escalation.trigger is not Trigger.DANGER:
                notice.to, notice.due_at = person.phone, _due_at(session, person.key, means, reference, now)
            else:
                alone.append((person, means, key))
            session.add(notice)
            made += 1
    session.flush()
    for person, means, key in alone:
        _send(session, escalation, person, means, key, staff, reference=reference, now=now)
    return made


def _due_at(session: Session, person: str, means: Means, reference: Reference, now: datetime) -> datetime:
    bundle = reference.escalations.bundle
    apart = timedelta(minutes=bundle.call_minutes if means is Means.CALL else bundle.text_minutes)
    return rules.told_together_at(notice_queries.last_bundle(session, person, means), apart, now)


def _send(
    session: Session,
    escalation: Escalation,
    person: Person,
    means: Means,
    key: str,
    staff: Staff,
    *,
    reference: Reference,
    now: datetime,
) -> None:
    if means is Means.EMAIL and person.email:
        text = words_for(escalation, is_call=False, reference=reference)
        body = f"{text}\n\n{staff.console}\n" if staff.console else f"{text}\n"
        mails.queue(session, to=person.email, subject=subject_of(escalation, reference), body=body, key=key, now=now)
    elif means in TOGETHER and person.phone:  # danger: all else is bundled
        is_call = means is Means.CALL
        outbox.queue(
            session,
            to=person.phone,
            text=words_for(escalation, is_call=is_call, reference=reference),
            kind=OutboxKind.ALARM,
            medium=Medium.CALL if is_call else Medium.TEXT,
            key=outbox_key(key),
            language=reference.escalations.language,
            valid_until=now + ALARM_VALID_FOR,
            own_numbers=staff.own_numbers,
            now=now,
        )


def take_back(session: Session, escalation: Escalation) -> None:
    """Nobody needs to be told any more: take back what has not begun to leave."""
    notice_queries.drop_waiting(session, escalation.id)  # first: what is just being told of has its name after that
    told = notice_queries.notices(session, [escalation.id])[escalation.id]
    if mailed := [each.key for each in told if each.means is Means.EMAIL]:
        mails.take_back(session, mailed)
    together = {each.bundle for each in told if each.bundle}
    alone = {outbox_key(each.key) for each in told if each.means in TOGETHER and not each.bundle}
    outbox.cancel(session, *sorted(alone | together - notice_queries.still_needed(session, together)))


def outbox_key(notice_key: str) -> str:
    """The name of a notice's text or call in the outbox."""
    return f"escalation:{notice_key}"


def words_for(escalation: Escalation, *, is_call: bool, reference: Reference) -> str:
    """What staff read or hear: number, reason and since when; never what a customer said or who they are."""
    table = reference.escalations
    if escalation.trigger is Trigger.DANGER:
        text = table.texts["danger_call" if is_call else "danger"]
    else:
        text = table.texts["notice_call" if is_call else "notice"]
    return (
        Words(text.zh, text.en)
        .in_language(table.language)
        .format(
            subject=_subject(escalation, reference),
            reason=_reason(escalation, reference),
            since=local_words(reference.calendar, escalation.raised_at, table.language),
        )
    )


def subject_of(escalation: Escalation, reference: Reference) -> str:
    """The subject of a mail."""
    return f"{_subject(escalation, reference)} · {_reason(escalation, reference)}"[:200]


def _subject(escalation: Escalation, reference: Reference) -> str:
    ticket_no = escalation.ticket.ticket_no if escalation.ticket else None
    return wording.subject(ticket_no).in_language(reference.escalations.language)


def _reason(escalation: Escalation, reference: Reference) -> str:
    return Words(escalation.why_zh, escalation.why_en).in_language(reference.escalations.language)
