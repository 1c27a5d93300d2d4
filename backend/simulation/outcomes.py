"""What became of each promise, how late, and why: from what happened to its case. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a promise."""

    KEPT = "kept"
    MISSED = "missed"
    PAUSED = "paused"  # stands still at the end: for the customer, a part
    WITHDRAWN = "withdrawn"  # the customer cancelled before it was due
    UNDATED = "undated"  # never had a date
    OPEN = "open"  # not due yet at the end


class Why(StrEnum):
    """Why a promise was missed."""

    BUSY = "busy"  # nobody called in time
    NO_ANSWER = "no_answer"  # called in time, not reached
    WRONG_NUMBER = "wrong_number"
    NOT_ARRANGED = "not_arranged"  # the visit could not be agreed on in time
    NO_TECHNICIAN = "no_technician"  # agreed on in time, the earliest visit was later
    ABSENT = "absent"  # the technician came in time, nobody was at home


@dataclass(frozen=True)
class Promised:
    """A promise as the house has stored it. `closed` says that its ticket is cancelled."""

    kind: str
    tier: str
    outlet: str
    due_at: datetime | None
    met_at: datetime | None
    missed_at: datetime | None
    is_paused: bool
    is_cancelled: bool


@dataclass(frozen=True)
class History:
    """What happened around a promise.

    Attributes:
        tries: when the customer was called.
        wrong_number: whether the number first told was a stranger's.
        arranged_at: when a visit was first agreed on, or None.
        was_absent: whether nobody was at home once.
    """

    tries: Sequence[datetime] = ()
    wrong_number: bool = False
    arranged_at: datetime | None = None
    was_absent: bool = False


@dataclass(frozen=True)
class Fate:
    """One promise and what became of it. `late` is None unless it was missed; by open time."""

    promised: Promised
    outcome: Outcome
    late: timedelta | None = None
    why: Why | None = None


def outcome(promised: Promised) -> Outcome:
    """What became of a promise."""
    if promised.missed_at is not None:
        return Outcome.MISSED
    if promised.met_at is not None:
        return Outcome.KEPT
    if promised.is_cancelled:
        return Outcome.WITHDRAWN
    if promised.is_paused:
        return Outcome.PAUSED
    return Outcome.UNDATED if promised.due_at is None else Outcome.OPEN


def why_missed(promised: Promised, history: History) -> Why:
    """Why a promise was missed."""
    assert promised.due_at is not None
    due = promised.due_at
    tried = any(at <= due for at in history.tries)
    if promised.kind == "onsite":
        if history.arranged_at is None or history.arranged_at > due:
            return _not_reached(history, tried=tried, otherwise=Why.NOT_ARRANGED)
        return Why.ABSENT if history.was_absent else Why.NO_TECHNICIAN
    return _not_reached(history, tried=tried, otherwise=Why.BUSY)


def _not_reached(history: History, *, tried: bool, otherwise: Why) -> Why:
    if not tried:
        return otherwise
    return Why.WRONG_NUMBER if history.wrong_number else Why.NO_ANSWER


@dataclass
class Group:
    """Promises that have something in common, counted."""

    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    reasons: dict[Why, int] = field(default_factory=lambda: dict.fromkeys(Why, 0))
    late: list[timedelta] = field(default_factory=list)

    @property
    def made(self) -> int:
        """How many promises there are."""
        return sum(self.counts.values())

    @property
    def kept(self) -> float | None:
        """The share that was kept of those that were kept or missed; None when there are none."""
        settled = self.counts[Outcome.KEPT] + self.counts[Outcome.MISSED]
        return self.counts[Outcome.KEPT] / settled if settled else None

    @property
    def mean_late(self) -> timedelta:
        """How late the missed ones were on average, in open time; nothing when none was missed."""
        return sum(self.late, timedelta()) / len(self.late) if self.late else timedelta()

    def late_at(self, share: float) -> timedelta:
        """So late or less was this share of the missed ones."""
        return sorted(self.late)[min(len(self.late) - 1, int(share * len(self.late)))] if self.late else timedelta()

    def add(self, fate: Fate) -> None:
        """Count one promise."""
        self.counts[fate.outcome] += 1
        if fate.why is not None:
            self.reasons[fate.why] += 1
        if fate.late is not None:
            self.late.append(fate.late)


def grouped(fates: Iterable[Fate], by: str) -> Mapping[tuple[str, str], Group]:
    """Promises by kind and by one attribute of `Promised` ("kind" for the kind alone), in a fixed order."""
    groups: dict[tuple[str, str], Group] = {}
    for fate in fates:
        key = fate.promised.kind, "" if by == "kind" else str(getattr(fate.promised, by))
        groups.setdefault(key, Group()).add(fate)
    return dict(sorted(groups.items()))
