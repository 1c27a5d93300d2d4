"""What is promised and by when: counted in three clocks, put off by pauses, explained in one sentence. Pure.

Source of the terms: the maker's service manual; the numbers are data (`data/promises.yaml`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from backend.errors import OutsideCalendar
from backend.kernel import working_time
from backend.kernel.working_time import Calendar
from backend.tickets.rules import VISITED, Priority, PromiseKind, TicketType, Words


class Clock(StrEnum):
    """What a promise is counted in: minutes of open time, working days, or days of the calendar."""

    OPEN_TIME = "open_time"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


CLOCKS: Mapping[PromiseKind, Clock] = {
    PromiseKind.REPLY: Clock.OPEN_TIME,
    PromiseKind.OPINION: Clock.OPEN_TIME,
    PromiseKind.ONSITE: Clock.WORKING_DAYS,
    PromiseKind.QUALITY: Clock.WORKING_DAYS,
    PromiseKind.PARTS: Clock.CALENDAR_DAYS,
}
BY_HAND = (PromiseKind.PARTS, PromiseKind.QUALITY)
"""Kinds an agent promises; the others follow from the ticket."""


class PauseReason(StrEnum):
    """What a promise waits for; HOLD: for whatever its ticket waits for."""

    CUSTOMER = "customer"
    PART = "part"
    THIRD_PARTY = "third_party"
    OTHER = "other"
    HOLD = "hold"


BY_MARK = "desk"  # why a promise is kept: an agent says so


class Change(StrEnum):
    """What can happen to a promise."""

    MADE = "made"
    PAUSED = "paused"
    RESUMED = "resumed"
    PUT_OFF = "put_off"
    RECOMPUTED = "recomputed"
    MET = "met"
    UNMET = "unmet"
    MISSED = "missed"


@dataclass(frozen=True)
class PromisePolicy:
    """The promised times: reply and opinion in open time, visits and quality reports in working days (visits by tier),
    word about scarce parts in days of the calendar."""

    reply: timedelta
    opinion: timedelta
    onsite_days: Mapping[str, int]
    parts_days: int
    quality_days: int


def promise_policy(
    reply_minutes: int, opinion_minutes: int, onsite_days: Mapping[str, int], *, parts_days: int, quality_days: int
) -> PromisePolicy:
    """The policy from plain numbers."""
    return PromisePolicy(
        timedelta(minutes=reply_minutes), timedelta(minutes=opinion_minutes), onsite_days, parts_days, quality_days
    )


@dataclass(frozen=True)
class Terms:
    """What a promise is counted from; they stay when the calendar changes.

    Attributes:
        amount: minutes of open time, or days, by the clock of the kind; None: not known yet.
        tier: the tier that decided the amount, for a visit.
        started_at: from when it is counted.
    """

    kind: PromiseKind
    amount: int | None
    tier: str | None
    started_at: datetime

    @property
    def clock(self) -> Clock:
        """What it is counted in."""
        return CLOCKS[self.kind]

    @property
    def rule(self) -> str:
        """The rule in short: `reply:60min`, `onsite:township:2d`, `onsite:unknown`."""
        if self.amount is None:
            return f"{self.kind}:unknown"
        size = f"{self.amount}min" if self.clock is Clock.OPEN_TIME else f"{self.amount}d"
        return ":".join(filter(None, (self.kind, self.tier, size)))


@dataclass(frozen=True)
class PromiseState:
    """A promise as counted: from which terms, with which calendar, when it is due, and why in both languages.

    Attributes:
        due_at: the deadline; None: to be confirmed.
        calendar: the version of the calendar.
        paused_s: open seconds by which pauses have put the deadline off.
        paused_at: since when it stands still, or None.
    """

    terms: Terms
    due_at: datetime | None
    calendar: str
    why: Words
    paused_s: int = 0
    paused_at: datetime | None = None

    @property
    def kind(self) -> PromiseKind:
        """What is promised."""
        return self.terms.kind


def promises(
    kind: TicketType, priority: Priority, tier: str | None, *, calendar: Calendar, policy: PromisePolicy, now: datetime
) -> list[PromiseState]:
    """What a new ticket promises.

    Always a reply; a visit for installation, repair and relocation; an opinion when urgent or critical. A report of
    danger without an address promises no visit before the address is known.
    """
    kinds = [PromiseKind.REPLY]
    if kind in VISITED and (tier is not None or priority is not Priority.CRITICAL):
        kinds.append(PromiseKind.ONSITE)
    if priority is not Priority.NORMAL:
        kinds.append(PromiseKind.OPINION)
    return [promised(each, tier=tier, calendar=calendar, policy=policy, now=now) for each in kinds]


def promised(
    kind: PromiseKind, *, tier: str | None = None, calendar: Calendar, policy: PromisePolicy, now: datetime
) -> PromiseState:
    """A promise of a kind, given now by the policy in force; only a visit depends on the tier."""
    amounts = {
        PromiseKind.REPLY: int(policy.reply.total_seconds() // 60),
        PromiseKind.OPINION: int(policy.opinion.total_seconds() // 60),
        PromiseKind.ONSITE: policy.onsite_days[tier] if tier else None,
        PromiseKind.PARTS: policy.parts_days,
        PromiseKind.QUALITY: policy.quality_days,
    }
    return count(Terms(kind, amounts[kind], tier if kind is PromiseKind.ONSITE else None, now), calendar)


def count(terms: Terms, calendar: Calendar) -> PromiseState:
    """When a promise of these terms is due, before any pause.

    Open time ends in open time or at a closing edge. The n-th working day, and the n-th day of the calendar, end at
    closing. Without an amount, or beyond the calendar, the date is to be confirmed and never guessed.
    """

    def undated(why: Words) -> PromiseState:
        return PromiseState(terms, None, calendar.version, why)

    if terms.amount is None:
        return undated(_NO_ADDRESS_YET)
    try:
        due = _later(calendar, terms.clock, terms.started_at, terms.amount)
        starts_open = working_time.is_open(calendar, terms.started_at)
    except OutsideCalendar:
        return undated(_beyond_calendar(_last_day(calendar, terms.clock)))
    return PromiseState(terms, due, calendar.version, _why(terms, starts_open=starts_open))


def _later(calendar: Calendar, clock: Clock, start: datetime, amount: int) -> datetime:
    match clock:
        case Clock.OPEN_TIME:
            return working_time.add_open_time(calendar, start, timedelta(minutes=amount))
        case Clock.WORKING_DAYS:
            return working_time.working_day_deadline(calendar, start, amount)
        case Clock.CALENDAR_DAYS:
            return working_time.calendar_day_deadline(calendar, start, amount)


def put_off(promise: PromiseState, until: datetime, why: Words, *, calendar: Calendar) -> PromiseState:
    """The promise after the customer has asked for a later time: a pause that ends with that time.

    A time before the deadline changes nothing: a pause never brings a deadline nearer.
    """
    if promise.due_at is None or until <= promise.due_at:
        return promise
    pause = working_time.open_time_between(calendar, promise.due_at, until)
    return replace(
        promise,
        due_at=until,
        paused_s=promise.paused_s + int(pause.total_seconds()),
        why=promise.why + why,
    )


def pause(promise: PromiseState, why: Words, *, now: datetime) -> PromiseState:
    """The promise from now on standing still, for a stated reason. A promise that stands still already is left."""
    if promise.paused_at is not None:
        return promise
    return replace(promise, paused_at=now, why=promise.why + why)


def resume(promise: PromiseState, *, calendar: Calendar, now: datetime) -> PromiseState:
    """The promise running again: later by the open time, or by the days of its clock, that it stood still."""
    if promise.paused_at is None:
        return promise
    try:
        paused = working_time.open_time_between(calendar, promise.paused_at, now)
        running = replace(promise, paused_at=None, paused_s=promise.paused_s + int(paused.total_seconds()))
        if promise.due_at is None:
            return running
        due = _put_back(promise.terms.clock, promise.due_at, promise.paused_at, now, calendar)
    except OutsideCalendar:
        beyond = _beyond_calendar(_last_day(calendar, promise.terms.clock))
        return replace(promise, paused_at=None, due_at=None, why=promise.why + beyond)
    return replace(running, due_at=max(due, promise.due_at))


def _put_back(clock: Clock, due: datetime, start: datetime, end: datetime, calendar: Calendar) -> datetime:
    """A deadline later by a pause, in the promise's own clock."""
    if clock is Clock.OPEN_TIME:
        return working_time.add_open_time(calendar, due, working_time.open_time_between(calendar, start, end))
    if clock is Clock.WORKING_DAYS:
        days = working_days_between(calendar, start, end)
    else:
        days = (working_time.local_day(calendar, end) - working_time.local_day(calendar, start)).days
    return _later(calendar, clock, due, days) if days else due


