"""Whether, when and to whom a text or call may leave, and what follows from a carrier's answer. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from backend.kernel import phone, working_time
from backend.kernel.working_time import Calendar
from telephony.ports import Action, Capabilities, CarrierStatus, Feature


class OutboxKind(StrEnum):
    """Why something leaves: as an answer, for safety, from an agent, by itself (reminder, notice), to our own staff.

    `alarm` tells staff of danger at any hour, `staff` of what can wait for hotline hours.
    """

    REPLY = "reply"
    SAFETY = "safety"
    AGENT = "agent"
    REMINDER = "reminder"
    NOTICE = "notice"
    ALARM = "alarm"
    STAFF = "staff"


FOR_STAFF = frozenset({OutboxKind.ALARM, OutboxKind.STAFF})


class Medium(StrEnum):
    """How something is told: written, or said aloud in a call."""

    TEXT = "text"
    CALL = "call"


class Status(StrEnum):
    """How far a text has come."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"
    DEAD = "dead"


WAITING = frozenset({Status.PENDING, Status.CLAIMED})
LEFT = frozenset({Status.SENDING, Status.SENT, Status.DELIVERED, Status.UNKNOWN})
FELL = frozenset({Status.REFUSED, Status.EXPIRED, Status.SUPPRESSED, Status.DEAD})


class Leaves(StrEnum):
    """At which hours a kind of text may leave."""

    ALWAYS = "always"
    HOURS_OR_FRESH = "hours_or_fresh"
    HOURS = "hours"


@dataclass(frozen=True)
class KindRule:
    """What holds for one kind of text. Texts of one lane to one person keep their order.

    Where not everything due can leave at once, a smaller `turn` goes first.
    """

    lane: str
    turn: int
    leaves: Leaves
    automatic: bool
    fresh_for: timedelta
    valid_for: timedelta


@dataclass(frozen=True)
class Policy:
    """The numbers of `data/outbox.yaml`; `countries` are those whose numbers are called and texted, our own first."""

    source: str
    valid_through: date
    kinds: Mapping[OutboxKind, KindRule]
    automatic_per_day: int
    same_text_rest: timedelta
    max_segments: int
    max_pieces: int
    lease: timedelta
    batch: int
    claim: int
    tick_for: timedelta
    hands: int
    attempts: int
    back_off: tuple[timedelta, ...]
    retry_later: timedelta
    order_wait: timedelta
    pause: timedelta
    look_every: timedelta
    look_for: timedelta
    show_after: timedelta
    keep_words: timedelta
    keep_rows: timedelta
    keep_receipts: timedelta
    countries: tuple[str, ...]
    ring_for: timedelta
    shortest_ring: timedelta
    max_call_characters: int


@dataclass(frozen=True)
class Draft:
    """A text or call about to leave. `answering` is when the person it answers wrote; None: it answers nobody."""

    kind: OutboxKind
    text: str
    segments: int
    part: int
    answering: datetime | None
    valid_until: datetime | None
    medium: Medium = Medium.TEXT


@dataclass(frozen=True)
class Line:
    """What is known of a number before it is texted or rung.

    Attributes:
        problem: why it must be neither texted nor rung (`own_number`, `premium`, …), or None.
        is_mobile: whether it is a mobile number; others are taken to get no texts.
        takes_texts: False once a carrier has said that it gets none.
        region: ISO 3166.
    """

    problem: str | None = None
    is_mobile: bool = True
    takes_texts: bool = True
    region: str = "CN"


@dataclass(frozen=True)
class Way:
    """How a number is reached: as it was wanted, in another way (`reason` says why), or not at all (medium None)."""

    medium: Medium | None
    reason: str | None = None


def route(wanted: Medium, line: Line, capabilities: Capabilities | None, *, can_be_said: bool) -> Way:
    """Whether this carrier can reach this number in this way, and what happens instead.

    A text whose number takes none becomes a call, if there are words for one and the carrier rings there; else it does
    not leave, and an agent sees why. A call that cannot be made is not texted: whoever wanted one also wants an answer.

    Args:
        capabilities: of the carrier; None where it is not known yet.
        can_be_said: whether the text has words to be said aloud.
    """
    if line.problem is not None:
        return Way(None, line.problem)
    rings = capabilities is None or capabilities.can(Feature.VOICE, line.region)
    if wanted is Medium.CALL:
        return Way(Medium.CALL) if rings else Way(None, "no_voice")
    why = _no_text(line, capabilities)
    if why is None:
        return Way(Medium.TEXT)
    return Way(Medium.CALL if can_be_said and rings else None, why)


def _no_text(line: Line, capabilities: Capabilities | None) -> str | None:
    if not line.is_mobile:
        return "fixed_line"
    if not line.takes_texts:
        return "no_texts"
    if capabilities is not None and not capabilities.can(Feature.SMS, line.region):
        return "no_sms"
    return None


