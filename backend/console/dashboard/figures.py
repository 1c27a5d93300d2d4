"""The manager's figures as the console shows them and as files: names of what is counted, bars, heat maps, sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.callbacks.models import Callback
from backend.console import labels, queries
from backend.console.words import Catalogue, Times, mark
from backend.conversations.models import Conversation
from backend.escalations.models import Escalation
from backend.followups.models import FollowUp
from backend.kernel import phone
from backend.reports.export import Sheet
from backend.reports.measures import NONE, Measure
from backend.reports.policy import complaints
from backend.reports.service import Figures, Kept
from backend.reviews.models import Review
from backend.tickets.models import Promise, Ticket

HEAT = 5
"""How many shades a heat map has beside nothing."""

MEASURES = {
    "conversations": mark("Conversations held"),
    "bot_alone": mark("Handled by the bot alone"),
    "with_person": mark("With a person"),
    "replies": mark("First replies"),
    "promises": mark("Promises that were due"),
    "backlog": mark("Open tickets now"),
    "waiting": mark("Waiting for a person now"),
    "callbacks": mark("Calls made"),
    "retries": mark("Calls made again"),
    "to_call": mark("Calls to make now"),
    "overdue_calls": mark("Calls nobody made in time"),
    "opened": mark("Tickets opened"),
    "repeated": mark("Contacted us again"),
    "complaints": mark("What complaints are about"),
    "errors": mark("Not understood by the bot"),
    "escalations": mark("Escalations"),
    "grades": mark("Customers’ grades"),
}
OUTCOMES = {
    "kept": mark("kept"),
    "late": mark("kept too late"),
    "missed": mark("missed"),
    "running": mark("still running"),
}
SPANS = {
    "today": mark("Today"),
    "week": mark("This week"),
    "last_week": mark("Last week"),
    "month": mark("30 days"),
}
CUTS = {
    "too_long": mark("At most 92 days are shown; these are the last of them."),
    "turned": mark("The first day was after the last; they were exchanged."),
}
WEEKDAYS = (
    mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday"), mark("Friday"), mark("Saturday"),
    mark("Sunday"),
)  # fmt: skip
NAMES: Mapping[str, Mapping[str, str]] = {
    "kind": labels.PROMISES,
    "tier": labels.TIERS,
    "outcome": OUTCOMES,
    "channel": labels.CHANNELS,
    "trigger": labels.TRIGGERS,
    "type": labels.TICKET_TYPES,
    "grade": labels.GRADES,
    "low": {"yes": mark("low"), "no": mark("not low")},
    "by": labels.GRADED_BY,
}


@dataclass(frozen=True)
class Line:
    """A row behind a figure: where it opens, what it is called, of when, and what else to say of it."""

    address: str
    title: str
    at: datetime
    about: str
    state: str
    phone: str | None = None


@dataclass(frozen=True)
class HeatCell:
    """An hour of a heat map; `shade` 0 (nothing) to HEAT."""

    hour: int
    count: int
    shade: int


@dataclass(frozen=True)
class HeatRow:
    """A row of a heat map; `key` names it in addresses."""

    key: str
    name: str
    cells: Sequence[HeatCell]
    total: int


def name_of(measure: str, dimension: str, key: str, words: Catalogue) -> str:
    """What a key of a dimension is called, in the reader's language."""
    if key == NONE:
        return words.gettext(mark("not known"))
    if dimension == "reason" and measure == Measure.COMPLAINTS:
        reason = complaints().reasons.get(key)
        return str(getattr(reason.name, words.language)) if reason else words.gettext(mark("something else"))
    if dimension == "reason":
        return words.gettext(labels.REVIEW_REASONS.get(key, key))
    if dimension == "status":
        names = labels.CALLBACK_STATUSES if measure in _OF_CALLS else labels.TICKET_STATUSES
        return words.gettext(names.get(key, key))
    return words.gettext(NAMES.get(dimension, {}).get(key, key))


_OF_CALLS = frozenset({Measure.CALLBACKS, Measure.RETRIES, Measure.TO_CALL, Measure.OVERDUE_CALLS})


def heat(rows: Mapping[Any, Mapping[int, int]], names: Mapping[Any, str]) -> list[HeatRow]:
    """The rows of a heat map over the 24 hours; the fullest hour has the deepest shade."""
    most = max((count for hours in rows.values() for count in hours.values()), default=0)
    return [
        HeatRow(
            str(key),
            names[key],
            [HeatCell(hour, hours.get(hour, 0), _shade(hours.get(hour, 0), most)) for hour in range(24)],
            sum(hours.values()),
        )
        for key, hours in rows.items()
    ]


