"""What `hotline simulate` does: run a plan in a database of its own, print the figures, draw the page."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from backend import db, logs, reference
from backend.reference import Reference
from backend.settings import Settings
from backend.simulation import figures, page, run, staffing
from backend.simulation.assumptions import Plan
from backend.simulation.figures import Figures

Progress = Callable[[int, int], None]
"""Told how many days of how many are over."""


def simulate(plan: Plan, *, settings: Settings, database_url: str = "", progress: Progress) -> Figures:
    """Run a plan.

    Args:
        database_url: an empty database that keeps the month; default: a temporary one.

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
            return of_sessions(plan, settings=settings, sessions=sessions, progress=progress)
        finally:
            engine.dispose()


def agents_of(policy: Reference) -> int:
    """How many agents the shifts have at most at once."""
    return staffing.most(policy.rosters[policy.callbacks.group])


def staffed(policy: Reference, agents: int) -> Reference:
    """The data in force, with another number of agents on the shifts."""
    group = policy.callbacks.group
    return replace(policy, rosters={**policy.rosters, group: staffing.staffed(policy.rosters[group], agents)})


def of_sessions(plan: Plan, *, settings: Settings, sessions: db.Sessions, progress: Progress) -> Figures:
    """Run a plan in a database whose tables are there and empty."""
    policy = staffed(reference.current(), plan.agents)
    played = run.play(
        plan,
        settings=settings,
        sessions=sessions,
        reference=policy,
        tell=lambda day: progress(day, plan.days),
    )
    with db.read_scope(sessions) as session:
        return figures.read(session, played, policy)


def compare(plan: Plan, agents: Sequence[int], *, settings: Settings, progress: Progress) -> list[Figures]:
    """The same customers with different numbers of agents, one run after another."""
    total = plan.days * len(agents)
    found = []
    for at, count in enumerate(agents):
        tell = partial(_forward, progress, at * plan.days, total)
        found.append(simulate(replace(plan, agents=count), settings=settings, progress=tell))
    return found


def _forward(progress: Progress, done: int, total: int, day: int, _days: int) -> None:
    progress(done + day, total)


def write_page(shown: Figures, file: Path, language: str) -> None:
    """Write the page of a run."""
    file.write_text(page.html(shown, reference.current(), language), encoding="utf-8")
