"""What a ticket may become, when two contacts are one case, and when a manager must look. Pure.

What it promises: `promise_rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from backend.errors import Conflict
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
    """A reply, a technician at the door, a handling opinion, word about a scarce part, a quality report answered."""

    REPLY = "reply"
    ONSITE = "onsite"
    OPINION = "opinion"
    PARTS = "parts"
    QUALITY = "quality"


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


def ticket_day(calendar: Calendar, now: datetime) -> date:
    """The day a ticket's number names."""
    return working_time.local_day(calendar, now)
