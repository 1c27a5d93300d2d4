"""What a ticket may become, what it promises, when two contacts are one case, and when a manager must look. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from backend.errors import Conflict, OutsideCalendar
from backend.kernel import working_time
from backend.kernel.working_time import Calendar


@dataclass(frozen=True)
class Words:
    """One thing said in Chinese and in English."""

    zh: str
    en: str

    def __add__(self, other: Words) -> Words:
        return Words(f"{self.zh}；{other.zh}", f"{self.en}; {other.en}")

    def in_language(self, language: str) -> str:
        """The text in a customer's language."""
        return self.en if language == "en" else self.zh

    def as_dict(self) -> dict[str, str]:
        """As the bot's API carries it."""
        return {"zh": self.zh, "en": self.en}


class TicketType(StrEnum):
    """What the customer wants."""

    INSTALL = "install"
    REPAIR = "repair"
    COMPLAINT = "complaint"
    RELOCATION = "relocation"
    RETURN = "return"


class Status(StrEnum):
    """How far a ticket has come. Waiting needs a reason: for the customer, a part, a third party."""

    NEW = "new"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"


class Priority(StrEnum):
    """How urgent it is; critical means danger to people."""

    NORMAL = "normal"
    URGENT = "urgent"
    CRITICAL = "critical"


class PromiseKind(StrEnum):
    """A reply, a technician at the door, a handling opinion."""

    REPLY = "reply"
    ONSITE = "onsite"
    OPINION = "opinion"


MAY_BECOME: Mapping[Status, frozenset[Status]] = {
    Status.NEW: frozenset({Status.SCHEDULED, Status.IN_PROGRESS, Status.WAITING, Status.DONE, Status.CANCELLED}),
    Status.SCHEDULED: frozenset({Status.IN_PROGRESS, Status.WAITING, Status.DONE, Status.CANCELLED}),
    Status.IN_PROGRESS: frozenset({Status.SCHEDULED, Status.WAITING, Status.DONE, Status.CANCELLED}),
    Status.WAITING: frozenset({Status.SCHEDULED, Status.IN_PROGRESS, Status.DONE, Status.CANCELLED}),
    Status.DONE: frozenset({Status.IN_PROGRESS}),  # reopened after a follow-up call
    Status.CANCELLED: frozenset(),
}
CLOSED = frozenset({Status.DONE, Status.CANCELLED})
OPEN = frozenset(Status) - CLOSED
VISITED = frozenset({TicketType.INSTALL, TicketType.REPAIR, TicketType.RELOCATION})
_RANK = {Priority.NORMAL: 0, Priority.URGENT: 1, Priority.CRITICAL: 2}


def check_move(old: Status, new: Status) -> None:
    """Refuse a change of status that the table does not know.

    Raises:
        Conflict: from this status there is no way to the other.
    """
    if new not in MAY_BECOME[old]:
        raise Conflict(f"A ticket that is {old} cannot become {new}.", code="bad_status")


def higher(first: Priority, second: Priority) -> Priority:
    """The more urgent of two priorities: nothing ever makes a ticket less urgent by itself."""
    return max(first, second, key=_RANK.__getitem__)


@dataclass(frozen=True)
class PromisePolicy:
    """The promised times: reply and opinion in open time, on site in working days by tier."""

    reply: timedelta
    opinion: timedelta
    onsite_days: Mapping[str, int]


def promise_policy(reply_minutes: int, opinion_minutes: int, onsite_days: Mapping[str, int]) -> PromisePolicy:
    """The policy from plain numbers."""
    return PromisePolicy(timedelta(minutes=reply_minutes), timedelta(minutes=opinion_minutes), onsite_days)


_TIERS: Mapping[str, Words] = {
    "central_city": Words("中心城区", "central city"),
    "township": Words("乡镇", "township"),
    "remote_rural": Words("偏远农村", "remote rural area"),
}
_KINDS: Mapping[str, Words] = {
    "reply": Words("答复", "an answer"),
    "opinion": Words("给出处理意见", "a handling opinion"),
}


