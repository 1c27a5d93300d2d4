"""What `hotline simulate` does: run a plan in a database of its own, print the figures, draw the page."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from backend import db, logs, reference
from backend.reference import Reference
from backend.settings import Settings
from backend.simulation import figures, page, run, staffing
from backend.simulation.assumptions import Plan
from backend.simulation.course import Course, Progress, Stop, never
from backend.simulation.figures import Figures


def simulate(
    plan: Plan, *, settings: Settings, database_url: str = "", progress: Progress, stop: Stop = never
) -> Figures:
    """Run a plan.

    Args:
        database_url: an empty database that keeps the month; default: a temporary one.
        stop: ends the run before its time, with the figures of the days so far.

    Raises:
        Refused: the calendar does not reach so far.
        Conflict: the database holds tickets already.
    """
    logs.configure("WARNING")
    with tempfile.TemporaryDirectory(prefix="hotline-simulation-") as folder:
        url = database_url or f"sqlite:///{Path(folder) / 'month.db'}"
        db.migrate(url)
        engine = db.make_engine(url)
        try:
            sessions = db.make_sessions(engine)
            return of_sessions(plan, settings=settings, sessions=sessions, progress=progress, stop=stop)
        finally:
            engine.dispose()


def agents_of(policy: Reference) -> int:
    """How many agents the shifts have at most at once."""
    return staffing.most(policy.rosters[policy.callbacks.group])


def staffed(policy: Reference, agents: int) -> Reference:
    """The data in force, with another number of agents on the shifts."""
    group = policy.callbacks.group
    return replace(policy, rosters={**policy.rosters, group: staffing.staffed(policy.rosters[group], agents)})


def of_sessions(
    plan: Plan, *, settings: Settings, sessions: db.Sessions, progress: Progress, stop: Stop = never
) -> Figures:
    """Run a plan in a database whose tables are there and empty."""
    policy = staffed(reference.current(), plan.agents)
    played = run.play(plan, settings=settings, sessions=sessions, reference=policy, progress=progress, stop=stop)
    with db.read_scope(sessions) as session:
        return figures.read(session, played, policy)


def compare(
    plan: Plan, agents: Sequence[int], *, settings: Settings, progress: Progress, stop: Stop = never
) -> list[Figures]:
    """The same customers with different numbers of agents, one run after another; none is begun after a stop."""
    found: list[Figures] = []
    for at, count in enumerate(agents):
        tell = partial(_forward, progress, at, len(agents))
        found.append(simulate(replace(plan, agents=count), settings=settings, progress=tell, stop=stop))
        if found[-1].stopped_of is not None:
            break
    return found


def _forward(progress: Progress, done: int, runs: int, course: Course) -> None:
    """The course of one run as part of several."""
    day, days = done * course.days + course.day, runs * course.days
    progress(Course(day, days, course.customers))


def write_page(shown: Figures, file: Path, language: str) -> None:
    """Write the page of a run."""
    file.write_text(page.html(shown, reference.current(), language), encoding="utf-8")
