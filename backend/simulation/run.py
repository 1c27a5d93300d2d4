"""The agenda of a run: from instant to instant, each act followed by whatever became due in the rooms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial

from backend import db
from backend.errors import Conflict, Refused
from backend.reference import Reference
from backend.settings import Settings
from backend.simulation import people
from backend.simulation.agenda import Agenda
from backend.simulation.assumptions import Plan
from backend.simulation.course import Course, Progress, Stop, never
from backend.simulation.customers import Customers
from backend.simulation.desk import Desk
from backend.simulation.field import Field
from backend.simulation.people import Person
from backend.simulation.record import Record
from backend.simulation.stage import Carried, Stage, open_stage
from backend.simulation.surveys import Surveys
from backend.simulation.timetable import SECOND, Ahead, Timetable
from backend.simulation.written import Written
from backend.tickets import service as tickets

RUNS_ON = timedelta(days=14)
"""After the last customer the house runs on, so that what was promised is kept or missed."""

LONGEST_REST = 60  # seconds


@dataclass(frozen=True)
class Played:
    """A run that is over: who came, what was noted, what left the house, and until when it ran.

    `plan` is of the days that are over; `stopped_of` is how many there should have been, when it was stopped before.
    """

    plan: Plan
    people: tuple[Person, ...]
    record: Record
    carried: tuple[Carried, ...]
    start: datetime
    end: datetime
    stopped_of: int | None = None


def play(
    plan: Plan,
    *,
    settings: Settings,
    sessions: db.Sessions,
    reference: Reference,
    progress: Progress = lambda _course: None,
    stop: Stop = never,
) -> Played:
    """Run the house through a plan.

    Args:
        sessions: of a database that is empty but for its tables; it holds the month afterwards.
        progress: told of each day that is over.
        stop: ends the run before its time.

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
    with open_stage(settings, sessions, reference, start) as stage, Written(db.engine_of(sessions)) as written:
        run = Run(stage, plan, last, written)
        stopped = run.through(progress, stop)
        end, carried = stage.now(), tuple(stage.carrier.carried)
    if not stopped or end >= start + timedelta(days=plan.days):
        return Played(plan, run.people, run.record, carried, start, end)
    over = replace(plan, days=max(1, (end - start) // timedelta(days=1)))
    came = tuple(person for person in run.people if person.comes_at <= end)
    return Played(over, came, run.record, carried, start, end, stopped_of=plan.days)


class Run:
    """One run: people on the stage, and time that jumps to what comes next."""

    def __init__(self, stage: Stage, plan: Plan, last: datetime, written: Written) -> None:
        self._stage, self._last = stage, last
        self.record, self._agenda = Record(), Agenda()
        field = Field(stage, self._agenda, self.record, plan)
        rooms = tuple(job.room for job in stage.jobs)
        self._timetable = Timetable(written, rooms, stage.reference.calendar, stage.now())
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

    def through(self, progress: Progress, stop: Stop) -> bool:
        """Play until nothing is left to do, or the last instant; returns whether it was stopped before."""
        start = self._stage.now()
        for day in range(1, self._days + 1):
            self._agenda.add(start + timedelta(days=day), partial(self._tell, progress, day), quiet=True)
        self._settle()
        while (at := self._next_stop()) is not None and at <= self._last:
            if stop():
                return True
            self._stage.clock.put(at)
            acted = False
            while (noted := self._agenda.take(at)) is not None:
                noted.act()
                if not noted.quiet or self._desk.work(self._ahead):
                    self._settle()
                acted = True
            if not acted:
                self._settle()

        return False

    def _tell(self, progress: Progress, day: int) -> None:
        now = self._stage.now()
        progress(Course(day, self._days, sum(person.comes_at < now for person in self.people)))

    def _stir(self) -> None:
        """People are in danger, or press: the ladder is looked at in the same minute, as under the real scheduler."""
        self._timetable.stir("escalations", self._stage.now())

    def _next_stop(self) -> datetime | None:
        """The next instant at which anything happens; None when nothing is left to do."""
        coming = (self._agenda.next_at(), self._desk.next_start(self._ahead), self._ahead.rows)
        if not any(coming):
            return None
        stops = (*coming[:2], *map(self._tick_of, self._ahead.rooms))
        return max(self._stage.now(), min(at for at in stops if at is not None))

    def _settle(self) -> None:
        """Tick each room until nothing is due now, let free agents take something up, and again."""
        while self._tick() or self._desk.work(self._ahead):
            pass

    def _tick(self) -> bool:
        """Tick the rooms that are due; whether any had something to do."""
        now, handled = self._stage.now(), 0
        self._ahead = self._timetable.look(now)
        for job in self._stage.jobs:
            if self._tick_of(job.room) > now:
                continue
            done = job.run_due(now)
            self._timetable.ticked(job.room, now)
            if job.room == "outbox":
                self._surveys.look()
            self._idle[job.room] = 0 if done else min(self._idle[job.room] + 1, LONGEST_REST)
            self._rests[job.room] = now + SECOND * self._idle[job.room]
            handled += done
        return handled > 0

    def _tick_of(self, room: str) -> datetime:
        """When a room is ticked next: one that finds nothing to do rests a second, and each time a second longer."""
        at = self._ahead.rooms.get(room, self._last)
        return max(at, self._rests.get(room, at))
