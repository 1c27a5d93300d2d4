"""What is noted while the simulated house runs: who came, who was called, who was at work, what became of each case."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from backend.kernel.window import Window
from backend.simulation.people import Person


class Work(StrEnum):
    """What an agent was busy with."""

    CALL = "call"
    CHAT = "chat"
    ALARM = "alarm"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True)
class Busy:
    """An agent at work, from an instant until another."""

    agent: int
    work: Work
    start: datetime
    end: datetime


@dataclass
class Case:
    """A customer, their ticket, and what happened to it."""

    person: Person
    conversation_id: str = ""
    ticket_id: int | None = None
    ticket_no: str = ""
    phone: str = ""
    tries: list[datetime] = field(default_factory=list)
    arranged: list[Window] = field(default_factory=list)
    arranged_at: datetime | None = None
    outlet: str = ""
    was_absent: bool = False
    chases: int = 0

    @property
    def visit(self) -> Window | None:
        """The visit that is arranged now."""
        return self.arranged[-1] if self.arranged else None


@dataclass
class Record:
    """Everything noted in one run, in the order it happened."""

    contacts: list[datetime] = field(default_factory=list)
    calls: list[datetime] = field(default_factory=list)
    unanswered: int = 0
    chases: int = 0
    chats: int = 0
    acknowledged: int = 0
    cancelled: int = 0
    moved: int = 0
    opted_out: int = 0
    visits: int = 0
    absent: int = 0
    parts: int = 0
    followup_calls: int = 0
    busy: list[Busy] = field(default_factory=list)
    cases: dict[int, Case] = field(default_factory=dict)
    """By the id of the ticket."""
