"""The agenda of a run: from instant to instant, each act followed by whatever became due in the rooms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from backend import db
from backend.errors import Conflict, Refused
from backend.reference import Reference
from backend.settings import Settings
from backend.simulation import people
from backend.simulation.agenda import Agenda
from backend.simulation.assumptions import Plan
from backend.simulation.customers import Customers
from backend.simulation.desk import Desk
from backend.simulation.field import Field
from backend.simulation.people import Person
from backend.simulation.record import Record
from backend.simulation.stage import Carried, Stage, open_stage
from backend.simulation.surveys import Surveys
from backend.simulation.timetable import SECOND, Ahead, Timetable
from backend.tickets import service as tickets

RUNS_ON = timedelta(days=14)
"""After the last customer the house runs on, so that what was promised is kept or missed."""

LONGEST_REST = 60  # seconds

Tell = Callable[[int], None]


@dataclass(frozen=True)
class Played:
    """A run that is over: who came, what was noted, what left the house, and until when it ran."""

    plan: Plan
    people: tuple[Person, ...]
    record: Record
    carried: tuple[Carried, ...]
    start: datetime
    end: datetime


def play(
    plan: Plan, *, settings: Settings, sessions: db.Sessions, reference: Reference, tell: Tell = lambda _day: None
) -> Played:
    """Run the house through a plan.

    Args:
        sessions: of a database that is empty but for its tables; it holds the month afterwards.
        tell: called with the number of each day that is over.

    Raises:
        Refused: the calendar does not reach so far.
        Conflict: the database holds tickets already.
    """
    calendar = reference.calendar
    start = datetime.combine(plan.start, time(), calendar.zone)
    last = start + timedelta(days=plan.days) + RUNS_ON
    if not calendar.first <= plan.start or last.date() > calendar.last:
        raise Refused(
            f"Working days are known from {calendar.first} to {calendar.last}: {plan.days} days and the fortnight "
            "after them must lie inside. Choose another --start, or extend data/calendar.yaml."
        )
    with db.read_scope(sessions) as session:
        if tickets.search(session, limit=1):
            raise Conflict("The database holds tickets already: simulate in an empty one.")
    with open_stage(settings, sessions, reference, start) as stage:
        run = Run(stage, plan, last)
        run.through(tell)
        return Played(plan, run.people, run.record, tuple(stage.carrier.carried), start, stage.now())


class Run:
    """One run: people on the stage, and time that jumps to what comes next."""

    def __init__(self, stage: Stage, plan: Plan, last: datetime) -> None:
        self._stage, self._last = stage, last
        self.record, self._agenda = Record(), Agenda()
        field = Field(stage, self._agenda, self.record, plan)
        self._timetable = Timetable(tuple(job.room for job in stage.jobs), stage.reference.calendar, stage.now())
        customers = Customers(stage, self._agenda, self.record, field, plan, self._stir)
        self._surveys = Surveys(stage, self._agenda, self.record, customers, plan)
        self._desk = Desk(stage, self._agenda, self.record, field, plan, customers.unreached, self._surveys.grade_of)
        self.people = tuple(people.of_plan(plan, stage.reference.calendar))
        for person in self.people:
            customers.expect(person)
        self._rests: dict[str, datetime] = {}
        self._idle = Counter[str]()
        self._ahead = Ahead({}, None, {})
        self._days = plan.days

    def through(self, tell: Tell) -> None:
        """Play until nothing is left to do, or the last instant."""
        start = self._stage.now()
        for ahead in range(1, self._days + 1):
            self._agenda.add(start + timedelta(days=ahead), lambda ahead=ahead: tell(ahead))  # type: ignore[misc]
        self._settle()
        while (at := self._next_stop()) is not None and at <= self._last:
            self._stage.clock.put(at)
            acted = False
            while (noted := self._agenda.take(at)) is not None:
                noted.act()
                if not noted.quiet or self._desk.work(self._ahead):
                    self._settle()
                acted = True
            if not acted:
                self._settle()

    def _stir(self) -> None:
        """People are in danger, or press: the ladder is looked at in the same minute, as under the real scheduler."""
        self._timetable.stir("escalations", self._stage.now())

    def _next_stop(self) -> datetime | None:
        """The next instant at which anything happens; None when nothing is left to do."""
        coming = (self._agenda.next_at(), self._desk.next_start(self._ahead), self._ahead.rows)
        if not any(coming):
            return None
        stops = (self._agenda.next_at(), self._desk.next_start(self._ahead), *self._ticks.values())
        return max(self._stage.now(), min(at for at in stops if at is not None))

    def _settle(self) -> None:
        """Tick each room until nothing is due now, let free agents take something up, and again."""
        while self._tick() or self._desk.work(self._ahead):
            pass

    def _tick(self) -> bool:
        """Tick the rooms that are due; whether any had something to do."""
        now, handled = self._stage.now(), 0
        with db.read_scope(self._stage.sessions) as session:
            self._ahead = self._timetable.look(session, now)
        for job in self._stage.jobs:
            if self._ticks.get(job.room, self._last) > now:
                continue
            done = job.run_due(now)
            self._timetable.ticked(job.room, now)
            if job.room == "outbox":
                self._surveys.look()
            self._idle[job.room] = 0 if done else min(self._idle[job.room] + 1, LONGEST_REST)
            self._rests[job.room] = now + SECOND * self._idle[job.room]
            handled += done
        return handled > 0

    @property
    def _ticks(self) -> dict[str, datetime]:
        """When each room is ticked next: one that finds nothing to do rests a second, and each time a second longer."""
        return {room: max(at, self._rests.get(room, at)) for room, at in self._ahead.rooms.items()}