def working_days_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """How many working days begin after the local day of `start` and up to the local day of `end`."""
    day, last, found = working_time.local_day(calendar, start), working_time.local_day(calendar, end), 0
    while day < last:
        day += timedelta(days=1)
        found += working_time.is_working_day(calendar, day)
    return found


@dataclass(frozen=True)
class Stopped:
    """From when a promise stood still, and why."""

    at: datetime
    why: Words


@dataclass(frozen=True)
class Resumed:
    """From when it ran again."""

    at: datetime


@dataclass(frozen=True)
class PutOff:
    """A later time the customer asked for."""

    until: datetime
    why: Words


def recount(terms: Terms, calendar: Calendar, past: Iterable[Stopped | Resumed | PutOff]) -> PromiseState:
    """A promise counted anew, by other terms or another calendar, with everything that has put it off since."""
    promise = count(terms, calendar)
    for each in past:
        match each:
            case Stopped(at, why):
                promise = pause(promise, why, now=at)
            case Resumed(at):
                promise = resume(promise, calendar=calendar, now=at)
            case PutOff(until, why):
                promise = put_off(promise, until, why, calendar=calendar)
    return promise


def is_missed(due_at: datetime | None, met_at: datetime | None, paused_at: datetime | None, now: datetime) -> bool:
    """Whether a promise is broken by now. What stands still or has no date cannot be."""
    return due_at is not None and paused_at is None and (met_at or now) > due_at


