"""Which windows a visit can have now, gathered from outlet, calendar, visits that stand and the on-site promise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.appointments import queries, rules
from backend.appointments.rules import Diary, HalfDay, Offers, Policy, Team
from backend.appointments.texts import words_of
from backend.errors import BadTime
from backend.kernel.window import Window
from backend.outlets import service as outlets
from backend.reference import Reference
from backend.reference.tables import Outlet
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import VISITED, PromiseKind

WHY = {
    "inside": "inside the on-site promise",
    "by_wish": "the customer's choice, after the on-site promise",
    "none_inside": "no window was free inside the on-site promise",
    "after_promise": "after the on-site promise although a window inside it was free",
    "undated": "the on-site promise has no date to keep",
}
REFUSED = {
    "past": "This window is past, or begins too soon.",
    "full": "This window has no room left.",
    "closed": "The outlet makes no visits then.",
    "too_far": "This is too far ahead, or beyond the calendar.",
    "lapsed": "The hold on this window has run out.",
}


def policy_of(reference: Reference) -> Policy:
    """How visits are agreed, in force."""
    table = reference.appointments
    return Policy(
        half_days=tuple(HalfDay(name, *half.hours, half.windows) for name, half in table.half_days.items()),
        lead=timedelta(minutes=table.lead_minutes),
        hold=timedelta(minutes=table.hold_minutes),
        farthest=timedelta(days=table.farthest_days),
        evening=table.evening_at,
        soon=timedelta(minutes=table.soon_minutes),
        soon_least=timedelta(minutes=table.soon_least_minutes),
        rest=timedelta(minutes=table.rest_minutes),
    )


def team_of(outlet: Outlet | None) -> Team | None:
    """What an outlet can do; None for none."""
    return Team(outlet.visits, frozenset(outlet.skills), outlet.works == "daily") if outlet else None


def diary_of(
    session: Session, outlet: Outlet, reference: Reference, now: datetime, besides: int | None = None
) -> Diary:
    """An outlet's visits; `besides` leaves one out that is to be moved."""
    team = team_of(outlet)
    assert team is not None
    taken = queries.taken(session, outlet.name, since=now - timedelta(days=1), now=now, besides=besides)
    return Diary(reference.calendar, policy_of(reference), team, taken, now)


def offers_for(
    session: Session, ticket: Ticket, *, reference: Reference, now: datetime, besides: int | None = None
) -> Offers:
    """Windows a visit for a ticket can have, inside its on-site promise first, and why these or none."""
    outlet = outlets.named(ticket.outlet, reference)
    if why := rules.cannot_visit(ticket.type, VISITED, team_of(outlet)):
        return Offers((), 0, why)
    assert outlet is not None
    return rules.offers(diary_of(session, outlet, reference, now, besides), due_of(session, ticket))


def to_name(
    session: Session, ticket: Ticket, windows: Sequence[Window], reference: Reference, now: datetime
) -> list[Window]:
    """Those of some windows to name in one question."""
    outlet = outlets.named(ticket.outlet, reference)
    if outlet is None or not windows:
        return []
    diary = diary_of(session, outlet, reference, now)
    return rules.half_days_first(diary, windows, reference.appointments.offered)


def due_of(session: Session, ticket: Ticket) -> datetime | None:
    """The end of the on-site promise while it runs."""
    return tickets.running_due(session, ticket, PromiseKind.ONSITE)


def why_this(found: Offers, window: Window, due: datetime | None, *, by_wish: bool) -> str:
    """Why a visit stands in its window, for the agent."""
    if due is None:
        return WHY["undated"]
    if window.end <= due:
        return WHY["inside"]
    if not found.inside:
        return WHY["none_inside"]
    return WHY["by_wish" if by_wish else "after_promise"]


def check(session: Session, ticket: Ticket, window: Window, found: Offers, reference: Reference, now: datetime) -> None:
    """Refuse a window that is not among those offered.

    Raises:
        BadTime: with the reason, and alternatives beside it.
    """
    if window in found.windows:
        return
    outlet = outlets.named(ticket.outlet, reference)
    problem = rules.problem_with(diary_of(session, outlet, reference, now), window) if outlet else None
    raise bad_time((problem or rules.Problem.CLOSED).value, ticket, found, session, reference, now)


def bad_time(
    code: str, ticket: Ticket, found: Offers, session: Session, reference: Reference, now: datetime
) -> BadTime:
    """A refusal with windows to choose instead."""
    named = to_name(session, ticket, found.windows, reference, now)
    alternatives = [
        {
            "start": each.start.isoformat(),
            "end": each.end.isoformat(),
            "words": words_of(each, reference, now).as_dict(),
        }
        for each in named
    ]
    return BadTime(REFUSED[code], code=code, alternatives=alternatives)
