"""Policy changed at the desk: drafted, approved, taken back, and in force in every process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from backend import db, reference
from backend.conversations.turn import Turns
from backend.errors import Conflict, HotlineError, NotFound, Refused
from backend.main import build_jobs
from backend.reference import REVISABLE
from backend.revisions import jobs, rules, service
from backend.revisions.models import Revision
from backend.revisions.rules import Status
from backend.tickets.models import Promise
from rooms.web import open_web
from tests.browser.console_fixtures import NOW, Desk, make_house
from tests.fakes import FakeBot, HandClock

CALENDAR = "calendar.yaml"
CLOSED = date(2026, 12, 24)


def closing(session: Session, *days: str) -> dict[str, Any]:
    """The calendar in force, closed on some more days."""
    body = service.body(session, CALENDAR)
    return body | {"exceptional_hours": body["exceptional_hours"] | dict.fromkeys(days, "closed")}


def close(session: Session, day: str, now: datetime) -> Revision:
    drafted = service.draft(session, CALENDAR, closing(session, day), "林悦", now)
    return service.approve(session, drafted.id, "陈晓", now)


def closed_days(session: Session) -> set[date]:
    hours = service.in_force(session).calendar.exceptional_hours
    return {day for day, each in hours.items() if each is None}


def test_a_draft_changes_nothing_before_it_is_approved(session: Session, now: datetime) -> None:
    drafted = service.draft(session, CALENDAR, closing(session, "2026-12-24"), "林悦", now, note="盘点")
    assert service.in_force(session) is reference.current()
    approved = service.approve(session, drafted.id, "陈晓", now)
    assert (approved.author, approved.approved_by, approved.note) == ("林悦", "陈晓", "盘点")
    calendar = service.in_force(session).calendar
    assert calendar.exceptional_hours == {CLOSED: None}
    assert calendar.version == f"{reference.current().calendar.version}+r{approved.id}"


@pytest.mark.parametrize("table", REVISABLE)
def test_every_table_survives_being_stored(session: Session, now: datetime, table: str) -> None:
    drafted = service.draft(session, table, service.body(session, table), "林悦", now)
    service.approve(session, drafted.id, "林悦", now)
    session.expire_all()
    found = service.in_force(session)
    assert found.unusable == {}
    assert found.tables[table] == reference.current().tables[table]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"exceptional_hours": {"2026-12-24": "18:00-08:00"}}, "exceptional_hours.2026-12-24: opening must be before"),
        ({"exceptional_hours": {"2026-12-24": "late"}}, "exceptional_hours.2026-12-24"),
        ({"exceptional_hours": {"yesterday": "closed"}}, "exceptional_hours.yesterday"),
        ({"hours": {}}, "never opens"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_named_as_it_is_in_a_file(
    session: Session, now: datetime, change: Mapping[str, Any], named: str
) -> None:
    with pytest.raises(Refused, match=named):
        service.draft(session, CALENDAR, service.body(session, CALENDAR) | change, "林悦", now)


@pytest.mark.parametrize("table", ["fault_codes.yaml", "lexicon/models.yaml", "../.env", ""])
def test_only_tables_that_the_house_alone_reads_can_be_changed(session: Session, now: datetime, table: str) -> None:
    with pytest.raises(Refused, match="cannot be changed at the desk"):
        service.draft(session, table, {}, "林悦", now)
    with pytest.raises(Refused, match="cannot be changed at the desk"):
        service.body(session, table)


def test_a_draft_written_on_an_older_state_never_undoes_a_colleagues_change(session: Session, now: datetime) -> None:
    first, second = (
        service.draft(session, CALENDAR, closing(session, day), "林悦", now) for day in ("2026-12-24", "2026-12-25")
    )
    service.approve(session, first.id, "林悦", now)
    with pytest.raises(Conflict, match="has been changed since") as refused:
        service.approve(session, second.id, "林悦", now)
    assert refused.value.reason == "outdated"
    assert closed_days(session) == {CLOSED}


def test_undoing_brings_back_what_was_there_before_and_keeps_the_history(session: Session, now: datetime) -> None:
    close(session, "2026-12-24", now)
    close(session, "2026-12-25", now)
    undone = service.undo(session, CALENDAR, "陈晓", now)
    assert closed_days(session) == {CLOSED}
    assert [each.status for each in service.history(session, CALENDAR)] == [Status.APPROVED] * 3
    assert service.history(session, CALENDAR)[0].id == undone.id


def test_undoing_the_only_change_gives_the_file_back(session: Session, now: datetime) -> None:
    made = close(session, "2026-12-24", now)
    assert service.undo(session, CALENDAR, "陈晓", now).id == made.id
    assert service.in_force(session) is reference.current()
    with pytest.raises(Conflict, match="Nothing has been changed"):
        service.undo(session, CALENDAR, "陈晓", now)


def test_a_withdrawn_draft_cannot_be_approved_any_more(session: Session, now: datetime) -> None:
    drafted = service.draft(session, CALENDAR, closing(session, "2026-12-24"), "林悦", now)
    service.withdraw(session, drafted.id, "林悦", now)
    with pytest.raises(Conflict, match="withdrawn already"):
        service.approve(session, drafted.id, "林悦", now)
    with pytest.raises(Conflict):
        service.withdraw(session, drafted.id, "林悦", now)
    with pytest.raises(NotFound):
        service.approve(session, drafted.id + 1, "林悦", now)


def test_a_revision_that_has_become_unusable_leaves_the_file_in_force_and_says_so(
    session: Session, now: datetime
) -> None:
    made = close(session, "2026-12-24", now)
    session.add(
        Revision(
            table="promises.yaml",
            body={"source": "an older house"},
            status=Status.APPROVED,
            author="",
            created_at=now,
            approval=99,
        )
    )
    session.flush()
    found = service.in_force(session)
    assert found.promises == reference.current().promises
    assert found.calendar.exceptional_hours == {CLOSED: None}
    warning = found.warnings(now)[-1]
    assert f"revision {made.id + 1} cannot be used, data/promises.yaml is in force" in warning
    assert "reply_minutes" in warning


def test_the_calendar_says_the_files_version_while_its_revision_is_unusable(session: Session, now: datetime) -> None:
    session.add(
        Revision(table=CALENDAR, body={}, status=Status.APPROVED, author="", created_at=now, approval=1),
    )
    session.flush()
    assert service.in_force(session).calendar == reference.current().calendar


def test_every_process_takes_an_approval_over_with_its_next_look(sessions: db.Sessions) -> None:
    here, there = (make_house(sessions, HandClock(NOW)) for _ in range(2))
    with db.session_scope(sessions) as session:
        close(session, "2026-12-24", NOW)
    assert service.refresh(here)
    assert here.reference.calendar.exceptional_hours == {CLOSED: None}
    assert there.reference is reference.current()
    assert jobs.run_due(there, NOW) == 1
    assert there.reference.calendar.exceptional_hours == {CLOSED: None}
    assert [service.refresh(here), jobs.run_due(there, NOW)] == [False, 0]
    with db.session_scope(sessions) as session:
        service.undo(session, CALENDAR, "陈晓", NOW)
    assert service.refresh(there)
    assert there.reference is reference.current()


def test_a_house_that_starts_opens_with_what_is_in_force(committed: db.Sessions, engine: Engine, now: datetime) -> None:
    with db.session_scope(committed) as session:
        body = service.body(session, CALENDAR)
        body["exceptional_hours"][now.date().isoformat()] = "10:00-16:00"
        service.approve(session, service.draft(session, CALENDAR, body, "林悦", now).id, "林悦", now)
    with open_web(committed, engine, now) as web:
        house = web.client.app.state.house  # type: ignore[attr-defined]
        assert house.reference.calendar.exceptional_hours == {now.date(): (time(10), time(16))}


@pytest.mark.parametrize("attempt", range(5))
def test_of_those_who_approve_at_once_one_wins(committed: db.Sessions, now: datetime, attempt: int) -> None:
    with db.session_scope(committed) as session:
        drafted = [service.draft(session, CALENDAR, closing(session, "2026-12-24"), "林悦", now).id for _ in range(4)]

    def approve(revision_id: int) -> str:
        try:
            with db.session_scope(committed) as session:
                service.approve(session, revision_id, "陈晓", now)
        except HotlineError as error:
            return error.reason
        return "approved"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(approve, drafted))
    assert outcomes[0] == "approved"
    assert set(outcomes[1:]) <= {"conflict", "outdated"}


def test_a_revision_is_fit_as_a_draft_on_what_is_in_force() -> None:
    assert rules.unfit(Status.DRAFT, None, None) is None
    assert rules.unfit(Status.DRAFT, 3, 3) is None
    for status, based_on, in_force, code in (
        (Status.DRAFT, None, 3, "outdated"),
        (Status.DRAFT, 2, 3, "outdated"),
        (Status.APPROVED, 3, 3, "not_a_draft"),
        (Status.WITHDRAWN, 3, 3, "not_a_draft"),
    ):
        found = rules.unfit(status, based_on, in_force)
        assert found
        assert found.code == code


def test_the_tick_takes_policy_over_and_counts_open_promises_anew(sessions: db.Sessions) -> None:
    house = make_house(sessions, HandClock(NOW))
    desk = Desk(house)
    desk.agents()
    desk.morning()
    with db.session_scope(sessions) as session:
        close(session, "2026-11-25", NOW)
    loop = asyncio.new_event_loop()
    jobs = build_jobs(house, Turns(house, FakeBot()), loop, threading.Event())
    loop.close()
    [tick] = [job for job in jobs if job.room == "revisions"]
    assert tick.run_due(NOW) > 1
    assert house.reference.calendar.exceptional_hours == {date(2026, 11, 25): None}
    with db.read_scope(sessions) as session:
        open_ones = session.scalars(select(Promise).where(Promise.met_at.is_(None), Promise.missed_at.is_(None)))
        assert {promise.calendar for promise in open_ones} == {house.reference.calendar.version}
    assert tick.run_due(NOW) == 0