@dataclass(frozen=True)
class Around:
    """What matters besides the text.

    Attributes:
        way: whether and how the number can be reached.
        region: region of the number (ISO 3166).
        opted_out_at: since when the person wants nothing automatic, or None.
        automatic_today: automatic texts and calls that have left to this person this local day.
        texts_today: all texts that have left to this person this local day.
        same_text_at: when this person last got this very text, or None.
        was_filtered: whether a carrier has filtered this very text before.
        first_part: where the first part of the same message stands; None for a first part.
    """

    way: Way = Way(Medium.TEXT)
    region: str = "CN"
    opted_out_at: datetime | None = None
    automatic_today: int = 0
    texts_today: int = 0
    same_text_at: datetime | None = None
    was_filtered: bool = False
    first_part: Status | None = None


@dataclass(frozen=True)
class Go:
    """Send it now; the carrier gives up (a call: stops ringing) after `valid_for_s` seconds."""

    valid_for_s: int


@dataclass(frozen=True)
class Wait:
    """Not now: due again at `until`."""

    until: datetime
    reason: str


@dataclass(frozen=True)
class Drop:
    """It will not leave; the row ends in `status`."""

    status: Status
    reason: str


Decision = Go | Wait | Drop

SHORTEST = timedelta(seconds=1)
"""The shortest time a carrier can be told to try."""

OUTSIDE_CALENDAR_AGAIN = timedelta(hours=1)
"""When it is asked again whether something may leave on a day the calendar does not know."""

_URL = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


def decide(
    draft: Draft, around: Around, *, policy: Policy, calendar: Calendar, capabilities: Capabilities, now: datetime
) -> Decision:
    """Whether a text leaves now. Asked at the last moment, whatever was planned when it was queued.

    Raises:
        OutsideCalendar: hotline hours matter and the calendar has no data for this day.
    """
    rule = policy.kinds[draft.kind]
    if draft.valid_until is not None and now >= draft.valid_until:
        return Drop(Status.EXPIRED, "too_late")
    if drop := _obstacle(draft, around, policy, capabilities, now):
        return drop
    wait = _not_yet(draft, around, policy=policy, calendar=calendar, capabilities=capabilities, now=now)
    if wait is None:
        return Go(_valid_for(draft, rule, policy, calendar, now))
    if draft.valid_until is not None and wait.until >= draft.valid_until:
        return Drop(Status.EXPIRED, wait.reason)
    return wait


def _obstacle(draft: Draft, around: Around, policy: Policy, capabilities: Capabilities, now: datetime) -> Drop | None:
    """What keeps a text from ever leaving."""
    rule = policy.kinds[draft.kind]
    if around.way.medium is not draft.medium:
        return Drop(Status.REFUSED, around.way.reason or "unknown")
    is_text = draft.medium is Medium.TEXT
    has_url = _URL.search(draft.text) is not None
    rested = around.same_text_at is None or now - around.same_text_at >= policy.same_text_rest
    obstacles = (
        (around.first_part in FELL, Status.SUPPRESSED, "first_part"),
        (is_unwanted(draft.kind, rule, draft.answering, around.opted_out_at), Status.SUPPRESSED, "opted_out"),
        (around.was_filtered, Status.SUPPRESSED, "filtered"),
        (is_text and not capabilities.takes(draft.text), Status.REFUSED, "needs_template"),
        (is_text and draft.segments > capabilities.max_segments, Status.REFUSED, "too_long"),
        (is_text and has_url and not capabilities.can(Feature.URLS, around.region), Status.REFUSED, "no_urls"),
        (rule.automatic and draft.part == 1 and not rested, Status.SUPPRESSED, "same_text"),
    )
    return next((Drop(status, reason) for applies, status, reason in obstacles if applies), None)


def is_unwanted(kind: OutboxKind, rule: KindRule, answering: datetime | None, opted_out_at: datetime | None) -> bool:
    """Whether somebody's opt-out forbids a text.

    Automatic texts stop. A reply may still answer what was written at or after the opt-out (its confirmation is such
    a reply), but not what was written before. Safety and an agent's own words are no automatic contact, and what our
    own staff must know is not for them to refuse.
    """
    if opted_out_at is None or kind in {OutboxKind.SAFETY, OutboxKind.AGENT, *FOR_STAFF}:
        return False
    return rule.automatic or answering is None or answering < opted_out_at


def _not_yet(
    draft: Draft, around: Around, *, policy: Policy, calendar: Calendar, capabilities: Capabilities, now: datetime
) -> Wait | None:
    """What keeps a text from leaving now, and until when."""
    rule = policy.kinds[draft.kind]
    # What cannot be done before closing time counts as asked for after it: a phone that would hardly ring, a text in
    # the last second, which may be past before the carrier is called.
    needs = policy.shortest_ring if draft.medium is Medium.CALL else SHORTEST
    for moment in (now, now + needs - timedelta.resolution) if rule.leaves is Leaves.HOURS else (now,):
        if not may_leave(rule, draft.answering, calendar, moment):
            return Wait(working_time.next_opening(calendar, moment), "closed")
    if rule.leaves is not Leaves.ALWAYS and capabilities.hours is not None:
        opens = _next_in_hours(capabilities.hours, calendar, now)
        if opens > now:
            return Wait(opens, "carrier_closed")
    if draft.part > 1 or rule.leaves is Leaves.ALWAYS:
        return None
    most = capabilities.daily_per_number
    if rule.automatic and around.automatic_today >= policy.automatic_per_day:
        return Wait(_tomorrow(calendar, now), "daily_limit")
    if most is not None and draft.medium is Medium.TEXT and around.texts_today >= most:
        return Wait(_tomorrow(calendar, now), "carrier_daily_limit")
    return None


