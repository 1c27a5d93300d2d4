"""A simulated house, small: two days of it, the same twice, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from backend import db, reference
from backend.conversations.models import Message
from backend.errors import Conflict, Refused
from backend.outbox.models import OutboxMessage
from backend.settings import Settings
from backend.simulation import assumptions, command, page, report, stage, timetable
from backend.simulation.assumptions import Plan
from backend.simulation.course import Course
from backend.simulation.outcomes import Outcome
from backend.tickets.models import Promise, Ticket
from conftest import at

SETTINGS = Settings(secret_key="s" * 32, bot_token="b" * 32)


def plan(**given: object) -> Plan:
    return assumptions.plan(assumptions.current(), **{"agents": 2, "days": 1, "customers": "6/day", **given})  # type: ignore[arg-type]


def quiet(_course: Course) -> None:
    """Nobody watches."""


def test_two_days_of_the_whole_house_keep_its_promises(committed: db.Sessions) -> None:
    days: list[Course] = []
    two_days = plan(days=2, customers="20/day")
    found = command.of_sessions(two_days, settings=SETTINGS, sessions=committed, progress=days.append)

    assert [(course.day, course.days) for course in days] == [(1, 2), (2, 2)]
    assert 0 < days[0].customers < days[1].customers == found.people
    assert found.stopped_of is None
    assert not found.broken.any, found.broken
    with db.read_scope(committed) as session:
        stored = {
            kind: session.scalar(select(func.count()).select_from(kind))
            for kind in (Ticket, Promise, OutboxMessage, Message)
        }
        assert session.scalar(select(func.count()).where(Promise.met_at.is_not(None))) == sum(
            fate.promised.met_at is not None for fate in found.fates
        )
    assert stored[Ticket] == found.counts["tickets"] > 20
    assert stored[Promise] == len(found.fates)
    assert stored[OutboxMessage] == sum(found.texts.values())
    assert stored[Message] >= 2 * found.counts["contacts"] - found.counts["chats"]
    assert found.counts["calls"] >= found.counts["tickets"] / 2
    assert sum(fate.outcome is Outcome.KEPT for fate in found.fates) > len(found.fates) / 2
    assert 0 < found.utilisation < 1
    drawn = page.html(found, reference.current(), "en")
    assert "<script" not in drawn
    assert "https://" not in drawn
    assert "+8619" not in drawn


def test_every_room_that_ticks_has_its_deadlines_on_the_timetable(committed: db.Sessions) -> None:
    policy = reference.current()
    with stage.open_stage(SETTINGS, committed, policy, at("2026-09-14 00:00")) as opened:
        rooms = {job.room for job in opened.jobs}
    assert rooms - set(timetable.ROOMS) - set(timetable.BEATS) == set()
    assert set(timetable.ROOMS) <= rooms


def test_two_runs_of_one_plan_agree_byte_for_byte() -> None:
    printed = []
    for _ in range(2):
        found = command.simulate(plan(), settings=SETTINGS, progress=quiet)
        printed.append([report.printed(found, language) for language in ("zh", "en")])
        printed[-1].append(page.html(found, reference.current(), "zh"))
    assert printed[0] == printed[1]
    assert "6 customers a day" in printed[0][1]


def test_a_run_that_is_stopped_tells_of_the_days_so_far() -> None:
    reached: list[Course] = []
    found = command.simulate(
        plan(days=4, customers="20/day"), settings=SETTINGS, progress=reached.append, stop=lambda: len(reached) == 2
    )
    assert (found.plan.days, found.stopped_of) == (2, 4)
    assert found.people == reached[-1].customers > 20
    assert max(hour.on_shift for hour in found.hours) == found.plan.agents
    assert not found.broken.any, found.broken
    assert Outcome.OPEN in {fate.outcome for fate in found.fates}
    assert "after 2 of 4 days" in report.printed(found, "en")
    assert "after 2 of 4 days" in page.html(found, reference.current(), "en")


def test_nothing_is_begun_after_a_stop() -> None:
    found = command.compare(plan(customers="4/day"), [1, 3], settings=SETTINGS, progress=quiet, stop=lambda: True)
    assert [figures.plan.agents for figures in found] == [1]


def test_more_agents_meet_the_same_customers_in_one_table() -> None:
    found = command.compare(plan(customers="4/day"), [1, 3], settings=SETTINGS, progress=quiet)
    assert [figures.plan.agents for figures in found] == [1, 3]
    assert found[0].people == found[1].people
    table = report.compared(found, "en")
    assert "1/3 agents" in table
    assert table.count("all kept") == 2


def test_a_database_with_tickets_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'month.db'}"
    command.simulate(plan(customers="3/day"), settings=SETTINGS, database_url=url, progress=quiet)
    with pytest.raises(Conflict, match="empty"):
        command.simulate(plan(customers="3/day"), settings=SETTINGS, database_url=url, progress=quiet)


@pytest.mark.parametrize("start", [date(2025, 12, 31), date(2026, 12, 20)])
def test_days_without_a_calendar_are_refused(start: date) -> None:
    with pytest.raises(Refused, match="Working days are known"):
        command.simulate(plan(start=start), settings=SETTINGS, progress=quiet)