def _why_open_time(kind: str, minutes: int, *, is_open: bool) -> Words:
    """Why a promise in open time is due when it is."""
    what, hours = _KINDS[kind], minutes / 60
    span = (
        (f"{minutes // 60} 小时", f"{hours:g} hour{'s' if hours != 1 else ''}")
        if minutes % 60 == 0
        else (
            f"{minutes} 分钟",
            f"{minutes} minutes",
        )
    )
    if is_open:
        return Words(f"服务时间内 {span[0]}内{what.zh}", f"{what.en} within {span[1]} of hotline time")
    return Words(
        f"非服务时间登记，开线后 {span[0]}内{what.zh}", f"reported out of hours: {what.en} within {span[1]} of opening"
    )


def _why_onsite(tier: str, days: int) -> Words:
    """Why a visit is due when it is."""
    name = _TIERS[tier]
    return Words(
        f"{name.zh}地址，登记日之后第 {days} 个工作日内上门",
        f"{name.en} address: on site by closing of working day {days} after the report",
    )


def _no_address_yet() -> Words:
    """Why a visit has no date yet."""
    return Words("还没有地址，上门日期待确认", "no address yet; the date is to be confirmed")


def _beyond_calendar(last: date) -> Words:
    """Why a promise has no date yet."""
    return Words(
        f"{last} 之后的工作日安排尚未公布，日期待确认",
        f"working days after {last} are not published yet; to be confirmed",
    )


@dataclass(frozen=True)
class PromiseState:
    """A promise as counted: when it is due (None: to be confirmed), by which rule, and why in both languages."""

    kind: PromiseKind
    due_at: datetime | None
    rule: str
    tier: str | None
    why: Words
    paused_s: int = 0
    paused_at: datetime | None = None


def promises(
    kind: TicketType, priority: Priority, tier: str | None, *, calendar: Calendar, policy: PromisePolicy, now: datetime
) -> list[PromiseState]:
    """What a new ticket promises.

    Always a reply; a visit for installation, repair and relocation; an opinion when urgent or critical. A report of
    danger without an address promises no visit before the address is known.
    """
    made = [reply_promise(calendar=calendar, policy=policy, now=now)]
    if kind in VISITED and (tier is not None or priority is not Priority.CRITICAL):
        made.append(onsite_promise(tier, calendar=calendar, policy=policy, now=now))
    if priority is not Priority.NORMAL:
        made.append(opinion_promise(calendar=calendar, policy=policy, now=now))
    return made


def reply_promise(*, calendar: Calendar, policy: PromisePolicy, now: datetime) -> PromiseState:
    """An answer within so much open time (source: service manual, one hour)."""
    return _in_open_time(PromiseKind.REPLY, policy.reply, calendar, now)


def opinion_promise(*, calendar: Calendar, policy: PromisePolicy, now: datetime) -> PromiseState:
    """A handling opinion within so much open time (source: service manual, three hours)."""
    return _in_open_time(PromiseKind.OPINION, policy.opinion, calendar, now)


def onsite_promise(tier: str | None, *, calendar: Calendar, policy: PromisePolicy, now: datetime) -> PromiseState:
    """A technician at the door by closing of the n-th working day after the report (source: service manual).

    Without a tier, or beyond the calendar, the date is to be confirmed and never guessed.
    """
    if tier is None:
        return PromiseState(PromiseKind.ONSITE, None, "onsite:unknown", None, _no_address_yet())
    days = policy.onsite_days[tier]
    rule = f"onsite:{tier}:{days}d"
    try:
        due = working_time.working_day_deadline(calendar, now, days)
    except OutsideCalendar:
        return PromiseState(PromiseKind.ONSITE, None, rule, tier, _beyond_calendar(calendar.last))
    return PromiseState(PromiseKind.ONSITE, due, rule, tier, _why_onsite(tier, days))