def is_marked_kept(what: Change, reason: str) -> bool:
    """Whether the last thing that happened to a promise is that somebody marked it as kept, by hand."""
    return what is Change.MET and reason == BY_MARK


def explain(promise: PromiseState, calendar: Calendar) -> Words:
    """A promise in one sentence: its rule and what has put it off, from when it is counted, when it is due."""
    zh, en = (working_time.local_words(calendar, promise.terms.started_at, language) for language in ("zh", "en"))
    if promise.due_at is None:
        return Words(
            f"{promise.why.zh}（{zh}起算，日历 {promise.calendar}）",
            f"{promise.why.en} (counted from {en}, calendar {promise.calendar})",
        )
    due_zh, due_en = (working_time.local_words(calendar, promise.due_at, language) for language in ("zh", "en"))
    return Words(
        f"{promise.why.zh}：{zh}起算，最晚 {due_zh}（日历 {promise.calendar}）",
        f"{promise.why.en}: counted from {en}, due by {due_en} (calendar {promise.calendar})",
    )


_TIERS: Mapping[str, Words] = {
    "central_city": Words("中心城区", "central city"),
    "township": Words("乡镇", "township"),
    "remote_rural": Words("偏远农村", "remote rural area"),
}
_WHAT: Mapping[PromiseKind, Words] = {
    PromiseKind.REPLY: Words("答复", "an answer"),
    PromiseKind.OPINION: Words("给出处理意见", "a handling opinion"),
    PromiseKind.PARTS: Words("答复紧缺配件", "word about the scarce part"),
    PromiseKind.QUALITY: Words("答复质量反馈", "the quality report answered"),
}
_NO_ADDRESS_YET = Words("还没有地址，上门日期待确认", "no address yet; the date is to be confirmed")


def _why(terms: Terms, *, starts_open: bool) -> Words:
    """Why a promise is due when it is."""
    amount = terms.amount or 0
    if terms.kind is PromiseKind.ONSITE:
        tier = _TIERS[terms.tier or ""]
        return Words(
            f"{tier.zh}地址，登记日之后第 {amount} 个工作日内上门",
            f"{tier.en} address: on site by closing of working day {amount} after the report",
        )
    what = _WHAT[terms.kind]
    if terms.clock is Clock.WORKING_DAYS:
        return Words(f"{amount} 个工作日内{what.zh}", f"{what.en} by closing of working day {amount} after the report")
    if terms.clock is Clock.CALENDAR_DAYS:
        return Words(f"{amount} 天内{what.zh}", f"{what.en} by closing of day {amount} after the request")
    zh, en = _span(amount)
    if starts_open:
        return Words(f"服务时间内 {zh}内{what.zh}", f"{what.en} within {en} of hotline time")
    return Words(f"非服务时间登记，开线后 {zh}内{what.zh}", f"reported out of hours: {what.en} within {en} of opening")


def _span(minutes: int) -> tuple[str, str]:
    if minutes % 60:
        return f"{minutes} 分钟", f"{minutes} minutes"
    hours = minutes // 60
    return f"{hours} 小时", f"{hours} hour{'s' if hours != 1 else ''}"


def _last_day(calendar: Calendar, clock: Clock) -> date:
    return calendar.last if clock is Clock.WORKING_DAYS else calendar.hours_last


def _beyond_calendar(last: date) -> Words:
    """Why a promise has no date yet."""
    return Words(
        f"{last} 之后的工作日安排尚未公布，日期待确认",
        f"working days after {last} are not published yet; to be confirmed",
    )
