"""What is counted: each measure is one condition on stored rows, from which its figure and its list both come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, case, exists, func, literal, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from backend.callbacks.models import Callback
from backend.callbacks.rules import Status as CallStatus
from backend.conversations.models import Conversation, Message
from backend.conversations.rules import Author, Mode
from backend.escalations.models import Escalation
from backend.followups.models import FollowUp
from backend.reports.policy import complaints
from backend.reviews.models import Review
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import CLOSED, PromiseKind, Status, TicketType

NONE = "none"
OTHER = "other"
_SOMEBODY_SPOKE = 1  # a conversation of one message is a page somebody has opened


class Measure(StrEnum):
    """What the report counts."""

    CONVERSATIONS = "conversations"
    BOT_ALONE = "bot_alone"
    WITH_PERSON = "with_person"
    REPLIES = "replies"
    PROMISES = "promises"
    BACKLOG = "backlog"
    WAITING = "waiting"
    CALLBACKS = "callbacks"
    RETRIES = "retries"
    TO_CALL = "to_call"
    OVERDUE_CALLS = "overdue_calls"
    OPENED = "opened"
    REPEATED = "repeated"
    COMPLAINTS = "complaints"
    ERRORS = "errors"
    ESCALATIONS = "escalations"
    GRADES = "grades"


class Outcome(StrEnum):
    """What has become of a promise."""

    KEPT = "kept"
    LATE = "late"
    MISSED = "missed"
    RUNNING = "running"


@dataclass(frozen=True)
class Counted:
    """The rows of a measure.

    Attributes:
        of: the table whose rows are counted.
        at: what must lie in the period; None where the present counts.
        where: what else must hold.
        by: what the rows can be told apart by.
        with_ticket: whether `by` speaks of the row's ticket too.
    """

    of: type[Any]
    at: Any
    where: tuple[ColumnElement[bool], ...] = ()
    by: Mapping[str, ColumnElement[str]] = field(default_factory=dict)
    with_ticket: bool = False

    def rows(self, *columns: Any, start: datetime, end: datetime) -> Select[Any]:
        """Some columns of the rows in a period."""
        query = select(*columns).select_from(self.of).where(*self.where)
        if self.with_ticket:
            query = query.join(Ticket, Ticket.id == self.of.ticket_id)
        return query if self.at is None else query.where(self.at >= start, self.at < end)


class utc_hour(FunctionElement[str]):  # noqa: N801 (written as the SQL function it is)
    """The hour of an instant in UTC: "2026-11-24 02"."""

    inherit_cache = True
    type = sa.String()


@compiles(utc_hour, "sqlite")
def _hour_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"substr({compiler.process(element.clauses, **more)}, 1, 13)"


@compiles(utc_hour, "postgresql")
def _hour_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **more)} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"


class seconds_between(FunctionElement[float]):  # noqa: N801
    """Seconds from one instant to another."""

    inherit_cache = True
    type = sa.Float()


@compiles(seconds_between, "sqlite")
def _seconds_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    start, end = (compiler.process(each, **more) for each in element.clauses)
    return f"((julianday({end}) - julianday({start})) * 86400.0)"


@compiles(seconds_between, "postgresql")
def _seconds_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    start, end = (compiler.process(each, **more) for each in element.clauses)
    return f"EXTRACT(EPOCH FROM ({end}) - ({start}))"


def _agent() -> Any:
    """Written into the statement: by a parameter the database cannot tell that the partial index will do."""
    return literal(Author.AGENT, Message.author.type, literal_execute=True)


def _known(column: Any) -> ColumnElement[str]:
    return func.coalesce(sa.cast(column, sa.String), literal(NONE))


def _outcome(now: datetime) -> ColumnElement[str]:
    in_time = or_(Promise.due_at.is_(None), Promise.met_at <= Promise.due_at)
    return case(
        (Promise.met_at.is_not(None) & in_time, Outcome.KEPT.value),
        (Promise.met_at.is_not(None), Outcome.LATE.value),
        ((Promise.due_at < now) & Promise.paused_at.is_(None), Outcome.MISSED.value),
        else_=Outcome.RUNNING.value,
    )


def _is_late(now: datetime) -> ColumnElement[bool]:
    """Nobody has called when the customer was told: such a call has a coming window again, and keeps its mark."""
    return or_(Callback.overdue_at.is_not(None), Callback.window_end <= now)


def _complaint() -> ColumnElement[str]:
    said = func.lower(func.coalesce(Ticket.complaint_about, "") + " " + func.coalesce(Ticket.description, ""))
    reasons = complaints().reasons
    return case(
        *((or_(*(said.contains(word, autoescape=True) for word in each.words)), key) for key, each in reasons.items()),
        else_=OTHER,
    )


def counted(measure: Measure, now: datetime) -> Counted:
    """The rows of a measure. "Now" decides what is missed and what is still to come."""
    with_person = or_(
        Conversation.mode.in_((Mode.WAITING, Mode.HUMAN)),
        exists().where(Message.conversation_id == Conversation.id, Message.author == _agent()),
    )
    spoken = Conversation.last_seq > _SOMEBODY_SPOKE
    channel = {"channel": _known(Conversation.channel), "utc_hour": utc_hour(Conversation.created_at)}
    ticket = {"type": _known(Ticket.type), "status": _known(Ticket.status)}
    promise = {
        "kind": _known(Promise.kind),
        "tier": _known(Ticket.tier),
        "outlet": _known(Ticket.outlet),
        "outcome": _outcome(now),
    }
    in_force = or_(Promise.met_at.is_not(None), Ticket.status != Status.CANCELLED)
    settled = Callback.status.not_in((CallStatus.BOOKED, CallStatus.CANCELLED))
    grade = {
        "outlet": _known(Ticket.outlet),
        "grade": sa.cast(FollowUp.grade, sa.String),
        "low": case((FollowUp.is_low.is_(True), "yes"), else_="no"),
        "by": _known(FollowUp.by),
    }
    call = {"status": _known(Callback.status)}
    booked = Callback.status == CallStatus.BOOKED
    table = {
        Measure.CONVERSATIONS: Counted(Conversation, Conversation.created_at, (spoken,), channel),
        Measure.BOT_ALONE: Counted(Conversation, Conversation.created_at, (spoken, ~with_person), channel),
        Measure.WITH_PERSON: Counted(Conversation, Conversation.created_at, (spoken, with_person), channel),
        Measure.WAITING: Counted(Conversation, None, (Conversation.mode == Mode.WAITING,), channel),
        Measure.REPLIES: Counted(Promise, Promise.met_at, (Promise.kind == PromiseKind.REPLY,)),
        Measure.PROMISES: Counted(Promise, Promise.due_at, (in_force,), promise, True),
        Measure.BACKLOG: Counted(Ticket, None, (Ticket.status.not_in(CLOSED),), ticket),
        Measure.CALLBACKS: Counted(Callback, Callback.closed_at, (settled,), call),
        Measure.RETRIES: Counted(Callback, Callback.closed_at, (settled, Callback.attempt > 1), call),
        Measure.TO_CALL: Counted(Callback, None, (booked,), call),
        Measure.OVERDUE_CALLS: Counted(Callback, None, (booked, _is_late(now)), call),
        Measure.OPENED: Counted(Ticket, Ticket.created_at, (), ticket),
        Measure.REPEATED: Counted(Ticket, Ticket.created_at, (Ticket.contacts > 1,), ticket),
        Measure.COMPLAINTS: Counted(
            Ticket, Ticket.created_at, (Ticket.type == TicketType.COMPLAINT,), {**ticket, "reason": _complaint()}
        ),
        Measure.ERRORS: Counted(Review, Review.last_at, (), {"reason": _known(Review.reason)}),
        Measure.GRADES: Counted(FollowUp, FollowUp.graded_at, (FollowUp.grade.is_not(None),), grade, True),
        Measure.ESCALATIONS: Counted(Escalation, Escalation.raised_at, (), {"trigger": _known(Escalation.trigger)}),
    }
    return table[measure]