def may_leave(rule: KindRule, answering: datetime | None, calendar: Calendar, now: datetime) -> bool:
    """Whether a kind of text may leave at this hour."""
    if rule.leaves is Leaves.ALWAYS:
        return True
    if rule.leaves is Leaves.HOURS_OR_FRESH and answering is not None and now - answering <= rule.fresh_for:
        return True
    return working_time.is_open(calendar, now)


def _tomorrow(calendar: Calendar, now: datetime) -> datetime:
    return working_time.next_opening(calendar, day_start(calendar, now) + timedelta(days=1))


def day_start(calendar: Calendar, now: datetime) -> datetime:
    """Midnight at the head of the local day of an instant."""
    return datetime.combine(now.astimezone(calendar.zone).date(), time(), calendar.zone)


def _next_in_hours(hours: tuple[time, time], calendar: Calendar, now: datetime) -> datetime:
    local = now.astimezone(calendar.zone)
    opens, closes = hours
    if opens <= local.time() < closes:
        return now
    day = local.date() if local.time() < opens else local.date() + timedelta(days=1)
    return datetime.combine(day, opens, calendar.zone)


def _valid_for(draft: Draft, rule: KindRule, policy: Policy, calendar: Calendar, now: datetime) -> int:
    """Seconds the carrier may take: never past the row's own end; what leaves in hours only, never past closing."""
    ends = [now + (rule.valid_for if draft.medium is Medium.TEXT else policy.ring_for)]
    if draft.valid_until is not None:
        ends.append(draft.valid_until)
    if rule.leaves is Leaves.HOURS:
        ends.append(working_time.closing(calendar, now))
    return max(1, int((min(ends) - now).total_seconds()))


def after_not_processed(
    failures: int, retry_after_s: int | None, salt: int, *, policy: Policy, now: datetime
) -> Decision:
    """What follows when a carrier provably did not take a text: back off with jitter, in the end give up.

    Args:
        failures: how often that has happened, this time included.
        retry_after_s: what the carrier asked for, if it did.
        salt: any number; spreads texts that failed together over half the pause.
    """
    if failures >= policy.attempts:
        return Drop(Status.DEAD, "attempts")
    pause = policy.back_off[min(failures, len(policy.back_off)) - 1]
    if retry_after_s is not None:
        pause = max(pause, timedelta(seconds=min(retry_after_s, 3600)))
    jitter = (salt * 2_654_435_761 % 1000) / 2000
    return Wait(now + pause * (1 + jitter), "back_off")


def after_refusal(
    action: Action, *, had_second_try: bool, policy: Policy, now: datetime, for_staff: bool = False
) -> Decision:
    """What follows from a definite refusal. What does not reach our own staff is never just held back."""
    match action:
        case Action.STOP:
            return Wait(now, "sender_paused")
        case Action.RETRY_LATER if not had_second_try:
            return Wait(now + policy.retry_later, "retry_later")
        case Action.OPTED_OUT if not for_staff:
            return Drop(Status.SUPPRESSED, "opted_out")
        case _:
            return Drop(Status.REFUSED, action.value)


def status_of(word: CarrierStatus) -> Status:
    """Our status for a carrier's word."""
    if word in {CarrierStatus.DELIVERED, CarrierStatus.READ, CarrierStatus.COMPLETED}:
        return Status.DELIVERED
    return Status.REFUSED if word in NOT_REACHED else Status.SENT


class Verdict(StrEnum):
    """What a person decides about something that did not leave, or may not have."""

    AGAIN = "again"
    DROP = "drop"


FOR_A_PERSON = frozenset({Status.REFUSED, Status.EXPIRED, Status.DEAD, Status.UNKNOWN})
NEVER_AGAIN = frozenset({"filtered", "empty", "fixed_line", "no_texts", *phone.REASONS})
"""Reasons that would hold again, whoever decides: a filtered text, nothing to say, a number not to be called."""


def verdicts(status: Status, reason: str | None, *, is_dropped: bool, is_secret: bool) -> tuple[Verdict, ...]:
    """What a person may decide about a row now.

    Args:
        is_dropped: somebody has dropped it already; that can be taken back.
        is_secret: it holds a one-time code, which is worth nothing later.
    """
    if status is Status.PENDING and reason == "outside_calendar":
        return (Verdict.DROP,)
    if status not in FOR_A_PERSON:
        return ()
    again = () if is_secret or reason in NEVER_AGAIN else (Verdict.AGAIN,)
    return again if is_dropped else (*again, Verdict.DROP)


NOT_REACHED = frozenset(
    {
        CarrierStatus.FAILED,
        CarrierStatus.UNDELIVERED,
        CarrierStatus.CANCELED,
        CarrierStatus.BUSY,
        CarrierStatus.NO_ANSWER,
    }
)
