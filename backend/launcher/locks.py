"""The hash-pinned requirement files of both environments: written from, and checked against, their pyproject files.

`uv.lock` names download addresses, so it stays out of the repository. These files name versions and hashes only and
install from any mirror: `uv pip sync --require-hashes requirements.lock`.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from backend.launcher.bot_env import Obstacle, uv
from backend.settings import ROOT


@dataclass(frozen=True)
class Lock:
    """One requirement file and the project and dependency groups it pins."""

    path: Path
    groups: Sequence[str]

    @property
    def name(self) -> str:
        """Its path as a reader of the repository knows it."""
        return self.path.relative_to(ROOT).as_posix()


LOCKS = (
    Lock(ROOT / "requirements.lock", ("--no-dev",)),
    Lock(ROOT / "bot" / "requirements.lock", ("--no-dev",)),
    Lock(ROOT / "bot" / "requirements-dev.lock", ("--group", "dev")),
)


def export(lock: Lock) -> str:
    """What the file should hold now. uv resolves when nothing is resolved yet, as of the project's `exclude-newer`.

    Raises:
        Obstacle: uv is missing or cannot resolve.
    """
    command = [*uv(), "export", "--quiet", "--project", str(lock.path.parent), "--no-emit-project", *lock.groups]
    command += ["--no-header", "--no-annotate", "--format", "requirements-txt"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=lock.path.parent)
    if done.returncode:
        raise Obstacle(f"{lock.name} cannot be worked out:\n{done.stderr.strip()}")
    if "://" in done.stdout:
        raise Obstacle(f"{lock.name} would name a download address; dependencies must be plain name and version.")
    return done.stdout


def write() -> int:
    """Write all files anew; exit code 0."""
    for lock in LOCKS:
        lock.path.write_text(export(lock))
        typer.echo(f"{lock.name} is written.")
    return 0


def check() -> int:
    """Say which files disagree with their project; exit code 1 when one does."""
    drifted = [lock for lock in LOCKS if not lock.path.exists() or lock.path.read_text() != export(lock)]
    for lock in LOCKS:
        typer.echo(f"{lock.name}: {'differs' if lock in drifted else 'agrees with its project'}")
    if drifted:
        typer.echo("Write them anew with `uv run hotline locks --write` and commit them.")
    return 1 if drifted else 0