def _in_open_time(kind: PromiseKind, allowed: timedelta, calendar: Calendar, now: datetime) -> PromiseState:
    minutes = int(allowed.total_seconds() // 60)
    rule = f"{kind}:{minutes}min"
    try:
        due = working_time.add_open_time(calendar, now, allowed)
        is_open = working_time.is_open(calendar, now)
    except OutsideCalendar:
        return PromiseState(kind, None, rule, None, _beyond_calendar(calendar.hours_last))
    return PromiseState(kind, due, rule, None, _why_open_time(kind, minutes, is_open=is_open))


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
    """The promise running again: later by the open time, or the working days, that it stood still."""
    if promise.paused_at is None:
        return promise
    paused = working_time.open_time_between(calendar, promise.paused_at, now)
    running = replace(promise, paused_at=None, paused_s=promise.paused_s + int(paused.total_seconds()))
    if promise.due_at is None:
        return running
    try:
        if promise.kind is PromiseKind.ONSITE:
            days = working_days_between(calendar, promise.paused_at, now)
            due = working_time.working_day_deadline(calendar, promise.due_at, days) if days else promise.due_at
        else:
            due = working_time.add_open_time(calendar, promise.due_at, paused)
    except OutsideCalendar:
        return replace(running, due_at=None, why=promise.why + _beyond_calendar(calendar.last))
    return replace(running, due_at=max(due, promise.due_at))


def working_days_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """How many working days begin after the local day of `start` and up to the local day of `end`."""
    day, last, found = working_time.local_day(calendar, start), working_time.local_day(calendar, end), 0
    while day < last:
        day += timedelta(days=1)
        found += working_time.is_working_day(calendar, day)
    return found


@dataclass(frozen=True)
class Case:
    """What decides whether two contacts are about one thing."""

    type: TicketType
    phone: str | None
    serial_no: str | None
    conversation_id: str | None


def same_case(known: Case, told: Case) -> str | None:
    """Why a contact belongs to an open ticket (`serial`, `phone`, `conversation`), or None.

    Two different serial numbers are two appliances, whoever owns them. The conversation counts while the ticket has
    no number yet: a report of danger is opened before anybody is asked for one.
    """
    if known.type is not told.type:
        return None
    if known.serial_no and told.serial_no:
        return "serial" if known.serial_no == told.serial_no else None
    if known.phone and known.phone == told.phone:
        return "phone"
    if known.phone is None and known.conversation_id and known.conversation_id == told.conversation_id:
        return "conversation"
    return None


@dataclass(frozen=True)
class ContactPolicy:
    """From which contact on, and at which words, a manager looks at a case; what counts as the same words again."""

    manager_from: int
    manager_words: tuple[str, ...]
    echo: timedelta


class Rung(StrEnum):
    """What a further contact about an open ticket makes of it."""

    CHASE = "chase"
    MANAGER = "manager"


@dataclass(frozen=True)
class Contact:
    """The decision about a contact: how many there are now, what follows, and why."""

    count: int
    rung: Rung
    why: str


def another_contact(contacts: int, text: str, policy: ContactPolicy) -> Contact:
    """A further contact about an open ticket: the second presses it, the third or an alarming word calls a manager."""
    count = contacts + 1
    if word := alarming_word(text, policy):
        return Contact(count, Rung.MANAGER, f"said “{word}”")
    if count >= policy.manager_from:
        return Contact(count, Rung.MANAGER, f"contact no. {count}")
    return Contact(count, Rung.CHASE, f"contact no. {count}")


def alarming_word(text: str, policy: ContactPolicy) -> str | None:
    """A word in a text that calls for a manager, or None."""
    lowered = text.lower()
    return next((word for word in policy.manager_words if word in lowered), None)


def is_echo(last_at: datetime | None, last_text: str, at: datetime, text: str, policy: ContactPolicy) -> bool:
    """Whether a contact is the last one sent again."""
    return last_at is not None and last_text == text and at - last_at < policy.echo


@dataclass(frozen=True)
class Budget:
    """How many new tickets of a local day one number, address and conversation may open, and for how many numbers."""

    per_number: int
    per_address: int
    per_conversation: int
    numbers_per_conversation: int


@dataclass(frozen=True)
class Spent:
    """What has been used today; `numbers` counts the others this conversation has named."""

    by_number: int
    by_address: int
    by_conversation: int
    numbers: int


def over_budget(spent: Spent, budget: Budget) -> str | None:
    """Which budget a further ticket would break, or None."""
    if spent.by_number >= budget.per_number:
        return "number"
    if spent.by_address >= budget.per_address:
        return "address"
    if spent.by_conversation >= budget.per_conversation:
        return "conversation"
    return "numbers" if spent.numbers >= budget.numbers_per_conversation else None


def is_missed(due_at: datetime | None, met_at: datetime | None, paused_at: datetime | None, now: datetime) -> bool:
    """Whether a promise is broken by now. What stands still or has no date cannot be."""
    return due_at is not None and paused_at is None and (met_at or now) > due_at


def ticket_day(calendar: Calendar, now: datetime) -> date:
    """The day a ticket's number names."""
    return working_time.local_day(calendar, now)
