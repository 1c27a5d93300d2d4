"""The requirement files: drift is found, download addresses are refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backend.launcher import locks
from backend.launcher.bot_env import Obstacle
from backend.launcher.locks import LOCKS, Lock


@pytest.fixture
def uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A uv whose export prints the file `resolved`."""
    program = tmp_path / "uv"
    program.write_text('#!/bin/sh\ncat "$(dirname "$0")/resolved"\n')
    program.chmod(0o755)
    monkeypatch.setenv("UV", str(program))
    monkeypatch.setattr(locks, "ROOT", tmp_path)
    monkeypatch.setattr(locks, "LOCKS", (Lock(tmp_path / "requirements.lock", ("--no-dev",)),))
    (tmp_path / "resolved").write_text("rich==14.0 \\\n    --hash=sha256:0\n")
    return tmp_path


def test_a_file_just_written_agrees(uv: Path) -> None:
    locks.write()
    assert locks.check() == 0


def test_a_missing_file_is_drift(uv: Path) -> None:
    assert locks.check() == 1


def test_a_changed_project_is_drift_and_the_cure_is_named(uv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    locks.write()
    (uv / "resolved").write_text("rich==15.0 \\\n    --hash=sha256:1\n")
    assert locks.check() == 1
    assert "requirements.lock: differs" in (said := capsys.readouterr().out)
    assert "hotline locks --write" in said


def test_a_download_address_is_refused(uv: Path) -> None:
    (uv / "resolved").write_text("rich @ https://example.invalid/rich.whl\n")
    with pytest.raises(Obstacle, match="download address"):
        locks.write()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_line_in_the_repository_is_pinned_by_hash_and_names_no_host(lock: Lock) -> None:
    text = lock.path.read_text()
    assert "://" not in text
    requirements = re.findall(r"^[A-Za-z0-9].*?(?=^[A-Za-z0-9]|\Z)", text, flags=re.MULTILINE | re.DOTALL)
    assert requirements
    assert all("==" in each and "--hash=sha256:" in each for each in requirements)
