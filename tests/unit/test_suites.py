"""`hotline test`: what it runs where, and what its closing summary says."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.launcher import suites
from backend.launcher.bot_env import Obstacle


def test_the_service_runs_everything_but_the_bots_and_the_browsers_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("bot/text", "browser", "rooms", "__pycache__"):
        (tmp_path / "tests" / name).mkdir(parents=True)
    for name in ("conftest.py", "test_house.py"):
        (tmp_path / "tests" / name).touch()
    monkeypatch.setattr(suites, "ROOT", tmp_path)
    assert suites.paths_of_service() == ["tests/rooms", "tests/test_house.py"]


def test_the_operators_settings_do_not_reach_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_CARRIER", "twilio")
    monkeypatch.setenv("HOTLINE_TEST_DATABASE_URL", "postgresql://…")
    environment = suites.clean_environment()
    assert "HOTLINE_CARRIER" not in environment
    assert environment["HOTLINE_TEST_DATABASE_URL"] == "postgresql://…"


def test_a_fast_run_needs_neither_browser_nor_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOTLINE_TEST_MODEL", raising=False)
    service, language = suites.suites(fast=True, names="", chromium=None)
    assert "tests/browser" not in service.command
    assert "tests/bot/text" in language.command
    assert "HOTLINE_TEST_MODEL" not in service.environment


def test_ci_without_a_browser_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("HOTLINE_CHROMIUM", raising=False)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(Obstacle, match="Chromium"):
        suites.run(fast=False, names="")


def test_a_named_browser_must_exist(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOTLINE_CHROMIUM", str(tmp_path / "nowhere"))
    with pytest.raises(Obstacle, match="HOTLINE_CHROMIUM"):
        suites.find_chromium()


@pytest.mark.parametrize(
    ("codes", "names", "expected"),
    [
        ((0, 0), "", 0),
        ((0, 1), "", 1),
        ((1, 0), "", 1),
        ((5, 0), "", 1),
        ((5, 0), "phone", 0),
        ((5, 5), "phone", 1),
        ((2, 0), "phone", 1),
    ],
)
def test_the_exit_code_is_bad_when_any_suite_failed_or_nothing_ran(
    codes: tuple[int, ...], names: str, expected: int
) -> None:
    results = [(f"suite {number}", code, 1.0) for number, code in enumerate(codes)]
    assert suites.summarise(results, names=names) == expected
