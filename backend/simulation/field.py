"""Technicians: visits in windows by outlet, the technician at the door, the part that is missing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend import db
from backend.kernel import working_time
from backend.kernel.window import FARTHEST, Window, grid
from backend.kernel.working_time import Calendar
from backend.simulation.agenda import Agenda
from backend.simulation.assumptions import Plan, Technicians
from backend.simulation.record import Case, Record
from backend.simulation.stage import Stage
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import CLOSED, PromiseKind, Status, Words

TECHNICIAN = "technician"
WEEKEND = 5  # Saturday


def at_work(crew: Technicians, outlet: str, calendar: Calendar, at: datetime) -> int:
    """How many technicians of an outlet work on the local day of an instant: all, or their share on days off."""
    everybody, day = crew.of(outlet), working_time.local_day(calendar, at)
    known = calendar.first <= day <= calendar.last
    works = working_time.is_working_day(calendar, day) if known else day.weekday() < WEEKEND
    return everybody if works else math.ceil(everybody * crew.on_days_off)


def first_free(
    windows: Iterable[Window],
    taken: Mapping[datetime, int],
    room: Callable[[datetime], int],
    *,
    weekend: bool,
    calendar: Calendar,
) -> Window | None:
    """The first window with a technician to spare; on a Saturday or Sunday only when the customer wants that."""
    for window in windows:
        if weekend and working_time.local_day(calendar, window.start).weekday() < WEEKEND:
            continue
        if taken.get(window.start, 0) < room(window.start):
            return window
    return None


class Field:
    """The outlets' technicians and their visits."""

    def __init__(self, stage: Stage, agenda: Agenda, record: Record, plan: Plan) -> None:
        self._stage, self._agenda, self._record = stage, agenda, record
        self._crew = plan.assumed.technicians
        self._ids = {outlet.name: outlet.id for outlet in stage.reference.outlets.outlets}
        self._taken: dict[str, Counter[datetime]] = {outlet_id: Counter() for outlet_id in self._ids.values()}

    def arrange(self, session: Session, case: Case, ticket: Ticket, who: str) -> None:
        """Agree on the first visit that can be had; a later one the customer wanted puts the promise off."""
        now, calendar = self._stage.now(), self._stage.reference.calendar
        outlet = self._ids[ticket.outlet or ""]
        case.outlet = outlet
        not_before = now + timedelta(hours=self._crew.lead_hours)
        window = first_free(
            grid(calendar, timedelta(minutes=self._crew.window_minutes), not_before, not_before + FARTHEST),
            self._taken[outlet],
            lambda at: at_work(self._crew, outlet, calendar, at),
            weekend=case.person.wants_weekend,
            calendar=calendar,
        )
        if window is None:
            return
        self._taken[outlet][window.start] += 1
        case.arranged.append(window)
        case.arranged_at = case.arranged_at or now
        if ticket.status is not Status.SCHEDULED:
            tickets.move(session, ticket, Status.SCHEDULED, who=who, reference=self._stage.reference, now=now)
        if case.person.wants_weekend:
            asked_for = Words(*(window.words(calendar, language) for language in ("zh", "en")))
            tickets.put_off(
                session,
                ticket,
                PromiseKind.ONSITE,
                until=window.end,
                asked_for=asked_for,
                reference=self._stage.reference,
                now=now,
            )
        arrives = window.start + case.person.chance * (window.end - window.start) / 2
        self._agenda.add(arrives.replace(microsecond=0), lambda: self._arrive(case, window))

    def give_back(self, case: Case) -> None:
        """A visit will not be needed: somebody else may have its window."""
        if case.visit is not None and case.visit.start > self._stage.now():
            self._taken[case.outlet][case.visit.start] -= 1

    def _arrive(self, case: Case, window: Window) -> None:
        now = self._stage.now()
        if case.visit != window:
            return
        with db.session_scope(self._stage.sessions) as session:
            ticket = tickets.find(session, case.ticket_no)
            if ticket.status in CLOSED:
                return
            self._record.visits += 1
            if case.person.absent and not case.was_absent:
                case.was_absent = True
                self._record.absent += 1
                self.arrange(session, case, ticket, TECHNICIAN)
                return
            tickets.meet_promise(session, ticket, PromiseKind.ONSITE, TECHNICIAN, now)
            self._turn(session, ticket, Status.IN_PROGRESS)
        least, most = self._crew.visit_minutes
        stays = timedelta(minutes=round(least + case.person.chance * (most - least)))
        self._agenda.add(now + stays, lambda: self._leave(case))

    def _leave(self, case: Case) -> None:
        now = self._stage.now()
        lacks = case.person.chance < self._crew.needs_part and len(case.arranged) == 1 + case.was_absent
        with db.session_scope(self._stage.sessions) as session:
            ticket = tickets.find(session, case.ticket_no)
            if ticket.status in CLOSED:
                return
            if not lacks:
                self._turn(session, ticket, Status.DONE)
                return
            self._turn(session, ticket, Status.WAITING, "a part is on its way")
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
