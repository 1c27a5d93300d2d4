"""What a carrier is to the house: a port with a table of capabilities and four possible outcomes of a send.

Adding a carrier means implementing `Carrier` and passing `tests/telephony/test_conformance.py`; no room changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Protocol, runtime_checkable

from telephony import templates
from telephony.templates import Template


class Action(StrEnum):
    """What to do about a carrier's definite refusal (data: `twilio_errors.yaml`)."""

    SHOW = "show"
    """Failed for good: show an agent, do not try again."""
    STOP = "stop"
    """The account is refused: pause the sender, alarm, keep the rows."""
    OPTED_OUT = "opted_out"
    """The person has opted out at the carrier: contact them no more."""
    VOICE = "voice"
    """A landline or an unusable number: an agent calls instead."""
    RETRY_LATER = "retry_later"
    """The phone was not reached: try once more later, inside hotline hours."""
    FILTERED = "filtered"
    """The text was filtered: never the same text again."""
    BLOCKED = "blocked"
    """The country is blocked or the traffic looks like fraud: alarm, no retry."""


class Feature(StrEnum):
    """Something a carrier can or cannot do."""

    SMS = "sms"
    TWO_WAY_SMS = "two_way_sms"
    VOICE = "voice"
    MMS = "mms"
    URLS = "urls"


@dataclass(frozen=True)
class Capabilities:
    """What a carrier can do.

    Attributes:
        features: what it can do at all.
        not_in: what it cannot do in a region (ISO 3166 code), although it can elsewhere.
        max_segments: the longest text, in SMS segments.
        needs_templates: it accepts approved templates only, no free text.
        approved: those templates.
        only_in: the regions it reaches at all, or None for any.
        daily_per_number: most texts one number may get in a day, or None.
        hours: local hours it accepts texts and calls in (open, close), or None for any hour.
        texts_per_second: most texts it takes from us in a second, or None for any number.
        calls_per_second: most calls it begins for us in a second, or None for any number.
    """

    features: frozenset[Feature]
    not_in: Mapping[str, frozenset[Feature]] = field(default_factory=dict)
    max_segments: int = 10
    needs_templates: bool = False
    approved: tuple[Template, ...] = ()
    only_in: frozenset[str] | None = None
    daily_per_number: int | None = None
    hours: tuple[time, time] | None = None
    texts_per_second: float | None = None
    calls_per_second: float | None = None

    def can(self, feature: Feature, region: str) -> bool:
        """Whether it can do this for a number of a region."""
        is_reached = self.only_in is None or region in self.only_in
        return is_reached and feature in self.features and feature not in self.not_in.get(region, frozenset())

    def takes(self, text: str) -> bool:
        """Whether it accepts these words: where templates are needed, one of the approved ones has them."""
        return not self.needs_templates or templates.fit(self.approved, text) is not None

    def rate_of(self, *, calls: bool) -> float | None:
        """How many texts, or calls, a second."""
        return self.calls_per_second if calls else self.texts_per_second


@dataclass(frozen=True)
class OutgoingText:
    """One text to one person.

    Attributes:
        to: E.164.
        body: what to say.
        reference: our name for this attempt; comes back in status callbacks. Never personal.
        valid_for_s: seconds after which the carrier must give up rather than deliver.
    """

    to: str
    body: str
    reference: str
    valid_for_s: int


@dataclass(frozen=True)
class OutgoingCall:
    """One call to one person, in which some words are said aloud.

    Attributes:
        to: E.164.
        words: what to say; said twice. With a script: what it is about, for those who see calls and place none.
        language: "zh" or "en"; decides the voice.
        reference: as for texts.
        ring_for_s: seconds after which the carrier stops ringing.
        script: whose webhook says what is said, and hears the answers (`outgoing.SCRIPTS`); empty: nobody's.
    """

    to: str
    words: str
    language: str
    reference: str
    ring_for_s: int
    script: str = ""


@dataclass(frozen=True)
class Sent:
    """The carrier has accepted the text or call under this id."""

    sid: str


@dataclass(frozen=True)
class Refused:
    """The carrier has definitely refused the text or call."""

    code: int
    action: Action


@dataclass(frozen=True)
class NotProcessed:
    """Proof that the carrier has not processed the text or call: it may be tried again."""

    why: str
    retry_after_s: int | None = None


