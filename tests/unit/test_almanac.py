"""`hotline calendar check`: the year as a picture, and what is missing in it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from backend import db, reference
from backend.cli import app
from backend.launcher import almanac
from backend.reference import Overlay
from backend.revisions import service as revisions
from backend.settings import Settings, load
from conftest import at

FILES = reference.current()


def drawn(now: datetime, year: int | None = None, found: reference.Reference = FILES) -> tuple[bool, str]:
    page = io.StringIO()
    covered = almanac.check(found, now, year, console=Console(file=page, width=100, highlight=False))
    return covered, page.getvalue()


def test_the_year_shows_holidays_and_working_saturdays_without_any_colour() -> None:
    covered, page = drawn(at("2026-11-24 10:05"))
    assert covered
    assert "16* 17* 18* 19* 20* 21  22" in page
    assert " 9  10  11  12  13  14+ 15" in page
    assert " 5*  6*  7*  8   9  10+ 11" in page
    assert "Source: Opening hours" in page
    assert "make-up working day, open" in page


def test_exceptional_hours_and_closed_days_stand_in_the_picture_and_below_it() -> None:
    body = reference.current().tables["calendar.yaml"].model_dump() | {
        "exceptional_hours": {"2026-12-24": "10:00-16:00", "2026-12-25": "closed"},
        "hours": {"monday": "08:00-18:00", "friday": "08:00-18:00"},
    }
    found = reference.overlay(FILES, {"calendar.yaml": Overlay(7, body)})
    _, page = drawn(at("2026-11-24 10:05"), found=found)
    assert "edition 2026-1+r7" in page
    assert "24! 25x" in page
    assert "Thu 24 Dec  10:00–16:00" in page
    assert "Fri 25 Dec  closed all day" in page


def test_sixty_days_ahead_and_for_missing_years_it_warns() -> None:
    assert "is valid through 2026-12-31" in drawn(at("2026-11-24 10:05"))[1]
    assert "is valid through" not in drawn(at("2026-10-01 10:05"))[1]
    assert "does not cover 2027 to its end" in drawn(at("2026-10-01 10:05"))[1]


def test_a_day_outside_coverage_is_told_and_next_years_days_are_unknown() -> None:
    covered, page = drawn(at("2027-01-01 00:00"))
    assert not covered
    assert "Today, 2027-01-01, is not covered" in page
    assert "not known yet: dates are to be confirmed" in page
    assert drawn(at("2026-12-31 23:59:59"))[0]


@pytest.fixture
def settings_read_anew() -> Iterator[None]:
    load.cache_clear()
    yield
    load.cache_clear()


@pytest.mark.usefixtures("settings_read_anew")
@pytest.mark.parametrize(("now", "code"), [("2026-12-31T23:59+08:00", 0), ("2027-01-01T00:00+08:00", 1)])
def test_the_command_ends_with_1_when_today_is_not_covered(
    now: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("HOTLINE_NOW", now)
    told = CliRunner().invoke(app, ["calendar", "check"])
    assert told.exit_code == code, told.output
    assert "There is no database yet" in told.output
    assert not (tmp_path / "nowhere").exists()


def test_what_was_changed_at_the_desk_is_in_the_picture(tmp_path: Path, now: datetime) -> None:
    settings = Settings(data_dir=tmp_path)
    assert almanac.in_force(settings)[1] == "The database cannot be read: this is the calendar of the files."
    db.migrate(settings.database)
    engine = db.make_engine(settings.database)
    with db.session_scope(db.make_sessions(engine)) as session:
        body = revisions.body(session, "calendar.yaml") | {"exceptional_hours": {"2026-12-24": "closed"}}
        drafted = revisions.draft(session, "calendar.yaml", body, "林悦", now)
        revisions.approve(session, drafted.id, "林悦", now)
    engine.dispose()
    found, note = almanac.in_force(settings)
    assert note == ""
    assert found.calendar.version.endswith(f"+r{drafted.id}")
