"""Technicians: visits agreed through the appointments room, the technician at the door, the part that is missing.

Outlets whose visits are agreed by telephone only have no windows there: their visits are noted here, as on paper.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend import db
from backend.appointments import offering, settling
from backend.appointments import service as appointments
from backend.appointments.links import Links
from backend.errors import BadTime
from backend.kernel import working_time
from backend.kernel.window import FARTHEST, Window, grid
from backend.kernel.working_time import Calendar
from backend.simulation.agenda import Agenda
from backend.simulation.assumptions import Plan
from backend.simulation.record import Case, Record
from backend.simulation.stage import Stage
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import CLOSED, PromiseKind, Status

TECHNICIAN = "technician"
WEEKEND = 5  # Saturday


def preferred(windows: Iterable[Window], calendar: Calendar, *, weekend: bool) -> Window | None:
    """The window a customer takes of those that can be had: the first, or the first on a Saturday or Sunday."""
    for window in windows:
        if not weekend or working_time.local_day(calendar, window.start).weekday() >= WEEKEND:
            return window
    return None


def on_paper(windows: Iterable[Window], taken: Mapping[datetime, int], most: int, calendar: Calendar) -> Window | None:
    """The first window of a working day with fewer visits than an outlet makes at once."""
    for window in windows:
        day = working_time.local_day(calendar, window.start)
        if calendar.first <= day <= calendar.last and not working_time.is_working_day(calendar, day):
            continue
        if taken.get(window.start, 0) < most:
            return window
    return None


class Field:
    """The outlets' technicians and their visits."""

    def __init__(self, stage: Stage, agenda: Agenda, record: Record, plan: Plan) -> None:
        self._stage, self._agenda, self._record = stage, agenda, record
        self._crew = plan.assumed.technicians
        self._links = Links.of(stage.house)
        self._on_paper: dict[str, Counter[datetime]] = {}

    def arrange(self, session: Session, case: Case, ticket: Ticket, who: str) -> None:
        """Agree on a visit: the first that can be had, or the first on a weekend when the customer wants that."""
        now, reference = self._stage.now(), self._stage.reference
        found = offering.offers_for(session, ticket, reference=reference, now=now)
        wish = case.person.wants_weekend
        window = preferred(found.windows, reference.calendar, weekend=wish) or next(iter(found.windows), None)
        if window is None:
            self._note(session, case, ticket, who)
            return
        try:
            appointments.book(
                session,
                ticket,
                window,
                who=who,
                reference=reference,
                links=self._links,
                now=now,
                customer_asked=wish,
            )
        except BadTime:
            return
        self._expect(case, window)

    def give_back(self, case: Case) -> None:
        """A visit noted on paper will not be needed: somebody else may have its window."""
        if case.outlet and case.visit is not None and case.visit.start > self._stage.now():
            self._on_paper[case.outlet][case.visit.start] -= 1

    def _note(self, session: Session, case: Case, ticket: Ticket, who: str) -> None:
        """The outlet agrees on visits by telephone only."""
        now, reference = self._stage.now(), self._stage.reference
        case.outlet = ticket.outlet or ""
        taken = self._on_paper.setdefault(case.outlet, Counter())
        not_before = now + timedelta(hours=self._crew.lead_hours)
        length = timedelta(minutes=self._crew.window_minutes)
        windows = grid(reference.calendar, length, not_before, not_before + FARTHEST)
        window = on_paper(windows, taken, self._crew.by_telephone, reference.calendar)
        if window is None:
            return
        taken[window.start] += 1
        if ticket.status is not Status.SCHEDULED:
            tickets.move(session, ticket, Status.SCHEDULED, who=who, reference=reference, now=now)
        self._expect(case, window)

    def _expect(self, case: Case, window: Window) -> None:
        case.arranged.append(window)
        case.arranged_at = case.arranged_at or self._stage.now()
        arrives = window.start + case.person.chance * (window.end - window.start) / 2
        self._agenda.add(arrives.replace(microsecond=0), lambda: self._arrive(case, window))

    def _arrive(self, case: Case, window: Window) -> None:
        now = self._stage.now()
        with db.session_scope(self._stage.sessions) as session:
            ticket = tickets.find(session, case.ticket_no)
            if ticket.status in CLOSED or case.visit != window:
                return
            self._record.visits += 1
            if case.person.absent and not case.was_absent:
                case.was_absent = True
                self._record.absent += 1
                self._find_nobody(session, case, ticket)
                return
        least, most = self._crew.visit_minutes
        stays = timedelta(minutes=round(least + case.person.chance * (most - least)))
        self._agenda.add(now + stays, lambda: self._leave(case))

    def _find_nobody(self, session: Session, case: Case, ticket: Ticket) -> None:
        """Nobody is at home: the customer is told, reached by telephone, and another visit is agreed."""
        now, reference = self._stage.now(), self._stage.reference
        visit = appointments.agreed(session, ticket)
        if visit is not None:
            settling.customer_absent(session, visit.id, who=TECHNICIAN, reference=reference, links=self._links, now=now)
        self.arrange(session, case, tickets.find(session, case.ticket_no), TECHNICIAN)

    def _leave(self, case: Case) -> None:
        now, reference = self._stage.now(), self._stage.reference
        lacks = case.person.chance < self._crew.needs_part and len(case.arranged) == 1 + case.was_absent
        with db.session_scope(self._stage.sessions) as session:
            ticket = tickets.find(session, case.ticket_no)
            if ticket.status in CLOSED:
                return
            visit = appointments.agreed(session, ticket)
            if visit is not None:
                settling.done(session, visit.id, solved=not lacks, who=TECHNICIAN, reference=reference, now=now)
            else:
                tickets.meet_promise(session, ticket, PromiseKind.ONSITE, TECHNICIAN, now)
                if not lacks:
                    self._turn(session, ticket, Status.DONE)
            if not lacks:
                return
            self._turn(session, tickets.find(session, case.ticket_no), Status.WAITING, "a part is on its way")
        self._record.parts += 1
        first, last = self._crew.part_days
        comes = now + timedelta(days=first + case.person.pace / 4 * (last - first))
        self._agenda.add(comes.replace(microsecond=0), lambda: self._part(case))

    def _part(self, case: Case) -> None:
        with db.session_scope(self._stage.sessions) as session:
            ticket = tickets.find(session, case.ticket_no)
            if ticket.status not in CLOSED:
                self.arrange(session, case, ticket, TECHNICIAN)

    def _turn(self, session: Session, ticket: Ticket, status: Status, reason: str = "") -> None:
        now, reference = self._stage.now(), self._stage.reference
        tickets.move(session, ticket, status, who=TECHNICIAN, reference=reference, now=now, reason=reason)