@dataclass(frozen=True)
class Unknown:
    """The text or call may or may not have left: never try it again without proof."""

    why: str


SendResult = Sent | Refused | NotProcessed | Unknown


class CarrierStatus(StrEnum):
    """How far a text or call has come, in the carrier's words."""

    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELED = "canceled"
    DELIVERED = "delivered"
    READ = "read"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"


@dataclass(frozen=True)
class FoundText:
    """A text the carrier knows of; by our name for it (`reference`), where it hands that back, or by its words."""

    sid: str
    body: str
    status: CarrierStatus | None
    error_code: int | None
    created_at: datetime
    reference: str = ""


@dataclass(frozen=True)
class FoundCall:
    """A call the carrier knows to have made for us."""

    sid: str
    status: CarrierStatus | None
    created_at: datetime


class Carrier(Protocol):
    """Someone who carries texts and, with `Feature.VOICE`, calls.

    Methods block for at most a few seconds and raise nothing but `CarrierAway`.
    """

    @property
    def name(self) -> str:
        """A word for logs and rows."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    @property
    def own_numbers(self) -> frozenset[str]:
        """Our own numbers (E.164): never texted or rung."""
        ...

    def send_text(self, text: OutgoingText) -> SendResult:
        """Try once. Every failure is one of the outcomes; nothing is raised."""
        ...

    def call(self, call: OutgoingCall) -> SendResult:
        """Try once to ring somebody; `Sent` means that the carrier will ring. Nothing is raised."""
        ...

    def find(self, *, to: str, since: datetime) -> Sequence[FoundText]:
        """Texts to a number created at or after an instant.

        Raises:
            CarrierAway: the carrier could not be asked.
        """
        ...

    def find_calls(self, *, to: str, since: datetime) -> Sequence[FoundCall]:
        """Calls we had it make to a number, created at or after an instant.

        Raises:
            CarrierAway: the carrier could not be asked.
        """
        ...

    def hang_up(self, sid: str) -> None:
        """End a call we had it make, and with it whoever is connected in it. One that is over already stays so.

        Raises:
            CarrierAway: nobody knows whether it goes on.
        """
        ...


@dataclass(frozen=True)
class Report:
    """What a carrier that is asked says of a text of ours."""

    status: DeliveryStatus
    reference: str


@runtime_checkable
class Letterbox(Protocol):
    """A carrier that does not call back: it is asked for reports and for texts that came in.

    It hands each out once: who asks stores it at once.
    """

    def reports(self) -> Sequence[Report]:
        """What has become of texts of ours.

        Raises:
            CarrierAway: the carrier could not be asked.
        """
        ...

    def texts(self) -> Sequence[InboundText]:
        """Texts that came in.

        Raises:
            CarrierAway: the carrier could not be asked.
        """
        ...


class TelephonyError(Exception):
    """Something went wrong between us and a carrier."""


class CarrierAway(TelephonyError):
    """The carrier could not be asked."""


class BadForm(TelephonyError):
    """A webhook's form lacks what it must have, or has it in an impossible shape."""


class OptWord(StrEnum):
    """A whole message that is about receiving messages at all."""

    STOP = "stop"
    START = "start"
    HELP = "help"


@dataclass(frozen=True)
class Media:
    """An image sent to us, at an address of the carrier's own hosts."""

    url: str
    content_type: str


@dataclass(frozen=True)
class InboundText:
    """A text somebody sent to us.

    Attributes:
        sid: the carrier's id, the key for de-duplication.
        sender: who wrote: E.164, or a short code or letters as the carrier gave it.
        to: our number.
        body: the words, without control characters.
        media: images worth fetching; others are left out.
        left_out: how many attachments were left out.
        opt: an opt-out, opt-in or help word, the carrier's own reading first.
        answerable: whether the sender is a number one can text back.
    """

    sid: str
    sender: str
    to: str
    body: str
    media: tuple[Media, ...]
    left_out: int
    opt: OptWord | None
    answerable: bool


@dataclass(frozen=True)
class DeliveryStatus:
    """A status callback. `status` is None for a word we do not know: accepted, without effect."""

    sid: str
    status: CarrierStatus | None
    error_code: int | None