def _shade(count: int, most: int) -> int:
    return -(-count * HEAT // most) if count else 0


def lines(session: Session, rows: Sequence[Any], words: Catalogue) -> list[Line]:
    """Rows behind a figure as lines of a list."""
    ticket_ids = [row.ticket_id for row in rows if getattr(row, "ticket_id", None)]
    tickets = queries.tickets_by_id(session, ticket_ids)
    return [_line(row, tickets, words) for row in rows]


def _line(row: Any, tickets: Mapping[int, Ticket], words: Catalogue) -> Line:
    say = words.gettext
    match row:
        case Conversation():
            kind, state = say(labels.CHANNELS[row.channel]), say(labels.MODES[row.mode])
            return Line(f"/console/conversations/{row.id}?tab=all", row.id[:8], row.created_at, kind, state, row.phone)
        case Ticket() | Promise() | FollowUp():
            return _of_case(row, tickets, words)
        case Callback():
            state = say(labels.CALLBACK_STATUSES[row.status])
            ticket = tickets.get(row.ticket_id or 0)
            address = f"/console/tickets/{ticket.ticket_no}" if ticket else "/console/callbacks"
            return Line(address, ticket.ticket_no if ticket else "—", row.window_start, row.reason, state, row.phone)
        case Escalation():
            why = row.why_zh if words.language == "zh" else row.why_en
            address = "/console/escalations/ended" if row.ended_at else "/console/escalations"
            return Line(address, say(labels.TRIGGERS[row.trigger]), row.raised_at, why, "")
        case Review():
            state = say(labels.REVIEW_REASONS[row.reason])
            return Line("/console/reviews?state=all", row.text, row.last_at, row.answer, state)
        case _:
            raise TypeError(f"No line is known for {type(row).__name__}.")


def _of_case(row: Ticket | Promise | FollowUp, tickets: Mapping[int, Ticket], words: Catalogue) -> Line:
    if isinstance(row, Ticket):
        return _of_ticket(row, row.created_at, row.symptom or row.complaint_about or row.description or "", words)
    ticket = tickets[row.ticket_id]
    if isinstance(row, Promise):
        return _of_ticket(ticket, row.due_at or row.started_at, words.gettext(labels.PROMISES[row.kind]), words)
    line = _of_ticket(ticket, row.graded_at or row.created_at, row.words or ticket.outlet or "", words)
    return replace(line, state=words.gettext(labels.GRADES[str(row.grade)]))


def _of_ticket(ticket: Ticket, at: datetime, about: str, words: Catalogue) -> Line:
    state = words.gettext(labels.TICKET_STATUSES[ticket.status])
    address = f"/console/tickets/{ticket.ticket_no}"
    return Line(address, ticket.ticket_no, at, about, state, ticket.contact_phone)


def sheet_of(name: str, shown: Sequence[Line], words: Catalogue, times: Times) -> Sheet:
    """The rows behind a figure as a sheet; numbers stay masked."""
    heads = [words.gettext(each) for each in (mark("What"), mark("When"), mark("About"), mark("State"), mark("Phone"))]
    rows = [
        (each.title, times.iso(each.at), each.about, each.state, phone.mask(each.phone) if each.phone else "")
        for each in shown
    ]
    return Sheet(name, heads, rows)


def sheets(found: Figures, words: Catalogue) -> list[Sheet]:
    """All figures of a period as sheets."""
    say = words.gettext
    count, per_cent = say(mark("Count")), say(mark("Per cent"))
    head = found.headline
    minutes = round(head.first_reply.total_seconds() / 60, 1) if head.first_reply is not None else None
    top = [
        (say(MEASURES["conversations"]), head.bot_alone.whole, None),
        (say(MEASURES["bot_alone"]), head.bot_alone.part, head.bot_alone.percent),
        (say(mark("First reply, median, minutes")), minutes, None),
        (say(mark("Promises kept")), head.kept.part, head.kept.percent),
        (say(MEASURES["repeated"]), found.repeated.part, found.repeated.percent),
        (say(MEASURES["retries"]), found.retries, None),
        (say(MEASURES["waiting"]), found.waiting, None),
        (say(MEASURES["to_call"]), found.to_call, None),
        (say(MEASURES["overdue_calls"]), found.overdue_calls, None),
    ]
    made = [Sheet(say(mark("Overview")), [say(mark("Figure")), count, per_cent], top)]
    made.append(_hours(say(mark("Channels by hour")), say(mark("Channel")), found.channel_hours, "channel", words))
    for dimension, several in found.promises.items():
        made.append(_kept_sheet(dimension, several, words))
    for measure, dimension, counts in (
        (Measure.BACKLOG, "status", found.backlog),
        (Measure.CALLBACKS, "status", found.callbacks),
        (Measure.COMPLAINTS, "reason", found.complaints),
        (Measure.ERRORS, "reason", found.errors),
        (Measure.ESCALATIONS, "trigger", found.escalations),
        (Measure.GRADES, "by", found.graded_by),
    ):
        rows = [(name_of(measure, dimension, key, words), number) for key, number in counts.items()]
        made.append(Sheet(say(MEASURES[measure]), [say(mark("What")), count], rows))
    return [*made, _grades_sheet(found, words)]


def _grades_sheet(found: Figures, words: Catalogue) -> Sheet:
    say = words.gettext
    heads = [say(mark("Outlet")), *labels.GRADES, say(mark("Average")), say(mark("Low, per cent"))]
    rows = [
        (
            name_of("", "outlet", each.outlet, words),
            *(each.grades.get(int(grade), 0) for grade in labels.GRADES),
            each.mean,
            each.low_share.percent,
        )
        for each in found.grades_by_outlet
    ]
    return Sheet(say(mark("Grades by outlet")), heads, rows)


def _hours(title: str, head: str, rows: Mapping[str, Mapping[int, int]], dimension: str, words: Catalogue) -> Sheet:
    heads = [head, *(f"{hour:02d}:00" for hour in range(24))]
    return Sheet(
        title,
        heads,
        [
            (name_of("", dimension, key, words), *(hours.get(hour, 0) for hour in range(24)))
            for key, hours in rows.items()
        ],
    )


BY = {
    "kind": mark("Promises by kind"),
    "tier": mark("Promises by region"),
    "outlet": mark("Promises by outlet"),
}


def _kept_sheet(dimension: str, several: Sequence[Kept], words: Catalogue) -> Sheet:
    say = words.gettext
    heads = [say(mark("What")), *(say(name) for name in OUTCOMES.values()), say(mark("Per cent"))]
    rows = [
        (
            name_of("", dimension, each.name, words),
            *(each.outcomes.get(outcome, 0) for outcome in OUTCOMES),
            each.share.percent,
        )
        for each in several
    ]
    return Sheet(say(BY[dimension]), heads, rows)
